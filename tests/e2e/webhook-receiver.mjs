// Runs the webhook receiver against a sandbox, and plays Notion to it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { Sandbox } from '../sandbox/core.mjs';
import { scratchFolder } from '../scratch.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const REAL_LIMIT = 60000;

export const webhookPath = () => process.env.NOTION_SYNC_WEBHOOK_BIN ?? path.join(ROOT, 'build', 'notion-sync-webhook');
export const SECRET = ['secret', 'tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl'].join('_');
// Tokens have no greatest length.
export const TOKEN = `ghs_webhook${'0123456789abcdef'.repeat(40)}`;
export const SOURCE = '44444444-4444-4444-8444-444444444444';
const PASSED_ON = ['ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS', 'LD_LIBRARY_PATH'];

export const sign = (body, secret = SECRET) => `sha256=${crypto.createHmac('sha256', secret).update(body).digest('hex')}`;
export const uuid = () => crypto.randomUUID();
export const pageId = (n) => `22222222-2222-4222-8222-${String(n).padStart(12, '0')}`;

// An event as Notion's documentation shows them; `more` replaces members.
export function pageEvent(page, { type = 'page.properties_updated', source = SOURCE, ...more } = {}) {
  return {
    id: uuid(), timestamp: '2026-03-02T09:00:00.000Z', workspace_id: uuid(), subscription_id: uuid(), integration_id: uuid(),
    type, authors: [{ id: 'cccccccc-cccc-4ccc-8ccc-cccccccccccc', type: 'person' }], attempt_number: 1,
    entity: { id: page, type: 'page' },
    data: { parent: { id: '33333333-3333-4333-8333-333333333333', type: 'database', data_source_id: source }, updated_properties: ['XGe%40'] },
    ...more,
  };
}

// 1 MiB each: what is small in a body and large in memory or time.
const filled = (unit) => `[${unit.repeat(Math.floor((1024 * 1024 - 8 - unit.length) / unit.length))}${unit.replace(/,$/, '')}]`;
export const HOSTILE = [filled('{},'), filled('[],'), filled('1,'), filled('"",'), filled(`${'['.repeat(60)}${']'.repeat(60)},`), '['.repeat(1024 * 1024), `{"a":"${'\\u0000'.repeat(174000)}"}`];

