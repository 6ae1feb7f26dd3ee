// Inline Markdown of the dialect v2: a tree of nodes, read as CommonMark does and printed in
// one normal form.

const TAGS = new Set(['u', 'b', 'i', 's', 'span', 'mention', 'date']);
const PUNCTUATION = /[!-/:-@[-`{-~]/;
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', copy: '©', hellip: '…' };

const text = (value) => ({ t: 'text', v: value });

export function parseInline(source, { cell = false } = {}) {
  const state = { source, cell, nodes: [], brackets: [], at: 0 };
  while (state.at < source.length) step(state);
  return finish(state.nodes);
}

function step(state) {
  const { source, at } = state;
  const char = source[at];
  const reader = READERS[char];
  if (reader?.(state)) return;
  if (reader === undefined) {
    const [plain] = /^[^\\`&<![\]*_~$\n]+/.exec(source.slice(at)) ?? [char];
    push(state, text(plain), plain.length);
  } else {
    push(state, text(char), 1);
  }
}

function push(state, node, length) {
  state.nodes.push(node);
  state.at += length;
  return true;
}

const READERS = {
  '\\'(state) {
    const next = state.source[state.at + 1];
    if (next === '\n') return push(state, { t: 'br' }, 2);
    if (next !== undefined && PUNCTUATION.test(next)) return push(state, text(next), 2);
    return false;
  },
  '`'(state) {
    const [run] = /^`+/.exec(state.source.slice(state.at));
    const rest = state.source.slice(state.at + run.length);
    const end = new RegExp(`(?<!\`)\`{${run.length}}(?!\`)`).exec(rest);
    if (!end) return push(state, text(run), run.length);
    let value = rest.slice(0, end.index).replace(/\n/g, ' ');
    if (/^ .*[^ ].* $/.test(value) || /^ [^ ] $/.test(value)) value = value.slice(1, -1);
    return push(state, { t: 'code', v: value }, end.index + 2 * run.length);
  },
  '&'(state) {
    const found = /^&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]+));/.exec(state.source.slice(state.at));
    if (!found) return false;
    const value = found[3] !== undefined ? ENTITIES[found[3]]
      : String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(found[1] ?? found[2], found[1] ? 10 : 16) || 0xfffd));
    return value === undefined ? false : push(state, text(value), found[0].length);
  },
  '<'(state) {
    const rest = state.source.slice(state.at);
    const link = /^<((?:https?|mailto):[^\s<>]*)>/.exec(rest);
    if (link) return push(state, { t: 'link', url: link[1], c: [text(link[1])] }, link[0].length);
    if (state.cell && /^<br ?\/?>/.test(rest)) return push(state, { t: 'br' }, rest.indexOf('>') + 1);
    const tag = /^<(\/?)([a-z]+)((?:\s+[a-z-]+="[^"]*")*)\s*(\/?)>/.exec(rest);
    if (!tag || !TAGS.has(tag[2])) return false;
    return push(state, { t: tag[1] ? 'close' : tag[4] ? 'void' : 'open', tag: tag[2], raw: tag[0] }, tag[0].length);
  },
  '!'(state) {
    if (state.source[state.at + 1] !== '[') return false;
    state.brackets.push({ index: state.nodes.length, image: true });
    return push(state, text('!['), 2);
  },
  '['(state) {
    const citation = /^\[\^[a-z]+:\/\/[^\]\s]+\]/.exec(state.source.slice(state.at));
    if (citation) return push(state, { t: 'void', raw: citation[0] }, citation[0].length);
    state.brackets.push({ index: state.nodes.length, image: false });
    return push(state, text('['), 1);
  },
  ']'(state) {
    const opener = state.brackets.pop();
    const target = opener && /^\]\(\s*(?:<([^<>\n]*)>|((?:[^\s()\\]|\\.|\([^\s()]*\))*))(?:\s+"[^"]*")?\s*\)/.exec(state.source.slice(state.at));
    if (!target) return false;
    const inner = finish(state.nodes.splice(opener.index).slice(1));
    const url = (target[1] ?? target[2]).replace(/\\([!-/:-@[-`{-~])/g, '$1');
    if (opener.image) return push(state, { t: 'image', url, alt: plainOf(inner).replace(/\s+/g, ' ') }, target[0].length);
    for (const bracket of state.brackets) if (!bracket.image) bracket.dead = true;
    state.brackets = state.brackets.filter((bracket) => !bracket.dead);
    return push(state, { t: 'link', url, c: inner }, target[0].length);
  },
  '*': readDelimiter,
  '_': readDelimiter,
  '~': readDelimiter,
  '$'(state) {
    const found = /^\$(?! )([^$\n]*[^\s$\\])\$(?!\d)/.exec(state.source.slice(state.at));
    return found ? push(state, { t: 'math', v: found[1] }, found[0].length) : false;
  },
  '\n'(state) {
    const last = state.nodes.at(-1);
    const hard = last?.t === 'text' && / {2,}$/.test(last.v);
    if (last?.t === 'text') last.v = last.v.replace(/ +$/, '');
    push(state, { t: hard ? 'br' : 'soft' }, 1);
    state.at += /^ */.exec(state.source.slice(state.at))[0].length;
    return true;
  },
};

function readDelimiter(state) {
  const { source, at } = state;
  const char = source[at];
  let end = at;
  while (source[end] === char) end += 1;
  const before = at === 0 ? ' ' : [...source.slice(Math.max(0, at - 2), at)].at(-1);
  const after = end >= source.length ? ' ' : String.fromCodePoint(source.codePointAt(end));
  const [open, close] = flanking(char, before, after);
  if (char === '~' && end - at > 2) return push(state, text(source.slice(at, end)), end - at);
  return push(state, { t: 'delim', ch: char, n: end - at, len: end - at, open, close }, end - at);
}

const isSpace = (char) => /\s/u.test(char);
const isPunct = (char) => /[\p{P}\p{S}]/u.test(char);

function flanking(char, before, after) {
  const left = !isSpace(after) && (!isPunct(after) || isSpace(before) || isPunct(before));
  const right = !isSpace(before) && (!isPunct(before) || isSpace(after) || isPunct(after));
  if (char !== '_') return [left, right];
  return [left && (!right || isPunct(before)), right && (!left || isPunct(after))];
}

function finish(nodes) {
  return merge(pairTags(nodes));
}

function pairTags(nodes) {
  const out = [];
  for (const node of nodes) {
    if (node.t !== 'close') {
      out.push(node);
      continue;
    }
    const start = out.findLastIndex((it) => it.t === 'open' && it.tag === node.tag);
    if (start < 0) {
      out.push(text(node.raw));
      continue;
    }
    const [open, ...inner] = out.splice(start);
    out.push({ t: 'tag', tag: open.tag, raw: open.raw, c: merge(emphasis(literalTags(inner))) });
  }
  return emphasis(literalTags(out));
}

const literalTags = (nodes) => nodes.map((node) => (node.t === 'open' ? text(node.raw) : node));

function emphasis(nodes) {
  for (let i = 0; i < nodes.length; i += 1) {
    const closer = nodes[i];
    if (closer.t !== 'delim' || !closer.close || closer.n === 0) continue;
    const start = findOpener(nodes, i);
    if (start < 0) continue;
    const opener = nodes[start];
    const size = closer.ch === '~' ? closer.n : Math.min(2, opener.n, closer.n);
    const inner = literalDelims(nodes.slice(start + 1, i));
    const kind = closer.ch === '~' ? 'del' : size === 2 ? 'strong' : 'em';
    opener.n -= size;
    closer.n -= size;
    nodes.splice(start + 1, i - start - 1, { t: kind, c: merge(inner) });
    i = start + 1;
  }
  return literalDelims(nodes);
}

function findOpener(nodes, at) {
  const closer = nodes[at];
  for (let i = at - 1; i >= 0; i -= 1) {
    const node = nodes[i];
    if (node.t !== 'delim' || node.ch !== closer.ch || !node.open || node.n === 0) continue;
    if (closer.ch === '~' && node.n !== closer.n) continue;
    const odd = (closer.open || node.close) && (node.len + closer.len) % 3 === 0 &&
      !(node.len % 3 === 0 && closer.len % 3 === 0);
    if (!odd || closer.ch === '~') return i;
  }
  return -1;
}

const literalDelims = (nodes) => nodes.flatMap((node) =>
  (node.t !== 'delim' ? [node] : node.n > 0 ? [text(node.ch.repeat(node.n))] : []));

function merge(nodes) {
  const out = [];
  for (const node of nodes) {
    const last = out.at(-1);
    if (node.t === 'text' && last?.t === 'text') last.v += node.v;
    else if (node.t === 'text' && node.v === '') continue;
    else out.push(node.t === 'text' ? { ...node } : node);
  }
  return out;
}

export function plainOf(nodes) {
  return nodes.map((node) => {
    if (node.t === 'br') return '\n';
    if (node.t === 'soft') return ' ';
    if (node.t === 'image') return node.alt;
    return node.v ?? (node.c ? plainOf(node.c) : '');
  }).join('');
}

function escapeText(value) {
  return value
    .replace(/[\\`*[\]<~$]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/&(?=#?\w+;)/g, '\\&');
}

const WRAPS = { strong: ['**', '**', 'b'], em: ['_', '_', 'i'], del: ['~~', '~~', 's'] };

export function printInline(nodes, { cell = false, soft = ' ' } = {}) {
  const out = [];
  for (const node of nodes) out.push(printNode(node, nodes, { cell, soft }));
  const line = out.join('');
  return cell ? line.replace(/\|/g, '\\|') : line;
}

function printNode(node, siblings, options) {
  switch (node.t) {
    case 'text': {
      const next = siblings[siblings.indexOf(node) + 1];
      return next?.t === 'link' ? escapeText(node.v).replace(/!$/, '\\!') : escapeText(node.v);
    }
    case 'code': return printCode(node.v);
    case 'br': return options.cell ? '<br />' : '\\\n';
    case 'soft': return options.cell ? ' ' : options.soft;
    case 'math': return `$${node.v}$`;
    case 'void': return node.raw;
    case 'tag': return `${node.raw}${printInline(node.c, inner(options))}</${node.tag}>`;
    case 'image': return `![${escapeText(node.alt)}](${printUrl(node.url)})`;
    case 'link': return `[${printInline(node.c, inner(options))}](${printUrl(node.url)})`;
    default: return printWrapped(node, siblings, options);
  }
}

const inner = (options) => ({ ...options, cell: false, soft: options.cell ? ' ' : options.soft });

// Delimiters work only if CommonMark lets them open and close; elsewhere the tag form is
// the one that reads back as what it was.
function printWrapped(node, siblings, options) {
  const content = printInline(node.c, inner(options));
  const [open, close, tag] = WRAPS[node.t];
  const at = siblings.indexOf(node);
  const outside = [edgeOf(siblings[at - 1], -1), edgeOf(siblings[at + 1], 0)];
  const chars = [...plainOf(node.c)];
  const inside = [chars[0] ?? ' ', chars.at(-1) ?? ' '];
  const works = (mark) => outside[0] !== null && outside[1] !== null && !isSpace(inside[0]) && !isSpace(inside[1]) &&
    flanking(mark, outside[0], inside[0])[0] && flanking(mark, inside[1], outside[1])[1];
  if (works(open[0])) return `${open}${content}${close}`;
  if (node.t === 'em' && works('*')) return `*${content}*`;
  return `<${tag}>${content}</${tag}>`;
}

// The character next to a delimiter; null if another delimiter or tag is there.
function edgeOf(node, index) {
  if (node === undefined || node.t === 'br' || node.t === 'soft') return ' ';
  return node.t === 'text' ? [...node.v].at(index) : null;
}

function printCode(value) {
  const longest = Math.max(0, ...(value.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$|^ .*[^ ].* $/.test(value) ? ' ' : '';
  return `${fence}${pad}${value}${pad}${fence}`;
}

function printUrl(url) {
  return /[\s()<>]/.test(url) ? `<${url.replace(/[<>\n]/g, encodeURIComponent)}>` : url;
}

// --- rich text of the JSON interface ---

const PLAIN = { bold: false, italic: false, strikethrough: false, underline: false, code: false, color: 'default' };
const MARKS = { strong: { bold: true }, em: { italic: true }, del: { strikethrough: true } };
const TAG_MARKS = { u: { underline: true }, b: { bold: true }, i: { italic: true }, s: { strikethrough: true } };

export function inlineToRuns(nodes, marks = PLAIN, link = null) {
  return nodes.flatMap((node) => {
    const run = (content, more = {}) => ({ type: 'text', text: { content, link }, annotations: { ...marks, ...more } });
    switch (node.t) {
      case 'text': return [run(node.v)];
      case 'code': return [run(node.v, { code: true })];
      case 'br': return [run('\n')];
      case 'soft': return [run(' ')];
      case 'math': return [{ type: 'equation', equation: { expression: node.v }, annotations: marks }];
      case 'link': return inlineToRuns(node.c, marks, { url: node.url });
      case 'tag': return inlineToRuns(node.c, { ...marks, ...TAG_MARKS[node.tag] }, link);
      case 'image': return [run(node.alt)];
      case 'void': return [run(node.raw)];
      default: return inlineToRuns(node.c, { ...marks, ...MARKS[node.t] }, link);
    }
  });
}

export function runsToInline(runs) {
  return merge(runs.flatMap((run) => {
    const marks = run.annotations ?? PLAIN;
    if (run.type === 'equation') return [{ t: 'math', v: run.equation.expression }];
    const content = run.type === 'mention' ? run.plain_text ?? '' : run.text.content;
    let nodes = marks.code ? [{ t: 'code', v: content }]
      : content.split('\n').flatMap((line, i) => (i === 0 ? [text(line)] : [{ t: 'br' }, text(line)]));
    if (marks.underline) nodes = [{ t: 'tag', tag: 'u', raw: '<u>', c: nodes }];
    for (const [kind, mark] of Object.entries(MARKS)) {
      if (marks[Object.keys(mark)[0]]) nodes = [{ t: kind, c: nodes }];
    }
    return run.text?.link ? [{ t: 'link', url: run.text.link.url, c: nodes }] : nodes;
  }));
}
