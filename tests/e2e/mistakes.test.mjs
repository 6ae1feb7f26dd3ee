// What is set up wrong and stops nothing is a warning in every run, also in one of two requests; what names something
// that is not there says what is near.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { story } from './sync-story.mjs';

const said = (run, level) => run.commands.filter(({ name }) => name === level).map(({ data }) => data);

// A first run, one with something to do, and one that finds nothing changed: each has the warning, the last by two requests.
async function inEveryRun(at, inputs, text) {
  at.addIssue({ title: 'One' });
  for (const work of [() => {}, () => at.github.editIssue(at.repo, 1, { title: 'Two' }), () => {}, () => {}]) {
    work();
    const run = await at.pass(inputs);
    assert.deepEqual(said(run, 'warning'), [text]);
    assert.ok(run.summary.includes(text), run.summary);
    at.later();
    at.last = run;
  }
  assert.equal(at.last.requests.length, 2);
}

test('a label in issue_labels that the repository lacks', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'With a label', labels: ['bug', 'feature'] });
  await inEveryRun(at, { issue_labels: ['bgu', 'feature'] },
    'issue_labels: the repository has no label "bgu", so no issue gets a page for it. Did you mean "bug"? Correct the entry, or make the label.');
});

for (const [issue_filter, words] of [
  ['label:bug,bgu', 'issue_filter: acme/app has no label "bgu", so label:bgu fits no issue (did you mean "bug"?): correct the word, or take it out, or make the label'],
  ['-label:"wont fix"', 'issue_filter: acme/app has no label "wont fix", so -label:wont fix leaves nothing out: correct the word, or take it out, or make the label'],
]) {
  test(`a label in issue_filter that the repository lacks: ${issue_filter}`, async (t) => {
    const at = await story(t);
    at.addIssue({ title: 'With a label', labels: ['bug', 'feature'] });
    await inEveryRun(at, { issue_filter, issue_labels: ['bug'] }, words);
  });
}

test('a status without an option that means closed', async (t) => {
  const at = await story(t, { properties: { Status: { select: ['Backlog', 'Doing'] } } });
  await inEveryRun(at, {},
    'no option of the status means closed, so closed issues look open in Notion: put an option into the group Complete, or name one in status_map ("OPTION = closed")');
  at.later();
  const run = await at.pass({ status_map: ['Doing = closed'] });
  assert.deepEqual(said(run, 'warning').filter((text) => /means closed/.test(text)), []);
});

for (const [what, repo, issue_filter, text] of [
  ['has none', {}, 'type:Bug', 'issue_filter: acme/app has no issue type "Bug", so type:Bug fits no issue: correct the word, or take it out, or add issue types in the settings of the organization'],
  ['lacks', { organization: true, issueTypes: ['Bug', 'Task'] }, '-type:bag type:task', 'issue_filter: acme/app has no issue type "bag", so -type:bag leaves nothing out (did you mean "Bug"?): correct the word, or take it out'],
]) {
  test(`an issue type in issue_filter that the repository ${what}`, async (t) => {
    await inEveryRun(await story(t, { repo }), { issue_filter }, text);
  });
}

test('a comment_marker while no comment goes to GitHub', async (t) => {
  await inEveryRun(await story(t), { comment_marker: '/github', sync_comments: 'to_notion' },
    'comment_marker says which comments of a page go to GitHub, but none goes: set sync_comments to both, or take comment_marker out');
});

