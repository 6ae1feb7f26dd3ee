// The workflows as far as they run without GitHub: scripts/pin against remotes and a registry of our
// own, then the shell steps of each job, in order, with a bare git remote and that registry.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { digestOf, readManifest, start, writeImage, writeIndex } from './registry.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VERSION = '9.8.7';
const LIBRARIES = 'curl-static-8.17.0-r1\nmusl-dev-1.2.5-r21\n';

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

  // docker and gh, as far as the workflows go, and pushes that can be made to fail.
  const bin = path.join(folder, 'bin');
  fs.mkdirSync(bin);
  const here = (name) => fileURLToPath(new URL(name, import.meta.url));
  for (const name of ['docker', 'gh']) fs.symlinkSync(here(`${name}.mjs`), path.join(bin, name));
  const GIT = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  fs.writeFileSync(path.join(bin, 'git'), `#!/bin/sh\n[ "$1" != push ] || exec '${here('push.mjs')}' "$@"\nexec '${GIT}' "$@"\n`, { mode: 0o755 });
  Object.assign(env, { PATH: `${bin}:${env.PATH}`, GIT, EFFECTS: path.join(folder, 'effects'), GH_LOG: path.join(folder, 'gh.log'), LIBRARIES });
  fs.writeFileSync(env.EFFECTS, '');
  fs.writeFileSync(env.GH_LOG, '');
  const gh = () => fs.readFileSync(env.GH_LOG, 'utf8');
  const at = { folder, registry, env, git, remote, tree, commit, gh, image: 'Acme/notion-sync-action' };
  at.read = (name) => fs.readFileSync(path.join(tree, name), 'utf8');
  at.write = (name, text) => fs.writeFileSync(path.join(tree, name), text);
  at.pin = (...args) => spawnSync('scripts/pin', args, { cwd: tree, env, encoding: 'utf8' });
  return at;
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

// How GitHub starts the shell: what fails in front of a pipe stops it only if it is named.
const SHELLS = { bash: ['--noprofile', '--norc', '-eo', 'pipefail'], undefined: ['-e'] };

