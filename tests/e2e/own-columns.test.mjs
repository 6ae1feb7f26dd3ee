// Columns of one's own (`fields`): every kind, edited on either side, on both, emptied, without a base, refused, renamed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { board, KINDS } from './own-columns.mjs';

const same = (value) => [value, value];

for (const [name, kind] of Object.entries(KINDS)) {
  const [a, b] = kind.values;
  const { empty } = kind;

  test(`${name}: edits of one side, of both, and emptied values`, async (t) => {
    const at = await board(t, kind);
    for (let i = 1; i <= 6; i += 1) {
      at.addIssue({ title: `Issue ${i}`, labels: ['bug'] });
      at.put(i, a);
    }
    await at.go();
    for (let i = 1; i <= 6; i += 1) assert.deepEqual(at.pair(i), same(a), `imported #${i}`);
    assert.deepEqual(at.row(1).Labels, ['bug'], 'other labels stay in Labels, and no others');
    await at.quiet();
    at.later();
    at.put(1, b);
    at.type(2, b);
    at.put(3, b);
    at.type(3, empty);
    at.put(4, empty);
    at.type(5, empty);
    at.put(6, b);
    at.type(6, b);
    const result = await at.go();
    assert.deepEqual([1, 2, 4, 5, 6].map(at.pair), [same(b), same(b), same(empty), same(empty), same(b)]);
    const merged = kind.many ? b.filter((one) => !a.includes(one)) : b;
    assert.deepEqual(at.pair(3), same(merged));
    assert.equal(result.outputs.conflicts, kind.many || b === empty ? '0' : '1');
    assert.deepEqual([1, 2, 3, 4, 5, 6].map((i) => at.row(i).Labels), Array(6).fill(['bug']));
    assert.ok([1, 2, 3, 4, 5, 6].every((i) => at.issue(i).labels.includes('bug')));
    await at.quiet();
  });

  test(`${name}: without a base, and new on either side`, async (t) => {
    const at = await board(t, kind);
    for (let i = 1; i <= 4; i += 1) at.addIssue({ title: `Issue ${i}` });
    at.put(1, a);
    at.put(3, a);
    at.put(4, a);
    for (const [number, value] of [[1, empty], [2, a], [3, b], [4, a]]) at.addPage({ Name: `Issue ${number}`, 'GitHub ID': number, Own: value });
    at.addPage({ Name: 'New', Own: a });
    at.later();
    const result = await at.go();
    assert.deepEqual([1, 2, 4, 5].map(at.pair), Array(4).fill(same(a)));
    const both = kind.many ? [...new Set([...a, ...b])].sort() : a;
    assert.deepEqual(at.pair(3), same(both));
    assert.equal(result.outputs.conflicts, kind.many || b === empty ? '0' : kind.property.status ? '2' : '1');
    await at.quiet();
  });

  test(`${name}: one way, dry run, renamed column, made by setup`, async (t) => {
    const at = await board(t, kind, { inputs: { directions: 'Own = to_notion' } });
    at.addIssue({ title: 'One' });
    at.put(1, a);
    await at.go();
    at.later();
    at.type(1, b);
    await at.go();
    assert.deepEqual(at.pair(1), [a, b], 'an edit against the direction stays where it is');
    at.later();
    const dry = await at.go({ directions: '', dry_run: true });
    assert.match(dry.summary, /Own on GitHub: /);
    assert.deepEqual(at.pair(1), [a, b]);
    at.notion.renameProperty(at.dataSource, 'Own', 'Mine');
    const renamed = await at.go({ directions: '' });
    assert.match(renamed.summary, /`fields` names "Own", .*"Mine" and still used; write "Mine" there/);
    assert.deepEqual([kind.get(at, 1), at.row(1).Mine?.start ?? at.row(1).Mine], same(b));
    const made = await board(t, kind, { properties: { Own: null }, inputs: { setup: 'all' } });
    made.addIssue({ title: 'One' });
    made.put(1, a);
    await made.go();
    if (kind.property.status === undefined && !kind.many) assert.deepEqual(made.pair(1).map(String), same(String(a)));
  });
}

test('a column of a type that does not fit is an input error that names both', async (t) => {
  const lines = [
    ['label: prio/*', 'date', /select, status, multi_select, number or rich_text|select/], ['label: prio/*', 'checkbox', /checkbox/], ['label: blocked', { select: [] }, /checkbox/],
    ['issue field: Effort', { select: [] }, /number/], ['issue field: Target date', 'number', /date/], ['issue field: Severity', 'number', /select/],
    ['blocked by', 'rich_text', /relation/],
  ];
  for (const [target, property, needs] of lines) {
    const at = await board(t, { ...KINDS['issue field, number'], property }, { fields: `Own = ${target}` });
    at.addIssue({ title: 'One' });
    const { stdout } = await at.go({}, { code: 2 });
    assert.match(stdout, /Own/);
    assert.match(stdout, needs, `${target} and ${JSON.stringify(property)}`);
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
  const at = await board(t, KINDS['labels, text'], { repo: { labels: ['Team:docs'] }, properties: { Prio: { select: [] } }, fields: ['Own = label: team: *', 'Prio = label: prio/*'] });
  at.addPage({ Name: 'Zero', Prio: 'high' });
  at.notion.dataSources.get(at.dataSource).schema.list().find(({ name }) => name === 'Prio').config.options[0].color = 'red';
  at.addPage({ Name: 'One', Own: 'Docs', Prio: 'high' });
  at.later();
  await at.go();
  assert.deepEqual(at.issue(2).labels, ['Team:docs', 'prio/high']);
  const made = [...at.github.repo(at.repo).labels.values()].find(({ name }) => name === 'prio/high');
  assert.equal(made.color, 'd44c47');
  assert.match(made.description, /Prio/);
  await at.quiet();
});

test('pull requests have labels too', async (t) => {
  const at = await board(t, KINDS['labels, select'], { inputs: { pull_requests: 'all' } });
  at.addPull({ title: 'Pull', labels: ['prio/high'] });
  await at.go();
  assert.equal(at.row(1).Own, 'high');
  at.later();
  at.type(1, 'low');
  await at.go();
  assert.deepEqual(at.pair(1), same('low'));
  await at.quiet();
});
