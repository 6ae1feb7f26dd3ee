// Several repositories in one database, and several databases for one repository.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { combinations } from './cases.mjs';
import { changes, isRead, story } from './sync-story.mjs';

const WEB = 'acme/web';
const MINUTES = 60000;

// Two programs in one millisecond would write too fast together.
function spaced(at) {
  const { pass, sync } = at;
  at.pass = (...args) => { at.later(2000); return pass(...args); };
  at.sync = (...args) => { at.later(2000); return sync(...args); };
  return at;
}

// One database for acme/app and acme/web, whose issues have the same numbers.
async function shared(t, type = 'select') {
  const at = spaced(await story(t, { properties: { Repository: type } }));
  at.github.addRepo({ owner: 'acme', name: 'web', private: true });
  at.web = {
    pass: (inputs, options) => at.pass(inputs, { repository: WEB, ...options }),
    sync: (inputs, options) => at.sync(inputs, { repository: WEB, ...options }),
    issues: () => at.github.snapshot(WEB).issues,
    issue: (number) => at.github.snapshot(WEB).issues.find((issue) => issue.number === number),
    addIssue: (fields) => at.github.addIssue(WEB, fields),
  };
  at.of = (repository) => at.rows().filter((row) => row.Repository === repository)
    .map((row) => [row['GitHub ID'], row.Name]).sort(([a], [b]) => a - b);
  at.rowOf = (repository, number) => at.found().find((row) => !row.trashed && row.values.Repository === repository && row.values['GitHub ID'] === number);
  return at;
}

async function settleBoth(at) {
  const before = JSON.stringify([at.rows(), at.issues(), at.web.issues()]);
  for (const pass of [at.pass, at.web.pass]) {
    at.later();
    assert.deepEqual(changes(at, await pass()), [], 'everything is in sync');
  }
  assert.equal(JSON.stringify([at.rows(), at.issues(), at.web.issues()]), before);
}

for (const type of ['select', 'rich_text']) {
  test(`two repositories with the same numbers share a database (${type})`, async (t) => {
    const at = await shared(t, type);
    at.addIssue({ title: 'App one', labels: ['bug'] });
    at.addIssue({ title: 'App two' });
    at.web.addIssue({ title: 'Web one' });
    at.web.addIssue({ title: 'Web two' });
    const first = await at.pass();
    for (const { body } of first.requests.filter(({ method, path }) => method === 'POST' && path === '/v1/pages')) {
      assert.match(JSON.stringify(body.properties), /acme\/app/, 'the creating request names the repository');
    }
    await at.web.pass();
    assert.deepEqual(at.of('acme/app'), [[1, 'App one'], [2, 'App two']]);
    assert.deepEqual(at.of(WEB), [[1, 'Web one'], [2, 'Web two']]);
    await settleBoth(at);

    at.later();
    at.notion.editPage(at.rowOf(WEB, 1).id, { Name: 'Web first', Status: 'Done' });
    at.github.editIssue(at.repo, 1, { title: 'App first' });
    await at.pass();
    await at.web.pass();
    assert.deepEqual([at.issue(1).title, at.issue(1).state], ['App first', 'open']);
    assert.deepEqual([at.web.issue(1).title, at.web.issue(1).state], ['Web first', 'closed']);
    assert.deepEqual([at.of('acme/app')[0], at.of(WEB)[0]], [[1, 'App first'], [1, 'Web first']]);
    await settleBoth(at);
  });
}

test('rows of another repository are not listed: the queries name ours', async (t) => {
  const at = await shared(t);
  for (let i = 0; i < 5; i += 1) at.web.addIssue({ title: `Web ${i}` });
  at.addIssue({ title: 'App' });
  await at.web.pass();
  await at.pass();
  const run = await at.pass({ mode: 'full' });
  const listings = run.requests.filter(({ path }) => path.endsWith('/query'));
  assert.ok(listings.length > 0);
  for (const { body } of listings) assert.match(JSON.stringify(body.filter), /"equals":"acme\/app"/);
  assert.doesNotMatch(run.reportText, /Web \d/);
});

test('a new row belongs to the repository that it names, or to the first that comes', async (t) => {
  const at = await shared(t);
  at.addPage({ Name: 'For the web', Repository: WEB });
  at.addPage({ Name: 'For anybody' });
  await at.pass();
  assert.deepEqual(at.issues().map((issue) => issue.title), ['For anybody']);
  await at.web.pass();
  assert.deepEqual(at.web.issues().map((issue) => issue.title), ['For the web']);
  assert.deepEqual([at.of('acme/app'), at.of(WEB)], [[[1, 'For anybody']], [[1, 'For the web']]]);
  await settleBoth(at);
});

