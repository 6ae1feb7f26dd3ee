import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, markers, reads, story } from './sync-story.mjs';

const comments = (list) => list.filter(([verb]) => verb === 'comment').map(([, number]) => number);

test('250 pages and 250 issues, link comments 60 a pass', async (t) => {
  const at = await story(t);
  for (let i = 1; i <= 250; i += 1) {
    at.addIssue({ title: `Issue ${i}`, labels: [`area-${i % 7}`] });
    at.addPage({ Name: `Page ${i}`, Labels: [`area-${i % 7}`] });
  }
  const first = await at.pass();
  assert.equal(first.outputs.issues_created, '250');
  assert.equal(first.outputs.pages_created, '250');
  const rows = new Map(at.found().map((row) => [row.values['GitHub ID'], row]));
  assert.equal(rows.size, 500);
  for (const issue of at.issues()) {
    assert.equal(rows.get(issue.number).values.Name, issue.title);
    assert.deepEqual(rows.get(issue.number).values.Labels, issue.labels);
  }
  assert.equal(new Set(at.issues().map((issue) => issue.title)).size, 500);
  assert.equal(comments(changes(at, first)).length, 60);

  let due = at.issues().filter(({ number }) => at.comments(number).length === 0).map(({ number }) => number);
  while (due.length > 0) {
    at.later(65 * 60000); // GitHub takes 500 creating requests an hour
    const done = changes(at, await at.pass());
    assert.deepEqual(done.map(([verb]) => verb), Array(Math.min(60, due.length)).fill('comment'));
    assert.deepEqual(comments(done).sort((a, b) => a - b), due.slice(-60), 'the newest that are due');
    due = due.slice(0, -60);
  }
  for (const { number } of at.issues()) assert.deepEqual(markers(at.comments(number)), [`page=${rows.get(number).id}`]);
  await at.settle();

  at.later();
  const full = await at.pass({ mode: 'full' });
  assert.deepEqual(changes(at, full), []);
  assert.equal(full.report.counts.in_step, 500);
  assert.ok(reads(full).length <= 6 + 500 / 100 + 500 / 50, `${reads(full).length} reads`);
});
