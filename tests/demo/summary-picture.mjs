// A job summary as GitHub shows it, drawn: the Markdown that the program writes, and no more than that.

import { fit, measure } from './canvas.mjs';

const PAD = 28;
const LINE = 1.5;

// --- text with styles: code, links, bold, small; a style is what canvas.text takes, and more ---

const entities = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&nbsp;': ' ' };
const plain = (text) => text.replace(/&(?:lt|gt|amp|quot|nbsp);/g, (entity) => entities[entity]).replace(/\\([\\|`*_<>[\]#])/g, '$1');

function runs(text, style) {
  const found = [];
  const pattern = /(`+) ?(.+?) ?\1(?!`)|\*\*(.+?)\*\*|\[((?:`[^`]*`|[^\]])*)\]\(([^)]*)\)|<(sub|small)>(.*?)<\/\6>|<b>(.*?)<\/b>|(<br>|\n)/gs;
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) found.push({ text: plain(text.slice(end, match.index)), style });
    const [, ticks, code, strong, words, , small, less, bold, br] = match;
    if (ticks) found.push({ text: code.replace(/\\\|/g, '|'), style: { ...style, mono: true, size: style.size * 0.86, ground: true } });
    else if (strong ?? bold) found.push(...runs(strong ?? bold, { ...style, bold: true }));
    else if (words !== undefined) found.push(...runs(words, { ...style, link: true }));
    else if (small) found.push(...runs(less, { ...style, size: style.size * 0.8, muted: true }));
    else if (br) found.push({ text: br === '<br>' ? '\n' : ' ', style });
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push({ text: plain(text.slice(end)), style });
  return found;
}

// Lines of pieces, each with its place, none wider than width.
function layOut(text, style, width) {
  const lines = [{ pieces: [], width: 0 }];
  const line = () => lines[lines.length - 1];
  for (const { text: run, style: own } of runs(text, style)) {
    if (run === '\n') lines.push({ pieces: [], width: 0 });
    else for (const word of run.split(/(?<= )/)) {
      const space = measure(word.trimEnd(), own);
      if (line().width > 0 && line().width + space > width) lines.push({ pieces: [], width: 0 });
      const last = line().pieces.at(-1);
      if (last?.style === own) last.text += word;
      else line().pieces.push({ text: word, style: own, x: line().width + (own.ground && line().width > 0 ? 3 : 0) });
      const piece = line().pieces.at(-1);
      line().width = piece.x + measure(piece.text, own) + (own.ground ? 5 : 0);
    }
  }
  return lines;
}

function draw(canvas, x, y, lines, size) {
  const { theme } = canvas;
  for (const { pieces } of lines) {
    for (const { text, style, x: at } of pieces) {
      const color = style.color ?? (style.link ? theme.link : style.muted ? theme.muted : theme.text);
      if (style.ground) canvas.box(x + at - 1, y - size + 1, measure(text.trimEnd(), style) + 6, size * 1.35, { fill: theme.code, radius: 4 });
      canvas.text(x + at + (style.ground ? 2 : 0), y, text.trimEnd(), { ...style, color });
    }
    y += size * LINE;
  }
  return y;
}

// --- blocks ---

function paragraph(canvas, text, { size = 14, bold = false, x = PAD, color } = {}) {
  const lines = layOut(text, { size, bold, color }, canvas.width - PAD - x);
  canvas.y = draw(canvas, x, canvas.y + size, lines, size) - size + 8;
}

function heading(canvas, level, text) {
  const size = [0, 24, 22, 18, 15][level] ?? 14;
  canvas.y += canvas.y > 0 ? 10 : 18;
  paragraph(canvas, text, { size, bold: true });
  if (level <= 2) {
    canvas.line(PAD, canvas.y - 2, canvas.width - PAD, canvas.y - 2);
    canvas.y += 10;
  }
}

