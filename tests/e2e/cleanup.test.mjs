// notion-sync cleanup: what the action made goes, what people made stays.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { hasTerminal } from '../harness.mjs';
import { isRead, story } from './sync-story.mjs';

// Two linked issues with link comments, one comment carried over each way, and people's own ones.
async function used(t, options) {
  const at = await story(t, options);
  Object.assign(at.inputs, { sync_comments: 'both' });
  at.addIssue({ title: 'One' });
  at.addIssue({ title: 'Two' });
  await at.pass();
  at.later();
  at.github.comment(at.repo, 1, 'A person says something');
  at.notion.addComment(at.page(2), 'Another one, in Notion');
  await at.pass({}, { event: { name: 'repository_dispatch', payload: { client_payload: { pages: [at.page(2)] } } } });
  at.later();
  at.all = (number) => at.issue(number).comments.map(({ author, body }) => [author, body]);
  at.inNotion = (number) => at.notion.commentsOf(at.page(number)).map(({ by, text }) => [by, text]);
  return at;
}

const cleanup = (at, args = [], options = {}) => at.sync({}, { args: ['cleanup', ...args], ...options });
const writes = (run) => run.requests.filter((request) => !isRead(request)).map(({ service, method }) => `${service} ${method}`);

test('without an answer it lists what it would remove, and removes nothing', async (t) => {
  const at = await used(t);
  const before = at.snapshot();
  const run = await cleanup(at);
  assert.equal(run.code, 2);
  assert.match(run.stdout, /^What the action made for acme\/app:$/m);
  assert.match(run.stdout, /^ {2}3 comments on issues and pull requests: #1, #2$/m);
  assert.match(run.stdout, /^ {2}1 comment on the pages of: #1$/m);
  assert.match(run.stdout, new RegExp(`^  its state: the ref ${at.stateRef}$`, 'm'));
  assert.match(run.stdout, /Issues, pages and their texts stay; so do the columns \(--columns removes them\)\./);
  assert.deepEqual(run.stdout.split('\n').filter((line) => /Nothing was removed/.test(line)), ['::error::Nothing was removed: add --yes to remove all of this.']);
  assert.match(run.summary, /^## Notion sync: cleanup\n/);
  assert.deepEqual(writes(run), []);
  const dry = await cleanup(at, ['--yes', '--dry-run']);
  assert.equal(dry.code, 0);
  assert.match(dry.stdout, /Dry run: nothing was removed\./);
  assert.deepEqual(writes(dry), []);
  assert.deepEqual(at.snapshot(), before);
});

test('--yes removes its comments on both sides and the state; what people wrote stays', async (t) => {
  const at = await used(t);
  const run = await cleanup(at, ['--yes']);
  assert.equal(run.code, 0, run.stdout + run.stderr);
  assert.match(run.stdout, /^Removed 5 of 5\.$/m);
  assert.deepEqual(at.all(1), [['acme', 'A person says something']]);
  assert.deepEqual(at.all(2), []);
  assert.deepEqual(at.inNotion(1), []);
  assert.deepEqual(at.inNotion(2).map(([, text]) => text), ['Another one, in Notion']);
  assert.equal(at.github.readRefFile(at.repo, at.stateRef, 'cursor.json') ?? null, null);
  assert.deepEqual([at.issue(1).title, at.row(1).Name, at.row(1)['GitHub ID']], ['One', 'One', 1]);
  const again = await cleanup(at, ['--yes']);
  assert.equal(again.code, 0);
  assert.match(again.stdout, /^Nothing of the action's is left for acme\/app\.$/m);
  assert.deepEqual(writes(again), []);
});

test('on a terminal it asks, and removes only after the word yes', { skip: !hasTerminal() }, async (t) => {
  const at = await used(t);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'notion-sync-terminal-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const terminal = path.join(folder, 'terminal.sh');
  const answer = (words) => fs.writeFileSync(terminal, `#!/bin/sh\nprintf '${words}\\n' | script -qec "$*" /dev/null\n`, { mode: 0o755 });
  process.env.NOTION_SYNC_WRAPPER = terminal;
  t.after(() => { delete process.env.NOTION_SYNC_WRAPPER; });
  const env = { GITHUB_ACTIONS: null, GITHUB_STEP_SUMMARY: null };
  answer('y');
  const before = at.snapshot();
  const kept = await cleanup(at, [], { env });
  assert.match(kept.stdout, /^What the action made for acme\/app:\r?\n[^]*\(--columns removes them\)\.\r?\nRemove all of this\? It cannot be undone\. Type "yes": Nothing was removed\.\r?\n$/m);
  assert.equal(kept.code, 2);
  assert.deepEqual([at.snapshot(), writes(kept)], [before, []]);
  answer('yes');
  const removed = await cleanup(at, [], { env });
  assert.match(removed.stdout, /Type "yes": [^]*Removed 5 of 5\.\r?$/m);
  assert.equal(removed.code, 0);
  assert.deepEqual(at.all(2), []);
});

test('--columns removes the columns that only show what GitHub has, and GitHub ID; not those of people', async (t) => {
  const at = await used(t);
  const run = await cleanup(at, ['--yes', '--columns', '--property-map', 'state = GitHub State']);
  assert.equal(run.code, 0, run.stdout + run.stderr);
  assert.match(run.stdout, /columns of the database, with all their values: (Type|GitHub URL|, )+, GitHub ID$/m);
  assert.deepEqual(Object.keys(at.found()[0].values).sort(), ['GitHub State', 'Labels', 'Name', 'Status']);
});

test('forged markers, copies of markers and comments under another token stay', async (t) => {
  const at = await used(t);
  const link = at.comments(1).find((body) => /notion-sync page=/.test(body)) ?? at.raw(1).comments.find(({ author }) => author === 'github-actions[bot]').body;
  at.github.comment(at.repo, 1, link);
  at.github.comment(at.repo, 2, 'No tag\n\n<!-- notion-sync page=11111111-1111-4111-8111-111111111111 -->', { by: 'github-actions[bot]' });
  const raw = at.raw(1).comments.find(({ author }) => author === 'github-actions[bot]').body;
  at.github.comment(at.repo, 2, raw, { by: 'github-actions[bot]' });
  const run = await cleanup(at, ['--yes']);
  assert.equal(run.code, 0, run.stdout + run.stderr);
  assert.match(run.stdout, /^Removed 5 of 5\.$/m);
  assert.match(run.stdout, /Note: 2 comments by github-actions\[bot\] have a marker/);
  assert.equal(at.all(2).length, 2, 'a marker of another issue, and one without a tag');
});

test('a cleanup that is stopped continues with the next one; the state goes last', async (t) => {
  const at = await used(t);
  at.sandbox.fault({ service: 'github', method: 'DELETE', path: /issues\/comments/, kind: 'status', status: 403, body: { message: 'Resource not accessible by integration' }, skip: 1 });
  const run = await cleanup(at, ['--yes']);
  assert.equal(run.code, 1);
  assert.match(run.stdout, /^::error::Removed 2 of 5; start cleanup again for the rest: .*403/m);
  assert.ok(at.github.readRefFile(at.repo, at.stateRef, 'cursor.json'));
  const rest = await cleanup(at, ['--yes']);
  assert.match(rest.stdout, /^Removed 3 of 3\.$/m);
});

test('while a run is at work nothing is removed', async (t) => {
  const at = await used(t);
  at.github.editIssue(at.repo, 1, { title: 'Changed' });
  await at.sync({}, { killAt: { match: ({ method, path }) => method === 'PATCH' && /\/pages\//.test(path), phase: 'before' }, allow: ['leftovers'], runId: 7 });
  const run = await cleanup(at, ['--yes'], { runId: 8 });
  assert.equal(run.code, 2);
  assert.match(run.stdout + run.stderr, /a run is at work on this database: disable the workflow, wait until the run has ended, and start cleanup again/);
  assert.deepEqual(writes(run), []);
});

test('--json prints what was found and removed, and nothing else on standard output', async (t) => {
  const at = await used(t);
  const run = await cleanup(at, ['--yes', '--json']);
  const { comments_on_github, comments_in_notion, state_refs, columns, removed, exit_status } = JSON.parse(run.stdout);
  assert.deepEqual({ comments_on_github, comments_in_notion, state_refs, columns, removed, exit_status },
    { comments_on_github: 3, comments_in_notion: 1, state_refs: 1, columns: 0, removed: 5, exit_status: 0 });
});

test('with another Notion token nothing is taken for its own, and notes say why', async (t) => {
  const at = await used(t);
  const other = at.notion.addToken(null, { name: 'Other team', shared: [] }).value;
  const run = await at.sync({ notion_token: other, dry_run: true }, { args: ['cleanup'] });
  assert.equal(run.code, 0);
  assert.match(run.stdout, /Note: 3 comments by github-actions\[bot\] have a marker that this Notion token did not make, and stay: start cleanup with the Notion token that the workflow used$/m);
  assert.match(run.stdout, /Note: comments on pages were not looked for: /);
  assert.match(run.stdout, /its state: the ref/);
});
