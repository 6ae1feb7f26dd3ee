import { ApiError, forbidden } from '../errors.mjs';
import { iso, nodeId } from '../model.mjs';
import { assignable, isShown } from '../issues.mjs';
import { issueFields } from './columns.mjs';
import { connect } from './connection.mjs';
import { View } from './views.mjs';

const CACHED_LISTS = 8;

const lower = (text) => text.toLowerCase();

const ORDER_KEYS = {
  CREATED_AT: (i) => [i.createdAt, i.number],
  UPDATED_AT: (i) => [i.updatedAt, i.number],
  COMMENTS: (i) => [i.comments.length, i.number],
};

const compare = (a, b) => (a[0] - b[0] || a[1] - b[1]);

const hasLabel = (issue, name) => issue.labels.some((l) => lower(l.name) === lower(name));

/** Null means nobody or nothing, `*` anybody or anything. */
const matches = (value, wanted, test) => (wanted === null ? !value : wanted === '*' ? Boolean(value) : test(wanted));

function filterTests(filterBy) {
  const given = (key) => Object.hasOwn(filterBy, key);
  const tests = [];
  if (filterBy.since) {
    tests.push((i) => i.updatedAt >= Math.floor(Date.parse(filterBy.since) / 1000) * 1000);
  }
  if (filterBy.states) tests.push((i) => filterBy.states.includes(i.state.toUpperCase()));
  if (filterBy.labels) tests.push((i) => filterBy.labels.every((name) => hasLabel(i, name)));
  if (filterBy.createdBy) tests.push((i) => lower(i.author.login) === lower(filterBy.createdBy));
  if (filterBy.mentioned) {
    tests.push((i) => lower(i.body ?? '').includes(`@${lower(filterBy.mentioned)}`));
  }
  if (given('assignee')) {
    tests.push((i) => matches(i.assignees.length, filterBy.assignee, (login) => i.assignees.some((u) => lower(u.login) === lower(login))));
  }
  if (given('milestone')) {
    tests.push((i) => matches(i.milestone, filterBy.milestone, (id) => String(i.milestone?.id) === id));
  }
  if (given('milestoneNumber')) {
    tests.push((i) => matches(i.milestone, filterBy.milestoneNumber, (n) => String(i.milestone?.number) === n));
  }
  if (given('type')) {
    tests.push((i) => matches(i.type, filterBy.type, (name) => lower(i.type?.name ?? '') === lower(name)));
  }
  return tests;
}

const stateOf = (issue) => (issue.pull?.merged ? 'MERGED' : issue.state.toUpperCase());

export class RepositoryView extends View {
  get __typename() { return 'Repository'; }
  get databaseId() { return this.it.id; }
  get name() { return this.it.name; }
  get owner() { return this.ctx.view(this.it.owner); }
  get nameWithOwner() { return this.ctx.world.model.fullName(this.it); }
  get resourcePath() { return `/${this.nameWithOwner}`; }
  get url() { return this.ctx.world.serverUrl + this.resourcePath; }
  get description() { return this.it.description; }
  get isEmpty() { return this.it.git.empty; }
  get isPrivate() { return this.it.private; }
  get visibility() { return this.it.private ? 'PRIVATE' : 'PUBLIC'; }
  get isArchived() { return this.it.archived; }
  get isDisabled() { return false; }
  get isFork() { return false; }
  get isInOrganization() { return this.it.owner.type === 'Organization'; }
  get hasIssuesEnabled() { return this.it.hasIssues; }
  get createdAt() { return iso(this.it.createdAt); }
  get updatedAt() { return iso(this.it.updatedAt); }
  get pushedAt() { return iso(this.it.pushedAt); }
  get mergeCommitAllowed() { return this.it.mergeMethods.merge; }
  get squashMergeAllowed() { return this.it.mergeMethods.squash; }
  get rebaseMergeAllowed() { return this.it.mergeMethods.rebase; }
  get autoMergeAllowed() { return this.it.autoMergeAllowed; }
  get deleteBranchOnMerge() { return this.it.deleteBranchOnMerge; }
  get defaultBranchRef() { return this.ctx.ref(this.it, `refs/heads/${this.it.defaultBranch}`); }

  get viewerPermission() {
    const { actor } = this.ctx;
    if (actor.kind === 'pat' && actor.user === this.it.owner) return 'ADMIN';
    return actor.may(this.it, 'contents', 'write') ? 'WRITE' : 'READ';
  }

