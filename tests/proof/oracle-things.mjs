// Pages and issues as the oracle sees them: plain data, in slots that can be compared across both sides.

import { isShown } from '../sandbox/github/issues.mjs';
import { LANES, OWN_LABELS, PEOPLE_OF_BOTH } from './histories-steps.mjs';

const BOT = 'github-actions[bot]';
const LOGIN_OF = new Map(Object.entries(PEOPLE_OF_BOTH).map(([login, name]) => [name, login]));
// The slots of a column.
export const SLOT_OF = { Status: 'status', Labels: 'label', Milestone: 'milestone', 'Issue Type': 'kind', Assignees: 'person' };
const CLOSED_OPTIONS = new Set(['Done', 'Canceled']);
const MARKER = /^<!-- notion-sync (.+) tag=[0-9a-f]{16} -->$/;
const INTEGRATION = 'Sandbox';

const fold = (text) => text.toLowerCase();
const labelOf = (option) => option.replace(/\uFF0C/g, ',');
const setOf = (names) => new Map(names.map((name) => [fold(name), name]));
export const oneLine = (text) => [...text.replace(/[\u0000-\u001f\u007f]/g, ' ').trimStart()].slice(0, 256).join('').trimEnd();
const QUOTE = /^Kept by the sync, conflict [0-9a-f]+/;
// `kept`: what did not win a conflict, if it may not be said on GitHub.
const saidInNotion = (notion, { id }) => notion.commentsOf(id).map(({ by, text }) => ({ own: by === INTEGRATION, kept: by === INTEGRATION && QUOTE.test(text), text }));

// Of several labels of a group nobody can tell which one counts.
const SEVERAL = ' and ';
export const isSeveral = (value) => value?.includes(SEVERAL) ?? false;
const namesOf = (labels, of) => labels.map(({ name }) => name).filter(of).sort();
const oneOf = (names) => (names.length === 0 ? null : names.join(SEVERAL));

const isOurs = ({ Repository = null }) => Repository === null || Repository === 'acme/app';

// Of a row that is no issue, or not in the database any more, nothing is known.
function numberOf(notion, dataSource, id) {
  const page = notion.pages.get(id);
  return page?.dataSourceId === dataSource && !page.inTrash && isOurs(notion.values(id)) ? notion.values(id)['GitHub ID'] ?? null : null;
}

// --- reading ---

/** A page as plain data; everything in which two states of it can differ. */
export function readPage({ sandbox: { notion }, dataSource }, page, columns) {
  const values = page.dataSourceId === dataSource ? notion.values(page.id) : {};
  const gone = page.dataSourceId !== dataSource || page.inTrash;
  const inside = !gone && isOurs(values);
  const parentRows = (values.Parent ?? []).filter((row) => numberOf(notion, dataSource, row) !== null);
  return {
    id: page.id, gone, inside, silent: gone ? [] : columns.silent(page.id, values).map((name) => SLOT_OF[name]), repository: values.Repository ?? null, archived: page.isArchived, number: values['GitHub ID'] ?? null, title: values.Name ?? '', status: values.Status ?? null,
    labels: setOf((values.Labels ?? []).map(labelOf)), lines: linesOf(notion.markdown(page.id)), said: saidInNotion(notion, page),
    people: (values.Assignees ?? []).map((name) => LOGIN_OF.get(name) ?? `stranger ${name}`), milestone: values.Milestone ?? null, kind: values['Issue Type'] ?? null,
    prio: values.Prio ?? null, blocked: values.Blocked ?? false, lane: LANES[values.Status] ?? null,
    relation: (values.Parent ?? []).join(' '), parentRows, parents: parentRows.map((row) => numberOf(notion, dataSource, row)), state: values['GitHub State'] ?? null, type: values.Type ?? null, url: values['GitHub URL'] ?? null,
  };
}

/** The same of an issue or pull request; `made`: the page that its marker names. */
export function readIssue(issue) {
  const marker = issue.author.login === BOT ? markerOf(issue.body ?? '') : null;
  return {
    number: issue.number, isPull: issue.isPull, hidden: !isShown(issue), title: issue.title, closed: issue.state === 'closed', reason: issue.stateReason,
    labels: setOf(namesOf(issue.labels, (name) => !OWN_LABELS.includes(name))), lane: oneOf(namesOf(issue.labels, (name) => Object.values(LANES).includes(name))),
    prio: oneOf(namesOf(issue.labels, (name) => name.startsWith('prio/')).map((name) => name.slice('prio/'.length))), blocked: issue.labels.some(({ name }) => name === 'blocked'), lines: linesOf(issue.body ?? ''),
    people: issue.assignees.map(({ login }) => (login in PEOPLE_OF_BOTH ? login : `stranger ${login}`)), milestone: issue.milestone?.title ?? null,
    kind: issue.type?.name ?? null, parents: issue.parent ? [issue.parent.number] : [], merged: issue.pull?.merged ?? false, draft: issue.pull?.draft ?? false,
    head: issue.pull?.headSha ?? null, made: marker?.startsWith('page=') ? marker.slice('page='.length) : null,
    comments: issue.comments.map((comment) => ({
      id: comment.id, own: comment.author.login === BOT, marker: comment.author.login === BOT ? markerOf(comment.body) : null, body: comment.body,
    })),
  };
}

