import { ApiError, forbidden, invalid, unprocessable } from './errors.mjs';
import { closeIssue, mayPush, requireLogin, requireWritable, touch } from './issues.mjs';

const CLOSING = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:([\w.-]+\/[\w.-]+))?#(\d+)\b/gi;

const headOf = (issue) => issue.repo.git.refs.get(`refs/heads/${issue.pull.baseRef}`);

function conflicts(issue) {
  if (issue.pull.conflict !== null) return issue.pull.conflict;
  const base = headOf(issue);
  return !base || issue.repo.git.mergeTrees(base, issue.pull.headSha) === null;
}

/** Mergeability as the service knows it right now; looking starts the computation. */
export function observeMergeability(issue) {
  const { pull } = issue;
  if (pull.merged || issue.state === 'closed') return { mergeable: 'UNKNOWN', status: 'UNKNOWN' };
  if (pull.pending > 0) {
    pull.pending -= 1;
    return { mergeable: 'UNKNOWN', status: 'UNKNOWN' };
  }
  return mergeability(issue);
}

function mergeability(issue) {
  if (conflicts(issue)) return { mergeable: 'CONFLICTING', status: 'DIRTY' };
  return { mergeable: 'MERGEABLE', status: mergeStatus(issue) };
}

function mergeStatus(issue) {
  const { pull } = issue;
  if (pull.draft) return 'DRAFT';
  if (pull.behind) return 'BEHIND';
  if (blocker(issue)) return 'BLOCKED';
  return pull.checks === 'failure' || pull.checks === 'pending' ? 'UNSTABLE' : 'CLEAN';
}

function blocker(issue) {
  const { pull } = issue;
  if (pull.requiredCheck && pull.checks !== 'success') {
    return pull.checks === 'failure'
      ? `Required status check "${pull.requiredCheck}" is failing.`
      : `Required status check "${pull.requiredCheck}" is expected.`;
  }
  const decision = reviewDecision(issue);
  if (pull.requiredReviews > 0 && decision !== 'APPROVED') {
    return decision === 'CHANGES_REQUESTED'
      ? 'Changes have been requested.'
      : `At least ${pull.requiredReviews} approving review is required by reviewers with write access.`;
  }
  return pull.blocked;
}

/** What blocks a merge now, as the message of a 405, or null. */
function obstacle(world, issue, method) {
  const { pull, repo } = issue;
  if (issue.state === 'closed') return 'Pull Request is not mergeable';
  if (pull.draft) return 'Pull Request is still a draft';
  if (!repo.mergeMethods[method]) {
    const name = { merge: 'Merge commits', squash: 'Squash merges', rebase: 'Rebase merges' }[method];
    return `${name} are not allowed on this repository.`;
  }
  if (repo.mergeQueue) {
    return 'Repository rule violations found\n\nChanges must be made through the merge queue';
  }
  if (conflicts(issue)) return 'Pull Request is not mergeable';
  if (pull.behind) return 'Head branch is out of date. Update the branch and try again.';
  return blocker(issue) ?? world.mergeObstacles.shift() ?? null;
}

function requireMerger(actor, issue) {
  requireLogin(actor);
  requireWritable(issue.repo);
  if (!actor.may(issue.repo, 'contents', 'write')) throw forbidden(actor, 'contents=write');
  const { git } = issue.repo;
  if (!actor.isInstallation || actor.permissions.workflows === 'write') return;
  const base = git.mergeBase(headOf(issue), issue.pull.headSha);
  const touched = git.changedPaths(base, issue.pull.headSha).find((p) => p.startsWith('.github/workflows/'));
  if (touched) {
    throw new ApiError(403, `refusing to allow a GitHub App to create or update workflow \`${touched}\` without \`workflows\` permission`);
  }
}

function mergeCommit(world, actor, issue, method, { title, message }) {
  const { git } = issue.repo;
  const { pull } = issue;
  const base = headOf(issue);
  const tree = git.mergeTrees(base, pull.headSha) ?? git.get(pull.headSha, 'commit').tree;
  const person = world.signature(actor.user);
  const heading = title ?? (method === 'merge'
    ? `Merge pull request #${issue.number} from ${pull.headLabel.replace(':', '/')}`
    : `${issue.title} (#${issue.number})`);
  const text = message === '' ? heading : `${heading}\n\n${message ?? issue.title}`;
  if (method === 'rebase') {
    const { message: original, author } = git.get(pull.headSha, 'commit');
    return git.commit({ tree, parents: [base], author, committer: person, message: original });
  }
  const parents = method === 'merge' ? [base, pull.headSha] : [base];
  return git.commit({ tree, parents, author: person, committer: person, message: text });
}

