import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { scratchFolder } from '../scratch.mjs';
import { GitHub } from './github/index.mjs';
import { Notion } from './notion/index.mjs';

const MINUTE = 60000;
// Clocks start at this second of a minute, and return to it whenever a minute or more goes by.
const SECOND = Number(process.env.SANDBOX_SECOND ?? 1);
const START = Date.UTC(2026, 2, 2, 9, 0, SECOND);
// How long nothing else is under way before a hang moves the clock, in real milliseconds.
const LULL = 100;
const FAULT_KINDS = new Set([
  'status', 'committed', 'cut-before', 'cut-after', 'cut-mid', 'hang-before', 'hang-after',
  'delay', 'html', 'truncated',
]);

// The file is shared with the program under test, which moves it forward instead of sleeping.
export class Clock {
  #fd;
  #own;
  #bytes = Buffer.alloc(8);

  constructor(file, start = START) {
    this.#own = file === undefined;
    const folder = this.#own ? scratchFolder('sandbox-clock') : null;
    this.file = file ?? path.join(folder, 'clock');
    const fresh = !fs.existsSync(this.file) || fs.statSync(this.file).size !== 8;
    this.#fd = fs.openSync(this.file, fresh ? 'w+' : 'r+');
    if (fresh) this.set(start);
  }

  now() {
    fs.readSync(this.#fd, this.#bytes, 0, 8, 0);
    return Number(this.#bytes.readBigInt64LE(0));
  }

  set(ms) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(Math.trunc(ms)), 0);
    fs.writeSync(this.#fd, bytes, 0, 8, 0);
  }

  advance(ms) {
    this.set(this.now() + ms);
  }

  // Nobody can say how long a run takes by this clock, since its threads sleep side by side or in turn. Notion's times
  // are whole minutes: so that a test knows which of its steps share one, each begins at the same second.
  later(ms) {
    const then = this.now() + ms;
    this.set(ms < MINUTE ? then : then + (MINUTE + START - then % MINUTE) % MINUTE);
  }

  close() {
    if (this.#fd === undefined) return;
    fs.closeSync(this.#fd);
    this.#fd = undefined;
    if (this.#own) fs.rmSync(path.dirname(this.file), { recursive: true, force: true });
  }
}

export class Sandbox {
  #server;
  #counter = 0;
  #busy = 0;
  #faults = [];
  #hooks = new Set();
  #sockets = new Map();
  #unknownTokens = new Map();

  static async start({ clock, log } = {}) {
    const sandbox = new Sandbox(clock ?? new Clock(), log);
    await sandbox.#listen();
    return sandbox;
  }

  constructor(clock, log) {
    this.clock = clock;
    this.log = log ?? null;
    this.requests = [];
    this.notion = new Notion({ clock, sandbox: this });
    this.github = new GitHub({ clock, sandbox: this });
  }

  async #listen() {
    this.#server = http.createServer({ keepAliveTimeout: 0, requestTimeout: 0 });
    this.#server.headersTimeout = 0;
    this.#server.on('request', (req, res) => this.#receive(req, res));
    this.#server.on('connection', (socket) => {
      this.#sockets.set(socket, this.#counter);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
    this.notionUrl = `${this.url}/notion`;
    this.githubUrl = `${this.url}/github`;
    this.graphqlUrl = `${this.url}/github/graphql`;
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.clock.close();
  }

  // Numbers n of later requests continue the count; only the log is emptied.
  clearRequests() {
    this.requests = [];
  }

  get requestCount() {
    return this.#counter;
  }

  fault(spec) {
    if (!FAULT_KINDS.has(spec.kind)) throw new Error(`unknown kind of fault: ${spec.kind}`);
    const fault = { times: 1, skip: 0, ...spec, used: 0 };
    fault.left = fault.times;
    this.#faults.push(fault);
    return fault;
  }

  unusedFaults() {
    return this.#faults.filter((fault) => fault.used === 0);
  }

  clearFaults() {
    this.#faults = [];
  }

  // A hook that answers 'drop' before the service acts makes the request one that never arrived;
  // after it acted, one whose answer never arrived. Returns a function that takes the hook away.
  on(hook) {
    this.#hooks.add(hook);
    return () => this.#hooks.delete(hook);
  }

  async #run(phase, request, answer = null) {
    let drop = false;
    for (const hook of [...this.#hooks]) if ((await hook({ phase, request, answer })) === 'drop') drop = true;
    return drop;
  }

  // Waits until the connections made since request n are closed: nothing of a client that died
  // is on its way any more.
  async drained(since) {
    const open = [...this.#sockets].filter(([, n]) => n >= since).map(([socket]) => socket);
    await Promise.all(open.map((socket) => new Promise((resolve) => { socket.once('close', resolve); })));
    await this.#lull(0);
  }

  // Waits until nothing is being answered and for so long nothing has come.
  async #lull(ms) {
    for (let seen = -1; this.#busy > 0 || seen !== this.#counter;) {
      seen = this.#counter;
      await later(ms);
    }
  }

  // The time of a hang is its own: moved at once, the clock would run out for what else is on its way.
  async #hang(fault) {
    this.#busy -= 1;
    await this.#lull(LULL);
    this.#busy += 1;
    if (this.#server.listening) this.clock.advance(fault.advance ?? 120000);
  }

  #takeFault(request) {
    let taken = null;
    for (const fault of this.#faults) {
      if (fault.left <= 0 || !faultMatches(fault, request)) continue;
      if (fault.skip > 0) {
        fault.skip -= 1;
      } else if (taken === null) {
        taken = fault;
      }
    }
    if (taken !== null) {
      taken.left -= 1;
      taken.used += 1;
    }
    return taken;
  }

  #receive(req, res) {
    const chunks = [];
    req.on('data', (chunk) => chunks.push(chunk));
    req.on('error', () => {});
    res.on('error', () => {});
    req.on('end', () => {
      this.#busy += 1;
      this.#answer(req, res, Buffer.concat(chunks))
        .catch((error) => this.#internal(res, error))
        .finally(() => { this.#busy -= 1; });
    });
  }

  // A fault in the sandbox itself must never look like an answer of a service.
  #internal(res, error) {
    process.stderr.write(`sandbox: ${error.stack}\n`);
    if (!res.headersSent) res.writeHead(599, { 'content-type': 'text/plain' });
    res.end(`sandbox failed: ${error.stack}`);
  }

  async #answer(req, res, bytes) {
    const url = new URL(req.url, this.url);
    const found = /^\/(notion|github)(\/.*)?$/.exec(url.pathname);
    if (!found) {
      res.writeHead(404);
      res.end();
      return;
    }
    const service = this[found[1]];
    const ctx = this.#context(req, url, found[2] ?? '/', bytes);
    const request = this.#record(found[1], service, ctx);
    ctx.request = request;
    const fault = this.#takeFault(request);
    if (fault) request.fault = fault;
    service.begin?.(ctx);
    res.on('close', () => service.end?.(ctx));
    if (await this.#run('before', request)) {
      res.socket?.destroy();
      return;
    }
    const answer = await this.#act(service, ctx, fault, res);
    if (answer === null) return;
    request.status = answer.status;
    const drop = await this.#run('after', request, answer);
    request.doneTime = this.clock.now();
    this.log?.(request);
    if (drop) {
      res.socket?.destroy();
      return;
    }
    service.end?.(ctx);
    this.#send(res, answer, fault);
  }

  #context(req, url, route, bytes) {
    const rawBody = bytes.toString('utf8');
    const [, token = null] = /^(?:Bearer|token)\s+(\S+)\s*$/i.exec(req.headers.authorization ?? '') ?? [];
    return {
      method: req.method,
      path: route,
      query: url.searchParams,
      headers: req.headers,
      rawBody,
      body: rawBody === '' ? null : parseJson(rawBody),
      token,
      clock: this.clock,
      sandbox: this,
    };
  }

  #record(name, service, ctx) {
    this.#counter += 1;
    const headers = { ...ctx.headers };
    if (headers.authorization !== undefined) headers.authorization = this.#tokenName(service, ctx.token);
    const request = {
      n: this.#counter,
      service: name,
      method: ctx.method,
      path: ctx.path,
      query: ctx.query,
      headers,
      body: ctx.body ?? null,
      status: null,
      time: this.clock.now(),
      doneTime: null,
    };
    this.requests.push(request);
    return request;
  }

  #tokenName(service, token) {
    const known = service.tokenName?.(token);
    if (known) return known;
    if (!this.#unknownTokens.has(token)) {
      this.#unknownTokens.set(token, `unknown token ${this.#unknownTokens.size + 1}`);
    }
    return this.#unknownTokens.get(token);
  }

