import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import http from 'node:http';
import { test } from 'node:test';
import { programPath } from '../harness.mjs';
import { changes, story } from './sync-story.mjs';

const alone = (args, env = {}) => spawnSync(programPath(), args, { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } });

test('--help and --version need no inputs and make no request', () => {
  const help = execFileSync(programPath(), ['--help'], { encoding: 'utf8' });
  for (const text of ['notion_token (required)', 'max_deletions (default: 20)', 'Exit status']) assert.ok(help.includes(text), text);
  assert.ok(help.split('\n').every((line) => !/\t| $/.test(line)));
  assert.match(execFileSync(programPath(), ['--version'], { encoding: 'utf8' }), /^notion-sync \S+\n$/);
});

const BAD = {
  notion_database: 'no id', repository: 'no slash', mode: 'quick', full_every: '-1', dry_run: 'perhaps', setup: 'some', create_issues: 'ja',
  comment_marker: 'two words', new_issue_labels: 'x'.repeat(51), new_issue_type: 'two\nlines', issue_filter: 'lable:bug', people_database: 'team', label_ignore: 'oops\\', create_pages: 'closed', pull_requests: 'mine', property_map: 'colour = Colour', status_map: 'Done = finished', link_comments: 'few',
  on_conflict: 'coin', pull_request_done: 'rebase', merge_method: 'octopus', on_page_deleted: 'delete', on_issue_deleted: 'close',
  max_deletions: 'many', max_changes: 'few', max_runtime: '0', state_ref: 'main', notion_api_url: 'http://api.notion.com', log_level: 'loud',
};

test('all bad inputs are reported in one run, each with what was given and what is allowed, before any request', async (t) => {
  const at = await story(t);
  const result = await at.pass(BAD, { code: 2 });
  assert.equal(result.requests.length, 0);
  // The runner keeps ten annotations of a level; the log has all of them.
  const annotations = result.commands.filter(({ name }) => name === 'error');
  assert.equal(annotations.length, 10);
  const errors = (result.stdout + result.stderr).split('\n').map((line) => line.replace(/^(::error::|error: )/, ''));
  for (const [name, given] of Object.entries(BAD)) {
    const line = errors.find((text) => text.startsWith(`${name}:`));
    assert.ok(line, `${name} is not told:\n${errors.join('\n')}`);
    assert.ok(line.includes(given.split(/=|\n/).at(-1).trim()) || line.includes(given.split('=')[0].trim()), line);
    assert.ok(line.length > name.length + given.length + 10, line);
  }
  assert.match(annotations.at(-1).data, new RegExp(`and ${Object.keys(BAD).length - 9} more errors`));
});

