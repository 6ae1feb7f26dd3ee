import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import { test } from 'node:test';
import { programPath } from '../harness.mjs';
import { combinations } from './cases.mjs';
import { kindOf } from './faults-scene.mjs';
import { changes, isRead, story } from './sync-story.mjs';
import { webhookPath } from './webhook-receiver.mjs';

// --- redirects ---

async function recorder(t) {
  const seen = [];
  const server = http.createServer((req, res) => {
    seen.push({ url: req.url, headers: req.headers });
    res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => { server.closeAllConnections(); server.close(); });
  return { seen, url: `http://127.0.0.1:${server.address().port}` };
}

for (const kind of ['github POST /graphql', 'notion GET /databases/{}', 'notion POST /data_sources/{}/query', 'notion POST /pages', 'github POST /git/trees', 'github POST /issues']) {
  test(`a redirect of ${kind} to another host is not followed, whatever its status`, async (t) => {
    for (const status of [301, 302, 307, 308]) {
      const at = await story(t);
      at.addIssue({ title: 'One' });
      at.addPage({ Name: 'Two' });
      const other = await recorder(t);
      for (const location of [`${other.url}/take`, other.url.replace('http:', '')]) {
        at.sandbox.fault({ match: (request) => kindOf(request) === kind, kind: 'status', status, headers: { location }, body: {} });
      }
      const result = await at.sync({ log_level: 'debug' }, { allow: ['faults'] });
      assert.notEqual(result.code, 0, `${status}\n${result.stdout}${result.stderr}`);
      assert.deepEqual(other.seen, []);
    }
  });
}

// --- tokens ---

const echo = (at) => ({ message: `bad: Authorization: Bearer ${at.inputs.notion_token} or token ${at.inputs.github_token}` });

test('an answer that repeats a token does not bring it into log, summary, outputs or report', async (t) => {
  for (const [kind, status] of [
    ['notion POST /pages', 400], ['notion PATCH /pages/{}', 403], ['github POST /issues', 422], ['github POST /issues/{}/comments', 403],
    ['github POST /graphql', 400], ['notion GET /databases/{}', 401], ['github POST /git/trees', 422], ['notion GET /data_sources/{}', 400],
  ]) {
    const at = await story(t);
    at.addIssue({ title: 'One' });
    at.addPage({ Name: 'Two' });
    at.sandbox.fault({ match: (request) => kindOf(request) === kind, kind: 'status', status, body: { ...echo(at), object: 'error', status, code: 'validation_error' }, times: Infinity });
    const result = await at.sync({ log_level: 'debug' });
    assert.notEqual(result.code, 0, kind);
  }
});

test('a crash would leave no core file, which would hold the tokens', async (t) => {
  const at = await story(t);
  let child;
  let limits;
  const off = at.sandbox.on(() => { limits ??= fs.readFileSync(`/proc/${child.pid}/limits`, 'utf8'); });
  await at.sync({}, { started: (it) => { child = it; } });
  off();
  assert.match(limits, /^Max core file size +0 +0 /m);
});

test('SSLKEYLOGFILE, set by an earlier step, writes down no keys', async (t) => {
  const at = await story(t);
  const folder = fs.mkdtempSync('/tmp/notion-sync-keys-');
  t.after(() => fs.rmSync(folder, { recursive: true }));
  await at.pass({}, { env: { SSLKEYLOGFILE: `${folder}/action` } });
  spawnSync(webhookPath(), { env: { SSLKEYLOGFILE: `${folder}/receiver`, SPOOL: `${folder}/spool.db`, LISTEN: '127.0.0.1:0', METRICS_LISTEN: '', GITHUB_TOKEN: 'ghs_0123456789', GITHUB_REPOSITORY: 'acme/app' }, timeout: 1000 });
  assert.deepEqual(fs.readdirSync(folder).filter((name) => !name.startsWith('spool')), []);
});

// A process whose memory others of its user may not read belongs to root in /proc.
for (const [name, file, variables] of [['the action', programPath, { INPUT_NOTION_DATABASE: '1'.repeat(32), INPUT_REPOSITORY: 'acme/app', NOTION_TOKEN: 'ntn_0123456789', GITHUB_TOKEN: 'ghs_0123456789' }], ['the receiver', webhookPath, { GITHUB_TOKEN: 'ghs_0123456789', GITHUB_REPOSITORY: 'acme/app', LISTEN: '127.0.0.1:0', METRICS_LISTEN: '' }]]) {
  test(`${name}: other programs of the same user cannot read its memory`, async (t) => {
    const folder = fs.mkdtempSync('/tmp/notion-sync-memory-');
    const server = http.createServer(() => {});
    await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const url = `http://127.0.0.1:${server.address().port}`;
    // Root's processes belong to root in any case.
    const nobody = process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {};
    if (nobody.uid) fs.chownSync(folder, nobody.uid, nobody.gid);
    fs.copyFileSync(file(), `${folder}/program`);
    fs.chmodSync(`${folder}/program`, 0o755);
    const child = spawn(`${folder}/program`, { ...nobody, cwd: folder, stdio: 'ignore', env: { GITHUB_API_URL: url, GITHUB_GRAPHQL_URL: url, INPUT_NOTION_API_URL: url, SPOOL: `${folder}/spool.db`, TMPDIR: folder, ...variables } });
    t.after(() => { child.kill('SIGKILL'); server.closeAllConnections(); server.close(); fs.rmSync(folder, { recursive: true }); });
    const limit = Date.now() + 20000;
    let owner;
    do {
      await new Promise((resolve) => { setTimeout(resolve, 5); });
      owner = fs.statSync(`/proc/${child.pid}/environ`).uid;
    } while (owner !== 0 && Date.now() < limit);
    assert.equal(owner, 0);
    assert.match(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8'), new RegExp(`^Uid:\\s+${nobody.uid ?? process.getuid()}\\s`, 'm'));
  });
}

test('outside Actions nobody can block the report’s name, or have it written elsewhere', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  const folder = fs.mkdtempSync('/tmp/notion-sync-report-');
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const name = `${folder}/notion-sync-report.json`;
  const env = { GITHUB_ACTIONS: null, RUNNER_TEMP: null, TMPDIR: folder, NOTION_TOKEN: at.inputs.notion_token, GITHUB_TOKEN: at.inputs.github_token };
  const run = async () => {
    const { outputs, report } = await at.sync({}, { env, allow: ['leftovers'] });
    assert.equal(fs.statSync(outputs.report).mode & 0o777, 0o600);
    assert.ok(report.counts || Object.keys(report).length > 3);
    return outputs.report;
  };
  fs.writeFileSync(`${folder}/other`, 'mine');
  fs.symlinkSync(`${folder}/other`, name);
  assert.equal(await run(), name);
  assert.equal(fs.readFileSync(`${folder}/other`, 'utf8'), 'mine');
  assert.ok(fs.lstatSync(name).isFile());
  fs.rmSync(name);
  fs.mkdirSync(`${name}/full`, { recursive: true });
  assert.match(await run(), /\/notion-sync-report\.json\.\w{6}$/);
});

test('answers of GraphQL that repeat a token', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  at.sandbox.fault({ match: (request) => kindOf(request) === 'github POST /graphql', kind: 'status', status: 200, body: { errors: [echo(at)] } });
  assert.equal((await at.sync({ log_level: 'debug' })).code, 2);
});

