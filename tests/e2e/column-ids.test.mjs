// A column is its id, not its name: renamed, deleted and made again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { combinations, step } from './cases.mjs';
import { changes, isRead, inWords, story, verbs } from './sync-story.mjs';

const WEB = 'acme/web';
const text = (run) => `${run.stdout}\n${run.stderr}\n${run.summary}`;

// Linked, and in sync.
async function linked(t, options, inputs) {
  const at = await story(t, options);
  at.addIssue({ title: 'One', labels: ['bug'] });
  at.addIssue({ title: 'Two' });
  await at.pass(inputs);
  at.later();
  await at.pass(inputs);
  at.later();
  at.rename = (from, to) => at.notion.renameProperty(at.dataSource, from, to);
  at.remove = (name) => at.notion.removeProperty(at.dataSource, name);
  at.add = (name, config) => at.notion.addProperty(at.dataSource, name, config);
  at.values = () => at.found().filter((row) => !row.trashed).map((row) => row.values);
  return at;
}

async function refused(at, inputs, ...words) {
  const before = JSON.stringify(at.both());
  const run = await at.pass(inputs, { code: 2 });
  assert.deepEqual(run.requests.filter((request) => !isRead(request)).map(inWords), []);
  assert.equal(JSON.stringify(at.both()), before);
  for (const word of words) assert.match(text(run), word);
}

test('GitHub ID renamed: nothing happens, and the summary says so once', async (t) => {
  const at = await linked(t);
  at.rename('GitHub ID', 'Number');
  const before = JSON.stringify(at.both());
  const run = await at.pass({ mode: 'full' });
  assert.deepEqual(changes(at, run), []);
  assert.equal(JSON.stringify(at.both()), before);
  assert.match(run.summary, /"GitHub ID" is now called "Number"/);
  at.later();
  const again = await at.pass({ mode: 'full' });
  assert.deepEqual(changes(at, again), []);
  assert.doesNotMatch(text(again), /is now called/);
  at.github.editIssue(at.repo, 1, { title: 'Uno' });
  assert.deepEqual(verbs(changes(at, await at.pass())), ['write page']);
  assert.deepEqual(at.values().map((row) => [row.Number, row.Name]).sort(), [[1, 'Uno'], [2, 'Two']]);
});

test('GitHub ID renamed, and another column has its name: the id counts, both are named', async (t) => {
  const at = await linked(t);
  at.rename('GitHub ID', 'Number');
  at.add('GitHub ID', 'number');
  for (let pass = 0; pass < 2; pass += 1) {
    const run = await at.pass({ mode: 'full' });
    assert.deepEqual(changes(at, run), []);
    assert.match(run.summary, /"Number".*"GitHub ID"/);
    at.later();
  }
});

for (const made of [false, true]) {
  test(`GitHub ID deleted${made ? ' and made again by hand' : ''}: filled in from the state, links stay`, async (t) => {
    const at = await linked(t);
    at.remove('GitHub ID');
    if (made) at.add('GitHub ID', 'number');
    at.notion.editPage(at.found()[0].id, { Status: 'In progress' });
    const dry = await at.pass({ dry_run: 'true' });
    assert.match(text(dry), /"GitHub ID" .*is gone from the database/);
    assert.equal(dry.outputs.issues_created, '0');
    assert.equal(dry.outputs.pages_updated, '2');
    const check = await at.sync({}, { args: ['check'] });
    assert.match(check.stdout, /"GitHub ID" .*is gone from the database/);
    const run = await at.pass();
    assert.match(run.summary, /"GitHub ID" .*is gone from the database/);
    assert.deepEqual(at.values().map((row) => [row['GitHub ID'], row.Name]).sort(), [[1, 'One'], [2, 'Two']]);
    assert.deepEqual(verbs(changes(at, run)), [...(made ? [] : ['write schema']), 'write page', 'write page']);
    await at.settle();
    assert.doesNotMatch(text(await at.pass({ mode: 'full' })), /is gone/);
    at.later();
    at.notion.editPage(at.page(1), { 'GitHub ID': null });
    await at.pass();
    assert.match(at.comments(1).at(-1), /cleared/, 'in the new column an empty number counts again');
  });
}

