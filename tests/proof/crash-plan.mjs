// Which cells of the matrix are played, and playing them several at a time.

import os from 'node:os';
import { Worker } from 'node:worker_threads';
import { isWrite, TROUBLES, undisturbed } from './crash-cell.mjs';
import { SCRIPTS } from './script.mjs';

// One cell in so many is played.
export const SAMPLE = Number(process.env.CRASH_SAMPLE || 60);
// A prime larger than any script has cells: it scatters the sample over troubles and requests.
const SCATTER = 7919;
const baselines = new Map();

export function baseline(name) {
  if (!baselines.has(name)) baselines.set(name, undisturbed(SCRIPTS[name]));
  return baselines.get(name);
}

const isKill = (trouble) => /^(?:kill|stop)/.test(trouble);
const isSave = (request) => isWrite(request) && /\/git\//.test(request.path);
const fits = (trouble, request) => (trouble !== '503 saved' || (request.service === 'notion' && isWrite(request)))
  && (trouble !== 'nothing is saved' || isSave(request));

/** Every trouble at every request, followed by both kinds of next pass if the lock may be held. */
export function allCells(requests, troubles = Object.keys(TROUBLES)) {
  return troubles.flatMap((trouble) => requests.flatMap((request, i) => {
    if (!fits(trouble, request)) return [];
    return (isKill(trouble) ? ['again', 'later'] : ['later']).map((next) => ({ trouble, at: i + 1, next }));
  }));
}

/** A sample of all cells, the same each time, a kill after each write and one refusal of each save; with a sample of 1 all of them. */
export function cellsToPlay(requests, sample = SAMPLE) {
  const cells = allCells(requests);
  return cells.filter(({ trouble, at, next }, i) => (i * SCATTER) % cells.length < cells.length / sample
    || (trouble === 'nothing is saved' && /\/git\/refs/.test(requests[at - 1].path)) || (trouble === 'kill after' && isWrite(requests[at - 1]) && next === (at % 2 === 0 ? 'again' : 'later')));
}

export const told = (name, { trouble, at, next }) => `${name}: ${trouble} ${at}, then ${next}`;

/** Plays cells of one script on every core; answers with the failed ones, each a readable text. */
export async function playCells(name, cells, { deep = false } = {}) {
  const { state } = await baseline(name);
  const threads = os.availableParallelism();
  const failures = [];
  const note = ({ cell, problems }) => {
    if (problems.length > 0) failures.push([told(name, cell), ...problems.map((line) => `    ${line}`)].join('\n'));
  };
  await Promise.all(Array.from({ length: threads }, (_, i) => new Promise((resolve, reject) => {
    const share = cells.filter((_cell, k) => k % threads === i);
    new Worker(new URL('crash-worker.mjs', import.meta.url), { workerData: { name, state, cells: share, deep } })
      .on('message', note).on('error', reject).on('exit', resolve);
  })));
  return failures;
}
