// Plays a history against the program and says what went wrong: while it ran, and after it,
// when nobody is at work any more and everything has to come to rest.

import { board as makeBoard } from '../harness.mjs';
import { Sandbox } from '../sandbox/core.mjs';
import {
  actAsPerson, beginning, endingOf, faultsOf, isPersonal, isWrite, LOGINS, OWN_INPUTS, OWN_LABELS, MILESTONES, NAMES, PEOPLE_OF_BOTH, remember, TYPES, wake } from './histories-steps.mjs';
import { Columns, readState, stateRef } from './columns.mjs';
import { Oracle } from './oracle.mjs';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
// A lock that was not renewed for so long may be taken over.
const LOCK_LIFE = 10 * MINUTE;
// What no query shows: a pass that compares everything finds it.
const UNSEEN = new Set(['trashPage', 'movePageAway', 'deleteIssue', 'transferIssue', 'sayInNotion', 'setParent', 'adopt',
  'hideIssue', 'showIssue', 'turnPulls', 'giveAway', 'archivePage', 'removeColumn', 'makeColumn', 'decoyColumn']);
const NUMBERING = new Set(['typeGitHubId', 'clearGitHubId']);

class Story {
  constructor(sandbox, history) {
    const { github, notion } = sandbox;
    let fresh = 0;
    this.sandbox = sandbox;
    this.board = makeBoard(sandbox, {
      properties: { Assignees: 'people', Milestone: { select: [] }, 'Issue Type': { select: [] }, ...(history.start.shared ? { Repository: { select: [] } } : {}), ...(history.start.own ? { Prio: { select: [] }, Blocked: 'checkbox' } : {}) },
      repo: { organization: true, collaborators: LOGINS, milestones: MILESTONES, issueTypes: TYPES, labels: history.start.own ? OWN_LABELS : [] },
    });
    notion.addProperty(this.board.dataSource, 'Parent', { relation: { data_source_id: this.board.dataSource } });
    const users = new Map(NAMES.map((name) => [name, notion.addUser({ name })]));
    const people_map = Object.entries(PEOPLE_OF_BOTH).map(([login, name]) => `${login} = ${users.get(name).id}`);
    this.policies = { ...history.policies, people_map, ...(history.start.own ? OWN_INPUTS : {}) };
    github.addRepo({ owner: 'acme', name: 'other', private: true });
    this.columns = new Columns(this);
    this.world = {
      own: history.start.own ?? false, board: this.board, columns: this.columns, knows: (page, number) => this.oracle.knows(page, number), otherRepo: 'acme/other', elsewhere: notion.addPage(null, { title: 'Elsewhere' }),
      past: new Map(), fresh: () => { fresh += 1; return fresh; },
    };
    this.oracle = new Oracle(this.board, history.policies, this.columns, history.start.own);
    this.publish = true;
    this.usual = { ...github.limits };
    this.unseen = false;
    this.passes = 0;
    this.problems = [];
  }

  // --- the storm ---

  async step(step) {
    this.sandbox.clock.advance(1500);
    if (isPersonal(step)) this.person(step);
    else if (step.do === 'wait') this.sandbox.clock.advance(step.seconds * SECOND);
    else if (step.do === 'lag') this.sandbox.notion.settings.queryLag = step.seconds * SECOND;
    else if (step.do === 'loseState') this.loseState();
    else if (step.do === 'visibility') this.show(step);
    else if (step.do === 'limits') Object.assign(this.sandbox.github.limits, { contentPerMinute: step.contentPerMinute, contentPerHour: step.contentPerHour });
    else await this.pass(step);
  }

  person(step) {
    // Of two rows with one number the one that is left was not edited itself.
    this.unseen ||= UNSEEN.has(step.do) || step.about === 'parent' || (NUMBERING.has(step.do) && this.oracle.hasTwins());
    remember(this.world);
    actAsPerson(this.world, step);
    this.oracle.people();
  }

  // What anybody may read from now on is no word of Notion's, until `publish` allows it.
  show({ open, publish }) {
    this.sandbox.github.repo(this.board.repo).private = !open;
    this.publish = publish;
    this.oracle.hold(open && !publish);
  }

  // A page that was made just before, and that no query shows yet, would be made again.
  loseState() {
    const { clock, github } = this.sandbox;
    if (!github.readRef(this.board.repo, stateRef(this.board))) return;
    clock.advance(2 * MINUTE);
    github.deleteRef(this.board.repo, stateRef(this.board));
    this.columns.stateLost();
    this.oracle.people();
    this.oracle.stateLost();
  }

