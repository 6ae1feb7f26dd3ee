// setup: all creates what is mapped and missing, and changes nothing that exists.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, perRecord, story } from './sync-story.mjs';

const BARE = { Status: null, Labels: null, 'GitHub ID': null, Type: null, 'GitHub URL': null, 'GitHub State': null };
const ALL = { setup: 'all' };
const columns = (at) => Object.fromEntries(at.notion.dataSources.get(at.dataSource).schema.list().map(({ name, type }) => [name, type]));
const options = (at, name) => at.notion.dataSources.get(at.dataSource).schema.find(name).config.options.map((option) => option.name);
const schemaWrites = (at, run) => changes(at, run).filter(([verb]) => verb === 'write schema');
const mine = { Name: 'title', Status: 'status', Labels: 'multi_select', 'GitHub ID': 'number', Type: 'select', 'GitHub URL': 'url', 'GitHub State': 'select' };
const subset = (all, wanted) => Object.fromEntries(Object.keys(wanted).map((name) => [name, all[name]]));

test('a bare database gets a column for every field, and the first pass fills them', async (t) => {
  const at = await story(t, { properties: BARE });
  at.addIssue({ title: 'Open', labels: ['bug'] });
  at.addIssue({ title: 'Closed' });
  at.github.close(at.repo, 2);
  const page = at.addPage({ Name: 'Planned' });
  const run = await at.pass({ ...ALL, create_pages: 'all' });
  assert.equal(schemaWrites(at, run).length, 1, 'in one request');
  assert.deepEqual(subset(columns(at), mine), mine);
  assert.deepEqual(options(at, 'GitHub State').slice(0, 4), ['Open', 'Closed', 'Draft', 'Merged']);
  assert.deepEqual([at.row(1).Status, at.row(1).Labels, at.row(1).Type], ['Not started', ['bug'], 'Issue']);
  assert.deepEqual([at.row(2).Status, at.row(2)['GitHub State']], ['Done', 'Closed']);
  assert.deepEqual([at.page(3), at.row(3)['GitHub State']], [page, 'Open']);
  await at.settle({ ...ALL, create_pages: 'all' });
});

test('a dry run plans as if the columns were there, and writes none', async (t) => {
  const at = await story(t, { properties: BARE });
  at.addIssue({ title: 'One', labels: ['bug'] });
  const run = await at.pass({ ...ALL, dry_run: true });
  assert.deepEqual(changes(at, run), []);
  assert.equal(run.outputs.pages_created, '1');
  assert.deepEqual(columns(at), { Name: 'title' });
});

test('what exists keeps its name, type, options and values; what is turned off is not made', async (t) => {
  const at = await story(t, { properties: { ...BARE, Status: { select: ['Later', 'Done'] }, Effort: 'number' } });
  const page = at.addPage({ Name: 'Mine', Status: 'Later', Effort: 3 });
  const { schema } = at.notion.dataSources.get(at.dataSource);
  const before = JSON.stringify(schema.find('Status'));
  await at.pass({ ...ALL, property_map: ['labels =', 'url = Link'] });
  assert.equal(JSON.stringify(schema.find('Status')), before);
  assert.deepEqual([columns(at).Link, columns(at).Labels, columns(at)['GitHub URL'], columns(at).Effort], ['url', undefined, undefined, 'number']);
  assert.deepEqual([at.notion.values(page).Status, at.notion.values(page).Effort], ['Later', 3]);
});

test('columns are made in a board that has been in use without them; no conflict is reported', async (t) => {
  const at = await story(t, { properties: { Status: null, Labels: null } });
  at.addIssue({ title: 'One', labels: ['bug'] });
  at.addIssue({ title: 'Two' });
  await at.pass();
  await at.settle();
  at.github.close(at.repo, 2);
  await at.pass();
  const said = [1, 2].map((number) => at.comments(number).length);
  at.later();
  for (const on_conflict of ['notion', 'notion']) { await at.pass({ ...ALL, on_conflict }); at.later(); }
  assert.deepEqual([at.row(1).Labels, at.row(1).Status, at.row(2).Status], [['bug'], 'Not started', 'Done']);
  assert.deepEqual([1, 2].map((number) => at.comments(number).length), said);
  assert.equal(at.issue(2).state, 'closed');
  await at.settle({ ...ALL, on_conflict: 'notion' });
});

test('a page that a person linked before there was a status shows nobody\'s word against GitHub\'s', async (t) => {
  const at = await story(t, { properties: { Status: null } });
  at.addIssue({ title: 'One' });
  at.github.close(at.repo, 1);
  at.addPage({ Name: 'One', 'GitHub ID': 1 });
  const run = await at.pass({ ...ALL, on_conflict: 'notion' });
  assert.equal(run.outputs.conflicts, '0');
  assert.deepEqual([at.row(1).Status, at.issue(1).state], ['Done', 'closed']);
});

