import { ApiError, checkBody, invalid, notFound } from '../errors.mjs';
import * as rules from '../issues.mjs';
import { created, noContent, oneOf, paged, sinceOf } from './router.mjs';

const READ = 'issues:read|pull_requests:read';
const WRITE = 'issues:write|pull_requests:write';
const ISSUE_FIELDS = {
  title: 'string|integer', body: 'string|null', state: 'string', state_reason: 'string|null',
  milestone: 'integer|string|null',
  labels: 'array|null', assignees: 'array|null', assignee: 'string|null', type: 'string|null',
  duplicate_issue_id: 'integer',
};
const REASONS = ['completed', 'not_planned', 'duplicate', 'reopened'];
const LOCK_REASONS = ['off-topic', 'too heated', 'resolved', 'spam'];

/** The issue or pull request of the path, or the answer for one that moved or is gone. */
export function findIssue(req, number = req.params.number) {
  const { repo, actor } = req;
  if (!/^\d+$/.test(number)) throw notFound();
  const issue = repo.issues.get(Number(number));
  if (!issue) throw missing(req, Number(number));
  if (issue.hidden || (issue.isPull && !repo.hasPulls)) throw notFound();
  if (!actor.may(repo, rules.permissionOf(issue), 'read')) {
    throw new ApiError(403, 'Resource not accessible by integration', { accepted: req.route.accepted });
  }
  if (!repo.hasIssues && !issue.isPull) {
    throw new ApiError(410, 'Issues has been disabled in this repository.');
  }
  return issue;
}

function missing(req, number) {
  const moved = req.repo.transferred.get(number);
  if (moved && req.actor.sees(moved.repo)) {
    const url = `${req.base}/repositories/${moved.repo.id}/issues/${moved.number}`;
    return new ApiError(301, 'Moved Permanently', { headers: { location: url } });
  }
  if (!req.repo.deleted.has(number)) return notFound();
  return req.actor.may(req.repo, 'issues', 'read') ? new ApiError(410, 'This issue was deleted') : notFound();
}

function findComment(req) {
  const comment = req.repo.comments.get(Number(req.params.id));
  if (!comment) throw notFound();
  if (!req.actor.may(req.repo, rules.permissionOf(comment.issue), 'read')) throw notFound();
  return comment;
}

function fieldsOf(req, body) {
  const fields = {};
  for (const key of ['title', 'body', 'state', 'labels', 'assignees', 'milestone', 'type']) {
    if (body[key] !== undefined) fields[key] = body[key];
  }
  for (const key of ['labels', 'assignees']) if (fields[key] === null) delete fields[key];
  if (fields.title !== undefined) fields.title = String(fields.title);
  if (body.assignee !== undefined && fields.assignees === undefined && req.old) {
    fields.assignees = body.assignee ? [body.assignee] : [];
  }
  if (body.state_reason !== undefined && body.state_reason !== null) {
    if (!REASONS.includes(body.state_reason)) {
      throw invalid('Issue', 'state_reason', 'invalid', { value: body.state_reason });
    }
    fields.stateReason = body.state_reason;
  }
  if (body.duplicate_issue_id !== undefined) {
    fields.duplicateOf = issueById(req, body.duplicate_issue_id);
  }
  return fields;
}

export function issueById(req, id) {
  for (const repo of req.world.model.repos.values()) {
    if (!req.actor.sees(repo)) continue;
    for (const issue of repo.issues.values()) if (issue.id === id) return issue;
  }
  throw notFound();
}

const has = (list, name) => list.some((l) => l.toLowerCase() === name.toLowerCase());

const PERSON_FILTERS = {
  creator: (issue, login) => issue.author?.login.toLowerCase() === login.toLowerCase(),
  mentioned: (issue, login) => has((issue.body ?? '').match(/@[\w[\]-]+/g) ?? [], `@${login}`),
  assignee: (issue, login) => {
    if (login === '*') return issue.assignees.length > 0;
    if (login === 'none') return issue.assignees.length === 0;
    return has(issue.assignees.map((u) => u.login), login);
  },
  milestone: (issue, text) => {
    if (text === '*') return issue.milestone !== null;
    if (text === 'none') return issue.milestone === null;
    return issue.milestone?.number === Number(text);
  },
  type: (issue, text) => {
    if (text === '*') return issue.type !== null;
    if (text === 'none') return issue.type === null;
    return issue.type?.name.toLowerCase() === text.toLowerCase();
  },
  labels: (issue, text) => text.split(',').every((name) => has(issue.labels.map((l) => l.name), name.trim())),
};

