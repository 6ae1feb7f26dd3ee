// What one pass may end or change at most: max_deletions, max_changes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, saves, story } from './sync-story.mjs';

async function linked(t, count, inputs = {}, options) {
  const at = await story(t, options);
  for (let n = 1; n <= count; n += 1) at.addIssue({ title: `Issue ${n}` });
  await at.pass({ link_comments: 'none', ...inputs });
  at.later();
  return at;
}

// The pass writes nothing at all, names the first ten and the cure; with the limit raised by one it goes through.
async function refused(at, inputs, limit, count, says) {
  const before = at.both();
  for (const extra of [{}, { dry_run: 'true' }]) {
    const result = await at.pass({ link_comments: 'none', ...inputs, ...extra, [limit]: count - 1 }, { code: 2 });
    assert.deepEqual([changes(at, result), saves(result)], [[], []]);
    assert.deepEqual(at.both(), before);
    const error = result.commands.find(({ name }) => name === 'error').data;
    assert.match(error, says);
    assert.match(error, new RegExp(`^${count} .*\`${limit}\` \\(${count - 1}\\): nothing is written.*raise \`${limit}\``));
    const named = [...error.matchAll(/#\d+/g)].length;
    assert.equal(named, Math.min(count, 10), error);
    if (count > 10) assert.match(error, new RegExp(`and ${count - 10} more`));
    at.later();
  }
  return at.pass({ link_comments: 'none', ...inputs, [limit]: count });
}

const BOTH = { mode: 'full' };
const SHARED = { properties: { Name: 'title', 'GitHub ID': 'number', Repository: 'select', Status: 'status' } };

for (const [name, { act, inputs = BOTH, options }] of Object.entries({
  'cleared numbers': { act: (at, page) => at.notion.editPage(page, { 'GitHub ID': null }), inputs: {} },
  'pages in the trash': { act: (at, page) => at.notion.trashPage(page) },
  'deleted issues': { act: (at, page, number) => at.github.deleteIssue(at.repo, number) },
  'rows given to another repository': {
    act: (at, page) => at.notion.editPage(page, { Repository: 'acme/other' }), inputs: {}, options: SHARED,
  },
  'numbers moved to other rows': {
    act: (at, page, number) => { at.addPage({ Name: `Copy ${number}`, 'GitHub ID': number }); at.notion.trashPage(page); },
  },
})) {
  test(`max_deletions counts links that end by ${name}`, async (t) => {
    const at = await linked(t, 12, {}, options);
    const pages = at.found().map(({ id, values }) => [id, values['GitHub ID']]);
    for (const [page, number] of pages) act(at, page, number);
    await refused(at, inputs, 'max_deletions', 12, /links between pages and issues would end/);
  });
}

// --- max_changes ---

test('max_changes: one drag moves many cards, and nothing is done before it is allowed', async (t) => {
  const at = await linked(t, 12);
  for (const { id } of at.found()) at.notion.editPage(id, { Status: 'Done' });
  const done = await refused(at, {}, 'max_changes', 12, /closed, reopened or merged/);
  assert.equal(done.outputs.issues_closed, '12');
  at.later();
  for (const { id } of at.found()) at.notion.editPage(id, { Status: 'In progress' });
  const reopened = await refused(at, {}, 'max_changes', 12, /closed, reopened or merged/);
  assert.equal(reopened.outputs.issues_reopened, '12');
});

test('max_changes counts pages whose status changes, merges, and issues closed since their pages are gone', async (t) => {
  const at = await linked(t, 3);
  const pulls = [1, 2].map((n) => at.addPull({ title: `Pull ${n}`, checks: 'success' }).number);
  for (const n of pulls) at.addPage({ Name: `Pull ${n}`, 'GitHub ID': n });
  await at.pass({ link_comments: 'none' });
  at.later();
  at.github.close(at.repo, 1);
  at.notion.trashPage(at.page(2));
  for (const n of pulls) at.notion.editPage(at.page(n), { Status: 'Done' });
  const result = await refused(at, { mode: 'full', on_page_deleted: 'close' }, 'max_changes', 4, /another status/);
  assert.equal(result.outputs.pull_requests_merged, '2');
  assert.equal(at.row(1).Status, 'Done');
});

test('what a create brings along does not count: rows made closed, pages filled in, statuses of new links', async (t) => {
  const at = await story(t);
  for (let n = 1; n <= 3; n += 1) at.addIssue({ title: `Issue ${n}` });
  for (let n = 1; n <= 3; n += 1) at.addPage({ Name: `Row ${n}`, Status: 'Done' });
  const result = await at.pass({ max_changes: 1, create_pages: 'all', create_issues: 'all' });
  assert.equal(result.outputs.issues_created, '3');
  assert.equal(result.outputs.pages_created, '3');
  at.later();
  at.github.close(at.repo, 1);
  await at.pass({ max_changes: 1 });
  assert.equal(at.row(1).Status, 'Done');
});

test('max_changes: a record that needs a change only after the lock was taken waits for the next pass', async (t) => {
  const at = await linked(t, 3);
  at.notion.editPage(at.page(1), { Status: 'Done' });
  at.notion.editPage(at.page(2), { Name: 'Another title' });
  const page = at.page(2);
  const off = at.sandbox.on(({ phase, request }) => {
    if (phase !== 'before' || request.method !== 'POST' || !request.path.endsWith('/git/trees')) return;
    off();
    at.notion.editPage(page, { Status: 'Done' });
  });
  const result = await at.pass({ link_comments: 'none', max_changes: 1 });
  assert.deepEqual([result.outputs.issues_closed, result.outputs.remaining], ['1', '1']);
  assert.equal(at.issue(2).state, 'open');
  at.later();
  await at.pass({ link_comments: 'none', max_changes: 1 });
  assert.deepEqual([at.issue(2).state, at.issue(2).title], ['closed', 'Another title']);
});
