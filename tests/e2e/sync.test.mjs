import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, HOUR, inWords, MINUTE, perRecord, reads, saves, story } from './sync-story.mjs';

const ONE_SAVE = ['trees', 'commits', 'refs'];
const QUIET = ['github POST /graphql', 'notion POST /v1/data_sources/{id}/query'];

test('the first pass imports both ways', async (t) => {
  const at = await story(t);
  const page = at.addPage({ Name: 'Write the docs', Status: 'In progress', Labels: ['docs'] });
  at.addIssue({ title: 'Login fails', labels: ['bug'], body: 'It does.' });
  const result = await at.pass();

  const shown = (number) => ({ Type: 'Issue', 'GitHub URL': `https://github.com/acme/app/issues/${number}`, 'GitHub State': 'Open', 'GitHub ID': number });
  const [login, docs] = [at.page(1), at.page(2)];
  assert.equal(docs, page);
  assert.deepEqual(at.row(1), { Name: 'Login fails', Status: 'Not started', Labels: ['bug'], ...shown(1) });
  assert.deepEqual(at.row(2), { Name: 'Write the docs', Status: 'In progress', Labels: ['docs'], ...shown(2) });
  assert.deepEqual(at.issues().map(({ number, title, state, labels, body }) => ({ number, title, state, labels, body })), [
    { number: 1, title: 'Login fails', state: 'open', labels: ['bug'], body: 'It does.' },
    { number: 2, title: 'Write the docs', state: 'open', labels: ['docs'], body: `<!-- notion-sync page=${page} -->` },
  ]);
  assert.deepEqual(perRecord(at, result), {
    1: [
      ['create page', { Name: 'Login fails', Status: 'Not started', Labels: ['bug'], ...shown(1) }],
      ['comment', at.comments(1)[0]],
    ],
    2: [
      ['create issue', { title: 'Write the docs', labels: ['docs'], body: `<!-- notion-sync page=${page} -->` }],
      ['write page', shown(2)],
      ['comment', at.comments(2)[0]],
    ],
  });
  assert.match(at.comments(1)[0], new RegExp(`Login-fails-${login.replace(/-/g, '')}[^]*\\n<!-- notion-sync page=${login} -->$`));
  assert.match(at.comments(2)[0], new RegExp(`Write-the-docs-${docs.replace(/-/g, '')}[^]*\\n<!-- notion-sync page=${docs} -->$`));
  assert.deepEqual(saves(result), [ONE_SAVE, ONE_SAVE]);
  assert.deepEqual(at.stateFiles().filter((name) => !name.startsWith('pages/')), ['bodies/0/1.json', 'bodies/0/2.json', 'columns.json', 'cursor.json', 'limits.json', 'records/0/1.json', 'records/0/2.json']);
  await at.settle();
});

test('an empty board is quiet from the second pass on', async (t) => {
  const at = await story(t);
  const first = await at.pass();
  assert.deepEqual(changes(at, first), []);
  assert.ok(saves(first).length <= 1);
  at.later();
  assert.deepEqual((await at.pass()).requests.map(inWords), QUIET);
});

test('quiet passes write nothing and stay at two requests, until the daily comparison', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  await at.pass();
  await at.settle();
  const state = at.github.readRef(at.repo, at.stateRef);
  for (let hour = 1; hour < 24; hour += 5) {
    at.later(5 * HOUR - 20 * MINUTE);
    const result = await at.pass();
    assert.deepEqual(result.requests.map(inWords), QUIET);
    assert.equal(result.report.quiet, true);
  }
  assert.equal(at.github.readRef(at.repo, at.stateRef), state);
  at.later(HOUR);
  const daily = await at.pass();
  assert.equal(daily.report.full, true);
  assert.deepEqual(changes(at, daily), []);
  at.later();
  assert.deepEqual((await at.pass()).requests.map(inWords), QUIET);
});

test('full_every = 0 never compares everything by itself', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  await at.pass({ full_every: 0 });
  await at.settle({ full_every: 0 });
  at.later(1000 * HOUR);
  assert.equal((await at.pass({ full_every: 0 })).report.full, false);
});

test('what people change right after a pass is found by the next one', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  await at.pass();
  at.later(2000);
  at.github.editIssue(at.repo, 1, { title: 'Two' });
  at.notion.editPage(at.page(1), { Labels: ['late'] });
  await at.pass();
  assert.equal(at.row(1).Name, 'Two');
  assert.deepEqual(at.issue(1).labels, ['late']);
  await at.settle();
});

// --- how many requests a pass takes ---

