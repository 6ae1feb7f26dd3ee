import assert from 'node:assert/strict';
import { test } from 'node:test';
import { combinations } from './cases.mjs';
import { kindOf } from './faults-scene.mjs';
import { changes, HOUR, isRead, MINUTE, story } from './sync-story.mjs';

const EAGER = { on_page_deleted: 'close', on_issue_deleted: 'trash', link_comments: 'none' };
const QUERY = 'notion POST /data_sources/{}/query';

// So many linked issues and pages, made minutes apart, in answers of ten rows.
async function linked(t, count = 24) {
  const at = await story(t);
  for (let n = 1; n <= count; n += 1) {
    at.addIssue({ title: `Issue ${n}` });
    at.addPage({ Name: `Issue ${n}`, 'GitHub ID': n });
    at.later(2 * MINUTE);
  }
  at.notion.settings.pageSizeCap = 10;
  await at.pass(EAGER);
  await at.settle(EAGER);
  at.later();
  return at;
}

// After `act`, a full pass ends with this status and changes nothing but what it may.
async function harmless(at, act, { code, says, inputs = {} }) {
  act();
  const before = at.both();
  const result = await at.sync({ ...EAGER, mode: 'full', ...inputs });
  assert.equal(result.code, code, result.stdout + result.stderr);
  if (says) assert.match(result.stdout, says);
  assert.deepEqual(changes(at, result), []);
  assert.deepEqual(at.both(), before);
  return result;
}

const always = (kind, skip = 0) => ({ match: (request) => kindOf(request) === kind, times: Infinity, skip });

for (const [name, fault] of Object.entries({
  'server errors': { kind: 'status', status: 500 }, 'cut connections': { kind: 'cut-mid' }, 'half answers': { kind: 'truncated' },
})) {
  test(`Notion's listing ends early with ${name}: exit 2, nothing is touched, the next pass is normal`, async (t) => {
    const at = await linked(t);
    await harmless(at, () => at.sandbox.fault({ ...always(QUERY, 1), ...fault }), { code: 2, says: /::error::.*querying the database/ });
    at.sandbox.clearFaults();
    await at.settle(EAGER);
  });
}

test('GitHub\'s listing ends early with errors: exit 2, nothing is touched', async (t) => {
  const at = await linked(t);
  await harmless(at, () => at.sandbox.fault({ ...always('github POST /graphql', 1), kind: 'html', status: 502 }),
    { code: 2, says: /::error::.*listing the issues/ });
  at.sandbox.clearFaults();
  await at.settle(EAGER);
});

const nothing = { object: 'list', results: [], next_cursor: null, has_more: false, type: 'page_or_data_source', page_or_data_source: {} };

test('a listing that lacks rows without saying so: each is asked for before anything is believed', async (t) => {
  const at = await linked(t);
  for (const skip of [0, 1]) {
    const result = await harmless(at, () => at.sandbox.fault({ ...always(QUERY, skip), kind: 'status', status: 200, body: nothing }), { code: 0 });
    assert.ok(result.requests.some((request) => kindOf(request) === 'notion GET /pages/{}'));
    at.sandbox.clearFaults();
    at.later();
  }
  await at.settle(EAGER);
});

for (const requestStatus of ['always', 'incomplete']) {
  test(`more rows than a query reaches (status ${requestStatus}): they are read by the time they were made`, async (t) => {
    const at = await linked(t);
    Object.assign(at.notion.settings, { queryCap: 12, requestStatus });
    await harmless(at, () => {}, { code: 0 });
    at.later();
    at.github.editIssue(at.repo, 24, { title: 'Last' });
    at.github.editIssue(at.repo, 1, { title: 'First' });
    await at.pass({ ...EAGER, mode: 'full' });
    assert.deepEqual([at.row(1).Name, at.row(24).Name], ['First', 'Last']);
  });
}

test('more rows of one minute than a query reaches: what is out of reach is asked for, never taken as gone', async (t) => {
  const at = await story(t);
  for (let n = 1; n <= 140; n += 1) {
    at.addIssue({ title: `Issue ${n}` });
    at.addPage({ Name: `Issue ${n}`, 'GitHub ID': n });
  }
  const [last] = at.found().map(({ id }) => id).sort().reverse();
  at.notion.editPage(last, { Name: 'Not linked yet', 'GitHub ID': null });
  at.notion.settings.queryCap = 100;
  await at.pass(EAGER);
  assert.equal(at.issues().at(-1).title, 'Not linked yet');
  assert.equal(at.rows().length, 141);
  at.later();
  await harmless(at, () => {}, { code: 0 });
});

// --- access that ends ---

const LOST = {
  'the database is no longer shared': {
    act: (at) => { at.notion.integration.shared = new Set(); }, says: /::error::.*not shared with the connection/,
  },
  'the database is in the trash': { act: (at) => at.notion.trashDatabase(at.database.id), says: /::error::.*(trash|not found)/ },
  'Notion no longer knows the token': { act: (at) => at.notion.tokens.clear(), says: /::error::.*notion_token/ },
  'the integration may no longer read': {
    act: (at) => at.notion.integration.capabilities.delete('read_content'), says: /::error::.*Read content/,
  },
  'GitHub no longer knows the token': { act: (at) => at.github.tokens.clear(), says: /::error::.*github_token/ },
  'the repository can no longer be seen': {
    act: (at) => { at.github.repo(at.repo).private = true; at.github.tokens.get(at.inputs.github_token).repos = new Set(['acme/other']); },
    says: /::error::.*repository/,
  },
};

