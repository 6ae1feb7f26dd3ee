import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, perRecord, saves, story, verbs } from './sync-story.mjs';

async function pair(t, { options, inputs, status } = {}) {
  const at = await story(t, options);
  at.addIssue({ title: 'One' });
  const page = at.addPage({ Name: 'One', 'GitHub ID': 1, ...(status === undefined ? {} : { Status: status }) });
  await at.pass(inputs);
  await at.settle(inputs);
  at.later();
  return { at, page };
}

const state = (at) => [at.issue(1).state, at.issue(1).stateReason];
const audits = (at) => at.comments(1).filter((body) => /^(Closed|Reopened)/.test(body));

test('done in Notion: the issue is closed, and one comment says from what to what, when and by whom', async (t) => {
  const { at, page } = await pair(t, { status: 'In progress' });
  at.notion.addUser({ name: 'Ada', email: 'ada@example.com' });
  at.notion.editPage(page, { Status: 'Done' }, { by: 'Ada' });
  at.later();
  const result = await at.pass();
  assert.deepEqual(perRecord(at, result), {
    1: [['comment', audits(at)[0]], ['write issue', { state: 'closed', state_reason: 'completed' }], ['write page', { 'GitHub State': 'Closed' }]],
  });
  assert.deepEqual(audits(at).length, 1);
  assert.match(audits(at)[0], new RegExp(`^Closed: .*\\[Notion page\\]\\(https://[^)]*${page.replace(/-/g, '')}\\).* from \`In progress\` to \`Done\` by \`Ada\` on 2026-03-02 at 09:\\d\\d UTC\\.\n\n<!-- notion-sync closed page=${page} -->$`));
  assert.deepEqual(state(at), ['closed', 'completed']);
  assert.equal(result.outputs.issues_closed, '1');
  await at.settle();
  assert.equal(audits(at).length, 1);
});

test('back to an open status: the issue is reopened, with a comment; each transition has its own', async (t) => {
  const { at, page } = await pair(t);
  const seen = [];
  for (const [Status, expected] of [['Done', 'Closed'], ['Review', 'Reopened'], ['Done', 'Closed'], ['In progress', 'Reopened']]) {
    at.notion.editPage(page, { Status });
    const result = await at.pass();
    seen.push(expected);
    assert.deepEqual(audits(at).map((body) => body.split(':')[0]), seen);
    assert.equal(at.issue(1).state, expected === 'Closed' ? 'closed' : 'open');
    assert.equal(at.row(1).Status, Status);
    assert.equal(at.row(1)['GitHub State'], expected === 'Closed' ? 'Closed' : 'Open');
    assert.equal(result.outputs[expected === 'Closed' ? 'issues_closed' : 'issues_reopened'], '1');
    await at.settle();
    at.later();
  }
});

test('without the right to read users the comment still says from what to what and when', async (t) => {
  const { at, page } = await pair(t);
  at.notion.integration.capabilities.delete('user_info');
  at.notion.editPage(page, { Status: 'Done' });
  await at.pass();
  assert.match(audits(at)[0], /from `Not started` to `Done` on 2026/);
  assert.deepEqual(state(at), ['closed', 'completed']);
});

test('an option of the Complete group named like Canceled closes as not planned', async (t) => {
  const { at, page } = await pair(t);
  at.notion.editPage(page, { Status: 'Canceled' });
  await at.pass();
  assert.deepEqual(state(at), ['closed', 'not_planned']);
  assert.match(audits(at)[0], /to `Canceled`/);
  await at.settle();
  assert.equal(at.row(1).Status, 'Canceled');
});

test('if Notion does not show the groups of a status, the names of its options say what is done', async (t) => {
  const at = await story(t);
  at.notion.dataSources.get(at.dataSource).schema.find('Status').config.groups = [];
  at.addPage({ Name: 'One', Status: 'Done' });
  await at.pass({ create_issues: 'all' });
  const page = at.addPage({ Name: 'Two', Status: 'Review' });
  at.later();
  await at.pass({ create_issues: 'all' });
  at.later();
  at.notion.editPage(page, { Status: 'In progress' });
  at.github.editIssue(at.repo, 1, { state: 'open' });
  await at.pass({ create_issues: 'all' });
  assert.deepEqual([at.row(1).Status, at.issue(2).state], ['Not started', 'open']);
  await at.settle({ create_issues: 'all' });
});

