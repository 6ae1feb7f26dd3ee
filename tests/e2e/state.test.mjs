import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { board } from '../harness.mjs';
import { changes, HOUR, isRead, story } from './sync-story.mjs';

async function linked(t, options, inputs) {
  const at = await story(t, options);
  at.addIssue({ title: 'One', labels: ['bug'] });
  at.addPage({ Name: 'Two' });
  await at.pass(inputs);
  await at.settle(inputs);
  at.later();
  return at;
}

const writes = (result) => result.requests.filter((request) => !isRead(request));
const told = (result) => result.stdout + result.stderr;
const patch = (at, file, change) =>
  at.github.writeRefFiles(at.repo, at.stateRef, { [file]: change(at.github.readRefFile(at.repo, at.stateRef, file)) });

// --- lost, damaged, foreign ---

test('a lost state comes back from GitHub ID and the link comments, without a comment more', async (t) => {
  const at = await linked(t);
  const before = at.both();
  at.github.deleteRef(at.repo, at.stateRef);
  const result = await at.pass();
  assert.equal(result.report.full, true);
  assert.deepEqual(changes(at, result), []);
  assert.deepEqual(at.both(), before);
  assert.deepEqual(at.stateFiles().filter((name) => name.startsWith('records/')), ['records/0/1.json', 'records/0/2.json']);
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Uno' });
  at.notion.editPage(at.page(2), { Name: 'Dos' });
  await at.pass();
  assert.deepEqual([at.row(1).Name, at.issue(2).title], ['Uno', 'Dos']);
  await at.settle();
});

test('a lost state with edits since: equal sides are recorded, others are conflicts that lose nothing', async (t) => {
  const at = await linked(t);
  at.github.deleteRef(at.repo, at.stateRef);
  at.notion.editPage(at.page(1), { Name: 'Uno' });
  const result = await at.pass();
  assert.equal(result.outputs.conflicts, '1');
  assert.equal(at.row(1).Name, 'One');
  assert.match(at.comments(1).at(-1), /Uno/);
  await at.settle();
});

for (const [name, text] of Object.entries({ 'no JSON': '{"version": 1, "data', empty: '', 'without times': '{"version": 1}' })) {
  test(`a damaged cursor.json (${name}): everything is compared again`, async (t) => {
    const at = await linked(t);
    at.github.writeRefFiles(at.repo, at.stateRef, { 'cursor.json': text });
    const result = await at.sync();
    assert.equal(result.code, 0, told(result));
    assert.match(result.stdout, /::warning::.*cursor\.json.*damaged/);
    assert.equal(result.report.full, true);
    assert.deepEqual(changes(at, result), []);
    await at.settle();
  });
}

for (const member of ['github_since', 'notion_since', 'last_full']) {
  test(`a cursor.json whose ${member} is yet to come is damaged: everything is compared again`, async (t) => {
    const at = await linked(t);
    patch(at, 'cursor.json', (json) => ({ ...json, [member]: '2099-01-01T00:00:00.000Z' }));
    at.notion.editPage(at.page(1), { Name: 'Uno' });
    const result = await at.pass();
    assert.match(result.stdout, /::warning::.*cursor\.json.*damaged/);
    assert.equal(result.report.full, true);
    assert.equal(at.issue(1).title, 'Uno');
    await at.settle();
  });
}

for (const file of ['cursor.json', 'records/0/1.json']) {
  test(`${file} of an unknown version: exit 2, nothing is touched`, async (t) => {
    const at = await linked(t);
    patch(at, file, (json) => ({ ...json, version: 3 }));
    at.github.editIssue(at.repo, 1, { title: 'Changed' });
    const state = at.github.readRef(at.repo, at.stateRef);
    const result = await at.pass({}, { code: 2 });
    assert.match(result.stdout, /::error::.*(another|unknown) version.*delete the state/);
    assert.deepEqual(writes(result), []);
    assert.equal(at.github.readRef(at.repo, at.stateRef), state);
  });
}

