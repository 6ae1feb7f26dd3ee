// Pull requests move tasks: progress_map, rows P1 to P10 of docs/decision-table.md.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { step } from './cases.mjs';
import { changes, inWords, isRead, MINUTE, reads, story } from './sync-story.mjs';

const STATUS = { status: { 'To-do': ['Backlog'], 'In progress': ['Doing', 'In review', 'Rework', 'Ready'], Complete: ['Done', 'Shipped', 'Canceled'] } };
const MAP = [
  'draft = Doing', 'open = In review', 'changes_requested = Rework', 'approved = Ready', 'merged = Shipped', 'closed = Backlog',
];
const INPUTS = { progress_map: MAP };

/* A board on which pull requests move cards; with one issue, linked and in sync. */
async function scene(t, { inputs = {}, properties = {}, repo = {}, ...options } = {}) {
  const at = await story(t, { properties: { Status: STATUS, ...properties }, repo: { collaborators: ['alice', 'bob'], ...repo }, ...options });
  const all = { ...INPUTS, ...inputs };
  Object.assign(at, {
    run: async (more = {}, runOptions = {}) => {
      at.later();
      return at.pass({ ...all, ...more }, runOptions);
    },
    calm: () => at.settle(all),
    status: (number = 1) => at.row(number).Status,
    drag: (number, status) => at.notion.editPage(at.page(number), { Status: status }),
    stage: (number = 1) => at.record(number).stage,
    told: (run) => /### To look at\n([\s\S]*?)\n\n/.exec(run.summary)?.[1] ?? '',
  });
  if (options.empty) return at;
  at.addIssue({ title: 'Task' });
  await at.pass(all);
  assert.equal(at.stage(), 'none');
  return at;
}

const wrote = (at, run) => changes(at, run).map(([verb, , what]) => (verb === 'write page' ? what.Status ?? verb : verb));

test('each stage sets the status once, in either direction', async (t) => {
  const at = await scene(t);
  at.addPull({ title: 'Work', body: 'Fixes #1', head: 'work', draft: true });
  const steps = [
    [() => {}, 'Doing', 'draft'],
    [() => at.github.draft(at.repo, 2, false), 'In review', 'open'],
    [() => at.github.review(at.repo, 2, 'COMMENTED', { by: 'alice' }), 'In review', 'open'],
    [() => at.github.review(at.repo, 2, 'CHANGES_REQUESTED', { by: 'alice' }), 'Rework', 'changes_requested'],
    [() => at.github.review(at.repo, 2, 'APPROVED', { by: 'alice' }), 'Ready', 'approved'],
    [() => at.github.review(at.repo, 2, 'CHANGES_REQUESTED', { by: 'bob' }), 'Rework', 'changes_requested'],
    [() => at.github.review(at.repo, 2, 'DISMISSED', { by: 'bob' }), 'Ready', 'approved'],
    // Whoever may not write decides nothing.
    [() => at.github.review(at.repo, 2, 'CHANGES_REQUESTED', { by: 'guest' }), 'Ready', 'approved'],
    // What the rules of the branch ask for counts for more than single reviews.
    [() => at.github.setPull(at.repo, 2, { requiredReviews: 2 }), 'Ready', 'approved'],
    [() => at.github.pushHead(at.repo, 2), 'In review', 'open'],
    [() => at.github.review(at.repo, 2, 'APPROVED', { by: 'bob' }), 'Ready', 'approved'],
    [() => at.github.draft(at.repo, 2), 'Doing', 'draft'],
    [() => at.github.close(at.repo, 2), 'Backlog', 'closed'],
    [() => at.github.reopen(at.repo, 2), 'Doing', 'draft'],
    [() => at.github.draft(at.repo, 2, false), 'Ready', 'approved'],
    [() => at.github.merge(at.repo, 2), 'Shipped', 'merged'],
  ];
  for (const [index, [act, status, stage]] of steps.entries()) {
    const before = at.status();
    act();
    const run = await at.run();
    assert.deepEqual([at.status(), at.stage()], [status, stage], `step ${index}`);
    if (before === status) assert.deepEqual(changes(at, run), [], `step ${index}`);
    if (stage !== 'merged') assert.equal(at.issue(1).state, 'open');
  }
  // GitHub closed it by itself: nothing is to be said.
  assert.deepEqual([at.issue(1).state, at.comments(1).length], ['closed', 1]);
  await at.calm();
});

