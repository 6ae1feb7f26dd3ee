// What was answered with 200 is dispatched, whatever happens to the receiver, its disk and GitHub.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import test from 'node:test';

import { pageEvent, pageId, scene, until } from './webhook-receiver.mjs';

const DISPATCHES = '/repos/acme/app/dispatches';
const agent = (t, sockets = 16) => {
  const made = new http.Agent({ keepAlive: true, maxSockets: sockets });
  t.after(() => made.destroy());
  return made;
};

test('killed right after it accepted: the event is dispatched after the restart', async (t) => {
  const at = await scene(t);
  for (let i = 1; i <= 5; i += 1) {
    const receiver = await at.start();
    assert.equal(await receiver.deliver(pageEvent(pageId(i))), 200);
    await receiver.kill();
    at.check(receiver);
  }
  const receiver = await at.start();
  await at.flow();
  assert.deepEqual(at.pages(), [1, 2, 3, 4, 5].map(pageId));
  await at.stop(receiver);
});

test('killed in the middle of a burst: everything that was answered with 200 is dispatched', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  const accepted = [];
  // Few connections: of hundreds at once, a slow machine refuses some.
  const keep = agent(t, 8);
  const all = Array.from({ length: 300 }, (_, i) => receiver.deliver(pageEvent(pageId(i)), { agent: keep }).then((status) => {
    if (status === 200) accepted.push(pageId(i));
    if (accepted.length === 100) receiver.kill();
  }));
  await Promise.all(all);
  assert.ok(accepted.length >= 100);
  const again = await at.start();
  await at.flow();
  const pages = new Set(at.pages());
  assert.deepEqual(accepted.filter((page) => !pages.has(page)), []);
  await at.stop(again);
});

for (const phase of ['before', 'after']) {
  test(`killed ${phase} GitHub took the dispatch: it is sent again`, async (t) => {
    const at = await scene(t);
    const receiver = await at.start();
    let dead = false;
    at.sandbox.on(async (event) => {
      if (dead || event.phase !== phase) return undefined;
      dead = true;
      await receiver.kill();
      return 'drop';
    });
    await receiver.deliver(pageEvent(pageId(1)));
    at.advance(5);
    await until('it was killed', () => receiver.ended);
    const again = await at.start();
    await at.flow(phase === 'after' ? 2 : 1);
    assert.deepEqual([...new Set(at.pages())], [pageId(1)]);
    await at.stop(again);
  });
}

test('a burst of 1,000 events becomes one dispatch', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  const keep = agent(t);
  const statuses = await Promise.all(Array.from({ length: 1000 }, (_, i) => receiver.deliver(pageEvent(pageId(i % 250)), { agent: keep })));
  assert.ok(statuses.every((status) => status === 200));
  assert.equal((await receiver.metrics()).events_accepted_total, 1000);
  at.advance(5);
  await at.dispatched();
  at.advance(60);
  await at.stop(receiver);
  assert.equal(at.dispatches().length, 1);
  assert.equal(new Set(at.pages()).size, 250);
});

test('more pages than a dispatch can carry go out in several, each once', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  const blocks = (from) => Array.from({ length: 900 }, (_, i) => ({ id: pageId(from + i), type: 'page' }));
  for (const from of [0, 900, 1800]) {
    await receiver.deliver(pageEvent(null, { type: 'data_source.content_updated', data: { parent: { data_source_id: pageId(0) }, updated_blocks: blocks(from) } }));
  }
  await at.flow(3);
  assert.deepEqual(at.dispatches().map(({ payload }) => payload.pages.length), [1000, 1000, 700]);
  assert.equal(new Set(at.pages()).size, 2700);
  await at.stop(receiver);
});

test('GitHub down for hours: retried less and less often, nothing lost, nothing grows', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  const answers = [{ kind: 'status', status: 500 }, { kind: 'status', status: 502 }, { kind: 'html' }, { kind: 'cut-before' }, { kind: 'hang-before' }, { kind: 'status', status: 503, headers: { 'retry-after': '30' } }];
  for (const answer of answers) at.sandbox.fault({ service: 'github', path: DISPATCHES, ...answer });
  at.sandbox.fault({ service: 'github', path: DISPATCHES, kind: 'status', status: 500, times: 1e6 });
  for (let i = 0; i < 50; i += 1) assert.equal(await receiver.deliver(pageEvent(pageId(i % 10))), 200);
  const began = at.sandbox.clock.now();
  while (at.sandbox.clock.now() - began < 6 * 3600000) {
    const before = at.sandbox.requestCount;
    const failures = receiver.entries('dispatch failed').length;
    at.advance(400);
    await until('it tried again', () => at.sandbox.requestCount > before && receiver.entries('dispatch failed').length > failures);
    assert.equal(await receiver.deliver(pageEvent(pageId(3))), 200);
  }
  const tries = at.sandbox.requestCount;
  at.advance(290);
  for (let i = 0; i < 30; i += 1) assert.equal(await receiver.deliver(pageEvent(pageId(i % 10))), 200);
  assert.equal(at.sandbox.requestCount, tries, 'by now it waits for five minutes between two tries');
  const metrics = await receiver.metrics();
  assert.equal(metrics.queue_depth, 10, 'one row a page, however many events came');
  assert.ok(metrics.queue_oldest_age_seconds >= 6 * 3600);
  assert.equal(metrics['dispatches_total{result=done}'], 0);
  at.sandbox.clearFaults();
  at.advance(400);
  await at.dispatched();
  assert.equal(new Set(at.pages()).size, 10);
  await at.stop(receiver);
});

