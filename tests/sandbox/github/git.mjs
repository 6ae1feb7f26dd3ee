import { createHash } from 'node:crypto';
import { unprocessable } from './errors.mjs';

const MODES = { 100644: 'blob', 100755: 'blob', 120000: 'blob', '040000': 'tree', 160000: 'commit' };

/** Type of the object that a tree entry of this mode names, or undefined. */
export const typeOfMode = (mode) => MODES[mode];

const objectId = (type, data) =>
  createHash('sha1').update(`${type} ${data.length}\0`).update(data).digest('hex');

const treeKey = (entry) => Buffer.from(entry.mode === '040000' ? `${entry.name}/` : entry.name);

function encodeTree(entries) {
  const sorted = [...entries].sort((a, b) => Buffer.compare(treeKey(a), treeKey(b)));
  const parts = [];
  for (const { mode, name, sha } of sorted) {
    parts.push(Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`), Buffer.from(sha, 'hex'));
  }
  return { sorted, data: Buffer.concat(parts) };
}

const signature = (person) =>
  `${person.name} <${person.email}> ${Math.floor(person.date / 1000)} +0000`;

function encodeCommit({ tree, parents, author, committer, message }) {
  const lines = [`tree ${tree}`, ...parents.map((p) => `parent ${p}`)];
  lines.push(`author ${signature(author)}`, `committer ${signature(committer)}`, '', message);
  return Buffer.from(lines.join('\n'));
}

/** What `git check-ref-format` allows, for full names. */
export function validRefName(ref) {
  if (/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\.$|\/$/.test(ref)) return false;
  return ref.split('/').every((part) => part && !part.startsWith('.') && !part.endsWith('.lock'));
}

/** Objects and refs of one repository, with git's own object ids. */
export class GitStore {
  constructor() {
    this.objects = new Map();
    this.refs = new Map();
  }

  get empty() {
    for (const ref of this.refs.keys()) if (ref.startsWith('refs/heads/')) return false;
    return true;
  }

  get(sha, type) {
    const object = this.objects.get(sha);
    return object && (!type || object.type === type) ? object : undefined;
  }

  #put(type, data, fields) {
    const sha = objectId(type, data);
    if (!this.objects.has(sha)) this.objects.set(sha, { type, sha, size: data.length, ...fields });
    return sha;
  }

  blob(content) {
    const data = Buffer.from(content);
    return this.#put('blob', data, { content: data });
  }

  tree(entries) {
    const { sorted, data } = encodeTree(entries);
    return this.#put('tree', data, { entries: sorted });
  }

  commit(fields) {
    return this.#put('commit', encodeCommit(fields), fields);
  }

  /** Returns the tree `base` (null: nothing) with `changes` [{path, mode, sha}] made; sha null deletes. */
  editTree(base, changes) {
    const entries = new Map((base ? this.get(base, 'tree').entries : []).map((e) => [e.name, e]));
    const below = new Map();
    for (const change of changes) {
      const slash = change.path.indexOf('/');
      if (slash < 0) {
        this.#editEntry(entries, change);
        continue;
      }
      const dir = change.path.slice(0, slash);
      if (!below.has(dir)) below.set(dir, []);
      below.get(dir).push({ ...change, path: change.path.slice(slash + 1) });
    }
    for (const [name, inner] of below) {
      const old = entries.get(name);
      const sha = this.editTree(old?.mode === '040000' ? old.sha : null, inner);
      if (this.get(sha).entries.length) entries.set(name, { mode: '040000', name, sha });
      else entries.delete(name);
    }
    return this.tree(entries.values());
  }

  #editEntry(entries, { path, mode, sha }) {
    if (sha !== null) entries.set(path, { mode, name: path, sha });
    else if (!entries.delete(path)) throw unprocessable('GitRPC::BadObjectState');
  }

  /** Every file below a tree: Map of path to entry; with `trees` also the directories. */
  flatten(treeSha, { trees = false } = {}, prefix = '', out = new Map()) {
    for (const entry of this.get(treeSha, 'tree').entries) {
      const path = prefix + entry.name;
      if (entry.mode !== '040000' || trees) out.set(path, entry);
      if (entry.mode === '040000') this.flatten(entry.sha, { trees }, `${path}/`, out);
    }
    return out;
  }

  entryAt(treeSha, path) {
    let entry = { mode: '040000', name: '', sha: treeSha };
    for (const name of path.split('/').filter(Boolean)) {
      if (entry.mode !== '040000') return undefined;
      entry = this.get(entry.sha, 'tree').entries.find((e) => e.name === name);
      if (!entry) return undefined;
    }
    return entry;
  }

  * history(sha) {
    const seen = new Set([sha]);
    for (const at of seen) {
      yield at;
      for (const parent of this.get(at, 'commit')?.parents ?? []) seen.add(parent);
    }
  }

  isAncestor(older, newer) {
    for (const sha of this.history(newer)) if (sha === older) return true;
    return false;
  }

  mergeBase(a, b) {
    const ours = new Set(this.history(a));
    for (const sha of this.history(b)) if (ours.has(sha)) return sha;
    return undefined;
  }

  /** Tree of `theirs` merged into `ours` (commits), or null when a path changed on both sides. */
  mergeTrees(ours, theirs) {
    const base = this.mergeBase(ours, theirs);
    const flat = (sha) => (sha ? this.flatten(this.get(sha, 'commit').tree) : new Map());
    const [b, o, t] = [flat(base), flat(ours), flat(theirs)];
    const changes = [];
    for (const path of new Set([...b.keys(), ...t.keys()])) {
      const [was, mine, other] = [b.get(path)?.sha, o.get(path)?.sha, t.get(path)?.sha];
      if (other === was || other === mine) continue;
      if (mine !== was) return null;
      changes.push({ path, mode: t.get(path)?.mode, sha: other ?? null });
    }
    return this.editTree(this.get(ours, 'commit').tree, changes);
  }

  changedPaths(from, to) {
    const flat = (sha) => (sha ? this.flatten(this.get(sha, 'commit').tree) : new Map());
    const [a, b] = [flat(from), flat(to)];
    return [...new Set([...a.keys(), ...b.keys()])].filter((p) => a.get(p)?.sha !== b.get(p)?.sha);
  }

  #revision(text, head) {
    const match = /^(.*?)((?:[~^]\d*)*)$/s.exec(text);
    const name = match[1] === 'HEAD' || match[1] === '@' ? head : match[1];
    const candidates = [name, `refs/${name}`, `refs/tags/${name}`, `refs/heads/${name}`];
    let sha = /^[0-9a-f]{40}$/.test(name) && this.objects.has(name) ? name : undefined;
    sha ??= candidates.map((c) => this.refs.get(c)).find(Boolean);
    for (const [, sign, digits] of match[2].matchAll(/([~^])(\d*)/g)) {
      const count = digits === '' ? 1 : Number(digits);
      if (sign === '^') sha = count === 0 ? sha : this.get(sha, 'commit')?.parents[count - 1];
      else for (let i = 0; i < count; i++) sha = this.get(sha, 'commit')?.parents[0];
    }
    return sha;
  }

  /** Object named by a revision expression (`<rev>`, `<rev>:<path>`), or undefined. */
  resolve(expression, head) {
    const colon = expression.indexOf(':');
    const sha = this.#revision(colon < 0 ? expression : expression.slice(0, colon), head);
    if (!sha || colon < 0) return this.objects.get(sha);
    const root = this.get(sha, 'commit')?.tree ?? this.get(sha, 'tree')?.sha;
    const entry = root && this.entryAt(root, expression.slice(colon + 1));
    return entry && this.objects.get(entry.sha);
  }
}
