import assert from 'node:assert/strict';
import net from 'node:net';
import { after, beforeEach, describe, it } from 'node:test';
import { Octokit, RequestError } from 'octokit';
import { Sandbox } from '../sandbox/core.mjs';
import { Contract } from './github-contract.mjs';

const contract = new Contract();
const TOKEN = 'ghs_workflow';
const at = { owner: 'acme', repo: 'board' };
let sandbox;
let github;
let octokit;

function client(token, headers = {}) {
  const kit = new Octokit({
    auth: token, baseUrl: sandbox.githubUrl, userAgent: 'certify/1', throttle: { enabled: false },
    retry: { enabled: false },
    request: { fetch: contract.fetchFor(sandbox.githubUrl) },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  kit.hook.before('request', (options) => {
    options.headers['x-github-api-version'] ??= '2022-11-28';
    Object.assign(options.headers, headers);
  });
  return kit;
}

async function start() {
  sandbox = await Sandbox.start();
  github = sandbox.github;
  github.addRepo({ owner: 'acme', name: 'board', labels: ['bug', 'Feature'], collaborators: ['alice', 'bob'], milestones: ['v1'] });
  github.addToken(TOKEN);
  octokit = client(TOKEN);
}

const tick = () => sandbox.clock.advance(1000);

async function fails(promise, status, pattern) {
  const error = await promise.then(() => assert.fail(`expected ${status}`), (e) => e);
  assert.ok(error instanceof RequestError, String(error.stack));
  assert.equal(error.status, status);
  if (pattern) assert.match(JSON.stringify(error.response.data), pattern);
  return error;
}

function raw(route, { token = TOKEN, method = 'GET', headers = {}, body } = {}) {
  return fetch(sandbox.githubUrl + route, {
    method, body, redirect: 'manual',
    headers: {
      'user-agent': 'certify/1', accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
      ...(token && { authorization: `Bearer ${token}` }), ...headers,
    },
  });
}

async function query(text, variables = {}, token = TOKEN) {
  const response = await raw('/graphql', {
    token, method: 'POST', body: JSON.stringify({ query: text, variables }),
    headers: { 'content-type': 'application/json' },
  });
  return { ...(await response.json()), status: response.status, headers: response.headers };
}

beforeEach(async () => {
  await sandbox?.stop();
  await start();
});

after(async () => {
  await sandbox.stop();
  assert.deepEqual(contract.failures, []);
  assert.ok(contract.checked.size > 50, `${contract.checked.size} answers checked`);
});

describe('admission', () => {
  it('wants a user agent, a known token and a known version', async () => {
    assert.equal((await raw('/user', { token: 'nonsense' })).status, 401);
    assert.equal((await raw('/repos/acme/board', { headers: { 'x-github-api-version': '2021-01-01' } })).status, 410);
    assert.equal((await raw('/repos/acme/board', { headers: { 'x-github-api-version': 'new' } })).status, 400);
    assert.equal((await raw('/repos/acme/board', { headers: { accept: 'text/html' } })).status, 415);
    const { port } = new URL(sandbox.url);
    const lines = await new Promise((resolve) => {
      const socket = net.connect(Number(port), '127.0.0.1', () => socket.write('GET /github/repos/acme/board HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'));
      let text = '';
      socket.on('data', (d) => { text += d; });
      socket.on('close', () => resolve(text));
    });
    assert.match(lines, /^HTTP\/1.1 403 /);
  });

  it('records what a good citizen would not do', async () => {
    await raw('/repos/acme/board', { headers: { accept: 'application/json', 'x-github-api-version': '2022-11-28' } });
    assert.deepEqual(github.violations.map((v) => [v.kind, v.header]), [['missing-header', 'accept']]);
    github.violations.length = 0;
    const post = () => octokit.rest.issues.create({ ...at, title: 't' });
    await post();
    await post();
    tick();
    await post();
    assert.deepEqual(github.violations.map((v) => v.kind), ['writes-too-close']);
    github.violations.length = 0;
    tick();
    await Promise.all([post(), post()]);
    assert.equal(github.violations.length, 1);
  });

  it('answers rate limits, request ids and permissions; 304 costs nothing', async () => {
    const first = await raw('/repos/acme/board/issues');
    assert.equal(first.headers.get('x-ratelimit-limit'), '1000');
    assert.equal(first.headers.get('x-ratelimit-remaining'), '999');
    assert.ok(first.headers.get('x-github-request-id'));
    assert.equal(first.headers.get('x-accepted-github-permissions'), 'issues=read; pull_requests=read');
    const again = await raw('/repos/acme/board/issues', { headers: { 'if-none-match': first.headers.get('etag') } });
    assert.equal(again.status, 304);
    assert.equal(again.headers.get('x-ratelimit-remaining'), '999');
    github.addIssue('acme/board', { title: 'new' });
    assert.equal((await raw('/repos/acme/board/issues', { headers: { 'if-none-match': first.headers.get('etag') } })).status, 200);
  });

  it('drops what version 2026-03-10 removed', async () => {
    github.addIssue('acme/board', { title: 'one' });
    const read = async (version) => (await raw('/repos/acme/board/issues/1', { headers: { 'x-github-api-version': version } })).json();
    assert.ok('assignee' in await read('2022-11-28'));
    assert.ok(!('assignee' in await read('2026-03-10')));
  });

  it('limits requests an hour', async () => {
    github.limits.rest = 2;
    await raw('/repos/acme/board');
    await raw('/repos/acme/board');
    const refused = await raw('/repos/acme/board');
    assert.equal(refused.status, 403);
    assert.equal(refused.headers.get('x-ratelimit-remaining'), '0');
    assert.deepEqual(github.violations, []);
    tick();
    await raw('/repos/acme/board');
    assert.deepEqual(github.violations.map((v) => v.kind), ['ignored-rate-limit']);
    sandbox.clock.set(Number(refused.headers.get('x-ratelimit-reset')) * 1000);
    assert.equal((await raw('/repos/acme/board')).status, 200);
  });

  it('limits content a minute', async () => {
    github.limits.contentPerMinute = 2;
    const post = () => octokit.rest.issues.create({ ...at, title: 't' });
    await post();
    await post();
    const error = await fails(post(), 403, /secondary rate limit/);
    assert.equal(error.response.headers['retry-after'], '60');
    assert.equal(github.repo('acme/board').issues.size, 2);
    assert.ok(!github.violations.some((v) => v.kind === 'ignored-retry-after'));
    tick();
    await fails(post(), 403);
    assert.ok(github.violations.some((v) => v.kind === 'ignored-retry-after'));
    sandbox.clock.advance(61000);
    await post();
  });

  it('announces a limit before it counts ignoring it as a fault', async () => {
    github.meter.block(github.tokens.get(TOKEN));
    const answers = await Promise.all([1, 2, 3].map(() => raw('/repos/acme/board')));
    assert.deepEqual(answers.map((a) => a.status), [403, 403, 403]);
    assert.deepEqual(github.violations, []);
    for (let i = 0; i < 4; i++) await raw('/repos/acme/board');
    assert.ok(github.violations.length > 0);
    sandbox.clock.advance(60000);
    assert.equal((await raw('/repos/acme/board')).status, 200);
  });

  it('keeps private repositories secret and names missing permissions', async () => {
    github.addRepo({ owner: 'acme', name: 'secret', private: true });
    github.addIssue('acme/secret', { title: 'hidden' });
    github.addToken('ghs_elsewhere', { repos: ['acme/board'] });
    github.addToken('ghs_reader', { permissions: { issues: 'read', contents: 'read' } });
    await fails(client('ghs_elsewhere').rest.repos.get({ owner: 'acme', repo: 'secret' }), 404);
    const reader = client('ghs_reader');
    await reader.rest.issues.get({ owner: 'acme', repo: 'secret', issue_number: 1 });
    const error = await fails(reader.rest.issues.createComment({ ...at, repo: 'secret', issue_number: 1, body: 'x' }), 403, /not accessible by integration/);
    assert.match(error.response.headers['x-accepted-github-permissions'], /issues=write/);
    await fails(reader.rest.pulls.list({ ...at, repo: 'secret' }), 403);
    const hidden = await query('{repository(owner:"acme",name:"secret"){id}}', {}, 'ghs_elsewhere');
    assert.equal(hidden.errors[0].type, 'NOT_FOUND');
    const denied = await query('{repository(owner:"acme",name:"secret"){pullRequests(first:1){nodes{id}}}}', {}, 'ghs_reader');
    assert.equal(denied.errors[0].type, 'FORBIDDEN');
  });

  it('knows who asks', async () => {
    await fails(octokit.rest.users.getAuthenticated(), 403);
    github.addToken('ghp_alice', { kind: 'pat', login: 'alice' });
    assert.equal((await client('ghp_alice').rest.users.getAuthenticated()).data.login, 'alice');
    assert.equal((await octokit.rest.users.getByUsername({ username: 'BOB' })).data.login, 'bob');
    await fails(octokit.rest.users.getByUsername({ username: 'nobody' }), 404);
    const { data } = await query('{viewer{login __typename}}');
    assert.deepEqual({ ...data.viewer }, { login: 'github-actions[bot]', __typename: 'User' });
    assert.ok((await octokit.rest.rateLimit.get()).data.resources.core.limit);
  });
});

describe('issues over REST', () => {
  it('creates, reads, edits and lists', async () => {
    const { data: made } = await octokit.rest.issues.create({
      ...at, title: 'First', body: 'text', labels: ['BUG', 'fresh'], assignees: ['alice'],
      milestone: 1,
    });
    assert.deepEqual(made.labels.map((l) => l.name), ['bug', 'fresh']);
    assert.equal(made.user.login, 'github-actions[bot]');
    tick();
    const { data } = await octokit.rest.issues.update({ ...at, issue_number: 1, title: 'Second', labels: ['Feature'], milestone: null });
    assert.deepEqual([data.title, data.labels[0].name, data.milestone], ['Second', 'Feature', null]);
    assert.notEqual(data.updated_at, made.updated_at);
    github.addPull('acme/board', { title: 'A pull' });
    const list = await octokit.rest.issues.listForRepo({ ...at });
    assert.deepEqual(list.data.map((i) => Boolean(i.pull_request)), [true, false]);
    assert.equal((await octokit.rest.issues.get({ ...at, issue_number: 1 })).data.assignees[0].login, 'alice');
  });

  it('uses the reason of a state only if the state changes', async () => {
    github.addIssue('acme/board', { title: 'one' });
    const update = async (fields) => (await octokit.rest.issues.update({ ...at, issue_number: 1, ...fields })).data;
    assert.equal((await update({ state_reason: 'not_planned' })).state_reason, null);
    const closed = await update({ state: 'closed', state_reason: 'not_planned' });
    assert.deepEqual([closed.state, closed.state_reason], ['closed', 'not_planned']);
    assert.equal((await update({ state: 'closed', state_reason: 'completed' })).state_reason, 'not_planned');
    assert.equal((await update({ state: 'open' })).state_reason, 'reopened');
  });

  it('refuses bad values and changes nothing', async () => {
    const create = (fields) => octokit.rest.issues.create({ ...at, ...fields });
    await fails(create({ title: '' }), 422, /missing_field/);
    await fails(create({ body: 'no title' }), 422, /wasn't supplied/);
    await fails(create({ title: 'x'.repeat(257) }), 422, /256/);
    await create({ title: '😀'.repeat(256), body: 'ü'.repeat(65536) });
    await fails(create({ title: 'x', body: 'x'.repeat(65537) }), 422, /65536/);
    await fails(create({ title: 'x', labels: ['l'.repeat(51)] }), 422, /50/);
    await fails(create({ title: 'x', milestone: 99 }), 422, /milestone/);
    await fails(create({ title: 'x', assignees: ['stranger'] }), 422, /assignees/);
    await fails(create({ title: 'x', body: 5 }), 422, /is not a string/);
    const update = (fields) => octokit.rest.issues.update({ ...at, issue_number: 1, ...fields });
    await fails(update({ title: 'ok', state: 'merged' }), 422);
    await fails(update({ state: 'closed', state_reason: 'bored' }), 422);
    assert.equal(github.issue('acme/board', 1).state, 'open');
    assert.equal(github.repo('acme/board').issues.size, 1);
    const response = await raw('/repos/acme/board/issues', { method: 'POST', body: '{"title":', headers: { 'content-type': 'application/json' } });
    assert.equal(response.status, 400);
  });

  it('drops labels, assignees and milestones of people without push access', async () => {
    github.addToken('ghp_guest', { kind: 'pat', login: 'guest', pushAccess: false });
    const guest = client('ghp_guest');
    const { data } = await guest.rest.issues.create({ ...at, title: 'x', labels: ['bug'], assignees: ['alice'], milestone: 1 });
    assert.deepEqual([data.labels, data.assignees, data.milestone], [[], [], null]);
    github.addIssue('acme/board', { title: 'not yours', by: 'alice' });
    await fails(guest.rest.issues.update({ ...at, issue_number: 2, title: 'mine' }), 403);
    github.lock('acme/board', 1);
    await fails(guest.rest.issues.createComment({ ...at, issue_number: 1, body: 'hi' }), 403, /locked/);
  });

  it('lets any token open an issue in public, and nothing more', async () => {
    github.addToken('ghs_reader', { permissions: { issues: 'read' } });
    const reader = client('ghs_reader');
    const { data } = await reader.rest.issues.create({ ...at, title: 'x', labels: ['bug'] });
    assert.deepEqual(data.labels, []);
    await fails(reader.rest.issues.update({ ...at, issue_number: 1, title: 'y' }), 403);
    await fails(reader.rest.issues.createComment({ ...at, issue_number: 1, body: 'y' }), 403);
  });

  it('pages by links that name the repository by id', async () => {
    for (let i = 0; i < 5; i++) github.addIssue('acme/board', { title: `n${i}` });
    const first = await octokit.rest.issues.listForRepo({ ...at, per_page: 2, direction: 'asc' });
    assert.match(first.headers.link, new RegExp(`${sandbox.githubUrl}/repositories/\\d+/issues\\?.*page=2.*rel="next"`));
    const all = await octokit.paginate(octokit.rest.issues.listForRepo, { ...at, per_page: 2, direction: 'asc' });
    assert.deepEqual(all.map((i) => i.title), ['n0', 'n1', 'n2', 'n3', 'n4']);
  });

  it('filters, with an inclusive since', async () => {
    github.addIssue('acme/board', { title: 'old', labels: ['bug'] });
    tick();
    const later = github.addIssue('acme/board', { title: 'new', assignees: ['bob'], milestone: 1, by: 'alice' });
    github.close('acme/board', later.number);
    const titles = async (fields) => (await octokit.rest.issues.listForRepo({ ...at, state: 'all', ...fields })).data.map((i) => i.title);
    assert.deepEqual(await titles({ since: github.updatedAt('acme/board', 2) }), ['new']);
    assert.deepEqual(await titles({ since: github.updatedAt('acme/board', 1) }), ['new', 'old']);
    assert.deepEqual(await titles({ labels: 'BUG' }), ['old']);
    assert.deepEqual(await titles({ state: 'closed' }), ['new']);
    assert.deepEqual(await titles({ assignee: 'none' }), ['old']);
    assert.deepEqual(await titles({ milestone: '1' }), ['new']);
    assert.deepEqual(await titles({ creator: 'alice' }), ['new']);
    await fails(titles({ state: 'odd' }), 422);
  });

  it('comments', async () => {
    github.addIssue('acme/board', { title: 'one' });
    tick();
    const { data: comment } = await octokit.rest.issues.createComment({ ...at, issue_number: 1, body: 'hello' });
    assert.equal(github.updatedAt('acme/board', 1), comment.created_at);
    tick();
    const edited = await octokit.rest.issues.updateComment({ ...at, comment_id: comment.id, body: 'bye' });
    assert.notEqual(edited.data.updated_at, edited.data.created_at);
    assert.equal((await octokit.rest.issues.getComment({ ...at, comment_id: comment.id })).data.body, 'bye');
    assert.equal((await octokit.rest.issues.listComments({ ...at, issue_number: 1 })).data.length, 1);
    assert.equal((await octokit.rest.issues.listCommentsForRepo({ ...at, since: edited.data.updated_at })).data.length, 1);
    await fails(octokit.rest.issues.createComment({ ...at, issue_number: 1, body: ' ' }), 422);
    await fails(octokit.rest.issues.createComment({ ...at, issue_number: 9, body: 'x' }), 404);
    await octokit.rest.issues.deleteComment({ ...at, comment_id: comment.id });
    await fails(octokit.rest.issues.getComment({ ...at, comment_id: comment.id }), 404);
  });

  it('lets tests choose whether editing a comment moves the issue', async () => {
    const issue = github.addIssue('acme/board', { title: 'one' });
    const comment = github.comment('acme/board', 1, 'a');
    tick();
    const before = issue.updatedAt;
    github.bumps.commentEdited = false;
    github.editComment('acme/board', comment.id, 'b');
    assert.equal(issue.updatedAt, before);
    github.bumps.commentEdited = true;
    github.editComment('acme/board', comment.id, 'c');
    assert.notEqual(issue.updatedAt, before);
  });

  it('labels, assigns, locks and milestones', async () => {
    github.addIssue('acme/board', { title: 'one' });
    const on = { ...at, issue_number: 1 };
    assert.deepEqual((await octokit.rest.issues.addLabels({ ...on, labels: ['bug', 'x'] })).data.map((l) => l.name), ['bug', 'x']);
    assert.deepEqual((await octokit.rest.issues.setLabels({ ...on, labels: ['x'] })).data.map((l) => l.name), ['x']);
    assert.equal((await octokit.rest.issues.listLabelsOnIssue(on)).data.length, 1);
    await fails(octokit.rest.issues.removeLabel({ ...on, name: 'bug' }), 404);
    assert.deepEqual((await octokit.rest.issues.removeLabel({ ...on, name: 'X' })).data, []);
    assert.equal((await octokit.rest.issues.addAssignees({ ...on, assignees: ['alice', 'stranger'] })).data.assignees.length, 1);
    assert.equal((await octokit.rest.issues.removeAssignees({ ...on, assignees: ['alice'] })).data.assignees.length, 0);
    await octokit.rest.issues.lock(on);
    assert.equal((await octokit.rest.issues.get(on)).data.locked, true);
    await octokit.rest.issues.unlock(on);
    await octokit.rest.issues.createLabel({ ...at, name: 'made', color: 'ff0000' });
    await fails(octokit.rest.issues.createLabel({ ...at, name: 'MADE' }), 422, /already_exists/);
    await octokit.rest.issues.updateLabel({ ...at, name: 'made', new_name: 'remade' });
    assert.equal((await octokit.rest.issues.getLabel({ ...at, name: 'remade' })).data.color, 'ff0000');
    await octokit.rest.issues.deleteLabel({ ...at, name: 'remade' });
    assert.ok((await octokit.rest.issues.listLabelsForRepo(at)).data.length);
    await octokit.rest.issues.createMilestone({ ...at, title: 'v2' });
    await octokit.rest.issues.updateMilestone({ ...at, milestone_number: 2, state: 'closed' });
    assert.equal((await octokit.rest.issues.getMilestone({ ...at, milestone_number: 2 })).data.state, 'closed');
    assert.deepEqual((await octokit.rest.issues.listMilestones(at)).data.map((m) => m.title), ['v1']);
    await octokit.rest.issues.deleteMilestone({ ...at, milestone_number: 2 });
    assert.equal((await octokit.rest.issues.listAssignees(at)).data.length, 3);
    await octokit.rest.issues.checkUserCanBeAssigned({ ...at, assignee: 'bob' });
    assert.ok((await octokit.rest.issues.listEvents(on)).data.length > 4);
  });

  it('says which issues were deleted, transferred or never there', async () => {
    github.addRepo({ owner: 'acme', name: 'other' });
    for (const title of ['gone', 'moved']) github.addIssue('acme/board', { title });
    github.comment('acme/board', 2, 'kept');
    github.deleteIssue('acme/board', 1);
    const copy = github.transferIssue('acme/board', 2, 'acme/other');
    await fails(octokit.rest.issues.get({ ...at, issue_number: 1 }), 410, /deleted/);
    await fails(octokit.rest.issues.get({ ...at, issue_number: 3 }), 404);
    const response = await raw('/repos/acme/board/issues/2');
    assert.equal(response.status, 301);
    const moved = await (await fetch(response.headers.get('location'), { headers: { 'user-agent': 'x', authorization: `Bearer ${TOKEN}` } })).json();
    assert.deepEqual([moved.title, moved.number, moved.comments], ['moved', copy.number, 1]);
    assert.deepEqual((await octokit.rest.issues.listForRepo(at)).data, []);
    github.renameRepo('acme/board', 'renamed');
    assert.equal((await raw('/repos/acme/board')).status, 301);
  });

  it('answers 410 if issues are off', async () => {
    github.addRepo({ owner: 'acme', name: 'plain', hasIssues: false });
    await fails(octokit.rest.issues.create({ ...at, repo: 'plain', title: 'x' }), 410);
  });

  it('keeps sub-issues by id, one parent each', async () => {
    for (const title of ['parent', 'child', 'third']) github.addIssue('acme/board', { title });
    const child = github.issue('acme/board', 2);
    const on = { ...at, issue_number: 1 };
    await fails(octokit.rest.issues.addSubIssue({ ...on, sub_issue_id: 2 }), 404);
    await octokit.rest.issues.addSubIssue({ ...on, sub_issue_id: child.id });
    assert.equal((await octokit.rest.issues.listSubIssues(on)).data[0].number, 2);
    assert.equal((await octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}/parent', { ...at, issue_number: 2 })).data.number, 1);
    await fails(octokit.rest.issues.addSubIssue({ ...at, issue_number: 3, sub_issue_id: child.id }), 422);
    await fails(octokit.rest.issues.addSubIssue({ ...at, issue_number: 2, sub_issue_id: github.issue('acme/board', 1).id }), 422);
    await octokit.rest.issues.removeSubIssue({ ...on, sub_issue_id: child.id });
    await fails(octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}/parent', { ...at, issue_number: 2 }), 404);
  });

  it('gives bodies edited on the web CRLF line ends', async () => {
    github.addIssue('acme/board', { title: 'one', body: 'a\nb' });
    github.editIssue('acme/board', 1, { web: true, body: 'a\nc' });
    assert.equal((await octokit.rest.issues.get({ ...at, issue_number: 1 })).data.body, 'a\r\nc');
  });
});
