import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Octokit } from 'octokit';
import { Sandbox } from '../sandbox/core.mjs';

const REPO = 'acme/board';
const TOKEN = 'ghs_workflow';
let sandbox;
let github;
let octokit;

beforeEach(async () => {
  sandbox = await Sandbox.start();
  github = sandbox.github;
  github.addRepo({ owner: 'acme', organization: true, name: 'board', labels: ['bug'], collaborators: ['alice'], milestones: ['v1'], issueTypes: ['Task'] });
  github.addToken(TOKEN);
  octokit = new Octokit({ auth: TOKEN, baseUrl: sandbox.githubUrl, throttle: { enabled: false }, retry: { enabled: false } });
});

afterEach(() => sandbox.stop());

const tick = () => sandbox.clock.advance(1000);

async function query(text, variables = {}, token = TOKEN) {
  const response = await fetch(sandbox.graphqlUrl, {
    method: 'POST', body: JSON.stringify({ query: text, variables }),
    headers: { 'user-agent': 'certify/1', 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
  });
  return { ...(await response.json()), status: response.status, headers: response.headers };
}

const inRepo = (selection, declared = '') => `query${declared}{repository(owner:"acme",name:"board"){${selection}}}`;

async function repo(selection, variables, declared) {
  const { data, errors } = await query(inRepo(selection, declared), variables);
  assert.deepEqual(errors, undefined);
  return data.repository;
}

async function firstError(text, variables, token) {
  const { errors } = await query(text, variables, token);
  assert.ok(errors, 'expected errors');
  return errors[0];
}

describe('reading', () => {
  it('gives the repository', async () => {
    const data = await repo('id databaseId nameWithOwner isEmpty isPrivate viewerPermission hasIssuesEnabled autoMergeAllowed mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed isArchived defaultBranchRef{name prefix target{oid}} owner{login __typename} labels(first:5){nodes{id name color}} milestones(first:5){nodes{number title state}} issueTypes(first:5){nodes{id name isEnabled}} label(name:"BUG"){name} assignableUsers(first:5){nodes{login}}');
    assert.equal(data.nameWithOwner, 'acme/board');
    assert.deepEqual([data.isEmpty, data.viewerPermission, data.defaultBranchRef.name], [false, 'WRITE', 'main']);
    assert.deepEqual(data.issueTypes.nodes[0].name, 'Task');
    assert.equal(data.label.name, 'bug');
    github.addRepo({ owner: 'acme', name: 'empty', empty: true });
    const empty = (await query('{repository(owner:"acme",name:"empty"){isEmpty defaultBranchRef{name} object(expression:"HEAD"){oid} ref(qualifiedName:"refs/heads/main"){name}}}')).data.repository;
    assert.deepEqual(empty, { isEmpty: true, defaultBranchRef: null, object: null, ref: null });
  });

  it('gives every field of an issue', async () => {
    github.addIssue(REPO, { title: 'parent' });
    github.addIssue(REPO, { title: 'one', body: '**text**<!-- hidden -->', by: 'alice', labels: ['bug'], assignees: ['alice'], milestone: 1, type: 'Task' });
    github.addSubIssue(REPO, 1, 2);
    tick();
    github.editIssue(REPO, 2, { title: 'two', body: 'new', by: 'alice' });
    github.close(REPO, 2, { reason: 'not_planned' });
    const text = 'issue(number:2){id databaseId fullDatabaseId number title body bodyText url state stateReason createdAt updatedAt lastEditedAt closedAt locked author{login __typename} viewerDidAuthor viewerCanUpdate labels(first:9){totalCount nodes{name}} assignees(first:9){nodes{login}} assignedActors(first:9){nodes{... on User{login}}} milestone{number title} issueType{name} parent{number} subIssues(first:9){totalCount} subIssuesSummary{total completed percentCompleted} duplicateOf{number} blockedBy(first:1){totalCount} timelineItems(first:9,itemTypes:[CLOSED_EVENT,REOPENED_EVENT,RENAMED_TITLE_EVENT]){totalCount filteredCount nodes{__typename ... on ClosedEvent{createdAt stateReason actor{login}} ... on RenamedTitleEvent{previousTitle currentTitle}}} comments(first:9){totalCount pageInfo{hasNextPage}}}';
    const { issue } = await repo(text);
    assert.deepEqual([issue.number, issue.title, issue.state, issue.stateReason], [2, 'two', 'CLOSED', 'NOT_PLANNED']);
    assert.deepEqual([issue.author.login, issue.viewerDidAuthor, issue.databaseId], ['alice', false, null]);
    assert.equal(issue.fullDatabaseId, String(github.issue(REPO, 2).id));
    assert.deepEqual([issue.parent.number, issue.issueType.name, issue.milestone.title], [1, 'Task', 'v1']);
    assert.deepEqual(issue.timelineItems.nodes.map((n) => n.__typename), ['RenamedTitleEvent', 'ClosedEvent']);
    assert.equal(issue.timelineItems.filteredCount, 2);
    assert.equal(issue.lastEditedAt, issue.closedAt);
  });

  it('gives every field of a pull request', async () => {
    const bug = github.addIssue(REPO, { title: 'bug' });
    github.addPull(REPO, { title: 'fix', body: `closes #${bug.number}`, checks: 'failure', requiredReviews: 1 });
    const text = 'pullRequest(number:2){id fullDatabaseId title body state isDraft merged mergedAt mergeable mergeStateStatus headRefOid headRefName baseRefName reviewDecision autoMergeRequest{mergeMethod} isInMergeQueue isMergeQueueEnabled mergeQueueEntry{position} mergedBy{login} statusCheckRollup{state} closingIssuesReferences(first:5){nodes{number}} isCrossRepository labels(first:1){nodes{name}} comments(first:1){totalCount} timelineItems(last:1,itemTypes:MERGED_EVENT){nodes{... on MergedEvent{commit{oid}}}}}';
    const first = (await repo(text)).pullRequest;
    assert.deepEqual([first.mergeable, first.mergeStateStatus], ['UNKNOWN', 'UNKNOWN']);
    const second = (await repo(text)).pullRequest;
    assert.deepEqual([second.mergeable, second.mergeStateStatus, second.reviewDecision], ['MERGEABLE', 'BLOCKED', 'REVIEW_REQUIRED']);
    assert.deepEqual(second.closingIssuesReferences.nodes, [{ number: 1 }]);
    github.setPull(REPO, 2, { review: 'APPROVED' });
    assert.equal((await repo(text)).pullRequest.mergeStateStatus, 'UNSTABLE');
    github.draft(REPO, 2);
    assert.equal((await repo(text)).pullRequest.isDraft, true);
    github.draft(REPO, 2, false);
    github.merge(REPO, 2, { by: 'alice' });
    const merged = (await repo(text)).pullRequest;
    assert.deepEqual([merged.state, merged.mergedBy.login], ['MERGED', 'alice']);
    assert.equal(merged.timelineItems.nodes[0].commit.oid, github.readRef(REPO, 'refs/heads/main'));
  });

  it('links pull requests and issues from both ends, and says who is to review', async () => {
    for (const title of ['by keyword', 'by hand', 'no link']) github.addIssue(REPO, { title });
    github.addPull(REPO, { title: 'to main', body: 'Fixes #1', head: 'a', requiredReviews: 1 });
    github.push(REPO, 'release', { files: { 'r.txt': 'r\n' } });
    github.addPull(REPO, { title: 'to another branch', body: 'Fixes #3', head: 'b', base: 'release' });
    github.linkIssues(REPO, 4, [2]);
    github.requestReview(REPO, 4, ['alice', { slug: 'core', name: 'Core' }]);
    const of = 'totalCount nodes{number}';
    const pull = 'closingIssuesReferences(first:9){totalCount nodes{number}} byHand:closingIssuesReferences(first:9,userLinkedOnly:true){nodes{number}} reviewDecision reviewRequests(first:20){totalCount nodes{requestedReviewer{__typename ...on User{login} ...on Bot{login} ...on Team{slug}}}} latestOpinionatedReviews(first:20,writersOnly:true){nodes{state author{login} submittedAt}}';
    const text = `pullRequest(number:4){${pull}} other:pullRequest(number:5){closingIssuesReferences(first:9){totalCount}} a:issue(number:1){closedByPullRequestsReferences(first:9,includeClosedPrs:true){${of}}} c:issue(number:3){closedByPullRequestsReferences(first:9,includeClosedPrs:true){totalCount}}`;
    const first = await repo(text);
    assert.deepEqual(first.pullRequest.closingIssuesReferences, { totalCount: 2, nodes: [{ number: 1 }, { number: 2 }] });
    assert.deepEqual([first.pullRequest.byHand.nodes, first.other.closingIssuesReferences.totalCount], [[{ number: 2 }], 0]);
    assert.deepEqual([first.a.closedByPullRequestsReferences, first.c.closedByPullRequestsReferences.totalCount], [{ totalCount: 1, nodes: [{ number: 4 }] }, 0]);
    assert.deepEqual(first.pullRequest.reviewRequests.nodes.map((n) => n.requestedReviewer), [{ __typename: 'User', login: 'alice' }, { __typename: 'Team', slug: 'core' }]);
    assert.equal(first.pullRequest.reviewDecision, 'REVIEW_REQUIRED');
    github.review(REPO, 4, 'CHANGES_REQUESTED', { by: 'alice' });
    github.quirks.hiddenTeams = true;
    const second = (await repo(text)).pullRequest;
    assert.deepEqual([second.reviewDecision, second.reviewRequests.nodes], ['CHANGES_REQUESTED', [{ requestedReviewer: null }]]);
    github.review(REPO, 4, 'APPROVED', { by: 'alice' });
    assert.equal((await repo(text)).pullRequest.reviewDecision, 'APPROVED');
    github.merge(REPO, 4);
    assert.deepEqual([1, 2, 3].map((n) => github.issue(REPO, n).state), ['closed', 'closed', 'open']);
    const closed = 'issue(number:1){open:closedByPullRequestsReferences(first:9){totalCount} all:closedByPullRequestsReferences(first:9,includeClosedPrs:true){nodes{number state}}}';
    assert.deepEqual((await repo(closed)).issue, { open: { totalCount: 0 }, all: { nodes: [{ number: 4, state: 'MERGED' }] } });
  });

  it('knows the own comments from foreign ones', async () => {
    github.addIssue(REPO, { title: 'one' });
    await octokit.rest.issues.createComment({ owner: 'acme', repo: 'board', issue_number: 1, body: 'mine' });
    tick();
    github.comment(REPO, 1, 'theirs', { by: 'alice' });
    const list = 'issue(number:1){comments(first:9,orderBy:{field:UPDATED_AT,direction:DESC}){nodes{id fullDatabaseId body viewerDidAuthor viewerCanUpdate author{login __typename} createdAt updatedAt lastEditedAt issue{number}}}}';
    const { nodes } = (await repo(list)).issue.comments;
    assert.deepEqual(nodes.map((c) => [c.body, c.viewerDidAuthor, c.author.login, c.author.__typename]),
      [['theirs', false, 'alice', 'User'], ['mine', true, 'github-actions', 'Bot']]);
    assert.equal(nodes[0].lastEditedAt, null);
  });

  it('filters, orders and pages issues', async () => {
    for (let i = 1; i <= 5; i++) {
      github.addIssue(REPO, { title: `n${i}`, by: i % 2 ? 'alice' : 'maintainer', labels: i === 3 ? ['bug'] : [] });
      tick();
    }
    github.addPull(REPO, {});
    const numbers = async (args, variables, declared) => (await repo(`issues(first:9,${args}){nodes{number}}`, variables, declared)).issues.nodes.map((i) => i.number);
    const by = 'orderBy:{field:UPDATED_AT,direction:DESC}';
    assert.deepEqual(await numbers(by), [5, 4, 3, 2, 1]);
    assert.deepEqual(await numbers(`${by},filterBy:{since:$s}`, { s: github.updatedAt(REPO, 4) }, '($s:DateTime)'), [5, 4]);
    assert.deepEqual(await numbers('filterBy:{createdBy:"alice"}'), [1, 3, 5]);
    assert.deepEqual(await numbers('filterBy:{labels:["bug"]}'), [3]);
    assert.deepEqual(await numbers('filterBy:{milestone:null}'), [1, 2, 3, 4, 5]);
    assert.deepEqual(await numbers('filterBy:{assignee:"*"}'), []);
    github.close(REPO, 2);
    assert.deepEqual(await numbers('states:OPEN'), [1, 3, 4, 5]);
    const page = async (a) => (await repo('issues(first:2,after:$a,orderBy:{field:UPDATED_AT,direction:ASC}){totalCount nodes{number} pageInfo{hasNextPage endCursor}}', { a }, '($a:String)')).issues;
    const first = await page(null);
    assert.deepEqual([first.nodes.map((i) => i.number), first.totalCount], [[1, 3], 5]);
    tick();
    github.comment(REPO, 1, 'moves to the end');
    const second = await page(first.pageInfo.endCursor);
    assert.deepEqual(second.nodes.map((i) => i.number), [4, 5]);
    const third = await page(second.pageInfo.endCursor);
    assert.deepEqual([third.nodes.map((i) => i.number), third.pageInfo.hasNextPage], [[2, 1], false]);
  });

  it('reads refs, commits, trees and blobs', async () => {
    const sha = github.writeRefFiles(REPO, 'refs/notion-sync/x', { 'cursor.json': '{"v":1}', 'records/0/1.json': '{}', 'bin': 'a\0b' });
    const text = 'ref(qualifiedName:"refs/notion-sync/x"){name prefix target{__typename ... on Commit{oid file(path:"cursor.json"){object{... on Blob{text byteSize isBinary isTruncated}}} none:file(path:"no"){name} tree{entries{name path type mode oid object{... on Blob{text isBinary} ... on Tree{entries{path type}}}}}}}}'
      + ` lock:object(expression:"${sha}:records/0/1.json"){... on Blob{text}} byRef:object(expression:"refs/notion-sync/x:cursor.json"){... on Blob{text}} none:object(expression:"${sha}:none"){oid} gone:ref(qualifiedName:"refs/notion-sync/y"){name}`;
    const data = await repo(text);
    assert.deepEqual([data.ref.prefix + data.ref.name, data.ref.target.oid], ['refs/notion-sync/x', sha]);
    assert.deepEqual(data.ref.target.file.object, { text: '{"v":1}', byteSize: 7, isBinary: false, isTruncated: false });
    assert.deepEqual(data.ref.target.tree.entries.map((e) => [e.name, e.type, e.mode]), [['bin', 'blob', 0o100644], ['cursor.json', 'blob', 0o100644], ['records', 'tree', 0o40000]]);
    assert.equal(data.ref.target.tree.entries[0].object.text, null);
    assert.equal(data.ref.target.tree.entries[2].object.entries[0].path, 'records/0');
    assert.deepEqual([data.lock.text, data.byRef.text, data.none, data.gone], ['{}', '{"v":1}', null, null]);
    github.quirks.blobTextBytes = 3;
    const cut = (await repo('object(expression:"refs/notion-sync/x:cursor.json"){... on Blob{text isTruncated byteSize}}')).object;
    assert.deepEqual(cut, { text: '{"v', isTruncated: true, byteSize: 7 });
  });

  it('finds nodes by id, and says which it does not', async () => {
    const ids = [github.addIssue(REPO, { title: 'one' }).nodeId, 'I_unknown', github.addPull(REPO, {}).nodeId];
    const answer = await query('query($ids:[ID!]!){nodes(ids:$ids){__typename ... on Issue{number} ... on PullRequest{number}}}', { ids });
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.data.nodes, [{ __typename: 'Issue', number: 1 }, null, { __typename: 'PullRequest', number: 2 }]);
    assert.deepEqual([answer.errors[0].type, answer.errors[0].path], ['NOT_FOUND', ['nodes', 1]]);
    const many = await firstError('query($ids:[ID!]!){nodes(ids:$ids){id}}', { ids: Array(101).fill(ids[0]) });
    assert.equal(many.type, 'ARGUMENT_LIMIT');
    github.addRepo({ owner: 'acme', name: 'secret', private: true, labels: ['hidden'] });
    github.addToken('ghs_elsewhere', { repos: [REPO] });
    for (const hidden of [github.repo('acme/secret'), github.repo('acme/secret').labels.get('hidden')]) {
      const error = await firstError('query($id:ID!){node(id:$id){id}}', { id: hidden.nodeId }, 'ghs_elsewhere');
      assert.equal(error.type, 'NOT_FOUND');
    }
    github.deleteIssue(REPO, 1);
    assert.equal((await firstError('query($id:ID!){node(id:$id){id}}', { id: ids[0] })).type, 'NOT_FOUND');
  });
});

