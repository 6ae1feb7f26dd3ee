// What strangers on the network can do to the receiver, and what it says about itself.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import test from 'node:test';

import { HOSTILE, pageEvent, pageId, scene, SECRET, sign, TOKEN, until } from './webhook-receiver.mjs';

// A plain connection; text of what came back, and whether it ended.
function connect(t, receiver) {
  const state = { text: '', ended: false };
  const socket = net.connect(receiver.port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('data', (chunk) => { state.text += chunk; });
  socket.on('error', () => {});
  socket.on('close', () => { state.ended = true; });
  state.socket = socket;
  state.connected = new Promise((resolve) => { socket.once('connect', resolve); });
  return state;
}

test('bodies: 1 MiB and no more, announced or not', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  const event = JSON.stringify(pageEvent(pageId(1), { padding: '' }));
  const padded = (size) => event.replace('"padding":""', `"padding":"${'x'.repeat(size - event.length)}"`);
  const most = 1024 * 1024;
  assert.equal(await receiver.deliver(padded(most)), 200);
  assert.equal(await receiver.deliver(padded(most + 1)), 413);
  const chunked = { 'transfer-encoding': 'chunked' };
  assert.equal((await receiver.request({ body: padded(most + 1), headers: { ...chunked, 'x-notion-signature': sign(padded(most + 1)) } })).status, 413);
  assert.equal((await receiver.request({ body: event, headers: { ...chunked, 'x-notion-signature': sign(event) } })).status, 200);
  assert.equal((await receiver.metrics())['requests_rejected_total{cause=too_large}'], 2);
  await at.stop(receiver);
});

test('headers that are too large or no HTTP at all are refused', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  for (const text of [`POST /notion HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(100000)}\r\n\r\n`, `POST /${'x'.repeat(100000)} HTTP/1.1\r\nHost: x\r\n\r\n`, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n', 'POST /notion HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', 'POST /notion HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n']) {
    const client = connect(t, receiver);
    client.socket.write(text);
    await until('it is refused', () => client.ended || /^HTTP\/1.[01] 4\d\d /.test(client.text));
    assert.doesNotMatch(client.text, /^HTTP\/1.[01] 2/);
    client.socket.destroy();
  }
  assert.equal(await receiver.deliver(pageEvent(pageId(1))), 200);
  await at.stop(receiver);
});

test('slow clients are cut off: silent, dripping headers, dripping a body, idle', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  const silent = connect(t, receiver);
  const headers = connect(t, receiver);
  headers.socket.write('POST /notion HTTP/1.1\r\nHost: x\r\nX-A');
  const body = connect(t, receiver);
  body.socket.write('POST /notion HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"id"');
  const idle = connect(t, receiver);
  idle.socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  await until('the idle one was answered', () => idle.text.includes('200 OK'));
  await until('all are connected', async () => (await receiver.metrics()).connections >= 4);
  for (let i = 0; i < 2; i += 1) {
    at.advance(7);
    headers.socket.write('a');
    body.socket.write(' ');
    assert.equal(await receiver.deliver(pageEvent(pageId(i))), 200, 'others are served meanwhile');
    assert.ok([silent, headers, body, idle].every(({ ended }) => !ended));
  }
  at.advance(2);
  await until('all are cut off', () => [silent, headers, body, idle].every(({ ended }) => ended));
  assert.equal((await receiver.metrics())['requests_rejected_total{cause=slow}'], 3, 'the idle one did nothing wrong');
  await at.stop(receiver);
});

test('no more connections than allowed: a new one takes the place of an idle one, never of a busy one', async (t) => {
  const at = await scene(t);
  const receiver = await at.start({ env: { CONNECTIONS: '5' } });
  const busy = Array.from({ length: 3 }, () => connect(t, receiver));
  for (const { socket } of busy) socket.write('POST /notion HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{');
  const idle = [];
  for (let i = 0; i < 2; i += 1) {
    idle.push(connect(t, receiver));
    idle[i].socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await until('it is answered', () => idle[i].text.includes('200 OK'));
  }
  await until('all are connected', async () => (await receiver.metrics()).connections === 5);
  await until('one more is let in', async () => (await receiver.get('/healthz')).status === 200);
  await until('the one that was idle longest is gone', () => idle[0].ended);
  assert.ok(busy.every(({ ended }) => !ended) && !idle[1].ended);
  for (const { socket } of busy) socket.write('}');
  await until('the busy ones are answered', () => busy.every(({ text }) => text.includes(' 401 ')));
  await at.stop(receiver);
});

