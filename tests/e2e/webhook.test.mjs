// What the receiver makes of what Notion sends.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { pageEvent, pageId, scene, SECRET, sign, SOURCE, until, uuid, webhookPath } from './webhook-receiver.mjs';

const BOT = 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb';
const author = (id, type = 'bot') => ({ id, type });

test('an event becomes a dispatch that names its page, once the time to coalesce is over', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  assert.equal(await receiver.deliver(pageEvent(pageId(1))), 200);
  at.advance(4);
  assert.equal(await receiver.deliver(pageEvent(pageId(2))), 200);
  assert.deepEqual(at.dispatches(), []);
  at.advance(1);
  const [dispatch] = await at.dispatched();
  assert.deepEqual(dispatch, { type: 'notion-sync', payload: { pages: [pageId(1), pageId(2)] } });
  await at.stop(receiver);
  assert.equal(at.dispatches().length, 1);
});

test('the documented signature is valid; nothing else is', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  const body = JSON.stringify({ verification_token: SECRET });
  assert.equal(sign(body), 'sha256=461e8cbcba8a75c3edd866f0e71280f5a85cbf21eff040ebd10fe266df38a735');
  const event = JSON.stringify(pageEvent(pageId(1)));
  const good = sign(event);
  const flipped = good.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  for (const signature of [undefined, '', 'sha256=', good.slice(7), `${good}0`, good.slice(0, -1), flipped, sign(event, 'secret_of_others'), sign(`${event} `), good.replace('sha256', 'sha1')]) {
    const headers = signature === undefined ? {} : { 'x-notion-signature': signature };
    assert.equal((await receiver.request({ headers, body: event })).status, 401, signature);
  }
  assert.equal((await receiver.request({ headers: { 'x-notion-signature': good.toUpperCase().replace('SHA256', 'sha256') }, body: event })).status, 200);
  const metrics = await receiver.metrics();
  assert.equal(metrics['requests_rejected_total{cause=signature}'], 10);
  assert.equal(metrics.events_accepted_total, 1);
  await at.stop(receiver);
});

const handshake = (token) => JSON.stringify({ verification_token: token });
const invented = (n) => ['secret', String(n).padStart(43, '0')].join('_');
const shownIn = (receiver) => receiver.entries('verification token').map((entry) => entry.verification_token);

test('the handshake: the token is shown once, events wait until it is set', async (t) => {
  const at = await scene(t);
  const first = await at.start({ env: { NOTION_WEBHOOK_SECRET: null, LOG_LEVEL: 'error' } });
  assert.equal((await first.get('/readyz')).status, 200);
  const body = handshake(SECRET);
  assert.equal(await first.deliver(pageEvent(pageId(1))), 503);
  assert.equal((await first.request({ body })).status, 200);
  assert.equal((await first.request({ body, headers: { 'x-notion-signature': sign(body) } })).status, 200);
  const shown = first.stderr.split('\n').filter((line) => line.includes(SECRET));
  assert.equal(shown.length, 1);
  assert.equal(JSON.parse(shown[0]).verification_token, SECRET);
  await at.stop(first, []);
  const second = await at.start();
  assert.equal((await second.request({ body, headers: { 'x-notion-signature': sign(body) } })).status, 200, 'signed with the token that is set');
  assert.equal((await second.request({ body })).status, 401, 'once a secret is set nothing is read unsigned');
  assert.equal((await second.request({ body: handshake(invented(1)) })).status, 401);
  assert.equal(await second.deliver(pageEvent(pageId(1))), 200);
  await at.stop(second, [SECRET, invented(1)]);
});

