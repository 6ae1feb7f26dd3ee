// A thread that plays its share of a script's cells, a few at a time.

import { parentPort, workerData } from 'node:worker_threads';
import { disturbed } from './crash-cell.mjs';
import { SCRIPTS } from './script.mjs';

const AT_A_TIME = 2;
const { name, state, cells, deep } = workerData;

async function play() {
  for (let cell = cells.shift(); cell !== undefined; cell = cells.shift()) {
    parentPort.postMessage({ cell, problems: await disturbed(SCRIPTS[name], state, cell, { deep }) });
  }
}

await Promise.all(Array.from({ length: AT_A_TIME }, play));
