import { execute, getOperationAST, GraphQLError, Kind, parse, validate } from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { ApiError } from '../errors.mjs';
import { iso } from '../model.mjs';
import { Context, QUERIES } from './context.mjs';
import { costOf } from './cost.mjs';
import { CONTENT, mutation } from './mutations.mjs';
import { githubSchema } from './schema.mjs';

// Queries as read and checked, for all servers of the process: that takes as long as answering them.
const CACHED_QUERIES = 500;
const parsed = new Map();

class Unknown extends Error {}

/** Views hold fields as properties or methods; what a view lacks is an error, never a silent null. */
function resolveField(source, args, ctx, info) {
  const value = source[info.fieldName];
  if (typeof value === 'function') return value.call(source, args, ctx, info);
  if (value !== undefined) return value;
  ctx.world.violations.push({ kind: 'unknown-field', field: `${info.parentType.name}.${info.fieldName}` });
  throw new Unknown(`The sandbox does not know ${info.parentType.name}.${info.fieldName}`);
}

const ROOTS = {
  query: QUERIES,
  mutation: new Proxy({}, { get: (_, name) => mutation(name) }),
};

function problem(error) {
  const cause = error.originalError;
  const out = {};
  if (cause instanceof ApiError) out.type = cause.graphqlType;
  if (error.path) out.path = error.path;
  if (out.type === 'FORBIDDEN') out.extensions = { saml_failure: false };
  if (error.locations) out.locations = error.locations;
  out.message = cause instanceof ApiError ? cause.graphqlMessage : error.message;
  return out;
}

/** The service's GraphQL endpoint, executed over its own schema. */
export class GraphQL {
  constructor(world) {
    this.world = world;
  }

  /** Reads a request far enough to know what it is and costs; bad ones keep their errors in `failure`. */
  prepare(ctx) {
    const call = { write: false, points: 1, endpoint: 'graphql', contents: 0, cost: 1, nodeCount: 0 };
    if (ctx.body === undefined) throw new ApiError(400, 'Problems parsing JSON');
    const { query, variables, operationName } = ctx.body ?? {};
    if (typeof query !== 'string' || query === '') {
      throw new ApiError(400, 'A query attribute must be specified and must be a string.');
    }
    const { document, errors } = this.#parse(query);
    if (errors) return { ...call, failure: errors };
    const operation = getOperationAST(document, operationName);
    if (!operation) return { ...call, failure: [{ message: 'An operation name is required' }] };
    return this.#measure(ctx, { ...call, document, operation, operationName, variables: variables ?? {} });
  }

  #schema() {
    return githubSchema(this.world.quirks);
  }

  // A query that is no part of the schema says so in a code.
  #unknownFields(error) {
    const found = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(error.message);
    if (!found) return problem(error);
    const [, fieldName, typeName] = found;
    return { ...problem(error), message: `Field '${fieldName}' doesn't exist on type '${typeName}'`, extensions: { code: 'undefinedField', typeName, fieldName } };
  }

  #parse(query) {
    const { issueFields, dependencies } = this.world.quirks;
    const key = `${issueFields} ${dependencies} ${query}`;
    const known = parsed.get(key);
    if (known) return known;
    const result = this.#read(query);
    if (parsed.size >= CACHED_QUERIES) parsed.delete(parsed.keys().next().value);
    parsed.set(key, result);
    return result;
  }

  #read(query) {
    try {
      const document = parse(query);
      const errors = validate(this.#schema(), document);
      return errors.length ? { errors: errors.map((error) => this.#unknownFields(error)) } : { document };
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return { errors: [problem(error)] };
    }
  }

  #measure(ctx, call) {
    const { document, operation, variables } = call;
    const fields = operation.selectionSet.selections.filter((s) => s.kind === Kind.FIELD).map((s) => s.name.value);
    if (ctx.request) ctx.request.operation = operation.name?.value ?? fields[0];
    const write = operation.operation === 'mutation';
    const coerced = getVariableValues(this.#schema(), operation.variableDefinitions ?? [], variables);
    if (coerced.errors) return { ...call, write, failure: coerced.errors.map(problem) };
    const measured = costOf(this.#schema(), document, operation, coerced.coerced, this.world.quirks.nestedCut);
    const contents = write ? fields.filter((f) => CONTENT.has(f)).length : 0;
    return { ...call, write, fields, points: write ? 5 : 1, contents, ...measured };
  }

  answer(ctx, actor, call) {
    const { stats, meter } = this.world;
    if (actor.kind === 'none') {
      throw new ApiError(401, 'This endpoint requires you to be authenticated.');
    }
    stats.graphql += 1;
    stats[call.write ? 'writes' : 'reads'] += 1;
    stats.content += call.contents;
    stats.graphqlPoints += call.cost;
    meter.spend(actor, 'graphql', call.cost);
    return { status: 200, headers: meter.headers(actor, 'graphql'), body: this.#execute(actor, call) };
  }

  #execute(actor, call) {
    if (call.failure) return { errors: call.failure };
    if (call.tooMany) {
      const message = `This query requests up to ${call.nodeCount.toLocaleString('en')} possible nodes which exceeds the maximum limit of 500,000.`;
      return { errors: [{ type: 'MAX_NODE_LIMIT_EXCEEDED', message }] };
    }
    const context = new Context(this.world, actor, call);
    context.rateLimit = this.#rateLimit(actor, call);
    const result = execute({
      schema: this.#schema(), document: call.document, rootValue: ROOTS[call.operation.operation],
      contextValue: context,
      variableValues: call.variables, operationName: call.operationName,
      fieldResolver: resolveField, typeResolver: (v) => v.__typename,
    });
    return result.errors ? { data: result.data ?? null, errors: result.errors.map(problem) } : { data: result.data };
  }

  #rateLimit(actor, { cost, nodeCount }) {
    const { limit, used, remaining, reset } = this.world.meter.primary(actor, 'graphql');
    return { limit, cost, remaining, used, resetAt: iso(reset), nodeCount };
  }
}