test('deletions of one repository are nothing to the other', async (t) => {
  const at = await shared(t);
  at.addIssue({ title: 'App' });
  at.web.addIssue({ title: 'Web' });
  await at.pass();
  await at.web.pass();
  const [app, web] = [at.rowOf('acme/app', 1).id, at.rowOf(WEB, 1).id];
  at.notion.trashPage(app);
  at.later();
  for (const pass of [at.web.pass, at.pass]) await pass({ mode: 'full', on_page_deleted: 'close' });
  assert.deepEqual([at.issue(1).state, at.web.issue(1).state], ['closed', 'open']);
  at.github.deleteIssue(at.repo, 1);
  at.later();
  for (const pass of [at.pass, at.web.pass]) await pass({ mode: 'full', on_issue_deleted: 'trash' });
  assert.equal(at.found().find((row) => row.id === web).trashed, false);
});

test('a row that a person gives to another repository leaves its issue, with a comment, and is linked there', async (t) => {
  const at = await shared(t);
  at.addIssue({ title: 'App' });
  at.web.addIssue({ title: 'Web' });
  await at.pass();
  const page = at.page(1);
  at.later();
  at.notion.editPage(page, { Repository: WEB });
  const run = await at.pass();
  assert.match(at.comments(1).at(-1), /given to another repository/);
  assert.deepEqual(changes(at, run).filter(([verb]) => /page/.test(verb)), []);
  await at.web.pass();
  assert.equal(at.rowOf(WEB, 1).id, page);
  await settleBoth(at);
});

test('a repository that was renamed keeps its pages, and they get its new name', async (t) => {
  const at = await shared(t);
  at.addIssue({ title: 'One' });
  at.addIssue({ title: 'Two' });
  await at.pass();
  const pages = [at.page(1), at.page(2)];
  at.later();
  at.github.renameRepo(at.repo, 'application');
  const run = await at.pass({}, { repository: 'acme/application' });
  assert.deepEqual([1, 2].map((number) => at.rowOf('acme/application', number).id), pages);
  assert.equal(run.outputs.comments_created, '0');
  at.later();
  assert.deepEqual(changes(at, await at.pass({}, { repository: 'acme/application' })), []);
});

test('a repository that was renamed is written under its new name, whatever the input says', async (t) => {
  const at = spaced(await story(t));
  at.addIssue({ title: 'One' });
  await at.pass();
  at.later();
  at.notion.editPage(at.page(1), { Status: 'Done' });
  at.addPage({ Name: 'Two' });
  at.github.renameRepo(at.repo, 'application');
  const run = await at.pass();
  assert.match(run.stdout, /::notice::acme\/app is now called acme\/application: give that in the input repository/);
  assert.deepEqual(at.github.snapshot('acme/application').issues.map(({ title, state }) => [title, state]), [['One', 'closed'], ['Two', 'open']]);
  at.later();
  assert.deepEqual(changes(at, await at.pass({}, { repository: 'acme/application' })), []);
});

test('a pass that dies at any write leaves each repository with its own', async (t) => {
  const scene = async () => {
    const at = await shared(t);
    at.addIssue({ title: 'App' });
    at.web.addIssue({ title: 'Web' });
    at.addPage({ Name: 'New', Repository: WEB });
    await at.pass();
    return at;
  };
  const whole = await scene();
  const writes = (await whole.web.pass()).requests.map((request, i) => [i + 1, request]).filter(([, request]) => !isRead(request));
  const end = (at) => JSON.stringify([at.of('acme/app'), at.of(WEB), at.web.issues().map(({ title, state }) => [title, state])]);
  for (const [[n], phase] of combinations(writes, ['before', 'after'])) {
    const at = await scene();
    await at.web.sync({}, { killAt: { n, phase } });
    at.later(20 * MINUTES);
    await at.web.pass();
    assert.equal(end(at), end(whole), `killed ${phase} request ${n}`);
    at.later();
    assert.deepEqual(changes(at, await at.web.pass()), []);
  }
});

// --- several databases for one repository ---

