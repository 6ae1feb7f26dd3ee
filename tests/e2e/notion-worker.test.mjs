// The Notion Worker of deploy/notion-worker, run in process as its SDK allows; GitHub is a small server.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { test as anyTest } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from 'esbuild';

import { pageEvent, pageId, SECRET, sign, SOURCE } from './webhook-receiver.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BOT = 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb';
const TOKEN = ['github', 'pat', '0123456789abcdef'].join('_');
const KEY = 'notionChange';
// Notion's SDK asks for Node 22 and runs from 20 on.
const test = Number(process.versions.node.split('.')[0]) < 20 ? anyTest.skip : anyTest;
const SETTINGS = ['WEBHOOK_SECRET', 'ACTION_SECRET', 'BOT_ID', 'GITHUB_TOKEN', 'GITHUB_REPOSITORY', 'GITHUB_API_URL'];

async function load(t) {
  const folder = fs.mkdtempSync(path.join(ROOT, 'tests', 'node_modules', '.notion-worker-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const outfile = path.join(folder, 'worker.mjs');
  await build({ entryPoints: [path.join(ROOT, 'deploy/notion-worker/src/index.ts')], outfile, bundle: true, format: 'esm', platform: 'node', packages: 'external', logLevel: 'silent' });
  return (await import(pathToFileURL(outfile))).default;
}

// A Worker with its settings, a GitHub that answers 204 or what `answers` holds, and what the Worker wrote down.
async function scene(t, settings = {}, answers = []) {
  const requests = [];
  const server = http.createServer((req, res) => {
    const chunks = [];
    req.on('data', (chunk) => chunks.push(chunk));
    req.on('end', () => {
      requests.push({ url: req.url, headers: req.headers, body: JSON.parse(Buffer.concat(chunks)) });
      const [status, headers] = answers.shift() ?? [204, {}];
      res.writeHead(status, headers).end();
    });
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  t.after(() => { server.closeAllConnections(); server.close(); });
  const given = { WEBHOOK_SECRET: SECRET, GITHUB_TOKEN: TOKEN, GITHUB_REPOSITORY: 'acme/app', GITHUB_API_URL: `http://127.0.0.1:${server.address().port}`, ...settings };
  for (const name of SETTINGS) delete process.env[name];
  for (const [name, value] of Object.entries(given)) if (value !== null) process.env[name] = value;
  const log = [];
  t.mock.method(console, 'log', (text) => { log.push(text); });
  const worker = await load(t);
  const as = (body, headers) => {
    const rawBody = typeof body === 'string' ? body : JSON.stringify(body);
    return { rawBody, headers: headers ?? { 'x-notion-signature': sign(rawBody) } };
  };
  return {
    worker, requests, log,
    verify: async (body, headers, method = 'POST') => (await worker.run(KEY, { request: { method, url: 'https://worker.example/', query: {}, ...as(body, headers) } }, { concreteOutput: true })).status,
    execute: (...events) => worker.run(KEY, events.map(([body, headers]) => ({ deliveryId: 'd', body: {}, method: 'POST', ...as(body, headers) })), { concreteOutput: true }),
    pages: () => requests.map(({ body }) => body.client_payload.pages),
  };
}

test('the manifest has the one webhook, verified', async (t) => {
  const { worker } = await scene(t);
  assert.deepEqual(worker.manifest.capabilities.map(({ _tag, key, config }) => [_tag, key, config.hasVerify]), [['webhook', KEY, true]]);
});

test('a signed event becomes one dispatch, as GitHub takes it', async (t) => {
  const at = await scene(t);
  const event = pageEvent(pageId(1));
  assert.equal(await at.verify(event), 200);
  await at.execute([event], [pageEvent(pageId(2))], [event]);
  assert.equal(at.requests.length, 1);
  const [{ url, headers, body }] = at.requests;
  assert.equal(url, '/repos/acme/app/dispatches');
  assert.equal(headers.authorization, `Bearer ${TOKEN}`);
  assert.deepEqual(body, { event_type: 'notion-sync', client_payload: { pages: [pageId(1), pageId(2)] } });
  assert.ok(!at.log.join('\n').includes(TOKEN) && !at.log.join('\n').includes(SECRET));
});

test('what is not proved gets 401 and starts nothing', async (t) => {
  const at = await scene(t);
  const event = pageEvent(pageId(1));
  const good = sign(JSON.stringify(event));
  for (const headers of [{}, { 'x-notion-signature': good.slice(0, -1) }, { 'x-notion-signature': sign('{}') }, { 'x-notion-signature': good.toUpperCase() }, { 'x-notion-sync-secret': '' }]) {
    assert.equal(await at.verify(event, headers), 401);
    await assert.rejects(at.execute([event, headers]));
  }
  assert.equal(await at.verify(event, undefined, 'GET'), 405);
  assert.equal(await at.verify('x'.repeat(1024 * 1024 + 1)), 413);
  assert.deepEqual(at.requests, []);
});

test('the handshake: the token is logged while there is no secret, never after', async (t) => {
  const at = await scene(t, { WEBHOOK_SECRET: null });
  const body = { verification_token: SECRET };
  assert.equal(await at.verify(body, {}), 200);
  await at.execute([body, {}]);
  assert.equal(at.log.filter((line) => line.includes(SECRET)).length, 1);
  for (const token of ['x', `${SECRET}\n`, 7]) assert.equal(await at.verify({ verification_token: token }, {}), 401);
  assert.equal(await at.verify(pageEvent(pageId(1)), {}), 401);
  process.env.WEBHOOK_SECRET = SECRET;
  assert.equal(await at.verify(body, {}), 401);
  await at.execute([body]);
  assert.equal(at.log.length, 1);
  assert.deepEqual(at.requests, []);
});

test('a Send webhook action proves itself by its header', async (t) => {
  const at = await scene(t, { WEBHOOK_SECRET: null, ACTION_SECRET: 'correct horse' });
  const body = { source: { type: 'automation' }, data: { object: 'page', id: pageId(3).replace(/-/g, ''), last_edited_by: { id: BOT } } };
  const headers = { 'x-notion-sync-secret': 'correct horse' };
  assert.equal(await at.verify(body, headers), 200);
  assert.equal(await at.verify(body, { 'x-notion-sync-secret': 'correct mouse' }), 401);
  await at.execute([body, headers]);
  assert.deepEqual(at.pages(), [[pageId(3)]]);
  process.env.BOT_ID = BOT;
  await at.execute([body, headers]);
  assert.equal(at.requests.length, 1, 'the action’s own edit');
});

test('which events lead to a run, and with which pages', async (t) => {
  const at = await scene(t, { BOT_ID: BOT });
  const own = { authors: [{ id: BOT, type: 'bot' }] };
  for (const event of [pageEvent(pageId(1), own), pageEvent(pageId(1), { type: 'page.locked' }), pageEvent(pageId(1), { type: 'something.new' }), {}, 'null', 'no JSON']) await at.execute([event]);
  assert.deepEqual(at.requests, []);
  await at.execute([pageEvent(pageId(1), { authors: [...own.authors, { id: pageId(9), type: 'person' }] })]);
  await at.execute([pageEvent(null, { type: 'comment.created', entity: { id: pageId(8), type: 'comment' }, data: { page_id: pageId(4) } })]);
  await at.execute([pageEvent(null, { type: 'data_source.schema_updated', entity: { id: SOURCE, type: 'data_source' } })]);
  await at.execute([pageEvent('no id')]);
  assert.deepEqual(at.pages(), [[pageId(1)], [pageId(4)], [], []]);
});

test('GitHub asks to wait: once, if it is short; what it refuses is an error with its cure', async (t) => {
  const at = await scene(t, {}, [[429, { 'retry-after': '0' }], [204, {}], [403, { 'retry-after': '60' }], [401, {}], [404, {}], [302, { location: 'https://evil.example/' }]]);
  await at.execute([pageEvent(pageId(1))]);
  assert.equal(at.requests.length, 2);
  await assert.rejects(at.execute([pageEvent(pageId(1))]), /403/);
  await assert.rejects(at.execute([pageEvent(pageId(1))]), /401: GITHUB_TOKEN is not valid any more/);
  await assert.rejects(at.execute([pageEvent(pageId(1))]), /404: does GITHUB_REPOSITORY exist/);
  await assert.rejects(at.execute([pageEvent(pageId(1))]));
  assert.equal(at.requests.length, 6);
  for (const [name, value] of [['GITHUB_REPOSITORY', 'acme'], ['GITHUB_TOKEN', ''], ['GITHUB_API_URL', 'http://github.example']]) {
    const before = process.env[name];
    process.env[name] = value;
    await assert.rejects(at.execute([pageEvent(pageId(1))]), new RegExp(name));
    process.env[name] = before;
  }
});
