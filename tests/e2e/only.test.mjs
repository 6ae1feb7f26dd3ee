// Of a page only the columns that take part are asked for, so that a wide board costs no more than a narrow one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { story } from './sync-story.mjs';

// A board with columns that have nothing to do with the sync, as real ones have.
async function wide(t, settings = {}) {
  const properties = { 'Spent %': { formula: { expression: '1 + 1' } }, Notes: 'rich_text', Team: { select: ['A', 'B'] }, Due2: 'date' };
  const at = await story(t, { properties });
  Object.assign(at.notion.settings, settings);
  const shown = [];
  at.sandbox.on(({ phase, request, answer }) => {
    if (phase !== 'after' || request.service !== 'notion') return;
    const pages = answer?.body?.object === 'page' ? [answer.body] : (answer?.body?.results ?? []);
    for (const page of pages) if (page.object === 'page') shown.push([`${request.method} ${request.path.replace(/[0-9a-f-]{36}/, '{id}')}`, Object.keys(page.properties)]);
  });
  return Object.assign(at, { shown });
}

async function work(at) {
  at.addIssue({ title: 'One', labels: ['bug'] });
  at.addPage({ Name: 'Two', Notes: 'n'.repeat(1000) });
  await at.pass();
  at.later();
  at.shown.length = 0;
  at.notion.editPage(at.page(2), { Name: 'Two!', Labels: ['new'] });
  at.github.editIssue(at.repo, 1, { title: 'One!' });
  const result = await at.pass();
  assert.deepEqual([at.issue(2).title, at.row(1).Name], ['Two!', 'One!']);
  assert.equal(at.row(2).Notes, 'n'.repeat(1000));
  return result;
}

const BOUND = ['GitHub ID', 'GitHub State', 'GitHub URL', 'Labels', 'Name', 'Status', 'Type'];
const seen = (at) => [...new Set(at.shown.map(([what, columns]) => `${what}: ${columns.sort().join(', ')}`))].sort();

test('queries, reads and writes of pages show the columns that take part and no others', async (t) => {
  const at = await wide(t);
  await work(at);
  assert.deepEqual(seen(at), ['GET /v1/pages/{id}', 'PATCH /v1/pages/{id}', 'POST /v1/data_sources/{id}/query'].map((what) => `${what}: ${BOUND.join(', ')}`));
  await at.settle();
});

test('if ids are not found names are used, and if those are not found either, all columns come', async (t) => {
  const at = await wide(t, { onlyByIds: false });
  await work(at);
  assert.ok(at.shown.filter(([what]) => what.endsWith('/query')).every(([, columns]) => columns.length === BOUND.length));
  const all = await wide(t);
  all.sandbox.fault({ service: 'notion', path: /query$/, kind: 'status', status: 400, times: 2, body: { object: 'error', status: 400, code: 'validation_error', message: 'Could not find property with name or id: x' } });
  all.addIssue({ title: 'One' });
  await all.pass();
  assert.equal(all.row(1).Name, 'One');
});

test('a service that shows all columns of what it wrote is understood as well', async (t) => {
  const at = await wide(t, { onlyOnWrites: false });
  await work(at);
  await at.settle();
});

test('a page that was moved to another database is still seen to be elsewhere', async (t) => {
  const at = await wide(t);
  at.addIssue({ title: 'One' });
  await at.pass();
  await at.settle();
  const other = at.notion.addDatabase({ title: 'Elsewhere', dataSources: [{ name: 'Elsewhere', properties: { Name: 'title' } }] });
  at.notion.movePage(at.page(1), other.dataSource);
  at.later();
  const result = await at.pass({ mode: 'full' });
  assert.equal(result.outputs.failures, '0');
  assert.match(result.summary, /#1/);
});
