// Milestones that GitHub lacks are made with create_milestones, and never twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { story } from './sync-story.mjs';

const INPUTS = { create_milestones: true };
const CREATE = { service: 'github', method: 'POST', path: '/repos/acme/app/milestones' };

async function pair(t, { repo = {}, type = { select: [] }, ...options } = {}) {
  const at = await story(t, { properties: { Milestone: type }, repo: { milestones: ['v1'], ...repo }, ...options });
  for (const title of ['One', 'Two']) at.addIssue({ title });
  await at.pass(INPUTS);
  await at.settle(INPUTS);
  at.later();
  const titles = () => [...at.github.repo(at.repo).milestones.values()].map((milestone) => milestone.title);
  const made = (result) => result.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/milestones')).length;
  return Object.assign(at, { titles, made });
}

test('a milestone that GitHub lacks is made once, for all issues and new pages that name it', async (t) => {
  for (const type of [{ select: [] }, 'rich_text']) {
    const at = await pair(t, { type });
    for (const number of [1, 2]) at.notion.editPage(at.page(number), { Milestone: 'v2' });
    at.addPage({ Name: 'Three', Milestone: 'v2' });
    const result = await at.pass(INPUTS);
    assert.deepEqual([at.made(result), at.titles()], [1, ['v1', 'v2']]);
    assert.deepEqual([1, 2, 3].map((number) => at.issue(number).milestone), ['v2', 'v2', 'v2']);
    await at.settle(INPUTS);
  }
});

test('a closed one counts, and so does one in another case', async (t) => {
  const at = await pair(t);
  at.github.addMilestone(at.repo, { title: 'Old', state: 'closed' });
  at.notion.editPage(at.page(1), { Milestone: 'old' });
  at.notion.editPage(at.page(2), { Milestone: 'V1' });
  const result = await at.pass(INPUTS);
  assert.deepEqual([at.made(result), at.issue(1).milestone, at.issue(2).milestone], [0, 'Old', 'v1']);
  await at.settle(INPUTS);
});

test('a dry run makes none, and neither does a public repository without publish', async (t) => {
  const at = await pair(t);
  at.notion.editPage(at.page(1), { Milestone: 'v2' });
  const dry = await at.pass({ ...INPUTS, dry_run: true });
  assert.match(dry.summary, /milestone on GitHub: \*empty\* → `v2`/);
  assert.deepEqual(at.titles(), ['v1']);
  const open = await pair(t, { repo: { private: false } });
  open.notion.editPage(open.page(1), { Milestone: 'v2' });
  const held = await open.pass(INPUTS);
  assert.equal(held.outputs.failures, '0');
  assert.deepEqual(open.titles(), ['v1']);
});

for (const [kind, made] of [['cut-after', 1], ['cut-before', 2]]) {
  test(`a lost answer (${kind}) leads to one milestone`, async (t) => {
    const at = await pair(t);
    at.notion.editPage(at.page(1), { Milestone: 'v2' });
    at.sandbox.fault({ ...CREATE, kind });
    const result = await at.pass(INPUTS);
    assert.deepEqual([at.made(result), at.titles(), at.issue(1).milestone], [made, ['v1', 'v2'], 'v2']);
    await at.settle(INPUTS);
  });
}

test('a run that is killed once the milestone was made is followed by one that finds it', async (t) => {
  const at = await pair(t);
  at.notion.editPage(at.page(1), { Milestone: 'v2' });
  await at.sync(INPUTS, { killAt: { match: ({ method, path }) => method === 'POST' && path.endsWith('/milestones'), phase: 'after' } });
  at.later();
  const result = await at.pass(INPUTS);
  assert.deepEqual([at.made(result), at.titles(), at.issue(1).milestone], [0, ['v1', 'v2'], 'v2']);
  await at.settle(INPUTS);
});

test('somebody else makes it in the same moment', async (t) => {
  const at = await pair(t);
  at.notion.editPage(at.page(1), { Milestone: 'v2' });
  const off = at.sandbox.on((event) => {
    if (event.phase !== 'before' || event.request.method !== 'POST' || !event.request.path.endsWith('/milestones')) return;
    off();
    at.github.addMilestone(at.repo, { title: 'v2' });
  });
  await at.pass(INPUTS);
  assert.deepEqual([at.titles(), at.issue(1).milestone], [['v1', 'v2'], 'v2']);
  await at.settle(INPUTS);
});

test('a milestone that GitHub does not let be made is reported, and the rest of the edit arrives', async (t) => {
  for (const status of [403, 404, 422]) {
    const at = await pair(t);
    at.notion.editPage(at.page(1), { Milestone: 'v2', Name: 'Renamed' });
    at.sandbox.fault({ ...CREATE, kind: 'status', status, times: 2 });
    const result = await at.pass(INPUTS);
    assert.deepEqual([at.issue(1).title, at.issue(1).milestone, at.row(1).Milestone], ['Renamed', null, 'v2']);
    assert.match(result.summary, /GitHub did not accept the milestone: .*the milestone "v2" cannot be made/);
    at.later();
    await at.pass({ ...INPUTS, mode: 'full' });
    assert.equal(at.issue(1).milestone, 'v2');
    await at.settle(INPUTS);
  }
});
