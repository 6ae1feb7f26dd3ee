// Lanes of a board as labels: `status_map` entries that name one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { story } from './sync-story.mjs';

const STATUS = { status: { 'To-do': ['Not started'], 'In progress': ['In progress', 'Review'], Complete: ['Done', 'Canceled'] } };
const MAP = ['In progress = open + label: doing', 'Review = open + label: in review', 'Canceled = closed:not_planned + label: wontfix'];
const RUN = { status_map: MAP };

async function lanes(t, ...issues) {
  const at = await story(t, { properties: { Status: STATUS } });
  for (const [labels, state] of issues) at.addIssue({ title: 'Issue', labels, ...(state && { state }) });
  await at.pass(RUN);
  at.later();
  return Object.assign(at, { shown: (number) => [at.issue(number).state, at.issue(number).labels, at.row(number).Status, at.row(number).Labels] });
}

test('an issue carries the label of its status, and the status follows the label', async (t) => {
  const at = await lanes(t, [['bug']], [['bug', 'Doing']], [[]]);
  assert.deepEqual([1, 2, 3].map((i) => at.row(i).Status), ['Not started', 'In progress', 'Not started']);
  assert.deepEqual([1, 2].map((i) => at.row(i).Labels), [['bug'], ['bug']]);
  await at.settle(RUN);
  at.later();
  at.notion.editPage(at.page(1), { Status: 'In progress' });
  at.github.editIssue(at.repo, 2, { labels: ['bug', 'in review'] });
  at.github.label(at.repo, 3, 'doing');
  await at.pass(RUN);
  assert.deepEqual(at.shown(1), ['open', ['Doing', 'bug'], 'In progress', ['bug']]);
  assert.deepEqual(at.shown(2), ['open', ['bug', 'in review'], 'Review', ['bug']]);
  assert.deepEqual(at.shown(3), ['open', ['Doing'], 'In progress', []]);
  await at.settle(RUN);
  at.later();
  at.notion.editPage(at.page(1), { Status: 'Review' });
  at.notion.editPage(at.page(2), { Status: 'Done' });
  at.github.unlabel(at.repo, 3, 'Doing');
  await at.pass(RUN);
  assert.deepEqual(at.shown(1), ['open', ['bug', 'in review'], 'Review', ['bug']]);
  assert.deepEqual(at.shown(2), ['closed', ['bug'], 'Done', ['bug']]);
  assert.deepEqual(at.shown(3), ['open', [], 'Not started', []]);
  await at.settle(RUN);
});

test('an issue that is closed on GitHub loses its lane, and gets one that its status names', async (t) => {
  const at = await lanes(t, [['doing']], [['doing']]);
  at.github.close(at.repo, 1);
  at.github.close(at.repo, 2, { reason: 'not_planned' });
  await at.pass(RUN);
  assert.deepEqual(at.shown(1), ['closed', [], 'Done', []]);
  assert.deepEqual(at.shown(2), ['closed', ['wontfix'], 'Canceled', []]);
  await at.settle(RUN);
  at.later();
  at.github.reopen(at.repo, 1);
  await at.pass(RUN);
  assert.deepEqual(at.shown(1), ['open', ['doing'], 'In progress', []]);
  await at.settle(RUN);
});