test('a rate limit is obeyed, for all repositories of the token', async (t) => {
  const at = await scene(t, { repositories: ['acme/app', 'acme/web'] });
  const receiver = await at.start({ env: { ROUTES: `${pageId(1)} = acme/app\n${pageId(2)} = acme/web`, GITHUB_REPOSITORY: null } });
  for (const headers of [{ 'retry-after': '600' }, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(at.sandbox.clock.now() / 1000) + 1800) }]) {
    at.sandbox.fault({ service: 'github', kind: 'status', status: 403, headers, body: { message: 'You have exceeded a secondary rate limit' } });
  }
  await receiver.deliver(pageEvent(pageId(7), { source: pageId(1) }));
  await receiver.deliver(pageEvent(pageId(8), { source: pageId(2) }));
  at.advance(6);
  await until('the first refusal', () => receiver.entries('dispatch failed').length === 1);
  at.advance(590);
  await receiver.deliver(pageEvent(pageId(9), { source: pageId(2) }));
  assert.equal(at.sandbox.requestCount, 1, 'neither repository may be told before the time');
  at.advance(11);
  await until('the second refusal', () => receiver.entries('dispatch failed').length === 2);
  at.advance(1100);
  await receiver.deliver(pageEvent(pageId(10), { source: pageId(2) }));
  assert.equal(at.sandbox.requestCount, 2);
  at.advance(400);
  await at.flow(1, 'acme/app');
  await at.flow(1, 'acme/web');
  assert.deepEqual(at.pages('acme/web'), [8, 9, 10].map(pageId));
  await at.stop(receiver);
});

test('a repository that cannot be reached does not hold up the others, and gets its events later', async (t) => {
  const at = await scene(t, { repositories: ['acme/web'] });
  const receiver = await at.start({ env: { ROUTES: `${pageId(1)} = acme/app\n${pageId(2)} = acme/web`, GITHUB_REPOSITORY: null } });
  await receiver.deliver(pageEvent(pageId(7), { source: pageId(1) }));
  await receiver.deliver(pageEvent(pageId(8), { source: pageId(2) }));
  await at.flow(1, 'acme/web');
  const [{ problem, repository }] = await until('the refusal is told', () => receiver.entries('dispatch failed').length > 0 && receiver.entries('dispatch failed'));
  assert.equal(repository, 'acme/app');
  assert.match(problem, /404.*is the name right/);
  at.sandbox.github.addRepo({ owner: 'acme', name: 'app', private: true });
  at.advance(400);
  await at.flow(1, 'acme/app');
  assert.deepEqual(at.pages('acme/app'), [pageId(7)]);
  await at.stop(receiver);
});

test('a poisoned page is found and set aside; all others arrive', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  const poison = [pageId(13), pageId(77)];
  at.sandbox.fault({ service: 'github', path: DISPATCHES, kind: 'status', status: 422, times: 1e6, match: ({ body }) => body.client_payload.pages.some((page) => poison.includes(page)) });
  const keep = agent(t);
  for (let i = 0; i < 100; i += 1) assert.equal(await receiver.deliver(pageEvent(pageId(i)), { agent: keep }), 200);
  await at.passing('the queue is empty', async () => (await receiver.metrics()).queue_depth === 0);
  assert.deepEqual(at.pages().sort(), Array.from({ length: 100 }, (_, i) => pageId(i)).filter((page) => !poison.includes(page)).sort());
  assert.equal((await receiver.metrics()).hints_dropped_total, 2);
  await until('both are told', () => receiver.entries('page set aside').length === 2);
  await at.stop(receiver);
});

