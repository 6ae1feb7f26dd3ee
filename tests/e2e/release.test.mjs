// The git part of a release, against a bare remote; scripts/pin against remotes of its own.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DIGEST = `sha256:${'a1'.repeat(32)}`;
const IMAGE = `registry.example/acme/notion-sync-action@${DIGEST}`;
const IDENTITY = {
  GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.com',
  GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null',
};

// A clone of a bare remote with what a release touches.
function scene(t, changelog = '# Changelog\n\n## Unreleased\n\n- A new thing.\n\n## 1.0.0 - 2026-01-01\n\n- First.\n') {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'release-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const remote = path.join(folder, 'remote.git');
  const clone = path.join(folder, 'clone');
  const env = { ...process.env, ...IDENTITY };
  const git = (...args) => execFileSync('git', args, { cwd: clone, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', remote], { env });
  execFileSync('git', ['clone', '-q', remote, clone], { env, stdio: 'ignore' });
  git('checkout', '-q', '-b', 'main');
  const write = (name, text) => {
    fs.mkdirSync(path.dirname(path.join(clone, name)), { recursive: true });
    fs.writeFileSync(path.join(clone, name), text);
  };
  write('Makefile', 'VERSION := 0.0.1\nall:\n');
  write('CHANGELOG.md', changelog);
  write('action.yml', 'runs:\n  using: docker\n  image: Dockerfile\n');
  for (const script of ['release', 'pin']) {
    write(`scripts/${script}`, fs.readFileSync(path.join(ROOT, 'scripts', script)));
    fs.chmodSync(path.join(clone, 'scripts', script), 0o755);
  }
  const commit = (message) => {
    git('add', '-A');
    git('commit', '-q', '-m', message);
    git('push', '-q', 'origin', 'HEAD:main');
  };
  commit('start');
  const run = (...args) => {
    const { status, stdout, stderr } = spawnSync('scripts/release', args, { cwd: clone, env, encoding: 'utf8' });
    const outputs = Object.fromEntries([...stdout.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
    return { status, stdout, stderr, ...outputs };
  };
  const at = (ref, file) => execFileSync('git', ['--git-dir', remote, 'show', `${ref}:${file}`], { env, encoding: 'utf8' });
  const refs = () => execFileSync('git', ['--git-dir', remote, 'for-each-ref', '--format=%(refname)'], { env, encoding: 'utf8' }).trim().split('\n');
  const commitOf = (ref) => execFileSync('git', ['--git-dir', remote, 'rev-parse', `${ref}^{commit}`], { env, encoding: 'utf8' }).trim();
  return { clone, remote, git, write, commit, run, at, refs, commitOf, env };
}

test('a release: version and changelog on the branch, the image on the tag only', (t) => {
  const { run, at, refs, commitOf, git } = scene(t);
  const prepared = run('prepare', '1.1.0');
  assert.equal(prepared.status, 0, prepared.stderr);
  assert.equal(prepared.tagged, 'false');
  assert.equal(commitOf('release/v1.1.0'), prepared.source);
  assert.match(at('release/v1.1.0', 'Makefile'), /^VERSION := 1\.1\.0$/m);
  assert.match(at('release/v1.1.0', 'CHANGELOG.md'), /^## Unreleased\n\n## 1\.1\.0 - \d{4}-\d\d-\d\d\n\n- A new thing\.$/m);

  const published = run('publish', '1.1.0', IMAGE);
  assert.equal(published.status, 0, published.stderr);
  assert.equal(published.moved, 'v1.1 v1');
  assert.equal(published.merged, 'true');
  assert.match(at('v1.1.0', 'action.yml'), new RegExp(`^  image: docker://${IMAGE}$`, 'm'));
  assert.match(at('main', 'action.yml'), /^ {2}image: Dockerfile$/m);
  assert.match(at('main', 'Makefile'), /^VERSION := 1\.1\.0$/m);
  assert.equal(commitOf('v1.1.0^'), prepared.source);
  assert.equal(commitOf('v1'), commitOf('v1.1.0'));
  assert.equal(commitOf('v1.1'), commitOf('v1.1.0'));
  assert.deepEqual(refs(), ['refs/heads/main', 'refs/tags/v1', 'refs/tags/v1.1', 'refs/tags/v1.1.0']);
  git('checkout', '-q', 'v1.1.0');
  assert.equal(run('notes', '1.1.0').stdout, '- A new thing.\n');
});

test('each step that is repeated continues from what is there', (t) => {
  const { run, commitOf, write, commit } = scene(t);
  const first = run('prepare', '1.1.0');
  write('other', 'work goes on\n');
  commit('other work');
  assert.equal(run('prepare', '1.1.0').source, first.source, 'what was tested is what is released');
  assert.equal(run('publish', '1.1.0', IMAGE).merged, 'true');
  const tagged = commitOf('v1.1.0');
  const again = run('prepare', '1.1.0');
  assert.equal(again.tagged, 'true');
  assert.equal(again.source, first.source);
  const published = run('publish', '1.1.0', IMAGE);
  assert.equal(published.status, 0, published.stderr);
  assert.equal(commitOf('v1.1.0'), tagged);
  const other = run('publish', '1.1.0', IMAGE.replace('a1', 'b2'));
  assert.equal(other.status, 1);
  assert.match(other.stderr, /names another image/);
});

test('a fix of an older series leaves the tags of a newer one', (t) => {
  const { run, commitOf, write, commit } = scene(t);
  const release = (version) => {
    write('CHANGELOG.md', `# Changelog\n\n## Unreleased\n\n- Change for ${version}.\n`);
    commit(`for ${version}`);
    run('prepare', version);
    return run('publish', version, IMAGE);
  };
  release('1.2.0');
  release('2.0.0');
  assert.equal(release('1.2.1').moved, 'v1.2 v1');
  assert.equal(commitOf('v1'), commitOf('v1.2.1'));
  assert.equal(release('1.1.9').moved, 'v1.1');
  assert.equal(commitOf('v1'), commitOf('v1.2.1'));
  assert.equal(commitOf('v2'), commitOf('v2.0.0'));
});

test('a default branch that takes no push is left to a pull request', (t) => {
  const { run, remote, refs, at } = scene(t);
  run('prepare', '1.1.0');
  const hook = path.join(remote, 'hooks', 'update');
  fs.writeFileSync(hook, '#!/bin/sh\n[ "$1" != refs/heads/main ]\n');
  fs.chmodSync(hook, 0o755);
  const published = run('publish', '1.1.0', IMAGE);
  assert.equal(published.status, 0, published.stderr);
  assert.equal(published.merged, 'false');
  assert.ok(refs().includes('refs/heads/release/v1.1.0'));
  assert.match(at('v1', 'action.yml'), /docker:/);
});

test('what cannot be released is refused before anything is pushed', (t) => {
  const { run, refs } = scene(t, '# Changelog\n\n## Unreleased\n\n## 1.0.0 - 2026-01-01\n\n- First.\n');
  for (const [args, message] of [
    [['prepare', '1.1'], /"1\.1" is not a version/],
    [['prepare', '1.1.0'], /nothing under "## Unreleased"/],
    [['publish', '1.1.0', IMAGE], /run scripts\/release prepare 1\.1\.0/],
    [['publish', '1.1.0', 'registry.example/a:latest'], /usage/],
    [['notes', '9.9.9'], /no section for 9\.9\.9/],
  ]) {
    const { status, stderr } = run(...args);
    assert.notEqual(status, 0, args.join(' '));
    assert.match(stderr, message);
  }
  assert.deepEqual(refs(), ['refs/heads/main']);
});

test('scripts/pin writes the commit of a tag beside its name, and knows when the tag moved', (t) => {
  const { clone, write, env } = scene(t);
  const actions = fs.mkdtempSync(path.join(os.tmpdir(), 'actions-'));
  t.after(() => fs.rmSync(actions, { recursive: true }));
  const repository = path.join(actions, 'acme/checkout');
  const git = (...args) => execFileSync('git', args, { cwd: repository, env, encoding: 'utf8' }).trim();
  fs.mkdirSync(repository, { recursive: true });
  git('init', '-q');
  git('commit', '-q', '--allow-empty', '-m', 'one');
  git('tag', '-a', '-m', 'v5', 'v5');
  const first = git('rev-parse', 'HEAD');
  write('.github/workflows/a.yml', 'steps:\n  - uses: acme/checkout@v5\n  - uses: ./local\n  - uses: acme/checkout/sub@v5\n');
  const pin = (...args) => spawnSync('scripts/pin', args, { cwd: clone, env: { ...env, PIN_GIT: actions }, encoding: 'utf8' });
  const file = () => fs.readFileSync(path.join(clone, '.github/workflows/a.yml'), 'utf8');

  write('Dockerfile', 'FROM scratch\n');
  assert.equal(pin('--check').status, 1);
  assert.match(pin('--check').stdout, /a\.yml:2: acme\/checkout@v5 is not pinned/);
  assert.equal(pin().status, 0);
  assert.equal(file(), `steps:\n  - uses: acme/checkout@${first} # v5\n  - uses: ./local\n  - uses: acme/checkout/sub@${first} # v5\n`);
  assert.equal(pin('--check').status, 0);
  assert.equal(pin('--stale').status, 0);

  git('commit', '-q', '--allow-empty', '-m', 'two');
  git('tag', '-f', '-a', '-m', 'v5', 'v5');
  assert.equal(pin('--stale').status, 1);
  assert.equal(pin().status, 0);
  assert.match(file(), new RegExp(`acme/checkout@${git('rev-parse', 'HEAD')} # v5`));
  write('.github/workflows/a.yml', 'steps:\n  - uses: acme/checkout@v9\n');
  const unknown = pin();
  assert.equal(unknown.status, 1);
  assert.match(unknown.stdout, /no tag or branch v9/);
});
