// Blocks of the JSON interface: request objects to the tree of content.mjs, and back.

import { expectLength, expectType, isObject, onlyKeys, show, validation } from './errors.mjs';
import { fileUrl } from './content.mjs';
import { isoMinute } from './ids.mjs';
import { inlineToRuns, parseInline, printInline, runsToInline } from './inline.mjs';
import { attribute } from './markdown.mjs';
import { readRichText, textItems, writeRichText } from './richtext.mjs';

const NESTING = ['paragraph', 'bulleted_list_item', 'numbered_list_item', 'to_do', 'quote', 'toggle', 'callout'];
const TEXT_KEYS = ['rich_text', 'color', 'children'];
const KEYS = {
  paragraph: [...TEXT_KEYS, 'icon'], bulleted_list_item: TEXT_KEYS, numbered_list_item: [...TEXT_KEYS, 'list_start_index', 'list_format'],
  to_do: [...TEXT_KEYS, 'checked'], quote: TEXT_KEYS, toggle: TEXT_KEYS, callout: [...TEXT_KEYS, 'icon'],
  heading_1: [...TEXT_KEYS, 'is_toggleable'], heading_2: [...TEXT_KEYS, 'is_toggleable'], heading_3: [...TEXT_KEYS, 'is_toggleable'],
  code: ['rich_text', 'caption', 'language'], divider: [], equation: ['expression'], image: ['type', 'external', 'caption'],
  table: ['table_width', 'has_column_header', 'has_row_header', 'children'], bookmark: ['url', 'caption'], embed: ['url', 'caption'],
  table_of_contents: ['color'],
};

export function readBlocks(list, where, world, depth = 0) {
  expectLength(expectType(list, 'array', where), 100, where);
  if (depth > 2) throw validation(`body failed validation: ${where} should be not present: at most two levels of nesting are allowed.`);
  return list.map((item, i) => readBlock(item, `${where}[${i}]`, world, depth));
}

function readBlock(item, where, world, depth) {
  if (!isObject(item)) throw validation(`body failed validation: ${where} should be an object, instead was \`${show(item)}\`.`);
  const types = Object.keys(item).filter((key) => key !== 'object' && key !== 'type');
  const [type] = types;
  if (types.length !== 1 || !Object.hasOwn(KEYS, type) || (item.type !== undefined && item.type !== type)) {
    throw validation(`body failed validation: ${where} should define exactly one known block type, instead was \`${show(item)}\`.`);
  }
  const at = `${where}.${type}`;
  const value = item[type];
  onlyKeys(value, KEYS[type], at);
  const children = value.children === undefined || type === 'table' ? [] : readBlocks(value.children, `${at}.children`, world, depth + 1);
  if (children.length > 0 && !NESTING.includes(type)) throw validation(`body failed validation: ${at}.children should be not present.`);
  return { ...readBody(type, value, at, world), ...(NESTING.includes(type) ? { children } : {}) };
}

function readBody(type, value, at, world) {
  const md = () => printInline(runsToInline(readRichText(value.rich_text, `${at}.rich_text`, world)));
  switch (type) {
    case 'paragraph': return { type: 'paragraph', md: md() };
    case 'bulleted_list_item': return { type: 'bulleted', md: md() };
    case 'numbered_list_item': return { type: 'numbered', md: md() };
    case 'to_do': return { type: 'todo', checked: value.checked === undefined ? false : expectType(value.checked, 'boolean', `${at}.checked`), md: md() };
    case 'quote': return { type: 'quote', tag: 'quote', attrs: '', md: md() };
    case 'toggle': return { type: 'toggle', tag: 'toggle', attrs: '', md: md() };
    case 'callout': return { type: 'callout', tag: 'callout', attrs: iconAttribute(value.icon, at), md: md() };
    case 'heading_1': case 'heading_2': case 'heading_3': return { type: 'heading', level: Number(type.at(-1)), md: md() };
    case 'code': return { type: 'code', language: value.language ?? 'plain text', text: readRichText(value.rich_text, `${at}.rich_text`, world).map((run) => run.text?.content ?? '').join('') };
    case 'equation': return { type: 'equation', text: expectType(value.expression, 'string', `${at}.expression`) };
    case 'image': return { type: 'image', url: expectLength(expectType(value.external?.url, 'string', `${at}.external.url`), 2000, `${at}.external.url`, 1), caption: readRichText(value.caption === undefined ? [] : value.caption, `${at}.caption`, world).map((run) => run.text?.content ?? '').join('') };
    case 'table': return { type: 'table', rows: readRows(value, at, world) };
    case 'bookmark': case 'embed': return { type: 'raw', tag: type, raw: `<${type} source="${expectType(value.url, 'string', `${at}.url`)}" />` };
    case 'table_of_contents': return { type: 'raw', tag: 'table-of-contents', raw: '<table-of-contents />' };
    default: return { type: 'divider' };
  }
}

