// Boards on which a pass has something of every kind to do, and what is true of them afterward.

import assert from 'node:assert/strict';
import { changes, story } from './sync-story.mjs';

const PASSES = 5;

// Everything linked; then people edit on both sides.
export async function edited(t, options) {
  const at = await story(t, options);
  for (const title of ['Add a label', 'Title', 'Done', 'Conflict', 'Take a label away']) {
    at.addIssue({ title, labels: ['keep', 'old'], body: 'What is wrong.\n\nWhat was tried.' });
  }
  at.addPull({ title: 'Merge me', head: 'topic' });
  at.addPage({ Name: 'Merge me', 'GitHub ID': 6 });
  await at.pass();
  at.later();
  const { notion, github, repo, page } = at;
  notion.editPage(page(1), { Labels: ['keep', 'old', 'new'] });
  github.editIssue(repo, 2, { title: 'Another title', labels: ['keep', 'other'] });
  notion.editPage(page(3), { Status: 'Done' });
  notion.editPage(page(4), { Name: 'Notion says' });
  github.editIssue(repo, 4, { title: 'GitHub says' });
  notion.editPage(page(5), { Labels: ['keep'] });
  github.editIssue(repo, 3, { body: 'What is wrong.\n\nWhat was tried, twice.' });
  notion.editContent(page(2), 'What is wrong.\n\nWhat was tried.\n\nWhat helped.');
  notion.editPage(page(6), { Status: 'Done' });
  at.addIssue({ title: 'New issue' });
  at.addPage({ Name: 'New page', Labels: ['keep'] }, { markdown: 'What is wanted.' });
  at.later(2000);
  return at;
}

let undisturbed;

// How that board ends if nothing disturbs the pass: always the same, so it is played once.
export function calm(t) {
  undisturbed ??= (async () => {
    const at = await edited(t);
    await at.pass();
    await finish(at);
    return ended(at);
  })();
  return undisturbed;
}

// A board that no pass has seen yet, and that lacks the property for the number.
export async function fresh(t) {
  const at = await story(t, { properties: { 'GitHub ID': null } });
  at.addIssue({ title: 'Issue', labels: ['bug'], body: 'What is wrong.' });
  at.inputs.create_issues = 'all';
  at.addPage({ Name: 'Page', Status: 'Done' }, { markdown: 'What was done.' });
  return at;
}

// The end state without ids and times; whatever order comments were made in.
export function ended(at) {
  const tidy = (value) => JSON.parse(JSON.stringify(value)
    .replace(/[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/g, '{id}')
    .replace(/\d{4}-\d\d-\d\d(T| at )\d\d:\d\d/g, '{time}')
    // Who it was is left out where Notion cannot be asked at that moment.
    .replace(/ by `[^`]*` on /g, ' on ').replace(/Created in Notion by `[^`]*`\. /g, ''));
  const { issues } = at.both();
  const rows = at.found().filter((row) => !row.trashed).map((row) => ({ ...row.values, body: row.body }));
  const byText = (a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return {
    rows: tidy(rows).map((row) => ({ ...row, Labels: [...row.Labels].sort() })).sort(byText),
    issues: tidy(issues).map((issue) => ({ ...issue, comments: issue.comments.sort(byText) })),
    state: at.stateFiles().filter((name) => !name.startsWith('pages/')),
  };
}

// Passes until one changes nothing.
export async function finish(at, inputs) {
  at.sandbox.clearFaults();
  for (let n = 1; n <= PASSES; n += 1) {
    at.later();
    const result = await at.sync(inputs);
    assert.equal(result.code, 0, `${result.stdout}\n${result.stderr}`);
    if (changes(at, result).length === 0) return n;
  }
  throw new Error(`still at work after ${PASSES} passes`);
}

const THING = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\b\d+\b|(?<=labels\/).+$|(?<=git\/refs\/).+$/g;

// The kind of a request: what is asked, of whatever thing.
export const kindOf = ({ service, method, path }) =>
  `${service} ${method} ${path.replace(/^\/repos\/[^/]+\/[^/]+|^\/v1/, '').replace(THING, '{}')}`;
