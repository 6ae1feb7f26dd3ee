import { checkBody, notFound } from '../errors.mjs';
import * as rules from '../columns.mjs';
import { findIssue, issueById } from './issues.mjs';
import { created, noContent, paged } from './router.mjs';

const RIGHT = { fields: 'issueFields', dependencies: 'dependencies' };

/** The issue of the path, on a server that has the feature. */
function issueFor(req, feature) {
  if (!req.world.quirks[RIGHT[feature]]) throw notFound();
  return findIssue(req);
}

function listFields(req) {
  const owner = req.world.model.users.get(req.params.org.toLowerCase());
  if (!req.world.quirks.issueFields || owner?.type !== 'Organization') throw notFound();
  rules.requireDefinitions(req.world, req.actor, { organization: true });
  return rules.fieldsOf(req.world, owner).map((field) => req.present.issueField(field));
}

const listValues = (req) => paged(req, req.present.fieldValues(issueFor(req, 'fields')), (value) => value);

function setValues(replace) {
  return (req) => {
    const issue = issueFor(req, 'fields');
    const { issue_field_values: values = [] } = checkBody(req.body, { issue_field_values: 'array' });
    rules.setFieldValues(req.world, req.actor, issue, values, { replace });
    return req.present.fieldValues(issue);
  };
}

function clearValue(req) {
  rules.clearFieldValue(req.world, req.actor, issueFor(req, 'fields'), Number(req.params.field));
  return noContent();
}

const listIssues = (of) => (req) => paged(req, of(issueFor(req, 'dependencies')), (one) => req.present.issue(one));

function addBlocker(req) {
  const issue = issueFor(req, 'dependencies');
  const { issue_id: id } = checkBody(req.body, { issue_id: '*integer' });
  rules.addBlockedBy(req.world, req.actor, issue, issueById(req, id));
  return created(req.present.issue(issue));
}

function removeBlocker(req) {
  const issue = issueFor(req, 'dependencies');
  rules.removeBlockedBy(req.world, req.actor, issue, issueById(req, Number(req.params.blocker)));
  return req.present.issue(issue);
}

/** Values of the organization's issue fields, and dependencies between issues. */
export function columnRoutes(router) {
  const own = { checked: true };
  const values = '~/issues/:number/issue-field-values';
  const dependencies = '~/issues/:number/dependencies';
  router.add('GET', '/orgs/:org/issue-fields', '', listFields);
  router.add('GET', values, 'issues:read', listValues, own);
  router.add('POST', values, 'issues:write', setValues(false), own);
  router.add('PUT', values, 'issues:write', setValues(true), own);
  router.add('DELETE', `${values}/:field`, 'issues:write', clearValue, own);
  router.add('GET', `${dependencies}/blocked_by`, 'issues:read', listIssues(rules.blockersOf), own);
  router.add('GET', `${dependencies}/blocking`, 'issues:read', listIssues(rules.blockedOf), own);
  router.add('POST', `${dependencies}/blocked_by`, 'issues:write', addBlocker, own);
  router.add('DELETE', `${dependencies}/blocked_by/:blocker`, 'issues:write', removeBlocker, own);
}
