// Markers carry a tag that only the holder of the Notion token can make. `github-actions[bot]` is shared by all
// workflows of a repository: one that repeats a stranger's words must not speak for the action.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markerLine } from '../harness.mjs';
import { changes, story } from './sync-story.mjs';

const BOT = 'github-actions[bot]';
const bare = (text) => `<!-- notion-sync ${text} -->`;
const lastLine = (text) => text.split('\n').at(-1);

async function linked(t) {
  const at = await story(t);
  const page = at.addPage({ Name: 'Mine', Status: 'In progress' });
  await at.pass();
  await at.settle();
  at.later();
  return { at, page };
}

// The state and the markers as a version without tags left them.
function older(at) {
  const issue = at.github.issue(at.repo, 1);
  const strip = (text) => text.replace(/ tag=[0-9a-f]{16} -->$/, ' -->');
  issue.body = strip(issue.body);
  for (const comment of issue.comments) comment.body = strip(comment.body);
  const { key, ...record } = at.record(1);
  at.github.writeRefFiles(at.repo, at.stateRef, { 'records/0/1.json': record });
}

test('body and comments carry the tag that the documentation gives', async (t) => {
  const { at, page } = await linked(t);
  const other = at.addIssue({ title: 'Theirs' });
  await at.pass();
  assert.equal(lastLine(at.raw(1).body), at.marker(`page=${page}`));
  assert.equal(lastLine(at.raw(1).comments[0].body), at.marker(`page=${page}`, 1));
  assert.equal(lastLine(at.raw(2).comments[0].body), at.marker(`page=${at.page(other.number)}`, 2));
  at.notion.editPage(page, { Status: 'Done' });
  at.later();
  await at.pass();
  assert.equal(lastLine(at.raw(1).comments[1].body), at.marker(`closed page=${page}`, 1));
});

for (const [what, forged] of [
  ['no tag', (at, text) => bare(text)],
  ['an invented tag', (at, text) => bare(`${text} tag=0123456789abcdef`)],
  ['the tag of another token', (at, text, number) => markerLine('ntn_other', at.github.repo(at.repo).id, text, number)],
  ['the tag of another repository', (at, text, number) => markerLine(at.notion.integration.value, 1, text, number)],
  ['the tag of another issue', (at, text) => at.marker(text, 77)],
]) {
  test(`an issue by another workflow with ${what} is not adopted, and gets a page of its own`, async (t) => {
    const at = await story(t);
    const page = at.addPage({ Name: 'Secret plans' });
    at.addIssue({ title: 'Echo', body: `Hello\n\n${forged(at, `page=${page}`)}`, by: BOT });
    const run = await at.pass();
    assert.deepEqual(at.rows().map((row) => [row['GitHub ID'], row.Name]).sort(), [[1, 'Echo'], [2, 'Secret plans']]);
    assert.match(run.summary, /the text of this issue ends in a marker of this action that is not proved/);
    assert.match(run.stdout, /not proved/);
    await at.settle();
  });

  test(`a comment by another workflow with ${what} ends no link and hides no comment`, async (t) => {
    const { at, page } = await linked(t);
    for (const kind of ['ended', 'closed']) at.github.comment(at.repo, 1, `Echo\n\n${forged(at, `${kind} page=${page}`, 1)}`, { by: BOT });
    at.notion.editPage(page, { Status: 'Done' });
    const run = await at.pass();
    assert.equal(at.issue(1).state, 'closed');
    assert.equal(at.comments(1).filter((body) => body.startsWith('Closed: ')).length, 1);
    assert.match(run.summary, /2 comments here carry a marker of this action without the right tag/);
    await at.settle();
  });
}

