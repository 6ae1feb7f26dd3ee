// The end state of a board in terms that do not depend on the run: titles instead of ids and
// numbers, no times, comments as a multiset. The state ref is part of it.

import { untagged } from '../harness.mjs';

const TIMES = / on \d{4}-\d\d-\d\d at \d\d:\d\d UTC/g;
// Who it was is named if Notion could be asked.
const EDITOR = / by `Paula Person` then/g;
const PAGE_URL = /https:\/\/app\.notion\.com\/p\/[^\s)"]*?([0-9a-f]{32})/g;

const plain = (id) => id.replace(/-/g, '');

class Names {
  constructor({ sandbox, repo }) {
    this.pages = new Map([...sandbox.notion.pages.values()].map((page) => [plain(page.id), sandbox.notion.pageTitle(page)]));
    this.issues = new Map([...sandbox.github.repo(repo).issues.values()].map((issue) => [issue.number, issue.title]));
    this.repo = repo;
  }

  issue(number) {
    return this.issues.has(number) ? `issue "${this.issues.get(number)}"` : `number ${number}`;
  }

  text(text) {
    return text.replace(PAGE_URL, (all, id) => this.#page(id) ?? all)
      .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => this.#page(plain(id)) ?? id)
      .replace(new RegExp(`${this.repo}/(?:issues|pull)/(\\d+)`, 'g'), (all, number) => this.issue(Number(number)))
      
      .replace(TIMES, ' then').replace(EDITOR, ' then').replace(/\b[0-9a-f]{40}\b/g, '<sha>');
  }

  #page(id) {
    return this.pages.has(id) ? `page "${this.pages.get(id)}"` : undefined;
  }
}

function counted(texts) {
  const counts = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
}

// Two with one title differ by their number in a row, so that a duplicate shows.
function keyed(entries) {
  const out = {};
  for (const [key, value] of entries) {
    let name = key;
    for (let n = 2; name in out; n += 1) name = `${key} (${n})`;
    out[name] = value;
  }
  return out;
}

function rows(board, names) {
  return keyed(Object.values(board.sandbox.notion.snapshot()).flat().map(({ values, comments, ...rest }) => {
    const shown = { ...values, 'GitHub ID': values['GitHub ID'] == null ? null : names.issue(values['GitHub ID']) };
    return [values.Name, { ...shown, ...rest, comments: counted(comments.map(({ text }) => names.text(text))) }];
  }));
}

function issues(board, names) {
  return keyed(untagged(board.sandbox.github.snapshot(board.repo).issues).map(({ number, title, comments, ...rest }) => [
    title, { ...rest, comments: counted(comments.map(({ author, body }) => `${author}: ${names.text(body)}`)) },
  ]));
}

function remembered(board, names) {
  const { github } = board.sandbox;
  const out = {};
  for (const file of github.listRefFiles(board.repo, board.stateRef)) {
    const content = github.readRefFile(board.repo, board.stateRef, file);
    if (file === 'cursor.json') {
      out.cursor = { again: content.again.map((n) => names.issue(n)), pages: content.again_pages, comments: content.comments_due.map((n) => names.issue(n)) };
    } else if (file.startsWith('records/')) {
      // When a text was read last, and whose edit that was, only spares reading.
      const { number, link_comment: link, page_edited: _, state_seen: __, body: { read, by, ...body } = {}, ...rest } = content;
      Object.assign(rest, { body });
      out[`record of ${names.issue(number)}`] = { ...rest, linkComment: Boolean(link) };
    } else if (file.startsWith('comments/')) {
      out[`comments of ${names.issue(content.number)}`] = counted(content.comments.map(({ from, copies, text }) => `${copies.length} copies of ${text} from ${from}`));
    } else if (file.startsWith('pages/')) out[file.replace(/^.*\//, '')] = names.issue(content.number);
    // What was made, and when, is no part of what is agreed on.
    else if (file !== 'limits.json') out[file] = content;
  }
  return out;
}

function flatten(value, path, out) {
  if (value === null || typeof value !== 'object') out.set(path, JSON.stringify(value));
  else if (Array.isArray(value)) out.set(path, JSON.stringify(value));
  else for (const [key, inner] of Object.entries(value)) flatten(inner, path === '' ? key : `${path} / ${key}`, out);
  return out;
}

/** The end state as lines, each with the path that leads to it. */
export function endState(board) {
  const names = new Names(board);
  const state = { page: rows(board, names), issue: issues(board, names), state: remembered(board, names) };
  const lines = new Map();
  for (const [path, value] of flatten(state, '', new Map())) lines.set(names.text(path), names.text(value));
  return lines;
}

/** What differs, a line each: what was to be, and what is instead. */
export function differences(expected, actual) {
  const lines = [];
  for (const [path, value] of expected) {
    if (!actual.has(path)) lines.push(`- ${path}: ${value}`);
    else if (actual.get(path) !== value) lines.push(`! ${path}: ${value}, but it is ${actual.get(path)}`);
  }
  for (const [path, value] of actual) if (!expected.has(path)) lines.push(`+ ${path}: ${value}`);
  return lines;
}