  async pass({ mode = 'auto', dry = false, trouble = {} } = {}) {
    const { sandbox, board } = this;
    remember(this.world);
    const start = sandbox.requestCount;
    const ref = sandbox.github.readRef(board.repo, stateRef(board));
    for (const fault of faultsOf(trouble)) sandbox.fault(fault);
    this.oracle.begin();
    const off = sandbox.on(({ phase, request }) => this.#watch(phase, request, start, trouble.meanwhile ?? []));
    // A repeated request that changes nothing may come at once.
    const options = { allow: trouble.faults || trouble.saves ? ['faults', 'manners'] : ['faults'], runId: this.#run(), killAt: endingOf(trouble) };
    const changes = this.oracle.changes;
    const result = await board.sync({ ...this.policies, publish: this.publish, mode, dry_run: dry }, options);
    off();
    sandbox.clearFaults();
    sandbox.github.violations.length = 0;
    this.passes += 1;
    this.oracle.end({ clean: this.#isClean(result, dry, trouble) });
    this.oracle.published(`${result.stdout}\n${result.summary}`);
    if (result.code !== 0 && this.#isLimited() && Object.keys(trouble).length === 0) this.problems.push(`a limit of GitHub's made a pass end with ${result.code}: ${result.stdout.slice(-1500)}`);
    if (result.signal !== null && !trouble.kill) this.problems.push(`the program died of ${result.signal}\n${result.stderr}`);
    if (dry && (this.oracle.changes > changes || result.requests.some(isWrite))) this.problems.push('a dry run wrote something');
    if (dry && sandbox.github.readRef(board.repo, stateRef(board)) !== ref) this.problems.push('a dry run moved the state');
    return { ...result, changes: this.oracle.changes - changes };
  }

  #watch(phase, request, start, meanwhile) {
    if (phase === 'after' && isWrite(request)) this.oracle.program();
    if (phase !== 'before') return;
    if (isWrite(request) && !/\/git\//.test(request.path)) this.#expectLock(request);
    for (const { n, step } of meanwhile) {
      if (request.n !== start + n) continue;
      this.oracle.program();
      this.person(step);
    }
  }

  // Nobody writes but under a lock of his own that nobody else may take over yet.
  #expectLock({ method, path }) {
    const lock = readState(this.board, 'lock.json');
    const age = lock ? this.sandbox.clock.now() - Date.parse(lock.time) : 0;
    if (lock?.run === String(this.#run()) && age < LOCK_LIFE) return;
    this.problems.push(`${method} ${path} was sent ${lock ? `under the lock of run ${lock.run}, ${age / SECOND} s old` : 'without a lock'}`);
  }

  #run() {
    return 5000 + this.passes;
  }

  #isLimited() {
    const { limits } = this.sandbox.github;
    return limits.contentPerMinute < this.usual.contentPerMinute || limits.contentPerHour < this.usual.contentPerHour;
  }

  #isClean(result, dry, { meanwhile }) {
    return result.code === 0 && !dry && !meanwhile && this.sandbox.notion.settings.queryLag === 0
      && result.report?.notice === null && result.report.counts.remaining === 0;
  }

  // --- the calm after it ---

  async settle() {
    const { sandbox, oracle } = this;
    sandbox.notion.settings.queryLag = 0;
    Object.assign(sandbox.github.limits, this.usual);
    wake(this.world);
    oracle.people();
    sandbox.clock.advance(LOCK_LIFE + MINUTE);
    await this.#calm('auto');
    if (this.unseen) await this.#calm('full');
    this.#expectInStep(`one ${this.unseen ? 'full ' : ''}pass after the last change`);
    sandbox.clock.advance(10 * MINUTE);
    this.#expectQuiet(await this.#calm('auto'), 'the next pass');
    sandbox.clock.advance(10 * MINUTE);
    const still = await this.#calm('auto');
    if (still.requests.some(isWrite)) this.problems.push(`the pass after the next wrote: ${told(still.requests.filter(isWrite))}`);
    if (!this.unseen) this.#expectQuiet(await this.#calm('full'), 'a full pass in the end');
    this.#expectInStep('in the end');
    this.problems.push(...oracle.violations);
  }

  async #calm(mode) {
    this.sandbox.clock.advance(1500);
    const result = await this.pass({ mode });
    if (result.code !== 0) this.problems.push(`a pass without any trouble ended with ${result.code}: ${result.stdout.slice(-1500)}${result.stderr.slice(-500)}`);
    return result;
  }

  #expectQuiet(result, when) {
    if (result.changes === 0 && result.outputs.changed === 'false') return;
    this.problems.push(`${when} changed something although nobody did: ${told(result.requests.filter(isWrite))}`);
  }

  #expectInStep(when) {
    for (const text of this.oracle.differences()) this.problems.push(`${when}: ${text}`);
  }
}

const told = (requests) => requests.filter(({ path }) => !/\/git\//.test(path))
  .map(({ method, path, body }) => `${method} ${path} ${JSON.stringify(body)?.slice(0, 200)}`).join('; ').slice(0, 1500) || 'only the state';

export async function play(history, { log } = {}) {
  const sandbox = await Sandbox.start();
  let story = null;
  try {
    story = new Story(sandbox, history);
    for (const [i, step] of [...beginning(history.start), ...history.steps].entries()) {
      log?.(i + 1, step, story);
      await story.step(step);
      if (story.oracle.violations.length > 0) break;
    }
    if (story.oracle.violations.length === 0) await story.settle();
    else story.problems.push(...story.oracle.violations);
  } catch (error) {
    return { passes: story?.passes ?? 0, problems: [...(story?.problems ?? []), error.stack] };
  } finally {
    await sandbox.stop();
  }
  return { passes: story.passes, problems: [...new Set(story.problems)] };
}
