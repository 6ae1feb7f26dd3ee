import { createHash } from 'node:crypto';
import { ApiError, notFound } from './errors.mjs';
import { People } from './people.mjs';
import { Presenter } from './present.mjs';
import { Router, requireAccess } from './rest/router.mjs';
import { columnRoutes } from './rest/columns.mjs';
import { gitRoutes } from './rest/git.mjs';
import { issueRoutes } from './rest/issues.mjs';
import { pullRoutes } from './rest/pulls.mjs';
import { repoRoutes } from './rest/repos.mjs';
import { GraphQL } from './graphql/index.mjs';

const VERSIONS = ['2022-11-28', '2026-03-10'];
const WRITE_SPACING = 1000;

const router = new Router();
for (const routes of [repoRoutes, issueRoutes, columnRoutes, pullRoutes, gitRoutes]) routes(router);

const isWrite = (method) => !['GET', 'HEAD', 'OPTIONS'].includes(method);

/** GitHub's REST and GraphQL APIs over one stateful world. */
export class GitHub extends People {
  #requests = 0;
  #lastWrite = new Map();
  #writing = new Map();
  #graphql = new GraphQL(this);

  async handle(ctx) {
    const id = (this.#requests += 1).toString(16).padStart(4, '0').toUpperCase();
    const answer = await this.#answer(ctx);
    const headers = {
      'x-github-request-id': `${id}:1A2B:3C4D5E:6F7A8B:69A55A1E`,
      'x-github-media-type': 'github.v3; format=json',
      server: 'github.com',
      ...answer.headers,
    };
    return { ...answer, headers };
  }

  /** Called when an answer is through: from here on the client knows of a limit. */
  end(ctx) {
    if (ctx.limit) ctx.limit.told ??= { at: this.clock.now(), since: 0 };
  }

  /** What a failing front end would answer with this status. */
  errorBody(status) {
    if (status >= 500) return { message: 'Server Error' };
    return { message: 'Injected fault', documentation_url: 'https://docs.github.com/rest', status: String(status) };
  }

  async #answer(ctx) {
    this.stats.requests += 1;
    const isGraphql = ctx.path === '/graphql' && ctx.method === 'POST';
    const resource = isGraphql ? 'graphql' : 'core';
    let actor = null;
    let call = null;
    let entered = false;
    try {
      actor = this.#authenticate(ctx);
      const version = isGraphql ? null : this.#version(ctx);
      call = isGraphql ? this.#graphql.prepare(ctx) : this.#route(ctx);
      this.#citizenship(ctx, isGraphql, call.write);
      const blame = (kind, details) => this.blame(ctx, kind, details);
      this.meter.enter(actor, blame);
      entered = true;
      this.#spacing(ctx, actor, call.write);
      if (call.counted !== false) this.meter.admit(actor, resource, blame);
      this.meter.secondary(actor, call.endpoint, call.points, call.contents);
      const answer = isGraphql ? this.#graphql.answer(ctx, actor, call) : this.#rest(ctx, actor, call, version);
      if (call.write) await new Promise((resolve) => setImmediate(resolve));
      return answer;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      ctx.limit = error.limit;
      return this.#refusal(error, { actor, resource, call, isGraphql, entered });
    } finally {
      if (entered) this.#leave(actor, call.write);
    }
  }

