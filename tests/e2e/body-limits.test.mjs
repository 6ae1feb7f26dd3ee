import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentReads, linked, texts, THREE } from './body-story.mjs';
import { changes } from './sync-story.mjs';

const MINUTE = 60 * 1000;

const paragraphs = (n, size) => Array.from({ length: n }, (_, i) => `${i + 1} ${'word '.repeat(size)}`.trim());
const contentWrites = (result) => result.requests.filter(({ method, path }) => method === 'PATCH' && path.endsWith('/markdown')).map(({ body }) => body);

test('a text as long as GitHub takes arrives whole', async (t) => {
  const at = await texts(t);
  const list = paragraphs(130, 99);
  const body = list.join('\n\n');
  assert.ok(body.length > 64000 && body.length <= 65536);
  at.addIssue({ title: 'Long', body });
  await at.pass();
  assert.equal(at.content(1), body);
  await at.settle();
});

test('content that is too long for an issue is cut between two blocks, with a link; the copy is never written back', async (t) => {
  const at = await texts(t);
  const list = paragraphs(300, 99);
  const page = at.addPage({ Name: 'Long' }, { markdown: list.join('\n\n') });
  await at.pass();
  const body = at.body(1);
  assert.ok(body.length <= 65536);
  const [link, ...rest] = body.split('\n\n').reverse();
  assert.deepEqual(rest.reverse(), list.slice(0, rest.length));
  assert.ok(rest.length > 100);
  assert.match(link, new RegExp(page.replace(/-/g, '')));
  await at.settle();
  at.write(1, at.issue(1).body.replace('2 word', '2 WORD'));
  const result = await at.pass();
  assert.deepEqual(changes(at, result), []);
  assert.ok(result.report.results[0].notes.some((note) => /only the beginning of the page's content/.test(note)));
  assert.equal(at.content(1), list.join('\n\n'));
  await at.settle();
  assert.deepEqual((await at.pass({ mode: 'full' })).report.results, [], 'told once');
});

test('a text of more blocks than Notion takes at once is cut there', async (t) => {
  const at = await texts(t);
  const list = Array.from({ length: 1500 }, (_, i) => `Line ${i + 1}.`);
  at.addIssue({ title: 'Many', body: list.join('\n\n') });
  await at.pass();
  const content = at.content(1).split('\n\n');
  const link = content.pop();
  assert.match(link, /github\.com\/acme\/app\/issues\/1/);
  assert.deepEqual(content, list.slice(0, content.length));
  assert.ok(content.length > 700 && content.length < 1000);
  await at.settle();
  // The whole text is still followed: a change of it makes a new copy.
  at.write(1, ['News.', ...list].join('\n\n'));
  await at.pass();
  assert.match(at.content(1), /^News\.\n\nLine 1\./);
  await at.settle();
});

test('long code is one block', async (t) => {
  const at = await texts(t);
  const code = `Log:\n\n\`\`\`\n${Array.from({ length: 3000 }, (_, i) => `line ${i}`).join('\n')}\n\`\`\`\n\nEnd.`;
  at.addIssue({ title: 'Log', body: code });
  await at.pass();
  assert.match(at.content(1), /line 2999\n```\n\nEnd\.$/);
  await at.settle();
});

test('a page that Notion does not show whole keeps its content to itself, reported once', async (t) => {
  const at = await linked(t);
  at.notion.setTruncated(at.page(1), ['01234567-89ab-cdef-0123-456789abcdef']);
  at.edit(1, 'Something else.');
  const result = await at.pass();
  assert.deepEqual(changes(at, result), []);
  assert.ok(result.report.results[0].notes.some((note) => /does not show all of the page's content/.test(note)));
  assert.equal(at.body(1), THREE);
  await at.settle();
  at.write(1, 'And this.');
  assert.deepEqual(changes(at, await at.pass()), []);
  assert.equal(at.content(1), 'Something else.');
});

test('many changes go in requests of at most 100 edits', async (t) => {
  const list = Array.from({ length: 300 }, (_, i) => `Line ${i + 1}.`);
  const at = await linked(t, { body: list.join('\n\n') });
  const after = list.map((line, i) => (i % 2 === 0 ? `${line} Changed.` : line)).join('\n\n');
  at.write(1, after);
  const result = await at.pass();
  const sizes = contentWrites(result).map(({ update_content: update }) => update?.content_updates.length ?? 0);
  assert.ok(sizes.every((n) => n <= 100), sizes.join());
  assert.equal(at.content(1), after);
  await at.settle();
});

test('an edit in Notion while the page is written: what was applied in part is repaired, nothing is lost', async (t) => {
  const at = await linked(t, { body: 'One.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.' });
  at.write(1, 'One, changed.\n\nTwo.\n\nThree, changed.\n\nFour.\n\nFive.');
  let once = true;
  const off = at.sandbox.on(({ phase, request }) => {
    if (phase !== 'before' || request.method !== 'PATCH' || !request.path.endsWith('/markdown') || !once) return;
    once = false;
    at.edit(1, (text) => text.replace('Three.', 'Three, by Paula.').replace('Five.', 'Five, by Paula.'));
  });
  await at.sync();
  off?.();
  at.later();
  await at.sync();
  at.later();
  await at.pass();
  assert.match(at.content(1), /^One, changed\.\n\nTwo\.\n\nThree, changed\.\n\nFour\.\n\nFive, by Paula\.$/);
  assert.equal(at.body(1), at.content(1));
  const quoted = at.comments(1).join('\n');
  assert.match(quoted, /Three, by Paula/);
  await at.settle();
});

test('a body that cannot be written fails for that record alone, which is tried again', async (t) => {
  const at = await linked(t);
  at.addIssue({ title: 'Other' });
  at.write(1, THREE.replace('One.', 'One, changed.'));
  at.sandbox.fault({ service: 'notion', method: 'PATCH', path: /\/markdown$/, kind: 'status', status: 400 });
  const result = await at.pass({}, { code: 1 });
  assert.equal(result.outputs.failures, '1');
  assert.equal(result.outputs.pages_created, '1');
  assert.equal(at.content(1), THREE);
  at.later();
  await at.pass();
  assert.equal(at.content(1), THREE.replace('One.', 'One, changed.'));
  await at.settle();
});

test('a text that Notion refuses keeps only itself from the page of a new issue', async (t) => {
  const at = await texts(t);
  at.addIssue({ title: 'One', body: THREE, labels: ['a'] });
  const refused = { service: 'notion', match: ({ body }) => body?.markdown !== undefined || body?.replace_content !== undefined, kind: 'status', status: 400 };
  at.sandbox.fault({ ...refused, times: 2 });
  const first = await at.pass({}, { code: 1 });
  assert.match(first.report.results[0].error.message, /^the page was made without the issue's text: creating the page for #1: Notion refuses/);
  assert.deepEqual([at.row(1).Name, at.row(1).Labels, at.content(1)], ['One', ['a'], '']);
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Uno' });
  assert.equal((await at.pass({}, { code: 1 })).outputs.failures, '1');
  assert.deepEqual([at.row(1).Name, at.content(1)], ['Uno', '']);
  at.later();
  await at.pass();
  assert.deepEqual([at.content(1), at.comments(1).length], [THREE, 1]);
  await at.settle();
});

test('base texts that are damaged: two changes are one conflict, quoted whole', async (t) => {
  const at = await linked(t);
  at.github.writeRefFiles(at.repo, at.stateRef, { 'bodies/0/1.json': '{' });
  at.write(1, THREE.replace('One.', 'One, changed.'));
  at.edit(1, (text) => text.replace('Three.', 'Three, changed.'));
  const result = await at.pass();
  assert.equal(result.outputs.conflicts, '1');
  assert.equal(at.content(1), THREE.replace('One.', 'One, changed.'));
  assert.match(at.comments(1).join(), /Three, changed/);
  await at.settle();
});

test('a lost state: texts that are the same are linked again without a word', async (t) => {
  const at = await linked(t);
  at.github.deleteRef?.(at.repo, at.stateRef);
  const result = await at.pass();
  assert.equal(result.outputs.conflicts, '0');
  assert.equal(contentReads(result), 1);
  await at.settle();
});

test('text in Notion that looks like a marker is text', async (t) => {
  const at = await linked(t);
  const other = at.addPage({ Name: 'Other' });
  at.edit(1, `${THREE}\n\n\\<!-- notion-sync page=${other} --\\>`);
  await at.pass();
  at.later();
  await at.pass();
  assert.equal(at.issues().length, 2);
  assert.equal(at.rows().length, 2);
  await at.settle();
});

// To merge it, each definition is looked for in the whole text.
const COSTLY = ['Text.', Array.from({ length: 3200 }, (_, i) => `[a${i}]: http://a.b`).join('\n')].join('\n\n');

test('a text that costs too much to be merged stays as it is on both sides and is named once; everything else continues', async (t) => {
  const at = await texts(t);
  at.addIssue({ title: 'Costly', body: COSTLY });
  at.addIssue({ title: 'Other', body: THREE });
  await at.pass();
  at.later();
  await at.pass();
  at.later();
  const before = at.issue(1).body;
  at.edit(1, (text) => text.replace('Text.', 'Edited.'));
  at.edit(2, (text) => text.replace('Two.', 'Edited.'));
  const content = at.content(1);
  const result = await at.pass();
  assert.equal(at.issue(1).body, before);
  assert.equal(at.content(1), content);
  assert.match(at.body(2), /Edited\./);
  const named = result.report.results.find(({ number }) => number === 1);
  assert.ok(named.notes.some((note) => /too long or too intricate.*shorten or simplify/.test(note)), JSON.stringify(named));
  assert.match(result.summary, /too long or too intricate/);
  await at.settle();
  at.write(1, 'Text.\n\nSimple now.');
  await at.pass();
  await at.settle();
  assert.equal(at.body(1), at.content(1));
});

test('time that goes by between requests counts, and a board of such texts gets done run by run', async (t) => {
  const at = await texts(t);
  for (let n = 1; n <= 24; n += 1) at.addIssue({ title: `Issue ${n}`, body: THREE });
  await at.pass();
  at.later();
  await at.pass();
  at.later();
  for (let n = 1; n <= 24; n += 1) at.edit(n, (text) => text.replace('Two.', `Edited ${n}.`));
  // As if the work on each content took so long.
  const off = at.sandbox.on(({ phase, request }) => {
    if (phase === 'after' && request.method === 'GET' && request.path.endsWith('/markdown')) at.sandbox.clock.advance(2 * 1000);
  });
  const done = () => Array.from({ length: 24 }, (_, i) => i + 1).filter((n) => at.body(n).includes(`Edited ${n}.`)).length;
  let runs = 0;
  for (let left = 1; left > 0;) {
    const before = done();
    const started = at.sandbox.clock.now();
    const result = await at.pass({ max_runtime: 1 });
    runs += 1;
    assert.ok(at.sandbox.clock.now() - started < 4 * MINUTE, 'the run ends in time');
    assert.ok(done() > before || before === 24, `it gets on: ${before}`);
    left = Number(result.outputs.remaining);
    assert.ok(left >= 24 - done());
    at.later();
  }
  off();
  assert.ok(runs > 1, 'one run is too short');
  assert.equal(done(), 24);
  await at.settle();
});
