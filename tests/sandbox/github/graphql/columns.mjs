import { dependenciesSummary, fieldsOf, requireDefinitions, valuesOf } from '../columns.mjs';
import { connect } from './connection.mjs';

const PAGE = 'after: String, before: String, first: Int, last: Int';
const KINDS = ['Date', 'MultiSelect', 'Number', 'SingleSelect', 'Text'];
const each = (form) => KINDS.map(form).join(' | ');
const COMMON = 'id: ID! fullDatabaseId: BigInt name: String! description: String dataType: IssueFieldDataType! visibility: IssueFieldVisibility!';

/** The schema of issue fields, as the service has had it since their preview. */
export const ISSUE_FIELDS = `
enum IssueFieldDataType { DATE MULTI_SELECT NUMBER SINGLE_SELECT TEXT }
enum IssueFieldVisibility { ALL ORG_ONLY }
type IssueFieldDate implements Node { ${COMMON} }
type IssueFieldNumber implements Node { ${COMMON} }
type IssueFieldText implements Node { ${COMMON} }
type IssueFieldSingleSelectOption implements Node { id: ID! fullDatabaseId: BigInt name: String! color: IssueTypeColor! }
type IssueFieldSingleSelect implements Node { ${COMMON} options: [IssueFieldSingleSelectOption!]! }
type IssueFieldMultiSelect implements Node { ${COMMON} options: [IssueFieldSingleSelectOption!]! }
union IssueFields = ${each((kind) => `IssueField${kind}`)}
type IssueFieldsConnection { nodes: [IssueFields] pageInfo: PageInfo! totalCount: Int! }
type IssueFieldDateValue implements Node { id: ID! field: IssueFields value: String! }
type IssueFieldTextValue implements Node { id: ID! field: IssueFields value: String! }
type IssueFieldNumberValue implements Node { id: ID! field: IssueFields value: Float! }
type IssueFieldSingleSelectValue implements Node { id: ID! field: IssueFields value: String name: String! optionId: String color: IssueTypeColor! }
type IssueFieldMultiSelectValue implements Node { id: ID! field: IssueFields options: [IssueFieldSingleSelectOption!]! }
union IssueFieldValue = ${each((kind) => `IssueField${kind}Value`)}
type IssueFieldValueConnection { nodes: [IssueFieldValue] pageInfo: PageInfo! totalCount: Int! }
extend type Repository { issueFields(${PAGE}): IssueFieldsConnection }
extend type Organization { issueFields(${PAGE}): IssueFieldsConnection }
extend type Issue { issueFieldValues(${PAGE}): IssueFieldValueConnection }
`;

/** Likewise of dependencies between issues. */
export const DEPENDENCIES = `
type IssueDependenciesSummary { blockedBy: Int! blocking: Int! totalBlockedBy: Int! totalBlocking: Int! }
extend type Issue {
  blockedBy(${PAGE}): IssueConnection!
  blocking(${PAGE}): IssueConnection!
  issueDependenciesSummary: IssueDependenciesSummary!
}
`;

const optionView = ({ nodeId, id, name, color }) => ({
  __typename: 'IssueFieldSingleSelectOption', id: nodeId, fullDatabaseId: String(id), name, color: color.toUpperCase(),
});

function fieldView(field) {
  return {
    __typename: field.kind, id: field.nodeId, fullDatabaseId: String(field.id), name: field.name, description: null,
    dataType: field.type.toUpperCase(), visibility: field.visibility === 'all' ? 'ALL' : 'ORG_ONLY',
    options: field.options.map(optionView),
  };
}

function valueView(issue, [field, value]) {
  const out = { __typename: `${field.kind}Value`, id: `${issue.nodeId}_${field.id}`, field: fieldView(field) };
  if (field.type === 'single_select') return { ...out, value: value.name, name: value.name, optionId: value.nodeId, color: value.color.toUpperCase() };
  if (field.type === 'multi_select') return { ...out, options: value.map(optionView) };
  return { ...out, value };
}

/** The definitions that the actor may see, as a connection; null in a repository of a user. */
export function issueFields(ctx, owner, args, { organization = false } = {}) {
  const { world, actor } = ctx;
  if (owner.type !== 'Organization') return null;
  try {
    requireDefinitions(world, actor, { organization });
  } catch (error) {
    if (world.quirks.hiddenFields === 'refused') throw error;
    return connect('issueFields', [], args, fieldView);
  }
  return connect('issueFields', fieldsOf(world, owner), args, fieldView);
}

export const issueFieldValues = (ctx, issue, args) =>
  connect('issueFieldValues', valuesOf(ctx.world, issue), args, (one) => valueView(issue, one));

export function issues(ctx, name, list, args) {
  const seen = list.filter((one) => ctx.actor.sees(one.repo) && ctx.actor.may(one.repo, 'issues', 'read'));
  return connect(name, seen, args, (one) => ctx.view(one));
}

export function summaryView(issue) {
  const { blocked_by: blockedBy, blocking, total_blocked_by: totalBlockedBy, total_blocking: totalBlocking } = dependenciesSummary(issue);
  return { blockedBy, blocking, totalBlockedBy, totalBlocking };
}
