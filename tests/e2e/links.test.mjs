import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, markers, perRecord, story, verbs } from './sync-story.mjs';

test('a link comment is made once, says where the page is, and what the link means', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One `two` [x](http://evil) @alice' });
  await at.pass();
  const [comment] = at.comments(1);
  const page = at.page(1);
  assert.match(comment, /^This issue is synced with the Notion page \[``.*``\]\(https:\/\/app\.notion\.com\/[^)]*\)\.\n/);
  assert.match(comment, /title, status, labels and description/);
  assert.match(comment, /clear \*\*GitHub ID\*\*/);
  assert.deepEqual(markers(at.comments(1)), [`page=${page}`]);
  await at.settle();
  for (const title of ['Two', 'Three']) {
    at.later();
    at.github.editIssue(at.repo, 1, { title });
    assert.deepEqual(verbs(perRecord(at, await at.pass())[1]), ['write page']);
  }
  at.later();
  await at.pass({ mode: 'full' });
  assert.equal(at.comments(1).length, 1);
});

test('link_comments = none: none, and the state is enough', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  at.addPage({ Name: 'Two' });
  assert.equal((await at.pass({ link_comments: 'none' })).outputs.comments_created, '0');
  await at.settle({ link_comments: 'none' });
  assert.deepEqual(at.issues().flatMap((issue) => issue.comments), []);
});

test('link_comments = created: issues that the action created, and those it changes', async (t) => {
  const at = await story(t);
  const inputs = { link_comments: 'created' };
  for (const title of ['One', 'Two']) at.addIssue({ title });
  const page = at.addPage({ Name: 'Three' });
  await at.pass(inputs);
  assert.deepEqual([1, 2, 3].map((number) => at.comments(number).length), [0, 0, 1]);
  await at.settle(inputs);
  at.later();
  at.notion.editPage(at.page(1), { Labels: ['x'] });
  at.github.label(at.repo, 2, ['y']);
  assert.deepEqual(perRecord(at, await at.pass(inputs)), {
    1: [['add labels', { labels: ['x'] }], ['comment', at.comments(1)[0]]],
    2: [['write page', { Labels: ['y'] }]],
  });
  assert.deepEqual(markers(at.comments(3)), [`page=${page}`]);
  await at.settle(inputs);
});

test('from none to all: the comments that are due are made, once', async (t) => {
  const at = await story(t);
  for (const title of ['One', 'Two']) at.addIssue({ title });
  await at.pass({ link_comments: 'none' });
  await at.settle({ link_comments: 'none' });
  at.later();
  const result = await at.pass({ link_comments: 'all' });
  assert.deepEqual(changes(at, result).map(([verb, number]) => [verb, number]), [['comment', 1], ['comment', 2]]);
  await at.settle({ link_comments: 'all' });
});

test('comments that are due: 60 a pass, the newest first, until none is due', async (t) => {
  for (const [link_comments, due] of [['created', 75], ['all', 80]]) {
    const at = await story(t);
    for (let i = 1; i <= 5; i += 1) at.addIssue({ title: `Issue ${i}` });
    for (let i = 1; i <= 75; i += 1) at.addPage({ Name: `Page ${i}` });
    const first = await at.pass({ link_comments });
    assert.equal(first.outputs.comments_created, '60');
    assert.equal(first.report.counts.comments_waiting, due - 60);
    assert.ok(first.summary.includes(`${due - 60}`));
    at.later(40 * 60000);
    const second = await at.pass({ link_comments });
    assert.equal(second.outputs.comments_created, `${due - 60}`);
    assert.equal(second.report.counts.comments_waiting, 0);
    await at.settle({ link_comments });
    const counts = at.issues().map(({ number }) => at.comments(number).length);
    assert.deepEqual(counts, [...Array(5).fill(link_comments === 'all' ? 1 : 0), ...Array(75).fill(1)]);
  }
});