  async #act(service, ctx, fault, res) {
    const kind = fault?.kind;
    if (kind === 'cut-before') {
      res.socket?.destroy();
      return null;
    }
    if (kind === 'hang-before') {
      await this.#hang(fault);
      return null;
    }
    if (kind === 'delay') this.clock.advance(fault.ms ?? 1000);
    const acts = !(kind === 'status' || kind === 'html') || fault.effect === true;
    const answer = acts ? await service.handle(ctx) : null;
    if (kind === 'cut-after' || kind === 'hang-after') {
      await this.#run('after', ctx.request);
      if (kind === 'cut-after') res.socket?.destroy();
      else await this.#hang(fault);
      return null;
    }
    return faultAnswer(service, fault, answer);
  }

  #send(res, answer, fault) {
    if (res.destroyed) return;
    const text = typeof answer.body === 'object' && answer.body !== null;
    let payload = text ? JSON.stringify(answer.body) : (answer.body ?? '');
    if (fault?.kind === 'truncated') payload = payload.slice(0, Math.floor(payload.length / 2));
    const bytes = Buffer.from(payload);
    const headers = { date: new Date(this.clock.now()).toUTCString() };
    if (bytes.length > 0) headers['content-type'] = 'application/json; charset=utf-8';
    Object.assign(headers, answer.headers);
    if (answer.status !== 204 && answer.status !== 304) headers['content-length'] = bytes.length;
    res.sendDate = false;
    res.writeHead(answer.status, headers);
    if (fault?.kind === 'cut-mid') {
      res.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => res.socket?.destroy());
      return;
    }
    res.end(bytes);
  }
}

function faultMatches(fault, request) {
  if (fault.service !== undefined && fault.service !== request.service) return false;
  if (fault.method !== undefined && fault.method !== request.method) return false;
  if (fault.n !== undefined && fault.n !== request.n) return false;
  if (typeof fault.path === 'string' && fault.path !== request.path) return false;
  if (fault.path instanceof RegExp && !fault.path.test(request.path)) return false;
  return fault.match === undefined || Boolean(fault.match(request));
}

function faultAnswer(service, fault, answer) {
  switch (fault?.kind) {
    case 'status': {
      const status = fault.status ?? 500;
      const body = fault.body ?? service.errorBody?.(status, fault) ?? { message: 'Injected fault' };
      return { status, headers: fault.headers, body };
    }
    case 'committed':
      return service.committedAnswer(answer);
    case 'html':
      return {
        status: fault.status ?? 502,
        headers: { 'content-type': 'text/html', ...fault.headers },
        body: '<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>',
      };
    default:
      return answer;
  }
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
