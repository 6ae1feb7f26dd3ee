import { Actor } from './actor.mjs';
import { iso } from './model.mjs';
import * as columns from './columns.mjs';
import * as rules from './issues.mjs';
import * as pulls from './pulls.mjs';
import { World } from './world.mjs';

const crlf = (text) => text.replace(/\r?\n/g, '\r\n');

/**
 * The service as people use it on the web site, for tests: `repo` is `owner/name` or a repository,
 * `by` the login of who acts (default: the owner). Times come from the sandbox's clock.
 */
export class People extends World {
  repo(repo) {
    const found = typeof repo === 'string' ? this.model.repo(repo) : repo;
    if (!found) throw new Error(`no such repository: ${repo}`);
    return found;
  }

  issue(repo, number) {
    if (typeof repo === 'object' && repo.number) return repo;
    const found = this.repo(repo).issues.get(number);
    if (!found) throw new Error(`no such issue: ${number}`);
    return found;
  }

  person(login, repo) {
    const user = login ? this.addUser(login) : (repo.owner.type === 'User' ? repo.owner : this.addUser('maintainer'));
    return new Actor({ user, kind: 'person' });
  }

  addUser(login, options) {
    return this.model.user(login, { type: login.endsWith('[bot]') ? 'Bot' : 'User', ...options });
  }

  deleteUser(login) {
    this.addUser(login).deleted = true;
  }

  /**
   * Makes a token known. `kind`: actions (default; acts as github-actions[bot]), app or pat.
   * `repos`: full names it reaches (default all); `pushAccess`: whether its owner may push.
   */
  addToken(token, { kind = 'actions', login, name = token.slice(0, 12), ...rest } = {}) {
    const bot = kind === 'actions' ? 'github-actions[bot]' : 'sync-app[bot]';
    const user = this.addUser(login ?? (kind === 'pat' ? 'token-owner' : bot));
    const actor = new Actor({ user, kind, token, name, ...rest });
    this.tokens.set(token, actor);
    return actor;
  }

  /** Makes a repository with one commit on its default branch, unless `empty`. */
  addRepo({ owner, name, empty = false, labels = [], collaborators = [], milestones = [], issueTypes = [], issueFields = [], files, ...rest }) {
    const repo = this.model.addRepo({ owner, name, ...rest });
    for (const login of collaborators) repo.collaborators.add(this.addUser(login));
    for (const label of labels) this.model.addLabel(repo, typeof label === 'string' ? { name: label } : label);
    for (const m of milestones) this.addMilestone(repo, typeof m === 'string' ? { title: m } : m);
    for (const t of issueTypes) this.model.addIssueType(repo.owner, typeof t === 'string' ? { name: t } : t);
    for (const field of issueFields) columns.addIssueField(this, repo.owner, field);
    if (!empty) {
      this.push(repo, repo.defaultBranch, { files: files ?? { 'README.md': `# ${name}\n` } });
    }
    return repo;
  }

  addLabel(repo, label) {
    return this.model.addLabel(this.repo(repo), typeof label === 'string' ? { name: label } : label);
  }

  addMilestone(repo, { by, ...fields }) {
    const at = this.repo(repo);
    return this.model.addMilestone(at, { ...fields, creator: this.person(by, at).user });
  }

  renameLabel(repo, name, newName) {
    const { labels } = this.repo(repo);
    const label = labels.get(name.toLowerCase());
    labels.delete(name.toLowerCase());
    label.name = newName;
    labels.set(newName.toLowerCase(), label);
    this.model.touchRepo(this.repo(repo));
  }

  renameRepo(repo, name) {
    const at = this.repo(repo);
    const old = this.model.fullName(at).toLowerCase();
    this.model.repos.delete(old);
    this.model.moved.set(old, at);
    at.name = name;
    this.model.repos.set(this.model.fullName(at).toLowerCase(), at);
  }

  addIssue(repo, { by, web, ...fields }) {
    const at = this.repo(repo);
    const body = fields.body ?? null;
    return rules.createIssue(this, this.person(by, at), at, { ...fields, body: web && body ? crlf(body) : body });
  }

