import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, inWords, isRead, perRecord, saves, story } from './sync-story.mjs';

const text = (run) => `${run.stdout}\n${run.stderr}\n${run.summary}`;

// A pass that must end before anything is done on either side.
async function refused(at, inputs, ...words) {
  const before = JSON.stringify([at.both(), at.github.readRef(at.repo, at.stateRef) ?? null]);
  const run = await at.pass(inputs, { code: 2 });
  assert.deepEqual(run.requests.filter((request) => !isRead(request)).map(inWords), []);
  assert.equal(JSON.stringify([at.both(), at.github.readRef(at.repo, at.stateRef) ?? null]), before);
  for (const word of words) assert.match(run.stdout + run.stderr, word);
  assert.equal(run.outputs.changed, 'false');
  return run;
}

// --- GitHub ID ---

test('GitHub ID is made if the database lacks it, once, before anything else', async (t) => {
  const at = await story(t, { properties: { 'GitHub ID': null } });
  const page = at.addPage({ Name: 'One' });
  at.addIssue({ title: 'Two' });
  const run = await at.pass();
  const done = changes(at, run);
  assert.deepEqual(done[0], ['write schema', at.dataSource, { properties: { 'GitHub ID': { number: { format: 'number' } } } }]);
  assert.deepEqual(done.slice(1).filter(([verb]) => verb === 'write schema'), []);
  assert.equal(at.notion.dataSources.get(at.dataSource).schema.find('GitHub ID').type, 'number');
  assert.equal(at.page(2), page);
  assert.equal(at.row(1).Name, 'Two');
  await at.settle();
});

test('GitHub ID is not made if there is nothing to do', async (t) => {
  const at = await story(t, { properties: { 'GitHub ID': null } });
  assert.deepEqual(changes(at, await at.pass()), []);
});

test('setup = none: without GitHub ID nothing is done', async (t) => {
  const at = await story(t, { properties: { 'GitHub ID': null } });
  at.addPage({ Name: 'One' });
  await refused(at, { setup: 'none' }, /no column "GitHub ID": add it as a number/);
  at.notion.addProperty(at.dataSource, 'GitHub ID', 'number');
  await at.pass({ setup: 'none' });
  assert.equal(at.issues().length, 1);
});

test('GitHub ID of another type is refused, both types are named', async (t) => {
  for (const type of ['rich_text', 'unique_id', 'formula']) {
    const at = await story(t, { properties: { 'GitHub ID': type } });
    at.addIssue({ title: 'One' });
    await refused(at, {}, new RegExp(`"GitHub ID" is of type ${type}, but must be a number`));
  }
});

test('if the token may not change the schema, the error says what to do', async (t) => {
  const at = await story(t, { properties: { 'GitHub ID': null } });
  at.addPage({ Name: 'One' });
  at.notion.integration.capabilities.delete('update_content');
  const run = await at.sync();
  assert.notEqual(run.code, 0);
  assert.match(text(run), /GitHub ID/);
  assert.match(text(run), /Update content/i);
  assert.equal(at.issues().length, 0);
});

// --- properties that do not fit ---

test('columns of types that do not fit are all reported in one run, with both types', async (t) => {
  const at = await story(t, { properties: { Labels: 'rich_text', Status: 'number', Type: 'checkbox' } });
  at.addIssue({ title: 'One' });
  await refused(
    at, {},
    /"Labels" is of type rich_text, but labels needs multi_select/,
    /"Status" is of type number, but status needs status select checkbox/,
    /"Type" is of type checkbox, but type needs select/,
  );
  await at.pass({ property_map: ['labels =', 'status =', 'type ='] });
  assert.equal(at.row(1).Name, 'One');
});

test('a property that property_map names but the database lacks is refused, those it has are named', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  await refused(at, { property_map: ['labels = Tags', 'status = Stage'] }, /"Tags" for labels/, /"Stage" for status/, /it has: .*Labels/);
});

test('status_map without a status property is refused', async (t) => {
  const at = await story(t, { properties: { Status: null } });
  await refused(at, { status_map: ['Done = closed'] }, /status_map.*no column for status/);
});

test('columns that the action does not know keep what people wrote there', async (t) => {
  const at = await story(t, { properties: { Notes: 'rich_text', Due: 'date', Priority: { select: ['High', 'Low'] } } });
  const page = at.addPage({ Name: 'One', Notes: 'mine', Priority: 'High' });
  const { Notes, Priority } = at.notion.values(page);
  await at.pass();
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Two' });
  assert.deepEqual(perRecord(at, await at.pass()), { 1: [['write page', { Name: 'Two' }]] });
  assert.deepEqual([at.row(1).Notes, at.row(1).Priority], [Notes, Priority]);
});

