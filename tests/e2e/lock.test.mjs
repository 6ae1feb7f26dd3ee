import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calm, edited, ended, finish, kindOf } from './faults-scene.mjs';
import { changes, isRead, isState, MINUTE, story } from './sync-story.mjs';

const lockOf = (at) => at.github.readRefFile(at.repo, at.stateRef, 'lock.json');
const iso = (ms) => new Date(ms).toISOString();
const putLock = (at, { run = '77', attempt = 1, age = 0 } = {}) => at.github.writeRefFiles(at.repo, at.stateRef,
  { 'lock.json': { version: 1, run, attempt, host: 'elsewhere', time: iso(at.sandbox.clock.now() - age) } });
const gaveWay = (result) => result.code === 0 && result.outputs.changed === 'false' && /::notice::.*another run/.test(result.stdout);
const writes = (result) => result.requests.filter((request) => !isRead(request));
const together = { allow: ['manners'] };

for (const count of [2, 3]) {
  test(`${count} passes at once over edits: nothing is done twice, and the others say that they left it`, async (t) => {
    const at = await edited(t);
    const results = await Promise.all(Array.from({ length: count }, (_, i) => at.sync({}, { runId: 500 + i, ...together })));
    assert.deepEqual(results.map((result) => result.code), results.map(() => 0));
    const busy = results.filter((result) => result.outputs.changed === 'true');
    assert.equal(busy.length, 1, results.map((result) => result.stdout).join('\n'));
    at.github.violations.length = 0;
    await finish(at);
    assert.deepEqual(ended(at), await calm(t));
  });

  test(`${count} first passes at once: nothing is made twice`, async (t) => {
    const at = await story(t);
    for (let n = 1; n <= 5; n += 1) {
      at.addIssue({ title: `Issue ${n}` });
      at.addPage({ Name: `Page ${n}` });
    }
    const results = await Promise.all(Array.from({ length: count }, (_, i) => at.sync({}, { runId: 500 + i, ...together })));
    assert.deepEqual(results.map((result) => result.code), results.map(() => 0));
    at.github.violations.length = 0;
    await finish(at);
    assert.deepEqual([at.rows().length, at.issues().length], [10, 10]);
    for (const issue of at.issues()) assert.equal(at.comments(issue.number).length, 1);
  });
}

// The second pass does all its work at the moment when the first sends its nth request.
for (const kind of ['notion POST /data_sources/{}/query', 'github POST /git/trees', 'github POST /git/commits', 'github PATCH /git/refs/{}', 'github POST /issues', 'github PUT /pulls/{}/merge']) {
  test(`another pass runs while the first is about to send ${kind}`, async (t) => {
    const at = await edited(t);
    let other;
    const off = at.sandbox.on(async ({ phase, request }) => {
      if (phase !== 'before' || kindOf(request) !== kind || other) return;
      off();
      other = at.sync({}, { runId: 900, ...together });
      await other;
    });
    const first = await at.sync({}, { runId: 800, ...together });
    const second = await other;
    assert.deepEqual([first.code, second.code], [0, 0], `${first.stdout}${first.stderr}\n${second.stdout}${second.stderr}`);
    at.github.violations.length = 0;
    await finish(at);
    assert.deepEqual(ended(at), await calm(t));
  });
}

test('a lock that is held: the pass waits a little, then gives up', async (t) => {
  const at = await edited(t);
  const before = ended(at);
  putLock(at, { age: 9 * MINUTE });
  const from = at.sandbox.clock.now();
  const result = await at.pass();
  assert.ok(gaveWay(result), result.stdout);
  assert.ok(at.sandbox.clock.now() - from < 30000);
  assert.deepEqual(writes(result), []);
  assert.deepEqual({ ...ended(at), state: before.state }, before);
});

test('a lock that is given back while the pass waits is taken', async (t) => {
  const at = await edited(t);
  putLock(at);
  let reads = 0;
  at.sandbox.on(({ phase, request }) => {
    if (phase === 'before' && kindOf(request) === 'github POST /graphql' && (reads += 1) === 2) {
      at.github.writeRefFiles(at.repo, at.stateRef, { 'lock.json': null });
    }
  });
  const result = await at.pass();
  assert.equal(result.outputs.changed, 'true');
  await finish(at);
  assert.deepEqual(ended(at), await calm(t));
});

const DEAD = {
  'a lock not renewed for eleven minutes': { lock: { age: 11 * MINUTE } },
  'a lock of an earlier attempt of the same run': { lock: { run: '4711', attempt: 1 }, options: { runId: 4711, runAttempt: 2 } },
};

for (const [name, { lock, options }] of Object.entries(DEAD)) {
  test(`${name} is taken over`, async (t) => {
    const at = await edited(t);
    putLock(at, lock);
    const result = await at.pass({}, options);
    assert.match(result.stdout, /::notice::taking over/);
    assert.equal(lockOf(at), undefined);
    await finish(at);
    assert.deepEqual(ended(at), await calm(t));
  });
}