describe('refusals', () => {
  it('a missing number is null, with an error next to it', async () => {
    github.addIssue(REPO, { title: 'one' });
    const { data, errors } = await query('{repository(owner:"acme",name:"board"){a:issue(number:1){number} b:issue(number:99){number} c:pullRequest(number:1){number} d:issueOrPullRequest(number:98){__typename}}}');
    assert.deepEqual([data.repository.a, data.repository.b], [{ number: 1 }, null]);
    assert.deepEqual(errors.map((e) => [e.type, e.path.join('.')]), [['NOT_FOUND', 'repository.b'], ['NOT_FOUND', 'repository.c'], ['NOT_FOUND', 'repository.d']]);
    assert.match(errors[0].message, /^Could not resolve to an Issue with the number of 99\.$/);
    const error = await octokit.graphql('{repository(owner:"acme",name:"none"){id}}').catch((e) => e);
    assert.equal(error.name, 'GraphqlResponseError');
    assert.equal(error.errors[0].type, 'NOT_FOUND');
  });

  it('connections want bounds up to a hundred and cursors of their own', async () => {
    const error = async (args) => (await firstError(`{repository(owner:"acme",name:"board"){issues${args}{nodes{id}}}}`)).type;
    assert.equal(await error(''), 'MISSING_PAGINATION_BOUNDARIES');
    assert.equal(await error('(first:101)'), 'EXCESSIVE_PAGINATION');
    assert.equal(await error('(first:1,last:1)'), 'EXCESSIVE_PAGINATION');
    assert.equal(await error('(first:1,after:"x")'), 'INVALID_CURSOR_ARGUMENTS');
  });

  it('unknown fields, bad variables and bad syntax are errors of the query', async () => {
    assert.match((await firstError('{repository(owner:"acme",name:"board"){nonsense}}')).message, /nonsense/);
    assert.match((await firstError('query($n:Int!){repository(owner:"acme",name:"board"){issue(number:$n){id}}}', { n: 'x' })).message, /Int/);
    assert.match((await firstError(inRepo('issues(first:1,filterBy:{since:$s}){nodes{id}}', '($s:DateTime)'), { s: 'yesterday' })).message, /DateTime/);
    assert.ok(await firstError('{repository('));
    const none = await fetch(sandbox.graphqlUrl, { method: 'POST', body: '{}', headers: { 'user-agent': 'x', authorization: `Bearer ${TOKEN}` } });
    assert.equal(none.status, 400);
    assert.equal((await query('{viewer{login}}', {}, null)).status, 401);
    assert.equal((await query('{viewer{login}}', {}, 'wrong')).status, 401);
  });

  it('counts nodes and points as documented', async () => {
    const example = 'issues(first:50){nodes{labels(first:10){nodes{id}} assignees(first:10){nodes{id}} comments(first:20){nodes{id}}}}';
    const { data } = await query(`{rateLimit{cost nodeCount remaining used limit resetAt} repository(owner:"acme",name:"board"){${example}}}`);
    assert.deepEqual([data.rateLimit.cost, data.rateLimit.nodeCount, data.rateLimit.used], [2, 2050, 2]);
    const huge = '{repository(owner:"acme",name:"board"){issues(first:100){nodes{comments(first:100){nodes{issue{labels(first:51){nodes{id}}}}}}}}}';
    assert.equal((await firstError(huge)).type, 'MAX_NODE_LIMIT_EXCEEDED');
  });

  it('runs out of points with status 200', async () => {
    github.limits.graphql = 2;
    await query('{viewer{login}}');
    await query('{viewer{login}}');
    const { status, errors, headers } = await query('{viewer{login}}');
    assert.deepEqual([status, errors[0].type, headers.get('x-ratelimit-remaining'), headers.get('x-ratelimit-resource')], [200, 'RATE_LIMITED', '0', 'graphql']);
    assert.equal((await octokit.rest.repos.get({ owner: 'acme', repo: 'board' })).status, 200);
  });

  it('cuts nested timelines of large pages without a word', async () => {
    github.addIssue(REPO, { title: 'one' });
    for (let i = 0; i < 20; i++) github.editIssue(REPO, 1, { title: `t${i}` });
    const read = async (first) => (await repo(`issues(first:${first}){nodes{timelineItems(first:100){totalCount nodes{__typename} pageInfo{hasNextPage}}}}`)).issues.nodes[0].timelineItems;
    assert.equal((await read(50)).nodes.length, 20);
    const cut = await read(60);
    assert.deepEqual([cut.nodes.length, cut.totalCount, cut.pageInfo.hasNextPage], [10, 20, true]);
  });

  it('is loud about fields that it does not keep', async () => {
    github.addIssue(REPO, { title: 'one' });
    assert.match((await firstError('{repository(owner:"acme",name:"board"){issue(number:1){bodyHTML}}}')).message, /does not know Issue.bodyHTML/);
    assert.equal(github.violations.at(-1).kind, 'unknown-field');
  });
});

