// Shows the program at work on a small team's board: `make demo`. Everything runs on this machine,
// against the sandbox of the tests; the clock is the sandbox's, so nothing waits.

import { board } from '../harness.mjs';
import { Sandbox } from '../sandbox/core.mjs';
import { bold, colours, cyan, dim, fold, green, red, say, summaryLines, table, title } from './paint.mjs';
import { COLUMNS, misfits, readSides, tableRows } from './sides.mjs';

const MINUTE = 60000;
const started = Date.now();
const sandbox = await Sandbox.start();
const { notion, github, clock } = sandbox;
const at = { ...board(sandbox, { title: 'Tasks' }), title: 'Tasks' };
const { repo } = at;
const ana = notion.addUser({ name: 'Ana' });
const checks = [];
const check = (what, holds, detail = '') => checks.push({ what, holds, detail });

// --- the board as the team left it ---

const pages = {};
for (const [key, Name, Status, Labels = []] of [
  ['docs', 'Write the handbook', 'In progress', ['docs']],
  ['signup', 'Simplify sign-up', 'Not started', ['ux']],
  ['export', 'Export CSV', 'Not started'],
  ['prices', 'New price list', 'Review'],
  ['mail', 'Welcome e-mail', 'In progress'],
]) {
  pages[key] = at.addPage({ Name, Status, Labels }, { by: ana });
}
for (const [label, ...titles] of [
  ['bug', 'Login fails on iOS', 'Crash on empty cart', 'Wrong total in euro'],
  ['chore', 'Update dependencies', 'Drop Node 16'],
]) {
  for (const text of titles) at.addIssue({ title: text, labels: [label] });
}
const cache = at.addPull({ title: 'Cache the catalog', head: 'cache', files: { 'cache.js': '1\n' } });
const search = at.addPull({ title: 'Faster search', head: 'search', files: { 'search.js': '1\n' }, draft: true });
for (const [key, pull] of [['cache', cache], ['search', search]]) {
  pages[key] = at.addPage({ Name: pull.title, Status: 'Review', 'GitHub ID': pull.number }, { by: ana });
}

// --- showing ---

const sides = () => readSides(sandbox, at);
const clockText = () => new Date(clock.now()).toISOString().slice(11, 16);
const edit = (where, text) => say(`  ${cyan(where.padEnd(6))} ${text}`);

const isRead = ({ method, path }) => method === 'GET' || path === '/graphql' || path.endsWith('/query');

function counted(result, service) {
  const all = result.requests.filter((request) => request.service === service);
  const state = all.filter((request) => !isRead(request) && request.path.includes('/git/')).length;
  const reads = all.filter(isRead).length;
  const name = service === 'github' ? 'GitHub' : 'Notion';
  return `${name} ${reads} read, ${all.length - reads} written${state > 0 ? ` (${state} for the state)` : ''}`;
}

async function pass(name, { summary = false } = {}) {
  const before = sides();
  const when = clockText();
  const result = await at.sync();
  say(`  ${bold(`${when} ${name}`)}: ${counted(result, 'github')}; ${counted(result, 'notion')}`);
  if (result.code !== 0) say(result.stdout + result.stderr);
  const rows = tableRows(sides(), before);
  if (rows.length > 0) table(COLUMNS, rows);
  if (summary) {
    say(dim('--- its job summary '.padEnd(100, '-')));
    for (const line of summaryLines(result.summary)) say(line);
    say(dim('-'.repeat(100)));
  }
  clock.advance(10 * MINUTE);
  return result;
}

// What follows is about records that exist on both sides.
async function stopUnlessLinked(result) {
  const wrong = sides().flatMap(misfits);
  if (result.code === 0 && wrong.length === 0) return;
  say(red(`The first run did not link both sides (exit ${result.code}): ${wrong.slice(0, 5).join('; ')}`));
  await sandbox.stop();
  process.exit(1);
}

const onGitHub = (number) => sides().find(({ issue }) => issue?.number === number).issue;
const saying = (number, pattern) => onGitHub(number).comments.filter((body) => pattern.test(body));

function quote(issue, pattern) {
  const words = (saying(issue, pattern)[0] ?? 'no such comment')
    .replace(/<!--.*-->/s, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/\*\*/g, '')
    .replace(/```\w*\n(.*?)\n```/gs, '"$1"').replace(/\s+/g, ' ').trim();
  for (const line of fold(`#${issue} has a comment: ${words}`, 2)) say(dim(line));
}

// --- the story ---

say(bold('One board, two sides: a Notion database and a repository, kept in sync by build/notion-sync'));
say(dim(`Both services are fakes. What a run changed is ${colours ? 'highlighted' : 'marked *'}. ID: the property GitHub ID.`));
title('Before: five tasks only in Notion, five issues only on GitHub, two pages that name pull requests');
table(COLUMNS, tableRows(sides()));

