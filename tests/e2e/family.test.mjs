// Parents and sub-issues, and what pull requests close: relations between rows.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { step } from './cases.mjs';
import { story } from './sync-story.mjs';

// A board whose rows can name other rows.
async function family(t, { columns = ['Parent'], bumps = true, ...options } = {}) {
  const at = await story(t, options);
  // Whether a new parent counts as an update of the issue is not documented.
  at.github.bumps.subIssue = bumps;
  for (const name of columns) at.notion.addProperty(at.dataSource, name, { relation: { data_source_id: at.dataSource } });
  const parentOf = (number) => at.github.issue(at.repo, number).parent?.number ?? null;
  const rowParents = (number) => (at.row(number).Parent ?? []).map((id) => at.notion.values(id)['GitHub ID']);
  return Object.assign(at, { parentOf, rowParents, pair: (number) => [parentOf(number), rowParents(number)] });
}

async function linked(t, n = 3) {
  const at = await family(t);
  for (let i = 1; i <= n; i += 1) at.addIssue({ title: `Issue ${i}` });
  await at.pass();
  await at.settle();
  at.later();
  return at;
}

test('a sub-issue is shown under its parent\'s row, whichever comes first', async (t) => {
  for (const [parent, child] of [[1, 2], [2, 1]]) {
    const at = await family(t);
    at.addIssue({ title: 'One' });
    at.addIssue({ title: 'Two' });
    at.github.addSubIssue(at.repo, parent, child);
    await at.pass();
    at.later();
    await at.pass();
    assert.deepEqual(at.pair(child), [parent, [parent]]);
    assert.deepEqual(at.pair(parent), [null, []]);
    await at.settle();
  }
});

test('parents go both ways: set, changed and taken away on either side', async (t) => {
  const at = await linked(t);
  at.github.addSubIssue(at.repo, 1, 2);
  const first = await at.pass();
  assert.match(first.summary, /Parent in Notion: \*empty\* → `#1`/);
  assert.deepEqual(at.pair(2), [1, [1]]);
  await at.settle();
  at.later();
  at.notion.editPage(at.page(2), { Parent: [at.page(3)] });
  const second = await at.pass();
  assert.match(second.summary, /parent on GitHub: `#1` → `#3`/);
  assert.deepEqual(at.pair(2), [3, [3]]);
  await at.settle();
  at.later();
  at.notion.editPage(at.page(2), { Parent: [] });
  await at.pass();
  assert.deepEqual(at.pair(2), [null, []]);
  await at.settle();
  at.later();
  at.notion.editPage(at.page(1), { Parent: [at.page(2)] });
  at.notion.editPage(at.page(2), { Parent: [at.page(3)] });
  await at.pass();
  assert.deepEqual([at.pair(1), at.pair(2)], [[2, [2]], [3, [3]]]);
  await at.settle();
});

test('if GitHub does not count a new parent as an update, a full pass finds it', async (t) => {
  const at = await family(t, { bumps: false });
  for (const title of ['One', 'Two']) at.addIssue({ title });
  await at.pass();
  await at.settle();
  at.github.addSubIssue(at.repo, 1, 2);
  await at.pass({ mode: 'full' });
  assert.deepEqual(at.pair(2), [1, [1]]);
  await at.settle();
  at.later();
  at.notion.editPage(at.page(2), { Parent: [] });
  await at.pass();
  assert.deepEqual(at.pair(2), [null, []]);
  await at.settle();
});

test('rows without numbers become issues with their parents', async (t) => {
  for (const order of [[0, 1, 2], [2, 1, 0]]) {
    const at = await family(t);
    const pages = [];
    for (const i of order) {
      pages[i] = at.addPage({ Name: `Page ${i}` });
      at.later(60000);
    }
    at.notion.editPage(pages[1], { Parent: [pages[0]] });
    at.notion.editPage(pages[2], { Parent: [pages[1]] });
    for (let i = 0; i < 2; i += 1) {
      at.later();
      await at.pass();
    }
    const number = (i) => at.notion.values(pages[i])['GitHub ID'];
    assert.deepEqual([0, 1, 2].map((i) => at.parentOf(number(i))), [null, number(0), number(1)]);
    await at.settle();
  }
});