async function twoBoards(t) {
  const at = spaced(await story(t));
  const properties = { Name: 'title', Status: { status: { 'To-do': ['Idea'], Complete: ['Shipped'] } }, 'GitHub ID': 'number' };
  const other = at.notion.addDatabase({ title: 'Roadmap', dataSources: [{ name: 'Roadmap', properties }] });
  at.road = {
    id: other.id,
    inputs: { notion_database: other.id },
    rows: () => at.notion.snapshot({ ids: true }).Roadmap.filter((row) => !row.trashed),
    add: (props) => at.notion.addPage(other, props),
    pass: (inputs, options) => at.pass({ notion_database: other.id, ...inputs }, options),
  };
  at.road.names = () => at.road.rows().map(({ values }) => [values['GitHub ID'], values.Name]).sort(([a], [b]) => a - b);
  at.names = () => at.rows().map((row) => [row['GitHub ID'], row.Name]).sort(([a], [b]) => a - b);
  return at;
}

async function settleBoards(at) {
  for (let round = 0; round < 2; round += 1) {
    at.later();
    for (const pass of [at.pass, at.road.pass]) assert.deepEqual(changes(at, await pass()), [], 'everything is in sync');
  }
}

test('two databases show one repository, each with its own state', async (t) => {
  const at = await twoBoards(t);
  at.addIssue({ title: 'One' });
  at.addPage({ Name: 'Two' });
  at.road.add({ Name: 'Three' });
  for (const pass of [at.pass, at.road.pass, at.pass, at.road.pass]) {
    await pass();
    at.later();
  }
  const all = [[1, 'One'], [2, 'Two'], [3, 'Three']];
  assert.deepEqual([at.names(), at.road.names(), at.issues().length], [all, all, 3]);
  for (const id of [at.database.id, at.road.id]) assert.ok(at.github.readRef(at.repo, `refs/notion-sync/${id.replace(/-/g, '')}`));
  for (const number of [1, 2, 3]) assert.equal(at.comments(number).length, 2, 'a link comment each');
  await settleBoards(at);

  at.notion.editPage(at.page(1), { Name: 'First', Status: 'Done' });
  for (const pass of [at.pass, at.road.pass]) await pass();
  const row = at.road.rows().find(({ values }) => values['GitHub ID'] === 1).values;
  assert.deepEqual([row.Name, row.Status], ['First', 'Shipped']);
  at.later();
  await settleBoards(at);
});

test('the link comments of one database say nothing to the other, also if the state was lost', async (t) => {
  const at = await twoBoards(t);
  at.addIssue({ title: 'One' });
  at.addPage({ Name: 'Two' });
  for (const pass of [at.pass, at.road.pass, at.pass]) { await pass(); at.later(); }
  const before = JSON.stringify([at.rows(), at.road.names(), at.issues()]);
  for (const id of [at.database.id, at.road.id]) at.github.deleteRef(at.repo, `refs/notion-sync/${id.replace(/-/g, '')}`);
  for (const pass of [at.pass, at.road.pass, at.road.pass, at.pass]) { assert.deepEqual(changes(at, await pass()), []); at.later(); }
  assert.equal(JSON.stringify([at.rows(), at.road.names(), at.issues()]), before);
});

test('a page removed from one database ends that link alone', async (t) => {
  const at = await twoBoards(t);
  at.addIssue({ title: 'One' });
  for (const pass of [at.pass, at.road.pass]) { await pass(); at.later(); }
  at.notion.trashPage(at.page(1));
  for (const pass of [at.pass, at.road.pass]) { await pass({ mode: 'full' }); at.later(); }
  assert.deepEqual([at.names(), at.road.names(), at.issue(1).state], [[], [[1, 'One']], 'open']);
  await settleBoards(at);
});

test('databases of two integrations that cannot see each other\'s pages', async (t) => {
  const at = await twoBoards(t);
  const mine = at.notion.addToken(null, { name: 'Tasks only', shared: [at.database.id] });
  const theirs = at.notion.addToken(null, { name: 'Roadmap only', shared: [at.road.id] });
  at.addIssue({ title: 'One' });
  at.addPage({ Name: 'Two' });
  const passes = [() => at.pass({ notion_token: mine.value }), () => at.road.pass({ notion_token: theirs.value })];
  for (const pass of [...passes, ...passes]) { await pass(); at.later(); }
  const all = [[1, 'One'], [2, 'Two']];
  assert.deepEqual([at.names(), at.road.names(), at.issues().length], [all, all, 2]);
  for (const pass of passes) assert.deepEqual(changes(at, await pass()), []);
});
