import { expectLength, expectOneOf, expectType, onlyKeys, show, validation } from './errors.mjs';
import { parseId } from './ids.mjs';

const COLORS = ['default', 'gray', 'brown', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'red'];
// Of what the service can create, those that this fake can.
const CREATABLE = [
  'number', 'select', 'multi_select', 'status', 'relation', 'unique_id', 'title', 'rich_text',
  'url', 'people', 'files', 'email', 'phone_number', 'date', 'checkbox', 'created_time', 'created_by',
  'last_edited_time', 'last_edited_by',
];
const READ_ONLY = new Set([
  'formula', 'rollup', 'unique_id', 'created_time', 'created_by', 'last_edited_time', 'last_edited_by', 'button', 'verification',
]);

export const isReadOnly = (type) => READ_ONLY.has(type);
export const sameName = (a, b) => a.toLowerCase() === b.toLowerCase();

export class DataSourceSchema {
  constructor(ids) {
    this.ids = ids;
    this.properties = new Map();
  }

  list() {
    return [...this.properties.values()];
  }

  // Properties are addressed by name, or by id in either form (answers carry it URL-encoded).
  find(key) {
    for (const property of this.properties.values()) if (property.name === key) return property;
    return this.properties.get(key) ?? this.properties.get(safeDecode(key)) ?? null;
  }

  title() {
    return this.list().find((property) => property.type === 'title');
  }

  add(name, type, config) {
    const id = type === 'title' ? 'title' : this.#freshId();
    const property = { id, name, type, description: null, config };
    this.properties.set(id, property);
    return property;
  }

  #freshId() {
    let id = this.ids.short();
    while (this.properties.has(id)) id = this.ids.short();
    return id;
  }

  toJson() {
    return Object.fromEntries(this.list().map((property) => [property.name, {
      id: encodeURIComponent(property.id),
      name: property.name,
      description: property.description,
      type: property.type,
      [property.type]: configJson(property),
    }]));
  }
}

export function safeDecode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function configJson({ type, config }) {
  if (type === 'select' || type === 'multi_select') return { options: config.options.map((option) => ({ ...option })) };
  if (type === 'status') {
    return {
      options: config.options.map(({ group, ...option }) => ({ ...option })),
      groups: config.groups.map((group) => ({
        ...group,
        option_ids: config.options.filter((option) => option.group === group.id).map((option) => option.id),
      })),
    };
  }
  return { ...config };
}

export function newOption(ids, name, color = 'default', description = null) {
  return { id: ids.short(), name, color, description };
}

export function checkOptionName(name, where) {
  expectLength(expectType(name, 'string', where), 100, where, 1);
  if (name.includes(',')) throw validation(`Invalid select option, commas not allowed: ${name}`);
  return name;
}

const GROUPS = [['To-do', 'gray'], ['In progress', 'blue'], ['Complete', 'green']];

export function statusConfig(ids, groups) {
  const config = { options: [], groups: GROUPS.map(([name, color]) => ({ id: ids.uuid(), name, color })) };
  for (const group of config.groups) {
    for (const name of groups[group.name] ?? []) {
      config.options.push({ ...newOption(ids, name, group.color), group: group.id });
    }
  }
  return config;
}

// --- PATCH /v1/data_sources/{id}: properties ---

const FORMATS = ['number', 'number_with_commas', 'percent', 'dollar', 'euro', 'pound', 'yen'];
const CONFIG_KEYS = {
  number: ['format'],
  select: ['options'],
  multi_select: ['options'],
  status: ['options'],
  unique_id: ['prefix'],
  relation: ['data_source_id', 'type', 'single_property'],
};

// Returns the steps to perform, so that a refused request changes nothing.
export function planProperties(schema, wanted, world) {
  expectType(wanted, 'object', 'body.properties');
  return Object.entries(wanted).map(([key, value]) => planOne(schema, key, value, world));
}

function planOne(schema, key, value, world) {
  const where = `body.properties.${key}`;
  const property = schema.find(key);
  if (value === null) return planRemoval(property, key);
  const types = Object.keys(expectType(value, 'object', where)).filter((name) => CREATABLE.includes(name));
  onlyKeys(value, ['type', 'name', 'description', ...types], where);
  if (types.length > 1 || (value.type !== undefined && types.length === 1 && value.type !== types[0])) {
    throw validation(`body failed validation: ${where} should define exactly one type, instead was \`${show(value)}\`.`);
  }
  if (!property && types.length === 0) throw validation(`${key} is not a property that exists.`);
  if (types.length === 0 && (value.type !== undefined || (value.name === undefined && value.description === undefined))) {
    throw validation(`body failed validation: ${where} should define a type or a name, instead was \`${show(value)}\`.`);
  }
  if (value.description !== undefined && value.description !== null) expectType(value.description, 'string', `${where}.description`);
  if (value.name !== undefined) expectLength(expectType(value.name, 'string', `${where}.name`), 2000, `${where}.name`, 1);
  const step = { property, oldType: property?.type, name: value.name ?? property?.name ?? key, description: value.description };
  const other = schema.list().find((it) => it !== property && it.name === step.name);
  if (other) throw validation(`Cannot create new property "${step.name}": a property with this name exists already.`);
  if (types.length === 0) return step;
  return { ...step, type: types[0], config: planConfig(property, types[0], value[types[0]], where, world) };
}

