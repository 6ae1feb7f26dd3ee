// Columns of your own (`fields`): every kind, edited on either side, on both, emptied, without a base, of a wrong type,
// refused, renamed. A board has a column of each kind, so that a run plays a row of that table for all of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL, board, boardOfAll, KINDS } from './own-columns.mjs';

const same = (value) => [value, value];

const A = ({ values }) => values[0];
const B = ({ values }) => values[1];
const EMPTY = ({ empty }) => empty;
const single = ({ many, values, empty }) => !many && values[1] !== empty;
const merged = (kind) => (kind.many ? kind.values[1].filter((one) => !kind.values[0].includes(one)) : kind.values[1]);

test('edits of one side, of both, and emptied values', async (t) => {
  const at = await boardOfAll(t);
  at.issuesOf(9);
  for (let i = 1; i <= 6; i += 1) at.put(i, A);
  await at.go();
  await at.relate();
  for (const kind of at.kinds) for (let i = 1; i <= 6; i += 1) assert.deepEqual(at.pair(kind, i), same(A(kind)), `${kind.name}: imported #${i}`);
  assert.deepEqual(at.row(1).Labels, ['bug'], 'other labels stay in Labels, and no others');
  await at.quiet();
  at.later();
  at.put(1, B);
  at.type(2, B);
  at.put(3, B);
  at.type(3, EMPTY);
  at.put(4, EMPTY);
  at.type(5, EMPTY);
  at.put(6, B);
  at.type(6, B);
  const result = await at.go();
  for (const kind of at.kinds) {
    const wanted = { 'on GitHub': [1, B], 'in Notion': [2, B], both: [3, merged], 'emptied on GitHub': [4, EMPTY], 'emptied in Notion': [5, EMPTY], 'both the same': [6, B] };
    for (const [what, [number, value]] of Object.entries(wanted)) assert.deepEqual(at.pair(kind, number), same(value(kind)), `${kind.name}: ${what}`);
    assert.equal(at.issue(3).comments.some(({ body }) => body.includes(`**${kind.name}**`)), single(kind), `${kind.name}: quoted in a conflict`);
  }
  assert.equal(result.outputs.conflicts, String(at.kinds.filter(single).length));
  assert.deepEqual([1, 2, 3, 4, 5, 6].map((i) => [at.row(i).Labels, at.issue(i).labels.includes('bug')]), Array(6).fill([['bug'], true]));
  await at.quiet();
});

test('without a base, and new on either side', async (t) => {
  const at = await boardOfAll(t);
  at.issuesOf(9);
  for (const i of [1, 3, 4]) at.put(i, A);
  for (let i = 7; i <= 9; i += 1) at.addPage({ Name: `Issue ${i}`, 'GitHub ID': i });
  const row = (value) => Object.fromEntries(at.kinds.map((kind) => [kind.name, at.write(kind, value(kind))]));
  for (const [i, value] of [[1, EMPTY], [2, A], [3, B], [4, A]]) at.addPage({ Name: `Issue ${i}`, 'GitHub ID': i, ...row(value) });
  at.addPage({ Name: 'New', ...row(A) });
  at.later();
  const result = await at.go();
  await at.relate();
  for (const kind of at.kinds) {
    const both = kind.many ? [...new Set([...A(kind), ...B(kind)])].sort() : A(kind);
    for (const [number, value] of [[1, A(kind)], [2, A(kind)], [3, both], [4, A(kind)], [10, A(kind)]]) assert.deepEqual(at.pair(kind, number), same(value), `${kind.name}: #${number}`);
  }
  // A status is never empty: #1 has another one, too.
  assert.equal(result.outputs.conflicts, String(at.kinds.filter(single).length + 1));
  await at.quiet();
});

test('one way, dry run, renamed columns', async (t) => {
  const at = await boardOfAll(t);
  const oneWay = { directions: at.kinds.map(({ name }) => `${name} = to_notion`) };
  at.issuesOf(9);
  at.put(1, A);
  await at.go(oneWay);
  await at.relate(oneWay);
  at.later();
  at.type(1, B);
  await at.go(oneWay);
  for (const kind of at.kinds) assert.deepEqual(at.pair(kind, 1), [A(kind), B(kind)], `${kind.name}: an edit against the direction stays where it is`);
  at.later();
  const dry = await at.go({ dry_run: true });
  for (const kind of at.kinds) {
    assert.ok(dry.summary.includes(`${kind.name} on GitHub: `), `${kind.name}: dry run`);
    assert.deepEqual(at.pair(kind, 1), [A(kind), B(kind)]);
    at.notion.renameProperty(at.dataSource, kind.name, `My ${kind.name}`);
  }
  const renamed = await at.go();
  for (const kind of at.kinds) {
    assert.ok(renamed.summary.includes(`\`fields\` names "${kind.name}", and the database has no such column any more: it is now called "My ${kind.name}" and still used`), kind.name);
    assert.deepEqual(at.pair(kind, 1, `My ${kind.name}`), same(B(kind)), kind.name);
  }
});

