// The webhook receiver under load, in real time: signed events at a steady rate over kept connections, each for a page of its own, so
// that what GitHub receives can be counted against what was accepted. `make bench`; rate and seconds as arguments:
// `node tests/bench/webhook.mjs 2000 30`. An answer's time counts from when its request was due, not from when it could be sent.
// Then hostile bodies of 1 MiB, 50 a second, while /healthz is asked ten times a second.

import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

import { HOSTILE, pageEvent, SECRET, sign, TOKEN, webhookPath } from '../e2e/webhook-receiver.mjs';

const [rate = 2000, seconds = 30] = process.argv.slice(2).map(Number);
const CONNECTIONS = 64;
const TICK = 2;

// GitHub, as far as a dispatch goes.
async function fakeGitHub() {
  const told = { pages: new Map(), dispatches: 0 };
  const server = http.createServer((req, res) => {
    const chunks = [];
    req.on('data', (chunk) => chunks.push(chunk));
    req.on('end', () => {
      for (const page of JSON.parse(Buffer.concat(chunks)).client_payload.pages) told.pages.set(page, (told.pages.get(page) ?? 0) + 1);
      told.dispatches += 1;
      res.writeHead(204);
      res.end();
    });
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { told, server, url: `http://127.0.0.1:${server.address().port}` };
}

async function startReceiver(folder, url) {
  const child = spawn(webhookPath(), [], {
    env: { NOTION_WEBHOOK_SECRET: SECRET, GITHUB_TOKEN: TOKEN, GITHUB_REPOSITORY: 'acme/app', GITHUB_API_URL: url, LISTEN: '127.0.0.1:0', METRICS_LISTEN: '', TRUSTED_PROXIES: '127.0.0.1', SPOOL: path.join(folder, 'spool.db'), COALESCE: '1' },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const port = await new Promise((resolve, reject) => {
    let text = '';
    child.stderr.on('data', (chunk) => {
      text += chunk;
      const found = /"event":"listening".*"port":(\d+)/.exec(text);
      if (found) resolve(Number(found[1]));
    });
    child.on('close', () => reject(new Error(text)));
  });
  return { child, port };
}

const memory = ({ pid }, name) => Number(new RegExp(`${name}:\\s*(\\d+)`).exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
const cpu = ({ pid }) => fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;

function request() {
  const page = crypto.randomUUID();
  const body = JSON.stringify(pageEvent(page));
  return { page, bytes: Buffer.from(`POST /notion HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nX-Notion-Signature: ${sign(body)}\r\nContent-Length: ${body.length}\r\n\r\n${body}`) };
}

// Keeps connections; a request that finds none free waits, and its time runs.
async function generate(port, results) {
  const free = [];
  const waiting = [];
  const send = (socket, job) => {
    socket.job = job;
    socket.write(job.bytes);
  };
  const answered = (socket, text) => {
    const { job } = socket;
    results.latencies.push(performance.now() - job.due);
    const status = text.slice(9, 12);
    results.statuses.set(status, (results.statuses.get(status) ?? 0) + 1);
    if (status === '200') results.accepted.push(job.page);
    const next = waiting.shift();
    if (next) send(socket, next);
    else free.push(socket);
  };
  const open = () => new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => { free.push(socket); resolve(); });
    let text = '';
    socket.setNoDelay(true);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      text += chunk;
      const end = text.indexOf('\r\n\r\n');
      if (end < 0 || text.length < end + 4 + Number(/content-length: (\d+)/i.exec(text)[1])) return;
      const whole = text;
      text = '';
      answered(socket, whole);
    });
    results.sockets.push(socket);
  });
  await Promise.all(Array.from({ length: CONNECTIONS }, open));
  const total = rate * seconds;
  const jobs = Array.from({ length: total }, request);
  results.start();
  const began = performance.now();
  let made = 0;
  await new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor((performance.now() - began) * rate / 1000));
      for (; made < due; made += 1) {
        const job = jobs[made];
        job.due = began + made * 1000 / rate;
        const socket = free.pop();
        if (socket) send(socket, job);
        else waiting.push(job);
      }
      if (made === total && results.latencies.length === total) {
        clearInterval(timer);
        resolve();
      }
    }, TICK);
  });
  results.took = (performance.now() - began) / 1000;
}

