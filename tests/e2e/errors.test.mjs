// What users meet most when something is not set up: one line each, with its cure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, isRead, story } from './sync-story.mjs';

// A pass that ends before anything is done; its error is in one line of the log and in the summary.
async function refused(at, inputs, words, options) {
  const run = await at.pass(inputs, { code: 2, ...options });
  const errors = run.commands.filter(({ name }) => name === 'error').map(({ data }) => data);
  assert.equal(errors.length, 1, errors.join('\n'));
  assert.match(errors[0], words);
  assert.doesNotMatch(errors[0], /\n/);
  assert.deepEqual(changes(at, run), []);
  return run;
}

const elsewhere = (at) => at.notion.addToken(null, { name: 'Other team', shared: [] }).value;

test('a token that cannot see the database says whose it is: perhaps another workspace\'s', async (t) => {
  const at = await story(t);
  await refused(at, { notion_token: elsewhere(at) }, /not shared with the connection \(integration\): open the database in Notion, ••• → Connections, .*token is that of "Other team" in the workspace "/);
});

test('ids of other kinds', async (t) => {
  const at = await story(t);
  const page = at.addPage({ Name: 'One' }, { markdown: 'A paragraph' });
  await refused(at, { notion_database: page }, /is no database but a page; open the database itself/);
  const [block] = at.notion.pages.get(page).blocks;
  await refused(at, { notion_database: block.id }, /is no database but a block of a page/);
  await refused(at, { notion_database: '99999999aaaa4bbb8cccdddddddddddd' }, /not that of a page or view/);
  for (const url of ['https://www.notion.so/acme', 'https://app.notion.com/acme/Home', 'https://www.notion.so/acme?v=11111111222233334444555555555555']) {
    const run = await at.sync({ notion_database: url });
    assert.equal(run.code, 2);
    assert.match(run.stdout + run.stderr, /notion_database: .*the id behind \?v= is that of a view/);
    assert.deepEqual(run.requests, []);
  }
});

test('a missing capability is named', async (t) => {
  const cases = {
    read_content: /capability "Read content" \(notion\.so\/developers, the connection's Configuration\)/,
    insert_content: /capability "Insert content" \(notion/,
    update_content: /capability "Update content" \(notion/,
  };
  for (const [capability, words] of Object.entries(cases)) {
    const at = await story(t);
    at.addIssue({ title: 'One' });
    at.addPage({ Name: 'Two' });
    at.notion.integration.capabilities.delete(capability);
    const run = await at.sync();
    assert.notEqual(run.code, 0);
    assert.match(run.stdout + run.stderr, words);
    assert.match(run.summary, words);
  }
});

test('a page that may not be written fails alone; if none may, the pass does not try them all', async (t) => {
  const at = await story(t);
  const inputs = { link_comments: 'none', sync_body: 'none' };
  const numbers = [...Array(16).keys()].map((i) => i + 1);
  for (const number of numbers) at.addIssue({ title: `Issue ${number}` });
  await at.pass(inputs);
  const edits = async (title, path, code) => {
    at.later();
    for (const number of numbers) at.github.editIssue(at.repo, number, { title: `${title} ${number}` });
    at.sandbox.fault({ service: 'notion', method: 'PATCH', path, kind: 'status', status: 403, times: Infinity });
    const run = await at.pass(inputs, { code });
    at.sandbox.clearFaults();
    return run;
  };
  const closed = at.page(3);
  const one = await edits('Task', `/v1/pages/${closed}`, 1);
  assert.deepEqual([one.outputs.failures, one.outputs.pages_updated, one.outputs.remaining], ['1', '15', '0']);
  assert.match(one.report.results.find((result) => result.number === 3).error.message, new RegExp(`${closed}.*"Update content"`));
  const all = await edits('Job', /^\/v1\/pages\//, 2);
  assert.equal(all.outputs.pages_updated, '0');
  // What all of them say is there once, with how many said it, and why the run went no further.
  const errors = all.commands.filter(({ name }) => name === 'error').map(({ data }) => data);
  assert.equal(errors.length, 1, errors.join('\n'));
  assert.match(errors[0], new RegExp(`"Update content".* \\(and ${all.outputs.failures - 1} more for the same reason: #\\d+ `));
  assert.equal(all.summary.match(/Update content/g).length, 1);
  assert.match(all.summary, /stopped because Notion refused 3 writes in a row/);
  assert.match(all.stdout, /::notice::stopped because Notion refused 3 writes in a row/);
  assert.ok(Number(all.outputs.failures) < 10 && Number(all.outputs.remaining) > 0);
  at.later();
  await at.pass(inputs);
  assert.deepEqual(at.rows().map((row) => row.Name === `Job ${row['GitHub ID']}`), numbers.map(() => true));
});

test('a token that a policy makes read-only: the permission, and why it may be missing although it is given', async (t) => {
  const at = await story(t, { token: { permissions: { contents: 'read', issues: 'read', pull_requests: 'read' } } });
  at.addIssue({ title: 'One' });
  const run = await refused(at, {}, /`contents: write` under `permissions:` in the workflow, .*a policy of the organization makes the token read-only/);
  assert.deepEqual(run.requests.filter((request) => !isRead(request)).map(({ path }) => /git\/trees/.test(path)), [true]);
});

test('a token that may not write, as GitHub puts it to classic tokens: not found', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  at.sandbox.fault({ service: 'github', method: 'POST', path: /git\/trees/, kind: 'status', status: 404, body: { message: 'Not Found' } });
  await refused(at, {}, /saving the state: .*the token may not see or change it.*a token that may not write there: it needs `contents: write`/);
});

test('an address without GraphQL', async (t) => {
  const at = await story(t);
  at.sandbox.fault({ service: 'github', path: '/graphql', kind: 'status', status: 404, body: { message: 'Not Found' } });
  await refused(at, {}, /no GraphQL API at that address \(404\): check GITHUB_GRAPHQL_URL/);
});

const SAML = 'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.';
const LIST = 'Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.';
const CLASSIC = '`acme` forbids access via a personal access token (classic). Please use a GitHub App, OAuth App, or a personal access token with fine-grained permissions.';
const policies = {
  'single sign-on': [SAML, /SAML enforcement.*Configure SSO/],
  'an IP allow list': [LIST, /IP allow list.*runner whose address the organization allows/],
  'a ban on classic tokens': [CLASSIC, /forbids access.*the kind that the organization allows/],
};

for (const [name, [message, words]] of Object.entries(policies)) {
  test(`an organization with ${name}`, async (t) => {
    const at = await story(t);
    at.addIssue({ title: 'One' });
    const graphql = { service: 'github', path: '/graphql', kind: 'status' };
    at.sandbox.fault({ ...graphql, status: 200, body: { data: null, errors: [{ type: 'FORBIDDEN', message }] } });
    await refused(at, {}, words);
    at.sandbox.fault({ ...graphql, status: 403, body: { message } });
    await refused(at, {}, words);
    at.sandbox.fault({ service: 'github', method: 'POST', path: /git\/trees/, kind: 'status', status: 403, body: { message } });
    await refused(at, {}, words);
  });
}

test('tokens that nobody knows', async (t) => {
  const at = await story(t);
  await refused(at, { github_token: 'ghp_nobodyknowsthistoken' }, /GitHub does not accept the token .*github_token/);
  await refused(at, { notion_token: 'ntn_nobodyknowsthistoken' }, /Notion does not accept the token .*check notion_token/);
});

test('a repository that does not exist, or that the token cannot see', async (t) => {
  const at = await story(t, { repo: { private: true }, token: { repos: ['acme/other'] } });
  await refused(at, {}, /repository acme\/app does not exist, or the token cannot see it: check the inputs repository and github_token/);
});
