import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { APIErrorCode, APIResponseError, Client, collectPaginatedAPI, iteratePaginatedAPI } from '@notionhq/client';
import { Sandbox } from '../sandbox/core.mjs';

const VERSION = '2026-03-11';
const MISSING = '11111111-2222-4333-8444-555555555555';

let sandbox;
let notion;
let client;
let board;

function newClient(auth, more = {}) {
  return new Client({ auth, baseUrl: sandbox.notionUrl, notionVersion: VERSION, retry: false, logger: () => {}, ...more });
}

before(async () => {
  sandbox = await Sandbox.start();
  notion = sandbox.notion;
});

after(() => sandbox.stop());

beforeEach(() => {
  notion.settings.queryLag = 0;
  notion.settings.perMinute = 600;
  notion.settings.queryCap = 10000;
  notion.settings.partialUpdates = true;
  sandbox.clock.advance(120000);
  client = newClient(notion.integration.value);
  board = notion.addDatabase({
    title: 'Tasks',
    dataSources: [{
      name: 'Tasks',
      properties: {
        Name: 'title',
        Status: { status: { 'To-do': ['Not started'], 'In progress': ['In progress', 'Review'], Complete: ['Done', 'Canceled'] } },
        Labels: { multi_select: ['bug'] },
        'GitHub ID': 'number',
        Assignees: 'people',
        Due: 'date',
        Link: 'url',
        Notes: 'rich_text',
        Ready: 'checkbox',
        Kind: { select: ['Issue', 'Pull request'] },
        Edited: 'last_edited_time',
        Key: 'unique_id',
      },
    }],
  });
});

after(() => assert.deepEqual(notion.schemaViolations, []));

const query = (more = {}) => client.dataSources.query({ data_source_id: board.dataSource, ...more });
const titles = (answer) => answer.results.map((page) => page.properties.Name.title.map((it) => it.plain_text).join('')).sort();

async function refused(promise, code, pattern = /./) {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof APIResponseError, `${error}`);
    assert.equal(error.code, code);
    assert.match(error.message, pattern);
    return true;
  });
}