// Strangers' bodies at a steady rate, every third signed by somebody who has the secret; how long /healthz takes meanwhile.
async function attack(port, forSeconds) {
  const found = { latencies: [], statuses: new Map(), failed: 0 };
  const agent = new http.Agent({ keepAlive: true });
  const ask = (method, where, body, headers = {}) => new Promise((resolve) => {
    const req = http.request({ host: '127.0.0.1', port, method, path: where, headers, agent: method === 'GET' ? agent : false }, (res) => {
      res.resume();
      res.on('end', () => resolve(res.statusCode));
    });
    req.on('error', () => resolve(0));
    req.end(body);
  });
  const signed = HOSTILE.map((body) => ({ 'x-notion-signature': sign(body) }));
  const pending = [];
  const began = performance.now();
  for (let n = 0, asked = 0; performance.now() - began < forSeconds * 1000;) {
    for (const due = (performance.now() - began) / 20; n < due; n += 1) {
      const i = n % HOSTILE.length;
      pending.push(ask('POST', '/notion', HOSTILE[i], n % 3 === 0 ? signed[i] : {}).then((status) => found.statuses.set(status, (found.statuses.get(status) ?? 0) + 1)));
    }
    for (const due = (performance.now() - began) / 100; asked < due; asked += 1) {
      const at = began + asked * 100;
      pending.push(ask('GET', '/healthz', '').then((status) => {
        found.latencies.push(performance.now() - at);
        if (status !== 200) found.failed += 1;
      }));
    }
    await new Promise((resolve) => { setTimeout(resolve, 2); });
  }
  await Promise.all(pending);
  agent.destroy();
  return found;
}

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'notion-sync-bench-'));
const github = await fakeGitHub();
const { child, port } = await startReceiver(folder, github.url);
const ended = new Promise((resolve) => { child.on('close', resolve); });
const results = { latencies: [], statuses: new Map(), accepted: [], sockets: [], took: 0 };
const load = os.loadavg()[0];
const samples = [];
let before = 0;
let sampler = null;
results.start = () => {
  before = memory(child, 'VmRSS');
  sampler = setInterval(() => samples.push(memory(child, 'VmRSS')), 1000);
};
await generate(port, results);
clearInterval(sampler);
const after = memory(child, 'VmRSS');
const used = cpu(child);
for (const socket of results.sockets) socket.destroy();
const missing = () => results.accepted.filter((page) => !github.told.pages.has(page)).length;
const patience = Date.now() + 1000 * (60 + 2 * results.accepted.length / 1000);
while (missing() > 0 && Date.now() < patience) await new Promise((resolve) => { setTimeout(resolve, 200); });
const hostile = await attack(port, 10);
const hostilePeak = memory(child, 'VmHWM');
child.kill('SIGTERM');
const code = await ended;
github.server.close();
const peak = Math.max(...samples, after);
const spool = fs.statSync(path.join(folder, 'spool.db')).size;
fs.rmSync(folder, { recursive: true, force: true });

const sorted = results.latencies.sort((a, b) => a - b);
const ms = (q) => quantile(sorted, q).toFixed(1);
const lost = missing();
console.log(`receiver: ${rate} signed events/s for ${seconds} s over ${CONNECTIONS} connections, generator tests/bench/webhook.mjs on the same machine (${os.cpus().length} CPUs, load average ${load.toFixed(1)} before)`);
console.log(`sent ${sorted.length} in ${results.took.toFixed(1)} s (${Math.round(sorted.length / results.took)}/s); answers ${[...results.statuses].map(([status, n]) => `${status}: ${n}`).join(', ')}`);
console.log(`accepted ${results.accepted.length}, told to GitHub ${github.told.pages.size} in ${github.told.dispatches} dispatches, lost ${lost}`);
console.log(`latency p50 ${ms(0.5)} ms, p90 ${ms(0.9)} ms, p99 ${ms(0.99)} ms, max ${ms(1)} ms`);
console.log(`memory (RSS) ${before} KiB before, ${samples[Math.floor(samples.length / 6)] ?? after} KiB after a sixth of the time, ${after} KiB at the end, ${peak} KiB at most; CPU ${used.toFixed(1)} s of ${results.took.toFixed(1)} s; spool ${spool} bytes`);
const health = hostile.latencies.sort((a, b) => a - b);
console.log(`hostile bodies of 1 MiB, 50/s for 10 s: answers ${[...hostile.statuses].map(([status, n]) => `${status}: ${n}`).join(', ')}; /healthz p50 ${quantile(health, 0.5).toFixed(1)} ms, p99 ${quantile(health, 0.99).toFixed(1)} ms, max ${quantile(health, 1).toFixed(1)} ms, not answered ${hostile.failed}; memory ${hostilePeak} KiB at most`);
if (hostile.failed > 0 || hostilePeak > 256 * 1024 || lost > 0 || code !== 0) process.exitCode = 1;