test('a state of version 1 is read, and written as version 2 before anything else is', async (t) => {
  const at = await linked(t);
  const files = at.stateFiles().filter((name) => !name.startsWith('pages/'));
  for (const file of files) patch(at, file, (json) => ({ ...json, version: 1 }));
  at.github.editIssue(at.repo, 1, { title: 'Uno' });
  at.later();
  const result = await at.sync({}, { killAt: { match: ({ method, path }) => method === 'PATCH' && path.startsWith('/v1/pages/'), phase: 'before' } });
  assert.notEqual(result.code, 0);
  assert.equal(at.github.readRefFile(at.repo, at.stateRef, 'cursor.json').version, 2);
  at.later(HOUR);
  await at.pass();
  assert.equal(at.row(1).Name, 'Uno');
  assert.equal(at.github.readRefFile(at.repo, at.stateRef, 'records/0/1.json').version, 2);
  await at.settle();
});

for (const [name, work] of [['with something to do', (at) => at.github.editIssue(at.repo, 1, { title: 'Uno' })], ['that finds nothing changed', () => {}]]) {
  test(`the first run that reads a state of version 1, ${name}, says once what is different now`, async (t) => {
    const at = await linked(t);
    for (const file of at.stateFiles().filter((file) => !file.startsWith('pages/'))) patch(at, file, (json) => ({ ...json, version: 1 }));
    work(at);
    at.later();
    const words = /an earlier version of this action wrote the state\. This version does some things differently: in a public repository nothing .* `create_issues` is `open` by default, .* a pull request is merged only at the commit/;
    assert.match((await at.pass()).summary, words);
    at.later();
    assert.doesNotMatch((await at.pass()).summary, words);
  });
}

test('a state of another database: exit 2, nothing is touched', async (t) => {
  const at = await linked(t);
  const other = board(at.sandbox, { title: 'Other', name: 'other' });
  at.github.editIssue(at.repo, 1, { title: 'Changed' });
  const result = await at.pass({ notion_database: other.database.id, state_ref: at.stateRef }, { code: 2 });
  assert.match(result.stdout, /::error::.*another Notion database.*state_ref/);
  assert.deepEqual(writes(result), []);
});

test('the same database given by its data source id, or as a URL, keeps its state', async (t) => {
  const at = await linked(t);
  for (const notion_database of [at.dataSource, at.database.url]) {
    const result = await at.pass({ notion_database, state_ref: at.stateRef });
    assert.deepEqual(changes(at, result), []);
    at.later();
  }
});

