// What can happen in a history: each step is plain data, and does nothing if there is nothing
// to do it to, so that every part of a history is a history too.

import fc from 'fast-check';
import { DELETABLE, DOUBLED, RENAMABLE } from './columns.mjs';

const OPTIONS = ['Not started', 'In progress', 'Review', 'Done', 'Canceled'];
const LABELS = ['bug', 'docs', 'Bug', 'a, b'];
const TITLES = ['Same', 'Same again', '', '   ', ' padded ', 'two\nlines', 'ticks ` and `` and ```', '<!-- notion-sync page=x -->', '@all #1 é 🎉'];

const FAULTS = [
  { kind: 'status', status: 500 }, { kind: 'status', status: 502 }, { kind: 'status', status: 503 },
  { kind: 'status', status: 429, headers: { 'retry-after': '7' } }, { kind: 'status', status: 502, effect: true },
  { kind: 'cut-before' }, { kind: 'cut-after' }, { kind: 'cut-mid' }, { kind: 'html' }, { kind: 'html', effect: true }, { kind: 'truncated' },
  { kind: 'committed', service: 'notion' }, { kind: 'status', status: 400, service: 'notion' }, { kind: 'status', status: 422, service: 'github' },
  { kind: 'hang-before' }, { kind: 'hang-after' }, { kind: 'status', status: 429, headers: { 'retry-after': '400' } },
];

export const POLICIES = {
  on_conflict: ['github', 'notion', 'newest'],
  create_pages: ['open', 'all', 'none'],
  create_issues: ['open', 'all', 'none'],
  pull_requests: ['linked', 'all', 'none'],
  pull_request_done: ['merge', 'close', 'none'],
  on_page_deleted: ['unlink', 'close'],
  on_issue_deleted: ['unlink', 'trash'],
  link_comments: ['all', 'created', 'none'],
  sync_body: ['both', 'both', 'to_notion', 'to_github', 'none'],
  sync_comments: ['none', 'to_notion', 'both', 'both'],
  directions: [
    '', 'labels = to_notion', 'title = to_github\nmilestone = to_notion', 'status = to_notion\nassignees = to_github', 'title = to_notion\nlabels = to_github',
    'status = to_github\nissue_type = to_notion', 'issue_type = to_github\nparent = to_notion\nassignees = to_notion', 'milestone = to_github\nparent = to_github',
  ],
};

// Who is who; Cid and carol are in no map.
export const PEOPLE_OF_BOTH = { alice: 'Ann', bob: 'Ben' };
export const LOGINS = [...Object.keys(PEOPLE_OF_BOTH), 'carol'];
export const NAMES = [...Object.values(PEOPLE_OF_BOTH), 'Cid'];
export const MILESTONES = ['v1', 'v2'];
export const TYPES = ['Bug', 'Feature'];

// Columns of the team's own: a group of labels, a label, and lanes.
export const LANES = { 'In progress': 'doing', Review: 'in review' };
export const OWN_INPUTS = { fields: ['Prio = label: prio/*', 'Blocked = label: blocked'], status_map: Object.entries(LANES).map(([name, label]) => `${name} = open + label: ${label}`) };
export const OWN_LABELS = ['prio/high', 'prio/low', 'blocked', ...Object.values(LANES)];
const inPrio = (name) => name.startsWith('prio/');

// --- what steps act on ---

const pick = (list, n) => (list.length === 0 ? undefined : list[n % list.length]);

// In the order in which people made them, then those that the program made, several at a time, by what they say.
const rows = ({ board: { sandbox: { notion }, dataSource } }) => {
  const all = [...notion.pages.values()].filter((page) => page.dataSourceId === dataSource);
  const made = (page) => notion.users.get(page.createdBy)?.type === 'bot';
  const name = (page) => `${String(notion.values(page.id)['GitHub ID'] ?? 0).padStart(3, '0')} ${notion.values(page.id).Name ?? ''}`;
  return [...all.filter((page) => !made(page)), ...all.filter(made).sort((a, b) => (name(a) < name(b) ? -1 : 1))];
};
const livePages = (world) => rows(world).filter((page) => !page.inTrash && !page.isArchived);
const archivedPages = (world) => rows(world).filter((page) => !page.inTrash && page.isArchived);
const trashedPages = (world) => rows(world).filter((page) => page.inTrash);
const everything = ({ board }) => [...board.sandbox.github.repo(board.repo).issues.values()].sort((a, b) => a.number - b.number);
const hiddenIssues = (world) => everything(world).filter((issue) => issue.hidden);
const plainIssues = (world) => everything(world).filter((issue) => !issue.isPull);
const pulls = (world) => everything(world).filter((issue) => issue.isPull);
const openPulls = (world) => pulls(world).filter((issue) => issue.state === 'open');
const comments = (world) => everything(world).flatMap((issue) => issue.comments);
const ownComments = (world) => comments(world).filter((comment) => comment.author.login.endsWith('[bot]'));