test('GitHub ID deleted, the pass that fills it in is killed at any request', async (t) => {
  for (let n = 1; ; n += step(3)) {
    const at = await linked(t);
    at.remove('GitHub ID');
    const run = await at.sync({ mode: 'full' }, { killAt: { n, phase: 'after' } });
    if (run.signal === null) break;
    at.later(15 * 60000);
    await at.pass({ mode: 'full' });
    assert.deepEqual(at.values().map((row) => [row['GitHub ID'], row.Name]).sort(), [[1, 'One'], [2, 'Two']], `killed at ${n}`);
    assert.deepEqual(at.issues().map((issue) => issue.comments.length), [1, 1], `killed at ${n}`);
    await at.settle();
  }
});

test('GitHub ID deleted with setup = none: nothing is done, the error gives the cure', async (t) => {
  const at = await linked(t, undefined, { setup: 'none' });
  at.remove('GitHub ID');
  await refused(at, { setup: 'none', mode: 'full' }, /"GitHub ID" is gone.*`setup`/);
});

test('GitHub ID deleted and the state lost: what link comments say is linked stays linked', async (t) => {
  const at = await linked(t);
  at.remove('GitHub ID');
  at.github.deleteRef(at.repo, at.stateRef);
  await at.pass();
  assert.deepEqual(at.values().map((row) => [row['GitHub ID'], row.Name]).sort(), [[1, 'One'], [2, 'Two']]);
  assert.deepEqual(at.issues().map((issue) => issue.comments.length), [1, 1]);
  await at.settle();
});

test('Status renamed is followed, a deleted Labels is a warning in every pass until it is turned off', async (t) => {
  const at = await linked(t);
  at.rename('Status', 'Stage');
  at.remove('Labels');
  at.notion.editPage(at.page(1), { Stage: 'Done' });
  at.github.label(at.repo, 2, ['bug']);
  const check = await at.sync({}, { args: ['check'] });
  assert.match(check.stdout, /"Labels" is gone/);
  assert.match(check.stdout, /"Status" is now called "Stage"/);
  assert.match(text(await at.pass({ dry_run: 'true' })), /"Labels" is gone/);
  const run = await at.pass();
  assert.equal(at.issue(1).state, 'closed');
  assert.deepEqual(at.issue(2).labels, ['bug']);
  assert.match(run.summary, /"Labels" is gone.*labels =/);
  assert.match(run.summary, /"Status" is now called "Stage"/);
  at.later();
  for (const inputs of [{}, {}, { mode: 'full' }, {}]) {
    const next = await at.pass(inputs);
    assert.match(next.summary, /"Labels" is gone/);
    assert.match(next.stdout + next.stderr, /"Labels" is gone/);
    assert.doesNotMatch(text(next), /is now called/);
    at.later();
  }
  assert.doesNotMatch(text(await at.pass({ property_map: ['labels ='] })), /is gone/);
  at.later();
  assert.doesNotMatch(text(await at.pass({ property_map: ['labels ='] })), /is gone/);
});

test('a new column with the default name does not take the place of the renamed one', async (t) => {
  const at = await linked(t);
  at.rename('Labels', 'Tags');
  at.add('Labels', { multi_select: [] });
  at.github.label(at.repo, 2, ['new']);
  for (let pass = 0; pass < 2; pass += 1) {
    const run = await at.pass({ mode: 'full' });
    assert.match(run.summary, /"Tags".*"Labels"/);
    assert.deepEqual([at.row(2).Tags, at.row(2).Labels], [['new'], []]);
    at.later();
  }
  await at.pass({ property_map: ['labels = Labels'] });
  assert.deepEqual(at.row(2).Labels, ['new'], 'an entry that names an existing column is the word of the user');
  assert.deepEqual(at.issue(2).labels, ['new']);
});

test('a column deleted and made again is empty because it is new', async (t) => {
  const at = await linked(t);
  at.remove('Labels');
  at.add('Labels', { multi_select: [] });
  at.github.editIssue(at.repo, 2, { title: 'Zwei' });
  const run = await at.pass();
  assert.deepEqual([at.row(1).Labels, at.issue(1).labels], [['bug'], ['bug']], 'all rows are compared');
  assert.match(run.report.why_full, /replaced/);
  await at.settle();
});

const STATUS = { status: { 'To-do': ['Not started'], 'In progress': ['In progress', 'Review'], Complete: ['Done'] } };

