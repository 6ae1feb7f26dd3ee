// Every input with values that it does not take: each is refused by name, with what would do, before any request.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { programPath } from '../harness.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const action = parse(fs.readFileSync(path.join(ROOT, 'action.yml'), 'utf8'));

const ID = '2f1c8a3e0b4d4c5e9f60718293a4b5c6';
const GOOD = { notion_token: 'ntn_aaaaaaaaaaaa', github_token: 'ghs_bbbbbbbbbbbb', notion_database: ID, repository: 'octo/hello' };

const CHOICE = ['nonsense', 'BOTH WAYS', 'a,b'];
const BOOLEAN = ['yes', '1', 'tru'];
const NUMBER = ['-1', '1.5', '1e3', 'many', '99999999999999999999'];
const LONG = 'x'.repeat(20000);

// [value, words of the message, other inputs]; a text alone is a value whose message need only name the input.
const BAD = {
  notion_token: ['two words', 'ntn_a\nb', 'ntn_ä'],
  github_token: ['two words', 'ghs_a\nb'],
  notion_database: ['tasks', ID.slice(1), `https://www.notion.so/?v=${ID}`],
  repository: ['hello', 'octo/', '/hello', 'octo/hello/more/parts', 'octo/he llo', 'octo/..'],
  mode: CHOICE,
  full_every: [...NUMBER, '8761'],
  dry_run: BOOLEAN,
  check: BOOLEAN,
  setup: CHOICE,
  create_issues: CHOICE,
  create_pages: CHOICE,
  pull_requests: CHOICE,
  notion_filter: ['Ready', '[]', '"text"', '{"property":', '1'],
  issue_filter: [
    ['lable:bug', /Did you mean "label"\?.*created:/], ['bug', /The words are/], ['is:opn', /Did you mean "open"\?/], ['label:"bug', /quotation mark/],
    ['label:', /value is missing/], ['created:tomorrow', /2026-01-31/], ['author:@me', /logins/], ['is:open OR is:pr', /AND and OR/],
    ['is:open '.repeat(300), /at most 2000 characters/], LONG,
  ],
  label_ignore: [['oops\\', /\*/], ['x'.repeat(101), /100 characters/], [Array.from({ length: 101 }, (_, i) => `a${i}*`).join('\n'), /at most 100 lines/], LONG],
  new_issue_labels: [
    ['x'.repeat(51), /50 characters/], [Array.from({ length: 51 }, (_, i) => `a${i}`).join('\n'), /at most 50 labels/],
    ['bug\ninternal/new', /label_ignore covers/, { label_ignore: 'INTERNAL/*' }], ['bug', /label_ignore covers/, { label_ignore: '*' }], LONG,
  ],
  new_issue_type: [['Bug\nTask', /one line/], ['x'.repeat(101), /100 characters/], LONG],
  publish: BOOLEAN,
  property_map: ['colour = Colour', 'title', '= Name', 'title = A\ntitle = B', 'labels = GitHub ID', 'labels = Tags\nmilestone = Tags'],
  fields: ['Priority', 'Priority = colour', '= label: bug'],
  progress_map: ['draft', 'drft = In progress', '= In progress'],
  task_ids: BOOLEAN,
  create_milestones: BOOLEAN,
  directions: ['title', 'title = sideways', 'body = both', 'url = both', 'title = both\ntitle = both', 'colour = both'],
  status_map: ['Done', 'Done = finished', '= closed', 'Done = closed\nDone = open'],
  people_map: ['octocat', 'octocat =', 'octocat = nobody', 'two words = a@example.com', `octocat = ${ID}\noctocat = b@example.com`],
  people_database: [['team', /32 hex digits/], [ID.slice(1), /32 hex digits/], [`https://www.notion.so/?v=${ID}`, /32 hex digits/], [ID, /This is notion_database/]],
  link_comments: CHOICE,
  sync_body: CHOICE,
  sync_comments: CHOICE,
  comment_marker: [['two words', /one word/], ['a\nb', /one word/], ['x'.repeat(51), /50 characters/], LONG],
  on_conflict: CHOICE,
  pull_request_done: CHOICE,
  merge_method: CHOICE,
  on_page_deleted: CHOICE,
  on_issue_deleted: CHOICE,
  max_deletions: NUMBER,
  max_changes: NUMBER,
  max_runtime: [...NUMBER, '0', '351'],
  state_ref: ['main', 'refs/heads', 'refs/notion-sync/a..b', 'refs/notion-sync/a b', 'file:'],
  notion_api_url: ['api.notion.com', 'http://api.notion.com', 'ftp://127.0.0.1', 'https://user:pass@api.notion.com'],
  log_level: CHOICE,
};
// Any text is a label.
const FREE = ['issue_labels'];

function run(inputs) {
  const env = { PATH: process.env.PATH };
  for (const [name, value] of Object.entries({ ...GOOD, ...inputs })) env[`INPUT_${name.toUpperCase()}`] = value;
  const { status, stdout, stderr } = spawnSync(programPath(), [], { encoding: 'utf8', env });
  return { status, errors: (stdout + stderr).split('\n').filter((line) => line.startsWith('error: ')).map((line) => line.slice(7)) };
}

test('each input has its bad values here, or takes any text', () => {
  const known = [...Object.keys(BAD), ...FREE];
  assert.deepEqual(Object.keys(action.inputs).filter((name) => !known.includes(name)), [], 'inputs without bad values in tests/e2e/bad-inputs.test.mjs');
});

for (const [name, values] of Object.entries(BAD)) {
  test(name, () => {
    for (const value of values) {
      const [given, words = /./, more = {}] = Array.isArray(value) ? value : [value];
      const { status, errors } = run({ ...more, [name]: given });
      const shown = `${name}: ${given.slice(0, 100)}\n${errors.join('\n')}`;
      assert.equal(status, 2, shown);
      assert.ok(errors.length > 0 && errors.every((line) => line.startsWith(`${name}: `)), shown);
      assert.match(errors.join('\n'), words, shown);
      assert.ok(errors.every((line) => line.length > name.length + 20 && line.length < 1200), shown);
    }
  });
}
