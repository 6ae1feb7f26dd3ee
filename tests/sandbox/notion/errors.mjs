export class NotionError extends Error {
  constructor(status, code, message, additional, headers) {
    super(message);
    this.status = status;
    this.code = code;
    this.additional = additional;
    this.headers = headers;
  }
}

export const validation = (message, additional) =>
  new NotionError(400, 'validation_error', message, additional);

export const notFound = (kind, id, integration) =>
  new NotionError(404, 'object_not_found',
    `Could not find ${kind} with ID: ${id}. Make sure the relevant pages and databases are ` +
      `shared with your integration "${integration}".`);

export const restricted = () =>
  new NotionError(403, 'restricted_resource', 'Insufficient permissions for this endpoint.');

export const trashed = () =>
  validation("Can't edit block that is archived. You must unarchive the block before editing.");

const DEFAULTS = {
  400: ['validation_error', 'body failed validation.'],
  401: ['unauthorized', 'API token is invalid.'],
  403: ['restricted_resource', 'Insufficient permissions for this endpoint.'],
  404: ['object_not_found', 'Could not find the object.'],
  409: ['conflict_error', 'Conflict occurred while saving. Please try again.'],
  429: ['rate_limited', 'You have been rate limited. Please try again in a few minutes.'],
  500: ['internal_server_error', 'Unexpected error occurred.'],
  502: ['bad_gateway', 'Bad gateway.'],
  503: ['service_unavailable', 'Notion is unavailable, please try again later.'],
  504: ['gateway_timeout', 'Gateway timeout.'],
  529: ['service_overload', 'Notion is overloaded, please try again later.'],
};

export function defaultError(status) {
  const [code, message] = DEFAULTS[status] ?? DEFAULTS[500];
  return new NotionError(status, code, message);
}

export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function show(value) {
  const text = value === undefined ? 'undefined' : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}

// Notion refuses request keys that it does not know since version 2021-08-16.
export function onlyKeys(value, allowed, where) {
  if (!isObject(value)) {
    throw validation(`body failed validation: ${where} should be an object, instead was \`${show(value)}\`.`);
  }
  for (const key of Object.keys(value)) {
    if (!allowed.includes(key)) {
      throw validation(`body failed validation: ${where}.${key} should be not present, instead was \`${show(value[key])}\`.`);
    }
  }
}

export function expectType(value, type, where) {
  const ok = type === 'array' ? Array.isArray(value)
    : type === 'object' ? isObject(value)
      : typeof value === type;
  if (!ok) {
    throw validation(`body failed validation: ${where} should be ${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}, instead was \`${show(value)}\`.`);
  }
  return value;
}

export function expectOneOf(value, allowed, where) {
  if (!allowed.includes(value)) {
    throw validation(`body failed validation: ${where} should be one of ${allowed.map((it) => `\`"${it}"\``).join(', ')}, instead was \`${show(value)}\`.`);
  }
  return value;
}

export function expectLength(value, max, where, min = 0) {
  if (value.length > max) {
    throw validation(`body failed validation: ${where}.length should be ≤ \`${max}\`, instead was \`${value.length}\`.`);
  }
  if (value.length < min) {
    throw validation(`body failed validation: ${where}.length should be ≥ \`${min}\`, instead was \`${value.length}\`.`);
  }
  return value;
}