function listIssues(req) {
  const { repo, query, actor } = req;
  if (!repo.hasIssues) throw new ApiError(410, 'Issues has been disabled in this repository.');
  const state = oneOf(req, 'state', ['open', 'closed', 'all'], 'open');
  const sort = oneOf(req, 'sort', ['created', 'updated', 'comments'], 'created');
  const sign = oneOf(req, 'direction', ['asc', 'desc'], 'desc') === 'asc' ? 1 : -1;
  const since = sinceOf(req);
  const filters = Object.entries(PERSON_FILTERS).filter(([name]) => query.get(name));
  const list = [...repo.issues.values()].filter((issue) => rules.isShown(issue) &&
    (state === 'all' || issue.state === state) &&
    (since === null || issue.updatedAt >= since) &&
    actor.may(repo, rules.permissionOf(issue), 'read') &&
    filters.every(([name, test]) => test(issue, query.get(name))));
  const key = { created: (i) => i.createdAt, updated: (i) => i.updatedAt, comments: (i) => i.comments.length }[sort];
  list.sort((a, b) => sign * (key(a) - key(b) || a.number - b.number));
  return paged(req, list, (issue) => req.present.issue(issue));
}

function createIssue(req) {
  const body = checkBody(req.body, { ...ISSUE_FIELDS, title: '*string|integer' });
  const issue = rules.createIssue(req.world, req.actor, req.repo, { body: null, ...fieldsOf(req, body) });
  const out = req.present.issue(issue);
  return created(out, { location: out.url });
}

function patchIssue(req) {
  const issue = findIssue(req);
  const fields = fieldsOf(req, checkBody(req.body, ISSUE_FIELDS));
  rules.editIssue(req.world, req.actor, issue, fields);
  return req.present.issue(issue);
}

function listComments(req, comments) {
  const since = sinceOf(req);
  const list = comments.filter((c) => since === null || c.updatedAt >= since);
  return paged(req, list, (c) => req.present.comment(c));
}

function listAllComments(req) {
  const sort = oneOf(req, 'sort', ['created', 'updated'], null);
  const all = [...req.repo.comments.values()].filter((c) => rules.isShown(c.issue) && req.actor.may(req.repo, rules.permissionOf(c.issue), 'read'));
  if (sort !== null) {
    const sign = oneOf(req, 'direction', ['asc', 'desc'], 'desc') === 'asc' ? 1 : -1;
    const key = sort === 'created' ? 'createdAt' : 'updatedAt';
    all.sort((a, b) => sign * (a[key] - b[key] || a.id - b.id));
  }
  return listComments(req, all);
}

function createComment(req) {
  const issue = findIssue(req);
  const { body } = checkBody(req.body, { body: '*string' });
  const out = req.present.comment(rules.addComment(req.world, req.actor, issue, body));
  return created(out, { location: out.url });
}

function labelsOf(req) {
  const { body } = req;
  if (Array.isArray(body)) return body;
  if (typeof body === 'string') return [body];
  return checkBody(body ?? {}, { labels: 'array' }).labels ?? [];
}

function labelChange(change, empty) {
  return (req) => {
    const issue = findIssue(req);
    const names = labelsOf(req);
    if (!names.length && !empty) throw invalid('Label', 'name', 'missing_field');
    change(req.world, req.actor, issue, names);
    return issue.labels.map((l) => req.present.label(l));
  };
}

function removeLabel(req) {
  const issue = findIssue(req);
  rules.removeLabel(req.world, req.actor, issue, req.params.label);
  return issue.labels.map((l) => req.present.label(l));
}

function assigneeChange(adding) {
  return (req) => {
    const issue = findIssue(req);
    const { assignees = [] } = checkBody(req.body, { assignees: 'array' });
    rules.changeAssignees(req.world, req.actor, issue, assignees, adding);
    const out = req.present.issue(issue);
    return adding ? created(out) : out;
  };
}

function lock(req) {
  const reason = req.body?.lock_reason ?? null;
  if (reason !== null && !LOCK_REASONS.includes(reason)) {
    throw invalid('Issue', 'lock_reason', 'invalid', { value: reason });
  }
  rules.setLock(req.world, req.actor, findIssue(req), true, reason);
  return noContent();
}

