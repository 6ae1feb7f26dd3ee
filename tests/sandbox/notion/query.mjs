import { expectLength, expectType, isObject, onlyKeys, show, validation } from './errors.mjs';
import { floorMinute, parseId } from './ids.mjs';
import { plainText } from './richtext.mjs';
import { sameName } from './schema.mjs';
import { valueOf } from './values.mjs';

const EXISTENCE = ['is_empty', 'is_not_empty'];
const NUMBERS = ['equals', 'does_not_equal', 'greater_than', 'less_than', 'greater_than_or_equal_to', 'less_than_or_equal_to', ...EXISTENCE];
const TEXTS = ['equals', 'does_not_equal', 'contains', 'does_not_contain', 'starts_with', 'ends_with', ...EXISTENCE];
const RELATIVE = ['this_week', 'past_week', 'past_month', 'past_year', 'next_week', 'next_month', 'next_year'];
const DATES = ['equals', 'before', 'after', 'on_or_before', 'on_or_after', ...RELATIVE, ...EXISTENCE];
const LISTS = ['contains', 'does_not_contain', ...EXISTENCE];
const CONDITIONS = {
  number: NUMBERS, unique_id: NUMBERS, title: TEXTS, rich_text: TEXTS, url: TEXTS, email: TEXTS, phone_number: TEXTS,
  select: ['equals', 'does_not_equal', ...EXISTENCE], status: ['equals', 'does_not_equal', ...EXISTENCE],
  multi_select: LISTS, people: LISTS, relation: LISTS, created_by: LISTS, last_edited_by: LISTS, files: EXISTENCE,
  checkbox: ['equals', 'does_not_equal'], date: DATES, created_time: DATES, last_edited_time: DATES,
};
const DAY = 86400000;

// Returns a function of a page. Two levels of and/or are allowed, of 100 items each.
export function compileFilter(filter, dataSource, world, where = 'body.filter', depth = 0) {
  if (!isObject(filter)) throw validation(`body failed validation: ${where} should be an object, instead was \`${show(filter)}\`.`);
  const compound = ['and', 'or'].find((key) => Object.hasOwn(filter, key));
  if (compound === undefined) return compileLeaf(filter, dataSource, world, where);
  if (depth >= 2) throw validation(`body failed validation: ${where}.${compound} should be not present, instead was \`${show(filter[compound])}\`.`);
  onlyKeys(filter, [compound], where);
  expectLength(expectType(filter[compound], 'array', `${where}.${compound}`), 100, `${where}.${compound}`);
  const parts = filter[compound].map((part, i) => compileFilter(part, dataSource, world, `${where}.${compound}[${i}]`, depth + 1));
  if (compound === 'and') return (page) => parts.every((part) => part(page));
  return (page) => parts.length === 0 || parts.some((part) => part(page));
}

function compileLeaf(filter, dataSource, world, where) {
  if (filter.timestamp !== undefined) return compileTimestamp(filter, world, where);
  const types = Object.keys(filter).filter((key) => key !== 'property' && key !== 'type');
  expectType(filter.property, 'string', `${where}.property`);
  const refused = !world.settings.encodedFilterIds && filter.property.includes('%');
  const property = refused ? null : dataSource.schema.find(filter.property);
  if (!property) throw validation(`Could not find property with name or id: ${filter.property}`);
  if (types.length !== 1 || !Object.hasOwn(CONDITIONS, types[0]) || (filter.type !== undefined && filter.type !== types[0])) {
    throw validation(`body failed validation: ${where} should have exactly one filter, instead was \`${show(filter)}\`.`);
  }
  const [type] = types;
  if (type !== property.type) throw validation(`database property ${property.type} does not match filter ${type}`);
  const [name, value] = condition(filter[type], CONDITIONS[type], `${where}.${type}`);
  return MAKERS[type](property, name, value, `${where}.${type}.${name}`, world);
}

function compileTimestamp(filter, world, where) {
  const { timestamp } = filter;
  if (timestamp !== 'created_time' && timestamp !== 'last_edited_time') {
    throw validation(`body failed validation: ${where}.timestamp should be \`"created_time"\` or \`"last_edited_time"\`, instead was \`${show(timestamp)}\`.`);
  }
  onlyKeys(filter, ['timestamp', 'type', timestamp], where);
  const [name, value] = condition(filter[timestamp], DATES, `${where}.${timestamp}`);
  const test = dateTest(name, value, `${where}.${timestamp}.${name}`, world);
  return timestamp === 'created_time' ? (page) => test(floorMinute(page.created)) : (page) => test(floorMinute(page.edited));
}

