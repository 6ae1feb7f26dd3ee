// The columns that only show GitHub's side.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { step } from './cases.mjs';
import { HOUR, MINUTE, changes, perRecord, story, verbs } from './sync-story.mjs';

const DATES = { Created: 'date', Updated: 'date', Closed: 'date', Comments: 'number' };
const PULLS = { Review: { select: [] }, 'Head Branch': { select: [] }, 'Base Branch': { select: [] }, 'Merge State': { select: [] }, Merged: 'date' };

// A time as Notion keeps it: whole minutes.
const minute = (ms) => new Date(Math.floor(ms / MINUTE) * MINUTE).toISOString();
const start = (value) => value?.start ?? null;
const shown = (row, names) => Object.fromEntries(Object.keys(names).map((name) => [name, row[name]?.start ?? row[name]]));
const updated = (at, number) => minute(Date.parse(at.github.updatedAt(at.repo, number)));

test('Created, Updated, Closed and Comments show GitHub, our own comments included, and do not chase themselves', async (t) => {
  const at = await story(t, { properties: DATES });
  at.addIssue({ title: 'One', by: 'alice' });
  const created = minute(Date.parse(at.github.updatedAt(at.repo, 1)));
  at.later(HOUR);
  await at.pass();
  assert.deepEqual(shown(at.row(1), DATES), { Created: created, Updated: updated(at, 1), Closed: null, Comments: 1 });
  assert.notEqual(updated(at, 1), created, 'the link comment is an update');
  await at.settle();
  at.later();
  at.github.comment(at.repo, 1, 'Hm', { by: 'alice' });
  const closed = minute(at.sandbox.clock.now());
  at.github.close(at.repo, 1);
  await at.pass();
  assert.deepEqual(shown(at.row(1), DATES), { Created: created, Updated: closed, Closed: closed, Comments: 2 });
  await at.settle();
  at.later();
  at.github.reopen(at.repo, 1);
  await at.pass();
  assert.deepEqual([start(at.row(1).Closed), start(at.row(1).Updated)], [null, updated(at, 1)]);
  await at.settle();
});

test('what this very pass does to an issue is shown by the same pass', async (t) => {
  const at = await story(t, { properties: DATES });
  const page = at.addPage({ Name: 'New' });
  await at.pass();
  assert.deepEqual(shown(at.row(1), { Updated: 0, Comments: 0 }), { Updated: updated(at, 1), Comments: 1 });
  await at.settle();
  at.later(HOUR);
  at.notion.editPage(page, { Status: 'Done', Labels: ['x'] });
  await at.pass();
  const now = updated(at, 1);
  assert.deepEqual(shown(at.row(1), { Updated: 0, Closed: 0, Comments: 0 }), { Updated: now, Closed: now, Comments: 2 });
  await at.settle();
  at.later(HOUR);
  at.notion.editPage(page, { Labels: ['x', 'y'] });
  await at.pass();
  assert.equal(start(at.row(1).Updated), updated(at, 1), 'also where GitHub answers with the labels alone');
  await at.settle();
});

test('a pass that dies after any request leaves no wrong column behind', async (t) => {
  for (let n = 1; ; n += step(3)) {
    const at = await story(t, { properties: { Updated: 'date', Comments: 'number' } });
    at.addIssue({ title: 'One' });
    at.addPage({ Name: 'Two' });
    const first = await at.sync({}, { killAt: { n, phase: 'after' } });
    if (first.signal === null) break;
    at.later();
    await at.pass();
    assert.equal(at.rows().length, 2, `killed at request ${n}`);
    for (const number of [1, 2]) {
      assert.deepEqual(shown(at.row(number), { Updated: 0, Comments: 0 }), { Updated: updated(at, number), Comments: 1 }, `killed at request ${n}`);
    }
    await at.settle();
  }
});

test('Review, branches, Merge State and Merged show a pull request, and nothing of an issue', async (t) => {
  const at = await story(t, { properties: PULLS });
  at.addIssue({ title: 'Issue' });
  at.addPull({ title: 'Pull', head: 'feature/a,b', requiredReviews: 1 });
  const number = 2;
  await at.pass({ pull_requests: 'all' });
  at.later();
  await at.pass({ pull_requests: 'all' });
  await at.settle({ pull_requests: 'all' });
  assert.deepEqual(shown(at.row(1), PULLS), { Review: null, 'Head Branch': null, 'Base Branch': null, 'Merge State': null, Merged: null });
  assert.deepEqual(shown(at.row(number), PULLS), {
    Review: 'Review required', 'Head Branch': 'feature/a，b', 'Base Branch': 'main', 'Merge State': 'Blocked', Merged: null,
  });
  at.later();
  at.github.setPull(at.repo, number, { review: 'APPROVED' });
  at.github.comment(at.repo, number, 'Fine', { by: 'alice' });
  await at.pass({ pull_requests: 'all' });
  assert.deepEqual([at.row(number).Review, at.row(number)['Merge State']], ['Approved', 'Clean']);
  at.later();
  at.notion.editPage(at.page(number), { Status: 'Done' });
  await at.pass({ pull_requests: 'all' });
  assert.equal(at.row(number)['GitHub State'], 'Merged');
  assert.equal(at.row(number)['Merge State'], null);
  assert.notEqual(start(at.row(number).Merged), null);
  await at.settle({ pull_requests: 'all' });
});

test('Due is the day of the milestone', async (t) => {
  const at = await story(t, { properties: { Due: 'date' }, repo: { milestones: [{ title: 'v1', dueOn: Date.parse('2026-03-31T07:00:00Z') }, 'someday'] } });
  at.addIssue({ title: 'One', milestone: 1 });
  await at.pass();
  assert.equal(start(at.row(1).Due), '2026-03-31');
  await at.settle();
  at.later();
  at.github.editIssue(at.repo, 1, { milestone: 2 });
  assert.deepEqual(changes(at, await at.pass()), [['write page', at.page(1), { Due: null }]]);
  await at.settle();
});

test('what a person writes into these columns is put right', async (t) => {
  const at = await story(t, { properties: DATES });
  at.addIssue({ title: 'One' });
  await at.pass();
  await at.settle();
  at.later();
  const before = at.row(1);
  at.notion.editPage(at.page(1), { Comments: 99, Created: '2020-01-01', Closed: '2020-01-01T10:00:00+02:00' });
  assert.deepEqual(verbs(perRecord(at, await at.pass())[1]), ['write page']);
  assert.deepEqual(shown(at.row(1), DATES), shown(before, DATES));
  await at.settle();
});
