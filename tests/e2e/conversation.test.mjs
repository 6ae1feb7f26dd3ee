// sync_comments: what people say on one side appears on the other (docs/decision-table.md, rows C1 to C9).

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { HOUR, inWords, story } from './sync-story.mjs';

const BOTH = { sync_comments: 'both' };
const TO_NOTION = { sync_comments: 'to_notion' };
const MARKER = /<!-- notion-sync comment=([0-9a-f-]{36})(?: part=\d+)?(?: tag=[0-9a-f]{16})? -->$/;

/* A board with one linked issue, in sync and quiet. */
async function linked(t, inputs = BOTH, options) {
  const at = await story(t, options);
  Object.assign(at.inputs, inputs);
  at.addIssue({ title: 'One' });
  await at.pass();
  await at.settle();
  at.one = at.page(1);
  at.says = (body, more) => at.github.comment(at.repo, 1, body, more);
  at.writes = (text, more) => at.notion.addComment(at.one, text, more);
  at.inNotion = (page = at.one) => at.notion.commentsOf(page).filter(({ by }) => by === 'Sandbox').map(({ text }) => text);
  at.onGitHub = (number = 1) => at.comments(number).filter((body) => MARKER.test(body));
  at.later();
  return at;
}

const dispatch = (...pages) => ({ event: { name: 'repository_dispatch', payload: { client_payload: { pages } } } });
const richText = (run) => run.requests.filter(({ path, method }) => path.startsWith('/v1/comments') && method !== 'GET').map(({ body }) => body.rich_text);

test('a comment on GitHub appears on the page, with a link to it (C1)', async (t) => {
  const at = await linked(t, TO_NOTION);
  const { id } = at.says('Looks **good**');
  const run = await at.pass();
  assert.deepEqual(at.inNotion(), ['acme commented\nLooks good']);
  const [[header, , , bold]] = richText(run);
  assert.equal(header.text.link.url, `https://github.com/acme/app/issues/1#issuecomment-${id}`);
  assert.deepEqual([bold.text.content, bold.annotations.bold], ['good', true]);
  assert.equal(run.outputs.comments_created, '1');
  assert.match(run.summary, /1 comment copied to Notion/);
  await at.settle();
  assert.equal(at.inNotion().length, 1);
});

test('a comment on the page appears on GitHub with its author (C1)', async (t) => {
  const at = await linked(t);
  const id = at.writes('Is it done?');
  const run = await at.pass({}, dispatch(at.one));
  assert.equal(run.outputs.comments_created, '1');
  const [copy] = at.onGitHub();
  assert.match(copy, /^\*\*Paula Person\*\* commented in \[Notion\]\(<https:\/\/app\.notion\.com\/p\/[^>]+>\)\n\nIs it done\?\n\n/);
  assert.equal(MARKER.exec(copy)[1], id);
  await at.settle();
  assert.deepEqual([at.onGitHub().length, at.inNotion().length], [1, 0]);
});

test('without sync_comments nothing is read, carried over or remembered', async (t) => {
  const at = await linked(t, {});
  at.says('Hello');
  at.writes('Hello');
  const run = await at.pass({}, dispatch(at.one));
  assert.deepEqual(run.requests.map(inWords).filter((words) => /comments/.test(words)), []);
  assert.deepEqual([at.inNotion(), at.onGitHub()], [[], []]);
  assert.equal('linked' in at.record(1), false);
  assert.equal(at.stateFiles().some((name) => name.startsWith('comments/')), false);
});

test('to_notion leaves what is said in Notion there', async (t) => {
  const at = await linked(t, TO_NOTION);
  at.writes('For us only');
  at.says('For all');
  await at.pass({}, dispatch(at.one));
  await at.pass({ mode: 'full' });
  assert.deepEqual([at.inNotion().length, at.onGitHub().length], [1, 0]);
});

test('the edit of a comment on GitHub is followed, although it does not touch the issue (C5)', async (t) => {
  const at = await linked(t, TO_NOTION);
  const { id } = at.says('First thouhgt');
  await at.pass();
  at.later();
  await at.pass();
  at.later();
  at.github.bumps.commentEdited = false;
  at.github.editComment(at.repo, id, 'First thought');
  await at.pass({}, dispatch(at.one));
  assert.deepEqual(at.inNotion(), ['acme commented\nFirst thought']);
  await at.settle();
});