test('handshakes: only tokens of Notion’s form are shown', async (t) => {
  const at = await scene(t);
  const receiver = await at.start({ env: { NOTION_WEBHOOK_SECRET: null } });
  const strange = ['a\nb', 'token', SECRET.slice(7), `${SECRET} `, `${SECRET}\u001b[31m`, SECRET.slice(0, 30), SECRET.replace('secret', 'public'), `${SECRET}${'x'.repeat(200)}`, 7, null, {}];
  for (const token of strange) assert.equal((await receiver.request({ body: handshake(token) })).status, 503, token);
  assert.equal((await receiver.request({ body: JSON.stringify({ verification_token: SECRET, padding: 'x'.repeat(1024) }) })).status, 503, 'more than 1 KiB is not read');
  assert.equal((await receiver.request({ body: handshake(SECRET) })).status, 200);
  await receiver.told('verification token');
  assert.deepEqual(shownIn(receiver), [SECRET]);
  await at.stop(receiver, []);
});

test('handshakes: whoever invents tokens neither fills the log nor takes Notion’s turn', async (t) => {
  const at = await scene(t);
  const receiver = await at.start({ env: { NOTION_WEBHOOK_SECRET: null, TRUSTED_PROXIES: '127.0.0.1' } });
  const from = (address, token) => receiver.request({ body: handshake(token), headers: { 'x-forwarded-for': address } });
  for (let i = 0; i < 50; i += 1) assert.equal((await from('192.0.2.1', invented(i))).status, 200);
  await until('the first is shown', () => shownIn(receiver).length === 1);
  assert.equal((await from('198.51.100.7', SECRET)).status, 200);
  await until('another client does not wait', () => shownIn(receiver).length === 2);
  assert.deepEqual(shownIn(receiver), [invented(0), SECRET]);
  assert.equal(receiver.entries('verification token')[1].client, '198.51.100.7');
  at.advance(10);
  await until('the newest of the first follows', () => shownIn(receiver).length === 3);
  assert.equal(shownIn(receiver)[2], invented(49));
  await from('192.0.2.1', invented(100));
  await from('192.0.2.1', ['secret', 'n'.repeat(43)].join('_'));
  at.advance(10);
  await until('of one client, too, the newest is shown', () => shownIn(receiver)[3] === ['secret', 'n'.repeat(43)].join('_'));
  for (let i = 0; i < 200; i += 1) await from(`2001:db8:${i}::1`, invented(1000 + i));
  assert.ok(shownIn(receiver).length <= 4 + 64, 'however many clients there are');
  await at.stop(receiver, []);
});

test('handshakes: an hour after the start it is too late', async (t) => {
  const at = await scene(t);
  const receiver = await at.start({ env: { NOTION_WEBHOOK_SECRET: null } });
  at.advance(3601);
  for (let i = 0; i < 3; i += 1) assert.equal((await receiver.request({ body: handshake(invented(i)) })).status, 503);
  await receiver.told('verification token not shown');
  assert.equal(receiver.entries('verification token not shown').length, 1);
  assert.deepEqual(shownIn(receiver), []);
  await at.stop(receiver, [0, 1, 2].map(invented));
});

test('a new token can be set beside the old one', async (t) => {
  const at = await scene(t);
  const receiver = await at.start({ env: { NOTION_WEBHOOK_SECRET: `${SECRET}\nsecret_the_new_one` } });
  assert.equal(await receiver.deliver(pageEvent(pageId(1))), 200);
  assert.equal(await receiver.deliver(pageEvent(pageId(2)), { secret: 'secret_the_new_one' }), 200);
  assert.equal(await receiver.deliver(pageEvent(pageId(3)), { secret: 'secret_the_third' }), 401);
  await at.stop(receiver, [SECRET, 'secret_the_new_one']);
});

