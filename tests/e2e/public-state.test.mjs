// The state of a public repository: what may not be published is on no ref as text.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { step } from './cases.mjs';
import { changes, inWords, story } from './sync-story.mjs';

const WORDS = {
  title: 'Layoffs in spring', option: 'Waiting for legal', done: 'Buried for good', label: 'innersecret', text: 'Nobody may read this',
  column: 'Pipeline stage', said: 'Whispered remark', milestone: 'Carveout quarter',
};
const ONLY_NOTION = [WORDS.option, WORDS.done, WORDS.column, WORDS.said];
const PUBLIC = { repo: { private: false, labels: ['bug', 'docs'] } };
const properties = {
  [WORDS.column]: { status: { 'To-do': ['Offen'], 'In progress': [WORDS.option, 'Zur Pruefung'], Complete: [WORDS.done] } },
  Milestone: { select: [] },
};
const MAP = { property_map: `status = ${WORDS.column}` };

async function board(t, options = {}) {
  const at = await story(t, { title: 'Board of secrets', ...PUBLIC, properties, ...options });
  at.git = at.github.repo(at.repo).git;
  at.head = () => at.github.readRef(at.repo, at.stateRef);
  at.history = () => {
    const commits = [];
    for (let sha = at.head(); sha; sha = at.git.get(sha, 'commit').parents[0]) commits.push(sha);
    return commits;
  };
  // Every blob that was made since, be a commit or ref left that shows it or not.
  at.blobs = (since = 0) => [...at.git.objects.values()].slice(since).filter(({ type }) => type === 'blob').map(({ content }) => content.toString('utf8'));
  at.mark = () => at.git.objects.size;
  at.first = () => at.found()[0].id;
  return at;
}

const holds = (texts, words) => words.filter((word) => texts.some((text) => text.includes(word)));
const keyed = (texts) => texts.some((text) => text.includes('"hmac"'));

async function linked(t, inputs, options) {
  const at = await board(t, options);
  at.addIssue({ title: 'Login fails', labels: ['bug'], body: 'It does.\n\nOften.' });
  at.addIssue({ title: 'Second', body: 'More.' });
  at.addPage({ Name: 'Login fails', [WORDS.column]: WORDS.option, Labels: ['bug', WORDS.label], 'GitHub ID': 1 }, { markdown: 'It does.\n\nOften.' });
  const first = await at.pass(inputs);
  at.later();
  return { at, page: at.page(1), first };
}

// All that people do on a board, in turn; after each a run.
async function work({ at, page }, inputs) {
  const steps = [
    () => at.notion.editPage(page, { Name: WORDS.title }),
    () => at.notion.editPage(page, { Labels: ['bug', 'docs', WORDS.label] }),
    () => at.notion.editPage(page, { Milestone: WORDS.milestone }),
    () => at.notion.editContent(page, (text) => `${text}\n\n${WORDS.text}`),
    () => at.notion.addComment(page, WORDS.said),
    () => at.notion.editPage(page, { [WORDS.column]: WORDS.done }),
    () => at.github.editIssue(at.repo, 1, { body: 'It does not.\n\nOften.' }),
    () => at.github.editIssue(at.repo, 1, { state: 'open' }),
    () => at.github.editIssue(at.repo, 1, { title: 'Login works', labels: ['docs'] }),
    () => at.notion.addPage?.(at.dataSource, { Name: WORDS.title }),
  ];
  for (const step of steps) {
    step();
    await at.pass(inputs);
    at.later();
  }
}

for (const [name, inputs, words] of [
  ['nothing is published', { ...MAP, sync_comments: 'both', sync_body: 'both' }, Object.values(WORDS)],
  ['nothing is published, whatever the run', { ...MAP, sync_comments: 'both', sync_body: 'both', mode: 'full' }, Object.values(WORDS)],
  ['texts stay in Notion', { ...MAP, publish: 'true', sync_body: 'to_notion' }, [WORDS.text]],
  ['titles and labels stay in Notion', { ...MAP, publish: 'true', directions: 'title = to_notion\nlabels = to_notion', create_issues: 'none' }, [WORDS.title, WORDS.label]],
]) {
  test(`no blob of the state holds what may not be published: ${name}`, async (t) => {
    const made = await linked(t, inputs);
    const { at, page } = made;
    await work(made, inputs);
    assert.deepEqual(holds(at.blobs(), words), []);
    assert.ok(keyed(at.blobs()));
    if (inputs.mode !== 'full') await at.settle(inputs);
    assert.equal(at.issue(1).state, 'open');
    assert.equal(at.notion.values(page)[WORDS.column], WORDS.option, 'the option of before is found again by its digest');
  });
}