const on = (list, act) => (world, step) => {
  const target = pick(list(world), step.of);
  if (target !== undefined) act(world, target, step);
};

const titleOf = (world, { title }) => (typeof title === 'string' ? title : `Title ${world.fresh()}`);
const labelSet = (labels) => [...new Map(labels.map((label) => [label.toLowerCase(), label])).values()];
const toOption = (label) => label.replace(/,/g, '\uFF0C');

// --- texts: paragraphs that differ, each of another kind ---

const SHAPES = [(line) => line, (line) => `- ${line}`, (line) => `> ${line}`, (line) => `## ${line}`, (line) => `**${line}** and \`more\``];

const paragraph = (world) => {
  const n = world.fresh();
  return SHAPES[n % SHAPES.length](`Line ${n}.`);
};

const prose = (world, { lines = 0 }) => Array.from({ length: lines }, () => paragraph(world)).join('\n\n');

function rewrite(world, text, { how, at }) {
  const parts = text.split(/[\r\n]+/).filter((part) => part !== '');
  if (how === 'add') parts.splice(at % (parts.length + 1), 0, paragraph(world));
  else if (parts.length > 0) parts.splice(at % parts.length, 1, ...(how === 'change' ? [paragraph(world)] : []));
  return parts.join('\n\n');
}

// People leave the marker where it is: at the end.
function rewriteBody(world, issue, step) {
  const [, text, marker] = /^([^]*?)((?:\n*<!-- notion-sync [^\n]* -->\s*)?)$/.exec(issue.body ?? '');
  const body = rewrite(world, text, step) + marker;
  world.board.sandbox.github.editIssue(world.board.repo, issue.number, { body, web: step.how !== 'add' });
}

const rewriteContent = (world, page, step) => world.board.sandbox.notion.editContent(page.id, (text) => rewrite(world, text, step));

// --- steps ---

const index = fc.nat({ max: 3 });
const title = fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom(...TITLES) });
const label = fc.constantFrom(...LABELS);
const labels = fc.array(label, { maxLength: 2 });
const option = fc.constantFrom(...OPTIONS);
const lines = fc.nat({ max: 2 });
const milestone = fc.constantFrom(null, ...MILESTONES);
const type = fc.constantFrom(null, ...TYPES);
const who = fc.nat({ max: 2 });
const prio = fc.constantFrom(null, 'high', 'low');
const how = fc.constantFrom('add', 'add', 'change', 'remove');

const toggled = (list, item) => (list.includes(item) ? list.filter((it) => it !== item) : [...list, item]);

function relabel(world, page, change) {
  const { notion } = world.board.sandbox;
  notion.editPage(page.id, { Labels: change(notion.values(page.id).Labels ?? []) });
}

// Rows and issues of one family tree, named by the number if they have one.
const nodeOf = ({ board }, page) => board.sandbox.notion.values(page.id)['GitHub ID'] ?? page.id;

// GitHub takes no circles, so that people see to it that there is none on both sides together.
function mayBeUnder(world, child, parent) {
  const { notion } = world.board.sandbox;
  const above = new Map();
  const note = (from, to) => above.set(from, [...(above.get(from) ?? []), to]);
  for (const issue of plainIssues(world)) if (issue.parent) note(issue.number, issue.parent.number);
  for (const page of livePages(world)) {
    for (const id of notion.values(page.id).Parent ?? []) note(nodeOf(world, page), nodeOf(world, { id }));
  }
  const reaches = (from, seen = new Set()) => from === child
    || (!seen.has(from) && (above.get(from) ?? []).some((to) => reaches(to, seen.add(from))));
  return parent === null || !reaches(parent);
}

