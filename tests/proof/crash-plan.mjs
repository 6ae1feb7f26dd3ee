// Which cells of the matrix are played, and playing them several at a time.

import { disturbed, isWrite, TROUBLES, undisturbed } from './crash-cell.mjs';
import { SCRIPTS } from './script.mjs';

const AT_A_TIME = 4;
// One cell in so many is played on these variants of the program.
const SAMPLE = { static: 4, asan: 8, valgrind: 40 };
const baselines = new Map();

export function baseline(name, options) {
  if (!baselines.has(name)) baselines.set(name, undisturbed(SCRIPTS[name], options));
  return baselines.get(name);
}

const isKill = (trouble) => /^(?:kill|stop)/.test(trouble);
const fits = (trouble, request) => trouble !== '503 saved' || (request.service === 'notion' && isWrite(request));

/** Every trouble at every request, followed by both kinds of next pass where the lock may be held. */
export function allCells(requests, troubles = Object.keys(TROUBLES)) {
  return troubles.flatMap((trouble) => requests.flatMap((request, i) => {
    if (!fits(trouble, request)) return [];
    return (isKill(trouble) ? ['again', 'later'] : ['later']).map((next) => ({ trouble, at: i + 1, next }));
  }));
}

/** A kill before and one after each request, the next passes taking turns. */
export function killCells(requests, turn) {
  return requests.flatMap((_, i) => [
    { trouble: 'kill before', at: i + 1, next: (i + turn) % 2 === 0 ? 'again' : 'later' },
    { trouble: 'kill after', at: i + 1, next: (i + turn) % 2 === 0 ? 'later' : 'again' },
  ]);
}

/** One trouble at each request; `turn` shifts which. */
export function faultCells(requests, turn) {
  const kinds = Object.keys(TROUBLES).filter((trouble) => !trouble.startsWith('kill'));
  return requests.map((request, i) => {
    const fitting = kinds.filter((trouble) => fits(trouble, request));
    return { trouble: fitting[(5 * turn + i) % fitting.length], at: i + 1, next: 'later' };
  });
}

/**
 * What a test run plays of a script: all where NOTION_SYNC_CRASH is `all`; on the plain program each
 * kill and a fault per request, but of what precedes the first write, and of scripts with lagging
 * queries, only a part; on variants, which are slow or differ little, a sample.
 */
export function cellsToPlay(name, group, requests) {
  const turn = Object.keys(SCRIPTS).indexOf(name);
  if (process.env.NOTION_SYNC_CRASH === 'all') return allCells(requests, Object.keys(TROUBLES).filter((trouble) => (group === 'kills') === isKill(trouble)));
  const onset = requests.findIndex(isWrite) + 1;
  const cells = (group === 'kills' ? killCells : faultCells)(requests, turn);
  const every = SAMPLE[process.env.NOTION_SYNC_VARIANT] ?? 1;
  return cells.filter(({ at, trouble }, i) => (i + turn) % every === 0 && (at >= onset || (at + turn) % 4 === 0)
    && (!SCRIPTS[name].lag || trouble === 'kill after' || (group === 'faults' && (at + turn) % 2 === 0)));
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
