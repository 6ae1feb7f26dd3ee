import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, markers, perRecord, reads, story, verbs } from './sync-story.mjs';

// A pull request with its page, linked and in sync.
async function pair(t, { pull, inputs, repo } = {}) {
  const at = await story(t, { repo });
  const { number } = at.addPull({ title: 'Change', head: 'change', ...pull });
  const page = at.addPage({ Name: 'Change', Status: 'Review', 'GitHub ID': number });
  await at.pass(inputs);
  await at.settle(inputs);
  at.later();
  return { at, page, head: () => at.github.issue(at.repo, 1).pull.headSha };
}

const merges = (run) => run.requests.filter(({ path }) => path.endsWith('/merge'));
const refusals = (at) => at.comments(1).filter((body) => /does not merge it/.test(body));
const merged = (at) => at.comments(1).filter((body) => /^Merged/.test(body));

test('a pull request and its page are kept in sync like an issue', async (t) => {
  const { at, page } = await pair(t);
  assert.deepEqual(at.row(1), {
    Name: 'Change', Status: 'Review', Labels: [], 'GitHub ID': 1, Type: 'Pull request',
    'GitHub URL': 'https://github.com/acme/app/pull/1', 'GitHub State': 'Open',
  });
  assert.deepEqual(markers(at.comments(1)), [`page=${page}`]);
  at.github.label(at.repo, 1, ['ready']);
  at.notion.editPage(page, { Name: 'Better change' });
  await at.pass();
  assert.deepEqual([at.issue(1).title, at.row(1).Labels], ['Better change', ['ready']]);
  await at.settle();
});

test('done in Notion: merged by merge_method with the head that was read', async (t) => {
  for (const merge_method of ['squash', 'merge', 'rebase']) {
    const { at, page, head } = await pair(t, { inputs: { merge_method } });
    const sha = head();
    at.notion.editPage(page, { Status: 'Done' });
    const run = await at.pass({ merge_method });
    assert.deepEqual(perRecord(at, run)[1].map(([verb, what]) => (verb === 'comment' ? [verb] : [verb, what])), [
      ['merge', { sha, merge_method }], ['comment'], ['write page', { 'GitHub State': 'Merged' }],
    ]);
    assert.equal(at.issue(1).merged, true);
    assert.match(merged(at)[0], new RegExp(`from \`Review\` to \`Done\` by \`Paula Person\` on 2026.*\\n\\n<!-- notion-sync merged page=${page} head=${sha} -->$`, 's'));
    assert.equal(run.outputs.pull_requests_merged, '1');
    assert.equal(run.outputs.issues_closed, '0');
    assert.equal(at.row(1).Status, 'Done');
    await at.settle({ merge_method });
    assert.equal(merged(at).length, 1);
  }
});

test('a new head between the reading and the merge is not merged', async (t) => {
  const { at, page, head } = await pair(t);
  const read = head();
  at.notion.editPage(page, { Status: 'Done' });
  const off = at.sandbox.on(({ phase, request }) => {
    if (phase === 'before' && request.path.endsWith('/merge')) at.github.pushHead(at.repo, 1);
  });
  const run = await at.pass();
  off();
  assert.deepEqual(merges(run).map(({ body, status }) => [body.sha, status]), [[read, 409]]);
  assert.equal(at.issue(1).merged, false);
  assert.equal(at.row(1).Status, 'Done', 'the page keeps its status');
  assert.equal(refusals(at).length, 1);
  at.later();
  assert.deepEqual(merges(await at.pass()), []);
  assert.equal(at.row(1).Status, 'Review', 'what was consented to is not there any more');
  at.later();
  at.notion.editPage(page, { Status: 'Done' });
  const next = await at.pass();
  assert.deepEqual(merges(next).map(({ body, status }) => [body.sha, status]), [[head(), 200]]);
  assert.equal(at.issue(1).merged, true);
  at.later();
  await at.settle();
  assert.deepEqual([refusals(at).length, merged(at).length], [1, 1]);
});

