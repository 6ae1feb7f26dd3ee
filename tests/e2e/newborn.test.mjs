// new_issue_labels, new_issue_type: what issues get that are made for pages.

import assert from 'node:assert/strict';
import test from 'node:test';

import { MINUTE, story } from './sync-story.mjs';

const COLUMNS = { properties: { 'Issue Type': { select: ['Feature'] } }, repo: { organization: true, issueTypes: ['Task', 'Feature'] } };
const INPUTS = { new_issue_labels: ['from notion', 'triage, please', 'BUG'], new_issue_type: 'task' };
const LABELS = ['from notion', 'triage, please'];
const tags = (labels) => [...labels].sort();
const posts = (run) => run.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/issues'));
const writes = (run, id) => run.requests.filter(({ method, path }) => method === 'PATCH' && path.endsWith(id));

test('labels and type go into the creating request, and the page shows them in the same run', async (t) => {
  const at = await story(t, COLUMNS);
  const id = at.addPage({ Name: 'One', Labels: ['bug'] });
  at.addPage({ Name: 'Two', 'Issue Type': 'Feature' });
  const run = await at.pass(INPUTS);
  assert.deepEqual(posts(run).map(({ body: { labels, type } }) => [tags(labels), type]),
    [[tags(['bug', ...LABELS]), 'task'], [tags(['BUG', ...LABELS]), 'Feature']]);
  assert.equal(writes(run, id).length, 1);
  assert.deepEqual([tags(at.row(1).Labels), at.row(1)['Issue Type']], [tags(['bug', 'from notion', 'triage， please']), 'Task']);
  assert.deepEqual([tags(at.row(2).Labels), at.row(2)['Issue Type']], [tags(['bug', 'from notion', 'triage， please']), 'Feature']);
  await at.settle(INPUTS);
  // They are labels like any other: what people take away is taken away.
  at.later();
  at.notion.editPage(id, { Labels: ['bug'], 'Issue Type': null });
  await at.pass(INPUTS);
  assert.deepEqual([at.issue(1).labels, at.issue(1).type ?? null], [['bug'], null]);
  await at.settle(INPUTS);
});

test('issues from GitHub, and issues that were there, get none', async (t) => {
  const at = await story(t, COLUMNS);
  at.addIssue({ title: 'One', labels: ['bug'] });
  at.addIssue({ title: 'Two' });
  at.addPage({ Name: 'Two', 'GitHub ID': 2 });
  await at.pass(INPUTS);
  for (const issue of at.issues()) assert.deepEqual(issue.labels.filter((label) => label !== 'bug'), []);
});

test('without columns for them, and with fields that do not go to Notion, the issue has them anyway', async (t) => {
  for (const more of [{ property_map: ['labels =', 'issue_type ='] }, { directions: ['labels = to_github', 'issue_type = to_github'] }]) {
    const at = await story(t, COLUMNS);
    at.addPage({ Name: 'One' });
    await at.pass({ ...INPUTS, ...more });
    assert.deepEqual([tags(at.issue(1).labels), at.issue(1).type], [tags(['BUG', ...LABELS]), 'Task']);
    assert.deepEqual([at.row(1).Labels, at.row(1)['Issue Type']], [[], null]);
    await at.settle({ ...INPUTS, ...more });
  }
});

