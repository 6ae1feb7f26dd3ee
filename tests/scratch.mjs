// Where runs keep their files: in memory if that is to be had, since a run makes and removes a dozen of them,
// which costs a disk more time than the run itself.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const MEMORY = '/dev/shm';

// A container's may be small.
const ROOM = 256 * 1024 * 1024;

function hasRoom(folder) {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    const { bavail, bsize } = fs.statfsSync(folder);
    return bavail * bsize >= ROOM;
  } catch {
    return false;
  }
}

const PLACE = hasRoom(MEMORY) ? MEMORY : os.tmpdir();

export const scratchFolder = (name) => fs.mkdtempSync(path.join(PLACE, `${name}-`));