test('comments that the connection may not read', async (t) => {
  const at = await story(t);
  at.notion.integration.capabilities.delete('read_comments');
  at.addIssue({ title: 'One' });
  await at.pass({});
  at.later();
  const inputs = { sync_comments: 'to_notion' };
  for (let i = 0; i < 3; i += 1) {
    const run = await at.pass(inputs);
    assert.deepEqual(said(run, 'warning'), ['sync_comments is on, but the connection may not read comments, so none is copied: give it the capabilities "Read comments" and "Insert comments" (notion.so/developers, the connection\'s Configuration)']);
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

// Inputs alone: each is one error, before any request.
const WRONG = [
  [{ mode: 'fulll' }, 'mode: "fulll" is not valid. Use "auto" or "full".'],
  [{ on_conflict: 'githb' }, 'on_conflict: "githb" is not valid. Use "github", "notion" or "newest".'],
  [{ pull_request_done: 'auto-merge' }, 'pull_request_done: "auto-merge" is not valid. Use "merge", "auto_merge", "close" or "none".'],
  [{ dry_run: 'yes' }, 'dry_run: "yes" is not valid. Use "true" or "false".'],
  [{ max_runtime: '0' }, 'max_runtime: "0" is not valid. Use a whole number from 1 to 350.'],
  [{ property_map: 'titel = Task' }, 'property_map: "titel = Task": no field has this name. Did you mean "title"? The fields are title, status, labels, assignees, milestone, issue_type, parent, type, url, state, repository, author, review, created, updated, closed, comments, head, base, merge_state, merged, due, closes, pull_requests, pr_state, reviewers, checks.'],
  [{ directions: 'lables = to_notion' }, 'directions: "lables = to_notion": no field has this name. Did you mean "labels"? The fields are title, status, labels, assignees, milestone, issue_type, parent.'],
  [{ progress_map: 'drft = In progress' }, 'progress_map: "drft = In progress": no stage has this name. Did you mean "draft"? The stages are draft, open, changes_requested, approved, merged and closed.'],
  [{ progress_map: 'draft' }, 'progress_map: "draft" is not valid. Use "stage = Notion status" with one of the stages draft, open, changes_requested, approved, merged and closed.'],
  [{ people_map: 'octocat' }, 'people_map: "octocat" is not valid. Use "GitHub login = Notion user", the user by id (32 hex digits) or e-mail address.'],
  [{ notion_token: 'ghp_000000000000000000000000000000000000' }, 'notion_token: this is a token of GitHub. Give the token of your Notion connection; it begins with "ntn_" or "secret_".'],
  [{ github_token: 'ntn_000000000000000000000000000000000000' }, 'github_token: this is a token of Notion. Give a token of GitHub; it begins with "ghs_", "ghp_" or "github_pat_".'],
  [{ notion_database: '' }, 'notion_database: required, but empty. Give it under "with:", and check that the secret or variable that you name there exists.'],
  [{ repository: 'octo' }, 'repository: "octo" is not valid. Use owner/name, for example octo-org/website, or the repository\'s URL.'],
  [{ notion_filter: 'Ready' }, 'notion_filter: "Ready" is not valid. Use the filter of a Notion query, a JSON object: {"property": NAME, TYPE: {CONDITION: VALUE}}, or several of them in {"and": [...]}.'],
  [{ issue_filter: 'lable:bug' }, 'issue_filter: "lable:bug": Did you mean "label"? The words are label:, author:, assignee:, milestone:, type:, created:, is: and no:, each also with -. All of them must hold; text, AND and OR are not searched for.'],
];

test('what is wrong with an input, by its exact text', async (t) => {
  const at = await story(t);
  for (const [inputs, text] of WRONG) {
    const run = await at.sync(inputs);
    assert.deepEqual([run.code, said(run, 'error'), run.requests.length], [2, [text], 0]);
    assert.ok(run.summary.includes(text), run.summary);
  }
  for (const [args, text] of [
    [['--mod', 'full'], '--mod: unknown flag. Did you mean "--mode"? "notion-sync --help" lists all flags.'],
    [['chek'], 'argument 1: neither a command nor a flag. Did you mean "check"? Use "run", "check", "cleanup" or "help", and flags as --name VALUE or --name=VALUE.'],
    [['--notion-token', 'x'], 'notion_token: every user of the machine can read flags. Give it as the variable INPUT_NOTION_TOKEN.'],
    [['--dry-run', 'yes'], 'argument 2: --dry-run takes its value after "=". Use --dry-run=true or --dry-run=false.'],
    [['run', 'check'], 'check: a second command: "run" was given already. Use one of them.'],
  ]) {
    const run = await at.sync({}, { args });
    assert.deepEqual([run.code, said(run, 'error'), run.requests.length], [2, [text], 0]);
  }
  const [args, text] = [['--notion-databse', 'https://notion.so/x'], '--notion-databse: unknown flag. Did you mean "--notion-database"? "notion-sync --help" lists all flags.'];
  assert.deepEqual(said(await at.sync({ notion_database: null, github_token: null }, { args }), 'error'), [text]);
});

const NEAR = [
  ['a property in property_map', { property_map: ['labels = Lables'] },
    'property_map names "Lables" for labels, but the database has no such column; did you mean "Labels"? (it has: Name, Status, Labels, GitHub ID, Type, GitHub URL, GitHub State)'],
  ['an option in status_map', { status_map: ['Doen = closed'] },
    'status_map names "Doen", but the column "Status" has the options Not started, In progress, Review, Done, Canceled; did you mean "Done"?'],
  ['a property in notion_filter', { notion_filter: '{"and":[{"property":"Statsu","status":{"equals":"Review"}}]}' },
    'notion_filter does not fit the database: it has no column "Statsu"; did you mean "Status"?'],
];

for (const [name, inputs, text] of NEAR) {
  test(`${name} that is not there: the nearest is named`, async (t) => {
    const at = await story(t);
    at.addIssue({ title: 'One' });
    const run = await at.pass(inputs, { code: 2 });
    assert.deepEqual(said(run, 'error'), [text]);
  });
}