// name: [weight, arguments, what it does, what it is called]
const PEOPLE = {
  addPage: [6, { title, option, labels, lines }, (world, step) => {
    const values = { Name: titleOf(world, step), Status: step.option, Labels: labelSet(step.labels).map(toOption) };
    world.board.addPage(values, { markdown: prose(world, step) });
  }],
  renamePage: [6, { of: index, title }, on(livePages, (world, page, step) => {
    world.board.sandbox.notion.editPage(page.id, { Name: titleOf(world, step) });
  })],
  setStatus: [8, { of: index, option }, on(livePages, ({ board }, page, step) => {
    board.sandbox.notion.editPage(page.id, { Status: step.option });
  })],
  addPageLabel: [3, { of: index, label }, on(livePages, (world, page, step) => {
    relabel(world, page, (had) => labelSet([...had, toOption(step.label)]));
  })],
  removePageLabel: [3, { of: index, which: index }, on(livePages, (world, page, step) => {
    relabel(world, page, (had) => had.filter((_, i) => i !== step.which % Math.max(had.length, 1)));
  })],
  assignInNotion: [3, { of: index, who }, on(livePages, ({ board }, page, step) => {
    const had = board.sandbox.notion.values(page.id).Assignees ?? [];
    board.sandbox.notion.editPage(page.id, { Assignees: toggled(had, NAMES[step.who]) });
  })],
  setMilestone: [2, { of: index, milestone }, on(livePages, ({ board }, page, step) => board.sandbox.notion.editPage(page.id, { Milestone: step.milestone }))],
  setPrio: [3, { of: index, prio }, on(livePages, ({ board, own }, page, step) => own && board.sandbox.notion.editPage(page.id, { Prio: step.prio }))],
  setBlocked: [2, { of: index, on: fc.boolean() }, on(livePages, ({ board, own }, page, step) => own && board.sandbox.notion.editPage(page.id, { Blocked: step.on }))],
  setType: [2, { of: index, type }, on(livePages, ({ board }, page, step) => board.sandbox.notion.editPage(page.id, { 'Issue Type': step.type }))],
  setParent: [2, { of: index, under: index }, on(livePages, (world, page, step) => {
    const parent = pick([null, ...livePages(world)], step.under);
    if (mayBeUnder(world, nodeOf(world, page), parent && nodeOf(world, parent))) world.board.sandbox.notion.editPage(page.id, { Parent: parent ? [parent.id] : [] });
  })],
  trashPage: [2, { of: index }, on(livePages, ({ board }, page) => board.sandbox.notion.trashPage(page.id))],
  restorePage: [2, { of: index }, on(trashedPages, ({ board }, page) => board.sandbox.notion.restorePage(page.id))],
  archivePage: [2, { of: index }, on(livePages, ({ board }, page) => board.sandbox.notion.archivePage(page.id))],
  unarchivePage: [2, { of: index }, on(archivedPages, ({ board }, page) => board.sandbox.notion.archivePage(page.id, { archived: false }))],
  movePageAway: [1, { of: index }, on(livePages, ({ board, elsewhere }, page) => board.sandbox.notion.movePage(page.id, elsewhere))],
  // In a database that several repositories share; null: whichever comes first.
  giveAway: [2, { of: index, to: fc.constantFrom('acme/other', 'acme/other', 'acme/app', null) }, on(livePages, ({ board }, page, step) => {
    board.sandbox.notion.editPage(page.id, { Repository: step.to });
  })],
  duplicatePage: [2, { of: index }, on(livePages, ({ board }, page) => board.sandbox.notion.duplicatePage(page.id))],
  clearGitHubId: [2, { of: index }, on(livePages, ({ board }, page) => board.sandbox.notion.editPage(page.id, { 'GitHub ID': null }))],
  typeGitHubId: [3, { of: index, number: fc.integer({ min: 1, max: 9 }) }, on(livePages, ({ board }, page, step) => {
    board.sandbox.notion.editPage(page.id, { 'GitHub ID': step.number });
  })],
  editContent: [4, { of: index, how, at: index }, on(livePages, rewriteContent)],
  sayInNotion: [2, { of: index }, on(livePages, (world, page) => world.board.sandbox.notion.addComment(page.id, `Said ${world.fresh()}.`))],
  addIssue: [6, { title, labels, lines }, (world, step) => {
    const text = titleOf(world, step);
    world.board.addIssue({ title: text.trim() === '' ? 'Blank' : text.replace(/\n/g, ' '), labels: labelSet(step.labels), body: prose(world, step) });
  }],
  renameIssue: [6, { of: index, title }, on(everything, (world, issue, step) => {
    const text = titleOf(world, step);
    world.board.sandbox.github.editIssue(world.board.repo, issue.number, { title: text.trim() === '' ? 'Blank' : text.replace(/\n/g, ' ') });
  })],
  label: [3, { of: index, label }, on(everything, ({ board }, issue, step) => board.sandbox.github.label(board.repo, issue.number, step.label))],
  unlabel: [3, { of: index, which: index }, on(everything, ({ board }, issue, step) => {
    const had = pick(issue.labels, step.which);
    if (had) board.sandbox.github.unlabel(board.repo, issue.number, had.name);
  })],
  ownLabel: [4, { of: index, label: fc.constantFrom(...OWN_LABELS) }, on(everything, ({ board, own }, issue, step) => {
    if (own) board.sandbox.github[issue.labels.some(({ name }) => name === step.label) ? 'unlabel' : 'label'](board.repo, issue.number, step.label);
  })],
  close: [5, { of: index, reason: fc.constantFrom('completed', 'not_planned', 'duplicate') }, on(everything, ({ board }, issue, step) => {
    if (issue.state === 'open') board.sandbox.github.close(board.repo, issue.number, { reason: step.reason });
  })],
  reopen: [4, { of: index }, on(everything, ({ board }, issue) => {
    if (issue.state === 'closed' && !issue.pull?.merged && !issue.pull?.headDeleted) board.sandbox.github.reopen(board.repo, issue.number);
  })],
  assign: [3, { of: index, who }, on(everything, ({ board }, issue, step) => {
    const login = LOGINS[step.who];
    const act = issue.assignees.some((user) => user.login === login) ? 'unassign' : 'assign';
    board.sandbox.github[act](board.repo, issue.number, login);
  })],
  milestone: [2, { of: index, milestone }, on(everything, ({ board }, issue, step) => {
    board.sandbox.github.editIssue(board.repo, issue.number, { milestone: step.milestone && MILESTONES.indexOf(step.milestone) + 1 });
  })],
  type: [2, { of: index, type }, on(plainIssues, ({ board }, issue, step) => board.sandbox.github.editIssue(board.repo, issue.number, { type: step.type }))],
  adopt: [2, { of: index, under: index }, on(plainIssues, (world, issue, step) => {
    const { board } = world;
    const parent = pick([null, ...plainIssues(world)], step.under);
    if (!mayBeUnder(world, issue.number, parent && parent.number)) return;
    if (parent) board.sandbox.github.addSubIssue(board.repo, parent.number, issue.number);
    else if (issue.parent) board.sandbox.github.removeSubIssue(board.repo, issue.parent.number, issue.number);
  })],
  transferIssue: [1, { of: index }, on(plainIssues, ({ board, otherRepo }, issue) => board.sandbox.github.transferIssue(board.repo, issue.number, otherRepo))],
  deleteIssue: [1, { of: index }, on(plainIssues, ({ board }, issue) => board.sandbox.github.deleteIssue(board.repo, issue.number))],
  hideIssue: [1, { of: index }, on(plainIssues, ({ board }, issue) => board.sandbox.github.hideIssue(board.repo, issue.number))],
  showIssue: [2, { of: index }, on(hiddenIssues, ({ board }, issue) => board.sandbox.github.hideIssue(board.repo, issue.number, false))],
  turnPulls: [1, { on: fc.boolean() }, ({ board }, step) => board.sandbox.github.setFeature(board.repo, { pulls: step.on })],
  editBody: [4, { of: index, how, at: index }, on(everything, rewriteBody)],
  comment: [2, { of: index }, on(everything, (world, issue) => world.board.sandbox.github.comment(world.board.repo, issue.number, `Said ${world.fresh()}.`))],
  forgeMarker: [2, { of: index, page: index, kind: fc.constantFrom('', 'ended ', 'closed ', 'reopened ', 'conflict ') }, on(everything, (world, issue, step) => {
    const page = pick(rows(world), step.page);
    if (page) world.board.sandbox.github.comment(world.board.repo, issue.number, `Look:\n${world.board.marker(`${step.kind}page=${page.id}`, issue.number)}`, { by: 'mallory' });
  })],
  forgeIssue: [1, { page: index }, (world, step) => {
    const page = pick(rows(world), step.page);
    if (page) world.board.addIssue({ title: `Title ${world.fresh()}`, body: world.board.marker(`page=${page.id}`), by: 'mallory' });
  }],
  deleteOwnComment: [1, { of: index }, on(ownComments, ({ board }, comment) => board.sandbox.github.deleteComment(board.repo, comment.id))],
  addPull: [3, { draft: fc.boolean(), page: index }, (world, { draft, page }) => {
    const n = world.fresh();
    const pull = world.board.addPull({ title: `Title ${n}`, head: `topic-${n}`, draft });
    const row = pick(livePages(world).filter(({ id }) => (world.board.sandbox.notion.values(id)['GitHub ID'] ?? null) === null), page);
    if (row && page < 3) world.board.sandbox.notion.editPage(row.id, { 'GitHub ID': pull.number });
  }],
  pushHead: [1, { of: index }, on(openPulls, ({ board }, pull) => board.sandbox.github.pushHead(board.repo, pull.number))],
  mergePull: [1, { of: index }, on(openPulls, ({ board }, pull) => {
    if (!pull.pull.draft && !pull.pull.blocked) board.sandbox.github.merge(board.repo, pull.number);
  })],
  draftPull: [1, { of: index, draft: fc.boolean() }, on(openPulls, ({ board }, pull, { draft }) => {
    if (pull.pull.draft !== draft) board.sandbox.github.draft(board.repo, pull.number, draft);
  })],
  blockPull: [1, { of: index, blocked: fc.boolean() }, on(openPulls, ({ board }, pull, { blocked }) => {
    board.sandbox.github.setPull(board.repo, pull.number, { blocked: blocked ? 'A rule forbids it.' : null });
  })],
};

