// Page content: a tree of blocks, read from Markdown of the dialect v2 and printed in the one
// form that the service answers with.

import { parseInline, plainOf, printInline } from './inline.mjs';

const LANGUAGES = {
  ts: 'typescript', js: 'javascript', py: 'python', rb: 'ruby', sh: 'shell', yml: 'yaml', md: 'markdown',
  'c++': 'c++', cpp: 'c++', cs: 'c#', rs: 'rust', golang: 'go', kt: 'kotlin',
};
const TITLED = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'quote', 'toggle', 'callout', 'todo']);
const OPAQUE = new Set([
  'columns', 'column', 'tabs', 'tab', 'image', 'pdf', 'file', 'audio', 'video', 'bookmark', 'embed', 'table',
  'folder', 'synced-block', 'synced-block-reference', 'table-of-contents', 'equation', 'meeting-notes', 'mail',
  'custom-block', 'external_object_instance', 'unknown', 'ul', 'ol',
]);
const CHILD = new Set(['page', 'database']);

const FENCE = /^(`{3,}|~{3,})\s*([^`\s]*)[^`]*$/;
const HEADING = /^(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
const RULE = /^(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const ITEM = /^([-*+]|\d{1,9}[.)])(?:([ \t]+)(.*))?$/;
const TAG = /^<([a-z][a-z0-9_-]*)((?:\s+[a-z-]+="[^"]*")*)\s*(\/?)>/;

export function parseMarkdown(source, options = {}) {
  const lines = source.replace(/\r\n?/g, '\n').replace(/\0/g, '\ufffd').split('\n')
    .map((line) => line.replace(/\t/g, '    '));
  return parseLines(lines, options);
}

function parseLines(lines, options) {
  const reader = { lines, at: 0, out: [], options };
  while (reader.at < lines.length) {
    if (lines[reader.at].trim() === '') reader.at += 1;
    else readBlock(reader);
  }
  return reader.out;
}

function readBlock(reader) {
  const line = reader.lines[reader.at].trimStart();
  if (FENCE.test(line)) return readFence(reader, FENCE.exec(line));
  if (line.trimEnd() === '$$') return readEquation(reader);
  if (HEADING.test(line)) return readHeading(reader, HEADING.exec(line));
  if (RULE.test(line.trimEnd())) return readRule(reader);
  if (line.startsWith('>')) return readQuote(reader);
  if (ITEM.test(line)) return readItem(reader, ITEM.exec(line));
  if (blockTag(line) && readTag(reader)) return undefined;
  if (isTable(reader)) return readTable(reader);
  return readParagraph(reader);
}

function blockTag(line) {
  const tag = TAG.exec(line);
  return tag && (TITLED.has(tag[1]) || OPAQUE.has(tag[1]) || CHILD.has(tag[1])) ? tag : null;
}

function add(reader, ...blocks) {
  reader.out.push(...blocks);
}

function readFence(reader, [, fence, language]) {
  const first = reader.lines[reader.at];
  const indent = first.length - first.trimStart().length;
  const body = [];
  const end = new RegExp(`^ *${fence[0] === '`' ? '`' : '~'}{${fence.length},} *$`);
  reader.at += 1;
  while (reader.at < reader.lines.length && !end.test(reader.lines[reader.at])) {
    body.push(reader.lines[reader.at].replace(new RegExp(`^ {0,${indent}}`), ''));
    reader.at += 1;
  }
  reader.at += 1;
  const lower = language.toLowerCase();
  add(reader, { type: 'code', language: LANGUAGES[lower] ?? lower, text: body.join('\n') });
}

function readEquation(reader) {
  const body = [];
  reader.at += 1;
  while (reader.at < reader.lines.length && reader.lines[reader.at].trim() !== '$$') {
    body.push(reader.lines[reader.at]);
    reader.at += 1;
  }
  reader.at += 1;
  add(reader, { type: 'equation', text: body.join('\n') });
}

function readHeading(reader, [, marks, title]) {
  reader.at += 1;
  addText(reader, { type: 'heading', level: Math.min(4, marks.length) }, title ?? '');
}

function readRule(reader) {
  reader.at += 1;
  add(reader, { type: 'divider' });
}

// A paragraph continues over lines that begin nothing else, also out of a quote or a list.
function interrupts(line) {
  const text = line.trimStart();
  const item = ITEM.exec(text);
  return text === '' || FENCE.test(text) || HEADING.test(text) || RULE.test(text.trimEnd()) || text.startsWith('>') ||
    (item !== null && item[3] !== undefined && (/^[-*+]$/.test(item[1]) || /^1[.)]$/.test(item[1]))) || blockTag(text) !== null;
}

function readQuote(reader) {
  const inner = [];
  let lazy = false;
  while (reader.at < reader.lines.length) {
    const line = reader.lines[reader.at].trimStart();
    if (line.startsWith('>')) inner.push(line.replace(/^> ?/, ''));
    else if (lazy && !interrupts(line)) inner.push(line);
    else break;
    lazy = inner.at(-1).trim() !== '' && !HEADING.test(inner.at(-1)) && !RULE.test(inner.at(-1)) && !FENCE.test(inner.at(-1));
    reader.at += 1;
  }
  add(reader, titled({ type: 'quote', tag: 'quote', attrs: '' }, parseLines(inner, reader.options)));
}

function titled(block, inner) {
  const first = inner[0]?.type === 'paragraph' && !inner[0].attrs ? inner.shift() : null;
  return { ...block, md: first?.md ?? '', children: inner };
}

function readItem(reader, [, marker, space, rest]) {
  const first = reader.lines[reader.at];
  const indent = first.length - first.trimStart().length;
  const gap = rest === undefined || rest === '' ? 1 : Math.min(space.length, 4);
  const offset = indent + marker.length + gap;
  const inner = [(rest ?? '').padStart((rest ?? '').length + Math.max(0, (space?.length ?? 0) - gap))];
  reader.at += 1;
  while (reader.at < reader.lines.length) {
    const line = reader.lines[reader.at];
    const depth = line.length - line.trimStart().length;
    const previous = inner.at(-1).trim();
    if (line.trim() === '') {
      if (inner.length === 1 && previous === '') break;
      inner.push('');
    } else if (depth >= offset) inner.push(line.slice(offset));
    else if (previous !== '' && !openFence(inner) && !HEADING.test(previous) && !RULE.test(previous) && !interrupts(line) && !ITEM.test(line.trimStart())) inner.push(line.trimStart());
    else break;
    reader.at += 1;
  }
  const block = titled({ type: /\d/.test(marker) ? 'numbered' : 'bulleted' }, parseLines(inner, reader.options));
  const task = block.type === 'bulleted' ? /^\\\[([ xX]?)\\\][ \n]([\s\S]*)$/.exec(block.md) : null;
  add(reader, task ? { ...block, type: 'todo', checked: /x/i.test(task[1]), md: task[2] } : block);
}

function openFence(lines) {
  let fence = null;
  for (const line of lines) {
    const found = FENCE.exec(line.trimStart());
    if (fence === null && found) fence = found[1];
    else if (fence !== null && line.trim().startsWith(fence)) fence = null;
  }
  return fence !== null;
}

function readTag(reader) {
  const rest = reader.lines.slice(reader.at).join('\n').trimStart();
  const [open, tag, attrs, self] = TAG.exec(rest);
  const end = self ? open.length : closingTag(rest, tag);
  if (end < 0 || !/^[ \t]*(?:\n|$)/.test(rest.slice(end))) return false;
  const raw = rest.slice(0, end);
  const inner = self ? '' : rest.slice(open.length, end - tag.length - 3);
  if (CHILD.has(tag)) add(reader, { type: `child_${tag}`, url: attribute(attrs, 'url'), attrs: attrs.trim(), title: inner.trim() });
  else if (TITLED.has(tag)) add(reader, titledTag(tag, attrs.trim(), inner, reader.options));
  else add(reader, { type: 'raw', tag, raw });
  reader.at += raw.split('\n').length;
  return true;
}

// Position after the closing tag that belongs to the opening tag at the start of `rest`.
function closingTag(rest, tag) {
  const pattern = new RegExp(`<(/?)${tag}(?:\\s+[a-z-]+="[^"]*")*\\s*(/?)>|^(?:[ \\t>]|[-*+][ \\t]|\\d+[.)][ \\t])*(\`{3,}|~{3,})`, 'gm');
  let depth = 0;
  let fence = null;
  for (const found of rest.matchAll(pattern)) {
    if (found[3]) fence = fence === null ? found[3] : found[3].startsWith(fence) ? null : fence;
    if (fence !== null || found[3] || found[2]) continue;
    if (rest[found.index - 1] === '\\') continue;
    depth += found[1] ? -1 : 1;
    if (depth === 0) return found.index + found[0].length;
  }
  return -1;
}

