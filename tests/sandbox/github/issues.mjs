import { ApiError, forbidden, invalid, notFound, unprocessable } from './errors.mjs';

export const MAX_TITLE = 256;
export const MAX_BODY = 65536;
const MAX_LABEL = 50;
const MAX_LABELS = 100;
const MAX_ASSIGNEES = 10;
const MAX_SUB_ISSUES = 100;
const MAX_DEPTH = 8;

const longer = (text, max) => text.length > max && [...text].length > max;

/** Whether anybody but GitHub sees it: issues of a flagged author are hidden, and so is what is turned off. */
export const isShown = (issue) => !issue.hidden && (issue.isPull ? issue.repo.hasPulls : issue.repo.hasIssues);

export const permissionOf = (issue) => (issue.isPull ? 'pull_requests' : 'issues');

/** Marks a change: the issue's time moves if the table of changes says so. */
export function touch(world, issue, change) {
  if (world.bumps[change]) issue.updatedAt = world.model.now();
  world.model.touchRepo(issue.repo);
}

export function requireLogin(actor) {
  if (actor.kind === 'none') throw new ApiError(401, 'Requires authentication');
}

export function requireWritable(repo) {
  if (repo.archived) throw new ApiError(403, 'Repository was archived so is read-only.');
}

function requireWrite(actor, issue) {
  requireLogin(actor);
  requireWritable(issue.repo);
  if (!actor.may(issue.repo, permissionOf(issue), 'write')) {
    throw forbidden(actor, 'issues=write; pull_requests=write');
  }
}

function requireEditor(actor, thing, repo) {
  if (actor.pushes(repo) || thing.author === actor.user) return;
  throw new ApiError(403, 'Must have admin rights to Repository.');
}

export function checkTitle(title, resource = 'Issue') {
  const text = String(title).trim();
  if (text === '') throw invalid(resource, 'title', 'missing_field');
  if (longer(text, MAX_TITLE)) {
    throw invalid(resource, 'title', 'custom', { message: `title is too long (maximum is ${MAX_TITLE} characters)` });
  }
  return text;
}

export function checkText(body, resource = 'Issue') {
  if (body !== null && longer(body, MAX_BODY)) {
    throw invalid(resource, 'body', 'custom', { message: `body is too long (maximum is ${MAX_BODY} characters)` });
  }
  return body;
}

function checkComment(body) {
  if (body.trim() === '') throw invalid('IssueComment', 'body', 'missing_field');
  return checkText(body, 'IssueComment');
}

export function checkLabelName(name) {
  if (typeof name !== 'string' || name.trim() === '') {
    throw invalid('Label', 'name', 'missing_field');
  }
  if (longer(name, MAX_LABEL)) {
    throw invalid('Label', 'name', 'custom', { message: `name is too long (maximum is ${MAX_LABEL} characters)` });
  }
  return name.trim();
}

/** Label names to labels, making those that do not exist yet. */
function labelsNamed(world, repo, names) {
  const wanted = new Map();
  for (const given of names) {
    const name = checkLabelName(typeof given === 'string' ? given : given?.name);
    if (!wanted.has(name.toLowerCase())) wanted.set(name.toLowerCase(), name);
  }
  if (wanted.size > MAX_LABELS) {
    throw invalid('Issue', 'labels', 'custom', { message: 'labels is too long (maximum is 100 labels)' });
  }
  return () => [...wanted].map(([key, name]) => repo.labels.get(key) ?? world.model.addLabel(repo, { name }));
}

/** admin, write, read or none; `maintainer` is the person who acts where nobody is named. */
export function roleOf(repo, user) {
  if (repo.owner === user || user.login === 'maintainer') return 'admin';
  if (repo.collaborators.has(user)) return 'write';
  return repo.private ? 'none' : 'read';
}

export const mayPush = (repo, user) => ['admin', 'write'].includes(roleOf(repo, user));

