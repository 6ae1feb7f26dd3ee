// Done merges what the page's people could have seen, and nothing that is in doubt.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE, story } from './sync-story.mjs';

async function pair(t, { pull, inputs, repo } = {}) {
  const at = await story(t, { repo });
  at.addPull({ title: 'Change', head: 'change', ...pull });
  const page = at.addPage({ Name: 'Change', Status: 'Review', 'GitHub ID': 1 });
  await at.pass(inputs);
  await at.settle(inputs);
  at.later(HOUR);
  return { at, page, head: () => at.github.issue(at.repo, 1).pull.headSha };
}

const merges = (run) => run.requests.filter(({ path }) => path.endsWith('/merge'));
const said = (at, word) => at.comments(1).filter((text) => text.includes(`<!-- notion-sync ${word} `));

async function isVoid(at, why) {
  const run = await at.pass();
  assert.deepEqual([merges(run), at.issue(1).merged, at.row(1).Status], [[], false, 'Review']);
  assert.match(said(at, 'void').at(-1), why);
  at.later();
  await at.settle();
}

async function againMerges(at, page) {
  at.later();
  at.notion.editPage(page, { Status: 'Done' });
  at.later();
  await at.pass();
  assert.equal(at.issue(1).merged, true);
}

// --- the head and the base ---

test('a push between Done and the run: not merged, the page is set back, said once; Done again merges', async (t) => {
  const { at, page } = await pair(t);
  at.notion.editPage(page, { Status: 'Done' });
  at.later();
  at.github.pushHead(at.repo, 1);
  await isVoid(at, /pushed that no run has seen/);
  assert.equal(said(at, 'void').length, 1);
  await againMerges(at, page);
});

test('a run that dies between the comment and the page is followed by one that sets the page back and says nothing more', async (t) => {
  for (const [phase, match] of [['after', /\/comments$/], ['before', /^\/v1\/pages\/[0-9a-f-]+$/]]) {
    const { at, page } = await pair(t);
    at.notion.editPage(page, { Status: 'Done' });
    at.later();
    at.github.pushHead(at.repo, 1);
    await at.sync({}, { killAt: { phase, match: ({ method, path }) => method !== 'GET' && match.test(path) } });
    at.later(15 * MINUTE);
    const run = await at.pass();
    assert.deepEqual([at.row(1).Status, at.issue(1).merged, run.outputs.conflicts], ['Review', false, '0']);
    assert.deepEqual([said(at, 'void').length, said(at, 'conflict').length], [1, 0]);
    at.later();
    await at.settle();
  }
});

test('Done on a draft, refused; days later the author pushes and marks it ready: not merged', async (t) => {
  const { at, page } = await pair(t, { pull: { draft: true } });
  at.notion.editPage(page, { Status: 'Done' });
  at.later();
  await at.pass();
  assert.deepEqual([at.row(1).Status, said(at, 'refused').length], ['Done', 1]);
  at.later(72 * HOUR);
  at.github.pushHead(at.repo, 1);
  at.github.draft(at.repo, 1, false);
  await isVoid(at, /pushed/);
});

test('a draft that is marked ready without a push is merged', async (t) => {
  const { at, page } = await pair(t, { pull: { draft: true } });
  at.notion.editPage(page, { Status: 'Done' });
  at.later();
  await at.pass();
  at.later(72 * HOUR);
  at.github.draft(at.repo, 1, false);
  await at.pass();
  assert.equal(at.issue(1).merged, true);
});

test('a push that a run has seen while the page was open is consented to by a later Done', async (t) => {
  const { at, page, head } = await pair(t);
  at.github.pushHead(at.repo, 1);
  await at.pass();
  assert.equal(at.record(1).head, head());
  at.later();
  at.notion.editPage(page, { Status: 'Done' });
  await at.pass();
  assert.equal(at.issue(1).merged, true);
});

test('another base branch voids the wish', async (t) => {
  const { at, page } = await pair(t);
  at.github.push(at.repo, 'release', { files: { 'r.txt': 'r\n' } });
  at.notion.editPage(page, { Status: 'Done' });
  at.later();
  at.github.issue(at.repo, 1).pull.baseRef = 'release';
  at.github.comment(at.repo, 1, 'Retargeted', { by: 'alice' });
  await isVoid(at, /another branch/);
});