test('a damaged record is made again; a record edited by hand does no harm', async (t) => {
  const at = await linked(t);
  at.github.writeRefFiles(at.repo, at.stateRef, { 'records/0/1.json': 'rubbish' });
  at.github.label(at.repo, 1, ['new']);
  const result = await at.pass();
  assert.match(result.stdout, /::warning::.*records\/0\/1\.json|::warning::.*#1/);
  assert.deepEqual([...at.row(1).Labels].sort(), ['bug', 'new']);
  await at.settle();
  at.later();
  patch(at, 'records/0/2.json', (json) => JSON.parse(JSON.stringify(json).replace(/"Two"/g, '"By hand"')));
  at.github.label(at.repo, 2, ['again']);
  const byHand = await at.pass();
  assert.equal(byHand.outputs.failures, '0');
  assert.deepEqual([at.row(2).Name, at.issue(2).title], ['Two', 'Two']);
  assert.deepEqual(at.row(2).Labels, ['again']);
  await at.settle();
});

// --- where it lives ---

test('the state on a branch of its own', async (t) => {
  const inputs = { state_ref: 'refs/heads/notion-sync-state' };
  const at = await linked(t, {}, inputs);
  assert.equal(at.github.readRef(at.repo, at.stateRef), undefined);
  assert.ok(at.github.listRefFiles(at.repo, inputs.state_ref).includes('records/0/2.json'));
  at.github.editIssue(at.repo, 1, { title: 'Uno' });
  await at.pass(inputs);
  assert.equal(at.row(1).Name, 'Uno');
  await at.settle(inputs);
});

const branchOf = (at) => at.stateRef.replace('refs/', 'refs/heads/');
const refuse = (at, status = 422, match = 'refs/notion-sync/') => at.github.repo(at.repo).refusedRefs.push({ match, status, message: 'Reference name is not allowed' });

for (const status of [403, 422]) {
  test(`if GitHub refuses to create the hidden ref (${status}), a branch takes its place, and later passes find it at once`, async (t) => {
    const at = await story(t);
    at.addIssue({ title: 'One' });
    refuse(at, status);
    const first = await at.pass();
    assert.match(first.stdout, new RegExp(`::notice::.*${at.stateRef}.*not allowed.*kept in ${branchOf(at)}`));
    assert.ok(at.github.listRefFiles(at.repo, branchOf(at)).includes('records/0/1.json'));
    assert.equal(at.row(1).Name, 'One');
    await at.settle();
    at.later();
    at.github.editIssue(at.repo, 1, { title: 'Two' });
    const run = await at.pass();
    assert.equal(at.row(1).Name, 'Two');
    assert.doesNotMatch(run.stdout, /::(notice|warning)::/);
    // A repository that lets it be created again: what is there counts.
    at.github.repo(at.repo).refusedRefs.length = 0;
    at.later();
    await at.settle();
    assert.equal(at.github.readRef(at.repo, at.stateRef), undefined);
  });
}

test('if both refs are there, the one that was saved later counts, and the other is named', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  await at.pass();
  at.later();
  // Somebody's copy, older than what the next pass saves.
  const { git } = at.github.repo(at.repo);
  git.refs.set(branchOf(at), git.refs.get(at.stateRef));
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Two' });
  const run = await at.pass();
  assert.match(run.stdout, new RegExp(`::warning::.*${branchOf(at)}.*counts, ${at.stateRef}; delete .*:${branchOf(at)}`));
  assert.equal(at.record(1).fields.title.github, 'Two');
  // The other way around: the branch continues from where the hidden ref is.
  git.refs.set(branchOf(at), git.refs.get(at.stateRef));
  // An earlier version wrote it.
  const older = Object.fromEntries(['cursor.json', 'records/0/1.json'].map((file) => [file, { ...at.github.readRefFile(at.repo, branchOf(at), file), version: 1 }]));
  at.github.writeRefFiles(at.repo, branchOf(at), older, { message: 'Later' });
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Three' });
  const before = at.github.readRef(at.repo, at.stateRef);
  const other = await at.pass();
  assert.match(other.stdout, new RegExp(`::warning::.*counts, ${branchOf(at)}; delete .*:${at.stateRef}`));
  assert.equal(at.github.readRef(at.repo, at.stateRef), before);
  assert.equal(at.github.readRefFile(at.repo, branchOf(at), 'records/0/1.json').fields.title.github, 'Three');
});

test('a token without contents: write gets that as the error, and no other ref is tried', async (t) => {
  const at = await story(t, { token: { permissions: { contents: 'read', issues: 'write', pull_requests: 'write' } } });
  at.addIssue({ title: 'One' });
  const result = await at.pass({}, { code: 2 });
  assert.match(result.stdout, /::error::.*`contents: write`/);
  assert.deepEqual(result.requests.filter(({ path: to }) => to.endsWith('/git/refs')), []);
  assert.deepEqual(changes(at, result), []);
});

test('if neither ref may be created, the error says so', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  refuse(at);
  refuse(at, 422, 'refs/heads/notion-sync/');
  const result = await at.pass({}, { code: 2 });
  assert.match(result.stdout, /::error::.*not allowed/);
  assert.deepEqual(changes(at, result), []);
});

test('an explicit state_ref is never replaced: the message says to take a branch', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  refuse(at);
  const result = await at.pass({ state_ref: at.stateRef }, { code: 2 });
  assert.match(result.stdout, /::error::.*state_ref.*refs\/heads\//);
  assert.deepEqual(changes(at, result), []);
  assert.equal(at.github.readRef(at.repo, branchOf(at)), undefined);
  at.later();
  await at.pass({ state_ref: 'refs/heads/notion-sync-state' });
  assert.equal(at.row(1).Name, 'One');
});

