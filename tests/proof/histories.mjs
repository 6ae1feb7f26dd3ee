// Plays random histories on several processes.
//
//   node tests/proof/histories.mjs                  HISTORIES (2000) of them, in HISTORIES_SECONDS (300) at most
//   node tests/proof/histories.mjs --seed 17        that one, shrunk where it fails
//   node tests/proof/histories.mjs --replay JSON    those steps
//
// HISTORIES_SEED is the seed of the first (a random one where it is not given), HISTORIES_WORKERS the
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

async function work() {
  process.on('message', async (seed) => {
    process.send(await tryHistory(seed));
  });
  process.on('disconnect', () => process.exit());
}

// Hands out seeds one by one until enough were played, time is up or enough have failed.
class Crew {
  constructor({ first, wanted, seconds }) {
    this.next = first;
    this.last = first + wanted;
    this.deadline = Date.now() + seconds * 1000;
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
    if (this.next >= this.last || Date.now() > this.deadline || this.failures.length >= FAILURES_ENOUGH) {
      child.disconnect();
      return;
    }
    child.send(this.next);
    this.next += 1;
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
  const started = Date.now();
  const first = number('HISTORIES_SEED', randomInt(2 ** 30));
  const wanted = number('HISTORIES', 2000);
  const crew = new Crew({ first, wanted, seconds: number('HISTORIES_SECONDS', 300) });
  await crew.run(number('HISTORIES_WORKERS', os.cpus().length));
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`${crew.played} histories (${crew.passes} passes) in ${seconds} s, seeds from ${first}${crew.played < wanted ? `; ${wanted} were wanted` : ''}`);
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