  #require(...permissions) {
    if (!permissions.some((p) => this.ctx.actor.may(this.it, p, 'read'))) {
      throw forbidden(this.ctx.actor);
    }
  }

  #one(number, what, isPull) {
    const issue = this.it.issues.get(number);
    if (issue && isShown(issue) && (isPull === null || issue.isPull === isPull)) {
      this.#require(issue.isPull ? 'pull_requests' : 'issues');
      return this.ctx.view(issue);
    }
    throw new ApiError(404, `Could not resolve to ${what} with the number of ${number}.`);
  }

  issue({ number }) { return this.#one(number, 'an Issue', false); }
  pullRequest({ number }) { return this.#one(number, 'a PullRequest', true); }
  issueOrPullRequest({ number }) { return this.#one(number, 'an issue or pull request', null); }

  /** Filtered and sorted; kept until anything in the repository changes, so that paging stays cheap. */
  #sorted(name, tests, orderBy) {
    const { cache } = this.it;
    if (cache.has(name)) return cache.get(name);
    const key = ORDER_KEYS[orderBy.field];
    const sign = orderBy.direction === 'DESC' ? -1 : 1;
    const list = [...this.it.issues.values()].filter((i) => isShown(i) && tests.every((t) => t(i)));
    list.sort((a, b) => sign * compare(key(a), key(b)));
    if (cache.size >= CACHED_LISTS) cache.delete(cache.keys().next().value);
    cache.set(name, list);
    return list;
  }

  #list(name, args, tests) {
    const { first, last, after, before, ...what } = args;
    const orderBy = args.orderBy ?? { field: 'CREATED_AT', direction: 'ASC' };
    const list = this.#sorted(`${name} ${JSON.stringify(what)}`, tests, orderBy);
    const sign = orderBy.direction === 'DESC' ? -1 : 1;
    return connect(name, list, args, (i) => this.ctx.view(i), { keyOf: ORDER_KEYS[orderBy.field], sign });
  }

  issues(args) {
    this.#require('issues');
    const tests = [(i) => !i.isPull, ...filterTests(args.filterBy ?? {})];
    if (args.states) tests.push((i) => args.states.includes(i.state.toUpperCase()));
    if (args.labels) tests.push((i) => args.labels.some((name) => hasLabel(i, name)));
    return this.#list('issues', args, tests);
  }

  pullRequests(args) {
    this.#require('pull_requests');
    if (!this.it.hasPulls && this.ctx.world.quirks.disabledPulls === 'missing') {
      throw new ApiError(404, 'Pull requests are disabled for this repository.');
    }
    const tests = [(i) => i.isPull];
    if (args.states) tests.push((i) => args.states.includes(stateOf(i)));
    if (args.labels) tests.push((i) => args.labels.some((name) => hasLabel(i, name)));
    if (args.headRefName) tests.push((i) => i.pull.headRef === args.headRefName);
    if (args.baseRefName) tests.push((i) => i.pull.baseRef === args.baseRefName);
    return this.#list('pullRequests', args, tests);
  }

  issueFields(args) { return issueFields(this.ctx, this.it.owner, args); }

  label({ name }) { return this.ctx.viewOrNull(this.it.labels.get(lower(name))); }

  labels(args) {
    const query = lower(args.query ?? '');
    const list = [...this.it.labels.values()].filter((l) => lower(l.name).includes(query));
    const { field = 'CREATED_AT', direction = 'ASC' } = args.orderBy ?? {};
    list.sort((a, b) => (field === 'NAME' ? (lower(a.name) < lower(b.name) ? -1 : 1) : a.id - b.id));
    if (direction === 'DESC') list.reverse();
    return connect('labels', list, args, (l) => this.ctx.view(l));
  }

  milestone({ number }) { return this.ctx.viewOrNull(this.it.milestones.get(number)); }

  milestones(args) {
    const list = [...this.it.milestones.values()].filter((m) => !args.states || args.states.includes(m.state.toUpperCase()));
    if (args.orderBy?.direction === 'DESC') list.reverse();
    return connect('milestones', list, args, (m) => this.ctx.view(m));
  }

  issueTypes(args) {
    if (this.it.owner.type !== 'Organization') return null;
    return connect('issueTypes', this.it.owner.issueTypes, args, (t) => this.ctx.view(t));
  }

  assignableUsers(args) {
    const list = [...this.ctx.world.model.users.values()].filter((u) => assignable(this.it, u));
    return connect('assignableUsers', list, args, (u) => this.ctx.view(u));
  }

  mentionableUsers(args) {
    return this.assignableUsers(args);
  }

  ref({ qualifiedName }) {
    this.#require('contents');
    const names = [qualifiedName, `refs/${qualifiedName}`, `refs/heads/${qualifiedName}`, `refs/tags/${qualifiedName}`];
    const { hiddenRefs } = this.ctx.world.quirks;
    const shown = (n) => n.startsWith('refs/') && this.it.git.refs.has(n) && !(hiddenRefs && n.startsWith(hiddenRefs));
    return this.ctx.ref(this.it, names.find(shown));
  }

  refs(args) {
    this.#require('contents');
    const list = [...this.it.git.refs.keys()].filter((r) => r.startsWith(args.refPrefix)).sort();
    return connect('refs', list, args, (r) => this.ctx.ref(this.it, r));
  }

  object({ oid, expression }) {
    this.#require('contents');
    if (oid) return this.ctx.object(this.it, oid);
    if (!expression) return null;
    const found = this.it.git.resolve(expression, `refs/heads/${this.it.defaultBranch}`);
    const [, path = ''] = /:(.*)$/.exec(expression) ?? [];
    return found ? this.ctx.object(this.it, found.sha, path) : null;
  }
}