/** Merges, or throws the 403, 405, 409 or 422 of the service. Returns the id of the new commit. */
export function mergePull(world, actor, issue, { sha, method = 'merge', title, message } = {}) {
  requireMerger(actor, issue);
  if (!['merge', 'squash', 'rebase'].includes(method)) {
    throw invalid('PullRequest', 'merge_method', 'invalid', { value: method });
  }
  const why = obstacle(world, issue, method);
  if (why) throw new ApiError(405, why);
  if (sha !== undefined && sha !== null && sha !== issue.pull.headSha) {
    throw new ApiError(409, 'Head branch was modified. Review and try the merge again.');
  }
  return finishMerge(world, actor, issue, mergeCommit(world, actor, issue, method, { title, message }));
}

function finishMerge(world, actor, issue, commit) {
  const { pull, repo } = issue;
  const now = world.model.now();
  Object.assign(pull, { merged: true, mergedAt: now, mergedBy: actor.user, mergeSha: commit, autoMerge: null, queueEntry: null });
  if (repo.mergeQueue) repo.mergeQueue = repo.mergeQueue.filter((e) => e.issue !== issue);
  world.model.addEvent(issue, 'MergedEvent', actor.user, { commit });
  closeIssue(world, actor, issue, null);
  world.moveRef(repo, `refs/heads/${pull.baseRef}`, commit, actor);
  if (world.quirks.closeLinkedIssues && pull.baseRef === repo.defaultBranch) {
    for (const linked of linkedIssues(issue)) {
      if (linked.state === 'open') closeIssue(world, actor, linked, 'completed', issue);
    }
  }
  if (repo.deleteBranchOnMerge) world.moveRef(repo, `refs/heads/${pull.headRef}`, null, actor);
  return commit;
}

const nameOf = (repo) => `${repo.owner.login}/${repo.name}`.toLowerCase();

/**
 * Issues of a repository, its own if none is given, that the pull request closes: by a keyword in its description,
 * which counts only on the way to the default branch, and those that somebody linked by hand.
 */
export function linkedIssues(issue, { byHand = false, of } = {}) {
  const { pull } = issue;
  const repo = of ?? issue.repo;
  const keywords = byHand || pull.baseRef !== issue.repo.defaultBranch ? [] : [...(issue.body ?? '').matchAll(CLOSING)];
  const here = keywords.filter(([, name]) => (name?.toLowerCase() ?? nameOf(issue.repo)) === nameOf(repo));
  const numbers = [...here.map((m) => Number(m[2])), ...(repo === issue.repo ? pull.links : [])];
  return [...new Set(numbers)].map((n) => repo.issues.get(n)).filter((i) => i && !i.isPull);
}

/** What the reviews come to: null if the branch asks for none. */
export function reviewDecision(issue) {
  const { pull, repo } = issue;
  if (pull.review !== null) return pull.review;
  if (pull.requiredReviews === 0) return null;
  const states = opinions(issue).filter(({ author }) => mayPush(repo, author)).map(({ state }) => state);
  if (states.includes('CHANGES_REQUESTED')) return 'CHANGES_REQUESTED';
  return states.filter((state) => state === 'APPROVED').length >= pull.requiredReviews ? 'APPROVED' : 'REVIEW_REQUIRED';
}

/** Of those who said something, the newest word of each. */
export function opinions({ pull }) {
  const newest = new Map();
  for (const review of pull.reviews) if (review.state !== 'COMMENTED') newest.set(review.author, review);
  return [...newest.values()];
}

/** Whoever was asked for a review and gave one is not asked any more. */
export function submitReview(world, issue, review) {
  issue.pull.reviews.push(review);
  issue.pull.reviewers = issue.pull.reviewers.filter((one) => one !== review.author);
  touch(world, issue, 'review');
}