test('if all connections are busy, one more is turned away, and those that are there continue', async (t) => {
  const at = await scene(t);
  const receiver = await at.start({ env: { CONNECTIONS: '3' } });
  const busy = Array.from({ length: 3 }, () => connect(t, receiver));
  for (const { socket } of busy) socket.write('POST /notion HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{');
  await until('all are connected', async () => (await receiver.metrics()).connections === 3);
  // Until the last one's headers were read it counts as idle.
  await until('one more is turned away', async () => (await receiver.get('/healthz')).status === 0);
  for (const { socket } of busy.filter(({ ended }) => !ended)) socket.write('}');
  await until('they are answered', () => busy.filter(({ text }) => text.includes(' 401 ')).length >= 2);
  await until('there is room again', async () => (await receiver.get('/healthz')).status === 200);
  assert.ok((await receiver.metrics())['requests_rejected_total{cause=crowd}'] > 0);
  await at.stop(receiver);
});

test('600 idle connections of one peer keep nobody out, not even itself; a trusted proxy may have more', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  const idle = Array.from({ length: 600 }, () => connect(t, receiver));
  await Promise.all(idle.map(({ connected }) => connected));
  await until('a quarter stays', async () => (await receiver.metrics()).connections === 128);
  await until('itself is let in', async () => (await receiver.get('/healthz')).status === 200);
  assert.equal((await receiver.get('/healthz', { localAddress: '127.0.0.2' })).status, 200);
  assert.equal(await receiver.deliver(pageEvent(pageId(1)), { localAddress: '127.0.0.3' }), 200);
  await at.stop(receiver);
  const behind = await at.start({ env: { TRUSTED_PROXIES: '127.0.0.1' } });
  const kept = Array.from({ length: 600 }, () => connect(t, behind));
  await Promise.all(kept.map(({ connected }) => connected));
  await until('as many as there may be', async () => (await behind.metrics()).connections === 512);
  await until('another is let in', async () => (await behind.deliver(pageEvent(pageId(2)))) === 200);
  await at.stop(behind);
});

test('hostile bodies, unsigned or signed by a thief: under 256 MiB, and /healthz answers meanwhile', async (t) => {
  const at = await scene(t);
  const receiver = await at.start({ env: { TRUSTED_PROXIES: '127.0.0.1' } });
  // 14 MiB of signed bodies a round: less than half of what the receiver holds at a time.
  const send = (body) => [{}, { 'x-notion-signature': sign(`${body} `) }, { 'x-notion-signature': sign(body) }].map((headers) => receiver.request({ body, headers }));
  for (let round = 0; round < 3; round += 1) {
    const answers = HOSTILE.flatMap(send);
    for (let i = 0; i < 5; i += 1) assert.equal((await receiver.get('/healthz')).status, 200);
    assert.deepEqual((await Promise.all(answers)).map(({ status }) => status), HOSTILE.flatMap(() => [401, 401, 400]));
  }
  const peak = Number(/VmHWM:\s*(\d+)/.exec(fs.readFileSync(`/proc/${receiver.child.pid}/status`, 'utf8'))[1]) / 1024;
  if (!/asan|valgrind/.test(process.env.NOTION_SYNC_VARIANT ?? '')) assert.ok(peak < 128, `${peak} MiB`);
  await at.stop(receiver);
});

