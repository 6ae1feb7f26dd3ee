// Runs the program as the runner would, against a sandbox, and checks what must hold for every run.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratchFolder } from './scratch.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SUMMARY_LIMIT = 1024 * 1024;
const MEANT = new Set(['add-mask', 'notice', 'warning', 'error', 'group', 'endgroup', 'debug']);
// What the runner acts on; anything else between colons is text.
const REGISTERED = new Set([
  ...MEANT, 'internal-set-repo-path', 'set-env', 'set-output', 'save-state', 'add-path', 'add-matcher',
  'remove-matcher', 'stop-commands', 'echo',
]);
const PASSED_ON = ['ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS', 'LLVM_PROFILE_FILE', 'GCOV_PREFIX', 'GCOV_PREFIX_STRIP', 'LD_LIBRARY_PATH'];

// Under ASan one run in so many looks for leaks, which takes a quarter of its time.
const LEAK_SAMPLE = Number(process.env.LEAK_SAMPLE || 1);
let runs = 0;

export const programPath = () => process.env.NOTION_SYNC_BIN ?? path.join(ROOT, 'build', 'notion-sync');

// A container may have the program, and no terminals for it.
export const hasTerminal = () => !process.env.NOTION_SYNC_WRAPPER && spawnSync('script', ['-qefc', 'true', '/dev/null']).status === 0;

// --- a board: a database and a repository, with nothing in them ---

export const PROPERTIES = {
  Name: 'title',
  Status: { status: { 'To-do': ['Not started'], 'In progress': ['In progress', 'Review'], Complete: ['Done', 'Canceled'] } },
  Labels: { multi_select: [] },
  'GitHub ID': 'number',
  Type: { select: ['Issue', 'Pull request'] },
  'GitHub URL': 'url',
  'GitHub State': { select: ['Open', 'Closed', 'Draft', 'Merged'] },
};

// --- markers, as the documentation has them ---

const hmac = (key, text) => createHmac('sha256', key).update(text);

// The marker line of a body, or of a comment on #number.
export function markerLine(token, repositoryId, text, number) {
  const place = number === undefined ? `${repositoryId}` : `${repositoryId}#${number}`;
  const tag = hmac(hmac('notion-sync marker', token).digest(), `${place} ${text}`).digest('hex').slice(0, 16);
  return `<!-- notion-sync ${text} tag=${tag} -->`;
}

// The same without tags, whatever holds them.
export function untagged(value) {
  if (typeof value === 'string') return value.replace(/(<!-- notion-sync [^\n]*?) tag=[0-9a-f]{16}(?= -->)/g, '$1');
  if (Array.isArray(value)) return value.map(untagged);
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, untagged(member)]));
}

let boards = 0;

// `properties` are added to those above (null takes one away); `repo` and `token` go to the fake of GitHub as they are.
export function board(sandbox, { title = 'Tasks', owner = 'acme', name = 'app', properties = {}, repo = {}, token = {} } = {}) {
  const { notion, github } = sandbox;
  const columns = Object.entries({ ...PROPERTIES, ...properties }).filter(([, config]) => config !== null);
  const database = notion.addDatabase({ title, dataSources: [{ name: title, properties: Object.fromEntries(columns) }] });
  github.addRepo({ owner, name, private: true, ...repo });
  boards += 1;
  const githubToken = `ghs_sandbox${String(boards).padStart(29, '0')}`;
  github.addToken(githubToken, token);
  const fullName = `${owner}/${name}`;
  const inputs = { notion_token: notion.integration.value, github_token: githubToken, notion_database: database.id };
  return {
    sandbox, database, dataSource: database.dataSource, repo: fullName, inputs,
    stateRef: `refs/notion-sync/${database.id.replace(/-/g, '')}`,
    addPage: (props, options) => notion.addPage(database, props, options),
    addIssue: (fields) => github.addIssue(fullName, fields),
    addPull: (fields) => github.addPull(fullName, fields),
    snapshot: () => untagged({ notion: notion.snapshot(), github: github.snapshot(fullName) }),
    marker: (text, number) => markerLine(notion.integration.value, github.repo(fullName).id, text, number),
    sync: (more = {}, options = {}) => runSync(sandbox, { ...inputs, ...more }, { repository: fullName, ...options }),
  };
}