// What people do to the columns. One that is deleted takes its values along.
Object.assign(PEOPLE, {
  renameColumn: [2, { column: fc.constantFrom(...RENAMABLE) }, ({ columns }, { column }) => columns.rename(column)],
  decoyColumn: [1, { column: fc.constantFrom(...DOUBLED) }, ({ columns }, { column }) => columns.decoy(column)],
  removeColumn: [2, { column: fc.constantFrom('GitHub ID', 'GitHub ID', ...DELETABLE) }, ({ columns, knows }, { column }) => columns.remove(column, knows)],
  makeColumn: [2, { column: fc.constantFrom(...DELETABLE) }, ({ columns }, { column }) => columns.make(column)],
});

// Both teams at once, about the same thing.
const linked = (world) => everything(world).filter(({ number }) => rowOf(world, number));
const rowOf = (world, number) => livePages(world).find(({ id }) => world.board.sandbox.notion.values(id)['GitHub ID'] === number);

PEOPLE.disagree = [6, { of: index, about: fc.constantFrom('title', 'status', 'labels', 'text', 'milestone', 'type', 'prio', 'lane'), option, label, how, at: index }, on(linked, (world, issue, step) => {
  const { github, notion } = world.board.sandbox;
  const row = rowOf(world, issue.number);
  if (step.about === 'title') {
    github.editIssue(world.board.repo, issue.number, { title: `Title ${world.fresh()}` });
    notion.editPage(row.id, { Name: `Title ${world.fresh()}` });
  } else if (step.about === 'labels') {
    github.editIssue(world.board.repo, issue.number, { labels: [step.label] });
    notion.editPage(row.id, { Labels: [`also ${toOption(step.label)}`] });
  } else if (step.about === 'milestone') {
    github.editIssue(world.board.repo, issue.number, { milestone: step.at < 2 ? 1 : null });
    notion.editPage(row.id, { Milestone: step.at % 2 === 0 ? 'v2' : null });
  } else if (step.about === 'prio' || step.about === 'lane') {
    if (!world.own) return;
    const mine = step.about === 'prio' ? inPrio : (name) => Object.values(LANES).includes(name);
    const label = step.about === 'prio' ? ['prio/high', 'prio/low'][step.at % 2] : Object.values(LANES)[step.at % 2];
    github.editIssue(world.board.repo, issue.number, { labels: [...issue.labels.map(({ name }) => name).filter((name) => !mine(name)), label] });
    notion.editPage(row.id, step.about === 'prio' ? { Prio: ['high', 'low', null][step.at % 3] } : { Status: step.option });
  } else if (step.about === 'type') {
    if (!issue.isPull) github.editIssue(world.board.repo, issue.number, { type: step.at < 2 ? 'Bug' : null });
    notion.editPage(row.id, { 'Issue Type': step.at % 2 === 0 ? 'Feature' : null });
  } else if (step.about === 'text') {
    rewriteBody(world, issue, step);
    rewriteContent(world, row, { how: 'change', at: step.at });
  } else if (!issue.pull?.merged && !issue.pull?.headDeleted) {
    github.editIssue(world.board.repo, issue.number, { state: issue.state === 'open' ? 'closed' : 'open' });
    notion.editPage(row.id, { Status: step.option });
  }
})];