test('the edit of a comment in Notion is followed', async (t) => {
  const at = await linked(t);
  const id = at.writes('Frist');
  await at.pass({}, dispatch(at.one));
  at.later();
  at.notion.editComment(id, 'First');
  const run = await at.pass({}, dispatch(at.one));
  assert.equal(run.outputs.comments_created, '0');
  assert.equal(run.outputs.changed, 'true');
  assert.equal(at.onGitHub().length, 1);
  assert.match(at.onGitHub()[0], /\n\nFirst\n\n/);
  await at.settle();
});

test('only what is said after the link came to be is carried over (C3)', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'Old' });
  at.github.comment(at.repo, 1, 'Long ago');
  const page = at.addPage({ Name: 'Old', 'GitHub ID': 1 });
  at.notion.addComment(page, 'Long ago, too');
  at.later();
  await at.pass(BOTH);
  at.later();
  at.github.comment(at.repo, 1, 'Now');
  at.notion.addComment(page, 'Now, too');
  await at.pass(BOTH);
  await at.pass({ ...BOTH, mode: 'full' });
  assert.deepEqual(at.notion.commentsOf(page).map(({ text }) => text), ['Long ago, too', 'Now, too', 'acme commented\nNow']);
  assert.equal(at.comments(1).filter((body) => MARKER.test(body)).length, 1);
  await at.settle(BOTH);
});

test('turning it on carries over nothing that was said before', async (t) => {
  const at = await linked(t, {});
  at.says('Before');
  at.writes('Before');
  at.later();
  const on = await at.pass(BOTH);
  assert.equal(on.report.full, true);
  at.later();
  at.says('After');
  at.writes('After');
  await at.pass(BOTH);
  assert.deepEqual(at.inNotion(), ['acme commented\nAfter']);
  assert.equal(at.onGitHub().length, 1);
  await at.settle(BOTH);
});

test('a comment that is made between the listing and the link is carried over by the next pass', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  at.sandbox.on(({ phase, request }) => {
    if (phase === 'after' && request.method === 'POST' && request.path === '/v1/pages') at.github.comment(at.repo, 1, 'Quick');
  });
  await at.pass(BOTH);
  at.later();
  await at.pass(BOTH);
  assert.deepEqual(at.notion.commentsOf(at.page(1)).map(({ text }) => text), ['acme commented\nQuick']);
  await at.settle(BOTH);
});

test('bots, other integrations and the action itself are left out; nothing comes back (C8)', async (t) => {
  const at = await linked(t);
  at.says('Coverage went up', { by: 'robot[bot]' });
  const other = at.notion.addToken(null, { name: 'Other' });
  at.writes('Imported', { by: other.userId });
  at.notion.editPage(at.one, { Status: 'Done' });
  await at.pass();
  await at.settle();
  assert.equal(at.comments(1).length, 2, 'the link, and that it was closed');
  assert.deepEqual([at.inNotion(), at.onGitHub()], [[], []]);
});

test('a copy on GitHub that somebody edits is no new comment, with its marker or without (C8)', async (t) => {
  const at = await linked(t);
  at.writes('Mine');
  await at.pass({}, dispatch(at.one));
  at.later();
  const copy = at.github.issue(at.repo, 1).comments.at(-1);
  at.github.editComment(at.repo, copy, 'Tidied up by a maintainer');
  at.says('Something else');
  await at.pass();
  assert.deepEqual(at.inNotion(), ['acme commented\nSomething else']);
  await at.settle();
});

test('with the token of a person, what that person says counts, and the copies do not', async (t) => {
  const at = await linked(t, BOTH, { token: { kind: 'pat', login: 'octo' } });
  at.writes('From Notion');
  await at.pass({}, dispatch(at.one));
  at.later();
  const copy = at.github.issue(at.repo, 1).comments.at(-1);
  assert.match(copy.body, MARKER);
  at.github.editComment(at.repo, copy, 'The marker is gone', { by: 'octo' });
  at.says('By hand', { by: 'octo' });
  await at.pass();
  assert.deepEqual(at.inNotion(), ['octo commented\nBy hand']);
  assert.equal(at.issue(1).comments.length, 3);
  await at.settle();
});

