import assert from 'node:assert/strict';
import { test } from 'node:test';
import { combinations } from './cases.mjs';
import { changes, markers, perRecord, saves, story, verbs } from './sync-story.mjs';

// One issue and one page, linked and in sync.
async function pair(t, { options, inputs, issue, page } = {}) {
  const at = await story(t, options);
  at.addIssue({ title: 'One', ...issue });
  if (page) at.addPage({ 'GitHub ID': 1, ...page });
  await at.pass(inputs);
  await at.settle(inputs);
  at.later();
  return { at, page: at.page(1) };
}

test('a label added on GitHub and a title edited in Notion ten minutes apart both survive', async (t) => {
  for (const first of ['label', 'title']) {
    const { at, page } = await pair(t, { issue: { labels: ['bug'] } });
    const edits = [() => at.github.label(at.repo, 1, ['urgent']), () => at.notion.editPage(page, { Name: 'Two' })];
    if (first === 'title') edits.reverse();
    edits[0]();
    at.later();
    edits[1]();
    at.later();
    assert.deepEqual(perRecord(at, await at.pass()), {
      1: [['write issue', { title: 'Two' }], ['write page', { Labels: ['bug', 'urgent'] }]],
    });
    assert.deepEqual([at.issue(1).title, at.issue(1).labels], ['Two', ['bug', 'urgent']]);
    assert.deepEqual([at.row(1).Name, at.row(1).Labels], ['Two', ['bug', 'urgent']]);
    await at.settle();
  }
});

// --- the title ---

test('a title goes both ways, on one line and at most 256 characters on GitHub', async (t) => {
  const { at, page } = await pair(t);
  at.github.editIssue(at.repo, 1, { title: 'From GitHub: ü, 你好, 🚀' });
  assert.deepEqual(changes(at, await at.pass()), [['write page', page, { Name: 'From GitHub: ü, 你好, 🚀' }]]);
  await at.settle();
  at.later();
  const long = `  Two\tlines\n and ${'🚀'.repeat(300)}`;
  at.notion.editPage(page, { Name: long });
  const [[, , { title }]] = changes(at, await at.pass());
  assert.ok(title.length > 254 && title.length <= 256, 'also where characters count twice');
  assert.match(title, /^Two lines {2}and 🚀+$/u);
  assert.equal(at.row(1).Name, long, 'the long title stays in Notion');
  await at.settle();
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Short' });
  assert.deepEqual(changes(at, await at.pass()), [['write page', page, { Name: 'Short' }]]);
});

test('a title that was emptied in Notion comes back', async (t) => {
  const { at, page } = await pair(t);
  at.notion.editPage(page, { Name: ' ' });
  assert.deepEqual(changes(at, await at.pass()), [['write page', page, { Name: 'One' }]]);
  await at.settle();
});

test('a conflict of titles: one side wins, the other is quoted', async (t) => {
  for (const [on_conflict, wins] of [['github', 'GitHub'], ['notion', 'Notion'], ['newest', 'Notion']]) {
    const { at, page } = await pair(t, { inputs: { on_conflict } });
    at.github.editIssue(at.repo, 1, { title: 'GitHub says' });
    at.later();
    at.notion.editPage(page, { Name: 'Notion says' });
    const lost = wins === 'GitHub' ? 'Notion says' : 'GitHub says';
    const result = await at.pass({ on_conflict });
    assert.deepEqual(verbs(perRecord(at, result)[1]), ['comment', wins === 'GitHub' ? 'write page' : 'write issue']);
    assert.deepEqual([at.issue(1).title, at.row(1).Name], [`${wins} says`, `${wins} says`]);
    const [comment] = at.comments(1).slice(1);
    assert.match(comment, new RegExp(`\`${wins} says\``));
    assert.match(comment, new RegExp(`\`\`\`text\\n${lost}\\n\`\`\``));
    assert.equal(result.outputs.conflicts, '1');
    for (const value of ['GitHub says', 'Notion says']) assert.ok(result.summary.includes(value), value);
    await at.settle({ on_conflict });
    assert.equal(at.comments(1).length, 2);
  }
});