test('options that status_map names are added, those that exist stay as they are', async (t) => {
  const at = await story(t);
  const { schema } = at.notion.dataSources.get(at.dataSource);
  const kept = JSON.stringify(schema.find('Status').config.options);
  const inputs = { ...ALL, status_map: ['Shelved = closed:not_planned', 'Canceled = closed'], create_pages: 'all' };
  at.addIssue({ title: 'One' });
  at.github.close(at.repo, 1, { reason: 'not_planned' });
  const run = await at.pass(inputs);
  assert.equal(schemaWrites(at, run).filter(([, , { properties }]) => properties.Status).length, 1);
  assert.equal(JSON.stringify(schema.find('Status').config.options.slice(0, -1)), kept);
  assert.equal(at.row(1).Status, 'Shelved');
  await at.settle(inputs);
});

const groupOf = (at, name) => {
  const { options: all, groups } = at.notion.dataSources.get(at.dataSource).schema.find('Status').config;
  return groups.find(({ id }) => id === all.find((option) => option.name === name)?.group)?.name;
};

test('options that are added go to the group of their meaning; those that exist are sent with their ids', async (t) => {
  const at = await story(t);
  const inputs = { ...ALL, status_map: ['Shelved = closed:not_planned', 'Shipped = closed', 'Triage = open'] };
  const run = await at.pass(inputs);
  assert.deepEqual(['Shelved', 'Shipped', 'Triage'].map((name) => groupOf(at, name)), ['Complete', 'Complete', 'To-do']);
  const { options: sent } = schemaWrites(at, run).map(([, , { properties }]) => properties.Status?.status).find(Boolean);
  assert.ok(sent.filter(({ group }) => group === undefined).every(({ id }) => typeof id === 'string'));
  assert.doesNotMatch(run.stdout, /another group/);
});

test('if Notion refuses groups, options are added without; if it ignores them, that is reported', async (t) => {
  for (const statusGroups of [false, 'ignored']) {
    const at = await story(t);
    at.notion.settings.statusGroups = statusGroups;
    const inputs = { ...ALL, status_map: ['Shelved = closed:not_planned'], create_pages: 'all' };
    at.addIssue({ title: 'One' });
    at.github.close(at.repo, 1, { reason: 'not_planned' });
    const run = await at.pass(inputs, { allow: ['schema'] });
    assert.match(run.stdout, /::notice::.*"Shelved".*another group/);
    assert.deepEqual([at.row(1).Status, groupOf(at, 'Shelved')], ['Shelved', 'To-do']);
    await at.settle(inputs);
  }
});

test('if Notion takes no new status options, the error gives the cure and nothing else is done', async (t) => {
  const at = await story(t);
  at.notion.settings.statusOptionsWritable = false;
  at.addIssue({ title: 'One' });
  const run = await at.pass({ ...ALL, status_map: ['Shelved = closed'] }, { code: 2 });
  assert.match(run.stdout + run.stderr, /does not let the connection add them .*add them in Notion, at the column's options/);
  assert.deepEqual(at.rows(), []);
});

test('if Notion makes no status property, a select does', async (t) => {
  const at = await story(t, { properties: BARE });
  at.sandbox.fault({ service: 'notion', method: 'PATCH', path: /data_sources/, kind: 'status', status: 400 });
  at.addIssue({ title: 'One' });
  at.github.close(at.repo, 1);
  const inputs = { ...ALL, create_pages: 'all', status_map: ["Won't do = closed:not_planned"] };
  await at.pass(inputs);
  assert.deepEqual([columns(at).Status, options(at, 'Status')], ['select', ['Not started', 'In progress', 'Done', "Won't do"]]);
  assert.equal(at.row(1).Status, 'Done');
  await at.settle(inputs);
});

test('a pass that dies at any request of the setup leaves a board that the next one completes', async (t) => {
  for (const phase of ['before', 'after']) {
    const at = await story(t, { properties: BARE });
    at.addIssue({ title: 'One', labels: ['bug'] });
    at.addPage({ Name: 'Two' });
    const match = ({ method, path }) => method === 'PATCH' && path.includes('/data_sources/');
    const dead = await at.sync(ALL, { killAt: { match, phase } });
    assert.equal(dead.signal, 'SIGKILL');
    at.later(20 * 60000);
    const run = await at.pass(ALL);
    assert.equal(schemaWrites(at, run).length, phase === 'before' ? 1 : 0);
    assert.deepEqual([at.row(1).Labels, at.row(2).Name, at.issues().length], [['bug'], 'Two', 2]);
    await at.settle(ALL);
  }
});

test('columns are made even if there is nothing to do yet', async (t) => {
  const at = await story(t, { properties: BARE });
  await at.pass(ALL);
  assert.deepEqual(subset(columns(at), mine), mine);
  const run = await at.pass(ALL);
  assert.deepEqual(perRecord(at, run), {});
});

test('a column that was removed is made again with the next change', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One', labels: ['bug'] });
  await at.pass(ALL);
  at.notion.removeProperty(at.dataSource, 'Labels');
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'New' });
  await at.pass(ALL);
  assert.deepEqual(at.row(1).Labels, ['bug']);
  assert.deepEqual(at.issue(1).labels, ['bug']);
});
