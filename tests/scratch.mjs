// Where runs keep their files: in memory if that is to be had, since a run makes and removes a dozen of them,
// which costs a disk more time than the run itself.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const MEMORY = '/dev/shm';

function isWritable(folder) {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const PLACE = isWritable(MEMORY) ? MEMORY : os.tmpdir();

export const scratchFolder = (name) => fs.mkdtempSync(path.join(PLACE, `${name}-`));