// --- going back ---

const ABOUT = ['title', 'status', 'labels', 'text', 'milestone', 'type', 'people', 'parent', 'prio', 'blocked'];
const OWN = new Set(['prio', 'blocked']);

const SIDES = {
  github: {
    all: everything,
    key: (issue) => `#${issue.number}`,
    read: (world, issue) => ({
      title: issue.title, status: issue.state, labels: issue.labels.map(({ name }) => name), text: issue.body ?? '', milestone: issue.milestone?.title ?? null,
      type: issue.type?.name ?? null, people: issue.assignees.map(({ login }) => login), parent: issue.parent?.number ?? null,
      prio: issue.labels.map(({ name }) => name).filter(inPrio).sort(), blocked: issue.labels.some(({ name }) => name === 'blocked'),
    }),
    write(world, issue, about, value) {
      const { repo, sandbox: { github } } = world.board;
      const { number } = issue;
      const edit = (values) => github.editIssue(repo, number, values);
      const had = new Set(issue.assignees.map(({ login }) => login));
      if (about === 'status' && (issue.pull?.merged || issue.pull?.headDeleted)) return;
      if (about === 'type' && issue.isPull) return;
      if (OWN.has(about)) {
        const [mine, wanted] = about === 'prio' ? [inPrio, value] : [(name) => name === 'blocked', value ? ['blocked'] : []];
        if (world.own) edit({ labels: [...issue.labels.map(({ name }) => name).filter((name) => !mine(name)), ...wanted] });
        return;
      }
      if (about === 'title' || about === 'labels' || about === 'type') edit({ [about]: value });
      else if (about === 'status') edit({ state: value });
      else if (about === 'text') edit({ body: value });
      else if (about === 'milestone') edit({ milestone: value && MILESTONES.indexOf(value) + 1 });
      else if (about === 'people') {
        for (const login of LOGINS) if (had.has(login) !== value.includes(login)) github[had.has(login) ? 'unassign' : 'assign'](repo, number, login);
      } else if (!issue.isPull && value === null) {
        if (issue.parent) github.removeSubIssue(repo, issue.parent.number, number);
      } else if (!issue.isPull && plainIssues(world).some((other) => other.number === value) && mayBeUnder(world, number, value)) github.addSubIssue(repo, value, number);
    },
  },
  notion: {
    all: livePages,
    key: (page) => page.id,
    read({ board: { sandbox: { notion } } }, page) {
      const { Name = '', Status = null, Labels = [], Milestone = null, 'Issue Type': type = null, Assignees = [], Parent = [], Prio = null, Blocked = false } = notion.values(page.id);
      return { title: Name, status: Status, labels: Labels, text: notion.markdown(page.id), milestone: Milestone, type, people: Assignees, parent: Parent, prio: Prio, blocked: Blocked };
    },
    write(world, page, about, value) {
      const { notion } = world.board.sandbox;
      const NAME_OF = { title: 'Name', status: 'Status', labels: 'Labels', milestone: 'Milestone', type: 'Issue Type', people: 'Assignees', parent: 'Parent', prio: 'Prio', blocked: 'Blocked' };
      if (OWN.has(about) && !world.own) return;
      if (about === 'parent' && !value.every((id) => livePages(world).some((row) => row.id === id) && mayBeUnder(world, nodeOf(world, page), nodeOf(world, { id })))) return;
      if (about === 'text') notion.editContent(page.id, () => value);
      else notion.editPage(page.id, { [NAME_OF[about]]: value });
    },
  },
};

