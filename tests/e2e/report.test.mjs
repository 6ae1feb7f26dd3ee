import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { inWords, isRead, perRecord, story, verbs } from './sync-story.mjs';

const COUNTS = [
  'issues_created', 'issues_updated', 'issues_closed', 'issues_reopened', 'pull_requests_merged', 'pages_created', 'pages_updated',
  'comments_created', 'conflicts', 'failures', 'remaining',
];
const counted = (run) => Object.fromEntries(COUNTS.map((name) => [name, Number(run.outputs[name])]).filter(([, count]) => count !== 0));

// One record for each kind of thing that a pass does.
async function everything(t) {
  const at = await story(t);
  for (const title of ['Renamed here', 'Renamed there', 'To be closed', 'To be reopened', 'In conflict', 'Deleted']) at.addIssue({ title });
  at.addPull({ title: 'To be merged', head: 'change' });
  at.addPage({ Name: 'To be merged', 'GitHub ID': 7 });
  const reopened = at.addPage({ Name: 'To be reopened', 'GitHub ID': 4 });
  await at.pass();
  at.later();
  at.notion.editPage(reopened, { Status: 'Done' });
  await at.pass();
  await at.settle();
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Renamed on GitHub' });
  at.notion.editPage(at.page(2), { Name: 'Renamed in Notion' });
  at.notion.editPage(at.page(3), { Status: 'Done' });
  at.notion.editPage(reopened, { Status: 'Review' });
  at.github.editIssue(at.repo, 5, { title: 'GitHub says' });
  at.notion.editPage(at.page(5), { Name: 'Notion says' });
  at.github.deleteIssue(at.repo, 6);
  at.notion.editPage(at.page(7), { Status: 'Done' });
  at.addIssue({ title: 'New issue' });
  at.addPage({ Name: 'New page', Labels: ['fresh'] });
  return at;
}

const DONE = {
  issues_created: 1, issues_updated: 1, issues_closed: 1, issues_reopened: 1, pull_requests_merged: 1, pages_created: 1, pages_updated: 7,
  comments_created: 6, conflicts: 1,
};

test('outputs count what was done', async (t) => {
  const at = await everything(t);
  const run = await at.pass({ mode: 'full' });
  assert.deepEqual(counted(run), DONE);
  assert.equal(run.outputs.changed, 'true');
  assert.deepEqual(Object.keys(run.outputs), [...COUNTS, 'changed', 'report']);
  for (const name of COUNTS) assert.equal(run.report.counts[name], Number(run.outputs[name]), name);
  at.later();
  const next = await at.pass();
  assert.deepEqual([counted(next), next.outputs.changed], [{}, 'false']);
});

