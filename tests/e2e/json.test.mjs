// What json-c makes of what services send: each build has a release of it that was wrong about something.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { story } from './sync-story.mjs';

const TEXTS = ['Grüße aus Köln', 'curly “quotes” and — dashes', 'emoji 😀 👩‍👩‍👧', '漢字 العربية', 'é decomposed'];

test('letters beyond ASCII arrive on the other side as they are', async (t) => {
  const at = await story(t);
  for (const text of TEXTS) at.addIssue({ title: `From GitHub: ${text}`, body: text, labels: [text.slice(0, 20)] });
  for (const text of TEXTS) at.addPage({ Name: `From Notion: ${text}` }, { markdown: text });
  await at.pass();
  for (const [i, text] of TEXTS.entries()) {
    assert.equal(at.row(i + 1).Name, `From GitHub: ${text}`);
    assert.deepEqual(at.row(i + 1).Labels, [text.slice(0, 20)]);
    const made = at.issues().find(({ title }) => title === `From Notion: ${text}`);
    assert.ok(made.body.startsWith(text), made.body);
  }
  await at.settle();
});

test('half a surrogate pair and a NUL in a text: the pass continues, and the rest of the text is carried over', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'Half \ud83d a pair', body: 'before \ude00 after' });
  at.addIssue({ title: 'A \u0000 NUL', body: 'before \u0000 after' });
  at.addIssue({ title: 'Whole' });
  const { outputs } = await at.pass();
  assert.deepEqual([outputs.pages_created, outputs.failures], ['3', '0']);
  assert.match(at.row(1).Name, /^Half .* a pair$/);
  assert.match(at.row(2).Name, /^A .*NUL$/);
  await at.settle();
});

test('a number beyond 64 bits does not make the answer unreadable', async (t) => {
  const at = await story(t, { properties: { Budget: 'number' } });
  at.addPage({ Name: 'Large', Budget: 1e20 });
  at.addPage({ Name: 'Small', Budget: -1e20 });
  at.addPage({ Name: 'Larger than any', Budget: 9223372036854775808 });
  at.addPage({ Name: 'A number that no issue has', 'GitHub ID': 1e20 });
  const { outputs } = await at.pass();
  assert.equal(outputs.issues_created, '3');
  assert.deepEqual(at.issues().map(({ title }) => title).sort(), ['Large', 'Larger than any', 'Small']);
});
