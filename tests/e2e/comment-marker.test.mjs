// comment_marker: which comments of a page go to GitHub (docs/decision-table.md, "Conversations").

import assert from 'node:assert/strict';
import test from 'node:test';

import { story } from './sync-story.mjs';

const ALL = { sync_comments: 'both' };
const MARKED = { ...ALL, comment_marker: '/github' };

async function linked(t, inputs, options) {
  const at = await story(t, options);
  at.addIssue({ title: 'One' });
  await at.pass(inputs);
  await at.settle(inputs);
  at.one = at.page(1);
  at.writes = (text, more) => at.notion.addComment(at.one, text, more);
  at.look = (more) => at.pass(more, { event: { name: 'repository_dispatch', payload: { client_payload: { pages: [at.one] } } } });
  at.copies = () => at.comments(1).filter((body) => /<!-- notion-sync comment=/.test(body)).map((body) => body.split('\n')[2]);
  at.later();
  return at;
}

test('only comments that begin with the word go to GitHub, without it, and answers to what was carried over', async (t) => {
  const at = await linked(t, MARKED);
  at.writes('For us: the customer is angry');
  const asked = at.writes('/github Can you try again?');
  at.later();
  at.github.comment(at.repo, 1, 'I did');
  await at.look(MARKED);
  assert.deepEqual(at.copies(), ['Can you try again?']);
  at.later();
  const copy = [...at.notion.comments.values()].find(({ by }) => at.notion.users.get(by).name === 'Sandbox');
  at.writes('And does it work?', { answers: copy.id });
  at.writes('Thanks', { answers: asked });
  at.writes('Still angry');
  await at.look(MARKED);
  assert.deepEqual(at.copies().sort(), ['And does it work?', 'Can you try again?', 'Thanks']);
  at.later();
  at.notion.editComment(asked, 'Can you try once more?');
  await at.look(MARKED);
  assert.ok(at.copies().includes('Can you try once more?'));
  await at.settle(MARKED);
  assert.doesNotMatch(JSON.stringify(at.issue(1)), /angry/);
});

test('a comment that gets the word later goes then', async (t) => {
  const at = await linked(t, MARKED);
  const id = at.writes('Try again');
  await at.look(MARKED);
  at.later();
  assert.deepEqual(at.copies(), []);
  at.notion.editComment(id, '/GitHub Try again');
  await at.look(MARKED);
  assert.deepEqual(at.copies(), ['Try again']);
  await at.settle(MARKED);
});

for (const [what, before, after, copies] of [
  ['the word is taken away', MARKED, ALL, ['called', 'after']],
  ['the word is given', ALL, MARKED, ['early', '/github called']],
  ['to_notion becomes both', { sync_comments: 'to_notion' }, ALL, ['after']],
  ['to_notion becomes both with a word', { sync_comments: 'to_notion' }, MARKED, ['called']],
  ['the word becomes another one', { ...ALL, comment_marker: 'Public:' }, MARKED, ['called']],
]) {
  test(`nothing is published that was said before: ${what}`, async (t) => {
    const at = await linked(t, before);
    at.writes('early');
    const called = at.writes('/github called');
    await at.look(before);
    at.later();
    at.writes('early answer', { answers: called });
    at.writes('early too');
    await at.look(after);
    at.later();
    at.writes('after');
    await at.look(after);
    await at.pass({ ...after, mode: 'full' });
    assert.deepEqual(at.copies(), copies);
    await at.settle(after);
  });
}

test('`publish` in a public repository publishes no comment that was written before', async (t) => {
  const at = await linked(t, ALL, { repo: { private: false } });
  at.writes('before');
  await at.look(ALL);
  at.later();
  await at.look({ ...ALL, publish: 'true' });
  at.later();
  at.writes('after');
  await at.look({ ...ALL, publish: 'true' });
  assert.deepEqual(at.copies(), ['after']);
});

test('bad values', async (t) => {
  const at = await story(t);
  for (const comment_marker of ['two words', 'x'.repeat(51)]) {
    const run = await at.pass({ ...ALL, comment_marker }, { code: 2 });
    assert.match(run.stdout, /::error::comment_marker: .*word/);
    assert.equal(run.requests.length, 0);
  }
});
