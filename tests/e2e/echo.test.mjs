// What our own writes left is nobody's wish: runs whose save failed, and people who continue.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { combinations } from './cases.mjs';
import { HOUR, MINUTE, story } from './sync-story.mjs';

const repo = { collaborators: ['alice', 'bob'], milestones: ['v1', 'v2'] };
const columns = { Assignees: 'people', Milestone: { select: [] } };

async function board(t, { inputs = {}, personal = false } = {}) {
  const at = await story(t, { repo, properties: columns });
  if (personal) at.notion.integration.person = at.notion.addUser({ name: 'Paula' }).id;
  at.notion.addProperty(at.dataSource, 'Parent', { relation: { data_source_id: at.dataSource } });
  at.notion.addUser({ name: 'Ann', email: 'ann@example.com' });
  at.notion.addUser({ name: 'Ben', email: 'ben@example.com' });
  const all = { people_map: ['alice = ann@example.com', 'bob = ben@example.com'], ...inputs };
  at.addIssue({ title: 'One', body: 'First.\n\nSecond.', labels: ['bug'], assignees: ['alice'], milestone: 1 });
  at.addIssue({ title: 'Parent' });
  at.addIssue({ title: 'Other parent' });
  at.github.addSubIssue(at.repo, 2, 1);
  await at.pass(all);
  at.later();
  await at.pass(all);
  at.later(HOUR);
  return Object.assign(at, { all, one: at.page(1) });
}

const parentOf = (at) => at.github.issue(at.repo, 1).parent?.number ?? null;
const rowParent = (at) => (at.row(1).Parent ?? []).map((id) => at.notion.values(id)['GitHub ID'])[0] ?? null;

// What a person does on either side (`old` and `fresh`), and what is to be seen there.
const FIELDS = {
  title: {
    github: (at, value) => at.github.editIssue(at.repo, 1, { title: value }),
    notion: (at, value) => at.notion.editPage(at.one, { Name: value }),
    seen: (at) => [at.issue(1).title, at.row(1).Name], old: 'One', fresh: 'Two',
  },
  status: {
    github: (at, open) => (open ? at.github.reopen(at.repo, 1) : at.github.close(at.repo, 1)),
    notion: (at, open) => at.notion.editPage(at.one, { Status: open ? 'Not started' : 'Done' }),
    seen: (at) => [at.issue(1).state === 'open', at.row(1).Status !== 'Done'], old: true, fresh: false,
  },
  'an added label': {
    github: (at, has) => (has ? at.github.label(at.repo, 1, ['new']) : at.github.unlabel(at.repo, 1, 'new')),
    notion: (at, has) => at.notion.editPage(at.one, { Labels: has ? ['bug', 'new'] : ['bug'] }),
    seen: (at) => [at.issue(1).labels.includes('new'), at.row(1).Labels.includes('new')], old: false, fresh: true,
  },
  'a removed label': {
    github: (at, has) => (has ? at.github.label(at.repo, 1, ['bug']) : at.github.unlabel(at.repo, 1, 'bug')),
    notion: (at, has) => at.notion.editPage(at.one, { Labels: has ? ['bug'] : [] }),
    seen: (at) => [at.issue(1).labels.includes('bug'), at.row(1).Labels.includes('bug')], old: true, fresh: false,
  },
  assignees: {
    github: (at, both) => (both ? at.github.assign(at.repo, 1, 'bob') : at.github.unassign(at.repo, 1, 'bob')),
    notion: (at, both) => at.notion.editPage(at.one, { Assignees: both ? ['Ann', 'Ben'] : ['Ann'] }),
    seen: (at) => [at.issue(1).assignees.includes('bob'), at.row(1).Assignees.includes('Ben')], old: false, fresh: true,
  },
  milestone: {
    github: (at, value) => at.github.editIssue(at.repo, 1, { milestone: Number(value.slice(1)) }),
    notion: (at, value) => at.notion.editPage(at.one, { Milestone: value }),
    seen: (at) => [at.issue(1).milestone, at.row(1).Milestone], old: 'v1', fresh: 'v2',
  },
  parent: {
    github: (at, value) => { at.github.removeSubIssue(at.repo, parentOf(at), 1); at.github.addSubIssue(at.repo, value, 1); },
    notion: (at, value) => at.notion.editPage(at.one, { Parent: [at.page(value)] }),
    seen: (at) => [parentOf(at), rowParent(at)], old: 2, fresh: 3, mode: 'full',
  },
  text: {
    github: (at, value) => at.github.editIssue(at.repo, 1, { body: value }),
    notion: (at, value) => at.notion.editContent(at.one, () => value),
    seen: (at) => [at.issue(1).body, at.notion.markdown(at.one)].map((text) => text.trim().replace(/\n+/g, '\n')),
    old: 'First.\n\nSecond.', fresh: 'First.\n\nSecond, and more.', shown: (value) => value.replace(/\n+/g, '\n'),
  },
};