// The lock by which one of several processes writes to an SQLite file in WAL mode: a byte of the file -shm
// (sqlite.org/walformat.html, 2.3), held by a program until its input ends.
function lockSpool(folder) {
  const script = 'use Fcntl; open(my $f, "+<", $ARGV[0]) or die; my $lock = pack("ssx4qqix4", F_WRLCK, 0, 120, 1, 0); fcntl($f, F_SETLK, $lock) or die; $| = 1; print "held\\n"; <STDIN>;';
  const child = spawn('perl', ['-e', script, path.join(folder, 'spool.db-shm')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => { child.on('close', resolve); });
  return new Promise((resolve) => {
    child.stdout.once('data', () => resolve(async () => { child.stdin.end(); await ended; }));
  });
}

test('a spool that another process holds: 503, and 200 when it lets go', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  assert.equal(await receiver.deliver(pageEvent(pageId(1))), 200);
  const release = await lockSpool(at.folder);
  const event = pageEvent(pageId(2));
  assert.equal(await receiver.deliver(event), 503);
  assert.equal((await receiver.get('/readyz')).status, 503);
  assert.equal((await receiver.get('/healthz')).status, 200);
  assert.match((await receiver.told('spool failed')).problem, /another process holds the file/);
  await release();
  await until('it works again', async () => (await receiver.get('/readyz')).status === 200);
  assert.equal(await receiver.deliver({ ...event, attempt_number: 2 }), 200);
  await at.flow(1);
  await at.passing('all is dispatched', () => at.pages().length === 2);
  assert.ok((await receiver.metrics())['requests_rejected_total{cause=spool}'] >= 1);
  await at.stop(receiver);
});

test('a full disk: 503, never a lost 200', async (t) => {
  const at = await scene(t);
  at.sandbox.fault({ service: 'github', path: DISPATCHES, kind: 'status', status: 500, times: 1e6 });
  const receiver = await at.start({ shell: 'ulimit -f 3000' });
  const keep = agent(t);
  const statuses = new Map();
  for (let i = 0; i < 1500 && ![...statuses.values()].includes(503); i += 1) statuses.set(pageId(i), await receiver.deliver(pageEvent(pageId(i)), { agent: keep }));
  const accepted = [...statuses].filter(([, status]) => status === 200).map(([page]) => page);
  assert.ok(accepted.length > 10 && accepted.length < 1500, `${accepted.length} were accepted`);
  assert.equal([...statuses.values()].at(-1), 503);
  assert.match((await receiver.told('spool failed')).problem, /is the disk full/);
  await receiver.kill();
  at.sandbox.clearFaults();
  const again = await at.start();
  await at.passing('all is dispatched', async () => at.dispatches().length > 0 && (await again.metrics()).queue_depth === 0);
  const pages = new Set(at.pages());
  assert.deepEqual(accepted.filter((page) => !pages.has(page)), []);
  await at.stop(again);
});

test('SIGTERM: what is under way is answered and stored, then it ends', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  at.sandbox.fault({ service: 'github', path: DISPATCHES, kind: 'status', status: 500, times: 1e6 });
  const keep = agent(t, 50);
  const accepted = [];
  const all = Array.from({ length: 200 }, (_, i) => receiver.deliver(pageEvent(pageId(i)), { agent: keep }).then((status) => {
    assert.ok([200, 503, 0].includes(status));
    if (status === 200 && accepted.push(pageId(i)) === 50) receiver.child.kill('SIGTERM');
  }));
  await Promise.all(all);
  const ended = await receiver.done;
  at.check(receiver);
  assert.deepEqual(ended, { code: 0, signal: null });
  assert.ok((await receiver.told('stopped')).waiting >= 50);
  at.sandbox.clearFaults();
  const again = await at.start();
  await at.flow();
  const pages = new Set(at.pages());
  assert.deepEqual(accepted.filter((page) => !pages.has(page)), []);
  await at.stop(again);
});

// A client that never finishes its request.
async function unfinished(t, receiver) {
  const socket = net.connect(receiver.port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  socket.write('POST /notion HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{');
  await until('it is connected', async () => (await receiver.metrics()).connections >= 1);
}

test('SIGTERM: a client that does not finish holds it up no longer than its time', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  assert.equal(await receiver.deliver(pageEvent(pageId(1))), 200);
  await unfinished(t, receiver);
  receiver.child.kill('SIGTERM');
  await until('it is stopping', () => receiver.entries('stopping').length === 1);
  await until('it does not listen any more', async () => (await receiver.get('/healthz')).status === 0);
  at.advance(16);
  assert.deepEqual(await receiver.done, { code: 0, signal: null });
  at.check(receiver);
});

test('a second signal ends it at once; what was accepted is dispatched by the next', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  assert.equal(await receiver.deliver(pageEvent(pageId(1))), 200);
  await unfinished(t, receiver);
  receiver.child.kill('SIGTERM');
  await until('it is stopping', () => receiver.entries('stopping').length === 1);
  await until('it ended', () => { receiver.child.kill('SIGTERM'); return receiver.ended; });
  assert.equal(receiver.ended.signal, 'SIGTERM');
  const again = await at.start();
  await at.flow();
  assert.deepEqual(at.pages(), [pageId(1)]);
  await at.stop(again);
});

test('hints of a repository that was taken out of the settings do not stay for ever', async (t) => {
  const at = await scene(t, { repositories: ['acme/app', 'acme/web'] });
  const receiver = await at.start();
  await receiver.deliver(pageEvent(pageId(1)));
  await at.stop(receiver);
  const other = await at.start({ env: { GITHUB_REPOSITORY: 'acme/web' } });
  assert.equal((await other.told('hints dropped')).hints, 1);
  assert.equal((await other.metrics()).queue_depth, 0);
  await at.stop(other);
});