export function assignable(repo, user) {
  return user && !user.deleted && (repo.collaborators.has(user) || (repo.owner === user && user.type === 'User'));
}

function assigneesNamed(world, repo, logins, { lenient }) {
  const users = [];
  for (const login of logins) {
    const user = world.model.users.get(String(login).toLowerCase());
    if (assignable(repo, user)) {
      if (!users.includes(user)) users.push(user);
    } else if (!lenient) {
      throw invalid('Issue', 'assignees', 'invalid', { value: login });
    }
  }
  return users.slice(0, MAX_ASSIGNEES);
}

function milestoneNumbered(repo, number) {
  if (number === null) return null;
  const milestone = repo.milestones.get(Number(number));
  if (!milestone) throw invalid('Issue', 'milestone', 'invalid', { value: number });
  return milestone;
}

const typeNamed = (repo, name) =>
  repo.owner.issueTypes.find((t) => t.enabled && t.name.toLowerCase() === String(name).toLowerCase());

function applyLabels(world, actor, issue, labels) {
  const added = labels.filter((l) => !issue.labels.includes(l));
  const removed = issue.labels.filter((l) => !labels.includes(l));
  if (!added.length && !removed.length) return;
  issue.labels = [...issue.labels.filter((l) => labels.includes(l)), ...added];
  for (const label of added) world.model.addEvent(issue, 'LabeledEvent', actor.user, { label });
  for (const label of removed) world.model.addEvent(issue, 'UnlabeledEvent', actor.user, { label });
  touch(world, issue, 'labels');
}

function applyAssignees(world, actor, issue, users) {
  const added = users.filter((u) => !issue.assignees.includes(u));
  const removed = issue.assignees.filter((u) => !users.includes(u));
  if (!added.length && !removed.length) return;
  issue.assignees = [...issue.assignees.filter((u) => users.includes(u)), ...added];
  for (const user of added) world.model.addEvent(issue, 'AssignedEvent', actor.user, { assignee: user });
  for (const user of removed) world.model.addEvent(issue, 'UnassignedEvent', actor.user, { assignee: user });
  touch(world, issue, 'assignees');
}

function applyMilestone(world, actor, issue, milestone) {
  if (issue.milestone === milestone) return;
  const old = issue.milestone;
  issue.milestone = milestone;
  if (old) {
    world.model.addEvent(issue, 'DemilestonedEvent', actor.user, { milestoneTitle: old.title });
  }
  if (milestone) {
    world.model.addEvent(issue, 'MilestonedEvent', actor.user, { milestoneTitle: milestone.title });
  }
  touch(world, issue, 'milestone');
}

export function closeIssue(world, actor, issue, reason, closer = null) {
  issue.state = 'closed';
  issue.closedAt = world.model.now();
  issue.closedBy = actor.user;
  issue.stateReason = issue.isPull ? null : (reason ?? 'completed');
  world.model.addEvent(issue, 'ClosedEvent', actor.user, { stateReason: issue.stateReason, closer });
  touch(world, issue, 'state');
}

export function reopenIssue(world, actor, issue) {
  issue.state = 'open';
  issue.closedAt = null;
  issue.closedBy = null;
  issue.duplicateOf = null;
  issue.stateReason = issue.isPull ? null : 'reopened';
  world.model.addEvent(issue, 'ReopenedEvent', actor.user, { stateReason: issue.stateReason });
  touch(world, issue, 'state');
}

function stateChange(world, actor, issue, fields) {
  const { state, stateReason, duplicateOf } = fields;
  if (state !== undefined && state !== 'open' && state !== 'closed') {
    throw invalid('Issue', 'state', 'invalid', { value: state });
  }
  if (state === undefined || state === issue.state) return null;
  if (state === 'open') {
    if (issue.isPull && (issue.pull.merged || issue.pull.headDeleted)) {
      throw invalid('PullRequest', 'state', 'invalid', { message: 'state cannot be changed. The pull request cannot be reopened.' });
    }
    return () => reopenIssue(world, actor, issue);
  }
  const reason = stateReason === 'reopened' ? 'completed' : stateReason;
  return () => {
    if (reason === 'duplicate') issue.duplicateOf = duplicateOf ?? null;
    closeIssue(world, actor, issue, reason);
    if (issue.isPull) issue.pull.autoMerge = null;
  };
}