test('setup makes columns of types that fit, and fills them', async (t) => {
  const at = await boardOfAll(t, { without: true, inputs: { setup: 'all' }, targets: ({ target, name }) => (name === 'labels, multi_select' ? target.replace('label:', 'labels:') : target) });
  at.issuesOf(9);
  at.put(1, A);
  await at.go();
  await at.relate();
  const made = { 'labels, status': 'select', 'labels, number': 'select', 'labels, text': 'select' };
  const text = (it) => [it].flat().map(String);
  for (const kind of at.kinds) {
    assert.equal(at.notion.dataSources.get(at.dataSource).schema.find(kind.name).type, made[kind.name] ?? kind.is, kind.name);
    assert.deepEqual(at.pair(kind, 1).map(text), same(text(A(kind))), kind.name);
  }
  await at.quiet();
});

test('what GitHub refuses stays in its column and is reported, the rest of the page arrives, and later it does too', async (t) => {
  const at = await boardOfAll(t);
  at.issuesOf(9);
  await at.go();
  at.later();
  // A is what a status column has from the start.
  const typed = (kind) => (kind.is === 'status' ? B(kind) : A(kind));
  at.type(1, typed);
  at.notion.editPage(at.page(1), { Name: 'Renamed' });
  const refuse = (method, path, match) => at.sandbox.fault({ service: 'github', method, path, match, kind: 'status', status: 422, times: 1000, body: { message: 'Validation Failed' } });
  for (const path of [/issue-field-values$/, /blocked_by$/]) refuse('POST', path);
  for (const method of ['POST', 'PATCH']) refuse(method, /issues\/1(\/labels)?$/, ({ body }) => /high|built|points:|team: |area|blocked/.test(JSON.stringify(body?.labels ?? '')));
  const refused = await at.go();
  for (const kind of at.kinds) {
    assert.deepEqual(at.pair(kind, 1), [EMPTY(kind), typed(kind)], kind.name);
    assert.match(refused.summary, new RegExp(`#1.*GitHub did not accept [^.:]*${kind.name}`), kind.name);
    assert.ok(!refused.summary.includes(`${kind.name} on GitHub: `), `${kind.name}: not listed as done`);
  }
  assert.deepEqual([at.issue(1).title, refused.outputs.failures], ['Renamed', '0']);
  assert.match(refused.summary, /title on GitHub: `Issue 1` → `Renamed`/);
  assert.deepEqual(refused.report.results.find(({ number }) => number === 1).fields.filter(({ writes }) => writes.length > 0).map(({ field }) => field), ['title']);
  at.sandbox.clearFaults();
  at.later();
  await at.go();
  for (const kind of at.kinds) assert.deepEqual(at.pair(kind, 1), same(typed(kind)), kind.name);
  await at.quiet();
});

test('a column of a type that does not fit is an input error that names the column, the target and what fits', async (t) => {
  const wrong = {
    'labels, select': ['date', 'select status multi_select number rich_text'], 'labels, multi_select': ['created_time', 'select status multi_select number rich_text'],
    'labels, text': ['url', 'select status multi_select number rich_text'], 'label, checkbox': [{ select: [] }, 'checkbox'], 'issue field, number': [{ select: [] }, 'number'],
    'issue field, date': ['number', 'date'], 'issue field, text': ['number', 'rich_text select'], 'issue field, select': ['number', 'select status rich_text'],
    'issue field, multi_select': [{ select: [] }, 'multi_select'], 'blocked by, relation': ['rich_text', 'relation'], 'labels, number': [{ formula: { expression: '1' } }, 'select status multi_select number rich_text'],
    'labels, status': [{ unique_id: { prefix: 'TASK' } }, 'select status multi_select number rich_text'],
  };
  assert.deepEqual(Object.keys(wrong).sort(), Object.keys(ALL).sort());
  const names = Object.keys(wrong);
  while (names.length > 0) {
    const some = names.splice(0, 4);
    const at = await board(t, KINDS['issue field, number'], { fields: some.map((name) => `${name} = ${ALL[name].target}`), properties: { Own: null, ...Object.fromEntries(some.map((name) => [name, wrong[name][0]])) } });
    const { stdout } = await at.go({}, { code: 2 });
    for (const name of some) {
      const type = typeof wrong[name][0] === 'string' ? wrong[name][0] : Object.keys(wrong[name][0])[0];
      assert.ok(stdout.includes(`the column "${name}" is of type ${type}, but ${ALL[name].target} needs ${wrong[name][1]}`), `${name}\n${stdout}`);
    }
  }
});

