// Log, annotations and job summary of a public repository: neither names of columns nor Notion's own words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { story } from './sync-story.mjs';

const COLUMN = 'Pipeline stage';
const RENAMED = 'Carveout state';
const WORDS = [COLUMN, RENAMED, 'Waiting for legal', 'Private title', 'Salary band'];
const properties = { [COLUMN]: { status: { 'To-do': ['Not started'], 'In progress': ['Waiting for legal'], Complete: ['Done'] } }, 'Salary band': { number: {} } };
const MAP = { property_map: `status = ${COLUMN}` };

async function linked(t, inputs = MAP) {
  const at = await story(t, { repo: { private: false, labels: ['bug'] }, properties });
  at.addIssue({ title: 'One', labels: ['bug'] });
  at.addIssue({ title: 'Two' });
  await at.pass(inputs);
  at.later();
  at.rename = (from, to) => at.notion.renameProperty(at.dataSource, from, to);
  at.remove = (name) => at.notion.removeProperty(at.dataSource, name);
  return at;
}

const said = (run) => `${run.stdout}\n${run.stderr}\n${run.summary}`;

function quiet(run) {
  for (const word of WORDS) assert.ok(!said(run).includes(word), `${word}:\n${said(run)}`);
}

for (const [name, act, inputs, code, told] of [
  ['a column that was renamed', (at) => at.rename(COLUMN, RENAMED), { ...MAP, mode: 'full' }, 0, /the column \(status\) is now called \(another name\)/],
  ['an entry of property_map for a column that was renamed', (at) => at.rename(COLUMN, RENAMED), { ...MAP, mode: 'full' }, 0, /property_map names \(a name\) for status, .*write .status = NAME./],
  ['a column that is gone', (at) => { at.remove(COLUMN); }, { mode: 'full' }, 0, /the column \(status\) is gone from the database/],
  ['a column that never was', () => {}, { property_map: `labels = ${RENAMED}\nstatus = ${COLUMN}`, mode: 'full' }, 0, /labels/],
  ['a column of the wrong type', () => {}, { property_map: 'labels = Salary band' }, 2, /the column \(labels\) is of type number, but labels needs/],
  ['an option that the status lacks', () => {}, { ...MAP, setup: 'none', status_map: 'Waiting for legal too = closed' }, 2, /status_map names \(an option\), but the column \(status\) has no such option/],
]) {
  test(`${name} is named by its field`, async (t) => {
    const at = await linked(t);
    act(at);
    for (const log_level of ['info', 'debug']) {
      const dry = await at.sync({ ...inputs, dry_run: 'true', log_level });
      quiet(dry);
      quiet(await at.sync({ ...inputs, check: 'true', log_level }));
      assert.match(said(dry), told);
    }
    const run = await at.pass(inputs, { code });
    quiet(run);
  });
}

for (const [status, code] of [[400, 'validation_error'], [403, 'restricted_resource'], [404, 'object_not_found']]) {
  test(`what Notion says in its own words is not said again (${status})`, async (t) => {
    const at = await linked(t);
    at.github.editIssue(at.repo, 1, { title: 'One, better' });
    const message = `Waiting for legal is not a property that exists, Private title is`;
    at.sandbox.fault({ kind: 'status', status, method: 'PATCH', path: `/v1/pages/${at.page(1)}`, body: { object: 'error', status, code, message }, times: 9 });
    const run = await at.sync({ ...MAP, log_level: 'debug' });
    quiet(run);
    assert.match(said(run), /\.\.\. is not a property that exists/);
    at.later();
    const open = await at.sync({ ...MAP, publish: 'true', mode: 'full' });
    assert.match(said(open), /Waiting for legal is not a property/);
  });
}
