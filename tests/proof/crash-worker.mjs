// A thread that plays the cells it is given.

import { parentPort, workerData } from 'node:worker_threads';
import { disturbed } from './crash-cell.mjs';
import { SCRIPTS } from './script.mjs';

parentPort.on('message', async ({ name, state, cell }) => {
  parentPort.postMessage({ name, cell, problems: await disturbed(SCRIPTS[name], state, cell, workerData) });
});
