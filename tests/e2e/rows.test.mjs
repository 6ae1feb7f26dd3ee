import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, markers, MINUTE, perRecord, saves, story, verbs } from './sync-story.mjs';

const rowsOf = (result) => result.report.results.map(({ row, number }) => [row, number]);
const result = (run, number) => run.report.results.find((entry) => entry.number === number);

// A linked pair, in sync.
async function pair(t, { inputs, options } = {}) {
  const at = await story(t, options);
  const page = at.addPage({ Name: 'One', Status: 'In progress' });
  await at.pass(inputs);
  await at.settle(inputs);
  at.later();
  return { at, page };
}

test('E1: a page without GitHub ID becomes an issue', async (t) => {
  const at = await story(t);
  const page = at.addPage({ Name: 'One', Labels: ['x'] });
  const run = await at.pass();
  assert.deepEqual(rowsOf(run), [['E1', 1]]);
  assert.deepEqual(verbs(perRecord(at, run)[1]), ['create issue', 'write page', 'comment']);
  assert.match(run.summary, /\| \[#1\]\(https:\/\/github\.com\/acme\/app\/issues\/1\) `One` \| \[page\]\([^)]*\) \|.*issue created/);
  assert.equal(at.page(1), page);
});

test('E1: create_issues = false makes none; a page without a title waits for one', async (t) => {
  const at = await story(t);
  at.addPage({ Name: 'One' });
  assert.deepEqual(changes(at, await at.pass({ create_issues: false })), []);
  const other = await story(t);
  const blank = other.addPage({ Status: 'In progress' });
  other.addPage({ Name: ' \t ' });
  assert.deepEqual(changes(other, await other.pass()), []);
  await other.settle();
  other.later();
  other.notion.editPage(blank, { Name: 'Named at last' });
  const run = await other.pass();
  assert.deepEqual(verbs(perRecord(other, run)[1]), ['create issue', 'write page', 'comment']);
  assert.equal(other.issues().length, 1);
});

// A board with one page and the pass over it, killed at the request that creates the issue.
async function dead(t, phase, page) {
  const inputs = { create_issues: 'all' };
  const twin = await story(t);
  twin.addPage(page);
  const requests = (await twin.pass(inputs)).requests.map(({ method, path }) => `${method} ${path}`);
  const at = await story(t);
  const id = at.addPage(page);
  const run = await at.sync(inputs, { killAt: { n: requests.indexOf('POST /repos/acme/app/issues') + 1, phase }, runId: 7 });
  assert.equal(run.signal, 'SIGKILL');
  assert.equal(at.issues().length, phase === 'after' ? 1 : 0);
  assert.equal(at.notion.values(id)['GitHub ID'], null);
  return { at, page: id };
}

test('E2: an issue that was created by a pass that died is adopted', async (t) => {
  for (const [phase, row] of [['before', 'E1'], ['after', 'E2']]) {
    const { at, page } = await dead(t, phase, { Name: 'One', Status: 'Done', Labels: ['x'] });
    at.later(2000);
    const run = await at.pass({ create_issues: 'all' }, { runId: 7, runAttempt: 2 });
    assert.deepEqual(rowsOf(run), [[row, 1]]);
    assert.equal(at.issues().length, 1);
    assert.equal(at.page(1), page);
    assert.deepEqual([at.issue(1).state, at.row(1).Status, at.issue(1).labels], ['closed', 'Done', ['x']]);
    assert.deepEqual(markers(at.comments(1)), [`page=${page}`]);
    await at.settle({ create_issues: 'all' });
  }
});

test('E2: also long after, when the page has moved on', async (t) => {
  const { at, page } = await dead(t, 'after', { Name: 'One', Status: 'Review', Labels: ['x'] });
  at.later(60 * MINUTE);
  at.notion.editPage(page, { Labels: ['x', 'y'] });
  const run = await at.pass();
  assert.deepEqual(rowsOf(run), [['E2', 1]]);
  assert.equal(at.issues().length, 1);
  assert.deepEqual([at.issue(1).labels, at.row(1).Labels, at.row(1).Status], [['x', 'y'], ['x', 'y'], 'Review']);
  await at.settle();
});

test('E3: an issue becomes a page: none, open or all', async (t) => {
  for (const [create_pages, numbers] of [['none', []], ['open', [1]], ['all', [1, 2]]]) {
    const at = await story(t);
    at.addIssue({ title: 'Open' });
    at.addIssue({ title: 'Closed' });
    at.github.close(at.repo, 2);
    const run = await at.pass({ create_pages });
    assert.deepEqual(rowsOf(run), numbers.map((number) => ['E3', number]));
    assert.deepEqual(at.rows().map((row) => row['GitHub ID']).sort(), numbers);
    await at.settle({ create_pages });
  }
});

test('E3: create_pages = open goes by the state when first seen', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  await at.pass();
  at.later();
  at.github.close(at.repo, 1);
  at.addIssue({ title: 'Two' });
  at.github.close(at.repo, 2);
  await at.pass();
  assert.deepEqual(at.rows().map((row) => [row['GitHub ID'], row.Status]), [[1, 'Done']]);
  await at.settle();
  at.later();
  at.github.reopen(at.repo, 2);
  await at.pass();
  assert.equal(at.row(2).Status, 'Not started');
});

test('E3: a page that has the number already is found first', async (t) => {
  const { at } = await pair(t);
  at.addIssue({ title: 'Two' });
  const page = at.addPage({ Name: 'Two', 'GitHub ID': 2 });
  const run = await at.pass();
  assert.deepEqual(rowsOf(run), [['E4', 2]]);
  assert.equal(at.page(2), page);
});

test('E4: a person types the number of an issue', async (t) => {
  const { at } = await pair(t, { inputs: { create_pages: 'none' } });
  at.addIssue({ title: 'Two', labels: ['x'] });
  const page = at.addPage({ Name: 'Zwei', 'GitHub ID': 2, Labels: ['y'], Status: 'Review' });
  const run = await at.pass({ create_pages: 'none' });
  assert.deepEqual(rowsOf(run), [['E4', 2]]);
  assert.deepEqual([at.issue(2).title, at.row(2).Name], ['Two', 'Two'], 'GitHub wins');
  assert.deepEqual([at.issue(2).labels, [...at.row(2).Labels].sort()], [['x', 'y'], ['x', 'y']], 'labels are united');
  assert.equal(at.row(2).Status, 'Review');
  assert.match(at.comments(2)[0], /```text\nZwei\n```/);
  assert.deepEqual(markers(at.comments(2)).slice(1), [`page=${page}`]);
  assert.match(run.summary, /Zwei/);
  await at.settle({ create_pages: 'none' });
});

test('E5: GitHub ID of no issue, or no whole number, is reported and not touched', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  const bad = [77, 1.5, -3, 0].map((number) => at.addPage({ Name: `Number ${number}`, 'GitHub ID': number }));
  const values = bad.map((page) => at.notion.values(page));
  const run = await at.pass();
  assert.deepEqual(bad.map((page) => at.notion.values(page)), values);
  assert.equal(at.issues().length, 1);
  const told = run.report.results.filter(({ row }) => row === 'E5');
  assert.deepEqual(told.map(({ title }) => title).sort(), ['Number -3', 'Number 0', 'Number 1.5', 'Number 77']);
  assert.match(run.summary, /Number 77.*no issue or pull request/);
  assert.match(run.summary, /Number 1\.5.*not a whole positive number/);
  at.later();
  at.notion.editPage(bad[0], { Name: 'Still 77' });
  assert.deepEqual(changes(at, await at.pass()), []);
});