export function requirePullWrite(actor, issue, { contents = false } = {}) {
  requireLogin(actor);
  requireWritable(issue.repo);
  const allowed = actor.may(issue.repo, 'pull_requests', 'write') &&
    (!contents || actor.may(issue.repo, 'contents', 'write'));
  if (!allowed) {
    throw forbidden(actor, contents ? 'contents=write,pull_requests=write' : 'pull_requests=write');
  }
}

function checkHead(issue, expected) {
  if (expected && expected !== issue.pull.headSha) {
    throw unprocessable('Head sha did not match expected head sha. Review and try again.');
  }
}

export function enableAutoMerge(world, actor, issue, { method = 'merge', expectedHead }) {
  requirePullWrite(actor, issue, { contents: true });
  if (!issue.repo.autoMergeAllowed) {
    throw unprocessable('Auto merge is not allowed for this repository');
  }
  if (issue.state === 'closed') {
    throw unprocessable("Can't enable auto-merge for this pull request.");
  }
  if (issue.pull.draft) throw unprocessable('Pull request is in draft state');
  checkHead(issue, expectedHead);
  if (!issue.repo.mergeQueue && !issue.repo.mergeMethods[method]) {
    throw unprocessable(`Merge method ${method} merging is not allowed on this repository`);
  }
  const { status } = mergeability(issue);
  if (['CLEAN', 'UNSTABLE'].includes(status)) {
    throw unprocessable(`Pull request Pull request is in ${status.toLowerCase()} status`);
  }
  if (status === 'DIRTY') throw unprocessable('Pull request Pull request is in dirty status');
  issue.pull.autoMerge = { by: actor, method, at: world.model.now() };
  world.model.addEvent(issue, 'AutoMergeEnabledEvent', actor.user);
  touch(world, issue, 'autoMerge');
}

export function disableAutoMerge(world, actor, issue) {
  requirePullWrite(actor, issue, { contents: true });
  if (!issue.pull.autoMerge) throw unprocessable("Can't disable auto-merge for this pull request.");
  issue.pull.autoMerge = null;
  world.model.addEvent(issue, 'AutoMergeDisabledEvent', actor.user);
  touch(world, issue, 'autoMerge');
}

/** Merges by itself once nothing is in the way, if somebody armed that. */
export function settleAutoMerge(world, issue) {
  const { autoMerge } = issue.pull;
  if (!autoMerge || mergeability(issue).status !== 'CLEAN' || issue.repo.mergeQueue) return;
  finishMerge(world, autoMerge.by, issue, mergeCommit(world, autoMerge.by, issue, autoMerge.method, {}));
}

export function enqueue(world, actor, issue, { expectedHead, jump = false }) {
  requirePullWrite(actor, issue, { contents: true });
  const queue = issue.repo.mergeQueue;
  if (!queue) throw unprocessable('Merge queue is not enabled for this branch');
  if (issue.state === 'closed' || issue.pull.draft || conflicts(issue)) {
    throw unprocessable('Pull request is not in a mergeable state');
  }
  checkHead(issue, expectedHead);
  if (issue.pull.queueEntry) throw unprocessable('Pull request is already in the queue');
  const blocked = blocker(issue);
  if (blocked) throw unprocessable(blocked);
  const entry = world.newQueueEntry(issue, actor, jump);
  if (jump) queue.unshift(entry);
  else queue.push(entry);
  issue.pull.queueEntry = entry;
  touch(world, issue, 'autoMerge');
  return entry;
}

export function dequeue(world, actor, issue) {
  requirePullWrite(actor, issue, { contents: true });
  const entry = issue.pull.queueEntry;
  if (!entry) throw unprocessable('Pull request is not in the queue');
  issue.repo.mergeQueue = issue.repo.mergeQueue.filter((e) => e !== entry);
  issue.pull.queueEntry = null;
  touch(world, issue, 'autoMerge');
  return entry;
}

export function runQueue(world, repo) {
  for (const entry of [...(repo.mergeQueue ?? [])]) {
    finishMerge(world, entry.actor, entry.issue, mergeCommit(world, entry.actor, entry.issue, 'merge', {}));
  }
}

export function setDraft(world, actor, issue, draft) {
  requirePullWrite(actor, issue);
  if (issue.pull.draft === draft) return;
  issue.pull.draft = draft;
  if (draft) issue.pull.autoMerge = null;
  world.model.addEvent(issue, draft ? 'ConvertToDraftEvent' : 'ReadyForReviewEvent', actor.user);
  touch(world, issue, 'draft');
}
