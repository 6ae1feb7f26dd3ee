// notion-sync check: what it finds, the cure of each problem, and that it never writes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRead, story } from './sync-story.mjs';

const CHECK = { check: true };

async function check(at, inputs = {}, { code = 0, ...options } = {}) {
  const before = JSON.stringify([at.both(), at.github.readRef(at.repo, at.stateRef) ?? null, at.notion.dataSources.get(at.dataSource).schema.list()]);
  const run = await at.sync({ ...CHECK, ...inputs }, options);
  assert.equal(run.code, code, `${run.stdout}\n${run.stderr}`);
  assert.deepEqual(run.requests.filter((request) => !isRead(request)), [], 'no write at all');
  assert.equal(JSON.stringify([at.both(), at.github.readRef(at.repo, at.stateRef) ?? null, at.notion.dataSources.get(at.dataSource).schema.list()]), before);
  run.problems = run.commands.filter(({ name }) => name === 'error').map(({ data }) => data);
  for (const problem of run.problems) assert.ok(run.summary.includes(problem.slice(0, 60)), 'the summary tells it too');
  // "  ✓ what  “foreign”  remark" by what comes first.
  run.lines = run.stdout.split('\n').filter((line) => /^ {2}[ ✓✗?!] /.test(line)).map((line) => line.trim());
  return run;
}

const line = (run, text) => run.lines.find((it) => it.includes(text)) ?? assert.fail(`no line with ${text}\n${run.stdout}`);

test('a board that is well set up: everything listed, no problem', async (t) => {
  const at = await story(t, { properties: { Notes: 'rich_text' } });
  at.addIssue({ title: 'One', labels: ['bug'] });
  at.addPull({ title: 'Fix', head: 'fix' });
  at.addPage({ Name: 'Two' });
  const run = await check(at);
  assert.deepEqual(run.problems, []);
  assert.match(line(run, 'token'), /token of a workflow/);
  for (const known of ['github-actions[bot]', '“acme/app”', '`issues: write`', '`pull-requests: write`', '“Sandbox”', 'Read user information']) {
    assert.match(line(run, known), /^✓/, known);
  }
  assert.match(line(run, '“Labels”'), /^✓ .*multi_select +labels$/);
  assert.match(line(run, '“Notes”'), /not used$/);
  assert.match(line(run, '“GitHub ID”'), /the link$/);
  assert.match(line(run, '“In progress”'), /In progress +open$/);
  assert.match(line(run, '“Done”'), /Complete +closed; shown for a closed issue$/);
  assert.match(line(run, '“Canceled”'), /closed:not_planned/);
  assert.match(line(run, 'would be created'), /1 issue would be created, 1 page would be created/);
  assert.match(run.summary, /the check found no problem/);
  assert.match(run.summary, /\| `One` \| .*create the page/);
  assert.equal(run.outputs.report, undefined, 'it is no pass');
});

