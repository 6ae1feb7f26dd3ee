// pull_request_done: auto_merge.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { step } from './cases.mjs';
import { story } from './sync-story.mjs';

const inputs = { pull_request_done: 'auto_merge' };
const armings = ({ requests }) => requests.filter(({ body }) => /^mutation/.test(body?.query ?? ''))
  .map(({ body }) => [/(\w+)\(input/.exec(body.query)[1], body.variables.input]);
const names = (result) => armings(result).map(([name]) => name);

// A pull request with a page that is set to Done.
async function done(t, { repo = { autoMergeAllowed: true }, pull, before } = {}) {
  const at = await story(t, { repo });
  at.addPull({ title: 'Pull', ...pull });
  const page = at.addPage({ Name: 'Pull', 'GitHub ID': 1, Status: 'In progress' });
  await at.pass(inputs);
  at.later();
  await at.pass(inputs);
  at.later();
  at.notion.editPage(page, { Status: 'Done' });
  before?.(at);
  const run = await at.pass(inputs);
  at.later();
  return { at, page, run, pull: () => at.github.issue(at.repo, 1).pull, said: (word) => at.comments(1).filter((text) => text.includes(`<!-- notion-sync ${word}`)) };
}

const waiting = { requiredCheck: 'ci', checks: 'pending' };

test('GitHub is asked once to merge the head that was read, and what it does is followed', async (t) => {
  const { at, run, pull, said } = await done(t, { pull: waiting });
  assert.deepEqual(armings(run).map(([name, { expectedHeadOid, mergeMethod }]) => [name, expectedHeadOid, mergeMethod]),
    [['enablePullRequestAutoMerge', pull().headSha, 'SQUASH']]);
  assert.notEqual(pull().autoMerge, null);
  assert.deepEqual([at.issue(1).merged, at.row(1).Status, said('refused').length], [false, 'Done', 0]);
  assert.match(run.summary, /as soon as nothing is in the way/);
  await at.settle(inputs);
  at.later();
  at.github.setPull(at.repo, 1, { checks: 'success' });
  await at.pass(inputs);
  assert.deepEqual([at.issue(1).merged, at.row(1).Status, at.row(1)['GitHub State']], [true, 'Done', 'Merged']);
  assert.equal(said('merged').length, 1);
  at.later();
  await at.settle(inputs);
});

test('what can be merged now is merged now', async (t) => {
  const { at, said } = await done(t);
  assert.deepEqual([at.issue(1).merged, said('merged').length], [true, 1]);
  await at.settle(inputs);
});

test('if GitHub does not allow it, that is reported once, like a refused merge', async (t) => {
  const { at, run, said } = await done(t, { repo: {}, pull: waiting });
  assert.match(run.summary, /Auto merge is not allowed for this repository/);
  assert.deepEqual([at.issue(1).merged, said('refused').length], [false, 1]);
  const again = await at.pass(inputs);
  assert.deepEqual([names(again), said('refused').length], [[], 1]);
});

test('if the token may not arm it, the error says what that takes', async (t) => {
  const refusal = { type: 'FORBIDDEN', path: ['enablePullRequestAutoMerge'], message: 'Resource not accessible by integration' };
  const { run } = await done(t, {
    pull: waiting,
    before: ({ sandbox }) => sandbox.fault({
      service: 'github', kind: 'status', status: 200, match: ({ body }) => /^mutation/.test(body?.query ?? ''),
      body: { data: { enablePullRequestAutoMerge: null }, errors: [refusal] },
    }),
  });
  assert.match(run.summary, /not accessible by integration \(merging needs .*contents: write/);
});

test('a new head is not merged unseen: what was pushed meanwhile is refused, and needs another Done', async (t) => {
  const { at, pull, said } = await done(t, { pull: { draft: true, ...waiting } });
  assert.deepEqual([pull().autoMerge, said('refused').length], [null, 1]);
  at.github.draft(at.repo, 1, false);
  const next = await at.pass(inputs);
  assert.deepEqual(names(next), ['enablePullRequestAutoMerge']);
  assert.notEqual(pull().autoMerge, null);
});

test('a page that is opened again takes it back; a person who took it back is not overruled', async (t) => {
  const { at, page, pull } = await done(t, { pull: waiting });
  at.notion.editPage(page, { Status: 'In progress' });
  const back = await at.pass(inputs);
  assert.deepEqual([names(back), pull().autoMerge], [['disablePullRequestAutoMerge'], null]);
  at.later();
  await at.settle(inputs);
  at.later();
  at.notion.editPage(page, { Status: 'Done' });
  assert.deepEqual(names(await at.pass(inputs)), ['enablePullRequestAutoMerge']);
  at.later();
  pull().autoMerge = null;
  at.github.comment(at.repo, 1, 'Not yet', { by: 'alice' });
  assert.deepEqual(names(await at.pass(inputs)), []);
  assert.equal(pull().autoMerge, null);
});

test('a merge queue is respected: GitHub\'s answer is reported, nothing is forced', async (t) => {
  const { at, run, said } = await done(t, { repo: { autoMergeAllowed: true, mergeQueue: true } });
  assert.equal(at.issue(1).merged, false);
  assert.match(run.summary, /merge queue/);
  assert.equal(said('refused').length, 1);
});

test('a pass that dies at any request arms it once', async (t) => {
  for (let n = 1; ; n += step(3)) {
    const at = await story(t, { repo: { autoMergeAllowed: true } });
    at.addPull({ title: 'Pull', ...waiting });
    const page = at.addPage({ Name: 'Pull', 'GitHub ID': 1, Status: 'In progress' });
    await at.pass(inputs);
    at.later();
    at.notion.editPage(page, { Status: 'Done' });
    const first = await at.sync(inputs, { killAt: { n, phase: 'after' } });
    if (first.signal === null) break;
    at.later();
    await at.pass(inputs);
    const { pull, comments } = at.github.issue(at.repo, 1);
    assert.notEqual(pull.autoMerge, null, `killed at request ${n}`);
    assert.equal(comments.filter(({ body }) => /refused/.test(body)).length, 0, `killed at request ${n}`);
  }
});
