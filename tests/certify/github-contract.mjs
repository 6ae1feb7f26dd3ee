import fs from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';

/** OpenAPI 3.0 writes "or null" as a flag; JSON Schema as a type. */
function modern(schema) {
  if (Array.isArray(schema)) return schema.map(modern);
  if (schema === null || typeof schema !== 'object') return schema;
  const out = Object.fromEntries(Object.entries(schema).filter(([k]) => k !== 'example' && k !== 'examples').map(([k, v]) => [k, modern(v)]));
  if (schema.nullable !== true) return out;
  delete out.nullable;
  if (typeof out.type === 'string' && !out.oneOf && !out.anyOf && !out.allOf) {
    out.type = [out.type, 'null'];
    if (out.enum) out.enum = [...out.enum, null];
    return out;
  }
  return { anyOf: [out, { type: 'null' }] };
}

const loadDocument = () => {
  const file = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json');
  const { paths, components } = JSON.parse(fs.readFileSync(file, 'utf8'));
  return { paths, components };
};

const matcher = (template) => new RegExp(`^${template.replace(/[.+]/g, '\\$&').replace(/\{(ref|path)\}/g, '.+').replace(/\{[^}]+\}/g, '[^/]+')}$`);

/** Checks REST answers against GitHub's published description. */
export class Contract {
  #validators = new Map();

  constructor() {
    this.document = loadDocument();
    this.ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
    addFormats(this.ajv);
    this.ajv.addSchema({ $id: 'github', components: { schemas: modern(this.document.components.schemas) } });
    this.templates = Object.keys(this.document.paths).map((template) => ({ template, regex: matcher(template) }));
    this.checked = new Set();
    this.failures = [];
  }

  #schemaOf(template, method, status) {
    const operation = this.document.paths[template][method];
    let response = operation?.responses[status];
    if (response?.$ref) {
      response = this.document.components.responses[response.$ref.split('/').pop()];
    }
    return response && { schema: response.content?.['application/json']?.schema ?? null };
  }

  #validator(template, method, status) {
    const key = `${method.toUpperCase()} ${template} ${status}`;
    if (this.#validators.has(key)) return this.#validators.get(key);
    const found = this.#schemaOf(template, method, status);
    const text = found?.schema && JSON.stringify(modern(found.schema)).replaceAll('"#/components/', '"github#/components/');
    const result = { key, known: Boolean(found), validate: text ? this.ajv.compile(JSON.parse(text)) : null };
    this.#validators.set(key, result);
    return result;
  }

  check(method, path, status, body) {
    const plain = path.replace(/^\/repositories\/\d+/, '/repos/o/r');
    const candidates = this.templates.filter((t) => t.regex.test(plain) && this.document.paths[t.template][method.toLowerCase()]);
    candidates.sort((a, b) => (a.template.match(/\{/g)?.length ?? 0) - (b.template.match(/\{/g)?.length ?? 0));
    if (!candidates.length) {
      this.failures.push(`${method} ${path}: not in the description`);
      return;
    }
    const { key, known, validate } = this.#validator(candidates[0].template, method.toLowerCase(), String(status));
    if (!known) {
      if (status < 400) this.failures.push(`${key}: status not in the description`);
      return;
    }
    this.checked.add(key);
    if (body === undefined || !validate || validate(body)) return;
    const [first] = validate.errors;
    this.failures.push(`${key}: ${first.instancePath} ${first.message} ${JSON.stringify(first.params)}`);
  }

  /** A fetch that checks every JSON answer below `base` on its way. */
  fetchFor(base) {
    return async (url, options = {}) => {
      const response = await fetch(url, options);
      const { pathname } = new URL(url);
      const path = decodeURIComponent(pathname.slice(new URL(base).pathname.length));
      if (path === '/graphql' || response.status === 304) return response;
      const text = await response.clone().text();
      const raw = (response.headers.get('content-type') ?? '').startsWith('application/vnd.github.raw');
      this.check(options.method ?? 'GET', path, response.status, raw || !text ? undefined : JSON.parse(text));
      return response;
    };
  }
}
