// Columns of your own beside other inputs: labels turned off, labels that are ignored or given, a public repository,
// values that the other side cannot hold, states that were sealed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { board, KINDS } from './own-columns.mjs';

const SELECT = KINDS['labels, select'];
const same = (value) => [value, value];

test('odd names, a group with a blank behind its separator, many options, and repositories that share the database', async (t) => {
  const options = Array.from({ length: 150 }, (_, i) => `Option ${i}`);
  const at = await board(t, SELECT, {
    properties: { Own: null, Repository: { select: [] }, 'Größe = x': { select: options }, 'Stufe*': 'rich_text', 'Ø "quoted"': { multi_select: [] } },
    fields: ['Größe = x = label: größe: *', 'Stufe* = label: stufe=*', 'Ø "quoted" = label: [ø] *'],
  });
  at.github.addRepo({ owner: 'acme', name: 'web', private: true });
  at.addIssue({ title: 'One', labels: ['GRÖßE: option 149', 'Stufe=erste', '[Ø]a', '[ø] b, c'] });
  at.addIssue({ title: 'Two', labels: ['Größe:option 7'] });
  at.github.addIssue('acme/web', { title: 'Web', labels: ['größe: Option 3'] });
  const both = async () => {
    await at.go();
    at.later();
    await at.pass(at.run, { repository: 'acme/web' });
    at.later();
  };
  const rows = () => Object.fromEntries(at.found().map(({ id, values }) => [values.Name, { id, values }]));
  const values = (name) => ['Größe = x', 'Stufe*', 'Ø "quoted"', 'Labels'].map((column) => rows()[name].values[column]);
  await both();
  assert.deepEqual([values('One'), values('Two'), values('Web')], [['Option 149', 'erste', ['a', 'b， c'], []], ['Option 7', '', [], []], ['Option 3', '', [], []]]);
  at.notion.editPage(rows().Web.id, { 'Größe = x': 'Option 4' });
  at.notion.editPage(rows().Two.id, { 'Größe = x': 'Option 101', 'Stufe*': 'zweite', 'Ø "quoted"': ['d', 'e，f'] });
  await both();
  assert.deepEqual(at.issue(2).labels.sort(), ['[ø] d', '[ø] e,f', 'größe: Option 101', 'stufe=zweite']);
  assert.deepEqual(at.github.snapshot('acme/web').issues[0].labels, ['größe: Option 4']);
  await both();
  assert.deepEqual(at.issue(1).labels.sort(), ['GRÖßE: option 149', 'Stufe=erste', '[ø] b, c', '[Ø]a'].sort());
});

test('with labels turned off the column alone is synced, and other labels stay', async (t) => {
  const at = await board(t, SELECT, { inputs: { property_map: 'labels =' } });
  at.addIssue({ title: 'One', labels: ['bug', 'prio/high'] });
  await at.go();
  assert.deepEqual([at.row(1).Own, at.row(1).Labels], ['high', []]);
  at.later();
  at.type(1, 'low');
  await at.go();
  assert.deepEqual(at.issue(1).labels, ['bug', 'prio/low']);
  await at.quiet();
});

test('a column that property_map turns off is not touched, and its labels are ordinary labels', async (t) => {
  const at = await board(t, SELECT, { properties: { Team: 'rich_text' }, fields: ['Own = label: prio/*', 'Team = label: team/*'] });
  at.addIssue({ title: 'One', labels: ['bug', 'prio/high', 'team/a'] });
  await at.go();
  at.later();
  const off = { property_map: 'Own =' };
  await at.go(off);
  assert.deepEqual([at.row(1).Own, at.row(1).Labels.sort(), at.row(1).Team], ['high', ['bug', 'prio/high'], 'a']);
  at.later();
  at.notion.editPage(at.page(1), { Own: 'low', Team: 'b' });
  await at.go(off);
  assert.deepEqual([at.issue(1).labels.sort(), at.row(1).Own], [['bug', 'prio/high', 'team/b'], 'low']);
  await at.settle({ ...at.run, ...off });
});

