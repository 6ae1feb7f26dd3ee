// Histories by number: each has a seed of its own, so that any of them can be shown, played and
// shrunk without the others.

import fc from 'fast-check';
import { POLICIES, beginning, history, isPersonal } from './histories-steps.mjs';
import { play } from './histories-play.mjs';

const SHRINK_MS = 90000;

// Plays the history of a seed; of one that fails, returns the shortest that was found in the time.
export async function tryHistory(seed, { shrinkMs = SHRINK_MS } = {}) {
  let deadline = null;
  let passes = 0;
  let best = null;
  const property = fc.asyncProperty(history, async (candidate) => {
    if (deadline !== null && Date.now() > deadline) return;
    const result = await play(candidate);
    passes += result.passes;
    if (result.problems.length === 0) return;
    best = { seed, history: candidate, problems: result.problems };
    deadline ??= Date.now() + shrinkMs;
    throw new Error(result.problems[0]);
  });
  await fc.check(property, { seed, numRuns: 1 });
  return { passes, failure: best };
}

// --- showing ---

function tellStep(step) {
  const { do: name, trouble = {}, ...rest } = step;
  const details = Object.entries(rest).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  for (const [name, words] of [['kill', 'killed'], ['stop', 'asked to end']]) {
    if (!trouble[name]) continue;
    const { n, writes, phase } = trouble[name];
    details.push(`${words} at ${writes ? 'write' : 'request'} ${n}, ${phase} the service acts`);
  }
  if (trouble.saves) details.push(`nothing is saved after write ${trouble.saves.skip} to the state`);
  if (trouble.faults) details.push(`faults ${JSON.stringify(trouble.faults)}`);
  for (const { n, step: inner } of trouble.meanwhile ?? []) details.push(`at request ${n} a person does: ${tellStep(inner)}`);
  return `${isPersonal(step) ? 'a person: ' : ''}${name}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
}

export function tell({ seed, history: { policies, start, steps }, problems }) {
  const chosen = Object.entries(policies).filter(([name, value]) => value !== POLICIES[name][0]).map(([name, value]) => `${name}: ${value}`);
  const json = JSON.stringify({ policies, start, steps });
  return [
    `history ${seed ?? ''}`.trim(),
    `  inputs that are not the default: ${chosen.join(', ') || 'none'}`,
    ...[...beginning(start), ...steps].map((step, i) => `  ${i + 1}. ${tellStep(step)}`),
    '  then nobody is at work any more, and:',
    ...problems.map((text) => `  ! ${text.replace(/\n/g, '\n    ')}`),
    `  again: node tests/proof/histories.mjs --replay '${json.replace(/'/g, '\\u0027')}'`,
    `  a line for tests/proof/seeds.json: {"name":"WHAT WENT WRONG",${json.slice(1)}`,
  ].join('\n');
}