test('every type of page, data source and comment leads to a pass; others are accepted and ignored', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  const entity = { data_source: { id: SOURCE, type: 'data_source' }, database: { id: uuid(), type: 'database' }, comment: { id: uuid(), type: 'comment' } };
  const actions = {
    page: ['created', 'properties_updated', 'content_updated', 'moved', 'deleted', 'undeleted'],
    data_source: ['created', 'content_updated', 'schema_updated', 'moved', 'deleted', 'undeleted'],
    database: ['created', 'moved', 'deleted', 'undeleted'],
    comment: ['created', 'updated', 'deleted'],
  };
  let n = 0;
  for (const [thing, names] of Object.entries(actions)) {
    for (const name of names) {
      n += 1;
      const more = thing === 'page' ? {} : { entity: entity[thing] };
      if (thing === 'comment') more.data = { page_id: pageId(100 + n), parent: { id: pageId(100 + n), type: 'page' } };
      if (thing === 'data_source') more.data = { parent: { id: uuid(), type: 'database' }, updated_blocks: [{ id: pageId(200 + n), type: 'page' }, { id: uuid(), type: 'block' }] };
      assert.equal(await receiver.deliver(pageEvent(pageId(n), { type: `${thing}.${name}`, ...more })), 200, `${thing}.${name}`);
    }
  }
  at.advance(5);
  await at.dispatched();
  const named = at.pages();
  for (const page of [1, 2, 3, 4, 5, 6, 207, 208, 209, 210, 211, 212, 117, 118, 119]) assert.ok(named.includes(pageId(page)), `page ${page}`);
  assert.equal(named.length, 15);
  for (const type of ['page.locked', 'page.unlocked', 'file_upload.completed', 'view.created', 'something.new']) {
    assert.equal(await receiver.deliver(pageEvent(pageId(1), { type })), 200, type);
  }
  const metrics = await receiver.metrics();
  assert.equal(metrics.events_accepted_total, n);
  assert.equal(metrics['events_dropped_total{reason=ignored}'], 5);
  assert.equal(receiver.entries('dropped').length, 5);
  at.advance(60);
  await at.stop(receiver);
  assert.equal(at.dispatches().length, 1);
});

test('what is signed but no event is refused, whatever it holds', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  for (const body of ['', 'null', '[]', '{}', '7', '{"id":7,"type":"page.created"}', '{"id":"a b","type":"page.created"}', '{"id":"', `{"id":"${'x'.repeat(65)}","type":"page.created"}`, '{"id":"\\u0000","type":"page.created"}']) {
    assert.equal(await receiver.deliver(body), 400, body);
  }
  for (const entity of [undefined, null, [], {}, { id: 7, type: 'page' }, { id: 'no id', type: 'page' }]) {
    assert.equal(await receiver.deliver(pageEvent('', { entity })), 200);
  }
  at.advance(5);
  const [{ payload }] = await at.dispatched();
  assert.deepEqual(payload, { pages: [] }, 'it is known that something happened, but not where');
  await at.stop(receiver);
});

test('an event that comes twice counts once, also after a restart and in any order', async (t) => {
  const at = await scene(t);
  const first = await at.start();
  const events = [3, 1, 2].map((n) => pageEvent(pageId(n), { timestamp: `2026-03-02T09:00:0${n}.000Z` }));
  for (const event of events) assert.equal(await first.deliver(event), 200);
  for (const event of events) assert.equal(await first.deliver({ ...event, attempt_number: 2 }), 200);
  assert.equal((await first.metrics()).events_duplicate_total, 3);
  at.advance(5);
  await at.dispatched();
  await at.stop(first);
  const second = await at.start();
  for (const event of events) assert.equal(await second.deliver(event), 200);
  assert.equal((await second.metrics()).events_duplicate_total, 3);
  at.advance(60);
  await at.stop(second);
  assert.deepEqual(at.dispatches().map(({ payload }) => payload.pages), [[pageId(3), pageId(1), pageId(2)]]);
});

test('ids of events are forgotten after days, not before', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  const event = pageEvent(pageId(1));
  const seen = (depth) => until(`a queue of ${depth}`, async () => {
    const { queue_depth: found, events_remembered: remembered } = await receiver.metrics();
    return found === depth && remembered === 1;
  });
  await receiver.deliver(event);
  await seen(1);
  at.advance(2 * 86400);
  await seen(0);
  assert.equal(await receiver.deliver(event), 200);
  assert.equal((await receiver.metrics()).events_duplicate_total, 1);
  at.advance(1.1 * 86400);
  await until('it is forgotten', async () => (await receiver.metrics()).events_remembered === 0);
  await at.stop(receiver);
});