function condition(value, allowed, where) {
  onlyKeys(value, allowed, where);
  const names = Object.keys(value);
  if (names.length !== 1) throw validation(`body failed validation: ${where} should have exactly one condition, instead was \`${show(value)}\`.`);
  if (EXISTENCE.includes(names[0]) && value[names[0]] !== true) {
    throw validation(`body failed validation: ${where}.${names[0]} should be \`true\`, instead was \`${show(value[names[0]])}\`.`);
  }
  return [names[0], value[names[0]]];
}

function existence(name, isEmpty) {
  if (name === 'is_empty') return isEmpty;
  return name === 'is_not_empty' ? (page) => !isEmpty(page) : null;
}

function makeNumber(property, name, value, where) {
  const get = property.type === 'unique_id' ? (page) => page.number : (page) => page.values.get(property.id) ?? null;
  const exists = existence(name, (page) => get(page) === null);
  if (exists) return exists;
  expectType(value, 'number', where);
  const test = {
    equals: (it) => it === value,
    does_not_equal: (it) => it !== value,
    greater_than: (it) => it !== null && it > value,
    less_than: (it) => it !== null && it < value,
    greater_than_or_equal_to: (it) => it !== null && it >= value,
    less_than_or_equal_to: (it) => it !== null && it <= value,
  }[name];
  return (page) => test(get(page));
}

function makeText(property, name, value, where, world) {
  const rich = property.type === 'title' || property.type === 'rich_text';
  const get = rich ? (page) => plainText(valueOf(page, property), world) : (page) => valueOf(page, property) ?? '';
  const exists = existence(name, (page) => get(page) === '');
  if (exists) return exists;
  const wanted = expectType(value, 'string', where).toLowerCase();
  const test = {
    equals: (it) => it === wanted,
    does_not_equal: (it) => it !== wanted,
    contains: (it) => it.includes(wanted),
    does_not_contain: (it) => !it.includes(wanted),
    starts_with: (it) => it.startsWith(wanted),
    ends_with: (it) => it.endsWith(wanted),
  }[name];
  return (page) => test(get(page).toLowerCase());
}

function optionIds(property, value, where) {
  const names = Array.isArray(value) ? expectLength(value, 100, where) : [value];
  return new Set(names.map((name) => {
    expectType(name, 'string', where);
    const option = property.config.options.find((it) => it.name === name) ?? property.config.options.find((it) => sameName(it.name, name));
    if (!option) throw validation(`${property.type} option "${name}" not found for property "${property.name}". Available options: ${property.config.options.map((it) => `"${it.name}"`).join(', ')}`);
    return option.id;
  }));
}

function makeOption(property, name, value, where) {
  const exists = existence(name, (page) => valueOf(page, property) === null);
  if (exists) return exists;
  const ids = optionIds(property, value, where);
  return (page) => ids.has(valueOf(page, property)) === (name === 'equals');
}

function makeOptions(property, name, value, where) {
  const exists = existence(name, (page) => valueOf(page, property).length === 0);
  if (exists) return exists;
  const ids = optionIds(property, value, where);
  return (page) => valueOf(page, property).some((id) => ids.has(id)) === (name === 'contains');
}

function makeIds(property, name, value, where) {
  const get = { created_by: (page) => [page.createdBy], last_edited_by: (page) => [page.editedBy] }[property.type] ??
    ((page) => valueOf(page, property));
  const exists = existence(name, (page) => get(page).length === 0);
  if (exists) return exists;
  const id = value === 'me' && property.type !== 'relation' ? null : parseId(expectType(value, 'string', where), 'body');
  return (page) => get(page).includes(id) === (name === 'contains');
}

function makeFiles(property, name) {
  return existence(name, (page) => valueOf(page, property).length === 0);
}

function makeCheckbox(property, name, value, where) {
  expectType(value, 'boolean', where);
  return (page) => (valueOf(page, property) === value) === (name === 'equals');
}

function makeDate(property, name, value, where, world) {
  const test = dateTest(name, value, where, world);
  const get = {
    created_time: (page) => floorMinute(page.created),
    last_edited_time: (page) => floorMinute(page.edited),
  }[property.type] ?? ((page) => (valueOf(page, property) ? Date.parse(valueOf(page, property).start) : null));
  return (page) => test(get(page));
}

