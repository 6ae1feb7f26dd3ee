// One cell of the matrix: a script whose pass is disturbed at one request, the pass that comes
// after it, and a look whether the end is what it would have been.

import { board as makeBoard, runSync } from '../harness.mjs';
import { Sandbox } from '../sandbox/core.mjs';
import { differences, endState } from './crash-state.mjs';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const ALLOW = ['faults'];
const PASS_RUN = 7000;

const acts = ({ phase, signal }) => ({ kill: { phase, ...(signal ? { signal } : {}) } });
const answers = (spec) => ({ fault: spec });

export const TROUBLES = {
  'kill before': acts({ phase: 'before' }),
  'kill after': acts({ phase: 'after' }),
  'stop before': acts({ phase: 'before', signal: 'SIGTERM' }),
  'stop after': acts({ phase: 'after', signal: 'SIGTERM' }),
  'cut before': answers({ kind: 'cut-before' }),
  'cut after': answers({ kind: 'cut-after' }),
  'cut within': answers({ kind: 'cut-mid' }),
  500: answers({ kind: 'status', status: 500 }),
  502: answers({ kind: 'status', status: 502 }),
  '502 after': answers({ kind: 'status', status: 502, effect: true }),
  503: answers({ kind: 'status', status: 503 }),
  '503 saved': answers({ kind: 'committed', service: 'notion' }),
  429: answers({ kind: 'status', status: 429, headers: { 'retry-after': '7' } }),
  html: answers({ kind: 'html' }),
  'html after': answers({ kind: 'html', effect: true }),
  truncated: answers({ kind: 'truncated' }),
  'hang before': answers({ kind: 'hang-before' }),
  'hang after': answers({ kind: 'hang-after' }),
  '500 for good': answers({ kind: 'status', status: 500, lasts: true }),
  'lost for good': answers({ kind: 'cut-after', lasts: true }),
  'nothing is saved': answers({ kind: 'status', status: 422, service: 'github', path: /\/git\//, lasts: true }),
};

// `again`: the next attempt of the same run, at once. `later`: another run, when the lock is stale.
export const NEXT = {
  again: { wait: 3 * SECOND, options: { runId: PASS_RUN, runAttempt: 2 } },
  later: { wait: 11 * MINUTE, options: { runId: PASS_RUN + 1 } },
};

export const isWrite = ({ method, path, body }) => method !== 'GET' && !/\/query$/.test(path)
  && !(path === '/graphql' && !/^\s*mutation\b/.test(body?.query ?? ''));
const isState = ({ path }) => /\/git\//.test(path);

function makeWorld(sandbox, script) {
  const { notion, github } = sandbox;
  const board = makeBoard(sandbox, script.board);
  const { repo } = board;
  github.addRepo({ owner: 'acme', name: 'elsewhere', private: true });
  const find = (list, name, title) => {
    const found = list.filter((it) => name(it) === title);
    if (found.length !== 1) throw new Error(`${found.length} of this title: ${title}`);
    return found[0];
  };
  return {
    sandbox, board, notion, github, repo, elsewhere: 'acme/elsewhere',
    page: (title) => find([...notion.pages.values()], (page) => notion.pageTitle(page), title).id,
    issue: (title) => find([...github.repo(repo).issues.values()], (issue) => issue.title, title).number,
  };
}

class Cell {
  constructor(sandbox, script) {
    this.script = script;
    this.sandbox = sandbox;
    this.world = makeWorld(sandbox, script);
    this.problems = [];
  }

  pass(options = {}, inputs = {}) {
    const { board } = this.world;
    return runSync(this.sandbox, { ...board.inputs, create_issues: 'all', ...this.script.inputs, ...inputs }, { repository: board.repo, allow: ALLOW, ...options });
  }

  async prepare() {
    const { script, sandbox, world } = this;
    if (script.before) {
      script.before(world);
      for (let i = 0; i < (script.passes ?? 1); i += 1) {
        this.#expectDone(await this.pass(), 'the pass before');
        sandbox.clock.advance(10 * MINUTE);
      }
    }
    script.then(world);
    sandbox.clock.advance(MINUTE);
    sandbox.notion.settings.queryLag = script.lag ?? 0;
  }

  async disturbed({ trouble, at }) {
    const { kill, fault } = TROUBLES[trouble];
    const n = this.sandbox.requestCount + at;
    if (fault) {
      const { lasts, ...spec } = fault;
      this.sandbox.fault(lasts ? { ...spec, times: Infinity, match: (request) => request.n >= n } : { ...spec, n });
    }
    // A hang moves the clock under requests that are on their way: what is too close then is chance.
    const allow = /^hang/.test(trouble) ? [...ALLOW, 'manners'] : ALLOW;
    const result = await this.pass({ runId: PASS_RUN, allow, ...(kill ? { killAt: { n: at, ...kill } } : {}) });
    this.sandbox.github.violations.length = 0;
    this.sandbox.clearFaults();
    if (result.signal !== null && !kill) this.problems.push(`the program died of ${result.signal}`);
    return result;
  }

  // Whoever looks again finds nothing to do, and a pass over everything neither.
  async rest(deep) {
    const state = endState(this.world.board);
    const passes = deep ? [{}, {}, { mode: 'full' }] : [{ mode: 'full' }];
    for (const [i, inputs] of passes.entries()) {
      this.sandbox.clock.advance(10 * MINUTE);
      const result = await this.pass({}, inputs);
      this.#expectDone(result, 'a pass with nothing to do');
      const writes = result.requests.filter(isWrite).filter((request) => (deep && i === 1) || !isState(request));
      for (const { method, path, body } of writes) this.problems.push(`a pass with nothing to do wrote: ${method} ${path} ${JSON.stringify(body)}`);
    }
    const moved = differences(state, endState(this.world.board));
    if (moved.length > 0) this.problems.push('a pass with nothing to do changed:', ...moved);
    return state;
  }

  #expectDone({ code, stdout, stderr }, what) {
    if (code !== 0) this.problems.push(`${what} ended with ${code}:\n${stdout}${stderr}`);
  }

  // What people do once the pass is over, however it ended.
  #goOn() {
    if (!this.script.after) return;
    this.sandbox.clock.advance(MINUTE);
    this.script.after(this.world);
    this.sandbox.clock.advance(MINUTE);
  }

  async followed() {
    if (!this.script.after) return;
    this.#goOn();
    this.#expectDone(await this.pass(), 'the pass after people went on');
  }

  async recover(next) {
    const { wait, options } = NEXT[next];
    this.sandbox.clock.advance(wait);
    this.#goOn();
    const result = await this.pass(options);
    this.#expectDone(result, 'the next pass');
    // What a lagging query still showed as it was is left to the next pass, and reported.
    if (!this.script.lag || result.report.counts.remaining === 0) return result;
    this.sandbox.clock.advance(10 * MINUTE);
    const late = await this.pass();
    this.#expectDone(late, 'the pass after the next');
    return late;
  }
}