test('E6: a duplicated row is reported and not touched, now and after the state was lost', async (t) => {
  const { at, page } = await pair(t);
  const twin = at.notion.duplicatePage(page);
  const run = await at.pass();
  assert.deepEqual(changes(at, run), []);
  assert.deepEqual(rowsOf(run).filter(([row]) => row === 'E6'), [['E6', 1]]);
  assert.match(run.summary, /`One \(1\)` \(\[page\]\([^)]*\)\): `another page is linked to this issue/);
  at.later();
  at.notion.editPage(twin, { Name: 'Edited twin', Status: 'Done' });
  assert.deepEqual(changes(at, await at.pass()), []);
  assert.equal(at.issue(1).state, 'open');
  at.later();
  at.github.deleteRef(at.repo, at.stateRef);
  assert.deepEqual(changes(at, await at.pass()), []);
  assert.equal(at.record(1).page, page);
  at.later();
  at.notion.editPage(twin, { 'GitHub ID': null, Status: 'Review' });
  await at.pass();
  assert.equal(at.page(2), twin, 'it becomes an issue of its own');
  await at.settle();
});

test('E6: two pages typed with the same number: neither is taken', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  const twins = ['First', 'Second'].map((Name) => at.addPage({ Name, 'GitHub ID': 1 }));
  const run = await at.pass();
  assert.deepEqual(changes(at, run), []);
  assert.equal((run.summary.match(/several pages carry this GitHub ID/g) ?? []).length, 2);
  at.later();
  at.notion.editPage(twins[1], { 'GitHub ID': null });
  await at.pass();
  assert.equal(at.page(1), twins[0]);
  assert.equal(at.page(2), twins[1]);
});

test('E7: a second own issue with the same marker is reported and not touched', async (t) => {
  const { at, page } = await pair(t);
  at.addIssue({ title: 'Copy', body: at.marker(`page=${page}`), by: 'github-actions[bot]' });
  const run = await at.pass();
  assert.deepEqual(changes(at, run), []);
  assert.deepEqual(rowsOf(run), [['E7', 2]]);
  assert.match(run.summary, /#2.*marker of a page that belongs to another issue/);
  assert.equal(at.page(1), page);
  assert.equal(at.rows().length, 1);
});

test('E7: of two own issues with the marker of a page without a number the older is taken', async (t) => {
  const at = await story(t);
  const page = at.addPage({ Name: 'One' });
  for (const title of ['One', 'One again']) at.addIssue({ title, body: at.marker(`page=${page}`), by: 'github-actions[bot]' });
  const run = await at.pass();
  assert.deepEqual(rowsOf(run).sort(), [['E2', 1], ['E7', 2]]);
  assert.equal(at.page(1), page);
  assert.equal(at.rows().length, 1);
});

// --- what is gone ---

test('E8: a page in the trash: the issue is left, and a comment says so', async (t) => {
  const { at, page } = await pair(t);
  at.notion.trashPage(page);
  at.later();
  const run = await at.pass({ mode: 'full' });
  assert.deepEqual(rowsOf(run), [['E8', 1]]);
  assert.deepEqual(changes(at, run).map(([verb, target]) => [verb, target]), [['comment', 1]]);
  assert.match(at.comments(1).at(-1), /no longer synced with Notion: its Notion page was moved to the trash/);
  assert.equal(at.issue(1).state, 'open');
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Lives on' });
  assert.deepEqual(changes(at, await at.pass()), []);
  at.later();
  assert.deepEqual(changes(at, await at.pass({ mode: 'full' })), [], 'no new page');
});

test('E8: on_page_deleted = close closes as not planned', async (t) => {
  const { at, page } = await pair(t);
  at.notion.trashPage(page);
  at.later();
  const run = await at.pass({ mode: 'full', on_page_deleted: 'close' });
  assert.deepEqual(changes(at, run).map(([verb, target]) => [verb, target]), [['comment', 1], ['write issue', 1]]);
  assert.deepEqual([at.issue(1).state, at.issue(1).stateReason], ['closed', 'not_planned']);
  assert.equal(run.outputs.issues_closed, '1');
});

test('E8: moved to another database counts as gone', async (t) => {
  const { at, page } = await pair(t);
  const other = at.notion.addDatabase({ title: 'Other', dataSources: [{ properties: { Name: 'title' } }] });
  at.notion.movePage(page, other.dataSource);
  at.later();
  const run = await at.pass({ mode: 'full' });
  assert.deepEqual(rowsOf(run), [['E8', 1]]);
  assert.match(run.summary, /link ended \(its Notion page was moved to the trash or out of the database\)/);
});

test('E8: a page that comes back with its number is linked again', async (t) => {
  const { at, page } = await pair(t);
  at.notion.trashPage(page);
  at.later();
  await at.pass({ mode: 'full' });
  at.later();
  at.notion.restorePage(page);
  at.github.editIssue(at.repo, 1, { title: 'Two' });
  assert.deepEqual(rowsOf(await at.pass()), [['E4', 1]]);
  assert.equal(at.row(1).Name, 'Two');
  await at.settle();
});

test('E8: a page that is gone when its issue changes is found without a full pass', async (t) => {
  const { at, page } = await pair(t);
  at.notion.trashPage(page);
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Two' });
  assert.deepEqual(rowsOf(await at.pass()), [['E8', 1]]);
});

test('E9: a deleted issue: the page stays, GitHub ID is cleared', async (t) => {
  const { at, page } = await pair(t);
  at.github.deleteIssue(at.repo, 1);
  const run = await at.pass({ mode: 'full' });
  assert.deepEqual(rowsOf(run), [['E9', 1]]);
  assert.deepEqual(changes(at, run), [['write page', page, { 'GitHub ID': null }]]);
  assert.match(run.summary, /deleted on GitHub/);
  at.later();
  assert.deepEqual(changes(at, await at.pass({ mode: 'full' })), [], 'no new issue for it');
  assert.equal(at.issues().length, 0);
});

test('E9: on_issue_deleted = trash', async (t) => {
  const { at, page } = await pair(t);
  at.github.deleteIssue(at.repo, 1);
  const run = await at.pass({ mode: 'full', on_issue_deleted: 'trash' });
  assert.deepEqual(changes(at, run).map(([verb, target]) => [verb, target]), [['trash page', page]]);
  assert.equal(at.found()[0].trashed, true);
  assert.equal(run.report.counts.pages_trashed, 1);
});

test('E9: a transferred issue is not followed into the other repository', async (t) => {
  const { at, page } = await pair(t);
  at.github.addRepo({ owner: 'acme', name: 'elsewhere', private: true });
  at.github.transferIssue(at.repo, 1, 'acme/elsewhere');
  const run = await at.pass({ mode: 'full' });
  assert.deepEqual(rowsOf(run), [['E9', 1]]);
  assert.match(result(run, 1).because, /transferred/);
  assert.equal(at.notion.values(page)['GitHub ID'], null);
});

test('E10: GitHub ID cleared by a person ends the link', async (t) => {
  const { at, page } = await pair(t);
  at.notion.editPage(page, { 'GitHub ID': null, Name: 'Own way' });
  const run = await at.pass();
  assert.deepEqual(rowsOf(run), [['E10', 1]]);
  assert.deepEqual(changes(at, run).map(([verb, target]) => [verb, target]), [['comment', 1]]);
  assert.match(at.comments(1).at(-1), /no longer synced with Notion: GitHub ID was cleared/);
  assert.equal(at.comments(1).length, 2, 'the link comment stays as history');
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Other way' });
  at.notion.editPage(page, { Labels: ['alone'] });
  const next = await at.pass();
  assert.deepEqual(changes(at, next), []);
  assert.equal(at.issues().length, 1);
  assert.match(next.summary, /link of this page was ended/);
});

test('E10: GitHub ID changed by a person: the old link ends, the new one begins', async (t) => {
  const { at, page } = await pair(t, { inputs: { create_pages: 'none' } });
  at.addIssue({ title: 'Two' });
  at.notion.editPage(page, { 'GitHub ID': 2 });
  const run = await at.pass({ create_pages: 'none' });
  assert.deepEqual(rowsOf(run).sort(), [['E10', 1], ['E4', 2]]);
  assert.match(at.comments(1).at(-1), /GitHub ID was changed/);
  assert.equal(at.page(2), page);
  assert.equal(at.row(2).Name, 'Two');
  await at.settle({ create_pages: 'none' });
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Nobody listens' });
  assert.deepEqual(changes(at, await at.pass({ create_pages: 'none' })), []);
  at.later();
  at.notion.editPage(page, { 'GitHub ID': 1 });
  await at.pass({ create_pages: 'none' });
  assert.equal(at.row(1).Name, 'Nobody listens', 'and back again');
  await at.settle({ create_pages: 'none' });
});

test('E10: the two numbers of two pages swapped', async (t) => {
  const at = await story(t);
  const pages = ['One', 'Two'].map((Name) => at.addPage({ Name }));
  await at.pass();
  await at.settle();
  at.later();
  at.notion.editPage(pages[0], { 'GitHub ID': 2 });
  at.notion.editPage(pages[1], { 'GitHub ID': 1 });
  await at.pass();
  assert.equal(at.issues().length, 2);
  await at.settle();
  assert.deepEqual([at.page(1), at.page(2)], [pages[1], pages[0]]);
  for (const number of [1, 2]) assert.equal(at.row(number).Name, at.issue(number).title);
});

// --- the guard ---

test('max_deletions: one too many, and none is done', async (t) => {
  const at = await story(t);
  const pages = Array.from({ length: 4 }, (_, i) => at.addPage({ Name: `Page ${i}` }));
  await at.pass();
  await at.settle();
  at.later();
  for (const page of pages.slice(0, 3)) at.notion.trashPage(page);
  at.notion.editPage(pages[3], { Name: 'Changed' });
  const before = JSON.stringify(at.both());
  const inputs = { mode: 'full', on_page_deleted: 'close', max_deletions: 2 };
  const refused = await at.pass(inputs, { code: 2 });
  assert.deepEqual([changes(at, refused), saves(refused)], [[], []]);
  assert.equal(JSON.stringify(at.both()), before);
  assert.match(refused.summary, /3 links.*max_deletions.*2/s);
  assert.equal(refused.outputs.changed, 'false');
  at.later();
  const done = await at.pass({ ...inputs, max_deletions: 3 });
  assert.equal(done.outputs.issues_closed, '3');
  assert.equal(at.issues().filter((issue) => issue.state === 'closed').length, 3);
});