test('with and without `publish` a board comes to the same wherever its values may travel', async (t) => {
  const ends = [];
  for (const publish of ['true', 'false']) {
    const inputs = { ...MAP, publish };
    const made = await linked(t, inputs);
    const { at, page } = made;
    at.notion.editPage(page, { [WORDS.column]: WORDS.done, Labels: ['bug', 'docs'] });
    await at.pass(inputs);
    at.later();
    at.github.editIssue(at.repo, 1, { state: 'open', labels: ['docs'] });
    await at.pass(inputs);
    await at.settle(inputs);
    const { title, state, labels } = at.issue(1);
    ends.push({ title, state, labels: labels.sort(), row: at.row(1), second: at.row(2) });
    ends.at(-1).row['Last edited time'] = null;
  }
  assert.deepEqual(ends[1], ends[0]);
});

test('in a private repository the state is as it was: text, and no digests', async (t) => {
  const { at } = await linked(t, MAP, { repo: { private: true, labels: ['bug'] } });
  assert.ok(!keyed(at.blobs()));
  assert.equal(at.record(1).fields.status.notion, WORDS.option);
});

for (const [name, before, begin, after, words] of [
  ['publish is taken back', { ...MAP, publish: 'true', sync_comments: 'both' }, () => {}, { ...MAP, sync_comments: 'both' }, ONLY_NOTION],
  ['a private repository is made public', { ...MAP, sync_comments: 'both', sync_body: 'to_notion' }, (at) => { at.github.repo(at.repo).private = false; }, { ...MAP, sync_comments: 'both', sync_body: 'to_notion' }, [...ONLY_NOTION, WORDS.text]],
  ['a direction is changed', { ...MAP, publish: 'true' }, () => {}, { ...MAP, publish: 'true', directions: 'status = to_notion', create_issues: 'none' }, [WORDS.option, WORDS.done]],
  ['a private one whose texts stay is made public', { ...MAP, sync_body: 'to_notion' }, (at) => { at.github.repo(at.repo).private = false; }, { ...MAP, publish: 'true', sync_body: 'to_notion' }, [WORDS.text]],
]) {
  test(`${name}: a new history without it, once, and check says that old commits may be readable`, async (t) => {
    const repo = name.startsWith('a private') ? { private: true, labels: ['bug', 'docs'] } : PUBLIC.repo;
    const made = await linked(t, before, { repo });
    const { at, page } = made;
    at.notion.editPage(page, { Name: WORDS.title, Milestone: WORDS.milestone });
    at.notion.editContent(page, (text) => `${text}\n\n${WORDS.text}`);
    at.notion.addComment(page, WORDS.said);
    await at.pass(before);
    at.later();
    // With this the page's own line comes into the state.
    at.github.editIssue(at.repo, 1, { body: at.issue(1).body.replace('Often', 'Seldom') });
    await at.pass(before);
    at.later();
    assert.ok(holds(at.blobs(), words).length > 0, 'the rule begins with text in the state');
    begin(at);
    const told = await at.sync({ ...after, check: 'true' });
    assert.match(told.stdout, /next run begins a new history/);
    assert.match(told.stdout, /old commits may still be readable/);
    const files = at.stateFiles();
    const since = at.mark();
    const parents = at.history().length;
    assert.ok(parents > 1);
    const rows = JSON.stringify(at.rows());
    const run = await at.pass(after);
    assert.deepEqual(changes(at, run), []);
    assert.deepEqual(holds(at.blobs(since), words), [], 'no blob made since');
    const left = new Set(at.history().flatMap((sha) => [...at.git.flatten(at.git.get(sha, 'commit').tree).values()].map((entry) => at.git.get(entry.sha).content.toString('utf8'))));
    assert.deepEqual(holds([...left], words), [], 'no blob that the ref leads to');
    assert.equal(JSON.stringify(at.rows()), rows);
    for (const file of files) if (file !== 'lock.json') assert.ok(at.stateFiles().includes(file), file);
    at.later();
    const head = at.head();
    const quiet = await at.pass(after);
    assert.deepEqual(quiet.requests.map(inWords), ['github POST /graphql', 'notion POST /v1/data_sources/{id}/query']);
    assert.equal(at.head(), head);
    assert.match((await at.sync({ ...after, check: 'true' })).stdout, /old commits may still be readable/);
    at.later();
    await work(made, after);
    assert.deepEqual(holds(at.blobs(since), words), []);
    assert.ok(at.history().length > 1, 'from then on commits follow each other');
  });
}

