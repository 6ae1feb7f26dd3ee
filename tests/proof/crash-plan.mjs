// Which cells of the matrix are played, and playing them several at a time.

import { disturbed, isWrite, TROUBLES, undisturbed } from './crash-cell.mjs';
import { SCRIPTS } from './script.mjs';

const AT_A_TIME = 4;
const baselines = new Map();

export function baseline(name) {
  if (!baselines.has(name)) baselines.set(name, undisturbed(SCRIPTS[name]));
  return baselines.get(name);
}

const isKill = (trouble) => /^(?:kill|stop)/.test(trouble);
const fits = (trouble, request) => trouble !== '503 saved' || (request.service === 'notion' && isWrite(request));

/** Every trouble at every request, followed by both kinds of next pass. */
export function allCells(requests, troubles = Object.keys(TROUBLES)) {
  return troubles.flatMap((trouble) => requests.flatMap((request, i) => {
    if (!fits(trouble, request)) return [];
    return (isKill(trouble) ? ['again', 'later'] : ['later']).map((next) => ({ trouble, at: i + 1, next }));
  }));
}

// Before the first write nothing has happened yet that a death could tear apart.
const onset = (requests) => requests.findIndex(isWrite);

/** A kill before and one after each request from the first write on, the next passes taking turns. */
export function killCells(requests, turn) {
  const start = onset(requests);
  return requests.flatMap((_, i) => (i < start ? [] : [
    { trouble: 'kill before', at: i + 1, next: (i + turn) % 2 === 0 ? 'again' : 'later' },
    { trouble: 'kill after', at: i + 1, next: (i + turn) % 2 === 0 ? 'later' : 'again' },
  ]));
}

/** One trouble at each request; `turn` shifts which. */
export function faultCells(requests, turn) {
  const kinds = Object.keys(TROUBLES).filter((trouble) => !trouble.startsWith('kill'));
  return requests.map((request, i) => {
    const fitting = kinds.filter((trouble) => fits(trouble, request));
    return { trouble: fitting[(5 * turn + i) % fitting.length], at: i + 1, next: 'later' };
  });
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