// What everything said, each time that it said something new.
export function remember(world) {
  for (const { all, key, read } of Object.values(SIDES)) {
    for (const thing of all(world)) {
      const past = world.past.get(key(thing)) ?? [];
      const now = read(world, thing);
      world.past.set(key(thing), past);
      if (JSON.stringify(past.at(-1)) !== JSON.stringify(now)) past.push(now);
    }
  }
}

// Each about one field of one side, so that the other one can be looked at.
function changed(world, about, was, { side, option, label, at, who }) {
  if (about === 'title') return `Title ${world.fresh()}`;
  if (about === 'status') return side === 'notion' ? option : was === 'open' ? 'closed' : 'open';
  if (about === 'labels') return labelSet(toggled(was, side === 'notion' ? toOption(label) : label));
  if (about === 'milestone') return was === 'v1' ? 'v2' : at % 2 === 0 ? 'v1' : null;
  if (about === 'type') return was === 'Bug' ? 'Feature' : at % 2 === 0 ? 'Bug' : null;
  if (about === 'prio') return side === 'notion' ? [null, 'high', 'low'][at % 3] : [[], ['prio/high'], ['prio/low'], ['prio/high', 'prio/low']][at];
  if (about === 'blocked') return !was;
  if (about === 'people') return toggled(was, (side === 'notion' ? NAMES : LOGINS)[who]);
  const others = (side === 'notion' ? livePages(world).map(({ id }) => id) : plainIssues(world).map(({ number }) => number));
  const parent = pick([null, ...others], at);
  return side === 'notion' ? [parent].filter((id) => id !== null) : parent;
}

