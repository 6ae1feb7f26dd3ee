import { ApiError } from '../errors.mjs';

const MAX_PAGE = 100;

const encode = (key) => Buffer.from(`cursor:v2:${JSON.stringify(key)}`).toString('base64');

function decode(cursor) {
  const text = Buffer.from(cursor, 'base64').toString('utf8');
  try {
    const key = JSON.parse(text.replace(/^cursor:v2:/, ''));
    if (text.startsWith('cursor:v2:') && Array.isArray(key)) return key;
  } catch {
    // Falls through to the refusal below.
  }
  throw new ApiError(422, `\`${cursor}\` does not appear to be a valid cursor.`, { type: 'INVALID_CURSOR_ARGUMENTS' });
}

function checkBounds(name, { first, last }) {
  const fail = (type, message) => {
    throw new ApiError(422, message, { type });
  };
  if (first === undefined && last === undefined) {
    fail('MISSING_PAGINATION_BOUNDARIES', `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`);
  }
  if (first !== undefined && last !== undefined) {
    fail('EXCESSIVE_PAGINATION', `Passing both \`first\` and \`last\` to paginate the \`${name}\` connection is not supported.`);
  }
  const [side, value] = first === undefined ? ['last', last] : ['first', first];
  if (value > MAX_PAGE) {
    fail('EXCESSIVE_PAGINATION', `Requesting ${value} records on the \`${name}\` connection exceeds the \`${side}\` limit of ${MAX_PAGE} records.`);
  }
  if (value < 1) {
    fail('ARGUMENT_ERROR', `\`${side}\` on the \`${name}\` connection must be at least 1.`);
  }
}

const compareKeys = (a, b) => {
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
};

/** First index whose key is past `key` in the list's own direction (or at it, when `inclusive`). */
function position(list, keyOf, sign, key, inclusive) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = sign * compareKeys(keyOf(list[middle], middle), key);
    if (order > 0 || (inclusive && order === 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

const given = (value) => (value === null ? undefined : value);

/**
 * A connection over `list`, sorted by `keyOf` (an array) in direction `sign`; cursors name keys, not places, so that
 * changes between two pages shift nothing. `view` makes the node; `cut` shortens the page without a word.
 */
export function connect(name, list, args, view, { keyOf = (_, index) => [index], sign = 1, cut = Infinity } = {}) {
  const bounds = { first: given(args.first), last: given(args.last) };
  checkBounds(name, bounds);
  const after = given(args.after);
  const before = given(args.before);
  let start = after === undefined ? 0 : position(list, keyOf, sign, decode(after), false);
  let end = before === undefined ? list.length : position(list, keyOf, sign, decode(before), true);
  if (bounds.first !== undefined) end = Math.min(end, start + bounds.first);
  else start = Math.max(start, end - bounds.last);
  end = Math.max(start, Math.min(end, start + cut));
  const page = list.slice(start, end);
  const cursor = (index) => (index >= start && index < end ? encode(keyOf(list[index], index)) : null);
  return {
    totalCount: list.length,
    nodes: () => page.map(view),
    edges: () => page.map((item, i) => ({ cursor: cursor(start + i), node: view(item) })),
    pageInfo: {
      hasNextPage: end < list.length, hasPreviousPage: start > 0, startCursor: cursor(start),
      endCursor: cursor(end - 1),
    },
  };
}
