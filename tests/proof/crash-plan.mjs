// Which cells of the matrix are played, and playing them several at a time.

import { disturbed, isWrite, TROUBLES, undisturbed } from './crash-cell.mjs';
import { SCRIPTS } from './script.mjs';

const AT_A_TIME = 4;
// One cell in so many is played.
export const SAMPLE = Number(process.env.CRASH_SAMPLE || 40);
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

/** Every trouble at every request, followed by both kinds of next pass where the lock may be held. */
export function allCells(requests, troubles = Object.keys(TROUBLES)) {
  return troubles.flatMap((trouble) => requests.flatMap((request, i) => {
    if (!fits(trouble, request)) return [];
    return (isKill(trouble) ? ['again', 'later'] : ['later']).map((next) => ({ trouble, at: i + 1, next }));
  }));
}

/** A sample of all cells, the same each time, a kill after each write and every refusal to save; with a sample of 1 all of them. */
export function cellsToPlay(requests, sample = SAMPLE) {
  const cells = allCells(requests);
  return cells.filter(({ trouble, at, next }, i) => (i * SCATTER) % cells.length < cells.length / sample
    || trouble === 'nothing is saved' || (trouble === 'kill after' && isWrite(requests[at - 1]) && next === (at % 2 === 0 ? 'again' : 'later')));
}

export const told = (name, { trouble, at, next }) => `${name}: ${trouble} ${at}, then ${next}`;

/** Plays cells of one script; answers with the failed ones, each a readable text. */
export async function playCells(name, cells, { deep = false, onCell } = {}) {
  const { state } = await baseline(name);
  const left = [...cells];
  const failures = [];
  const player = async () => {
    for (let cell = left.shift(); cell !== undefined; cell = left.shift()) {
      const problems = await disturbed(SCRIPTS[name], state, cell, { deep });
      onCell?.(cell, problems);
      if (problems.length > 0) failures.push([told(name, cell), ...problems.map((line) => `    ${line}`)].join('\n'));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, player));
  return failures;
}
