// What the event that started the workflow names is looked at, whatever the cursor and Notion's queries say.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
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
  at.sandbox.github.addRepo({ owner: 'acme', name: 'other', private: true });
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

test('an event file that cannot be read is a warning', async (t) => {
  const at = await scene(t);
  await settled(at);
  for (const env of [{ GITHUB_EVENT_PATH: '/nowhere/event.json' }, { GITHUB_EVENT_PATH: new URL(import.meta.url).pathname }]) {
    const run = await at.sync({}, { env });
    assert.equal(run.code, 0);
    assert.ok(run.commands.some((command) => command.name === 'warning' && /event file/.test(command.data)));
  }
});
