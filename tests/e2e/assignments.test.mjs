// Assignees, milestones and issue types: both ways, through names that both sides must know.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { step } from './cases.mjs';
import { inWords, story } from './sync-story.mjs';

const repo = { collaborators: ['alice', 'bob', 'carol'], milestones: ['v1', 'v2, later'] };

// A board with people: Notion's Ann, Ben and Gil (a guest) are alice, bob and carol.
async function people(t, { issue, page, properties, map } = {}) {
  const at = await story(t, { properties: { Assignees: 'people', ...properties }, repo });
  const { notion } = at;
  const [ann, ben, gil, eve] = [
    notion.addUser({ name: 'Ann', email: 'ann@example.com' }), notion.addUser({ name: 'Ben', email: 'ben@example.com' }),
    notion.addUser({ name: 'Gil', email: 'gil@example.com', guest: true }), notion.addUser({ name: 'Eve', email: 'eve@example.com' }),
  ];
  const people_map = map?.({ ann, ben, gil, eve }) ?? ['alice = ANN@example.com', `bob = ${ben.id.replace(/-/g, '')}`, `carol = ${gil.id}`];
  at.addIssue({ title: 'One', ...issue });
  if (page) at.addPage({ 'GitHub ID': 1, ...page });
  const inputs = { people_map };
  await at.pass(inputs);
  await at.settle(inputs);
  at.later();
  return { at, inputs, ann, ben, gil, eve, both: () => [at.issue(1).assignees, at.row(1).Assignees] };
}

test('assignees go both ways through people_map: addresses, ids, guests', async (t) => {
  const { at, inputs, both } = await people(t, { issue: { assignees: ['alice', 'carol'] } });
  assert.deepEqual(both(), [['alice', 'carol'], ['Ann', 'Gil']]);
  at.github.assign(at.repo, 1, 'bob');
  at.github.unassign(at.repo, 1, 'carol');
  const { summary } = await at.pass(inputs);
  assert.match(summary, /Assignees in Notion: `alice`, `carol` → `alice`, `bob`/);
  assert.deepEqual(both(), [['alice', 'bob'], ['Ann', 'Ben']]);
  await at.settle(inputs);
  at.later();
  at.notion.editPage(at.page(1), { Assignees: ['Gil', 'Ben'] });
  const result = await at.pass(inputs);
  assert.deepEqual(both(), [['bob', 'carol'], ['Ben', 'Gil']]);
  assert.deepEqual(result.requests.map(inWords).filter((words) => /assignees/.test(words)), [
    'github DELETE /repos/acme/app/issues/1/assignees', 'github POST /repos/acme/app/issues/1/assignees',
  ]);
  assert.equal(result.outputs.issues_updated, '1');
  await at.settle(inputs);
});

test('reports name people by their logins; who is not in people_map keeps the id, and so do all in the JSON report', async (t) => {
  const { at, inputs, ann, eve } = await people(t, { issue: { assignees: ['alice'] }, page: { Name: 'One', Assignees: ['Eve', 'Ann'] } });
  at.github.assign(at.repo, 1, 'bob');
  const { summary, report } = await at.pass({ ...inputs, dry_run: 'true' });
  assert.ok(summary.includes(`Assignees in Notion: \`${eve.id}\`, \`alice\` → \`${eve.id}\`, \`alice\`, \`bob\``), summary);
  const field = report.results[0].fields.find(({ field }) => field === 'assignees');
  assert.deepEqual(field.before, { github: ['alice', 'bob'], notion: [eve.id, ann.id] });
});

test('changes on both sides are merged person by person', async (t) => {
  const { at, inputs, both } = await people(t, { issue: { assignees: ['alice', 'bob'] } });
  at.github.unassign(at.repo, 1, 'alice');
  at.notion.editPage(at.page(1), { Assignees: ['Ann', 'Ben', 'Gil'] });
  const { outputs } = await at.pass(inputs);
  assert.deepEqual(both(), [['bob', 'carol'], ['Ben', 'Gil']]);
  assert.equal(outputs.conflicts, '0');
  await at.settle(inputs);
});