export class RefView {
  constructor(ctx, repo, ref) {
    Object.assign(this, { ctx, repo, ref });
  }

  get __typename() { return 'Ref'; }
  get id() { return `${nodeId('REF', this.repo.id)}${Buffer.from(this.ref).toString('base64url')}`; }
  get prefix() { return this.ref.replace(/^(refs\/[^/]+\/).*$/, '$1'); }
  get name() { return this.ref.slice(this.prefix.length); }
  get repository() { return this.ctx.view(this.repo); }
  get target() { return this.ctx.object(this.repo, this.repo.git.refs.get(this.ref)); }
}

class ObjectView {
  constructor(ctx, repo, object, path) {
    Object.assign(this, { ctx, repo, it: object, path });
  }

  get oid() { return this.it.sha; }
  get abbreviatedOid() { return this.it.sha.slice(0, 7); }
  get id() { return `${nodeId(this.__typename[0], this.repo.id)}${Buffer.from(this.it.sha).toString('base64url')}`; }
  get repository() { return this.ctx.view(this.repo); }
  get commitResourcePath() { return `${this.repository.resourcePath}/commit/${this.it.sha}`; }
  get commitUrl() { return this.ctx.world.serverUrl + this.commitResourcePath; }
}

export class BlobView extends ObjectView {
  get __typename() { return 'Blob'; }
  get byteSize() { return this.it.size; }
  get isBinary() { return this.it.content.includes(0); }
  get isTruncated() { return this.it.size > this.ctx.world.quirks.blobTextBytes; }

  get text() {
    if (this.isBinary) return null;
    return this.it.content.subarray(0, this.ctx.world.quirks.blobTextBytes).toString('utf8');
  }
}

const GIT_TYPES = { '040000': 'tree', 160000: 'commit' };

class EntryView {
  constructor(ctx, repo, entry, path) {
    Object.assign(this, { ctx, repo, entry, path });
  }

  get name() { return this.entry.name; }
  get nameRaw() { return Buffer.from(this.entry.name).toString('base64'); }
  get pathRaw() { return Buffer.from(this.path).toString('base64'); }
  get mode() { return Number.parseInt(this.entry.mode, 8); }
  get type() { return GIT_TYPES[this.entry.mode] ?? 'blob'; }
  get oid() { return this.entry.sha; }
  get size() { return this.type === 'blob' ? this.repo.git.get(this.entry.sha).size : 0; }
  get extension() { return /\.[^.]+$/.exec(this.entry.name)?.[0] ?? ''; }
  get isGenerated() { return false; }
  get lineCount() { return null; }
  get repository() { return this.ctx.view(this.repo); }
  get object() { return this.ctx.object(this.repo, this.entry.sha, this.path); }
}

export class TreeView extends ObjectView {
  get __typename() { return 'Tree'; }

  get entries() {
    const above = this.path ? `${this.path.replace(/\/$/, '')}/` : '';
    return this.it.entries.map((e) => new EntryView(this.ctx, this.repo, e, above + e.name));
  }
}

export class CommitView extends ObjectView {
  get __typename() { return 'Commit'; }
  get message() { return this.it.message; }
  get messageHeadline() { return this.it.message.split('\n')[0]; }
  get messageBody() { return this.it.message.split('\n').slice(1).join('\n').trim(); }
  get committedDate() { return iso(this.it.committer.date); }
  get authoredDate() { return iso(this.it.author.date); }
  get resourcePath() { return this.commitResourcePath; }
  get url() { return this.commitUrl; }
  get tree() { return this.ctx.object(this.repo, this.it.tree); }
  get author() { return this.#person(this.it.author); }
  get committer() { return this.#person(this.it.committer); }

  #person({ name, email, date }) {
    return { name, email, date: iso(date), user: null };
  }

  parents(args) {
    return connect('parents', this.it.parents, args, (sha) => this.ctx.object(this.repo, sha));
  }

  file({ path }) {
    const entry = this.repo.git.entryAt(this.it.tree, path);
    return entry ? new EntryView(this.ctx, this.repo, entry, path) : null;
  }

  history(args) {
    const list = [...this.repo.git.history(this.it.sha)];
    return connect('history', list, args, (sha) => this.ctx.object(this.repo, sha));
  }
}