test('a marker that somebody else wrote changes nothing', async (t) => {
  const at = await story(t);
  const victim = at.addPage({ Name: 'Victim' });
  await at.pass();
  await at.settle();
  const before = JSON.stringify(at.rows());
  at.later();
  const forged = at.marker(`page=${victim}`);
  at.addIssue({ title: 'Forged body', body: `Hello\n\n${forged}`, by: 'mallory' });
  at.addIssue({ title: 'Forged comment', by: 'mallory' });
  at.github.comment(at.repo, 3, `Hello\n\n${at.marker(`page=${victim}`, 3)}`, { by: 'mallory' });
  at.github.comment(at.repo, 1, at.marker(`ended page=${victim}`, 1), { by: 'mallory' });
  at.github.comment(at.repo, 1, at.marker(`closed page=${victim}`, 1), { by: 'mallory' });
  await at.pass();
  assert.equal(JSON.stringify(at.rows().filter((row) => row['GitHub ID'] === 1)), before);
  assert.deepEqual(at.rows().map((row) => [row['GitHub ID'], row.Name]).sort(), [[1, 'Victim'], [2, 'Forged body'], [3, 'Forged comment']]);
  for (const number of [2, 3]) assert.deepEqual(markers(at.comments(number)), [`page=${at.page(number)}`]);
  await at.settle();
  at.later();
  at.notion.editPage(victim, { Status: 'Done' });
  await at.pass();
  assert.equal(at.issue(1).state, 'closed');
  assert.equal(at.comments(1).length, 2, 'the audit comment is posted anyway');
});

test('a forged marker does not win when the state is lost', async (t) => {
  const at = await story(t);
  const victim = at.addPage({ Name: 'Victim' });
  await at.pass();
  at.addIssue({ title: 'Forged', body: at.marker(`page=${victim}`), by: 'mallory' });
  at.github.comment(at.repo, 2, at.marker(`page=${victim}`, 2), { by: 'mallory' });
  at.github.deleteRef(at.repo, at.stateRef);
  at.later();
  await at.pass();
  assert.equal(at.notion.values(victim)['GitHub ID'], 1);
  assert.equal(at.row(2).Name, 'Forged');
  assert.equal(at.comments(1).length, 1);
  await at.settle();
});

test('a link comment that somebody edits or deletes is not made again', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  at.addIssue({ title: 'Two' });
  await at.pass();
  await at.settle();
  at.later();
  const comment = (number) => at.github.issue(at.repo, number).comments[0];
  at.github.deleteComment(at.repo, comment(1));
  at.github.editComment(at.repo, comment(2), 'I do not like this');
  at.github.editIssue(at.repo, 1, { title: 'One more' });
  await at.pass();
  await at.settle();
  assert.deepEqual([1, 2].map((number) => at.issue(number).comments.length), [0, 1]);
});

test('a link comment that somebody edits no longer says which of two pages is meant', async (t) => {
  const at = await story(t);
  const page = at.addPage({ Name: 'One' });
  await at.pass();
  const twin = at.notion.duplicatePage(page);
  const [comment] = at.github.issue(at.repo, 1).comments;
  at.later();
  at.github.editComment(at.repo, comment, comment.body.replaceAll(page, twin), { by: 'mallory' });
  at.github.deleteRef(at.repo, at.stateRef);
  await at.pass();
  assert.equal(at.record(1).page, page);
});

test('the state is lost: links come back from GitHub ID and link comments, nothing is made twice', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One', labels: ['x'] });
  at.addPage({ Name: 'Two', Status: 'In progress', Labels: ['y'] });
  const pull = at.addPull({ title: 'Three' });
  at.addPage({ Name: 'Three', 'GitHub ID': pull.number });
  await at.pass();
  await at.settle();
  const before = at.both();
  at.later();
  at.github.deleteRef(at.repo, at.stateRef);
  const result = await at.pass();
  assert.deepEqual(changes(at, result), []);
  assert.match(result.report.why_full, /no state/);
  assert.deepEqual(at.both().rows, before.rows);
  await at.settle();
});

test('the marker line stays in the body, out of the page', async (t) => {
  const at = await story(t);
  const page = at.addPage({ Name: 'One' });
  await at.pass();
  at.later();
  at.notion.editPage(page, { Name: 'Two', Labels: ['x'] });
  await at.pass();
  assert.equal(at.issue(1).body, `<!-- notion-sync page=${page} -->`);
  assert.ok(!at.notion.markdown(page).includes('notion-sync'));
});
