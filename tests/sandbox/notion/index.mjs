// A stateful fake of Notion's API, version 2026-03-11, after developers.notion.com.

import { loadContracts } from './contracts.mjs';
import { defaultError, NotionError, validation } from './errors.mjs';
import { parseId } from './ids.mjs';
import { People } from './people.mjs';
import * as content from './routes-content.mjs';
import * as data from './routes-data.mjs';
import * as pages from './routes-pages.mjs';
import * as people from './routes-people.mjs';

export { CAPABILITIES, SETTINGS } from './world.mjs';

const contracts = await loadContracts();

const VERSIONS = ['2025-09-03', '2026-03-11'];
const OLD_VERSIONS = ['2021-05-11', '2021-05-13', '2021-08-16', '2022-02-22', '2022-06-28'];
const MAX_PAYLOAD = 500 * 1024;

// method, path, capability, handler, and what of the page a write holds (one write at a time)
const ROUTES = [
  ['GET', '/v1/users/me', null, people.getSelf],
  ['GET', '/v1/users/{user_id}', null, people.getUser],
  ['GET', '/v1/users', 'user_info', people.listUsers],
  ['GET', '/v1/databases/{database_id}', 'read_content', data.getDatabase],
  ['GET', '/v1/data_sources/{data_source_id}', 'read_content', data.getDataSource],
  ['PATCH', '/v1/data_sources/{data_source_id}', 'update_content', data.patchDataSource],
  ['POST', '/v1/data_sources/{data_source_id}/query', 'read_content', data.querySource],
  ['POST', '/v1/search', 'read_content', data.search],
  ['POST', '/v1/pages', 'insert_content', pages.createPage],
  ['GET', '/v1/pages/{page_id}', 'read_content', pages.getPage],
  ['PATCH', '/v1/pages/{page_id}', 'update_content', pages.patchPage],
  ['POST', '/v1/pages/{page_id}/move', 'update_content', pages.movePage],
  ['GET', '/v1/pages/{page_id}/properties/{property_id}', 'read_content', pages.getPropertyItem],
  ['GET', '/v1/pages/{page_id}/markdown', 'read_content', content.getMarkdown],
  ['PATCH', '/v1/pages/{page_id}/markdown', 'update_content', content.patchMarkdown],
  ['GET', '/v1/blocks/{block_id}', 'read_content', content.getBlock],
  ['PATCH', '/v1/blocks/{block_id}', 'update_content', content.patchBlock],
  ['DELETE', '/v1/blocks/{block_id}', 'update_content', content.deleteBlock],
  ['GET', '/v1/blocks/{block_id}/children', 'read_content', content.getChildren],
  ['PATCH', '/v1/blocks/{block_id}/children', 'insert_content', content.appendChildren],
  ['POST', '/v1/comments', 'insert_comments', people.createComment],
  ['GET', '/v1/comments', 'read_comments', people.listComments],
  ['GET', '/v1/comments/{comment_id}', 'read_comments', people.getComment],
  ['PATCH', '/v1/comments/{comment_id}', 'insert_comments', people.patchComment],
  ['DELETE', '/v1/comments/{comment_id}', 'insert_comments', people.deleteComment],
  ['GET', '/v1/async_tasks/{task_id}', 'read_content', people.getTask],
].map(([method, path, capability, handler]) => ({
  method, path, capability, handler,
  pattern: new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}));

const BODYLESS = new Set(['POST /v1/data_sources/{data_source_id}/query', 'POST /v1/search']);

export class Notion extends People {
  #writing = new Map();
  #requests = 0;

  constructor(context) {
    super(context);
    this.schemaViolations = [];
  }

  tokenName(token) {
    return this.tokens.get(token)?.name ?? null;
  }

  // --- one write in flight per page: from the arrival of a request to the end of its answer ---

  begin(ctx) {
    const route = this.#route(ctx);
    if (!route || ctx.method === 'GET') return;
    const id = this.#writtenPage(route.params);
    if (id === null) return;
    ctx.busy = this.#writing.has(id);
    if (ctx.busy) return;
    this.#writing.set(id, ctx);
    ctx.writes = id;
  }

  end(ctx) {
    if (ctx.writes !== undefined && this.#writing.get(ctx.writes) === ctx) this.#writing.delete(ctx.writes);
  }

  #writtenPage({ page_id: page, block_id: block }) {
    try {
      const id = parseId(page ?? block);
      return page ? id : this.blockPages.get(id) ?? id;
    } catch {
      return null;
    }
  }

