// The columns of a board that people rename, delete and make again. Steps and the oracle continue
// speaking of a column by the name that it had in the beginning.

import { PROPERTIES } from '../harness.mjs';

// What only shows GitHub can be deleted without a loss, and so can the number, which the state knows.
const SHOWN = { 'GitHub ID': 'number', 'GitHub URL': 'url', 'GitHub State': { select: [] }, Type: { select: [] } };
// With what people choose its values go; what stands in a new one by itself is nobody's choice.
const CHOSEN = { Status: PROPERTIES.Status, Labels: PROPERTIES.Labels, Milestone: { select: [] }, 'Issue Type': { select: [] }, Assignees: 'people' };
const DEFAULTS = new Set(['Not started', '', 'null', 'undefined']);
const TYPES = { ...SHOWN, ...CHOSEN };
export const DELETABLE = Object.keys(TYPES);
export const DOUBLED = Object.keys(SHOWN);
export const RENAMABLE = [...DELETABLE, 'Repository', 'Parent', 'Prio', 'Blocked'];

// The ref of the state, or the branch that takes its place where GitHub refuses it.
export function stateRef({ sandbox: { github }, repo, stateRef: ref }) {
  return [ref, ref.replace('refs/', 'refs/heads/')].find((name) => github.readRef(repo, name)) ?? ref;
}

export const readState = (board, file) => board.sandbox.github.readRefFile(board.repo, stateRef(board), file);

export class Columns {
  #names = new Map(RENAMABLE.map((name) => [name, name]));
  #board;
  #notion;
  #source;
  #fresh = 0;
  // Numbers of rows whose column was deleted: those that the state surely knows are still theirs,
  // the others may come back.
  lost = new Map();
  maybe = new Map();
  // Of what people choose, since its column was deleted: the rows in which it says something again.
  #said = new Map();
  #removed = [];
  // What an input speaks of: a run that knows of no such column, neither by the state nor by its name, ends at once.
  #named;

  constructor({ board, policies }) {
    this.#named = policies.status_map ? 'Status' : null;
    const { notion } = board.sandbox;
    const { values, editPage, addPage } = notion;
    this.#board = board;
    this.#notion = notion;
    this.#source = board.dataSource;
    notion.values = (id) => this.#read(id, values.call(notion, id));
    notion.editPage = (id, props, options) => {
      const inside = notion.pages.get(id)?.dataSourceId === this.#source;
      const known = inside ? this.#write(props) : props;
      if (Object.keys(known).length > 0) editPage.call(notion, id, known, options);
    };
    notion.addPage = (to, props, options) => {
      const inside = (to?.dataSource ?? to) === this.#source;
      return addPage.call(notion, to, inside ? this.#write(props) : props, options);
    };
  }

  #schema() {
    return this.#notion.dataSources.get(this.#source).schema;
  }

  has(name) {
    return !this.#names.has(name) || Boolean(this.#schema().find(this.#names.get(name)));
  }

  #read(id, values) {
    const read = {};
    const defaults = new Map([...this.#names].map(([name, now]) => [now, name]));
    for (const [now, value] of Object.entries(values)) {
      const name = defaults.get(now) ?? (this.#names.has(now) ? null : now);
      if (name !== null) read[name] = value;
    }
    const inside = this.#notion.pages.get(id)?.dataSourceId === this.#source;
    return inside ? { ...read, 'GitHub ID': this.#number(id, read['GitHub ID'] ?? null) } : read;
  }

  #write(props = {}) {
    return Object.fromEntries(Object.entries(props).filter(([name]) => this.has(name)).map(([name, value]) => [this.#names.get(name) ?? name, value]));
  }

  // Whether the state knows the column by its id, so that another name makes no difference.
  #isRemembered(name) {
    const columns = readState(this.#board, 'columns.json')?.columns ?? {};
    const { id } = this.#schema().find(this.#names.get(name));
    return Object.values(columns).some((column) => decodeURIComponent(column.id) === decodeURIComponent(id) && !column.gone);
  }

  rename(name) {
    if (!this.has(name) || !this.#isRemembered(name)) return;
    this.#fresh += 1;
    const to = `${name} ${this.#fresh}`;
    this.#notion.renameProperty(this.#source, this.#names.get(name), to);
    this.#names.set(name, to);
  }

  // Another column with the name of one that was renamed: it is not the one that counts.
  decoy(name) {
    if (TYPES[name] && this.has(name) && this.#names.get(name) !== name && !this.#schema().find(name)) {
      this.#notion.addProperty(this.#source, name, TYPES[name]);
    }
  }

  // `surely` says of which rows the state knows the number.
  remove(name, surely) {
    if (!this.has(name) || (name === this.#named && !this.#isRemembered(name))) return;
    if (name === 'GitHub ID') {
      for (const page of this.#notion.pages.values()) {
        const number = page.dataSourceId === this.#source ? this.#notion.values(page.id)[name] ?? null : null;
        if (number === null) continue;
        if (surely(page.id, number)) this.lost.set(page.id, number);
        else this.maybe.set(page.id, [number, readState(this.#board, `pages/${page.id.slice(0, 2)}/${page.id}.json`)?.number]);
      }
    }
    if (name in CHOSEN) {
      this.#said.set(name, new Set());
      this.#removed.push(name);
    }
    this.#notion.removeProperty(this.#source, this.#names.get(name));
    this.#names.set(name, name);
  }

  // What was deleted since somebody asked last.
  takeRemoved() {
    return this.#removed.splice(0);
  }

  // The columns that say nothing of a row: they are gone, or new and still empty.
  silent(id, values) {
    return [...this.#said].filter(([name, said]) => {
      if (this.has(name) && !DEFAULTS.has(String(values[name]))) said.add(id);
      return !this.has(name) || !said.has(id);
    }).map(([name]) => name);
  }

  make(name) {
    if (!this.has(name)) this.#notion.addProperty(this.#source, name, TYPES[name]);
  }

  // The number of a row: as it is there, or as it was before the column was deleted.
  #number(id, shown) {
    if (shown !== null) this.lost.delete(id);
    return shown ?? this.lost.get(id) ?? null;
  }

  // Without a state columns are found by their names: people give them back, and no other one keeps them.
  stateLost() {
    if (this.#named !== null) this.make(this.#named);
    for (const [name, now] of this.#names) {
      if (now === name) continue;
      if (this.#schema().find(name)) this.#notion.removeProperty(this.#source, name);
      this.#notion.renameProperty(this.#source, now, name);
      this.#names.set(name, name);
    }
    for (const [id, number] of this.lost) this.maybe.set(id, [number]);
    this.lost.clear();
  }
}
