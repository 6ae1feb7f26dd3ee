import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calm, edited, ended, finish, kindOf } from './faults-scene.mjs';
import { isRead, isState, story } from './sync-story.mjs';

const SECOND = 1000;
// By the clock of a busy machine only that nothing is waited out can be said: `make bench` judges more.
const expectSoon = (took, limit) => assert.ok(took < (process.env.NOTION_SYNC_JUDGE_TIME ? limit : 100 * SECOND), `${took} ms`);

// A pass that gets signals when a request of this kind has come in; reported with how long it then took.
async function interrupted(at, when, { signals = ['SIGTERM'], phase = 'before', inputs = {}, ...options } = {}) {
  let child;
  let since = null;
  const off = at.sandbox.on((event) => {
    if (since !== null || event.phase !== phase || !when(event.request)) return;
    since = performance.now();
    for (const signal of signals) child.kill(signal);
  });
  const result = await at.sync(inputs, { started: (it) => { child = it; }, ...options });
  off();
  assert.notEqual(since, null, `no such request\n${result.stdout}${result.stderr}`);
  return { result, took: performance.now() - since };
}

const first = (kind) => (request) => kindOf(request) === kind;

const lockOf = (at) => at.github.readRefFile(at.repo, at.stateRef, 'lock.json');

// Outputs, summary and report are there, and the lock is not, or says that nobody holds it.
function accounted(at, result) {
  for (const name of ['issues_created', 'pages_updated', 'remaining', 'failures', 'changed']) assert.ok(result.outputs[name] !== undefined, name);
  assert.ok(result.report);
  assert.ok(result.summary.length > 50);
  assert.ok(!lockOf(at) || lockOf(at).released === true, 'the lock is given back');
}

const MOMENTS = [
  'github POST /graphql', 'notion GET /data_sources/{}', 'notion POST /data_sources/{}/query', 'github POST /git/trees',
  'github PATCH /git/refs/{}', 'notion GET /pages/{}', 'notion POST /pages', 'notion PATCH /pages/{}', 'github POST /issues',
  'github POST /issues/{}/comments', 'github PATCH /issues/{}', 'github PUT /pulls/{}/merge',
];

for (const [signal, code] of [['SIGTERM', 143], ['SIGINT', 130]]) {
  for (const kind of MOMENTS.filter((_, i) => signal === 'SIGTERM' || i % 4 === 2)) {
    test(`${signal} while ${kind} is under way: what was done is saved, the next pass does the rest`, async (t) => {
      const at = await edited(t);
      const { result, took } = await interrupted(at, first(kind), { signals: [signal] });
      assert.equal(result.code, code, result.stdout + result.stderr);
      expectSoon(took, 5 * SECOND);
      assert.match(result.stderr, /^Stopping: what was done is saved first, which takes a few seconds\.$/m);
    accounted(at, result);
      await finish(at);
      assert.deepEqual(ended(at), await calm(t));
    });
  }
}

// Between the two the page says no more than that it was edited: only the run knows that it did not come to the content.
for (const minute of ['the same minute', 'a later minute']) {
  test(`SIGTERM between a page's properties and its content, in ${minute} as a person's edit: nothing is quoted`, async (t) => {
    const at = await story(t);
    at.addIssue({ title: 'One', body: 'What is wrong.' });
    await at.pass();
    at.later();
    at.github.editIssue(at.repo, 1, { body: 'What is wrong.\n\nWhat was tried.' });
    at.notion.editPage(at.page(1), { Status: 'Done' });
    at.later(minute === 'the same minute' ? 2 * SECOND : 120 * SECOND);
    const { result } = await interrupted(at, first('notion PATCH /pages/{}'), { phase: 'after' });
    assert.equal(result.code, 143);
    assert.equal(at.row(1)['GitHub State'], 'Closed');
    await finish(at);
    assert.equal(at.found()[0].body, 'What is wrong.\n\nWhat was tried.');
    assert.deepEqual(at.comments(1).filter((body) => /conflict/.test(body)), []);
    await at.settle();
  });
}

test('SIGTERM between a new title and the merge that follows, in the minute of the edit: nothing is quoted', async (t) => {
  const at = await story(t);
  at.inputs.pull_requests = 'all';
  at.addPull({ title: 'One', head: 'topic', body: 'What is wrong.' });
  await at.pass();
  at.later();
  at.github.editIssue(at.repo, 1, { body: 'What is wrong.\n\nWhat was tried.' });
  at.notion.editPage(at.page(1), { Status: 'Done', Name: 'Two' });
  at.later(2 * SECOND);
  const { result } = await interrupted(at, first('github PATCH /issues/{}'), { phase: 'after' });
  assert.equal(result.code, 143);
  await finish(at);
  assert.equal(at.found()[0].body, 'What is wrong.\n\nWhat was tried.');
  assert.deepEqual([at.row(1).Name, at.row(1)['GitHub State'], at.issue(1).title], ['Two', 'Merged', 'Two']);
  assert.deepEqual(at.comments(1).filter((body) => /conflict/.test(body)), []);
  await at.settle();
});