test('if GraphQL does not show a hidden ref that is there, the pass says so instead of leaving it to another', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  await at.pass();
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Two' });
  at.github.quirks.hiddenRefs = 'refs/notion-sync/';
  const result = await at.pass({}, { code: 2 });
  assert.match(result.stdout, /::error::.*exists, but does not show it.*state_ref: refs\/heads\//);
  assert.deepEqual(changes(at, result), []);
});

test('a ref that holds somebody else\'s work is not touched', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  at.github.push(at.repo, 'work', { files: { 'main.c': 'int main;\n' } });
  for (const [ref, why] of [['refs/heads/work', /other things/], ['refs/heads/main', /default branch/]]) {
    const before = at.github.readRef(at.repo, ref);
    const result = await at.pass({ state_ref: ref }, { code: 2 });
    assert.match(result.stdout, why);
    assert.deepEqual(writes(result), []);
    assert.equal(at.github.readRef(at.repo, ref), before);
  }
});

test('a branch of that name with somebody else\'s work is named and not used', async (t) => {
  const at = await linked(t);
  at.github.push(at.repo, `notion-sync/${at.stateRef.split('/').at(-1)}`, { files: { 'main.c': 'int main;\n' } });
  const before = at.github.readRef(at.repo, branchOf(at));
  at.github.editIssue(at.repo, 1, { title: 'Uno' });
  const run = await at.pass();
  assert.match(run.stdout, new RegExp(`::warning::.*${branchOf(at)} holds other things than the state`));
  assert.deepEqual([at.row(1).Name, at.record(1).fields.title.github], ['Uno', 'Uno']);
  assert.match((await at.sync({}, { args: ['check'] })).stdout, new RegExp(`${branchOf(at)} holds other things`));
  // Nor does it take the place of a ref that GitHub refuses.
  at.later();
  at.github.deleteRef(at.repo, at.stateRef);
  refuse(at);
  const refused = await at.pass({}, { code: 2 });
  assert.match(refused.stdout, /::error::.*`state_ref: refs\/heads\/notion-sync-state`/);
  assert.equal(at.github.readRef(at.repo, branchOf(at)), before);
});

test('an empty repository cannot hold the state: exit 2 before anything is written', async (t) => {
  const at = await story(t, { repo: { empty: true } });
  at.addIssue({ title: 'One' });
  const result = await at.pass({}, { code: 2 });
  assert.match(result.stdout, /::error::.*no commit yet/);
  assert.deepEqual(writes(result), []);
});

test('the state in a folder', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'notion-sync-state-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const state_ref = `file:${path.join(folder, 'state')}`;
  const at = await linked(t, { repo: { empty: true } }, { state_ref });
  const files = fs.readdirSync(path.join(folder, 'state'), { recursive: true });
  assert.ok(files.includes('cursor.json') && files.includes('records/0/1.json') && files.includes('records/0/2.json'));
  assert.deepEqual(files.filter((name) => /tmp|lock\.json/.test(name)), []);
  for (const name of ['', ...files]) {
    const { mode } = fs.statSync(path.join(folder, 'state', name));
    assert.equal(mode & 0o077, 0, `${name} is its owner's alone`);
  }
  assert.deepEqual(Object.keys(at.github.snapshot(at.repo).refs), []);
  at.notion.editPage(at.page(1), { Name: 'Uno' });
  await at.pass({ state_ref });
  assert.equal(at.issue(1).title, 'Uno');
  fs.rmSync(path.join(folder, 'state'), { recursive: true });
  at.later();
  assert.deepEqual(changes(at, await at.pass({ state_ref })), []);
});

test('a dry run with or without a state writes nothing at all', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  const first = await at.pass({ dry_run: true });
  assert.deepEqual(writes(first), []);
  assert.equal(first.outputs.changed, 'false');
  await at.pass();
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Two' });
  assert.deepEqual(writes(await at.pass({ dry_run: true })), []);
  at.later(25 * HOUR);
  assert.deepEqual(writes(await at.pass({ dry_run: true })), []);
  await at.pass();
  assert.equal(at.row(1).Name, 'Two');
});