test('the summary has problems first, what works folded, other columns in one line, and the next step last', async (t) => {
  const at = await story(t, { properties: { Notes: 'rich_text', Owner: 'rich_text', Size: 'number' } });
  for (let i = 0; i < 12; i += 1) at.addIssue({ title: `Issue ${i}` });
  const good = await check(at);
  assert.match(line(good, 'other columns'), /“Notes, Owner, Size” +not used$/);
  assert.match(line(good, 'missing columns'), /“Assignees, Milestone, [^”]*” +not synced; `setup: all` would add them$/);
  assert.equal(good.lines.filter((text) => /missing/.test(text)).length, 1);
  assert.match(good.summary, /^## Notion sync: the check found no problem\n\n### What a full run would do now\n\n12 pages would be created, 12 comments would be posted\.\n\n\| \|/);
  assert.match(good.summary, /\n\|  \| … and 2 more \|/);
  assert.match(good.summary, /<details><summary>What was looked at<\/summary>\n\n### GitHub\n[^]*<\/details>\n\nNothing was written\.\n\n\*\*Next step:\*\* start a run with `dry_run: true`[^\n]*\n$/);
  at.addPage({ Name: 'Text' });
  const warned = await check(at, { fields: 'Size = issue field: Effort' });
  assert.match(warned.summary, /^## Notion sync: the check found no problem, 1 warning\n\n> \[!WARNING\]\n> `the column "Size" is not synced \(issue field: Effort\): [^]*<details>[^]*### Columns\n[^#]*\| texts \|[^]*### Columns of your own\n/);
  assert.match(warned.summary, /\| ⚠️ \| `Size` \| issue field: Effort \| not synced: see the warning \|/);
  assert.doesNotMatch(warned.summary, /❌/);
  assert.deepEqual(warned.commands.filter(({ name }) => name === 'warning').length, 1);
  const bad = await check(at, { max_changes: 1, property_map: ['labels = Nonsense'] }, { code: 2 });
  assert.match(bad.summary, /^## Notion sync: the check found \d problems?\n\n> \[!CAUTION\]\n/);
  assert.match(bad.summary, /\*\*Next step:\*\* do what each problem says, and check again\.\n$/);
});

test('a status column of another name is named with the entry for property_map', async (t) => {
  const at = await story(t, { properties: { Status: null, Stage: { status: { 'To-do': ['Idea'], Complete: ['Shipped'] } } } });
  const note = 'the status is not synced, because no column is called "Status": name yours in property_map ("status = Stage")';
  const run = await check(at);
  assert.deepEqual(run.commands.filter(({ name }) => name === 'notice').map(({ data }) => data), [note]);
  assert.ok(run.summary.startsWith(`## Notion sync: the check found no problem\n\n> [!NOTE]\n> \`${note}\`\n\n`), run.summary);
  for (const inputs of [{ property_map: 'status = Stage' }, { property_map: 'status =' }]) assert.doesNotMatch((await check(at, inputs)).summary, /not synced, because/);
});

test('--json prints what was found', async (t) => {
  const at = await story(t);
  const run = await at.sync({}, { args: ['check', '--json', '--property-map', 'labels = Nonsense'] });
  const { command, exit_status, problems, sections, next_step } = JSON.parse(run.stdout);
  assert.deepEqual([command, exit_status, problems.length, typeof next_step], ['check', 2, 1, 'string']);
  assert.ok(sections.some(({ title, rows }) => title === 'GitHub' && rows.some(({ mark, cells }) => mark === 'yes' && cells[1] === 'github-actions[bot]')));
});

test('as an argument it is the same as the input', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  const [byInput, byArgument] = [await check(at), await check(at, { check: null }, { args: ['check'] })];
  assert.equal(byArgument.stdout, byInput.stdout);
  const behind = await check(at, { check: null }, { args: ['--mode', 'full', 'check'] });
  assert.equal(behind.stdout, byInput.stdout);
  const two = await at.sync({}, { args: ['run', 'check'], code: 2 });
  assert.equal(two.code, 2);
  assert.deepEqual(two.requests, []);
});

test('what it announces is what the pass does', async (t) => {
  const at = await story(t, { properties: { Assignees: 'people' }, repo: { collaborators: ['alice'] } });
  const inputs = { people_map: ['alice = paula@example.com'], create_issues: 'all' };
  for (let i = 0; i < 12; i += 1) at.addIssue({ title: `Issue ${i}` });
  at.addPage({ Name: 'Page', Assignees: ['Paula Person'] });
  at.addPage({ Name: 'Page that is done', Status: 'Done' });
  const announced = line(await check(at, inputs), 'would be');
  const { outputs: foretold } = await at.pass({ ...inputs, dry_run: 'true' });
  const run = await at.pass(inputs);
  assert.deepEqual({ ...foretold, changed: 'true', report: '' }, { ...run.outputs, report: '' });
  const number = (what) => Number(new RegExp(`(\\d+) ${what}`).exec(announced)[1]);
  assert.deepEqual([number('pages? would be created'), number('issues? would be created')], [Number(run.outputs.pages_created), Number(run.outputs.issues_created)]);
  at.later();
  assert.match((await check(at, inputs)).stdout, /Everything is in sync/);
});

test('problems of both sides are reported in one run', async (t) => {
  const at = await story(t, { properties: { Labels: 'rich_text', 'GitHub ID': 'rich_text' }, token: { permissions: { contents: 'write', issues: 'read', pull_requests: 'read' } } });
  at.addIssue({ title: 'One', by: 'maintainer' });
  const run = await check(at, {}, { code: 2 });
  assert.match(run.problems.join('\n'), /may not edit issues: add `issues: write` under `permissions:` in the workflow/);
  assert.match(run.problems.join('\n'), /"Labels" is of type rich_text, but labels needs multi_select/);
  assert.match(run.problems.join('\n'), /"GitHub ID" is of type rich_text, but must be a number/);
  assert.match(line(run, '“Labels”'), /^✗/);
  assert.match(line(run, '“Status”'), /^✓/);
});

test('a token that is refused on one side does not hide the other side', async (t) => {
  const at = await story(t);
  const bad = await check(at, { github_token: 'ghp_nobodyknowsthistoken' }, { code: 2 });
  assert.match(bad.problems.join('\n'), /GitHub does not accept the token .*github_token/);
  assert.match(line(bad, '“Labels”'), /^✓/);
  const other = await check(at, { notion_token: 'ntn_nobodyknowsthistoken' }, { code: 2 });
  assert.match(other.problems.join('\n'), /Notion does not accept the token .*notion_token/);
  assert.match(line(other, '“acme/app”'), /^✓/);
});

test('capabilities: what is optional is shown, what is needed is a problem', async (t) => {
  const at = await story(t);
  at.notion.integration.capabilities.delete('user_info');
  assert.match(line(await check(at), 'Read user information'), /^\? .*optional/);
  at.notion.integration.capabilities.delete('read_content');
  const run = await check(at, {}, { code: 2 });
  assert.match(run.problems.join('\n'), /capability "Read content"/);
});

test('a user\'s token without push access, and an archived repository', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  at.github.addToken('ghp_reader0000000000000000000000000000', { kind: 'pat', login: 'reader', permissions: { contents: 'read', issues: 'read', pull_requests: 'read' }, pushAccess: false });
  const reader = await check(at, { github_token: 'ghp_reader0000000000000000000000000000' }, { code: 2 });
  assert.match(reader.problems.join('\n'), /no push access to the repository: give the role Write/);
  at.github.repo(at.repo).archived = true;
  assert.match((await check(at, {}, { code: 2 })).problems.join('\n'), /archived .*unarchive it/);
});

test('a workflow whose schedule GitHub turned off', async (t) => {
  const at = await story(t, { repo: { private: false } });
  const env = { GITHUB_WORKFLOW_REF: 'acme/app/.github/workflows/sync.yml@refs/heads/main' };
  assert.match(line(await check(at, {}, { env }), 'schedule'), /^\? .*actions: read/);
  at.github.repo(at.repo).workflows = { 'sync.yml': 'active' };
  assert.match(line(await check(at, {}, { env }), 'schedule'), /^✓/);
  at.github.repo(at.repo).workflows = { 'sync.yml': 'disabled_inactivity' };
  const run = await check(at, {}, { env, code: 2 });
  assert.match(run.problems.join('\n'), /sync\.yml is turned off \(disabled_inactivity\): turn it on under Actions/);
});

test('a status that nothing closes, and columns that setup: all would add', async (t) => {
  const at = await story(t, { properties: { Status: { select: ['Idea', 'Doing'] }, Labels: null, 'GitHub ID': null } });
  const run = await check(at, { setup: 'all' }, { code: 2 });
  assert.match(run.problems.join('\n'), /no option of the status means closed: .*status_map/);
  assert.match(line(run, 'missing columns'), /^missing columns +“GitHub ID, Labels, .* the first run that writes adds them$/);
  assert.match((await check(at, { status_map: ['Doing = closed'], setup: 'none' }, { code: 2 })).problems.join('\n'), /no column "GitHub ID"/);
});

test('a filter that Notion refuses, and more deletions than are allowed', async (t) => {
  const at = await story(t);
  const run = await check(at, { notion_filter: '{"property":"None","checkbox":{"equals":true}}' }, { code: 2, allow: ['schema'] });
  assert.match(run.problems.join('\n'), /notion_filter does not fit the database: .*None/);
  for (let i = 0; i < 3; i += 1) at.addIssue({ title: `Issue ${i}` });
  await at.pass();
  for (const number of [1, 2]) at.notion.trashPage(at.page(number));
  at.later();
  const deletions = await check(at, { max_deletions: 1, on_page_deleted: 'close' }, { code: 2 });
  assert.match(deletions.problems.join('\n'), /2 links between pages and issues would end/);
});

test('an assigned login that people_map has misspelled is named beside it', async (t) => {
  const at = await story(t, { properties: { Assignees: 'people' }, repo: { collaborators: ['mona', 'moan', 'hubot'] } });
  at.addIssue({ title: 'One', assignees: ['mona', 'hubot'] });
  const { id } = at.notion.addUser({ name: 'Mona' });
  const run = await check(at, { people_map: [`moan = ${id}`] });
  assert.match(line(run, '“mona”'), /assigned on GitHub; did you mean it by moan in people_map\?$/);
  assert.match(line(run, '“hubot”'), /assigned on GitHub$/);
});

test('people of people_map: found and not found, on both sides', async (t) => {
  const at = await story(t, { properties: { Assignees: 'people' }, repo: { collaborators: ['mona', 'hubot'] } });
  const { id } = at.notion.addUser({ name: 'Hu Bot' });
  const run = await check(at, { people_map: ['mona = paula@example.com', `hubot = ${id}`, 'ghost = nobody@example.com'] }, { code: 2 });
  assert.match(line(run, '“mona”'), /^✓ .*known in Notion; can be assigned$/);
  assert.match(line(run, '“hubot”'), /^✓ .*known in Notion; can be assigned$/);
  assert.match(line(run, '“ghost”'), /^✗ .*nobody in Notion; cannot be assigned$/);
  assert.match(run.problems.join('\n'), /no member of the Notion workspace has the e-mail address given for ghost: .*give the user id/);
  assert.match(run.problems.join('\n'), /GitHub does not let ghost be assigned: correct the login/);
  assert.ok(run.stdout.indexOf('“Tasks”') < run.stdout.indexOf('\nColumns'), 'the database stands with Notion');
  assert.ok(run.stdout.indexOf('\nColumns') < run.stdout.indexOf('\nPeople'));
  assert.doesNotMatch(run.stdout + run.stderr + run.summary, /example\.com/, 'addresses are nobody else\'s business');
  at.notion.integration.capabilities.delete('user_email');
  const blind = await check(at, { people_map: ['mona = paula@example.com'] }, { code: 2 });
  assert.match(blind.problems.join('\n'), /e-mail/i);
});

test('text from people stays text', async (t) => {
  const evil = 'a|b`c <img src=x> @octocat #1\n::error::x ##[error]y ‮z';
  const at = await story(t, { title: evil, properties: { [evil.replace(/,/g, '')]: 'checkbox' } });
  at.addIssue({ title: evil.replace(/\n/g, ' ') });
  const run = await check(at);
  assert.deepEqual(run.commands.filter(({ name }) => name !== 'add-mask'), []);
  for (const row of run.summary.split('\n').filter((it) => it.startsWith('|'))) {
    assert.equal(row.replace(/\\\|/g, '').split('|').length, 6, `a broken table: ${row}`);
    assert.doesNotMatch(row.replace(/(`+)[^`].*?[^`]?\1(?!`)/g, ''), /<img|@octocat/);
  }
});

test('bad inputs are refused as for a pass, before any request', async (t) => {
  const at = await story(t);
  const run = await at.sync({ ...CHECK, on_conflict: 'nobody', notion_token: 'ghp_000000000000000000000000000000000000', full_evry: '3' });
  assert.equal(run.code, 2);
  assert.deepEqual(run.requests, []);
  assert.equal(run.summary, `## Notion sync: the check found 2 problems, 1 warning

> [!CAUTION]
> \`notion_token: this is a token of GitHub. Give the token of your Notion connection; it begins with "ntn_" or "secret_".\`

> [!CAUTION]
> \`on_conflict: "nobody" is not valid. Use "github", "notion" or "newest".\`

> [!WARNING]
> \`full_evry: there is no such input; it is ignored. Did you mean "full_every"? The documentation lists all inputs.\`

Nothing was written.

**Next step:** correct the inputs, as each message says, and check again.
`);
});

test('the capabilities for comments are always named: what loses a conflict may have to stay on the page', async (t) => {
  const at = await story(t);
  for (const inputs of [{ sync_comments: 'both' }, {}]) {
    assert.match(line(await check(at, inputs), 'Read and insert comments'), /^\?.*replaced value.*sync_comments/);
  }
});

test('a personal access token acts as its person, and an internal connection is recommended', async (t) => {
  const at = await story(t);
  assert.match(line(await check(at), 'connection'), /^✓.*the token of a connection \(integration\)/);
  at.notion.integration.person = at.notion.addUser({ name: 'Paula' }).id;
  assert.match(line(await check(at), 'connection'), /^\?.*personal access token.*that person.*internal connection/);
});

test('the Markdown that texts need is tried out', async (t) => {
  const at = await story(t);
  at.addPage({ Name: 'One' });
  assert.match(line(await check(at), 'texts'), /^✓ .*can be read as Markdown/);
  at.notion.settings.markdownV2 = false;
  assert.match(line(await check(at), 'texts'), /^\? .*Notion does not accept the preview of its Markdown/);
});