test('the more advanced of two pull requests counts, and an open one for more than a merged one', async (t) => {
  const at = await scene(t);
  at.addPull({ title: 'First half', body: 'For #1', head: 'one', draft: true });
  at.github.linkIssues(at.repo, 2, [1]);
  at.addPull({ title: 'Second half', body: 'Closes #1', head: 'two' });
  await at.run();
  assert.equal(at.status(), 'In review');
  at.github.draft(at.repo, 3);
  await at.run();
  assert.equal(at.status(), 'Doing');
  at.github.draft(at.repo, 2, false);
  at.github.review(at.repo, 2, 'APPROVED', { by: 'alice' });
  await at.run();
  assert.equal(at.status(), 'Ready');
  at.github.quirks.closeLinkedIssues = false;
  at.github.merge(at.repo, 2);
  await at.run();
  assert.deepEqual([at.status(), at.issue(1).state], ['Doing', 'open']);
  at.github.close(at.repo, 3);
  const run = await at.run();
  assert.deepEqual(wrote(at, run), ['comment', 'write issue', 'Shipped']);
  assert.match(at.comments(1)[1], /^Closed: pull request #2, which belongs to it, was merged on 2026-03-02 at /);
  assert.deepEqual([at.issue(1).state, at.issue(1).stateReason], ['closed', 'completed']);
  assert.equal(run.outputs.issues_closed, '1');
  assert.match(run.summary, /\n    G -->\|"1 page updated"\| N\n    G -->\|"1 issue closed by a merge"\| G\n/);
  assert.doesNotMatch(run.summary, /N -->/);
  await at.calm();
});

test('a person who moved the card since the last run wins until the next change', async (t) => {
  const at = await scene(t);
  at.addPull({ title: 'Work', body: 'Fixes #1', head: 'work', draft: true });
  await at.run();
  at.drag(1, 'Ready');
  at.github.draft(at.repo, 2, false);
  const run = await at.run();
  assert.deepEqual([at.status(), at.stage()], ['Ready', 'open']);
  assert.match(at.told(run), /pull request \\?#2 is ready for review, but a person gave the page another status/);
  await at.calm();
  at.github.review(at.repo, 2, 'CHANGES_REQUESTED', { by: 'alice' });
  assert.equal(at.told(await at.run()), '');
  assert.equal(at.status(), 'Rework');
  // A drag that an earlier run has seen is no move since the last one.
  at.drag(1, 'Doing');
  await at.run();
  at.github.review(at.repo, 2, 'APPROVED', { by: 'alice' });
  await at.run();
  assert.equal(at.status(), 'Ready');
  // To where the card would have come: nothing to say.
  at.drag(1, 'Doing');
  at.github.draft(at.repo, 2);
  assert.equal(at.told(await at.run()), '');
  assert.equal(at.status(), 'Doing');
  // Done by hand wins, too: the issue is closed by the person, not by the stage.
  at.drag(1, 'Done');
  at.github.close(at.repo, 2);
  await at.run();
  assert.deepEqual([at.status(), at.issue(1).state], ['Done', 'closed']);
  assert.match(at.comments(1).at(-1), /^Closed: the status of its \[Notion page\]/);
  await at.calm();
});

test('closed with a closed status closes no issue: reported once, and the page stays', async (t) => {
  const at = await scene(t, { inputs: { progress_map: [...MAP.slice(0, 5), 'closed = Canceled'] } });
  at.addPull({ title: 'Work', body: 'Fixes #1', head: 'work' });
  await at.run();
  at.github.close(at.repo, 2);
  const run = await at.run();
  assert.deepEqual(changes(at, run), []);
  assert.match(at.told(run), /#2 was closed without having been merged: the status for that means closed, but the issue is open/);
  assert.deepEqual([at.status(), at.issue(1).state, at.stage()], ['In review', 'open', 'closed']);
  await at.calm();
  // With the issue closed as well, the status is the one for that.
  at.github.reopen(at.repo, 2);
  await at.run();
  at.github.close(at.repo, 2);
  at.github.close(at.repo, 1, { reason: 'not_planned' });
  await at.run();
  assert.deepEqual([at.status(), at.comments(1).length], ['Canceled', 1]);
  await at.calm();
});

test('an open status waits while the issue is closed, and nothing reopens it', async (t) => {
  const at = await scene(t);
  at.addPull({ title: 'Work', body: 'Fixes #1', head: 'work' });
  await at.run();
  at.github.merge(at.repo, 2);
  await at.run();
  assert.deepEqual([at.status(), at.issue(1).state], ['Shipped', 'closed']);
  at.addPull({ title: 'Again', body: 'Fixes #1', head: 'again', draft: true });
  const run = await at.run();
  assert.deepEqual(changes(at, run), []);
  assert.deepEqual([at.status(), at.stage(), at.issue(1).state], ['Shipped', 'merged', 'closed']);
  await at.calm();
  at.github.reopen(at.repo, 1);
  await at.run();
  assert.deepEqual([at.status(), at.stage()], ['Doing', 'draft']);
  await at.calm();
  // A person who reopens it with the card has chosen where the card is.
  at.drag(1, 'Done');
  await at.run();
  at.github.draft(at.repo, 3, false);
  await at.run();
  assert.deepEqual([at.status(), at.stage(), at.issue(1).state], ['Done', 'draft', 'closed']);
  at.drag(1, 'Backlog');
  await at.run();
  assert.deepEqual([at.status(), at.stage(), at.issue(1).state], ['Backlog', 'open', 'open']);
  await at.calm();
});

test('an issue that was reopened after the merge stays open', async (t) => {
  const at = await scene(t);
  at.addPull({ title: 'Work', body: 'Fixes #1', head: 'work' });
  await at.run();
  at.github.merge(at.repo, 2);
  at.later(MINUTE);
  at.github.reopen(at.repo, 1);
  const run = await at.run();
  assert.deepEqual([at.status(), at.issue(1).state, at.stage()], ['In review', 'open', 'merged']);
  assert.match(at.told(run), /#2 was merged, but the issue was reopened since/);
  await at.calm();
});

test('stages without a status, and an empty map, do nothing', async (t) => {
  const at = await scene(t, { inputs: { progress_map: ['approved = Ready'] } });
  at.addPull({ title: 'Work', body: 'Fixes #1', head: 'work' });
  assert.deepEqual(changes(at, await at.run()), []);
  at.github.review(at.repo, 2, 'APPROVED', { by: 'alice' });
  await at.run();
  assert.equal(at.status(), 'Ready');
  at.github.merge(at.repo, 2);
  at.github.reopen(at.repo, 1);
  assert.deepEqual(changes(at, await at.run()), []);
  assert.equal(at.status(), 'Ready');
  // Turned off, no more is asked than without pull requests, and nothing more is remembered.
  at.later();
  await at.pass();
  await at.settle();
  at.github.reopen(at.repo, 1);
  at.addPull({ title: 'More', body: 'Fixes #1', head: 'more' });
  at.later();
  const off = await at.pass();
  assert.deepEqual(changes(at, off), []);
  assert.ok(off.requests.every(({ body }) => !/closedByPullRequestsReferences|closingIssuesReferences/.test(body?.query ?? '')));
});

test('what is not remembered is learned without moving a card', async (t) => {
  const at = await story(t, { properties: { Status: STATUS } });
  at.addIssue({ title: 'Task' });
  await at.pass();
  at.addPull({ title: 'Work', body: 'Fixes #1', head: 'work' });
  at.notion.editPage(at.page(1), { Status: 'Rework' });
  at.later();
  await at.pass();
  // The map is new.
  at.later();
  const first = await at.pass(INPUTS);
  assert.deepEqual(changes(at, first), []);
  assert.equal(at.record(1).stage, 'open');
  await at.settle(INPUTS);
  // The state is lost.
  at.github.deleteRef(at.repo, at.stateRef);
  at.later();
  assert.deepEqual(changes(at, await at.pass(INPUTS)), []);
  assert.deepEqual([at.row(1).Status, at.record(1).stage], ['Rework', 'open']);
  at.github.draft(at.repo, 2);
  at.later();
  await at.pass(INPUTS);
  assert.equal(at.row(1).Status, 'Doing');
});

test('a link that is made now begins where its pull requests are', async (t) => {
  const at = await scene(t, { empty: true });
  for (const title of ['Imported', 'By hand']) at.addIssue({ title });
  at.addPull({ title: 'A', body: 'Fixes #1', head: 'a' });
  at.addPull({ title: 'B', body: 'Fixes #2', head: 'b', draft: true });
  at.addPage({ Name: 'By hand', Status: 'Backlog', 'GitHub ID': 2 });
  at.addIssue({ title: 'Half done' });
  at.addPull({ title: 'C', body: 'For #5', head: 'c' });
  at.github.linkIssues(at.repo, 6, [5]);
  at.github.quirks.closeLinkedIssues = false;
  at.github.merge(at.repo, 6);
  const run = await at.run();
  assert.deepEqual([1, 2, 5].map((n) => at.status(n)), ['In review', 'Doing', 'Backlog']);
  assert.deepEqual([at.issue(5).state, at.stage(5), at.told(run)], ['open', 'merged', '']);
  await at.calm();
});

test('the page of a pull request moves as well', async (t) => {
  const at = await scene(t, { inputs: { pull_requests: 'all', progress_map: [...MAP.slice(0, 5), 'closed = Canceled'] } });
  at.addPull({ title: 'Work', body: 'Fixes #1', head: 'work', draft: true });
  await at.run();
  assert.deepEqual([at.status(1), at.status(2)], ['Doing', 'Doing']);
  at.github.draft(at.repo, 2, false);
  await at.run();
  assert.deepEqual([at.status(1), at.status(2)], ['In review', 'In review']);
  at.github.close(at.repo, 2);
  await at.run();
  assert.deepEqual([at.status(1), at.status(2)], ['In review', 'Canceled']);
  at.github.reopen(at.repo, 2);
  await at.run();
  assert.deepEqual([at.status(1), at.status(2)], ['In review', 'In review']);
  at.github.merge(at.repo, 2);
  await at.run();
  assert.deepEqual([at.status(1), at.status(2)], ['Shipped', 'Shipped']);
  await at.calm();
});

test('pull requests that take no part themselves move tasks anyway', async (t) => {
  const at = await scene(t, { inputs: { pull_requests: 'none' } });
  at.addPull({ title: 'Work', body: 'Fixes #1', head: 'work' });
  await at.run();
  assert.equal(at.status(), 'In review');
  await at.calm();
});

test('a draft run shows it, and max_changes counts it', async (t) => {
  const at = await scene(t);
  at.addPull({ title: 'Work', body: 'For #1', head: 'work' });
  at.github.linkIssues(at.repo, 2, [1]);
  at.github.quirks.closeLinkedIssues = false;
  at.github.merge(at.repo, 2);
  const dry = await at.run({ dry_run: true });
  assert.deepEqual(changes(at, dry), []);
  assert.match(dry.summary, /close the issue.*Status in Notion: `Backlog` → `Shipped`/);
  const refused = await at.run({ max_changes: 1 }, { code: 2 });
  assert.match(refused.stdout, /2 issues or pull requests would be closed.*max_changes/);
  await at.run({ max_changes: 2 });
  assert.deepEqual([at.status(), at.issue(1).state], ['Shipped', 'closed']);
});

test('pull requests of other repositories: those of the same owner close, those of others only move', async (t) => {
  for (const [owner, status, state] of [['mallory', 'In review', 'open'], ['acme', 'Shipped', 'closed']]) {
    const at = await scene(t);
    at.github.addRepo({ owner, name: 'lib' });
    at.github.addPull(`${owner}/lib`, { title: 'Work', body: 'Fixes acme/app#1', head: 'work' });
    at.github.editIssue(at.repo, 1, { title: 'Task, again' });
    await at.run();
    assert.equal(at.status(), 'In review');
    // The listing of this repository's pull requests, which a full pass reads, does not have them.
    assert.deepEqual(changes(at, await at.run({ mode: 'full' })), []);
    assert.equal(at.stage(), 'open');
    await at.calm();
    at.github.merge(`${owner}/lib`, 1);
    at.github.editIssue(at.repo, 1, { title: 'Task, once more' });
    const run = await at.run();
    assert.deepEqual([at.status(), at.issue(1).state], [status, state], owner);
    assert.equal(/a fork or from another owner's repository/.test(at.told(run)), owner !== 'acme');
    await at.calm();
  }
});

test('with a status that goes to Notion only, stages move cards and close no issue', async (t) => {
  const at = await scene(t, { inputs: { directions: 'status = to_notion' } });
  at.github.quirks.closeLinkedIssues = false;
  at.addPull({ title: 'Work', body: 'Fixes #1', head: 'work' });
  const steps = [
    [() => {}, 'In review', ''],
    [() => { at.drag(1, 'Ready'); at.github.draft(at.repo, 2); }, 'Ready', /a person gave the page another status/],
    [() => at.github.draft(at.repo, 2, false), 'In review', ''],
    [() => at.drag(1, 'Doing'), 'Doing', ''],
    [() => at.github.review(at.repo, 2, 'APPROVED', { by: 'alice' }), 'Ready', ''],
    [() => at.github.merge(at.repo, 2), 'Ready', /#2 was merged, but the issue was reopened since, or its state is not to be changed/],
    [() => at.github.close(at.repo, 1), 'Done', ''],
  ];
  for (const [index, [act, status, told]] of steps.entries()) {
    act();
    const run = await at.run();
    assert.equal(at.status(), status, `step ${index}`);
    if (told === '') assert.equal(at.told(run), '', `step ${index}`);
    else assert.match(at.told(run), told);
    assert.deepEqual([at.issue(1).state, at.comments(1).length], [index < 6 ? 'open' : 'closed', 1], `step ${index}`);
    await at.calm();
  }
});

test('what it costs', async (t) => {
  const at = await scene(t);
  await at.calm();
  at.addPull({ title: 'Work', body: 'Fixes #1', head: 'work' });
  const run = await at.run();
  const graphql = reads(run).filter(({ path }) => path === '/graphql');
  assert.deepEqual(reads(run).map(inWords).filter((words) => !/graphql/.test(words)), [
    'notion GET /v1/data_sources/{id}', 'notion POST /v1/data_sources/{id}/query', 'notion POST /v1/data_sources/{id}/query', 'notion GET /v1/pages/{id}',
  ]);
  // The overview; the pull request, then its issue, each with what is remembered and with what is linked.
  assert.equal(graphql.length, 5);
  await at.calm();
  // Many that are touched at once are asked about together; one request more is for the one that was there before.
  for (let n = 0; n < 12; n += 1) at.addPull({ title: 'More', body: 'Fixes #1', head: `more-${n}`, draft: true });
  assert.equal(reads(await at.run()).filter(({ path }) => path === '/graphql').length, 6);
  await at.calm();
  at.github.editIssue(at.repo, 1, { title: 'Another name' });
  assert.equal(reads(await at.run()).filter(({ path }) => path === '/graphql').length, 4);
});

// A run dies at the write of the page. What is known of it afterward shows whether the card was moved.
const atPage = (phase) => ({ phase, match: ({ method, path }) => method === 'PATCH' && path.startsWith('/v1/pages/') });
const CRASHES = [
  ['not written', 'before', () => {}, 'In review', false],
  ['written', 'after', () => {}, 'In review', false],
  ['not written, and something else was edited', 'before', (at) => at.notion.editPage(at.page(1), { Labels: ['late'] }), 'In review', true],
  ['written, and something else was edited', 'after', (at) => at.notion.editPage(at.page(1), { Labels: ['late'] }), 'In review', false],
  ['written, and dragged back', 'after', (at) => at.drag(1, 'Backlog'), 'Backlog', false],
  ['written, and dragged elsewhere', 'after', (at) => at.drag(1, 'Ready'), 'Ready', false],
  ['not written, and dragged elsewhere', 'before', (at) => at.drag(1, 'Ready'), 'Ready', false],
];

for (const column of [false, true]) {
  test(`once, whatever becomes of the run${column ? ', with PR State' : ''}`, async (t) => {
    for (const [what, phase, act, status, needsColumn] of CRASHES) {
      if (needsColumn && !column) continue;
      const at = await scene(t, { properties: column ? { 'PR State': { select: [] } } : {} });
      await at.calm();
      at.addPull({ title: 'Work', body: 'Fixes #1', head: 'work' });
      const died = await at.run({}, { code: null, killAt: atPage(phase) });
      assert.equal(died.signal, 'SIGKILL');
      at.later();
      act(at);
      await at.run();
      assert.deepEqual([at.status(), at.stage()], [status, 'open'], what);
      await at.calm();
      at.github.review(at.repo, 2, 'CHANGES_REQUESTED', { by: 'alice' });
      await at.run();
      assert.equal(at.status(), 'Rework', what);
    }
  });
}

test('a merge closes the issue once, whichever write a run dies at', async (t) => {
  for (const phase of ['before', 'after']) {
    for (let n = 1; n <= 10; n += step(2)) {
      const at = await scene(t);
      at.addPull({ title: 'Work', body: 'For #1', head: 'work' });
      at.github.linkIssues(at.repo, 2, [1]);
      await at.run({ mode: 'full' });
      at.github.quirks.closeLinkedIssues = false;
      at.github.merge(at.repo, 2);
      let seen = 0;
      at.later();
      const died = await at.sync(INPUTS, { killAt: { phase, match: (request) => !isRead(request) && (seen += 1) === n } });
      if (died.signal === null) break;
      at.later();
      await at.run();
      const { state } = at.issue(1);
      assert.deepEqual([at.status(), state, at.stage(), at.comments(1).length], ['Shipped', 'closed', 'merged', 2], `${phase} write ${n}`);
      await at.calm();
    }
  }
});

test('in a public repository pull requests move cards, and no option is named', async (t) => {
  const at = await scene(t, { repo: { private: false }, inputs: { task_ids: true }, properties: { ID: { unique_id: { prefix: 'TASK' } } } });
  const page = at.addPage({ Name: 'Secret', Status: 'Backlog' });
  await at.run();
  at.addPull({ title: 'Work', body: 'Fixes #1', head: 'task-2-work' });
  await at.run();
  const status = () => at.notion.values(page).Status;
  assert.deepEqual([at.status(), status()], ['In review', 'In review']);
  at.drag(1, 'Rework');
  at.notion.editPage(page, { Status: 'Rework' });
  at.github.draft(at.repo, 2);
  const run = await at.run();
  assert.deepEqual([at.status(), status()], ['Rework', 'Rework']);
  assert.match(run.summary, /a person gave the page another status/);
  at.github.quirks.closeLinkedIssues = false;
  at.github.draft(at.repo, 2, false);
  at.github.merge(at.repo, 2);
  const last = await at.run();
  assert.deepEqual([at.status(), status(), at.issue(1).state], ['Shipped', 'Shipped', 'closed']);
  const files = at.stateFiles().map((path) => at.github.readRefText(at.repo, at.stateRef, path)).join('\n');
  for (const text of [run, last].flatMap(({ summary, stdout, stderr }) => [summary, stdout, stderr]).concat(files, JSON.stringify(at.issues()))) {
    assert.doesNotMatch(text, /Rework|Shipped|In review|Secret/);
  }
});

test('bad values of progress_map', async (t) => {
  const status_map = ['Doing = closed'];
  for (const [inputs, properties, words] of [
    [{ progress_map: 'reviewed = Doing' }, {}, /progress_map: "reviewed = Doing": no stage has this name\. The stages are draft, open, changes_requested, approved, merged and closed/],
    [{ progress_map: 'open = Doing', status_map }, {}, /progress_map: "open = Doing": .*only merged and closed may name a closed one/],
    [{ progress_map: 'open = Testing' }, {}, /progress_map names "Testing" for open, but the column "Status" has the options Backlog, Doing/],
    [{ progress_map: 'approved = Done' }, {}, /progress_map: approved = "Done": this status means closed/],
    [{ progress_map: 'open = Doing' }, { Status: null }, /progress_map is given, but the database has no column for status/],
    [{ progress_map: 'open = checked' }, { Status: 'checkbox' }, /progress_map needs a status with options, but the column "Status" is a checkbox/],
    [{ progress_map: 'open = Doing', directions: 'status = to_github' }, {}, /progress_map: .*to_github/],
    [{ progress_map: 'open = Doing', property_map: 'status =' }, {}, /progress_map: .*turns the status off/],
    [{ progress_map: 'open = Done' }, { Status: { select: ['Doing', 'Done'] } }, /this status means closed/],
  ]) {
    const at = await story(t, { properties: { Status: STATUS, ...properties } });
    at.addIssue({ title: 'Task' });
    const run = await at.pass({ setup: 'none', ...inputs }, { code: 2 });
    assert.match(run.stdout, words);
    assert.deepEqual([changes(at, run), at.stateFiles()], [[], []]);
  }
});

test('statuses of a select are made as they are needed; setup: all adds those of a status', async (t) => {
  for (const [Status, inputs] of [[{ select: ['Open'] }, {}], [STATUS, { setup: 'all' }]]) {
    const at = await scene(t, { properties: { Status }, inputs: { progress_map: ['open = QA', 'merged = Closed'], ...inputs } });
    at.addPull({ title: 'Work', body: 'Fixes #1', head: 'work' });
    await at.run();
    assert.equal(at.status(), 'QA');
    at.github.merge(at.repo, 2);
    await at.run();
    assert.deepEqual([at.status(), at.issue(1).state], ['Closed', 'closed']);
    await at.calm();
  }
});

test('lanes that are labels follow the card, and whoever moves the label wins as well', async (t) => {
  const status_map = ['Doing = open + label: doing', 'In review = open + label: review', 'Rework = open + label: rework'];
  const at = await scene(t, { inputs: { status_map } });
  at.addPull({ title: 'Work', body: 'Fixes #1', head: 'work', draft: true });
  await at.run();
  assert.deepEqual([at.status(), at.issue(1).labels], ['Doing', ['doing']]);
  await at.calm();
  // A page that begins at a stage has its label from the start, whatever the issue had.
  for (const labels of [[], ['rework']]) {
    const { number } = at.addIssue({ title: 'New', labels });
    at.addPull({ title: 'More', body: `Fixes #${number}`, head: `more-${number}` });
    await at.run();
    assert.deepEqual([at.status(number), at.issue(number).labels], ['In review', ['review']]);
    await at.calm();
  }
  at.github.editIssue(at.repo, 1, { labels: ['rework'] });
  at.github.draft(at.repo, 2, false);
  const run = await at.run();
  assert.deepEqual([at.status(), at.issue(1).labels, run.outputs.conflicts], ['Rework', ['rework'], '0']);
  assert.match(at.told(run), /is ready for review, but a person gave/);
  await at.calm();
  at.github.draft(at.repo, 2);
  await at.run();
  assert.deepEqual([at.status(), at.issue(1).labels], ['Doing', ['doing']]);
  at.github.draft(at.repo, 2, false);
  at.github.merge(at.repo, 2);
  await at.run();
  assert.deepEqual([at.status(), at.issue(1).labels, at.issue(1).state], ['Shipped', [], 'closed']);
  await at.calm();
});
