import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calm, edited, ended, finish, kindOf } from './faults-scene.mjs';
import { changes, MINUTE, story } from './sync-story.mjs';

const actorOf = (at) => at.github.tokens.get(at.inputs.github_token);

// The hour's budget is used up, and comes back after `minutes`.
function spend(at, resource, minutes) {
  const window = at.github.meter.primary(actorOf(at), resource);
  Object.assign(window, { used: window.limit, reset: Math.floor(at.sandbox.clock.now() / 1000) * 1000 + minutes * MINUTE, told: null });
}

// As soon as a request of this kind comes in, something happens to the service.
function once(at, kind, act) {
  const off = at.sandbox.on(({ phase, request }) => {
    if (phase !== 'before' || kindOf(request) !== kind) return;
    off();
    act();
  });
}

const elapsed = async (at, run) => {
  const from = at.sandbox.clock.now();
  const result = await run();
  return { result, minutes: (at.sandbox.clock.now() - from) / MINUTE };
};

for (const status of [403, 429]) {
  test(`a used-up budget of REST requests (${status}) costs the wait until it comes back`, async (t) => {
    const at = await edited(t);
    at.github.limits.restStatus = status;
    once(at, 'github PATCH /issues/{}', () => spend(at, 'core', 5));
    const { minutes } = await elapsed(at, () => at.pass());
    // New rows ripen first: two minutes.
    assert.ok(minutes >= 5 && minutes < 8, `${minutes} minutes`);
    await finish(at);
    assert.deepEqual(ended(at), await calm(t));
  });
}

test('a used-up budget of GraphQL points (200, RATE_LIMITED) costs the wait until it comes back', async (t) => {
  const at = await edited(t);
  spend(at, 'graphql', 12);
  const { minutes } = await elapsed(at, () => at.pass());
  assert.ok(minutes >= 12 && minutes < 14, `${minutes} minutes`);
  await finish(at);
  assert.deepEqual(ended(at), await calm(t));
});

for (const status of [200, 403]) {
  test(`a secondary limit in the middle (GraphQL answers ${status}) costs a wait`, async (t) => {
    const at = await edited(t);
    at.github.quirks.graphqlSecondaryStatus = status;
    at.github.limits.retryAfter = null;
    once(at, 'notion GET /data_sources/{}', () => at.github.meter.block(actorOf(at)));
    const { minutes } = await elapsed(at, () => at.pass());
    assert.ok(minutes >= 1 && minutes < 5, `${minutes} minutes`);
    await finish(at);
    assert.deepEqual(ended(at), await calm(t));
  });
}

test('a budget that comes back only after max_runtime: nothing is begun, the run is green and says until when', async (t) => {
  const at = await edited(t);
  const before = ended(at);
  spend(at, 'graphql', 45);
  const { result, minutes } = await elapsed(at, () => at.pass());
  assert.ok(minutes < 1);
  assert.match(result.stdout, /::notice::.*GitHub.*asks to wait until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/);
  assert.deepEqual([result.outputs.remaining, result.outputs.failures], ['1', '0']);
  assert.deepEqual(ended(at), before);
});

test('Notion asks to wait for longer than max_runtime in the middle: the rest remains, the next passes do it', async (t) => {
  const at = await edited(t);
  at.sandbox.fault({ match: (request) => kindOf(request) === 'notion POST /pages', kind: 'status', status: 429, headers: { 'retry-after': '3600' } });
  const { result, minutes } = await elapsed(at, () => at.pass());
  assert.ok(minutes < 3, `${minutes} minutes`);
  assert.ok(Number(result.outputs.remaining) > 0);
  assert.equal(result.outputs.failures, '0');
  assert.doesNotMatch(at.stateFiles().join(), /lock/);
  at.later(60 * MINUTE);
  await finish(at);
  assert.deepEqual(ended(at), await calm(t));
});

test('Notion asks to wait when a page is to be written that was edited a moment ago: no conflict is made of that', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One', labels: ['old'] });
  await at.pass();
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Two' });
  at.notion.editPage(at.page(1), { Labels: ['old', 'new'] });
  at.later(2000);
  at.sandbox.fault({ match: (request) => kindOf(request) === 'notion PATCH /pages/{}', kind: 'status', status: 429, headers: { 'retry-after': '3600' } });
  assert.equal((await at.pass()).outputs.remaining, '1');
  assert.deepEqual([[...at.issue(1).labels].sort(), at.row(1).Name], [['new', 'old'], 'One']);
  assert.equal(at.record(1).intents, undefined);
  at.sandbox.clearFaults();
  at.later(60 * MINUTE);
  const next = await at.pass();
  assert.deepEqual([at.row(1).Name, next.outputs.conflicts], ['Two', '0']);
  at.later();
  await at.settle();
});

