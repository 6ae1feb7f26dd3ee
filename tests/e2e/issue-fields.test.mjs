// Issue fields of an organization: who may, which servers, what is refused. The kinds are in own-columns.test.mjs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { board, KINDS } from './own-columns.mjs';

const NUMBER = KINDS['issue field, number'];
const SELECT = KINDS['issue field, select'];
const warnings = (result) => result.commands.filter(({ name, data }) => name === 'warning' && /Own/.test(data)).map(({ data }) => data);

test('the workflow\'s token reads and may not write: one warning with the cure, the edit waits', async (t) => {
  const at = await board(t, NUMBER, { token: {} });
  at.addIssue({ title: 'One' });
  at.put(1, 5);
  await at.go();
  assert.deepEqual(at.pair(1), [5, 5]);
  at.later();
  at.notion.editPage(at.page(1), { Own: 8, Name: 'Renamed' });
  const refused = await at.go();
  assert.deepEqual([at.pair(1), at.issue(1).title, refused.outputs.failures], [[5, 8], 'Renamed', '0']);
  assert.match(refused.summary, /app's token, or a personal access token/);
  at.github.quirks.workflowWritesFields = true;
  at.later();
  await at.go();
  assert.deepEqual(at.pair(1), [8, 8]);
  await at.quiet();
});

test('who may not see the fields, a user\'s repository and an older server leave the column alone', async (t) => {
  const scenes = [
    [{ token: { kind: 'app', permissions: { contents: 'write', issues: 'write', pull_requests: 'write', issue_fields: 'none' } } }, {}, /Issue Fields: Read/],
    [{ token: { kind: 'app', permissions: { contents: 'write', issues: 'write', pull_requests: 'write', issue_fields: 'none' } } }, { hiddenFields: 'empty' }, /Issue Fields: Read/],
    [{ repo: {} }, {}, /a user's/],
    [{}, { issueFields: false }, /does not know issue fields/],
  ];
  for (const [options, quirks, cure] of scenes) {
    const at = await board(t, NUMBER, options);
    Object.assign(at.github.quirks, quirks);
    at.addIssue({ title: 'One' });
    at.addPage({ Name: 'Two', Own: 3 });
    at.later();
    const result = await at.go();
    assert.equal(warnings(result).length, 1);
    assert.match(warnings(result)[0], cure);
    assert.deepEqual([at.row(1).Own ?? at.row(2).Own, result.outputs.failures], [at.row(1).Name === 'Two' ? 3 : 3, '0']);
    await at.quiet();
  }
});

test('a field that the organization does not have is an input error that lists those it has', async (t) => {
  const at = await board(t, NUMBER, { fields: 'Own = issue field: Efort' });
  at.addIssue({ title: 'One' });
  const { stdout } = await at.go({}, { code: 2 });
  assert.match(stdout, /Efort[\s\S]*Effort, Target date/);
});

test('an option that GitHub lacks is reported, and the page keeps it', async (t) => {
  const at = await board(t, SELECT);
  at.addIssue({ title: 'One' });
  at.put(1, 'High');
  await at.go();
  at.later();
  at.type(1, 'Later');
  const told = await at.go();
  assert.deepEqual(at.pair(1), ['High', 'Later']);
  assert.match(told.summary, /"?Later"?/);
  assert.equal(told.outputs.failures, '0');
  at.later();
  const { owner } = at.github.repo(at.repo);
  owner.issueFields.find(({ name }) => name === 'Severity').options.push({ id: 99, nodeId: 'IFSSO_99', name: 'Later', color: 'gray' });
  await at.go();
  assert.deepEqual(at.pair(1), ['Later', 'Later']);
  await at.quiet();
});

test('writing one field leaves the others alone', async (t) => {
  const at = await board(t, NUMBER);
  at.addIssue({ title: 'One' });
  at.github.setIssueFields(at.repo, 1, { Effort: 1, Team: 'Docs', Severity: 'Low' });
  await at.go();
  at.later();
  at.type(1, null);
  await at.go();
  assert.deepEqual(at.github.issueFields(at.repo, 1), { Team: 'Docs', Severity: 'Low' });
  at.later();
  at.type(1, 4);
  await at.go();
  assert.deepEqual(at.github.issueFields(at.repo, 1), { Effort: 4, Team: 'Docs', Severity: 'Low' });
  await at.quiet();
});

test('an event shows a value that GitHub changed without moving the issue\'s time', async (t) => {
  const at = await board(t, NUMBER);
  at.addIssue({ title: 'One' });
  await at.go();
  await at.quiet();
  at.later();
  at.put(1, 9);
  const payload = { action: 'field_added', issue: { number: 1 }, issue_field: { id: 1, name: 'Effort', field_type: 'number' }, issue_field_value: { id: 2, value: 9 } };
  await at.pass(at.run, { event: { name: 'issues', payload } });
  assert.deepEqual(at.pair(1), [9, 9]);
});

test('check says which columns may be read and written', async (t) => {
  const at = await board(t, NUMBER, { fields: ['Own = issue field: Effort', 'Area = label: area/*'], properties: { Area: { multi_select: [] } } });
  const good = await at.go({ check: true });
  assert.match(good.summary, /Own.*issue field: Effort \(number\).*read; writing needs/);
  assert.match(good.summary, /Area.*label: area.*read and written/);
  at.github.quirks.issueFields = false;
  const bad = await at.go({ check: true });
  assert.match(bad.summary, /Own.*not synced: see the warning/);
  assert.match(bad.summary, /does not know issue fields/);
});
