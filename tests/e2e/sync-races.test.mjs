import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, story } from './sync-story.mjs';

// A linked pair, in sync.
async function pair(t) {
  const at = await story(t);
  at.addIssue({ title: 'One', labels: ['a'] });
  await at.pass();
  await at.settle();
  at.later();
  return { at, page: at.page(1) };
}

// Lets somebody act once, after the pass has decided what to do and before it does it.
function meanwhile(at, act) {
  let acted = false;
  const off = at.sandbox.on(({ phase, request }) => {
    if (acted || phase !== 'before' || !/\/git\/trees$/.test(request.path)) return;
    acted = true;
    act();
  });
  return () => {
    off();
    assert.ok(acted);
  };
}

test('a page that is edited while the pass is at work is not overwritten', async (t) => {
  const { at, page } = await pair(t);
  at.github.editIssue(at.repo, 1, { title: 'GitHub says', labels: ['a', 'b'] });
  const end = meanwhile(at, () => at.notion.editPage(page, { Name: 'Notion says', Labels: ['a', 'c'] }));
  const run = await at.pass();
  end();
  assert.equal(run.outputs.conflicts, '1');
  assert.match(at.comments(1).at(-1), /Notion says/);
  assert.equal(at.row(1).Name, 'GitHub says');
  at.later();
  await at.pass();
  assert.deepEqual([at.issue(1).labels, [...at.row(1).Labels].sort()], [['a', 'b', 'c'], ['a', 'b', 'c']]);
  at.later();
  await at.settle();
});

test('a page that is done and taken back while the pass is at work closes nothing', async (t) => {
  const { at, page } = await pair(t);
  at.notion.editPage(page, { Status: 'Done' });
  const end = meanwhile(at, () => at.notion.editPage(page, { Status: 'Review' }));
  const run = await at.pass();
  end();
  assert.deepEqual(changes(at, run), []);
  assert.equal(at.issue(1).state, 'open');
  at.later();
  await at.settle();
});

test('a page that gets a number, or goes to the trash, before its issue is created gets none', async (t) => {
  const acts = {
    number: (at, page) => at.notion.editPage(page, { 'GitHub ID': 1 }),
    trash: (at, page) => at.notion.trashPage(page),
  };
  for (const [name, act] of Object.entries(acts)) {
    const at = await story(t);
    at.addIssue({ title: 'One' });
    await at.pass({ create_pages: 'none' });
    at.later();
    const page = at.addPage({ Name: 'New' });
    const end = meanwhile(at, () => act(at, page));
    const run = await at.pass({ create_pages: 'none' });
    end();
    assert.deepEqual(changes(at, run), [], name);
    at.later();
    await at.pass({ create_pages: 'none' });
    assert.equal(at.issues().length, 1, name);
    if (name === 'number') assert.equal(at.page(1), page);
  }
});

test('a page that goes to the trash while the pass is at work is not touched', async (t) => {
  const { at, page } = await pair(t);
  at.github.editIssue(at.repo, 1, { title: 'Two' });
  const end = meanwhile(at, () => at.notion.trashPage(page));
  const run = await at.pass();
  end();
  assert.deepEqual(changes(at, run), []);
  at.later();
  const next = await at.pass();
  assert.deepEqual(next.report.results.map(({ row }) => row), ['E8']);
});

test('what people write on GitHub while the pass is at work is found by the next one', async (t) => {
  const { at, page } = await pair(t);
  at.notion.editPage(page, { Name: 'Notion says' });
  const end = meanwhile(at, () => {
    at.github.label(at.repo, 1, ['late']);
    at.addIssue({ title: 'Late' });
  });
  await at.pass();
  end();
  at.later();
  await at.pass();
  assert.deepEqual([at.row(1).Labels, at.issue(1).labels, at.row(2).Name], [['a', 'late'], ['a', 'late'], 'Late']);
  at.later();
  await at.settle();
});

test('labels that somebody adds and removes on GitHub while the pass adds another are not lost on the page', async (t) => {
  const { at, page } = await pair(t);
  at.notion.editPage(page, { Labels: ['a', 'from Notion'] });
  const end = meanwhile(at, () => {
    at.github.label(at.repo, 1, ['late']);
    at.github.unlabel(at.repo, 1, 'a');
  });
  await at.pass();
  end();
  assert.deepEqual(at.issue(1).labels, ['from Notion', 'late']);
  at.later();
  await at.pass();
  assert.deepEqual([...at.row(1).Labels].sort(), ['from Notion', 'late']);
  at.later();
  await at.settle();
});

test('the schema changes while the pass is at work: a renamed property is still written', async (t) => {
  const { at } = await pair(t);
  at.github.editIssue(at.repo, 1, { title: 'Two', labels: ['b'] });
  const end = meanwhile(at, () => {
    at.notion.renameProperty(at.dataSource, 'Labels', 'Tags');
    at.notion.renameProperty(at.dataSource, 'Name', 'Task');
  });
  await at.pass();
  end();
  assert.deepEqual([at.row(1).Task, at.row(1).Tags], ['Two', ['b']]);
});

test('what is edited while the rows are listed, for however long, is found by the next pass', async (t) => {
  const at = await story(t);
  const inputs = { sync_body: 'none' };
  for (const title of ['One', 'Two']) {
    at.addIssue({ title });
    await at.pass(inputs);
    at.later();
  }
  await at.settle(inputs);
  at.notion.settings.pageSizeCap = 1;
  at.github.editIssue(at.repo, 2, { title: 'Due' });
  for (const number of [1, 2]) at.notion.editPage(at.page(number), { Labels: [] });
  let listed = 0;
  const off = at.sandbox.on(({ phase, request }) => {
    if (phase !== 'after' || !request.path.endsWith('/query')) return;
    listed += 1;
    if (listed !== 1) return;
    at.later(2000);
    at.notion.editPage(at.page(1), { Labels: ['late'] });
    at.later();
  });
  await at.pass(inputs);
  off();
  assert.equal(listed, 2);
  at.later(2000);
  await at.pass(inputs);
  assert.deepEqual(at.issue(1).labels, ['late']);
});