// --- values and where they are ---

export const isClosed = (page) => CLOSED_OPTIONS.has(page.status);
export const keys = (map) => [...map.keys()].sort().join(' ');
// Labels, lines, people and parents: what is there or is not.
export const parts = ({ labels, lines, people, parents }) => [
  ...[...labels.keys()].map((name) => `label ${name}`), ...lines.map((n) => `line ${n}`), ...people.map((name) => `person ${name}`),
  ...parents.map((number) => `parent ${number}`),
];
export const isPart = (slot) => /^(?:label|line|person|parent) /.test(slot);
const textOf = (slot) => slot.replace(/^line/, 'Line').replace(/^parent /, '#');
export const linesOf = (text) => [...text.matchAll(/Line (\d+)\b/g)].map(([, n]) => n);
export const known = (people) => people.filter((name) => name in PEOPLE_OF_BOTH).sort().join();
export const keyOf = (issue, page) => `${issue.number} ${page.id}`;

// The marker of a text is on its last line.
const markerOf = (text) => MARKER.exec(text.trimEnd().split(/\r?\n/).at(-1))?.[1] ?? null;

export function flat(thing) {
  return { ...thing, labels: keys(thing.labels) };
}

export function add(map, key, value) {
  map.set(key, [...(map.get(key) ?? []), value]);
}

// Whether its column says nothing.
export const isSilent = (thing, slot) => (thing?.silent ?? []).includes(slot.split(' ')[0]);

export function valueIn(thing, slot) {
  if (thing === null || isSilent(thing, slot)) return undefined;
  if (slot === 'title') return { norm: oneLine(thing.title), text: thing.title, blank: oneLine(thing.title) === '' };
  if (slot === 'status') {
    if ('closed' in thing) return { norm: thing.closed, text: thing.closed ? 'closed' : 'open' };
    return { norm: isClosed(thing), text: thing.status, blank: thing.status === null };
  }
  if (slot === 'milestone') return { norm: thing.milestone, text: thing.milestone ?? 'none', blank: thing.milestone === null };
  if (slot === 'kind') return { norm: thing.kind, text: thing.kind ?? 'none', blank: thing.kind === null };
  if (slot === 'prio') return { norm: thing.prio, text: thing.prio ?? 'none', blank: thing.prio === null || isSeveral(thing.prio) };
  if (slot === 'blocked') return { norm: thing.blocked, text: thing.blocked ? 'checked' : 'unchecked', blank: !thing.blocked };
  if (isPart(slot)) {
    const has = parts(thing).includes(slot);
    return { norm: has, text: has ? textOf(slot) : `no ${slot}` };
  }
  return undefined;
}

// The field of which something is a part, as the input `directions` names it.
const FIELD_OF = { label: 'labels', line: 'body', person: 'assignees', parent: 'parent', kind: 'issue_type' };
export const fieldOf = (slot) => FIELD_OF[slot.split(' ')[0]] ?? slot;

// The parts in which two states of a thing differ.
export function slots(before, now) {
  const found = [];
  if (before?.title !== now?.title) found.push('title');
  if (before?.closed !== now?.closed || before?.status !== now?.status) found.push('status');
  if (before?.number !== now?.number) found.push('number');
  if ((before?.milestone ?? null) !== (now?.milestone ?? null)) found.push('milestone');
  if ((before?.kind ?? null) !== (now?.kind ?? null)) found.push('kind');
  if ((before?.prio ?? null) !== (now?.prio ?? null)) found.push('prio');
  if ((before?.blocked ?? false) !== (now?.blocked ?? false)) found.push('blocked');
  const [had, has] = [before, now].map((thing) => new Set(thing ? parts(thing) : []));
  for (const part of new Set([...had, ...has])) if (had.has(part) !== has.has(part)) found.push(part);
  return found.filter((slot) => !isSilent(before, slot) && !isSilent(now, slot));
}

// What a person said, by which a comment and its copies are known.
export const saidIn = (text) => /Said \d+/.exec(text)?.[0] ?? null;

// Titles, lines, remarks, options and people, by which it shows that something was told.
export const wordsIn = (text) => text.match(/\b(?:(?:Title|Line|Said) \d+|In progress|Not started|Canceled|Ann|Ben|Cid)\b/g) ?? [];

export const quarrels = (issue, page) => [
  ...issue.comments.filter(({ marker }) => marker?.startsWith(`conflict page=${page.id}`)).map(({ body }) => body),
  ...page.said.filter(({ kept }) => kept).map(({ text }) => text),
];

// What a pull request is closed by that nobody consented to is taken back, and reported.
export const isVoid = (issue, page) => issue.comments.some(({ marker }) => marker?.startsWith(`void page=${page.id}`));

export function quotes(issue, page, text) {
  const plain = text.replace(/[\u0000-\u001f]/g, ' ');
  return quarrels(issue, page).some((body) => body.includes(text) || body.includes(plain));
}