test('what the integration itself did is dropped, what others did with it is not', async (t) => {
  const at = await scene(t);
  const receiver = await at.start({ env: { NOTION_BOT_ID: BOT.replace(/-/g, '').toUpperCase() } });
  assert.equal(await receiver.deliver(pageEvent(pageId(1), { authors: [author(BOT)] })), 200);
  assert.equal(await receiver.deliver(pageEvent(pageId(2), { authors: [author(BOT), author(uuid(), 'person')] })), 200);
  assert.equal(await receiver.deliver(pageEvent(pageId(3), { authors: [] })), 200);
  assert.equal(await receiver.deliver(pageEvent(pageId(4), { authors: [author(uuid())] })), 200);
  at.advance(5);
  await at.dispatched();
  assert.deepEqual(at.pages(), [2, 3, 4].map(pageId));
  assert.equal((await receiver.metrics())['events_dropped_total{reason=own}'], 1);
  await at.stop(receiver);
});

test('routes: by data source, by database, to several repositories, and the rest', async (t) => {
  const at = await scene(t, { repositories: ['acme/app', 'acme/web', 'acme/rest'] });
  const database = '33333333-3333-4333-8333-333333333333';
  const ROUTES = `# what goes where\n${SOURCE} = acme/app\nhttps://www.notion.so/acme/Tasks-${SOURCE.replace(/-/g, '')}?v=1 = Acme/Web # both\n`;
  const receiver = await at.start({ env: { ROUTES, GITHUB_REPOSITORY: 'acme/rest' } });
  await receiver.deliver(pageEvent(pageId(1)));
  await receiver.deliver(pageEvent(pageId(2), { source: uuid() }));
  const comment = { type: 'comment.created', entity: { id: uuid(), type: 'comment' }, data: { page_id: pageId(3), parent: { id: pageId(3), type: 'page' } } };
  await receiver.deliver(pageEvent(null, comment));
  at.advance(5);
  for (const repository of ['acme/app', 'acme/web', 'acme/rest']) await at.flow(1, repository);
  assert.deepEqual(at.pages('acme/app'), [pageId(1), pageId(3)]);
  assert.deepEqual(at.pages('acme/web'), [pageId(1), pageId(3)]);
  assert.deepEqual(at.pages('acme/rest'), [pageId(2), pageId(3)]);
  await at.stop(receiver);
  const strict = await at.start({ env: { ROUTES: `${database}=acme/web`, GITHUB_REPOSITORY: null } });
  await strict.deliver(pageEvent(pageId(5)));
  await strict.deliver(pageEvent(pageId(6), { data: { parent: { id: pageId(9), type: 'page' } } }));
  at.advance(5);
  await at.dispatched(2, 'acme/web');
  assert.deepEqual(at.pages('acme/web').slice(2), [pageId(5)]);
  assert.equal((await strict.metrics())['events_dropped_total{reason=unrouted}'], 1);
  await at.stop(strict);
});

const run = (env, args = []) => {
  const { status, stderr, stdout } = spawnSync(webhookPath(), args, { env: { PATH: '/usr/bin:/bin', ...env }, encoding: 'utf8' });
  return { status, stdout, problems: stderr.split('\n').filter(Boolean).map((line) => JSON.parse(line)) };
};