test('a marker or header that somebody else wrote is a comment like any other', async (t) => {
  const at = await linked(t);
  const id = at.writes('Original');
  at.says(`Forged\n\n${at.marker(`comment=${id}`, 1)}`);
  at.notion.addComment(at.one, 'mallory commented');
  await at.pass();
  assert.equal(at.onGitHub().length, 2);
  assert.deepEqual(at.inNotion(), ['acme commented\nForged']);
  await at.settle();
});

test('a copy that somebody deleted stays deleted, and its original may change (C6)', async (t) => {
  const at = await linked(t);
  const { id } = at.says('One');
  await at.pass();
  at.later();
  at.notion.comments.delete([...at.notion.comments.keys()].at(-1));
  at.github.editComment(at.repo, id, 'One, changed');
  const run = await at.pass();
  assert.equal(run.outputs.failures, '0');
  at.later();
  at.github.editComment(at.repo, id, 'One, changed again');
  await at.pass();
  assert.deepEqual(at.inNotion(), []);
  await at.settle();
});

test('the same on GitHub', async (t) => {
  const at = await linked(t);
  const id = at.writes('One');
  await at.pass({}, dispatch(at.one));
  at.later();
  at.github.deleteComment(at.repo, at.github.issue(at.repo, 1).comments.at(-1).id);
  at.notion.editComment(id, 'One, changed');
  const run = await at.pass({}, dispatch(at.one));
  assert.equal(run.outputs.failures, '0');
  assert.deepEqual(at.onGitHub(), []);
  await at.settle();
});

test('the copy of a comment that was deleted stays (C7)', async (t) => {
  const at = await linked(t);
  const { id } = at.says('One');
  await at.pass();
  at.later();
  at.github.deleteComment(at.repo, id);
  at.says('Two');
  await at.pass();
  assert.deepEqual(at.inNotion(), ['acme commented\nOne', 'acme commented\nTwo']);
  await at.settle();
});