test('newest: GitHub wins if its change was the later one', async (t) => {
  const { at, page } = await pair(t, { inputs: { on_conflict: 'newest' } });
  at.notion.editPage(page, { Name: 'Notion says' });
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'GitHub says' });
  await at.pass({ on_conflict: 'newest' });
  assert.deepEqual([at.issue(1).title, at.row(1).Name], ['GitHub says', 'GitHub says']);
});

test('the same edit on both sides is no conflict and writes to neither', async (t) => {
  const { at, page } = await pair(t);
  at.github.editIssue(at.repo, 1, { title: 'Same' });
  at.notion.editPage(page, { Name: 'Same' });
  const result = await at.pass();
  assert.deepEqual(changes(at, result), []);
  assert.equal(saves(result).length, 2, 'but it is remembered');
  at.later();
  at.notion.editPage(page, { Name: 'Other' });
  assert.deepEqual(changes(at, await at.pass()), [['write issue', 1, { title: 'Other' }]]);
});

// --- labels ---

test('labels are merged element by element', async (t) => {
  const { at, page } = await pair(t, { issue: { labels: ['keep', 'old', 'stale'] } });
  at.github.unlabel(at.repo, 1, 'old');
  at.github.label(at.repo, 1, ['from GitHub']);
  at.notion.editPage(page, { Labels: ['keep', 'old', 'from Notion'] });
  const result = await at.pass();
  assert.deepEqual(at.issue(1).labels, ['from GitHub', 'from Notion', 'keep']);
  assert.deepEqual([...at.row(1).Labels].sort(), ['from GitHub', 'from Notion', 'keep']);
  assert.equal(result.outputs.conflicts, '0');
  await at.settle();
});

test('removal on one side and addition on the other', async (t) => {
  const { at, page } = await pair(t, { issue: { labels: ['a', 'b'] } });
  at.github.unlabel(at.repo, 1, 'a');
  at.notion.editPage(page, { Labels: ['a', 'b', 'c'] });
  await at.pass();
  assert.deepEqual([at.issue(1).labels, [...at.row(1).Labels].sort()], [['b', 'c'], ['b', 'c']]);
  await at.settle();
  at.later();
  at.notion.editPage(page, { Labels: [] });
  assert.deepEqual(verbs(perRecord(at, await at.pass())[1]).includes('write page'), false);
  assert.deepEqual(at.issue(1).labels, []);
  await at.settle();
  at.later();
  at.github.label(at.repo, 1, ['d']);
  await at.pass();
  assert.deepEqual(at.row(1).Labels, ['d']);
  await at.settle();
});

test('a label with commas goes to Notion and back unharmed', async (t) => {
  const { at, page } = await pair(t, { issue: { labels: ['area: a, b', 'plain'] } });
  assert.equal(at.row(1).Labels.length, 2);
  assert.ok(at.row(1).Labels.every((name) => !name.includes(',')));
  at.notion.editPage(page, { Labels: at.row(1).Labels.filter((name) => name !== 'plain') });
  await at.pass();
  assert.deepEqual(at.issue(1).labels, ['area: a, b']);
  await at.settle();
  at.later();
  at.github.label(at.repo, 1, ['x,y,z']);
  await at.pass();
  await at.settle();
  assert.deepEqual(at.issue(1).labels, ['area: a, b', 'x,y,z']);
});

test('labels that are equal but for case are one label', async (t) => {
  const { at, page } = await pair(t, { issue: { labels: ['Bug'] } });
  at.notion.editPage(page, { Labels: ['bug'] });
  const before = at.issue(1).labels;
  const result = await at.pass();
  assert.deepEqual(at.issue(1).labels, before);
  assert.equal(result.outputs.conflicts, '0');
  await at.settle();
  at.later();
  at.notion.editPage(page, { Labels: ['bug', 'Übung', 'übung'] });
  await at.pass();
  assert.equal(at.issue(1).labels.length, 2);
  await at.settle();
});

