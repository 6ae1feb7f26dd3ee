// A GitHub App instead of a token: who it says it is, for which repositories, and until when.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import http from 'node:http';
import test from 'node:test';

import { pageEvent, pageId, scene, SECRET, until } from './webhook-receiver.mjs';

const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', {
  modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const decode = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());

// The part of GitHub that an App meets: installations of it with owners, their tokens, dispatches.
async function appServer(t, at, installations) {
  const state = { requests: [], dispatches: [], granted: [], missing: new Set(), tokens: new Map(), minted: 0 };
  const claims = (token) => {
    const [header, payload, signature] = token.split('.');
    const ok = crypto.verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url'));
    assert.ok(ok, 'the JWT is signed by the key');
    assert.deepEqual(decode(header), { alg: 'RS256', typ: 'JWT' });
    return decode(payload);
  };
  const asApp = (token) => {
    const { iat, exp, iss } = claims(token);
    const now = at.sandbox.clock.now() / 1000;
    assert.equal(iss, '12345');
    assert.ok(iat < now && exp > now && exp - iat <= 600);
  };
  const answer = (req, body, token) => {
    const [, owner, name, action] = /^\/repos\/([^/]+)\/([^/]+)\/(.*)$/.exec(req.url) ?? [];
    const [, id] = /^\/app\/installations\/(\d+)\/access_tokens$/.exec(req.url) ?? [];
    if (action === 'installation') {
      asApp(token);
      return installations[owner] ? [200, { id: installations[owner] }] : [404, { message: 'Not Found' }];
    }
    if (id !== undefined) {
      asApp(token);
      const { repositories, ...rest } = JSON.parse(body);
      assert.deepEqual(rest, { permissions: { contents: 'write' } });
      state.granted.push(repositories);
      if (repositories.some((name) => state.missing.has(name))) return [422, { message: 'There is at least one repository that does not exist or is not accessible to the parent installation.' }];
      state.minted += 1;
      const made = `ghs_minted${String(state.minted).padStart(10, '0')}`;
      state.tokens.set(made, { id: Number(id), repositories, expires: at.sandbox.clock.now() + 3600000 });
      return [201, { token: made, expires_at: new Date(at.sandbox.clock.now() + 3600000).toISOString().replace(/\.\d+/, '') }];
    }
    const known = state.tokens.get(token);
    if (!known || known.expires <= at.sandbox.clock.now() || known.id !== installations[owner] || !known.repositories.includes(name)) return [401, { message: 'Bad credentials' }];
    state.dispatches.push({ owner, pages: JSON.parse(body).client_payload.pages });
    return [204, ''];
  };
  const server = http.createServer((req, res) => {
    let body = '';
    req.on('data', (chunk) => { body += chunk; });
    req.on('end', () => {
      state.requests.push(`${req.method} ${req.url}`);
      const [status, json] = answer(req, body, req.headers.authorization.replace('Bearer ', ''));
      res.writeHead(status, { 'content-type': 'application/json', date: new Date(at.sandbox.clock.now()).toUTCString() });
      res.end(json === '' ? '' : JSON.stringify(json));
    });
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  t.after(() => { server.closeAllConnections(); server.close(); });
  state.url = `http://127.0.0.1:${server.address().port}`;
  return state;
}

const env = (github, more) => ({ GITHUB_TOKEN: null, GITHUB_APP_ID: '12345', GITHUB_APP_PRIVATE_KEY: privateKey, GITHUB_API_URL: github.url, ...more });
const flow = (at, github, n) => at.passing(`${n} dispatches`, () => github.dispatches.length >= n);

// GitHub's names have 39 characters, other servers' may have more.
const LONG = 'umbrella'.repeat(10);

test('one token an installation, renewed before it expires', async (t) => {
  const at = await scene(t);
  const github = await appServer(t, at, { acme: 71, [LONG]: 72 });
  const ROUTES = `${pageId(1)} = acme/app\n${pageId(2)} = acme/web\n${pageId(3)} = ${LONG}/app`;
  const receiver = await at.start({ env: env(github, { ROUTES, GITHUB_REPOSITORY: null }) });
  for (const n of [1, 2, 3]) await receiver.deliver(pageEvent(pageId(10 + n), { source: pageId(n) }));
  await flow(at, github, 3);
  assert.equal(github.minted, 2, 'one for each owner');
  assert.deepEqual(github.granted.sort(), [['app'], ['app', 'web']], 'for the repositories that are routed, and no others');
  assert.deepEqual(github.dispatches.map(({ pages }) => pages[0]).sort(), [11, 12, 13].map(pageId));
  at.advance(3000);
  await receiver.deliver(pageEvent(pageId(21), { source: pageId(1) }));
  await flow(at, github, 4);
  assert.equal(github.minted, 2, 'good for an hour');
  at.advance(400);
  await receiver.deliver(pageEvent(pageId(22), { source: pageId(1) }));
  await flow(at, github, 5);
  assert.equal(github.minted, 3, 'not used up to its last minute');
  await at.stop(receiver, [SECRET, privateKey, privateKey.split('\n')[1], ...github.tokens.keys()]);
});

test('a token that was revoked is replaced; an owner without installation holds up nobody', async (t) => {
  const at = await scene(t);
  const installations = { acme: 71 };
  const github = await appServer(t, at, installations);
  const ROUTES = `${pageId(1)} = acme/app\n${pageId(2)} = strange/app`;
  const key = privateKey.trim().replace(/\n/g, '\\n');
  const receiver = await at.start({ env: env(github, { ROUTES, GITHUB_REPOSITORY: null, GITHUB_APP_PRIVATE_KEY: key }) });
  await receiver.deliver(pageEvent(pageId(11), { source: pageId(1) }));
  await receiver.deliver(pageEvent(pageId(12), { source: pageId(2) }));
  await flow(at, github, 1);
  await until('the other was refused', () => receiver.entries('dispatch failed').some(({ problem }) => /installation.*404/.test(problem)));
  github.tokens.clear();
  await receiver.deliver(pageEvent(pageId(13), { source: pageId(1) }));
  await flow(at, github, 2);
  assert.equal(github.minted, 2);
  installations.strange = 73;
  at.advance(400);
  await flow(at, github, 3);
  assert.deepEqual(github.dispatches.map(({ pages }) => pages[0]), [11, 13, 12].map(pageId));
  await at.stop(receiver);
});

test('one repository that the App may not enter holds up none of the others, and no page is lost', async (t) => {
  const at = await scene(t);
  const github = await appServer(t, at, { acme: 71 });
  github.missing.add('gone');
  const ROUTES = `${pageId(1)} = acme/app\n${pageId(2)} = acme/gone\n${pageId(3)} = acme/web`;
  const receiver = await at.start({ env: env(github, { ROUTES, GITHUB_REPOSITORY: null }) });
  for (const n of [1, 2, 3]) await receiver.deliver(pageEvent(pageId(10 + n), { source: pageId(n) }));
  await flow(at, github, 2);
  assert.deepEqual(github.dispatches.map(({ pages }) => pages[0]).sort(), [11, 13].map(pageId));
  await until('the other was refused', () => receiver.entries('dispatch failed').some(({ repository, problem }) => repository === 'acme/gone' && /422/.test(problem)));
  assert.equal(receiver.entries('page set aside').length, 0);
  github.missing.clear();
  at.advance(400);
  await flow(at, github, 3);
  assert.deepEqual(github.dispatches[2].pages, [pageId(12)]);
  await at.stop(receiver);
});
