// A board with ten columns of its own and a thousand issues: imported, changed, and quiet at two requests.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { story } from './sync-story.mjs';

const N = 1000;
const NAMES = ['Priority', 'Area', 'Blocked', 'Points', 'Team', 'Effort', 'Target', 'Notes', 'Severity', 'Parts'];
const FIELDS = [
  'Priority = label: priority/*', 'Area = label: area/*', 'Blocked = label: blocked', 'Points = label: points:*', 'Team = label: team/*',
  'Effort = issue field: Effort', 'Target = issue field: Target date', 'Notes = issue field: Notes', 'Severity = issue field: Severity', 'Parts = issue field: Parts',
];
const PROPERTIES = {
  Priority: { select: [] }, Area: { multi_select: [] }, Blocked: 'checkbox', Points: 'number', Team: 'rich_text',
  Effort: 'number', Target: 'date', Notes: 'rich_text', Severity: { select: [] }, Parts: { multi_select: [] },
};
const ISSUE_FIELDS = [
  { name: 'Effort', type: 'number' }, { name: 'Target date', type: 'date' }, { name: 'Notes', type: 'text' },
  { name: 'Severity', type: 'single_select', options: ['Low', 'High'] }, { name: 'Parts', type: 'multi_select', options: ['Front', 'Back'] },
];
const RUN = { fields: FIELDS, link_comments: 'none', max_runtime: 350 };

test('ten columns, a thousand issues: imported whole, edits of both sides, then two requests', async (t) => {
  const at = await story(t, { properties: PROPERTIES, repo: { organization: true, issueFields: ISSUE_FIELDS }, token: { kind: 'app' } });
  at.notion.settings.perMinute = 1e9;
  for (let i = 1; i <= N; i += 1) {
    at.addIssue({ title: `Issue ${i}`, labels: ['bug', `priority/${i % 3}`, 'area/a', `area/${i % 5}`, ...(i % 2 ? ['blocked'] : []), `points:${i % 8}`, `team/${i % 4}`] });
    at.github.setIssueFields(at.repo, i, { Effort: i, 'Target date': '2026-12-24', Notes: `Note ${i}`, Severity: i % 2 ? 'Low' : 'High', Parts: ['Front'] });
  }
  const first = await at.pass(RUN);
  assert.equal(first.outputs.pages_created, String(N));
  const row = Object.fromEntries(NAMES.map((name) => [name, at.row(7)[name]?.start ?? at.row(7)[name]]));
  assert.deepEqual(row, {
    Priority: '1', Area: ['2', 'a'], Blocked: true, Points: 7, Team: '3', Effort: 7, Target: '2026-12-24', Notes: 'Note 7', Severity: 'Low', Parts: ['Front'],
  });
  await at.settle(RUN);
  at.later();
  at.notion.editPage(at.page(7), { Priority: 'high', Area: ['b'], Blocked: false, Points: 3, Team: 'x', Effort: 1.5, Target: '2027-01-01', Notes: 'More', Severity: 'High', Parts: ['Back'] });
  at.github.editIssue(at.repo, 8, { labels: ['priority/low'] });
  const second = await at.pass(RUN);
  assert.deepEqual([second.outputs.issues_updated, second.outputs.pages_updated, second.outputs.conflicts], ['1', '1', '0']);
  assert.deepEqual(at.issue(7).labels.sort(), ['area/b', 'bug', 'points:3', 'priority/high', 'team/x']);
  assert.deepEqual(at.github.issueFields(at.repo, 7), { Effort: 1.5, 'Target date': '2027-01-01', Notes: 'More', Severity: 'High', Parts: ['Back'] });
  assert.deepEqual([at.row(8).Priority, at.row(8).Points, at.row(8).Blocked], ['low', null, false]);
  await at.settle(RUN);
});
