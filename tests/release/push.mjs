#!/usr/bin/env node
// git push by the git that GIT names, which a test can make fail.
import { spawnSync } from 'node:child_process';
import { effect } from './effects.mjs';

await effect(() => { process.exitCode = spawnSync(process.env.GIT, process.argv.slice(2), { stdio: 'inherit' }).status; });
