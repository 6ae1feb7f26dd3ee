import { GitStore } from './git.mjs';

const PREFIX = {
  User: 'U', Bot: 'BOT', Organization: 'O', Repository: 'R', Issue: 'I', PullRequest: 'PR',
  IssueComment: 'IC',
  Label: 'LA', Milestone: 'MI', IssueType: 'IT', Event: 'EV', MergeQueueEntry: 'MQE',
};

const u32 = (n) => {
  const bytes = Buffer.alloc(5);
  bytes[0] = 0xce;
  bytes.writeUInt32BE(n >>> 0, 1);
  return bytes;
};

/** An opaque global id that looks like GitHub's: a prefix and packed numbers. */
export function nodeId(kind, ...numbers) {
  const packed = Buffer.concat([Buffer.from([0x91 + numbers.length, 0]), ...numbers.map(u32)]);
  return `${PREFIX[kind] ?? kind}_${packed.toString('base64url')}`;
}

export const iso = (ms) => (ms === null || ms === undefined ? null : `${new Date(ms).toISOString().slice(0, 19)}Z`);

export const isTrue = (value, otherwise) => (value === undefined ? otherwise : Boolean(value));

/** Users, repositories and what is in them; knows no rules and no wire format. */
export class Model {
  constructor(clock) {
    this.clock = clock;
    this.users = new Map();
    this.repos = new Map();
    this.moved = new Map();
    this.nodes = new Map();
    // Ids of issues and comments passed 2^31 long ago; GraphQL's Int cannot hold them.
    this.counters = { user: 1000, repo: 820000000, issue: 2890000000, pull: 2310000000, comment: 2670000000 };
    this.counters.misc = 7100000;
  }

  next(counter) {
    this.counters[counter] += 1 + (this.counters[counter] % 7);
    return this.counters[counter];
  }

  now() {
    return Math.floor(this.clock.now() / 1000) * 1000;
  }

  register(object) {
    this.nodes.set(object.nodeId, object);
    return object;
  }

  user(login, { type = 'User', name = null } = {}) {
    const key = login.toLowerCase();
    const known = this.users.get(key);
    if (known) return known;
    const id = login === 'github-actions[bot]' ? 41898282 : this.next('user');
    const user = {
      kind: type, login, type, name, id, nodeId: nodeId(type, id), createdAt: this.now(),
      deleted: false, issueTypes: [],
    };
    this.users.set(key, user);
    return this.register(user);
  }

  repo(fullName) {
    return this.repos.get(fullName.toLowerCase());
  }

  repoById(id) {
    for (const repo of this.repos.values()) if (repo.id === id) return repo;
    return undefined;
  }

  addRepo({ owner, name, organization = false, ...rest }) {
    const id = this.next('repo');
    const repo = {
      kind: 'Repository', id, nodeId: nodeId('Repository', id), name,
      owner: this.user(owner, { type: organization ? 'Organization' : 'User' }),
      private: Boolean(rest.private), description: rest.description ?? null, archived: false,
      hasIssues: isTrue(rest.hasIssues, true), hasPulls: isTrue(rest.hasPulls, true), defaultBranch: rest.defaultBranch ?? 'main',
      mergeMethods: { merge: true, squash: true, rebase: true, ...rest.mergeMethods },
      autoMergeAllowed: Boolean(rest.autoMergeAllowed), mergeQueue: rest.mergeQueue ? [] : null,
      deleteBranchOnMerge: Boolean(rest.deleteBranchOnMerge), refusedRefs: rest.refusedRefs ?? [],
      labels: new Map(), milestones: new Map(), issues: new Map(), comments: new Map(),
      deleted: new Set(), transferred: new Map(), collaborators: new Set(), dispatches: [],
      git: new GitStore(), nextNumber: rest.firstNumber ?? 1, nextMilestone: 1, version: 0,
      cache: new Map(),
      createdAt: this.now(), updatedAt: this.now(), pushedAt: this.now(),
    };
    this.repos.set(`${owner}/${name}`.toLowerCase(), repo);
    return this.register(repo);
  }

