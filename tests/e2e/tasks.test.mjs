// Pull requests that belong to a page by its unique_id, with or without an issue; and the columns about pull requests.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, inWords, story } from './sync-story.mjs';

const STATUS = { status: { 'To-do': ['Backlog'], 'In progress': ['Doing', 'In review', 'Ready'], Complete: ['Done', 'Canceled'] } };
const INPUTS = { progress_map: ['draft = Doing', 'open = In review', 'approved = Ready', 'merged = Done', 'closed = Backlog'], task_ids: true };

async function scene(t, { inputs = {}, properties = {}, ...options } = {}) {
  const at = await story(t, { properties: { Status: STATUS, ID: { unique_id: { prefix: 'TASK' } }, ...properties }, ...options });
  const all = { ...INPUTS, ...inputs };
  return Object.assign(at, {
    all,
    run: async (more = {}, runOptions = {}) => {
      at.later();
      return at.pass({ ...all, ...more }, runOptions);
    },
    calm: () => at.settle(all),
    values: (page) => at.notion.values(page),
    status: (page) => at.notion.values(page).Status,
    note: (page) => at.github.readRefFile(at.repo, at.stateRef, `pages/${page.slice(0, 2)}/${page}.json`),
  });
}

test('a pull request that names the task in its title or branch belongs to the page', async (t) => {
  const at = await scene(t);
  const pages = ['One', 'Two', 'Three'].map((Name) => at.addPage({ Name, Status: 'Backlog' }));
  await at.run();
  const [one, two, three] = pages;
  await at.calm();
  at.addPull({ title: 'Work on task-1', head: 'work', draft: true });
  at.addPull({ title: 'More', head: 'feature/Task-2_more' });
  at.addPull({ title: 'TASK-31, TASK-3a, MYTASK-3', head: 'tasks-3' });
  const run = await at.run();
  assert.deepEqual(pages.map(at.status), ['Doing', 'In review', 'Backlog']);
  const number = (page) => at.values(page)['GitHub ID'];
  assert.deepEqual(pages.map((page) => at.record(number(page)).pulls), [[4], [5], undefined]);
  // One query finds the pages of all of them.
  assert.equal(run.requests.filter(({ path, body }) => path.endsWith('/query') && /unique_id/.test(JSON.stringify(body.filter ?? ''))).length, 1);
  await at.calm();
  // With one that GitHub links, the more advanced counts; and what belongs by its name is remembered.
  at.addPull({ title: 'The rest', body: `Fixes #${number(one)}`, head: 'rest' });
  await at.run();
  assert.equal(at.status(one), 'In review');
  at.github.close(at.repo, 7);
  await at.run();
  assert.equal(at.status(one), 'Doing');
  // Merged, it closes the issue of the task: GitHub knows of no link.
  at.github.draft(at.repo, 4, false);
  at.github.merge(at.repo, 4);
  const merged = await at.run();
  assert.deepEqual(changes(at, merged).map(([verb]) => verb), ['comment', 'write issue', 'write page']);
  assert.match(at.comments(number(one)).at(-1), /^Closed: pull request #4, which belongs to it, was merged/);
  assert.deepEqual([at.status(one), at.issue(number(one)).state], ['Done', 'closed']);
  // Renamed, it belongs to another.
  at.github.editIssue(at.repo, 5, { title: 'For TASK-3' });
  await at.run();
  assert.deepEqual([at.status(two), at.status(three)], ['In review', 'In review']);
  await at.calm();
});

test('a page without an issue', async (t) => {
  const at = await scene(t, { inputs: { create_issues: 'none' } });
  const page = at.addPage({ Name: 'Alone', Status: 'Backlog' });
  await at.run();
  await at.calm();
  at.addPull({ title: 'TASK-1', head: 'work', draft: true });
  const run = await at.run();
  assert.deepEqual(changes(at, run), [['write page', page, { Status: 'Doing' }]]);
  assert.equal(at.note(page).stage, 'draft');
  // Nobody reads the option there, whoever may fetch the ref.
  assert.doesNotMatch(JSON.stringify(at.note(page)), /Doing|Backlog/);
  await at.calm();
  // A person wins until the next change.
  at.notion.editPage(page, { Status: 'Ready' });
  at.github.draft(at.repo, 1, false);
  assert.match((await at.run()).summary, /a person gave the page another status/);
  assert.deepEqual([at.status(page), at.note(page).stage], ['Ready', 'open']);
  at.github.review(at.repo, 1, 'APPROVED');
  at.github.draft(at.repo, 1);
  await at.run();
  assert.equal(at.status(page), 'Doing');
  // A drag that was seen doesn't count.
  at.notion.editPage(page, { Status: 'Backlog' });
  await at.run();
  at.github.draft(at.repo, 1, false);
  await at.run();
  assert.equal(at.status(page), 'Ready');
  at.github.merge(at.repo, 1);
  await at.run();
  assert.equal(at.status(page), 'Done');
  await at.calm();
  assert.equal(at.issues().length, 1);
  // All of it again from a lost state: nothing moves.
  at.notion.editPage(page, { Status: 'Backlog' });
  at.github.deleteRef(at.repo, at.stateRef);
  await at.run();
  assert.equal(at.status(page), 'Done');
});

test('a new page whose pull request is there moves first, and becomes an issue then', async (t) => {
  const at = await scene(t);
  at.addPull({ title: 'TASK-1 and TASK-2', head: 'work' });
  await at.run();
  await at.calm();
  const [one, two] = ['One', 'Two'].map((Name) => at.addPage({ Name, Status: 'Backlog' }));
  at.github.draft(at.repo, 1);
  await at.run();
  assert.deepEqual([at.status(one), at.status(two), at.issues().length], ['Doing', 'Doing', 1]);
  await at.run();
  assert.deepEqual(at.issues().map(({ number, state }) => [number, state]), [[1, 'open'], [2, 'open'], [3, 'open']]);
  assert.deepEqual([at.record(2).stage, at.record(2).pulls, at.note(one)], ['draft', [1], { number: 2 }]);
  await at.calm();
  // Merged before it became an issue, it becomes none.
  const three = at.addPage({ Name: 'Three', Status: 'Backlog' });
  at.github.editIssue(at.repo, 1, { title: 'TASK-1, TASK-2, TASK-3' });
  at.github.draft(at.repo, 1, false);
  at.github.merge(at.repo, 1);
  await at.run();
  await at.run();
  assert.deepEqual([at.status(three), at.values(three)['GitHub ID'], at.issues().length], ['Done', null, 3]);
  assert.deepEqual([2, 3].map((n) => at.issue(n).state), ['closed', 'closed']);
  await at.calm();
});

test('a pull request that anybody can open completes a task only as somebody who may write merged it', async (t) => {
  const at = await scene(t, { inputs: { progress_map: ['open = In review', 'merged = Done', 'closed = Canceled'], create_issues: 'none' } });
  const pages = ['One', 'Two', 'Three', 'Four', 'Five'].map((Name) => at.addPage({ Name, Status: 'Backlog' }));
  for (const title of ['Four', 'Five', 'Six']) at.addIssue({ title });
  at.notion.editPage(pages[3], { 'GitHub ID': 1 });
  at.notion.editPage(pages[4], { 'GitHub ID': 2 });
  await at.run();
  const stays = /#(\d+) was (?:merged|closed without having been merged): the status for that means closed, but the pull request comes from a fork/;
  const [one, two, three, four, five] = pages;
  const pull = (title, fields) => at.addPull({ title, by: 'mallory', fork: 'mallory', head: 'work', ...fields }).number;
  const merge = (number) => {
    at.later();
    at.github.merge(at.repo, number);
    at.later();
  };
  const given = pull('TASK-1');
  await at.run();
  assert.equal(at.status(one), 'In review');
  at.github.close(at.repo, given, { by: 'mallory' });
  assert.match((await at.run()).summary, stays);
  assert.equal(at.status(one), 'In review');
  await at.calm();
  // Merged before any run saw it, with and without an issue, by its name and by GitHub's link.
  at.github.quirks.closeLinkedIssues = false;
  for (const title of ['TASK-3', 'TASK-4']) merge(pull(title, { head: title }));
  merge(pull('Work', { head: 'five', body: 'Fixes #2' }));
  await at.run();
  assert.deepEqual([three, four, five].map(at.status), ['Done', 'Done', 'Done']);
  assert.deepEqual([1, 2].map((n) => at.issue(n).state), ['closed', 'closed']);
  await at.calm();
  // Whoever merged these saw another title or description, whether or not a run came in between.
  for (const between of [true, false]) {
    at.github.reopen(at.repo, 1);
    at.notion.editPage(two, { Status: 'Backlog' });
    await at.run();
    const [title, body] = ['title', 'body'].map((head) => pull('A typo', { head: `${head}-${between}` }));
    for (const number of [title, body]) merge(number);
    if (between) await at.run();
    at.github.editIssue(at.repo, title, { title: 'TASK-2' }, { by: 'mallory' });
    at.github.editIssue(at.repo, body, { body: 'Fixes #3' }, { by: 'mallory' });
    at.later();
    const late = await at.run();
    assert.match(late.summary, stays);
    assert.deepEqual([at.status(two), at.row(3).Status, at.issue(3).state], ['Backlog', 'Backlog', 'open'], `between: ${between}`);
    await at.calm();
    for (const number of [title, body]) at.github.editIssue(at.repo, number, { title: 'A typo', body: '' });
    await at.run();
    await at.calm();
  }
  // Nor does it help that the task was at an open stage. A branch of the repository is pushed by somebody who may write.
  const own = at.addPull({ title: 'TASK-2', head: 'own' }).number;
  await at.run();
  assert.equal(at.status(two), 'In review');
  const typo = pull('A typo', { head: 'last' });
  merge(typo);
  at.github.editIssue(at.repo, typo, { title: 'TASK-2' }, { by: 'mallory' });
  at.github.editIssue(at.repo, own, { title: 'Own' });
  await at.run();
  assert.equal(at.status(two), 'In review');
  at.github.editIssue(at.repo, typo, { title: 'A typo' });
  at.github.editIssue(at.repo, own, { title: 'TASK-2' });
  await at.run();
  at.github.close(at.repo, own);
  await at.run();
  assert.equal(at.status(two), 'Canceled');
  await at.calm();
});

test('what task_ids needs', async (t) => {
  for (const [properties, words] of [
    [{ ID: null }, /task_ids is on, but the database has no column of type ID/],
    [{ ID: { unique_id: { prefix: null } } }, /the ID column "ID" has no prefix/],
  ]) {
    const at = await scene(t, { properties });
    const run = await at.run({}, { code: 2 });
    assert.match(run.stdout, words);
    assert.deepEqual(changes(at, run), []);
  }
});

// --- columns ---

const COLUMNS = {
  'Pull Requests': 'rich_text', 'PR State': { select: [] }, Reviewers: { multi_select: [] }, Checks: { select: [] },
};

test('columns about pull requests, of issues and of pull requests themselves', async (t) => {
  const at = await scene(t, {
    properties: COLUMNS, inputs: { progress_map: null, task_ids: null, pull_requests: 'all' },
    repo: { collaborators: ['alice', 'bob'] }, token: { permissions: { checks: 'read', statuses: 'read', contents: 'write', issues: 'write', pull_requests: 'write' } },
  });
  const shown = (number) => ['Pull Requests', 'PR State', 'Reviewers', 'Checks'].map((name) => at.row(number)[name] ?? null);
  at.addIssue({ title: 'Task' });
  await at.run();
  assert.deepEqual(shown(1), ['', null, [], null]);
  await at.calm();
  at.addPull({ title: 'Work', body: 'Fixes #1', head: 'work' });
  at.github.requestReview(at.repo, 2, ['alice', { slug: 'core', name: 'Core' }]);
  at.github.checkRun(at.repo, 2, { name: 'ci', status: 'IN_PROGRESS' });
  const run = await at.run();
  assert.deepEqual(shown(1), ['#2', 'Open', ['Core', 'alice'], 'Pending']);
  assert.ok(run.requests.some(({ body }) => /"content":"#2","link":{"url":"https:\/\/github.com\/acme\/app\/pull\/2"}/.test(JSON.stringify(body))));
  assert.deepEqual(shown(2), ['', 'Open', ['Core', 'alice'], 'Pending']);
  assert.equal(at.row(1).Status, 'Backlog');
  await at.calm();
  at.github.checkRun(at.repo, 2, { name: 'ci', conclusion: 'SUCCESS' });
  at.github.review(at.repo, 2, 'CHANGES_REQUESTED', { by: 'bob' });
  at.github.requestReview(at.repo, 2, [{ slug: 'core', name: 'Core' }], { asked: false });
  await at.run();
  assert.deepEqual(shown(1), ['#2', 'Changes requested', ['alice', 'bob'], 'Passing']);
  // Of several, the open ones count; checks are as bad as the worst of them.
  at.addPull({ title: 'More', body: 'Fixes #1', head: 'more', draft: true });
  at.github.checkRun(at.repo, 3, { name: 'ci', conclusion: 'FAILURE' });
  await at.run();
  assert.deepEqual(shown(1), ['#2, #3', 'Changes requested', ['alice', 'bob'], 'Failing']);
  at.github.close(at.repo, 2);
  await at.run();
  assert.deepEqual(shown(1), ['#2, #3', 'Draft', [], 'Failing']);
  await at.calm();
  await at.run({ mode: 'full' });
  await at.calm();
  assert.deepEqual(shown(1), ['#2, #3', 'Draft', [], 'Failing']);
});

test('what a pull request no longer closes or names loses it in the same run', async (t) => {
  const at = await scene(t, { properties: COLUMNS, inputs: { create_issues: 'none', property_map: 'checks =' } });
  at.addIssue({ title: 'Task' });
  const alone = at.addPage({ Name: 'Alone', Status: 'Backlog' });
  await at.run();
  at.addPull({ title: 'TASK-1', body: 'Fixes #1', head: 'work' });
  await at.run();
  const shown = () => [at.row(1), at.values(alone)].map((row) => [row.Status, row['Pull Requests'], row['PR State'] ?? null]);
  assert.deepEqual(shown(), [['In review', '#2', 'Open'], ['In review', '#2', 'Open']]);
  await at.calm();
  at.github.editIssue(at.repo, 2, { title: 'Work', body: '' });
  await at.run();
  assert.deepEqual(shown(), [['In review', '', null], ['In review', '', null]]);
  await at.calm();
});

test('checks that the token may not read are left out, with one notice', async (t) => {
  const at = await scene(t, { properties: COLUMNS, inputs: { task_ids: null }, token: { permissions: { contents: 'write', issues: 'write', pull_requests: 'write' } } });
  for (const title of ['One', 'Two']) at.addIssue({ title });
  await at.run();
  for (const n of [1, 2]) at.addPull({ title: `Work ${n}`, body: `Fixes #${n}`, head: `work-${n}`, checks: 'success' });
  const run = await at.run();
  assert.deepEqual([at.row(1).Status, at.row(1)['PR State'], at.row(1).Checks ?? null], ['In review', 'Open', null]);
  assert.equal(run.stdout.match(/the column Checks is left as it is/g).length, 1);
  assert.match(run.summary, /checks: read/);
  await at.calm();
});

test('as a relation to the pages of the pull requests, and as people', async (t) => {
  const at = await scene(t, {
    properties: { ...COLUMNS, 'Pull Requests': null, Reviewers: 'people' },
    inputs: { pull_requests: 'all', task_ids: null, people_map: ['alice = alice@example.com'] },
  });
  at.notion.addProperty(at.dataSource, 'Pull Requests', { relation: { data_source_id: at.dataSource } });
  const alice = at.notion.addUser({ name: 'Alice', email: 'alice@example.com' });
  at.addIssue({ title: 'Task' });
  await at.run();
  at.addPull({ title: 'Work', body: 'Fixes #1', head: 'work' });
  at.github.requestReview(at.repo, 2, ['alice', 'bob']);
  await at.run();
  await at.run();
  assert.deepEqual(at.row(1)['Pull Requests'], [at.page(2)]);
  assert.deepEqual(at.row(1).Reviewers, ['Alice']);
  await at.calm();
});
