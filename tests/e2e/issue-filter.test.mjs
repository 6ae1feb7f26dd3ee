// issue_filter: what an issue or pull request must be to get a page.

import assert from 'node:assert/strict';
import test from 'node:test';

import { reads, story } from './sync-story.mjs';

const REPO = { organization: true, issueTypes: ['Bug'], milestones: ['V1'], collaborators: ['alice'] };

async function crowd(t) {
  const at = await story(t, { repo: REPO });
  at.addIssue({ title: 'plain' });
  at.addIssue({ title: 'milestone', milestone: 1 });
  at.addIssue({ title: 'typed', type: 'Bug', labels: ['bug'] });
  at.addIssue({ title: 'assigned', assignees: ['alice'] });
  at.addIssue({ title: 'closed' });
  at.github.close(at.repo, 5);
  at.addIssue({ title: 'bot', by: 'renovate[bot]' });
  at.addPull({ title: 'pull', draft: true });
  return at;
}

const titles = (at) => at.rows().map((row) => row.Name).sort();

for (const [filter, expected] of [
  ['-is:bot', ['assigned', 'closed', 'milestone', 'plain', 'pull', 'typed']],
  ['is:bot', ['bot']],
  ['author:app/renovate', ['bot']],
  ['no:milestone -is:closed is:issue', ['assigned', 'bot', 'plain', 'typed']],
  ['milestone:v1', ['milestone']],
  ['type:Bug label:bug,ui', ['typed']],
  ['-assignee:alice -label:bug is:open', ['bot', 'milestone', 'plain', 'pull']],
  ['is:draft', ['pull']],
  ['created:>2030-01-01', []],
]) {
  test(`${filter}`, async (t) => {
    const at = await crowd(t);
    const inputs = { issue_filter: filter, create_pages: 'all', pull_requests: 'all' };
    await at.pass(inputs);
    assert.deepEqual(titles(at), expected);
    await at.settle(inputs);
  });
}

test('linked ones stay linked, and one that comes to match becomes a page; issue_labels must hold too', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One', labels: ['ready'] });
  at.addIssue({ title: 'Two' });
  const inputs = { issue_filter: '-label:wontfix', issue_labels: ['ready'] };
  await at.pass(inputs);
  assert.deepEqual(titles(at), ['One']);
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'One more', labels: ['wontfix'] });
  at.github.editIssue(at.repo, 2, { labels: ['ready', 'wontfix'] });
  await at.pass(inputs);
  assert.deepEqual(titles(at), ['One more']);
  at.later();
  at.github.editIssue(at.repo, 2, { labels: ['ready'] });
  await at.pass(inputs);
  assert.deepEqual(titles(at), ['One more', 'Two']);
  await at.settle(inputs);
});

test('only what the filter asks for is read', async (t) => {
  const at = await crowd(t);
  const asked = async (inputs) => JSON.stringify(reads(await at.pass({ ...inputs, dry_run: true })).map(({ body }) => body?.query ?? ''));
  assert.doesNotMatch(await asked({}), /milestone\{|issueType\{|assignees|author\{__typename\}login|author\{__typename\} /);
  const more = await asked({ issue_filter: '-is:bot no:milestone -type:Bug no:assignee' });
  for (const words of [/milestone\{/, /issueType\{/, /assignees\(/, /author\{__typename\}/]) assert.match(more, words);
});

test('bad values name the words that there are', async (t) => {
  const at = await story(t);
  const run = await at.pass({ issue_filter: 'lable:bug is:opn created:yesterday' }, { code: 2 });
  assert.equal(run.requests.length, 0);
  for (const words of [/issue_filter: "lable:bug": Did you mean "label"\? The words are label:/, /issue_filter: "is:opn": Did you mean "open"\?/, /issue_filter: "created:yesterday": After created:/]) {
    assert.match(run.stdout, words);
  }
});
