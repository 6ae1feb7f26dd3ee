import { expectLength, expectOneOf, expectType, isObject, onlyKeys, show, validation } from './errors.mjs';
import { isoMinute, parseId } from './ids.mjs';
import { cutMentions, plainText, readRichText, textItems, writeRichText } from './richtext.mjs';
import { checkOptionName, isReadOnly, newOption, sameName } from './schema.mjs';

// --- requests: value of a property as a request carries it, to the stored form ---

// Returns a function that stores the value; it runs after the whole request was found good.
export function planValue(property, value, where, world) {
  if (!isObject(value)) throw validation(`body failed validation: ${where} should be an object, instead was \`${show(value)}\`.`);
  const keys = Object.keys(value).filter((key) => !['type', 'id', 'name'].includes(key));
  if (keys.length !== 1 || keys[0] !== property.type || (value.type !== undefined && value.type !== property.type)) {
    throw validation(`${property.name} is expected to be ${property.type}.`);
  }
  if (isReadOnly(property.type)) {
    throw validation(`${property.name} is of type ${property.type} and cannot be updated.`);
  }
  const reader = READERS[property.type];
  if (!reader) throw validation(`Values of type ${property.type} cannot be written.`);
  return reader(value[property.type], `${where}.${property.type}`, property, world);
}

const keep = (value) => () => value;

const READERS = {
  title: (value, where, _, world) => keep(readRichText(value, where, world)),
  rich_text: (value, where, _, world) => keep(readRichText(value, where, world)),
  number(value, where) {
    if (value !== null && (typeof value !== 'number' || !Number.isFinite(value))) {
      throw validation(`body failed validation: ${where} should be a number or \`null\`, instead was \`${show(value)}\`.`);
    }
    return keep(value);
  },
  select: (value, where, property, world) => (value === null ? keep(null) : readOption(value, where, property, world)),
  multi_select(value, where, property, world) {
    expectLength(expectType(value, 'array', where), 100, where);
    const plans = value.map((item, i) => readOption(item, `${where}[${i}]`, property, world));
    return () => [...new Set(plans.map((plan) => plan()))];
  },
  status(value, where, property) {
    if (value === null) return keep(property.config.options[0].id);
    const found = findOption(value, where, property);
    if (!found) throw validation(`Invalid status option. Status option "${value.name ?? value.id}" does not exist".`);
    return keep(found.id);
  },
  people(value, where, _, world) {
    expectLength(expectType(value, 'array', where), 100, where);
    const users = value.map((item, i) => {
      onlyKeys(item, ['object', 'id', 'name', 'avatar_url', 'type', 'person'], `${where}[${i}]`);
      if (item.object !== undefined) expectOneOf(item.object, ['user'], `${where}[${i}].object`);
      return world.userById(parseId(item.id, 'body')).id;
    });
    return keep([...new Set(users)]);
  },
  date: (value, where) => keep(value === null ? null : readDate(value, where)),
  url: (value, where) => keep(readString(value, where, 2000)),
  email: (value, where) => keep(readString(value, where, 200)),
  phone_number: (value, where) => keep(readString(value, where, 200)),
  checkbox: (value, where) => keep(expectType(value, 'boolean', where)),
  relation(value, where, property, world) {
    expectLength(expectType(value, 'array', where), 100, where);
    const pages = value.map((item, i) => {
      onlyKeys(item, ['id'], `${where}[${i}]`);
      const id = parseId(item.id, 'body');
      if (world.pages.get(id)?.dataSourceId !== property.config.data_source_id) {
        throw validation(`The relation points to a page that is not in its data source: ${id}`);
      }
      return id;
    });
    return keep([...new Set(pages)]);
  },
  files(value, where) {
    expectLength(expectType(value, 'array', where), 100, where);
    return keep(value.map((item, i) => {
      onlyKeys(item, ['type', 'name', 'external'], `${where}[${i}]`);
      if (item.type !== undefined) expectOneOf(item.type, ['external'], `${where}[${i}].type`);
      expectLength(expectType(item.name, 'string', `${where}[${i}].name`), 100, `${where}[${i}].name`, 1);
      return { name: item.name, type: 'external', external: { url: readString(item.external?.url ?? '', where, 2000) } };
    }));
  },
};

function readString(value, where, max) {
  if (value === null) return null;
  return expectLength(expectType(value, 'string', where), max, where, 1);
}

const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

function readDate(value, where) {
  onlyKeys(value, ['start', 'end', 'time_zone'], where);
  for (const key of ['start', 'end']) {
    const text = value[key];
    if (key === 'end' && (text === undefined || text === null)) continue;
    if (typeof text !== 'string' || !DATE.test(text) || Number.isNaN(Date.parse(text))) {
      throw validation(`body failed validation: ${where}.${key} should be a valid ISO 8601 date string, instead was \`${show(text)}\`.`);
    }
  }
  return { start: value.start, end: value.end ?? null, time_zone: value.time_zone ?? null };
}