// --- one run ---

/*
 * inputs: by name as in action.yml; a list becomes lines, null takes an input away.
 * options: repository (owner/name), event {name, payload}, env (more variables; null removes),
 *   args (flags), runId, runAttempt, timeout (ms of real time),
 *   killAt (n or {n or match, phase: 'before'|'after', signal}): ends the program at its nth request, or one that matches,
 *   started: called with the child process,
 *   allow: kinds of checks that do not apply: 'faults', 'leftovers', 'schema', 'manners'.
 */
export async function runSync(sandbox, inputs = {}, options = {}) {
  const folder = scratchFolder('notion-sync-run');
  try {
    const places = makePlaces(folder, options);
    const env = environment(sandbox, inputs, options, places);
    const start = sandbox.requestCount;
    const result = await execute(sandbox, env, options, places, start);
    collect(result, places, sandbox, start);
    checkRun(result, sandbox, secretsOf(inputs, env), options.allow ?? [], places);
    return result;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function makePlaces(folder, { event }) {
  const places = { folder };
  for (const name of ['temp', 'work', 'home', 'commands', 'workflow']) {
    places[name] = path.join(folder, name);
    fs.mkdirSync(places[name]);
  }
  places.output = path.join(places.commands, 'output');
  places.summary = path.join(places.commands, 'summary');
  fs.writeFileSync(places.output, '');
  fs.writeFileSync(places.summary, '');
  places.event = path.join(places.workflow, 'event.json');
  fs.writeFileSync(places.event, JSON.stringify(event?.payload ?? {}));
  return places;
}

function environment(sandbox, inputs, options, places) {
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: places.home, LANG: 'C', CI: 'true', GITHUB_ACTIONS: 'true' };
  for (const name of PASSED_ON) if (process.env[name] !== undefined) env[name] = process.env[name];
  if (runs % LEAK_SAMPLE !== 0) env.ASAN_OPTIONS = `${env.ASAN_OPTIONS ?? ''}:detect_leaks=0`;
  runs += 1;
  Object.assign(env, {
    GITHUB_API_URL: sandbox.githubUrl,
    GITHUB_GRAPHQL_URL: sandbox.graphqlUrl,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: options.repository ?? 'acme/app',
    GITHUB_RUN_ID: String(options.runId ?? 1000 + sandbox.requestCount),
    GITHUB_RUN_ATTEMPT: String(options.runAttempt ?? 1),
    GITHUB_EVENT_NAME: options.event?.name ?? 'schedule',
    GITHUB_EVENT_PATH: places.event,
    GITHUB_OUTPUT: places.output,
    GITHUB_STEP_SUMMARY: places.summary,
    GITHUB_WORKSPACE: places.work,
    RUNNER_TEMP: places.temp,
    NOTION_SYNC_CLOCK: sandbox.clock.file,
  });
  for (const [name, value] of Object.entries({ notion_api_url: sandbox.notionUrl, ...inputs })) {
    if (value === null || value === undefined) continue;
    env[`INPUT_${name.replace(/ /g, '_').toUpperCase()}`] = Array.isArray(value) ? value.join('\n') : String(value);
  }
  for (const [name, value] of Object.entries(options.env ?? {})) {
    if (value === null) delete env[name];
    else env[name] = String(value);
  }
  return env;
}

async function execute(sandbox, env, options, places, start) {
  const wrapper = (process.env.NOTION_SYNC_WRAPPER ?? '').split(/\s+/).filter(Boolean);
  const [file, ...args] = [...wrapper, programPath(), ...(options.args ?? [])];
  const child = spawn(file, args, { cwd: places.work, env, stdio: ['ignore', 'pipe', 'pipe'] });
  options.started?.(child);
  const texts = { stdout: [], stderr: [] };
  for (const name of ['stdout', 'stderr']) child[name].on('data', (chunk) => texts[name].push(chunk));
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  const killed = killer(sandbox, child, ended, options.killAt, start);
  const limit = options.timeout ?? (wrapper.length > 0 ? 600000 : 120000);
  let late = false;
  const timer = setTimeout(() => { late = true; child.kill('SIGKILL'); }, limit);
  try {
    const { code, signal } = await ended;
    if (signal !== null) await sandbox.drained(start);
    const [stdout, stderr] = [texts.stdout, texts.stderr].map((chunks) => Buffer.concat(chunks).toString('utf8'));
    if (late) throw new Error(`the program did not end within ${limit} ms\n${stdout}\n${stderr}`);
    return { code, signal, stdout, stderr };
  } finally {
    clearTimeout(timer);
    killed.off();
  }
}

// With SIGKILL the world stops at that request: it and later ones find no program to answer, and
// 'before' means that the service never acted on it. A program that handles its signal continues.
function killer(sandbox, child, ended, killAt, start) {
  if (killAt === undefined) return { off() {} };
  const { n, match = (request) => request.n === start + n, phase = 'before', signal = 'SIGKILL' } = typeof killAt === 'number' ? { n: killAt } : killAt;
  const state = { dead: false };
  state.off = sandbox.on(async (event) => {
    if (state.dead) return 'drop';
    if (event.phase !== phase || !match(event.request)) return undefined;
    child.kill(signal);
    if (signal !== 'SIGKILL') return undefined;
    state.dead = true;
    await ended;
    return 'drop';
  });
  return state;
}

function collect(result, places, sandbox, start) {
  result.requests = sandbox.requests.filter((request) => request.n > start);
  result.rawOutputs = fs.readFileSync(places.output);
  result.summary = fs.readFileSync(places.summary, 'utf8');
  result.commands = [...parseCommands(result.stdout, 'stdout'), ...parseCommands(result.stderr, 'stderr')];
  result.outputs = {};
  result.report = null;
  result.reportText = '';
  if (result.signal !== null) return;
  result.outputs = parseOutputs(result.rawOutputs);
  if (!result.outputs.report) return;
  // A path inside a container, as the runner hands it on.
  result.outputs.report = result.outputs.report.replace(/^\/github\/runner_temp(?=\/)/, places.temp);
  result.reportText = fs.readFileSync(result.outputs.report, 'utf8');
  result.report = JSON.parse(result.reportText);
}

// --- what the runner reads ---

// GITHUB_OUTPUT as the runner reads it: name=value, or name<<DELIMITER, lines, DELIMITER.
export function parseOutputs(bytes) {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  if (text !== '' && !text.endsWith('\n')) throw new Error('GITHUB_OUTPUT does not end with a newline');
  const outputs = {};
  const lines = text.split('\n').slice(0, -1);
  while (lines.length > 0) {
    const line = lines.shift();
    if (line === '') continue;
    const [equals, here] = [line.indexOf('='), line.indexOf('<<')];
    if (equals >= 0 && (here < 0 || equals < here)) {
      if (equals === 0) throw new Error(`GITHUB_OUTPUT: no name in: ${line}`);
      outputs[line.slice(0, equals)] = line.slice(equals + 1);
    } else if (here > 0 && line.length > here + 2) {
      const end = lines.indexOf(line.slice(here + 2));
      if (end < 0) throw new Error(`GITHUB_OUTPUT: matching delimiter not found: ${line}`);
      outputs[line.slice(0, here)] = lines.splice(0, end + 1).slice(0, -1).join('\n');
    } else throw new Error(`GITHUB_OUTPUT: invalid line: ${line}`);
  }
  return outputs;
}

const unescapeData = (text) => text.replace(/%0A/g, '\n').replace(/%0D/g, '\r').replace(/%25/g, '%');
const unescapeProperty = (text) => unescapeData(text.replace(/%3A/g, ':').replace(/%2C/g, ','));

// Workflow commands as the runner finds them, also the legacy form in the middle of a line.
export function parseCommands(text, stream) {
  const commands = [];
  for (const line of text.split(/\r\n|\n|\r/)) {
    const legacy = /##\[([A-Za-z-]+)[ \]]/.exec(line);
    if (legacy && REGISTERED.has(legacy[1].toLowerCase())) commands.push({ name: legacy[1], legacy: true, properties: {}, data: line, line, stream });
    const found = /^\s*::([A-Za-z-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/.exec(line);
    if (!found || !REGISTERED.has(found[1].toLowerCase())) continue;
    const pairs = (found[2] ?? '').split(',').filter((part) => part.includes('='))
      .map((part) => [part.slice(0, part.indexOf('=')).trim(), unescapeProperty(part.slice(part.indexOf('=') + 1))]);
    commands.push({ name: found[1], properties: Object.fromEntries(pairs), data: unescapeData(found[3]), line, stream });
  }
  return commands;
}

// --- what must hold for every run ---

function secretsOf(inputs, env) {
  const texts = [inputs.notion_token, inputs.github_token, env.NOTION_TOKEN, env.GITHUB_TOKEN];
  return [...new Set(texts.filter((text) => typeof text === 'string' && text.trim().length >= 8).map((text) => text.trim()))];
}

function checkRun(result, sandbox, secrets, allow, places) {
  const context = `\nexit ${result.code ?? result.signal}\n--- stdout\n${result.stdout}\n--- stderr\n${result.stderr}`;
  checkSecrets(result, secrets, context);
  for (const command of result.commands) {
    const meant = !command.legacy && MEANT.has(command.name) && (command.name !== 'add-mask' || secrets.includes(command.data));
    assert.ok(meant, `workflow command not meant by the program: ${command.line}${context}`);
  }
  assert.ok(Buffer.byteLength(result.summary) < SUMMARY_LIMIT, 'the summary is too large for the runner');
  assert.doesNotMatch(result.stderr, /(?:Address|Leak|Memory|Thread|UndefinedBehavior)Sanitizer|runtime error:/, context);
  if (result.signal === null && !allow.includes('leftovers')) checkLeftovers(result, places);
  if (!allow.includes('faults')) {
    const faults = sandbox.unusedFaults().map(({ match, ...fault }) => fault);
    assert.deepEqual(faults, [], `faults that no request reached${context}`);
  }
  if (!allow.includes('schema')) assert.deepEqual(sandbox.notion.schemaViolations, [], context);
  if (!allow.includes('manners')) assert.deepEqual(sandbox.github.violations, [], context);
}

function checkSecrets(result, secrets, context) {
  const unmasked = (text) => text.split('\n').filter((line) => !/^\s*::add-mask::/.test(line)).join('\n');
  const places = {
    stdout: unmasked(result.stdout), stderr: unmasked(result.stderr), outputs: result.rawOutputs.toString('latin1'),
    summary: result.summary, report: result.reportText,
  };
  for (const secret of secrets) {
    const forms = [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), encodeURIComponent(secret)];
    for (const [place, text] of Object.entries(places)) {
      assert.ok(!forms.some((form) => text.includes(form)), `a token stands in ${place}${place.startsWith('std') ? '' : context}`);
    }
    for (const request of result.requests) {
      const open = `${request.path}?${request.query} ${JSON.stringify(request.body)}`;
      assert.ok(!forms.some((form) => open.includes(form)), `a token stands in the address or body of request ${request.n}`);
    }
  }
}

// The JSON report is the only file that stays; the rest of the job has nothing of ours.
function checkLeftovers(result, places) {
  const expected = result.outputs.report ? [path.relative(places.folder, result.outputs.report)] : [];
  const found = ['temp', 'work', 'home'].flatMap((name) => fs.readdirSync(places[name], { recursive: true, withFileTypes: true })
    .map((entry) => path.relative(places.folder, path.join(entry.parentPath ?? entry.path, entry.name))));
  assert.deepEqual(found.sort(), expected, 'files left behind');
  assert.deepEqual(fs.readdirSync(places.commands).sort(), ['output', 'summary'], 'files left behind');
}