test('a number typed and Done set in the same run: linked, not merged', async (t) => {
  for (const on_conflict of ['github', 'notion']) {
    const at = await story(t);
    at.addPull({ title: 'Change' });
    await at.pass({ on_conflict });
    at.later();
    const page = at.addPage({ Name: 'Change', 'GitHub ID': 1, Status: 'Done' });
    at.later();
    await at.pass({ on_conflict });
    assert.deepEqual([at.issue(1).merged, at.row(1).Status], [false, 'Not started'], on_conflict);
    assert.equal(said(at, 'void').length, 1);
    at.later();
    await at.settle({ on_conflict });
    at.later();
    at.notion.editPage(page, { Status: 'Done' });
    at.later();
    await at.pass({ on_conflict });
    assert.equal(at.issue(1).merged, true);
  }
});

test('a record of an earlier version, without a head: the first Done is void', async (t) => {
  const { at, page } = await pair(t);
  const { head, base_branch, ...rest } = at.record(1);
  at.github.writeRefFiles(at.repo, at.stateRef, { 'records/0/1.json': { ...rest, version: 1 } });
  at.notion.editPage(page, { Status: 'Done' });
  at.later();
  await isVoid(at, /no run has seen/);
  await againMerges(at, page);
});

for (const lag of [MINUTE, 4 * MINUTE])
  test(`a query that still shows the page open consents to no push: ${lag / MINUTE} minutes late`, async (t) => {
    const { at, page } = await pair(t);
    at.notion.settings.queryLag = lag;
    at.notion.editPage(page, { Status: 'Done' });
    at.later(10000);
    at.github.pushHead(at.repo, 1);
    at.later(1000);
    for (const wait of [lag, 10 * MINUTE]) {
      await at.pass();
      at.later(wait);
    }
    await isVoid(at, /pushed/);
    assert.equal(said(at, 'void').length, 1);
  });

test('a push that comes with the same change on both sides is seen in the same run', async (t) => {
  const { at, page } = await pair(t);
  at.github.editIssue(at.repo, 1, { title: 'Another change' });
  at.notion.editPage(page, { Name: 'Another change' });
  at.github.pushHead(at.repo, 1);
  at.later(10000);
  await at.pass();
  await againMerges(at, page);
});

test('a status column that is mapped to another name is not a person’s wish to merge', async (t) => {
  for (const on_conflict of ['github', 'notion', 'newest']) {
    const { at, page } = await pair(t);
    at.notion.addProperty(at.dataSource, 'Stage', { status: { 'To-do': ['Open'], 'In progress': [], Complete: ['Closed'] } });
    at.notion.editPage(page, { Stage: 'Closed' });
    at.later();
    const inputs = { on_conflict, property_map: ['status = Stage'], status_map: ['Open = open', 'Closed = closed'] };
    assert.deepEqual(merges(await at.pass(inputs)), [], on_conflict);
    assert.deepEqual([at.issue(1).merged, at.row(1).Stage], [false, 'Open'], on_conflict);
    at.later();
    await at.settle(inputs);
    at.later();
    at.notion.editPage(page, { Stage: 'Closed' });
    at.later();
    await at.pass(inputs);
    assert.equal(at.issue(1).merged, true, on_conflict);
  }
});

test('auto-merge that is armed on another head than consented to is taken back, and not armed again', async (t) => {
  const inputs = { pull_request_done: 'auto_merge' };
  const { at, page } = await pair(t, { inputs, repo: { autoMergeAllowed: true }, pull: { requiredCheck: 'ci', checks: 'pending' } });
  at.notion.editPage(page, { Status: 'Done' });
  at.later();
  await at.pass(inputs);
  assert.notEqual(at.github.issue(at.repo, 1).pull.autoMerge, null);
  at.later();
  at.github.pushHead(at.repo, 1);
  const run = await at.pass(inputs);
  assert.deepEqual([at.github.issue(at.repo, 1).pull.autoMerge, at.row(1).Status], [null, 'Review']);
  assert.equal(said(at, 'void').length, 1);
  assert.match(run.summary, /auto-merge was taken back/);
  at.later();
  await at.settle(inputs);
});

test('what auto-merge armed is taken back as well once pull_request_done says something else', async (t) => {
  const inputs = { pull_request_done: 'auto_merge' };
  for (const [pull_request_done, status] of [['merge', 'Review'], ['none', 'Done'], ['close', 'Done']]) {
    const { at, page } = await pair(t, { inputs, repo: { autoMergeAllowed: true }, pull: { requiredCheck: 'ci', checks: 'pending' } });
    at.notion.editPage(page, { Status: 'Done' });
    at.later();
    await at.pass(inputs);
    at.later();
    at.github.pushHead(at.repo, 1);
    assert.deepEqual(merges(await at.pass({ pull_request_done })), []);
    assert.deepEqual([at.github.issue(at.repo, 1).pull.autoMerge, at.row(1).Status], [null, status], pull_request_done);
  }
});