export function attribute(attrs, name) {
  return new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attrs)?.[1] ?? null;
}

function titledTag(tag, attrs, inner, options) {
  const [title, ...rest] = inner.split(/\n[ \t]*\n/);
  const indent = Math.min(...rest.join('\n').split('\n').filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length), 80);
  const children = parseLines(rest.join('\n\n').split('\n').map((line) => line.slice(indent)), options);
  const md = title.trim() === '<p />' ? '' : printInline(parseInline(title.trim()), softOf(options));
  if (tag === 'p' && attrs === '' && children.length === 0) return { type: 'paragraph', md };
  if (/^h[1-4]$/.test(tag) && attrs === '' && children.length === 0) return { type: 'heading', level: Number(tag[1]), md };
  if (tag === 'todo') {
    const color = attribute(attrs, 'color');
    return { type: 'todo', checked: attribute(attrs, 'checked') === 'true', md, children, ...(color ? { tag, color } : {}) };
  }
  const type = tag === 'p' ? 'paragraph' : /^h/.test(tag) ? 'heading' : tag;
  return { type, tag, attrs, level: type === 'heading' ? Number(tag[1]) : undefined, md, children };
}

const CELLS = /(?<!\\)\|/;
const DELIMITERS = /^\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

function cellsOf(line) {
  return line.trim().replace(/^\|/, '').replace(/(?<!\\)\|$/, '').split(CELLS);
}