// What blocks a merge, how it goes away, and what GitHub says meanwhile.
const OBSTACLES = {
  'a draft': [{ draft: true }, (at) => at.github.draft(at.repo, 1, false), /draft/],
  'conflicts': [{ mergeable: false }, (at) => at.github.setPull(at.repo, 1, { mergeable: true }), /not mergeable/],
  'a check that is not done': [{ requiredCheck: 'ci', checks: 'pending' }, (at) => at.github.setPull(at.repo, 1, { checks: 'success' }), /ci/],
  'a check that failed': [{ requiredCheck: 'ci', checks: 'failure' }, (at) => at.github.setPull(at.repo, 1, { checks: 'success' }), /ci/],
  'a missing review': [{ requiredReviews: 1 }, (at) => at.github.setPull(at.repo, 1, { review: 'APPROVED' }), /review/],
  'another rule': [{ blocked: 'Changes must be signed.' }, (at) => at.github.setPull(at.repo, 1, { blocked: null }), /signed/],
  'a head that is behind': [{ behind: true }, (at) => at.github.setPull(at.repo, 1, { behind: false }), /out of date/],
};

for (const [name, [pull, clear, words]] of Object.entries(OBSTACLES)) {
  test(`${name} blocks a merge: reported once, tried again when that changed`, async (t) => {
    const { at, page, head } = await pair(t, { pull });
    at.notion.editPage(page, { Status: 'Done' });
    const run = await at.pass();
    assert.equal(at.issue(1).merged, false);
    assert.equal(at.issue(1).state, 'open');
    assert.equal(at.row(1).Status, 'Done', 'the page keeps its status');
    assert.equal(refusals(at).length, 1);
    assert.match(refusals(at)[0], words);
    assert.deepEqual(markers(refusals(at)), [`refused page=${page} head=${head()}`]);
    assert.match(run.report.results[0].refused, words);
    assert.match(run.summary, words);
    assert.equal(run.outputs.failures, '0');

    for (let i = 0; i < 3; i += 1) {
      at.later();
      const again = await at.pass();
      assert.deepEqual(changes(at, again), [], 'nothing changed: not tried again');
      assert.match(again.summary, /`not merged: /);
    }
    at.later();
    clear(at);
    const last = await at.pass();
    assert.equal(at.issue(1).merged, true, JSON.stringify(changes(at, last)));
    at.later();
    await at.settle();
    assert.deepEqual([refusals(at).length, merged(at).length], [1, 1]);
    assert.deepEqual([at.row(1).Status, at.row(1)['GitHub State']], ['Done', 'Merged']);
  });
}

test('one comment per head: a new head that is refused too is reported, the same one is not reported again', async (t) => {
  const { at, page, head } = await pair(t, { pull: { draft: true } });
  at.notion.editPage(page, { Status: 'Done' });
  await at.pass();
  at.later();
  at.github.pushHead(at.repo, 1);
  await at.pass();
  assert.deepEqual([refusals(at).length, at.row(1).Status], [1, 'Review']);
  at.later();
  at.notion.editPage(page, { Status: 'Done' });
  await at.pass();
  assert.equal(refusals(at).length, 2);
  assert.match(refusals(at)[1], new RegExp(`head=${head()} -->$`));
  at.later();
  at.notion.editPage(page, { Status: 'Review' });
  assert.deepEqual(changes(at, await at.pass()), []);
  at.later();
  await at.settle();
  at.later();
  at.notion.editPage(page, { Status: 'Done' });
  await at.pass();
  assert.equal(refusals(at).length, 2, 'this head was told of');
  assert.equal(at.issue(1).merged, false);
});

test('other fields are synced while a merge is refused', async (t) => {
  const { at, page } = await pair(t, { pull: { draft: true } });
  at.notion.editPage(page, { Status: 'Done', Name: 'Renamed' });
  at.github.label(at.repo, 1, ['x']);
  await at.pass();
  assert.deepEqual([at.issue(1).title, at.row(1).Labels, at.row(1).Status], ['Renamed', ['x'], 'Done']);
  at.later();
  at.notion.editPage(page, { Labels: [] });
  await at.pass();
  assert.deepEqual(at.issue(1).labels, []);
  assert.equal(refusals(at).length, 1);
});

test('a base that moved in the same moment is tried once more at once', async (t) => {
  const { at, page } = await pair(t);
  at.notion.editPage(page, { Status: 'Done' });
  at.github.refuseNextMerge();
  const run = await at.pass();
  assert.deepEqual(merges(run).map(({ status }) => status), [405, 200]);
  assert.deepEqual([at.issue(1).merged, refusals(at).length, merged(at).length], [true, 0, 1]);
});

test('a merge method that the repository does not allow is reported, nothing is forced', async (t) => {
  const { at, page } = await pair(t, { repo: { mergeMethods: { squash: false, merge: true, rebase: true } } });
  at.notion.editPage(page, { Status: 'Done' });
  const run = await at.pass();
  assert.deepEqual(merges(run).map(({ body }) => body.merge_method), ['squash']);
  assert.equal(at.issue(1).merged, false);
  assert.equal(refusals(at).length, 1);
});

test('a change of a workflow file that the token may not merge is reported', async (t) => {
  const { at, page } = await pair(t, { pull: { files: { '.github/workflows/ci.yml': 'on: push\n' } } });
  at.notion.editPage(page, { Status: 'Done' });
  const run = await at.pass();
  assert.deepEqual(merges(run).map(({ status }) => status), [403]);
  assert.match(refusals(at)[0], /workflow/);
  assert.equal(run.outputs.failures, '0');
});

test('pull_request_done = close closes, none does nothing', async (t) => {
  const closing = await pair(t, { inputs: { pull_request_done: 'close' } });
  closing.at.notion.editPage(closing.page, { Status: 'Done' });
  const run = await closing.at.pass({ pull_request_done: 'close' });
  assert.deepEqual(merges(run), []);
  assert.deepEqual([closing.at.issue(1).state, closing.at.issue(1).merged, closing.at.row(1)['GitHub State']], ['closed', false, 'Closed']);
  assert.match(closing.at.comments(1).at(-1), /^Closed: .* from `Review` to `Done`/);
  await closing.at.settle({ pull_request_done: 'close' });
  closing.at.later();
  closing.at.notion.editPage(closing.page, { Status: 'Review' });
  await closing.at.pass({ pull_request_done: 'close' });
  assert.equal(closing.at.issue(1).state, 'open');
  await closing.at.settle({ pull_request_done: 'close' });

  const { at, page } = await pair(t, { inputs: { pull_request_done: 'none' } });
  at.notion.editPage(page, { Status: 'Done' });
  assert.deepEqual(changes(at, await at.pass({ pull_request_done: 'none' })), []);
  assert.deepEqual([at.issue(1).state, at.row(1).Status], ['open', 'Done']);
  await at.settle({ pull_request_done: 'none' });
  // Later it does something: that Done is no wish to merge, and the run says so.
  at.later();
  const later = await at.pass();
  assert.deepEqual([merges(later), at.issue(1).state, at.row(1).Status], [[], 'open', 'Done']);
  assert.match(later.summary, /done before `pull_request_done` allowed to merge/);
  for (const Status of ['Review', 'Done']) {
    at.later();
    at.notion.editPage(page, { Status });
    at.later();
    await at.pass();
  }
  assert.equal(at.issue(1).merged, true);
});

test('a merged pull request set back to open is reported once and stays merged', async (t) => {
  const { at, page } = await pair(t);
  at.github.merge(at.repo, 1);
  const merging = await at.pass();
  assert.deepEqual(perRecord(at, merging), { 1: [['write page', { Status: 'Done', 'GitHub State': 'Merged' }]] });
  await at.settle();
  at.later();
  at.notion.editPage(page, { Status: 'Review' });
  const run = await at.pass();
  assert.deepEqual(changes(at, run), []);
  assert.match(run.summary, /merged pull request cannot be reopened/);
  at.later();
  const next = await at.pass();
  assert.doesNotMatch(next.summary, /cannot be reopened/);
  assert.equal(at.row(1).Status, 'Review');
  await at.settle();
});

test('a page that is set to done after somebody merged on GitHub', async (t) => {
  const { at, page } = await pair(t);
  at.github.merge(at.repo, 1);
  at.notion.editPage(page, { Status: 'Done' });
  const run = await at.pass();
  assert.deepEqual(perRecord(at, run), { 1: [['write page', { 'GitHub State': 'Merged' }]] });
  await at.settle();
});

test('closed without a merge: shown as closed, reopened from either side', async (t) => {
  const { at, page } = await pair(t);
  at.github.close(at.repo, 1);
  await at.pass();
  assert.deepEqual([at.row(1).Status, at.row(1)['GitHub State']], ['Done', 'Closed']);
  await at.settle();
  at.later();
  at.notion.editPage(page, { Status: 'In progress' });
  const run = await at.pass();
  assert.equal(at.issue(1).state, 'open');
  assert.match(at.comments(1).at(-1), /^Reopened/);
  assert.deepEqual(merges(run), []);
  assert.equal(at.row(1)['GitHub State'], 'Open');
  await at.settle();
});

test('GitHub State follows drafts', async (t) => {
  const { at } = await pair(t, { pull: { draft: true } });
  assert.equal(at.row(1)['GitHub State'], 'Draft');
  at.github.draft(at.repo, 1, false);
  await at.pass();
  assert.equal(at.row(1)['GitHub State'], 'Open');
  await at.settle();
});

test('a merge whose answer was lost: done once, reported once, and not before it is done', async (t) => {
  for (const [kind, done] of [['cut-before', false], ['cut-after', true]]) {
    const { at, page } = await pair(t);
    at.notion.editPage(page, { Status: 'Done' });
    at.sandbox.fault({ kind, path: /\/merge$/ });
    const run = await at.pass({}, { code: done ? 0 : 1 });
    assert.deepEqual([at.issue(1).merged, merged(at).length, run.outputs.pull_requests_merged], [done, Number(done), String(Number(done))], kind);
    at.later();
    await at.pass();
    at.later();
    await at.settle();
    assert.deepEqual([at.issue(1).merged, merged(at).length, refusals(at).length, at.row(1)['GitHub State']], [true, 1, 0, 'Merged'], kind);
  }
});

test('pull_requests: none, linked and all', async (t) => {
  for (const [pull_requests, created] of [['none', []], ['linked', []], ['all', [1, 3]]]) {
    const at = await story(t);
    at.addPull({ title: 'Ready', head: 'ready', labels: ['x'] });
    at.addPull({ title: 'Given up', head: 'given-up' });
    at.addPull({ title: 'Draft', head: 'draft', draft: true });
    at.github.close(at.repo, 2);
    await at.pass({ pull_requests });
    assert.deepEqual(at.rows().map((row) => row['GitHub ID']).sort(), created);
    if (created.length > 0) {
      assert.deepEqual(at.row(1), {
        Name: 'Ready', Status: 'Not started', Labels: ['x'], 'GitHub ID': 1, Type: 'Pull request',
        'GitHub URL': 'https://github.com/acme/app/pull/1', 'GitHub State': 'Open',
      });
      assert.equal(at.row(3)['GitHub State'], 'Draft');
    }
    await at.settle({ pull_requests });
    at.later();
    at.github.editIssue(at.repo, 1, { title: 'Very ready' });
    const run = await at.pass({ pull_requests });
    assert.deepEqual(verbs(perRecord(at, run)[1]), created.length > 0 ? ['write page'] : []);
    if (pull_requests === 'none') assert.equal(reads(run).length, 2);
  }
});

test('pull_requests = none: a page with the number of one is reported and not touched', async (t) => {
  const at = await story(t);
  at.addPull({ title: 'Change' });
  const page = at.addPage({ Name: 'Page', 'GitHub ID': 1 });
  const run = await at.pass({ pull_requests: 'none' });
  assert.deepEqual(changes(at, run), []);
  assert.match(run.summary, /number of a pull request/);
  assert.equal(at.notion.values(page).Name, 'Page');
});

test('a linked pull request whose page is not open when first seen is not merged by that', async (t) => {
  const at = await story(t);
  at.addPull({ title: 'Change' });
  at.addPage({ Name: 'Change', 'GitHub ID': 1, Status: 'Done' });
  const run = await at.pass();
  assert.deepEqual(merges(run), []);
  assert.equal(at.issue(1).merged, false);
  assert.match(run.summary, /Done/);
});