  #refusal(error, { actor, resource, call, isGraphql, entered }) {
    this.stats.refused += 1;
    if (actor && entered && !isGraphql && call?.counted !== false && error.type === undefined) {
      this.meter.spend(actor, resource, 1);
    }
    const answer = error.response();
    if (actor) answer.headers = { ...this.meter.headers(actor, resource), ...answer.headers };
    if (!isGraphql || !error.type) return answer;
    if (error.type === 'SECONDARY' && this.quirks.graphqlSecondaryStatus !== 200) return answer;
    return { ...answer, status: 200, body: { errors: [{ type: 'RATE_LIMITED', message: error.message }] } };
  }

  #authenticate(ctx) {
    if (!ctx.headers['user-agent']) {
      throw new ApiError(403, 'Request forbidden by administrative rules. Please make sure your request has a User-Agent header ' +
        '(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). Check https://developer.github.com for other possible causes.');
    }
    const given = ctx.headers.authorization;
    const token = given === undefined ? null : (/^(?:bearer|token)\s+(\S+)\s*$/i.exec(given)?.[1] ?? '');
    const actor = this.actorOf(token);
    if (!actor) throw new ApiError(401, 'Bad credentials');
    return actor;
  }

  #version(ctx) {
    const version = ctx.headers['x-github-api-version'] ?? VERSIONS[0];
    if (VERSIONS.includes(version)) return version;
    const wellFormed = /^\d{4}-\d{2}-\d{2}$/.test(version);
    throw new ApiError(wellFormed ? 410 : 400,
      `${JSON.stringify(version)} is not a supported version. Supported versions: ${VERSIONS.join(', ')}.`);
  }

  #route(ctx) {
    const accept = ctx.headers.accept ?? '*/*';
    if (!/\*\/\*|application\/(\*|json|vnd\.github)/.test(accept)) {
      throw new ApiError(415, "Unsupported 'Accept' header. Must accept 'application/json'.");
    }
    const repoById = /^\/repositories\/(\d+)(\/.*)?$/.exec(ctx.path);
    const repo = repoById && this.model.repoById(Number(repoById[1]));
    const path = repo ? `/repos/${this.model.fullName(repo)}${repoById[2] ?? ''}` : ctx.path;
    const found = router.match(ctx.method, path);
    const write = isWrite(ctx.method);
    const points = write ? 5 : 1;
    if (!found) return { route: null, write, points, endpoint: 'unknown', contents: 0 };
    const { route, params } = found;
    const contents = route.content || (route.git && this.limits.gitIsContent) ? 1 : 0;
    return {
      route, params, path, write, points, contents, endpoint: `${route.method} ${route.pattern}`,
      counted: route.pattern !== '/rate_limit',
    };
  }

  #rest(ctx, actor, call, version) {
    this.stats.rest += 1;
    this.stats[call.write ? 'writes' : 'reads'] += 1;
    this.stats.content += call.contents;
    this.stats.byRoute[call.endpoint] = (this.stats.byRoute[call.endpoint] ?? 0) + 1;
    if (!call.route) throw notFound();
    const req = this.#request(ctx, actor, call, version);
    const answer = call.route.handler(req);
    const reply = typeof answer.status === 'number' ? answer : { status: 200, headers: {}, body: answer };
    const headers = { 'x-github-api-version-selected': version, ...reply.headers };
    if (actor.isInstallation && call.route.accepted) {
      headers['x-accepted-github-permissions'] = call.route.accepted;
    }
    if (version === VERSIONS[0]) headers.sunset = 'Fri, 10 Mar 2028 00:00:00 GMT';
    return this.#conditional(ctx, actor, call, { ...reply, headers });
  }

  #request(ctx, actor, call, version) {
    const base = this.sandbox.githubUrl;
    const { route, params, path } = call;
    if (call.write && ctx.body === undefined) throw new ApiError(400, 'Problems parsing JSON');
    const present = new Presenter(this, { base, version, actor });
    const req = {
      world: this, actor, route, params, present, base, method: ctx.method, query: ctx.query,
      headers: ctx.headers, body: ctx.body,
      old: version === VERSIONS[0],
    };
    if (!route.inRepo) return req;
    req.repo = this.#repoOf(params, actor, path, base);
    req.canonicalPath = `/repositories/${req.repo.id}${path.split('/').slice(4).map((p) => `/${p}`).join('')}`;
    requireAccess(actor, req.repo, route);
    return req;
  }

  #repoOf({ owner, name }, actor, path, base) {
    const fullName = `${owner}/${name}`.toLowerCase();
    const repo = this.model.repo(fullName);
    const moved = this.model.moved.get(fullName);
    if (repo && actor.sees(repo)) return repo;
    if (!moved || !actor.sees(moved)) throw notFound();
    const rest = path.split('/').slice(4).map((p) => `/${p}`).join('');
    throw new ApiError(301, 'Moved Permanently', { headers: { location: `${base}/repositories/${moved.id}${rest}` } });
  }

  #conditional(ctx, actor, call, answer) {
    const limited = (headers) => ({ ...this.meter.headers(actor, 'core'), ...headers });
    if (ctx.method !== 'GET') {
      this.meter.spend(actor, 'core', 1);
      return { ...answer, headers: limited(answer.headers) };
    }
    const etag = `W/"${createHash('sha256').update(JSON.stringify(answer.body)).digest('hex')}"`;
    const headers = { ...answer.headers, etag, 'cache-control': 'private, max-age=60, s-maxage=60' };
    if (ctx.headers['if-none-match'] === etag) {
      this.stats.notModified += 1;
      if (actor.kind === 'none') this.meter.spend(actor, 'core', 1);
      return { status: 304, headers: limited(headers), body: '' };
    }
    if (call.counted !== false) this.meter.spend(actor, 'core', 1);
    return { ...answer, headers: limited(headers) };
  }

  blame(ctx, kind, details = {}) {
    this.violations.push({ kind, method: ctx.method, path: ctx.path, n: ctx.request?.n, ...details });
  }

  /** What GitHub asks of clients without refusing them. */
  #citizenship(ctx, isGraphql, write) {
    const lacks = (header) => this.blame(ctx, 'missing-header', { header });
    if (!isGraphql && !/application\/vnd\.github/.test(ctx.headers.accept ?? '')) lacks('accept');
    if (!isGraphql && !ctx.headers['x-github-api-version']) lacks('x-github-api-version');
    if ((write || isGraphql) && ctx.rawBody && !/^application\/json\b/.test(ctx.headers['content-type'] ?? '')) {
      lacks('content-type');
    }
  }

  #spacing(ctx, actor, write) {
    if (!write) return;
    const key = actor.token;
    const now = this.clock.now();
    const last = this.#lastWrite.get(key);
    const open = this.#writing.get(key) ?? 0;
    if (open > 0) this.blame(ctx, 'overlapping-writes');
    else if (last !== undefined && now - last < WRITE_SPACING) this.blame(ctx, 'writes-too-close', { gap: now - last });
    this.#lastWrite.set(key, now);
    this.#writing.set(key, open + 1);
  }

  #leave(actor, write) {
    this.meter.leave(actor);
    if (write) this.#writing.set(actor.token, this.#writing.get(actor.token) - 1);
  }
}