// A job's shell steps in a clone of their own. Its outputs, or what failed.
function runJob(at, workflow, name, context) {
  const job = workflow.jobs[name];
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
    const shell = step.shell ?? workflow.defaults?.run?.shell;
    const { status, stdout, stderr } = spawnSync('bash', [...SHELLS[shell], '-c', step.run], {
      cwd: work, encoding: 'utf8',
      env: { ...at.env, GITHUB_OUTPUT: output, GITHUB_ACTOR: 'someone', GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/notion-sync-action', ...own },
    });
    if (status !== 0) return { failed: `${step.name ?? step.run}: ${stdout}${stderr}` };
    const outputs = Object.fromEntries([...fs.readFileSync(output, 'utf8').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
    if (step.id) steps[step.id] = { outputs };
  }
  const outputs = Object.fromEntries(Object.entries(job.outputs ?? {}).map(([name, text]) => [name, evaluate(text, { ...context, steps })]));
  return { outputs, work };
}

const workflowOf = (at, name) => parse(at.read(`.github/workflows/${name}.yml`));

// A run of the workflow, with an effect that fails ("3 after"), if any.
function release(at, version = VERSION, failAt = '') {
  const workflow = workflowOf(at, 'release');
  const needs = {};
  const context = {
    needs, inputs: { version }, vars: { IMAGE: `${at.registry.host}/${at.image}` }, secrets: {},
    github: { token: 'ghs_secret', event: { repository: { default_branch: 'main' } } },
  };
  const ran = [];
  at = { ...at, env: { ...at.env, FAIL_AT: failAt } };
  fs.writeFileSync(at.env.EFFECTS, '');
  for (const name of ['prepare', 'image', 'index', 'publish']) {
    if (name === 'image' && needs.prepare.outputs.digest !== '') continue;
    const kinds = workflow.jobs[name].strategy?.matrix.include ?? [undefined];
    for (const matrix of kinds) {
      const { failed, outputs } = runJob(at, workflow, name, { ...context, matrix });
      if (failed) return { failed: `${name}: ${failed}`, needs, ran };
      const given = Object.entries(outputs).filter(([, value]) => value !== '' || name === 'prepare');
      needs[name] = { result: 'success', outputs: { ...needs[name]?.outputs, ...Object.fromEntries(given) } };
    }
    ran.push(name);
  }
  return { needs, ran, effects: fs.statSync(at.env.EFFECTS).size };
}

// Everything that a whole release leaves.
async function checkReleased(at, version = VERSION) {
  const image = `${at.registry.host}/${at.image.toLowerCase()}`;
  const digest = digestOf(await readManifest(`${image}:v${version}`));
  const [major, minor] = version.split('.');
  for (const tag of [`v${version}`, `v${major}`, `v${major}.${minor}`]) {
    assert.match(at.git(at.remote, 'show', `${tag}:action.yml`), new RegExp(`^  image: docker://${image}@${digest}$`, 'm'));
    assert.equal(digestOf(await readManifest(`${image}:${tag}`)), digest);
  }
  assert.deepEqual(JSON.parse(await readManifest(`${image}:v${major}`)).manifests.map(({ platform }) => platform.architecture), ['amd64', 'arm64']);
  assert.match(at.git(at.remote, 'show', 'main:Makefile'), new RegExp(`^VERSION := ${version}$`, 'm'));
  assert.match(at.git(at.remote, 'show', 'main:action.yml'), /^ {2}image: Dockerfile$/m);
  assert.deepEqual(at.git(at.remote, 'branch', '--format=%(refname:short)').split('\n'), ['main']);
  assert.equal(at.gh().match(new RegExp(`^release create v${version} --verify-tag`, 'gm')).length, 1);
  return digest;
}

// A scene in which everything is pinned, and there is something to release.
async function pinned(t) {
  const at = await scene(t);
  makeActions(at);
  await makeBase(at);
  assert.equal(at.pin().status, 0);
  at.write('CHANGELOG.md', '# Changelog\n\n## Unreleased\n\n- A new thing.\n');
  at.commit('pins');
  return at;
}

test('nothing is released that is not pinned; pins are what registries and repositories say', async (t) => {
  const at = await scene(t);
  const { pin, read } = at;
  assert.match(release(at).failed ?? '', /^prepare: Everything that runs is pinned/, 'tags are refused');
  const shas = makeActions(at);
  const unread = read('Dockerfile');
  assert.notEqual(pin().status, 0, 'there is no such image yet');
  assert.equal(read('Dockerfile'), unread, 'no digest is written that was not read');
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
  const moved = await makeBase(at, { newer: 'yes' });
  assert.match(pin('--stale').stdout, new RegExp(`Dockerfile:\\d+: alpine:3\\.23 is now ${moved}`));

  at.write('CHANGELOG.md', '# Changelog\n\n## Unreleased\n');
  at.commit('pins, and nothing to say');
  assert.match(release(at).failed ?? '', /^prepare: The commit to build: .*nothing under "## Unreleased"/, 'a step that fails in front of a pipe stops the job');
});

test('a release broken off before or after any of its effects is completed by the next run', async (t) => {
  const at = await pinned(t);
  const start = path.join(at.folder, 'start.git');
  fs.renameSync(at.remote, start);
  const cell = (name) => {
    fs.rmSync(at.remote, { recursive: true, force: true });
    fs.cpSync(start, at.remote, { recursive: true });
    fs.writeFileSync(at.env.GH_LOG, '');
    return { ...at, image: `Acme/${name}` };
  };

  const whole = cell('whole');
  const { failed, needs, ran, effects } = release(whole);
  assert.equal(failed, undefined);
  assert.deepEqual(ran, ['prepare', 'image', 'index', 'publish']);
  assert.equal(await checkReleased(whole), needs.index.outputs.digest);
  assert.ok(effects >= 12, `${effects} effects`);
  const again = release(whole);
  assert.deepEqual([again.failed, again.ran], [undefined, ['prepare', 'index', 'publish']], 'the image is not built again');
  assert.equal(await checkReleased(whole), needs.index.outputs.digest);

  for (let n = 1; n <= effects; n++) {
    for (const phase of ['before', 'after']) {
      const here = cell(`cell-${n}-${phase}`);
      const first = release(here, VERSION, `${n} ${phase}`);
      const second = release(here);
      assert.equal(second.failed, undefined, `${n} ${phase}: ${first.failed}`);
      await checkReleased(here);
    }
  }
});

// Where the sources of libraries are: tags, a listing, and what each address gives.
function makeSources({ folder, env, git }, versions) {
  const tags = { 'github/cmark-gfm': versions.CMARK_GFM, 'json-c/json-c': `json-c-${versions.JSON_C}-20260101` };
  for (const [repository, tag] of Object.entries(tags)) {
    const at = path.join(env.PIN_GIT, repository);
    fs.mkdirSync(at, { recursive: true });
    git(at, 'init', '-q');
    git(at, 'commit', '-q', '--allow-empty', '-m', tag);
    git(at, 'tag', '-f', tag);
  }
  const listing = `<a href="libmicrohttpd-0.9.9.tar.gz"><a href="libmicrohttpd-${versions.LIBMICROHTTPD}.tar.gz">`;
  fs.writeFileSync(path.join(folder, 'bin/curl'), `#!/bin/sh\ncase $2 in */) echo '${listing}' ;; *) printf %s "$2" ;; esac\n`, { mode: 0o755 });
}

test('the weekly look: newer libraries become a pull request, and that a release', async (t) => {
  const at = await pinned(t);
  const current = Object.fromEntries([...at.read('Dockerfile').matchAll(/^ARG (CMARK_GFM|JSON_C|LIBMICROHTTPD)=(.*)$/gm)].map(([, name, version]) => [name, version]));
  makeSources(at, current);
  const workflow = workflowOf(at, 'rebuild');
  const look = () => {
    const { failed } = runJob(at, workflow, 'libraries', { github: { token: 'ghs_secret', event: { repository: { default_branch: 'main' } } } });
    assert.equal(failed, undefined);
  };
  const branches = () => at.git(at.remote, 'branch', '--format=%(refname:short)').split('\n');
  look();
  assert.deepEqual([branches(), at.gh()], [['main'], ''], 'no release yet');
  assert.equal(release(at).failed, undefined);
  look();
  assert.deepEqual(branches(), ['main'], 'nothing is newer');

  at.env.LIBRARIES = LIBRARIES.replace('r1\n', 'r2\n');
  look();
  look();
  assert.deepEqual(branches(), ['main', 'rebuild']);
  assert.equal(at.gh().match(/^pr create /gm).length, 1);
  assert.equal(at.git(at.remote, 'diff', '--name-only', 'main', 'rebuild'), 'CHANGELOG.md');
  assert.match(at.git(at.remote, 'show', 'rebuild:CHANGELOG.md'), /^## Unreleased\n\n- Rebuilt with newer libraries: curl-static-8\.17\.0-r2\.\n\n## 9\.8\.7 - /m);

  at.git(at.remote, 'branch', '-f', 'main', 'rebuild');
  at.git(at.remote, 'branch', '-D', 'rebuild');
  assert.equal(release(at, '9.8.8').failed, undefined);
  await checkReleased(at, '9.8.8');
  look();
  assert.deepEqual(branches(), ['main'], 'that release has them');

  fs.writeFileSync(at.env.GH_LOG, '');
  makeSources(at, { ...current, LIBMICROHTTPD: '1.0.100' });
  look();
  const dockerfile = at.git(at.remote, 'show', 'rebuild:Dockerfile');
  const sum = createHash('sha256').update('https://ftp.gnu.org/gnu/libmicrohttpd/libmicrohttpd-1.0.100.tar.gz').digest('hex');
  assert.match(dockerfile, new RegExp(`^ARG LIBMICROHTTPD=1\\.0\\.100\nARG LIBMICROHTTPD_SHA256=${sum}$`, 'm'));
  assert.match(dockerfile, new RegExp(`^ARG JSON_C=${current.JSON_C}$`, 'm'));
  assert.match(at.git(at.remote, 'show', 'rebuild:CHANGELOG.md'), /^- Rebuilt with newer libraries: libmicrohttpd-1\.0\.100\.$/m);
});

test('CI takes the programs out of the image to where the tests look; the night has its jobs; sync.yml its target', async (t) => {
  const at = await scene(t);
  fs.writeFileSync(path.join(at.folder, 'bin/make'), `#!/bin/sh\necho "make $*" >>'${at.env.GH_LOG}'\n`, { mode: 0o755 });
  const job = (file, name, context = {}) => {
    const { failed, outputs, work } = runJob(at, workflowOf(at, file), name, context);
    assert.equal(failed, undefined);
    return { outputs, work };
  };
  at.write('scripts/image-test', '#!/bin/sh\n[ "$*" = notion-sync-action ]\n');
  at.commit('no daemon here');
  const { work } = job('ci', 'image');
  for (const name of ['notion-sync', 'notion-sync-webhook']) assert.equal(fs.readFileSync(path.join(work, 'build/static', name), 'utf8'), 'of the image');
  assert.match(at.gh(), /^make .*\be2e-static$/m);

  const { outputs } = job('nightly', 'jobs');
  const jobs = JSON.parse(outputs.jobs);
  assert.deepEqual([jobs.includes('crash'), jobs.length], [true, execFileSync(path.join(ROOT, 'scripts/test'), ['--jobs'], { encoding: 'utf8' }).trim().split(' ').length]);
  job('nightly', 'test', { matrix: { job: 'crash' } });
  assert.match(at.gh(), /^make test-all JOBS=crash$/m);

  // GitHub's empty input is the repository of the workflow.
  for (const [repository, name] of [['', 'app'], ['acme/web', 'web']]) {
    const sync = workflowOf(at, 'sync');
    sync.jobs.sync.outputs = { owner: '${{ steps.target.outputs.owner }}', name: '${{ steps.target.outputs.name }}' };
    assert.deepEqual(runJob(at, sync, 'sync', { inputs: { repository }, github: { repository: 'acme/app' } }).outputs, { owner: 'acme', name });
  }
});
