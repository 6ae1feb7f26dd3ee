const DOCS = 'https://docs.github.com/rest';

/** A refusal in the shape of the REST API; GraphQL turns it into an error with a type. */
export class ApiError extends Error {
  constructor(status, message, { errors, headers, type, accepted, limit } = {}) {
    super(message);
    this.status = status;
    this.errors = errors;
    this.headers = headers ?? {};
    this.type = type;
    this.accepted = accepted;
    this.limit = limit;
  }

  get graphqlType() {
    if (this.type) return this.type;
    return { 403: 'FORBIDDEN', 404: 'NOT_FOUND', 410: 'NOT_FOUND' }[this.status] ?? 'UNPROCESSABLE';
  }

  get graphqlMessage() {
    const details = (this.errors ?? []).map((e) => e.message ?? `${e.field} is ${e.code}`);
    return details.length ? details.join(', ') : this.message;
  }

  response() {
    const body = { message: this.message, documentation_url: DOCS, status: String(this.status) };
    if (this.errors) body.errors = this.errors;
    const headers = { ...this.headers };
    if (this.accepted) headers['x-accepted-github-permissions'] = this.accepted;
    return { status: this.status, headers, body };
  }
}

export const notFound = (message = 'Not Found') => new ApiError(404, message);

export const unprocessable = (message) => new ApiError(422, message);

export const invalid = (resource, field, code, extra = {}) =>
  new ApiError(422, 'Validation Failed', { errors: [{ resource, code, field, ...extra }] });

export const malformed = (detail) => new ApiError(422, `Invalid request.\n\n${detail}`);

export const forbidden = (actor, accepted) =>
  new ApiError(403, `Resource not accessible by ${actor?.kind === 'pat' ? 'personal access token' : 'integration'}`,
    { accepted });

const KINDS = {
  string: (v) => typeof v === 'string',
  integer: (v) => Number.isInteger(v),
  boolean: (v) => typeof v === 'boolean',
  array: (v) => Array.isArray(v),
  object: (v) => v !== null && typeof v === 'object' && !Array.isArray(v),
};

/**
 * Checks the types of a request body. `shape` maps a key to a list of kinds divided by `|`;
 * a leading `*` marks a required key and `null` allows null. Unknown keys are ignored, as GitHub does.
 */
export function checkBody(body, shape) {
  if (!KINDS.object(body)) {
    throw malformed(`For 'links/0/schema', ${JSON.stringify(body) ?? 'nil'} is not an object.`);
  }
  for (const [key, spec] of Object.entries(shape)) {
    const required = spec.startsWith('*');
    const kinds = spec.replace('*', '').split('|');
    const value = body[key];
    if (value === undefined) {
      if (required) throw malformed(`"${key}" wasn't supplied.`);
      continue;
    }
    if (value === null ? kinds.includes('null') : kinds.some((k) => KINDS[k]?.(value))) continue;
    const shown = value === null ? 'nil' : JSON.stringify(value);
    throw malformed(`For 'properties/${key}', ${shown} is not ${/^[aeiou]/.test(kinds[0]) ? 'an' : 'a'} ${kinds[0]}.`);
  }
  return body;
}
