// Comments still appear once if a write, the state or a whole pass is lost. A kill at each request
// and answers that are lost are in the crash matrix.

import assert from 'node:assert/strict';
import test from 'node:test';

import { isRead, isState, story } from './sync-story.mjs';

const BOTH = { sync_comments: 'both', create_pages: 'all' };
const many = (word) => Array.from({ length: 70 }, (_, i) => `*${word} ${i}* `).join('');

// What is to be carried over: new comments and edits on both sides, one of them growing by a part.
async function scene(t) {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  await at.pass(BOTH);
  at.later();
  const page = at.page(1);
  const grows = at.github.comment(at.repo, 1, 'First');
  const mine = at.notion.addComment(page, 'Mine');
  await at.pass(BOTH);
  at.later();
  at.github.editComment(at.repo, grows.id, many('grown'));
  at.notion.editComment(mine, 'Mine, edited');
  at.github.comment(at.repo, 1, many('long'));
  at.github.comment(at.repo, 1, 'Last');
  at.notion.addComment(page, 'Another');
  at.later(2000);
  return at;
}

function ended(at) {
  const notion = at.notion.commentsOf(at.page(1)).map(({ by, text }) => `${by}: ${text}`).sort();
  const github = at.issue(1).comments.map(({ author, body }) => `${author}: ${body}`.replace(/[0-9a-f-]{32,36}/g, '{id}')).sort();
  return { notion, github };
}

async function finish(at) {
  at.sandbox.clearFaults();
  at.later(11 * 60000);
  await at.pass(BOTH);
  await at.settle(BOTH);
}

let expected;

test('without trouble everything is there once', async (t) => {
  const at = await scene(t);
  await at.pass(BOTH);
  expected = ended(at);
  assert.equal(expected.notion.length, 7);
  assert.equal(expected.github.length, 6);
  await finish(at);
  assert.deepEqual(ended(at), expected);
});

test('Notion says that a comment was saved although it failed', async (t) => {
  const at = await scene(t);
  at.sandbox.fault({ service: 'notion', method: 'POST', path: '/v1/comments', kind: 'committed', times: 2 });
  await at.pass(BOTH);
  assert.deepEqual(ended(at), expected);
  await finish(at);
  assert.deepEqual(ended(at), expected);
});

test('a comment that Notion refuses keeps no other from being carried over, and is tried again', async (t) => {
  const at = await scene(t);
  at.sandbox.fault({ service: 'notion', method: 'POST', path: '/v1/comments', kind: 'status', status: 400, skip: 1 });
  const run = await at.pass(BOTH, { code: 1 });
  assert.equal(run.outputs.failures, '1');
  assert.ok(at.notion.commentsOf(at.page(1)).some(({ text }) => /Last/.test(text)));
  await finish(at);
  assert.deepEqual(ended(at), expected);
});

test('if a minute passed since the reading, both sides are read again', async (t) => {
  const at = await scene(t);
  let told = false;
  at.sandbox.on(({ phase, request }) => {
    if (told || phase !== 'after' || isRead(request) || isState(request)) return;
    told = true;
    at.later(5 * 60000);
    const last = at.github.model.repo(at.repo).issues.get(1).comments.findLast(({ body }) => body === 'Last');
    at.github.editComment(at.repo, last.id, 'Last, edited meanwhile');
  });
  await at.pass(BOTH);
  assert.ok(at.notion.commentsOf(at.page(1)).some(({ text }) => /Last, edited meanwhile/.test(text)));
  await at.settle(BOTH);
});

test('the state is lost: nothing is carried over a second time', async (t) => {
  const at = await scene(t);
  await at.pass(BOTH);
  at.github.deleteRef(at.repo, at.stateRef);
  at.later();
  const { id } = at.github.model.repo(at.repo).issues.get(1).comments.findLast(({ body }) => body === 'Last');
  at.github.editComment(at.repo, id, 'Last, edited');
  const run = await at.pass(BOTH);
  assert.equal(run.outputs.comments_created, '0');
  const now = ended(at);
  assert.deepEqual([now.notion.length, now.github.length], [expected.notion.length, expected.github.length]);
  assert.ok(now.notion.some((text) => /Last, edited/.test(text)));
  await at.settle(BOTH);
});

test('a damaged file of remembered comments costs nothing', async (t) => {
  const at = await scene(t);
  await at.pass(BOTH);
  at.github.writeRefFiles(at.repo, at.stateRef, { 'comments/0/1.json': '{"version":1,"number":1,"comments":[{"from":"x"}]}' });
  at.later();
  at.github.comment(at.repo, 1, 'And on');
  const run = await at.pass(BOTH);
  assert.equal(run.outputs.comments_created, '1');
  assert.equal(ended(at).notion.length, expected.notion.length + 1);
  await at.settle(BOTH);
});

test('a first pass that dies loses nothing that is said before the next one', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  const written = (request) => request.path === '/v1/pages' && request.method === 'POST';
  await at.sync(BOTH, { killAt: { match: written, phase: 'after' } });
  at.later(2000);
  at.github.comment(at.repo, 1, 'In between');
  at.notion.addComment(at.page(1), 'In between, too');
  at.later(11 * 60000);
  await at.pass(BOTH);
  await at.settle(BOTH);
  const { notion, github } = ended(at);
  assert.deepEqual(notion, ['Paula Person: In between, too', 'Sandbox: acme commented\nIn between']);
  assert.equal(github.filter((text) => /In between, too/.test(text)).length, 1);
});
