// Two weeks of a team: tasks, branches, drafts, reviews, cards dragged by hand, a merge that is reverted. Played once as
// it is, then with runs that are killed at their writes: the history of the statuses is the same.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRead, story } from './sync-story.mjs';

const STATUS = { status: { 'To-do': ['Backlog'], 'In progress': ['Doing', 'In review', 'Rework', 'Ready'], Complete: ['Done', 'Shipped'] } };
const INPUTS = {
  task_ids: true,
  progress_map: ['draft = Doing', 'open = In review', 'changes_requested = Rework', 'approved = Ready', 'merged = Shipped', 'closed = Backlog'],
};
const HALF_A_DAY = 12 * 3600 * 1000;

/* What people do, and where the cards of Login, Search and Export are after the run that follows. */
const STORY = [
  ['the board fills', (at) => {
    at.page.login = at.addPage({ Name: 'Login', Status: 'Backlog' });
    at.page.export = at.addPage({ Name: 'Export', Status: 'Backlog' });
    at.addIssue({ title: 'Search' });
  }, 'Backlog Backlog Backlog'],
  ['plans are made by hand', (at) => at.drag('Login', 'Doing'), 'Doing Backlog Backlog'],
  ['Login: a branch, as a draft', (at) => at.open('Login draft', { head: 'login', fixes: 'Login', draft: true }), 'Doing Backlog Backlog'],
  ['Login: ready; Search is planned by hand', (at) => {
    at.ready('Login draft');
    at.drag('Search', 'Ready');
  }, 'In review Ready Backlog'],
  ['Login: bob asks for changes', (at) => at.review('Login draft', 'CHANGES_REQUESTED'), 'Rework Ready Backlog'],
  ['Login: alice drags it back, and pushes', (at) => {
    at.drag('Login', 'Doing');
    at.github.pushHead(at.repo, at.pull('Login draft'), undefined, { by: 'alice' });
  }, 'Doing Ready Backlog'],
  ['Login: approved', (at) => at.review('Login draft', 'APPROVED'), 'Ready Ready Backlog'],
  ['Login: a second part, as a draft', (at) => at.open('Login part two', { head: 'login-2', fixes: 'Login', draft: true }), 'Ready Ready Backlog'],
  ['Login: the first part is merged, and GitHub closes the issue', (at) => at.merge('Login draft'), 'Done Ready Backlog'],
  ['Login: reopened for the second part', (at) => at.reopen('Login'), 'Doing Ready Backlog'],
  ['a weekend', () => {}, 'Doing Ready Backlog'],
  ['Export: a branch that is named for the task, and no more', (at) => at.open('Export', { head: `task-${at.task()}-export` }), 'Doing Ready In review'],
  ['Login: ready, but bob drags it meanwhile', (at) => {
    at.ready('Login part two');
    at.drag('Login', 'Backlog');
  }, 'Backlog Ready In review'],
  ['Login: approved; Search: a pull request', (at) => {
    at.review('Login part two', 'APPROVED');
    at.open('Search', { head: 'search', fixes: 'Search' });
  }, 'Ready In review In review'],
  ['Login: merged; Search: approved; Export: given up', (at) => {
    at.merge('Login part two');
    at.review('Search', 'APPROVED');
    at.github.close(at.repo, at.pull('Export'));
    // It is what Search goes back to later.
    at.matters = true;
  }, 'Shipped Ready Backlog'],
  ['Search: merged; Export: taken up again', (at) => {
    at.merge('Search');
    at.github.reopen(at.repo, at.pull('Export'));
  }, 'Shipped Shipped In review'],
  ['Export: merged, and GitHub knows of no issue to close', (at) => at.merge('Export'), 'Shipped Shipped Shipped'],
  ['Search: reverted, and open again', (at) => {
    at.open('Revert "Search"', { head: 'revert', body: `Reverts acme/app#${at.pull('Search')}` });
    at.merge('Revert "Search"');
    at.reopen('Search');
  }, 'Shipped Ready Shipped'],
  ['Search: tried again', (at) => at.open('Search again', { head: 'search-2', fixes: 'Search', draft: true }), 'Shipped Doing Shipped'],
  ['Search: ready', (at) => at.ready('Search again'), 'Shipped In review Shipped'],
  ['Search: merged at last', (at) => at.merge('Search again'), 'Shipped Shipped Shipped'],
  ['quiet', () => {}, 'Shipped Shipped Shipped'],
];