for (const [on_conflict, setup] of combinations(['github', 'notion', 'newest'], ['none', 'all'])) {
  test(`Status deleted: no issue is reopened, and a new column shows what GitHub says (${on_conflict}, setup ${setup})`, async (t) => {
    const inputs = { on_conflict, setup };
    const at = await linked(t, {}, inputs);
    at.notion.editPage(at.page(2), { Status: 'Done' });
    await at.pass(inputs);
    at.later();
    at.remove('Status');
    for (const number of [1, 2]) at.notion.editPage(at.page(number), { Name: `Row ${number}` });
    const run = await at.pass(inputs);
    if (setup === 'none') assert.match(run.summary, /"Status" is gone/);
    at.later();
    if (setup === 'none') at.add('Status', STATUS);
    for (const number of [1, 2]) at.notion.editPage(at.page(number), { Name: `Row no. ${number}` });
    assert.equal((await at.pass(inputs)).outputs.conflicts, '0');
    assert.deepEqual(at.issues().map(({ title, state }) => [title, state]), [['Row no. 1', 'open'], ['Row no. 2', 'closed']]);
    assert.deepEqual([at.row(1).Status, at.row(2).Status], ['Not started', 'Done']);
    at.later();
    await at.pass(inputs);
    await at.settle(inputs);
    at.notion.editPage(at.page(2), { Status: 'In progress' });
    await at.pass(inputs);
    assert.equal(at.issue(2).state, 'open', 'from then on the page is asked again');
  });
}

test('Status deleted that status_map and progress_map name: a warning, and everything else goes on', async (t) => {
  const maps = { status_map: ['Review = open + label: review', 'Done = closed'], progress_map: ['open = Review', 'merged = Done'] };
  const inputs = { ...maps, setup: 'none' };
  const at = await linked(t, { properties: { Status: STATUS } }, inputs);
  at.notion.editPage(at.page(1), { Status: 'Review' });
  at.notion.editPage(at.page(2), { Status: 'Done' });
  await at.pass(inputs);
  at.later();
  at.remove('Status');
  assert.match((await at.sync(inputs, { args: ['check'] })).stdout, /"Status" is gone/);
  for (const mode of ['auto', 'auto', 'full']) {
    at.notion.editPage(at.page(1), { Name: `Row in ${mode}` });
    const run = await at.pass({ ...inputs, mode });
    assert.match(run.summary, /"Status" is gone.*status =/);
    assert.match(run.stdout + run.stderr, /"Status" is gone/);
    assert.equal(at.issue(1).title, `Row in ${mode}`);
    at.later();
  }
  assert.deepEqual([at.issue(1).state, at.issue(1).labels, at.issue(2).state], ['open', ['bug', 'review'], 'closed']);
  assert.deepEqual(at.row(1).Labels, ['bug'], "a lane's label takes part in Labels on neither side");
  at.add('Status', STATUS);
  await at.pass(inputs);
  await at.settle(inputs);
  assert.deepEqual([at.row(1).Status, at.row(2).Status], ['Review', 'Done']);
});

test("a team's own column deleted: its labels stay on GitHub, and out of Labels", async (t) => {
  const inputs = { fields: ['Prio = label: prio/*', 'Blocked = label: blocked'], setup: 'none' };
  const at = await linked(t, { properties: { Prio: { select: [] }, Blocked: 'checkbox' } }, inputs);
  at.github.editIssue(at.repo, 1, { labels: ['bug', 'prio/high', 'blocked'] });
  await at.pass(inputs);
  at.later();
  for (const name of ['Prio', 'Blocked']) at.remove(name);
  for (const labels of [['bug'], ['bug', 'docs']]) {
    at.notion.editPage(at.page(1), { Labels: labels });
    await at.pass({ ...inputs, mode: 'full' });
    at.later();
  }
  assert.deepEqual(at.row(1).Labels, ['bug', 'docs']);
  assert.deepEqual(at.issue(1).labels.sort(), ['blocked', 'bug', 'docs', 'prio/high']);
});

test('a map for a Status that the database never had is an error', async (t) => {
  for (const inputs of [{ status_map: ['Done = closed'] }, { progress_map: ['merged = Done'] }]) {
    const at = await story(t, { properties: { Status: null } });
    at.addIssue({ title: 'One' });
    await refused(at, inputs, /_map is given, but the database has no column for status/);
  }
});