  /** Edits as a person: any of title, body, state, stateReason, labels, assignees, milestone, type. */
  editIssue(repo, number, { by, web = false, ...fields }) {
    const issue = this.issue(repo, number);
    if (web && fields.body) fields.body = crlf(fields.body);
    return rules.editIssue(this, this.person(by, issue.repo), issue, fields);
  }

  close(repo, number, { by, reason } = {}) {
    return this.editIssue(repo, number, { by, state: 'closed', stateReason: reason });
  }

  reopen(repo, number, { by } = {}) {
    return this.editIssue(repo, number, { by, state: 'open' });
  }

  label(repo, number, names, { by } = {}) {
    const issue = this.issue(repo, number);
    rules.addLabels(this, this.person(by, issue.repo), issue, [names].flat());
  }

  unlabel(repo, number, name, { by } = {}) {
    const issue = this.issue(repo, number);
    rules.removeLabel(this, this.person(by, issue.repo), issue, name);
  }

  assign(repo, number, logins, { by } = {}) {
    const issue = this.issue(repo, number);
    rules.changeAssignees(this, this.person(by, issue.repo), issue, [logins].flat(), true);
  }

  unassign(repo, number, logins, { by } = {}) {
    const issue = this.issue(repo, number);
    rules.changeAssignees(this, this.person(by, issue.repo), issue, [logins].flat(), false);
  }

  lock(repo, number, { by, reason = null } = {}) {
    const issue = this.issue(repo, number);
    rules.setLock(this, this.person(by, issue.repo), issue, true, reason);
  }

  unlock(repo, number, { by } = {}) {
    const issue = this.issue(repo, number);
    rules.setLock(this, this.person(by, issue.repo), issue, false);
  }

  comment(repo, number, body, { by, web = false } = {}) {
    const issue = this.issue(repo, number);
    return rules.addComment(this, this.person(by, issue.repo), issue, web ? crlf(body) : body);
  }