async function withCell(script, use) {
  const sandbox = await Sandbox.start();
  try {
    const cell = new Cell(sandbox, script);
    await cell.prepare();
    return await use(cell);
  } finally {
    await sandbox.stop();
  }
}

/** The script without any trouble: {requests, state (as endState gives it), problems}. */
export function undisturbed(script) {
  return withCell(script, async (cell) => {
    const { code, requests, stdout, stderr } = await cell.pass({ runId: PASS_RUN });
    if (code !== 0) cell.problems.push(`undisturbed, the pass ended with ${code}:\n${stdout}${stderr}`);
    await cell.followed();
    return { requests, state: await cell.rest(true), problems: cell.problems };
  });
}

/** The script with trouble at request `at`; answers with what is wrong, line by line. */
export function disturbed(script, expected, spot, { deep = false, log } = {}) {
  return withCell(script, async (cell) => {
    const first = await cell.disturbed(spot);
    const second = await cell.recover(spot.next);
    log?.(first);
    log?.(second);
    const lines = differences(expected, await cell.rest(deep)).filter((line) => !script.leaves?.test(line));
    if (lines.length > 0) cell.problems.push('the end differs from that of the undisturbed pass:', ...lines);
    return cell.problems;
  }).catch((error) => [error.stack]);
}