const rotate = (at) => {
  const token = `${at.inputs.notion_token.slice(0, -6)}abcdef`;
  at.notion.tokens.set(token, at.notion.integration);
  at.inputs.notion_token = token;
};

for (const [name, inputs] of [
  ['nothing is published', { ...MAP, sync_body: 'both' }],
  ['titles and texts stay in Notion', { ...MAP, publish: 'true', sync_body: 'to_notion', directions: 'title = to_notion' }],
]) {
  test(`a renewed Notion token is no reason to write: ${name}`, async (t) => {
    const { at, page } = await linked(t, inputs);
    at.notion.editPage(page, { Name: WORDS.title, Labels: ['bug', WORDS.label] });
    at.notion.editContent(page, (text) => `${text}\n\n${WORDS.text}`);
    await at.pass(inputs);
    at.later();
    rotate(at);
    const before = JSON.stringify(at.both());
    for (const mode of ['full', 'full', 'auto']) {
      const run = await at.pass({ ...inputs, mode });
      assert.deepEqual(changes(at, run), [], mode);
      at.later();
    }
    assert.equal(JSON.stringify(at.both()), before);
    assert.equal(at.notion.commentsOf(page).length, 0, 'no conflict');
    // What comes then is carried over as always.
    at.notion.editPage(page, { [WORDS.column]: WORDS.done });
    await at.pass(inputs);
    at.later();
    assert.equal(at.issue(1).state, 'closed');
    at.github.editIssue(at.repo, 2, { title: 'Second, better' });
    await at.pass(inputs);
    assert.equal(at.row(2).Name, 'Second, better');
    assert.equal(at.notion.commentsOf(page).length, 0);
    await at.settle(inputs);
  });
}

test('a run that dies at any request while the history begins again leaves it to the next', async (t) => {
  const before = { ...MAP, publish: 'true' };
  for (let n = 1; ; n += step(3)) {
    const { at } = await linked(t, before);
    const since = at.mark();
    const run = await at.sync(MAP, { killAt: { n, phase: 'after' } });
    at.later(15 * 60000);
    const next = await at.pass(MAP);
    assert.deepEqual(changes(at, next), [], `killed at ${n}`);
    assert.deepEqual(holds(at.blobs(since), ONLY_NOTION), [], `killed at ${n}`);
    const left = at.history().flatMap((sha) => [...at.git.flatten(at.git.get(sha, 'commit').tree).values()].map((entry) => at.git.get(entry.sha).content.toString('utf8')));
    assert.deepEqual(holds(left, ONLY_NOTION), [], `killed at ${n}`);
    assert.ok(at.issues().every(({ comments }) => comments.length === 1), `killed at ${n}`);
    if (run.signal === null) break;
  }
});

