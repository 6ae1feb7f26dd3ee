import { ApiError } from '../errors.mjs';
import * as rules from '../issues.mjs';
import * as pulls from '../pulls.mjs';

/** Mutations that make content, as the secondary rate limit counts them. */
export const CONTENT = new Set(['createIssue', 'addComment']);

const lower = (text) => text?.toLowerCase();

const given = (value) => (value === undefined || value === null ? undefined : value);

function thing(ctx, id, ...kinds) {
  const found = ctx.visible(id);
  if (found && kinds.includes(found.kind)) return found;
  throw new ApiError(404, `Could not resolve to a node with the global id of '${id}'.`);
}

const issueOf = (ctx, id) => thing(ctx, id, 'Issue');
const pullOf = (ctx, id) => thing(ctx, id, 'PullRequest');

const names = (ctx, ids, kind, key) => ids?.map((id) => thing(ctx, id, kind)[key]);

/** The fields of an input as the rules know them; null means "not given" except for the milestone. */
function fieldsOf(ctx, input) {
  const fields = {};
  if (given(input.title) !== undefined) fields.title = input.title;
  if (given(input.body) !== undefined) fields.body = input.body;
  if (given(input.labelIds)) fields.labels = names(ctx, input.labelIds, 'Label', 'name');
  if (given(input.assigneeIds)) fields.assignees = names(ctx, input.assigneeIds, 'User', 'login');
  if (input.milestoneId !== undefined) {
    fields.milestone = input.milestoneId && thing(ctx, input.milestoneId, 'Milestone').number;
  }
  if (given(input.issueTypeId)) fields.type = thing(ctx, input.issueTypeId, 'IssueType').name;
  return fields;
}

function stateOf(ctx, input) {
  const { stateInput } = input;
  if (stateInput && given(input.state)) {
    throw new ApiError(422, 'Only one of state and stateInput can be given');
  }
  if (!stateInput) return given(input.state) ? { state: lower(input.state) } : {};
  const duplicateOf = stateInput.duplicateIssueId ? issueOf(ctx, stateInput.duplicateIssueId) : undefined;
  return { state: lower(stateInput.value), stateReason: lower(given(stateInput.stateReason)), duplicateOf };
}

const edit = (ctx, issue, fields) => ({ issue: ctx.view(rules.editIssue(ctx.world, ctx.actor, issue, fields)), actor: ctx.me });

const editPull = (ctx, issue, fields) => ({ pullRequest: ctx.view(rules.editIssue(ctx.world, ctx.actor, issue, fields)), actor: ctx.me });

const afterwards = (ctx, issue) => ({ pullRequest: ctx.view(issue), actor: ctx.me });