test('bodies that come in at the same time take 32 MiB and no more: another one is asked to come back', async (t) => {
  const at = await scene(t);
  const receiver = await at.start({ env: { TRUSTED_PROXIES: '127.0.0.1' } });
  const clients = Array.from({ length: 32 }, () => connect(t, receiver));
  const most = 'x'.repeat(1024 * 1024 - 1);
  for (const { socket } of clients) socket.write(`POST /notion HTTP/1.1\r\nHost: x\r\nX-Notion-Signature: ${sign(most)}\r\nContent-Length: ${1024 * 1024}\r\n\r\n${most}`);
  await until('they are there', async () => (await receiver.metrics()).body_bytes === 32 * most.length);
  assert.equal(await receiver.deliver(pageEvent(pageId(1))), 503);
  assert.equal((await receiver.request({ body: '{}' })).status, 401);
  for (const { socket } of clients) socket.write('x');
  await until('they are answered', () => clients.every(({ text }) => / 401 /.test(text)));
  await until('there is room again', async () => (await receiver.deliver(pageEvent(pageId(2)))) === 200);
  await at.stop(receiver);
});

test('a body without end is cut off', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  const client = connect(t, receiver);
  client.socket.write('POST /notion HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
  const chunk = `10000\r\n${'x'.repeat(65536)}\r\n`;
  let sent = 0;
  await until('it is cut off', async () => {
    if (!client.ended) await new Promise((resolve) => { client.socket.write(chunk, resolve); });
    sent += 1;
    return client.ended;
  });
  assert.ok(sent < 1000, `${sent} chunks of 64 KiB`);
  assert.equal(await receiver.deliver(pageEvent(pageId(1))), 200);
  await at.stop(receiver);
});

test('requests that two servers could read in two ways are refused', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  for (const head of ['GET /healthz HTTP/1.1', 'POST /notion HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked', 'POST /notion HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3']) {
    const client = connect(t, receiver);
    client.socket.write(`${head}\r\n\r\n0\r\n\r\n`);
    await until(`${head} is refused`, () => client.ended);
    assert.doesNotMatch(client.text, /^HTTP\/1.[01] 2/, head);
  }
  await at.stop(receiver);
});

test('an address that sends rubbish is limited, genuine events are not, other addresses neither', async (t) => {
  const at = await scene(t);
  const receiver = await at.start({ env: { RATE: '5' } });
  for (let i = 0; i < 100; i += 1) assert.equal(await receiver.deliver(pageEvent(pageId(i))), 200);
  const statuses = [];
  for (let i = 0; i < 30; i += 1) statuses.push((await receiver.request({ body: '{}' })).status);
  assert.deepEqual([statuses.filter((status) => status === 401).length, statuses.filter((status) => status === 429).length], [20, 10]);
  assert.equal(await receiver.deliver(pageEvent(pageId(1))), 429);
  const other = await receiver.request({ body: '{}', localAddress: '127.0.0.2' });
  assert.equal(other.status, 401);
  at.advance(1);
  assert.equal(await receiver.deliver(pageEvent(pageId(1))), 200);
  const limited = await receiver.metrics();
  assert.equal(limited['requests_rejected_total{cause=rate}'], 11);
  await at.stop(receiver);
});

test('behind a proxy that is trusted, the address is the one that it names', async (t) => {
  const at = await scene(t);
  const receiver = await at.start({ env: { RATE: '1', TRUSTED_PROXIES: '10.0.0.0/8 127.0.0.1' } });
  const from = async (address) => (await receiver.request({ body: '{}', headers: { 'x-forwarded-for': address } })).status;
  for (let i = 0; i < 4; i += 1) assert.equal(await from('192.0.2.1'), 401);
  assert.equal(await from('192.0.2.1'), 429);
  assert.equal(await from('198.51.100.9, 192.0.2.1, 10.1.2.3'), 429, 'what the client itself wrote is not believed');
  assert.equal(await from('192.0.2.2'), 401);
  assert.equal(await from('2001:db8::1'), 401);
  const stranger = async (address) => (await receiver.request({ body: '{}', headers: { 'x-forwarded-for': address }, localAddress: '127.0.0.2' })).status;
  for (let i = 0; i < 4; i += 1) assert.equal(await stranger(`203.0.113.${i}`), 401);
  assert.equal(await stranger('203.0.113.9'), 429, 'who is no proxy is not believed');
  await at.stop(receiver);
});