test('people who are not in people_map are touched on neither side', async (t) => {
  const map = () => ['alice = ann@example.com'];
  const { at, inputs, both } = await people(t, { issue: { assignees: ['alice', 'bob'] }, page: { Name: 'One', Assignees: ['Eve'] }, map });
  assert.deepEqual(both(), [['alice', 'bob'], ['Ann', 'Eve']]);
  at.github.unassign(at.repo, 1, 'alice');
  await at.pass(inputs);
  assert.deepEqual(both(), [['bob'], ['Eve']]);
  await at.settle(inputs);
  at.later();
  at.notion.editPage(at.page(1), { Assignees: ['Ben', 'Ann'] });
  await at.pass(inputs);
  assert.deepEqual(both(), [['alice', 'bob'], ['Ann', 'Ben']]);
  await at.settle(inputs);
  at.later();
  const more = { people_map: ['alice = ann@example.com', 'bob = eve@example.com'] };
  await at.pass(more);
  assert.deepEqual(both(), [['alice', 'bob'], ['Ann', 'Ben', 'Eve']], 'who is added to the map is brought over');
  await at.settle(more);
});

test('a page with people becomes an issue with assignees, also after a crash at any request', async (t) => {
  for (let n = 1; ; n += step(3)) {
    const at = await story(t, { properties: { Assignees: 'people' }, repo });
    const ann = at.notion.addUser({ name: 'Ann', email: 'ann@example.com' });
    const inputs = { people_map: [`alice = ${ann.id}`] };
    at.addPage({ Name: 'New', Assignees: ['Ann'] });
    const first = await at.sync(inputs, { killAt: { n, phase: 'after' } });
    if (first.signal === null) break;
    at.later();
    await at.pass(inputs);
    assert.equal(at.issues().length, 1, `killed at request ${n}`);
    assert.deepEqual([at.issue(1).assignees, at.row(1).Assignees], [['alice'], ['Ann']], `killed at request ${n}`);
    await at.settle(inputs);
  }
});

test('GitHub silently drops people that it does not accept: that is reported once, and nobody is removed', async (t) => {
  const map = ({ ann, eve }) => [`alice = ${ann.id}`, `mallory = ${eve.id}`];
  const { at, inputs, both } = await people(t, { map });
  at.notion.editPage(at.page(1), { Assignees: ['Ann', 'Eve'] });
  const { summary } = await at.pass(inputs);
  assert.deepEqual(both(), [['alice'], ['Ann', 'Eve']]);
  assert.match(summary, /GitHub did not accept mallory as an assignee/);
  await at.settle(inputs);
});

test('what the request before wrote is not taken for a change when assignees are written after it', async (t) => {
  const { at, inputs, both } = await people(t, { issue: { assignees: ['alice'], body: 'First.' } });
  at.notion.editPage(at.page(1), { Name: 'Two', Assignees: ['Ann', 'Ben'] });
  at.notion.editContent(at.page(1), (text) => `Second.\n\n${text}`);
  await at.pass(inputs);
  assert.deepEqual([at.issue(1).title, at.issue(1).body, ...both()], ['Two', 'Second.\n\nFirst.', ['alice', 'bob'], ['Ann', 'Ben']]);
  at.later();
  await at.pass({ ...inputs, mode: 'full' });
  assert.equal(at.notion.markdown(at.page(1)), 'Second.\n\nFirst.');
  await at.settle(inputs);
  at.later();
  at.notion.editPage(at.page(1), { Assignees: ['Ben'] });
  at.notion.editContent(at.page(1), (text) => `${text}\n\nThird.`);
  at.later();
  const off = at.sandbox.on(({ phase, request: { method, path } }) => {
    if (phase === 'before' && method === 'DELETE' && /assignees$/.test(path)) at.github.editIssue(at.repo, 1, { body: 'Second.\n\nFirst.\n\nThird.\n\nFourth.' });
  });
  await at.pass(inputs);
  off();
  at.later();
  await at.pass(inputs);
  assert.equal(at.issue(1).body, 'Second.\n\nFirst.\n\nThird.\n\nFourth.');
  assert.equal(at.notion.markdown(at.page(1)), 'Second.\n\nFirst.\n\nThird.\n\nFourth.');
});

