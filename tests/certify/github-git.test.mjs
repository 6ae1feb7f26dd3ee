import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { Octokit } from 'octokit';
import { Sandbox } from '../sandbox/core.mjs';
import { Contract } from './github-contract.mjs';

const contract = new Contract();
const at = { owner: 'acme', repo: 'board' };
const STATE = 'refs/notion-sync/0123';
let sandbox;
let github;
let git;
let folder;

beforeEach(async () => {
  sandbox = await Sandbox.start();
  github = sandbox.github;
  github.addRepo({ owner: 'acme', name: 'board', files: { 'README.md': 'hello\n', 'src/a.c': 'int a;\n', 'src/deep/b.c': 'int b;\n' } });
  github.addToken('ghs_workflow');
  const octokit = new Octokit({
    auth: 'ghs_workflow', baseUrl: sandbox.githubUrl, throttle: { enabled: false },
    retry: { enabled: false },
    request: { fetch: contract.fetchFor(sandbox.githubUrl) },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  git = octokit.rest.git;
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'certify-git-'));
  real(['init', '-q', '.']);
});

afterEach(async () => {
  fs.rmSync(folder, { recursive: true });
  await sandbox.stop();
});

after(() => assert.deepEqual(contract.failures, []));

function real(args, { input, env } = {}) {
  const options = { cwd: folder, input, encoding: 'utf8', env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', ...env } };
  return execFileSync('git', args, options).trim();
}

/** The id that git itself gives to a tree of these files. */
function realTree(files) {
  real(['read-tree', '--empty']);
  for (const [name, text] of Object.entries(files)) {
    const sha = real(['hash-object', '-w', '--stdin'], { input: text });
    real(['update-index', '--add', '--cacheinfo', `100644,${sha},${name}`]);
  }
  return real(['write-tree']);
}

const head = () => github.readRef('acme/board', 'refs/heads/main');
const headTree = async () => (await git.getCommit({ ...at, commit_sha: head() })).data.tree.sha;
const file = (name, content) => ({ path: name, mode: '100644', type: 'blob', content });
const START = { 'README.md': 'hello\n', 'src/a.c': 'int a;\n', 'src/deep/b.c': 'int b;\n' };

async function fails(promise, status, pattern) {
  const error = await promise.then(() => assert.fail(`expected ${status}`), (e) => e);
  assert.equal(error.status, status, String(error.stack));
  assert.match(error.message, pattern);
}

async function stateCommit(files, parents = []) {
  const { data: tree } = await git.createTree({ ...at, tree: Object.entries(files).map(([n, c]) => file(n, c)) });
  return (await git.createCommit({ ...at, message: 'state', tree: tree.sha, parents })).data.sha;
}

describe('git objects', () => {
  it('have the ids that git gives them', async () => {
    const { data: blob } = await git.createBlob({ ...at, content: 'żółw\n' });
    assert.equal(blob.sha, real(['hash-object', '--stdin'], { input: 'żółw\n' }));
    assert.equal(await headTree(), realTree(START));
    const entries = { 'a.b': '1', 'a-c': '2', 'a/x': '3', 'a0': '4', 'records/0/1.json': '{}', 'records/10/1001.json': '{}' };
    const { data: tree } = await git.createTree({ ...at, tree: Object.entries(entries).map(([n, c]) => file(n, c)) });
    assert.equal(tree.sha, realTree(entries));
    const author = { name: 'A U Thor', email: 'a@example.org', date: '2026-02-03T04:05:06Z' };
    const { data: commit } = await git.createCommit({ ...at, message: 'One\n\nTwo\n', tree: tree.sha, parents: [], author });
    const env = {
      GIT_AUTHOR_NAME: author.name, GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: '1770091506 +0000',
      GIT_COMMITTER_NAME: author.name, GIT_COMMITTER_EMAIL: author.email,
      GIT_COMMITTER_DATE: '1770091506 +0000',
    };
    const root = real(['commit-tree', tree.sha], { input: 'One\n\nTwo\n', env });
    assert.equal(commit.sha, root);
    const { data: second } = await git.createCommit({ ...at, message: 'Next\n', tree: tree.sha, parents: [commit.sha], author });
    assert.equal(second.sha, real(['commit-tree', tree.sha, '-p', root, '-m', 'Next'], { env }));
  });

  it('come back as they went in', async () => {
    const { data: blob } = await git.createBlob({ ...at, content: Buffer.from([0, 255, 1]).toString('base64'), encoding: 'base64' });
    const { data: back } = await git.getBlob({ ...at, file_sha: blob.sha });
    assert.deepEqual([...Buffer.from(back.content, 'base64')], [0, 255, 1]);
    const { data: raw } = await git.getBlob({ ...at, file_sha: real(['hash-object', '--stdin'], { input: 'hello\n' }), mediaType: { format: 'raw' } });
    assert.equal(raw, 'hello\n');
    await fails(git.getBlob({ ...at, file_sha: 'f'.repeat(40) }), 404, /Not Found/);
  });

  it('trees edit a base: add, replace, delete, nested', async () => {
    const base = await headTree();
    const edit = async (tree) => (await git.createTree({ ...at, base_tree: base, tree })).data.sha;
    assert.equal(await edit([file('src/deep/c.c', 'c')]), realTree({ ...START, 'src/deep/c.c': 'c' }));
    assert.equal(await edit([file('README.md', 'bye\n')]), realTree({ ...START, 'README.md': 'bye\n' }));
    const gone = { mode: '100644', type: 'blob', sha: null };
    assert.equal(await edit([{ path: 'src/deep/b.c', ...gone }]), realTree({ 'README.md': 'hello\n', 'src/a.c': 'int a;\n' }));
    assert.equal(await edit([{ path: 'src', mode: '040000', type: 'tree', sha: null }]), realTree({ 'README.md': 'hello\n' }));
    await fails(edit([{ path: 'src/none.c', ...gone }]), 422, /BadObjectState/);
    await fails(edit([{ path: 'none/none.c', ...gone }]), 422, /BadObjectState/);
    await fails(edit([{ path: 'x', mode: '100644', type: 'blob', sha: 'f'.repeat(40) }]), 422, /not a valid blob/);
    await fails(edit([{ path: '../x', mode: '100644', type: 'blob', content: 'x' }]), 422, /malformed path/);
    await fails(edit([{ path: 'x', mode: '100645', type: 'blob', content: 'x' }]), 422, /tree.mode/);
    await fails(edit([]), 422, /Invalid tree info/);
  });

  it('trees are read by level or whole', async () => {
    const flat = (await git.getTree({ ...at, tree_sha: 'main' })).data;
    assert.deepEqual(flat.tree.map((e) => [e.path, e.type]), [['README.md', 'blob'], ['src', 'tree']]);
    const whole = (await git.getTree({ ...at, tree_sha: await headTree(), recursive: '1' })).data;
    assert.deepEqual(whole.tree.map((e) => e.path), ['README.md', 'src', 'src/a.c', 'src/deep', 'src/deep/b.c']);
    github.quirks.treeEntries = 2;
    assert.equal((await git.getTree({ ...at, tree_sha: 'main', recursive: '1' })).data.truncated, true);
  });

  it('commits want an existing tree and existing parents', async () => {
    const make = (fields) => git.createCommit({ ...at, message: 'm', ...fields });
    await fails(make({ tree: 'f'.repeat(40) }), 422, /Tree SHA does not exist/);
    await fails(make({ tree: await headTree(), parents: ['f'.repeat(40)] }), 422, /Parent SHA does not exist/);
    await fails(make({ tree: 'short' }), 422, /exactly 40/);
    await fails(git.getCommit({ ...at, commit_sha: 'f'.repeat(40) }), 404, /Not Found/);
  });
});

describe('refs', () => {
  it('are created once, moved forward only, and deleted', async () => {
    const first = await stateCommit({ 'cursor.json': '{}' });
    const create = (ref, sha) => git.createRef({ ...at, ref, sha });
    await create(STATE, first);
    await fails(create(STATE, first), 422, /Reference already exists/);
    const ref = STATE.replace('refs/', '');
    assert.equal((await git.getRef({ ...at, ref })).data.object.sha, first);
    await fails(git.getRef({ ...at, ref: 'notion-sync/012' }), 404, /Not Found/);
    const [left, right] = [await stateCommit({ 'cursor.json': '{"a":1}' }, [first]), await stateCommit({ 'cursor.json': '{"a":2}' }, [first])];
    const update = (sha, force) => git.updateRef({ ...at, ref, sha, force });
    await update(left);
    await fails(update(right), 422, /Update is not a fast forward/);
    await fails(update(first, false), 422, /Update is not a fast forward/);
    await update(right, true);
    await fails(update('f'.repeat(40)), 422, /Object does not exist/);
    assert.deepEqual(github.readRefFile('acme/board', STATE, 'cursor.json'), { a: 2 });
    const { data: matching } = await git.listMatchingRefs({ ...at, ref: 'notion-sync/' });
    assert.deepEqual(matching.map((r) => r.ref), [STATE]);
    await git.deleteRef({ ...at, ref });
    await fails(git.deleteRef({ ...at, ref }), 422, /Reference does not exist/);
    await fails(update(left), 422, /Reference does not exist/);
  });

  it('have whole names and existing objects', async () => {
    const sha = head();
    const create = (ref, id = sha) => git.createRef({ ...at, ref, sha: id });
    await fails(create('heads/x'), 422, /three slash-separated/);
    await fails(create('refs/x'), 422, /three slash-separated/);
    await fails(create('refs/a/b..c'), 422, /not a valid ref name/);
    await fails(create('refs/a/b', 'f'.repeat(40)), 422, /Object does not exist/);
    await fails(create('refs/heads/x', await headTree()), 422, /not a commit/);
    await fails(create('refs/pull/1/head'), 422, /Reference update failed/);
    await create('refs/a/b');
    await fails(create('refs/a/b/c'), 422, /Reference update failed/);
  });

  it('can be refused by namespace', async () => {
    github.repo('acme/board').refusedRefs.push({ match: 'refs/notion-sync/', status: 422, message: 'Reference update failed' });
    await fails(git.createRef({ ...at, ref: STATE, sha: head() }), 422, /Reference update failed/);
    await git.createRef({ ...at, ref: 'refs/heads/state', sha: head() });
  });

  it('do not exist in an empty repository', async () => {
    github.addRepo({ owner: 'acme', name: 'empty', empty: true });
    await fails(git.createBlob({ ...at, repo: 'empty', content: 'x' }), 409, /Git Repository is empty/);
    await fails(git.createRef({ ...at, repo: 'empty', ref: STATE, sha: head() }), 409, /Git Repository is empty/);
    await fails(git.getRef({ ...at, repo: 'empty', ref: 'heads/main' }), 409, /Git Repository is empty/);
  });

  it('need contents: write', async () => {
    github.addToken('ghs_workflow', { permissions: { contents: 'read', issues: 'write' } });
    await fails(git.createRef({ ...at, ref: STATE, sha: head() }), 403, /not accessible by integration/);
    assert.equal((await git.getRef({ ...at, ref: 'heads/main' })).data.object.type, 'commit');
  });

  it('are written and read by tests without the API', () => {
    github.writeRefFiles('acme/board', STATE, { 'cursor.json': { version: 1 }, 'records/0/1.json': { page: 'p' } });
    github.writeRefFiles('acme/board', STATE, { 'records/0/1.json': null, 'lock.json': {} });
    assert.deepEqual(github.listRefFiles('acme/board', STATE), ['cursor.json', 'lock.json']);
    assert.equal(github.readRefFile('acme/board', STATE, 'records/0/1.json'), undefined);
    github.deleteRef('acme/board', STATE);
    assert.equal(github.readRef('acme/board', STATE), undefined);
  });
});