test('a client’s allowance is for all paths; several lines of X-Forwarded-For count as one', async (t) => {
  const at = await scene(t);
  const receiver = await at.start({ env: { RATE: '1', TRUSTED_PROXIES: '127.0.0.1' } });
  const from = async (lines, path = '/nowhere') => (await receiver.get(path, { headers: { 'x-forwarded-for': lines } })).status;
  for (const path of ['/nowhere', '/healthz', '/readyz', '/notion']) assert.notEqual(await from('192.0.2.1', path), 429);
  for (const path of ['/nowhere', '/healthz', '/readyz', '/notion']) assert.equal(await from('192.0.2.1', path), 429, path);
  assert.equal(await from(['203.0.113.5', '192.0.2.1']), 429, 'the last line is the proxy’s');
  assert.equal(await from(['192.0.2.1', '203.0.113.5']), 404);
  assert.equal(await from(['192.0.2.1, 203.0.113.6', '127.0.0.1']), 404);
  for (let i = 0; i < 4; i += 1) assert.equal(await from(`2001:db8:1:${i}::1`), 404);
  assert.equal(await from('2001:db8:1:ff:1::1'), 429, 'a subscriber has 56 bits');
  assert.equal(await from('2001:db8:1:100::1'), 404);
  for (let i = 0; i < 20; i += 1) assert.equal((await receiver.get('/healthz')).status, 200, 'the proxy itself is not metered');
  await at.stop(receiver);
});

test('addresses: what is there, and what is not', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  const status = async (method, path) => (await receiver.request({ method, path })).status;
  assert.equal(await status('GET', '/healthz'), 200);
  assert.equal(await status('HEAD', '/healthz'), 200);
  const ready = await receiver.get('/readyz');
  assert.deepEqual([ready.status, ready.text], [200, 'ready\n']);
  assert.equal(await status('GET', '/%0a%c3%80%ff'), 404);
  assert.equal(await status('POST', '/notion/'), 404);
  assert.equal(await status('GET', '/metrics'), 404);
  const other = await receiver.get('/notion');
  assert.deepEqual([other.status, other.headers.allow, other.headers.connection], [405, 'POST', 'close']);
  assert.equal(await status('PUT', '/notion'), 405);
  assert.equal(await status('POST', '/healthz'), 405);
  const rejected = await until('six in the log', () => receiver.entries('rejected').length === 6 && receiver.entries('rejected'));
  assert.deepEqual(rejected.map((entry) => [entry.status, entry.path]), [[404, '/????'], [404, '/notion/'], [404, '/metrics'], [405, '/notion'], [405, '/notion'], [405, '/healthz']]);
  await at.stop(receiver);
});

test('an unknown path is answered at the headers, and closed', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  const client = connect(t, receiver);
  client.socket.write('POST /elsewhere HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n');
  await until('it is closed', () => client.ended);
  assert.match(client.text, /^HTTP\/1.1 404 /);
  await at.stop(receiver);
});

test('METRICS_LISTEN: metrics and the details of readiness, on an address of their own', async (t) => {
  const at = await scene(t);
  const receiver = await at.start({ env: { NOTION_WEBHOOK_SECRET: null } });
  const { status, text } = await receiver.status('/readyz');
  assert.equal(status, 200);
  assert.deepEqual(JSON.parse(text), { ready: true, spool: true, secret: false, stopping: false, waiting: 0 });
  assert.equal((await receiver.status('/metrics')).status, 200);
  for (const path of ['/notion', '/healthz', '/']) assert.equal((await receiver.status(path)).status, 404);
  assert.equal((await receiver.request({ port: receiver.metricsPort, path: '/metrics' })).status, 405);
  const taken = await at.start({ env: { METRICS_LISTEN: `127.0.0.1:${receiver.port}`, SPOOL: `${at.folder}/other.db` } });
  assert.equal(taken.ended.code, 2);
  assert.match(taken.entries('cannot start')[0].problem, /^METRICS_LISTEN: 127\.0\.0\.1:\d+ cannot be listened on/);
  await at.stop(receiver, []);
  const off = await at.start({ env: { METRICS_LISTEN: '' } });
  assert.equal(off.metricsPort, 0);
  assert.equal((await off.get('/healthz')).status, 200);
  await at.stop(off);
  // The default: whoever has it meanwhile, the receiver starts.
  const first = await at.start({ env: { METRICS_LISTEN: null } });
  const second = await at.start({ env: { METRICS_LISTEN: null, SPOOL: `${at.folder}/second.db` } });
  const said = [...first.entries('metrics'), ...first.entries('no metrics'), ...second.entries('no metrics')];
  assert.deepEqual(said.map(({ address }) => address), ['127.0.0.1:9090', '127.0.0.1:9090']);
  for (const one of [first, second]) {
    assert.equal(await one.deliver(pageEvent(pageId(3))), 200);
    await at.stop(one);
  }
});

