import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { programPath } from '../harness.mjs';
import { story } from './sync-story.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (name) => fs.readFileSync(path.join(ROOT, name), 'utf8');
const action = parse(read('action.yml'));

// Markdown files of the project, from its top; what tests translate is no document.
function documents(folder = '') {
  return fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return /^(?:\.git|build|.*node_modules|tests\/markdown)$/.test(name) ? [] : documents(name);
    return entry.name.endsWith('.md') ? [name] : [];
  });
}

const fences = (text, language) => [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, body]) => body);
const section = (text, title) => text.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? '';
const rows = (text) => [...text.matchAll(/^\| `([a-z_]+)` \|(.*)\|$/gm)].map(([, name, rest]) => [name, rest.split('|')[0].trim()]);

test('docs/inputs.md lists the inputs of action.yml with their defaults, each once', () => {
  const [inputs] = read('docs/inputs.md').split('## Outputs');
  const documented = [...inputs.matchAll(/^\| `([a-z_]+)` \|.*?\| (required|`[^`]*`|) ?\| /gm)].map(([, name, shown]) => [name, shown]);
  assert.deepEqual(documented.map(([name]) => name).sort(), Object.keys(action.inputs).sort());
  for (const [name, shown] of documented) {
    const { required, default: value } = action.inputs[name];
    if (required) assert.equal(shown, 'required', name);
    else if (value !== undefined) assert.equal(shown, `\`${value}\``, name);
    else assert.match(shown, /^$|^`GITHUB_|<id>/, `${name}: action.yml has no default`);
  }
});

test('the inputs that the README shows have the defaults of action.yml', () => {
  const shown = rows(section(read('README.md'), 'The inputs you need most'));
  assert.equal(shown.length, 10);
  for (const [name, value] of shown) assert.equal(value, action.inputs[name].default === undefined ? '' : `\`${action.inputs[name].default}\``, name);
});

test('docs/inputs.md lists the outputs of action.yml, in order', () => {
  const documented = rows(section(read('docs/inputs.md'), 'Outputs')).map(([name]) => name);
  assert.deepEqual(documented, Object.keys(action.outputs));
});

test('--help lists every input', () => {
  const help = execFileSync(programPath(), ['--help'], { encoding: 'utf8' });
  for (const name of Object.keys(action.inputs)) assert.match(help, new RegExp(`^  ${name} \\(.*\\) +\\S`, 'm'), name);
});

test('every path and every goal of make that the documents name exists', () => {
  const goals = new Set([...read('Makefile').matchAll(/^([a-z0-9-]+(?: [a-z0-9-]+)*):/gm)].flatMap(([, names]) => names.split(' ')));
  for (const document of documents()) {
    const text = read(document);
    for (const [, name] of text.matchAll(/`((?:src|tests|scripts|docs)\/[\w./-]+?)\/?`/g)) {
      assert.ok(fs.existsSync(path.join(ROOT, name)), `${document} names ${name}`);
    }
    for (const [, goal] of text.matchAll(/(?:^|`)make ([a-z][a-z0-9-]*)\b(?!=)/gm)) {
      assert.ok(goals.has(goal), `${document} names make ${goal}`);
    }
  }
});

const examples = fs.readdirSync(path.join(ROOT, 'docs/examples')).map((name) => [name, read(`docs/examples/${name}`)]);

const [checking, syncing] = fences(read('README.md'), 'yaml');

test('the workflows in the README are those in docs/examples', () => {
  assert.equal(checking, new Map(examples).get('check.yml'));
  assert.equal(syncing, new Map(examples).get('notion-sync.yml'));
});

test('the workflow asks for the permissions that the README explains, and for no others', () => {
  const workflow = parse(syncing);
  assert.deepEqual(workflow.permissions, { contents: 'write', issues: 'write', 'pull-requests': 'write', checks: 'read', statuses: 'read' });
  for (const document of ['README.md', 'docs/permissions.md']) {
    const explained = [...read(document).matchAll(/^\| `([a-z-]+): (read|write)` \|/gm)];
    assert.deepEqual(Object.fromEntries(explained.map(([, name, level]) => [name, level])), workflow.permissions, document);
  }
  assert.ok(!('pull_request' in workflow.on), 'a pull request of a fork gets no secrets');
  assert.deepEqual(workflow.on.repository_dispatch.types, ['notion-sync']);
  assert.deepEqual(workflow.on.workflow_dispatch.inputs.mode.options, ['auto', 'full']);
  assert.equal(workflow.jobs.sync.steps.length, 1, 'nothing is checked out');
  const only = parse(checking);
  assert.deepEqual(Object.keys(only.on), ['workflow_dispatch'], 'it starts by hand only');
  assert.deepEqual(only.permissions, workflow.permissions, 'it checks what the sync will be allowed');
});

test('the workflow that checks runs as it stands, and writes nothing', async (t) => {
  const { jobs: { check: { steps: [{ with: given }] } } } = parse(checking);
  const at = await story(t);
  at.addIssue({ title: 'One' });
  at.addPage({ Name: 'Two', Status: 'Review' });
  assert.equal(given.check, true);
  const before = at.snapshot();
  const result = await at.pass({ check: given.check });
  assert.deepEqual(at.snapshot(), before);
  assert.match(result.summary, /1 issue/);
});

test('the examples give known inputs, all that are required, and use known outputs', () => {
  for (const [name, text] of examples) {
    const steps = Object.values(parse(text).jobs).flatMap((job) => job.steps ?? []);
    if (/uses: org\/notion-sync-action\/\.github\/workflows\/sync\.yml@/.test(text)) continue; // its inputs are sync.yml's
    const own = steps.filter(({ uses }) => uses?.startsWith('org/notion-sync-action@'));
    assert.equal(own.length, 1, name);
    const given = Object.keys(own[0].with);
    for (const input of given) assert.ok(input in action.inputs, `${name}: ${input}`);
    for (const [input, { required }] of Object.entries(action.inputs)) assert.ok(!required || given.includes(input), `${name}: ${input}`);
    for (const [, output] of text.matchAll(/steps\.sync\.outputs\.(\w+)/g)) assert.ok(output in action.outputs, `${name}: ${output}`);
  }
});

test('the workflow runs as it stands: what GitHub leaves empty is not given', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  const given = parse(syncing).jobs.sync.steps[0].with;
  const empty = Object.fromEntries(Object.entries(given).filter(([, value]) => value.includes('inputs.')).map(([name]) => [name, '']));
  assert.deepEqual(Object.keys(empty), ['mode', 'dry_run', 'check']);
  const { outputs } = await at.pass(empty);
  assert.equal(outputs.pages_created, '1');
});

test('the example with other names of columns runs as it stands', async (t) => {
  const at = await story(t, { properties: {
    Status: null, Labels: null, Stage: { status: { 'To-do': ['Idea'], Complete: ['Shipped', "Won't fix"] } }, Tags: { multi_select: [] },
  } });
  at.addIssue({ title: 'One', labels: ['bug'] });
  const [, text] = examples.find(([name]) => name === 'mapped.yml');
  const step = parse(text).jobs.preview.steps.find(({ id }) => id === 'sync');
  const { notion_token, notion_database, dry_run, ...given } = step.with;
  assert.ok(notion_token && notion_database && dry_run === true);
  const preview = await at.pass({ ...given, dry_run });
  assert.equal(preview.outputs.pages_created, '1');
  assert.equal(preview.outputs.changed, 'false');
  await at.pass(given);
  assert.deepEqual(at.row(1).Tags, ['bug']);
  assert.equal(at.row(1).Stage, 'Idea');
  assert.equal(at.row(1).Type, null, 'turned off by the example');
});

test('docs/state.md shows the files of the state with the members that they have', async (t) => {
  const at = await story(t);
  const pull = at.addPull({ title: 'Fix it', head: 'fix', draft: true });
  const page = at.addPage({ Name: 'Fix it', 'GitHub ID': pull.number, Status: 'Review' });
  const inputs = { sync_comments: 'to_notion' };
  await at.pass(inputs);
  at.later();
  at.notion.editPage(page, { Status: 'Done' });
  at.github.comment(at.repo, 1, 'Not yet');
  await at.pass(inputs);
  const [cursor, columns, record, bodies, comments, note, limits, lock] = fences(read('docs/state.md'), 'json').map((text) => JSON.parse(text));
  const files = at.stateFiles();
  const file = (name) => at.github.readRefFile(at.repo, at.stateRef, name);
  const keys = (value) => Object.keys(value).sort();
  assert.deepEqual(files, ['bodies/0/1.json', 'columns.json', 'comments/0/1.json', 'cursor.json', 'limits.json', `pages/${page.slice(0, 2)}/${page}.json`, 'records/0/1.json']);
  assert.deepEqual(keys(cursor), keys(file('cursor.json')));
  assert.deepEqual(keys(columns.columns), keys(file('columns.json').columns));
  assert.deepEqual(keys(record).filter((name) => name !== 'open_option'), keys(at.record(1)).filter((name) => name !== 'open_option'));
  const members = (fields) => Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, keys(field)]));
  assert.deepEqual(members(record.fields), members(at.record(1).fields));
  assert.deepEqual(keys(bodies), keys(file('bodies/0/1.json')));
  assert.deepEqual(keys(comments), keys(file('comments/0/1.json')));
  assert.deepEqual(keys(comments.comments[0]), keys(file('comments/0/1.json').comments[0]));
  assert.deepEqual(keys(note), keys(file(files[5])));
  assert.deepEqual(keys(limits), keys(file('limits.json')));
  assert.deepEqual(keys(limits.made[0]), keys(file('limits.json').made[0]));
  const [taken] = at.sandbox.requests.filter(({ path: to }) => to.endsWith('/git/trees'));
  assert.deepEqual(keys(lock), keys(JSON.parse(taken.body.tree.find(({ path: name }) => name === 'lock.json').content)));
});

test('a dry run needs only reading permissions, as the README says', async (t) => {
  const at = await story(t, { token: { permissions: { contents: 'read', issues: 'read', pull_requests: 'read' } } });
  at.addIssue({ title: 'One' });
  at.addPage({ Name: 'Two', Status: 'Review' });
  const { outputs } = await at.pass({ dry_run: true });
  assert.deepEqual([outputs.issues_created, outputs.pages_created, outputs.changed], ['1', '1', 'false']);
});

test('the messages that docs/troubleshooting.md explains are messages of the program', () => {
  const sources = fs.readdirSync(path.join(ROOT, 'src'), { recursive: true }).filter((name) => /\.[ch]$/.test(name));
  // Literals that are side by side are one text.
  const said = sources.map((name) => read(path.join('src', name)).replace(/(?<!\\)"\s*\n\s*"/g, '')).join('\n');
  const messages = section(read('docs/troubleshooting.md'), 'Messages').split('\n').map((line) => /^\| (.*?) \|/.exec(line)?.[1])
    .filter((text) => text !== undefined && text !== 'message' && !text.startsWith('`…'));
  assert.ok(messages.length > 15);
  for (const message of messages) {
    for (const part of message.replace(/ \(a comment\)/, '').split(/…|\*n\*|; | "/).map((text) => text.trim()).filter((text) => text.length > 5)) {
      assert.ok(said.includes(part), `no message says "${part}"`);
    }
  }
});

test('SECURITY.md: each cell of the table names tests that exist, and each of its tests is named', () => {
  const text = section(read('SECURITY.md'), 'Who may do what');
  const tests = [...text.matchAll(/^\| (\w+) \| `([^`]+)`: (.+) \|$/gm)];
  for (const [, id, file, title] of tests) assert.ok(read(file).includes(title.replace(/\\\|/g, '|')), `${id}: ${file} has no test “${title}”`);
  const known = new Set(tests.map(([, id]) => id));
  assert.equal(known.size, tests.length);
  const actors = [...text.matchAll(/^\| \*\*(.+?)\*\*.*$/gm)];
  assert.equal(actors.length, 10);
  const named = new Set();
  for (const [line, actor] of actors) {
    assert.equal(line.split(' | ').length, 4, actor);
    for (const cell of line.replace(/ \|$/, '').split(' | ').slice(1)) {
      const [, list] = /\[([\w, ]+)\]$/.exec(cell) ?? assert.fail(`${actor}: no test behind “${cell}”`);
      for (const id of list.split(', ')) {
        assert.ok(known.has(id), `${actor}: ${id}`);
        named.add(id);
      }
    }
  }
  assert.deepEqual([...known].filter((id) => !named.has(id)), []);
});

// --- the commands that the documents give, run ---

const shell = (name) => fences(read(name), 'sh').flatMap((text) => text.replace(/\\\n\s*/g, '').split('\n')).map((line) => line.replace(/\s+#.*/, '')).filter(Boolean);

function folder(t) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'notion-sync-docs-'));
  t.after(() => fs.rmSync(made, { recursive: true }));
  return made;
}

// Runs lines of shell; `stand` are programs that replace those that need the network.
function run(t, lines, { cwd, env = {}, stand = {} } = {}) {
  const bin = folder(t);
  for (const [name, text] of Object.entries(stand)) fs.writeFileSync(path.join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return execFileSync('bash', ['-euo', 'pipefail', '-c', lines.join('\n')], { cwd, encoding: 'utf8', env: { ...process.env, ...env, PATH: `${bin}:${process.env.PATH}` } });
}

test('every command of the README is run by a test', (t) => {
  const [image, verify, ...make] = shell('README.md');
  assert.deepEqual(make, ['make demo', 'make test'], 'demo.test.mjs runs the first, .ci/run the second');
  assert.match(read('.ci/run'), /^make test$/m);
  assert.match(read('Makefile'), /^demo:.*\n(?:\t.*\n)*\t.*node tests\/demo\/demo\.mjs$/m);
  const digest = `example.com/org/notion-sync-action@sha256:${'0'.repeat(64)}`;
  const stand = { curl: `echo "$*" >&2; printf 'runs:\\n  using: docker\\n  image: docker://${digest}\\n'`, gh: 'echo "$@"' };
  assert.equal(run(t, [image, verify], { stand }), `attestation verify oci://${digest} --repo org/notion-sync-action\n`);
});

test('the commands of docs/command-line.md run as they stand, but for the addresses', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  const lines = shell('docs/command-line.md').filter((line) => /^export|^build\/notion-sync .*--repository/.test(line));
  assert.equal(lines.length, 3);
  const bin = folder(t);
  fs.mkdirSync(path.join(bin, 'build'));
  fs.symlinkSync(path.resolve(programPath()), path.join(bin, 'build/notion-sync'));
  const env = {
    NOTION_TOKEN: at.inputs.notion_token, GITHUB_TOKEN: at.inputs.github_token, INPUT_NOTION_API_URL: at.sandbox.notionUrl, NOTION_SYNC_CLOCK: at.sandbox.clock.file,
    GITHUB_API_URL: at.sandbox.githubUrl, GITHUB_GRAPHQL_URL: at.sandbox.graphqlUrl, GITHUB_SERVER_URL: 'https://github.com', GITHUB_ACTIONS: '', CI: '',
  };
  const before = at.snapshot();
  const given = lines.map((line) => line.replace('owner/name', at.repo).replace(/'https:\/\/www\.notion\.so\/…'/, at.inputs.notion_database));
  const said = await new Promise((resolve, reject) => {
    execFile('bash', ['-euo', 'pipefail', '-c', given.join('\n')], { cwd: bin, encoding: 'utf8', env: { PATH: process.env.PATH, HOME: bin, ...env } }, (error, stdout, stderr) => (error ? reject(new Error(stdout + stderr)) : resolve(stdout)));
  });
  assert.match(said, /1 page/);
  assert.deepEqual(at.snapshot(), before, 'check and --dry-run write nothing');
});

test('the commands of docs/faq.md show the state', (t) => {
  const [remote, clone] = [folder(t), folder(t)];
  const id = '0123456789abcdef0123456789abcdef';
  const git = (cwd, ...args) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd, encoding: 'utf8' });
  git(remote, 'init', '-q');
  fs.writeFileSync(path.join(remote, 'cursor.json'), '{"version": 2}\n');
  git(remote, 'add', '.');
  git(remote, 'commit', '-q', '-m', 'state');
  git(remote, 'update-ref', `refs/notion-sync/${id}`, 'HEAD');
  git(clone, 'clone', '-q', remote, '.');
  const said = run(t, shell('docs/faq.md').filter((line) => line.startsWith('git ')).map((line) => line.replace('/ID:', `/${id}:`)), { cwd: clone });
  assert.match(said, new RegExp(`refs/notion-sync/${id}\n\\{"version": 2\\}`));
});

test('the commands of SECURITY.md verify a release and find its commit', (t) => {
  const [remote, clone] = [folder(t), folder(t)];
  const git = (cwd, ...args) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd, encoding: 'utf8' }).trim();
  const image = `example.com/org/notion-sync-action@sha256:${'0'.repeat(64)}`;
  git(remote, 'init', '-q');
  fs.writeFileSync(path.join(remote, 'action.yml'), `runs:\n  using: docker\n  image: docker://${image}\n`);
  git(remote, 'add', '.');
  git(remote, 'commit', '-q', '-m', 'release');
  git(clone, 'clone', '-q', '--no-tags', remote, '.');
  git(remote, 'tag', '-a', '-m', 'v1.2.3', 'v1.2.3');
  const stand = { gh: 'echo gh "$@"', docker: 'echo docker "$@"' };
  assert.equal(run(t, shell('SECURITY.md'), { cwd: clone, stand }), `gh attestation verify oci://${image} --repo org/notion-sync-action\ndocker buildx imagetools inspect ${image} --format {{ json .SBOM }}\n`);
  const [, pin] = /with the commit from `(git rev-parse [^`]*)`/.exec(read('SECURITY.md'));
  assert.equal(run(t, [pin], { cwd: clone }).trim(), git(remote, 'rev-parse', 'HEAD'));
});

test('the cron line and the unit of docs/near-real-time.md run as they stand, but for the addresses', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  const root = folder(t);
  for (const name of ['etc', 'run/lock', 'var/lib', 'usr/local/bin']) fs.mkdirSync(path.join(root, name), { recursive: true });
  fs.symlinkSync(path.resolve(programPath()), path.join(root, 'usr/local/bin/notion-sync'));
  const env = {
    NOTION_TOKEN: at.inputs.notion_token, GITHUB_TOKEN: at.inputs.github_token, INPUT_NOTION_API_URL: at.sandbox.notionUrl, NOTION_SYNC_CLOCK: at.sandbox.clock.file,
    GITHUB_API_URL: at.sandbox.githubUrl, GITHUB_GRAPHQL_URL: at.sandbox.graphqlUrl, GITHUB_SERVER_URL: 'https://github.com',
  };
  fs.writeFileSync(path.join(root, 'etc/notion-sync.env'), Object.entries(env).map(([name, value]) => `${name}=${value}\n`).join(''));
  const text = read('docs/near-real-time.md');
  const here = (line) => line.replace('owner/name', at.repo).replace('database ID', `database ${at.inputs.notion_database}`).replace('%S', '/var/lib')
    .replace(/\/(?:etc|run|usr|var)\//g, (folder) => root + folder);
  const start = (line, given) => new Promise((resolve, reject) => {
    execFile('/bin/sh', ['-c', here(line)], { cwd: root, encoding: 'utf8', env: { PATH: '/usr/bin:/bin', HOME: root, ...given } }, (error, stdout, stderr) => (error ? reject(new Error(stdout + stderr)) : resolve(stdout + stderr)));
  });
  const [, cron] = /^\* \* \* \* \* (.*)$/m.exec(text);
  await start(cron, {});
  assert.equal(at.row(1).Name, 'One');
  at.later(120_000);
  at.addIssue({ title: 'Two' });
  const [, unit] = /^ExecStart=(.*)$/m.exec(text);
  const { length } = at.issues();
  assert.match(await start(unit, env), /1 page/);
  assert.deepEqual([at.row(2).Name, at.issues().length], ['Two', length]);
  assert.deepEqual(fs.readdirSync(root).sort(), ['etc', 'run', 'usr', 'var'], 'both have one state');
});

test('scripts/check-words finds words that the glossary has not, in documents and in messages', (t) => {
  const at = folder(t);
  const look = (name, text) => {
    fs.writeFileSync(path.join(at, name), text);
    const found = spawnSync(path.join(ROOT, 'scripts/check-words'), [path.join(at, name)], { encoding: 'utf8' });
    return [found.status, found.stdout.split('\n').filter(Boolean).map((line) => line.replace(/^.*?:(\d+: "[^"]*").*$/, '$1'))];
  };
  assert.deepEqual(look('a.md', 'A run is a run.\nThe next pass goes on, where nobody is told.\n`the next pass`\n```\na pass\n```\n'), [1, ['2: "pass"', '2: "goes on"', '2: "where"', '2: "told"']]);
  assert.deepEqual(look('b.md', 'Pass it on. Tests pass. See where to look, and where it is.\n'), [0, []]);
  assert.deepEqual(look('c.c', '/* a pass is told */\nsay("one thing", "the next "\n    "pass is done");\nname("pass");\n'), [1, ['3: "pass"']]);
});
