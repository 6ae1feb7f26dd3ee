import { forbidden } from '../errors.mjs';
import { mayPush } from '../issues.mjs';
import { iso } from '../model.mjs';
import { association } from '../present.mjs';
import { linkedIssues, observeMergeability, opinions, reviewDecision } from '../pulls.mjs';
import { blockedOf, blockersOf } from '../columns.mjs';
import * as columns from './columns.mjs';
import { connect } from './connection.mjs';

const MAX_INT = 2147483647;

/** GraphQL's Int ends at 2^31 - 1; larger ids are only to be had as `fullDatabaseId`. */
const int = (id) => (id > MAX_INT ? null : id);

/** Rough text of a Markdown body, as `bodyText` gives it. */
const plain = (body) => (body ?? '').replace(/<!--[\s\S]*?-->/g, '').replace(/[*_`#>]/g, '').trim();

/** Model objects as GraphQL sees them, for one request. */
export class View {
  constructor(ctx, it) {
    this.ctx = ctx;
    this.it = it;
  }

  get id() {
    return this.it.nodeId;
  }
}

export class UserView extends View {
  get __typename() { return this.it.type; }
  // The same account is "name[bot]" in REST and as the viewer, but "name" as a Bot.
  get login() { return this.it.type === 'Bot' ? this.it.login.replace(/\[bot\]$/, '') : this.it.login; }
  get databaseId() { return int(this.it.id); }
  get name() { return this.it.name; }
  get email() { return ''; }
  get url() { return `${this.ctx.world.serverUrl}/${this.it.type === 'Bot' ? 'apps/' : ''}${this.login}`; }
  get resourcePath() { return `/${this.it.type === 'Bot' ? 'apps/' : ''}${this.login}`; }
  get createdAt() { return iso(this.it.createdAt); }
  get updatedAt() { return iso(this.it.createdAt); }
  issueFields(args) { return columns.issueFields(this.ctx, this.it, args, { organization: true }); }
  get isViewer() { return this.ctx.actor.user === this.it; }
  avatarUrl() { return `https://avatars.githubusercontent.com/u/${this.it.id}?v=4`; }
}

export class ViewerView extends UserView {
  get __typename() { return 'User'; }
  get login() { return this.it.login; }
}

export class LabelView extends View {
  get __typename() { return 'Label'; }
  get name() { return this.it.name; }
  get color() { return this.it.color; }
  get description() { return this.it.description; }
  get isDefault() { return false; }
  get createdAt() { return iso(this.it.createdAt); }
  get updatedAt() { return iso(this.it.updatedAt); }
  get repository() { return this.ctx.view(this.it.repo); }
  get resourcePath() { return `${this.repository.resourcePath}/labels/${encodeURIComponent(this.it.name)}`; }
  get url() { return this.ctx.world.serverUrl + this.resourcePath; }
}

export class MilestoneView extends View {
  get __typename() { return 'Milestone'; }
  get number() { return this.it.number; }
  get title() { return this.it.title; }
  get description() { return this.it.description; }
  get state() { return this.it.state.toUpperCase(); }
  get closed() { return this.it.state === 'closed'; }
  get closedAt() { return iso(this.it.closedAt); }
  get dueOn() { return iso(this.it.dueOn); }
  get createdAt() { return iso(this.it.createdAt); }
  get updatedAt() { return iso(this.it.updatedAt); }
  get creator() { return this.ctx.person(this.it.creator); }
  get repository() { return this.ctx.view(this.it.repo); }
  get resourcePath() { return `${this.repository.resourcePath}/milestone/${this.it.number}`; }
  get url() { return this.ctx.world.serverUrl + this.resourcePath; }
}

export class IssueTypeView extends View {
  get __typename() { return 'IssueType'; }
  get name() { return this.it.name; }
  get description() { return this.it.description; }
  get color() { return this.it.color.toUpperCase(); }
  get isEnabled() { return this.it.enabled; }
  get isPrivate() { return false; }
}

/** What issues, pull requests and comments share. */
class TextView extends View {
  get databaseId() { return int(this.it.id); }
  get fullDatabaseId() { return String(this.it.id); }
  get author() { return this.ctx.person(this.it.author); }
  get editor() { return this.it.lastEditedAt ? this.ctx.person(this.it.editor) : null; }
  get body() { return this.it.body ?? ''; }
  get bodyText() { return plain(this.it.body); }
  get createdAt() { return iso(this.it.createdAt); }
  get updatedAt() { return iso(this.it.updatedAt); }
  get publishedAt() { return iso(this.it.createdAt); }
  get lastEditedAt() { return iso(this.it.lastEditedAt); }
  get includesCreatedEdit() { return this.it.lastEditedAt !== null; }
  get createdViaEmail() { return false; }
  get viewerDidAuthor() { return this.it.author === this.ctx.actor.user; }
  get authorAssociation() { return association(this.repo, this.it.author); }
  get repository() { return this.ctx.view(this.repo); }
  get url() { return this.ctx.world.serverUrl + this.resourcePath; }
  get viewerCanUpdate() {
    const { actor } = this.ctx;
    const permission = (this.it.issue ?? this.it).isPull ? 'pull_requests' : 'issues';
    return actor.may(this.repo, permission, 'write') && (actor.pushes(this.repo) || this.viewerDidAuthor);
  }
  get viewerCanDelete() { return this.viewerCanUpdate; }
}

export class CommentView extends TextView {
  get __typename() { return 'IssueComment'; }
  get repo() { return this.it.issue.repo; }
  get issue() { return this.ctx.view(this.it.issue); }
  get pullRequest() { return this.it.issue.isPull ? this.issue : null; }
  get isMinimized() { return false; }
  get minimizedReason() { return null; }
  get resourcePath() { return `${this.issue.resourcePath}#issuecomment-${this.it.id}`; }
}

const byNewest = { keyOf: (c) => [c.updatedAt, c.id] };

class ThreadView extends TextView {
  get repo() { return this.it.repo; }
  get number() { return this.it.number; }
  get title() { return this.it.title; }
  get closed() { return this.it.state === 'closed'; }
  get closedAt() { return iso(this.it.closedAt); }
  get locked() { return this.it.locked; }
  get activeLockReason() { return this.it.lockReason?.toUpperCase().replace(/[ -]/g, '_') ?? null; }
  get milestone() { return this.ctx.viewOrNull(this.it.milestone); }
  get resourcePath() { return `${this.repository.resourcePath}/${this.it.isPull ? 'pull' : 'issues'}/${this.it.number}`; }
  get viewerCanClose() { return this.viewerCanUpdate; }
  get viewerCanReopen() { return this.viewerCanUpdate; }
  get viewerCanLabel() { return this.ctx.actor.pushes(this.repo); }

  labels(args) {
    const sorted = [...this.it.labels].sort((a, b) => a.id - b.id);
    const { field = 'CREATED_AT', direction = 'ASC' } = args.orderBy ?? {};
    if (field === 'NAME') sorted.sort((a, b) => (a.name < b.name ? -1 : 1));
    if (direction === 'DESC') sorted.reverse();
    return connect('labels', sorted, args, (l) => this.ctx.view(l));
  }

  assignees(args) {
    return connect('assignees', this.it.assignees.filter((u) => u.type === 'User'), args, (u) => this.ctx.view(u));
  }

  assignedActors(args) {
    return connect('assignedActors', this.it.assignees, args, (u) => this.ctx.view(u));
  }

  participants(args) {
    const users = new Set([this.it.author, ...this.it.comments.map((c) => c.author)]);
    return connect('participants', [...users].filter((u) => u.type === 'User' && !u.deleted), args, (u) => this.ctx.view(u));
  }

  comments(args) {
    if (!args.orderBy) {
      return connect('comments', this.it.comments, args, (c) => this.ctx.view(c), { keyOf: (c) => [c.id] });
    }
    const sign = args.orderBy.direction === 'DESC' ? -1 : 1;
    const sorted = [...this.it.comments].sort((a, b) => sign * (a.updatedAt - b.updatedAt || a.id - b.id));
    return connect('comments', sorted, args, (c) => this.ctx.view(c), { ...byNewest, sign });
  }

  timelineItems(args) {
    const since = args.since ? Date.parse(args.since) : null;
    const all = [...this.it.events, ...this.it.comments].sort((a, b) => a.createdAt - b.createdAt || a.id - b.id);
    const later = all.filter((e) => since === null || e.createdAt >= since);
    const wanted = args.itemTypes?.map((t) => t.replace(/_/g, '').toLowerCase());
    const list = later.filter((e) => !wanted || wanted.includes(e.kind.toLowerCase())).slice(args.skip ?? 0);
    const page = connect('timelineItems', list, args, (e) => this.ctx.view(e), {
      keyOf: (e) => [e.createdAt, e.id], cut: this.ctx.cutTimeline ? 10 : Infinity,
    });
    return { ...page, filteredCount: list.length, pageCount: list.length, totalCount: all.length, updatedAt: this.updatedAt };
  }
}

export class IssueView extends ThreadView {
  get __typename() { return 'Issue'; }
  get state() { return this.it.state.toUpperCase(); }
  get issueType() { return this.ctx.viewOrNull(this.it.type); }

  get parent() {
    const { parent } = this.it;
    const { actor } = this.ctx;
    if (parent && !(actor.sees(parent.repo) && actor.may(parent.repo, 'issues', 'read'))) throw forbidden(actor);
    return this.ctx.viewOrNull(parent);
  }

  get duplicateOf() { return this.ctx.viewOrNull(this.it.duplicateOf); }
  get isPinned() { return false; }
  get stateReason() { return this.it.stateReason?.toUpperCase() ?? null; }

  subIssues(args) {
    return connect('subIssues', this.it.subIssues, args, (i) => this.ctx.view(i));
  }

  get subIssuesSummary() {
    const completed = this.it.subIssues.filter((s) => s.state === 'closed').length;
    const total = this.it.subIssues.length;
    return { total, completed, percentCompleted: total ? Math.floor((completed * 100) / total) : 0 };
  }

  blockedBy(args) { return columns.issues(this.ctx, 'blockedBy', blockersOf(this.it), args); }
  blocking(args) { return columns.issues(this.ctx, 'blocking', blockedOf(this.it), args); }
  get issueDependenciesSummary() { return columns.summaryView(this.it); }
  issueFieldValues(args) { return columns.issueFieldValues(this.ctx, this.it, args); }

  closedByPullRequestsReferences(args) {
    const all = [...this.ctx.world.model.repos.values()].flatMap((repo) => [...repo.issues.values()]);
    const pulls = all.filter((i) => i.isPull && linkedIssues(i, { byHand: args.userLinkedOnly, of: this.repo }).includes(this.it));
    const open = pulls.filter((i) => args.includeClosedPrs || i.state === 'open');
    if (args.orderByState) open.sort((a, b) => (a.state === 'closed') - (b.state === 'closed'));
    return connect('closedByPullRequestsReferences', open, args, (i) => this.ctx.view(i));
  }
}

/** All checks of the head; `checks` and `requiredCheck` are one of them. */
function checksOf(pull) {
  const list = pull.checkRuns.filter(({ head }) => head === pull.headSha);
  if (!pull.checks) return list;
  return [...list, { context: pull.requiredCheck ?? 'checks', state: pull.checks.toUpperCase() }];
}

const RUNNING = ['PENDING', 'EXPECTED'];
const GOOD = ['SUCCESS', 'NEUTRAL', 'SKIPPED'];
const endOf = ({ context, state, status = 'COMPLETED', conclusion }) => (context ? state : status === 'COMPLETED' ? conclusion : 'PENDING');

function rollup(list) {
  const ends = list.map(endOf);
  if (ends.some((end) => !GOOD.includes(end) && !RUNNING.includes(end))) return 'FAILURE';
  return ends.some((end) => RUNNING.includes(end)) ? 'PENDING' : 'SUCCESS';
}

export class PullView extends ThreadView {
  get __typename() { return 'PullRequest'; }
  get databaseId() { return int(this.it.pullId); }
  get fullDatabaseId() { return String(this.it.pullId); }
  get pull() { return this.it.pull; }
  get state() { return this.pull.merged ? 'MERGED' : this.it.state.toUpperCase(); }
  get isDraft() { return this.pull.draft; }
  get merged() { return this.pull.merged; }
  get mergedAt() { return iso(this.pull.mergedAt); }
  get mergedBy() { return this.pull.mergedBy && this.ctx.person(this.pull.mergedBy); }
  get mergeCommit() { return this.ctx.object(this.repo, this.pull.mergeSha); }
  get headRefOid() { return this.pull.headSha; }
  get headRefName() { return this.pull.headRef; }
  get headRef() { return this.pull.headDeleted ? null : this.ctx.ref(this.pull.headRepo, `refs/heads/${this.pull.headRef}`); }
  get headRepository() { return this.ctx.viewOrNull(this.pull.headRepo); }
  get headRepositoryOwner() { return this.ctx.viewOrNull(this.pull.headRepo?.owner); }
  get isCrossRepository() { return this.pull.headRepo !== this.repo; }
  get baseRefName() { return this.pull.baseRef; }
  get baseRefOid() { return this.repo.git.refs.get(`refs/heads/${this.pull.baseRef}`) ?? this.pull.baseSha; }
  get baseRef() { return this.ctx.ref(this.repo, `refs/heads/${this.pull.baseRef}`); }
  get baseRepository() { return this.repository; }
  get mergeable() { return this.#mergeability().mergeable; }
  get mergeStateStatus() { return this.#mergeability().status; }
  get isMergeQueueEnabled() { return this.repo.mergeQueue !== null; }
  get isInMergeQueue() { return this.pull.queueEntry !== null; }
  get mergeQueueEntry() { return this.ctx.viewOrNull(this.pull.queueEntry); }
  get changedFiles() { return this.pull.changedFiles; }
  get maintainerCanModify() { return false; }
  get viewerCanEnableAutoMerge() { return this.repo.autoMergeAllowed && this.viewerCanUpdate; }
  get viewerCanDisableAutoMerge() { return this.pull.autoMerge !== null && this.viewerCanUpdate; }
  get permalink() { return this.url; }

  get reviewDecision() {
    return reviewDecision(this.it);
  }

  // A team that the token may not see is nobody.
  reviewRequests(args) {
    const list = [...this.pull.reviewers].sort((a, b) => (a.login ?? a.slug).localeCompare(b.login ?? b.slug));
    return connect('reviewRequests', list, args, (who) => ({
      __typename: 'ReviewRequest', id: `${this.id}_request_${who.login ?? who.slug}`, asCodeOwner: false,
      pullRequest: () => this, requestedReviewer: () => (who.kind === 'Team' ? this.#team(who) : this.ctx.person(who)),
    }));
  }

  #team(team) {
    if (this.ctx.world.quirks.hiddenTeams) return null;
    return { __typename: 'Team', id: `T_${team.slug}`, slug: team.slug, name: team.name, combinedSlug: `${this.repo.owner.login}/${team.slug}` };
  }

  latestOpinionatedReviews(args) {
    const list = opinions(this.it).filter((review) => !args.writersOnly || mayPush(this.repo, review.author));
    return connect('latestOpinionatedReviews', list, args, (review) => this.#review(review));
  }

  #review(review) {
    return {
      __typename: 'PullRequestReview', id: `${this.id}_review_${review.id}`, state: review.state, body: review.body ?? '',
      author: () => this.ctx.person(review.author), authorCanPushToRepository: () => mayPush(this.repo, review.author),
      commit: () => ({ oid: review.commit }), submittedAt: iso(review.at),
    };
  }

  // Those who may read Actions see which workflow a check belongs to.
  get statusCheckRollup() {
    const { actor } = this.ctx;
    for (const permission of ['checks', 'statuses']) if (!actor.reads(this.repo, permission)) throw forbidden(actor);
    const list = checksOf(this.pull);
    if (list.length === 0) return null;
    return {
      id: `${this.id}_rollup`, state: rollup(list), commit: () => this.ctx.object(this.repo, this.pull.headSha),
      contexts: (args) => connect('contexts', list, args, (check) => this.#check(check)),
    };
  }

  #check(check) {
    const { actor } = this.ctx;
    if (check.context) return { __typename: 'StatusContext', id: `${this.id}_${check.context}`, context: check.context, state: check.state };
    return {
      __typename: 'CheckRun', id: `${this.id}_${check.name}`, name: check.name, status: check.status ?? 'COMPLETED',
      conclusion: check.conclusion ?? null, detailsUrl: `${this.ctx.world.serverUrl}/${this.repo.owner.login}/${this.repo.name}/actions/runs/${check.run ?? 1}/job/1`,
      checkSuite: () => ({
        workflowRun: () => {
          if (!actor.reads(this.repo, 'actions')) throw forbidden(actor);
          return check.workflow ? { workflow: { name: check.workflow, resourcePath: `/${this.repo.owner.login}/${this.repo.name}/actions/workflows/${check.workflow}` } } : null;
        },
      }),
    };
  }

  get autoMergeRequest() {
    const { autoMerge } = this.pull;
    return autoMerge && {
      authorEmail: null, commitBody: null, commitHeadline: null, enabledAt: iso(autoMerge.at),
      enabledBy: this.ctx.person(autoMerge.by.user),
      mergeMethod: autoMerge.method.toUpperCase(), pullRequest: this,
    };
  }

  // One look a request, however many fields ask.
  #mergeability() {
    const { observed } = this.ctx;
    if (!observed.has(this.it)) observed.set(this.it, observeMergeability(this.it));
    return observed.get(this.it);
  }

  closingIssuesReferences(args) {
    return connect('closingIssuesReferences', linkedIssues(this.it, { byHand: args.userLinkedOnly }), args, (i) => this.ctx.view(i));
  }
}

export class QueueEntryView extends View {
  get __typename() { return 'MergeQueueEntry'; }
  get jump() { return this.it.jump; }
  get enqueuedAt() { return iso(this.it.at); }
  get enqueuer() { return this.ctx.person(this.it.actor.user); }
  get pullRequest() { return this.ctx.view(this.it.issue); }
  get position() { return (this.it.issue.repo.mergeQueue ?? []).indexOf(this.it) + 1; }
  get solo() { return false; }
  get state() { return 'QUEUED'; }
  get estimatedTimeToMerge() { return null; }
}

export class EventView extends View {
  get __typename() { return this.it.kind; }
  get actor() { return this.ctx.person(this.it.actor); }
  get createdAt() { return iso(this.it.createdAt); }
  get subject() { return this.ctx.view(this.it.issue); }
  get closable() { return this.subject; }
  get labelable() { return this.subject; }
  get lockable() { return this.subject; }
  get assignable() { return this.subject; }
  get pullRequest() { return this.subject; }
  get stateReason() { return this.it.stateReason?.toUpperCase() ?? null; }
  get closer() { return this.ctx.viewOrNull(this.it.closer); }
  get previousTitle() { return this.it.previousTitle; }
  get currentTitle() { return this.it.currentTitle; }
  get label() { return this.ctx.view(this.it.label); }
  get assignee() { return this.ctx.person(this.it.assignee); }
  get user() { return this.it.assignee?.type === 'User' ? this.assignee : null; }
  get milestoneTitle() { return this.it.milestoneTitle; }
  get lockReason() { return this.it.lockReason?.toUpperCase().replace(/[ -]/g, '_') ?? null; }
  get commit() { return this.ctx.object(this.it.issue.repo, this.it.commit); }
  get mergeRefName() { return this.it.issue.pull.baseRef; }
  get resourcePath() { return `${this.subject.resourcePath}#event-${this.it.id}`; }
  get url() { return this.ctx.world.serverUrl + this.resourcePath; }
}