test('labels that only Notion has are made on GitHub, those too long for it stay in Notion', async (t) => {
  const { at, page } = await pair(t);
  const long = 'l'.repeat(60);
  at.notion.editPage(page, { Labels: ['brand new', long] });
  await at.pass();
  assert.deepEqual(at.issue(1).labels, ['brand new']);
  assert.deepEqual(at.row(1).Labels, ['brand new', long]);
  await at.settle();
  at.later();
  at.github.label(at.repo, 1, ['more']);
  await at.pass();
  assert.deepEqual([...at.row(1).Labels].sort(), ['brand new', long, 'more']);
  await at.settle();
});

// --- the columns that show GitHub's side ---

test('Type, GitHub URL and GitHub State follow GitHub, whatever a person writes there', async (t) => {
  const { at, page } = await pair(t);
  at.github.close(at.repo, 1);
  await at.pass();
  assert.equal(at.row(1)['GitHub State'], 'Closed');
  await at.settle();
  at.later();
  at.notion.editPage(page, { Type: 'Pull request', 'GitHub URL': 'https://example.com', 'GitHub State': 'Merged' });
  assert.deepEqual(changes(at, await at.pass()), [
    ['write page', page, { Type: 'Issue', 'GitHub URL': 'https://github.com/acme/app/issues/1', 'GitHub State': 'Closed' }],
  ]);
  await at.settle();
  at.later();
  at.notion.editPage(page, { 'GitHub URL': null });
  assert.deepEqual(changes(at, await at.pass()), [['write page', page, { 'GitHub URL': 'https://github.com/acme/app/issues/1' }]]);
});

test('Repository and Author say where an issue is from and whose it is', async (t) => {
  const properties = { Repository: { select: [] }, Author: 'rich_text' };
  const { at, page } = await pair(t, { options: { properties }, issue: { by: 'alice' } });
  const filled = { Repository: 'acme/app', Author: 'alice' };
  assert.deepEqual({ ...at.row(1), ...filled }, at.row(1));
  const mine = at.addPage({ Name: 'Mine' });
  at.notion.editPage(page, { Author: 'mallory' });
  assert.deepEqual(perRecord(at, await at.pass())[1], [['write page', { Author: 'alice' }]]);
  assert.deepEqual([at.notion.values(mine).Repository, at.notion.values(mine).Author], ['acme/app', 'github-actions']);
  await at.settle();
});

// --- which properties take part ---

test('a column that Notion fills in itself is not meant by a default name', async (t) => {
  const { at } = await pair(t, { options: { properties: { Author: 'created_by' } } });
  const { stderr, stdout } = await at.pass({ mode: 'full', property_map: ['author = Author'] }, { code: 2 });
  assert.match(stdout + stderr, /"Author" is of type created_by, but author needs rich_text select/);
});

test('property_map renames fields and turns them off', async (t) => {
  const properties = { Name: null, Labels: null, Aufgabe: 'title', Schilder: { multi_select: [] } };
  const property_map = ['title = Aufgabe', '# a comment', 'labels = Schilder', 'status =', 'type ='];
  const { at, page } = await pair(t, { options: { properties }, inputs: { property_map }, issue: { labels: ['bug'] } });
  assert.deepEqual(at.row(1), {
    Aufgabe: 'One', Schilder: ['bug'], Status: 'Not started', 'GitHub ID': 1, Type: null,
    'GitHub URL': 'https://github.com/acme/app/issues/1', 'GitHub State': 'Open',
  });
  at.notion.editPage(page, { Status: 'Done', Aufgabe: 'Zwei' });
  assert.deepEqual(changes(at, await at.pass({ property_map })), [['write issue', 1, { title: 'Zwei' }]]);
  at.later();
  at.github.close(at.repo, 1);
  at.notion.editPage(page, { Status: 'Review' });
  assert.deepEqual(changes(at, await at.pass({ property_map })), [['write page', page, { 'GitHub State': 'Closed' }]]);
});

