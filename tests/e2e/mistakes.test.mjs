// What is set up wrong and stops nothing is a warning in every run, also in one of two requests; what names something
// that is not there says what is near.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { story } from './sync-story.mjs';

const said = (run, level) => run.commands.filter(({ name }) => name === level).map(({ data }) => data);

// A first run, one with something to do, and one that finds nothing changed: each has the warning, the last by two requests.
async function inEveryRun(at, inputs, words) {
  at.addIssue({ title: 'One' });
  for (const work of [() => {}, () => at.github.editIssue(at.repo, 1, { title: 'Two' }), () => {}, () => {}]) {
    work();
    const run = await at.pass(inputs);
    assert.deepEqual(said(run, 'warning').filter((text) => words.test(text)).length, 1, run.stdout);
    assert.match(run.summary, new RegExp(words.source.replace(/^\^|\$$/g, '')));
    at.later();
    at.last = run;
  }
  assert.equal(at.last.requests.length, 2);
}

test('a label in issue_labels that the repository lacks', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'With a label', labels: ['bug', 'feature'] });
  await inEveryRun(at, { issue_labels: ['bgu', 'feature'] },
    /issue_labels: the repository has no label "bgu", so no issue gets a page for it\. Did you mean "bug"\? Correct the entry, or make the label\./);
});

test('a status without an option that means closed', async (t) => {
  const at = await story(t, { properties: { Status: { select: ['Backlog', 'Doing'] } } });
  await inEveryRun(at, {}, /no option of the status means closed, so closed issues look open in Notion: /);
  at.later();
  const run = await at.pass({ status_map: ['Doing = closed'] });
  assert.deepEqual(said(run, 'warning').filter((text) => /means closed/.test(text)), []);
});

for (const [what, repo, issue_filter, words] of [
  ['has none', {}, 'type:Bug', /^issue_filter: acme\/app has no issue type "Bug", so type:Bug fits no issue: correct the word, or take it out, or add issue types in the settings of the organization$/],
  ['lacks', { organization: true, issueTypes: ['Bug', 'Task'] }, '-type:bag type:task', /^issue_filter: acme\/app has no issue type "bag", so -type:bag leaves nothing out \(did you mean "Bug"\?\): correct the word, or take it out$/],
]) {
  test(`an issue type in issue_filter that the repository ${what}`, async (t) => {
    await inEveryRun(await story(t, { repo }), { issue_filter }, words);
  });
}

test('a comment_marker while no comment goes to GitHub', async (t) => {
  await inEveryRun(await story(t), { comment_marker: '/github', sync_comments: 'to_notion' },
    /^comment_marker says which comments of a page go to GitHub, but none goes: set sync_comments to both, or take comment_marker out$/);
});

test('comments that the connection may not read', async (t) => {
  const at = await story(t);
  at.notion.integration.capabilities.delete('read_comments');
  at.addIssue({ title: 'One' });
  await at.pass({});
  at.later();
  const words = /sync_comments is on, but the connection may not read comments/;
  const inputs = { sync_comments: 'to_notion' };
  for (let i = 0; i < 3; i += 1) {
    const run = await at.pass(inputs);
    assert.equal(said(run, 'warning').filter((text) => words.test(text)).length, 1, run.stdout);
    at.later();
    at.last = run;
  }
  assert.equal(at.last.requests.length, 2);
  at.notion.integration.capabilities.add('read_comments');
  assert.deepEqual(said(await at.pass({ ...inputs, mode: 'full' }), 'warning'), []);
});

test('an archived repository stops the run before it writes', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  at.github.repo(at.repo).archived = true;
  const run = await at.pass({}, { code: 2 });
  assert.deepEqual(said(run, 'error'), ['acme/app is archived, and nothing can be written to it: unarchive it under Settings, General, or disable the workflow']);
  assert.equal(run.requests.length, 1);
});

const NEAR = [
  ['a property in property_map', { property_map: ['labels = Lables'] },
    'property_map names "Lables" for labels, but the database has no such property; did you mean "Labels"? (it has: Name, Status, Labels, GitHub ID, Type, GitHub URL, GitHub State)'],
  ['an option in status_map', { status_map: ['Doen = closed'] },
    'status_map names "Doen", but the property "Status" has the options Not started, In progress, Review, Done, Canceled; did you mean "Done"?'],
  ['a property in notion_filter', { notion_filter: '{"and":[{"property":"Statsu","status":{"equals":"Review"}}]}' },
    'notion_filter does not fit the database: it has no property "Statsu"; did you mean "Status"?'],
];

for (const [name, inputs, text] of NEAR) {
  test(`${name} that is not there: the nearest is named`, async (t) => {
    const at = await story(t);
    at.addIssue({ title: 'One' });
    const run = await at.pass(inputs, { code: 2 });
    assert.deepEqual(said(run, 'error'), [text]);
  });
}