test('a move between two open options, or two closed ones, is nothing GitHub needs to know', async (t) => {
  const { at, page } = await pair(t);
  for (const Status of ['In progress', 'Review', 'Not started']) {
    at.notion.editPage(page, { Status });
    assert.deepEqual(changes(at, await at.pass()), []);
    assert.equal(at.row(1).Status, Status);
    await at.settle();
    at.later();
  }
  at.notion.editPage(page, { Status: 'Done' });
  await at.pass();
  await at.settle();
  at.later();
  at.notion.editPage(page, { Status: 'Canceled' });
  assert.deepEqual(changes(at, await at.pass()), []);
  assert.deepEqual([state(at), at.row(1).Status], [['closed', 'completed'], 'Canceled']);
});

test('closed on GitHub: the page is done; reopened: it has the option of before', async (t) => {
  const { at } = await pair(t, { status: 'Review' });
  for (const [reason, option] of [['completed', 'Done'], ['not_planned', 'Canceled'], ['duplicate', 'Canceled']]) {
    at.github.close(at.repo, 1, { reason });
    const closing = await at.pass();
    assert.deepEqual(perRecord(at, closing), { 1: [['write page', { Status: option, 'GitHub State': 'Closed' }]] });
    await at.settle();
    at.later();
    at.github.reopen(at.repo, 1);
    assert.deepEqual(perRecord(at, await at.pass()), { 1: [['write page', { Status: 'Review', 'GitHub State': 'Open' }]] });
    await at.settle();
    at.later();
  }
  assert.deepEqual(audits(at), []);
});

test('reopened on GitHub after a person had closed it in Notion: the option of before', async (t) => {
  const { at, page } = await pair(t, { status: 'In progress' });
  at.notion.editPage(page, { Status: 'Review' });
  at.later();
  await at.pass();
  at.later();
  at.notion.editPage(page, { Status: 'Done' });
  await at.pass();
  at.later();
  at.github.reopen(at.repo, 1);
  await at.pass();
  assert.equal(at.row(1).Status, 'Review');
});

test('closed on both sides in different ways is no conflict', async (t) => {
  const { at, page } = await pair(t);
  at.github.close(at.repo, 1, { reason: 'not_planned' });
  at.notion.editPage(page, { Status: 'Done' });
  const result = await at.pass();
  assert.deepEqual(perRecord(at, result), { 1: [['write page', { 'GitHub State': 'Closed' }]] });
  assert.equal(result.outputs.conflicts, '0');
  await at.settle();
});

test('closed on GitHub while the page moved on: GitHub\'s closing is shown, nothing is in conflict', async (t) => {
  const { at, page } = await pair(t);
  at.github.close(at.repo, 1);
  at.notion.editPage(page, { Status: 'Review' });
  const result = await at.pass();
  assert.equal(at.row(1).Status, 'Done');
  assert.equal(at.issue(1).state, 'closed');
  assert.equal(result.outputs.conflicts, '0');
  await at.settle();
  at.later();
  at.github.reopen(at.repo, 1);
  await at.pass();
  assert.equal(at.row(1).Status, 'Review');
});

test('a page done before it has an issue becomes a closed issue, without a comment about it', async (t) => {
  const at = await story(t);
  at.addPage({ Name: 'Long done', Status: 'Done' });
  at.addPage({ Name: 'Dropped', Status: 'Canceled' });
  const result = await at.pass({ create_issues: 'all' });
  const [first, second] = ['Long done', 'Dropped'].map((title) => at.issues().find((issue) => issue.title === title));
  assert.deepEqual([first.state, first.stateReason, second.state, second.stateReason], ['closed', 'completed', 'closed', 'not_planned']);
  assert.deepEqual(verbs(perRecord(at, result)[first.number]), ['create issue', 'write issue', 'write page', 'comment']);
  assert.equal(at.comments(first.number).length, 1);
  assert.equal(at.row(first.number)['GitHub State'], 'Closed');
  await at.settle({ create_issues: 'all' });
});