test('a column that is bound later takes over what was in Labels', async (t) => {
  const at = await board(t, SELECT);
  at.addIssue({ title: 'One', labels: ['bug', 'prio/high'] });
  at.addIssue({ title: 'Two', labels: ['prio/low'] });
  await at.pass();
  assert.deepEqual(at.row(1).Labels.sort(), ['bug', 'prio/high']);
  at.later();
  at.github.editIssue(at.repo, 2, { labels: ['prio/mid'] });
  await at.go();
  assert.deepEqual([at.row(1).Labels, at.row(1).Own, at.row(2).Labels, at.row(2).Own], [['bug'], 'high', [], 'mid']);
  assert.deepEqual([at.pair(1), at.pair(2)], [same('high'), same('mid')]);
  await at.quiet();
});

test('two columns, the labels and the status change in one request, and what others add meanwhile stays', async (t) => {
  const at = await board(t, SELECT, { properties: { Area: { multi_select: [] } }, fields: ['Own = label: prio/*', 'Area = label: area/*'] });
  at.addIssue({ title: 'One', labels: ['bug', 'prio/high', 'area/a'] });
  await at.go();
  at.later();
  at.notion.editPage(at.page(1), { Own: 'low', Area: ['b'], Labels: ['bug', 'new'] });
  at.github.label(at.repo, 1, ['theirs', 'area/c']);
  const result = await at.go();
  assert.equal(result.requests.filter(({ method, path }) => method === 'PATCH' && /issues\/1$/.test(path)).length, 1);
  assert.deepEqual(at.issue(1).labels.sort(), ['area/b', 'area/c', 'bug', 'new', 'prio/low', 'theirs']);
  assert.deepEqual([at.row(1).Area.sort(), at.row(1).Labels.sort()], [['b', 'c'], ['bug', 'new', 'theirs']]);
  await at.quiet();
});

test('labels that new issues are given fill a column that the page left empty', async (t) => {
  const at = await board(t, SELECT, { inputs: { new_issue_labels: 'prio/low' } });
  at.addPage({ Name: 'One' });
  at.later(60000);
  at.addPage({ Name: 'Two', Own: 'high' });
  at.later();
  await at.go();
  assert.deepEqual([at.pair(1), at.pair(2)], [same('low'), same('high')]);
  await at.quiet();
});

test('label_ignore and a column cannot both have a label', async (t) => {
  const at = await board(t, SELECT);
  const { stdout } = await at.go({ label_ignore: 'prio/*' }, { code: 2 });
  assert.match(stdout, /fields: .*label: prio\/\*.*label_ignore covers/);
});

test('a value that no label can hold stays in Notion and is reported; so does a label that is no number', async (t) => {
  const text = await board(t, KINDS['labels, text']);
  text.addIssue({ title: 'One' });
  await text.go();
  text.later();
  const long = 'x'.repeat(60);
  text.type(1, long);
  const told = await text.go();
  assert.deepEqual(text.pair(1), ['', long]);
  assert.match(told.summary, /Own: the value on the page does not fit/);
  const number = await board(t, KINDS['labels, number']);
  number.addIssue({ title: 'One', labels: ['points:many'] });
  const first = await number.go();
  assert.equal(number.row(1).Own, null);
  assert.match(first.summary, /"many" on GitHub is no number/);
  await number.quiet();
});

