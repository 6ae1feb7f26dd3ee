// What is as large as the services allow, or larger.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { story } from './sync-story.mjs';

const many = (n, name = 'label') => Array.from({ length: n }, (_, i) => `${name} ${String(i + 1).padStart(3, '0')}`);
const sorted = (list) => [...list].sort();

test('a hundred labels on one issue, of five hundred in the repository', async (t) => {
  const at = await story(t);
  const labels = many(500);
  for (let i = 0; i < 500; i += 100) at.addIssue({ title: `From ${i}`, labels: labels.slice(i, i + 100) });
  at.addPage({ Name: 'From Notion', Labels: many(100, 'option') });
  await at.pass();
  for (let i = 0; i < 5; i += 1) assert.deepEqual(sorted(at.row(i + 1).Labels), labels.slice(100 * i, 100 * i + 100));
  assert.deepEqual(sorted(at.issue(6).labels), many(100, 'option'));
  await at.settle();
  at.later();
  at.github.unlabel(at.repo, 5, 'label 500');
  at.notion.editPage(at.page(5), { Labels: labels.slice(401) });
  await at.pass();
  assert.deepEqual([sorted(at.issue(5).labels), sorted(at.row(5).Labels)], [labels.slice(401, 499), labels.slice(401, 499)]);
  await at.settle();
});

test('labels of both sides that are more together than Notion takes: reported, and nothing is taken away', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'Crowded', labels: many(60) });
  await at.pass();
  at.later();
  at.github.label(at.repo, 1, many(40, 'github'));
  at.notion.editPage(at.page(1), { Labels: [...many(60), ...many(40, 'notion')] });
  const run = await at.pass();
  assert.match(run.summary, /Notion takes a hundred labels a page: the others stay on GitHub only/);
  assert.deepEqual(sorted(at.issue(1).labels), sorted([...many(60), ...many(40, 'github'), ...many(40, 'notion')]));
  assert.equal(at.row(1).Labels.length, 100);
  at.later();
  at.github.unlabel(at.repo, 1, 'label 001');
  await at.pass();
  assert.deepEqual([at.issue(1).labels.length, at.row(1).Labels.includes('label 001')], [139, false]);
  await at.settle();
});

test('labels of 60, 100 and 150 characters', async (t) => {
  const at = await story(t);
  const long = [60, 100].map((length) => 'l'.repeat(length));
  assert.throws(() => at.addIssue({ title: 'One', labels: ['l'.repeat(150)] }), /Validation Failed/, 'GitHub takes none');
  assert.throws(() => at.addPage({ Name: 'One', Labels: ['l'.repeat(150)] }), 'nor does Notion');
  at.addPage({ Name: 'One', Labels: [...long, 'short'] });
  const run = await at.pass();
  assert.match(run.summary, /a label of over 50 characters stays in Notion only/);
  assert.deepEqual([at.issue(1).labels, at.row(1).Labels], [['short'], [...long, 'short']]);
  await at.settle();
});

test('bodies of 65,536 characters, whatever is in them', async (t) => {
  const at = await story(t);
  const parts = ['x', '\u{1F600}', '<!-- notion-sync page=', '-->', '```\n', '- '.repeat(50), '> ', '[', '*_', '\u202E', '|-', '&lt;', '\\'];
  for (const [i, part] of parts.entries()) at.addIssue({ title: `Long ${i}`, body: part.repeat(65536).slice(0, 65536) });
  const run = await at.pass();
  assert.equal(run.outputs.pages_created, String(parts.length));
  await at.settle();
});