test('the summary draws what flowed each way, in own words and numbers alone', async (t) => {
  const at = await everything(t);
  const { summary } = await at.pass({ mode: 'full' });
  const [, picture] = /```mermaid\n(.*?)```/s.exec(summary);
  assert.match(picture, /^ {4}N -->\|"1 issue created<br>1 issue updated<br>1 issue closed<br>1 issue reopened<br>1 pull request merged"\| G$/m);
  assert.match(picture, /^ {4}G -->\|"1 page created<br>\d+ pages updated"\| N$/m);
  assert.match(picture, /C\{\{"1 conflict"\}\}/);
  assert.doesNotMatch(picture.replace(/"[^"]*"/g, ''), /Renamed|says|New/);
  at.later();
  assert.doesNotMatch((await at.pass()).summary, /mermaid/, 'nothing flowed');
});

test('the summary shows what was done, with links to both sides', async (t) => {
  const at = await everything(t);
  const { summary } = await at.pass({ mode: 'full' });
  const issue = (number, kind = 'issues') => `\\[#${number}\\]\\(https://github\\.com/acme/app/${kind}/${number}\\)`;
  const page = '\\[page\\]\\(https://[^)]*\\)';
  const rows = [
    `${issue(1)} \`Renamed on GitHub\` \\| ${page} \\| title in Notion: \`Renamed here\` → \`Renamed on GitHub\` \\|$`,
    `${issue(2)} \`Renamed there\` \\| ${page} \\| title on GitHub: \`Renamed there\` → \`Renamed in Notion\` \\|$`,
    `${issue(3)} \`To be closed\` \\| ${page} \\| issue closed<br>1 comment`,
    `${issue(4)} \`To be reopened\` \\| ${page} \\| issue reopened<br>1 comment`,
    `\`#6\` .*link ended \\(its issue was deleted on GitHub\\)`,
    `${issue(7, 'pull')} \`To be merged\` \\| ${page} \\| pull request merged<br>1 comment`,
    `${issue(8)} \`New issue\` \\| ${page} \\| page created<br>1 comment`,
    `${issue(9)} \`New page\` \\| ${page} \\| issue created`,
  ];
  for (const row of rows) assert.match(summary, new RegExp(`^\\| ${row}`, 'm'));
  assert.match(summary, /^## Notion sync: Done, 1 conflict\n\n\*\*Next step:\*\* look at the conflicts below\.\n\n/);
  assert.match(summary, /Notion says\n```\n\nTo use the other value, enter it again on either side\.\n/);
  assert.doesNotMatch(summary, /\b[EF]\d+\b/, 'rows of the decision table stay in the JSON report');
  assert.match(summary, /Full run of .*: it compared everything/);
  assert.match(summary, /The title was changed on both sides; the value of GitHub is kept\.\n\nGitHub \(kept\):\n\n?```[a-z]*\nGitHub says\n```\n+Notion \(replaced\):\n\n?```[a-z]*\nNotion says\n```/);
  assert.match(summary, /GitHub REST \d+ requests, \d+ of 1000 left; GitHub GraphQL \d+ requests, \d+ of 1000 left; Notion \d+ requests/);
});

test('changes beyond twenty rows are folded, and a change of a text is a folded comparison', async (t) => {
  const at = await story(t);
  const text = [...Array(12).keys()].map((i) => `Line ${i}`);
  for (let number = 1; number <= 25; number += 1) at.addIssue({ title: `Issue ${number}`, body: text.join('\n\n') });
  const first = await at.pass({ link_comments: 'none' });
  assert.match(first.summary, /### What was done\n\n(?:\|.*\n){22}\n<details><summary>5 more<\/summary>\n\n\| Issue \| Page \| What \|\n\|-\|-\|-\|\n(?:\|.*\n){5}\n<\/details>\n/);
  at.later();
  text[6] = 'A line with ``` and <b>html</b>';
  at.github.editIssue(at.repo, 3, { body: text.join('\n\n') });
  const { summary } = await at.pass({ link_comments: 'none' });
  assert.match(summary, /\| page content in Notion changed \|/);
  assert.match(summary, /### Texts\n\n<details><summary>#3: page content in Notion<\/summary>\n\n```diff\n@@\n(?: .*\n)*-Line 6\n\+A line with \\`\\`\\` and \*\*html\*\*\n(?: .*\n)*```\n\n<\/details>\n/);
});

// --- dry runs ---

test('a dry run writes nothing at all and shows before and after', async (t) => {
  const at = await everything(t);
  const before = JSON.stringify(at.snapshot());
  const run = await at.pass({ mode: 'full', dry_run: true });
  assert.deepEqual(run.requests.filter((request) => !isRead(request)).map(inWords), []);
  assert.ok(run.requests.every((request) => !/^\s*mutation/.test(request.body?.query ?? '')));
  assert.equal(JSON.stringify(at.snapshot()), before);
  assert.match(run.summary, /\*\*Dry run: nothing was written\.\*\*/);
  assert.match(run.summary, /title in Notion: `Renamed here` → `Renamed on GitHub`/);
  assert.match(run.summary, /merge the pull request/);
  assert.match(run.summary, /Notion \(would be replaced\):\n\n?```[a-z]*\nNotion says\n```/);
  assert.equal(run.report.dry_run, true);
  assert.deepEqual([counted(run), run.outputs.changed], [DONE, 'false'], 'what would be done');
  const { before: was, after } = run.report.results.find(({ number }) => number === 1).fields.find(({ field }) => field === 'title');
  assert.deepEqual([was, after], [
    { github: 'Renamed on GitHub', notion: 'Renamed here' }, { github: 'Renamed on GitHub', notion: 'Renamed on GitHub' },
  ]);
  at.later();
  assert.deepEqual(counted(await at.pass({ mode: 'full' })), DONE, 'and that is what a pass does then');
});

test('a dry run on a fresh board makes neither state nor GitHub ID', async (t) => {
  const at = await story(t, { properties: { 'GitHub ID': null } });
  at.addIssue({ title: 'One' });
  at.addPage({ Name: 'Two' });
  const before = JSON.stringify(at.snapshot());
  const run = await at.pass({ dry_run: true });
  assert.deepEqual(run.requests.filter((request) => !isRead(request)).map(inWords), []);
  assert.equal(JSON.stringify(at.snapshot()), before);
  assert.deepEqual(counted(run), { issues_created: 1, pages_created: 1, pages_updated: 1, comments_created: 2 });
  assert.equal(run.report.counts.planned, 2);
});

test('a dry run does not move the cursor either', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  await at.pass();
  const state = at.github.readRef(at.repo, at.stateRef);
  at.later();
  await at.pass({ dry_run: true });
  assert.equal(at.github.readRef(at.repo, at.stateRef), state);
});

// --- failures ---

test('a record that fails is named with its cure; the others are done; the next pass repairs it', async (t) => {
  const at = await story(t);
  const pages = ['One', 'Two', 'Three'].map((Name) => at.addPage({ Name }));
  await at.pass();
  await at.settle();
  at.later();
  const number = at.notion.values(pages[1])['GitHub ID'];
  for (const page of pages) at.notion.editPage(page, { Name: 'Changed' });
  at.github.editIssue(at.repo, number, { labels: ['x'] });
  at.sandbox.fault({ kind: 'status', status: 422, method: 'PATCH', path: `/repos/acme/app/issues/${number}`, body: { message: 'Validation Failed: refused by the test', status: '422' } });
  const run = await at.pass({}, { code: 1 });
  assert.equal(run.outputs.failures, '1');
  assert.match(run.summary, new RegExp(`### .*[Ff]ail[^]*#${number}\\].*refused by the test`));
  assert.match(run.stdout, new RegExp(`^::error::.*#${number} .*refused by the test`, 'm'));
  const failed = run.report.results.find((result) => result.number === number);
  assert.deepEqual([failed.done, failed.error.kind], ['failed', 'refused']);
  assert.equal(at.issues().filter((issue) => issue.title === 'Changed').length, 2);
  assert.deepEqual(at.row(number).Labels, ['x'], 'the other side of the record is done');
  at.later();
  const next = await at.pass();
  assert.deepEqual(verbs(perRecord(at, next)[number]), ['write issue']);
  assert.equal(at.issues().filter((issue) => issue.title === 'Changed').length, 3);
  await at.settle();
});

test('a record that keeps failing is tried in every pass, and nothing else', async (t) => {
  const at = await story(t);
  const page = at.addPage({ Name: 'One' });
  await at.pass();
  await at.settle();
  at.later();
  at.notion.editPage(page, { Name: 'Two' });
  at.sandbox.fault({ kind: 'status', status: 422, method: 'PATCH', path: '/repos/acme/app/issues/1', times: 3 });
  for (let i = 0; i < 3; i += 1) {
    const run = await at.pass({}, { code: 1 });
    assert.deepEqual(perRecord(at, run), { 1: [['write issue', { title: 'Two' }]] });
    at.later();
  }
  await at.pass();
  assert.equal(at.issue(1).title, 'Two');
  await at.settle();
});

test('a pass that could not be done says why and what to do', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  const run = await at.pass({ notion_token: 'ntn_unknown00000000000000000000000000000000000000' }, { code: 2 });
  assert.match(run.summary, /^## Notion sync: The run failed/);
  assert.match(run.summary, /notion_token/);
  assert.equal(run.report.error.kind, 'access');
  assert.deepEqual(counted(run), { failures: 1 });
  assert.equal(run.report.exit_status, 2);
});

// --- the JSON report and its documentation ---

const docs = fs.readFileSync(new URL('../../docs/report.md', import.meta.url), 'utf8');
const between = (from, to) => docs.slice(docs.indexOf(from), to === undefined ? undefined : docs.indexOf(to, docs.indexOf(from)));
const names = (part) => [...part.matchAll(/^\| (`[a-z_`, ]+`) \|/gm)].flatMap(([, cell]) => [...cell.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name));
const quoted = (part) => [...part.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name);

test('the JSON report has the members that docs/report.md names, no others', async (t) => {
  const at = await everything(t);
  at.addIssue({ title: 'Fails' });
  at.sandbox.fault({ kind: 'status', status: 400, method: 'POST', path: '/v1/pages', times: 99 });
  const { report } = await at.pass({ mode: 'full' }, { code: 1, allow: ['faults'] });
  const json = between('## JSON report');
  assert.deepEqual(Object.keys(report).sort(), names(between('## JSON report', 'An **error**')).sort());
  assert.deepEqual(Object.keys(report.database).sort(), ['id', 'title', 'url']);

  const service = between('A **service**', 'A **result**');
  for (const key of ['github_rest', 'github_graphql', 'notion']) {
    assert.deepEqual(Object.keys(report.services[key]).sort(), quoted(service).sort(), key);
  }

  const resultPart = between('A **result**', 'A **field**');
  const effects = quoted(/^\| `effects` \|.*$/m.exec(resultPart)[0]).slice(1);
  const actions = quoted(/^\| `actions` \|.*$/m.exec(resultPart)[0]).slice(1);
  const kinds = quoted(between('An **error**', 'A **service**'));
  const fields = names(json.slice(json.indexOf('A **field**')));
  const known = quoted(/^\| `field` \|.*$/m.exec(json)[0]).slice(1);
  for (const result of report.results) {
    assert.deepEqual(Object.keys(result).sort(), names(resultPart).sort());
    assert.deepEqual(Object.keys(result.effects).sort(), effects.sort());
    assert.match(result.row, /^(E([1-9]|1[0-4])|linked)$/);
    assert.match(result.done, /^(planned|done|failed|remaining)$/);
    for (const action of result.actions) assert.ok(actions.includes(action), action);
    for (const field of result.fields) {
      assert.deepEqual(Object.keys(field).sort(), fields.sort());
      assert.match(field.row, /^F[2-8]$/);
      assert.ok(known.includes(field.field), field.field);
    }
    if (result.error !== null) {
      assert.deepEqual(Object.keys(result.error).sort(), ['kind', 'message']);
      assert.ok(kinds.includes(result.error.kind), result.error.kind);
    }
  }
  assert.deepEqual(report.results.map(({ number }) => number).filter(Boolean).sort((a, b) => a - b), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.equal(report.results.filter(({ done }) => done === 'failed').length, 2);
  assert.equal(report.exit_status, 1);
  assert.ok(Date.parse(report.started) <= Date.parse(report.ended));
});

test('more than ten warnings: nine annotations, and a tenth with the count of the others', async (t) => {
  const at = await story(t);
  for (let n = 1; n <= 30; n += 1) at.addPage({ Name: `Row ${n}`, 'GitHub ID': 1000 + n });
  const result = await at.sync();
  const warnings = result.commands.filter(({ name }) => name === 'warning');
  assert.equal(warnings.length, 10);
  assert.match(warnings.at(-1).data, /^… and 21 more warnings/);
  assert.equal(result.stderr.match(/^warning: /gm).length, 21);
});
