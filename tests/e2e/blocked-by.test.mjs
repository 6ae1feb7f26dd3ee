// What an issue is blocked by: a relation to the same database, both ways.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { story } from './sync-story.mjs';

const RUN = { fields: 'Blocked by = blocked by' };
const FULL = { ...RUN, mode: 'full' };

async function board(t, n = 4) {
  const at = await story(t);
  at.notion.addProperty(at.dataSource, 'Blocked by', { relation: { data_source_id: at.dataSource } });
  for (let i = 1; i <= n; i += 1) at.addIssue({ title: `Issue ${i}` });
  await at.pass(RUN);
  at.later();
  const shown = (number) => (at.row(number)['Blocked by'] ?? []).map((id) => at.notion.values(id)['GitHub ID']).sort();
  return Object.assign(at, { pair: (number) => [at.github.blockedBy(at.repo, number).sort(), shown(number)], relate: (number, ...others) => at.notion.editPage(at.page(number), { 'Blocked by': others.map(at.page) }) });
}

const same = (...numbers) => [numbers, numbers];

test('added and removed on either side, and on both', async (t) => {
  const at = await board(t);
  at.github.addBlockedBy(at.repo, 1, 2);
  at.github.addBlockedBy(at.repo, 1, 3);
  await at.pass(FULL);
  assert.deepEqual(at.pair(1), same(2, 3));
  await at.settle(RUN);
  at.later();
  at.relate(1, 3, 4);
  await at.pass(RUN);
  assert.deepEqual(at.pair(1), same(3, 4));
  await at.settle(RUN);
  at.later();
  at.github.addBlockedBy(at.repo, 1, 2);
  at.relate(1, 4);
  await at.pass(FULL);
  assert.deepEqual(at.pair(1), same(2, 4));
  await at.settle(RUN);
  at.later();
  at.relate(1);
  await at.pass(RUN);
  assert.deepEqual(at.pair(1), same());
  await at.settle(RUN);
});

test('a number that changed is seen without an edit, and the passes after it are quiet', async (t) => {
  const at = await board(t);
  await at.settle(RUN);
  at.github.addBlockedBy(at.repo, 1, 2);
  at.later();
  await at.pass(RUN);
  assert.deepEqual(at.pair(1), same(2));
  await at.settle(RUN);
  at.later();
  at.relate(1, 2, 3);
  at.github.addBlockedBy(at.repo, 2, 4);
  await at.pass(RUN);
  assert.deepEqual([at.pair(1), at.pair(2)], [same(2, 3), same(4)]);
  await at.settle(RUN);
  at.github.removeBlockedBy(at.repo, 2, 4);
  at.later();
  await at.pass(RUN);
  assert.deepEqual(at.pair(2), same());
  await at.settle(RUN);
});

test('any other edit of the issue shows what GitHub changed without a word', async (t) => {
  const at = await board(t);
  at.github.addBlockedBy(at.repo, 1, 2);
  at.github.editIssue(at.repo, 1, { title: 'Renamed' });
  await at.pass(RUN);
  assert.deepEqual(at.pair(1), same(2));
});

test('pages that are not linked, other repositories and lost answers', async (t) => {
  const at = await board(t);
  const draft = at.addPage({ Name: '' });
  at.notion.editPage(at.page(1), { 'Blocked by': [draft, at.page(2)] });
  at.sandbox.fault({ service: 'github', method: 'POST', path: /blocked_by$/, kind: 'cut-after' });
  await at.pass(RUN);
  assert.deepEqual(at.github.blockedBy(at.repo, 1), [2]);
  assert.deepEqual(at.row(1)['Blocked by'], [draft, at.page(2)]);
  await at.settle(RUN);
});

test('what GitHub refuses is reported, and the rest arrives', async (t) => {
  const at = await board(t);
  at.github.addBlockedBy(at.repo, 2, 1);
  at.relate(1, 2, 3);
  const result = await at.pass(RUN);
  assert.deepEqual(at.github.blockedBy(at.repo, 1), [3]);
  assert.match(result.summary, /GitHub did not accept/);
  assert.equal(result.outputs.failures, '0');
});

test('a server that does not know dependencies leaves the column alone, with one warning', async (t) => {
  const at = await board(t);
  at.github.quirks.dependencies = false;
  at.relate(1, 2);
  const result = await at.pass(RUN);
  assert.equal(result.code, 0);
  assert.equal(result.commands.filter(({ name, data }) => name === 'warning' && /Blocked by/.test(data)).length, 1);
  assert.deepEqual(at.row(1)['Blocked by'], [at.page(2)]);
});
