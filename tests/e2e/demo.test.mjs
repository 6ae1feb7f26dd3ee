import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { programPath } from '../harness.mjs';

const DEMO = fileURLToPath(new URL('../demo/demo.mjs', import.meta.url));
const PICTURES = fileURLToPath(new URL('../demo/pictures.mjs', import.meta.url));
const SHOWN = fileURLToPath(new URL('../../docs/pictures', import.meta.url));

function demo(env = {}) {
  const { NO_COLOR, FORCE_COLOR, ...rest } = process.env;
  return spawnSync(process.execPath, [DEMO], { env: { ...rest, NOTION_SYNC_BIN: programPath(), ...env }, encoding: 'utf8' });
}

test('the demo ends with both sides in sync, plain and small enough to be read at a glance', () => {
  const { status, stdout, stderr } = demo();
  assert.equal(status, 0, stdout + stderr);
  const lines = stdout.trimEnd().split('\n');
  assert.match(lines.at(-1), /^Both sides are in sync\./);
  assert.doesNotMatch(stdout, /\x1b|WRONG/);
  assert.ok(lines.length <= 125, `${lines.length} lines`);
  assert.deepEqual(lines.filter((line) => [...line].length > 100), []);
});

test('a program that does nothing fails the demo', () => {
  const { status, stdout } = demo({ NOTION_SYNC_BIN: '/bin/true', NOTION_SYNC_WRAPPER: '' });
  assert.equal(status, 1);
  assert.match(stdout, /did not link both sides/);
});

test('the pictures of the README are drawn from runs, in light and dark; the board is the one that is shown', (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'notion-sync-pictures-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const { status, stderr } = spawnSync(process.execPath, [PICTURES, folder], { env: { ...process.env, NOTION_SYNC_BIN: programPath() }, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const drawn = (name) => fs.readFileSync(path.join(folder, name), 'utf8');
  for (const name of ['board-light.svg', 'board-dark.svg']) {
    assert.equal(drawn(name), fs.readFileSync(path.join(SHOWN, name), 'utf8'), `${name}: run make pictures`);
    assert.ok(fs.existsSync(path.join(SHOWN, name.replace('board', 'summary'))));
  }
  for (const name of ['summary-light.svg', 'summary-dark.svg']) {
    for (const text of ['Cache the catalog', '1 pull request merged', 'Export everything']) assert.ok(drawn(name).includes(`>${text}<`), `${name}: ${text}`);
  }
});
