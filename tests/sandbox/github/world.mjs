import { Actor } from './actor.mjs';
import { Model, nodeId } from './model.mjs';
import { DEFAULT_LIMITS, Limits } from './limits.mjs';
import { touch } from './issues.mjs';
import { settleAutoMerge } from './pulls.mjs';

/** What is not settled about the service, or differs between installations; tests may change any. */
const QUIRKS = {
  mergeabilityReads: 1,
  unknownAssignee: 'invalid',
  closeLinkedIssues: true,
  blobTextBytes: 512 * 1024,
  treeEntries: 100000,
  nestedCut: 6000,
  graphqlSecondaryStatus: 403,
  hiddenRefs: null,
  disabledPulls: 'empty',
  hiddenTeams: false,
  issueFields: true, // false: a server from before issue fields
  dependencies: true, // false: one from before dependencies
  workflowWritesFields: false,
  hiddenFields: 'refused', // or 'empty': what a token without the right sees of the definitions
};

/** Which changes move an issue's `updated_at`. */
const BUMPS = {
  title: true, body: true, state: true, labels: true, assignees: true, milestone: true, type: true,
  draft: true,
  push: true, review: true, reviewRequest: true, autoMerge: true, commentCreated: true, commentEdited: true,
  commentDeleted: false,
  subIssue: false, lock: false, mergeable: false, fieldValue: false, dependency: false, link: false,
};

const freshStats = () => ({
  requests: 0, rest: 0, graphql: 0, graphqlPoints: 0, reads: 0, writes: 0, content: 0,
  notModified: 0, refused: 0, byRoute: {},
});

/** The state of the service and the actions that several parts share. */
export class World {
  constructor({ clock, sandbox }) {
    this.clock = clock;
    this.sandbox = sandbox;
    this.model = new Model(clock);
    this.quirks = { ...QUIRKS };
    this.bumps = { ...BUMPS };
    this.limits = { ...DEFAULT_LIMITS };
    this.meter = new Limits(clock, this.limits);
    this.tokens = new Map();
    this.stats = freshStats();
    this.violations = [];
    this.mergeObstacles = [];
    this.serverUrl = 'https://github.com';
    this.nobody = new Actor({ user: null, kind: 'none', permissions: {} });
  }

  resetStats() {
    this.stats = freshStats();
  }

  signature(user) {
    const name = user.name ?? user.login;
    return { name, email: `${user.id}+${user.login}@users.noreply.github.com`, date: this.model.now() };
  }

  /** Moves, creates or (null) deletes a ref, with what follows for pull requests. Checks nothing. */
  moveRef(repo, ref, sha, actor) {
    if (sha === null) repo.git.refs.delete(ref);
    else repo.git.refs.set(ref, sha);
    repo.pushedAt = this.model.now();
    if (!ref.startsWith('refs/heads/')) return;
    for (const other of this.model.repos.values()) {
      for (const issue of other.issues.values()) {
        if (issue.isPull && issue.state === 'open') this.#follow(issue, repo, ref, sha, actor);
      }
    }
  }

  #follow(issue, repo, ref, sha, actor) {
    const { pull } = issue;
    if (pull.headRepo === repo && ref === `refs/heads/${pull.headRef}`) {
      if (sha === null) pull.headDeleted = true;
      else this.setHead(issue, sha, actor);
    }
    if (issue.repo === repo && ref === `refs/heads/${pull.baseRef}`) {
      pull.pending = this.quirks.mergeabilityReads;
    }
  }

  setHead(issue, sha, actor) {
    const { pull, repo } = issue;
    pull.headDeleted = false;
    pull.headSha = sha;
    pull.pending = this.quirks.mergeabilityReads;
    if (pull.requiredCheck && actor) pull.checks = 'pending';
    if (pull.headRepo && pull.headRepo !== repo) {
      for (const [id, object] of pull.headRepo.git.objects) repo.git.objects.set(id, object);
    }
    repo.git.refs.set(`refs/pull/${issue.number}/head`, sha);
    touch(this, issue, 'push');
    if (actor) settleAutoMerge(this, issue);
  }

  newQueueEntry(issue, actor, jump) {
    const id = this.model.next('misc');
    return {
      kind: 'MergeQueueEntry', id, nodeId: nodeId('MergeQueueEntry', issue.repo.id, id), issue,
      actor, jump, at: this.model.now(),
    };
  }

  /** What a request of this token acts as; undefined for an unknown token, `nobody` without one. */
  actorOf(token) {
    return token === null ? this.nobody : this.tokens.get(token);
  }

  tokenName(token) {
    return this.tokens.get(token)?.name;
  }
}
