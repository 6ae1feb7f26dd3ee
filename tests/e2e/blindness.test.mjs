// What GitHub does not show is not deleted: hidden authors, features turned off, a single 404.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOf } from './faults-scene.mjs';
import { changes, HOUR, isRead, story } from './sync-story.mjs';

const EAGER = { on_page_deleted: 'close', on_issue_deleted: 'trash', pull_requests: 'all' };
const FULL = { ...EAGER, mode: 'full' };

async function linked(t, { issues = 2, pulls = 0, inputs = EAGER } = {}) {
  const at = await story(t);
  for (let n = 1; n <= issues; n += 1) at.addIssue({ title: `Issue ${n}`, by: 'mallory' });
  for (let n = 1; n <= pulls; n += 1) at.addPull({ title: `Pull ${n}` });
  await at.pass(inputs);
  await at.settle(inputs);
  at.later();
  return at;
}

const noticed = (run, number) => run.commands.filter(({ name, data }) => name === 'notice' && data.includes(`#${number} `) || name === 'notice' && data.includes(`#${number}:`));
const event = (action, number, at) => ({ name: 'issues', payload: { action, issue: { number }, repository: { full_name: at.repo } } });

async function nothing(at, inputs, options) {
  const before = at.rows();
  const run = await at.pass(inputs, options);
  assert.deepEqual(changes(at, run), []);
  assert.deepEqual(at.rows(), before);
  return run;
}