/** Everything is checked before anything is changed. */
function prepare(world, actor, repo, issue, fields) {
  const pushes = actor.pushes(repo);
  const steps = [];
  if (fields.body !== undefined) checkText(fields.body);
  if (pushes && fields.labels !== undefined) {
    const labels = labelsNamed(world, repo, fields.labels);
    steps.push((it) => applyLabels(world, actor, it, labels()));
  }
  if (pushes && fields.assignees !== undefined) {
    const users = assigneesNamed(world, repo, fields.assignees, { lenient: world.quirks.unknownAssignee === 'drop' });
    steps.push((it) => applyAssignees(world, actor, it, users));
  }
  if (pushes && fields.milestone !== undefined) {
    const milestone = milestoneNumbered(repo, fields.milestone);
    steps.push((it) => applyMilestone(world, actor, it, milestone));
  }
  if (pushes && fields.type !== undefined) {
    steps.push((it) => applyType(world, actor, it, fields.type));
  }
  return steps;
}

function applyType(world, actor, issue, name) {
  const type = name === null ? null : typeNamed(issue.repo, name);
  if (type === undefined || issue.isPull || issue.type === type) return;
  issue.type = type;
  touch(world, issue, 'type');
}

export function createIssue(world, actor, repo, fields) {
  requireLogin(actor);
  requireWritable(repo);
  if (!repo.hasIssues) throw new ApiError(410, 'Issues has been disabled in this repository.');
  if (repo.private && !actor.may(repo, 'issues', 'write')) throw forbidden(actor, 'issues=write');
  const title = checkTitle(fields.title);
  const steps = prepare(world, actor, repo, null, fields);
  const issue = world.model.addIssue(repo, { author: actor.user, title, body: fields.body });
  for (const step of steps) step(issue);
  issue.updatedAt = world.model.now();
  return issue;
}

export function editIssue(world, actor, issue, fields) {
  requireWrite(actor, issue);
  requireEditor(actor, issue, issue.repo);
  const title = fields.title === undefined ? undefined : checkTitle(fields.title, issue.kind);
  const change = stateChange(world, actor, issue, fields);
  const steps = prepare(world, actor, issue.repo, issue, fields);
  if (title !== undefined && title !== issue.title) {
    world.model.addEvent(issue, 'RenamedTitleEvent', actor.user, { previousTitle: issue.title, currentTitle: title });
    issue.title = title;
    touch(world, issue, 'title');
  }
  if (fields.body !== undefined && fields.body !== issue.body) {
    issue.body = fields.body;
    issue.lastEditedAt = world.model.now();
    issue.editor = actor.user;
    touch(world, issue, 'body');
  }
  for (const step of steps) step(issue);
  change?.();
  return issue;
}

function requireTriage(actor, issue) {
  requireWrite(actor, issue);
  if (!actor.pushes(issue.repo)) throw new ApiError(403, 'Must have admin rights to Repository.');
}

export function addLabels(world, actor, issue, names) {
  requireTriage(actor, issue);
  const labels = labelsNamed(world, issue.repo, names)();
  applyLabels(world, actor, issue, [...issue.labels, ...labels.filter((l) => !issue.labels.includes(l))]);
}

export function setLabels(world, actor, issue, names) {
  requireTriage(actor, issue);
  applyLabels(world, actor, issue, labelsNamed(world, issue.repo, names)());
}

