// The crash matrix as tests: one for each script and group of troubles.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseline, cellsToPlay, playCells } from './crash-plan.mjs';
import { SCRIPTS } from './script.mjs';

export const PLAIN = !['static', 'asan', 'valgrind'].includes(process.env.NOTION_SYNC_VARIANT);

async function playGroup(name, group) {
  const { requests, problems } = await baseline(name, { deep: PLAIN });
  assert.deepEqual(problems, [], 'the pass that nothing disturbs');
  const failures = await playCells(name, cellsToPlay(name, group, requests));
  assert.ok(failures.length === 0, `${failures.length} cells failed\n${failures.join('\n')}`);
}

export function suite(group, title) {
  for (const name of Object.keys(SCRIPTS)) test(`${title}: ${name}`, () => playGroup(name, group));
}