for (const at of ['trees', 'refs']) {
  for (const status of [409, 422]) {
    test(`a text that GitHub takes for a secret is not in the state, the record is named, all else is saved (${at}, ${status})`, async (t) => {
      const board = await story(t, { repo: { private: true } });
      board.github.repo(board.repo).pushProtection = { pattern: /key_[0-9]{6}/, at, status };
      for (const body of ['One.', 'The key is key_123456.', 'Three.']) board.addIssue({ title: 'Issue', body });
      const run = await board.pass();
      assert.match(run.stdout, /::warning::#2: .*secret/);
      assert.doesNotMatch(run.stdout + run.summary, /key_123456|#1: |#3: /);
      assert.ok(board.stateFiles().includes('bodies/0/1.json') && board.stateFiles().includes('bodies/0/3.json'));
      assert.ok(!board.stateFiles().includes('bodies/0/2.json'));
      assert.ok(!board.stateFiles().includes('lock.json'));
      assert.equal(typeof board.record(2).fields.body.notion, 'string');
      await board.settle();
      board.notion.editContent(board.page(2), (text) => `${text}\n\nMore`);
      await board.pass();
      assert.match(board.issue(2).body, /^The key is key_123456\.\n\nMore/);
      await board.settle();
    });
  }
}

for (const at of ['trees', 'refs']) {
  test(`a title or label that GitHub takes for a secret: the record is saved with digests, named, and followed (${at})`, async (t) => {
    const board = await story(t, { repo: { private: true } });
    board.github.repo(board.repo).pushProtection = { pattern: /key_[0-9]{6}/, at };
    for (const title of ['One', 'key_123456', 'Three']) board.addIssue({ title, labels: ['ui', title === 'Three' ? 'key_654321' : 'api'], body: 'Text.' });
    const run = await board.pass();
    for (const number of [2, 3]) assert.match(run.stdout, new RegExp(`::warning::#${number}: .*secret`));
    assert.doesNotMatch(run.stdout, /::warning::#1: /);
    assert.doesNotMatch(JSON.stringify([1, 2, 3].map(board.record)), /key_/);
    assert.equal(board.record(1).fields.title.github, 'One');
    await board.settle();
    board.github.editIssue(board.repo, 2, { title: 'key_222222' });
    board.notion.editPage(board.page(3), { Labels: ['ui'], Name: 'Drei' });
    board.later();
    await board.pass();
    assert.deepEqual([board.row(2).Name, board.issue(3).title, board.issue(3).labels], ['key_222222', 'Drei', ['ui']]);
    await board.settle();
    board.notion.editPage(board.page(2), { Name: 'Two', Labels: ['api', 'ui', 'key_777777'] });
    board.github.editIssue(board.repo, 2, { labels: ['ui'] });
    board.later();
    await board.pass();
    assert.deepEqual([board.issue(2).title, board.row(2).Labels.sort()], ['Two', ['key_777777', 'ui']]);
    assert.deepEqual([1, 2, 3].flatMap((number) => board.comments(number).slice(1)), []);
    await board.settle();
  });
}

test('if a rule forbids to begin again, nothing is written, the error gives the cure, and it is done once it may be', async (t) => {
  const { at } = await linked(t, { ...MAP, publish: 'true' });
  at.github.repo(at.repo).refusesForce = true;
  at.github.editIssue(at.repo, 2, { title: 'Second, better' });
  const run = await at.pass(MAP, { code: 2 });
  assert.deepEqual(changes(at, run), []);
  assert.match(run.summary, /force-push.*git push origin :refs/);
  assert.ok(!at.stateFiles().includes('lock.json'));
  at.later();
  at.github.repo(at.repo).refusesForce = false;
  await at.pass(MAP);
  assert.equal(at.row(2).Name, 'Second, better');
  assert.equal(at.history().filter((sha) => at.git.get(sha, 'commit').message.startsWith('Begin')).length, 1);
  await at.settle(MAP);
});

test('what somebody else saved while the history begins again is not lost', async (t) => {
  const { at } = await linked(t, { ...MAP, publish: 'true' });
  let others = null;
  const match = () => {
    others ??= at.github.writeRefFiles(at.repo, at.stateRef, { 'limits.json': { version: 2, made: [] } });
    return true;
  };
  at.sandbox.fault({ kind: 'delay', ms: 1, method: 'GET', path: /\/git\/ref\//, match });
  const run = await at.sync(MAP);
  assert.notEqual(run.code, 0);
  assert.ok(at.history().includes(others));
  at.later(15 * 60000);
  await at.pass(MAP);
  await at.settle(MAP);
});

test('in a folder the state says no more than in a ref', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'notion-sync-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const before = { ...MAP, publish: 'true', state_ref: `file:${folder}` };
  const after = { ...MAP, state_ref: `file:${folder}` };
  const { at } = await linked(t, before);
  const texts = () => fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile()).map((file) => fs.readFileSync(path.join(file.parentPath ?? file.path, file.name), 'utf8'));
  assert.ok(holds(texts(), ONLY_NOTION).length > 0);
  await at.pass(after);
  assert.deepEqual(holds(texts(), ONLY_NOTION), []);
  await at.settle(after);
});
