// The workflow Release as far as it runs without GitHub: scripts/pin against remotes and a registry of
// our own, then the shell steps of each job, in order, with a bare git remote and that registry.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { digestOf, readManifest, start, writeImage, writeIndex } from './registry.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VERSION = '9.8.7';

async function scene(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'release-flow-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const registry = await start(folder);
  t.after(registry.stop);
  const { HOME: _home, ...outer } = process.env;
  const env = {
    ...outer, HOME: folder, GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.com',
    PIN_GIT: path.join(folder, 'actions'), PIN_REGISTRY: registry.host,
  };
  const git = (cwd, ...args) => execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  const remote = path.join(folder, 'remote.git');
  const tree = path.join(folder, 'tree');
  git(folder, 'init', '-q', '--bare', '-b', 'main', remote);
  git(folder, 'clone', '-q', remote, tree);
  const files = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
  execFileSync('xargs', ['-0', 'cp', '-d', '--parents', '-t', tree], { cwd: ROOT, input: files });
  git(tree, 'checkout', '-q', '-b', 'main');
  const commit = (message) => {
    git(tree, 'add', '-A');
    git(tree, 'commit', '-q', '-m', message);
    git(tree, 'push', '-q', 'origin', 'HEAD:main');
  };
  commit('start');

  // docker and gh, as far as the workflow goes.
  const bin = path.join(folder, 'bin');
  fs.mkdirSync(bin);
  fs.symlinkSync(fileURLToPath(new URL('docker.mjs', import.meta.url)), path.join(bin, 'docker'));
  fs.writeFileSync(path.join(bin, 'gh'), `#!/bin/sh
printf '%s\\n' "$*" >>'${folder}/gh.log'
[ "$1 $2" != 'release view' ] || grep -q '^release create' '${folder}/gh.log'
`, { mode: 0o755 });
  env.PATH = `${bin}:${env.PATH}`;
  const gh = () => fs.readFileSync(path.join(folder, 'gh.log'), 'utf8');
  return { folder, registry, env, git, remote, tree, commit, gh };
}

// A repository for each action, with the tag that the workflows name.
function makeActions({ tree, env, git }) {
  const shas = new Map();
  for (const name of fs.readdirSync(path.join(tree, '.github/workflows'))) {
    const text = fs.readFileSync(path.join(tree, '.github/workflows', name), 'utf8');
    for (const [, repository, tag] of text.matchAll(/uses: *([\w.-]+\/[\w.-]+)(?:\/[\w./-]+)?@(?:[0-9a-f]{40} # )?(\S+)/g)) {
      const at = path.join(env.PIN_GIT, repository);
      if (repository === 'org/notion-sync-action' || shas.has(`${repository}@${tag}`)) continue;
      fs.mkdirSync(at, { recursive: true });
      git(at, 'init', '-q');
      git(at, 'commit', '-q', '--allow-empty', '-m', tag);
      git(at, 'tag', '-a', '-m', tag, tag);
      shas.set(`${repository}@${tag}`, git(at, 'rev-parse', 'HEAD'));
    }
  }
  return shas;
}

async function makeBase({ registry }, labels = {}) {
  const name = `${registry.host}/alpine`;
  const images = await Promise.all(['amd64', 'arm64'].map((architecture) => writeImage(`${name}:digest`, { architecture, labels })));
  return writeIndex(`${name}:3.23`, images.map((digest) => `${name}@${digest}`));
}

// The value of what is in ${{ }}: names, and the first of several that is not empty.
function evaluate(text, context) {
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression) => expression.split(/\s*\|\|\s*/)
    .map((name) => name.split('.').reduce((at, key) => at?.[key], context)).find(Boolean) ?? '');
}

function runJob(at, job, context) {
  const work = fs.mkdtempSync(path.join(at.folder, 'job-'));
  const steps = {};
  for (const step of job.steps) {
    const here = { ...context, steps };
    if (step.uses?.startsWith('actions/checkout@')) {
      at.git(at.folder, 'clone', '-q', at.remote, work);
      const ref = evaluate(step.with?.ref ?? '', here);
      if (ref) at.git(work, 'checkout', '-q', ref);
    }
    if (step.run === undefined) continue;
    const output = path.join(at.folder, 'output');
    fs.writeFileSync(output, '');
    const own = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, text]) => [name, evaluate(text, here)]));
    const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', step.run], {
      cwd: work, encoding: 'utf8',
      env: { ...at.env, GITHUB_OUTPUT: output, GITHUB_ACTOR: 'someone', GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/notion-sync-action', ...own },
    });
    if (status !== 0) return { failed: `${step.name ?? step.run}: ${stdout}${stderr}`, steps };
    const outputs = Object.fromEntries([...fs.readFileSync(output, 'utf8').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
    if (step.id) steps[step.id] = { outputs };
  }
  const outputs = Object.fromEntries(Object.entries(job.outputs ?? {}).map(([name, text]) => [name, evaluate(text, { ...context, steps })]));
  return { outputs };
}