const side = fc.constantFrom('github', 'notion');
const about = fc.constantFrom(...ABOUT);

Object.assign(PEOPLE, {
  change: [4, { of: index, side, about, option, label, how, at: index, who }, (world, step) => {
    const { all, read, write } = SIDES[step.side];
    const thing = pick(all(world), step.of);
    if (!thing) return;
    if (step.about !== 'text') write(world, thing, step.about, changed(world, step.about, read(world, thing)[step.about], step));
    else if (step.side === 'github') rewriteBody(world, thing, step);
    else rewriteContent(world, thing, step);
  }],
  goBack: [4, { of: index, side, about, ago: fc.constantFrom(0, 0, 1) }, (world, step) => {
    const { all, key, read, write } = SIDES[step.side];
    const thing = pick(all(world), step.of);
    if (!thing) return;
    const said = [...(world.past.get(key(thing)) ?? []), read(world, thing)].map((past) => JSON.stringify(past[step.about]));
    const turns = said.filter((value, i) => value !== said[i + 1]);
    if (turns.length > 1 + step.ago) write(world, thing, step.about, JSON.parse(turns.at(-2 - step.ago)));
  }],
});

const record = (name, fields) => fc.record({ do: fc.constant(name), ...fields });
const oneOf = (table) => fc.oneof(...Object.entries(table).map(([name, [weight, fields]]) => ({ weight, arbitrary: record(name, fields) })));

const persons = oneOf(PEOPLE);

// At the nth request, or at the nth that changes something.
const ending = fc.record({ n: fc.integer({ min: 1, max: 20 }), writes: fc.boolean(), phase: fc.constantFrom('before', 'after') });

// Nothing is saved any more after so many writes to the state; the first three take the lock.
const saves = fc.record({ skip: fc.constantFrom(3, 3, 3, 4, 5), how: fc.nat({ max: 1 }) });

const trouble = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 4, arbitrary: fc.record({ kill: ending }) },
  { weight: 1, arbitrary: fc.record({ stop: ending }) },
  { weight: 5, arbitrary: fc.record({
    faults: fc.array(fc.record({
      fault: fc.nat({ max: FAULTS.length - 1 }), service: fc.constantFrom('notion', 'github'), writes: fc.constantFrom(true, true, false),
      skip: fc.constantFrom(0, 0, 1, 1, 2, 3, 5, 9), times: fc.constantFrom(1, 1, 2, 20),
    }), { minLength: 1, maxLength: 2 }),
  }) },
  { weight: 1, arbitrary: fc.record({ saves }) },
  { weight: 2, arbitrary: fc.record({ meanwhile: fc.array(fc.record({ n: fc.integer({ min: 1, max: 25 }), step: persons }), { minLength: 1, maxLength: 2 }) }) },
);

const WORLD = {
  wait: [4, { seconds: fc.constantFrom(20, 61, 400, 3 * 3600, 25 * 3600) }],
  lag: [1, { seconds: fc.constantFrom(0, 30, 55) }],
  loseState: [1, {}],
  visibility: [1, { open: fc.boolean(), publish: fc.boolean() }],
  limits: [1, { contentPerMinute: fc.constantFrom(3, 8, 80), contentPerHour: fc.constantFrom(8, 500) }],
};

const pass = fc.record({
  do: fc.constant('pass'), mode: fc.constantFrom('auto', 'auto', 'auto', 'full'), dry: fc.constantFrom(false, false, false, false, false, true), trouble,
});