test('several labels of a group: the column keeps what it has, and an edit of it leaves the one that it names', async (t) => {
  const kind = KINDS['labels, select'];
  const at = await board(t, kind);
  at.addIssue({ title: 'One', labels: ['prio/high'] });
  at.addIssue({ title: 'Two', labels: ['prio/high', 'prio/low'] });
  await at.go();
  assert.deepEqual([at.row(1).Own, at.row(2).Own], ['high', null]);
  at.later();
  at.github.label(at.repo, 1, ['prio/low']);
  const several = await at.go();
  assert.deepEqual(at.pair(1), [['high', 'low'], 'high']);
  assert.match(several.summary, /#1[\s\S]*several labels of the group "prio\/\*" \(high, low\)/);
  await at.quiet();
  at.later();
  at.type(1, 'low');
  at.type(2, 'new');
  const { summary } = await at.go();
  assert.match(summary, /Own on GitHub: `high, low` → `low`/);
  assert.deepEqual([at.pair(1), at.pair(2)], [same('low'), same('new')]);
  await at.quiet();
});

test('a label of a group that is typed into Labels is an edit of its column', async (t) => {
  const at = await board(t, KINDS['labels, select'], { properties: { Area: { multi_select: [] }, Blocked: 'checkbox' }, fields: ['Own = label: prio/*', 'Area = label: area/*', 'Blocked = label: blocked'] });
  at.addIssue({ title: 'One', labels: ['bug', 'prio/high', 'area/ui'] });
  await at.go();
  await at.quiet();
  at.later();
  at.notion.editPage(at.page(1), { Labels: ['bug', 'Prio/low', 'area/api', 'blocked', 'new'] });
  await at.go();
  const { Labels, Own, Area, Blocked } = at.row(1);
  assert.deepEqual([Labels.sort(), Own, Area.sort(), Blocked], [['bug', 'new'], 'low', ['api', 'ui'], true]);
  assert.deepEqual(at.issue(1).labels.map((label) => label.toLowerCase()).sort(), ['area/api', 'area/ui', 'blocked', 'bug', 'new', 'prio/low']);
  await at.quiet();
});

test('labels that GitHub has in another spelling are used, those that it lacks are made with a color and a description', async (t) => {
  const at = await board(t, KINDS['labels, text'], { repo: { labels: ['Team:docs', 'area/ui:web'] }, properties: { Prio: { select: [] }, Area: { multi_select: [] } }, fields: ['Own = label: team: *', 'Prio = label: prio/*', 'Area = label: area/*'] });
  at.addPage({ Name: 'Zero', Prio: 'high', Area: ['ui: web'] });
  at.notion.dataSources.get(at.dataSource).schema.list().find(({ name }) => name === 'Prio').config.options[0].color = 'red';
  at.addPage({ Name: 'One', Own: 'Docs', Prio: 'high', Area: ['UI:web', 'ui: app'] });
  at.later();
  await at.go();
  const labels = (name) => at.issues().find(({ title }) => title === name).labels.sort();
  assert.deepEqual(labels('One'), ['Team:docs', 'area/ui: app', 'area/ui:web', 'prio/high']);
  assert.deepEqual(labels('Zero'), ['area/ui: web', 'prio/high'], 'a blank in the value is part of it');
  const made = [...at.github.repo(at.repo).labels.values()].find(({ name }) => name === 'prio/high');
  assert.equal(made.color, 'd44c47');
  assert.match(made.description, /Prio/);
  await at.quiet();
});

test('pull requests have labels, and what only issues have stays in the column and is reported', async (t) => {
  const at = await boardOfAll(t, { inputs: { pull_requests: 'all' } });
  at.addPull({ title: 'Pull', labels: ['prio/high'] });
  await at.go();
  const kind = at.kinds.find(({ name }) => name === 'labels, select');
  assert.deepEqual(at.pair(kind, 1), same('high'));
  at.later();
  at.type(1, (one) => (one.pages ? [1] : one.values[1]));
  const { summary } = await at.go();
  for (const one of at.kinds) {
    const lacks = one.organization || one.pages;
    if (lacks) assert.match(summary, new RegExp(`${one.name}: pull requests have no (issue fields|dependencies)`));
    else assert.deepEqual(at.pair(one, 1), same(one.values[1]), one.name);
  }
  await at.quiet();
  assert.doesNotMatch((await at.go()).summary, /pull requests have no/);
});