title('1. The first run links what belongs together, and makes what is missing');
const first = await pass('first run');
await stopUnlessLinked(first);

title('2. Ten minutes later: edits on both sides');
const number = (key) => notion.values(pages[key])['GitHub ID'];
edit('GitHub', `#${number('docs')} gets the label urgent`);
github.label(repo, number('docs'), ['urgent'], { by: 'bo' });
edit('Notion', `Ana renames the same task to "Write the manual"`);
notion.editPage(pages.docs, { Name: 'Write the manual' }, { by: ana });
edit('Notion', `Ana sets #${number('signup')} and both pull requests to Done; one of them is a draft`);
for (const key of ['signup', 'cache', 'search']) notion.editPage(pages[key], { Status: 'Done' }, { by: ana });
edit('both', `#${number('export')} is renamed on both sides, differently`);
github.editIssue(repo, number('export'), { title: 'Export CSV and XLSX', by: 'bo' });
notion.editPage(pages.export, { Name: 'Export everything' }, { by: ana });
const second = await pass('second run', { summary: true });
quote(number('signup'), /^Closed: /);
quote(search.number, /does not merge/);
quote(number('export'), /were both changed since they were last in sync/);

title('3. A reopened issue, a draft that is ready, new work on both sides, and a bad network');
edit('GitHub', `#${number('signup')} is reopened; the draft #${search.number} becomes ready for review`);
github.reopen(repo, number('signup'), { by: 'bo' });
github.draft(repo, search.number, false, { by: 'bo' });
edit('both', 'a new task in Notion, a new issue on GitHub');
pages.new = at.addPage({ Name: 'Dark mode', Status: 'Not started', Labels: ['ux'] }, { by: ana });
at.addIssue({ title: 'Typo in the footer', labels: ['bug'] });
edit('faults', 'the answer to "create issue" gets lost; Notion answers "create page" with 429, wait 7 s');
sandbox.fault({ service: 'github', method: 'POST', path: `/repos/${repo}/issues`, kind: 'cut-after' });
sandbox.fault({ service: 'notion', method: 'POST', path: '/v1/pages', kind: 'status', status: 429, headers: { 'retry-after': '7' } });
const third = await pass('third run');

title('4. Nothing more to do: the next run moves its cursor, the one after it writes nothing');
const next = await pass('next run');
const quiet = await pass('quiet run');

// --- the verdict ---

const end = sides();
const passes = [first, second, third, next, quiet];
const wrong = end.flatMap(misfits);
const named = (text) => end.filter(({ issue }) => issue?.title === text).length;
const manual = end.find(({ issue }) => issue?.number === number('docs'));
const posts = (result, pattern) => result.requests.filter(({ method, path }) => method === 'POST' && pattern.test(path)).length;
check('every run ends with exit status 0', passes.every(({ code }) => code === 0), passes.map(({ code }) => code).join(' '));
check('every issue and pull request has one page, every page one issue, all fields agree', wrong.length === 0, wrong.join('; '));
check('the label of GitHub and the title of Notion both survived', manual.page.title === 'Write the manual' && manual.page.labels === 'docs,urgent');
check('Done closed an issue and merged a pull request', saying(number('signup'), /^Closed: /).length === 1
  && onGitHub(cache.number).state === 'merged');
check('the draft was not forced: one comment said why, and it was merged once it was ready', saying(search.number, /does not merge/).length === 1
  && second.report.results.some(({ refused }) => refused) && onGitHub(search.number).state === 'merged');
check('the title that was replaced is kept in a comment', saying(number('export'), /Export everything/).length === 1);
check('reopened on GitHub: the page is back at the status it had', notion.values(pages.signup).Status === 'Not started');
check('the lost answer made no second issue', named('Dark mode') === 1 && posts(third, /\/issues$/) === 1);
check('the 429 made no second page', named('Typo in the footer') === 1 && posts(third, /^\/v1\/pages$/) === 2);
check('a quiet run is two requests, none of them a write', quiet.requests.length === 2 && quiet.requests.every(isRead));

title('After');
table(COLUMNS, tableRows(end));
title('Verdict');
for (const { what, holds, detail } of checks) {
  say(`  ${holds ? green('ok    ') : red('WRONG ')} ${what}${!holds && detail ? `: ${detail}` : ''}`);
}
const good = checks.every(({ holds }) => holds);
say(`\n${good ? green('Both sides are in sync.') : red('Both sides are NOT in sync.')} ${dim(`${sandbox.requestCount} requests, ${((Date.now() - started) / 1000).toFixed(1)} s.`)}`);
await sandbox.stop();
process.exitCode = good ? 0 : 1;