test('a parent that gets its page later is put in then', async (t) => {
  const at = await family(t);
  at.addIssue({ title: 'Parent' });
  at.addIssue({ title: 'Child' });
  at.github.addSubIssue(at.repo, 1, 2);
  at.github.close(at.repo, 1);
  await at.pass();
  assert.deepEqual(at.rowParents(2), []);
  await at.settle();
  at.later();
  at.github.reopen(at.repo, 1);
  await at.pass();
  at.later();
  await at.pass({ mode: 'full' });
  assert.deepEqual(at.pair(2), [1, [1]]);
  await at.settle();
});

test('rows that are no issues, and parents in other repositories, are not touched', async (t) => {
  const at = await linked(t, 2);
  const other = at.notion.addDatabase({ title: 'Other', dataSources: [{ name: 'Other', properties: { Name: 'title' } }] });
  assert.ok(other.id);
  at.github.addRepo({ owner: 'acme', name: 'elsewhere', private: true });
  at.github.addIssue('acme/elsewhere', { title: 'Far' });
  const far = at.github.issue('acme/elsewhere', 1);
  const near = at.github.issue(at.repo, 2);
  far.subIssues.push(near);
  near.parent = far;
  at.github.comment(at.repo, 2, 'touched');
  const plain = at.addPage({ Name: 'Plain' });
  at.notion.editPage(at.page(1), { Parent: [plain] });
  await at.pass({ create_issues: 'false' });
  assert.deepEqual([at.parentOf(1), at.row(1).Parent], [null, [plain]]);
  assert.deepEqual([near.parent, at.row(2).Parent], [far, []]);
  await at.settle({ create_issues: 'false' });
  at.later();
  at.github.addSubIssue(at.repo, 2, 1);
  await at.pass({ create_issues: 'false' });
  assert.deepEqual([...at.row(1).Parent].sort(), [plain, at.page(2)].sort());
  await at.settle({ create_issues: 'false' });
});

test('a parent that the token may not see is not known: the rest of the issue is kept in sync, the row keeps what it shows', async (t) => {
  const at = await linked(t, 2);
  at.github.addSubIssue(at.repo, 1, 2);
  at.github.comment(at.repo, 2, 'touched');
  await at.pass();
  at.later();
  at.github.addRepo({ owner: 'acme', name: 'secret', private: true });
  at.github.addIssue('acme/secret', { title: 'Far' });
  at.github.tokens.get(at.inputs.github_token).repos = new Set([at.repo]);
  at.github.issue(at.repo, 2).parent = at.github.issue('acme/secret', 1);
  at.github.editIssue(at.repo, 2, { title: 'Edited' });
  for (const mode of ['auto', 'full']) {
    await at.pass({ mode });
    assert.deepEqual([at.row(2).Name, at.row(2).Parent], ['Edited', [at.page(1)]]);
    at.later();
  }
});

test('a parent whose row has left the database is not put in: Notion would refuse the whole row', async (t) => {
  for (const leave of [(at, page) => at.notion.movePage(page, at.notion.addPage(null, { title: 'Elsewhere' })), (at, page) => at.notion.trashPage(page)]) {
    const at = await linked(t, 2);
    leave(at, at.page(1));
    at.github.addSubIssue(at.repo, 1, 2);
    at.github.editIssue(at.repo, 2, { title: 'Edited' });
    await at.pass();
    assert.deepEqual([at.row(2).Name, at.row(2).Parent], ['Edited', []]);
    at.later();
    await at.pass({ mode: 'full' });
    await at.settle();
  }
});

test('GitHub takes one parent: of several the one it has stays, else the first is taken', async (t) => {
  const at = await linked(t);
  at.notion.editPage(at.page(3), { Parent: [at.page(2), at.page(1)] });
  const first = await at.pass();
  assert.equal(at.parentOf(3), 2);
  assert.match(first.summary, /one parent an issue/);
  await at.settle();
  at.later();
  at.notion.editPage(at.page(3), { Parent: [at.page(1), at.page(2)] });
  await at.pass();
  assert.equal(at.parentOf(3), 2);
  await at.settle();
});

