// What a pass costs, measured in one run against the sandbox: requests, peak memory, and the time to the first request beside that
// of a program start that does nothing. `make bench`; sizes as arguments: `node tests/bench/bench.mjs 250 2000`.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

import { board, programPath } from '../harness.mjs';
import { Sandbox } from '../sandbox/core.mjs';

const MINUTE = 60000;
const STARTS = 20;
const TEXT = Array.from({ length: 20 }, (_, i) => `Paragraph ${i + 1} of a report of *usual* length, with \`code\` and a [link](https://example.com).`).join('\n\n');
const sizes = process.argv.slice(2).map(Number).filter((n) => n > 0);

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const isRead = ({ method, path }) => method === 'GET' || path === '/graphql' || path.endsWith('/query');

// The high-water mark of the program's memory, looked at with each of its requests.
function watched(sandbox) {
  const seen = { pid: 0, peak: 0, firstRequest: 0 };
  seen.off = sandbox.on(() => {
    seen.firstRequest ||= performance.now();
    try {
      const status = fs.readFileSync(`/proc/${seen.pid}/status`, 'utf8');
      seen.peak = Math.max(seen.peak, Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0));
    } catch { /* it has ended */ }
  });
  return seen;
}

async function measure(at, what, inputs) {
  const seen = watched(at.sandbox);
  let startedAt = 0;
  const run = await at.sync({ link_comments: 'none', max_runtime: 350, ...inputs }, {
    allow: ['manners'], timeout: 600000, started: (child) => { seen.pid = child.pid; startedAt = performance.now(); },
  });
  seen.off();
  if (run.code !== 0) throw new Error(`${what}: exit ${run.code}\n${run.stdout}\n${run.stderr}`);
  const reads = run.requests.filter(isRead).length;
  return { what, requests: run.requests.length, reads, writes: run.requests.length - reads, peak: seen.peak, toFirst: seen.firstRequest - startedAt };
}

async function passes(size) {
  const sandbox = await Sandbox.start();
  const at = board(sandbox);
  sandbox.notion.settings.perMinute = 1e9;
  for (let i = 0; i < size; i += 1) {
    at.addIssue({ title: `An issue with a title of usual length, ${i}`, labels: ['bug', 'urgent'], body: `${i}\n\n${TEXT}` });
    if (i % 100 === 99) sandbox.clock.advance(MINUTE);
  }
  sandbox.clock.advance(60 * MINUTE);
  const rows = [];
  for (const [what, inputs] of [['import', { create_pages: 'open' }], ['in step', {}], ['quiet', {}], ['full', { mode: 'full' }]]) {
    rows.push(await measure(at, what, inputs));
    sandbox.clock.advance(10 * MINUTE);
  }
  await sandbox.stop();
  return rows;
}

function versionStarts() {
  return Array.from({ length: STARTS }, () => {
    const started = performance.now();
    spawnSync(programPath(), ['--version']);
    return performance.now() - started;
  });
}

const print = (...cells) => console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(12) : String(cell).padStart(12))).join(''));
const quiet = [];
for (const size of sizes.length > 0 ? sizes : [250, 1000]) {
  const rows = await passes(size);
  const base = rows.find(({ what }) => what === 'quiet');
  quiet.push(base.peak);
  console.log(`\n${size} linked pages`);
  print('pass', 'requests', 'reads', 'writes', 'peak KiB', 'of quiet');
  for (const row of rows) print(row.what, row.requests, row.reads, row.writes, row.peak, `${(row.peak / base.peak).toFixed(2)} x`);
}
const sandbox = await Sandbox.start();
const at = board(sandbox);
await measure(at, 'first', {});
const firsts = [];
for (let i = 0; i < STARTS; i += 1) firsts.push((await measure(at, 'start', {})).toFirst);
await sandbox.stop();
const versions = versionStarts();
console.log(`\nstart to first request, median of ${STARTS}: ${median(firsts).toFixed(1)} ms; a start with --version takes ${median(versions).toFixed(1)} ms (${(median(firsts) / median(versions)).toFixed(1)} x)`);