test('a title that is turned off still names what is created', async (t) => {
  const at = await story(t);
  const inputs = { property_map: ['title ='] };
  at.addIssue({ title: 'Issue' });
  const page = at.addPage({ Name: 'Page' });
  await at.pass(inputs);
  assert.deepEqual([at.row(1).Name, at.issue(2).title], ['Issue', 'Page']);
  at.later();
  at.github.editIssue(at.repo, 1, { title: 'Other issue' });
  at.notion.editPage(page, { Name: 'Other page' });
  assert.deepEqual(changes(at, await at.pass(inputs)), []);
});

test('optional properties that the database lacks are simply off', async (t) => {
  const properties = { Status: null, Labels: null, Type: null, 'GitHub URL': null, 'GitHub State': null };
  const { at, page } = await pair(t, { options: { properties }, issue: { labels: ['bug'] } });
  assert.deepEqual(at.row(1), { Name: 'One', 'GitHub ID': 1 });
  at.github.close(at.repo, 1);
  at.github.label(at.repo, 1, ['x']);
  assert.deepEqual(changes(at, await at.pass()), []);
  at.notion.editPage(page, { Name: 'Two' });
  assert.deepEqual(changes(at, await at.pass()), [['write issue', 1, { title: 'Two' }]]);
  assert.deepEqual(markers(at.comments(1)), [`page=${page}`]);
});

test('a property that is renamed between passes is still the same', async (t) => {
  const { at, page } = await pair(t, { inputs: { property_map: ['labels = Labels'] } });
  at.notion.renameProperty(at.dataSource, 'Labels', 'Tags');
  at.notion.renameProperty(at.dataSource, 'Name', 'Task');
  at.github.label(at.repo, 1, ['new']);
  at.notion.editPage(page, { Task: 'Renamed' });
  await at.pass({ property_map: ['labels = Tags'] });
  assert.deepEqual([at.issue(1).title, at.row(1).Tags], ['Renamed', ['new']]);
});

// --- another property in the place of the old one is nobody's edit ---

const REPLACED = {
  'property_map names another one': (at) => {
    at.notion.addProperty(at.dataSource, 'Tags', { multi_select: [] });
    return { property_map: ['labels = Tags'] };
  },
  'the column was deleted and made anew': (at) => {
    at.notion.removeProperty(at.dataSource, 'Labels');
    at.notion.addProperty(at.dataSource, 'Labels', { multi_select: [] });
    return {};
  },
};

for (const [[name, replace], mode] of combinations(Object.entries(REPLACED), ['full', 'auto'])) {
  test(`labels survive that ${name} (${mode})`, async (t) => {
    const { at } = await pair(t, { issue: { labels: ['bug', 'urgent'] } });
    const inputs = { mode, ...replace(at) };
    at.github.label(at.repo, 1, ['new']);
    await at.pass(inputs);
    const column = inputs.property_map ? 'Tags' : 'Labels';
    assert.deepEqual(at.issue(1).labels, ['bug', 'new', 'urgent']);
    assert.deepEqual([...at.row(1)[column]].sort(), ['bug', 'new', 'urgent']);
    await at.settle({ ...inputs, mode: 'auto' });
    at.later();
    at.notion.editPage(at.page(1), { [column]: ['bug'] });
    await at.pass({ ...inputs, mode: 'auto' });
    assert.deepEqual(at.issue(1).labels, ['bug'], 'from then on it counts');
    await at.settle({ ...inputs, mode: 'auto' });
  });
}

test('a new status column reopens nothing: it gets GitHub\'s state', async (t) => {
  const { at } = await pair(t);
  at.github.close(at.repo, 1);
  await at.pass();
  await at.settle();
  at.later();
  at.notion.removeProperty(at.dataSource, 'Status');
  at.notion.addProperty(at.dataSource, 'Status', 'status');
  await at.pass({ mode: 'full' });
  assert.deepEqual([at.issue(1).state, at.row(1).Status], ['closed', 'Done']);
  await at.settle();
});
