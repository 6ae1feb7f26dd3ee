// Who belongs to whom, when somebody tries to make it look otherwise.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { story } from './sync-story.mjs';

// The rows in order of their issues, and what the summary says about each.
const ROWS = [
  ['E8', 1, '.*`Trashed`.*link ended .its Notion page was moved to the trash.*1 comment'],
  ['E9', 2, '.*`Deleted`.*link ended .its issue was deleted on GitHub.*page updated'],
  ['E10', 3, '.*`Cleared`.*link ended .GitHub ID was cleared on its Notion page.*1 comment'],
  ['E6', 4, '- .*`Doubled .1.`.*another page is linked to this issue: clear GitHub ID here, or delete this page'],
  ['E7', 6, '- .*`Copy`.*this issue carries the marker of a page that belongs to another issue'],
  ['E2', 7, '.*`Adopted`.*linked<br>1 comment'],
  ['E3', 8, '.*`Imported`.*page created<br>1 comment'],
  ['E4', 9, '.*`Typed`.*linked<br>1 comment'],
  ['E5', 999, '- .*#999. `Lost`.*GitHub ID is the number of no issue or pull request'],
  ['E1', 10, '.*`Created`.*issue created<br>1 comment<br>page updated'],
];

test('every row of the table in one pass, and what the summary says of each', async (t) => {
  const at = await story(t);
  for (const title of ['Trashed', 'Deleted', 'Cleared', 'Doubled', 'Copied']) at.addIssue({ title });
  await at.pass();
  await at.settle();
  at.later();
  at.notion.trashPage(at.page(1));
  at.github.deleteIssue(at.repo, 2);
  at.notion.editPage(at.page(3), { 'GitHub ID': null });
  at.notion.duplicatePage(at.page(4));
  at.addIssue({ title: 'Copy', body: at.marker(`page=${at.page(5)}`), by: 'github-actions[bot]' });
  const adopted = at.addPage({ Name: 'Adopted' });
  at.addIssue({ title: 'Adopted', body: at.marker(`page=${adopted}`), by: 'github-actions[bot]' });
  at.addIssue({ title: 'Imported' });
  at.addIssue({ title: 'Typed' });
  at.addPage({ Name: 'Typed', 'GitHub ID': 9 });
  at.addPage({ Name: 'Lost', 'GitHub ID': 999 });
  at.addPage({ Name: 'Created' });
  const run = await at.pass({ mode: 'full' });
  assert.deepEqual(run.report.results.map(({ row, number }) => [row, number]), ROWS.map(([row, number]) => [row, number]));
  for (const [row, , said] of ROWS) assert.match(run.summary, new RegExp(`^${said}`, 'm'), `${row}\n${run.summary}`);
  await at.settle();
});

// A page and an issue that was made for it, both teams' other things, in sync.
async function board(t) {
  const at = await story(t);
  const page = at.addPage({ Name: 'Mine' });
  at.addIssue({ title: 'Theirs' });
  await at.pass();
  await at.settle();
  at.later();
  return { at, page };
}

const links = (at) => at.rows().map((row) => [row['GitHub ID'], row.Name]).sort();

for (const state of ['kept', 'lost']) {
  const then = async (at) => {
    if (state === 'lost') at.github.deleteRef(at.repo, at.stateRef);
    await at.pass({ mode: 'full' });
    at.later();
  };

  test(`a maintainer edits the marker of an issue to that of a linked page (state ${state})`, async (t) => {
    const { at, page } = await board(t);
    const other = at.rows().find((row) => row.Name === 'Theirs')['GitHub ID'];
    at.github.editIssue(at.repo, at.notion.values(page)['GitHub ID'], { body: `Edited\n\n${at.marker(`page=${at.page(other)}`)}`, by: 'mallory' });
    const before = links(at);
    await then(at);
    assert.deepEqual(links(at), before);
    await at.settle();
  });

  test(`a maintainer edits the marker of an issue to that of a page without one: it gets its own (state ${state})`, async (t) => {
    const { at, page } = await board(t);
    const free = at.addPage({ Name: 'Free' });
    const number = at.notion.values(page)['GitHub ID'];
    at.github.editIssue(at.repo, number, { body: `Edited\n\n${at.marker(`page=${free}`)}`, by: 'mallory' });
    await then(at);
    assert.deepEqual(links(at), [[1, number === 1 ? 'Mine' : 'Theirs'], [2, number === 2 ? 'Mine' : 'Theirs'], [3, 'Free']]);
    await at.settle();
  });

  test(`a maintainer takes the marker out of an issue (state ${state})`, async (t) => {
    const { at, page } = await board(t);
    at.github.editIssue(at.repo, at.notion.values(page)['GitHub ID'], { body: 'Mine now', by: 'mallory' });
    const before = links(at);
    await then(at);
    assert.deepEqual(links(at), before);
    await at.settle();
  });

  test(`markers quoted in replies, and copied with text after them, prove nothing (state ${state})`, async (t) => {
    const { at, page } = await board(t);
    const number = at.notion.values(page)['GitHub ID'];
    const other = number === 1 ? 2 : 1;
    const link = at.raw(number).comments[0].body;
    for (const by of ['mallory', 'github-actions[bot]']) {
      at.github.comment(at.repo, other, `${link.replace(/^/gm, '> ')}\n\nWhat is this?`, { by });
      at.github.comment(at.repo, other, link.replace(/^/gm, '> '), { by });
      at.github.comment(at.repo, other, `${link}\n\nI quote.`, { by });
      at.github.comment(at.repo, number, `\`\`\`\n${at.marker(`ended page=${page}`, number)}\n\`\`\``, { by });
      at.addIssue({ title: `Quoted by ${by}`, body: `${at.marker(`page=${page}`)}\nsaid the bot`, by });
    }
    const before = links(at);
    await then(at);
    assert.deepEqual(links(at), [...before, [3, 'Quoted by mallory'], [4, 'Quoted by github-actions[bot]']].sort());
    assert.equal(at.comments(number).filter((body) => body.includes('This issue is synced with')).length, 1);
    await at.settle();
  });
}