export function removeLabel(world, actor, issue, name) {
  requireTriage(actor, issue);
  const label = issue.repo.labels.get(name.toLowerCase());
  if (!label || !issue.labels.includes(label)) throw notFound('Label does not exist');
  applyLabels(world, actor, issue, issue.labels.filter((l) => l !== label));
}

export function changeAssignees(world, actor, issue, logins, adding) {
  requireWrite(actor, issue);
  if (!actor.pushes(issue.repo)) return;
  const users = assigneesNamed(world, issue.repo, logins, { lenient: true });
  const rest = issue.assignees.filter((u) => !users.includes(u));
  applyAssignees(world, actor, issue, adding ? [...new Set([...issue.assignees, ...users])].slice(0, MAX_ASSIGNEES) : rest);
}

export function addComment(world, actor, issue, body) {
  requireWrite(actor, issue);
  checkComment(body);
  if (issue.locked && !actor.pushes(issue.repo)) {
    throw new ApiError(403, 'Unable to create comment because issue is locked.');
  }
  const comment = world.model.addComment(issue, { author: actor.user, body });
  touch(world, issue, 'commentCreated');
  return comment;
}

export function editComment(world, actor, comment, body) {
  requireWrite(actor, comment.issue);
  requireEditor(actor, comment, comment.issue.repo);
  checkComment(body);
  if (comment.body === body) return comment;
  comment.body = body;
  comment.updatedAt = world.model.now();
  comment.lastEditedAt = comment.updatedAt;
  comment.editor = actor.user;
  touch(world, comment.issue, 'commentEdited');
  return comment;
}

export function deleteComment(world, actor, comment) {
  requireWrite(actor, comment.issue);
  requireEditor(actor, comment, comment.issue.repo);
  comment.issue.comments = comment.issue.comments.filter((c) => c !== comment);
  comment.issue.repo.comments.delete(comment.id);
  world.model.nodes.delete(comment.nodeId);
  touch(world, comment.issue, 'commentDeleted');
}

export function setLock(world, actor, issue, locked, reason = null) {
  requireTriage(actor, issue);
  if (issue.locked === locked) return;
  issue.locked = locked;
  issue.lockReason = locked ? reason : null;
  world.model.addEvent(issue, locked ? 'LockedEvent' : 'UnlockedEvent', actor.user, { lockReason: reason });
  touch(world, issue, 'lock');
}

const depth = (issue) => 1 + Math.max(0, ...issue.subIssues.map(depth));

const ancestors = (issue) => (issue ? [issue, ...ancestors(issue.parent)] : []);

export function addSubIssue(world, actor, parent, sub, replaceParent = false) {
  requireTriage(actor, parent);
  if (parent.isPull || sub.isPull) throw unprocessable('Only issues can be sub-issues.');
  if (parent.repo.owner !== sub.repo.owner) {
    throw unprocessable('Sub-issue must belong to the same owner.');
  }
  if (ancestors(parent).includes(sub)) {
    throw unprocessable('A sub-issue cannot be an ancestor of its parent.');
  }
  if (sub.parent && !replaceParent) throw unprocessable('Sub-issue may only have one parent.');
  if (parent.subIssues.length >= MAX_SUB_ISSUES) {
    throw unprocessable('Parent cannot have more than 100 sub-issues.');
  }
  if (ancestors(parent).length + depth(sub) > MAX_DEPTH) {
    throw unprocessable('Sub-issues cannot be more than 8 levels deep.');
  }
  if (sub.parent) sub.parent.subIssues = sub.parent.subIssues.filter((s) => s !== sub);
  parent.subIssues.push(sub);
  sub.parent = parent;
  for (const issue of [parent, sub]) touch(world, issue, 'subIssue');
}

export function removeSubIssue(world, actor, parent, sub) {
  requireTriage(actor, parent);
  if (sub?.parent !== parent) throw notFound();
  parent.subIssues = parent.subIssues.filter((s) => s !== sub);
  sub.parent = null;
  for (const issue of [parent, sub]) touch(world, issue, 'subIssue');
}