  fullName(repo) {
    return `${repo.owner.login}/${repo.name}`;
  }

  touchRepo(repo) {
    repo.version += 1;
    repo.cache.clear();
  }

  addLabel(repo, { name, color = 'ededed', description = null }) {
    const id = this.next('misc');
    const label = {
      kind: 'Label', id, nodeId: nodeId('Label', repo.id, id), repo, name, color, description,
      createdAt: this.now(), updatedAt: this.now(),
    };
    repo.labels.set(name.toLowerCase(), label);
    this.touchRepo(repo);
    return this.register(label);
  }

  addMilestone(repo, { title, description = null, dueOn = null, state = 'open', creator }) {
    const id = this.next('misc');
    const milestone = {
      kind: 'Milestone', id, nodeId: nodeId('Milestone', repo.id, id), repo, title, description,
      dueOn, state, creator,
      number: repo.nextMilestone++, createdAt: this.now(), updatedAt: this.now(), closedAt: null,
    };
    repo.milestones.set(milestone.number, milestone);
    this.touchRepo(repo);
    return this.register(milestone);
  }

  addIssue(repo, { author, title, body, isPull = false }) {
    const id = this.next('issue');
    const now = this.now();
    const issue = {
      kind: isPull ? 'PullRequest' : 'Issue', isPull, id, repo, author, title, body: body ?? null,
      number: repo.nextNumber++, state: 'open', stateReason: null, labels: [], assignees: [],
      milestone: null,
      type: null, createdAt: now, updatedAt: now, closedAt: null, closedBy: null,
      lastEditedAt: null, locked: false,
      lockReason: null, comments: [], events: [], parent: null, subIssues: [], duplicateOf: null,
    };
    issue.nodeId = nodeId(issue.kind, repo.id, isPull ? this.next('pull') : id);
    if (isPull) issue.pullId = this.counters.pull;
    repo.issues.set(issue.number, issue);
    this.touchRepo(repo);
    return this.register(issue);
  }

  addComment(issue, { author, body }) {
    const id = this.next('comment');
    const now = this.now();
    const comment = {
      kind: 'IssueComment', id, nodeId: nodeId('IssueComment', issue.repo.id, id), issue, author,
      body,
      createdAt: now, updatedAt: now, lastEditedAt: null,
    };
    issue.comments.push(comment);
    issue.repo.comments.set(id, comment);
    return this.register(comment);
  }

  addEvent(issue, kind, actor, fields = {}) {
    const id = this.next('misc');
    const event = { kind, id, nodeId: nodeId('Event', issue.repo.id, id), issue, actor, createdAt: this.now(), ...fields };
    issue.events.push(event);
    return event;
  }

  addIssueType(owner, { name, description = null, color = 'gray', enabled = true }) {
    const id = this.next('misc');
    const type = {
      kind: 'IssueType', id, nodeId: nodeId('IssueType', owner.id, id), name, description, color,
      enabled, createdAt: this.now(),
    };
    owner.issueTypes.push(type);
    return this.register(type);
  }

  forget(issue) {
    issue.repo.issues.delete(issue.number);
    this.nodes.delete(issue.nodeId);
    for (const comment of issue.comments) {
      issue.repo.comments.delete(comment.id);
      this.nodes.delete(comment.nodeId);
    }
    if (issue.parent) issue.parent.subIssues = issue.parent.subIssues.filter((s) => s !== issue);
    for (const sub of issue.subIssues) sub.parent = null;
    for (const blocker of issue.blockedBy ?? []) blocker.blocking = blocker.blocking.filter((one) => one !== issue);
    for (const blocked of issue.blocking ?? []) blocked.blockedBy = blocked.blockedBy.filter((one) => one !== issue);
    this.touchRepo(issue.repo);
  }
}
