// Issue fields, dependencies and milestones of the sandbox, against the published description.

import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import { Octokit } from 'octokit';
import { Sandbox } from '../sandbox/core.mjs';
import { Contract } from './github-contract.mjs';

const REPO = 'acme/board';
const at = { owner: 'acme', repo: 'board' };
const APP = 'ghs_app';
const WORKFLOW = 'ghs_workflow';
const contract = new Contract();
let sandbox;
let github;
let app;
let ids;

const FIELDS = [
  { name: 'Effort', type: 'number' }, { name: 'Target', type: 'date' }, { name: 'Team', type: 'text' },
  { name: 'Priority', type: 'single_select', options: ['High', 'Low'] },
  { name: 'Areas', type: 'multi_select', options: ['Front', 'Back'] },
];

function client(token) {
  const kit = new Octokit({
    auth: token, baseUrl: sandbox.githubUrl, userAgent: 'certify/1', throttle: { enabled: false }, retry: { enabled: false },
    request: { fetch: contract.fetchFor(sandbox.githubUrl) }, log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  return (route, parameters) => {
    sandbox.clock.advance(1000);
    return kit.request(route, { ...at, ...parameters });
  };
}

async function query(text, token = APP) {
  const response = await fetch(sandbox.graphqlUrl, {
    method: 'POST', body: JSON.stringify({ query: text }),
    headers: { 'user-agent': 'certify/1', 'content-type': 'application/json', authorization: `Bearer ${token}` },
  });
  return response.json();
}

const inRepo = (selection) => `{repository(owner:"acme",name:"board"){${selection}}}`;
const fails = (promise, status, pattern = /./) => assert.rejects(promise, (error) => error.status === status && pattern.test(JSON.stringify(error.response.data)));

const VALUES = '/repos/{owner}/{repo}/issues/{issue_number}/issue-field-values';
const BLOCKED = '/repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by';
const post = (values, issue = 1) => app(`POST ${VALUES}`, { issue_number: issue, issue_field_values: values });
const value = (name, it) => ({ field_id: ids[name], value: it });

beforeEach(async () => {
  sandbox = await Sandbox.start();
  github = sandbox.github;
  const repo = github.addRepo({ owner: 'acme', organization: true, name: 'board', issueFields: FIELDS, milestones: ['v1'] });
  ids = Object.fromEntries(repo.owner.issueFields.map((field) => [field.name, field.id]));
  github.addToken(APP, { kind: 'app' });
  github.addToken(WORKFLOW);
  app = client(APP);
  for (const title of ['One', 'Two', 'Three']) github.addIssue(REPO, { title });
});

after(() => assert.deepEqual(contract.failures, []));

describe('issue fields', () => {
  const definitions = inRepo(`issueFields(first:50){nodes{__typename
    ...on IssueFieldText{fullDatabaseId name dataType} ...on IssueFieldNumber{fullDatabaseId name dataType} ...on IssueFieldDate{fullDatabaseId name dataType}
    ...on IssueFieldSingleSelect{fullDatabaseId name dataType options{name}} ...on IssueFieldMultiSelect{fullDatabaseId name dataType options{name}}}}`);

  it('shows definitions to those who may see them', async (t) => {
    t.after(() => sandbox.stop());
    const { data } = await query(definitions, WORKFLOW);
    assert.deepEqual(data.repository.issueFields.nodes.map((one) => [one.name, one.dataType, Number(one.fullDatabaseId) === ids[one.name]]),
      FIELDS.map(({ name, type }) => [name, type.toUpperCase(), true]));
    assert.deepEqual(data.repository.issueFields.nodes[3].options, [{ name: 'High' }, { name: 'Low' }]);
    const listed = await app('GET /orgs/{org}/issue-fields', { org: 'acme' });
    assert.deepEqual(listed.data.map((one) => one.data_type), FIELDS.map((one) => one.type));
    await fails(client(WORKFLOW)('GET /orgs/{org}/issue-fields', { org: 'acme' }), 403);
    github.addToken('ghs_blind', { kind: 'app', permissions: { issues: 'write', issue_fields: 'none' } });
    assert.match((await query(definitions, 'ghs_blind')).errors[0].message, /Resource not accessible by integration/);
    github.quirks.hiddenFields = 'empty';
    assert.deepEqual((await query(definitions, 'ghs_blind')).data.repository.issueFields.nodes, []);
    github.quirks.issueFields = false;
    const [error] = (await query(definitions)).errors;
    assert.deepEqual([error.message, error.extensions.code], ["Field 'issueFields' doesn't exist on type 'Repository'", 'undefinedField']);
    github.quirks.issueFields = true;
    github.addRepo({ owner: 'someone', name: 'own' });
    const own = await query(definitions.replace('acme', 'someone').replace('board', 'own'));
    assert.equal(own.data.repository.issueFields, null);
  });

  it('keeps values, sets those named, and clears by a delete', async (t) => {
    t.after(() => sandbox.stop());
    await post([value('Effort', 2.5), value('Target', '2026-12-24'), value('Team', 'DRI'), value('Priority', 'high'), value('Areas', ['Front', 'Back'])]);
    await post([value('Team', 'Docs')]);
    const { data } = await app('GET /repos/{owner}/{repo}/issues/{issue_number}', { issue_number: 1 });
    const values = Object.fromEntries(data.issue_field_values.map((one) => [one.issue_field_name, one]));
    assert.deepEqual([values.Effort.value, values.Target.value, values.Team.value, values.Areas.value], [2.5, '2026-12-24', 'Docs', 'Front,Back']);
    assert.deepEqual([values.Priority.single_select_option.name, values.Priority.value === values.Priority.single_select_option.id], ['High', true]);
    const inline = await query(inRepo(`issue(number:1){issueFieldValues(first:25){totalCount nodes{__typename
      ...on IssueFieldTextValue{value field{...on IssueFieldText{name}}} ...on IssueFieldNumberValue{n:value field{...on IssueFieldNumber{name}}}
      ...on IssueFieldDateValue{value} ...on IssueFieldSingleSelectValue{name optionId} ...on IssueFieldMultiSelectValue{options{name}}}}}`));
    assert.deepEqual(inline.errors, undefined);
    const nodes = Object.fromEntries(inline.data.repository.issue.issueFieldValues.nodes.map((one) => [one.__typename, one]));
    assert.deepEqual([nodes.IssueFieldNumberValue.n, nodes.IssueFieldTextValue.value, nodes.IssueFieldSingleSelectValue.name], [2.5, 'Docs', 'High']);
    await app(`DELETE ${VALUES}/{field}`, { issue_number: 1, field: ids.Team });
    await fails(app(`DELETE ${VALUES}/{field}`, { issue_number: 1, field: ids.Team }), 404);
    await app(`PUT ${VALUES}`, { issue_number: 1, issue_field_values: [value('Effort', 1)] });
    assert.deepEqual(github.issueFields(REPO, 1), { Effort: 1 });
    await post([]);
    assert.deepEqual((await app(`GET ${VALUES}`, { issue_number: 1 })).data, []);
  });

  it('refuses what does not fit', async (t) => {
    t.after(() => sandbox.stop());
    for (const [name, bad] of [['Effort', '2'], ['Target', '24.12.2026'], ['Target', '2026-02-31'], ['Team', ''], ['Priority', 'Medium'], ['Priority', 1], ['Areas', ['Side']]]) {
      await fails(post([value('Effort', 3), value(name, bad)]), 422);
    }
    await fails(post([value('Priority', 7)]), 422, /must be a string option name/);
    await fails(post([{ field_id: 1, value: 'x' }]), 422);
    assert.deepEqual(github.issueFields(REPO, 1), {});
    const { number } = github.addPull(REPO, { title: 'Pull' });
    await fails(post([value('Effort', 3)], number), 404);
    await fails(client(WORKFLOW)(`POST ${VALUES}`, { issue_number: 1, issue_field_values: [value('Effort', 3)] }), 403, /not accessible by integration/);
    github.quirks.workflowWritesFields = true;
    await client(WORKFLOW)(`POST ${VALUES}`, { issue_number: 1, issue_field_values: [value('Effort', 3)] });
    assert.deepEqual(github.issueFields(REPO, 1), { Effort: 3 });
    github.quirks.issueFields = false;
    await fails(post([value('Effort', 4)]), 404);
    assert.equal((await app('GET /repos/{owner}/{repo}/issues/{issue_number}', { issue_number: 1 })).data.issue_field_values, undefined);
  });
});

describe('dependencies', () => {
  it('are added and removed by id, counted, and never circular', async (t) => {
    t.after(() => sandbox.stop());
    const id = (number) => github.issue(REPO, number).id;
    const before = github.updatedAt(REPO, 1);
    for (const blocker of [2, 3]) await app(`POST ${BLOCKED}`, { issue_number: 1, issue_id: id(blocker) });
    assert.equal(github.updatedAt(REPO, 1), before);
    await fails(app(`POST ${BLOCKED}`, { issue_number: 1, issue_id: id(2) }), 422, /already blocked by this issue/);
    await fails(app(`POST ${BLOCKED}`, { issue_number: 2, issue_id: id(1) }), 422);
    await fails(app(`POST ${BLOCKED}`, { issue_number: 1, issue_id: 2 }), 404);
    github.close(REPO, 3);
    const { data } = await app('GET /repos/{owner}/{repo}/issues/{issue_number}', { issue_number: 1 });
    assert.deepEqual(data.issue_dependencies_summary, { blocked_by: 1, blocking: 0, total_blocked_by: 2, total_blocking: 0 });
    const listed = await query(inRepo('issue(number:1){blockedBy(first:50){totalCount nodes{number}} issueDependenciesSummary{totalBlockedBy blockedBy}}'));
    assert.deepEqual(listed.data.repository.issue, {
      blockedBy: { totalCount: 2, nodes: [{ number: 2 }, { number: 3 }] }, issueDependenciesSummary: { totalBlockedBy: 2, blockedBy: 1 },
    });
    assert.deepEqual((await app(`GET ${BLOCKED.replace('blocked_by', 'blocking')}`, { issue_number: 2 })).data.map((one) => one.number), [1]);
    await app(`DELETE ${BLOCKED}/{id}`, { issue_number: 1, id: id(2) });
    await fails(app(`DELETE ${BLOCKED}/{id}`, { issue_number: 1, id: id(2) }), 404);
    assert.deepEqual((await app(`GET ${BLOCKED}`, { issue_number: 1 })).data.map((one) => one.number), [3]);
    github.quirks.dependencies = false;
    await fails(app(`GET ${BLOCKED}`, { issue_number: 1 }), 404);
    assert.match((await query(inRepo('issue(number:1){blockedBy(first:5){totalCount}}'))).errors[0].message, /doesn't exist on type 'Issue'/);
  });
});

describe('milestones', () => {
  it('are made once for each exact title', async (t) => {
    t.after(() => sandbox.stop());
    const create = (title) => app('POST /repos/{owner}/{repo}/milestones', { title });
    assert.equal((await create('v2')).data.number, 2);
    await fails(create('v1'), 422, /"already_exists","field":"title"/);
    assert.equal((await create('V1')).status, 201);
    const due = await app('POST /repos/{owner}/{repo}/milestones', { title: 'v3', due_on: '2026-12-24T12:00:00Z' });
    assert.equal(due.data.due_on, '2026-12-24T08:00:00Z');
    const early = await app('PATCH /repos/{owner}/{repo}/milestones/{milestone_number}', { milestone_number: due.data.number, due_on: '2026-09-24T06:59:00Z' });
    assert.equal(early.data.due_on, '2026-09-23T07:00:00Z');
  });
});