// As far as it goes; `stop` is the job before which a run breaks off.
function release(at, stop) {
  const { jobs } = parse(fs.readFileSync(path.join(at.tree, '.github/workflows/release.yml'), 'utf8'));
  const needs = {};
  const context = {
    needs, inputs: { version: VERSION }, vars: { IMAGE: `${at.registry.host}/Acme/notion-sync-action` }, secrets: {},
    github: { token: 'ghs_secret', event: { repository: { default_branch: 'main' } } },
  };
  const ran = [];
  for (const name of ['prepare', 'image', 'index', 'publish']) {
    if (name === stop) break;
    if (name === 'image' && needs.prepare.outputs.digest !== '') continue;
    const kinds = jobs[name].strategy?.matrix.include ?? [undefined];
    for (const matrix of kinds) {
      const { failed, outputs } = runJob(at, jobs[name], { ...context, matrix });
      if (failed) return { failed: `${name}: ${failed}`, needs, ran };
      const given = Object.entries(outputs).filter(([, value]) => value !== '' || name === 'prepare');
      needs[name] = { result: 'success', outputs: { ...needs[name]?.outputs, ...Object.fromEntries(given) } };
    }
    ran.push(name);
  }
  return { needs, ran };
}

test('a release, from the pins to the tags; broken off and resumed', async (t) => {
  const at = await scene(t);
  const pin = (...args) => spawnSync('scripts/pin', args, { cwd: at.tree, env: at.env, encoding: 'utf8' });
  const read = (name) => fs.readFileSync(path.join(at.tree, name), 'utf8');

  assert.match(release(at).failed ?? '', /^prepare: Everything that runs is pinned/, 'tags are refused');
  const shas = makeActions(at);
  const base = await makeBase(at);
  assert.equal(pin().status, 0, pin().stdout);
  assert.match(read('Dockerfile'), new RegExp(`^ARG ALPINE=alpine:3\\.23@${base}$`, 'm'));
  for (const [reference, sha] of shas) {
    const [repository, tag] = reference.split('@');
    const used = fs.readdirSync(path.join(at.tree, '.github/workflows')).map((name) => read(`.github/workflows/${name}`)).join('');
    assert.match(used, new RegExp(`uses: *${repository}[\\w/-]*@${sha} # ${tag}$`, 'm'));
  }
  assert.equal(pin('--check').status, 0, pin('--check').stdout);
  assert.equal(pin('--stale').status, 0, pin('--stale').stdout);
  const unpinned = await makeBase(at, { newer: 'yes' });
  assert.match(pin('--stale').stdout, new RegExp(`Dockerfile:\\d+: alpine:3\\.23 is now ${unpinned}`));

  // A release has something to say.
  fs.writeFileSync(path.join(at.tree, 'CHANGELOG.md'), read('CHANGELOG.md').replace(/^## Unreleased$/m, '## Unreleased\n\n- A new thing.'));
  at.commit('pins');
  const first = release(at, 'publish');
  assert.equal(first.failed, undefined);
  const second = release(at);
  assert.equal(second.failed, undefined);
  assert.deepEqual(second.ran, ['prepare', 'index', 'publish'], 'the image is not built again');
  assert.equal(second.needs.index.outputs.digest, first.needs.index.outputs.digest);

  const image = `${at.registry.host}/acme/notion-sync-action`;
  const { digest } = second.needs.index.outputs;
  for (const tag of [`v${VERSION}`, 'v9', 'v9.8']) {
    assert.match(at.git(at.remote, 'show', `${tag}:action.yml`), new RegExp(`^  image: docker://${image}@${digest}$`, 'm'));
    assert.equal(digestOf(await readManifest(`${image}:${tag}`)), digest);
  }
  assert.deepEqual(JSON.parse(await readManifest(`${image}:v9`)).manifests.map(({ platform }) => platform.architecture), ['amd64', 'arm64']);
  assert.match(at.git(at.remote, 'show', 'main:Makefile'), new RegExp(`^VERSION := ${VERSION}$`, 'm'));
  assert.match(at.gh(), new RegExp(`^release create v${VERSION} --verify-tag`, 'm'));

  const third = release(at);
  assert.equal(third.failed, undefined);
  assert.equal(third.needs.index.outputs.digest, digest);
  assert.equal(at.gh().match(/^release create/gm).length, 1);
  assert.doesNotMatch(at.gh(), /^pr create/m);
});
