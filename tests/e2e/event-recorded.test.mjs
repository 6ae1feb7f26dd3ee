// GitHub's recorded events, and files that are not events: the pass looks at what they name, and believes nothing.

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

// One linked issue, and nothing left to do.
async function scene(t) {
  const sandbox = await Sandbox.start();
  t.after(() => sandbox.stop());
  const at = board(sandbox);
  at.addIssue({ title: 'One' });
  for (let i = 0; i < 2; i += 1) {
    await at.sync();
    sandbox.clock.advance(10 * MINUTE);
  }
  return at;
}

// Every event that names an issue or a pull request, under each name that a workflow can listen to.
const kinds = ['issues', 'issue_comment', 'pull_request', 'pull_request_review', 'pull_request_review_comment'].flatMap((name) =>
  examples.find((event) => event.name === name).examples.map((example) => ({ name, action: example.action, example })));
assert.ok(kinds.length > 60);

for (const name of new Set(kinds.map((kind) => kind.name))) {
  test(`recorded events of ${name}: what they name is looked at, those of other repositories are not heeded`, async (t) => {
    const at = await scene(t);
    const hear = async (example, repository, number, heard = name) => {
      const payload = structuredClone(example);
      if (payload.issue) payload.issue.number = number;
      if (payload.pull_request) payload.pull_request.number = number;
      payload.repository.full_name = repository;
      const run = await at.sync({}, { event: { name: heard, payload } });
      assert.equal(run.code, 0, `${name} ${example.action}`);
      assert.equal(run.outputs.changed, 'false', `${name} ${example.action}: the issue is as it was, whatever the event says`);
      return run.requests.length;
    };
    const own = kinds.filter((kind) => kind.name === name);
    for (const { action, example } of own) assert.ok(await hear(example, at.repo, 1) > 2, `${name} ${action}: nothing was looked at`);
    const [{ example }] = own;
    assert.ok(await hear(example, at.repo.toUpperCase(), 1) > 2, 'names of repositories have no case');
    assert.equal(await hear(example, 'else/where', 1), 2, 'a foreign event was heeded');
    if (name === 'pull_request') assert.ok(await hear(example, at.repo, 1, 'pull_request_target') > 2);
  });
}

test('the recorded repository_dispatch and workflow_dispatch name nobody: a quiet pass', async (t) => {
  const at = await scene(t);
  for (const name of ['repository_dispatch', 'workflow_dispatch']) {
    for (const example of examples.find((event) => event.name === name).examples) {
      const payload = structuredClone(example);
      payload.repository.full_name = at.repo;
      const run = await at.sync({}, { event: { name, payload } });
      assert.deepEqual([run.code, run.requests.length], [0, 2]);
    }
  }
});

test('an event file that is not JSON is a warning, and one with nonsense in it is ignored', async (t) => {
  const at = await scene(t);
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
  const pages = ['99999999-9999-4999-8999-999999999999'];
  for (const payload of [{ issue: { number: 4711 } }, { issue: { number: Number.MAX_SAFE_INTEGER } }, { client_payload: { pages } }]) {
    const run = await at.sync({}, { event: { name: 'issues', payload: { repository: { full_name: at.repo }, ...payload } } });
    assert.deepEqual([run.code, run.outputs.changed, run.outputs.failures], [0, 'false', '0'], JSON.stringify(payload));
  }
});