test('every bad setting is named in one start, and no secret is shown', (t) => {
  const bare = run({});
  assert.equal(bare.status, 2);
  assert.deepEqual(bare.problems.map(({ setting }) => setting), ['SPOOL', 'GITHUB_TOKEN', 'GITHUB_REPOSITORY']);
  const bad = run({
    NOTION_WEBHOOK_SECRET: 'with space-and-short x', NOTION_BOT_ID: 'nobody', GITHUB_TOKEN: 'ghs_two words', GITHUB_APP_ID: '1/2', GITHUB_APP_PRIVATE_KEY: '-----BEGIN nonsense',
    ROUTES: 'nothing = acme/app\nhere', GITHUB_REPOSITORY: 'app', GITHUB_API_URL: 'http://github.example', LISTEN: 'everywhere', COALESCE: '-1', RATE: 'fast', CONNECTIONS: '0', TRUSTED_PROXIES: '10.0.0.0/33', LOG_LEVEL: 'loud',
  });
  assert.equal(bad.status, 2);
  assert.deepEqual([...new Set(bad.problems.map(({ setting }) => setting))], [
    'NOTION_WEBHOOK_SECRET', 'NOTION_BOT_ID', 'GITHUB_TOKEN', 'GITHUB_APP_ID', 'GITHUB_APP_PRIVATE_KEY', 'ROUTES', 'GITHUB_REPOSITORY', 'GITHUB_API_URL', 'LISTEN', 'SPOOL', 'COALESCE', 'RATE', 'CONNECTIONS', 'TRUSTED_PROXIES', 'LOG_LEVEL',
  ]);
  assert.doesNotMatch(JSON.stringify(bad.problems), /two words|nonsense|and-short/);
  const complete = { SPOOL: path.join(fs.mkdtempSync('/tmp/notion-sync-webhook-'), 'spool.db'), GITHUB_REPOSITORY: 'acme/app', GITHUB_TOKEN: 'ghs_0123456789' };
  t.after(() => fs.rmSync(path.dirname(complete.SPOOL), { recursive: true }));
  const { privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
  assert.deepEqual(run({ ...complete, GITHUB_APP_ID: '7', GITHUB_APP_PRIVATE_KEY: privateKey }).problems.map(({ setting }) => setting), ['GITHUB_TOKEN']);
  assert.deepEqual(run({ ...complete, GITHUB_TOKEN: '', GITHUB_APP_ID: '7' }).problems.map(({ setting }) => setting), ['GITHUB_APP_PRIVATE_KEY']);
  assert.deepEqual(run({ ...complete, GITHUB_TOKEN: '' }).problems.map(({ setting }) => setting), ['GITHUB_TOKEN']);
  assert.deepEqual(run({ ...complete, GITHUB_TOKEN_FILE: '/nowhere/token' }).problems.map(({ setting }) => setting), ['GITHUB_TOKEN_FILE']);
  assert.equal(run({ ...complete, GITHUB_TOKEN: '', GITHUB_TOKEN_FILE: 'ghs_0123456789' }).problems[0].problem, 'the file that it names cannot be opened: No such file or directory.');
  assert.match(run({ ...complete, SPOOL: '/nowhere/spool.db' }).problems[0].problem, /opening the spool.*does its folder exist/);
});

test('--help names every setting, --version the version', () => {
  const { status, stdout } = run({}, ['--help']);
  assert.equal(status, 0);
  for (const name of ['NOTION_WEBHOOK_SECRET, or NOTION_WEBHOOK_SECRET_FILE', 'GITHUB_APP_PRIVATE_KEY', 'ROUTES', 'LISTEN \\(default: 0.0.0.0:8080\\)', 'COALESCE \\(default: 5\\)']) assert.match(stdout, new RegExp(`^  ${name}`, 'm'));
  assert.match(run({}, ['--version']).stdout, /^notion-sync-webhook \d+\.\d+\.\d+\n$/);
});

test('secrets can come from files', async (t) => {
  const at = await scene(t);
  const file = (name, text) => {
    fs.writeFileSync(path.join(at.folder, name), text);
    return path.join(at.folder, name);
  };
  const { TOKEN } = await import('./webhook-receiver.mjs');
  const receiver = await at.start({ env: {
    NOTION_WEBHOOK_SECRET: null, NOTION_WEBHOOK_SECRET_FILE: file('secret', `${SECRET}\n`), GITHUB_TOKEN: null, GITHUB_TOKEN_FILE: file('token', ` ${TOKEN}\r\n`),
    GITHUB_REPOSITORY: null, ROUTES_FILE: file('routes', `${SOURCE} = acme/app\n`),
  } });
  assert.equal(await receiver.deliver(pageEvent(pageId(1))), 200);
  at.advance(5);
  await at.dispatched();
  await at.stop(receiver);
});
