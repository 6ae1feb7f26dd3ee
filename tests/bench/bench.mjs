// What a pass costs, measured in one run against the sandbox: requests, beside what docs/design.md allows, peak memory, and
// the time to the first request beside that of a program start that does nothing. `make bench`; numbers of linked pages
// as arguments: `node tests/bench/bench.mjs 250 100000`. Those above 5000 are shown by a crowd instead of being imported.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

import { isRead, isState } from '../e2e/sync-story.mjs';
import { board, programPath } from '../harness.mjs';
import { Sandbox } from '../sandbox/core.mjs';
import { crowd, SAMPLE } from './crowd.mjs';

const MINUTE = 60000;
const STARTS = 20;
const IMPORT_MAX = 5000;
const CHANGED = [1, 10, 50, 120];
const TEXT = Array.from({ length: 20 }, (_, i) => `Paragraph ${i + 1} of a report of *usual* length, with \`code\` and a [link](https://example.com).`).join('\n\n');
const INPUTS = { link_comments: 'none', max_runtime: 350 };
const sizes = process.argv.slice(2).map(Number).filter((n) => n > 0);

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const title = (i) => `An issue with a title of usual length, ${i}`;
const print = (...cells) => console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(16) : String(cell).padStart(12))).join(''));

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
  const run = await at.sync({ ...INPUTS, ...inputs }, {
    allow: ['manners'], timeout: 3600000, started: (child) => { seen.pid = child.pid; startedAt = performance.now(); },
  });
  seen.off();
  if (run.code !== 0) throw new Error(`${what}: exit ${run.code}\n${run.stdout}\n${run.stderr}`);
  const reads = run.requests.filter(isRead);
  const single = reads.filter(({ path }) => path.startsWith('/v1/pages/'));
  return {
    what, requests: run.requests.length, writes: run.requests.length - reads.length, peak: seen.peak, toFirst: seen.firstRequest - startedAt,
    reads: reads.length, listings: reads.length - single.length, singles: single.length,
    records: run.requests.filter((request) => !isRead(request) && !isState(request)).length,
  };
}

async function scene(options) {
  const sandbox = await Sandbox.start();
  sandbox.notion.settings.perMinute = 1e9;
  Object.assign(sandbox.github.limits, { graphql: 1e9, graphqlPointsPerMinute: 1e9 });
  return board(sandbox, options);
}

function addIssues(at, n) {
  for (let i = 0; i < n; i += 1) {
    at.addIssue({ title: title(i), labels: ['bug', 'urgent'], body: `${i}\n\n${TEXT}` });
    if (i % 100 === 99) at.sandbox.clock.advance(MINUTE);
  }
  at.sandbox.clock.advance(60 * MINUTE);
}

async function passes(at, list) {
  const rows = [];
  for (const [what, inputs] of list) {
    rows.push(await measure(at, what, inputs));
    at.sandbox.clock.advance(10 * MINUTE);
  }
  return rows;
}

// What a row of a query weighs: on a board with columns that the sync has nothing to do with, as most have.
const OTHERS = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [[`Formula ${i}`, { formula: { expression: '1 + 1' } }], [`Notes ${i}`, 'rich_text']]).flat());

async function rowBytes() {
  console.log('\nbytes of a row in a query\'s answer, all columns and those asked for');
  for (const [board, properties] of [['narrow', {}], ['24 more columns', OTHERS]]) {
    const at = await scene({ properties });
    addIssues(at, 100);
    await passes(at, IMPORT);
    const weighed = { rows: 0, bytes: 0, all: 0 };
    const off = at.sandbox.on(({ phase, request, answer }) => {
      if (phase !== 'after' || !request.path.endsWith('/query')) return;
      weighed.rows += answer.body.results.length;
      weighed.bytes += JSON.stringify(answer.body.results).length;
      weighed.all += answer.body.results.reduce((sum, { id }) => sum + JSON.stringify(at.sandbox.notion.pageJson(at.sandbox.notion.page(id))).length, 0);
    });
    await passes(at, [['full', { mode: 'full' }]]);
    off();
    print(board, Math.round(weighed.all / weighed.rows), Math.round(weighed.bytes / weighed.rows));
    await at.sandbox.stop();
  }
}