test('labels of columns of one\'s own go to these columns; what the page names counts', async (t) => {
  const at = await story(t, { properties: { Priority: { select: ['high'] }, Area: { multi_select: ['ui'] }, Broken: 'checkbox' } });
  const inputs = {
    fields: ['Priority = label: priority/*', 'Area = label: area/*', 'Broken = label: broken'],
    new_issue_labels: ['priority/low', 'priority/none', 'area/new', 'broken', 'triage'],
  };
  const ids = [at.addPage({ Name: 'One', Priority: 'high', Area: ['ui'] }), at.addPage({ Name: 'Two' })];
  const run = await at.pass(inputs);
  const rows = Object.fromEntries(at.rows().map((row) => [row.Name, [row['GitHub ID'], row.Priority, tags(row.Area), row.Broken, row.Labels]]));
  assert.deepEqual([rows.One.slice(1), rows.Two.slice(1)], [['high', ['new', 'ui'], true, ['triage']], ['low', ['new'], true, ['triage']]]);
  assert.deepEqual([rows.One[0], rows.Two[0]].map((n) => tags(at.issue(n).labels)),
    [['area/new', 'area/ui', 'broken', 'priority/high', 'triage'], ['area/new', 'broken', 'priority/low', 'triage']]);
  assert.deepEqual(run.commands.filter(({ name }) => name === 'warning'), []);
  for (const id of ids) assert.equal(writes(run, id).length, 1);
  await at.settle(inputs);
});

const REFUSED = /GitHub did not accept the (?:issue type|issue_type)/;

for (const [what, options, setUp] of [
  ['GitHub has no such type', { ...COLUMNS, repo: {} }, () => {}],
  ['GitHub refuses the request for it', { ...COLUMNS, repo: {} }, (at) => at.sandbox.fault({
    service: 'github', method: 'POST', path: '/repos/acme/app/issues', kind: 'status', status: 422,
    body: { message: 'Validation Failed', errors: [{ resource: 'Issue', field: 'type', code: 'invalid' }] },
  })],
]) {
  test(`${what}: the rest is written, it is reported once, and nothing goes round in circles`, async (t) => {
    const at = await story(t, options);
    at.addPage({ Name: 'One', Labels: ['bug'] });
    setUp(at);
    const run = await at.pass(INPUTS);
    assert.deepEqual([run.outputs.issues_created, run.outputs.failures], ['1', '0']);
    assert.equal(run.commands.filter(({ name, data }) => name === 'warning' && REFUSED.test(data)).length, 1, run.stdout);
    assert.deepEqual([tags(at.issue(1).labels), tags(at.row(1).Labels)], [tags(['bug', ...LABELS]), tags(['bug', 'from notion', 'triage， please'])]);
    assert.equal(at.row(1)['Issue Type'], null);
    const { second } = await at.settle(INPUTS);
    assert.doesNotMatch(second.stdout, REFUSED);
  });
}

test('a run that dies right after creating is followed by one that shows them', async (t) => {
  const at = await story(t, COLUMNS);
  at.addPage({ Name: 'One', Labels: ['bug'] });
  await at.sync(INPUTS, { killAt: { match: ({ method, path }) => method === 'POST' && path.endsWith('/issues'), phase: 'after' } });
  at.later(20 * MINUTE);
  await at.pass(INPUTS);
  assert.equal(at.issues().length, 1);
  assert.deepEqual([tags(at.row(1).Labels), at.row(1)['Issue Type']], [tags(['bug', 'from notion', 'triage， please']), 'Task']);
  await at.settle(INPUTS);
});

test('bad values', async (t) => {
  const at = await story(t);
  for (const [inputs, words] of [
    [{ new_issue_labels: ['internal/new', 'ok'], label_ignore: ['Internal/*'] }, /new_issue_labels: "internal\/new": .*label_ignore/],
    [{ new_issue_labels: Array.from({ length: 51 }, (_, i) => `l${i}`) }, /new_issue_labels: .*at most 50 labels/],
    [{ new_issue_labels: 'Doing', status_map: 'In progress = open + label: doing' }, /new_issue_labels: "Doing": status_map gives this label to a status/],
    [{ new_issue_labels: 'x'.repeat(51) }, /new_issue_labels: "x+.*50 characters/],
    [{ new_issue_type: 'two\nlines' }, /new_issue_type: .*one line/],
    [{ new_issue_type: 'x'.repeat(101) }, /new_issue_type: .*100 characters/],
  ]) {
    const run = await at.pass(inputs, { code: 2 });
    assert.match(run.stdout, words);
    assert.equal(run.requests.length, 0);
  }
});