function addSubIssue(req) {
  const parent = findIssue(req);
  const body = checkBody(req.body, { sub_issue_id: '*integer', replace_parent: 'boolean' });
  rules.addSubIssue(req.world, req.actor, parent, issueById(req, body.sub_issue_id), body.replace_parent);
  return created(req.present.issue(parent));
}

function removeSubIssue(req) {
  const parent = findIssue(req);
  const { sub_issue_id: id } = checkBody(req.body, { sub_issue_id: '*integer' });
  rules.removeSubIssue(req.world, req.actor, parent, issueById(req, id));
  return req.present.issue(parent);
}

function prioritize(req) {
  const parent = findIssue(req);
  const { sub_issue_id: id, after_id: after, before_id: before } =
    checkBody(req.body, { sub_issue_id: '*integer', after_id: 'integer', before_id: 'integer' });
  const sub = parent.subIssues.find((s) => s.id === id);
  const rest = parent.subIssues.filter((s) => s !== sub);
  const at = rest.findIndex((s) => s.id === (after ?? before));
  if (!sub || at < 0 || (after === undefined) === (before === undefined)) {
    throw invalid('SubIssue', 'sub_issue_id', 'invalid');
  }
  rest.splice(after === undefined ? at : at + 1, 0, sub);
  parent.subIssues = rest;
  return req.present.issue(parent);
}

function parentOf(req) {
  const { parent } = findIssue(req);
  if (!parent) throw notFound();
  return req.present.issue(parent);
}

/** Issues, comments, labels of issues, assignees, locks and sub-issues. */
export function issueRoutes(router) {
  const add = (method, path, access, handler, options) => router.add(method, `~${path}`, access, handler, options);
  const own = { checked: true };
  add('GET', '/issues', 'issues:read|pull_requests:read', listIssues);
  add('POST', '/issues', 'issues:write', createIssue, { ...own, content: true });
  add('GET', '/issues/comments', READ, listAllComments);
  add('GET', '/issues/comments/:id', READ, (req) => req.present.comment(findComment(req)), own);
  add('PATCH', '/issues/comments/:id', WRITE, (req) => {
    const comment = findComment(req);
    const { body } = checkBody(req.body, { body: '*string' });
    return req.present.comment(rules.editComment(req.world, req.actor, comment, body));
  }, own);
  add('DELETE', '/issues/comments/:id', WRITE, (req) => {
    rules.deleteComment(req.world, req.actor, findComment(req));
    return noContent();
  }, own);
  add('GET', '/issues/:number', READ, (req) => req.present.issue(findIssue(req)), own);
  add('PATCH', '/issues/:number', WRITE, patchIssue, own);
  add('GET', '/issues/:number/comments', READ, (req) => listComments(req, findIssue(req).comments), own);
  add('POST', '/issues/:number/comments', WRITE, createComment, { ...own, content: true });
  add('GET', '/issues/:number/labels', READ, (req) => paged(req, findIssue(req).labels, (l) => req.present.label(l)), own);
  add('POST', '/issues/:number/labels', WRITE, labelChange(rules.addLabels), own);
  add('PUT', '/issues/:number/labels', WRITE, labelChange(rules.setLabels, true), own);
  add('DELETE', '/issues/:number/labels', WRITE, (req) => {
    rules.setLabels(req.world, req.actor, findIssue(req), []);
    return noContent();
  }, own);
  add('DELETE', '/issues/:number/labels/:label', WRITE, removeLabel, own);
  add('POST', '/issues/:number/assignees', WRITE, assigneeChange(true), own);
  add('DELETE', '/issues/:number/assignees', WRITE, assigneeChange(false), own);
  add('PUT', '/issues/:number/lock', WRITE, lock, own);
  add('DELETE', '/issues/:number/lock', WRITE, (req) => {
    rules.setLock(req.world, req.actor, findIssue(req), false);
    return noContent();
  }, own);
  add('GET', '/issues/:number/parent', 'issues:read', parentOf);
  add('GET', '/issues/:number/sub_issues', 'issues:read', (req) => paged(req, findIssue(req).subIssues, (i) => req.present.issue(i)));
  add('POST', '/issues/:number/sub_issues', 'issues:write', addSubIssue);
  add('DELETE', '/issues/:number/sub_issue', 'issues:write', removeSubIssue);
  add('PATCH', '/issues/:number/sub_issues/priority', 'issues:write', prioritize);
}
