// What the event that started the workflow tells is looked at, whatever the cursor and Notion's queries say.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { board } from '../harness.mjs';
import { Sandbox } from '../sandbox/core.mjs';

const MINUTE = 60000;
const examples = JSON.parse(fs.readFileSync(createRequire(import.meta.url).resolve('@octokit/webhooks-examples/api.github.com/index.json')));

// A payload as GitHub recorded it, for another issue of another repository.
function recorded(name, action, { number, repository }) {
  const payload = structuredClone(examples.find((event) => event.name === name).examples.find((example) => example.action === action));
  if (payload.issue) payload.issue.number = number;
  if (payload.pull_request) payload.pull_request.number = number;
  if (payload.repository) payload.repository.full_name = repository;
  return { name, payload };
}

async function scene(t, options) {
  const sandbox = await Sandbox.start();
  t.after(() => sandbox.stop());
  const at = board(sandbox, options);
  at.later = (minutes = 10) => sandbox.clock.advance(minutes * MINUTE);
  at.page = (number) => sandbox.notion.snapshot().Tasks.find((page) => page.values['GitHub ID'] === number);
  return at;
}

async function settled(at) {
  await at.sync();
  at.later();
  await at.sync();
  at.later();
}

test('an issue that was deleted ends its link at once, not with the next full pass', async (t) => {
  const at = await scene(t);
  at.addIssue({ title: 'Secret in here' });
  await settled(at);
  at.sandbox.github.deleteIssue(at.repo, 1);
  const blind = await at.sync();
  assert.equal(blind.outputs.changed, 'false');
  const told = await at.sync({}, { event: recorded('issues', 'deleted', { number: 1, repository: at.repo }) });
  assert.equal(told.code, 0);
  assert.equal(told.outputs.pages_updated, '1');
  assert.equal(at.page(1), undefined);
});

test('an issue that was transferred ends its link at once', async (t) => {
  const at = await scene(t);
  at.sandbox.github.addRepo({ owner: 'acme', name: 'other' });
  at.addIssue({ title: 'Not ours' });
  await settled(at);
  at.sandbox.github.transferIssue(at.repo, 1, 'acme/other');
  const told = await at.sync({}, { event: recorded('issues', 'transferred', { number: 1, repository: at.repo }) });
  assert.equal(told.outputs.pages_updated, '1');
  assert.match(told.summary, /transferred/);
});

test('an event that lies is found out: the issue is there', async (t) => {
  const at = await scene(t);
  at.addIssue({ title: 'Still here' });
  await settled(at);
  const told = await at.sync({}, { event: recorded('issues', 'deleted', { number: 1, repository: at.repo }) });
  assert.equal(told.code, 0);
  assert.equal(told.outputs.changed, 'false');
  assert.equal(at.page(1).trashed, false);
});

test('a page that the queries do not show yet is read because the dispatch names it', async (t) => {
  const at = await scene(t);
  await settled(at);
  at.sandbox.notion.settings.queryLag = 5 * MINUTE;
  const id = at.addPage({ Name: 'Just written' });
  const blind = await at.sync();
  assert.equal(blind.outputs.issues_created, '0');
  const payload = { action: 'notion-sync', repository: { full_name: at.repo }, client_payload: { pages: [id.replace(/-/g, '').toUpperCase(), 'no id', 7] } };
  const told = await at.sync({}, { event: { name: 'repository_dispatch', payload } });
  assert.equal(told.outputs.issues_created, '1');
  at.sandbox.clock.advance(2000);
  const again = await at.sync({}, { event: { name: 'repository_dispatch', payload } });
  assert.equal(again.outputs.issues_created, '0');
  assert.equal(at.snapshot().github.issues.length, 1);
});

// Every event that names an issue or a pull request, under each name by which a workflow hears of it.
const kinds = ['issues', 'issue_comment', 'pull_request', 'pull_request_review', 'pull_request_review_comment'].flatMap((name) =>
  examples.find((event) => event.name === name).examples.map((example) => ({ name, action: example.action, example })));
assert.ok(kinds.length > 60);

