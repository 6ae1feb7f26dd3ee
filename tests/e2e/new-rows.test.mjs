// Rows that become issues: which, when, and in what order.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, inWords, story } from './sync-story.mjs';

const SECOND = 1000;
const text = (run) => `${run.stdout}\n${run.stderr}\n${run.summary}`;
const titles = (at) => at.issues().map((issue) => issue.title);
const cursor = (at) => at.github.readRefFile(at.repo, at.stateRef, 'cursor.json');

test('create_issues: rows whose status is closed stay rows, all and none as they say', async (t) => {
  const cases = [[undefined, ['Open', 'Nothing']], ['open', ['Open', 'Nothing']], ['all', ['Open', 'Nothing', 'Done']],
    ['true', ['Open', 'Nothing', 'Done']], ['none', []], ['false', []]];
  for (const [choice, expected] of cases) {
    const at = await story(t);
    at.addPage({ Name: 'Open', Status: 'In progress' });
    at.addPage({ Name: 'Nothing' });
    const done = at.addPage({ Name: 'Done', Status: 'Done' });
    const inputs = choice === undefined ? {} : { create_issues: choice };
    await at.pass(inputs);
    assert.deepEqual(titles(at).sort(), [...expected].sort(), choice);
    await at.settle(inputs);
    if (choice !== 'open') continue;
    at.later();
    at.notion.editPage(done, { Status: 'In progress' });
    await at.pass(inputs);
    assert.deepEqual(titles(at).at(-1), 'Done', 'once it is opened it becomes one');
  }
});

test('a row that was edited a moment ago is waited for, without the lock', async (t) => {
  const at = await story(t);
  at.addPage({ Name: 'Old' });
  at.later();
  await at.pass();
  at.later();
  const page = at.addPage({ Name: 'Half a t' });
  at.later(30 * SECOND);
  const before = at.sandbox.clock.now();
  const result = await at.pass();
  assert.ok(at.sandbox.clock.now() - before >= 29 * SECOND, 'it waits');
  assert.ok(at.sandbox.clock.now() - before <= 130 * SECOND, 'two minutes at most');
  assert.deepEqual(titles(at), ['Old', 'Half a t']);
  assert.equal(at.page(2), page);
  const words = result.requests.map(inWords);
  const lock = words.findIndex((word) => /git\/trees/.test(word));
  assert.ok(result.requests[lock].time - before >= 29 * SECOND, 'without the lock');
  assert.ok(words.includes('notion GET /v1/pages/{id}'), 'the row is read again');
  await at.settle();
});

test('a row that was edited again meanwhile is left to the next run, and is in the list of the cursor', async (t) => {
  const at = await story(t);
  at.later();
  const page = at.addPage({ Name: 'Half' });
  const other = at.addPage({ Name: 'Whole' });
  // The first thing after the wait is the reading of the rows that were waited for.
  let acted = false;
  const off = at.sandbox.on(({ phase, request }) => {
    if (acted || phase !== 'before' || request.method !== 'GET' || !/^\/v1\/pages\/[0-9a-f-]{36}$/.test(request.path)) return;
    acted = true;
    at.notion.editPage(page, { Name: 'Half and more' });
  });
  const run = await at.pass();
  off();
  assert.deepEqual(titles(at), ['Whole']);
  assert.ok(at.page(1) === other);
  assert.match(text(run), /edited a moment ago/);
  assert.deepEqual(cursor(at).again_pages, [page]);
  at.later();
  await at.pass();
  assert.deepEqual(titles(at), ['Whole', 'Half and more']);
  await at.settle();
});

test('a dry run and check do not wait: such rows come once nobody edits them', async (t) => {
  const at = await story(t);
  at.later();
  at.addPage({ Name: 'New' });
  const before = at.sandbox.clock.now();
  const dry = await at.pass({ dry_run: 'true' });
  assert.match(text(dry), /create the issue once nobody edits the page/);
  assert.equal(dry.outputs.issues_created, '1');
  const check = await at.sync({}, { args: ['check'] });
  assert.match(check.stdout, /once nobody edits the page/);
  assert.ok(at.sandbox.clock.now() - before < 20 * SECOND);
  at.later();
  assert.doesNotMatch(text(await at.pass({ dry_run: 'true' })), /once nobody edits the page/);
});

test('a wait that is longer than the run may last leaves the row to the next one', async (t) => {
  const at = await story(t);
  at.later();
  const page = at.addPage({ Name: 'New' });
  const before = at.sandbox.clock.now();
  const run = await at.pass({ max_runtime: '1' });
  assert.ok(at.sandbox.clock.now() - before < 60 * SECOND);
  assert.deepEqual(titles(at), []);
  assert.deepEqual(cursor(at).again_pages, [page]);
  assert.match(text(run), /edited a moment ago/);
  at.later();
  await at.pass({ max_runtime: '1' });
  assert.deepEqual(titles(at), ['New']);
});

test('a row that is not new is not waited for', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  await at.pass();
  at.later();
  at.notion.editPage(at.page(1), { Name: 'Uno' });
  const before = at.sandbox.clock.now();
  await at.pass();
  assert.ok(at.sandbox.clock.now() - before < 30 * SECOND);
  assert.equal(at.issue(1).title, 'Uno');
});

test('issues get their numbers in the order in which the rows were created', async (t) => {
  const at = await story(t);
  const names = Array.from({ length: 12 }, (_, i) => `Row ${i}`);
  for (const [i, name] of names.entries()) {
    at.addPage({ Name: name }, { markdown: `Text ${i}` });
    at.later(61 * SECOND);
  }
  // The content of the first rows comes last.
  at.sandbox.fault({ service: 'notion', method: 'GET', path: /markdown/, kind: 'delay', ms: 300, times: 3 });
  await at.pass();
  assert.deepEqual(titles(at), names);
  await at.settle();
});

test('the link comment says who wrote the row', async (t) => {
  const at = await story(t);
  at.addPage({ Name: 'Mine' });
  at.addIssue({ title: 'Theirs' });
  await at.pass();
  const mine = at.issues().find((issue) => issue.title === 'Mine').number;
  assert.match(at.comments(mine)[0], /^Created in Notion by `[^`]+`\. This issue is synced with the Notion page/);
  const theirs = at.issues().find((issue) => issue.title === 'Theirs').number;
  assert.doesNotMatch(at.comments(theirs)[0], /Created in Notion/);
});

test('GitHub URL comes with GitHub ID if the database never had one, and the summary names what was added', async (t) => {
  const columns = { 'GitHub ID': null, 'GitHub URL': null };
  const names = (at) => at.notion.dataSources.get(at.dataSource).schema.list().map((property) => property.name);
  const at = await story(t, { properties: columns });
  at.addPage({ Name: 'One' });
  assert.match((await at.sync({}, { args: ['check'] })).stdout, /missing columns +“GitHub ID, GitHub URL” +the first run that writes adds them/);
  const run = await at.pass();
  assert.ok(names(at).includes('GitHub URL'));
  assert.match(run.summary, /added to the database: .*GitHub ID \(number\).*GitHub URL \(url\)|added to the database: .*GitHub URL \(url\).*GitHub ID \(number\)/);
  assert.match(at.row(1)['GitHub URL'], /issues\/1$/);
  await at.settle();
  const off = await story(t, { properties: columns });
  off.addPage({ Name: 'One' });
  await off.pass({ property_map: ['url ='] });
  assert.ok(!names(off).includes('GitHub URL'));
  assert.ok(names(off).includes('GitHub ID'));
});
