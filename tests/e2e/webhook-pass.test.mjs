// From an edit in Notion to a closed issue: the receiver's dispatch starts the pass, and what that costs is what docs/webhook.md says.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { parse } from 'yaml';

import { board } from '../harness.mjs';
import { pageEvent, pageId, scene, SECRET, TOKEN, webhookPath } from './webhook-receiver.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (name) => fs.readFileSync(path.join(ROOT, name), 'utf8');

test('an edited page is in sync at once, although Notion’s queries do not show it yet', async (t) => {
  const at = await scene(t, { repositories: [] });
  const desk = board(at.sandbox);
  const later = () => at.advance(600);
  for (let i = 0; i < 20; i += 1) desk.addIssue({ title: `Issue ${i}` });
  for (let i = 0; i < 3; i += 1) { await desk.sync(); later(); }
  const pages = [...at.sandbox.notion.pages.values()].filter(({ values }) => values).map(({ id }) => id);
  const receiver = await at.start({ env: { NOTION_SYNC_CLOCK: at.sandbox.clock.file, RATE: '0' } });
  const counts = {};
  const run = async (what, dispatch) => {
    const event = dispatch && { name: 'repository_dispatch', payload: { action: dispatch.type, repository: { full_name: desk.repo }, client_payload: dispatch.payload } };
    const result = await desk.sync({}, event ? { event } : {});
    assert.equal(result.code, 0, result.stderr);
    const github = result.requests.filter(({ service }) => service === 'github').length;
    counts[what] = [github, result.requests.length - github, result.requests.length];
    return result;
  };
  const told = async (page) => {
    const before = at.dispatches().length;
    assert.equal(await receiver.deliver(pageEvent(page, { source: desk.dataSource })), 200);
    return (await at.flow(before + 1)).at(-1);
  };

  await run('quiet: nothing touched');
  later();
  at.sandbox.notion.settings.queryLag = 5 * 60000;
  at.sandbox.notion.editPage(pages[0], { Name: 'Another title' });
  await run('after a dispatch: one title edited in Notion', await told(pages[0]));
  assert.ok(desk.snapshot().github.issues.some(({ title }) => title === 'Another title'));
  for (let i = 0; i < 3; i += 1) { later(); await desk.sync(); }
  at.sandbox.notion.editPage(pages[1], { Status: 'Done' });
  await run('after a dispatch: one page set to Done', await told(pages[1]));
  assert.equal(desk.snapshot().github.issues.filter(({ state }) => state === 'closed').length, 1);
  await at.stop(receiver);

  const documented = Object.fromEntries([...read('docs/webhook.md').matchAll(/^\| ((?:quiet|after a dispatch): [^|]+?) \| (\d+) \| (\d+) \| (\d+) \|$/gm)]
    .map(([, what, ...numbers]) => [what, numbers.map(Number)]));
  assert.deepEqual(Object.keys(documented), Object.keys(counts));
  for (const [what, numbers] of Object.entries(counts)) {
    numbers.forEach((n, i) => assert.ok(n <= documented[what][i], `${what}: ${numbers} requests, documented ${documented[what]}`));
    assert.equal(documented[what][0] + documented[what][1], documented[what][2]);
  }
});

test('docs/webhook.md and deploy/ name the settings that exist, with their defaults', () => {
  const help = execFileSync(webhookPath(), ['--help'], { encoding: 'utf8' });
  const settings = new Map([...help.matchAll(/^ {2}([A-Z_]+)(, or \1_FILE)?(?: \(default: (.*)\))?$/gm)].map(([, name, file, fallback = '']) => [name, { file: file !== undefined, fallback }]));
  const rows = [...read('docs/webhook.md').matchAll(/^\| `([A-Z_]+)` \|([^|]*)\|/gm)].map(([, name, fallback]) => [name, fallback.replace(/`/g, '').trim().replace(/^required$/, '')]);
  assert.deepEqual(rows, [...settings].map(([name, { fallback }]) => [name, fallback]));
  const known = new Set([...settings].flatMap(([name, { file }]) => (file ? [name, `${name}_FILE`] : [name])));
  const unit = [...read('deploy/notion-sync-webhook.service').matchAll(/^Environment=([A-Z_]+)=/gm)].map(([, name]) => name);
  const compose = parse(read('deploy/compose.yaml'));
  for (const name of [...unit, ...Object.keys(compose.services.receiver.environment)]) assert.ok(known.has(name), name);
  assert.ok(unit.length > 3);
  assert.deepEqual(compose.services.receiver.command, ['webhook']);
  for (const name of ['GITHUB_TOKEN_FILE', 'NOTION_WEBHOOK_SECRET_FILE', 'ROUTES_FILE', 'GITHUB_APP_PRIVATE_KEY_FILE']) assert.ok(known.has(name), name);
});

test('the metrics and causes that docs/webhook.md explains are those of the receiver', async (t) => {
  const at = await scene(t);
  const receiver = await at.start();
  const { text } = await receiver.status('/metrics');
  const names = new Set([...text.matchAll(/^# TYPE notion_sync_webhook_(\S+)/gm)].map(([, name]) => name));
  const causes = [...text.matchAll(/_rejected_total\{cause="([a-z_]+)"\}/g)].map(([, cause]) => cause);
  const watching = read('docs/webhook.md').split(/^## /m).find((part) => part.startsWith('Monitoring'));
  for (const name of [...names, ...causes]) assert.ok(watching.includes(name), name);
  await at.stop(receiver);
});

test('docs/webhook.md: each step of its path shows what the receiver says', async (t) => {
  const text = read('docs/webhook.md').split(/^## /m).find((part) => part.startsWith('Twenty minutes'));
  // What a step shows: its JSON, with anything for "…" (also in a member's value).
  const shown = [...text.matchAll(/^```json\n(.*?)^```/gms)].flatMap(([, body]) => body.trim().split('\n')).map((line) => JSON.parse(line));
  const matches = (entry, wanted) => Object.entries(wanted).every(([name, value]) => (typeof value === 'string' && value.endsWith('…') ? String(entry[name]).startsWith(value.slice(0, -1)) : entry[name] === value))
    && Object.keys(entry).every((name) => name in wanted);
  const at = await scene(t);
  const fresh = await at.start({ env: { NOTION_WEBHOOK_SECRET: null } });
  const refused = await fresh.request({ body: '{}' });
  assert.ok(text.includes(`\`${refused.status}\` and \`${refused.text.trim()}\``), `${refused.status} ${refused.text}`);
  assert.equal((await fresh.request({ body: JSON.stringify({ verification_token: SECRET }) })).status, 200);
  await fresh.told('verification token');
  const port = ({ event, ...entry }) => (event === 'listening' ? { ...entry, event, address: '0.0.0.0:8080', port: 8080 } : { ...entry, event });
  for (const event of ['listening', 'no secret yet', 'verification token']) {
    const wanted = shown.find((entry) => entry.event === event);
    assert.ok(matches(port(fresh.entries(event)[0]), wanted), `${event}: ${JSON.stringify(fresh.entries(event)[0])}`);
  }
  await at.stop(fresh, [TOKEN]);
  const receiver = await at.start();
  const ready = await receiver.status('/readyz');
  assert.ok(shown.some((entry) => matches(JSON.parse(ready.text), entry)), ready.text);
  assert.equal(await receiver.deliver(pageEvent(pageId(1))), 200);
  await at.flow();
  const { event, repository } = await receiver.told('dispatched');
  assert.ok(text.includes(`"event":"${event}"`) && repository === 'acme/app');
  await at.stop(receiver);
});
