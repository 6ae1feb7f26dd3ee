// What loses a conflict is kept, whole, before it is overwritten: on GitHub, or on the page if it may not be said there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, story } from './sync-story.mjs';

const SECRET = 'Layoffs in spring';
const ONE_WAY = { directions: ['title = to_notion'] };

async function linked(t, inputs = {}, options = {}) {
  const at = await story(t, options);
  at.addIssue({ title: 'Login fails', body: 'Line.' });
  await at.pass(inputs);
  at.later();
  Object.assign(at, {
    one: at.page(1),
    kept: () => at.notion.commentsOf(at.one).filter(({ text }) => text.startsWith('Kept by the sync')).map(({ text }) => text),
    conflict(title = SECRET) { at.notion.editPage(at.one, { Name: title }); at.github.editIssue(at.repo, 1, { title: 'Login is slow' }); },
  });
  return at;
}
const lock = (at, message = 'Unable to create comment because issue is locked.') => at.sandbox.fault({
  service: 'github', method: 'POST', path: `/repos/${at.repo}/issues/1/comments`, kind: 'status', status: 403, times: Infinity,
  body: { message },
});
const onGitHub = (at) => JSON.stringify(at.github.snapshot(at.repo).issues);

test('the replaced title of a field that goes to Notion only is kept on the page, never on GitHub', async (t) => {
  const at = await linked(t, ONE_WAY);
  at.conflict();
  await at.pass(ONE_WAY);
  assert.equal(at.row(1).Name, 'Login is slow');
  assert.equal(at.kept().length, 1);
  assert.match(at.kept()[0], /title: .*Login is slow.* from GitHub was kept\. Notion had:\n.*Layoffs in spring/s);
  assert.ok(!onGitHub(at).includes('Layoffs') && !onGitHub(at).includes('conflict'), onGitHub(at));
  await at.settle(ONE_WAY);
  assert.equal(at.kept().length, 1);
});

test('a page text that stays in Notion is not quoted on GitHub, nor linked by its title', async (t) => {
  const inputs = { sync_body: 'to_notion', ...ONE_WAY };
  const at = await linked(t, inputs);
  assert.doesNotMatch(at.comments(1)[0], /Login/);
  at.notion.editContent(at.one, () => `${SECRET}.`);
  at.github.editIssue(at.repo, 1, { body: 'Another line.' });
  await at.pass(inputs);
  assert.ok(!onGitHub(at).includes('Layoffs'), onGitHub(at));
  assert.ok(at.notion.markdown(at.one).includes('Layoffs') || at.kept().some((text) => text.includes('Layoffs')));
  await at.settle(inputs);
});

test('without the capability nothing is overwritten: the field waits, is listed in every run, and the rest is done', async (t) => {
  const at = await linked(t, ONE_WAY);
  at.notion.integration.capabilities.delete('insert_comments');
  at.conflict();
  at.github.label(at.repo, 1, ['bug']);
  for (let i = 0; i < 2; i += 1) {
    const run = await at.pass(ONE_WAY);
    assert.equal(at.row(1).Name, SECRET);
    assert.deepEqual(at.row(1).Labels, ['bug']);
    for (const text of [run.summary, run.stdout]) assert.match(text, /title: both sides were changed, and the run overwrites nothing.*"Insert comments"/);
    at.later();
  }
  at.notion.integration.capabilities.add('insert_comments');
  await at.pass(ONE_WAY);
  assert.equal(at.row(1).Name, 'Login is slow');
  assert.equal(at.kept().length, 1);
  await at.settle(ONE_WAY);
});

test('a conversation that GitHub locked: what loses is quoted on the page, and nothing fails', async (t) => {
  const at = await linked(t);
  lock(at);
  at.conflict('Title of a person');
  await at.pass();
  assert.equal(at.row(1).Name, 'Login is slow');
  assert.match(at.kept()[0], /Title of a person/);
  await at.settle();
});