  #comment(repo, id) {
    const found = typeof id === 'object' ? id : this.repo(repo).comments.get(id);
    if (!found) throw new Error(`no such comment: ${id}`);
    return found;
  }

  editComment(repo, id, body, { by, web = false } = {}) {
    const comment = this.#comment(repo, id);
    return rules.editComment(this, this.person(by, comment.issue.repo), comment, web ? crlf(body) : body);
  }

  deleteComment(repo, id, { by } = {}) {
    const comment = this.#comment(repo, id);
    rules.deleteComment(this, this.person(by, comment.issue.repo), comment);
  }

  deleteIssue(repo, number) {
    const issue = this.issue(repo, number);
    issue.repo.deleted.add(issue.number);
    this.model.forget(issue);
  }

  /** GitHub hides what an author that it takes for a spammer wrote: 404 everywhere, and later it is back. */
  hideIssue(repo, number, hidden = true) {
    const issue = this.issue(repo, number);
    issue.hidden = hidden;
    issue.repo.version += 1;
    issue.repo.cache.clear();
  }

  /** Turns a feature of a repository on or off: issues, pulls. */
  setFeature(repo, { issues, pulls }) {
    const at = this.repo(repo);
    if (issues !== undefined) at.hasIssues = issues;
    if (pulls !== undefined) at.hasPulls = pulls;
    at.version += 1;
    at.cache.clear();
  }

  /** Moves an issue to another repository, where it gets a new number and new ids. */
  transferIssue(repo, number, to) {
    const issue = this.issue(repo, number);
    const [from, target] = [issue.repo, this.repo(to)];
    this.model.forget(issue);
    const copy = this.model.addIssue(target, issue);
    const { id, nodeId: node, number: newNumber } = copy;
    const labels = issue.labels.map((l) => target.labels.get(l.name.toLowerCase())).filter(Boolean);
    Object.assign(copy, issue, {
      id, nodeId: node, number: newNumber, repo: target, labels, milestone: null, parent: null,
      subIssues: [], comments: [], type: null,
      events: issue.events.map((event) => ({ ...event, issue: copy })), updatedAt: this.model.now(),
    });
    for (const old of issue.comments) {
      const { createdAt, updatedAt, lastEditedAt } = old;
      Object.assign(this.model.addComment(copy, old), { createdAt, updatedAt, lastEditedAt });
    }
    from.transferred.set(number, copy);
    return copy;
  }

  addSubIssue(repo, parent, sub) {
    const at = this.repo(repo);
    rules.addSubIssue(this, this.person(null, at), this.issue(at, parent), this.issue(at, sub), true);
  }

  removeSubIssue(repo, parent, sub) {
    const at = this.repo(repo);
    rules.removeSubIssue(this, this.person(null, at), this.issue(at, parent), this.issue(at, sub));
  }

  /** Sets the values of issue fields by their names; null clears one. */
  setIssueFields(repo, number, values) {
    const issue = this.issue(repo, number);
    const actor = this.person(null, issue.repo);
    for (const [name, value] of Object.entries(values)) {
      const field = columns.fieldsOf(this, issue.repo.owner).find((one) => one.name === name);
      if (value === null) columns.clearFieldValue(this, actor, issue, field.id);
      else columns.setFieldValues(this, actor, issue, [{ field_id: field.id, value }]);
    }
  }

  /** The values of an issue's fields by name; options by their names. */
  issueFields(repo, number) {
    const plain = (value) => (Array.isArray(value) ? value.map((one) => one.name) : (value.name ?? value));
    return Object.fromEntries(columns.valuesOf(this, this.issue(repo, number)).map(([field, value]) => [field.name, plain(value)]));
  }

  addBlockedBy(repo, number, blocker) {
    const at = this.repo(repo);
    columns.addBlockedBy(this, this.person(null, at), this.issue(at, number), this.issue(at, blocker));
  }

  removeBlockedBy(repo, number, blocker) {
    const at = this.repo(repo);
    columns.removeBlockedBy(this, this.person(null, at), this.issue(at, number), this.issue(at, blocker));
  }

  /** The numbers of the issues that block one. */
  blockedBy(repo, number) {
    return columns.blockersOf(this.issue(repo, number)).map((one) => one.number);
  }

  /** Commits `files` (path to text, null deletes) on a branch, made from the default branch if new. */
  push(repo, branch, { files, message = 'Change files', by, force = false }) {
    const at = this.repo(repo);
    const actor = this.person(by, at);
    const parent = at.git.refs.get(`refs/heads/${branch}`) ?? at.git.refs.get(`refs/heads/${at.defaultBranch}`);
    const from = force ? at.git.get(parent, 'commit').parents[0] : parent;
    const sha = this.#commit(at, from, files, message, actor);
    this.moveRef(at, `refs/heads/${branch}`, sha, actor);
    return sha;
  }

  #commit(repo, parent, files, message, actor) {
    const { git } = repo;
    const changes = Object.entries(files).map(([path, text]) =>
      ({ path, mode: '100644', sha: text === null ? null : git.blob(text) }));
    const tree = git.editTree(parent ? git.get(parent, 'commit').tree : null, changes);
    const person = this.signature(actor.user);
    return git.commit({ tree, parents: parent ? [parent] : [], author: person, committer: person, message });
  }

  /**
   * Opens a pull request. `head`: branch name (made with one commit if it does not exist), `fork`:
   * login whose fork the head is in. `mergeable: false` forces conflicts, `true` forbids them; otherwise the
   * trees decide. `checks`: success, pending or failure; `requiredCheck`: its name if the rules need it;
   * `requiredReviews`, `review`, `behind`, `blocked` (message of another rule).
   */
  addPull(repo, { by, head, base, fork, files, ...options } = {}) {
    const at = this.repo(repo);
    const actor = this.person(by, at);
    const branch = head ?? `topic-${at.nextNumber}`;
    const from = fork ? this.#fork(at, fork) : at;
    if (!from.git.refs.has(`refs/heads/${branch}`)) {
      this.push(from, branch, { by, files: files ?? { [`${branch}.txt`]: 'text\n' } });
    }
    return this.openPull(actor, at, { head: branch, base: base ?? at.defaultBranch, from, ...options });
  }

  #fork(repo, login) {
    const known = this.model.repo(`${login}/${repo.name}`);
    if (known) return known;
    const copy = this.model.addRepo({ owner: login, name: repo.name, defaultBranch: repo.defaultBranch });
    for (const [id, object] of repo.git.objects) copy.git.objects.set(id, object);
    copy.git.refs.set(`refs/heads/${repo.defaultBranch}`, repo.git.refs.get(`refs/heads/${repo.defaultBranch}`));
    return copy;
  }

  openPull(actor, repo, { title, body, head, base, from = repo, draft = false, ...options }) {
    const issue = this.model.addIssue(repo, { author: actor.user, isPull: true, title: rules.checkTitle(title ?? head), body: rules.checkText(body ?? null) });
    const baseSha = repo.git.refs.get(`refs/heads/${base}`);
    issue.pull = {
      draft, headRef: head, headRepo: from, headLabel: `${from.owner.login}:${head}`, headSha: null,
      headDeleted: false, baseRef: base, baseSha,
      merged: false, mergedAt: null, mergedBy: null, mergeSha: null, conflict: null, pending: 0,
      checks: null, requiredCheck: null,
      requiredReviews: 0, review: null, behind: false, blocked: null, autoMerge: null,
      queueEntry: null, changedFiles: 0, reviews: [], reviewers: [], links: new Set(), checkRuns: [],
    };
    this.setHead(issue, from.git.refs.get(`refs/heads/${head}`), null);
    issue.pull.changedFiles = repo.git.changedPaths(repo.git.mergeBase(baseSha, issue.pull.headSha), issue.pull.headSha).length;
    this.setPull(issue, undefined, options);
    if (options.labels || options.assignees || options.milestone) {
      const { labels, assignees, milestone } = options;
      rules.editIssue(this, new Actor({ user: actor.user, kind: 'person' }), issue, { labels, assignees, milestone });
    }
    return issue;
  }

  /** Changes what rules, checks, reviews and git say about a pull request. */
  setPull(repo, number, { mergeable, checks, requiredCheck, requiredReviews, review, behind, blocked, head }) {
    const issue = this.issue(repo, number);
    const { pull } = issue;
    if (mergeable !== undefined) pull.conflict = mergeable === null ? null : !mergeable;
    const rest = { checks, requiredCheck, requiredReviews, behind, blocked };
    for (const [key, value] of Object.entries(rest)) if (value !== undefined) pull[key] = value;
    if (review !== undefined && review !== pull.review) {
      pull.review = review;
      rules.touch(this, issue, 'review');
    }
    if (head) this.push(pull.headRepo, pull.headRef, { files: head });
    this.model.touchRepo(issue.repo);
    pulls.settleAutoMerge(this, issue);
  }

  /** A review of the head (or of `commit`): APPROVED, CHANGES_REQUESTED, COMMENTED or DISMISSED. */
  review(repo, number, state, { by, commit } = {}) {
    const issue = this.issue(repo, number);
    const { pull } = issue;
    pulls.submitReview(this, issue, {
      id: pull.reviews.length + 1, state, author: this.person(by, issue.repo).user, commit: commit ?? pull.headSha, at: this.clock.now(),
    });
    pulls.settleAutoMerge(this, issue);
  }

  /** Asks for reviews, or not any more: people by their logins, teams as {slug, name}. */
  requestReview(repo, number, who, { asked = true } = {}) {
    const issue = this.issue(repo, number);
    for (const one of [who].flat()) {
      const reviewer = typeof one === 'string' ? this.addUser(one) : { kind: 'Team', name: one.slug, ...one };
      const others = issue.pull.reviewers.filter((known) => known !== reviewer && (known.slug === undefined || known.slug !== reviewer.slug));
      issue.pull.reviewers = asked ? [...others, reviewer] : others;
    }
    rules.touch(this, issue, 'reviewRequest');
  }

  /** Links a pull request to issues by hand, or takes the link away. */
  linkIssues(repo, number, issues, { linked = true } = {}) {
    const issue = this.issue(repo, number);
    for (const one of [issues].flat()) issue.pull.links[linked ? 'add' : 'delete'](one);
    if (issue.pull.links.size > 10) throw new Error('at most ten issues are linked to a pull request by hand');
    rules.touch(this, issue, 'link');
  }

  /** A check run on the head: {name, status, conclusion, workflow (file), run}; one of the same name is replaced. */
  checkRun(repo, number, check) {
    const { pull } = this.issue(repo, number);
    pull.checkRuns = pull.checkRuns.filter((one) => one.name !== check.name || one.head !== pull.headSha);
    pull.checkRuns.push({ head: pull.headSha, ...check });
  }

  /** Pushes one more commit to the head of a pull request. */
  pushHead(repo, number, files = { 'more.txt': `${this.clock.now()}\n` }, { by } = {}) {
    const { pull } = this.issue(repo, number);
    return this.push(pull.headRepo, pull.headRef, { files, by });
  }

  draft(repo, number, draft = true, { by } = {}) {
    const issue = this.issue(repo, number);
    pulls.setDraft(this, this.person(by, issue.repo), issue, draft);
  }

  merge(repo, number, { by, method } = {}) {
    const issue = this.issue(repo, number);
    return pulls.mergePull(this, this.person(by, issue.repo), issue, { method });
  }

  runQueue(repo) {
    pulls.runQueue(this, this.repo(repo));
  }

  /** The next merge that nothing else stops is refused with 405 and this message. */
  refuseNextMerge(message = 'Base branch was modified. Review and try the merge again.') {
    this.mergeObstacles.push(message);
  }

  // Refs and files, as `git push` and `git show` would do it.

  deleteRef(repo, ref) {
    this.moveRef(this.repo(repo), ref, null, null);
  }

  readRef(repo, ref) {
    return this.repo(repo).git.refs.get(ref);
  }

  readRefText(repo, ref, path) {
    const { git } = this.repo(repo);
    const object = git.refs.has(ref) ? git.resolve(`${git.refs.get(ref)}:${path}`) : undefined;
    return object?.type === 'blob' ? object.content.toString('utf8') : undefined;
  }

  /** A file of a ref as JSON; undefined if the ref or the file is not there. */
  readRefFile(repo, ref, path) {
    const text = this.readRefText(repo, ref, path);
    return text === undefined ? undefined : JSON.parse(text);
  }

  listRefFiles(repo, ref) {
    const { git } = this.repo(repo);
    const sha = git.refs.get(ref);
    return sha ? [...git.flatten(git.get(sha, 'commit').tree).keys()].sort() : [];
  }

  /** Commits files to any ref, on top of what it holds (a root commit if it does not exist). */
  writeRefFiles(repo, ref, files, { by, message = 'Write files' } = {}) {
    const at = this.repo(repo);
    const actor = this.person(by, at);
    const texts = Object.fromEntries(Object.entries(files).map(([path, value]) =>
      [path, value === null || typeof value === 'string' ? value : JSON.stringify(value)]));
    const sha = this.#commit(at, at.git.refs.get(ref), texts, message, actor);
    this.moveRef(at, ref, sha, actor);
    return sha;
  }

  /** The end state of a repository as plain data, without ids and times. */
  snapshot(repo) {
    const at = this.repo(repo);
    const issues = [...at.issues.values()].sort((a, b) => a.number - b.number).map((issue) => {
      const out = {
        number: issue.number, kind: issue.isPull ? 'pull' : 'issue', title: issue.title,
        body: issue.body, state: issue.state,
        stateReason: issue.stateReason, labels: issue.labels.map((l) => l.name).sort(),
        assignees: issue.assignees.map((u) => u.login).sort(),
        milestone: issue.milestone?.title ?? null, type: issue.type?.name ?? null,
        author: issue.author.login, locked: issue.locked,
        parent: issue.parent?.number ?? null,
        comments: issue.comments.map((c) => ({ author: c.author.login, body: c.body })),
      };
      return issue.isPull ? { ...out, draft: issue.pull.draft, merged: issue.pull.merged, autoMerge: issue.pull.autoMerge !== null } : out;
    });
    const refs = Object.fromEntries([...at.git.refs].filter(([r]) => !r.startsWith('refs/pull/')).sort());
    return { issues, refs, dispatches: at.dispatches.map(({ type, payload, workflow }) => (workflow ? { workflow } : { type, payload })) };
  }

  /** When an issue last changed, as the service answers it. */
  updatedAt(repo, number) {
    return iso(this.issue(repo, number).updatedAt);
  }

  nodeIdOf(repo, number) {
    return number === undefined ? this.repo(repo).nodeId : this.issue(repo, number).nodeId;
  }
}