test('Milestone deleted and made again: issues keep theirs, and the column is filled', async (t) => {
  const at = await linked(t, { properties: { Milestone: { select: [] } }, repo: { milestones: ['v1', 'v2'] } });
  for (const number of [1, 2]) at.notion.editPage(at.page(number), { Milestone: `v${number}` });
  await at.pass();
  at.later();
  at.remove('Milestone');
  at.notion.editPage(at.page(1), { Name: 'Uno' });
  assert.match((await at.pass()).summary, /"Milestone" is gone/);
  at.later();
  at.github.editIssue(at.repo, 2, { milestone: 1 });
  assert.match((await at.pass()).summary, /"Milestone" is gone/);
  at.later();
  at.add('Milestone', { select: [] });
  at.notion.editPage(at.page(1), { Name: 'One' });
  await at.pass();
  assert.deepEqual(at.issues().map(({ milestone }) => milestone), ['v1', 'v1']);
  assert.deepEqual([at.row(1).Milestone, at.row(2).Milestone], ['v1', 'v1']);
  await at.settle();
});

test('an entry of property_map whose column was renamed follows the id and is to be corrected', async (t) => {
  const inputs = { property_map: ['labels = Tags'] };
  const at = await linked(t, { properties: { Labels: null, Tags: { multi_select: [] } } }, inputs);
  at.rename('Tags', 'Topics');
  at.notion.editPage(at.page(1), { Topics: ['bug', 'more'] });
  assert.match((await at.sync(inputs, { args: ['check'] })).stdout, /labels = Topics/);
  const run = await at.pass(inputs);
  assert.deepEqual(at.issue(1).labels, ['bug', 'more']);
  assert.match(run.summary, /"Tags" for labels.*"labels = Topics"/);
  at.remove('Topics');
  at.later();
  const gone = await at.pass({ ...inputs, mode: 'full' });
  assert.match(gone.summary, /"Topics" is gone/);
  assert.deepEqual(at.issue(1).labels, ['bug', 'more']);
});

test('columns swap their names: each field stays in its own', async (t) => {
  const at = await linked(t, { properties: { Milestone: { select: [] }, Type: { select: [] } } });
  at.rename('Type', 'Old type');
  at.rename('Labels', 'Type');
  at.rename('Old type', 'Labels');
  const run = await at.pass({ mode: 'full' });
  assert.deepEqual(changes(at, run), []);
  assert.deepEqual([at.row(1).Type, at.row(1).Labels], [['bug'], 'Issue']);
});

// --- many repositories ---

// Numbers of the other repository are numbers of closed issues here, which have no row.
async function shared(t, inputs) {
  const at = await linked(t, { properties: { Repository: { select: [] } } }, inputs);
  at.github.addRepo({ owner: 'acme', name: 'web', private: true });
  for (const title of ['Web one', 'Web two', 'Web three']) at.github.addIssue(WEB, { title });
  at.web = (more, options) => { at.later(2000); return at.pass({ ...inputs, ...more }, { repository: WEB, ...options }); };
  at.app = (more, options) => { at.later(2000); return at.pass({ ...inputs, ...more }, options); };
  at.github.close(at.repo, at.addIssue({ title: 'Closed' }).number);
  await at.web();
  at.later();
  await at.app();
  at.later();
  at.webIssues = () => JSON.stringify(at.github.snapshot(WEB).issues);
  return at;
}

test('Repository renamed is followed', async (t) => {
  const at = await shared(t);
  at.rename('Repository', 'Repo');
  const before = [JSON.stringify(at.both()), at.webIssues()];
  for (const pass of [at.app, at.web]) assert.deepEqual(changes(at, await pass({ mode: 'full' })), []);
  assert.deepEqual([JSON.stringify(at.both()), at.webIssues()], before);
});