// Something is changed, the pass that carries it over is not to the end, and whoever it was goes back.
const relapse = fc.record({
  of: index, side, about, option, label, how, at: index, who, trouble: fc.oneof(fc.record({ kill: fc.record({ n: fc.integer({ min: 4, max: 12 }), writes: fc.constant(true), phase: fc.constantFrom('before', 'after') }) }), fc.record({ saves })),
  seconds: fc.constantFrom(5, 61, 700), after: fc.constantFrom('here', 'here', 'here', 'there'),
}).map(({ trouble, seconds, after, ...change }) => [
  { do: 'change', ...change }, { do: 'pass', mode: 'auto', dry: false, trouble }, { do: 'wait', seconds },
  { do: 'goBack', of: change.of, side: after === 'here' ? change.side : change.side === 'github' ? 'notion' : 'github', about: change.about, ago: 0 },
]);

const step = fc.oneof({ weight: 12, arbitrary: persons }, { weight: 7, arbitrary: pass }, { weight: 3, arbitrary: oneOf(WORLD) });

// Mostly the defaults, so that failures under them are found first.
const policies = fc.record(Object.fromEntries(Object.entries(POLICIES).map(([name, values]) =>
  [name, fc.oneof({ weight: 1, arbitrary: fc.constant(values[0]) }, { weight: 1, arbitrary: fc.constantFrom(...values) })])));

// What is there before: pages, issues and pull requests, in sync or not yet.
const start = fc.record({ pages: fc.nat({ max: 2 }), issues: fc.nat({ max: 2 }), pulls: fc.nat({ max: 1 }), linked: fc.constantFrom(true, true, false), open: fc.constantFrom(false, false, false, true), shared: fc.constantFrom(false, false, true), own: fc.boolean() });

const steps = fc.array(fc.oneof({ weight: 12, arbitrary: step.map((one) => [one]) }, { weight: 1, arbitrary: relapse }), { minLength: 5, maxLength: 15, size: 'max' });

export const history = fc.record({ policies, start, steps: steps.map((groups) => groups.flat()) });

// Whatever is out of sight comes back.
export function wake(world) {
  const { github, notion } = world.board.sandbox;
  for (const page of archivedPages(world)) notion.archivePage(page.id, { archived: false });
  for (const issue of hiddenIssues(world)) github.hideIssue(world.board.repo, issue.number, false);
  github.setFeature(world.board.repo, { pulls: true });
}

// --- performing ---

export function* beginning({ pages, issues, pulls: n, linked: inStep, open = false }) {
  if (open) yield { do: 'visibility', open, publish: false };
  for (let i = 0; i < pages; i++) yield { do: 'addPage', title: null, option: OPTIONS[i], labels: [LABELS[i]], lines: 3 };
  for (let i = 0; i < issues; i++) yield { do: 'addIssue', title: null, labels: [LABELS[i]], lines: 3 };
  for (let i = 0; i < n; i++) yield { do: 'addPage', title: null, option: OPTIONS[1], labels: [] };
  for (let i = 0; i < n; i++) yield { do: 'addPull', draft: false, page: pages };
  if (inStep) yield { do: 'pass' };
}

export function actAsPerson(world, step) {
  PEOPLE[step.do][2](world, step);
}

export const isPersonal = (step) => step.do in PEOPLE;

// GraphQL is asked for reading alone.
export const isWrite = ({ method, path }) => method !== 'GET' && !/\/(query|graphql)$/.test(path);

export function endingOf({ kill, stop }) {
  if (!kill && !stop) return undefined;
  const { n, writes, phase } = kill ?? stop;
  let met = 0;
  const match = (request) => {
    if (writes && !isWrite(request)) return false;
    met += 1;
    return met === n;
  };
  return { match, phase, signal: kill ? 'SIGKILL' : 'SIGTERM' };
}

const SAVE_FAULTS = [{ kind: 'status', status: 500 }, { kind: 'status', status: 429, headers: { 'retry-after': '4000' } }];

export function faultsOf({ faults = [], saves }) {
  if (saves) return [{ ...SAVE_FAULTS[saves.how], service: 'github', skip: saves.skip, times: Infinity, match: (request) => isWrite(request) && /\/git\//.test(request.path) }];
  return faults.map(({ fault, service, writes, skip, times }) => {
    const { service: only, ...kind } = FAULTS[fault];
    return { ...kind, service: only ?? service, skip, times, match: (request) => isWrite(request) === writes };
  });
}