test('the REST budget is used up in the middle for longer than max_runtime: nothing is lost or done twice', async (t) => {
  const at = await edited(t);
  once(at, 'github PATCH /issues/{}', () => spend(at, 'core', 45));
  const { result, minutes } = await elapsed(at, () => at.sync());
  assert.ok(minutes < 3, `${minutes} minutes`);
  assert.equal(result.code, 0);
  assert.ok(Number(result.outputs.remaining) > 0);
  assert.equal(result.outputs.failures, '0');
  assert.match(result.stdout, /::notice::.*nothing is lost/);
  at.later(60 * MINUTE);
  await finish(at);
  assert.deepEqual(ended(at), await calm(t));
});

test('a connection that Notion blocks is reported at once', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  at.sandbox.fault({
    service: 'notion', kind: 'status', status: 429, times: Infinity, additional: { rate_limit_reason: 'public_api_request_blocked' },
  });
  const { result, minutes } = await elapsed(at, () => at.pass({}, { code: 2 }));
  assert.ok(minutes < 1);
  assert.match(result.stdout, /::error::.*Notion blocks/);
});

test('a service that is down ends the pass soon, whatever is left to do', async (t) => {
  const at = await story(t);
  for (let n = 1; n <= 30; n += 1) at.addIssue({ title: `Issue ${n}` });
  at.sandbox.fault({ match: (request) => kindOf(request) === 'notion POST /pages', kind: 'status', status: 500, times: Infinity });
  const result = await at.pass({ max_runtime: 300 }, { code: 2 });
  const tries = result.requests.filter((request) => kindOf(request) === 'notion POST /pages').length;
  assert.ok(tries <= 30, `${tries} tries`);
  assert.ok(Number(result.outputs.remaining) > 0);
  at.sandbox.clearFaults();
  at.later();
  await at.pass();
  assert.equal(at.rows().length, 30);
  await at.settle();
});

test('max_runtime: what is not begun in time remains, is saved, and is done by the next passes', async (t) => {
  const at = await story(t);
  for (let n = 1; n <= 150; n += 1) {
    at.addIssue({ title: `Issue ${n}` });
    at.addPage({ Name: `Page ${n}` });
  }
  const inputs = { max_runtime: 1, link_comments: 'none' };
  let made = 0;
  for (let n = 1, left = 1; left > 0; n += 1) {
    assert.ok(n < 20, 'it gets done');
    const { result, minutes } = await elapsed(at, () => at.pass(inputs));
    assert.ok(minutes < 2, `${minutes} minutes`);
    left = Number(result.outputs.remaining);
    made += changes(at, result).filter(([verb]) => verb.startsWith('create')).length;
    assert.equal(at.stateFiles().filter((name) => name.startsWith('records/')).length, at.rows().filter((row) => row['GitHub ID'] !== null).length);
    assert.doesNotMatch(at.stateFiles().join(), /lock/);
    at.later(2 * MINUTE);
  }
  assert.equal(made, 300);
  assert.deepEqual([at.rows().length, at.issues().length], [300, 300]);
  await at.settle(inputs);
});

test('max_runtime: the next pass starts where this one stopped, without comparing everything again', async (t) => {
  const at = await story(t);
  for (let n = 1; n <= 150; n += 1) at.addIssue({ title: `Issue ${n}` });
  const inputs = { max_runtime: 1, link_comments: 'none' };
  const numbers = () => at.rows().map((row) => row['GitHub ID']).sort((a, b) => a - b);
  for (let n = 1, left = 1; left > 0; n += 1) {
    const before = numbers().length;
    const result = await at.pass(inputs);
    left = Number(result.outputs.remaining);
    assert.equal(result.report.full, n === 1);
    assert.ok(numbers().length > before, 'it gets on');
    const { again } = at.github.readRefFile(at.repo, at.stateRef, 'cursor.json');
    assert.equal(again.length, left);
    assert.deepEqual([...numbers(), ...again].sort((a, b) => a - b), Array.from({ length: 150 }, (_, i) => i + 1));
    at.later(2 * MINUTE);
  }
  await at.settle(inputs);
});

test('records that fail each time, more than a run has time for, keep no other waiting for good', async (t) => {
  const at = await story(t);
  const FAILING = 150;
  const inputs = { max_runtime: 1, link_comments: 'none', create_issues: 'none' };
  for (let n = 1; n <= FAILING + 1; n += 1) {
    at.addIssue({ title: `Issue ${n}` });
    at.addPage({ Name: `Issue ${n}`, 'GitHub ID': n });
  }
  for (let left = 1; left > 0; at.later(2 * MINUTE)) left = Number((await at.pass(inputs)).outputs.remaining);
  const paths = new Set(at.rows().map((row) => (row['GitHub ID'] <= FAILING ? `/v1/pages/${at.page(row['GitHub ID'])}` : null)));
  for (let n = 1; n <= FAILING + 1; n += 1) at.github.editIssue(at.repo, n, { title: `New title ${n}` });
  const refused = ({ method, path }) => method === 'PATCH' && paths.has(path);
  at.sandbox.fault({ match: (request) => refused(request) && (at.sandbox.clock.advance(1000), true), kind: 'status', status: 400, times: Infinity });
  let passes = 0;
  while (at.row(FAILING + 1).Name !== `New title ${FAILING + 1}`) {
    passes += 1;
    assert.ok(passes < 10, 'its turn comes');
    at.later(2 * MINUTE);
    await at.sync(inputs);
  }
  assert.ok(passes > 1, 'one run is too short');
  at.sandbox.clearFaults();
  for (let n = 1, left = 1; left > 0; n += 1) {
    assert.ok(n < 10, 'it gets done');
    at.later(2 * MINUTE);
    left = Number((await at.pass(inputs)).outputs.remaining);
  }
  assert.ok(at.rows().every((row) => row.Name === `New title ${row['GitHub ID']}`));
  await at.settle(inputs);
});

