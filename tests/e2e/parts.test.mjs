// A part of a write that a service refuses keeps nothing else from being written; it is named, and its wish stays.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, story } from './sync-story.mjs';

const PEOPLE = { properties: { Assignees: 'people', Milestone: 'select' }, repo: { collaborators: ['alice', 'bob', 'carol'] } };

async function team(t) {
  const at = await story(t, PEOPLE);
  const users = Object.fromEntries(['alice', 'bob', 'carol'].map((login) => [login, at.notion.addUser({ name: login, email: `${login}@example.com` })]));
  const inputs = { people_map: Object.entries(users).map(([login, { id }]) => `${login} = ${id}`) };
  return { at, users, inputs };
}

const warned = (run, words) => run.commands.filter(({ name, data }) => name === 'warning' && words.test(data));
const LEFT = /did not accept "bob" \(assignees\).*Could not find user/;

test('a mapped person who left the workspace: the page is made without them, they are named, the wish is kept', async (t) => {
  const { at, users, inputs } = await team(t);
  const gone = at.notion.removeUser(users.bob);
  at.addIssue({ title: 'One', body: 'Text', labels: ['bug'], assignees: ['alice', 'bob'] });
  const run = await at.pass(inputs);
  assert.equal(warned(run, LEFT).length, 1, run.stdout);
  assert.deepEqual([at.row(1).Labels, at.row(1).Assignees, at.notion.markdown(at.page(1)).trim()], [['bug'], ['alice'], 'Text']);
  at.later();
  const again = await at.pass({ ...inputs, mode: 'full' });
  assert.equal(again.outputs.failures, '0');
  assert.deepEqual([at.row(1).Assignees, at.issue(1).assignees], [['alice'], ['alice', 'bob']]);
  at.later();
  gone.back();
  await at.pass({ ...inputs, mode: 'full' });
  assert.deepEqual(at.row(1).Assignees, ['alice', 'bob']);
  await at.settle(inputs);
});

test('the same for a page that is there; what people take away meanwhile is taken away', async (t) => {
  const { at, users, inputs } = await team(t);
  at.addIssue({ title: 'One', assignees: ['alice'] });
  await at.pass(inputs);
  at.later();
  at.notion.removeUser(users.bob);
  at.github.assign(at.repo, 1, ['bob', 'carol']);
  at.github.editIssue(at.repo, 1, { title: 'Renamed', labels: ['bug'] });
  const run = await at.pass(inputs);
  assert.equal(warned(run, LEFT).length, 1);
  assert.deepEqual([at.row(1).Name, at.row(1).Labels, at.row(1).Assignees], ['Renamed', ['bug'], ['alice', 'carol']]);
  at.later();
  at.notion.editPage(at.page(1), { Assignees: ['carol'] });
  await at.pass(inputs);
  assert.deepEqual([at.issue(1).assignees, at.row(1).Assignees], [['bob', 'carol'], ['carol']]);
});

test('what is taken away goes even if nothing of what is to replace it is accepted', async (t) => {
  const { at, users, inputs } = await team(t);
  at.addIssue({ title: 'One', assignees: ['alice'] });
  await at.pass(inputs);
  at.later();
  at.notion.removeUser(users.bob);
  at.github.unassign(at.repo, 1, ['alice']);
  at.github.assign(at.repo, 1, ['bob']);
  assert.equal(warned(await at.pass(inputs), LEFT).length, 1);
  assert.deepEqual([at.issue(1).assignees, at.row(1).Assignees], [['bob'], []]);
  at.later();
  await at.pass({ ...inputs, mode: 'full' });
  assert.deepEqual([at.issue(1).assignees, at.row(1).Assignees], [['bob'], []]);
});

test('a person who left while they are on the page keeps nobody else from it', async (t) => {
  const { at, users, inputs } = await team(t);
  at.addIssue({ title: 'One', assignees: ['bob'] });
  await at.pass(inputs);
  at.later();
  at.notion.removeUser(users.bob);
  at.github.assign(at.repo, 1, ['alice']);
  const run = await at.pass(inputs);
  assert.equal(run.outputs.failures, '0');
  assert.deepEqual([at.row(1).Assignees, at.issue(1).assignees], [['alice'], ['alice', 'bob']]);
});

test('nobody else is left to be written: no failure, pass after pass', async (t) => {
  const { at, users, inputs } = await team(t);
  at.addIssue({ title: 'One' });
  await at.pass(inputs);
  at.notion.removeUser(users.bob);
  for (const mode of ['auto', 'full']) {
    at.later();
    at.github.assign(at.repo, 1, 'bob');
    const run = await at.pass({ ...inputs, mode });
    assert.deepEqual([run.outputs.failures, warned(run, LEFT).length], ['0', 1]);
  }
});

