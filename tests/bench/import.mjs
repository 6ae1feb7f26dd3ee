// What the first import of a board takes: runs, requests and hours, by the sandbox's clock, with the services' limits and
// the workflow's token. `make bench`; sizes as arguments: `node tests/bench/import.mjs 300 3000`. A run follows the last
// one after ten minutes, and a request takes 0.3 s.

import { isRead } from '../e2e/sync-story.mjs';
import { board } from '../harness.mjs';
import { Sandbox } from '../sandbox/core.mjs';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const REQUEST = 300;
const sizes = process.argv.slice(2).map(Number).filter((n) => n > 0);

const TEXT = Array.from({ length: 6 }, (_, i) => `Paragraph ${i + 1} of a report of *usual* length, with \`code\` and a [link](https://example.com).`).join('\n\n');
const KINDS = {
  'issues to pages': (at, i) => at.addIssue({ title: `An issue ${i}`, labels: ['bug'], body: TEXT }),
  'pages to issues': (at, i) => at.addPage({ Name: `A page ${i}`, Status: 'In progress', Labels: ['bug'] }),
};

async function imported(kind, size, inputs) {
  const sandbox = await Sandbox.start();
  const at = board(sandbox);
  for (let i = 0; i < size; i += 1) {
    KINDS[kind](at, i);
    if (i % 50 === 49) sandbox.clock.advance(MINUTE);
  }
  sandbox.clock.advance(60 * MINUTE);
  const off = sandbox.on(({ phase }) => { if (phase === 'before') sandbox.clock.advance(REQUEST); });
  const total = { runs: 0, requests: 0, writes: 0, minutes: 0, hours: 0 };
  const started = sandbox.clock.now();
  for (let quiet = false; !quiet;) {
    const began = sandbox.clock.now();
    const run = await at.sync(inputs, { timeout: 3600000, allow: ['manners'] });
    if (run.code !== 0) throw new Error(`${kind}, ${size}: exit ${run.code}\n${run.stdout}\n${run.stderr}`);
    const took = sandbox.clock.now() - began;
    quiet = run.outputs.changed === 'false' && run.outputs.remaining === '0';
    if (!quiet) {
      total.runs += 1;
      total.requests += run.requests.length;
      total.writes += run.requests.filter((request) => !isRead(request)).length;
      total.minutes += Math.ceil(took / MINUTE);
      total.hours = (sandbox.clock.now() - started) / (60 * MINUTE);
    }
    sandbox.clock.advance(10 * MINUTE);
  }
  off();
  await sandbox.stop();
  return total;
}

console.log(['first import', 'size', 'comments', 'runs', 'minutes', 'hours', 'requests', 'writes'].map((cell, i) => cell.padStart(i === 0 ? 16 : 10)).join(''));
for (const size of sizes.length > 0 ? sizes : [300]) {
  for (const kind of Object.keys(KINDS)) {
    for (const comments of ['all', 'none']) {
      const { runs, minutes, hours, requests, writes } = await imported(kind, size, { link_comments: comments });
      console.log([kind, size, comments, runs, minutes, hours.toFixed(1), requests, writes].map((cell, i) => String(cell).padStart(i === 0 ? 16 : 10)).join(''));
    }
  }
}