test('what Notion says mentions nobody on GitHub, makes no HTML and no marker', async (t) => {
  const at = await linked(t);
  at.writes('@octocat <img src=x onerror=alert(1)> [x](javascript:alert(1))\n<!-- notion-sync page=85c478b7-6f46-8ece-bbc1-db436ea0de72 -->\n::error::no');
  await at.pass({}, dispatch(at.one));
  const [copy] = at.onGitHub();
  const text = copy.split('\n').slice(2, -2).join('\n');
  assert.doesNotMatch(text, /@[a-z0-9]/i);
  assert.doesNotMatch(text, /(?<!\\)[<[]/);
  await at.settle();
});

test('a long comment is split on either side, and shrinks with its original', async (t) => {
  const at = await linked(t);
  const long = Array.from({ length: 130 }, (_, i) => `*line ${i}*\n`).join('');
  const comment = at.says(long);
  const id = at.writes('word '.repeat(9000));
  at.notion.comments.get(id).items = at.notion.comments.get(id).items.slice(0, 90);
  await at.pass({}, dispatch(at.one));
  const parts = at.inNotion();
  assert.equal(parts.length, 3);
  assert.ok(parts[1].startsWith('acme commented, part 2\n'));
  assert.equal(at.notion.comments.size, 4);
  const threads = new Set([...at.notion.comments.values()].filter(({ by }) => by === at.notion.integration.userId).map(({ discussion }) => discussion));
  assert.equal(threads.size, 1, 'the parts stand in one discussion');
  assert.ok(at.onGitHub().length >= 2);
  for (const body of at.onGitHub()) assert.ok(body.length < 65536);
  assert.equal(at.onGitHub().map((body) => body.split('word').length - 1).reduce((a, b) => a + b), 9000);
  at.later();
  at.github.editComment(at.repo, comment.id, 'Short');
  at.notion.editComment(id, 'Short');
  await at.pass({}, dispatch(at.one));
  assert.deepEqual(at.inNotion(), ['acme commented\nShort']);
  assert.equal(at.onGitHub().length, 1);
  await at.settle();
});

test('a dry run shows what would be carried over and writes nothing', async (t) => {
  const at = await linked(t);
  at.says('One');
  at.writes('Two');
  const run = await at.pass({ dry_run: true });
  assert.equal(run.outputs.comments_created, '2');
  assert.match(run.summary, /copy 1 comment to GitHub/);
  assert.match(run.summary, /copy 1 comment to Notion/);
  assert.deepEqual([at.inNotion(), at.onGitHub()], [[], []]);
});

test('a quiet pass asks for nothing, however many comments there are', async (t) => {
  const at = await linked(t);
  at.says('One');
  at.writes('Two');
  await at.pass();
  await at.settle();
});

test('a comment in Notion that nothing points to is found by the full pass', async (t) => {
  const at = await linked(t);
  at.writes('Psst');
  await at.pass();
  assert.equal(at.onGitHub().length, 0);
  at.later(25 * HOUR);
  const run = await at.pass();
  assert.equal(run.report.full, true);
  assert.equal(at.onGitHub().length, 1);
  await at.settle();
});

test('missing capabilities are named with their switch', async (t) => {
  const at = await linked(t);
  at.notion.integration.capabilities.delete('read_comments');
  at.says('One');
  const run = await at.pass({}, { code: 2 });
  assert.match(run.stdout + run.stderr, /"Read comments"/);
  at.notion.integration.capabilities.add('read_comments');
  at.notion.integration.capabilities.delete('insert_comments');
  const second = await at.pass({}, { code: 2 });
  assert.match(second.stdout + second.stderr, /"Insert comments"/);
  at.notion.integration.capabilities.add('insert_comments');
  at.later();
  await at.pass();
  assert.equal(at.inNotion().length, 1);
});

test('a locked conversation takes no copies, which is reported and is no failure', async (t) => {
  const at = await linked(t);
  at.sandbox.fault({
    service: 'github', method: 'POST', path: /\/comments$/, kind: 'status', status: 403,
    body: { message: 'Unable to create comment because issue is locked.' },
  });
  at.writes('Two');
  const run = await at.pass({}, dispatch(at.one));
  assert.equal(run.outputs.failures, '0');
  assert.match(run.summary, /locked/);
  assert.equal(at.onGitHub().length, 0);
});

test('comments on pull requests are carried over, too', async (t) => {
  const at = await story(t);
  const pull = at.addPull({ title: 'Fix', head: 'fix' });
  const page = at.addPage({ Name: 'Fix', 'GitHub ID': pull.number });
  await at.pass(BOTH);
  at.later();
  at.github.comment(at.repo, pull.number, 'Please rebase');
  at.notion.addComment(page, 'Will do');
  await at.pass(BOTH);
  assert.deepEqual(at.notion.commentsOf(page).map(({ text }) => text), ['Will do', 'acme commented\nPlease rebase']);
  assert.equal(at.comments(pull.number).filter((body) => MARKER.test(body)).length, 1);
  await at.settle(BOTH);
});

test('comments are in the order in which they were made', async (t) => {
  const at = await linked(t);
  for (const text of ['one', 'two', 'three']) {
    at.says(text);
    at.sandbox.clock.advance(60000);
  }
  await at.pass();
  assert.deepEqual(at.inNotion().map((text) => text.split('\n')[1]), ['one', 'two', 'three']);
});

test('a folder holds what a ref holds', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'conversation-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const at = await linked(t, { ...BOTH, state_ref: `file:${folder}` });
  at.says('One');
  at.writes('Two');
  await at.pass();
  const { comments } = JSON.parse(fs.readFileSync(path.join(folder, 'comments/0/1.json'), 'utf8'));
  assert.deepEqual(comments.map(({ from }) => from), ['github', 'notion']);
  await at.settle();
  assert.deepEqual([at.inNotion().length, at.onGitHub().length], [1, 1]);
});

