// What strangers on the network can do to the receiver, and what it tells of itself.

import assert from 'node:assert/strict';
import net from 'node:net';
import test from 'node:test';

import { pageEvent, pageId, scene, SECRET, sign, TOKEN, until } from './webhook-receiver.mjs';

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

test('no more connections than allowed; those that are there go on', async (t) => {
  const at = await scene(t);
  const receiver = await at.start({ env: { CONNECTIONS: '5' } });
  const clients = Array.from({ length: 5 }, () => connect(t, receiver));
  for (const { socket } of clients) socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  await until('all are answered', () => clients.every(({ text }) => text.includes('200 OK')));
  const more = connect(t, receiver);
  await more.connected;
  more.socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  clients[0].socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  await until('the old one is answered', () => clients[0].text.match(/200 OK/g).length === 2);
  assert.equal(more.text, '');
  for (const { socket } of clients) socket.destroy();
  await until('there is room again', async () => (await receiver.get('/healthz')).status === 200);
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

test('behind a proxy that is trusted, the address is the one it tells', async (t) => {
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

test('addresses: what is there, and what is not', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  const status = async (method, path) => (await receiver.request({ method, path })).status;
  assert.equal(await status('GET', '/healthz'), 200);
  assert.equal(await status('HEAD', '/healthz'), 200);
  assert.equal(await status('GET', '/readyz'), 200);
  assert.equal(await status('GET', '/%0a%c3%80%ff'), 404);
  assert.equal(await status('POST', '/notion/'), 404);
  assert.equal(await status('GET', '/notion'), 405);
  assert.equal(await status('PUT', '/notion'), 405);
  assert.equal(await status('POST', '/metrics'), 405);
  const rejected = await until('five in the log', () => receiver.entries('rejected').length === 5 && receiver.entries('rejected'));
  assert.deepEqual(rejected.map((entry) => [entry.status, entry.path]), [[404, '/????'], [404, '/notion/'], [405, '/notion'], [405, '/notion'], [405, '/metrics']]);
  await at.stop(receiver);
});

test('metrics are in Prometheus’s format and add up', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  for (let i = 0; i < 3; i += 1) await receiver.deliver(pageEvent(pageId(i)));
  await receiver.request({ body: '{}' });
  await until('the queue was looked at', async () => (await receiver.metrics()).queue_depth === 3);
  at.advance(3);
  await until('the age was looked at', async () => (await receiver.metrics()).queue_oldest_age_seconds === 3);
  const { headers, text } = await receiver.get('/metrics');
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
