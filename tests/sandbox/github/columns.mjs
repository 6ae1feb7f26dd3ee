import { ApiError, forbidden, invalid, notFound, unprocessable } from './errors.mjs';
import { isShown, requireLogin, requireWritable, touch } from './issues.mjs';
import { nodeId } from './model.mjs';

/*
 * What issues carry besides the classic fields: the organization's issue fields (a preview) and
 * dependencies. Of what is not documented the stricter reading holds.
 */

const MAX_FIELDS = 25;
const MAX_OPTIONS = 50;
const MAX_VALUES = 25;
const MAX_DEPENDENCIES = 50;

export const FIELD_KINDS = {
  text: 'IssueFieldText', number: 'IssueFieldNumber', date: 'IssueFieldDate',
  single_select: 'IssueFieldSingleSelect', multi_select: 'IssueFieldMultiSelect',
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const isDay = (text) => DAY.test(text) && new Date(`${text}T00:00:00Z`).toISOString?.().startsWith(text);

/** Makes a field of an organization: `type` as in FIELD_KINDS, `options` names of a select. */
export function addIssueField(world, owner, { name, type, options = [], visibility = 'organization_members_only' }) {
  if (owner.type !== 'Organization') throw new Error(`${owner.login} is no organization`);
  const fields = (owner.issueFields ??= []);
  if (fields.length >= MAX_FIELDS || options.length > MAX_OPTIONS) throw new Error('too many issue fields or options');
  const id = world.model.next('misc');
  const field = { kind: FIELD_KINDS[type], id, nodeId: nodeId('IF', owner.id, id), owner, name, type, visibility, options: [] };
  for (const option of options) addOption(world, field, option);
  fields.push(field);
  return field;
}

export function addOption(world, field, name) {
  const id = world.model.next('misc');
  field.options.push({ id, nodeId: nodeId('IFSSO', id), name, color: 'gray' });
}

/** The fields that the owner of a repository defined; none if a user owns it or the server is older. */
export const fieldsOf = (world, owner) => (world.quirks.issueFields && owner.type === 'Organization' ? (owner.issueFields ?? []) : []);

/** What an issue carries, as [field, value]; values are texts, numbers, options or lists of options. */
export const valuesOf = (world, issue) =>
  fieldsOf(world, issue.repo.owner).filter((field) => issue.fieldValues?.has(field)).map((field) => [field, issue.fieldValues.get(field)]);

const refuse = (field, what) => unprocessable(`Invalid value for issue field '${field.name}': ${what}`);

function optionNamed(field, name) {
  if (typeof name !== 'string') throw refuse(field, 'must be a string option name');
  const option = field.options.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!option) throw refuse(field, `'${name}' is not an option`);
  return option;
}

/** A value in the words of REST as it is kept. */
function read(field, value) {
  switch (field.type) {
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) throw refuse(field, 'must be a number');
      return value;
    case 'date':
      if (typeof value !== 'string' || !isDay(value)) throw refuse(field, 'must be a date in the form YYYY-MM-DD');
      return value;
    case 'single_select':
      return optionNamed(field, value);
    case 'multi_select':
      if (!Array.isArray(value) || value.length === 0) throw refuse(field, 'must be a list of option names');
      return value.map((name) => optionNamed(field, name));
    default:
      if (typeof value !== 'string' || value.trim() === '') throw refuse(field, 'must be a text');
      return value;
  }
}

function requireWriter(world, actor, issue) {
  requireLogin(actor);
  requireWritable(issue.repo);
  if (issue.isPull) throw notFound();
  if (!actor.pushes(issue.repo) || !actor.may(issue.repo, 'issues', 'write') ||
      (actor.kind === 'actions' && !world.quirks.workflowWritesFields)) {
    throw forbidden(actor, 'issues=write');
  }
}

function fieldNumbered(world, issue, id) {
  const field = fieldsOf(world, issue.repo.owner).find((one) => one.id === id);
  if (!field) throw unprocessable(`Issue field ${id} does not exist`);
  return field;
}

function put(world, issue, values) {
  issue.fieldValues = new Map(values);
  touch(world, issue, 'fieldValue');
}

/**
 * Writes values, [{field_id, value}]: with `replace` (PUT) what is not named is cleared; a POST of an empty list
 * clears everything, too.
 */
export function setFieldValues(world, actor, issue, list, { replace = false } = {}) {
  requireWriter(world, actor, issue);
  if (list.length > MAX_VALUES) throw unprocessable(`At most ${MAX_VALUES} values can be set`);
  const given = list.map((one) => {
    const field = fieldNumbered(world, issue, one?.field_id);
    return [field, read(field, one.value)];
  });
  const kept = replace || given.length === 0 ? [] : [...(issue.fieldValues ?? [])];
  put(world, issue, [...kept, ...given]);
}

export function clearFieldValue(world, actor, issue, id) {
  requireWriter(world, actor, issue);
  const field = fieldsOf(world, issue.repo.owner).find((one) => one.id === id);
  if (!field || !issue.fieldValues?.has(field)) throw notFound();
  put(world, issue, [...issue.fieldValues].filter(([other]) => other !== field));
}

// Dependencies.

export const blockersOf = (issue) => (issue.blockedBy ?? []).filter(isShown);

export const blockedOf = (issue) => (issue.blocking ?? []).filter(isShown);

export function dependenciesSummary(issue) {
  const [by, blocking] = [blockersOf(issue), blockedOf(issue)];
  const open = (list) => list.filter((one) => one.state === 'open').length;
  return { blocked_by: open(by), blocking: open(blocking), total_blocked_by: by.length, total_blocking: blocking.length };
}

function requireTriage(actor, issue) {
  requireLogin(actor);
  requireWritable(issue.repo);
  if (!actor.may(issue.repo, 'issues', 'write') || !actor.pushes(issue.repo)) throw forbidden(actor, 'issues=write');
}

const leadsTo = (issue, other, seen = new Set()) =>
  issue === other || (!seen.has(issue) && (seen.add(issue), blockersOf(issue).some((one) => leadsTo(one, other, seen))));

export function addBlockedBy(world, actor, issue, blocker) {
  requireTriage(actor, issue);
  if (issue.isPull || blocker.isPull) throw unprocessable('Only issues can have dependencies');
  if (issue === blocker) throw unprocessable('An issue cannot be blocked by itself');
  if (issue.blockedBy?.includes(blocker)) throw invalid('IssueDependency', 'issue_id', 'custom', { message: 'Issue is already blocked by this issue' });
  if (leadsTo(blocker, issue)) throw unprocessable('A dependency cannot be circular');
  if ((issue.blockedBy ?? []).length >= MAX_DEPENDENCIES) throw unprocessable(`An issue can be blocked by at most ${MAX_DEPENDENCIES} issues`);
  (issue.blockedBy ??= []).push(blocker);
  (blocker.blocking ??= []).push(issue);
  for (const one of [issue, blocker]) touch(world, one, 'dependency');
}

export function removeBlockedBy(world, actor, issue, blocker) {
  requireTriage(actor, issue);
  if (!issue.blockedBy?.includes(blocker)) throw notFound();
  issue.blockedBy = issue.blockedBy.filter((one) => one !== blocker);
  blocker.blocking = blocker.blocking.filter((one) => one !== issue);
  for (const one of [issue, blocker]) touch(world, one, 'dependency');
}

/** Who may see which fields there are. */
export function requireDefinitions(world, actor, { organization }) {
  if (organization && actor.kind === 'actions') throw new ApiError(403, 'Resource not accessible by integration');
  if (actor.permissions.issue_fields === 'none') throw forbidden(actor, 'organization_issue_fields=read');
}