test('a lock of the same attempt of the same run, or of a later one, is held', async (t) => {
  const at = await edited(t);
  for (const attempt of [2, 3]) {
    putLock(at, { run: '4711', attempt });
    assert.ok(gaveWay(await at.pass({}, { runId: 4711, runAttempt: 2 })));
  }
});

test('a damaged lock.json is taken over', async (t) => {
  const at = await edited(t);
  at.github.writeRefFiles(at.repo, at.stateRef, { 'lock.json': 'rubbish' });
  await at.pass();
  assert.equal(lockOf(at), undefined);
  await finish(at);
  assert.deepEqual(ended(at), await calm(t));
});

test('a long pass renews its lock and saves the records done so far', async (t) => {
  const at = await story(t);
  for (let n = 1; n <= 300; n += 1) at.addPage({ Name: `Page ${n}` });
  const renewed = [];
  let records = 0;
  at.sandbox.on(({ phase, request }) => {
    if (phase !== 'after' || !/git\/refs/.test(request.path) || request.method === 'GET') return;
    const lock = lockOf(at);
    const saved = at.stateFiles().filter((name) => name.startsWith('records/')).length;
    assert.ok(saved >= records);
    records = saved;
    renewed.push(lock ? Date.parse(lock.time) : null);
  });
  const from = at.sandbox.clock.now();
  const result = await at.pass({ link_comments: 'none' });
  const minutes = (at.sandbox.clock.now() - from) / MINUTE;
  assert.ok(minutes > 5, `${minutes} minutes`);
  assert.equal(result.outputs.issues_created, '300');
  assert.equal(renewed.pop(), null, 'given back at the end');
  assert.ok(renewed.length >= Math.floor(minutes / 3), `${renewed.length} renewals in ${minutes} minutes`);
  for (let i = 1; i < renewed.length; i += 1) {
    const gap = (renewed[i] - renewed[i - 1]) / MINUTE;
    assert.ok(gap >= 1.9 && gap <= 3.1, `${gap} minutes between two renewals`);
  }
  assert.equal(records, 300);
});

test('however slowly the lock is taken and renewed, nothing is written once another pass may take it over', async (t) => {
  for (const skip of [0, 1]) {
    const at = await story(t);
    for (let n = 1; n <= 120; n += 1) at.addPage({ Name: `Page ${n}` });
    const isSave = (request) => kindOf(request) === 'github POST /git/commits';
    at.sandbox.fault({ match: isSave, kind: 'hang-after', times: 4, skip });
    let oldest = 0;
    at.sandbox.on(({ phase, request }) => {
      if (phase !== 'before' || isRead(request) || isState(request)) return;
      oldest = Math.max(oldest, at.sandbox.clock.now() - Date.parse(lockOf(at).time));
    });
    const result = await at.sync({ link_comments: 'none' }, { allow: ['faults'] });
    assert.ok([0, 1, 2].includes(result.code));
    assert.ok(oldest < 10 * MINUTE, `a write under a lock ${oldest / MINUTE} minutes old`);
    at.sandbox.clearFaults();
    at.later(11 * MINUTE);
    await at.pass({ link_comments: 'none' });
    assert.deepEqual([at.rows().length, at.issues().length], [120, 120]);
    await at.settle({ link_comments: 'none' });
  }
});

test('a pass whose lock was stolen stops writing', async (t) => {
  const at = await story(t);
  for (let n = 1; n <= 300; n += 1) at.addPage({ Name: `Page ${n}` });
  let stolen = 0;
  const off = at.sandbox.on(({ phase, request }) => {
    if (phase !== 'before' || kindOf(request) !== 'github POST /issues' || at.issues().length < 40) return;
    off();
    stolen = at.sandbox.clock.now();
    putLock(at, { run: '999' });
  });
  const result = await at.sync({ link_comments: 'none' });
  assert.equal(result.code, 1);
  assert.match(result.stdout, /taken over the lock/);
  const last = result.requests.filter((request) => !isRead(request)).at(-1);
  assert.ok(last.time - stolen < 3 * MINUTE, 'it notices when it renews the lock');
  assert.equal(lockOf(at).run, '999');
  assert.ok(Number(result.outputs.remaining) > 0);
  at.later(11 * MINUTE);
  await at.pass({ link_comments: 'none' });
  assert.deepEqual([at.rows().length, at.issues().length], [300, 300]);
  await at.settle({ link_comments: 'none' });
});

test('the lock is not taken if nothing is to be written', async (t) => {
  const at = await edited(t);
  // A look at the content that was written may find something to write.
  const inputs = { sync_body: 'none' };
  await at.pass(inputs);
  at.later();
  const result = await at.pass(inputs);
  assert.deepEqual(changes(at, result), []);
  assert.ok(writes(result).every(isState));
  assert.ok(writes(result).every(({ body }) => !JSON.stringify(body).includes('lock.json')));
});

test('a lock of a time that is yet to come keeps nobody out', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  await at.pass();
  at.later();
  putLock(at, { age: -365 * 24 * 60 * MINUTE });
  at.addIssue({ title: 'Two' });
  await at.pass();
  assert.equal(at.rows().length, 2);
  await at.settle();
});
