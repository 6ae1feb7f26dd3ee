// Watches a board while people and the program work on it, and knows from the promises of the
// documentation alone what the program must not do. It keeps no plan of its own: it remembers who
// wrote which value, and what both sides have agreed on.

import { stateRef } from './columns.mjs';
import {
  add, fieldOf, flat, isClosed, isPart, isVoid, isSeveral, keyOf, keys, known, oneLine, parts, quarrels, quotes, readIssue, readPage, saidIn, linesOf, slots, valueIn, wordsIn, isSilent, SLOT_OF,
} from './oracle-things.mjs';

// Kinds of comments; of one that recurs each turn of events may bring another.
const OPPOSITE = { link: 'ended', ended: 'link', closed: 'reopened', reopened: 'closed' };
const RECURRING = new Set(['closed', 'reopened']);

const COLUMN_OF = { status: 'Status', labels: 'Labels', milestone: 'Milestone', issue_type: 'Issue Type', assignees: 'Assignees' };

// What a row shows of another one changes with that one: nothing was written.
const isShownOnly = (side, slot, before, now) => side === 'notion' && slot.startsWith('parent ') && before.relation === now.relation;

export class Oracle {
  #pages = new Map();
  #issues = new Map();
  #agreed = new Map();
  #established = new Map();
  #unlinked = { numbers: new Set(), pages: new Set() };
  #seen = null;
  #past = { pages: new Map(), issues: new Map() };
  #pass = 0;
  #based = new Set();
  #unsettled = new Map();
  #settings;
  #ways;
  #columns;
  #held = false;
  #lanes;
  #public = new Set();
  #labels = new Set();

  constructor(board, settings, columns, lanes = false) {
    this.#lanes = lanes;
    this.board = board;
    this.#columns = columns;
    this.violations = [];
    this.changes = 0;
    this.#settings = settings;
    this.#ways = new Map([['body', settings.sync_body], ...(settings.directions ?? '').split('\n').map((line) => line.split(' = '))]);
    this.people();
  }

  // --- what is there now ---