test('an own issue whose marker somebody else wrote into its text is not adopted', async (t) => {
  const at = await story(t);
  const page = at.addPage({ Name: 'Secret plans' });
  at.addIssue({ title: 'Report', body: 'By a workflow', by: BOT });
  at.github.editIssue(at.repo, 1, { body: `Edited\n\n${at.marker(`page=${page}`)}`, by: 'mallory' });
  await at.pass();
  assert.deepEqual(at.rows().map((row) => [row['GitHub ID'], row.Name]).sort(), [[1, 'Report'], [2, 'Secret plans']]);
});

test('a body that a person edited keeps its link; its marker counts again once the action wrote it', async (t) => {
  const { at, page } = await linked(t);
  at.github.editIssue(at.repo, 1, { body: `Words of a person\n\n${bare(`page=${page}`)}`, by: 'paula' });
  await at.pass();
  assert.equal(at.page(1), page);
  assert.match(at.notion.markdown(page), /Words of a person/);
  await at.settle();
  at.later();
  at.notion.editContent(page, (text) => `${text}\n\nMore`);
  await at.pass();
  assert.equal(lastLine(at.raw(1).body), at.marker(`page=${page}`));
});

test('what an older version left keeps every link; markers are renewed only if the issue is written anyway', async (t) => {
  const { at, page } = await linked(t);
  older(at);
  const quiet = await at.pass({ mode: 'full' });
  assert.deepEqual(changes(at, quiet), []);
  at.later();
  at.notion.editPage(page, { Name: 'New title' });
  const run = await at.pass();
  assert.deepEqual(run.requests.filter(({ service, method, path }) => service === 'github' && method !== 'GET' && /issues/.test(path)).map(({ method, path }) => `${method} ${path.replace(/comments\/\d+/, 'comments/{id}')}`),
    [`PATCH /repos/${at.repo}/issues/1`, `PATCH /repos/${at.repo}/issues/comments/{id}`]);
  assert.equal(at.raw(1).comments.length, 1);
  assert.equal(lastLine(at.raw(1).comments[0].body), at.marker(`page=${page}`, 1));
  assert.equal(lastLine(at.raw(1).body), bare(`page=${page}`), 'the body was not written');
  await at.settle();
  at.later();
  at.notion.editContent(page, () => 'Text');
  const second = await at.pass();
  assert.equal(lastLine(at.raw(1).body), at.marker(`page=${page}`));
  assert.ok(!second.requests.some(({ path }) => /issues\/comments/.test(path)), 'it is renewed once');
  await at.settle();
});

test('a link comment of an older version still says that a link is there and not made again', async (t) => {
  const { at, page } = await linked(t);
  older(at);
  at.notion.editPage(page, { 'GitHub ID': null });
  await at.pass();
  at.later();
  assert.equal(at.comments(1).filter((body) => /no longer synced/.test(body)).length, 1);
  at.notion.editPage(page, { 'GitHub ID': 1 });
  await at.pass();
  assert.equal(at.page(1), page);
  await at.settle();
});

test('a renewed Notion token loses no link', async (t) => {
  const { at, page } = await linked(t);
  const token = `${at.inputs.notion_token.slice(0, -6)}abcdef`;
  at.notion.tokens.set(token, at.notion.integration);
  at.inputs.notion_token = token;
  const run = await at.pass({ mode: 'full' });
  assert.deepEqual(changes(at, run), []);
  at.later();
  at.notion.editPage(page, { Name: 'New title', Status: 'Done' });
  await at.pass();
  assert.equal(lastLine(at.raw(1).comments[0].body), markerLine(token, at.github.repo(at.repo).id, `page=${page}`, 1));
  assert.equal(at.raw(1).comments.length, 2);
  await at.settle();
});

test('a link comment that a person edited is not renewed out of their hands unless it still says the link', async (t) => {
  const { at, page } = await linked(t);
  older(at);
  at.github.editComment(at.repo, at.github.issue(at.repo, 1).comments[0].id, 'My words', { by: 'paula' });
  at.notion.editPage(page, { Name: 'New title' });
  await at.pass();
  assert.equal(at.raw(1).comments[0].body, 'My words');
  await at.settle();
});
