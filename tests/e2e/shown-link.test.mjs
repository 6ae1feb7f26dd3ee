// What GitHub URL and other shown columns say when the state does not know any more.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, story } from './sync-story.mjs';

const text = (run) => `${run.stdout}\n${run.stderr}\n${run.summary}`;
const told = (run) => run.report.results.filter((result) => result.row === 'E13').length;

for (const gone of [true, false]) {
  test(`the state is lost, ${gone ? 'the issue deleted, ' : ''}the number cleared: nothing is made for the row, which is reported once`, async (t) => {
    const at = await story(t);
    const inputs = { link_comments: 'none' };
    at.addIssue({ title: 'One' });
    at.addIssue({ title: 'Two' });
    await at.pass(inputs);
    await at.settle(inputs);
    at.later();
    const page = at.page(2);
    if (gone) at.github.deleteIssue(at.repo, 2);
    at.notion.editPage(page, { 'GitHub ID': null });
    if (gone) await at.pass(inputs);
    at.later();
    at.github.deleteRef(at.repo, at.stateRef);
    const before = JSON.stringify(at.both());
    const dry = await at.pass({ ...inputs, dry_run: 'true' });
    assert.equal(told(dry), 1);
    const run = await at.pass(inputs);
    assert.deepEqual(changes(at, run), []);
    assert.equal(JSON.stringify(at.both()), before);
    assert.equal(told(run), 1);
    assert.match(text(run), /GitHub URL shows that this page was linked before/);
    assert.equal(run.report.results.find((result) => result.row === 'E13').effects.unlinked, false);
    for (const more of [{}, { mode: 'full' }]) {
      const next = await at.pass({ ...inputs, ...more });
      assert.deepEqual(changes(at, next), []);
      assert.doesNotMatch(text(next), /was linked before|link of this page was ended/);
      at.later();
    }
    await at.settle(inputs);
    at.later();
    at.notion.editPage(page, { Name: 'Zwei' });
    assert.match(text(await at.pass(inputs)), /the link of this page was ended/, 'told again once it is edited');
    at.later();
    if (!gone) at.notion.editPage(page, { 'GitHub ID': 2 });
    else at.addPage({ Name: 'Two again', 'GitHub URL': at.notion.values(page)['GitHub URL'] });
    await at.pass(inputs);
    assert.equal(at.row(gone ? 3 : 2).Name, gone ? 'Two again' : 'Two', 'a number links it again, a duplicate gets an issue');
  });
}

test('a duplicate whose number was cleared gets an issue of its own, also once the state is lost', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  await at.pass();
  at.later();
  at.addPage({ Name: 'Copy', 'GitHub URL': at.row(1)['GitHub URL'] });
  await at.pass();
  assert.deepEqual(at.issues().map((issue) => issue.title), ['One', 'Copy']);
  await at.settle();
  at.later();
  at.addPage({ Name: 'Copy two', 'GitHub URL': at.row(1)['GitHub URL'] });
  at.github.deleteRef(at.repo, at.stateRef);
  await at.pass();
  assert.deepEqual(at.issues().map((issue) => issue.title), ['One', 'Copy', 'Copy two']);
  await at.settle();
});

test('a pasted GitHub URL makes no second issue', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  await at.pass({ create_pages: 'none' });
  at.later();
  at.addPage({ Name: 'Mine', 'GitHub URL': 'https://github.com/acme/app/issues/1' });
  const run = await at.pass({ create_pages: 'none' });
  assert.equal(at.issues().length, 1);
  assert.equal(told(run), 1);
});

test('the state is lost: Closes keeps what it shows', async (t) => {
  const at = await story(t, { properties: {} });
  at.notion.addProperty(at.dataSource, 'Closes', { relation: at.dataSource });
  const inputs = { pull_requests: 'all' };
  at.addIssue({ title: 'One' });
  at.addPull({ title: 'Pull', body: 'Fixes #1' });
  await at.pass(inputs);
  at.later();
  await at.pass(inputs);
  assert.equal(at.row(2).Closes.length, 1);
  await at.settle(inputs);
  at.later();
  at.github.deleteRef(at.repo, at.stateRef);
  assert.deepEqual(changes(at, await at.pass(inputs)), []);
  assert.equal(at.row(2).Closes.length, 1);
  await at.settle(inputs);
});