const isLastSave = ({ method, path, body }) => method === 'POST' && /\/git\/commits$/.test(path) && /^Run done/.test(body.message);

// How a run ends that wrote and could not say so.
const ENDINGS = {
  'is killed before its last save': (at, inputs) => at.sync(inputs, { killAt: { match: isLastSave, phase: 'before' } }),
  'is refused its last save': async (at, inputs) => {
    at.sandbox.fault({ service: 'github', method: 'POST', path: /\/git\/commits$/, match: isLastSave, kind: 'status', status: 422, times: 1 });
    await at.sync(inputs);
    at.sandbox.clearFaults();
  },
};

async function failing(at, ending, inputs) {
  await ENDINGS[ending](at, inputs);
  at.later(HOUR);
}

async function isSetBack(t, field, ending, side, options) {
  const at = await board(t, options);
  const shown = (value) => (field.shown ?? ((it) => it))(value);
  const inputs = { ...at.all, ...(field.mode ? { mode: field.mode } : {}) };
  assert.deepEqual(field.seen(at), [shown(field.old), shown(field.old)]);
  field[side](at, field.fresh);
  at.later();
  await failing(at, ending, inputs);
  assert.deepEqual(field.seen(at), [shown(field.fresh), shown(field.fresh)], 'the run carried it over');
  field[side](at, field.old);
  at.later();
  const run = await at.pass(inputs);
  assert.deepEqual(field.seen(at), [shown(field.old), shown(field.old)]);
  assert.equal(run.outputs.conflicts, '0');
  at.later();
  await at.settle(at.all);
}

// With a personal token of Notion's our writes and that person's edits have one author.
for (const [name, side] of combinations(['title', 'status', 'an added label', 'text'], ['github', 'notion']))
  test(`a personal token: ${name}: changed in ${side}, set back there after a run that could not save: set back on both sides`, (t) =>
    isSetBack(t, FIELDS[name], 'is refused its last save', side, { personal: true }));

for (const [[name, field], ending, side] of combinations(Object.entries(FIELDS), Object.keys(ENDINGS), ['github', 'notion'])) {
  const mode = field.mode ? { mode: field.mode } : {};

  test(`${name}: changed in ${side}, carried over by a run that ${ending}, set back there: set back on both sides`, (t) => isSetBack(t, field, ending, side));

  test(`${name}: changed in ${side}, carried over by a run that ${ending}, left so: nothing is written any more`, async (t) => {
    const at = await board(t);
    field[side](at, field.fresh);
    at.later();
    await failing(at, ending, { ...at.all, ...mode });
    const before = JSON.stringify(at.both());
    await at.pass({ ...at.all, ...mode });
    assert.equal(JSON.stringify(at.both()), before);
    at.later();
    await at.settle(at.all);
  });
}

test('text: carried over by a run that died within the minute of the last look, set back: set back on both sides', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One', body: 'First.' });
  await at.pass();
  at.sandbox.clock.advance(3000);
  at.github.editIssue(at.repo, 1, { body: 'First.\n\nSecond.' });
  await at.sync({}, { killAt: { match: isLastSave, phase: 'before' } });
  assert.equal(at.notion.markdown(at.page(1)), 'First.\n\nSecond.', 'the run carried it over');
  at.github.editIssue(at.repo, 1, { body: 'First.' });
  at.later(HOUR);
  await at.pass();
  assert.equal(at.notion.markdown(at.page(1)), 'First.');
  assert.equal(at.issue(1).body, 'First.');
  await at.settle();
});

