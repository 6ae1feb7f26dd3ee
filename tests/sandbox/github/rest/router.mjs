import { forbidden, invalid } from '../errors.mjs';

const compile = (pattern) => {
  const names = [];
  const source = pattern.replace(/[.+()[\]]/g, '\\$&').replace(/([:*])(\w+)/g, (_, sign, name) => {
    names.push(name);
    return sign === ':' ? '([^/]+)' : '(.+)';
  });
  return { names, regex: new RegExp(`^${source}/?$`) };
};

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `issues:write|pull_requests:write` to [[permission, level], …]. */
const parseAccess = (access) => access.split('|').filter(Boolean).map((part) => part.split(':'));

export class Router {
  constructor() {
    this.routes = [];
  }

  /**
   * `access` names the permissions of which one is needed; `{ checked: true }` says that the handler
   * itself decides which, since it depends on what the number names. `content` marks what creates content.
   */
  add(method, pattern, access, handler, { checked = false, content = false, git = false } = {}) {
    const full = pattern.startsWith('~') ? `/repos/:owner/:name${pattern.slice(1)}` : pattern;
    const needs = parseAccess(access);
    const accepted = needs.map(([p, l]) => `${p}=${l}`).join('; ');
    this.routes.push({
      method, pattern: full, needs, accepted, handler, checked, content, git,
      inRepo: pattern.startsWith('~'), ...compile(full),
    });
  }

  match(method, path) {
    for (const route of this.routes) {
      if (route.method !== method) continue;
      const found = route.regex.exec(path);
      if (found) {
        return { route, params: Object.fromEntries(route.names.map((n, i) => [n, decode(found[i + 1])])) };
      }
    }
    return null;
  }
}

export function requireAccess(actor, repo, route) {
  if (route.checked || !route.needs.length) return;
  if (!route.needs.some(([permission, level]) => actor.may(repo, permission, level))) {
    throw forbidden(actor, route.accepted);
  }
}

export const created = (body, headers = {}) => ({ status: 201, headers, body });

export const noContent = () => ({ status: 204, headers: {}, body: '' });

const positive = (text, otherwise) => {
  const number = Number.parseInt(text ?? '', 10);
  return Number.isNaN(number) || number < 1 ? otherwise : number;
};

/** One page of a list, with the Link header in the service's own form. */
export function paged(req, list, present) {
  const size = Math.min(100, positive(req.query.get('per_page'), 30));
  const page = positive(req.query.get('page'), 1);
  const last = Math.max(1, Math.ceil(list.length / size));
  const link = (number, rel) => {
    const query = new URLSearchParams(req.query);
    query.set('page', String(number));
    return `<${req.base}${req.canonicalPath}?${query}>; rel="${rel}"`;
  };
  const links = [];
  if (page > 1) links.push(link(page - 1, 'prev'));
  if (page < last) links.push(link(page + 1, 'next'), link(last, 'last'));
  if (page > 1) links.push(link(1, 'first'));
  const body = list.slice((page - 1) * size, page * size).map(present);
  return { status: 200, headers: links.length ? { link: links.join(', ') } : {}, body };
}

/** The `since` of a query as milliseconds, or null. */
export function sinceOf(req) {
  const text = req.query.get('since');
  if (text === null) return null;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw invalid('Issue', 'since', 'invalid', { value: text });
  return time;
}

export function oneOf(req, name, allowed, otherwise) {
  const value = req.query.get(name);
  if (value === null || value === '') return otherwise;
  if (!allowed.includes(value)) throw invalid('Issue', name, 'invalid', { value });
  return value;
}