function isTable(reader) {
  const head = reader.lines[reader.at];
  const next = reader.lines[reader.at + 1];
  return CELLS.test(head) && next !== undefined && DELIMITERS.test(next.trim()) && CELLS.test(next) &&
    cellsOf(head).length === cellsOf(next).length;
}

function readTable(reader) {
  const width = cellsOf(reader.lines[reader.at]).length;
  const rows = [];
  const read = (line) => {
    const cells = cellsOf(line).slice(0, width);
    while (cells.length < width) cells.push('');
    return cells.map((cell) => printInline(parseInline(cell.trim().replace(/\\\|/g, '|'), { cell: true }), { cell: true }));
  };
  rows.push(read(reader.lines[reader.at]));
  reader.at += 2;
  while (reader.at < reader.lines.length && !interrupts(reader.lines[reader.at])) {
    rows.push(read(reader.lines[reader.at]));
    reader.at += 1;
  }
  add(reader, { type: 'table', rows });
}

function readParagraph(reader) {
  const lines = [reader.lines[reader.at].trimStart()];
  reader.at += 1;
  while (reader.at < reader.lines.length) {
    const line = reader.lines[reader.at];
    const under = /^ *(=+|-+) *$/.exec(line);
    if (under && lines.length > 0) {
      reader.at += 1;
      return addText(reader, { type: 'heading', level: under[1][0] === '=' ? 1 : 2 }, lines.join('\n'));
    }
    if (interrupts(line) || isTable(reader)) break;
    lines.push(line.trimStart());
    reader.at += 1;
  }
  return addText(reader, { type: 'paragraph' }, lines.join('\n'));
}

const softOf = (options) => ({ soft: options.softBreaks === 'hard' ? '\\\n' : ' ' });

// Images are blocks of their own: a text that holds some is cut around them.
function addText(reader, block, source) {
  const pieces = [[]];
  for (const node of liftImages(parseInline(source.trim()))) {
    if (node.t === 'image') pieces.push(node, []);
    else pieces.at(-1).push(node);
  }
  const cut = pieces.length > 1;
  for (const piece of pieces) {
    if (!Array.isArray(piece)) {
      add(reader, { type: 'image', url: piece.url, caption: piece.alt });
      continue;
    }
    const nodes = trimNodes(piece);
    if (cut && nodes.length === 0) continue;
    const soft = block.type === 'heading' ? {} : softOf(reader.options);
    const line = block.type === 'heading' ? nodes.map((node) => (node.t === 'br' ? { t: 'soft' } : node)) : nodes;
    add(reader, { ...block, md: printInline(line, soft) });
  }
}

function liftImages(nodes) {
  return nodes.flatMap((node) => {
    if (!node.c || !hasImage(node.c)) return [node];
    return liftImages(node.c).flatMap((child) => (child.t === 'image' ? [child] : [{ ...node, c: [child] }]));
  });
}

const hasImage = (nodes) => nodes.some((node) => node.t === 'image' || (node.c && hasImage(node.c)));

