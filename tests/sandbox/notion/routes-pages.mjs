import { checkChildren, countBlocks, readMarkdown, setContent } from './content.mjs';
import { expectLength, expectType, isObject, onlyKeys, show, trashed, validation } from './errors.mjs';
import { parseId } from './ids.mjs';
import { onlyProperties } from './only.mjs';
import { readBlocks } from './blocks.mjs';
import { textItems } from './richtext.mjs';
import { safeDecode } from './schema.mjs';
import { plainBlock } from './markdown.mjs';
import { planValue, propertyItems, writeValue } from './values.mjs';
import { pageSize } from './routes-data.mjs';

const CREATE_KEYS = [
  'parent', 'properties', 'icon', 'cover', 'content', 'children', 'markdown', 'markdown_version', 'template', 'position', 'allow_async',
];

export function createPage(world, { body, query }) {
  onlyKeys(body, CREATE_KEYS, 'body');
  if (body.allow_async !== undefined) expectType(body.allow_async, 'boolean', 'body.allow_async');
  const parent = readParent(world, body.parent);
  const plan = planProperties(world, parent.source, body.properties === undefined ? {} : body.properties, 'body.properties');
  const only = onlyOfWrite(world, parent.source?.schema, query);
  const looks = { icon: readIcon(body.icon, 'icon'), cover: readIcon(body.cover, 'cover') };
  const blocks = readContent(world, body);
  checkTemplate(body);
  const page = world.newPage({ source: parent.source, parentPageId: parent.pageId, by: world.token.userId });
  Object.assign(page, looks);
  applyPlan(page, plan);
  if (body.markdown !== undefined && !page.values.has('title')) liftTitle(page, blocks);
  world.publish(page);
  if (blocks.length > 0) setContent(page, blocks, world, world.token.userId);
  const answer = world.token.capabilities.has('read_content') ? world.pageJson(page, only) : { object: 'page', id: page.id };
  return body.markdown !== undefined ? world.maybeAsync(body, answer) : answer;
}

function readParent(world, parent) {
  if (!isObject(parent)) throw validation('body failed validation: body.parent should be defined, instead was `undefined`.');
  const keys = Object.keys(parent).filter((key) => key !== 'type');
  const allowed = ['data_source_id', 'database_id', 'page_id', 'workspace'];
  if (keys.length !== 1 || !allowed.includes(keys[0]) || (parent.type !== undefined && parent.type !== keys[0])) {
    throw validation(`body failed validation: body.parent should name exactly one of ${allowed.join(', ')}, instead was \`${show(parent)}\`.`);
  }
  if (keys[0] === 'workspace') throw validation('Internal integrations cannot create pages at the level of the workspace.');
  const id = parseId(parent[keys[0]], 'body');
  if (keys[0] === 'page_id') return { pageId: live(world.page(id)).id };
  return { source: keys[0] === 'data_source_id' ? world.dataSource(id) : onlySource(world, world.database(id)) };
}

function onlySource(world, database) {
  if (database.dataSources.length === 1) return world.dataSources.get(database.dataSources[0]);
  throw validation(`Databases with multiple data sources are not supported in this API version.`, {
    error_type: 'multiple_data_sources_for_database',
    database_id: database.id,
    child_data_source_ids: [...database.dataSources],
    minimum_api_version: '2025-09-03',
  });
}

function live(page) {
  if (page.inTrash) throw trashed();
  return page;
}

// Values are stored by steps that run after the whole request was found good.
function planProperties(world, source, properties, where) {
  expectType(properties, 'object', where);
  return Object.entries(properties).map(([key, value]) => {
    const property = source ? source.schema.find(key)
      : ['title', 'Title'].includes(key) ? { id: 'title', name: 'title', type: 'title' } : null;
    if (!property) throw validation(`${key} is not a property that exists.`);
    return { property, store: planValue(property, value, `${where}.${key}`, world) };
  });
}

function applyPlan(page, plan) {
  for (const { property, store } of plan) page.values.set(property.id, store());
}

export function readIcon(value, where) {
  if (value === undefined || value === null) return null;
  expectType(value, 'object', `body.${where}`);
  if (typeof value.emoji === 'string' && where === 'icon') return { type: 'emoji', emoji: value.emoji };
  if (isObject(value.external)) return { type: 'external', external: { url: expectLength(expectType(value.external.url, 'string', `body.${where}.external.url`), 2000, `body.${where}.external.url`, 1) } };
  throw validation(`body failed validation: body.${where} should be an emoji or an external file, instead was \`${show(value)}\`.`);
}

function readContent(world, body) {
  const given = ['children', 'content', 'markdown'].filter((key) => body[key] !== undefined);
  if (given.length > 1) throw validation(`body failed validation: body.${given[1]} should be not present together with body.${given[0]}.`);
  if (body.markdown_version !== undefined && body.markdown === undefined) {
    throw validation('body failed validation: body.markdown_version should be not present without body.markdown.');
  }
  if (given.length > 0) world.need('insert_content');
  if (body.markdown !== undefined) {
    const version = markdownVersion(body.markdown_version, world);
    const blocks = readMarkdown(expectType(body.markdown, 'string', 'body.markdown'), world, version);
    if (countBlocks(blocks) > 1000) throw validation('body failed validation: body.markdown should be of at most 1000 blocks.');
    checkChildren({ blocks: [] }, blocks, false, world);
    return blocks;
  }
  return given.length > 0 ? readBlocks(body[given[0]], `body.${given[0]}`, world) : [];
}

