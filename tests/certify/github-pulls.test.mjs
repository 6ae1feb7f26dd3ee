import assert from 'node:assert/strict';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { Octokit } from 'octokit';
import { Sandbox } from '../sandbox/core.mjs';
import { Contract } from './github-contract.mjs';

const contract = new Contract();
const at = { owner: 'acme', repo: 'board' };
const REPO = 'acme/board';
let sandbox;
let github;
let octokit;

function client(token) {
  return new Octokit({
    auth: token, baseUrl: sandbox.githubUrl, throttle: { enabled: false },
    retry: { enabled: false },
    request: { fetch: contract.fetchFor(sandbox.githubUrl) },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
}

beforeEach(async () => {
  sandbox = await Sandbox.start();
  github = sandbox.github;
  github.addRepo({ owner: 'acme', name: 'board', autoMergeAllowed: true });
  github.addToken('ghs_workflow');
  octokit = client('ghs_workflow');
});

afterEach(() => sandbox.stop());

after(() => assert.deepEqual(contract.failures, []));

async function fails(promise, status, pattern) {
  const error = await promise.then(() => assert.fail(`expected ${status}`), (e) => e);
  assert.equal(error.status, status, String(error.stack));
  assert.match(error.message, pattern);
}

async function refused(promise, pattern, type = 'UNPROCESSABLE') {
  const error = await promise.then(() => assert.fail('expected an error'), (e) => e);
  assert.equal(error.name, 'GraphqlResponseError', String(error.stack));
  assert.match(error.errors[0].message, pattern);
  assert.equal(error.errors[0].type, type);
}

const merge = (pull_number, fields) => octokit.rest.pulls.merge({ ...at, pull_number, ...fields });

describe('pull requests', () => {
  it('are read with a mergeability that is computed in the background', async () => {
    github.addPull(REPO, { title: 'one', by: 'alice' });
    const get = async () => (await octokit.rest.pulls.get({ ...at, pull_number: 1 })).data;
    const first = await get();
    assert.deepEqual([first.mergeable, first.mergeable_state], [null, 'unknown']);
    const second = await get();
    assert.deepEqual([second.mergeable, second.mergeable_state], [true, 'clean']);
    github.push(REPO, 'main', { files: { 'other.txt': 'x' } });
    assert.equal((await get()).mergeable, null);
    assert.equal((await octokit.rest.pulls.list(at)).data[0].head.sha, second.head.sha);
  });

  it('conflict if both branches changed a file', async () => {
    github.addPull(REPO, { files: { 'README.md': 'theirs' } });
    github.push(REPO, 'main', { files: { 'README.md': 'ours' } });
    github.quirks.mergeabilityReads = 0;
    github.issue(REPO, 1).pull.pending = 0;
    const { data } = await octokit.rest.pulls.get({ ...at, pull_number: 1 });
    assert.deepEqual([data.mergeable, data.mergeable_state], [false, 'dirty']);
    await fails(merge(1), 405, /Pull Request is not mergeable/);
  });

  it('merge by method, and close what they fix', async () => {
    for (const [index, method] of ['merge', 'squash', 'rebase'].entries()) {
      const issue = github.addIssue(REPO, { title: 'a bug' });
      const pull = github.addPull(REPO, { title: 'the fix', body: `Fixes #${issue.number}` });
      const before = github.readRef(REPO, 'refs/heads/main');
      const { data } = await merge(pull.number, { merge_method: method, sha: pull.pull.headSha });
      assert.equal(data.merged, true);
      assert.equal(github.readRef(REPO, 'refs/heads/main'), data.sha);
      const { parents } = github.repo(REPO).git.get(data.sha, 'commit');
      assert.deepEqual(parents, method === 'merge' ? [before, pull.pull.headSha] : [before]);
      assert.equal(github.readRefText(REPO, 'refs/heads/main', `${pull.pull.headRef}.txt`), 'text\n');
      assert.deepEqual([issue.state, pull.state, pull.pull.merged], ['closed', 'closed', true], String(index));
      await octokit.rest.pulls.checkIfMerged({ ...at, pull_number: pull.number });
      sandbox.clock.advance(1000);
    }
    await fails(octokit.rest.issues.update({ ...at, issue_number: 2, state: 'open' }), 422, /cannot be reopened/);
  });

  it('do not merge past a moved head, a rule or a missing permission', async () => {
    const pull = github.addPull(REPO, {});
    const seen = pull.pull.headSha;
    github.pushHead(REPO, 1);
    await fails(merge(1, { sha: seen }), 409, /Head branch was modified/);
    github.draft(REPO, 1);
    await fails(merge(1), 405, /still a draft/);
    github.draft(REPO, 1, false);
    github.setPull(REPO, 1, { requiredCheck: 'ci', checks: 'pending' });
    await fails(merge(1), 405, /Required status check "ci" is expected/);
    github.setPull(REPO, 1, { checks: 'success', requiredReviews: 1 });
    await fails(merge(1), 405, /approving review/);
    github.setPull(REPO, 1, { review: 'APPROVED', behind: true });
    await fails(merge(1), 405, /out of date/);
    github.setPull(REPO, 1, { behind: false });
    github.refuseNextMerge();
    await fails(merge(1), 405, /Base branch was modified/);
    github.repo(REPO).mergeMethods.squash = false;
    await fails(merge(1, { merge_method: 'squash' }), 405, /Squash merges are not allowed/);
    await fails(merge(1, { merge_method: 'fold' }), 422, /Validation Failed/);
    github.addToken('ghs_triage', { permissions: { issues: 'write', pull_requests: 'write', contents: 'read' } });
    await fails(client('ghs_triage').rest.pulls.merge({ ...at, pull_number: 1 }), 403, /not accessible by integration/);
    await merge(1);
    await fails(merge(1), 405, /not mergeable/);
    github.addPull(REPO, { files: { '.github/workflows/ci.yml': 'on: push' } });
    await fails(merge(2), 403, /without `workflows` permission/);
  });

  it('are edited and opened', async () => {
    github.push(REPO, 'topic', { files: { 'x.txt': 'x' } });
    const { data } = await octokit.rest.pulls.create({ ...at, title: 'opened', head: 'topic', base: 'main', body: 'text' });
    assert.equal(data.head.ref, 'topic');
    const edited = await octokit.rest.pulls.update({ ...at, pull_number: data.number, title: 'renamed', state: 'closed' });
    assert.deepEqual([edited.data.title, edited.data.state], ['renamed', 'closed']);
    await fails(octokit.rest.pulls.create({ ...at, title: 'x', head: 'none', base: 'main' }), 422, /head/);
  });

  it('come from forks', async () => {
    const pull = github.addPull(REPO, { fork: 'carol', by: 'carol' });
    const { data } = await octokit.rest.pulls.get({ ...at, pull_number: 1 });
    assert.equal(data.head.label, `carol:${pull.pull.headRef}`);
    assert.equal(data.head.repo.full_name, 'carol/board');
    const before = data.head.sha;
    github.pushHead(REPO, 1);
    assert.notEqual((await octokit.rest.pulls.get({ ...at, pull_number: 1 })).data.head.sha, before);
    await merge(1);
  });
});

const ENABLE = 'mutation($id:ID!,$m:PullRequestMergeMethod){enablePullRequestAutoMerge(input:{pullRequestId:$id,mergeMethod:$m}){pullRequest{autoMergeRequest{mergeMethod enabledBy{login}}}}}';
const MERGE = 'mutation($id:ID!,$head:GitObjectID){mergePullRequest(input:{pullRequestId:$id,expectedHeadOid:$head,mergeMethod:SQUASH}){pullRequest{state merged mergedBy{login}}}}';
const ENQUEUE = 'mutation($id:ID!){enqueuePullRequest(input:{pullRequestId:$id}){mergeQueueEntry{position state pullRequest{isInMergeQueue}}}}';

describe('auto-merge and the queue', () => {
  it('merges once what is required came in', async () => {
    const pull = github.addPull(REPO, { requiredCheck: 'ci', checks: 'pending' });
    const answer = await octokit.graphql(ENABLE, { id: pull.nodeId, m: 'SQUASH' });
    assert.deepEqual(answer.enablePullRequestAutoMerge.pullRequest.autoMergeRequest, { mergeMethod: 'SQUASH', enabledBy: { login: 'github-actions' } });
    assert.equal(pull.state, 'open');
    github.setPull(REPO, 1, { checks: 'success' });
    assert.equal(pull.pull.merged, true);
    assert.equal(pull.pull.mergedBy.login, 'github-actions[bot]');
  });

  it('is refused where it is not allowed or not needed', async () => {
    const pull = github.addPull(REPO, {});
    await refused(octokit.graphql(ENABLE, { id: pull.nodeId }), /in clean status/);
    github.setPull(REPO, 1, { checks: 'failure' });
    await refused(octokit.graphql(ENABLE, { id: pull.nodeId }), /in unstable status/);
    github.setPull(REPO, 1, { requiredReviews: 1 });
    github.repo(REPO).mergeMethods.rebase = false;
    await refused(octokit.graphql(ENABLE, { id: pull.nodeId, m: 'REBASE' }), /not allowed/);
    github.repo(REPO).autoMergeAllowed = false;
    await refused(octokit.graphql(ENABLE, { id: pull.nodeId }), /Auto merge is not allowed for this repository/);
    github.addToken('ghs_triage', { permissions: { issues: 'write', pull_requests: 'write' } });
    await refused(client('ghs_triage').graphql(ENABLE, { id: pull.nodeId }), /not accessible by integration/, 'FORBIDDEN');
  });

  it('can be taken back', async () => {
    const pull = github.addPull(REPO, { blocked: 'Rule' });
    await octokit.graphql(ENABLE, { id: pull.nodeId });
    await octokit.graphql('mutation($id:ID!){disablePullRequestAutoMerge(input:{pullRequestId:$id}){clientMutationId}}', { id: pull.nodeId });
    assert.equal(pull.pull.autoMerge, null);
  });

  it('merges directly, pinned to a head', async () => {
    const pull = github.addPull(REPO, {});
    await refused(octokit.graphql(MERGE, { id: pull.nodeId, head: 'f'.repeat(40) }), /Head branch was modified/);
    const { mergePullRequest } = await octokit.graphql(MERGE, { id: pull.nodeId, head: pull.pull.headSha });
    assert.deepEqual(mergePullRequest.pullRequest, { state: 'MERGED', merged: true, mergedBy: { login: 'github-actions' } });
  });

  it('goes through the queue if there is one', async () => {
    github.addRepo({ owner: 'acme', name: 'queued', mergeQueue: true });
    const pull = github.addPull('acme/queued', {});
    await fails(octokit.rest.pulls.merge({ ...at, repo: 'queued', pull_number: 1 }), 405, /merge queue/);
    const answer = await octokit.graphql(ENQUEUE, { id: pull.nodeId });
    assert.deepEqual(answer.enqueuePullRequest.mergeQueueEntry, { position: 1, state: 'QUEUED', pullRequest: { isInMergeQueue: true } });
    await refused(octokit.graphql(ENQUEUE, { id: pull.nodeId }), /already in the queue/);
    github.runQueue('acme/queued');
    assert.equal(pull.pull.merged, true);
    await refused(octokit.graphql(ENQUEUE, { id: github.addPull(REPO, {}).nodeId }), /not enabled/);
  });
});

describe('dispatches', () => {
  it('keep the documented bounds', async () => {
    const send = (event_type, client_payload) => octokit.rest.repos.createDispatchEvent({ ...at, event_type, client_payload });
    await send('notion-sync', { pages: ['a'] });
    assert.deepEqual(github.snapshot(REPO).dispatches, [{ type: 'notion-sync', payload: { pages: ['a'] } }]);
    await fails(send('x'.repeat(101)), 422, /Validation Failed/);
    await fails(send('x', Object.fromEntries([...Array(11).keys()].map((k) => [`k${k}`, 1]))), 422, /10 properties/);
    await fails(send('x', { big: 'x'.repeat(65536) }), 422, /too large/);
    github.addToken('ghs_few', { permissions: { issues: 'write' } });
    await fails(client('ghs_few').rest.repos.createDispatchEvent({ ...at, event_type: 'x' }), 403, /not accessible/);
  });
});