test('two lanes at once: the status stays, the summary names the issue, and an edit leaves one', async (t) => {
  const at = await lanes(t, [['doing']]);
  at.github.label(at.repo, 1, 'in review');
  const two = await at.pass(RUN);
  assert.equal(at.row(1).Status, 'In progress');
  assert.match(two.summary, /#1[\s\S]*several labels/);
  await at.settle(RUN);
  at.later();
  at.notion.editPage(at.page(1), { Status: 'Review' });
  await at.pass(RUN);
  assert.deepEqual(at.shown(1), ['open', ['in review'], 'Review', []]);
  await at.settle(RUN);
});

test('both sides moved it: one conflict, and one status afterward', async (t) => {
  const at = await lanes(t, [['doing']]);
  at.github.editIssue(at.repo, 1, { labels: ['in review'] });
  at.notion.editPage(at.page(1), { Status: 'Not started' });
  const { outputs } = await at.pass(RUN);
  assert.equal(outputs.conflicts, '1');
  assert.deepEqual(at.shown(1), ['open', ['in review'], 'Review', []]);
  assert.ok(at.comments(1).some((text) => text.includes('Not started')));
  await at.settle(RUN);
});

test('a side that closes the task outweighs one that moves it: no conflict', async (t) => {
  const at = await lanes(t, [['doing']], [['doing']]);
  at.github.editIssue(at.repo, 1, { labels: ['in review'] });
  at.notion.editPage(at.page(1), { Status: 'Done' });
  at.github.close(at.repo, 2);
  at.github.label(at.repo, 2, 'in review');
  at.notion.editPage(at.page(2), { Status: 'Review' });
  const { outputs } = await at.pass(RUN);
  assert.equal(outputs.conflicts, '0');
  assert.deepEqual([at.shown(1), at.shown(2)], [['closed', [], 'Done', []], ['closed', [], 'Done', []]]);
  await at.settle(RUN);
});

test('a label of a lane that is typed into Labels is an edit of the status, and the summary says so if it cannot be', async (t) => {
  const at = await lanes(t, [['bug']], [['doing']], [['doing']], [[]]);
  at.notion.editPage(at.page(1), { Labels: ['bug', 'Doing'] });
  at.notion.editPage(at.page(2), { Labels: ['in review'] });
  at.notion.editPage(at.page(3), { Labels: ['in review'], Status: 'Not started' });
  at.notion.editPage(at.page(4), { Labels: ['wontfix', 'new'] });
  const { summary, outputs } = await at.pass(RUN);
  assert.deepEqual([1, 2, 3, 4].map(at.shown), [
    ['open', ['bug', 'doing'], 'In progress', ['bug']], ['open', ['in review'], 'Review', []],
    ['open', [], 'Not started', []], ['open', ['new'], 'Not started', ['new']],
  ]);
  assert.match(summary, /#4[\s\S]*"wontfix"[\s\S]*another kind of status/);
  assert.equal(outputs.conflicts, '0');
  await at.settle(RUN);
});

test('a status column that is made again takes the lanes over from GitHub', async (t) => {
  const at = await lanes(t, [['doing']], [[]]);
  at.notion.removeProperty(at.dataSource, 'Status');
  at.notion.addProperty(at.dataSource, 'Status', STATUS);
  at.notion.editPage(at.page(1), { Name: 'Renamed' });
  await at.pass(RUN);
  assert.deepEqual([at.shown(1), at.shown(2)], [['open', ['doing'], 'In progress', []], ['open', [], 'Not started', []]]);
  await at.settle(RUN);
});

test('a status that stays different from GitHub keeps its lane, until GitHub moves it', async (t) => {
  const at = await lanes(t, [['doing']], [[]], [['doing']]);
  const run = { ...RUN, directions: 'status = to_notion' };
  for (const [number, status] of [[1, 'Done'], [2, 'Done'], [3, 'Review']]) at.notion.editPage(at.page(number), { Status: status });
  const first = await at.pass(run);
  assert.deepEqual([1, 2, 3].map((i) => [at.issue(i).state, at.issue(i).labels, at.row(i).Status]), [['open', ['doing'], 'Done'], ['open', [], 'Done'], ['open', ['doing'], 'Review']]);
  assert.equal(first.outputs.conflicts, '0');
  await at.settle(run);
  at.later();
  at.github.editIssue(at.repo, 1, { labels: ['in review'] });
  at.github.label(at.repo, 2, 'doing');
  at.github.unlabel(at.repo, 3, 'doing');
  const second = await at.pass(run);
  assert.deepEqual([1, 2, 3].map((i) => [at.issue(i).labels, at.row(i).Status]), [[['in review'], 'Review'], [['doing'], 'In progress'], [[], 'Not started']]);
  assert.equal(second.outputs.conflicts, '3');
  for (const [number, was] of [[1, 'Done'], [2, 'Done'], [3, 'Review']]) assert.ok([...at.comments(number), ...at.notion.commentsOf(at.page(number)).map(({ text }) => text)].some((text) => text.includes(was)), `#${number}`);
  await at.settle(run);
});

test('a pull request that Notion may not merge or close keeps its status and its lane', async (t) => {
  const at = await lanes(t);
  const run = { ...RUN, pull_requests: 'all', pull_request_done: 'none' };
  for (let i = 1; i <= 3; i += 1) at.addPull({ title: 'Pull', labels: ['doing'] });
  await at.pass(run);
  at.later();
  for (const [number, status] of [[1, 'Done'], [2, 'Canceled'], [3, 'Done']]) at.notion.editPage(at.page(number), { Status: status });
  at.github.editIssue(at.repo, 3, { labels: ['in review'] });
  await at.pass(run);
  await at.settle(run);
  assert.deepEqual([1, 2, 3].map(at.shown), [['open', ['doing'], 'Done', []], ['open', ['doing'], 'Canceled', []], ['open', ['in review'], 'Done', []]]);
  at.later();
  at.notion.editPage(at.page(1), { Status: 'Review' });
  at.notion.editPage(at.page(3), { Status: 'In progress' });
  at.github.close(at.repo, 2);
  await at.pass(run);
  assert.deepEqual([1, 2, 3].map(at.shown), [['open', ['in review'], 'Review', []], ['closed', [], 'Done', []], ['open', ['in review'], 'Review', []]]);
  await at.settle(run);
});

test('a pull request whose page was set to done on something else keeps its lane', async (t) => {
  const at = await lanes(t);
  const run = { ...RUN, pull_requests: 'all', pull_request_done: 'merge' };
  at.addPull({ title: 'Pull', labels: ['doing'] });
  await at.pass(run);
  at.later();
  await at.pass(run);
  at.later();
  at.github.pushHead(at.repo, 1);
  at.notion.editPage(at.page(1), { Status: 'Done' });
  await at.pass(run);
  assert.deepEqual(at.shown(1), ['open', ['doing'], 'In progress', []]);
  await at.settle(run);
});

test('a page becomes an issue with the label of its status', async (t) => {
  const at = await lanes(t);
  at.addPage({ Name: 'New', Status: 'Review', Labels: ['bug'] });
  at.later();
  await at.pass(RUN);
  assert.deepEqual(at.shown(1), ['open', ['bug', 'in review'], 'Review', ['bug']]);
  await at.settle(RUN);
});