function table(canvas, rows) {
  const size = 13;
  const split = (row) => row.trim().replace(/^\||\|$/g, '').split(/(?<!\\)\|/).map((cell) => cell.trim());
  const [head, rule, ...body] = rows.map(split);
  const right = rule.map((cell) => cell.endsWith(':') && !cell.startsWith(':'));
  const cells = [...(head.every((cell) => cell === '') ? [] : [head]), ...body];
  const natural = rule.map((_, i) => Math.max(...cells.map((row) => Math.max(...layOut(row[i] ?? '', { size }, 1e9).map(({ width }) => width)))) + 24);
  const room = canvas.width - 2 * PAD;
  // What is too wide shrinks to the room that the narrow ones leave.
  const small = natural.filter((width) => width <= room / natural.length).reduce((a, b) => a + b, 0);
  const wide = natural.filter((width) => width > room / natural.length).reduce((a, b) => a + b, 0);
  const total = small + wide;
  const widths = natural.map((width) => (total <= room || width <= room / natural.length ? width : width * (room - small) / wide));
  const used = widths.reduce((a, b) => a + b, 0);
  const top = canvas.y;
  cells.forEach((row, r) => {
    const isHead = r === 0 && cells[0] === head;
    const laid = widths.map((width, i) => layOut(row[i] ?? '', { size, bold: isHead }, width - 20));
    const height = Math.max(...laid.map((lines) => lines.length)) * size * LINE + 12;
    if (r % 2 === 1) canvas.box(PAD, canvas.y, used, height, { fill: canvas.theme.soft, radius: 0 });
    let x = PAD;
    laid.forEach((lines, i) => {
      const shift = right[i] ? widths[i] - 24 - Math.max(...lines.map(({ width }) => width)) : 0;
      draw(canvas, x + 12 + shift, canvas.y + 6 + size, lines, size);
      x += widths[i];
    });
    canvas.y += height;
    canvas.line(PAD, canvas.y, PAD + used, canvas.y);
  });
  let x = PAD;
  for (const width of [0, ...widths]) {
    x += width;
    canvas.line(x, top, x, canvas.y);
  }
  canvas.line(PAD, top, PAD + used, top);
  canvas.y += 14;
}

function fence(canvas, language, lines, x = PAD) {
  const size = 12.5;
  const height = lines.length * size * 1.45 + 18;
  canvas.box(x, canvas.y, canvas.width - PAD - x, height, { fill: canvas.theme.soft });
  let y = canvas.y + 9 + size;
  for (const line of lines) {
    const ground = language === 'diff' && { '+': canvas.theme.added, '-': canvas.theme.removed }[line[0]];
    if (ground) canvas.box(x, y - size - 1, canvas.width - PAD - x, size * 1.45, { fill: ground, radius: 0 });
    canvas.text(x + 12, y, fit(line, canvas.width - PAD - x - 24, { size, mono: true }), { size, mono: true });
    y += size * 1.45;
  }
  canvas.y += height + 12;
}

// The flow chart of the summary: Notion, GitHub, labelled arrows between them, and what hangs on both.
function chart(canvas, lines) {
  const size = 13;
  const middle = canvas.width / 2;
  const [left, right] = [middle - 200, middle + 200];
  const edges = lines.map((line) => /^\s*([A-Z]) (-\.?->)\|"(.*?)"\| ([A-Z])/.exec(line)).filter(Boolean);
  const below = lines.map((line) => /\{\{"(.*?)"\}\}/.exec(line)?.[1]).filter(Boolean);
  const heights = edges.map(([, , , label]) => label.split('<br>').length * size * 1.4 + 16);
  const height = Math.max(72, heights.reduce((a, b) => a + b, 0) + 12);
  const top = canvas.y + 4;
  for (const [x, name] of [[left, 'Notion'], [right, 'GitHub']]) {
    canvas.box(x - 55, top, 110, height, { fill: canvas.theme.soft, stroke: canvas.theme.border, radius: 14 });
    canvas.text(x, top + height / 2 + 5, name, { bold: true, anchor: 'middle' });
  }
  let y = top + (height - heights.reduce((a, b) => a + b, 0)) / 2;
  edges.forEach(([, from, kind, label], i) => {
    const words = label.split('<br>');
    words.forEach((word, k) => canvas.text(middle, y + size + k * size * 1.4, word, { size, anchor: 'middle' }));
    const at = y + words.length * size * 1.4 + 6;
    const ends = [left + 60, right - 60];
    canvas.arrow(...(from === 'N' ? [ends[0], at, ends[1]] : [ends[1], at, ends[0]]), { dash: kind.includes('.') ? '4 3' : '' });
    y += heights[i];
  });
  canvas.y = top + height + 8;
  for (const word of below) {
    const width = measure(word, { size }) + 32;
    canvas.line(left, top + height, middle - width / 2, canvas.y + 18, { dash: '3 3' });
    canvas.line(right, top + height, middle + width / 2, canvas.y + 18, { dash: '3 3' });
    canvas.box(middle - width / 2, canvas.y + 4, width, 28, { fill: canvas.theme.pills.yellow[0], radius: 14 });
    canvas.text(middle, canvas.y + 23, word, { size, anchor: 'middle', color: canvas.theme.pills.yellow[1] });
    canvas.y += 40;
  }
  canvas.y += 12;
}