function iconAttribute(icon, at) {
  if (icon === undefined) return '';
  onlyKeys(icon, ['type', 'emoji'], `${at}.icon`);
  return `icon="${expectLength(expectType(icon.emoji, 'string', `${at}.icon.emoji`), 20, `${at}.icon.emoji`, 1)}"`;
}

function readRows(value, at, world) {
  expectLength(expectType(value.children, 'array', `${at}.children`), 100, `${at}.children`, 1);
  return value.children.map((row, i) => {
    const cells = expectType(row?.table_row?.cells, 'array', `${at}.children[${i}].table_row.cells`);
    if (cells.length !== value.table_width) throw validation('Number of cells in table row must match the table width of the parent table.');
    return cells.map((cell, j) => printInline(runsToInline(readRichText(cell, `${at}.children[${i}].table_row.cells[${j}]`, world)), { cell: true }));
  });
}

// --- answers ---

const TYPES = { bulleted: 'bulleted_list_item', numbered: 'numbered_list_item', todo: 'to_do' };

export function blockJson(block, parent, world) {
  const [type, value] = body(block, world);
  return {
    object: 'block',
    id: block.id,
    parent,
    created_time: isoMinute(block.created),
    last_edited_time: isoMinute(block.edited),
    created_by: world.partialUser(block.createdBy),
    last_edited_by: world.partialUser(block.editedBy),
    has_children: (block.children?.length ?? 0) > 0 || block.type === 'table' || (block.type === 'child_page' && (world.pages.get(block.id)?.blocks.length ?? 0) > 0),
    in_trash: false,
    type,
    [type]: value,
  };
}

const runs = (md, world) => writeRichText(inlineToRuns(parseInline(md)), world);

function body(block, world) {
  const text = () => ({ rich_text: runs(block.md, world), color: attribute(block.attrs ?? '', 'color') ?? 'default' });
  switch (block.type) {
    case 'paragraph': case 'quote': case 'toggle': return [block.type, text()];
    case 'bulleted': case 'numbered': return [TYPES[block.type], text()];
    case 'todo': return ['to_do', { ...text(), checked: block.checked }];
    case 'callout': return ['callout', { ...text(), icon: attribute(block.attrs, 'icon') ? { type: 'emoji', emoji: attribute(block.attrs, 'icon') } : null }];
    case 'heading': if (block.level > 3) return ['unsupported', { block_type: 'heading_4' }]; return [`heading_${block.level}`, { ...text(), is_toggleable: false }];
    case 'code': return ['code', { rich_text: writeRichText(textItems(block.text), world), caption: [], language: block.language || 'plain text' }];
    case 'equation': return ['equation', { expression: block.text }];
    case 'divider': return ['divider', {}];
    case 'image': return ['image', imageJson(block, world)];
    case 'table': return ['table', { table_width: block.rows[0].length, has_column_header: true, has_row_header: false }];
    case 'child_page': return ['child_page', { title: block.title }];
    case 'child_database': return ['child_database', { title: block.title }];
    default: return rawJson(block);
  }
}

function imageJson(block, world) {
  const caption = writeRichText(textItems(block.caption), world);
  if (!block.hosted) return { type: 'external', external: { url: block.url }, caption };
  const expiry = new Date(world.clock.now() + 3600000).toISOString();
  return { type: 'file', file: { url: fileUrl(block, world), expiry_time: expiry }, caption };
}

function rawJson(block) {
  if (block.tag === 'bookmark' || block.tag === 'embed') return [block.tag, { url: attribute(block.raw, 'source') ?? '', caption: [] }];
  if (block.tag === 'table-of-contents') return ['table_of_contents', { color: 'default' }];
  return ['unsupported', { block_type: (block.tag ?? block.type).replace(/-/g, '_') }];
}

export function rowJson(table, index, world) {
  return {
    ...blockJson({ ...table, id: table.rowIds[index] }, { type: 'block_id', block_id: table.id }, world),
    has_children: false,
    type: 'table_row',
    table: undefined,
    table_row: { cells: table.rows[index].map((cell) => writeRichText(inlineToRuns(parseInline(cell, { cell: true })), world)) },
  };
}
