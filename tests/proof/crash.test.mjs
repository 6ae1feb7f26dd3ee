// The crash matrix as tests, one a script: a sample of its cells, or all of them with CRASH_SAMPLE=1.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWrite } from './crash-cell.mjs';
import { baseline, cellsToPlay, playCells, SAMPLE } from './crash-plan.mjs';
import { SCRIPTS } from './script.mjs';

const names = Object.keys(SCRIPTS);
const results = playCells(names, cellsToPlay, { deep: SAMPLE === 1 });
results.catch(() => {});

for (const name of names) {
  test(`trouble at a request: ${name}`, async (t) => {
    const { problems } = await baseline(name);
    assert.deepEqual(problems, [], 'the pass that nothing disturbs');
    const { played, failures } = (await results).get(name);
    assert.ok(failures.length === 0, `${failures.length} of ${played} cells failed\n${failures.join('\n')}`);
    t.diagnostic(`${played} cells`);
  });
}

// --- the scripts leave no write out ---

const COMMENT = /<!-- notion-sync (?:(\w+) )?page=/;

function kindOf({ service, method, path, body }) {
  const route = path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id').replace(/\/\d+/g, '/:n').replace(/notion-sync\/[0-9a-f]{32}/, ':ref').replace(/\/labels\/.+/, '/labels/:name');
  if (/\/v1\/comments$/.test(route)) return 'comment in Notion';
  if (/\/comments$/.test(route) && /<!-- notion-sync comment=/.test(body.body)) return 'comment on GitHub';
  if (/\/comments$/.test(route)) return `comment ${COMMENT.exec(body.body)?.[1] ?? 'link'}`;
  if (service === 'github' && method === 'PATCH' && /\/issues\//.test(route)) return Object.keys(body).filter((key) => key !== 'state_reason').map((key) => (key === 'state' ? body.state : key));
  if (service === 'notion' && method === 'PATCH' && body.in_trash) return 'page to the trash';
  if (service === 'notion' && method === 'PATCH' && /markdown$/.test(route)) return `content ${body.type}`;
  if (service === 'notion' && method === 'PATCH' && /pages/.test(route)) return Object.values(body.properties).map((value) => (value.number === null ? 'page without number' : `page ${Object.keys(value)[0]}`));
  return `${method} ${route}`;
}

const WRITES = [
  'POST /v1/pages', 'POST /repos/acme/app/issues', 'PATCH /v1/data_sources/:id',
  'page title', 'page status', 'page multi_select', 'page number', 'page without number', 'page to the trash',
  'title', 'closed', 'open', 'PUT /repos/acme/app/pulls/:n/merge',
  'POST /repos/acme/app/issues/:n/assignees', 'DELETE /repos/acme/app/issues/:n/assignees', 'milestone', 'type', 'page people', 'page relation',
  'POST /repos/acme/app/issues/:n/sub_issues', 'DELETE /repos/acme/app/issues/:n/sub_issue', 'page select',
  'body', 'content update_content', 'content replace_content', 'comment in Notion', 'comment on GitHub',
  'comment link', 'comment closed', 'comment reopened', 'comment merged', 'comment refused', 'comment conflict', 'comment ended',
  'POST /repos/acme/app/git/trees', 'POST /repos/acme/app/git/commits', 'POST /repos/acme/app/git/refs', 'PATCH /repos/acme/app/git/refs/:ref',
];

test('the scripts reach every write that the program can make', async () => {
  const made = new Set();
  for (const name of names) {
    const { requests } = await baseline(name);
    for (const request of requests.filter(isWrite)) for (const kind of [kindOf(request)].flat()) made.add(kind);
  }
  assert.deepEqual(WRITES.filter((kind) => !made.has(kind)), [], `made were ${[...made].sort().join(', ')}`);
});