test('the spool is its owner’s alone', async (t) => {
  const at = await scene(t);
  const modes = () => Object.fromEntries(fs.readdirSync(at.folder).map((name) => [name, (fs.statSync(`${at.folder}/${name}`).mode & 0o777).toString(8)]));
  fs.writeFileSync(`${at.folder}/old.db`, '', { mode: 0o644 });
  const receiver = await at.start({ shell: 'umask 0' });
  assert.equal(await receiver.deliver(pageEvent(pageId(1))), 200);
  assert.deepEqual(modes(), { 'spool.db': '600', 'spool.db-shm': '600', 'spool.db-wal': '600', 'old.db': '644' });
  await at.stop(receiver);
  const older = await at.start({ env: { SPOOL: `${at.folder}/old.db` } });
  assert.equal(await older.deliver(pageEvent(pageId(2))), 200);
  assert.deepEqual([modes()['old.db'], modes()['old.db-wal']], ['600', '600'], 'one of an earlier version becomes so');
  await at.stop(older);
});

test('metrics are in Prometheus’s format and add up', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  for (let i = 0; i < 3; i += 1) await receiver.deliver(pageEvent(pageId(i)));
  await receiver.request({ body: '{}' });
  await until('the queue was looked at', async () => (await receiver.metrics()).queue_depth === 3);
  at.advance(3);
  await until('the age was looked at', async () => (await receiver.metrics()).queue_oldest_age_seconds === 3);
  const { headers, text } = await receiver.status('/metrics');
  assert.match(headers['content-type'], /^text\/plain; version=0\.0\.4/);
  for (const line of text.split('\n').slice(0, -1)) assert.match(line, /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"\})? [0-9.e+-]+)$/);
  const described = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  for (const [, name] of text.matchAll(/^([a-z_]+)[ {]/gm)) assert.ok(described.has(name) || described.has(name.replace(/_(bucket|sum|count)$/, '')), name);
  const metrics = await receiver.metrics();
  assert.equal(metrics['request_seconds_bucket{le=+Inf}'], 4);
  assert.equal(metrics.request_seconds_count, 4);
  at.advance(2);
  await at.dispatched();
  await until('it is counted', async () => (await receiver.metrics())['dispatches_total{result=done}'] === 1);
  assert.equal((await receiver.metrics()).pages_dispatched_total, 3);
  await at.stop(receiver);
});

test('hostile text comes out as one line of JSON, secrets not at all', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  at.sandbox.fault({ service: 'github', kind: 'status', status: 401, body: { message: `Bad credentials ${TOKEN}\n{"level":"error"} \u001b[31m` } });
  await receiver.deliver(pageEvent(pageId(1), { type: 'page.created', id: 'a"b\\c::error::x' }));
  await receiver.request({ body: `{"secret":"${SECRET}"}`, headers: { 'x-notion-signature': SECRET } });
  at.advance(5);
  await until('the failure is told', () => receiver.entries('dispatch failed').length === 1);
  assert.match((await receiver.told('dispatch failed')).problem, /401: Bad credentials \*\*\* /);
  await at.stop(receiver);
});