  #repo() {
    return this.board.sandbox.github.repo(this.board.repo);
  }

  page(id) {
    return this.#pages.get(id)?.now;
  }

  // --- noting changes ---

  people() {
    this.#look('person');
  }

  program() {
    this.#look('program');
  }

  #look(who) {
    this.#judgeWords(who);
    for (const name of this.#columns.takeRemoved()) this.#forget(SLOT_OF[name]);
    const { notion } = this.board.sandbox;
    const changed = [];
    for (const raw of notion.pages.values()) {
      if (raw.dataSourceId !== this.board.dataSource && !this.#pages.has(raw.id)) continue;
      this.#note(this.#pages, raw.id, readPage(this.board, raw, this.#columns), who, changed, 'notion');
    }
    const issues = this.#repo().issues;
    for (const raw of issues.values()) this.#note(this.#issues, raw.number, readIssue(raw), who, changed, 'github');
    for (const [number, entry] of this.#issues) {
      if (issues.has(number) || entry.gone) continue;
      entry.gone = true;
      changed.push({ side: 'github', entry, before: entry.now, now: null });
    }
    if (changed.length === 0) return;
    if (who === 'program') this.changes += changed.length;
    if (who === 'program') for (const change of changed) this.#judge(change);
    else for (const change of changed) this.#understand(change);
    this.#see();
    if (who === 'program') for (const change of changed) this.#carry(change);
    this.#agree();
  }

  // With a column goes what was agreed on in it.
  #forget(field) {
    for (const known of this.#agreed.values()) for (const slot of [...known.keys()]) if (slot.split(' ')[0] === field) known.delete(slot);
  }

  #note(map, key, now, who, changed, side) {
    const entry = map.get(key) ?? { side, now: null, writers: new Map(), gone: false, turns: 0, told: [], heads: new Set(), consents: [] };
    const before = entry.now;
    map.set(key, entry);
    entry.now = now;
    if (before !== null && JSON.stringify(flat(before)) === JSON.stringify(flat(now))) return;
    changed.push({ side, entry, before, now, numberWritten: entry.writers.get('number') });
    const differing = slots(before, now);
    if (differing.includes('status')) entry.turns += 1;
    if (side === 'notion') this.#consent(entry, who, differing);
    if (who === 'program') entry.writers.delete('number');
    else for (const name of differing) entry.writers.set(name, this.#pass);
  }

  // A person who closes a page says so of the head that the pull request has then.
  #consent(entry, who, differing) {
    const { now } = entry;
    if (!isClosed(now)) entry.consents = [];
    else if (differing.includes('status')) entry.consents = who === 'person' ? [...entry.consents, this.issue(now.number)?.head] : [];
  }

  // What people do may end a link; who did it is remembered.
  #understand({ side, before, now }) {
    if (side === 'github') {
      if (now === null) for (const page of this.#carriers(before.number, true)) this.#unlink(before.number, page.id);
      return;
    }
    if (before === null) return;
    const left = before.inside && !now.inside;
    if (before.number !== null && (left || now.number !== before.number)) this.#unlink(before.number, now.id);
    const made = this.#made(now.id);
    if (made && (left || now.number !== before.number)) this.#unlink(made.number, now.id);
  }

  #unlink(number, pageId) {
    this.#unlinked.numbers.add(number);
    this.#unlinked.pages.add(pageId);
    this.#based.delete(keyOf({ number }, { id: pageId }));
    if (this.#established.get(number) === pageId) this.#established.delete(number);
  }

  // --- pairs ---

  issue(number) {
    const entry = this.#issues.get(number);
    return entry && !entry.gone ? entry.now : null;
  }

  #carriers(number, all = false) {
    return [...this.#pages.values()].map(({ now }) => now).filter((page) => page.number === number && (all || page.inside));
  }

  // Whether two pages carry one number.
  hasTwins() {
    return [...this.#pages.values()].some(({ now }) => now.number !== null && this.#carriers(now.number).length > 1);
  }

  // Pages and issues that belong together: by number, or by the marker of an issue that the program made.
  #pairs() {
    const pairs = [];
    for (const { now: page } of this.#pages.values()) {
      if (!page.inside) continue;
      const issue = page.number === null ? this.#made(page.id) : this.issue(page.number);
      if (issue) pairs.push({ key: keyOf(issue, page), page, issue });
    }
    return pairs;
  }

  #made(pageId) {
    const made = [...this.#issues.values()].filter(({ gone, now }) => !gone && now.made === pageId).map(({ now }) => now);
    return made.sort((a, b) => a.number - b.number)[0] ?? null;
  }

  #agree(reset = false) {
    for (const { key, page, issue } of this.#pairs()) {
      const known = this.#agreed.get(key) ?? new Map();
      this.#agreed.set(key, known);
      for (const slot of new Set(['title', 'status', 'milestone', 'kind', 'prio', 'blocked', ...parts(page), ...parts(issue), ...known.keys()])) {
        const common = this.#met(page, issue, slot);
        if (common.length === 0) continue;
        // Of a label or line that nobody had so far both sides agreed that it is not there.
        if (reset) known.set(slot, new Set());
        else if (!known.has(slot)) known.set(slot, new Set(isPart(slot) ? [false] : []));
        for (const value of common) known.get(slot).add(value);
      }
    }
  }

  // What the program has written is what both sides agree on from then on, whatever becomes of the pass: what
  // they agreed on before is nobody's wish any more, and what a person goes back to afterward is a new one.
  #carry({ side, before, now }) {
    if (before === null || now === null) return;
    for (const { key, page, issue } of this.#pairs()) {
      if ((side === 'github' ? issue : page) !== now || !this.#agreed.has(key)) continue;
      for (const slot of slots(before, now)) {
        const value = valueIn(now, slot);
        if (!value || isShownOnly(side, slot, before, now)) continue;
        this.#agreed.get(key).set(slot, new Set([value.norm]));
        add(this.#unsettled, key, `${side} ${slot}`);
      }
    }
  }

  // What both sides have said: now, or one after the other while a pass was reading them.
  #met(page, issue, slot) {
    const { pages, issues } = this.#seen?.moments ?? { pages: new Map(), issues: new Map() };
    const said = (now, before = []) => new Set([...before, now].map((moment) => valueIn(moment, slot)).filter((value) => value !== undefined).map(({ norm }) => norm));
    const github = said(issue, issues.get(issue.number));
    return [...said(page, pages.get(page.id))].filter((value) => github.has(value));
  }

  // --- one pass ---

  // What was so at any moment of the pass may be what the program rested on.
  begin() {
    this.#pass += 1;
    if (!this.#lags()) this.#past = { pages: new Map(), issues: new Map() };
    this.#seen = { ...this.#past, moments: { pages: new Map(), issues: new Map() } };
    this.#see();
    this.#agree();
  }

  // If queries lag, the past is still to be seen.
  #lags() {
    return this.board.sandbox.notion.settings.queryLag > 0;
  }

  #see() {
    if (this.#seen === null) return;
    const { pages, issues, moments } = this.#seen;
    for (const { now } of this.#pages.values()) {
      add(pages, now.id, { inside: now.inside, gone: now.gone, archived: now.archived, number: now.number, closed: isSilent(now, 'status') ? null : isClosed(now) });
      add(moments.pages, now.id, now);
    }
    for (const { page, issue } of this.#pairs()) {
      if (issue.head !== null && !isClosed(page) && page.number !== null) this.#issues.get(issue.number).heads.add(issue.head);
    }
    for (const { gone, now } of this.#issues.values()) {
      add(issues, now.number, { gone, hidden: now.hidden && !gone, closed: now.closed });
      add(moments.issues, now.number, now);
    }
  }

  // `clean`: the pass ended by itself, handled everything and nobody edited meanwhile.
  end({ clean }) {
    this.program();
    this.#seen = null;
    if (!clean) return;
    this.#judgeState();
    this.#unsettled.clear();
    this.#agree(true);
    for (const { key, page, issue } of this.#pairs()) {
      if (page.archived || issue.hidden || (issue.isPull && this.#settings.pull_requests === 'none')) continue;
      if (page.number !== null && this.#carriers(issue.number).length === 1) this.#established.set(issue.number, page.id);
      if (this.#established.get(issue.number) === page.id) this.#based.add(key);
    }
  }

  // Whether the state surely knows that the page carries the number.
  knows(page, number) {
    return this.#established.get(number) === page;
  }

  stateLost() {
    this.#established.clear();
    this.#based.clear();
  }

  // --- what anybody may read ---

  // Whether nothing of Notion's may be published.
  hold(held) {
    this.#held = held;
  }

  // What stands on GitHub by a person's hand, or stood there when it might, is no secret.
  #judgeWords(who) {
    const { issues, labels } = this.#repo();
    const texts = [...issues.values()].flatMap(({ title, body, comments }) => [title, body ?? '', ...comments.map((comment) => comment.body)]);
    const isOurs = who === 'program' && this.#held;
    if (isOurs) this.published(texts.join('\n'));
    for (const word of texts.flatMap(wordsIn)) this.#public.add(word);
    for (const name of labels.keys()) {
      if (isOurs && !this.#labels.has(name)) this.#blame(`made the label ${name} in a public repository`);
      this.#labels.add(name);
    }
  }

  published(text, where = 'a public repository') {
    const told = this.#held ? wordsIn(text).filter((word) => !this.#public.has(word)) : [];
    if (told.length > 0) this.#blame(`published in ${where}: ${[...new Set(told)].join(', ')}`);
  }

  #judgeState() {
    const { github } = this.board.sandbox;
    const ref = stateRef(this.board);
    if (!this.#held || !github.readRef(this.board.repo, ref)) return;
    for (const file of github.listRefFiles(this.board.repo, ref)) this.published(github.readRefText(this.board.repo, ref, file), `${file} of the state`);
  }

  // Which way a field goes: `off` if it goes none.
  #wayOf(field) {
    const way = this.#ways.get(field);
    if (!this.#held || (field !== 'title' && field !== 'body')) return way;
    return way === 'to_github' || way === 'none' ? 'none' : 'to_notion';
  }

  // --- judging what the program did ---

  #blame(text) {
    this.violations.push(text);
  }

  #judge({ side, entry, before, now, numberWritten }) {
    if (now === null) return this.#blame('the program made an issue vanish');
    const strangers = slots(before, now).filter((slot) => slot.startsWith('person stranger'));
    if (strangers.length > 0) this.#blame(`touched people whom nobody mapped: ${strangers.join(', ')}`);
    this.#judgeWays(side, before, now);
    if (side === 'notion') return this.#judgePage(entry, before, now, numberWritten);
    return this.#judgeIssue(entry, before, now);
  }

  // Nothing goes against a field's direction, but into what is new. Status and parents also follow from other things.
  #judgeWays(side, before, now) {
    const isNew = side === 'github' && before?.made !== null && !this.#established.has(now.number);
    if (before === null || isNew) return;
    const against = slots(before, now).map(fieldOf).filter((field) => ['none', side === 'github' ? 'to_notion' : 'to_github'].includes(this.#wayOf(field)));
    const told = against.filter((field) => field !== 'status' && field !== 'parent');
    if (told.length > 0) this.#blame(`wrote ${told.join(', ')} of #${now.number} ${side === 'github' ? 'on GitHub' : 'in Notion'}, against the direction`);
  }

  #judgePage(entry, before, now, numberWritten) {
    if (before === null) return this.#judgeNewPage(now);
    this.#judgeSight(before, now.number ?? before.number);
    if (before.inside && !now.inside) this.#judgeTrash(before);
    if (before.number !== now.number) this.#judgeNumber(before, now, numberWritten);
    this.#judgeSaid(before, now);
    const number = now.number ?? before.number;
    const first = this.#established.get(number);
    const isCopy = this.#seen.pages.get(now.id)?.every((seen) => seen.number === number);
    if (isCopy && first !== undefined && first !== now.id && this.page(first)?.number === number && this.page(first).inside) {
      this.#blame(`E6: wrote to a second page of #${number}, a copy that a person made`);
    }
    const issue = this.issue(number);
    if (issue) this.#overwritten('Notion', entry, before, now, issue, [now]);
    return undefined;
  }

  // What is archived is not touched, nor is the page of what GitHub hides.
  #judgeSight({ id }, number) {
    if (this.#seen.pages.get(id)?.every(({ inside }) => !inside)) this.#blame(`wrote to a page that is not of this repository, #${number}`);
    if (this.#seen.pages.get(id)?.every(({ archived }) => archived)) this.#blame(`wrote to an archived page of #${number}`);
    if (this.#seen.issues.get(number)?.every(({ hidden }) => hidden)) this.#blame(`wrote to the page of #${number}, which is hidden`);
  }

  #judgeNewPage(now) {
    if (now.number === null) return this.#blame('created a page without GitHub ID');
    const twins = this.#carriers(now.number).filter((page) => page.id !== now.id);
    const writer = (page) => this.#pages.get(page.id).writers.get('number');
    if (twins.some((page) => writer(page) === undefined)) this.#blame(`created two pages for #${now.number}`);
    else if (!this.#lags() && twins.some((page) => writer(page) < this.#pass)) this.#blame(`created a page for #${now.number}, which another page carries`);
    return undefined;
  }

  #judgeTrash(before) {
    const seen = this.#seen.issues.get(before.number) ?? [];
    const allowed = this.#settings.on_issue_deleted === 'trash' && seen.some(({ gone }) => gone);
    if (!allowed) this.#blame(`trashed the page of #${before.number}, whose issue is there`);
  }

  #judgeNumber(before, now, numberWritten) {
    if (now.number === null) {
      const gone = this.#seen.issues.get(before.number)?.some((seen) => seen.gone);
      if (!gone || this.#settings.on_issue_deleted !== 'unlink') this.#blame(`cleared GitHub ID ${before.number}, whose issue is there`);
      this.#unlink(before.number, now.id);
    } else if (before.number !== null && numberWritten !== this.#pass) {
      this.#blame(`changed GitHub ID from ${before.number} to ${now.number}`);
    } else if (this.#columns.maybe.get(now.id)?.includes(now.number)) {
      // The column was deleted, and the state knew more than anybody could be sure of.
      this.#columns.maybe.delete(now.id);
    } else if (!(this.#seen.moments.issues.get(now.number) ?? []).some(({ made }) => made === now.id)) {
      this.#blame(`wrote GitHub ID ${now.number} to a page for which the issue was not made`);
    }
  }

  #judgeIssue(entry, before, now) {
    if (before === null) return this.#judgeNewIssue(now);
    if (this.#seen.issues.get(now.number)?.every(({ hidden }) => hidden)) this.#blame(`wrote to #${now.number}, which is hidden`);
    if (before.closed !== now.closed) this.#judgeClosing(before, now);
    if (!before.merged && now.merged) this.#judgeMerge(entry, before);
    for (const comment of now.comments) {
      if (!before.comments.some(({ id }) => id === comment.id)) this.#judgeComment(entry, now, comment);
    }
    this.#overwritten('GitHub', entry, before, now, now, this.#partners(now));
    return undefined;
  }

  #partners(issue) {
    const carriers = this.#carriers(issue.number);
    if (carriers.length > 0) return carriers.filter(({ id }) => (this.#established.get(issue.number) ?? id) === id);
    return issue.made !== null && this.page(issue.made) ? [this.page(issue.made)] : [];
  }

  #judgeNewIssue(now) {
    if (now.made === null) return this.#blame(`created #${now.number} without a marker`);
    // An issue that a person gave to another page is that one's.
    const given = ({ number }) => this.#carriers(number).some((page) => page.id !== now.made);
    const others = [...this.#issues.values()].filter((other) => !other.gone && other.now.made === now.made && other.now.number !== now.number && !given(other.now));
    if (others.length > 0) this.#blame(`created #${now.number} for a page that has #${others[0].now.number} already`);
    // Its page was trashed in that very moment.
    if (!this.page(now.made)?.inside) this.#unlink(now.number, now.made);
    return undefined;
  }

  #judgeClosing(before, now) {
    const wanted = (seen) => seen.inside && seen.closed === now.closed;
    const lost = (seen) => seen.gone;
    const ids = [...this.#seen.pages].filter(([id, list]) => id === now.made || list.some((seen) => seen.number === now.number));
    const meant = ids.some(([, list]) => list.some((seen) => wanted(seen)));
    const absent = now.closed && this.#settings.on_page_deleted === 'close' && ids.some(([, list]) => list.some(lost));
    const foretold = now.closed && this.#settings.on_page_deleted === 'close' && this.#unlinked.numbers.has(now.number);
    if (!meant && !absent && !foretold) this.#blame(`${now.closed ? 'closed' : 'reopened'} #${now.number}, which no page asks for`);
  }

  // Only a head that a run has seen while the page was open, and of which a person has said afterward that it is done.
  #judgeMerge(entry, { number, head }) {
    const carriers = [...this.#seen.pages].filter(([, list]) => list.some((seen) => seen.inside && seen.number === number));
    const consented = carriers.some(([id]) => this.#pages.get(id).consents.includes(head));
    if (!consented || !entry.heads.has(head)) this.#blame(`merged a head of #${number} to which nobody consented`);
  }

  // --- comments: each transition is reported once ---

  #judgeComment(entry, issue, comment) {
    const { marker } = comment;
    if (marker === null) return this.#blame(`a comment on #${issue.number} has no marker`);
    if (marker.startsWith('comment=')) return this.#judgeCopy(entry, issue, comment);
    const kind = /^(\w+) page=/.exec(marker)?.[1] ?? 'link';
    const page = /page=(\S+)/.exec(marker)?.[1];
    const turns = `${entry.turns} ${this.#pages.get(page)?.turns}`;
    const there = entry.told.filter((it) => issue.comments.some(({ id }) => id === it.id));
    const last = there.filter((it) => it.page === page && (it.kind === kind || it.kind === OPPOSITE[kind])).at(-1);
    const again = RECURRING.has(kind) && last?.turns !== turns;
    if (last?.marker === marker && !again) this.#blame(`told #${issue.number} twice: ${marker}`);
    entry.told.push({ kind, page, marker, id: comment.id, turns });
    if (kind === 'link' && !(this.#seen.pages.get(page) ?? []).some((seen) => seen.number === issue.number)) {
      this.#blame(`link comment on #${issue.number} for a page that is not linked to it`);
    }
    if (kind === 'ended' && !(this.#seen.pages.get(page) ?? []).some((seen) => !seen.inside || seen.number !== issue.number)) {
      this.#blame(`told #${issue.number} that its link ended, which it has not`);
    }
    return undefined;
  }

  #judgeCopy(entry, issue, { id, marker, body }) {
    if (this.#settings.sync_comments !== 'both') return this.#blame(`copied a comment to #${issue.number}, which nobody asked for`);
    if (issue.comments.some((other) => other.own && other.id !== id && other.marker === marker)) this.#blame(`copied a comment to #${issue.number} twice: ${marker}`);
    const said = issue.comments.find((other) => !other.own && saidIn(body) !== null && saidIn(other.body) === saidIn(body));
    if (said) this.#blame(`copied to #${issue.number} what was said there: ${body}`);
    return undefined;
  }

  #judgeSaid(before, now) {
    const copies = ({ said }) => said.filter(({ own, kept }) => own && !kept).length;
    const added = copies(now) - copies(before);
    if (added <= 0) return;
    if (this.#settings.sync_comments === 'none') this.#blame(`copied a comment to the page of #${now.number}, which nobody asked for`);
    const texts = now.said.filter(({ kept }) => !kept).map(({ text }) => saidIn(text)).filter((text) => text !== null);
    if (new Set(texts).size < texts.length) this.#blame(`a comment stands twice on the page of #${now.number}: ${texts.join(' ')}`);
  }

  // --- no lost update ---

  // A value that goes was agreed on before, or is quoted where people see it, or nobody wrote it.
  #overwritten(side, entry, before, now, issue, partners) {
    for (const slot of slots(before, now)) {
      const old = valueIn(before, slot);
      const writer = entry.writers.get(slot);
      if (old === undefined) continue;
      if (isShownOnly(entry.side, slot, before, now)) continue;
      this.#judgeSource(side, slot, now, issue, partners);
      entry.writers.delete(slot);
      // Against a change in the very moment of writing neither service offers a remedy.
      if (writer === undefined || writer === this.#pass || partners.length === 0) continue;
      if (partners.some((page) => this.#isKept(slot, old, issue, page) || this.#mayBeUnwritten(entry.side, slot, old, issue, page))) continue;
      this.#blame(`lost update: ${side}'s ${slot} ${JSON.stringify(old.text)} of #${issue.number} was overwritten; ` +
        'both sides never agreed on it and no comment quotes it');
    }
  }

  // What is written was said by somebody on the other side, while the pass was there.
  #judgeSource(side, slot, now, issue, partners) {
    const { pages, issues } = this.#seen.moments;
    const said = side === 'Notion' ? issues.get(issue.number) ?? [] : partners.flatMap(({ id }) => pages.get(id) ?? []);
    const value = valueIn(now, slot);
    // What a parent is called by may have been given to another row meanwhile.
    if (slot.startsWith('parent ') && this.#rowOf(Number(slot.slice(7))) === null) return;
    if (slot === 'status' || said.length === 0 || said.some((moment) => valueIn(moment, slot)?.norm === value.norm)) return;
    this.#blame(`wrote ${slot} ${JSON.stringify(value.text)} of #${issue.number} ${side === 'Notion' ? 'in' : 'on'} ${side}, which nobody chose`);
  }

  // Of an element that a run added and did not account for, nobody can know whether a person has taken it away since:
  // if the service does not say when it was changed, it stays.
  #mayBeUnwritten(side, slot, old, issue, page) {
    if (!isPart(slot) || slot.startsWith('line ') || old.norm || (side === 'github' && !slot.startsWith('parent '))) return false;
    return (this.#unsettled.get(keyOf(issue, page)) ?? []).includes(`${side} ${slot}`);
  }

  #isKept(slot, old, issue, page) {
    const known = this.#agreed.get(keyOf(issue, page));
    if (old.blank || known?.get(slot)?.has(old.norm)) return true;
    // Without a base nobody can know what was taken away from what was never there.
    if (isPart(slot) && !old.norm && (!known?.has(slot) || !this.#based.has(keyOf(issue, page)))) return true;
    // If both changed one place, what one of them took out there comes back with the rest of the place.
    if (slot.startsWith('line ')) return quarrels(issue, page).some((body) => !old.norm || linesOf(body).includes(slot.slice(5)));
    if (slot === 'status' && issue.isPull && old.norm && isVoid(issue, page)) return true;
    return quotes(issue, page, old.text);
  }

  // --- when all is quiet ---

  // What differs although nobody is at work any more.
  differences() {
    const found = [];
    for (const { page, issue } of this.#pairs()) {
      if (page.number === null || !this.#partners(issue).includes(page) || this.#partners(issue).length > 1) continue;
      if (issue.isPull && this.#settings.pull_requests === 'none') continue;
      const goesOneWay = (what) => ['none', 'to_notion', 'to_github'].includes(this.#wayOf(what));
      const isGone = (what) => COLUMN_OF[what] !== undefined && !this.#columns.has(COLUMN_OF[what]);
      const say = (what, notion, github) => goesOneWay(what) || isGone(what) || found.push(`#${issue.number} ${what}: Notion ${JSON.stringify(notion)}, GitHub ${JSON.stringify(github)}`);
      if (oneLine(page.title) !== issue.title) say('title', page.title, issue.title);
      if (this.#wayOf('body') === 'both' && page.lines.join() !== issue.lines.join()) say('text', page.lines, issue.lines);
      if (known(page.people) !== known(issue.people)) say('assignees', page.people, issue.people);
      if (page.milestone !== issue.milestone) say('milestone', page.milestone, issue.milestone);
      if (page.prio !== issue.prio && !isSeveral(issue.prio)) say('Prio', page.prio, issue.prio);
      if (page.blocked !== issue.blocked) say('Blocked', page.blocked, issue.blocked);
      if (this.#lanes && page.lane !== issue.lane && !issue.isPull && !isSeveral(issue.lane)) say('status', page.status, issue.lane);
      if (page.kind !== issue.kind && !issue.isPull) say('issue_type', page.kind, issue.kind);
      if (!issue.isPull) this.#compareParents(page, issue, say);
      if (this.#labelsOf(page) !== keys(issue.labels)) say('labels', keys(page.labels), keys(issue.labels));
      if (isClosed(page) !== issue.closed && !this.#mayDiffer(page, issue)) say('status', page.status, issue.closed ? 'closed' : 'open');
      const state = issue.merged ? 'Merged' : issue.closed ? 'Closed' : issue.draft ? 'Draft' : 'Open';
      if (this.#columns.has('GitHub State') && page.state !== state) say('GitHub State', page.state, state);
      if (this.#columns.has('Type') && page.type !== (issue.isPull ? 'Pull request' : 'Issue')) say('Type', page.type, issue.isPull);
      if (this.#columns.has('Repository') && page.repository !== this.board.repo) say('Repository', page.repository, this.board.repo);
      if (this.#columns.has('GitHub URL') && !page.url?.endsWith(`/${issue.number}`)) say('GitHub URL', page.url, issue.number);
    }
    return [...found, ...this.#unserved()];
  }

  // Those that may be on GitHub.
  #labelsOf({ labels }) {
    return keys(this.#held ? new Map([...labels].filter(([name]) => this.#labels.has(name))) : labels);
  }

  // Of several parents the issue has one; what is not linked is nobody's parent on the other side.
  #compareParents(page, issue, say) {
    const notion = page.parents.filter((number, i) => this.#rowOf(number) === page.parentRows[i]);
    const github = issue.parents.filter((number) => this.#rowOf(number) !== null);
    if (github.length === 0 ? notion.length > 0 : !notion.includes(github[0])) say('parent', notion, github);
  }

  #rowOf(number) {
    const rows = this.#carriers(number).filter(({ id }) => (this.#established.get(number) ?? id) === id);
    const issue = this.issue(number);
    return issue && !issue.isPull && rows.length === 1 ? rows[0].id : null;
  }

  // A pull request that cannot be merged stays open, a merged one closed, whatever Notion says.
  #mayDiffer(page, issue) {
    // Both states are of one minute: it is asked which of them is meant.
    if (issue.comments.some(({ marker }) => marker === `asked page=${page.id}`)) return true;
    if (!issue.isPull) return false;
    if (issue.merged) return true;
    if (!isClosed(page)) return this.#repo().issues.get(issue.number).pull.headDeleted;
    if (this.#settings.pull_request_done === 'none') return true;
    if (this.#repo().issues.get(issue.number).pull.autoMerge !== null) return true;
    return issue.comments.some(({ marker }) => marker?.startsWith(`refused page=${page.id}`));
  }

  // Pages that wait for an issue, issues that wait for a page.
  #unserved() {
    const found = [];
    const settings = this.#settings;
    for (const { now: page } of this.#pages.values()) {
      if (this.#held || !page.inside || page.number !== null || this.#unlinked.pages.has(page.id) || oneLine(page.title) === '') continue;
      if (!['none', 'false'].includes(settings.create_issues) && !(settings.create_issues === 'open' && isClosed(page))) found.push(`the page ${JSON.stringify(page.title)} has no issue`);
    }
    for (const { gone, now: issue } of this.#issues.values()) {
      if (gone || issue.isPull || this.#unlinked.numbers.has(issue.number) || this.#carriers(issue.number).length > 0) continue;
      const due = settings.create_pages === 'all' || (settings.create_pages === 'open' && !issue.closed);
      if (due) found.push(`#${issue.number} has no page`);
    }
    return found;
  }
}