test('what is wrong with the inputs is in the job summary and in the report, too', async (t) => {
  const at = await story(t);
  const result = await at.pass({ mode: 'fulll', dryrun: 'true' }, { code: 2 });
  assert.match(result.summary, /^## Notion sync: 1 input is not valid, nothing was done\n/);
  assert.match(result.summary, /`mode: "fulll" is not valid\. Use "auto" or "full"\.`/);
  assert.match(result.summary, /`dryrun: there is no such input; it is ignored\. Did you mean "dry_run"\?/);
  assert.deepEqual(result.report.problems, ['mode: "fulll" is not valid. Use "auto" or "full".']);
  assert.equal(result.report.exit_status, 2);
  assert.equal(result.outputs.failures, '1');
});

test('a typing error in the name of an input is a warning in every run', async (t) => {
  const at = await story(t);
  for (let run = 0; run < 2; run += 1) {
    const result = await at.pass({ craete_issues: 'none', args: '' });
    const warnings = result.commands.filter(({ name }) => name === 'warning').map(({ data }) => data);
    assert.deepEqual(warnings, ['craete_issues: there is no such input; it is ignored. Did you mean "create_issues"? The documentation lists all inputs.']);
    assert.match(result.summary, /craete_issues/);
  }
});

test('a token given to the other service is noticed by its beginning, and not repeated', async (t) => {
  const at = await story(t);
  const swapped = await at.pass({ notion_token: at.inputs.github_token, github_token: at.inputs.notion_token }, { code: 2 });
  const errors = swapped.commands.filter(({ name }) => name === 'error').map(({ data }) => data);
  assert.match(errors[0], /^notion_token: this is a token of GitHub\. /);
  assert.match(errors[1], /^github_token: this is a token of Notion\. /);
  assert.equal(swapped.requests.length, 0);
});

test('a repository is understood as a URL', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  await at.pass({ repository: `https://github.com/${at.repo}.git` });
  assert.equal(at.rows().length, 1);
  const other = await at.pass({ repository: 'https://gitlab.example/acme/app' }, { code: 2 });
  assert.match(other.stdout, /repository: "gitlab\.example": this URL is of another server than GITHUB_SERVER_URL/);
});

test('--json prints the report and nothing else on standard output', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  for (const [args, code] of [[['--json'], 0], [['--json', '--mode', 'x'], 2]]) {
    const result = await at.pass({}, { args, code });
    const printed = JSON.parse(result.stdout);
    assert.deepEqual(printed, result.report);
    assert.equal(printed.exit_status, code);
    assert.match(result.stderr, /^::add-mask::/m);
  }
  const local = await at.pass({}, { args: ['--json'], env: { GITHUB_ACTIONS: null, GITHUB_STEP_SUMMARY: null, GITHUB_OUTPUT: null }, allow: ['leftovers'] });
  assert.equal(JSON.parse(local.stdout).exit_status, 0);
});

test('what is required and missing is named, and a token is never shown', async (t) => {
  const at = await story(t);
  const missing = await at.pass({ notion_token: ' ', notion_database: null, github_token: '' }, { code: 2, env: { GITHUB_TOKEN: null } });
  for (const name of ['notion_token', 'notion_database', 'github_token']) assert.match(missing.stdout, new RegExp(`::error::${name}: `));
  assert.equal(missing.requests.length, 0);
  const bad = await at.pass({ notion_token: 'secret with\nnewline and space', mode: 'x' }, { code: 2 });
  assert.doesNotMatch(bad.stdout.replace(/^::add-mask::.*$/gm, '') + bad.stderr, /secret with|newline and/);
});

test('values are trimmed, empty ones are not given, lists have comments', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One', labels: ['bug'] });
  await at.pass({
    notion_token: ` ${at.inputs.notion_token}\n`, mode: ' full ', max_runtime: '', create_pages: '\tall\n',
    property_map: ['# fields', '  labels =   # not kept in step', '', 'status = Status'],
  });
  assert.deepEqual([at.row(1).Name, at.row(1).Labels], ['One', []]);
});

test('flags win over variables; tokens as flags are refused', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  const dry = await at.pass({ dry_run: false }, { args: ['--dry-run', '--mode', 'full', '--log_level=warning'] });
  assert.deepEqual(changes(at, dry), []);
  assert.equal(dry.report.full, true);
  assert.equal(dry.stderr, '');
  const refused = await at.pass({}, { code: 2, args: ['--notion-token', 'ntn_something_secret', '--nonsense=1', '--mod', 'full', 'stray'] });
  assert.match(refused.stdout, /notion_token: .*variable/);
  for (const part of ['--nonsense', '--mod', 'argument']) assert.ok(refused.stdout.includes(part), part);
  assert.doesNotMatch(refused.stdout + refused.stderr, /ntn_something_secret/);
  assert.equal(refused.requests.length, 0);
});

test('RUNNER_DEBUG = 1 means log_level debug; errors alone leave the log of a good pass empty', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  const debug = await at.pass({}, { env: { RUNNER_DEBUG: 1 } });
  assert.match(debug.stderr + debug.stdout, /POST \/notion\/v1\/pages(?:\?…)? 200/);
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Two' });
  const silent = await at.pass({ log_level: 'error' });
  assert.equal((silent.stdout + silent.stderr).replace(/^::add-mask::.*\n/gm, ''), '');
});

