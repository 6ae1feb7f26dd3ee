// Plays histories on several processes: those of seeds.json, which went wrong once, then random ones.
//
//   node tests/proof/histories.mjs                  HISTORIES (200) random ones
//   node tests/proof/histories.mjs --seed 17        that one, shrunk if it fails
//   node tests/proof/histories.mjs --replay JSON    those steps
//
// HISTORIES_SEED is the seed of the first random one (drawn if it is not given), HISTORIES_WORKERS the
// number of processes. Ends with "N passed, N failed".

import { fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { play } from './histories-play.mjs';
import { tell, tryHistory } from './histories-run.mjs';

const FAILURES_ENOUGH = 5;
const PROGRESS = 250;
const MEMORY = '/dev/shm';
const past = JSON.parse(fs.readFileSync(new URL('seeds.json', import.meta.url), 'utf8'));
const number = (name, otherwise) => (process.env[name] ? Number(process.env[name]) : otherwise);

// Every pass makes files and folders of its own, which need not outlive it on a disk.
function quickFiles() {
  try {
    fs.accessSync(MEMORY, fs.constants.W_OK);
    return { TMPDIR: MEMORY };
  } catch {
    return {};
  }
}

// A job is the seed of a random history, or the name of a past one.
async function work() {
  process.on('message', async (job) => {
    process.send(typeof job === 'number' ? await tryHistory(job) : await tryPast(past.find(({ name }) => name === job)));
  });
  process.on('disconnect', () => process.exit());
}

async function tryPast(history) {
  const { passes, problems } = await play(history);
  return { passes, failure: problems.length > 0 ? { seed: `that went wrong once: ${history.name}`, history, problems } : null };
}

// Hands out jobs one by one until all are done or enough have failed.
class Crew {
  constructor(jobs) {
    this.jobs = jobs;
    this.played = 0;
    this.passes = 0;
    this.failures = [];
  }

  run(size) {
    return Promise.all(Array.from({ length: size }, () => this.#hire()));
  }

  #hire() {
    const child = fork(fileURLToPath(import.meta.url), ['--work'], { env: { ...process.env, ...quickFiles() } });
    return new Promise((resolve, reject) => {
      child.on('message', (result) => {
        this.#note(result);
        this.#hand(child);
      });
      child.on('exit', (code, signal) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code ?? signal}`))));
      this.#hand(child);
    });
  }

  #hand(child) {
    if (this.jobs.length === 0 || this.failures.length >= FAILURES_ENOUGH) child.disconnect();
    else child.send(this.jobs.shift());
  }

  #note({ passes, failure }) {
    this.played += 1;
    this.passes += passes;
    if (this.played % PROGRESS === 0) console.log(`${this.played} histories`);
    if (!failure) return;
    this.failures.push(failure);
    console.log(`${tell(failure)}\n`);
  }
}

async function playMany() {
  const first = number('HISTORIES_SEED', randomInt(2 ** 30));
  const wanted = number('HISTORIES', 200);
  console.log(`${past.length} past histories, then ${wanted} with the seeds from ${first}`);
  const crew = new Crew([...past.map(({ name }) => name), ...Array.from({ length: wanted }, (_, i) => first + i)]);
  await crew.run(number('HISTORIES_WORKERS', os.cpus().length));
  console.log(`${crew.played} histories (${crew.passes} passes)`);
  finish(crew.played - crew.failures.length, crew.failures.length);
}

async function playOne(seed) {
  const { failure } = await tryHistory(seed);
  if (failure) console.log(tell(failure));
  finish(failure ? 0 : 1, failure ? 1 : 0);
}

async function replay(text) {
  const history = JSON.parse(text);
  const { problems } = await play(history, { log: process.env.HISTORIES_TRACE ? trace : undefined });
  if (problems.length > 0) console.log(tell({ history, problems }));
  finish(problems.length > 0 ? 0 : 1, problems.length > 0 ? 1 : 0);
}

function trace(i, step, { board, sandbox }) {
  console.log(JSON.stringify(board.snapshot(), null, 1));
  console.log(`--- ${i}. ${JSON.stringify(step)} at ${new Date(sandbox.clock.now()).toISOString()}`);
}

function finish(passed, failed) {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

const [flag, value] = process.argv.slice(2);
if (flag === '--work') await work();
else if (flag === '--seed') await playOne(Number(value));
else if (flag === '--replay') await replay(value);
else await playMany();