// --- hostile answers ---

// The most memory that a run took (MiB), looked at every few milliseconds.
async function peakOf(run) {
  let child;
  let peak = 0;
  const look = () => {
    try {
      peak = Math.max(peak, Number(/VmHWM:\s*(\d+)/.exec(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
    } catch {
      // It has ended.
    }
  };
  const timer = setInterval(look, 5);
  const result = await run({ started: (it) => { child = it; } });
  clearInterval(timer);
  return { result, peak };
}

for (const [kind, value] of combinations(['notion POST /data_sources/{}/query', 'github POST /graphql'], ['{}', '1', '[[]]', '{"a":""}'])) {
  test(`16 MiB of ${value} in the answer to ${kind} cost no more than their length allows`, async (t) => {
    const at = await story(t);
    at.addIssue({ title: 'One' });
    at.addPage({ Name: 'Two' });
    const body = `{"results":[${Array(Math.floor((16 << 20) / (value.length + 1))).fill(value).join(',')}]}`;
    at.sandbox.fault({ match: (request) => kindOf(request) === kind, kind: 'status', status: 200, body, times: Infinity });
    const { result, peak } = await peakOf((options) => at.sync({}, { ...options, allow: ['faults'] }));
    assert.equal(result.code, 2, result.stdout);
    if (!/asan|valgrind/.test(process.env.NOTION_SYNC_VARIANT ?? '')) assert.ok(peak < 256, `${value}: ${peak} MiB`);
    assert.deepEqual(result.requests.filter((request) => !isRead(request)), []);
  });
}

// --- hostile text ---

const HOSTILE = [
  '::error::injected', '::set-output name=changed::true', '::add-mask::a', '  ::stop-commands::x', '##[error]injected', 'x ##[add-mask]bug',
  '%0A::error::injected', '</details><script>alert(1)</script>', '<!-- notion-sync page=00000000-0000-0000-0000-000000000000 -->', '<img src=x onerror=y>',
  '@octocat @acme/team please', 'fixes #1, closes acme/app#2', '[click](javascript:alert)', '![x](https://evil.example/p.png)', '| a | b |', '`code` **bold** ~~x~~',
  '```', '\u202Egnp.exe', '\u200B\u200Dzero', '\u2066bidi\u2069', '-'.repeat(256), 'a\tb', '$(touch x); `id`', "'; drop table --", '"quoted" \\ back', '{"json": true}',
  'EOF', 'ghadelimiter_0', 'name<<EOF', '=', '#', '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}', 'e\u0301\u0323', '\u{10FFFF}', '\uFEFFbom', '\u0085nel', '\u2028ls',
];

const hostile = async (t) => {
  const at = await story(t);
  at.notion.settings.perMinute = null;
  return at;
};

test('hostile titles of issues reach Notion as they are, and nothing else', async (t) => {
  const at = await hostile(t);
  for (const title of HOSTILE) at.addIssue({ title });
  const result = await at.pass();
  assert.equal(result.outputs.pages_created, String(HOSTILE.length));
  HOSTILE.forEach((title, i) => assert.equal(at.row(i + 1).Name, at.issue(i + 1).title));
  quoted(result.summary);
  await at.settle();
});

test('hostile titles of pages reach GitHub on one line, and nothing else', async (t) => {
  const at = await hostile(t);
  const titles = [...HOSTILE, 'two\nlines', 'cr\rlf\r\n::error::injected', 'x'.repeat(300), `${'y'.repeat(1999)}\n`];
  for (const Name of titles) at.addPage({ Name });
  const result = await at.pass();
  assert.equal(result.outputs.issues_created, String(titles.length));
  for (const issue of at.issues()) assert.doesNotMatch(issue.title, /[\r\n]/);
  quoted(result.summary);
  for (const issue of at.issues()) for (const body of at.comments(issue.number)) quoted(body);
  await at.settle();
});

// Outside of code nobody is mentioned, nothing is referred to, and no HTML but ours is there.
function quoted(markdown) {
  const text = markdown.replace(/^(`{3,})[^\n]*\n[^]*?^\1$/gm, '').replace(/(`+)(?!`)[^]*?[^`]\1(?!`)/g, '').replace(/\\[!-/:-@[-`{-~]/g, '');
  assert.doesNotMatch(text, /(^|[^\w&])@[a-z]/i);
  assert.doesNotMatch(text, /<script|<img|\]\(javascript:/i);
  assert.doesNotMatch(text, /!\[/);
  assert.doesNotMatch(text, /^::|##\[/m);
}

test('conflicting hostile values are quoted where they can do nothing', async (t) => {
  const at = await hostile(t);
  const values = HOSTILE.slice(0, 20);
  values.forEach((_, i) => at.addIssue({ title: `Issue ${i}` }));
  await at.pass();
  at.later();
  values.forEach((value, i) => {
    at.github.editIssue(at.repo, i + 1, { title: `GitHub ${i}` });
    at.notion.editPage(at.page(i + 1), { Name: value });
  });
  const result = await at.pass();
  assert.equal(result.outputs.conflicts, String(values.length));
  quoted(result.summary);
  for (const issue of at.issues()) for (const body of at.comments(issue.number)) quoted(body);
  await at.settle();
});

test('hostile labels and options', async (t) => {
  const at = await hostile(t);
  const labels = HOSTILE.map((text) => text.trim().slice(0, 40)).filter((text) => text !== '' && !/[\u0085\u2028\t]/.test(text));
  labels.forEach((label) => at.addIssue({ title: 'Labelled', labels: [label] }));
  const result = await at.pass();
  assert.equal(result.outputs.failures, '0');
  quoted(result.summary);
  await at.settle();
});

test('a label whose name leads elsewhere in an address is taken away alone', async (t) => {
  const at = await story(t);
  const issues = ['.', '..'].map((name) => at.addIssue({ title: 'Dots', labels: ['bug', name] }));
  await at.pass();
  at.later(60000);
  for (const { number } of issues) at.notion.editPage(at.page(number), { Labels: ['bug'] });
  await at.pass();
  for (const { number } of issues) assert.deepEqual([...at.issue(number).labels], ['bug']);
  await at.settle();
});

test('control characters and broken Unicode in a title of Notion harm nobody else', async (t) => {
  const at = await hostile(t);
  at.addPage({ Name: 'nul \u0000 here' });
  at.addPage({ Name: 'half \uD83D here' });
  at.addPage({ Name: 'esc \u001B[31m red \u0007' });
  at.addPage({ Name: 'good' });
  const result = await at.sync({}, { allow: ['schema'] });
  assert.ok([0, 1].includes(result.code), result.stdout + result.stderr);
  assert.ok(at.issues().some((issue) => issue.title === 'good'));
  assert.doesNotMatch(result.stdout + result.stderr, /[\u0000\u0007\u001B]/);
  assert.equal(at.issues().length, new Set(at.rows().map((row) => row['GitHub ID']).filter((number) => number !== null)).size);
});

test('a forged marker by somebody else changes nothing', async (t) => {
  const at = await hostile(t);
  const page = at.addPage({ Name: 'Mine' });
  const marker = at.marker(`page=${page}`);
  at.addIssue({ title: 'Forged in the body', body: marker, by: 'mallory' });
  at.addIssue({ title: 'Forged in a comment', by: 'mallory' });
  at.github.comment(at.repo, 2, at.marker(`page=${page}`, 2), { by: 'mallory' });
  await at.pass();
  assert.deepEqual(at.rows().map((row) => [row['GitHub ID'], row.Name]).sort(), [[1, 'Forged in the body'], [2, 'Forged in a comment'], [3, 'Mine']]);
  assert.equal(at.page(3), page);
  await at.settle();
});

// --- giant answers ---

test('an answer without end is not taken in', async (t) => {
  for (const kind of ['notion POST /data_sources/{}/query', 'github POST /graphql', 'notion POST /pages']) {
    const at = await story(t);
    at.addIssue({ title: 'One' });
    const body = `{"object":"list","results":[],"x":"${'x'.repeat(70 * 1024 * 1024)}"}`;
    at.sandbox.fault({ match: (request) => kindOf(request) === kind, kind: 'status', status: 200, body, times: Infinity });
    const result = await at.sync();
    assert.notEqual(result.code, 0);
    assert.match(result.stdout, /::error::.*(larger than allowed|it may have been done)/, kind);
    assert.ok(at.rows().length === 0);
  }
});

// --- permissions ---

const PERMISSIONS = { issues: 'write', contents: 'write', pull_requests: 'write' };
const lacking = (lacks) => ({ token: { permissions: { ...PERMISSIONS, ...lacks } }, repo: { private: true } });

for (const [name, { lacks, says, code }] of Object.entries({
  'issues: read': { lacks: { issues: 'read', pull_requests: 'read' }, says: /`issues: write`.*`permissions:` in the workflow/ },
  'contents: read': { lacks: { contents: 'read' }, says: /`contents: write`.*`permissions:` in the workflow/, code: 2 },
  'no contents at all': { lacks: { contents: 'none' }, says: /contents/, code: 2 },
})) {
  test(`a token with ${name}: the message names the permission and where to give it`, async (t) => {
    const at = await story(t, lacking(lacks));
    at.addIssue({ title: 'One' });
    at.addPage({ Name: 'Two' });
    const result = await at.sync();
    assert.ok(code === undefined ? result.code > 0 : result.code === code, result.stdout);
    assert.match(result.stdout, says);
    if (code === 2) assert.deepEqual(changes(at, result), []);
  });
}

test('a pull request that may not be written: the message names the permission', async (t) => {
  const at = await story(t, lacking({ issues: 'read', pull_requests: 'read' }));
  const pull = at.addPull({ title: 'Topic', head: 'topic' });
  at.addPage({ Name: 'Topic', 'GitHub ID': pull.number, Status: 'Done' });
  const result = await at.pass({}, { code: 2 });
  assert.match(result.stdout, /`pull-requests: write`/);
  assert.equal(result.outputs.failures, '1');
});

for (const [capability, says] of Object.entries({
  insert_content: /capability "Insert content"/, update_content: /capability "Update content"/,
})) {
  test(`an integration without ${capability}: the message names the capability`, async (t) => {
    const at = await story(t);
    at.notion.integration.capabilities.delete(capability);
    at.addIssue({ title: 'One' });
    at.addPage({ Name: 'Two' });
    const result = await at.sync();
    assert.ok(result.code > 0);
    assert.match(result.stdout, says);
  });
}

test('issues that are disabled: the message says where to turn them on', async (t) => {
  const at = await story(t, { repo: { hasIssues: false } });
  at.addPage({ Name: 'One' });
  const result = await at.sync();
  assert.ok([1, 2].includes(result.code));
  assert.match(result.stdout, /turn (them )?on/);
});

test('a locked issue is kept in sync if the token may write', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  await at.pass();
  at.later();
  at.github.lock(at.repo, 1);
  at.notion.editPage(at.page(1), { Status: 'Done', Name: 'Uno' });
  await at.pass();
  assert.deepEqual([at.issue(1).title, at.issue(1).state, at.comments(1).length], ['Uno', 'closed', 2]);
  await at.settle();
});

test('an archived repository: nothing can be saved, so nothing is written', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  at.github.repo(at.repo).archived = true;
  const result = await at.sync();
  assert.notEqual(result.code, 0);
  assert.match(result.stdout, /archived/);
  assert.ok(result.requests.filter((request) => !isRead(request) && request.service === 'notion').length === 0 || result.code === 1);
});

// What GitHub would notify somebody of: "@name" outside of code and links.
const mentioned = (text) => [...text.replace(/`[^`]*`/g, '').replace(/\[[^\]]*\]\([^)]*\)/g, '').matchAll(/(?<![\w])@([a-z0-9][\w/-]*)/gi)].map(([, name]) => name);

test('a page mentions nobody on GitHub except those that people_map names; what came from GitHub comes back as it was', async (t) => {
  const at = await story(t);
  at.addPage({ Name: 'From Notion' }, { markdown: 'Ask @stranger, @acme/team, @alice and [@mona](https://github.com/mona).\n\nUse `@scope/code`, @scope/package and @media.' });
  const hidden = ['@<span underline="true">stranger</span>', '<span color="red">@</span>stranger', '@alice<span color="red">x</span>', '@alice<span underline="true">/team</span>', '&#64;stranger', '\\@stranger', '<span color="red">@str</span>anger'];
  at.addPage({ Name: 'Hidden' }, { markdown: hidden.join('\n') });
  at.addIssue({ title: 'From GitHub', body: 'Ping @octocat and @acme/team.\n\nMore of @Injectable.' });
  const inputs = { people_map: ['alice = alice@example.com'] };
  at.notion.addUser({ name: 'Alice', email: 'alice@example.com' });
  await at.pass(inputs);
  const made = at.issues().find(({ title }) => title === 'From Notion');
  assert.deepEqual(mentioned(made.body), ['alice']);
  assert.deepEqual(mentioned(at.issues().find(({ title }) => title === 'Hidden').body), []);
  assert.match(made.body, /Ask @\u2060stranger, @\u2060acme\/team, @alice/);
  assert.doesNotMatch(at.found().find(({ values }) => values.Name === 'From GitHub').body, /github\.com\/Injectable/);
  await at.settle(inputs);
  at.notion.editContent(at.page(made.number), 'Ask @stranger, @acme/team, @alice and [@mona](https://github.com/mona), again.\n\nUse `@scope/code`, @scope/package and @media.');
  const other = at.issues().find(({ title }) => title === 'From GitHub');
  at.notion.editContent(at.page(other.number), 'Ping @octocat and @acme/team, and @stranger.\n\nMore of @Injectable.');
  at.later();
  await at.pass(inputs);
  assert.deepEqual(mentioned(at.issue(made.number).body), ['alice']);
  assert.match(at.issue(made.number).body, /again\./);
  assert.deepEqual(mentioned(at.issue(other.number).body), ['octocat', 'acme/team', 'Injectable']);
  await at.settle(inputs);
});

test('links that lead to neither the web nor a mailbox are made on neither side', async (t) => {
  const at = await story(t);
  const links = '[a](javascript:alert) [b](data:text/html,x) [c](file:///etc/passwd) [d](notion://x) [e](JaVaScRiPt:x) [f](https://x.example/f) [g](mailto:g@x.example)';
  at.addPage({ Name: 'From Notion' }, { markdown: links });
  at.addIssue({ title: 'From GitHub', body: `${links} [h](<java\tscript:x>) <a href="vbscript:x">i</a>` });
  await at.pass();
  const made = at.issues().find(({ title }) => title === 'From Notion').body;
  const page = at.found().find(({ values }) => values.Name === 'From GitHub').body;
  for (const text of [made, page]) {
    assert.doesNotMatch(text, /script:|data:|file:|notion:\/\//i);
    assert.match(text, /\[f\]\(https:\/\/x\.example\/f\) \[g\]\(mailto:g@x\.example\)/);
  }
  await at.settle();
});

test('dollars and backticks in an address leave it a link in Notion', async (t) => {
  const at = await story(t);
  const body = 'See [one](https://x.example/a$b$c), `code` and [two](https://x.example/`d`), costs $5.';
  at.addIssue({ title: 'Prices', body });
  const { requests } = await at.pass();
  const sent = requests.find((request) => kindOf(request) === 'notion POST /pages').body.markdown;
  assert.match(sent, /\(https:\/\/x\.example\/a\\\$b\\\$c\)/);
  assert.match(sent, /\(https:\/\/x\.example\/\\`d\\`\)/);
  await at.settle();
});