// Waits for something that other processes do: looks again until it holds, with a limit far beyond what it takes.
export async function until(what, holds) {
  const limit = Date.now() + REAL_LIMIT;
  for (;;) {
    const value = await holds();
    if (value) return value;
    if (Date.now() > limit) throw new Error(`never: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
}

export class Receiver {
  // More variables in `env` (null takes one away); `shell`: commands that a shell runs first.
  static async start(sandbox, folder, { env = {}, shell = null } = {}) {
    const receiver = new Receiver(sandbox, folder, env, shell);
    await until('it listens or ends', () => (receiver.port > 0 && (receiver.metricsPort > 0 || receiver.entries('no metrics').length > 0 || env.METRICS_LISTEN === '')) || receiver.ended);
    return receiver;
  }

  constructor(sandbox, folder, env, shell) {
    this.sandbox = sandbox;
    this.stderr = '';
    this.ended = null;
    const variables = {
      PATH: '/usr/local/bin:/usr/bin:/bin', NOTION_WEBHOOK_SECRET: SECRET, GITHUB_TOKEN: TOKEN, GITHUB_REPOSITORY: 'acme/app',
      GITHUB_API_URL: sandbox.githubUrl, LISTEN: '127.0.0.1:0', METRICS_LISTEN: '127.0.0.1:0', SPOOL: path.join(folder, 'spool.db'), LOG_LEVEL: 'debug',
      NOTION_SYNC_CLOCK: sandbox.clock.file, ...env,
    };
    for (const name of PASSED_ON) if (process.env[name] !== undefined) variables[name] = process.env[name];
    for (const [name, value] of Object.entries(variables)) if (value === null) delete variables[name];
    const wrapper = (process.env.NOTION_SYNC_WRAPPER ?? '').split(/\s+/).filter(Boolean);
    const command = [...wrapper, webhookPath()];
    const [file, ...args] = shell === null ? command : ['/bin/sh', '-c', `${shell}; exec ${command.map((word) => `'${word}'`).join(' ')}`];
    this.child = spawn(file, args, { env: variables, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stderr.on('data', (chunk) => { this.stderr += chunk; });
    this.child.stdout.on('data', (chunk) => { this.stderr += chunk; });
    this.done = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (code, signal) => { this.ended = { code, signal }; resolve(this.ended); });
    });
  }

  get log() {
    return this.stderr.split('\n').slice(0, -1).map((line) => {
      try {
        return JSON.parse(line);
      } catch {
        throw new Error(`not a line of JSON: ${line}\n${this.stderr}`);
      }
    });
  }

  get port() {
    return this.log.find(({ event }) => event === 'listening')?.port ?? 0;
  }

  // Of METRICS_LISTEN.
  get metricsPort() {
    return this.log.find(({ event }) => event === 'metrics')?.port ?? 0;
  }

  entries(event) {
    return this.log.filter((entry) => entry.event === event);
  }

  // The first such entry, which may be on its way.
  told(event) {
    return until(`${event} in the log`, () => this.entries(event)[0]);
  }

  // One request; a connection that ends without an answer has the status 0.
  request({ method = 'POST', path: where = '/notion', headers = {}, body = '', agent = false, localAddress, port = this.port } = {}) {
    return new Promise((resolve) => {
      const req = http.request({ host: '127.0.0.1', port, method, path: where, headers, agent, localAddress }, (res) => {
        const chunks = [];
        res.on('data', (chunk) => chunks.push(chunk));
        res.on('error', () => resolve({ status: 0 }));
        res.on('end', () => resolve({ status: res.statusCode, headers: res.headers, text: Buffer.concat(chunks).toString() }));
      });
      req.on('error', (error) => resolve({ status: 0, error }));
      req.end(body);
    });
  }

  get(where, options = {}) {
    return this.request({ method: 'GET', path: where, ...options });
  }

  // What METRICS_LISTEN answers.
  status(where) {
    return this.get(where, { port: this.metricsPort });
  }

  // What Notion does: the event, signed.
  async deliver(event, options = {}) {
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    const headers = { 'content-type': 'application/json', 'x-notion-signature': sign(body, options.secret), ...options.headers };
    return (await this.request({ ...options, headers, body })).status;
  }

  async metrics() {
    const { text } = await this.status('/metrics');
    const found = [...text.matchAll(/^notion_sync_webhook_([a-z_]+)(?:\{([^}]*)\})? (\S+)$/gm)];
    return Object.fromEntries(found.map(([, name, labels, value]) => [labels === undefined ? name : `${name}{${labels.replace(/"/g, '')}}`, Number(value)]));
  }

  kill(signal = 'SIGKILL') {
    this.child.kill(signal);
    return this.done;
  }
}

// A sandbox with a repository, a folder for the spool, and receivers that end with the test.
export async function scene(t, { repositories = ['acme/app'] } = {}) {
  const sandbox = await Sandbox.start();
  const folder = scratchFolder('notion-sync-webhook');
  const started = [];
  t.after(async () => {
    for (const receiver of started) if (!receiver.ended) await receiver.kill();
    await sandbox.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  for (const name of repositories) sandbox.github.addRepo({ owner: name.split('/')[0], name: name.split('/')[1], private: true });
  sandbox.github.addToken(TOKEN, {});
  const at = {
    sandbox, folder,
    start: async (options) => {
      const receiver = await Receiver.start(sandbox, folder, options);
      started.push(receiver);
      return receiver;
    },
    advance: (seconds) => sandbox.clock.advance(seconds * 1000),
    dispatches: (repository = 'acme/app') => sandbox.github.snapshot(repository).dispatches ?? [],
    pages: (repository = 'acme/app') => at.dispatches(repository).flatMap(({ payload }) => payload.pages),
    dispatched: (n = 1, repository = 'acme/app') => until(`${n} dispatches to ${repository}`, () => at.dispatches(repository).length >= n && at.dispatches(repository)),
    // Waits while time passes: at first as fast as it can, then slowly, so that a slow machine does not meet time limits.
    passing: (what, holds) => {
      let looks = 0;
      return until(what, () => {
        looks += 1;
        if (looks < 20 || looks % 20 === 0) at.advance(1);
        return holds();
      });
    },
    flow: (n = 1, repository = 'acme/app') => at.passing(`${n} dispatches to ${repository}`, () => at.dispatches(repository).length >= n && at.dispatches(repository)),
    // SIGTERM, and what must hold for every receiver that ends in order.
    stop: async (receiver, secrets = [SECRET, TOKEN]) => {
      const ended = await receiver.kill('SIGTERM');
      assert.deepEqual(ended, { code: 0, signal: null }, receiver.stderr);
      at.check(receiver, secrets);
    },
    check: (receiver, secrets = [SECRET, TOKEN]) => {
      assert.ok(receiver.log.every(({ time, level, event }) => time && level && event), 'every line has time, level and event');
      for (const secret of secrets) assert.ok(!receiver.stderr.includes(secret), 'a secret stands in the log');
      assert.doesNotMatch(receiver.stderr, /(?:Address|Leak|Memory|Thread|UndefinedBehavior)Sanitizer|runtime error:/);
      assert.deepEqual(sandbox.github.violations, []);
    },
  };
  return at;
}