function trimNodes(nodes) {
  const list = nodes.map((node) => ({ ...node }));
  const blank = (node) => node.t === 'br' || node.t === 'soft' || (node.t === 'text' && node.v.trim() === '');
  while (list.length > 0 && blank(list[0])) list.shift();
  while (list.length > 0 && blank(list.at(-1))) list.pop();
  if (list[0]?.t === 'text') list[0].v = list[0].v.trimStart();
  if (list.at(-1)?.t === 'text') list.at(-1).v = list.at(-1).v.trimEnd();
  return list;
}

// --- printing ---

const LISTS = { bulleted: 'bullet', todo: 'bullet', numbered: 'number' };

export function printBlocks(blocks, options = {}) {
  let out = '';
  let number = 0;
  blocks.forEach((block, i) => {
    const previous = blocks[i - 1];
    number = block.type === 'numbered' ? number + 1 : 0;
    if (i > 0) out += options.v1 || (LISTS[block.type] && LISTS[block.type] === LISTS[previous.type]) ? '\n' : '\n\n';
    out += printBlock(block, number, options);
  });
  return out;
}

export function printBlock(block, number = 1, options = {}) {
  switch (block.type) {
    case 'code': return printFence(block);
    case 'equation': return `$$\n${block.text}\n$$`;
    case 'divider': return '---';
    case 'image': return `![${printInline([{ t: 'text', v: block.caption }])}](${options.urlOf?.(block) ?? block.url})`;
    case 'table': return printTable(block);
    case 'raw': return block.raw;
    case 'child_page':
    case 'child_database': return `<${block.type.slice(6)} ${block.attrs ?? `url="${block.url}"`}>${block.title}</${block.type.slice(6)}>`;
    case 'bulleted': return printItem('- ', block, options);
    case 'todo': if (block.color) return printTagged({ ...block, attrs: `checked="${block.checked}" color="${block.color}"` }, options);
      return printItem(`- [${block.checked ? 'x' : ' '}] `, block, options);
    case 'numbered': return printItem(`${number}. `, block, options);
    case 'quote': if (!block.attrs && block.children.length === 0) return prefixed(guard(block.md), '> '); break;
    case 'heading': if (!block.tag) return `${'#'.repeat(block.level)} ${block.md.replace(/#$/, '\\#')}`.trimEnd(); break;
    case 'paragraph': if (!block.tag) return block.md === '' ? (options.v1 ? '<empty-block/>' : '<p />') : guard(block.md); break;
    default: break;
  }
  return printTagged(block, options);
}

// If there are children, the title has a line of its own; an empty one is an empty paragraph.
function printTagged(block, options) {
  const open = `<${block.tag}${block.attrs ? ` ${block.attrs}` : ''}>`;
  const close = `</${block.tag}>`;
  if (!block.children?.length) return `${open}${block.md}${close}`;
  return `${open}\n${block.md || '<p />'}\n\n${printBlocks(block.children, options)}\n${close}`;
}

function printItem(marker, block, options) {
  const indent = marker.startsWith('- ') ? 2 : marker.length;
  const pad = ' '.repeat(indent);
  const head = guard(block.md).replace(/\n/g, `\n${pad}`);
  if (!block.children?.length) return `${marker}${head}`.trimEnd();
  const inner = printBlocks(block.children, options).replace(/^(?=.)/gm, pad);
  if (head === '') return marker + inner.slice(pad.length).replace(/^---/, '***');
  const gap = LISTS[block.children[0].type] ? '\n' : '\n\n';
  return `${marker}${head}`.trimEnd() + gap + inner;
}

const prefixed = (text, prefix) => text.split('\n').map((line) => `${prefix}${line}`.trimEnd()).join('\n');

// Text that would begin a block at the start of a line.
function guard(md) {
  return md.split('\n').map((line) => line
    .replace(/^(#{1,6})(?=\s|$)/, '\\$1')
    .replace(/^([-+=>|:])/, (mark, _, at, whole) => (/^[-+](\s|$|-)|^=+ *$|^>|^\||^:-/.test(whole) ? `\\${mark}` : mark))
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')).join('\n');
}

function printFence({ language, text }) {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}${text === '' ? '' : '\n'}${fence}`;
}

function printTable({ rows }) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(rows[0]), line(rows[0].map(() => '---')), ...rows.slice(1).map(line)].join('\n');
}

export function plainBlock(block) {
  return block.text ?? plainOf(parseInline(block.md ?? ''));
}