test('what a person armed by hand, with the token’s own identity, is not taken back', async (t) => {
  const { at } = await pair(t, { repo: { autoMergeAllowed: true }, pull: { requiredCheck: 'ci', checks: 'pending' } });
  const armed = { by: at.github.tokens.get(at.inputs.github_token), method: 'squash', at: at.sandbox.clock.now() };
  at.github.issue(at.repo, 1).pull.autoMerge = armed;
  at.github.pushHead(at.repo, 1);
  await at.pass();
  assert.equal(at.github.issue(at.repo, 1).pull.autoMerge, armed);
});

// --- our own write is no consent ---

test('closed by its author, Done by a run that could not save, reopened and pushed: not merged', async (t) => {
  const { at } = await pair(t);
  at.github.close(at.repo, 1);
  at.later();
  await at.sync({}, { killAt: { match: ({ method, path, body }) => method === 'POST' && /\/git\/commits$/.test(path) && /^Run done/.test(body.message), phase: 'before' } });
  assert.equal(at.row(1).Status, 'Done');
  at.later(HOUR);
  at.github.reopen(at.repo, 1);
  at.github.pushHead(at.repo, 1);
  at.later();
  const run = await at.pass();
  assert.deepEqual([merges(run), at.issue(1).state, at.row(1).Status], [[], 'open', 'Review']);
  at.later();
  await at.settle();
});

test('closed by its author, Done by a run that strangers’ issues keep from saving, reopened and pushed: not merged', async (t) => {
  const { at } = await pair(t);
  Object.assign(at.github.limits, { gitIsContent: true, contentPerHour: 8 });
  at.github.close(at.repo, 1);
  for (let n = 1; n <= 12; n += 1) at.addIssue({ title: `Spam ${n}`, by: 'mallory' });
  at.later();
  const run = await at.pass();
  assert.ok(run.requests.some(({ path, status }) => path.endsWith('/git/trees') && status === 403), 'the save is refused');
  assert.deepEqual([at.row(1).Status, at.record(1).fields.status.notion], ['Done', 'Review']);
  at.later(HOUR);
  at.github.reopen(at.repo, 1);
  at.github.pushHead(at.repo, 1);
  at.later();
  assert.deepEqual([merges(await at.pass()), at.issue(1).state, at.row(1).Status], [[], 'open', 'Review']);
});

// --- never merged ---

const REFUSED = {
  'changes that were requested': [{ then: (at) => at.github.review(at.repo, 1, 'CHANGES_REQUESTED', { by: 'maintainer' }) }, /asks for changes/],
  'a check that fails, required or not': [{ then: (at) => at.github.checkRun(at.repo, 1, { name: 'lint', conclusion: 'FAILURE' }) }, /lint.*fails/],
  'a check that runs, required or not': [{ then: (at) => at.github.checkRun(at.repo, 1, { name: 'slow', status: 'IN_PROGRESS' }) }, /slow.*still runs/],
  'a commit status that fails': [{ pull: { checks: 'failure' } }, /checks.*fails/],
  'a fork': [{ pull: { fork: 'stranger', by: 'stranger' } }, /from a fork/],
  'an author who may not write': [{ pull: { by: 'stranger' } }, /author may not write/],
  'changes that the hundred-and-first asks for': [{ then: (at) => { for (let n = 0; n < 100; n += 1) at.github.review(at.repo, 1, 'APPROVED', { by: `friend-${n}` }); at.github.review(at.repo, 1, 'CHANGES_REQUESTED', { by: 'maintainer' }); } }, /asks for changes/],
  'an app that is called as somebody who may write': [{ pull: { by: 'maintainer[bot]' }, then: (at) => at.github.addUser('maintainer') }, /author may not write/],
  'a fork, approved by a stranger': [{ pull: { fork: 'stranger', by: 'stranger' }, then: (at) => at.github.review(at.repo, 1, 'APPROVED', { by: 'friend' }) }, /from a fork/],
  'a fork, approved by its own author': [{ pull: { fork: 'stranger', by: 'stranger' }, then: (at) => at.github.review(at.repo, 1, 'APPROVED', { by: 'stranger' }) }, /from a fork/],
  'a fork, whose approval was followed by one of an older head': [{ pull: { fork: 'stranger', by: 'stranger' }, then: (at) => { at.github.review(at.repo, 1, 'APPROVED', { by: 'maintainer' }); at.github.review(at.repo, 1, 'APPROVED', { by: 'maintainer', commit: '0'.repeat(40) }); } }, /from a fork/],
  'a fork, approved before it was pushed to': [{ pull: { fork: 'stranger', by: 'stranger' }, then: (at) => at.github.review(at.repo, 1, 'APPROVED', { by: 'maintainer', commit: '0'.repeat(40) }) }, /from a fork/],
  'a fork, whose approval was dismissed': [{ pull: { fork: 'stranger', by: 'stranger' }, then: (at) => { at.github.review(at.repo, 1, 'APPROVED', { by: 'maintainer' }); at.github.review(at.repo, 1, 'DISMISSED', { by: 'maintainer' }); } }, /from a fork/],
};

