// The pictures of the README, made from runs of the program against the sandbox: `make pictures`.
// Usage: node tests/demo/pictures.mjs FOLDER

import fs from 'node:fs';
import path from 'node:path';
import { board } from '../harness.mjs';
import { Sandbox } from '../sandbox/core.mjs';
import { Canvas, fit, measure } from './canvas.mjs';
import { markedRows, readSides } from './sides.mjs';
import { drawSummary } from './summary-picture.mjs';

const MINUTE = 60000;
const folder = process.argv[2];
const sandbox = await Sandbox.start();
const { notion, github, clock } = sandbox;
const at = { ...board(sandbox, { title: 'Tasks' }), title: 'Tasks' };
const ana = notion.addUser({ name: 'Ana' });
const sides = () => readSides(sandbox, at);

// --- a board that is in sync, edits on both sides, and one run ---

async function run() {
  const result = await at.sync();
  if (result.code !== 0) throw new Error(result.stdout + result.stderr);
  clock.advance(10 * MINUTE);
  return result;
}

const [handbook, signup, csv] = ['Write the handbook', 'Simplify sign-up', 'Export CSV']
  .map((Name, i) => at.addPage({ Name, Status: ['In progress', 'In progress', 'Not started'][i], Labels: [['docs'], ['ux'], []][i] }, { by: ana }));
const pull = at.addPull({ title: 'Cache the catalog', head: 'cache', files: { 'cache.js': '1\n' } });
const cache = at.addPage({ Name: pull.title, Status: 'Review', 'GitHub ID': pull.number }, { by: ana });
await run();
await run();
const quiet = sides();

const number = (page) => notion.values(page)['GitHub ID'];
github.label(at.repo, number(handbook), ['urgent'], { by: 'bo' });
notion.editPage(handbook, { Name: 'Write the manual' }, { by: ana });
for (const page of [signup, cache]) notion.editPage(page, { Status: 'Done' }, { by: ana });
github.editIssue(at.repo, number(csv), { title: 'Export CSV and XLSX', by: 'bo' });
notion.editPage(csv, { Name: 'Export everything' }, { by: ana });
at.addPage({ Name: 'Dark mode', Status: 'Not started', Labels: ['ux'] }, { by: ana });
at.addIssue({ title: 'Typo in the footer', labels: ['bug'] });
const edited = sides();
clock.advance(5 * MINUTE);
const { summary } = await run();
const synced = sides();
await sandbox.stop();

// --- the board ---

const STATUS = { 'Not started': 'gray', 'In progress': 'blue', Review: 'yellow', Done: 'green' };
const LABELS = { docs: 'blue', urgent: 'yellow', ux: 'purple', bug: 'red' };
const ROW = 32;
// Of both tables: where each column begins, and ends.
const LEFT = [[24, 62], [62, 232], [232, 338], [338, 456]];
const RIGHT = [[480, 546], [546, 716], [716, 792], [792, 916]];

function icon(canvas, x, y, state) {
  const { open, done, closed } = canvas.theme;
  const color = state === 'open' || state === 'draft' ? open : state === 'not planned' ? closed : done;
  canvas.parts.push(`<circle cx="${x}" cy="${y}" r="6" fill="none" stroke="${color}" stroke-width="1.6"/>`);
  if (state === 'open') canvas.parts.push(`<circle cx="${x}" cy="${y}" r="1.8" fill="${color}"/>`);
  else canvas.path(`M${x - 2.6} ${y} l2 2.2 l3.4 -4`, { stroke: color });
}

function cell(canvas, [from, to], y, column, { text, changed }, ground) {
  if (changed && text !== '') canvas.box(from + 2, y - 20, to - from - 4, ROW - 6, { fill: ground, radius: 5 });
  const x = from + 8;
  if (text === '') return;
  if (column === 'status') canvas.pill(x, y, text, STATUS[text]);
  else if (column === 'labels') {
    let at = x;
    for (const label of text.split(',')) at += canvas.pill(at, y, label, LABELS[label]) + 4;
  } else if (column === 'state') {
    icon(canvas, x + 6, y - 5, text);
    canvas.text(x + 18, y, text, { size: 13 });
  } else if (column === 'number') canvas.text(x, y, /^\d/.test(text) ? `#${text.replace(/^(\d+) PR$/, '$1 PR')}` : text, { size: 13, color: canvas.theme.muted });
  else canvas.text(x, y, fit(text, to - from - 12, { size: 13 }), { size: 13 });
}

function tables(canvas, name, rows, ground, says) {
  canvas.text(24, canvas.y + 24, name, { size: 16, bold: true });
  const legend = 40 + measure(name, { size: 16, bold: true });
  canvas.box(legend, canvas.y + 11, 16, 16, { fill: ground, radius: 4 });
  canvas.text(legend + 24, canvas.y + 24, says, { size: 13, color: canvas.theme.muted });
  canvas.y += 40;
  const top = canvas.y;
  for (const [columns, heads] of [[LEFT, ['ID', 'Notion page', 'Status', 'Labels']], [RIGHT, ['#', 'GitHub', 'State', 'Labels']]]) {
    const [from, to] = [columns[0][0], columns.at(-1)[1]];
    canvas.box(from, top, to - from, (rows.length + 1) * ROW, { stroke: canvas.theme.border });
    heads.forEach((head, i) => canvas.text(columns[i][0] + 8, top + 21, head, { size: 12, bold: true, color: canvas.theme.muted }));
    rows.forEach((_, r) => canvas.line(from, top + (r + 1) * ROW, to, top + (r + 1) * ROW));
  }
  rows.forEach((row, r) => {
    const y = top + (r + 1) * ROW + 21;
    ['number', 'title', 'status', 'labels'].forEach((column, i) => cell(canvas, LEFT[i], y, column, row[i], ground));
    ['number', 'title', 'state', 'labels'].forEach((column, i) => cell(canvas, RIGHT[i], y, column, row[i + 5], ground));
  });
  canvas.y = top + (rows.length + 1) * ROW + 14;
}

function boardPicture(theme) {
  const canvas = new Canvas(940, theme);
  // Pages that have no issue yet come last, as after the run.
  const order = (rows) => [...rows].sort((a, b) => (a.issue?.number ?? 1e9) - (b.issue?.number ?? 1e9));
  canvas.y = 6;
  tables(canvas, 'Before', markedRows(order(edited), quiet), canvas.theme.edit, 'what people changed on either side since the last run');
  tables(canvas, 'After one run', markedRows(order(synced), edited), canvas.theme.wrote, 'what the run wrote; the title that was replaced is quoted in a comment');
  canvas.y += 4;
  return canvas.svg('A board in Notion and its issues on GitHub, before and after one run');
}

function summaryPicture(theme) {
  const canvas = new Canvas(940, theme);
  drawSummary(canvas, summary);
  canvas.y += 16;
  return canvas.svg('The job summary of that run');
}

fs.mkdirSync(folder, { recursive: true });
for (const theme of ['light', 'dark']) {
  fs.writeFileSync(path.join(folder, `board-${theme}.svg`), boardPicture(theme));
  fs.writeFileSync(path.join(folder, `summary-${theme}.svg`), summaryPicture(theme));
}