async function raw(method, path, body, headers = {}) {
  const response = await fetch(`${sandbox.notionUrl}/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${notion.integration.value}`, 'notion-version': VERSION, 'content-type': 'application/json', ...headers },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

async function refusedRaw(method, path, body, code = 'validation_error', pattern = /./) {
  const answer = await raw(method, path, body);
  assert.equal(answer.body.code, code, JSON.stringify(answer.body));
  assert.match(answer.body.message, pattern);
  assert.equal(answer.body.object, 'error');
  assert.equal(answer.body.status, answer.status);
  assert.ok(answer.body.request_id);
}

describe('identity and headers', () => {
  it('names the bot', async () => {
    const me = await client.users.me({});
    assert.equal(me.type, 'bot');
    assert.equal(me.id, notion.integration.userId);
    assert.equal(me.bot.owner.type, 'workspace');
  });

  it('lists people but no guests, and finds a guest by id', async () => {
    const guest = notion.addUser({ name: 'Gus Guest', email: 'gus@example.com', guest: true });
    const users = await collectPaginatedAPI(client.users.list, { page_size: 1 });
    assert.ok(users.some((user) => user.name === 'Paula Person' && user.person.email === 'paula@example.com'));
    assert.ok(!users.some((user) => user.id === guest.id));
    assert.equal((await client.users.retrieve({ user_id: guest.id })).name, 'Gus Guest');
    await refused(client.users.retrieve({ user_id: MISSING }), APIErrorCode.ObjectNotFound);
  });

  it('refuses a missing or unknown version, token, address', async () => {
    const headers = { authorization: `Bearer ${notion.integration.value}` };
    const answer = await fetch(`${sandbox.notionUrl}/v1/users/me`, { headers });
    assert.equal((await answer.json()).code, 'missing_version');
    assert.equal((await raw('GET', 'users/me', undefined, { 'notion-version': '2026-99-99' })).body.code, 'validation_error');
    assert.equal((await raw('GET', 'users/me', undefined, { authorization: 'Bearer nobody' })).status, 401);
    assert.equal((await raw('GET', 'users/me', undefined, { authorization: notion.integration.value })).status, 401);
    await refusedRaw('GET', 'nothing', undefined, 'invalid_request_url');
    assert.equal((await raw('GET', `data_sources/${board.dataSource}`, undefined, { 'notion-version': '2022-06-28' })).body.code, 'invalid_request_url');
  });

  it('answers with a date from the clock', async () => {
    const answer = await raw('GET', 'users/me');
    assert.equal(answer.headers.get('date'), new Date(sandbox.clock.now()).toUTCString());
    assert.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8');
  });

  it('keeps capabilities and sharing apart per token', async () => {
    const page = notion.addPage(board, { Name: 'Secret' });
    const other = notion.addDatabase({ title: 'Other', dataSources: [{ properties: { Name: 'title' } }] });
    const narrow = newClient(notion.addToken('ntn_narrow', { name: 'Narrow', shared: [other.id] }).value);
    await narrow.databases.retrieve({ database_id: other.id });
    await refused(narrow.databases.retrieve({ database_id: board.id }), APIErrorCode.ObjectNotFound, /shared with your integration "Narrow"/);
    await refused(narrow.pages.retrieve({ page_id: page }), APIErrorCode.ObjectNotFound);
    const reader = newClient(notion.addToken('ntn_reader', { capabilities: ['read_content'] }).value);
    await reader.pages.retrieve({ page_id: page });
    await refused(reader.pages.update({ page_id: page, properties: {} }), APIErrorCode.RestrictedResource);
    await refused(reader.pages.create({ parent: { data_source_id: board.dataSource }, properties: {} }), APIErrorCode.RestrictedResource);
    await refused(reader.comments.list({ block_id: page }), APIErrorCode.RestrictedResource);
    await refused(reader.users.list({}), APIErrorCode.RestrictedResource);
    await refused(reader.pages.updateMarkdown({ page_id: page, type: 'replace_content', replace_content: { new_str: 'x' } }), APIErrorCode.RestrictedResource);
    const writer = newClient(notion.addToken('ntn_writer', { capabilities: ['insert_content'] }).value);
    const made = await writer.pages.create({ parent: { data_source_id: board.dataSource }, properties: {} });
    assert.deepEqual(Object.keys(made).sort(), ['id', 'object', 'request_id']);
  });
});

describe('databases and data sources', () => {
  it('shows a container of data sources', async () => {
    const database = await client.databases.retrieve({ database_id: board.id.replace(/-/g, '') });
    assert.deepEqual(database.data_sources, [{ id: board.dataSource, name: 'Tasks' }]);
    assert.equal(database.properties, undefined);
    const source = await client.dataSources.retrieve({ data_source_id: board.dataSource });
    assert.equal(source.parent.database_id, board.id);
    assert.equal(source.properties.Name.id, 'title');
    const { options, groups } = source.properties.Status.status;
    assert.deepEqual(groups.map((group) => group.name), ['To-do', 'In progress', 'Complete']);
    assert.deepEqual(groups[2].option_ids, options.slice(3).map((option) => option.id));
  });

  it('refuses a database if several data sources make it unclear', async () => {
    const two = notion.addDatabase({ title: 'Two', dataSources: [{ name: 'A', properties: { Name: 'title' } }, { name: 'B', properties: { Name: 'title' } }] });
    await assert.rejects(client.pages.create({ parent: { database_id: two.id }, properties: {} }), (error) => {
      const { additional_data: data } = JSON.parse(error.body);
      assert.equal(data.error_type, 'multiple_data_sources_for_database');
      assert.deepEqual(data.child_data_source_ids, two.dataSources.map((it) => it.id));
      return true;
    });
  });

  it('creates, renames and removes properties', async () => {
    const change = (properties) => client.dataSources.update({ data_source_id: board.dataSource, properties });
    let source = await change({ 'GitHub URL': { url: {} }, Points: { number: { format: 'number' } } });
    assert.equal(source.properties['GitHub URL'].type, 'url');
    const { id } = source.properties.Points;
    source = await change({ Points: { name: 'Size' } });
    assert.equal(source.properties.Size.id, id);
    source = await change({ [id]: { name: 'Weight' } });
    assert.equal(source.properties.Weight.id, id);
    source = await change({ Weight: null });
    assert.equal(source.properties.Weight, undefined);
    await refused(change({ Weight: null }), 'validation_error');
    await refused(change({ Name: { rich_text: {} } }), 'validation_error', /title/);
    await refused(change({ Second: { title: {} } }), 'validation_error', /title/);
    await refused(change({ Kind: { name: 'Status' } }), 'validation_error', /exists/);
    await refused(change({ Odd: { nonsense: {} } }), 'validation_error');
    await refusedRaw('PATCH', `data_sources/${board.dataSource}`, { archived: true });
  });

  it('replaces options, drops values of removed ones, does not rename', async () => {
    const page = notion.addPage(board, { Name: 'x', Kind: 'Issue', Labels: ['bug', 'old'] });
    const source = await client.dataSources.retrieve({ data_source_id: board.dataSource });
    const bug = source.properties.Labels.multi_select.options.find((option) => option.name === 'bug');
    const answer = await client.dataSources.update({
      data_source_id: board.dataSource,
      properties: { Labels: { multi_select: { options: [{ id: bug.id, name: 'defect' }, { name: 'new', color: 'red' }] } } },
    });
    assert.deepEqual(answer.properties.Labels.multi_select.options.map((option) => option.name), ['bug', 'new']);
    assert.deepEqual(notion.values(page).Labels, ['bug']);
    const options = (names) => client.dataSources.update({ data_source_id: board.dataSource, properties: { Kind: { select: { options: names.map((name) => ({ name })) } } } });
    await refused(options(['a,b']), 'validation_error', /commas/);
    await refused(options(['a', 'A']), 'validation_error', /unique/);
  });

  it('adds status options to the To-do group, or not at all', async () => {
    const source = await client.dataSources.retrieve({ data_source_id: board.dataSource });
    const options = [...source.properties.Status.status.options.map(({ id, name }) => ({ id, name })), { name: 'Blocked' }];
    const change = () => client.dataSources.update({ data_source_id: board.dataSource, properties: { Status: { status: { options } } } });
    const { status } = (await change()).properties.Status;
    const added = status.options.find((option) => option.name === 'Blocked');
    assert.ok(status.groups[0].option_ids.includes(added.id));
    notion.settings.statusOptionsWritable = false;
    await refused(change(), 'validation_error');
    notion.settings.statusOptionsWritable = true;
  });
});

describe('query', () => {
  beforeEach(() => {
    notion.addPage(board, { Name: 'Alpha', 'GitHub ID': 1, Status: 'Done', Labels: ['bug', 'ui'], Ready: true, Due: '2026-05-01' });
    notion.addPage(board, { Name: 'Beta', 'GitHub ID': 2, Status: 'Review', Kind: 'Issue', Link: 'https://example.com/b' });
    notion.addPage(board, { Name: 'Gamma', Notes: 'some text', Assignees: ['Paula Person'] });
  });

  const FILTERS = [
    ['number', { property: 'GitHub ID', number: { equals: 2 } }, ['Beta']],
    ['number range', { property: 'GitHub ID', number: { less_than_or_equal_to: 1 } }, ['Alpha']],
    ['number empty', { property: 'GitHub ID', number: { is_empty: true } }, ['Gamma']],
    ['status', { property: 'Status', status: { equals: 'Done' } }, ['Alpha']],
    ['status list', { property: 'Status', status: { equals: ['Done', 'Review'] } }, ['Alpha', 'Beta']],
    ['select', { property: 'Kind', select: { does_not_equal: 'Issue' } }, ['Alpha', 'Gamma']],
    ['multi_select', { property: 'Labels', multi_select: { contains: 'ui' } }, ['Alpha']],
    ['title', { property: 'Name', title: { starts_with: 'al' } }, ['Alpha']],
    ['title id', { property: 'title', title: { ends_with: 'ta' } }, ['Beta']],
    ['rich_text', { property: 'Notes', rich_text: { contains: 'TEXT' } }, ['Gamma']],
    ['url', { property: 'Link', url: { is_not_empty: true } }, ['Beta']],
    ['checkbox', { property: 'Ready', checkbox: { equals: true } }, ['Alpha']],
    ['date', { property: 'Due', date: { on_or_after: '2026-05-01' } }, ['Alpha']],
    ['date before', { property: 'Due', date: { before: '2026-05-01' } }, []],
    ['unique_id', { property: 'Key', unique_id: { greater_than: 2 } }, ['Gamma']],
    ['or', { or: [{ property: 'GitHub ID', number: { equals: 1 } }, { property: 'GitHub ID', number: { equals: 2 } }] }, ['Alpha', 'Beta']],
    ['two levels', { and: [{ property: 'Ready', checkbox: { equals: false } }, { or: [{ property: 'Name', title: { equals: 'Beta' } }, { property: 'Name', title: { equals: 'Alpha' } }] }] }, ['Beta']],
  ];
  for (const [name, filter, expected] of FILTERS) {
    it(`filters by ${name}`, async () => assert.deepEqual(titles(await query({ filter })), expected));
  }

  it('filters by people, and "me" is nobody', async () => {
    const filter = (contains) => ({ property: 'Assignees', people: { contains } });
    assert.deepEqual(titles(await query({ filter: filter(notion.person.id) })), ['Gamma']);
    assert.deepEqual(titles(await query({ filter: filter('me') })), []);
  });

  it('filters by time with the precision of milliseconds over floored minutes', async () => {
    const minute = Math.floor(sandbox.clock.now() / 60000) * 60000;
    const filter = (ms) => ({ timestamp: 'last_edited_time', last_edited_time: { on_or_after: new Date(ms).toISOString() } });
    assert.equal((await query({ filter: filter(minute) })).results.length, 3);
    assert.equal((await query({ filter: filter(minute + 1) })).results.length, 0);
    const created = { timestamp: 'created_time', created_time: { past_week: {} } };
    assert.equal((await query({ filter: created })).results.length, 3);
  });

  it('refuses filters that do not fit', async () => {
    const leaf = { property: 'Ready', checkbox: { equals: true } };
    for (const filter of [
      { and: [{ or: [{ and: [leaf] }] }] },
      { property: 'Nothing', number: { equals: 1 } },
      { property: 'Name', number: { equals: 1 } },
      { property: 'GitHub ID', number: { equals: '1' } },
      { property: 'GitHub ID', number: { contains: 1 } },
      { property: 'Status', status: { equals: 'Nowhere' } },
      { or: Array.from({ length: 101 }, () => leaf) },
      { timestamp: 'last_edited_time', last_edited_time: { on_or_after: 'yesterday' } },
      {},
    ]) await refusedRaw('POST', `data_sources/${board.dataSource}/query`, { filter });
    await refusedRaw('POST', `data_sources/${board.dataSource}/query`, { page_size: 101 });
    await refusedRaw('POST', `data_sources/${board.dataSource}/query`, { in_trash: true });
    await refusedRaw('POST', `data_sources/${board.dataSource}/query`, { start_cursor: 'nonsense' });
    await refusedRaw('POST', `data_sources/${board.dataSource}/query?filter_properties[]=Nothing`, {});
    await refusedRaw('POST', `data_sources/${MISSING}/query`, {}, 'object_not_found');
    await refusedRaw('POST', 'data_sources/nonsense/query', {});
  });

  it('sorts by property and by time', async () => {
    const order = async (sort) => (await query({ sorts: [sort] })).results.map((page) => page.properties['GitHub ID'].number);
    assert.deepEqual(await order({ property: 'GitHub ID', direction: 'descending' }), [2, 1, null]);
    assert.deepEqual(await order({ property: 'Name', direction: 'ascending' }), [1, 2, null]);
    sandbox.clock.advance(60000);
    notion.addPage(board, { Name: 'Later', 'GitHub ID': 9 });
    assert.equal((await order({ timestamp: 'created_time', direction: 'descending' }))[0], 9);
  });

  it('pages with opaque cursors and shows chosen properties only', async () => {
    for (let i = 0; i < 250; i += 1) notion.addPage(board, { Name: `Row ${i}` });
    sandbox.clearRequests();
    const seen = new Set();
    for await (const page of iteratePaginatedAPI(client.dataSources.query, { data_source_id: board.dataSource, filter_properties: ['GitHub ID'] })) {
      seen.add(page.id);
      assert.deepEqual(Object.keys(page.properties), ['GitHub ID']);
    }
    assert.equal(seen.size, 253);
    assert.equal(sandbox.requests.length, 3);
    const { id } = (await client.dataSources.retrieve({ data_source_id: board.dataSource })).properties.Kind;
    const made = await raw('POST', `pages?filter_properties=${id}`, { parent: { data_source_id: board.dataSource }, properties: {} });
    assert.deepEqual(Object.keys(made.body.properties), ['Kind']);
    const changed = await raw('PATCH', `pages/${made.body.id}?filter_properties=${id}&filter_properties=title`, { properties: {} });
    assert.equal(Object.keys(changed.body.properties).length, 2);
    const byId = await raw('POST', `data_sources/${board.dataSource}/query?filter_properties[]=${id}`, { page_size: 1 });
    assert.deepEqual(Object.keys(byId.body.results[0].properties), ['Kind']);
    assert.equal(byId.body.results[0].properties.Kind.id, id);
  });

  it('ends at the cap and says so', async () => {
    notion.settings.queryCap = 2;
    const first = await query({ page_size: 1 });
    assert.equal(first.has_more, true);
    assert.notEqual(first.request_status?.type, 'incomplete');
    await refusedRaw('POST', `data_sources/${board.dataSource}/query`, { start_cursor: first.next_cursor, sorts: [{ timestamp: 'created_time', direction: 'descending' }] });
    const second = await query({ page_size: 1, start_cursor: first.next_cursor });
    assert.equal(second.has_more, false);
    assert.equal(second.next_cursor, null);
    assert.deepEqual(second.request_status, { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' });
  });

  it('lags behind changes if asked to', async () => {
    notion.settings.queryLag = 30000;
    const page = notion.addPage(board, { Name: 'Fresh', 'GitHub ID': 77 });
    const filter = { property: 'GitHub ID', number: { equals: 77 } };
    assert.equal((await query({ filter })).results.length, 0);
    assert.equal((await client.pages.retrieve({ page_id: page })).properties['GitHub ID'].number, 77);
    sandbox.clock.advance(30000);
    assert.equal((await query({ filter })).results.length, 1);
    notion.editPage(page, { 'GitHub ID': 78 });
    assert.equal((await query({ filter })).results[0].properties['GitHub ID'].number, 77);
    sandbox.clock.advance(30000);
    assert.equal((await query({ filter })).results.length, 0);
  });

  it('shows every change at once if it does not lag', async () => {
    const filter = { property: 'GitHub ID', number: { is_empty: true } };
    assert.deepEqual(titles(await query({ filter })), ['Gamma']);
    const page = notion.addPage(board, { Name: 'Delta' });
    assert.deepEqual(titles(await query({ filter })), ['Delta', 'Gamma']);
    notion.editPage(page, { 'GitHub ID': 4 });
    assert.deepEqual(titles(await query({ filter })), ['Gamma']);
    notion.removeProperty(board, 'Kind');
    notion.renameProperty(board, 'Link', 'Address');
    const [row] = (await query({ filter })).results;
    assert.ok(!('Kind' in row.properties) && 'Address' in row.properties);
  });

  it('leaves out trashed and archived rows', async () => {
    const [page] = (await query({ filter: { property: 'Name', title: { equals: 'Alpha' } } })).results;
    notion.trashPage(page.id);
    assert.deepEqual(titles(await query()), ['Beta', 'Gamma']);
    notion.restorePage(page.id);
    notion.archivePage(page.id);
    assert.deepEqual(titles(await query()), ['Beta', 'Gamma']);
    const archived = await raw('POST', `data_sources/${board.dataSource}/query`, { is_archived: true });
    assert.deepEqual(titles(archived.body), ['Alpha']);
  });

  it('search lags and matches titles', async () => {
    notion.addPage(board, { Name: 'Needle in hay' });
    assert.equal((await client.search({ query: 'needle' })).results.length, 0);
    sandbox.clock.advance(60000);
    assert.equal((await client.search({ query: 'needle', filter: { property: 'object', value: 'page' } })).results.length, 1);
    assert.ok((await client.search({ query: 'Tasks', filter: { property: 'object', value: 'data_source' } })).results.length > 0);
  });
});

describe('pages', () => {
  const create = (properties, more = {}) => client.pages.create({ parent: { data_source_id: board.dataSource }, properties, ...more });
  const title = (content) => ({ Name: { title: [{ text: { content } }] } });

  it('creates with every writable type and answers what it stored', async () => {
    const page = await create({
      ...title('Hello, World!'),
      Status: { status: { name: 'done' } },
      Labels: { multi_select: [{ name: 'BUG' }, { name: 'fresh' }] },
      'GitHub ID': { number: 42 },
      Assignees: { people: [{ object: 'user', id: notion.person.id }] },
      Due: { date: { start: '2026-05-01' } },
      Link: { url: 'https://example.com' },
      Notes: { rich_text: [{ text: { content: 'bold', link: { url: 'https://example.com' } }, annotations: { bold: true } }] },
      Ready: { checkbox: true },
      Kind: { select: { name: 'Task' } },
    });
    assert.match(page.url, new RegExp(`^https://app\\.notion\\.com/p/Hello-World-${page.id.replace(/-/g, '')}$`));
    assert.deepEqual(page.parent, { type: 'data_source_id', data_source_id: board.dataSource, database_id: board.id });
    assert.equal(page.created_time, new Date(Math.floor(sandbox.clock.now() / 60000) * 60000).toISOString());
    assert.equal(page.last_edited_by.id, notion.integration.userId);
    assert.equal(page.properties.Status.status.name, 'Done');
    assert.deepEqual(page.properties.Labels.multi_select.map((option) => option.name), ['bug', 'fresh']);
    assert.equal(page.properties.Kind.select.name, 'Task');
    assert.equal(page.properties.Notes.rich_text[0].href, 'https://example.com');
    assert.equal(page.properties.Assignees.people[0].person.email, 'paula@example.com');
    assert.equal(page.properties.Key.unique_id.number, 1);
    const source = await client.dataSources.retrieve({ data_source_id: board.dataSource });
    assert.ok(source.properties.Labels.multi_select.options.some((option) => option.name === 'fresh'));
  });

  it('clears with null and empty lists, and a status falls back', async () => {
    const page = notion.addPage(board, { Name: 'x', Status: 'Done', Labels: ['bug'], 'GitHub ID': 3, Kind: 'Issue', Link: 'https://a.b' });
    const answer = await client.pages.update({
      page_id: page,
      properties: { Status: { status: null }, Labels: { multi_select: [] }, 'GitHub ID': { number: null }, Kind: { select: null }, Link: { url: null } },
    });
    assert.equal(answer.properties.Status.status.name, 'Not started');
    assert.deepEqual(answer.properties.Labels.multi_select, []);
    assert.equal(answer.properties['GitHub ID'].number, null);
    assert.equal(answer.properties.Kind.select, null);
    assert.equal(answer.properties.Link.url, null);
  });

  it('takes property ids, also in the form in which they are answered', async () => {
    const page = notion.addPage(board, { Name: 'x' });
    const { properties } = await client.pages.retrieve({ page_id: page });
    const { id } = properties['GitHub ID'];
    await client.pages.update({ page_id: page, properties: { [id]: { number: 8 } } });
    await client.pages.update({ page_id: page, properties: { [decodeURIComponent(properties.Kind.id)]: { select: { name: 'Issue' } } } });
    assert.equal(notion.values(page)['GitHub ID'], 8);
    assert.equal(notion.values(page).Kind, 'Issue');
    assert.equal((await raw('GET', `pages/${page}/properties/${id}`)).body.number, 8);
  });

  const LONG = 'x'.repeat(2001);
  const BAD = [
    ['unknown property', { Nothing: { number: 1 } }],
    ['wrong type', { 'GitHub ID': { rich_text: [] } }],
    ['number as text', { 'GitHub ID': { number: '5' } }],
    ['two types', { 'GitHub ID': { number: 5, url: 'x' } }],
    ['empty url', { Link: { url: '' } }],
    ['comma in option', { Labels: { multi_select: [{ name: 'a,b' }] } }],
    ['long option', { Labels: { multi_select: [{ name: 'x'.repeat(101) }] } }],
    ['101 options', { Labels: { multi_select: Array.from({ length: 101 }, (_, i) => ({ name: `l${i}` })) } }],
    ['unknown status', { Status: { status: { name: 'Nowhere' } } }],
    ['long text', { Notes: { rich_text: [{ text: { content: LONG } }] } }],
    ['101 texts', { Notes: { rich_text: Array.from({ length: 101 }, () => ({ text: { content: 'x' } })) } }],
    ['text as string', { Notes: { rich_text: 'x' } }],
    ['unknown key in text', { Notes: { rich_text: [{ text: { content: 'x', bold: true } }] } }],
    ['unknown person', { Assignees: { people: [{ id: MISSING }] } }, 'object_not_found'],
    ['bad date', { Due: { date: { start: '5 May' } } }],
    ['checkbox as text', { Ready: { checkbox: 'true' } }],
    ['read-only', { Edited: { last_edited_time: '2026-01-01T00:00:00Z' } }],
  ];
  for (const [name, properties, code] of BAD) {
    it(`refuses ${name}, and changes nothing`, async () => {
      const page = notion.addPage(board, { Name: 'x', 'GitHub ID': 1 });
      const shot = notion.snapshot();
      await refusedRaw('PATCH', `pages/${page}`, { properties: { ...title('changed'), ...properties } }, code);
      await refusedRaw('POST', 'pages', { parent: { data_source_id: board.dataSource }, properties }, code);
      assert.deepEqual(notion.snapshot(), shot);
    });
  }

  it('refuses unknown keys, missing parents, large payloads and broken JSON', async () => {
    const page = notion.addPage(board, { Name: 'x' });
    const parent = { data_source_id: board.dataSource };
    await refusedRaw('PATCH', `pages/${page}`, { archived: true });
    await refusedRaw('POST', 'pages', { properties: {} });
    await refusedRaw('POST', 'pages', { parent: { ...parent, page_id: page }, properties: {} });
    await refusedRaw('POST', 'pages', { parent: { workspace: true }, properties: {} });
    await refusedRaw('POST', 'pages', { parent, properties: {}, markdown: 'x', children: [] });
    await refusedRaw('POST', 'pages', { parent, properties: {}, markdown_version: 'v2' });
    await refusedRaw('POST', 'pages', { parent, properties: {}, title: 'x' });
    await refusedRaw('POST', 'pages', { parent, properties: {}, markdown: 'x '.repeat(260000) });
    await refusedRaw('POST', 'pages', '{"parent":', 'invalid_json');
    await refusedRaw('PATCH', `pages/${MISSING}`, { properties: {} }, 'object_not_found');
    const plain = await raw('PATCH', `pages/${page}`, '{"properties":{}}', { 'content-type': 'text/plain' });
    assert.equal(plain.body.code, 'validation_error');
  });

  it('trashes and restores, and refuses edits in between', async () => {
    const page = notion.addPage(board, { Name: 'x' });
    assert.equal((await client.pages.update({ page_id: page, in_trash: true })).in_trash, true);
    assert.equal((await client.pages.retrieve({ page_id: page })).in_trash, true);
    await refused(client.pages.update({ page_id: page, properties: title('y') }), 'validation_error', /archived/);
    await refused(client.pages.updateMarkdown({ page_id: page, type: 'replace_content', replace_content: { new_str: 'x' } }), 'validation_error', /archived/);
    await refused(client.comments.create({ parent: { page_id: page }, rich_text: [{ text: { content: 'x' } }] }), 'validation_error', /archived/);
    assert.equal((await client.pages.update({ page_id: page, in_trash: false })).in_trash, false);
    await client.pages.update({ page_id: page, properties: title('y') });
  });

  it('moves between data sources', async () => {
    const other = notion.addDatabase({ title: 'Elsewhere', dataSources: [{ properties: { Title: 'title', 'GitHub ID': 'number' } }] });
    const page = notion.addPage(board, { Name: 'Mover', 'GitHub ID': 4, Kind: 'Issue' });
    const moved = await client.pages.move({ page_id: page, parent: { type: 'data_source_id', data_source_id: other.dataSource } });
    assert.equal(moved.parent.data_source_id, other.dataSource);
    assert.deepEqual(notion.values(page), { Title: 'Mover', 'GitHub ID': 4 });
    assert.deepEqual(titles(await query()), []);
  });

  it('cuts relations and people at 25 and has the rest in the property item', async () => {
    const { id } = (await client.dataSources.update({
      data_source_id: board.dataSource,
      properties: { Related: { relation: { data_source_id: board.dataSource, type: 'single_property', single_property: {} } } },
    })).properties.Related;
    const targets = Array.from({ length: 40 }, (_, i) => notion.addPage(board, { Name: `t${i}` }));
    const people = Array.from({ length: 30 }, (_, i) => notion.addUser({ name: `U${i}`, email: `u${i}@example.com` }).id);
    const page = notion.addPage(board, { Name: 'x', Related: targets, Assignees: people });
    const { properties } = await client.pages.retrieve({ page_id: page });
    assert.equal(properties.Related.relation.length, 25);
    assert.equal(properties.Related.has_more, true);
    assert.equal(properties.Assignees.people.length, 25);
    const all = await collectPaginatedAPI(client.pages.properties.retrieve, { page_id: page, property_id: id, page_size: 15 });
    assert.deepEqual(all.map((item) => item.relation.id), targets);
    const item = await client.pages.properties.retrieve({ page_id: page, property_id: 'title' });
    assert.equal(item.results[0].title.plain_text, 'x');
    assert.equal(item.property_item.id, 'title');
  });

  it('floors times to the minute', async () => {
    const page = notion.addPage(board, { Name: 'x' });
    const start = (await client.pages.retrieve({ page_id: page })).last_edited_time;
    sandbox.clock.advance(61000);
    notion.editPage(page, { Name: 'y' });
    const edited = await client.pages.retrieve({ page_id: page });
    assert.equal(Date.parse(edited.last_edited_time) - Date.parse(start), 60000);
    assert.equal(edited.last_edited_by.id, notion.person.id);
    assert.equal(edited.created_time, start);
  });

  it('duplicates a row with all its values, as people do', async () => {
    const page = notion.addPage(board, { Name: 'Twin', 'GitHub ID': 6, Labels: ['bug'] }, { markdown: 'body' });
    const copy = notion.duplicatePage(page);
    assert.deepEqual(notion.values(copy), { ...notion.values(page), Name: 'Twin (1)', Key: null });
    assert.equal(notion.markdown(copy), 'body');
    notion.editPage(copy, { Labels: [] });
    assert.deepEqual(notion.values(page).Labels, ['bug']);
    notion.renameOption(board, 'Labels', 'bug', 'defect');
    assert.deepEqual(notion.values(page).Labels, ['defect']);
  });

  it('answers 409 to the second of two writes at once', async () => {
    const page = notion.addPage(board, { Name: 'x' });
    let release;
    const held = new Promise((resolve) => { release = resolve; });
    let arrived = 0;
    const off = sandbox.on(async ({ phase }) => {
      if (phase !== 'before') return;
      arrived += 1;
      if (arrived === 1) await held;
      else release();
    });
    const write = (content) => client.pages.update({ page_id: page, properties: title(content) });
    const results = await Promise.allSettled([write('a'), write('b')]);
    off();
    const failed = results.filter((result) => result.status === 'rejected');
    assert.equal(failed.length, 1);
    assert.equal(failed[0].reason.code, 'conflict_error');
    await write('c');
  });
});

describe('comments', () => {
  const say = (parent, content) => client.comments.create({ parent, rich_text: [{ text: { content } }] });

  it('creates, lists, answers, edits and deletes', async () => {
    const page = notion.addPage(board, { Name: 'x' });
    const first = await say({ page_id: page }, 'one');
    assert.equal(first.display_name.type, 'integration');
    await client.comments.create({ discussion_id: first.discussion_id, rich_text: [{ text: { content: 'two' } }] });
    notion.addComment(page, 'three');
    const all = await collectPaginatedAPI(client.comments.list, { block_id: page, page_size: 2 });
    assert.deepEqual(all.map((comment) => comment.rich_text[0].plain_text), ['one', 'two', 'three']);
    assert.equal(all[0].discussion_id, all[1].discussion_id);
    const edited = await raw('PATCH', `comments/${first.id}`, { markdown: '**bold** word' });
    assert.equal(edited.body.rich_text[0].annotations.bold, true);
    assert.equal((await raw('PATCH', `comments/${all[2].id}`, { markdown: 'x' })).status, 403);
    assert.equal((await raw('DELETE', `comments/${first.id}`)).status, 200);
    assert.equal((await raw('GET', `comments/${first.id}`)).status, 404);
    assert.equal((await client.comments.list({ block_id: page })).results.length, 2);
  });

  it('refuses what is unclear', async () => {
    const page = notion.addPage(board, { Name: 'x' });
    const text = [{ text: { content: 'x' } }];
    await refusedRaw('POST', 'comments', { parent: { page_id: page } });
    await refusedRaw('POST', 'comments', { rich_text: text });
    await refusedRaw('POST', 'comments', { parent: { page_id: page }, rich_text: text, markdown: 'x' });
    await refusedRaw('POST', 'comments', { parent: { page_id: page }, discussion_id: MISSING, rich_text: text });
    await refusedRaw('POST', 'comments', { parent: { page_id: MISSING }, rich_text: text }, 'object_not_found');
    await refusedRaw('POST', 'comments', { parent: { page_id: page }, rich_text: text, body: 'x' });
    await refusedRaw('GET', 'comments?block_id=nonsense');
  });
});

describe('Markdown', () => {
  const read = (page) => raw('GET', `pages/${page}/markdown?markdown_version=v2`).then((answer) => answer.body.markdown);
  const patch = (page, body) => raw('PATCH', `pages/${page}/markdown`, { markdown_version: 'v2', ...body });
  const update = (page, ...updates) => patch(page, { type: 'update_content', update_content: { content_updates: updates.map(([old_str, new_str]) => ({ old_str, new_str })) } });
  const replace = (page, new_str, more = {}) => patch(page, { type: 'replace_content', replace_content: { new_str, ...more } });

  it('rewrites what is written, and then keeps it', async () => {
    const page = notion.addPage(board, { Name: 'x' });
    const written = '* one\n* *two*\n\n7. a\n9. b\n\n```ts\nlet x\n```\n\n|a|b|\n|-|:-:|\n|1|2|\n\n\n\ntext <div>x</div>\nsoft\n\n***';
    const answer = (await replace(page, written)).body;
    assert.equal(answer.object, 'page_markdown');
    assert.equal(answer.markdown, '- one\n- _two_\n\n1. a\n2. b\n\n```typescript\nlet x\n```\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\ntext \\<div>x\\</div> soft\n\n---');
    assert.equal(answer.truncated, false);
    assert.deepEqual(answer.unknown_block_ids, []);
    assert.equal((await replace(page, answer.markdown)).body.markdown, answer.markdown);
    assert.equal(await read(page), answer.markdown);
  });

  it('keeps what only tags can say', async () => {
    const page = notion.addPage(board, { Name: 'x' });
    const written = '<todo checked="true" color="blue">done</todo>\n\n<p color="red">text</p>\n\n<toggle heading="h2">\nTitle\n\ninside\n</toggle>';
    assert.equal((await replace(page, written)).body.markdown, written);
    assert.equal((await replace(page, written.replace('>\nTitle', '>Title'))).body.markdown, written);
    const nested = notion.addPage(board, { Name: 'y' }, { markdown: `a\n\n<database url="https://app.notion.com/p/${'1'.repeat(32)}" data-source-url="collection://5">Tasks</database>` });
    assert.match(await read(nested), /<database url="[^"]+" data-source-url="collection:\/\/5">Tasks<\/database>$/);
  });

  it('matches edits exactly and once, and may apply a batch in part', async () => {
    const page = notion.addPage(board, { Name: 'x' }, { markdown: 'alpha\n\nbeta\n\nbeta' });
    assert.equal((await update(page, ['alpha', 'ALPHA'])).body.markdown, 'ALPHA\n\nbeta\n\nbeta');
    for (const [updates, pattern] of [[[['missing', 'x']], /Could not find/], [[['beta', 'x']], /matches 2/], [[['', 'x']], /length/], [[['alpha', 'x']], /Could not find/]]) {
      const answer = await update(page, ...updates);
      assert.equal(answer.body.code, 'validation_error');
      assert.match(answer.body.message, pattern);
    }
    await update(page, ['ALPHA', 'gamma'], ['missing', 'x']);
    assert.equal(await read(page), 'gamma\n\nbeta\n\nbeta');
    notion.settings.partialUpdates = false;
    await update(page, ['gamma', 'delta'], ['missing', 'x']);
    assert.equal(await read(page), 'gamma\n\nbeta\n\nbeta');
    const all = await patch(page, { type: 'update_content', update_content: { content_updates: [{ old_str: 'beta', new_str: 'b', replace_all_matches: true }] } });
    assert.equal(all.body.markdown, 'gamma\n\nb\n\nb');
  });

  it('keeps the ids of blocks that an edit leaves alone', async () => {
    const page = notion.addPage(board, { Name: 'x' }, { markdown: 'one\n\ntwo\n\nthree' });
    const ids = async () => (await client.blocks.children.list({ block_id: page })).results.map((block) => block.id);
    const before = await ids();
    await update(page, ['two', '2\n\n2b']);
    const after = await ids();
    assert.equal(after.length, 4);
    assert.deepEqual([after[0], after[1], after[3]], before);
  });

  it('moves the time of the page with its content, or not', async () => {
    const page = notion.addPage(board, { Name: 'x' }, { markdown: 'a' });
    const edited = async () => Date.parse((await client.pages.retrieve({ page_id: page })).last_edited_time);
    const start = await edited();
    sandbox.clock.advance(60000);
    await update(page, ['a', 'b']);
    assert.equal(await edited(), start + 60000);
    sandbox.clock.advance(60000);
    notion.settings.contentBumpsPage = false;
    await update(page, ['b', 'c']);
    notion.settings.contentBumpsPage = true;
    assert.equal(await edited(), start + 60000);
  });

  it('makes a space of a newline in a paragraph, or keeps it', async () => {
    const page = notion.addPage(board, { Name: 'x' });
    assert.equal((await replace(page, 'a\nb\\\nc')).body.markdown, 'a b\\\nc');
    notion.settings.softBreaks = 'hard';
    assert.equal((await replace(page, 'a\nb')).body.markdown, 'a\\\nb');
    notion.settings.softBreaks = 'space';
  });

  it('does not delete child pages unless asked to', async () => {
    const page = notion.addPage(board, { Name: 'x' }, { markdown: 'text' });
    const child = notion.addPage(null, { title: 'Child' }, { parentPage: page });
    assert.match(await read(page), /^text\n\n<page url="https:\/\/app\.notion\.com\/p\/Child-[0-9a-f]{32}">Child<\/page>$/);
    assert.equal((await replace(page, 'new')).body.code, 'validation_error');
    assert.equal(notion.pages.get(child).inTrash, false);
    assert.equal((await replace(page, `new\n\n${(await read(page)).split('\n\n')[1]}`)).status, 200);
    assert.equal((await replace(page, 'new', { allow_deleting_content: true })).status, 200);
    assert.equal(notion.pages.get(child).inTrash, true);
  });

  it('signs file addresses again in every answer', async () => {
    const page = notion.addPage(board, { Name: 'x' });
    notion.addHostedImage(page);
    const [first, second] = [await read(page), await read(page)];
    assert.notEqual(first, second);
    assert.equal(first.split('?')[0], second.split('?')[0]);
    await replace(page, `kept\n\n${second}`);
    assert.notEqual(await read(page), await read(page));
  });

  it('says what it does not show', async () => {
    const page = notion.addPage(board, { Name: 'x' }, { markdown: 'text' });
    notion.setTruncated(page, [MISSING]);
    const answer = await client.pages.retrieveMarkdown({ page_id: page });
    assert.equal(answer.truncated, true);
    assert.deepEqual(answer.unknown_block_ids, [MISSING]);
  });

  it('takes Markdown at creation, and a heading for the title if there is none', async () => {
    const parent = { data_source_id: board.dataSource };
    const create = (properties) => raw('POST', 'pages', { parent, properties, markdown: '# Head\n\nbody', markdown_version: 'v2' });
    const bare = (await create({})).body;
    assert.equal(bare.properties.Name.title[0].plain_text, 'Head');
    assert.equal(await read(bare.id), 'body');
    const full = (await create({ Name: { title: [{ text: { content: 'Mine' } }] } })).body;
    assert.equal(full.properties.Name.title[0].plain_text, 'Mine');
    assert.equal(await read(full.id), '# Head\n\nbody');
  });

  it('knows two versions and no third', async () => {
    const page = notion.addPage(board, { Name: 'x' }, { markdown: 'a\n\nb' });
    assert.equal((await raw('GET', `pages/${page}/markdown`)).body.markdown, 'a\nb');
    assert.equal((await raw('GET', `pages/${page}/markdown?markdown_version=v2`)).body.markdown, 'a\n\nb');
    assert.equal((await raw('GET', `pages/${page}/markdown?markdown_version=v3`)).body.code, 'validation_error');
    assert.equal((await patch(page, { type: 'replace_content', replace_content: { new_str: 'x' }, markdown_version: 'v9' })).body.code, 'validation_error');
  });

  it('refuses commands that it does not know', async () => {
    const page = notion.addPage(board, { Name: 'x' });
    await refusedRaw('PATCH', `pages/${page}/markdown`, { type: 'nonsense' });
    await refusedRaw('PATCH', `pages/${page}/markdown`, { type: 'replace_content', replace_content: { new_str: 'x' }, other: 1 });
    await refusedRaw('PATCH', `pages/${page}/markdown`, { type: 'replace_content', update_content: {} });
    await refusedRaw('PATCH', `pages/${page}/markdown`, { type: 'insert_content', insert_content: { content: 'x', after: 'y', position: { type: 'end' } } });
  });

  it('may answer with a task', async () => {
    const page = notion.addPage(board, { Name: 'x' });
    notion.settings.asyncTasks = true;
    const answer = await patch(page, { type: 'replace_content', replace_content: { new_str: 'x' }, allow_async: true });
    notion.settings.asyncTasks = false;
    assert.equal(answer.status, 202);
    assert.equal((await raw('GET', `async_tasks/${answer.body.id}`)).body.status, 'running');
    assert.equal((await raw('GET', `async_tasks/${answer.body.id}`)).body.result.markdown, 'x');
  });
});

describe('blocks', () => {
  it('shows Markdown as blocks and takes blocks as Markdown', async () => {
    const page = notion.addPage(board, { Name: 'x' }, { markdown: '# Head\n\ntext **bold**\n\n- [x] done\n\n| a | b |\n| --- | --- |\n| 1 | 2 |' });
    const { results } = await client.blocks.children.list({ block_id: page });
    assert.deepEqual(results.map((block) => block.type), ['heading_1', 'paragraph', 'to_do', 'table']);
    assert.equal(results[1].paragraph.rich_text[1].annotations.bold, true);
    const rows = (await client.blocks.children.list({ block_id: results[3].id })).results;
    assert.equal(rows[1].table_row.cells[1][0].plain_text, '2');
    const added = await client.blocks.children.append({
      block_id: page,
      children: [
        { bulleted_list_item: { rich_text: [{ text: { content: 'item *' } }], children: [{ paragraph: { rich_text: [{ text: { content: 'inner' } }] } }] } },
        { code: { rich_text: [{ text: { content: 'x = 1' } }], language: 'python' } },
      ],
    });
    assert.equal(added.results.length, 2);
    assert.ok(notion.markdown(page).endsWith('- item \\*\n\n  inner\n\n```python\nx = 1\n```'));
    const changed = await client.blocks.update({ block_id: results[1].id, paragraph: { rich_text: [{ text: { content: 'other' } }] } });
    assert.equal(changed.id, results[1].id);
    await client.blocks.delete({ block_id: results[0].id });
    assert.ok(notion.markdown(page).startsWith('other\n\n- [x] done'));
    assert.equal((await client.blocks.retrieve({ block_id: results[2].id })).to_do.checked, true);
  });

  it('refuses too many, too deep, unknown', async () => {
    const page = notion.addPage(board, { Name: 'x' });
    const item = (children) => ({ bulleted_list_item: { rich_text: [], ...(children ? { children } : {}) } });
    await refusedRaw('PATCH', `blocks/${page}/children`, { children: Array.from({ length: 101 }, () => item()) });
    await refusedRaw('PATCH', `blocks/${page}/children`, { children: [item([item([item([item()])])])] });
    await refusedRaw('PATCH', `blocks/${page}/children`, { children: [{ nonsense: {} }] });
    await refusedRaw('PATCH', `blocks/${page}/children`, { children: [item()], after: MISSING });
  });
});

describe('limits and faults', () => {
  it('limits requests in a fixed window and says for how long', async () => {
    notion.settings.perMinute = 3;
    const limited = newClient(notion.addToken().value);
    for (let i = 0; i < 3; i += 1) await limited.users.me({});
    sandbox.clock.advance(20000);
    await assert.rejects(limited.users.me({}), (error) => {
      assert.equal(error.code, APIErrorCode.RateLimited);
      assert.equal(error.headers.get('retry-after'), '40');
      assert.equal(JSON.parse(error.body).additional_data.retry_after, '40');
      return true;
    });
    sandbox.clock.advance(40000);
    await limited.users.me({});
  });

  it('refuses or cuts a request before and after it acts', async () => {
    const page = notion.addPage(board, { Name: 'x' });
    const write = (value) => client.pages.update({ page_id: page, properties: { 'GitHub ID': { number: value } } });
    const value = () => notion.values(page)['GitHub ID'];
    sandbox.fault({ method: 'PATCH', kind: 'status', status: 529 });
    await refused(write(1), 'service_overload');
    assert.equal(value(), null);
    sandbox.fault({ method: 'PATCH', kind: 'cut-before' });
    await assert.rejects(write(2));
    assert.equal(value(), null);
    sandbox.fault({ method: 'PATCH', kind: 'cut-after' });
    await assert.rejects(write(3));
    assert.equal(value(), 3);
    sandbox.fault({ method: 'PATCH', kind: 'status', status: 500, effect: true });
    await refused(write(4), 'internal_server_error');
    assert.equal(value(), 4);
    sandbox.fault(notion.committed503({ method: 'PATCH' }));
    await assert.rejects(write(5), (error) => JSON.parse(error.body).additional_data.committed_resource_id === page);
    assert.equal(value(), 5);
    sandbox.fault({ method: 'PATCH', kind: 'html' });
    await assert.rejects(write(6), (error) => error.status === 502);
    sandbox.fault({ method: 'PATCH', kind: 'truncated' });
    await assert.rejects(write(7), SyntaxError);
    assert.equal(value(), 7);
    sandbox.fault({ method: 'PATCH', kind: 'cut-mid' });
    await assert.rejects(write(8));
    assert.equal(value(), 8);
    assert.deepEqual(sandbox.unusedFaults(), []);
  });

  it('hangs while the clock continues', async () => {
    const page = notion.addPage(board, { Name: 'x' });
    const start = sandbox.clock.now();
    sandbox.fault({ path: `/v1/pages/${page}`, kind: 'hang-after', advance: 5000 });
    const stop = new AbortController();
    const patience = setInterval(() => { if (sandbox.clock.now() !== start) stop.abort(); }, 5);
    await assert.rejects(fetch(`${sandbox.notionUrl}/v1/pages/${page}`, {
      signal: stop.signal, headers: { authorization: `Bearer ${notion.integration.value}`, 'notion-version': VERSION },
    }));
    clearInterval(patience);
    assert.equal(sandbox.clock.now(), start + 5000);
  });

  it('picks the request by number, match and skip, and reports faults that were not reached', async () => {
    const me = () => client.users.me({});
    const { n } = sandbox.requests.at(-1);
    sandbox.fault({ n: n + 2, kind: 'status', status: 500 });
    await me();
    await assert.rejects(me());
    sandbox.fault({ path: /users/, skip: 1, times: 2, kind: 'status', status: 500 });
    await me();
    await assert.rejects(me());
    await assert.rejects(me());
    await me();
    const never = sandbox.fault({ service: 'github', kind: 'cut-before' });
    await me();
    assert.deepEqual(sandbox.unusedFaults(), [never]);
    sandbox.clearFaults();
  });

  it('logs requests without tokens', async () => {
    sandbox.clearRequests();
    await query({ page_size: 1 });
    await raw('GET', 'users/me', undefined, { authorization: 'Bearer secret_unknown' });
    assert.equal(sandbox.requests[0].operation, 'POST /v1/data_sources/{data_source_id}/query');
    assert.deepEqual(sandbox.requests[0].body, { page_size: 1 });
    assert.equal(sandbox.requests[0].headers.authorization, 'Sandbox');
    assert.equal(sandbox.requests[1].status, 401);
    const log = JSON.stringify(sandbox.requests);
    assert.ok(!log.includes(notion.integration.value) && !log.includes('secret_unknown'));
  });
});