test('an issue takes ten assignees', async (t) => {
  const many = Array.from({ length: 11 }, (_, i) => `user${i}`);
  const at = await story(t, { properties: { Assignees: 'people' }, repo: { collaborators: many } });
  const users = many.map((name) => at.notion.addUser({ name }));
  const inputs = { people_map: many.map((login, i) => `${login} = ${users[i].id}`) };
  at.addPage({ Name: 'All', Assignees: many });
  const { summary } = await at.pass(inputs);
  assert.equal(at.issue(1).assignees.length, 10);
  assert.equal(at.row(1).Assignees.length, 11);
  assert.match(summary, /ten at most/);
  await at.settle(inputs);
});

test('more people than a row shows at once are all counted', async (t) => {
  const many = Array.from({ length: 30 }, (_, i) => `u${String(i).padStart(2, '0')}`);
  const at = await story(t, { properties: { Assignees: 'people' }, repo: { collaborators: many } });
  const users = many.map((name) => at.notion.addUser({ name }));
  const inputs = { people_map: [`${many[28]} = ${users[28].id}`, `${many[29]} = ${users[29].id}`] };
  at.addPage({ Name: 'All', Assignees: many });
  await at.pass(inputs);
  assert.deepEqual(at.issue(1).assignees, [many[28], many[29]]);
  at.later();
  at.github.unassign(at.repo, 1, many[28]);
  await at.pass(inputs);
  assert.deepEqual(at.row(1).Assignees, many.filter((name) => name !== many[28]));
  await at.settle(inputs);
});

test('addresses that nobody has, and a token that may not read them, are reported with the cure', async (t) => {
  const at = await story(t, { properties: { Assignees: 'people' }, repo });
  at.notion.addUser({ name: 'Gil', email: 'gil@example.com', guest: true });
  at.addIssue({ title: 'One', assignees: ['alice'] });
  const inputs = { people_map: ['alice = gil@example.com'] };
  const first = await at.pass(inputs);
  assert.match(first.stdout, /no member of the Notion workspace has the e-mail address given for alice \(guests are not listed: give the user id\)/);
  assert.deepEqual(at.row(1).Assignees, []);
  at.notion.integration.capabilities.delete('user_email');
  const second = await at.pass({ ...inputs, mode: 'full' }, { code: 2 });
  assert.match(second.stdout + second.stderr, /the capability "Read user information including email addresses"/);
  at.notion.integration.capabilities.delete('user_info');
  const third = await at.pass({ ...inputs, mode: 'full' }, { code: 2 });
  assert.match(third.stdout + third.stderr, /the capability "Read user information"/);
});

// --- milestones and issue types ---

async function pair(t, { options, inputs, issue, page } = {}) {
  const at = await story(t, options);
  at.addIssue({ title: 'One', ...issue });
  if (page) at.addPage({ 'GitHub ID': 1, ...page });
  await at.pass(inputs);
  await at.settle(inputs);
  at.later();
  return at;
}

for (const type of ['select', 'rich_text']) {
  test(`a milestone goes both ways by its title (${type})`, async (t) => {
    const at = await pair(t, { options: { properties: { Milestone: type }, repo }, issue: { milestone: 1 } });
    const values = () => [at.issue(1).milestone, at.row(1).Milestone];
    assert.deepEqual(values(), ['v1', 'v1']);
    at.github.editIssue(at.repo, 1, { milestone: 2 });
    await at.pass();
    assert.deepEqual(values(), ['v2, later', type === 'select' ? 'v2， later' : 'v2, later']);
    await at.settle();
    at.later();
    at.notion.editPage(at.page(1), { Milestone: 'V1' });
    await at.pass();
    assert.equal(at.issue(1).milestone, 'v1');
    await at.settle();
    at.later();
    at.notion.editPage(at.page(1), { Milestone: type === 'select' ? null : '' });
    await at.pass();
    assert.equal(at.issue(1).milestone, null);
    await at.settle();
    at.later();
    at.notion.editPage(at.page(1), { Milestone: type === 'select' ? 'v2， later' : 'v2, later' });
    await at.pass();
    assert.equal(at.issue(1).milestone, 'v2, later');
    await at.settle();
    at.later();
    at.github.editIssue(at.repo, 1, { milestone: null });
    await at.pass();
    assert.deepEqual([at.issue(1).milestone, at.row(1).Milestone || null], [null, null]);
    await at.settle();
  });
}