test('outside Actions: no workflow commands, a summary that a person can read, tokens by their usual names', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  at.addPage({ Name: 'Two' });
  const env = {
    GITHUB_ACTIONS: null, CI: null, GITHUB_OUTPUT: null, GITHUB_STEP_SUMMARY: null, GITHUB_RUN_ID: null, GITHUB_RUN_ATTEMPT: null,
    GITHUB_EVENT_NAME: null, GITHUB_EVENT_PATH: null, GITHUB_WORKSPACE: null, RUNNER_TEMP: null,
    NOTION_TOKEN: at.inputs.notion_token, GITHUB_TOKEN: at.inputs.github_token,
  };
  const result = await at.pass({ notion_token: null, github_token: null }, { env });
  assert.doesNotMatch(result.stdout + result.stderr, /^::|\u001b/m);
  assert.match(result.stdout, /1 issue created/);
  assert.match(result.stdout, /#1 “One”: .*page/);
  assert.match(result.stdout, /#2 “Two”: .*issue/);
  assert.match(result.stdout, /requests/);
  const bad = alone(['--mode', 'x'], { NOTION_TOKEN: 'ntn_aaaaaaaaaaaaaaaa' });
  assert.equal(bad.status, 2);
  assert.match(bad.stderr + bad.stdout, /mode: "x" is not valid\. Use "auto" or "full"\./);
});

test('in Actions the variables NOTION_TOKEN and GITHUB_TOKEN are not inputs', async (t) => {
  const at = await story(t);
  const env = { NOTION_TOKEN: at.inputs.notion_token, GITHUB_TOKEN: at.inputs.github_token };
  const result = await at.pass({ notion_token: null, github_token: null }, { code: 2, env });
  assert.match(result.stdout, /::error::notion_token: /);
});

test('plain http is for loopback hosts only, also for GitHub', async (t) => {
  const at = await story(t);
  for (const [where, options] of [
    [{ notion_api_url: 'http://notion.example' }, {}], [{ notion_api_url: 'ftp://127.0.0.1' }, {}], [{ notion_api_url: 'https://user:pass@api.notion.com' }, {}],
    [{}, { env: { GITHUB_API_URL: 'http://ghe.example/api/v3' } }], [{}, { env: { GITHUB_GRAPHQL_URL: 'http://ghe.example/api/graphql' } }],
  ]) {
    const result = await at.pass(where, { code: 2, ...options });
    assert.equal(result.requests.length, 0);
    assert.match(result.stdout, /::error::(notion_api_url|GITHUB_\w+_URL): /);
    assert.doesNotMatch(result.stdout, /user:pass/);
  }
});

// --- GitHub Enterprise Server: HOST/api/v3 and HOST/api/graphql ---

async function enterprise(t, at) {
  const server = http.createServer((req, res) => {
    const path = req.url.replace(/^\/api\/v3/, '/github').replace(/^\/api\/graphql/, '/github/graphql');
    const target = new URL(path, at.sandbox.url);
    if (path === req.url) return void res.writeHead(404).end();
    req.pipe(http.request(target, { method: req.method, headers: { ...req.headers, host: target.host } }, (answer) => {
      res.writeHead(answer.statusCode, answer.headers);
      answer.pipe(res);
    }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => { server.closeAllConnections(); server.close(); });
  return `http://127.0.0.1:${server.address().port}`;
}

for (const given of ['the address of the REST API', 'all addresses']) {
  test(`GitHub Enterprise Server, if ${given} is given`, async (t) => {
    const at = await story(t);
    at.addIssue({ title: 'One', labels: ['a b'] });
    at.addPage({ Name: 'Two' });
    const url = await enterprise(t, at);
    const graphql = given === 'all addresses' ? `${url}/api/graphql` : null;
    const env = { GITHUB_API_URL: `${url}/api/v3`, GITHUB_GRAPHQL_URL: graphql, GITHUB_SERVER_URL: graphql && url };
    await at.pass({}, { env });
    assert.deepEqual(at.rows().map((row) => row['GitHub ID']).sort(), [1, 2]);
    at.later();
    at.notion.editPage(at.page(1), { Labels: [], Status: 'Done' });
    await at.pass({}, { env });
    assert.deepEqual([at.issue(1).labels, at.issue(1).state], [[], 'closed']);
  });
}
