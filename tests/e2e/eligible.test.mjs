// Which pages become issues (notion_filter) and which issues become pages (issue_labels).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, story } from './sync-story.mjs';

const READY = { notion_filter: JSON.stringify({ property: 'Ready', checkbox: { equals: true } }) };
const ready = { properties: { Ready: 'checkbox' } };
const titles = (at) => at.issues().map((issue) => issue.title).sort();

test('only pages that match the filter become issues, in a full pass and after an edit', async (t) => {
  const at = await story(t, ready);
  const later = at.addPage({ Name: 'Later' });
  at.addPage({ Name: 'Now', Ready: true });
  await at.pass(READY);
  assert.deepEqual(titles(at), ['Now']);
  await at.settle(READY);
  at.later();
  at.addPage({ Name: 'New', Ready: true });
  at.addPage({ Name: 'Draft' });
  await at.pass(READY);
  assert.deepEqual(titles(at), ['New', 'Now']);
  at.later();
  at.notion.editPage(later, { Ready: true });
  await at.pass(READY);
  assert.deepEqual(titles(at), ['Later', 'New', 'Now']);
  await at.settle(READY);
});

test('linked pages are kept in sync whatever the filter says', async (t) => {
  const at = await story(t, ready);
  const page = at.addPage({ Name: 'One', Ready: true });
  at.addIssue({ title: 'Two' });
  await at.pass(READY);
  at.later();
  at.notion.editPage(page, { Ready: false, Name: 'First', Status: 'Done' });
  at.github.editIssue(at.repo, 1, { title: 'Second' });
  await at.pass(READY);
  assert.deepEqual([at.issue(2).title, at.issue(2).state, at.row(1).Name], ['First', 'closed', 'Second']);
  await at.settle(READY);
});

test('filters of two levels do not become three', async (t) => {
  const is = (name, value) => ({ property: name, checkbox: { equals: value } });
  const filters = [
    { or: [{ and: [is('Ready', true), is('Secret', false)] }, { property: 'Name', title: { equals: 'Always' } }] },
    { and: [is('Secret', false), { or: [is('Ready', true), { property: 'Name', title: { equals: 'Always' } }] }] },
  ];
  for (const filter of filters) {
    const at = await story(t, { properties: { Ready: 'checkbox', Secret: 'checkbox', Repository: { select: ['acme/app'] } } });
    const inputs = { notion_filter: JSON.stringify(filter) };
    at.addIssue({ title: 'Old' });
    await at.pass(inputs);
    at.later();
    at.addPage({ Name: 'Always' });
    at.addPage({ Name: 'Open', Ready: true });
    at.addPage({ Name: 'Hidden', Ready: true, Secret: true });
    at.addPage({ Name: 'Idle' });
    await at.pass(inputs);
    assert.deepEqual(titles(at), ['Always', 'Old', 'Open']);
    await at.settle(inputs);
  }
});

test('a filter that Notion refuses is an input error with Notion\'s words, before anything is done', async (t) => {
  const at = await story(t, ready);
  at.addIssue({ title: 'One' });
  const cases = [
    [{ property: 'Redy', checkbox: { equals: true } }, /notion_filter does not fit the database: it has no column "Redy"; did you mean "Ready"\?/],
    [{ property: 'Ready', select: { equals: 'yes' } }, /notion_filter .*database property checkbox does not match filter select/],
    [{ property: 'Ready', checkbox: { is: true } }, /notion_filter .*should be not present/],
  ];
  for (const [filter, words] of cases) {
    const run = await at.pass({ notion_filter: JSON.stringify(filter) }, { code: 2, allow: ['schema'] });
    assert.match(run.stdout + run.stderr, words);
    assert.deepEqual(changes(at, run), []);
    at.notion.schemaViolations.length = 0;
  }
  const run = await at.pass({ notion_filter: 'Ready' }, { code: 2 });
  assert.match(run.stdout + run.stderr, /notion_filter: .*a JSON object/);
  assert.deepEqual(run.requests, []);
});

test('a page that a pass created an issue for before it died is adopted, whatever the filter says now', async (t) => {
  const at = await story(t, ready);
  const page = at.addPage({ Name: 'One', Ready: true });
  const match = ({ method, path }) => method === 'POST' && path.endsWith('/issues');
  assert.equal((await at.sync(READY, { killAt: { match, phase: 'after' } })).signal, 'SIGKILL');
  at.later(20 * 60000);
  at.notion.editPage(page, { Ready: false });
  await at.pass(READY);
  assert.deepEqual([at.page(1), titles(at)], [page, ['One']]);
});

test('without anything new the filter costs no request', async (t) => {
  const at = await story(t, ready);
  at.addPage({ Name: 'One' });
  await at.pass(READY);
  await at.settle(READY);
});

test('only issues with one of the labels become pages; linked ones stay linked without it', async (t) => {
  const at = await story(t);
  const inputs = { issue_labels: ['Bug', 'needs planning # a comment'] };
  at.addIssue({ title: 'One', labels: ['bug'] });
  at.addIssue({ title: 'Two', labels: ['docs'] });
  at.addIssue({ title: 'Three' });
  await at.pass(inputs);
  const names = () => at.rows().map((row) => row.Name).sort();
  assert.deepEqual(names(), ['One']);
  await at.settle(inputs);
  at.later();
  at.github.label(at.repo, 3, ['needs planning']);
  at.github.unlabel(at.repo, 1, 'bug');
  at.github.editIssue(at.repo, 1, { title: 'First' });
  await at.pass(inputs);
  assert.deepEqual(names(), ['First', 'Three']);
  await at.settle(inputs);
});
