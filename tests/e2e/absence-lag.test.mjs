import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, MINUTE, story } from './sync-story.mjs';

const SECOND = 1000;

async function lagging(t, lag, options) {
  const at = await story(t, options);
  at.notion.settings.queryLag = lag;
  at.addIssue({ title: 'One' });
  at.addPage({ Name: 'Two' });
  at.later(lag + 1000);
  return at;
}

const titles = (at) => [at.issues().map(({ number, title }) => [number, title]), at.rows().map((row) => [row['GitHub ID'], row.Name]).sort(([a], [b]) => a - b)];
const both = (...pairs) => [pairs, pairs];

for (const lag of [20, 60, 240]) {
  test(`passes in quick succession while queries lag ${lag} s: nothing is made twice`, async (t) => {
    const at = await lagging(t, lag * SECOND);
    for (let n = 0; n < 6; n += 1) {
      await at.pass();
      at.later(15 * SECOND);
    }
    assert.deepEqual(titles(at), both([1, 'One'], [2, 'Two']));
    assert.deepEqual([at.comments(1).length, at.comments(2).length], [1, 1]);
    at.later(lag * SECOND + 10 * MINUTE);
    await at.pass();
    await at.settle();
  });

  test(`edits on both sides while queries lag ${lag} s: none is lost`, async (t) => {
    const at = await lagging(t, lag * SECOND);
    await at.pass();
    const [one, two] = [at.page(1), at.page(2)];
    at.notion.editPage(one, { Name: 'Uno' });
    at.github.label(at.repo, 1, ['first']);
    at.github.editIssue(at.repo, 2, { title: 'Dos' });
    at.notion.editPage(two, { Labels: ['second'] });
    for (let n = 0; n < 4; n += 1) {
      at.later(20 * SECOND);
      await at.pass();
    }
    at.notion.editPage(one, { Status: 'Done' });
    at.github.label(at.repo, 1, ['more']);
    for (let n = 0; n < 8; n += 1) {
      at.later(lag * SECOND / 3);
      await at.pass();
    }
    assert.deepEqual(titles(at), both([1, 'Uno'], [2, 'Dos']));
    assert.deepEqual([at.issue(1).labels, [...at.row(1).Labels].sort()], [['first', 'more'], ['first', 'more']]);
    assert.deepEqual([at.issue(2).labels, at.row(2).Labels], [['second'], ['second']]);
    assert.deepEqual([at.issue(1).state, at.row(1).Status], ['closed', 'Done']);
    assert.equal(at.comments(1).filter((body) => /^Closed/.test(body)).length, 1);
    at.later(10 * MINUTE);
    await at.pass();
    await at.settle();
  });
}

test('the state is lost while queries lag: pages that are not listed yet are found by the link comments', async (t) => {
  const at = await lagging(t, 90 * SECOND);
  await at.pass();
  at.github.deleteRef(at.repo, at.stateRef);
  at.later(5 * SECOND);
  assert.deepEqual(changes(at, await at.pass()), []);
  assert.deepEqual(titles(at), both([1, 'One'], [2, 'Two']));
  at.later();
  await at.pass();
  await at.settle();
});

test('a number that a person writes and an issue that is made while queries lag', async (t) => {
  const at = await lagging(t, 60 * SECOND);
  await at.pass();
  at.addIssue({ title: 'Three' });
  const page = at.addPage({ Name: 'Trois' });
  at.later(5 * SECOND);
  at.notion.editPage(page, { 'GitHub ID': 3 });
  for (let n = 0; n < 8; n += 1) {
    await at.pass();
    at.later(15 * SECOND);
  }
  const pages = at.found().filter((row) => !row.trashed && row.values['GitHub ID'] === 3);
  assert.ok(pages.some((row) => row.id === page));
  assert.deepEqual(at.issues().map((issue) => issue.number), [1, 2, 3], 'the page became no issue');
});

test('a page trashed, and an issue closed, while queries lag', async (t) => {
  const at = await lagging(t, 60 * SECOND);
  await at.pass();
  at.later();
  await at.pass();
  at.later(2 * SECOND);
  const two = at.page(2);
  at.github.close(at.repo, 1);
  at.notion.trashPage(two);
  for (let n = 0; n < 5; n += 1) {
    await at.pass({ mode: n === 4 ? 'full' : 'auto' });
    at.later(20 * SECOND);
  }
  assert.equal(at.row(1).Status, 'Done');
  assert.equal(at.issue(2).state, 'open');
  assert.equal(at.issues().length, 2);
  assert.equal(at.rows().length, 1, 'no new page for the issue whose page was trashed');
});

test('a number that a person wrote and took back while queries lag: nothing is linked, nothing said', async (t) => {
  const at = await lagging(t, 60 * SECOND, { properties: { Type: null, 'GitHub URL': null, 'GitHub State': null } });
  const inputs = { create_issues: 'false', create_pages: 'none' };
  const page = at.addPage({ Name: 'One', Status: 'Not started', 'GitHub ID': 1 });
  at.later(30 * SECOND);
  at.notion.editPage(page, { 'GitHub ID': null });
  at.later(40 * SECOND);
  const result = await at.pass(inputs);
  assert.equal(result.outputs.remaining, '1', 'the row is looked at again');
  assert.deepEqual(at.comments(1), []);
  at.later();
  await at.pass(inputs);
  assert.deepEqual([at.comments(1), at.notion.values(page)['GitHub ID'] ?? null], [[], null]);
});

test('a link ended, and a query that still shows the row as it was: nothing is linked again', async (t) => {
  const at = await lagging(t, 0);
  await at.pass();
  at.later();
  at.notion.trashPage(at.page(1));
  await at.pass({ mode: 'full' });
  at.notion.settings.queryLag = 60 * SECOND;
  for (const mode of ['auto', 'full']) {
    at.later(5 * SECOND);
    await at.pass({ mode });
  }
  assert.deepEqual(at.comments(1).map((body) => /^This issue is (\S+)/.exec(body)[1]), ['synced', 'no']);
  assert.equal(at.record(1).ended, true);
});
