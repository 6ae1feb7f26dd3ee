import fs from 'node:fs';
import { buildASTSchema, parse } from 'graphql';
import { DEPENDENCIES, ISSUE_FIELDS } from './columns.mjs';

const PAGE = 'after: String, before: String, first: Int, last: Int';

/** What the published schema has gained since the npm package was made. */
const NEWER = `
type IssueType implements Node {
  color: IssueTypeColor!
  description: String
  id: ID!
  isEnabled: Boolean!
  isPrivate: Boolean!
  name: String!
}
enum IssueTypeColor { BLUE GRAY GREEN ORANGE PINK PURPLE RED YELLOW }
enum IssueTypeOrderField { CREATED_AT NAME }
input IssueTypeOrder { direction: OrderDirection! field: IssueTypeOrderField! }
type IssueTypeEdge { cursor: String! node: IssueType }
type IssueTypeConnection { edges: [IssueTypeEdge] nodes: [IssueType] pageInfo: PageInfo! totalCount: Int! }
type AssigneeEdge { cursor: String! node: Assignee }
type AssigneeConnection { edges: [AssigneeEdge] nodes: [Assignee] pageInfo: PageInfo! totalCount: Int! }
extend type Repository { issueTypes(${PAGE}, orderBy: IssueTypeOrder): IssueTypeConnection }
extend type Issue {
  issueType: IssueType
  duplicateOf: Issue
  assignedActors(${PAGE}): AssigneeConnection!
}
extend type PullRequest { assignedActors(${PAGE}): AssigneeConnection! }
extend input IssueFilters { type: String }
extend input CreateIssueInput { issueTypeId: ID }
input IssueStateUpdateInput { value: IssueState! stateReason: IssueClosedStateReason duplicateIssueId: ID }
extend input UpdateIssueInput { stateInput: IssueStateUpdateInput }
input UpdateIssueIssueTypeInput { clientMutationId: String issueId: ID! issueTypeId: ID }
type UpdateIssueIssueTypePayload { clientMutationId: String issue: Issue }
extend type Mutation { updateIssueIssueType(input: UpdateIssueIssueTypeInput!): UpdateIssueIssueTypePayload }
extend enum SearchType { ISSUE_ADVANCED }
`;

const SCALARS = {
  DateTime: (v) => typeof v === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(v) && !Number.isNaN(Date.parse(v)),
  GitObjectID: (v) => typeof v === 'string' && /^[0-9a-f]{40}$/.test(v),
  URI: (v) => typeof v === 'string',
  BigInt: (v) => /^-?\d+$/.test(String(v)),
};

function guardScalars(schema) {
  for (const [name, valid] of Object.entries(SCALARS)) {
    const type = schema.getType(name);
    const check = (value) => {
      if (valid(value)) return value;
      throw new TypeError(`Could not coerce value ${JSON.stringify(value)} to ${name}`);
    };
    type.parseValue = check;
    type.parseLiteral = (node) => check(node.value);
  }
}

const built = new Map();

/** GitHub's schema, of an older server without what the quirks turn off; each is built once a process (a third of a second). */
export function githubSchema({ issueFields = true, dependencies = true } = {}) {
  const newer = [NEWER, issueFields && ISSUE_FIELDS, dependencies && DEPENDENCIES].filter(Boolean).join('');
  if (built.has(newer)) return built.get(newer);
  const file = new URL('./schema.graphql', import.meta.resolve('@octokit/graphql-schema'));
  // Descriptions are two thirds of it, and no answer holds them.
  const text = fs.readFileSync(file, 'utf8').replace(/"""[^]*?"""/g, '') + newer;
  const schema = buildASTSchema(parse(text, { noLocation: true }), { assumeValid: true, assumeValidSDL: true });
  guardScalars(schema);
  built.set(newer, schema);
  return schema;
}