test('closed issues become pages with create_pages = all, in the option of their reason', async (t) => {
  const at = await story(t);
  for (const [number, reason] of [[1, 'completed'], [2, 'not_planned'], [3, 'duplicate']]) {
    at.addIssue({ title: `Issue ${number}` });
    at.github.close(at.repo, number, { reason });
  }
  at.addIssue({ title: 'Open' });
  await at.pass({ create_pages: 'all' });
  assert.deepEqual([1, 2, 3, 4].map((number) => at.row(number).Status), ['Done', 'Canceled', 'Canceled', 'Not started']);
  await at.settle({ create_pages: 'all' });
});

// --- other kinds of status ---

test('a checkbox: ticked is closed', async (t) => {
  const { at, page } = await pair(t, { options: { properties: { Status: 'checkbox' } }, status: false });
  at.notion.editPage(page, { Status: true });
  assert.deepEqual(verbs(perRecord(at, await at.pass())[1]), ['comment', 'write issue', 'write page']);
  assert.deepEqual(state(at), ['closed', 'completed']);
  await at.settle();
  at.later();
  at.github.reopen(at.repo, 1);
  await at.pass();
  assert.equal(at.row(1).Status, false);
  await at.settle();
  at.later();
  at.github.close(at.repo, 1, { reason: 'not_planned' });
  await at.pass();
  assert.equal(at.row(1).Status, true);
  await at.settle();
});

test('a select: options named done, closed, complete mean closed', async (t) => {
  const options = { properties: { Status: { select: ['Ideas', 'Doing', 'DONE', 'Completed'] } } };
  const { at, page } = await pair(t, { options, status: 'Doing' });
  at.notion.editPage(page, { Status: 'Completed' });
  await at.pass();
  assert.deepEqual(state(at), ['closed', 'completed']);
  await at.settle();
  at.later();
  at.github.reopen(at.repo, 1);
  await at.pass();
  assert.equal(at.row(1).Status, 'Doing');
  await at.settle();
  at.later();
  at.github.close(at.repo, 1);
  await at.pass();
  assert.equal(at.row(1).Status, 'DONE');
  await at.settle();
  at.later();
  at.notion.editPage(page, { Status: null });
  await at.pass();
  assert.equal(at.issue(1).state, 'open');
  await at.settle();
});

test('status_map decides per option', async (t) => {
  const status_map = ['Review = closed', 'Canceled = open', 'Done = closed:not_planned'];
  const { at, page } = await pair(t, { inputs: { status_map }, status: 'In progress' });
  const expected = [
    ['Review', 'closed', 'completed'], ['Canceled', 'open', 'reopened'], ['Done', 'closed', 'not_planned'], ['Not started', 'open', 'reopened'],
  ];
  for (const [Status, ...now] of expected) {
    at.notion.editPage(page, { Status });
    await at.pass({ status_map });
    assert.deepEqual(state(at), now, Status);
    await at.settle({ status_map });
    at.later();
  }
  at.github.close(at.repo, 1);
  await at.pass({ status_map });
  assert.equal(at.row(1).Status, 'Review');
  at.later();
  at.github.reopen(at.repo, 1);
  await at.pass({ status_map });
  at.later();
  at.github.close(at.repo, 1, { reason: 'not_planned' });
  await at.pass({ status_map });
  assert.equal(at.row(1).Status, 'Done');
});

test('status_map with an option that a status property lacks ends the pass before anything is done', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  const result = await at.pass({ status_map: ['Shipped = closed'] }, { code: 2 });
  assert.match(result.stderr + result.stdout, /Shipped.*Not started, In progress, Review, Done, Canceled/);
  assert.deepEqual(changes(at, result).concat(saves(result)), []);
});

test('an option renamed in Notion keeps its meaning', async (t) => {
  const { at, page } = await pair(t, { status: 'In progress' });
  at.notion.renameOption(at.dataSource, 'Status', 'In progress', 'Underway');
  at.notion.editPage(page, { Labels: ['x'] });
  assert.deepEqual(quiet(changes(at, await at.pass())), [['add labels', 1, { labels: ['x'] }]]);
  await at.settle();
  at.later();
  at.github.close(at.repo, 1);
  await at.pass();
  at.later();
  at.github.reopen(at.repo, 1);
  await at.pass();
  assert.equal(at.row(1).Status, 'Underway');
});

const quiet = (list) => list.filter(([verb]) => verb !== 'comment');
