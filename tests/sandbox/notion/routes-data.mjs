import { expectOneOf, expectType, isObject, notFound, onlyKeys, show, validation } from './errors.mjs';
import { parseId } from './ids.mjs';
import { onlyProperties } from './only.mjs';
import { compileFilter, compileSorts } from './query.mjs';
import { readRichText, plainText } from './richtext.mjs';
import { applyProperties, planProperties } from './schema.mjs';

export function getDatabase(world, { params }) {
  return world.databaseJson(world.database(parseId(params.database_id)));
}

export function getDataSource(world, { params }) {
  return world.dataSourceJson(world.dataSource(parseId(params.data_source_id)));
}

export function patchDataSource(world, { params, body }) {
  onlyKeys(body, ['title', 'icon', 'properties', 'in_trash', 'parent'], 'body');
  const source = world.dataSource(parseId(params.data_source_id));
  const title = body.title === undefined ? null : readRichText(body.title, 'body.title', world);
  const steps = body.properties === undefined ? [] : planProperties(source.schema, body.properties, world);
  if (body.in_trash !== undefined) expectType(body.in_trash, 'boolean', 'body.in_trash');
  applyProperties(source, steps);
  for (const step of steps) if (step.type) convertValues(world, source, step);
  if (title !== null) source.name = plainText(title, world);
  if (body.in_trash !== undefined) source.inTrash = body.in_trash;
  world.touchSource(source, world.token.userId);
  return world.dataSourceJson(source);
}

// Rows lose values of options that are gone, and values of another type.
function convertValues(world, source, { property, oldType, type, config }) {
  if (!property) return;
  const ids = config.options ? new Set(config.options.map((option) => option.id)) : null;
  for (const pageId of source.pages) {
    const { values } = world.pages.get(pageId);
    const value = values.get(property.id);
    if (value === undefined) continue;
    if (oldType !== type) values.delete(property.id);
    else if (type === 'multi_select') values.set(property.id, value.filter((id) => ids.has(id)));
    else if (ids !== null && !ids.has(value)) values.delete(property.id);
  }
}

// --- query ---

const QUERY_KEYS = ['filter', 'sorts', 'start_cursor', 'page_size', 'is_archived', 'result_type'];

export function querySource(world, { params, body, query }) {
  onlyKeys(body, QUERY_KEYS, 'body');
  const source = world.dataSource(parseId(params.data_source_id));
  if (source.inTrash || world.databases.get(source.databaseId).inTrash) throw notFound('data source', source.id, world.token.name);
  const only = onlyProperties(world, source.schema, query);
  const size = pageSize(body.page_size, 'body.page_size');
  checkCursor(body.start_cursor);
  const all = body.result_type === 'data_source' ? [] : matching(world, source, body);
  const capped = all.length > world.settings.queryCap;
  const list = capped ? all.slice(0, world.settings.queryCap) : all;
  const scope = JSON.stringify([source.id, body.filter, body.sorts, body.is_archived]);
  const answer = world.paginate(list, { cursor: body.start_cursor, size, type: 'page_or_data_source', scope });
  const atCap = capped && !answer.has_more;
  if (atCap) answer.request_status = { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' };
  else if (world.settings.requestStatus === 'always') answer.request_status = { type: 'complete' };
  answer.results = answer.results.map((page) => world.pageJson(page, only));
  return answer;
}

export function pageSize(value, where) {
  if (value === undefined) return 100;
  if (!Number.isInteger(value) || value < 1 || value > 100) {
    throw validation(`body failed validation: ${where} should be an integer from 1 to 100, instead was \`${show(value)}\`.`);
  }
  return value;
}

function checkCursor(value) {
  if (value !== undefined && value !== null) expectType(value, 'string', 'body.start_cursor');
}

// Sorting 100,000 rows for each page of an answer would make long lists slow, so that the list
// is kept while nothing changes.
function matching(world, source, body) {
  const { filter, sorts, is_archived: archived = false } = body;
  if (body.result_type !== undefined && body.result_type !== 'page') {
    throw validation(`body failed validation: body.result_type should be \`"page"\` or \`"data_source"\`, instead was \`${show(body.result_type)}\`.`);
  }
  expectType(archived, 'boolean', 'body.is_archived');
  const test = filter === undefined ? () => true : compileFilter(filter, source, world);
  const compare = sorts === undefined ? (a, b) => (a.id < b.id ? -1 : 1) : compileSorts(sorts, source, world);
  const key = JSON.stringify([filter, sorts, archived]);
  const lag = world.settings.queryLag;
  const usable = lag <= 0 && !/(?:this|past|next)_/.test(key);
  if (usable && source.cache?.key === key && source.cache.version === source.version) return source.cache.list;
  const list = [];
  for (const id of source.pages) {
    const page = world.view(world.pages.get(id), lag);
    if (page && page.dataSourceId === source.id && !page.inTrash && page.isArchived === archived && test(page)) list.push(page);
  }
  list.sort(compare);
  source.cache = usable ? { key, version: source.version, list } : null;
  return list;
}

// --- search ---

export function search(world, { body }) {
  onlyKeys(body, ['query', 'sort', 'filter', 'start_cursor', 'page_size'], 'body');
  const size = pageSize(body.page_size, 'body.page_size');
  const kind = searchKind(body.filter);
  const wanted = expectType(body.query === undefined ? '' : body.query, 'string', 'body.query').toLowerCase();
  if (body.start_cursor !== undefined) expectType(body.start_cursor, 'string', 'body.start_cursor');
  if (body.sort !== undefined) {
    onlyKeys(body.sort, ['timestamp', 'direction'], 'body.sort');
    expectOneOf(body.sort.timestamp, ['last_edited_time'], 'body.sort.timestamp');
    expectOneOf(body.sort.direction, ['ascending', 'descending'], 'body.sort.direction');
  }
  const found = [];
  if (kind !== 'data_source') found.push(...searchPages(world, wanted));
  if (kind !== 'page') {
    for (const source of world.dataSources.values()) {
      const database = world.databases.get(source.databaseId);
      if (world.sharedDatabase(database) && !database.inTrash && source.name.toLowerCase().includes(wanted)) found.push(source);
    }
  }
  const sign = body.sort?.direction === 'ascending' ? 1 : -1;
  found.sort((a, b) => sign * (a.edited - b.edited) || (a.id < b.id ? -1 : 1));
  const answer = world.paginate(found, { cursor: body.start_cursor, size, type: 'page_or_data_source' });
  answer.results = answer.results.map((it) => (it.schema ? world.dataSourceJson(it) : world.pageJson(it)));
  return answer;
}

function searchKind(filter) {
  if (filter === undefined) return null;
  onlyKeys(filter, ['property', 'value'], 'body.filter');
  if (filter.property !== 'object' || !['page', 'data_source'].includes(filter.value)) {
    throw validation(`body failed validation: body.filter.value should be \`"page"\` or \`"data_source"\`, instead was \`${show(filter)}\`.`);
  }
  return filter.value;
}

function searchPages(world, wanted) {
  const found = [];
  for (const page of world.pages.values()) {
    const seen = world.view(page, world.settings.searchLag);
    if (isObject(seen) && !seen.inTrash && world.sharedPage(seen) && world.pageTitle(seen).toLowerCase().includes(wanted)) found.push(seen);
  }
  return found;
}
