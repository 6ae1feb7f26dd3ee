// Archived is not deleted, and neither is what is not shared any more.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOf } from './faults-scene.mjs';
import { changes, isRead, story } from './sync-story.mjs';

const EAGER = { on_page_deleted: 'close', on_issue_deleted: 'trash' };
const FULL = { ...EAGER, mode: 'full' };

async function linked(t, count, inputs = EAGER) {
  const at = await story(t);
  for (let n = 1; n <= count; n += 1) at.addIssue({ title: `Issue ${n}` });
  await at.pass(inputs);
  await at.settle(inputs);
  at.later();
  return at;
}

const nothing = async (at, inputs) => assert.deepEqual(changes(at, await at.pass(inputs)), []);
const ended = (at, number) => at.comments(number).some((text) => /no longer synced/.test(text));

test('an archived page keeps its link: nothing is written to either side, and syncing continues when it is back', async (t) => {
  const at = await linked(t, 3);
  const [page, lonely] = [at.page(1), at.page(2)];
  at.notion.archivePage(page);
  at.notion.archivePage(lonely);
  at.github.editIssue(at.repo, 1, { title: 'Renamed', labels: [] });
  at.github.close(at.repo, 1);
  for (const inputs of [EAGER, FULL, EAGER, FULL]) {
    const before = at.both();
    await nothing(at, inputs);
    assert.deepEqual(at.both(), before);
    at.later();
  }
  at.notion.archivePage(page, { archived: false });
  at.notion.archivePage(lonely, { archived: false });
  await at.pass(EAGER);
  assert.deepEqual([at.row(1).Name, at.row(1).Status, at.row(2).Name], ['Renamed', 'Done', 'Issue 2']);
  assert.ok(![1, 2, 3].some((number) => ended(at, number)));
  await at.settle(EAGER);
});

test('what was edited on a page before it was archived waits with it', async (t) => {
  const at = await linked(t, 1);
  const page = at.page(1);
  at.notion.editPage(page, { Name: 'Edited', Status: 'Done' });
  at.notion.archivePage(page);
  at.later();
  await nothing(at, EAGER);
  await nothing(at, FULL);
  assert.equal(at.issue(1).state, 'open');
  at.later();
  at.notion.archivePage(page, { archived: false });
  await at.pass(EAGER);
  assert.deepEqual([at.issue(1).title, at.issue(1).state], ['Edited', 'closed']);
});

test('a full pass finds archived rows by one query, not by a request for each', async (t) => {
  const at = await linked(t, 30, { ...EAGER, link_comments: 'none' });
  for (let n = 1; n <= 30; n += 1) at.notion.archivePage(at.page(n));
  at.later();
  const run = await at.pass({ ...FULL, link_comments: 'none' });
  assert.deepEqual(changes(at, run), []);
  assert.deepEqual(run.requests.filter((request) => kindOf(request) === 'notion GET /pages/{}'), []);
  assert.equal(run.requests.filter(({ body }) => body?.is_archived === true).length, 1);
});

test('if Notion does not know of archives, pages are asked for by their ids', async (t) => {
  const at = await linked(t, 2);
  at.notion.archivePage(at.page(1));
  at.later();
  at.sandbox.fault({
    match: ({ body }) => body?.is_archived === true, kind: 'status', status: 400, times: Infinity,
    body: { object: 'error', status: 400, code: 'validation_error', message: 'body.is_archived should be not present' },
  });
  await nothing(at, FULL);
  assert.ok(!ended(at, 1));
});

test('an archived row makes no issue, and an issue whose page is archived gets no other page, not even when the state is lost', async (t) => {
  const at = await linked(t, 2);
  const loose = at.addPage({ Name: 'Loose' });
  at.notion.archivePage(loose);
  at.notion.archivePage(at.page(1));
  at.later();
  at.github.deleteRef(at.repo, at.stateRef);
  for (const inputs of [EAGER, FULL]) {
    await nothing(at, inputs);
    at.later();
    at.github.editIssue(at.repo, 1, { title: `Edited ${inputs.mode}` });
  }
  assert.deepEqual([at.rows().length, at.issues().length, ended(at, 1)], [3, 2, false]);
});

test('an issue that is deleted while its page is archived: the page is seen to when it is back', async (t) => {
  const at = await linked(t, 1);
  const page = at.page(1);
  at.notion.archivePage(page);
  at.github.deleteIssue(at.repo, 1);
  at.later();
  await nothing(at, FULL);
  at.later();
  at.notion.archivePage(page, { archived: false });
  await at.pass(FULL);
  assert.equal(at.found()[0].trashed, true);
});

test('a duplicate of an archived row does not take its issue', async (t) => {
  const at = await linked(t, 1);
  const page = at.page(1);
  at.notion.duplicatePage(page);
  at.notion.archivePage(page);
  at.later();
  const run = await at.pass(EAGER);
  assert.deepEqual(changes(at, run), []);
  assert.match(run.summary, /another page is linked to this issue/);
});

test('a page that is archived while the pass is at work is not written to', async (t) => {
  const at = await linked(t, 1);
  const page = at.page(1);
  at.github.editIssue(at.repo, 1, { title: 'Renamed' });
  const off = at.sandbox.on(({ phase, request }) => {
    if (phase !== 'before' || request.method !== 'POST' || !request.path.endsWith('/git/trees')) return;
    off();
    at.notion.archivePage(page);
  });
  const run = await at.pass(EAGER);
  assert.deepEqual([changes(at, run), run.outputs.failures], [[], '0']);
});

// --- not shared ---

test('a page that is not shared any more is unlinked, and its issue is not closed; in the trash or elsewhere it is', async (t) => {
  const at = await linked(t, 3);
  const other = at.notion.addDatabase({ title: 'Other', dataSources: [{ properties: { Name: 'title' } }] });
  const hidden = at.page(1);
  at.notion.pages.delete(hidden);
  at.notion.dataSources.get(at.dataSource).pages.delete(hidden);
  at.notion.trashPage(at.page(2));
  at.notion.movePage(at.page(3), other.dataSource);
  at.later();
  const run = await at.pass(FULL);
  assert.deepEqual(at.issues().map(({ state }) => state), ['open', 'closed', 'closed']);
  assert.ok([1, 2, 3].every((number) => ended(at, number)));
  assert.match(at.comments(1).at(-1), /does not exist any more, or is not shared/);
  assert.match(run.summary, /#1.*the issue stays open/);
  assert.equal(run.outputs.issues_closed, '2');
  at.later();
  await nothing(at, FULL);
});

test('a page that a query showed a moment ago and its id does not: 404 proves no trash', async (t) => {
  const at = await linked(t, 1);
  at.notion.editPage(at.page(1), { 'GitHub ID': null });
  at.sandbox.fault({
    match: (request) => kindOf(request) === 'notion GET /pages/{}', kind: 'status', status: 404, times: Infinity,
    body: { object: 'error', status: 404, code: 'object_not_found', message: 'Could not find page.' },
  });
  const run = await at.pass(EAGER);
  assert.equal(at.issue(1).state, 'open');
  assert.ok(run.requests.filter((request) => !isRead(request)).length > 0);
  assert.ok(ended(at, 1));
});
