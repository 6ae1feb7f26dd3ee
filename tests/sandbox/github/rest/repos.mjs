import { ApiError, checkBody, forbidden, invalid, notFound } from '../errors.mjs';
import { assignable, checkLabelName, requireWritable, roleOf, touch } from '../issues.mjs';
import { created, noContent, oneOf, paged } from './router.mjs';
import { findIssue } from './issues.mjs';

function currentUser(req) {
  if (req.actor.kind === 'none') throw new ApiError(401, 'Requires authentication');
  if (req.actor.isInstallation) throw forbidden(req.actor);
  return req.present.profile(req.actor.user);
}

function userNamed(req) {
  const user = req.world.model.users.get(req.params.login.toLowerCase());
  if (!user || user.deleted) throw notFound();
  return req.present.profile(user);
}

function rateLimit(req) {
  const of = (resource) => {
    const { limit, used, remaining, reset } = req.world.meter.primary(req.actor, resource);
    return { limit, used, remaining, reset: Math.floor(reset / 1000) };
  };
  const quiet = { limit: 30, used: 0, remaining: 30, reset: Math.floor(req.world.clock.now() / 1000) + 60 };
  const body = { resources: { core: of('core'), graphql: of('graphql'), search: quiet } };
  return req.old ? { ...body, rate: of('core') } : body;
}

function requirePush(req) {
  requireWritable(req.repo);
  if (!req.actor.pushes(req.repo)) throw notFound();
}

function findLabel(req) {
  const label = req.repo.labels.get(req.params.label.toLowerCase());
  if (!label) throw notFound();
  return label;
}

function checkColor(color) {
  if (color !== undefined && !/^[0-9a-f]{6}$/i.test(color)) {
    throw invalid('Label', 'color', 'invalid');
  }
  return color?.toLowerCase();
}

function createLabel(req) {
  requirePush(req);
  const body = checkBody(req.body, { name: '*string', color: 'string', description: 'string|null' });
  const name = checkLabelName(body.name);
  if (req.repo.labels.has(name.toLowerCase())) throw invalid('Label', 'name', 'already_exists');
  const label = req.world.model.addLabel(req.repo, { name, color: checkColor(body.color), description: body.description ?? null });
  const out = req.present.label(label);
  return created(out, { location: out.url });
}

function patchLabel(req) {
  requirePush(req);
  const label = findLabel(req);
  const body = checkBody(req.body, { new_name: 'string', color: 'string', description: 'string|null' });
  const name = body.new_name === undefined ? label.name : checkLabelName(body.new_name);
  const taken = req.repo.labels.get(name.toLowerCase());
  if (taken && taken !== label) throw invalid('Label', 'name', 'already_exists');
  req.repo.labels.delete(label.name.toLowerCase());
  Object.assign(label, { name, color: checkColor(body.color) ?? label.color, description: body.description ?? label.description });
  req.repo.labels.set(name.toLowerCase(), label);
  req.world.model.touchRepo(req.repo);
  return req.present.label(label);
}

function deleteLabel(req) {
  requirePush(req);
  const label = findLabel(req);
  req.repo.labels.delete(label.name.toLowerCase());
  req.world.model.nodes.delete(label.nodeId);
  for (const issue of req.repo.issues.values()) {
    if (!issue.labels.includes(label)) continue;
    issue.labels = issue.labels.filter((l) => l !== label);
    touch(req.world, issue, 'labels');
  }
  return noContent();
}

function findMilestone(req) {
  const milestone = req.repo.milestones.get(Number(req.params.number));
  if (!milestone) throw notFound();
  return milestone;
}

/** The service keeps the day in Pacific time only, and answers its midnight. */
function pacificDay(ms) {
  const hour = (at) => Number(new Intl.DateTimeFormat('en-US', { timeZone: 'America/Los_Angeles', hour: 'numeric', hourCycle: 'h23' }).format(at));
  return Math.floor((ms - hour(ms) * 3600000) / 3600000) * 3600000;
}

const MILESTONE = { title: 'string', state: 'string', description: 'string|null', due_on: 'string|null' };

function milestoneFields(req, milestone) {
  const body = checkBody(req.body, milestone ? MILESTONE : { ...MILESTONE, title: '*string' });
  if (body.title !== undefined && body.title.trim() === '') {
    throw invalid('Milestone', 'title', 'missing_field');
  }
  for (const other of req.repo.milestones.values()) {
    if (other !== milestone && other.title === body.title) {
      throw invalid('Milestone', 'title', 'already_exists');
    }
  }
  if (body.state !== undefined && !['open', 'closed'].includes(body.state)) {
    throw invalid('Milestone', 'state', 'invalid');
  }
  const due = body.due_on === undefined || body.due_on === null ? body.due_on : Date.parse(body.due_on);
  if (Number.isNaN(due)) throw invalid('Milestone', 'due_on', 'invalid');
  return { title: body.title, state: body.state, description: body.description, dueOn: due && pacificDay(due) };
}

function createMilestone(req) {
  requirePush(req);
  const fields = Object.fromEntries(Object.entries(milestoneFields(req, null)).filter(([, v]) => v !== undefined));
  return created(req.present.milestone(req.world.model.addMilestone(req.repo, { ...fields, creator: req.actor.user })));
}

function patchMilestone(req) {
  requirePush(req);
  const milestone = findMilestone(req);
  const fields = milestoneFields(req, milestone);
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) milestone[key] = value;
  milestone.updatedAt = req.world.model.now();
  milestone.closedAt = milestone.state === 'closed' ? (milestone.closedAt ?? milestone.updatedAt) : null;
  req.world.model.touchRepo(req.repo);
  return req.present.milestone(milestone);
}

