// A public repository: nothing of Notion's is published there before `publish: true`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, story } from './sync-story.mjs';

const SECRET = 'Layoffs in spring';
const OPTION = 'Waiting for legal';
const PUBLIC = { repo: { private: false, labels: ['bug', 'docs'] } };

const properties = { Status: { status: { 'To-do': ['Not started'], 'In progress': [OPTION, 'Review'], Complete: ['Done and dusted'] } } };

// All that anybody can read: issues, comments, the log, the summary and every request's text to GitHub.
function published(at, ...runs) {
  const sent = runs.flatMap(({ requests }) => requests.filter(({ service, path }) => service === 'github' && path !== '/graphql' && !/\/git\//.test(path)).map(({ body }) => JSON.stringify(body)));
  return [JSON.stringify(at.github.snapshot(at.repo).issues), ...sent, ...runs.flatMap(({ stdout, stderr, summary }) => [stdout, stderr, summary])].join('\n');
}

const nothing = (text, ...words) => { for (const word of words) assert.ok(!text.includes(word), `${word} was published:\n${text.slice(Math.max(0, text.indexOf(word) - 300), text.indexOf(word) + 300)}`); };

async function board(t, options = {}) {
  const at = await story(t, { title: 'Board of secrets', ...PUBLIC, properties, ...options });
  at.rows = () => at.notion.snapshot({ ids: true })['Board of secrets'].filter((row) => !row.trashed).map((row) => row.values);
  return at;
}

test('no row becomes an issue, the pass is green and says what it held back and how to allow it', async (t) => {
  const at = await board(t);
  at.addPage({ Name: SECRET, Status: OPTION, Labels: ['internal'] });
  at.addPage({ Name: 'Another' });
  const run = await at.pass();
  assert.deepEqual(at.issues(), []);
  for (const text of [run.summary, run.stdout]) {
    assert.match(text, /public/);
    assert.match(text, /2 pages became no issue/);
    assert.match(text, /`publish: true`/);
  }
  nothing(published(at, run), SECRET, 'Another', OPTION, 'internal', 'Board of secrets', 'Board-of-secrets');
  const quiet = await at.pass();
  assert.deepEqual(changes(at, quiet), []);
});

test('with `publish: true`, and in a private repository, rows become issues as always', async (t) => {
  for (const [options, inputs] of [[PUBLIC, { publish: 'true' }], [{ repo: { private: true } }, {}]]) {
    const at = await story(t, options);
    at.addPage({ Name: 'Row' });
    await at.pass(inputs);
    assert.deepEqual(at.issues().map(({ title }) => title), ['Row']);
    await at.settle(inputs);
  }
});

test('issues get pages; the link comment names the page by its bare link', async (t) => {
  const at = await board(t);
  at.addIssue({ title: 'Login fails', labels: ['bug'], body: 'It does.' });
  const run = await at.pass();
  const page = at.rows()[0];
  assert.equal(page.Name, 'Login fails');
  const id = at.notion.snapshot({ ids: true })['Board of secrets'][0].id.replace(/-/g, '');
  assert.match(at.comments(1)[0], new RegExp(`https://app\\.notion\\.com/[^\\s-]*\\b${id}\\b`));
  assert.doesNotMatch(at.comments(1)[0], /Login/);
  nothing(published(at, run), 'Not started', 'Board of secrets', 'Board-of-secrets');
});

async function linked(t, inputs = {}) {
  const at = await board(t);
  at.addIssue({ title: 'Login fails', labels: ['bug'], body: 'It does.' });
  const page = at.addPage({ Name: 'Login fails', Status: OPTION, Labels: ['bug'], 'GitHub ID': 1 }, { markdown: 'It does.' });
  await at.pass(inputs);
  at.later();
  return { at, page };
}

test('titles, texts and comments of a page stay there; status and known labels are synced', async (t) => {
  const { at, page } = await linked(t, { sync_comments: 'both' });
  at.notion.editPage(page, { Name: SECRET, Labels: ['bug', 'docs', 'internal'], Status: 'Done and dusted' });
  at.notion.editContent(page, () => `It does.\n\n${SECRET} in text`);
  at.notion.addComment(page, `${SECRET} said`);
  const run = await at.pass({ sync_comments: 'both', mode: 'full' });
  assert.equal(at.issue(1).title, 'Login fails');
  assert.equal(at.issue(1).body, 'It does.');
  assert.equal(at.issue(1).state, 'closed');
  assert.deepEqual(at.issue(1).labels.sort(), ['bug', 'docs']);
  assert.match(at.comments(1).at(-1), /^Closed: the status of its Notion page https:\S+ was changed from open to closed on /);
  assert.doesNotMatch(at.comments(1).at(-1), / by /);
  nothing(published(at, run), 'Layoffs', OPTION, 'Done and dusted', 'internal', 'Paula');
  assert.deepEqual(at.notion.values(page).Labels.sort(), ['bug', 'docs', 'internal']);
  at.later();
  const second = await at.pass({ sync_comments: 'both' });
  assert.deepEqual(changes(at, second), []);
});

test('a label goes as soon as GitHub has it', async (t) => {
  const { at, page } = await linked(t);
  at.notion.editPage(page, { Labels: ['bug', 'internal'] });
  await at.pass();
  assert.deepEqual(at.issue(1).labels, ['bug']);
  at.later();
  at.github.addLabel(at.repo, 'internal');
  await at.pass({ mode: 'full' });
  assert.deepEqual(at.issue(1).labels.sort(), ['bug', 'internal']);
});

test('a label that is removed on GitHub is removed from the page, be it from the issue or from the repository', async (t) => {
  for (const remove of [(at) => at.github.unlabel(at.repo, 1, 'bug'), (at) => { at.github.unlabel(at.repo, 1, 'bug'); at.github.repo(at.repo).labels.delete('bug'); }]) {
    const at = await board(t);
    at.addIssue({ title: 'Login fails', labels: ['bug', 'docs'] });
    await at.pass();
    at.later();
    remove(at);
    await at.pass();
    assert.deepEqual([at.issue(1).labels, at.rows()[0].Labels], [['docs'], ['docs']]);
    await at.settle();
  }
});

test('`publish` set later publishes what was held back, once', async (t) => {
  const { at, page } = await linked(t);
  at.notion.editPage(page, { Name: 'Public title' });
  await at.pass();
  at.later();
  assert.equal(at.issue(1).title, 'Login fails');
  await at.pass({ publish: 'true' });
  assert.equal(at.issue(1).title, 'Public title');
  await at.settle({ publish: 'true' });
});

test('check says it before it happens', async (t) => {
  const at = await board(t);
  at.addPage({ Name: SECRET });
  const run = await at.sync({ check: 'true' });
  assert.match(run.stdout, /publish: true/);
  nothing(run.stdout + run.summary, SECRET, 'Board of secrets', OPTION);
});

test('a text that may not go to GitHub is on no ref of a public repository', async (t) => {
  for (const inputs of [{}, { publish: 'true', sync_body: 'to_notion' }]) {
    const at = await board(t);
    at.addIssue({ title: 'Login fails', body: 'It does.\n\nOften.' });
    const runs = [await at.pass(inputs)];
    const page = at.notion.snapshot({ ids: true })['Board of secrets'][0].id;
    at.later();
    at.notion.editContent(page, (text) => `${text}\n\n${SECRET} in text`);
    runs.push(await at.pass(inputs));
    at.later();
    at.github.editIssue(at.repo, 1, { body: 'It does not.\n\nOften.' });
    runs.push(await at.pass(inputs));
    assert.match(at.notion.markdown(page), /It does not/);
    const said = at.notion.markdown(page) + at.notion.commentsOf(page).map(({ text }) => text).join('\n');
    assert.ok(said.includes('Layoffs'), said);
    const sent = runs.flatMap(({ requests }) => requests.filter(({ service, path }) => service === 'github' && /\/git\//.test(path)).map(({ body }) => JSON.stringify(body)));
    nothing(sent.join('\n'), 'Layoffs');
  }
});

test('a run that finds the board misfit names neither it nor its options', async (t) => {
  const at = await board(t);
  at.addPage({ Name: SECRET });
  const run = await at.pass({ status_map: 'Shipped = closed', setup: 'none' }, { code: 2 });
  assert.match(run.stdout, /status_map names/);
  nothing(published(at, run), SECRET, OPTION, 'Board of secrets', 'Board-of-secrets');
});

test('what a message of Notion quotes stays out of log and summary', async (t) => {
  const { at } = await linked(t);
  at.github.editIssue(at.repo, 1, { title: 'Login fails often' });
  const message = `body.properties.kSKY.status.name should be "${OPTION}" or \\"Done and dusted\\", instead of \`${SECRET}\``;
  at.sandbox.fault({ service: 'notion', method: 'PATCH', path: /v1\/pages/, kind: 'status', status: 400, times: 50, body: { object: 'error', status: 400, code: 'validation_error', message } });
  const run = await at.pass({}, { code: 1 });
  assert.match(run.stdout, /Notion refuses: body\.properties\.kSKY\.status\.name should be "\.\.\."/);
  nothing(published(at, run), SECRET, OPTION, 'Done and dusted');
});

test('an error about which database is meant names data sources by id, and neither workspace nor connection', async (t) => {
  const at = await board(t);
  const several = at.notion.addDatabase({ title: SECRET, dataSources: [SECRET, OPTION].map((name) => ({ name, properties: { Name: 'title', Person: 'people' } })) });
  at.addIssue({ title: 'One' });
  for (const check of ['false', 'true']) {
    for (const inputs of [{ notion_database: several.id }, { people_database: several.id, property_map: 'assignees = Who' }]) {
      if (inputs.people_database && !at.who) at.who = at.notion.addProperty(at.dataSource, 'Who', 'people');
      const run = await at.pass({ check, ...inputs }, { code: 2 });
      for (const { id } of several.dataSources) assert.ok(run.stdout.includes(id), run.stdout);
      nothing(published(at, run), SECRET, OPTION, 'Board of secrets');
      at.later();
    }
  }
  const unseen = await at.pass({ notion_database: '0'.repeat(32) }, { code: 2 });
  assert.match(unseen.stdout, /Notion knows no database/);
  assert.doesNotMatch(unseen.stdout, /workspace/);
});