const MUTATIONS = {
  createIssue(ctx, input) {
    const repo = thing(ctx, input.repositoryId, 'Repository');
    const issue = rules.createIssue(ctx.world, ctx.actor, repo, { body: null, ...fieldsOf(ctx, input) });
    if (input.parentIssueId) {
      rules.addSubIssue(ctx.world, ctx.actor, issueOf(ctx, input.parentIssueId), issue);
    }
    return { issue: ctx.view(issue) };
  },

  updateIssue(ctx, input) {
    return edit(ctx, issueOf(ctx, input.id), { ...fieldsOf(ctx, input), ...stateOf(ctx, input) });
  },

  updateIssueIssueType(ctx, input) {
    const type = input.issueTypeId ? thing(ctx, input.issueTypeId, 'IssueType').name : null;
    return edit(ctx, issueOf(ctx, input.issueId), { type });
  },

  closeIssue(ctx, input) {
    const duplicateOf = input.duplicateIssueId ? issueOf(ctx, input.duplicateIssueId) : undefined;
    return edit(ctx, issueOf(ctx, input.issueId), { state: 'closed', stateReason: lower(given(input.stateReason)), duplicateOf });
  },

  reopenIssue(ctx, input) {
    return edit(ctx, issueOf(ctx, input.issueId), { state: 'open' });
  },

  addComment(ctx, input) {
    const issue = thing(ctx, input.subjectId, 'Issue', 'PullRequest');
    const comment = ctx.view(rules.addComment(ctx.world, ctx.actor, issue, input.body));
    return {
      subject: ctx.view(issue), commentEdge: { cursor: comment.id, node: comment },
      timelineEdge: { cursor: comment.id, node: comment },
    };
  },

  updateIssueComment(ctx, input) {
    const comment = thing(ctx, input.id, 'IssueComment');
    return { issueComment: ctx.view(rules.editComment(ctx.world, ctx.actor, comment, input.body)) };
  },

  deleteIssueComment(ctx, input) {
    rules.deleteComment(ctx.world, ctx.actor, thing(ctx, input.id, 'IssueComment'));
    return {};
  },

  addLabelsToLabelable(ctx, input) {
    const issue = thing(ctx, input.labelableId, 'Issue', 'PullRequest');
    rules.addLabels(ctx.world, ctx.actor, issue, names(ctx, input.labelIds, 'Label', 'name'));
    return { labelable: ctx.view(issue) };
  },

  removeLabelsFromLabelable(ctx, input) {
    const issue = thing(ctx, input.labelableId, 'Issue', 'PullRequest');
    for (const name of names(ctx, input.labelIds, 'Label', 'name')) rules.removeLabel(ctx.world, ctx.actor, issue, name);
    return { labelable: ctx.view(issue) };
  },

  updatePullRequest(ctx, input) {
    const state = given(input.state) && lower(input.state);
    return editPull(ctx, pullOf(ctx, input.pullRequestId), { ...fieldsOf(ctx, input), ...(state && { state }) });
  },

  closePullRequest(ctx, input) {
    return editPull(ctx, pullOf(ctx, input.pullRequestId), { state: 'closed' });
  },

  reopenPullRequest(ctx, input) {
    return editPull(ctx, pullOf(ctx, input.pullRequestId), { state: 'open' });
  },

  markPullRequestReadyForReview(ctx, input) {
    const issue = pullOf(ctx, input.pullRequestId);
    pulls.setDraft(ctx.world, ctx.actor, issue, false);
    return { pullRequest: ctx.view(issue) };
  },

  convertPullRequestToDraft(ctx, input) {
    const issue = pullOf(ctx, input.pullRequestId);
    pulls.setDraft(ctx.world, ctx.actor, issue, true);
    return { pullRequest: ctx.view(issue) };
  },

  mergePullRequest(ctx, input) {
    const issue = pullOf(ctx, input.pullRequestId);
    pulls.mergePull(ctx.world, ctx.actor, issue, {
      sha: given(input.expectedHeadOid), method: lower(input.mergeMethod),
      title: given(input.commitHeadline), message: given(input.commitBody),
    });
    return afterwards(ctx, issue);
  },

  enablePullRequestAutoMerge(ctx, input) {
    const issue = pullOf(ctx, input.pullRequestId);
    pulls.enableAutoMerge(ctx.world, ctx.actor, issue, { method: lower(input.mergeMethod), expectedHead: given(input.expectedHeadOid) });
    return afterwards(ctx, issue);
  },

  disablePullRequestAutoMerge(ctx, input) {
    const issue = pullOf(ctx, input.pullRequestId);
    pulls.disableAutoMerge(ctx.world, ctx.actor, issue);
    return afterwards(ctx, issue);
  },

  enqueuePullRequest(ctx, input) {
    const entry = pulls.enqueue(ctx.world, ctx.actor, pullOf(ctx, input.pullRequestId), {
      expectedHead: given(input.expectedHeadOid), jump: Boolean(input.jump),
    });
    return { mergeQueueEntry: ctx.view(entry) };
  },

  dequeuePullRequest(ctx, input) {
    return { mergeQueueEntry: ctx.view(pulls.dequeue(ctx.world, ctx.actor, pullOf(ctx, input.id))) };
  },
};

export const mutation = (name) => {
  const perform = MUTATIONS[name];
  return perform && (({ input }, ctx) => ({ clientMutationId: given(input.clientMutationId) ?? null, ...perform(ctx, input) }));
};