test('a milestone that GitHub lacks is reported, and set once it is there', async (t) => {
  const at = await pair(t, { options: { properties: { Milestone: { select: [] } }, repo }, issue: { milestone: 1 } });
  at.notion.editPage(at.page(1), { Milestone: 'v9' });
  const { summary, outputs } = await at.pass();
  assert.deepEqual([outputs.failures, at.issue(1).milestone, at.row(1).Milestone], ['0', 'v1', 'v9']);
  assert.match(summary, /GitHub has no milestone "v9"/);
  await at.settle();
  at.github.addMilestone(at.repo, { title: 'v9' });
  at.later();
  await at.pass({ mode: 'full' });
  assert.equal(at.issue(1).milestone, 'v9');
  await at.settle();
});

test('milestones that both sides changed are a conflict; a page with one becomes an issue with it', async (t) => {
  const at = await pair(t, { options: { properties: { Milestone: { select: [] } }, repo } });
  at.github.editIssue(at.repo, 1, { milestone: 1 });
  at.notion.editPage(at.page(1), { Milestone: 'v2， later' });
  const { outputs } = await at.pass();
  assert.equal(outputs.conflicts, '1');
  assert.deepEqual([at.issue(1).milestone, at.row(1).Milestone], ['v1', 'v1']);
  assert.ok(at.comments(1).some((text) => text.includes('v2, later')));
  at.later();
  at.addPage({ Name: 'New', Milestone: 'v2， later' });
  await at.pass();
  assert.equal(at.issue(2).milestone, 'v2, later');
  await at.settle();
});

test('milestones with long titles are not cut by Notion\'s options', async (t) => {
  const long = `v1 ${'x'.repeat(150)}`;
  const at = await pair(t, { options: { properties: { Milestone: { select: [] } }, repo: { milestones: [long, 'v2'] } }, issue: { milestone: 1 } });
  assert.equal(at.row(1).Milestone, long.slice(0, 100));
  at.notion.editPage(at.page(1), { Milestone: 'v2' });
  await at.pass();
  at.later();
  at.notion.editPage(at.page(1), { Milestone: long.slice(0, 100) });
  await at.pass();
  assert.equal(at.issue(1).milestone, long);
  await at.settle();
});

test('issue types go both ways if the owner has some', async (t) => {
  const types = { organization: true, issueTypes: ['Bug', 'Feature'] };
  const at = await pair(t, { options: { properties: { 'Issue Type': { select: ['Bug'] } }, repo: types }, issue: { type: 'Bug' } });
  const values = () => [at.issue(1).type, at.row(1)['Issue Type']];
  assert.deepEqual(values(), ['Bug', 'Bug']);
  at.notion.editPage(at.page(1), { 'Issue Type': 'Feature' });
  await at.pass();
  assert.deepEqual(values(), ['Feature', 'Feature']);
  await at.settle();
  at.later();
  at.github.editIssue(at.repo, 1, { type: null });
  await at.pass();
  assert.deepEqual(values(), [null, null]);
  await at.settle();
  at.later();
  at.notion.editPage(at.page(1), { 'Issue Type': 'Epic' });
  const { summary } = await at.pass();
  assert.match(summary, /GitHub has no issue type "Epic"/);
  await at.settle();
  at.later();
  at.notion.editPage(at.page(1), { 'Issue Type': null });
  await at.pass();
  at.later();
  at.addPage({ Name: 'New', 'Issue Type': 'Bug' });
  await at.pass();
  assert.equal(at.issue(2).type, 'Bug');
  await at.settle();
});

test('without issue types on GitHub the column is not touched', async (t) => {
  const at = await pair(t, { options: { properties: { 'Issue Type': { select: ['Bug'] } } }, page: { Name: 'One', 'Issue Type': 'Bug' } });
  assert.equal(at.row(1)['Issue Type'], 'Bug');
  const { summary } = await at.pass({ mode: 'full' });
  assert.match(summary, /no issue types: they belong to organizations/);
});