  #route(ctx) {
    for (const route of ROUTES) {
      if (route.method !== ctx.method) continue;
      const found = route.pattern.exec(ctx.path);
      if (found) return { ...route, key: `${route.method} ${route.path}`, params: { ...found.groups } };
    }
    return null;
  }

  // --- requests ---

  handle(ctx) {
    this.#requests += 1;
    const id = `00000000-0000-4000-8000-${String(this.#requests).padStart(12, '0')}`;
    try {
      const answer = this.#perform(ctx);
      return { status: answer.status, headers: { 'x-notion-request-id': id }, body: { ...answer.body, request_id: id } };
    } catch (error) {
      if (!(error instanceof NotionError)) throw error;
      return errorAnswer(error, id);
    } finally {
      this.token = null;
    }
  }

  #perform(ctx) {
    this.#authorize(ctx);
    this.#checkVersion(ctx);
    this.#countRequest();
    const route = this.#route(ctx);
    if (!route) throw new NotionError(400, 'invalid_request_url', 'Invalid request URL.');
    if (ctx.request) ctx.request.operation = route.key;
    if (route.capability) this.need(route.capability);
    const body = this.#readBody(ctx, route);
    if (ctx.busy) throw defaultError(409);
    const answer = route.handler(this, { params: route.params, query: ctx.query, body });
    const whole = answer.status === 202 ? answer : { status: 200, body: answer };
    this.#checkContracts(route.key, body, whole);
    return whole;
  }

  #authorize(ctx) {
    const bearer = /^Bearer /i.test(ctx.headers.authorization ?? '');
    this.token = bearer ? this.tokens.get(ctx.token) ?? null : null;
    if (this.token === null) throw defaultError(401);
  }

  #checkVersion(ctx) {
    const version = ctx.headers['notion-version'];
    if (version === undefined) {
      throw new NotionError(400, 'missing_version', 'Notion-Version header failed validation: Notion-Version header should be defined, instead was `undefined`.');
    }
    if (OLD_VERSIONS.includes(version) && ctx.path.startsWith('/v1/data_sources')) {
      throw new NotionError(400, 'invalid_request_url', 'Invalid request URL.');
    }
    if (!VERSIONS.includes(version)) {
      throw validation(`Notion-Version header failed validation: Notion-Version header should be a known version, instead was \`"${version}"\`.`);
    }
  }

  #countRequest() {
    const limit = this.settings.perMinute;
    if (limit === null) return;
    const now = this.clock.now();
    const { token } = this;
    if (token.window === null || now >= token.window.start + 60000) token.window = { start: now, count: 0 };
    token.window.count += 1;
    if (token.window.count <= limit) return;
    const wait = String(Math.max(1, Math.ceil((token.window.start + 60000 - now) / 1000)));
    throw new NotionError(429, 'rate_limited', 'You have been rate limited. Please try again in a few minutes.',
      { retry_after: wait, rate_limit_reason: 'public_api_request_rate_limit' }, { 'retry-after': wait });
  }

  #readBody(ctx, route) {
    if (ctx.method === 'GET' || ctx.method === 'DELETE') return null;
    if (Buffer.byteLength(ctx.rawBody) > MAX_PAYLOAD) throw validation('body failed validation: the payload is larger than 500 KB.');
    if (ctx.rawBody !== '' && !/^application\/json\b/i.test(ctx.headers['content-type'] ?? '')) {
      throw validation('body failed validation: body should be defined, instead was `undefined`.');
    }
    if (ctx.body === undefined) throw new NotionError(400, 'invalid_json', 'Error parsing JSON body.');
    if (ctx.body === null && BODYLESS.has(route.key)) return {};
    if (typeof ctx.body !== 'object' || ctx.body === null || Array.isArray(ctx.body)) {
      throw validation('body failed validation: body should be an object.');
    }
    return ctx.body;
  }

  // A request that is taken here and refused by the schemas shows that this fake is too kind.
  #checkContracts(key, body, answer) {
    if (contracts === null) return;
    const partial = Object.keys(answer.body).length === 2;
    const problems = [
      ...(body === null ? [] : contracts.request(key, body).map((text) => `request ${text}`)),
      ...(answer.status === 200 && !partial ? contracts.answer(key, answer.body).map((text) => `answer ${text}`) : []),
    ];
    for (const problem of problems) this.schemaViolations.push(`${key}: ${problem}`);
  }

  // --- faults ---

  errorBody(status, fault = {}) {
    const error = defaultError(status);
    const retryAfter = fault.headers?.['retry-after'];
    const additional = retryAfter === undefined ? fault.additional : { retry_after: String(retryAfter), ...fault.additional };
    return errorAnswer(new NotionError(status, fault.code ?? error.code, error.message, additional), 'injected').body;
  }

  committed503(spec = {}) {
    return { service: 'notion', ...spec, kind: 'committed' };
  }

  committedAnswer(answer) {
    if (answer.status >= 300) return answer;
    const additional = { retry_guidance: ['do_not_retry', 'The change was saved.'], committed_resource_id: answer.body.id };
    const error = new NotionError(503, 'service_unavailable', 'The change was saved, but its result could not be loaded. Do not retry.', additional);
    return errorAnswer(error, answer.body.request_id);
  }
}

function errorAnswer(error, id) {
  return {
    status: error.status,
    headers: { ...error.headers, 'x-notion-request-id': id },
    body: {
      object: 'error',
      status: error.status,
      code: error.code,
      message: error.message,
      ...(error.additional ? { additional_data: error.additional } : {}),
      request_id: id,
    },
  };
}