const IMPORT = [['import', { create_pages: 'open' }], ['in step', {}], ['quiet', {}]];

async function imported(size) {
  const at = await scene();
  addIssues(at, size);
  const rows = await passes(at, [...IMPORT, ['full', { mode: 'full' }]]);
  await at.sandbox.stop();
  return rows;
}

async function crowded(size) {
  const at = await scene();
  at.addIssue({ title: title(SAMPLE), labels: ['bug', 'urgent'], body: TEXT });
  const rows = await passes(at, IMPORT);
  const off = crowd(at, size);
  rows.push(...await passes(at, [['full', { mode: 'full' }], ['quiet', {}]]));
  off();
  await at.sandbox.stop();
  return rows.slice(IMPORT.length - 1);
}

function printPasses(size, rows) {
  const quiet = rows.find(({ what }) => what === 'quiet').peak;
  const full = rows.find(({ what }) => what === 'full');
  console.log(`\n${size} linked pages`);
  print('pass', 'requests', 'reads', 'writes', 'peak KiB', 'of quiet');
  for (const row of rows) print(row.what, row.requests, row.reads, row.writes, row.peak, `${(row.peak / quiet).toFixed(2)} x`);
  const allowed = 6 + Math.ceil(size / 100) + Math.ceil(size / 50);
  console.log(`full: ${(full.listings / allowed).toFixed(2)} x the reads allowed (${allowed}), ${((full.peak - quiet) * 1024 / size).toFixed(0)} bytes a page above quiet`);
}

async function changed() {
  const at = await scene();
  addIssues(at, Math.max(...CHANGED));
  await passes(at, IMPORT);
  const pages = new Map(at.sandbox.notion.snapshot({ ids: true }).Tasks.map((row) => [row.values['GitHub ID'], row.id]));
  const edits = {
    GitHub: (n, text) => at.sandbox.github.editIssue(at.repo, n, { title: `${text} ${n}`, body: `${n}\n\n${TEXT}\n\n${text}` }),
    Notion: (n, text) => at.sandbox.notion.editPage(pages.get(n), { Name: `${text} ${n}` }),
  };
  console.log('\nchanged, and read and written for it: listings and batches (of those allowed), pages and their content, writes');
  print('', 'listings', 'of allowed', 'a page', 'writes each');
  for (const [side, edit] of Object.entries(edits)) {
    for (const count of CHANGED) {
      for (let n = 1; n <= count; n += 1) edit(n, `${side} ${count}`);
      at.sandbox.clock.advance(10 * MINUTE);
      const [row] = await passes(at, [['changed', {}], ['in step', {}]]);
      const allowed = 6 + 3 * Math.ceil(count / 50);
      print(`${count} on ${side}`, row.listings, `${(row.listings / allowed).toFixed(2)} x`, (row.singles / count).toFixed(2), (row.records / count).toFixed(2));
    }
  }
  await at.sandbox.stop();
}

function versionStarts() {
  return Array.from({ length: STARTS }, () => {
    const started = performance.now();
    spawnSync(programPath(), ['--version']);
    return performance.now() - started;
  });
}

async function starts() {
  const at = await scene();
  await measure(at, 'first', {});
  const firsts = [];
  for (let i = 0; i < STARTS; i += 1) firsts.push((await measure(at, 'start', {})).toFirst);
  await at.sandbox.stop();
  const versions = versionStarts();
  console.log(`\nstart to first request, median of ${STARTS}: ${median(firsts).toFixed(1)} ms; a start with --version takes ${median(versions).toFixed(1)} ms (${(median(firsts) / median(versions)).toFixed(1)} x)`);
}

for (const size of sizes.length > 0 ? sizes : [250, 1000, 10000]) printPasses(size, await (size > IMPORT_MAX ? crowded(size) : imported(size)));
if (sizes.length === 0) {
  await rowBytes();
  await changed();
  await starts();
}