test('an issue of an author whom GitHub hides keeps its link, with a notice; what was edited on the page meanwhile is not lost', async (t) => {
  const at = await linked(t);
  at.github.hideIssue(at.repo, 1);
  const run = await nothing(at, FULL);
  assert.equal(noticed(run, 1).length, 1, run.stdout);
  assert.match(run.summary, /#1/);
  at.later();
  at.notion.editPage(at.page(1), { Name: 'Edited meanwhile' });
  await nothing(at, EAGER);
  at.later();
  await nothing(at, EAGER, { event: event('edited', 1, at) });
  at.later();
  at.github.hideIssue(at.repo, 1, false);
  await at.pass(EAGER);
  assert.equal(at.issue(1).title, 'Edited meanwhile');
  await at.settle(EAGER);
});

test('a hidden issue about which nothing waits costs later passes nothing', async (t) => {
  const at = await linked(t);
  at.github.hideIssue(at.repo, 1);
  await nothing(at, FULL);
  at.later();
  await nothing(at, EAGER);
  at.later();
  const quiet = await nothing(at, EAGER);
  assert.equal(quiet.requests.length, 2);
});

test('a whole author is hidden: the repository is asked for once', async (t) => {
  const at = await linked(t, { issues: 12, inputs: { ...EAGER, link_comments: 'none' } });
  for (let n = 1; n <= 12; n += 1) at.github.hideIssue(at.repo, n);
  const run = await nothing(at, { ...FULL, link_comments: 'none' });
  assert.equal(run.requests.filter((request) => kindOf(request) === 'github GET /issues/{}').length, 12);
  assert.equal(run.requests.filter(({ method, path }) => method === 'GET' && path === '/repos/acme/app').length, 1);
});

for (const shape of ['empty', 'missing']) {
  test(`pull requests are turned off (listing ${shape}): issues are synced, links of pull requests stay`, async (t) => {
    const at = await linked(t, { pulls: 3 });
    at.github.quirks.disabledPulls = shape;
    at.github.setFeature(at.repo, { pulls: false });
    at.github.editIssue(at.repo, 1, { title: 'Renamed' });
    at.notion.editPage(at.page(3), { Status: 'Done' });
    at.notion.editPage(at.page(2), { Name: 'From Notion' });
    for (const inputs of [EAGER, FULL]) {
      const run = await at.pass(inputs);
      assert.equal(run.outputs.failures, '0');
      assert.ok(noticed(run, 3).length === 1 && /pull requests are turned off/.test(noticed(run, 3)[0].data), run.stdout);
      at.later();
    }
    assert.deepEqual([at.row(1).Name, at.issue(2).title, at.rows().length], ['Renamed', 'From Notion', 5]);
    at.github.setFeature(at.repo, { pulls: true });
    await at.pass({ ...FULL, pull_request_done: 'close' });
    assert.equal(at.issue(3).state, 'closed');
    assert.equal(at.rows().length, 5);
  });
}

test('issues are turned off: pull requests are synced, links of issues stay', async (t) => {
  const at = await linked(t, { pulls: 1 });
  at.github.setFeature(at.repo, { issues: false });
  at.github.editIssue(at.repo, 3, { title: 'Renamed' });
  const run = await at.pass(FULL);
  assert.deepEqual([at.row(3).Name, at.rows().length, run.outputs.failures], ['Renamed', 3, '0']);
  assert.match(run.stdout, /issues are turned off/);
  at.github.setFeature(at.repo, { issues: true });
  at.later();
  await at.settle(EAGER);
});

// --- what is deletion ---

test('a 404 is deletion only together with the event that says so', async (t) => {
  const at = await linked(t, { issues: 3 });
  for (const n of [1, 2]) at.github.hideIssue(at.repo, n);
  await nothing(at, EAGER, { event: event('closed', 1, at) });
  const run = await at.pass(EAGER, { event: event('deleted', 1, at) });
  assert.deepEqual(changes(at, run).map(([verb]) => verb), ['trash page']);
  assert.deepEqual(at.rows().map((row) => row['GitHub ID']).sort(), [2, 3]);
});

test('410 and 301 are deletion by themselves', async (t) => {
  const at = await linked(t, { issues: 3 });
  at.github.addRepo({ owner: 'acme', name: 'other' });
  at.github.deleteIssue(at.repo, 1);
  at.github.transferIssue(at.repo, 2, 'acme/other');
  await at.pass(FULL);
  assert.deepEqual(at.rows().map((row) => row['GitHub ID']), [3]);
});

test('the repository itself is gone, moved or not shown any more: its issues are not gone', async (t) => {
  const all = /^\/repos\/acme\/app(\/issues\/\d+)?$/;
  const repository = /^\/repos\/acme\/app$/;
  const issues = /^\/repos\/acme\/app\/issues/;
  const issue = /^\/repos\/acme\/app\/issues\/\d+$/;
  const elsewhere = 'https://api.github.com/repositories/99';
  for (const [name, ...answers] of [
    ['not shown', [all, 404]],
    ['deleted', [all, 410]],
    ['moved to another server', [all, 301, elsewhere]],
    ['its issues are not shown', [issues, 410]],
    ['an issue leads to another server', [issue, 301, elsewhere]],
    ['not shown, and an issue leads to another one', [repository, 404], [issue, 301, 'acme/other']],
  ]) {
    const at = await linked(t);
    at.github.addRepo({ owner: 'acme', name: 'other' });
    at.github.addIssue('acme/other', { title: 'Another' });
    at.github.hideIssue(at.repo, 1);
    for (const [path, status, to] of answers) at.sandbox.fault({ service: 'github', method: 'GET', path, kind: 'status', status, headers: to ? { location: to === 'acme/other' ? `${at.sandbox.githubUrl}/repos/${to}/issues/1` : to } : {}, times: Infinity, body: { message: 'Not here' } });
    const before = at.rows();
    const run = await at.pass(FULL, { code: 2 });
    assert.match(run.stdout, /the repository acme\/app or its issues cannot be read/, name);
    assert.deepEqual([at.rows(), changes(at, run)], [before, []], name);
  }
});

test('an issue that is moved while a run writes to it: the error says what the next run does', async (t) => {
  const at = await linked(t);
  at.notion.editPage(at.page(1), { Name: 'Edited' });
  at.sandbox.fault({ service: 'github', method: 'PATCH', path: '/repos/acme/app/issues/1', kind: 'status', status: 301, headers: { location: '/repositories/99/issues/1' } });
  const run = await at.pass({}, { code: 1 });
  assert.match(run.stdout, /#1: .*moved elsewhere \(301\): acme\/app was renamed or transferred, or the issue was; the next run follows it/);
  at.later();
  await at.pass();
  assert.equal(at.issue(1).title, 'Edited');
});

// --- a link that resumes ---

async function lost(t, inputs) {
  const at = await linked(t, { issues: 1, inputs });
  const page = at.page(1);
  at.github.hideIssue(at.repo, 1);
  await at.pass(inputs, { event: event('deleted', 1, at) });
  assert.equal(at.notion.values(page)['GitHub ID'], null);
  at.later();
  return { at, page };
}

test('a link that ended because its issue was gone resumes when the issue is seen again, from where both sides were', async (t) => {
  const inputs = { pull_requests: 'all' };
  const { at, page } = await lost(t, inputs);
  at.notion.editPage(page, { Name: 'Edited in Notion', Labels: ['notion'] });
  assert.deepEqual(changes(at, await at.pass(inputs)), [], 'no new issue');
  at.later();
  at.github.hideIssue(at.repo, 1, false);
  at.github.editIssue(at.repo, 1, { labels: ['github'] });
  const run = await at.pass(inputs);
  assert.deepEqual([at.page(1), at.issue(1).title, at.issue(1).labels, at.row(1).Labels], [page, 'Edited in Notion', ['github', 'notion'], ['github', 'notion']]);
  assert.equal(run.outputs.conflicts, '0');
  assert.deepEqual([at.issues().length, at.rows().length, at.comments(1).length], [1, 1, 1]);
  await at.settle(inputs);
});

test('a full pass finds that the issue is back', async (t) => {
  const { at, page } = await lost(t, {});
  at.github.hideIssue(at.repo, 1, false);
  await at.pass({ mode: 'full' });
  assert.equal(at.page(1), page);
  await at.settle();
});

test('it does not resume while its page carries another number, or is gone', async (t) => {
  const { at, page } = await lost(t, {});
  at.addIssue({ title: 'Another' });
  at.notion.editPage(page, { 'GitHub ID': 2 });
  await at.pass({ create_pages: 'none' });
  at.github.hideIssue(at.repo, 1, false);
  at.later();
  await at.pass({ mode: 'full', create_pages: 'none' });
  assert.deepEqual([at.page(2), at.rows().length], [page, 1]);
  const other = await lost(t, {});
  other.at.notion.trashPage(other.page);
  other.at.github.hideIssue(other.at.repo, 1, false);
  assert.deepEqual(changes(other.at, await other.at.pass({ mode: 'full' })), []);
  other.at.later(25 * HOUR);
  assert.deepEqual((await other.at.pass()).requests.filter((request) => !isRead(request) && !/\/git\//.test(request.path)), []);
});