for (const [name, [{ pull, then }, words]] of Object.entries(REFUSED))
  test(`not merged, though GitHub would: ${name}; reported once`, async (t) => {
    const { at, page } = await pair(t, { pull });
    then?.(at);
    at.notion.editPage(page, { Status: 'Done' });
    at.later();
    const run = await at.pass();
    assert.deepEqual([merges(run), at.issue(1).merged, at.row(1).Status], [[], false, 'Done']);
    assert.match(said(at, 'refused')[0], words);
    at.later();
    assert.match((await at.pass()).summary, words);
    assert.equal(said(at, 'refused').length, 1);
  });

const MERGED = {
  'a fork, approved by somebody who may write': [{ pull: { fork: 'stranger', by: 'stranger' }, then: (at) => at.github.review(at.repo, 1, 'APPROVED', { by: 'maintainer' }) }],
  'checks that passed or were skipped': [{ then: (at) => { at.github.checkRun(at.repo, 1, { name: 'a', conclusion: 'SUCCESS' }); at.github.checkRun(at.repo, 1, { name: 'b', conclusion: 'SKIPPED' }); } }],
  'this very run is the only check that runs': [{ then: (at) => at.github.checkRun(at.repo, 1, { name: 'sync', status: 'IN_PROGRESS', run: 4711, workflow: 'notion-sync.yml' }) }, { runId: 4711 }],
  'an earlier run of this workflow failed': [{ actions: true, then: (at) => at.github.checkRun(at.repo, 1, { name: 'sync', conclusion: 'FAILURE', run: 12, workflow: 'notion-sync.yml' }) }],
};

for (const [name, [{ pull, then, actions }, options]] of Object.entries(MERGED))
  test(`merged: ${name}`, async (t) => {
    const { at, page } = await pair(t, { pull });
    if (actions) for (const actor of at.github.tokens.values()) actor.permissions.actions = 'read';
    then(at);
    at.notion.editPage(page, { Status: 'Done' });
    at.later();
    await at.pass({}, { env: { GITHUB_WORKFLOW_REF: 'acme/app/.github/workflows/notion-sync.yml@refs/heads/main' }, ...options });
    assert.equal(at.issue(1).merged, true, JSON.stringify(at.comments(1)));
  });

test('if the token may not read checks, only a clean merge state merges', async (t) => {
  for (const [checks, expected] of [['failure', false], ['success', true]]) {
    const { at, page } = await pair(t);
    for (const actor of at.github.tokens.values()) delete actor.permissions.checks;
    at.github.setPull(at.repo, 1, { checks });
    at.notion.editPage(page, { Status: 'Done' });
    at.later();
    await at.pass();
    assert.equal(at.issue(1).merged, expected, checks);
    if (!expected) assert.match(said(at, 'refused')[0], /checks: read/);
  }
});

// --- a minute that is shared ---

test('closed and reopened on GitHub in the minute in which the page was done: asked once, kept, done when confirmed', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  await at.pass();
  await at.settle();
  at.later(HOUR);
  at.sandbox.clock.advance(MINUTE - (at.sandbox.clock.now() % MINUTE));
  const page = at.page(1);
  at.notion.editPage(page, { Status: 'Done' });
  at.github.close(at.repo, 1);
  at.github.reopen(at.repo, 1);
  at.later();
  await at.pass();
  assert.deepEqual([at.issue(1).state, at.row(1).Status, said(at, 'asked').length], ['open', 'Done', 1]);
  at.later();
  at.github.label(at.repo, 1, ['more']);
  await at.pass();
  assert.deepEqual([at.issue(1).state, at.row(1).Status, at.row(1).Labels, said(at, 'asked').length], ['open', 'Done', ['more'], 1]);
  at.later();
  at.notion.editPage(page, { Name: 'One, meant' });
  at.later();
  await at.pass();
  assert.deepEqual([at.issue(1).state, at.row(1).Status], ['closed', 'Done']);
  at.later();
  await at.settle();
});
