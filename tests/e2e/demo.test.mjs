import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { programPath } from '../harness.mjs';

const DEMO = fileURLToPath(new URL('../demo/demo.mjs', import.meta.url));

function demo(env = {}) {
  const { NO_COLOR, FORCE_COLOR, ...rest } = process.env;
  return spawnSync(process.execPath, [DEMO], { env: { ...rest, NOTION_SYNC_BIN: programPath(), ...env }, encoding: 'utf8' });
}

test('the demo ends with both sides in step, plain and small enough to be read at a glance', () => {
  const { status, stdout, stderr } = demo();
  assert.equal(status, 0, stdout + stderr);
  const lines = stdout.trimEnd().split('\n');
  assert.match(lines.at(-1), /^Both sides are in step\./);
  assert.doesNotMatch(stdout, /\x1b|WRONG/);
  assert.ok(lines.length <= 120, `${lines.length} lines`);
  assert.deepEqual(lines.filter((line) => [...line].length > 100), []);
});

test('a program that does nothing fails the demo', () => {
  const { status, stdout } = demo({ NOTION_SYNC_BIN: '/bin/true', NOTION_SYNC_WRAPPER: '' });
  assert.equal(status, 1);
  assert.match(stdout, /did not link both sides/);
});