// --- how the database is named ---

test('the database by id, without dashes, by URL, by the id of its data source', async (t) => {
  const forms = {
    'with dashes': (at) => at.database.id,
    'without dashes': (at) => at.database.id.replace(/-/g, ''),
    'in capitals': (at) => at.database.id.toUpperCase(),
    'its URL': (at) => at.database.url,
    'the URL of a view': (at) => `https://www.notion.so/acme/Tasks-${at.database.id.replace(/-/g, '')}?v=11111111222233334444555555555555&pvs=4`,
    'the data source': (at) => at.dataSource,
  };
  for (const [name, form] of Object.entries(forms)) {
    const at = await story(t);
    at.addIssue({ title: 'One' });
    const inputs = { notion_database: form(at) };
    await at.pass(inputs);
    assert.equal(at.row(1).Name, 'One', name);
    const used = (name === 'the data source' ? at.dataSource : at.database.id).replace(/-/g, '');
    assert.ok(at.github.readRef(at.repo, `refs/notion-sync/${used}`), name);
    await at.settle(inputs);
  }
});

test('a database with several data sources: they are listed, and each can be chosen', async (t) => {
  const at = await story(t);
  const columns = { Name: 'title', 'GitHub ID': 'number' };
  const { id, dataSources } = at.notion.addDatabase({ title: 'Two', dataSources: ['Bugs', 'Ideas'].map((name) => ({ name, properties: columns })) });
  at.addIssue({ title: 'One' });
  const list = dataSources.map((source) => `${source.name} \\(${source.id}\\)`).join(', ');
  await refused(at, { notion_database: id }, new RegExp(`2 data sources; set notion_database to the id of one of them: ${list}`));
  await at.pass({ notion_database: dataSources[1].id });
  const snapshot = at.notion.snapshot();
  assert.deepEqual([snapshot.Bugs.length, snapshot.Ideas.map((row) => row.values.Name)], [0, ['One']]);
});

test('the id of a page is refused with a word on how to get the database\'s', async (t) => {
  const at = await story(t);
  const page = at.addPage({ Name: 'One' });
  await refused(at, { notion_database: page }, /is no database but a page|not that of a page/);
});

test('a database that is not shared, or not there: the error gives the cure', async (t) => {
  const at = await story(t);
  const secret = at.notion.addToken(null, { name: 'Stranger', shared: [] });
  await refused(at, { notion_token: secret.value }, /not shared with the connection \(integration\): .*Connections/);
  await refused(at, { notion_database: '11111111-2222-3333-4444-555555555555' }, /not shared with the connection \(integration\): .*Connections/);
});

test('a database in the trash is reported, and nothing is taken for deleted', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  at.notion.trashDatabase(at.database.id);
  await refused(at, {}, /in the trash; restore it/);
});

test('a database that is in use for another state_ref has its own state there', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  await at.pass({ state_ref: 'refs/notion-sync/mine' });
  assert.deepEqual(at.github.listRefFiles(at.repo, at.stateRef), []);
  assert.ok(at.github.listRefFiles(at.repo, 'refs/notion-sync/mine').includes('records/0/1.json'));
  await at.settle({ state_ref: 'refs/notion-sync/mine' });
});

test('another database with the state of this one is refused', async (t) => {
  const at = await story(t);
  const other = at.notion.addDatabase({ title: 'Other', dataSources: [{ properties: { Name: 'title', 'GitHub ID': 'number' } }] });
  at.addIssue({ title: 'One' });
  await at.pass({ state_ref: 'refs/notion-sync/mine' });
  at.later();
  const run = await at.pass({ state_ref: 'refs/notion-sync/mine', notion_database: other.id }, { code: 2 });
  assert.deepEqual(changes(at, run).concat(saves(run)), []);
  assert.match(text(run), /belongs to another Notion database/);
});

test('a change of the configuration compares everything once', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'Open' });
  at.addIssue({ title: 'Closed' });
  at.github.close(at.repo, 2);
  await at.pass();
  await at.settle();
  at.later();
  const run = await at.pass({ create_pages: 'all' });
  assert.match(run.report.why_full, /configuration changed/);
  assert.equal(at.row(2).Name, 'Closed');
  await at.settle({ create_pages: 'all' });
});