test('different parents on both sides are a conflict', async (t) => {
  for (const [on_conflict, wins] of [['github', 1], ['notion', 2]]) {
    const at = await linked(t);
    at.github.addSubIssue(at.repo, 1, 3);
    at.notion.editPage(at.page(3), { Parent: [at.page(2)] });
    const { outputs, summary } = await at.pass({ on_conflict });
    assert.deepEqual([outputs.conflicts, at.pair(3)], ['1', [wins, [wins]]]);
    assert.match(summary, /Notion \([a-z]+\):\n\n```text\n#2\n```/);
    assert.match(at.comments(3).at(-1), wins === 1 ? /`#1` from GitHub was kept\. Notion had:\n\n```text\n#2\n/ : /`#2` from Notion was kept\. GitHub had:\n\n```text\n#1\n/);
    await at.settle({ on_conflict });
  }
});

test('a parent that GitHub refuses is named and keeps nothing else from being written', async (t) => {
  const at = await linked(t);
  at.github.addSubIssue(at.repo, 1, 2);
  await at.pass();
  await at.settle();
  at.later();
  at.notion.editPage(at.page(1), { Parent: [at.page(2)], Name: 'Renamed' });
  at.notion.editPage(at.page(3), { Name: 'Three' });
  const result = await at.pass();
  assert.match(result.summary, /did not accept .*\(parent\).*cannot be an ancestor/);
  assert.deepEqual([at.issue(1).title, at.issue(3).title, at.row(1).Parent], ['Renamed', 'Three', [at.page(2)]]);
  at.later();
  assert.match((await at.pass({ mode: 'full' })).summary, /cannot be an ancestor/, 'it is tried again');
  at.later();
  at.notion.editPage(at.page(1), { Parent: [] });
  await at.pass();
  assert.deepEqual([at.pair(1), at.issue(1).title], [[null, []], 'Renamed']);
  await at.settle();
});

test('a pass that dies at any request loses no parent and doubles nothing', async (t) => {
  for (let n = 1; ; n += step(3)) {
    const at = await family(t);
    at.addIssue({ title: 'One' });
    at.addIssue({ title: 'Two' });
    await at.pass();
    at.later();
    at.github.addSubIssue(at.repo, 1, 2);
    at.addPage({ Name: 'Three', Parent: [at.page(1)] });
    at.later();
    const first = await at.sync({}, { killAt: { n, phase: 'after' } });
    if (first.signal === null) break;
    at.later();
    await at.pass();
    at.later();
    await at.pass();
    assert.deepEqual([at.issues().length, at.pair(2), at.pair(3)], [3, [1, [1]], [1, [1]]], `killed at request ${n}`);
    await at.settle();
  }
});

test('Closes shows the rows of the issues that a pull request closes', async (t) => {
  const at = await family(t, { columns: ['Closes'] });
  const inputs = { pull_requests: 'all' };
  const closes = (number) => at.row(number).Closes.map((id) => at.notion.values(id)['GitHub ID']).sort((a, b) => a - b);
  for (let i = 1; i <= 30; i += 1) at.addIssue({ title: `Issue ${i}` });
  at.addPull({ title: 'Pull', body: 'Fixes #1, closes #2' });
  await at.pass(inputs);
  at.later();
  await at.pass(inputs);
  assert.deepEqual(closes(31), [1, 2]);
  await at.settle(inputs);
  at.later();
  at.github.editIssue(at.repo, 31, { body: Array.from({ length: 28 }, (_, i) => `Fixes #${i + 2}`).join(', ') });
  await at.pass(inputs);
  assert.deepEqual(closes(31), Array.from({ length: 28 }, (_, i) => i + 2));
  await at.settle(inputs);
  at.later();
  at.notion.editPage(at.page(31), { Closes: [at.page(5)] });
  await at.pass(inputs);
  assert.equal(closes(31).length, 28);
});