test('values of a column with several that the other side cannot hold stay and are reported, the others arrive', async (t) => {
  const long = 'x'.repeat(60);
  const option = `Long ${'y'.repeat(120)}`;
  const at = await board(t, SELECT, {
    repo: { organization: true, issueFields: [{ name: 'Parts', type: 'multi_select', options: ['Front', 'Back, or so', option] }] }, token: { kind: 'app' },
    properties: { Area: { multi_select: [] }, Parts: { multi_select: [] } }, fields: ['Area = label: area/*', 'Parts = issue field: Parts'],
  });
  for (let i = 1; i <= 2; i += 1) at.addIssue({ title: `Issue ${i}` });
  at.github.setIssueFields(at.repo, 2, { Parts: ['Back, or so', option] });
  const first = await at.go();
  assert.deepEqual(at.row(2).Parts.sort(), ['Back， or so', option.slice(0, 100)]);
  assert.match(first.summary, /#2[\s\S]*Parts: an option in Notion has 100 characters/);
  at.later();
  at.notion.editPage(at.page(1), { Area: ['ui', long], Parts: ['Front', 'Roof'] });
  at.notion.editPage(at.page(2), { Parts: ['Front', option.slice(0, 100)] });
  const told = await at.go();
  assert.deepEqual([at.issue(1).labels, at.github.issueFields(at.repo, 1).Parts, at.github.issueFields(at.repo, 2).Parts], [['area/ui'], ['Front'], [option, 'Front']]);
  assert.deepEqual([at.row(1).Area.sort(), at.row(1).Parts.sort()], [['ui', long], ['Front', 'Roof']]);
  assert.match(told.summary, /#1[\s\S]*Area: the value on the page does not fit/);
  assert.match(told.summary, /#1[\s\S]*Parts: the issue field "Parts" has no option "Roof"/);
  await at.settle(at.run);
});

for (const [name, labels, value, label] of [
  ['labels, select', ['prio/high', 'prio/low'], 'high', 'prio/high'],
  ['labels, status', ['stage/idea', 'stage/built'], 'built', 'stage/built'],
  ['labels, number', ['points:many'], 3, 'points:3'],
]) {
  test(`${name}: what the column of a new page could not take gives way to its first edit`, async (t) => {
    const at = await board(t, KINDS[name]);
    at.addIssue({ title: 'One', labels });
    at.addIssue({ title: 'Two', labels });
    const first = await at.go();
    assert.match(first.summary, /#1[\s\S]*Own: /);
    await at.quiet();
    at.later();
    at.type(1, value);
    at.github.editIssue(at.repo, 2, { labels: [label] });
    const second = await at.go();
    assert.deepEqual([at.issue(1).labels, at.pair(1), at.pair(2)], [[label], same(value), same(value)]);
    assert.doesNotMatch(second.summary, /several labels|no number/);
    await at.quiet();
  });
}

test('labels of columns that were typed into Labels of a new page go to their columns alone', async (t) => {
  const at = await board(t, SELECT, { properties: { Area: { multi_select: [] } }, fields: ['Own = label: prio/*', 'Area = label: area/*'], inputs: { status_map: 'In progress = open + label: doing' } });
  at.addPage({ Name: 'One', Labels: ['prio/high', 'area/x', 'bug', 'doing'] });
  at.later();
  const { summary } = await at.go();
  assert.deepEqual([at.row(1).Own, at.row(1).Area, at.row(1).Labels, at.issue(1).labels.sort()], ['high', ['x'], ['bug'], ['area/x', 'bug', 'doing', 'prio/high']]);
  assert.equal(at.row(1).Status, 'In progress');
  assert.match(summary, /Own in Notion: \*empty\* → `high`/);
  await at.quiet();
});

test('warnings about a column that is gone or renamed name the line of fields', async (t) => {
  const at = await board(t, SELECT);
  at.addIssue({ title: 'One', labels: ['prio/high'] });
  await at.go();
  const warned = async () => {
    at.later();
    return (await at.go({ mode: 'full' })).commands.filter(({ name }) => name === 'warning').map(({ data }) => data).join('\n');
  };
  at.notion.renameProperty(at.dataSource, 'Own', 'Mine');
  assert.match(await warned(), /`fields` names "Own".*now called "Mine".*write "Mine" there/);
  at.notion.removeProperty(at.dataSource, 'Mine');
  const gone = await warned();
  assert.match(gone, /"Mine" is gone.*`fields`.*"Own =" in property_map/);
  at.later();
  assert.doesNotMatch((await at.go({ mode: 'full', property_map: 'Own =' })).summary, /is gone/);
});

test('a column whose type somebody changes keeps what GitHub has, with values of the new type', async (t) => {
  const at = await board(t, SELECT, { properties: { Points: { select: [] } }, fields: ['Own = label: prio/*', 'Points = label: points:*'] });
  at.addIssue({ title: 'One', labels: ['points:3', 'prio/high'] });
  await at.go();
  at.later();
  at.notion.retypeProperty(at.dataSource, 'Own', { multi_select: [] });
  at.notion.retypeProperty(at.dataSource, 'Points', 'number');
  at.notion.editPage(at.page(1), { Name: 'Renamed' });
  await at.go();
  assert.deepEqual([at.issue(1).labels.sort(), at.issue(1).title, at.row(1).Own, at.row(1).Points], [['points:3', 'prio/high'], 'Renamed', ['high'], 3]);
  await at.quiet();
  at.later();
  at.notion.editPage(at.page(1), { Own: ['high', 'low'], Points: null });
  await at.go();
  assert.deepEqual(at.issue(1).labels.sort(), ['prio/high', 'prio/low']);
  await at.quiet();
});

test('a status column gets no option that it does not have, and the rest of the page is written', async (t) => {
  const at = await board(t, KINDS['labels, status']);
  at.addIssue({ title: 'One', labels: ['stage/idea'] });
  await at.go();
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Renamed', labels: ['stage/unheard'] });
  const result = await at.go();
  assert.deepEqual([at.row(1).Name, at.row(1).Own, result.outputs.failures], ['Renamed', 'idea', '0']);
  assert.match(result.summary, /Notion did not accept the Own/);
});

test('in a public repository without publish a column takes labels that exist, and no text of Notion\'s', async (t) => {
  const at = await board(t, SELECT, { repo: { private: false, labels: ['prio/high', 'prio/low'] } });
  at.addIssue({ title: 'One', labels: ['prio/high'] });
  await at.go();
  at.later();
  at.type(1, 'secret plan');
  await at.go();
  assert.deepEqual(at.pair(1), ['high', 'secret plan']);
  assert.ok(![...at.github.repo(at.repo).labels.values()].some(({ name }) => name.includes('secret')));
  at.later();
  at.type(1, 'low');
  const last = await at.go();
  assert.deepEqual(at.pair(1), same('low'));
  const state = at.stateFiles().map((file) => at.github.readRefText(at.repo, at.stateRef, file)).join('\n');
  assert.ok(!state.includes('secret plan') && !last.summary.includes('secret plan'));
  await at.quiet();
});

test('text, numbers and dates of issue fields do not go to a public repository without publish', async (t) => {
  const kind = KINDS['issue field, text'];
  const at = await board(t, kind, { repo: { organization: true, private: false, issueFields: [{ name: 'Team', type: 'text' }] } });
  at.addIssue({ title: 'One' });
  at.put(1, 'Docs');
  await at.go();
  assert.deepEqual(at.pair(1), same('Docs'));
  at.later();
  at.type(1, 'Layoffs');
  await at.go();
  assert.deepEqual(at.pair(1), ['Docs', 'Layoffs']);
});

test('a conflict quotes the value of the column, and each column has its own', async (t) => {
  const at = await board(t, SELECT, { properties: { Team: 'rich_text' }, fields: ['Own = label: prio/*', 'Team = label: team/*'] });
  at.addIssue({ title: 'One', labels: ['prio/high', 'team/a'] });
  await at.go();
  at.later();
  at.github.editIssue(at.repo, 1, { labels: ['prio/mid', 'team/a'] });
  at.notion.editPage(at.page(1), { Own: 'low', Team: 'b' });
  const result = await at.go();
  assert.equal(result.outputs.conflicts, '1');
  assert.deepEqual([at.issue(1).labels.sort(), at.row(1).Own, at.row(1).Team], [['prio/mid', 'team/b'], 'mid', 'b']);
  assert.ok(at.comments(1).some((text) => /Own/.test(text) && /low/.test(text)));
  await at.quiet();
});

test('a date with a time is its day, whatever the offset, and stays until GitHub has another', async (t) => {
  const at = await board(t, KINDS['issue field, date']);
  const moments = ['2026-12-24T10:00:00.000Z', '2026-12-24T23:30:00.000-08:00', '2026-12-24T00:30:00.000+05:30'];
  for (const _ of moments) at.addIssue({ title: 'One' });
  await at.go();
  at.later();
  moments.forEach((start, i) => at.notion.editPage(at.page(i + 1), { Own: { start, end: '2026-12-27T10:00:00.000Z' } }));
  await at.go();
  assert.deepEqual(moments.map((_, i) => at.pair(i + 1)), moments.map((start) => ['2026-12-24', start]));
  await at.quiet();
  at.later();
  at.put(1, '2027-01-31');
  await at.go();
  assert.deepEqual(at.pair(1), same('2027-01-31'));
});

test('the last day of a range stays while it can, whatever GitHub does with the first', async (t) => {
  const at = await board(t, KINDS['issue field, date']);
  const range = { start: '2026-12-24', end: '2026-12-27' };
  for (let i = 1; i <= 6; i += 1) {
    at.addIssue({ title: `Issue ${i}` });
    if (i < 6) at.put(i, '2026-12-20');
  }
  at.addPage({ Name: 'New', Own: range });
  at.later();
  await at.go();
  for (let i = 1; i <= 6; i += 1) at.type(i, range);
  at.later();
  await at.go();
  const days = (number) => [at.pair(number)[0], at.row(number).Own?.start ?? null, at.row(number).Own?.end ?? null];
  for (let i = 1; i <= 7; i += 1) assert.deepEqual(days(i), ['2026-12-24', '2026-12-24', '2026-12-27'], `#${i}`);
  await at.quiet();
  at.later();
  at.put(1, '2026-12-26');
  at.put(2, '2027-01-31');
  at.put(3, null);
  at.type(4, { start: '2026-12-24', end: '2026-12-30' });
  at.put(4, '2026-12-25');
  at.type(5, { start: '2026-12-25', end: '2026-12-30' });
  at.put(5, '2026-12-26');
  const { outputs, summary } = await at.go();
  assert.deepEqual([1, 2, 3, 4, 5].map(days), [
    ['2026-12-26', '2026-12-26', '2026-12-27'], ['2027-01-31', '2027-01-31', null], [null, null, null],
    ['2026-12-25', '2026-12-25', '2026-12-30'], ['2026-12-26', '2026-12-26', '2026-12-30'],
  ]);
  assert.equal(outputs.conflicts, '1', 'a last day alone is nothing that GitHub has');
  for (const number of [2, 3]) assert.match(summary, new RegExp(`#${number}.*was a range.*the new date alone`));
  assert.match(summary, /`2026-12-24 to 2026-12-27` → `2027-01-31`/);
  await at.quiet();
});

test('a text of several lines is one value', async (t) => {
  const at = await board(t, KINDS['issue field, text']);
  at.addIssue({ title: 'One' });
  at.put(1, 'First\nsecond');
  const first = await at.go();
  assert.deepEqual(at.pair(1), same('First\nsecond'));
  assert.doesNotMatch(first.summary, /several labels/);
  at.later();
  at.put(1, 'First\nother');
  await at.go();
  assert.deepEqual(at.pair(1), same('First\nother'));
  at.later();
  at.type(1, 'Third');
  await at.go();
  assert.deepEqual(at.pair(1), same('Third'));
  await at.quiet();
});
