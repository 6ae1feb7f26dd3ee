// label_ignore: labels that never leave the side that they are on.

import assert from 'node:assert/strict';
import test from 'node:test';

import { story } from './sync-story.mjs';

const INPUTS = { label_ignore: ['internal/*', 'Wontfix # a comment'] };
const tags = (labels) => [...labels].sort();

test('they cross in neither direction, when something is made or changed, and stay where they are', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'From GitHub', labels: ['bug', 'internal/secret-g'] });
  at.addPage({ Name: 'From Notion', Labels: ['ui', 'INTERNAL/secret-n', 'wontfix'] });
  const run = await at.pass(INPUTS);
  assert.deepEqual([tags(at.row(1).Labels), tags(at.issue(2).labels)], [['bug'], ['ui']]);
  await at.settle(INPUTS);

  // Each side changes labels of both kinds at once, so that the whole set is written.
  at.later();
  at.github.editIssue(at.repo, 1, { labels: ['internal/secret-g', 'internal/secret-h', 'p1', 'p2'] });
  at.notion.editPage(at.page(2), { Labels: ['wontfix', 'internal/secret-m', 'p3', 'p4'] });
  const second = await at.pass(INPUTS);
  assert.deepEqual(tags(at.row(1).Labels), ['p1', 'p2']);
  assert.deepEqual(tags(at.issue(2).labels), ['p3', 'p4']);

  // The other side's writes keep them.
  at.later();
  at.notion.editPage(at.page(1), { Labels: ['p1', 'q1', 'q2'] });
  at.github.editIssue(at.repo, 2, { labels: ['p3', 'r1', 'r2'] });
  const third = await at.pass(INPUTS);
  assert.deepEqual(tags(at.issue(1).labels), ['internal/secret-g', 'internal/secret-h', 'p1', 'q1', 'q2']);
  assert.deepEqual(tags(at.row(2).Labels), ['internal/secret-m', 'p3', 'r1', 'r2', 'wontfix']);
  await at.settle(INPUTS);

  const state = at.stateFiles().map((name) => JSON.stringify(at.github.readRefFile(at.repo, at.stateRef, name))).join('\n');
  for (const [what, text] of Object.entries({
    state, summaries: [run, second, third].map(({ summary, report }) => summary + JSON.stringify(report)).join('\n'),
  })) assert.doesNotMatch(text, /secret|wontfix/i, what);
});

test('a label that is ignored later is nobody\'s removal; one that is not any more is carried over', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One', labels: ['bug', 'internal/a'] });
  await at.pass();
  assert.deepEqual(tags(at.row(1).Labels), ['bug', 'internal/a']);
  at.later();
  await at.pass(INPUTS);
  at.later();
  at.github.editIssue(at.repo, 1, { labels: ['bug', 'internal/b'] });
  await at.pass(INPUTS);
  assert.deepEqual(tags(at.row(1).Labels), ['bug', 'internal/a']);
  await at.settle(INPUTS);
  at.later();
  await at.pass();
  for (const labels of [at.row(1).Labels, at.issue(1).labels]) assert.deepEqual(tags(labels), ['bug', 'internal/a', 'internal/b']);
  await at.settle();
});