// A column for every kind of value, and text.
const WIDE = {
  Assignees: 'people', Milestone: { select: [] }, Author: 'rich_text', Repository: { select: [] },
  Created: 'date', Updated: 'date', Closed: 'date', Comments: 'number', Due: 'date',
};
const body = (n, more = 'Second.') => `First of ${n}.\n\n${more}`;

const linked = async (t, n) => {
  const repo = { collaborators: ['alice'], milestones: [{ title: 'v1', dueOn: Date.parse('2026-03-31T07:00:00Z') }] };
  const at = await story(t, { properties: WIDE, repo });
  at.notion.addUser({ name: 'Ann', email: 'ann@example.com' });
  for (let i = 1; i <= n; i += 1) at.addIssue({ title: `Issue ${i}`, body: body(i), milestone: 1, assignees: ['alice'] });
  at.inputs = { link_comments: 'none', people_map: ['alice = ann@example.com'] };
  await at.pass(at.inputs);
  await at.settle(at.inputs);
  return at;
};

const EDITS = {
  GitHub: (at, { number, text }) => at.github.editIssue(at.repo, number, { title: text, body: body(number, text) }),
  Notion: (at, { number, page, text }) => {
    at.notion.editPage(page, { Name: text });
    at.notion.editContent(page, body(number, text));
  },
  'both sides': (at, { number, page, text }) => {
    at.github.label(at.repo, number, [text.replace(/ /g, '-')]);
    at.notion.editPage(page, { Name: text });
  },
};

for (const [side, edit] of Object.entries(EDITS)) {
  test(`1, 10 and 60 records changed on ${side}: requests within the limits`, async (t) => {
    const at = await linked(t, 60);
    const pages = new Map(at.found().map((row) => [row.values['GitHub ID'], row.id]));
    for (const count of [1, 10, 60]) {
      at.later();
      for (let number = 1; number <= count; number += 1) edit(at, { number, page: pages.get(number), text: `${count} at once: ${number}` });
      const result = await at.pass(at.inputs);
      const written = changes(at, result).map(([verb, target]) => `${verb} ${target}`);
      assert.deepEqual(written.filter((one, i) => written.indexOf(one) !== i), [], 'nothing is written twice');
      const listings = reads(result).filter(({ path }) => !path.startsWith('/v1/pages/'));
      const [looks, fresh] = [true, false].map((text) => reads(result).filter(({ path }) => path.startsWith('/v1/pages/') && path.endsWith('/markdown') === text));
      assert.ok(listings.length <= 6 + 3 * Math.ceil(count / 50), `${count}: ${listings.length} reads`);
      for (const [what, list] of Object.entries({ looks, fresh })) assert.ok(list.length <= count, `${count}: ${list.length} ${what}`);
      assert.deepEqual(saves(result), [ONE_SAVE, ONE_SAVE]);
      for (let number = 1; number <= count; number += 1) {
        const { Name, Labels } = at.notion.values(pages.get(number));
        const { title, labels } = at.issue(number);
        assert.deepEqual({ title, labels }, { title: Name, labels: Labels });
        assert.equal(title, `${count} at once: ${number}`);
      }
      await at.settle(at.inputs);
    }
  });
}

test('150 linked pages with text and no state, at three requests a second: each is read once, issues in batches', async (t) => {
  const at = await story(t);
  for (let i = 1; i <= 150; i += 1) {
    at.addIssue({ title: `Issue ${i}`, body: `Text of ${i}` });
    at.addPage({ Name: `Issue ${i}`, 'GitHub ID': i }, { markdown: `Text of ${i}` });
  }
  const queries = (run) => reads(run).filter(({ path, status }) => path === '/graphql' && status === 200).length;
  const pretended = await at.pass({ dry_run: 'true' });
  assert.ok(queries(pretended) <= 10, `${queries(pretended)} queries of a dry run`);
  at.notion.settings.perMinute = 180;
  const result = await at.pass({ link_comments: 'none' });
  const answered = reads(result).filter(({ status }) => status === 200);
  const of = (pattern) => answered.filter(({ path }) => pattern.test(path)).length;
  assert.equal(result.outputs.conflicts, '0');
  // Those under way while Notion asks to wait are read again.
  assert.ok(of(/\/markdown$/) <= 160, `${of(/\/markdown$/)} looks`);
  assert.ok(of(/^\/v1\/pages\/[^/]+$/) <= 160, `${of(/^\/v1\/pages\/[^/]+$/)} pages`);
  // One for each issue would be 150; how many wait together is the machine's pace.
  assert.ok(queries(result) <= 100, `${queries(result)} queries`);
});
