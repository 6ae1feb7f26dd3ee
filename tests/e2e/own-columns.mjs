// The kinds of columns that `fields` can bind, for tests that play all of them.

import { story } from './sync-story.mjs';

const ISSUE_FIELDS = [
  { name: 'Effort', type: 'number' }, { name: 'Target date', type: 'date' }, { name: 'Team', type: 'text' },
  { name: 'Severity', type: 'single_select', options: ['Low', 'High', 'Urgent'] },
  { name: 'Areas', type: 'multi_select', options: ['Front', 'Back', 'Docs'] },
];

const without = (at, number, of) => at.github.issue(at.repo, number).labels.map(({ name }) => name).filter((name) => !of(name));

function labels(line, property, values, before) {
  const inGroup = (name) => name.toLowerCase().startsWith(before);
  const many = property.multi_select !== undefined;
  return {
    line, property, values, many, empty: many ? [] : (property === 'rich_text' ? '' : null),
    put: (at, number, value) => at.github.editIssue(at.repo, number, {
      labels: [...without(at, number, inGroup), ...[value ?? []].flat().filter((one) => one !== '').map((one) => before + one)],
    }),
    get(at, number) {
      const found = at.github.issue(at.repo, number).labels.map(({ name }) => name).filter(inGroup).map((name) => name.slice(before.length)).sort();
      if (many) return found;
      if (found.length > 1) return found;
      if (found.length === 0) return this.empty;
      return property === 'number' ? Number(found[0]) : found[0];
    },
  };
}

function issueField(name, property, values) {
  const many = property.multi_select !== undefined;
  const empty = many ? [] : (property === 'rich_text' ? '' : null);
  return {
    line: `Own = issue field: ${name}`, property, values, many, empty, organization: true, slow: true,
    put(at, number, value) {
      const clear = value === null || value.length === 0;
      if (clear && at.github.issueFields(at.repo, number)[name] === undefined) return;
      at.github.setIssueFields(at.repo, number, { [name]: clear ? null : value });
    },
    get(at, number) {
      const value = at.github.issueFields(at.repo, number)[name] ?? empty;
      return many ? [...value].sort() : value;
    },
  };
}

/*
 * line: of `fields`, for a property "Own"; values: two of them; empty: of the property; put, get: on GitHub;
 * slow: GitHub does not show that it changed, full passes find it.
 */
export const KINDS = {
  'labels, select': labels('Own = label: prio/*', { select: [] }, ['high', 'low'], 'prio/'),
  'labels, status': labels('Own = label: stage/*', { status: { 'To-do': ['idea'], 'In progress': ['plan'], Complete: ['built'] } }, ['idea', 'built'], 'stage/'),
  'labels, number': labels('Own = label: points:*', 'number', [3, 0.5], 'points:'),
  'labels, text': labels('Own = label: team: *', 'rich_text', ['Docs & co', 'R/D'], 'team: '),
  'labels, multi_select': labels('Own = label: area/*', { multi_select: [] }, [['api', 'ui'], ['api']], 'area/'),
  'label, checkbox': {
    line: 'Own = label: blocked', property: 'checkbox', values: [true, false], empty: false,
    put: (at, number, value) => at.github.editIssue(at.repo, number, { labels: [...without(at, number, (name) => name === 'blocked'), ...(value ? ['blocked'] : [])] }),
    get: (at, number) => at.github.issue(at.repo, number).labels.some(({ name }) => name === 'blocked'),
  },
  'issue field, number': issueField('Effort', 'number', [5, 2.25]),
  'issue field, date': issueField('target date', 'date', ['2026-12-24', '2027-01-31']),
  'issue field, text': issueField('Team', 'rich_text', ['Docs', 'Core, and more']),
  'issue field, select': issueField('Severity', { select: [] }, ['High', 'Urgent']),
  'issue field, multi_select': issueField('Areas', { multi_select: [] }, [['Back', 'Front'], ['Back', 'Docs']]),
};
// A status is never empty.
KINDS['labels, status'].empty = 'plan';
for (const kind of Object.values(KINDS)) if (kind.line.includes('target date')) Object.assign(kind, issueField('Target date', 'date', kind.values));

