// How far a run is, for people who wait for it: a line of the log every 15 seconds, a moving line on a terminal.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasTerminal } from '../harness.mjs';
import { story } from './sync-story.mjs';

const lines = (run) => run.stderr.split('\n').filter((line) => /^(Reading both sides|Writing|Saving what was done|Carrying over comments|Checking): /.test(line));

test('in Actions a line every 15 seconds says how much is done, how fast, how long it takes and what is waited for', async (t) => {
  const at = await story(t);
  for (let number = 1; number <= 40; number += 1) at.addIssue({ title: `Issue ${number}` });
  at.sandbox.fault({ service: 'notion', method: 'POST', path: '/v1/pages', kind: 'status', status: 429, headers: { 'retry-after': '60' }, skip: 3 });
  const run = await at.pass({ link_comments: 'all' });
  const writing = lines(run).filter((line) => line.startsWith('Writing'));
  assert.ok(writing.length >= 4, run.stderr);
  assert.ok(writing.every((line) => /^Writing: \d+ of 40 done/.test(line)), writing.join('\n'));
  assert.ok(writing.some((line) => /, \d+ a minute, about \d+ (s|min) left/.test(line)), writing.join('\n'));
  assert.ok(writing.some((line) => /; Notion asks to wait \d+ s$/.test(line)), writing.join('\n'));
  const done = writing.map((line) => Number(/(\d+) of/.exec(line)[1]));
  assert.deepEqual(done, done.toSorted?.((a, b) => a - b) ?? [...done].sort((a, b) => a - b));
  assert.doesNotMatch(run.stdout, /Writing: /);
});

test('a run of a few seconds, and one whose log level is higher, has no such line', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  assert.deepEqual(lines(await at.pass()), []);
  at.later();
  for (let number = 2; number <= 30; number += 1) at.addIssue({ title: `Issue ${number}` });
  assert.deepEqual(lines(await at.pass({ log_level: 'warning' })), []);
});

test('new pages that somebody may still edit are named as what is waited for', async (t) => {
  const at = await story(t);
  at.addPage({ Name: 'Just typed' });
  at.sandbox.clock.advance(70 * 1000);
  const run = await at.sync({});
  assert.match(run.stderr, /^Reading both sides: \d+ requests?; waiting until nobody edits the new pages any more$/m);
});

test('--json keeps standard output for the report alone', async (t) => {
  const at = await story(t);
  for (let number = 1; number <= 40; number += 1) at.addIssue({ title: `Issue ${number}` });
  const run = await at.pass({ link_comments: 'all' }, { args: ['--json'] });
  assert.ok(lines(run).length > 0);
  assert.equal(JSON.parse(run.stdout).counts.pages_created, 40);
});

test('on a terminal one line is written over and goes at the end', { skip: !hasTerminal() }, async (t) => {
  const at = await story(t);
  for (let number = 1; number <= 10; number += 1) at.addIssue({ title: `Issue ${number}` });
  process.env.NOTION_SYNC_WRAPPER = 'script -qefc';
  t.after(() => { delete process.env.NOTION_SYNC_WRAPPER; });
  const run = await at.sync({ link_comments: 'all' }, { env: { GITHUB_ACTIONS: null, GITHUB_STEP_SUMMARY: null, TERM: 'xterm', NO_COLOR: '1' }, args: ['/dev/null'] });
  assert.equal(run.code, 0, run.stdout);
  assert.match(run.stdout, /\r\u001b\[KWriting: \d+ of 10 done, \d+ a minute, about \d+ s left/);
  assert.match(run.stdout, /\r\u001b\[K[^\r\n]*10 issues? updated|\r\u001b\[K[^\r\n]*10 pages created/);
});