// Everything that GitHub may count, in any hour that ends with one of them.
function busiestHour(requests) {
  const made = requests.filter(({ service, method, path }) => service === 'github'
    && (method === 'POST' ? !path.includes('graphql') : method === 'PUT')).map(({ time }) => time);
  return Math.max(0, ...made.map((end) => made.filter((time) => time <= end && time > end - 60 * MINUTE).length));
}

test('a first pass over 300 rows keeps to what GitHub takes in an hour: green, and the next runs continue', async (t) => {
  const at = await story(t);
  at.github.limits.gitIsContent = true;
  for (let n = 1; n <= 300; n += 1) at.addPage({ Name: `Page ${n}` });
  const requests = [];
  const comments = () => at.issues().reduce((sum, issue) => sum + issue.comments.length, 0);
  for (let n = 1; comments() < 300; n += 1) {
    assert.ok(n < 40, `it gets done: ${comments()}`);
    const result = await at.pass({ max_runtime: 300 });
    requests.push(...result.requests);
    assert.equal(result.outputs.failures, '0');
    if (result.outputs.remaining !== '0') assert.match(result.stdout, /::notice::.*500.*first run after \d{4}-\d\d-\d\dT\d\d:\d\dZ/);
    at.later(5 * MINUTE);
  }
  assert.equal(at.issues().length, 300);
  assert.equal(at.github.stats.refused, 0);
  assert.ok(busiestHour(requests) < 500, `${busiestHour(requests)} in an hour`);
});

test('what notifies people is sent every three seconds once there were thirty', async (t) => {
  const at = await story(t);
  for (let n = 1; n <= 45; n += 1) at.addPage({ Name: `Page ${n}` });
  const result = await at.pass({ link_comments: 'none' });
  const times = result.requests.filter((request) => kindOf(request) === 'github POST /issues').map(({ time }) => time);
  const gaps = times.slice(1).map((time, i) => time - times[i]);
  assert.equal(times.length, 45);
  assert.ok(gaps.slice(30).every((gap) => gap >= 3000), gaps.join());
  assert.ok(gaps.slice(0, 20).some((gap) => gap < 3000), gaps.join());
});

test('a second answer that asks to slow down ends the run in order', async (t) => {
  const at = await story(t);
  for (let n = 1; n <= 20; n += 1) at.addPage({ Name: `Page ${n}` });
  for (let n = 0; n < 2; n += 1) {
    at.sandbox.fault({
      match: (request) => kindOf(request) === 'github POST /issues', kind: 'status', status: 403, skip: 4 + n,
      headers: { 'retry-after': '60' }, body: { message: 'You have exceeded a secondary rate limit.' },
    });
  }
  const result = await at.pass();
  assert.ok(Number(result.outputs.remaining) > 0);
  assert.equal(result.outputs.failures, '0');
  assert.match(result.stdout, /::notice::.*asks to wait until/);
  assert.doesNotMatch(at.stateFiles().join(), /lock/);
  const after = result.requests.slice(result.requests.findLastIndex((request) => request.status === 403) + 1);
  assert.ok(!after.some((request) => kindOf(request) === 'github POST /issues'), 'nothing more is created');
  at.later(5 * MINUTE);
  await at.pass();
  assert.equal(at.issues().length, 20);
  await at.settle();
});

test('filters that find no property by its id name it instead, for the whole pass', async (t) => {
  const at = await story(t);
  at.notion.settings.encodedFilterIds = false;
  at.addIssue({ title: 'One' });
  at.addPage({ Name: 'Two' });
  const first = await at.pass();
  const refused = ({ requests }) => requests.filter(({ path, status }) => path.endsWith('/query') && status === 400).length;
  assert.deepEqual([at.rows().length, at.issues().length], [2, 2]);
  at.later();
  at.addIssue({ title: 'Three' });
  const second = await at.pass();
  assert.ok(refused(first) <= 1 && refused(second) <= 1, `${refused(first)}, ${refused(second)}`);
  assert.ok(refused(first) + refused(second) > 0, 'a filter was refused');
  assert.equal(at.rows().length, 3);
});