/** All of them, also what blocks an issue: numbers, which stand for pages in Notion. Issues 7 to 9 are there for it. */
export const ALL = Object.fromEntries(Object.entries({
  ...KINDS,
  'blocked by, relation': {
    line: 'Own = blocked by', values: [[7, 8], [8, 9]], many: true, empty: [], pages: true,
    put(at, number, value) {
      const before = at.github.blockedBy(at.repo, number);
      for (const one of before) if (!value.includes(one)) at.github.removeBlockedBy(at.repo, number, one);
      for (const one of value) if (!before.includes(one)) at.github.addBlockedBy(at.repo, number, one);
    },
    get: (at, number) => at.github.blockedBy(at.repo, number).sort(),
  },
}).map(([name, kind]) => [name, { ...kind, name, target: kind.line.slice('Own = '.length), is: kind.pages ? 'relation' : typeof kind.property === 'string' ? kind.property : Object.keys(kind.property)[0] }]));

/** A board with a column of each kind, under the kind's name. without: no columns yet. */
export async function boardOfAll(t, { inputs = {}, without = false, targets = (kind) => kind.target } = {}) {
  const kinds = Object.values(ALL);
  const properties = Object.fromEntries(kinds.filter(({ property }) => property && !without).map(({ name, property }) => [name, property]));
  const at = await story(t, { properties, repo: { organization: true, issueFields: ISSUE_FIELDS }, token: { kind: 'app' } });
  if (!without) at.notion.addProperty(at.dataSource, 'blocked by, relation', { relation: { data_source_id: at.dataSource } });
  const run = { fields: kinds.map((kind) => `${kind.name} = ${targets(kind)}`), ...inputs };
  const held = (kind, it) => (kind.pages ? (it ?? []).map((id) => at.notion.values(id)['GitHub ID']) : (it?.start ?? it));
  const sorted = (it) => (Array.isArray(it) ? [...it].sort() : it);
  return Object.assign(at, {
    run,
    kinds,
    go: (more = {}, runOptions) => at.pass({ ...run, mode: 'full', ...more }, runOptions),
    quiet: () => at.settle(run),
    // Relations to pages that a pass makes come with the next one.
    relate: (more = {}) => { at.later(); return at.pass({ ...run, ...more }); },
    pair: (kind, number, name = kind.name) => [kind.get(at, number), sorted(held(kind, at.row(number)[name]))],
    write: (kind, it) => (kind.pages ? it.map(at.page) : it),
    type: (number, value) => at.notion.editPage(at.page(number), Object.fromEntries(kinds.map((kind) => [kind.name, at.write(kind, value(kind))]))),
    put: (number, value) => kinds.forEach((kind) => kind.put(at, number, value(kind))),
    issuesOf: (n) => { for (let i = 1; i <= n; i += 1) at.addIssue({ title: `Issue ${i}`, labels: ['bug'] }); },
  });
}

/** A board with the property "Own", whose passes bind it. */
export async function board(t, kind, { fields = kind.line, inputs = {}, properties = {}, ...options } = {}) {
  const at = await story(t, {
    properties: { Own: kind.property, ...properties },
    repo: kind.organization ? { organization: true, issueFields: ISSUE_FIELDS } : {},
    token: kind.organization ? { kind: 'app' } : {},
    ...options,
  });
  const run = { fields, ...inputs };
  const value = (it) => (Array.isArray(it) ? [...it].sort() : (it?.start ?? it));
  return Object.assign(at, {
    run,
    go: (more = {}, runOptions) => at.pass({ ...run, ...(kind.slow && { mode: 'full' }), ...more }, runOptions),
    quiet: () => at.settle(run),
    pair: (number) => [kind.get(at, number), value(at.row(number).Own)],
    put: (number, it) => kind.put(at, number, it),
    type: (number, it) => at.notion.editPage(at.page(number), { Own: it }),
  });
}
