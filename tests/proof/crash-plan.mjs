// Which cells of the matrix are played, and playing them several at a time.

import os from 'node:os';
import { Worker } from 'node:worker_threads';
import { isWrite, TROUBLES, undisturbed } from './crash-cell.mjs';
import { SCRIPTS } from './script.mjs';

// One cell in so many is played.
export const SAMPLE = Number(process.env.CRASH_SAMPLE || 60);
// A prime larger than any script has cells: it scatters the sample over troubles and requests.
const SCATTER = 7919;
// So many cells does a thread play at once: they wait for their programs.
const AT_A_TIME = 2;
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

// The cells of several scripts, one by one. While one script is played, the next one's baseline is made.
async function* cellsOf(names, choose) {
  for (const [i, name] of names.entries()) {
    const { requests, state } = await baseline(name);
    if (i + 1 < names.length) baseline(names[i + 1]).catch(() => {});
    for (const cell of choose(requests)) yield { name, state, cell };
  }
}

/**
 * Plays cells of scripts on every core; `choose` names them, given a script's requests. Answers with an
 * entry for each script: {played, failures}, where a failure is a readable text. Each core has one thread for
 * all of them, since a thread that begins costs as much as several cells.
 */
export async function playCells(names, choose, { deep = false } = {}) {
  const results = new Map(names.map((name) => [name, { played: 0, failures: [] }]));
  const note = ({ name, cell, problems }) => {
    const result = results.get(name);
    result.played += 1;
    if (problems.length > 0) result.failures.push([told(name, cell), ...problems.map((line) => `    ${line}`)].join('\n'));
  };
  const cells = cellsOf(names, choose);
  await Promise.all(Array.from({ length: os.availableParallelism() }, () => new Promise((resolve, reject) => {
    const worker = new Worker(new URL('crash-worker.mjs', import.meta.url), { workerData: { deep } });
    let underWay = 0;
    const feed = async () => {
      underWay += 1;
      const { done, value } = await cells.next();
      if (!done) worker.postMessage(value);
      else if ((underWay -= 1) === 0) worker.terminate();
    };
    const fed = () => { feed().catch(reject); };
    worker.on('message', (answer) => { note(answer); underWay -= 1; fed(); }).on('error', reject).on('exit', resolve);
    for (let i = 0; i < AT_A_TIME; i += 1) fed();
  })));
  return results;
}