test('after the signal nothing new is begun', async (t) => {
  const at = await story(t);
  for (let n = 1; n <= 40; n += 1) {
    at.addIssue({ title: `Issue ${n}` });
    at.addPage({ Name: `Page ${n}` });
  }
  let told = 0;
  const { result } = await interrupted(at, (request) => {
    if (at.issues().length < 50 || request.path !== '/repos/acme/app/issues') return false;
    told = request.n;
    return true;
  });
  const after = result.requests.filter((request) => request.n > told && !isRead(request) && !isState(request));
  assert.ok(after.length <= 6, `${after.length} writes after the signal`);
  assert.equal(Number(result.outputs.issues_created), at.issues().length - 40);
  assert.ok(Number(result.outputs.remaining) > 20);
  const saved = at.stateFiles().filter((name) => name.startsWith('records/')).length;
  assert.ok(saved >= at.issues().filter((issue) => issue.comments.length > 0).length - 1, `${saved} records`);
  await finish(at);
  assert.deepEqual([at.rows().length, at.issues().length], [80, 80]);
});

for (const [signal, code, kind] of [['SIGTERM', 143, 'github POST /graphql'], ['SIGINT', 130, 'notion POST /pages'], ['SIGTERM', 143, 'github POST /issues']]) {
  test(`${signal} while ${kind} hangs: the pass ends within seconds`, async (t) => {
    const at = await edited(t);
    at.sandbox.fault({ match: first(kind), kind: 'hang-after', advance: 0 });
    const { result, took } = await interrupted(at, first(kind), { signals: [signal] });
    assert.equal(result.code, code);
    expectSoon(took, 5 * SECOND);
    accounted(at, result);
    await finish(at);
    assert.deepEqual(ended(at), await calm(t));
  });
}

test('after a signal GitHub does not answer any more: the pass ends within seconds anyway, and says what was not saved', async (t) => {
  const at = await edited(t);
  let told = false;
  at.sandbox.fault({ match: (request) => told && isState(request), kind: 'hang-before', advance: 0 });
  const { result, took } = await interrupted(at, (request) => {
    told ||= first('github POST /issues')(request);
    return told;
  });
  assert.equal(result.code, 143);
  expectSoon(took, 7 * SECOND);
  assert.match(result.stdout, /^::error::saving the state: .*nothing is lost: the next run finds out what was done/m);
  assert.equal(result.outputs.failures, '1');
  assert.ok(result.report && result.summary.length > 50);
  at.later(11 * 60 * SECOND);
  await finish(at);
  assert.deepEqual(ended(at), await calm(t));
});

for (const phase of ['before', 'after']) {
  test(`a signal ${phase} a page is made, while queries lag: the next pass, at once, makes no second one`, async (t) => {
    const at = await story(t);
    at.notion.settings.queryLag = 50 * SECOND;
    at.addIssue({ title: 'One' });
    at.addIssue({ title: 'Two' });
    await interrupted(at, first('notion POST /pages'), { phase });
    for (let n = 0; n < 3; n += 1) {
      at.later(5 * SECOND);
      await at.pass({ mode: n === 1 ? 'full' : 'auto' });
    }
    assert.equal(lockOf(at), undefined);
    assert.deepEqual(at.rows().map((row) => row['GitHub ID']).sort(), [1, 2]);
    at.later();
    await at.pass();
    await at.settle();
  });
}

test('a second signal ends the program at once', async (t) => {
  const at = await edited(t);
  // Nobody can know what a run wrote to a page that a person edited in the same minute.
  at.later(120 * SECOND);
  at.sandbox.fault({ match: first('notion POST /pages'), kind: 'hang-before', advance: 0 });
  const { result, took } = await interrupted(at, first('notion POST /pages'), { signals: ['SIGINT', 'SIGTERM'] });
  assert.equal(result.code, 143);
  expectSoon(took, 1 * SECOND);
  assert.equal(result.summary, '');
  at.later(2 * SECOND);
  await finish(at);
  assert.deepEqual(ended(at), await calm(t));
});

// With the machine's own clock: the wait is a real one.
const REAL = { env: { NOTION_SYNC_CLOCK: null }, allow: ['manners'] };

test('a signal during a rate-limit wait while reading ends the pass at once', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  at.sandbox.fault({ service: 'notion', kind: 'status', status: 429, headers: { 'retry-after': '300' } });
  const { result, took } = await interrupted(at, ({ service }) => service === 'notion', { ...REAL, phase: 'after' });
  assert.equal(result.code, 143);
  expectSoon(took, 2 * SECOND);
  assert.ok(result.outputs.remaining !== undefined);
});

test('a signal during a rate-limit wait between writes: the state is saved', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  at.sandbox.fault({ match: first('notion POST /pages'), kind: 'status', status: 429, headers: { 'retry-after': '300' } });
  const { result, took } = await interrupted(at, first('notion POST /pages'), { ...REAL, phase: 'after' });
  assert.equal(result.code, 143);
  expectSoon(took, 5 * SECOND);
  accounted(at, result);
  at.github.violations.length = 0;
  at.later();
  await at.pass();
  assert.equal(at.row(1).Name, 'One');
  await at.settle();
});