async function team(t) {
  const at = await story(t, { properties: { Status: STATUS, ID: { unique_id: { prefix: 'TASK' } } }, repo: { collaborators: ['alice', 'bob'] } });
  const issue = (title, isPull) => [...at.github.repo(at.repo).issues.values()].find((it) => it.title === title && it.isPull === isPull)?.number;
  const row = (Name) => at.found().find(({ values }) => values.Name === Name);
  return Object.assign(at, {
    page: {},
    task: () => at.notion.pages.get(at.page.export).number,
    number: (title) => issue(title, false),
    pull: (title) => issue(title, true),
    drag: (Name, Status) => {
      at.matters = true;
      at.notion.editPage(row(Name).id, { Status });
    },
    open: (title, { fixes, body, ...fields }) => at.addPull({ title, by: 'alice', body: fixes ? `Fixes #${at.number(fixes)}` : body, ...fields }),
    ready: (title) => at.github.draft(at.repo, at.pull(title), false),
    review: (title, state) => at.github.review(at.repo, at.pull(title), state, { by: 'bob' }),
    merge: (title) => at.github.merge(at.repo, at.pull(title), { by: 'alice' }),
    reopen: (title) => at.github.reopen(at.repo, at.number(title), { by: 'bob' }),
    statuses: () => ['Login', 'Search', 'Export'].map((name) => row(name).values.Status).join(' '),
  });
}

// The nth write of a run, those to the state included.
function nthWrite(n, phase) {
  let seen = 0;
  return { phase, match: (request) => !isRead(request) && (seen += 1) === n };
}

/* Plays the story; `kills(index)` says where the run of a step is killed, and `recovers` whether another run follows
 * before people continue. A failure has the step's name. */
async function play(at, { kills = () => undefined, recovers = true } = {}) {
  let killed = 0;
  for (const [index, [name, act, expected]] of STORY.entries()) {
    at.later(HALF_A_DAY);
    at.matters = false;
    act(at);
    at.later();
    // If a run dies that should have seen a card dragged, the next one finds both in one look: then the person wins,
    // and rightly so.
    const killAt = recovers || !at.matters ? kills(index) : undefined;
    const run = await at.sync(INPUTS, killAt ? { killAt, allow: ['leftovers'] } : {});
    const died = run.signal !== null;
    killed += died;
    if (!died) assert.equal(run.code, 0, `${name}\n${run.stdout}\n${run.stderr}`);
    if (died && !recovers) continue;
    if (died) {
      at.later(11 * 60000);
      await at.pass(INPUTS);
    }
    assert.equal(at.statuses(), expected, name);
  }
  assert.deepEqual(['Login', 'Search', 'Export'].map((title) => at.issue(at.number(title)).state), ['closed', 'closed', 'closed']);
  assert.equal(at.comments(at.number('Export')).filter((body) => /^Closed: pull request #\d+, which belongs to it, was merged/.test(body)).length, 1);
  assert.ok(['Login', 'Search'].every((title) => at.comments(at.number(title)).length === 1), 'nothing is said of what GitHub did by itself');
  await at.settle(INPUTS);
  return killed;
}

test('two weeks of a team', async (t) => {
  await play(await team(t));
});

/* Every write of every run, in one story after the other; CRASH_SAMPLE=1: all of them, else a few. */
const all = process.env.CRASH_SAMPLE === '1';
const PLACES = all ? Array.from({ length: 24 }, (_, i) => i + 1) : [2, 5];

for (const phase of ['before', 'after']) {
  for (const n of PLACES) {
    test(`… with each run killed ${phase} its write ${n}`, async (t) => {
      const killed = await play(await team(t), { kills: () => nthWrite(n, phase) });
      if (n < 6) assert.ok(killed > 8, `${killed} runs were killed`);
    });
    for (const odd of all ? [0, 1] : [n % 2]) {
      test(`… with every other run (${odd}) killed ${phase} its write ${n}, and people going on`, async (t) => {
        await play(await team(t), { kills: (index) => (index % 2 === odd && index < STORY.length - 2 ? nthWrite(n, phase) : undefined), recovers: false });
      });
    }
  }
}