for (const message of ['Commenting is disabled on issues with more than 2500 comments', 'User is blocked']) {
  test(`a comment that GitHub refuses (${message}) keeps nothing else from being done`, async (t) => {
    const at = await linked(t);
    lock(at, message);
    at.conflict('Title of a person');
    at.notion.editPage(at.one, { Status: 'Done', Labels: ['bug'] });
    await at.pass();
    assert.equal(at.issue(1).state, 'closed');
    assert.deepEqual(at.issue(1).labels, ['bug']);
    assert.equal(at.row(1).Name, 'Login is slow');
    assert.match(at.kept()[0], /Title of a person/);
  });
}

test('locked and without the capability: nothing is overwritten on either side', async (t) => {
  const at = await linked(t, { on_conflict: 'notion' });
  lock(at);
  at.notion.integration.capabilities.delete('insert_comments');
  at.conflict('Title of a person');
  await at.pass({ on_conflict: 'notion' });
  assert.equal(at.row(1).Name, 'Title of a person');
  assert.equal(at.issue(1).title, 'Login is slow');
});

test('a long text that loses is quoted whole, in as many comments as it takes', async (t) => {
  const at = await linked(t);
  const long = Array.from({ length: 5900 }, (_, i) => `Line ${String(i).padStart(5, '0')}`).join('\n');
  assert.ok(long.length > 60 * 1024 && long.length < 65536);
  at.github.editIssue(at.repo, 1, { body: long });
  at.notion.editContent(at.one, () => 'Short.');
  await at.pass({ on_conflict: 'notion' });
  const quoted = at.comments(1).filter((body) => /notion-sync conflict/.test(body)).join('\n');
  for (let i = 0; i < 5900; i += 500) assert.ok(quoted.includes(`Line ${String(i).padStart(5, '0')}`), `line ${i}`);
  assert.ok(quoted.includes('Line 05899'));
  assert.ok(at.comments(1).filter((body) => /notion-sync conflict/.test(body)).length >= 2);
  await at.settle({ on_conflict: 'notion' });
});

test('killed while it quotes: each part is there once, and nothing was overwritten before', async (t) => {
  for (const phase of ['before', 'after']) {
    const at = await linked(t, ONE_WAY);
    at.conflict();
    await at.sync(ONE_WAY, { killAt: { match: ({ method, path }) => method === 'POST' && path === '/v1/comments', phase } });
    assert.equal(at.row(1).Name, SECRET);
    at.later();
    await at.pass(ONE_WAY);
    assert.equal(at.kept().length, 1);
    assert.equal(at.row(1).Name, 'Login is slow');
  }
});

test('in a public repository without `publish` the value of a page is quoted nowhere but there', async (t) => {
  const options = { repo: { private: false } };
  const at = await linked(t, {}, options);
  at.conflict();
  const run = await at.pass();
  assert.ok(!onGitHub(at).includes('Layoffs'));
  assert.ok(!(run.stdout + run.stderr + run.summary).includes('Layoffs'));
  assert.equal(at.kept().length, 1);
  at.later();
  assert.deepEqual(changes(at, await at.pass()), []);
});

test('the comment of a conflict says how it came: both changed, or just linked', async (t) => {
  const at = await story(t);
  const inputs = { link_comments: 'none' };
  at.addIssue({ title: 'On GitHub' });
  at.addPage({ Name: 'In Notion', 'GitHub ID': 1 });
  await at.pass(inputs);
  assert.match(at.comments(1)[0], /^This issue and its \[Notion page\]\([^)]*\) already had different values when they were linked\. What was replaced is kept here\. To use it instead, enter it again\.\n\n\*\*title\*\*: `On GitHub` from GitHub was kept\. Notion had:\n\n```text\nIn Notion\n```\n/);
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Mine' });
  at.notion.editPage(at.page(1), { Name: 'Yours' });
  await at.pass(inputs);
  assert.match(at.comments(1)[1], /^This issue and its \[Notion page\]\([^)]*\) were both changed since they were last in sync\. What was replaced/);
  // Doing what the comment says works.
  at.later();
  at.notion.editPage(at.page(1), { Name: 'Yours' });
  await at.pass(inputs);
  assert.deepEqual([at.issue(1).title, at.comments(1).length], ['Yours', 2]);
});