// A date without a time means its whole day.
function dateTest(name, value, where, world) {
  const exists = existence(name, (it) => it === null);
  if (exists) return exists;
  if (RELATIVE.includes(name)) return relativeTest(name, value, where, world);
  expectType(value, 'string', where);
  const from = Date.parse(value);
  if (!/^\d{4}-\d{2}-\d{2}(T|$)/.test(value) || Number.isNaN(from)) {
    throw validation(`body failed validation: ${where} should be a valid ISO 8601 date string, instead was \`${show(value)}\`.`);
  }
  const to = value.length === 10 ? from + DAY - 1 : from;
  const test = {
    equals: (it) => it >= from && it <= to,
    before: (it) => it < from,
    after: (it) => it > to,
    on_or_before: (it) => it <= to,
    on_or_after: (it) => it >= from,
  }[name];
  return (it) => it !== null && test(it);
}

function relativeTest(name, value, where, world) {
  onlyKeys(value, [], where);
  const now = world.clock.now();
  const today = Math.floor(now / DAY) * DAY;
  const days = { week: 7, month: 30, year: 365 }[name.split('_')[1]] * DAY;
  const sunday = today - new Date(today).getUTCDay() * DAY;
  const [from, to] = name.startsWith('past') ? [now - days, now]
    : name.startsWith('next') ? [now, now + days] : [sunday, sunday + 7 * DAY];
  return (it) => it !== null && it >= from && it < to + 1;
}

const MAKERS = {
  number: makeNumber, unique_id: makeNumber, title: makeText, rich_text: makeText, url: makeText, email: makeText, phone_number: makeText,
  select: makeOption, status: makeOption, multi_select: makeOptions, people: makeIds, relation: makeIds, created_by: makeIds,
  last_edited_by: makeIds, files: makeFiles, checkbox: makeCheckbox, date: makeDate, created_time: makeDate, last_edited_time: makeDate,
};

// --- sorts ---

export function compileSorts(sorts, dataSource, world) {
  expectLength(expectType(sorts, 'array', 'body.sorts'), 100, 'body.sorts');
  const parts = sorts.map((sort, i) => compileSort(sort, dataSource, world, `body.sorts[${i}]`));
  return (a, b) => {
    for (const part of parts) {
      const order = part(a, b);
      if (order !== 0) return order;
    }
    return a.id < b.id ? -1 : 1;
  };
}

function compileSort(sort, dataSource, world, where) {
  onlyKeys(sort, ['property', 'timestamp', 'direction'], where);
  if (sort.direction !== 'ascending' && sort.direction !== 'descending') {
    throw validation(`body failed validation: ${where}.direction should be \`"ascending"\` or \`"descending"\`, instead was \`${show(sort.direction)}\`.`);
  }
  const get = sort.timestamp === undefined ? propertyKey(sort, dataSource, world, where) : timestampKey(sort, where);
  const sign = sort.direction === 'ascending' ? 1 : -1;
  return (a, b) => {
    const [x, y] = [get(a), get(b)];
    if (x === y) return 0;
    if (x === null || y === null) return x === null ? 1 : -1;
    return x < y ? -sign : sign;
  };
}

function timestampKey({ timestamp }, where) {
  if (timestamp === 'created_time') return (page) => floorMinute(page.created);
  if (timestamp === 'last_edited_time') return (page) => floorMinute(page.edited);
  throw validation(`body failed validation: ${where}.timestamp should be a timestamp, instead was \`${show(timestamp)}\`.`);
}

function propertyKey(sort, dataSource, world, where) {
  const property = dataSource.schema.find(expectType(sort.property, 'string', `${where}.property`));
  if (!property) throw validation(`Could not find sort property with name or id: ${sort.property}`);
  switch (property.type) {
    case 'title': case 'rich_text': return (page) => plainText(valueOf(page, property), world).toLowerCase() || null;
    case 'select': case 'status': return (page) => {
      const at = property.config.options.findIndex((option) => option.id === valueOf(page, property));
      return at < 0 ? null : at;
    };
    case 'created_time': return (page) => floorMinute(page.created);
    case 'last_edited_time': return (page) => floorMinute(page.edited);
    case 'unique_id': return (page) => page.number;
    case 'date': return (page) => valueOf(page, property)?.start ?? null;
    default: return (page) => {
      const value = valueOf(page, property);
      return Array.isArray(value) ? value.length || null : value;
    };
  }
}