function deleteMilestone(req) {
  requirePush(req);
  const milestone = findMilestone(req);
  req.repo.milestones.delete(milestone.number);
  req.world.model.nodes.delete(milestone.nodeId);
  for (const issue of req.repo.issues.values()) {
    if (issue.milestone !== milestone) continue;
    issue.milestone = null;
    touch(req.world, issue, 'milestone');
  }
  return noContent();
}

function listMilestones(req) {
  const state = oneOf(req, 'state', ['open', 'closed', 'all'], 'open');
  const list = [...req.repo.milestones.values()].filter((m) => state === 'all' || m.state === state);
  return paged(req, list, (m) => req.present.milestone(m));
}

// Tests put the state of each file into `repo.workflows`.
function workflow(req) {
  const state = req.repo.workflows?.[req.params.file];
  if (state === undefined) throw notFound();
  return { id: 1, node_id: 'W_1', name: req.params.file, path: `.github/workflows/${req.params.file}`, state };
}

function checkAssignee(req) {
  if (!assignable(req.repo, req.world.model.users.get(req.params.login.toLowerCase()))) {
    throw notFound();
  }
  return noContent();
}

function permissionOfUser(req) {
  const user = req.world.model.users.get(req.params.login.toLowerCase());
  if (!user || user.deleted) throw notFound();
  const permission = roleOf(req.repo, user);
  return { permission, role_name: permission, user: req.present.user(user) };
}

function issueTypes(req) {
  const owner = req.world.model.users.get(req.params.org.toLowerCase());
  if (owner?.type !== 'Organization') throw notFound();
  return owner.issueTypes.map((t) => req.present.issueType(t));
}

/** Users, rate limits, the repository itself, its labels, milestones and assignees. */
export function repoRoutes(router) {
  const labels = (req) => paged(req, [...req.repo.labels.values()], (l) => req.present.label(l));
  const issues = 'issues:write|pull_requests:write';
  router.add('GET', '/user', '', currentUser);
  router.add('GET', '/users/:login', '', userNamed);
  router.add('GET', '/rate_limit', '', rateLimit);
  router.add('GET', '/orgs/:org/issue-types', '', issueTypes);
  router.add('GET', '~/actions/workflows/:file', 'actions:read', workflow);
  router.add('GET', '~', 'metadata:read', (req) => req.present.repo(req.repo, { full: true }));
  router.add('GET', '~/assignees', 'metadata:read', (req) => paged(req, req.present.assignees(req.repo), (u) => u));
  router.add('GET', '~/assignees/:login', 'metadata:read', checkAssignee);
  router.add('GET', '~/collaborators/:login/permission', 'metadata:read', permissionOfUser);
  router.add('GET', '~/labels', 'issues:read|pull_requests:read', labels);
  router.add('POST', '~/labels', issues, createLabel);
  router.add('GET', '~/labels/:label', 'issues:read|pull_requests:read', (req) => req.present.label(findLabel(req)));
  router.add('PATCH', '~/labels/:label', issues, patchLabel);
  router.add('DELETE', '~/labels/:label', issues, deleteLabel);
  router.add('GET', '~/milestones', 'issues:read|pull_requests:read', listMilestones);
  router.add('POST', '~/milestones', issues, createMilestone);
  router.add('GET', '~/milestones/:number', 'issues:read|pull_requests:read', (req) => req.present.milestone(findMilestone(req)));
  router.add('PATCH', '~/milestones/:number', issues, patchMilestone);
  router.add('DELETE', '~/milestones/:number', issues, deleteMilestone);
  router.add('GET', '~/issues/:number/events', 'issues:read|pull_requests:read', listEvents, { checked: true });
}

const EVENT_NAMES = {
  ClosedEvent: 'closed', ReopenedEvent: 'reopened', RenamedTitleEvent: 'renamed',
  LabeledEvent: 'labeled', UnlabeledEvent: 'unlabeled',
  AssignedEvent: 'assigned', UnassignedEvent: 'unassigned', MilestonedEvent: 'milestoned',
  DemilestonedEvent: 'demilestoned',
  LockedEvent: 'locked', UnlockedEvent: 'unlocked', MergedEvent: 'merged',
  ConvertToDraftEvent: 'convert_to_draft',
  ReadyForReviewEvent: 'ready_for_review', AutoMergeEnabledEvent: 'auto_merge_enabled',
  AutoMergeDisabledEvent: 'auto_merge_disabled',
};

function listEvents(req) {
  const { present } = req;
  return paged(req, findIssue(req).events, (event) => {
    const out = {
      id: event.id, node_id: event.nodeId,
      url: `${present.repoUrl(req.repo)}/issues/events/${event.id}`,
      actor: present.user(event.actor),
      event: EVENT_NAMES[event.kind], commit_id: event.commit ?? null, commit_url: null,
      created_at: new Date(event.createdAt).toISOString().replace('.000Z', 'Z'),
      performed_via_github_app: null,
    };
    if (event.label) out.label = { name: event.label.name, color: event.label.color };
    if (event.assignee) out.assignee = present.user(event.assignee);
    if (event.milestoneTitle) out.milestone = { title: event.milestoneTitle };
    if (event.previousTitle) out.rename = { from: event.previousTitle, to: event.currentTitle };
    if (event.kind === 'LockedEvent') out.lock_reason = event.lockReason;
    return out;
  });
}