export function markdownVersion(value, world) {
  if (value === 'v2' && !world.settings.markdownV2) throw validation('body failed validation: markdown_version should be `"v1"` or `undefined`, instead was `"v2"`.');
  if (value === undefined) return 'v1';
  if (value !== 'v1' && value !== 'v2') throw validation(`markdown_version should be \`"v1"\` or \`"v2"\`, instead was \`${show(value)}\`.`);
  return value;
}

function checkTemplate(body) {
  if (body.template === undefined) return;
  onlyKeys(body.template, ['type', 'template_id', 'timezone'], 'body.template');
  if (body.template.type !== 'none') throw validation('The data source has no such template.');
}

function liftTitle(page, blocks) {
  if (blocks[0]?.type !== 'heading' || blocks[0].level !== 1) return;
  page.values.set('title', textItems(plainBlock(blocks.shift())));
}

export function getPage(world, { params, query }) {
  const page = world.page(parseId(params.page_id));
  return world.pageJson(page, onlyProperties(world, world.dataSources.get(page.dataSourceId)?.schema, query));
}

const onlyOfWrite = (world, schema, query) => (world.settings.onlyOnWrites ? onlyProperties(world, schema, query) : null);

const PATCH_KEYS = ['properties', 'icon', 'cover', 'in_trash', 'is_archived', 'is_locked', 'template', 'erase_content'];

export function patchPage(world, { params, body, query }) {
  onlyKeys(body, PATCH_KEYS, 'body');
  const page = world.page(parseId(params.page_id));
  for (const key of ['in_trash', 'is_archived', 'is_locked', 'erase_content']) {
    if (body[key] !== undefined) expectType(body[key], 'boolean', `body.${key}`);
  }
  const source = world.dataSources.get(page.dataSourceId);
  const plan = planProperties(world, source, body.properties === undefined ? {} : body.properties, 'body.properties');
  const only = onlyOfWrite(world, source?.schema, query);
  if (page.inTrash && body.in_trash !== false && !(body.in_trash === true && Object.keys(body).length === 1)) throw trashed();
  const looks = Object.fromEntries(['icon', 'cover'].filter((key) => body[key] !== undefined).map((key) => [key, readIcon(body[key], key)]));
  world.change(page, world.token.userId, () => {
    applyPlan(page, plan);
    Object.assign(page, looks);
    if (body.in_trash !== undefined) page.inTrash = body.in_trash;
    if (body.is_archived !== undefined) page.isArchived = body.is_archived;
    if (body.is_locked !== undefined) page.isLocked = body.is_locked;
    if (body.erase_content) page.blocks = [];
  });
  return world.token.capabilities.has('read_content') ? world.pageJson(page, only) : { object: 'page', id: page.id };
}

export function movePage(world, { params, body }) {
  onlyKeys(body, ['parent'], 'body');
  const page = live(world.page(parseId(params.page_id)));
  const { type, ...parent } = expectType(body.parent, 'object', 'body.parent');
  const [key] = Object.keys(parent);
  onlyKeys(parent, ['page_id', 'data_source_id'], 'body.parent');
  if (key === undefined || (type !== undefined && type !== key)) throw validation(`body failed validation: body.parent should name a page or a data source, instead was \`${show(body.parent)}\`.`);
  const id = parseId(parent[key], 'body');
  const target = key === 'page_id' ? { pageId: world.page(id).id } : { source: world.dataSource(id) };
  world.move(page, target, world.token.userId);
  return world.pageJson(page);
}

export function getPropertyItem(world, { params, query }) {
  const page = world.page(parseId(params.page_id));
  const schema = world.dataSources.get(page.dataSourceId)?.schema;
  const key = safeDecode(params.property_id);
  const property = schema ? schema.properties.get(key) ?? schema.properties.get(safeDecode(key))
    : key === 'title' ? { id: 'title', name: 'title', type: 'title' } : null;
  if (!property) throw validation(`Could not find property with name or id: ${key}`);
  const items = propertyItems(page, property, world);
  if (items === null) return { object: 'property_item', ...writeValue(page, property, world) };
  const size = query.has('page_size') ? pageSize(Number(query.get('page_size')), 'query.page_size') : 100;
  const places = items.map((item, i) => ({ id: `${page.id} ${property.id} ${i}`, item }));
  const answer = world.paginate(places, { cursor: query.get('start_cursor') ?? undefined, size, type: 'property_item' });
  answer.results = answer.results.map((place) => place.item);
  const next = answer.next_cursor === null ? null
    : `https://api.notion.com/v1/pages/${page.id}/properties/${encodeURIComponent(property.id)}?start_cursor=${answer.next_cursor}`;
  answer.property_item = { id: encodeURIComponent(property.id), next_url: next, type: property.type, [property.type]: {} };
  return answer;
}

