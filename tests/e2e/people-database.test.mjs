// people_database: who is who, as a database of Notion's lists it.

import assert from 'node:assert/strict';
import test from 'node:test';

import { inWords, story } from './sync-story.mjs';

const repo = { collaborators: ['alice', 'bob', 'carol', 'dave'] };
const COLUMNS = { Name: 'title', Person: 'people', 'GitHub login': 'rich_text', Notes: 'rich_text' };

// A board, and a directory in which Ann and Ben are alice and bob, and Gil has no login.
async function team(t, { columns = COLUMNS, rows, sources, options } = {}) {
  const at = await story(t, { properties: { Assignees: 'people' }, repo, ...options });
  const users = Object.fromEntries(['Ann', 'Ben', 'Gil', 'Eve'].map((name) => [name, at.notion.addUser({ name, email: `${name.toLowerCase()}@example.com` })]));
  const list = { name: 'Team', properties: columns };
  at.directory = at.notion.addDatabase({ title: 'Team', dataSources: sources?.(list) ?? [list] });
  at.person = (name, login, more) => at.notion.addPage(at.directory, { Name: name, Person: [users[name]?.id].filter(Boolean), 'GitHub login': login, ...more });
  if (rows) rows(at, users);
  else for (const [name, login] of [['Ann', 'alice'], ['Ben', ' @Bob '], ['Gil', '']]) at.person(name, login);
  return Object.assign(at, { users, given: { people_database: at.directory.dataSource } });
}

const isDirectory = (at) => ({ path }) => path.includes(at.directory.dataSource) || path.includes(at.directory.id);
const asked = (at, run) => run.requests.filter(isDirectory(at)).map(inWords).map((words) => words.replace(/\?.*/, ''));
const READS = ['notion GET /v1/data_sources/{id}', 'notion POST /v1/data_sources/{id}/query'];
const both = (at) => [[...at.issue(1).assignees].sort(), at.row(1).Assignees];

test('assignees go both ways by it; it is read once in a run that needs it, and never in a quiet one', async (t) => {
  const at = await team(t);
  at.addIssue({ title: 'One', assignees: ['alice', 'carol'] });
  const run = await at.pass(at.given);
  assert.deepEqual(both(at), [['alice', 'carol'], ['Ann']]);
  assert.deepEqual(asked(at, run), READS);
  await at.settle(at.given); // ends with a quiet run of two requests
  at.later();
  at.notion.editPage(at.page(1), { Assignees: [at.users.Ben.id, at.users.Gil.id] });
  assert.deepEqual(asked(at, await at.pass(at.given)), READS);
  assert.deepEqual(both(at), [['bob', 'carol'], ['Ben', 'Gil']]);
  await at.settle(at.given);
});

test('an id of the database, links, logins as addresses, and a title that holds the logins', async (t) => {
  const at = await team(t, {
    columns: { 'Login on GitHub': 'title', Person: 'people', Notes: 'rich_text' },
    rows: (it, users) => {
      it.notion.addPage(it.directory, { 'Login on GitHub': 'https://github.com/alice/', Person: [users.Ann.id], Notes: 'boss' });
      it.notion.addPage(it.directory, { 'Login on GitHub': 'github.com/bob?tab=x', Person: [users.Ben.id] });
    },
  });
  at.addIssue({ title: 'One', assignees: ['alice', 'bob'] });
  for (const people_database of [at.directory.id, `https://www.notion.so/acme/Team-${at.directory.id.replace(/-/g, '')}?v=${'1'.repeat(32)}`]) {
    await at.pass({ people_database, mode: 'full' });
    assert.deepEqual(both(at), [['alice', 'bob'], ['Ann', 'Ben']]);
    at.later();
  }
});

test('people_map wins over it, by login and by person', async (t) => {
  const at = await team(t, { rows: (it) => { it.person('Ann', 'alice'); it.person('Ben', 'bob'); it.person('Gil', 'carol'); } });
  at.addIssue({ title: 'One', assignees: ['alice', 'bob', 'carol', 'dave'] });
  const run = await at.pass({ ...at.given, people_map: [`alice = ${at.users.Eve.id}`, 'dave = ben@example.com'] });
  assert.deepEqual(at.row(1).Assignees, ['Ben', 'Eve', 'Gil']);
  assert.deepEqual(run.commands.filter(({ name, data }) => name === 'warning' && /people/.test(data)), []);
});

test('rows that say nothing sure are left out and counted', async (t) => {
  const at = await team(t, {
    rows: (it, users) => {
      it.person('Eve', 'dave');
      it.person('Ann', 'alice');
      it.person('Ann', 'ALICE');
      it.person('Ben', 'bob');
      it.person('Gil', 'BOB');
      it.person('Gil', 'not a login');
      it.person('Nobody', 'carol');
      it.notion.addPage(it.directory, { Name: 'Pair', Person: [users.Eve.id, users.Gil.id], 'GitHub login': 'bob' });
      it.notion.trashPage(it.person('Eve', 'carol'));
    },
  });
  at.addIssue({ title: 'One', assignees: ['alice', 'bob', 'carol', 'dave'] });
  const run = await at.pass(at.given);
  assert.deepEqual(at.row(1).Assignees, ['Ann', 'Eve']);
  assert.match(run.stdout, /people_database: 4 pages are left out/);
  assert.doesNotMatch(run.stdout, /not a login/);
});