describe('mutations', () => {
  const run = (text, input) => octokit.graphql(`mutation($input:${text[0].toUpperCase()}${text.slice(1).split('{')[0]}Input!){${text.replace('{', '(input:$input){')}}`, { input });

  it('make, edit, comment, close and reopen issues', async () => {
    const repositoryId = github.nodeIdOf(REPO);
    const { createIssue } = await run('createIssue{issue{id number body labels(first:5){nodes{name}}}}', {
      repositoryId, title: 'made', labelIds: [github.repo(REPO).labels.get('bug').nodeId],
    });
    assert.deepEqual([createIssue.issue.number, createIssue.issue.body, createIssue.issue.labels.nodes[0].name], [1, '', 'bug']);
    const { id } = createIssue.issue;
    tick();
    const { updateIssue } = await run('updateIssue{issue{title updatedAt milestone{title}}}', { id, title: 'edited', milestoneId: github.repo(REPO).milestones.get(1).nodeId });
    assert.deepEqual(updateIssue.issue, { title: 'edited', updatedAt: github.updatedAt(REPO, 1), milestone: { title: 'v1' } });
    const { addComment } = await run('addComment{commentEdge{node{body viewerDidAuthor}}}', { subjectId: id, body: 'hi' });
    assert.deepEqual(addComment.commentEdge.node, { body: 'hi', viewerDidAuthor: true });
    const { closeIssue } = await run('closeIssue{issue{state stateReason}}', { issueId: id, stateReason: 'NOT_PLANNED' });
    assert.deepEqual(closeIssue.issue, { state: 'CLOSED', stateReason: 'NOT_PLANNED' });
    assert.equal((await run('reopenIssue{issue{stateReason}}', { issueId: id })).reopenIssue.issue.stateReason, 'REOPENED');
    const closed = await run('updateIssue{issue{state stateReason}}', { id, stateInput: { value: 'CLOSED', stateReason: 'COMPLETED' } });
    assert.deepEqual(closed.updateIssue.issue, { state: 'CLOSED', stateReason: 'COMPLETED' });
    await run('updateIssueIssueType{issue{issueType{name}}}', { issueId: id, issueTypeId: github.repo(REPO).owner.issueTypes[0].nodeId });
    assert.equal(github.snapshot(REPO).issues[0].type, 'Task');
  });

  it('answer refusals as errors with a type', async () => {
    github.addIssue(REPO, { title: 'one' });
    const id = github.nodeIdOf(REPO, 1);
    const long = await run('updateIssue{issue{id}}', { id, title: 'x'.repeat(257) }).catch((e) => e);
    assert.deepEqual([long.errors[0].type, long.data.updateIssue], ['UNPROCESSABLE', null]);
    github.addToken(TOKEN, { permissions: { issues: 'read' } });
    const denied = await run('addComment{clientMutationId}', { subjectId: id, body: 'x' }).catch((e) => e);
    assert.deepEqual([denied.errors[0].type, denied.errors[0].message], ['FORBIDDEN', 'Resource not accessible by integration']);
    assert.equal(github.issue(REPO, 1).comments.length, 0);
  });

  it('count as writes', async () => {
    github.addIssue(REPO, { title: 'one' });
    const input = { subjectId: github.nodeIdOf(REPO, 1), body: 'x' };
    await run('addComment{clientMutationId}', input);
    await run('addComment{clientMutationId}', input);
    assert.deepEqual(github.violations.map((v) => v.kind), ['writes-too-close']);
    assert.equal(github.stats.content, 2);
  });
});