// What the request of a fault says where it carries what a test refuses.
const refusing = (at, method, path, has, status, body) => at.sandbox.fault({
  match: (request) => new RegExp(`^${method}$`).test(request.method) && path.test(request.path) && has(request.body), kind: 'status', status, body, times: Infinity,
});
const INVALID = { message: 'Validation Failed', errors: [{ resource: 'Label', field: 'name', code: 'invalid' }] };

test('a label that GitHub refuses: the others and all else are written, on a new issue and on one that is there', async (t) => {
  const at = await story(t);
  const bad = (body) => (body?.labels ?? []).includes('bad');
  refusing(at, 'POST', /\/issues(\/\d+\/labels)?$/, bad, 422, INVALID);
  const page = at.addPage({ Name: 'One', Labels: ['good', 'bad'] });
  const made = await at.pass();
  assert.deepEqual([at.issue(1).title, at.issue(1).labels, at.notion.values(page)['GitHub ID']], ['One', ['good'], 1]);
  assert.match(made.stdout, /::warning::.*did not accept "bad" \(labels\): .*Validation Failed/);
  at.sandbox.clearFaults();
  at.later();
  refusing(at, '(PATCH|POST)', /\/issues\/\d+(\/labels)?$/, bad, 422, INVALID);
  at.notion.editPage(page, { Name: 'Two', Labels: ['good', 'bad', 'better'], Status: 'Done' });
  const run = await at.pass();
  assert.equal(run.outputs.failures, '0');
  assert.deepEqual([at.issue(1).title, at.issue(1).labels, at.issue(1).state], ['Two', ['better', 'good'], 'closed']);
  assert.deepEqual(at.row(1).Labels, ['bad', 'better', 'good']);
  at.sandbox.clearFaults();
  at.later();
  await at.pass({ mode: 'full' });
  assert.deepEqual(at.issue(1).labels, ['bad', 'better', 'good']);
  await at.settle();
});

test('a milestone that GitHub refuses waits, and all else is written', async (t) => {
  const at = await story(t, { ...PEOPLE, repo: { milestones: ['v1'] } });
  const inputs = {};
  at.addIssue({ title: 'One' });
  await at.pass(inputs);
  at.later();
  refusing(at, 'PATCH', /\/issues\/\d+$/, (body) => body?.milestone !== undefined, 422, { message: 'Validation Failed', errors: ['milestone is invalid'] });
  at.notion.editPage(at.page(1), { Name: 'Two', Milestone: 'v1' });
  const run = await at.pass(inputs);
  assert.match(run.stdout, /::warning::.*did not accept the milestone: .*milestone is invalid/);
  assert.deepEqual([at.issue(1).title, at.issue(1).milestone ?? null, run.outputs.failures], ['Two', null, '0']);
  at.sandbox.clearFaults();
  at.later();
  await at.pass({ ...inputs, mode: 'full' });
  assert.equal(at.issue(1).milestone, 'v1');
  await at.settle(inputs);
});

test('an option that Notion refuses: the page is written without it', async (t) => {
  const at = await story(t);
  const bad = (body) => Object.values(body?.properties ?? {}).some((value) => (value.multi_select ?? []).some(({ name }) => name === 'bad'));
  at.addIssue({ title: 'One' });
  await at.pass();
  at.later();
  refusing(at, 'PATCH', /\/pages\/[^/]+$/, bad, 400, { object: 'error', status: 400, code: 'validation_error', message: 'No room for options.' });
  at.github.editIssue(at.repo, 1, { title: 'Two', labels: ['good', 'bad'] });
  const run = await at.pass();
  assert.deepEqual([at.row(1).Name, at.row(1).Labels, run.outputs.failures], ['Two', ['good'], '0']);
  assert.match(run.stdout, /::warning::.*"bad" \(labels\).*No room for options/);
});

test('if all is refused, that is a failure as always', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  await at.pass();
  at.later();
  refusing(at, 'PATCH', /\/pages\/[^/]+$/, () => true, 400, { object: 'error', status: 400, code: 'validation_error', message: 'Not today.' });
  at.github.editIssue(at.repo, 1, { title: 'Two' });
  const run = await at.pass({}, { code: 1 });
  const text = `updating the page ${at.page(1)}: Notion refuses: Not today. (400); correct what it names, or, if nothing there is wrong, open an issue with this message in the repository of this action`;
  assert.deepEqual(run.commands.filter(({ name }) => /error|warning/.test(name)).map(({ name, data }) => [name, data]), [['error', `#1 “Two”: ${text}`]]);
  assert.equal(run.summary.split(text).length, 2, run.summary);
  assert.ok(changes(at, run).length > 0);
});