test('Repository deleted, or made again empty: nothing is done before somebody says what counts', async (t) => {
  const at = await shared(t);
  at.remove('Repository');
  await refused(at, { mode: 'full' }, /"Repository" .*gone.*repository = NAME/);
  await refused(at, { mode: 'full', setup: 'all' }, /"Repository" .*gone/);
  await refused(at, { mode: 'full', dry_run: 'true' }, /"Repository" .*gone/);
  const check = await at.sync({}, { args: ['check'] });
  assert.equal(check.code, 2);
  assert.match(check.stdout, /"Repository" .*gone/);
  at.add('Repository', { select: [] });
  await refused(at, { mode: 'full' }, /"Repository" .*gone/);
  const before = [JSON.stringify(at.issues()), at.webIssues()];
  const inputs = { property_map: ['repository = Repository'] };
  await at.app(inputs);
  await at.web(inputs);
  assert.deepEqual([JSON.stringify(at.issues()), at.webIssues()], before, 'rows are told apart by GitHub URL until they are filled in');
  assert.deepEqual(at.values().map((row) => row.Repository).sort(), ['acme/app', 'acme/app', WEB, WEB, WEB]);
  await at.app({ property_map: ['repository ='] });
});

test('a column that was named by property_map, deleted and made again empty, is no new word', async (t) => {
  const inputs = { property_map: ['repository = Repository'] };
  const at = await shared(t, inputs);
  at.remove('Repository');
  at.add('Repository', { select: [] });
  await refused(at, { ...inputs, mode: 'full' }, /"Repository" .*gone/);
});

test('a repository that forgot property_map does not take rows whose GitHub URL names another', async (t) => {
  const at = await story(t, { properties: { Repo: { select: [] } } });
  at.github.addRepo({ owner: 'acme', name: 'web', private: true });
  for (const title of ['Web one', 'Web two']) at.github.addIssue(WEB, { title });
  await at.pass({ property_map: ['repository = Repo'] }, { repository: WEB });
  at.addIssue({ title: 'App one' });
  at.later();
  const web = JSON.stringify(at.github.snapshot(WEB).issues);
  await at.pass();
  at.later();
  await at.pass({ mode: 'full' });
  assert.deepEqual(at.rows().map((row) => [row['GitHub ID'], row.Name]).sort(), [[1, 'App one'], [1, 'Web one'], [2, 'Web two']]);
  assert.equal(JSON.stringify(at.github.snapshot(WEB).issues), web);
  assert.deepEqual(at.issues().map((issue) => issue.title), ['App one']);
});

test('a row whose GitHub URL names another repository is foreign, whatever Repository says', async (t) => {
  const at = await shared(t);
  at.addPage({ Name: 'Theirs', Repository: 'acme/app', 'GitHub URL': `https://github.com/${WEB}/issues/77` });
  at.addPage({ Name: 'Theirs too', Repository: 'acme/app', 'GitHub ID': 2, 'GitHub URL': `https://github.com/${WEB}/issues/2` });
  const before = JSON.stringify(at.issues());
  assert.deepEqual(changes(at, await at.app()), []);
  assert.equal(JSON.stringify(at.issues()), before);
});

test('a row whose GitHub URL names this repository by an earlier name belongs to it', async (t) => {
  const at = await linked(t);
  at.github.deleteRef(at.repo, at.stateRef);
  at.github.renameRepo(at.repo, 'app-two');
  at.repo = 'acme/app-two';
  await at.pass();
  assert.deepEqual(at.rows().map((row) => [row['GitHub ID'], row.Name]).sort(), [[1, 'One'], [2, 'Two']]);
  assert.match(at.row(1)['GitHub URL'], /acme\/app-two/);
});

test('GitHub ID deleted while a pass reads: what it cannot see ends no link', async (t) => {
  for (const pattern of [/\/query$/, /\/v1\/pages\/[0-9a-f-]{36}$/]) {
    const at = await linked(t);
    at.notion.editPage(at.page(1), { Name: 'Uno' });
    let acted = false;
    const off = at.sandbox.on(({ phase, request }) => {
      if (acted || phase !== 'before' || request.service !== 'notion' || !pattern.test(request.path)) return;
      acted = true;
      at.remove('GitHub ID');
    });
    await at.sync({ mode: 'full' });
    off();
    assert.ok(acted);
    at.later(15 * 60000);
    await at.pass({ mode: 'full' });
    assert.deepEqual(at.values().map((row) => [row['GitHub ID'], row.Name]).sort(), [[1, 'Uno'], [2, 'Two']]);
    assert.deepEqual(at.issues().map((issue) => issue.comments.length), [1, 1]);
  }
});