function findOption(value, where, property) {
  onlyKeys(value, ['id', 'name', 'color', 'description'], where);
  if (value.id === undefined && value.name === undefined) {
    throw validation(`body failed validation: ${where} should have a name or an id, instead was \`${show(value)}\`.`);
  }
  if (value.id !== undefined) expectLength(expectType(value.id, 'string', `${where}.id`), 100, `${where}.id`, 1);
  else checkOptionName(value.name, `${where}.name`);
  const { options } = property.config;
  if (value.id !== undefined) return options.find((option) => option.id === value.id);
  return options.find((option) => option.name === value.name) ?? options.find((option) => sameName(option.name, value.name));
}

function readOption(value, where, property, world) {
  const found = findOption(value, where, property);
  if (found) return keep(found.id);
  if (value.name === undefined) throw validation(`Option with id ${value.id} does not exist on property ${property.name}.`);
  return () => {
    const known = property.config.options.find((option) => sameName(option.name, value.name));
    if (known) return known.id;
    const option = newOption(world.ids, value.name);
    property.config.options.push(option);
    return option.id;
  };
}

// --- answers ---

export function emptyValue(property) {
  switch (property.type) {
    case 'title': case 'rich_text': case 'multi_select': case 'people': case 'relation': case 'files': return [];
    case 'checkbox': return false;
    case 'status': return property.config.options[0]?.id ?? null;
    default: return null;
  }
}

export function valueOf(page, property) {
  return page.values.get(property.id) ?? emptyValue(property);
}

const optionJson = ({ id, name, color }) => ({ id, name, color });

export function writeValue(page, property, world) {
  const id = encodeURIComponent(property.id);
  const { type } = property;
  if (type === 'relation') {
    const all = valueOf(page, property);
    return { id, type, relation: all.slice(0, 25).map((page_id) => ({ id: page_id })), has_more: all.length > 25 };
  }
  return { id, type, [type]: WRITERS[type] ? WRITERS[type](page, property, world) : valueOf(page, property) };
}

const WRITERS = {
  title: (page, property, world) => writeRichText(cutMentions(valueOf(page, property)), world),
  rich_text: (page, property, world) => writeRichText(cutMentions(valueOf(page, property)), world),
  select: (page, property) => oneOption(page, property),
  status: (page, property) => oneOption(page, property),
  multi_select: (page, property) => valueOf(page, property).map((id) => property.config.options.find((option) => option.id === id)).filter(Boolean).map(optionJson),
  people: (page, property, world) => valueOf(page, property).slice(0, 25).map((id) => world.userJson(id)),
  created_time: (page) => isoMinute(page.created),
  last_edited_time: (page) => isoMinute(page.edited),
  created_by: (page, _, world) => world.userJson(page.createdBy),
  last_edited_by: (page, _, world) => world.userJson(page.editedBy),
  unique_id: (page, property) => ({ prefix: property.config.prefix, number: page.number }),
  formula: () => ({ type: 'string', string: null }),
  rollup: () => ({ type: 'number', number: null, function: 'count' }),
};

function oneOption(page, property) {
  const option = property.config.options.find((it) => it.id === valueOf(page, property));
  return option ? optionJson(option) : null;
}

// --- property items ---

const LISTED = ['title', 'rich_text', 'people', 'relation'];

export function propertyItems(page, property, world) {
  const { type } = property;
  if (!LISTED.includes(type)) return null;
  const head = { object: 'property_item', id: encodeURIComponent(property.id), type };
  const values = valueOf(page, property);
  if (type === 'people') return values.map((id) => ({ ...head, people: world.userJson(id) }));
  if (type === 'relation') return values.map((id) => ({ ...head, relation: { id } }));
  return writeRichText(values, world).map((item) => ({ ...head, [type]: item }));
}

// --- plain values, for tests ---

export function plainValue(page, property, world) {
  const value = valueOf(page, property);
  const name = (id) => property.config.options.find((option) => option.id === id)?.name ?? null;
  switch (property.type) {
    case 'title': case 'rich_text': return plainText(value, world);
    case 'select': case 'status': return name(value);
    case 'multi_select': return value.map(name).filter((it) => it !== null).sort();
    case 'people': return value.map((id) => world.users.get(id)?.name ?? id).sort();
    case 'relation': return [...value].sort();
    default: return value;
  }
}

// Simple JavaScript values of tests, turned into what a request would carry.
export function rawValue(property, value, world) {
  const { type } = property;
  if (isObject(value) && Object.hasOwn(value, type)) return value;
  const wrap = (it) => ({ [type]: it });
  switch (type) {
    case 'title': case 'rich_text': return wrap(Array.isArray(value) ? value : textItems(String(value ?? '')).map(({ text }) => ({ text })));
    case 'select': case 'status': return wrap(typeof value === 'string' ? { name: value } : value);
    case 'multi_select': return wrap((value ?? []).map((it) => (typeof it === 'string' ? { name: it } : it)));
    case 'people': return wrap((value ?? []).map((it) => ({ id: world.userRef(it).id })));
    case 'relation': return wrap((value ?? []).map((id) => ({ id })));
    case 'date': return wrap(typeof value === 'string' ? { start: value } : value);
    default: return wrap(value);
  }
}