for (const name of new Set(kinds.map((kind) => kind.name))) {
  test(`recorded events of ${name}: what they name is looked at, those of other repositories are not heeded`, async (t) => {
    const at = await scene(t);
    at.addIssue({ title: 'One' });
    await settled(at);
    for (const { action, example } of kinds.filter((kind) => kind.name === name)) {
      for (const [repository, heeded] of [[at.repo, true], [at.repo.toUpperCase(), true], ['else/where', false]]) {
        const payload = structuredClone(example);
        if (payload.issue) payload.issue.number = 1;
        if (payload.pull_request) payload.pull_request.number = 1;
        payload.repository.full_name = repository;
        const heard = name === 'pull_request' && heeded ? 'pull_request_target' : name;
        const run = await at.sync({}, { event: { name: heard, payload } });
        assert.equal(run.code, 0, `${name} ${action}`);
        assert.equal(run.outputs.changed, 'false', `${name} ${action}: the issue is as it was, whatever the event says`);
        if (heeded) assert.ok(run.requests.length > 2, `${name} ${action}: nothing was looked at`);
        else assert.equal(run.requests.length, 2, `${name} ${action}: a foreign event was heeded`);
      }
    }
  });
}

test('the recorded repository_dispatch and workflow_dispatch name nobody: a quiet pass', async (t) => {
  const at = await scene(t);
  at.addIssue({ title: 'One' });
  await settled(at);
  for (const name of ['repository_dispatch', 'workflow_dispatch']) {
    for (const example of examples.find((event) => event.name === name).examples) {
      const payload = structuredClone(example);
      payload.repository.full_name = at.repo;
      const run = await at.sync({}, { event: { name, payload } });
      assert.deepEqual([run.code, run.requests.length], [0, 2]);
    }
  }
});

test('an event file that is none is a warning, one with nonsense in it a pass as any', async (t) => {
  const at = await scene(t);
  at.addIssue({ title: 'One' });
  await settled(at);
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'notion-sync-event-')), 'event.json');
  t.after(() => fs.rmSync(path.dirname(file), { recursive: true }));
  const repository = { full_name: at.repo };
  const deep = `${'['.repeat(200)}${']'.repeat(200)}`;
  for (const [text, warns] of [
    ['', true], ['{', true], ['null', true], ['[]', true], ['"issues"', true], ['{"issue":{"number":1}}\0', true], [`{"issue":${deep}}`, true], ['\xff{}', true],
    ['{}', false], [JSON.stringify({ repository: null, issue: [], pull_request: 'x', client_payload: 7 }), false],
    [JSON.stringify({ repository, issue: { number: '1' } }), false], [JSON.stringify({ repository, issue: { number: -1 } }), false], [JSON.stringify({ repository, issue: { number: 1.5 } }), false],
    [JSON.stringify({ repository, client_payload: { pages: 'all' } }), false], [JSON.stringify({ repository, client_payload: { pages: [null, {}, '', 'x'.repeat(5000), '../../x'] } }), false],
  ]) {
    fs.writeFileSync(file, text, 'latin1');
    const run = await at.sync({}, { env: { GITHUB_EVENT_PATH: file } });
    assert.deepEqual([run.code, run.outputs.changed], [0, 'false'], text.slice(0, 80));
    assert.equal(run.commands.some((command) => command.name === 'warning' && /event file/.test(command.data)), warns, text.slice(0, 80));
  }
});

test('numbers and pages that do not exist are looked for, and that is all', async (t) => {
  const at = await scene(t);
  at.addIssue({ title: 'One' });
  await settled(at);
  const pages = ['99999999-9999-4999-8999-999999999999'];
  for (const payload of [{ issue: { number: 4711 } }, { issue: { number: Number.MAX_SAFE_INTEGER } }, { client_payload: { pages } }]) {
    const run = await at.sync({}, { event: { name: 'issues', payload: { repository: { full_name: at.repo }, ...payload } } });
    assert.deepEqual([run.code, run.outputs.changed, run.outputs.failures], [0, 'false', '0'], JSON.stringify(payload));
  }
});

test('an event file that cannot be read is a warning', async (t) => {
  const at = await scene(t);
  await settled(at);
  for (const env of [{ GITHUB_EVENT_PATH: '/nowhere/event.json' }, { GITHUB_EVENT_PATH: new URL(import.meta.url).pathname }]) {
    const run = await at.sync({}, { env });
    assert.equal(run.code, 0);
    assert.ok(run.commands.some((command) => command.name === 'warning' && /event file/.test(command.data)));
  }
});
