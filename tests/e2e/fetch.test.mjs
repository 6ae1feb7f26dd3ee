// scripts/fetch, by which the image's build gets the sources of libraries.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import http from 'node:http';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const FETCH = fileURLToPath(new URL('../../scripts/fetch', import.meta.url));
const GOOD = 'what was asked for';
const SUM = createHash('sha256').update(GOOD).digest('hex');

// Serves a text by path, or after so many failures; other paths are not found.
async function serve(t, texts) {
  const asked = [];
  const server = http.createServer(({ url }, response) => {
    asked.push(url);
    const { text, after = 0 } = texts[url] ?? {};
    const failing = text === undefined || asked.filter((it) => it === url).length <= after;
    response.writeHead(failing ? 503 : 200).end(failing ? '' : text);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  t.after(() => server.close());
  return { asked, at: (path) => `http://127.0.0.1:${server.address().port}${path}` };
}

function fetched(urls) {
  const child = spawn(FETCH, [SUM, ...urls], { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH } });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => { texts[name] += text; });
  return new Promise((resolve) => { child.on('close', (code) => resolve({ code, ...texts })); });
}

test('the first address whose content has the checksum', async (t) => {
  const { at, asked } = await serve(t, { '/other': { text: 'something else' }, '/good': { text: GOOD } });
  const { code, stdout, stderr } = await fetched([at('/gone'), at('/other'), at('/good'), at('/never')]);
  assert.deepEqual([code, stdout], [0, GOOD]);
  assert.match(stderr, /\/gone: no answer\n.*\/other: another checksum/);
  assert.deepEqual(asked, ['/gone', '/other', '/good']);
});

test('an address that fails is asked three times', async (t) => {
  const { at } = await serve(t, { '/late': { text: GOOD, after: 2 } });
  assert.deepEqual([(await fetched([at('/late')])).stdout, (await fetched([at('/gone')])).code], [GOOD, 1]);
});

test('nothing comes out of content with another checksum', async (t) => {
  const { at } = await serve(t, { '/other': { text: 'something else' } });
  const { code, stdout } = await fetched([at('/other')]);
  assert.deepEqual([code, stdout], [1, '']);
});