const isPageWrite = ({ method, path }) => method === 'PATCH' && /\/v1\/pages\//.test(path);
const diedAfterPage = (at, inputs, phase = 'after') => at.sync(inputs, { killAt: { match: isPageWrite, phase } });
const STATUS_ENDINGS = { ...ENDINGS, 'is killed after it wrote the page': diedAfterPage };
const quoted = (option) => new RegExp(`Notion had:\\s+\`\`\`text\\s+${option}\\n`);

for (const [[ending, end], option] of combinations(Object.entries(STATUS_ENDINGS), ['Not started', 'In progress'])) {
  test(`status: closed on GitHub, carried over by a run that ${ending}, the page set to ${option}: what is overwritten is quoted`, async (t) => {
    const at = await board(t);
    at.github.close(at.repo, 1);
    at.later();
    await end(at, at.all);
    at.later(HOUR);
    assert.equal(at.row(1).Status, 'Done');
    at.notion.editPage(at.one, { Status: option });
    at.later();
    const { outputs } = await at.pass(at.all);
    assert.equal(outputs.conflicts, '1');
    assert.equal(at.row(1).Status, 'Done');
    assert.match(at.comments(1).join('\n'), quoted(option));
    await at.settle(at.all);
  });

  test(`status: shown in another column by a run that ${ending}, the page set to ${option} there: what is overwritten is quoted`, async (t) => {
    const { at, inputs } = await withStage(t);
    await end(at, inputs);
    at.later(HOUR);
    assert.equal(at.row(1).Stage, 'Done');
    at.notion.editPage(at.page(1), { Stage: option });
    at.later();
    const { outputs } = await at.pass(inputs);
    assert.equal(outputs.conflicts, '1');
    assert.equal(at.row(1).Stage, 'Done');
    assert.match(at.comments(1).join('\n'), quoted(option));
    await at.settle(inputs);
  });
}

test('status: a run died before it wrote another column, nobody touched the page: its default is nobody\'s word', async (t) => {
  const { at, inputs } = await withStage(t);
  await diedAfterPage(at, inputs, 'before');
  at.later(HOUR);
  assert.equal(at.row(1).Stage, 'Not started');
  const { outputs } = await at.pass(inputs);
  assert.equal(outputs.conflicts, '0');
  assert.equal(at.row(1).Stage, 'Done');
  await at.settle(inputs);
});

// A closed issue whose status is to be shown in a column that no run knew before.
async function withStage(t) {
  const at = await story(t, { properties: { Stage: { status: {} } } });
  at.addIssue({ title: 'One' });
  await at.pass();
  at.later();
  at.github.close(at.repo, 1);
  at.later();
  await at.pass();
  at.later(HOUR);
  assert.equal(at.row(1).Stage, 'Not started');
  return { at, inputs: { property_map: ['status = Stage'] } };
}

test('an issue was made for a page by a run that died: what people then say on the page is no conflict with our own write', async (t) => {
  const at = await story(t);
  const page = at.addPage({ Name: 'One', Labels: ['bug', 'old'] }, { markdown: 'Text.' });
  at.later();
  await at.sync({}, { killAt: { match: ({ method, path }) => method === 'POST' && path === '/repos/acme/app/issues', phase: 'after' } });
  assert.equal(at.issue(1).title, 'One');
  at.later(20 * MINUTE);
  at.notion.editPage(page, { Name: 'Two', Labels: ['bug'] });
  at.notion.editContent(page, 'Text, again.');
  at.later(20 * MINUTE);
  await at.pass();
  assert.deepEqual([at.issue(1).title, at.row(1).Name, at.issue(1).labels, at.row(1).Labels], ['Two', 'Two', ['bug'], ['bug']]);
  assert.match(at.issue(1).body, /^Text, again\./);
  assert.equal(at.comments(1).length, 1, at.comments(1).join('\n'));
  await at.settle();
});