const ALERTS = { CAUTION: 'caution', WARNING: 'warning', NOTE: 'link', TIP: 'open', IMPORTANT: 'done' };

function quotation(canvas, lines) {
  const kind = /^\[!([A-Z]+)\]$/.exec(lines[0].trim())?.[1];
  const color = kind ? canvas.theme[ALERTS[kind]] : canvas.theme.border;
  const top = canvas.y;
  canvas.y += 4;
  if (kind) paragraph(canvas, kind[0] + kind.slice(1).toLowerCase(), { bold: true, x: PAD + 18, color });
  for (const part of lines.slice(kind ? 1 : 0).join('\n').split(/\n\s*\n/)) paragraph(canvas, part.trim().replace(/\n/g, ' '), { x: PAD + 18 });
  canvas.box(PAD, top, 4, canvas.y - top, { fill: color, radius: 0 });
  canvas.y += 12;
}

// Draws at most `limit` pixels; false: there is more.
export function drawSummary(canvas, markdown, limit = Infinity) {
  const lines = markdown.trimEnd().split('\n');
  const take = (holds) => {
    const taken = [];
    while (lines.length > 0 && holds(lines[0])) taken.push(lines.shift());
    return taken;
  };
  while (lines.length > 0) {
    if (canvas.y > limit) return false;
    const line = lines[0];
    const [, marks, title] = /^(#+) (.*)$/.exec(line) ?? [];
    const [, ticks, language] = /^(`{3,})(\w*)$/.exec(line) ?? [];
    if (line.trim() === '') lines.shift();
    else if (marks) {
      lines.shift();
      heading(canvas, marks.length, title);
    } else if (ticks) {
      lines.shift();
      const body = take((next) => next !== ticks);
      lines.shift();
      if (language === 'mermaid') chart(canvas, body);
      else fence(canvas, language, body);
    } else if (line.startsWith('|')) table(canvas, take((next) => next.startsWith('|')));
    else if (line.startsWith('>')) quotation(canvas, take((next) => next.startsWith('>')).map((next) => next.replace(/^> ?/, '')));
    else if (/^\s*<details/.test(line)) {
      const open = line.includes('<details open');
      const text = [];
      while (!/<\/summary>/.test(text.at(-1) ?? '')) text.push(lines.shift());
      const name = /<summary>(.*?)<\/summary>/s.exec(text.join(' '))?.[1] ?? '';
      const mark = canvas.y + 14;
      canvas.path(open ? `M${PAD + 1} ${mark - 8} h9 l-4.5 7 z` : `M${PAD + 2} ${mark - 9} v9 l7 -4.5 z`, { fill: canvas.theme.muted });
      paragraph(canvas, name, { x: PAD + 16 });
      if (!open) {
        for (let depth = 1; depth > 0 && lines.length > 0;) {
          const next = lines.shift();
          depth += /<details/.test(next) - /<\/details>/.test(next);
        }
      }
      canvas.y += 4;
    } else if (/^\s*<\/details>/.test(line)) lines.shift();
    else if (/^\s*[-*] /.test(line)) {
      const depth = /^\s*/.exec(line)[0].length;
      const text = [lines.shift(), ...take((next) => /^\s+\S/.test(next) && !/^\s*[-*] /.test(next))].map((next) => next.trim()).join(' ');
      canvas.text(PAD + 6 + depth * 8, canvas.y + 14, '•');
      paragraph(canvas, text.slice(2), { x: PAD + 20 + depth * 8 });
      canvas.y -= 3;
      if (!/^\s*[-*] /.test(lines[0] ?? '')) canvas.y += 6;
    } else paragraph(canvas, take((next) => next.trim() !== '' && !/^(?:[|>#]|`{3}|\s*<\/?details|\s*[-*] )/.test(next)).join('\n'));
  }
  return true;
}