test('many rows come in pages of a hundred', async (t) => {
  const at = await team(t, {
    rows: (it) => {
      for (let i = 0; i < 230; i += 1) it.notion.addPage(it.directory, { Name: `P${i}`, Person: [it.notion.addUser({ name: `P${i}` }).id], 'GitHub login': i === 229 ? 'carol' : `p${i}` });
    },
  });
  at.addIssue({ title: 'One', assignees: ['carol'] });
  assert.equal(asked(at, await at.pass(at.given)).length, 4);
  assert.deepEqual(at.row(1).Assignees, ['P229']);
});

test('people in it are mentioned on GitHub, and nobody else', async (t) => {
  const at = await team(t, { options: { properties: {} } });
  const { Ann } = at.users;
  at.addPage({ Name: 'One' }, { markdown: `Ask @alice, @stranger and <mention url="user://${Ann.id}">Ann</mention>.` });
  await at.pass(at.given);
  assert.match(at.issue(1).body, /^Ask @alice, @\u2060stranger and @alice\./);
});

for (const [what, columns, words] of [
  ['no column for people', { Name: 'title', Login: 'rich_text' }, /people_database: the database has 0 columns of the type person, and needs one/],
  ['two columns for people', { Name: 'title', Person: 'people', Boss: 'people' }, /people_database: the database has 2 columns of the type person/],
  ['two text columns of no telling name', { Name: 'title', Person: 'people', A: 'rich_text', B: 'rich_text' }, /people_database: .*call one of them "GitHub login"/],
  ['two telling names', { Login: 'title', Person: 'people', GitHub: 'rich_text' }, /people_database: .*several text columns/],
]) {
  test(`${what}: the run says so and does nothing`, async (t) => {
    const at = await team(t, { columns, rows: () => {} });
    at.addIssue({ title: 'One' });
    const run = await at.pass(at.given, { code: 2 });
    assert.match(run.stdout, words);
    assert.deepEqual(at.rows(), []);
  });
}

test('one that is not shared, has several data sources, or is a page: what to do', async (t) => {
  const at = await team(t, { sources: (list) => [list, { ...list, name: 'Others' }] });
  at.addIssue({ title: 'One' });
  const several = await at.pass({ people_database: at.directory.id }, { code: 2 });
  assert.match(several.stdout, /people_database: .*set people_database to the id of one of them: Team \(/);
  const unknown = await at.pass({ people_database: 'f'.repeat(32) }, { code: 2 });
  assert.match(unknown.stdout, /people_database: Notion knows no database f{8}-.*Connections/);
  const page = await at.pass({ people_database: at.addPage({ Name: 'A page' }) }, { code: 2 });
  assert.match(page.stdout, /people_database: .*is no database but a page/);
});

test('bad values', async (t) => {
  const at = await story(t);
  for (const [people_database, words] of [['team', /people_database: .*link or id \(32 hex digits\)/], [at.inputs.notion_database, /people_database: .*This is notion_database/]]) {
    const run = await at.pass({ people_database }, { code: 2 });
    assert.match(run.stdout, words);
    assert.equal(run.requests.length, 0);
  }
});

test('check lists logins and people without a partner', async (t) => {
  const at = await team(t, {
    rows: (it, users) => {
      it.person('Ann', 'alice');
      it.person('Gil', '');
      it.person('Nobody', 'carol');
      it.person('Eve', 'no login');
      it.notion.addPage(it.directory, { Name: 'Pair', Person: [users.Eve.id, users.Gil.id], 'GitHub login': 'bob' });
      it.person('Ben', 'stranger');
    },
  });
  at.addIssue({ title: 'One', assignees: ['alice', 'dave'] });
  at.addPage({ Name: 'Two', Assignees: [at.users.Ann.id, at.users.Gil.id] });
  const run = await at.sync({ ...at.given, check: 'true' });
  const line = (words) => run.stdout.split('\n').find((it) => words.every((word) => it.includes(word))) ?? `no line with ${words}\n${run.stdout}`;
  assert.match(line(['“alice”', '“Ann”']), /✓ .*can be assigned/);
  assert.match(line(['“Gil”', 'no login']), /nobody/);
  assert.match(line(['“carol”']), /nobody.*no person/);
  assert.match(line(['“no login”']), /left out/);
  assert.match(line(['“bob”']), /several people/);
  assert.match(line(['“stranger”', '“Ben”']), /✗ .*cannot be assigned/);
  assert.match(line(['“dave”']), /assigned on GitHub/);
  assert.match(line(['“Gil”', 'assigned in Notion']), /nobody/);
  assert.match(run.stdout, /people_database: GitHub does not let stranger be assigned/);
});

test('a public repository: no run and no check shows what is in the database', async (t) => {
  const at = await team(t, {
    options: { repo: { ...repo, private: false } },
    rows: (it) => { it.person('Ann', 'alice'); it.person('Gil', ''); it.person('Eve', 'secret words'); it.person('Ben', 'stranger'); },
  });
  at.addIssue({ title: 'One', assignees: ['alice'] });
  const run = await at.pass(at.given);
  assert.deepEqual(at.row(1).Assignees, ['Ann']);
  const check = await at.sync({ ...at.given, check: 'true' });
  for (const { stdout, stderr, summary } of [run, check]) assert.doesNotMatch(stdout + stderr + summary, /\b(?:Ann|Gil|Eve|Team|stranger)\b|secret words/);
  for (const words of [/2 pages .*with a login and a person/, /1 page .*without a login/, /1 page .*no login: left out/]) assert.match(check.stdout, words);
});
