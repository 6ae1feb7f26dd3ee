// Fields that go one way by choice: row F9, and what the others make of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, story } from './sync-story.mjs';

const only = (way, ...fields) => ({ directions: fields.map((field) => `${field} = ${way}`) });
const boards = { properties: { Milestone: { select: [] } }, repo: { milestones: ['v1', 'v2'] } };

// One issue and one page, linked and in sync.
async function pair(t, inputs) {
  const at = await story(t, boards);
  at.addIssue({ title: 'One', labels: ['bug'], milestone: 1 });
  await at.pass(inputs);
  await at.settle(inputs);
  at.later();
  return { at, page: at.page(1) };
}

test('to_notion: what is edited on the page stays there, and is quoted when GitHub has something new', async (t) => {
  const inputs = only('to_notion', 'title', 'labels', 'status', 'milestone');
  const { at, page } = await pair(t, { ...inputs, on_conflict: 'notion' });
  at.notion.editPage(page, { Name: 'Ours', Labels: ['mine'], Status: 'Done', Milestone: 'v2' });
  assert.deepEqual(changes(at, await at.pass(inputs)), []);
  await at.settle(inputs);
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Two' });
  at.github.label(at.repo, 1, ['urgent']);
  const result = await at.pass({ ...inputs, on_conflict: 'notion' });
  assert.deepEqual([at.issue(1).title, at.issue(1).labels, at.issue(1).state], ['Two', ['bug', 'urgent'], 'open']);
  const { Name, Labels, Status, Milestone } = at.row(1);
  assert.deepEqual([Name, Labels, Status, Milestone], ['Two', ['mine', 'urgent'], 'Done', 'v2'], 'what GitHub did not change stays');
  assert.match(at.notion.commentsOf(page).at(-1).text, /`Two` from GitHub was kept\. Notion had:\nOurs/);
  assert.ok(!at.issue(1).comments.some(({ body }) => body.includes('Ours')));
  assert.match(result.summary, /Ours/);
  assert.equal(result.outputs.conflicts, '1');
  await at.settle(inputs);
  at.later();
  at.github.editIssue(at.repo, 1, { milestone: null });
  at.github.close(at.repo, 1);
  await at.pass(inputs);
  assert.deepEqual([at.row(1).Milestone, at.row(1).Status], [null, 'Done']);
  await at.settle(inputs);
});

test('to_github: what is edited on the issue stays there, until the page says otherwise', async (t) => {
  const inputs = only('to_github', 'title', 'labels', 'status', 'milestone');
  const { at, page } = await pair(t, inputs);
  at.github.editIssue(at.repo, 1, { title: 'Theirs', milestone: 2, labels: ['bug', 'urgent'] });
  at.github.close(at.repo, 1);
  assert.deepEqual(changes(at, await at.pass(inputs)).map(([verb, , values]) => [verb, values]), [
    ['write page', { 'GitHub State': 'Closed' }],
  ], 'columns that show GitHub\'s side go on showing it');
  await at.settle(inputs);
  at.later();
  at.notion.editPage(page, { Labels: ['docs'], Status: 'In progress' });
  await at.pass(inputs);
  const { title, labels, state, milestone } = at.issue(1);
  assert.deepEqual([title, labels, state, milestone], ['Theirs', ['docs', 'urgent'], 'closed', 'v2'], 'nobody reopened it');
  await at.settle(inputs);
  at.later();
  at.notion.editPage(page, { Name: 'Ours' });
  await at.pass(inputs);
  assert.equal(at.issue(1).title, 'Ours');
  assert.match(at.comments(1).at(-1), /Theirs/);
  await at.settle(inputs);
});

test('what is new is filled whatever the direction', async (t) => {
  const inputs = { ...only('to_notion', 'title', 'labels', 'status', 'milestone'), create_issues: 'all' };
  const at = await story(t, boards);
  at.addPage({ Name: 'New', Labels: ['docs'], Status: 'Done', Milestone: 'v1' });
  await at.pass(inputs);
  const { title, labels, state, milestone } = at.issue(1);
  assert.deepEqual([title, labels, state, milestone], ['New', ['docs'], 'closed', 'v1']);
  await at.settle(inputs);
});

test('another direction is compared at once, and brings what had stayed behind', async (t) => {
  const inputs = only('to_notion', 'title', 'labels');
  const { at, page } = await pair(t, inputs);
  at.notion.editPage(page, { Name: 'Ours', Labels: ['bug', 'mine'] });
  at.github.label(at.repo, 1, ['urgent']);
  await at.pass(inputs);
  assert.deepEqual([at.issue(1).title, at.row(1).Labels], ['One', ['bug', 'mine', 'urgent']]);
  await at.settle(inputs);
  at.later();
  const { report } = await at.pass();
  assert.match(report.why_full, /configuration changed/);
  assert.deepEqual([at.issue(1).title, at.issue(1).labels], ['Ours', ['bug', 'mine', 'urgent']]);
  await at.settle();
});

test('the link comment and `check` say which way each field goes', async (t) => {
  const inputs = { directions: ['labels = to_notion', 'status = to_github'] };
  const { at } = await pair(t, inputs);
  assert.match(at.comments(1)[0], /Changes to title, milestone and description on either side appear on the other after the next run\. Changes to labels go from here to the page only\. Changes to status come from the page only\./);
  const { summary } = await at.pass({ ...inputs, check: 'true' });
  assert.match(summary, /labels, to Notion only/);
  assert.match(summary, /status, to GitHub only/);
  assert.doesNotMatch(summary, /title, to/);
});

test('on a pull request that a page may not merge, its status stays where it is', async (t) => {
  const inputs = only('to_notion', 'status');
  const at = await story(t);
  const pull = at.addPull({ title: 'Pull', head: 'topic' });
  const page = at.addPage({ Name: 'Pull', Status: 'In progress', 'GitHub ID': pull.number });
  await at.pass(inputs);
  at.later();
  at.notion.editPage(page, { Status: 'Done' });
  assert.deepEqual(changes(at, await at.pass(inputs)), []);
  assert.equal(at.issue(pull.number).state, 'open');
  await at.settle(inputs);
});