for (const [[name, { act, says }], mode] of combinations(Object.entries(LOST), ['full', 'auto'])) {
  test(`${name}: exit 2, nothing is touched (${mode})`, async (t) => {
    const at = await linked(t, 3);
    await harmless(at, () => act(at), { code: 2, says, inputs: { mode } });
  });
}

test('the database is unshared in the middle of a pass: no issue suffers', async (t) => {
  const at = await linked(t);
  at.addIssue({ title: 'New' });
  at.github.editIssue(at.repo, 1, { title: 'Changed' });
  const before = at.issues();
  at.sandbox.on(({ phase, request }) => {
    if (phase === 'before' && kindOf(request) === 'github POST /git/trees') at.notion.integration.shared = new Set();
  });
  const result = await at.sync(EAGER);
  assert.notEqual(result.code, 0);
  assert.deepEqual(at.issues(), before);
  at.sandbox.notion.integration.shared = null;
});

for (const [name, act] of Object.entries({
  unshared: (at) => { at.notion.integration.shared = new Set(); },
  'moved to the trash with its pages': (at) => {
    at.found().slice(0, 15).forEach((row) => at.notion.trashPage(row.id));
    at.notion.trashDatabase(at.database.id);
  },
})) {
  test(`the database is ${name} while pages are asked for: none of them is believed to be gone`, async (t) => {
    const at = await linked(t);
    const off = at.sandbox.on(({ phase, request }) => {
      if (phase !== 'before' || kindOf(request) !== 'notion GET /pages/{}') return;
      off();
      act(at);
    });
    const before = at.issues();
    at.sandbox.fault({ ...always(QUERY), kind: 'status', status: 200, body: nothing });
    const result = await at.sync({ ...EAGER, mode: 'full', max_deletions: 100 });
    assert.equal(result.code, 2, result.stdout);
    assert.match(result.stdout, /::error::pages are gone from Notion, and so is more/);
    assert.deepEqual(at.issues(), before);
  });
}

test('a data source that seems empty because it was unshared and another has its place', async (t) => {
  const at = await linked(t, 3);
  const other = at.notion.addDatabase({ title: 'Other', dataSources: [{ properties: { Name: 'title', 'GitHub ID': 'number' } }] });
  await harmless(at, () => {}, { code: 2, says: /another Notion database/, inputs: { notion_database: other.id, state_ref: at.stateRef } });
});

// --- things that are gone indeed ---

test('more pages in the trash than max_deletions: no issue is closed, the pass says what to do', async (t) => {
  const at = await linked(t);
  await harmless(at, () => at.found().forEach((row) => at.notion.trashPage(row.id)), { code: 2, says: /::error::24 links.*max_deletions/ });
  const result = await at.pass({ ...EAGER, mode: 'full', max_deletions: 24 });
  assert.equal(result.outputs.issues_closed, '24');
  assert.ok(at.issues().every((issue) => issue.stateReason === 'not_planned'));
});

test('more issues deleted than max_deletions: no page is trashed', async (t) => {
  const at = await linked(t);
  for (let n = 1; n <= 21; n += 1) at.github.deleteIssue(at.repo, n);
  const before = at.both();
  const result = await at.pass({ ...EAGER, mode: 'full' }, { code: 2 });
  assert.match(result.stdout, /::error::21 links.*max_deletions/);
  assert.deepEqual(at.both(), before);
});

test('a trashed page and a deleted issue are believed once they were asked for', async (t) => {
  const at = await linked(t, 4);
  at.notion.trashPage(at.page(1));
  at.github.deleteIssue(at.repo, 2);
  at.later(25 * HOUR);
  await at.pass(EAGER);
  assert.deepEqual([at.issue(1).state, at.rows().map((row) => row['GitHub ID']).sort()], ['closed', [3, 4]]);
  await at.settle(EAGER);
});

test('a trashed page is still known to be one when all is decided again after a minute', async (t) => {
  const at = await story(t);
  at.addIssue({ title: 'One' });
  at.addIssue({ title: 'Two' });
  await at.pass();
  at.later();
  at.notion.trashPage(at.page(1));
  at.later();
  at.sandbox.fault({ service: 'github', method: 'POST', path: /git\/trees$/, kind: 'hang-before' });
  await at.pass({ mode: 'full', on_page_deleted: 'close' }, { allow: ['manners'] });
  assert.equal(at.issue(1).state, 'closed');
  assert.equal(at.issue(2).state, 'open');
});

test('an answer of a proxy, 404 without Notion\'s word for it, is no absence', async (t) => {
  const at = await linked(t, 3);
  const fault = { kind: 'status', status: 404, body: { message: 'not here' } };
  await harmless(at, () => {
    at.sandbox.fault({ ...always(QUERY), kind: 'status', status: 200, body: nothing });
    at.sandbox.fault({ ...always('notion GET /pages/{}'), ...fault });
  }, { code: 2 });
});

test('reads fail for one page only: nothing is decided about it', async (t) => {
  const at = await linked(t, 3);
  at.sandbox.fault({ ...always(QUERY), kind: 'status', status: 200, body: nothing });
  at.sandbox.fault({ match: ({ method, path }) => method === 'GET' && path.endsWith(at.page(2)), kind: 'status', status: 500, times: Infinity });
  const before = at.both();
  const result = await at.sync({ ...EAGER, mode: 'full' });
  assert.notEqual(result.code, 0);
  assert.deepEqual(at.both(), before);
  assert.ok(result.requests.filter((request) => !isRead(request)).length === 0);
});
