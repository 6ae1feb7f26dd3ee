import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { programPath } from '../harness.mjs';

const read = (name) => fs.readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const action = parse(read('action.yml'));

// The program's own list: "  name (default: value)  meaning", or "(required)".
function listed() {
  const help = execFileSync(programPath(), ['--help'], { encoding: 'utf8' });
  const rows = help.matchAll(/^ {2}([a-z]+(?:_[a-z]+)*) \((required|default: ([^)]*))\)/gm);
  return new Map([...rows].map(([, name, what, value]) => [name, { required: what === 'required', value }]));
}

// What the program finds out by itself has no default that action.yml could name.
const foundByTheProgram = (value) => value === undefined || value === 'empty' || /^GITHUB_|<\w+>/.test(value);

test('action.yml declares the inputs that the program reads, in its order', () => {
  assert.deepEqual(Object.keys(action.inputs), [...listed().keys()]);
});

test('action.yml gives the defaults that the program has', () => {
  for (const [name, { required, value }] of listed()) {
    const input = action.inputs[name];
    assert.equal(input.required ?? false, required, `${name}: required`);
    assert.equal(input.default, foundByTheProgram(value) ? undefined : value, `${name}: default`);
    assert.ok(input.description?.length > 10, `${name}: description`);
  }
});

test('inputs and defaults reach the program as text', () => {
  for (const [name, input] of Object.entries(action.inputs)) {
    assert.match(name, /^[a-z]+(_[a-z]+)*$/, 'of names that no variable of a shell has, busybox passes on what dash drops');
    assert.ok(input.default === undefined || typeof input.default === 'string', `${name}: quote the default`);
  }
});

test('the outputs of action.yml are described, and have no value', () => {
  for (const [name, output] of Object.entries(action.outputs)) {
    assert.deepEqual(Object.keys(output), ['description'], `${name}: an output of a container has no value`);
    assert.equal(typeof output.description, 'string', `${name}: description`);
  }
});

test('the runner can build and start the image', () => {
  assert.deepEqual(Object.keys(action.runs), ['using', 'image']);
  assert.equal(action.runs.using, 'docker');
  assert.match(action.runs.image, /^(?:Dockerfile|docker:\/\/[^@]+@sha256:[0-9a-f]{64})$/, 'built here, or a release by its digest');
  const last = read('Dockerfile').split(/^FROM /m).at(-1);
  assert.match(last, /^ENTRYPOINT \["\/entrypoint\.sh"\]$/m, 'exec form, absolute');
  assert.doesNotMatch(last, /^(USER|WORKDIR)\b/m, 'the runner sets the folder and writes its files as root');
});
