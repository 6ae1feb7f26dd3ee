// What the tests of the main job share: a board of its own for each test, and requests in words.

import assert from 'node:assert/strict';
import { board, untagged } from '../harness.mjs';
import { Sandbox } from '../sandbox/core.mjs';

export const MINUTE = 60000;
export const HOUR = 60 * MINUTE;

/*
 * A board in a sandbox that ends with the test. Besides what board() offers:
 *   pass(inputs, options)  one run; asserts that it ends with `options.code` (0)
 *   later(ms)              moves the clock (ten minutes)
 *   settle(inputs)         ten minutes, a pass that finds all in sync, ten minutes, a quiet one of two requests
 *   page(number), row(number), rows(), issue(number), issues(), comments(number)
 */
export async function story(t, options) {
  const sandbox = await Sandbox.start();
  t.after(() => sandbox.stop());
  const at = board(sandbox, options);
  const { notion, github } = sandbox;
  const own = (comment) => comment.author === 'github-actions[bot]';
  Object.assign(at, {
    notion, github,
    later: (ms = 10 * MINUTE) => sandbox.clock.later(ms),
    pass: (inputs, runOptions = {}) => pass(at, inputs, runOptions),
    settle: (inputs) => settle(at, inputs),
    found: () => notion.snapshot({ ids: true })[options?.title ?? 'Tasks'],
    rows: () => at.found().filter((row) => !row.trashed).map((row) => row.values),
    page: (number) => only(at.found().filter((row) => !row.trashed && row.values['GitHub ID'] === number), `page of #${number}`).id,
    row: (number) => notion.values(at.page(number)),
    issues: () => untagged(github.snapshot(at.repo).issues),
    raw: (number) => github.snapshot(at.repo).issues.find((issue) => issue.number === number),
    issue: (number) => only(at.issues().filter((issue) => issue.number === number), `#${number}`),
    comments: (number) => at.issue(number).comments.filter(own).map((comment) => comment.body),
    both: () => ({ rows: at.rows(), issues: at.issues() }),
    stateFiles: () => github.listRefFiles(at.repo, at.stateRef),
    record: (number) => github.readRefFile(at.repo, at.stateRef, `records/${Math.floor(number / 100)}/${number}.json`),
  });
  return at;
}

function only(found, what) {
  assert.equal(found.length, 1, what);
  return found[0];
}

async function pass(at, inputs, { code = 0, ...options }) {
  const result = await at.sync(inputs, options);
  assert.equal(result.code, code, `exit status\n${result.stdout}\n${result.stderr}`);
  return result;
}

async function settle(at, inputs) {
  const before = JSON.stringify(at.both());
  at.later();
  const second = await pass(at, inputs, {});
  assert.deepEqual(changes(at, second), [], 'the next pass finds everything in sync');
  at.later();
  const quiet = await pass(at, inputs, {});
  assert.deepEqual(quiet.requests.map(inWords), ['github POST /graphql', 'notion POST /v1/data_sources/{id}/query']);
  assert.equal(JSON.stringify(at.both()), before, 'nothing changed on either side');
  return { second, quiet };
}

// --- requests ---

const ID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g;
export const inWords = ({ service, method, path }) => `${service} ${method} ${path.replace(ID, '{id}')}`;

export const isRead = ({ method, path }) => method === 'GET' || path === '/graphql' || path.endsWith('/query');
export const reads = (result) => result.requests.filter(isRead);
export const isState = ({ path }) => /\/git\//.test(path);

// The requests by which the state was saved, one list for each commit.
export function saves(result) {
  const requests = result.requests.filter((request) => isState(request) && !isRead(request));
  const commits = [];
  for (const request of requests) {
    const what = /\/git\/(trees|commits|refs)/.exec(request.path)[1];
    if (what === 'trees') commits.push([]);
    commits.at(-1).push(what);
  }
  return commits;
}

const VERBS = [
  ['POST', /^\/repos\/[^/]+\/[^/]+\/issues$/, 'create issue'],
  ['PATCH', /^\/repos\/[^/]+\/[^/]+\/issues\/(\d+)$/, 'write issue'],
  ['POST', /^\/repos\/[^/]+\/[^/]+\/issues\/(\d+)\/comments$/, 'comment'],
  ['POST', /^\/repos\/[^/]+\/[^/]+\/issues\/(\d+)\/labels$/, 'add labels'],
  ['DELETE', /^\/repos\/[^/]+\/[^/]+\/issues\/(\d+)\/labels\/(.+)$/, 'remove label'],
  ['PUT', /^\/repos\/[^/]+\/[^/]+\/pulls\/(\d+)\/merge$/, 'merge'],
  ['POST', /^\/v1\/pages$/, 'create page'],
  ['PATCH', /^\/v1\/pages\/([0-9a-f-]{36})$/, 'write page'],
  ['PATCH', /^\/v1\/pages\/([0-9a-f-]{36})\/markdown$/, 'write content'],
  ['PATCH', /^\/v1\/data_sources\/([0-9a-f-]{36})$/, 'write schema'],
];

function plain(value) {
  const [[type, content]] = Object.entries(value).filter(([key]) => key !== 'type' && key !== 'id');
  if (type === 'title' || type === 'rich_text') return content.map((part) => part.text.content).join('');
  if (type === 'multi_select') return content.map((option) => option.name);
  return type === 'select' || type === 'status' ? content?.name ?? null : content;
}

function properties(at, given) {
  const names = new Map(at.notion.dataSources.get(at.dataSource).schema.list().flatMap(({ id, name }) => [[id, name], [encodeURIComponent(id), name]]));
  return Object.fromEntries(Object.entries(given ?? {}).map(([key, value]) => [names.get(key) ?? key, plain(value)]));
}

/*
 * What a run changed, in order, the state apart: [verb, number or page id, what]. For a page `what`
 * is its properties by name, for a comment its text, else the request's body.
 */
export function changes(at, result) {
  return result.requests.filter((request) => !isRead(request) && !isState(request)).map((request) => {
    const { method, path, service } = request;
    const body = untagged(request.body);
    const [, pattern, verb] = VERBS.find(([verbMethod, form]) => verbMethod === method && form.test(path)) ?? [];
    assert.ok(verb, `no such write is expected: ${method} ${path}`);
    const [, target = null, label] = pattern.exec(path);
    const whom = service === 'github' && target !== null ? Number(target) : target;
    if (verb === 'comment') return [verb, whom, body.body];
    if (verb === 'remove label') return [verb, whom, decodeURIComponent(label)];
    if (verb === 'write page' && (body.in_trash || body.archived)) return ['trash page', whom, body];
    if (/page$/.test(verb)) return [verb, whom, properties(at, body.properties)];
    return [verb, whom, body];
  });
}

// The same by record, since records go side by side: {number: [[verb, what], …]}, each in order.
export function perRecord(at, result) {
  const numbers = new Map(at.found().map((row) => [row.id, row.values['GitHub ID'] ?? row.id]));
  const records = {};
  for (const [verb, target, what] of changes(at, result)) {
    const made = { 'create issue': () => numbers.get(markers([what.body])[0]?.slice('page='.length)), 'create page': () => what['GitHub ID'] };
    const whom = made[verb]?.() ?? numbers.get(target) ?? target;
    (records[whom] ??= []).push([verb, what]);
  }
  return records;
}

export const verbs = (record) => (record ?? []).map(([verb]) => verb);

// The marker lines of comments and bodies.
export const markers = (texts) => texts.map((text) => /<!-- notion-sync (.*) -->$/.exec(text)?.[1] ?? null);