test('asked to end, the pass saves what was carried over and leaves the rest to the next', async (t) => {
  const at = await linked(t);
  for (const text of ['one', 'two', 'three']) at.says(text);
  const second = (request) => request.path === '/v1/comments' && request.method === 'POST' && /two/.test(JSON.stringify(request.body));
  const run = await at.sync({}, { killAt: { match: second, phase: 'after', signal: 'SIGTERM' } });
  assert.equal(run.code, 143);
  const carried = () => at.github.readRefFile(at.repo, at.stateRef, 'comments/0/1.json').comments.length;
  assert.equal(carried(), at.inNotion().length);
  assert.ok(at.inNotion().length < 3);
  at.later();
  await at.pass();
  assert.deepEqual(at.inNotion().map((text) => text.split('\n')[1]), ['one', 'two', 'three']);
  await at.settle();
});

test('a full pass asks for 500 pages, and the next one for the others', async (t) => {
  const at = await story(t);
  const count = 503;
  const ids = [];
  for (let n = 1; n <= count; n += 1) {
    at.addIssue({ title: `Issue ${n}` });
    ids[n] = at.addPage({ Name: `Issue ${n}`, 'GitHub ID': n, 'GitHub URL': `https://github.com/acme/app/issues/${n}`, Type: 'Issue', 'GitHub State': 'Open', Status: 'Not started' });
  }
  const inputs = { ...BOTH, link_comments: 'none', sync_body: 'none', mode: 'full' };
  await at.pass(inputs);
  at.later();
  const asked = (run) => run.requests.filter((request) => request.path === '/v1/comments' && request.method === 'GET').length;
  const copies = (n) => at.issue(n).comments.length;
  at.notion.addComment(ids[count], 'Newest');
  at.notion.addComment(ids[2], 'Old');
  const first = await at.pass(inputs);
  assert.deepEqual([asked(first), copies(count), copies(2)], [500, 1, 0]);
  at.later();
  const second = await at.pass(inputs);
  assert.deepEqual([asked(second), copies(count), copies(2)], [3, 1, 1]);
  at.later();
  assert.equal(asked(await at.pass(inputs)), 500, 'and from the newest again');
});

test("with a person's token of Notion's, the copies are ours by their header, and that person's own words are not", async (t) => {
  const at = await linked(t, BOTH);
  const person = at.notion.addUser({ name: 'Pat' });
  at.notion.integration.person = person.id;
  at.says('From GitHub');
  await at.pass();
  at.later();
  assert.deepEqual(at.notion.commentsOf(at.one).map(({ by }) => by), ['Pat']);
  at.notion.addComment(at.one, 'My own words', { by: person.name });
  await at.pass({}, dispatch(at.one));
  assert.equal(at.onGitHub().length, 1);
  assert.match(at.onGitHub()[0], /My own words/);
  at.later();
  await at.pass({}, dispatch(at.one));
  assert.equal(at.onGitHub().length, 1, 'the copy of what was said on GitHub does not come back');
});

test('a comment on a block of the page is not the page\'s', async (t) => {
  const at = await linked(t);
  at.writes('On a block', { block: '11111111-2222-4333-8444-555555555555' });
  at.writes('On the page');
  await at.pass({}, dispatch(at.one));
  assert.equal(at.onGitHub().length, 1);
  assert.match(at.onGitHub()[0], /On the page/);
  await at.settle();
});

test('a comment without a word is not copied; footnotes keep their text', async (t) => {
  const at = await linked(t);
  at.says('<!-- only for machines -->');
  at.says('See[^1] and[^note].\n\n[^1]: first\n[^note]: the second one');
  await at.pass();
  assert.deepEqual(at.inNotion(), ['acme commented\nSee[1] and[2].\n\n[1] first\n\n[2] the second one']);
  await at.settle();
});

test('a comment that was copied to GitHub shows in the columns of numbers and times in the same pass', async (t) => {
  const at = await linked(t, BOTH, { properties: { Comments: 'number', Updated: 'date' } });
  at.writes('From Notion');
  await at.pass({}, dispatch(at.one));
  assert.equal(at.onGitHub().length, 1);
  assert.equal(at.row(1).Comments, at.issue(1).comments.length);
  await at.settle();
});