function planRemoval(property, key) {
  if (!property) throw validation(`${key} is not a property that exists.`);
  if (property.type === 'title') throw validation('Cannot delete the title property.');
  return { property, remove: true };
}

function planConfig(property, type, value, where, world) {
  onlyKeys(value, CONFIG_KEYS[type] ?? [], `${where}.${type}`);
  if ((type === 'title') !== (property?.type === 'title')) {
    throw validation(`Cannot ${type === 'title' ? 'create a second' : 'change the type of the'} title property.`);
  }
  const same = property?.type === type ? property.config : null;
  switch (type) {
    case 'number': return { format: value.format === undefined ? same?.format ?? 'number' : expectOneOf(value.format, FORMATS, `${where}.number.format`) };
    case 'select':
    case 'multi_select': return { options: value.options === undefined ? same?.options ?? [] : planOptions(same, value.options, where, world) };
    case 'status': return planStatus(same, value, where, world);
    case 'unique_id': return { prefix: value.prefix === undefined || value.prefix === null ? null : expectType(value.prefix, 'string', `${where}.unique_id.prefix`) };
    case 'relation': return planRelation(value, where, world);
    default: return {};
  }
}

function planOptions(same, wanted, where, world, more = []) {
  expectLength(expectType(wanted, 'array', `${where}.options`), 100, `${where}.options`);
  const seen = new Set();
  return wanted.map((item, i) => {
    const at = `${where}.options[${i}]`;
    onlyKeys(item, ['id', 'name', 'color', 'description', ...more], at);
    if (item.color !== undefined && !COLORS.includes(item.color)) throw validation(`body failed validation: ${at}.color should be a colour, instead was \`${show(item.color)}\`.`);
    const known = same?.options.find((option) => (item.id !== undefined ? option.id === item.id : sameName(option.name, String(item.name))));
    if (!known && item.name === undefined) throw validation(`body failed validation: ${at}.name should be defined, instead was \`undefined\`.`);
    const name = known?.name ?? checkOptionName(item.name, `${at}.name`);
    if (seen.has(name.toLowerCase())) throw validation(`Option names must be unique: ${name}`);
    seen.add(name.toLowerCase());
    return known ? { ...known, color: item.color ?? known.color } : newOption(world.ids, name, item.color, item.description ?? null);
  });
}

// New options go to the group that they name, else to To-do; those that exist keep theirs, and their color.
function planStatus(same, value, where, world) {
  if (value.options !== undefined && !world.settings.statusOptionsWritable) {
    throw validation('Status property options cannot be updated via the API.');
  }
  const config = same ?? statusConfig(world.ids, { 'To-do': ['Not started'], 'In progress': ['In progress'], Complete: ['Done'] });
  if (value.options === undefined) return config;
  const options = planOptions(config, value.options, where, world, world.settings.statusGroups ? ['group'] : []).map((option, i) => {
    const { group } = value.options[i];
    const named = config.groups.find(({ name }) => name === group);
    if (group !== undefined && !named) throw validation(`body failed validation: ${where}.status.options[${i}].group should be a group, instead was \`${show(group)}\`.`);
    const known = config.options.find(({ id }) => id === option.id);
    if (known && known.color !== option.color) throw validation(`Cannot update color of select with name: ${known.name}.`);
    return { ...option, group: known?.group ?? (world.settings.statusGroups === true ? named?.id : undefined) ?? config.groups[0].id };
  });
  if (options.length === 0) throw validation('A status property needs at least one option.');
  return { options, groups: config.groups };
}

function planRelation(value, where, world) {
  const id = parseId(value.data_source_id, 'body');
  const kind = value.type ?? 'single_property';
  expectOneOf(kind, ['single_property'], `${where}.relation.type`);
  onlyKeys(value.single_property, [], `${where}.relation.single_property`);
  const target = world.dataSources.get(id);
  if (!target) throw validation(`body failed validation: ${where}.relation.data_source_id names no data source.`);
  return { database_id: target.databaseId, data_source_id: id, type: 'single_property', single_property: {} };
}

export function applyProperties(dataSource, steps) {
  const { schema } = dataSource;
  for (const step of steps) {
    if (step.remove) schema.properties.delete(step.property.id);
    else if (step.property === null || step.property === undefined) Object.assign(schema.add(step.name, step.type, step.config), described(step));
    else Object.assign(step.property, { name: step.name, ...(step.type ? { type: step.type, config: step.config } : {}) }, described(step));
  }
}

const described = (step) => (step.description === undefined ? {} : { description: step.description });
