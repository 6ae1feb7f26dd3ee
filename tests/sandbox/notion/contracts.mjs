// Checks requests and answers against JSON Schemas in the file that NOTION_API_SCHEMAS names:
// { $defs, operations: { "METHOD /v1/path/{parameter}": { schema?, response200? } } }.

import fs from 'node:fs';

// Answers are open (the service adds fields without notice), but must be whole objects.
function openAnswers(value) {
  if (Array.isArray(value)) return value.map(openAnswers);
  if (typeof value !== 'object' || value === null) return value;
  const out = {};
  for (const [key, item] of Object.entries(value)) {
    if (key === 'additionalProperties' && item === false) continue;
    if (key === 'anyOf') {
      const whole = item.filter((it) => !/partial(?!User)\w*ObjectResponse$/.test(it.$ref ?? ''));
      out.anyOf = openAnswers(whole.length > 0 ? whole : item);
    } else out[key] = openAnswers(item);
  }
  return out;
}

// Of the branches that failed, those that got furthest say most.
function describe(errors) {
  const deepest = Math.max(...errors.map((error) => error.instancePath.length));
  const texts = errors.filter((error) => error.instancePath.length === deepest).map((error) => `${error.instancePath} ${error.message}`);
  return [...new Set(texts)].slice(0, 4).join('; ');
}

// The closed branches of the origin are not exclusive: {id, name} fits two of them.
function anyOfBranches(value) {
  if (Array.isArray(value)) return value.map(anyOfBranches);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key === 'oneOf' && !value.anyOf ? 'anyOf' : key, anyOfBranches(item)]));
}

export async function loadContracts(file = process.env.NOTION_API_SCHEMAS) {
  if (!file) return null;
  const { default: Ajv } = await import('ajv/dist/2020.js');
  const { default: addFormats } = await import('ajv-formats');
  const { $defs, operations } = JSON.parse(fs.readFileSync(file, 'utf8'));
  const open = openAnswers($defs);
  const loose = anyOfBranches($defs);
  const ajv = new Ajv({ strict: false, allErrors: false });
  addFormats(ajv);
  const compiled = new Map();
  const check = (key, part, definitions, value) => {
    const schema = operations[key]?.[part];
    if (!schema) return [];
    const name = `${key} ${part}`;
    if (!compiled.has(name)) {
      const whole = part === 'response200' ? openAnswers(schema) : anyOfBranches(schema);
      compiled.set(name, ajv.compile({ ...whole, $defs: definitions }));
    }
    const validate = compiled.get(name);
    return validate(value) ? [] : [describe(validate.errors)];
  };
  return {
    request: (key, value) => check(key, 'schema', loose, value),
    answer: (key, value) => check(key, 'response200', open, value),
  };
}
