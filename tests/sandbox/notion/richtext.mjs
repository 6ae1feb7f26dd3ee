import { expectLength, expectOneOf, expectType, isObject, onlyKeys, show, validation } from './errors.mjs';
import { inlineToRuns, parseInline } from './inline.mjs';
import { parseId } from './ids.mjs';

const ANNOTATIONS = ['bold', 'italic', 'strikethrough', 'underline', 'code', 'color'];
const PLAIN = { bold: false, italic: false, strikethrough: false, underline: false, code: false, color: 'default' };
const HUES = ['default', 'gray', 'brown', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'red'];
const COLORS = [...HUES, ...HUES.map((hue) => `${hue}_background`)];
const KINDS = ['text', 'mention', 'equation'];

// Checks an array of rich text as a request carries it, and returns it as it is stored.
export function readRichText(value, where, world) {
  expectLength(expectType(value, 'array', where), 100, where);
  return value.map((item, i) => readItem(item, `${where}[${i}]`, world)).filter((item) => item !== null);
}

function readItem(item, where, world) {
  onlyKeys(item, ['type', ...KINDS, 'annotations', 'plain_text', 'href'], where);
  const kinds = KINDS.filter((kind) => item[kind] !== undefined);
  if (kinds.length !== 1 || (item.type !== undefined && item.type !== kinds[0])) {
    throw validation(`body failed validation: ${where} should have exactly one of text, mention, equation, instead was \`${show(item)}\`.`);
  }
  const annotations = readAnnotations(item.annotations, where);
  switch (kinds[0]) {
    case 'text': return readText(item.text, annotations, `${where}.text`);
    case 'equation': {
      onlyKeys(item.equation, ['expression'], `${where}.equation`);
      const expression = expectLength(expectType(item.equation.expression, 'string', `${where}.equation.expression`), 1000, `${where}.equation.expression`);
      return { type: 'equation', equation: { expression }, annotations };
    }
    default: return { type: 'mention', mention: readMention(item.mention, `${where}.mention`, world), annotations };
  }
}

function readAnnotations(value, where) {
  if (value === undefined) return PLAIN;
  onlyKeys(value, ANNOTATIONS, `${where}.annotations`);
  for (const [key, mark] of Object.entries(value)) {
    if (key === 'color') expectOneOf(mark, COLORS, `${where}.annotations.color`);
    else expectType(mark, 'boolean', `${where}.annotations.${key}`);
  }
  return { ...PLAIN, ...value };
}

function readText(value, annotations, where) {
  onlyKeys(value, ['content', 'link'], where);
  const content = expectLength(expectType(value.content, 'string', `${where}.content`), 2000, `${where}.content`);
  let link = null;
  if (value.link !== undefined && value.link !== null) {
    onlyKeys(value.link, ['url', 'type'], `${where}.link`);
    link = { url: expectLength(expectType(value.link.url, 'string', `${where}.link.url`), 2000, `${where}.link.url`) };
    if (!/^(?:[a-z][a-z0-9+.-]*:|\/)/i.test(link.url)) throw validation(`Invalid URL for link.`);
  }
  return content === '' ? null : { type: 'text', text: { content, link }, annotations };
}

function readMention(value, where, world) {
  if (!isObject(value)) throw validation(`body failed validation: ${where} should be an object, instead was \`${show(value)}\`.`);
  if (isObject(value.user)) return { type: 'user', user: { object: 'user', id: world.userById(parseId(value.user.id, 'body')).id } };
  if (isObject(value.page)) return { type: 'page', page: { id: parseId(value.page.id, 'body') } };
  if (isObject(value.database)) return { type: 'database', database: { id: parseId(value.database.id, 'body') } };
  if (isObject(value.date)) return { type: 'date', date: { start: value.date.start, end: value.date.end ?? null, time_zone: value.date.time_zone ?? null } };
  throw validation(`body failed validation: ${where} should be a mention of a user, page, database or date, instead was \`${show(value)}\`.`);
}

export function plainItem(item, world) {
  if (item.type === 'text') return item.text.content;
  if (item.type === 'equation') return item.equation.expression;
  const { mention } = item;
  if (mention.type === 'user') return `@${world.users.get(mention.user.id)?.name ?? 'Anonymous'}`;
  if (mention.type === 'page') return world.titleOf(mention.page.id);
  if (mention.type === 'date') return mention.date.start;
  return 'Untitled';
}

export function writeRichText(items, world) {
  return items.map((item) => ({
    ...item,
    plain_text: plainItem(item, world),
    href: item.text?.link?.url ?? null,
  }));
}

export const plainText = (items, world) => items.map((item) => plainItem(item, world)).join('');

// Page objects show the first 25 mentions of a text only.
export function cutMentions(items) {
  let mentions = 0;
  const end = items.findIndex((item) => item.type === 'mention' && (mentions += 1) > 25);
  return end < 0 ? items : items.slice(0, end);
}

export function textItems(text) {
  const items = [];
  for (let at = 0; at < text.length; at += 2000) {
    items.push({ type: 'text', text: { content: text.slice(at, at + 2000), link: null }, annotations: PLAIN });
  }
  return items;
}

export function markdownItems(markdown) {
  return inlineToRuns(parseInline(markdown)).flatMap((run) => (run.type !== 'text' || run.text.content.length <= 2000 ? [run]
    : textItems(run.text.content).map((piece) => ({ ...run, text: { ...run.text, content: piece.text.content } }))));
}
