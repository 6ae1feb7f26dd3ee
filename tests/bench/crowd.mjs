// A sandbox whose single linked pair shows itself as many to whoever lists everything: so that a pass over a hundred
// thousand records can be measured without making them first. Only listings are multiplied.

const NUMBER = 987654321; // replaced by the number of each in what is multiplied; the sample's title holds it
const FOLDER = 100; // records a folder of the state
const WINDOW = 10000; // rows that one of Notion's listings shows
const MINUTE = 60000;

export const SAMPLE = String(NUMBER);

const pad = (n) => String(n).padStart(12, '0');
const iso = (ms) => new Date(ms).toISOString();
const range = (from, to) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

// One answer of the sandbox as a text with gaps, and its filling.
class Template {
  #parts;

  constructor(text, page) {
    const plain = page.replaceAll('-', '');
    this.#parts = text.replaceAll(page.slice(-12), '\u0001').replaceAll(plain.slice(-12), '\u0001').split(new RegExp(`(\u0001|${NUMBER})`));
  }

  fill(n) {
    return this.#parts.map((part) => (part === '\u0001' ? pad(n) : part === SAMPLE ? n : part)).join('');
  }
}

/*
 * Makes issue #1 of `at` and its page, linked and in sync, look like `size` of them. Returns a function that takes that
 * back.
 */
export function crowd(at, size) {
  const { notion, github } = at.sandbox;
  const [page] = notion.snapshot({ ids: true })[at.title ?? 'Tasks'].map(({ id }) => id);
  const originals = { notion: notion.handle, github: github.handle };
  const templates = new Map();
  const template = (key, make) => {
    if (!templates.has(key)) templates.set(key, new Template(make(), page));
    return templates.get(key);
  };

  function issues(body, { size: count, after }) {
    const from = after ? Number(after) : 0;
    const to = Math.min(size, from + count);
    const one = template('issue', () => {
      const [node] = body.data.repository.list.nodes;
      return JSON.stringify({ ...node, number: NUMBER, url: node.url.replace(/\/1$/, `/${NUMBER}`) });
    });
    body.data.repository.list = { nodes: ['\u0002issues'], pageInfo: { hasNextPage: to < size, endCursor: String(to) } };
    return range(from, to).map((i) => one.fill(i + 1)).join(',');
  }

  function records(folder, first) {
    const [entry] = first.entries;
    const one = template('record', () => {
      const record = { ...JSON.parse(entry.object.text), number: NUMBER };
      return JSON.stringify({ ...entry, name: `${NUMBER}.json`, object: { ...entry.object, text: `${JSON.stringify(record, null, 2)}\n` } });
    });
    return range(Math.max(1, folder * FOLDER), Math.min(size + 1, (folder + 1) * FOLDER)).map((n) => one.fill(n)).join(',');
  }

  async function graphql(ctx) {
    const { variables = {}, query } = ctx.body;
    const folders = Object.entries(variables).filter(([key, value]) => /^f\d+$/.test(key) && /:records\/\d+$/.test(value));
    const listed = /list:issues\(first:\$size/.test(query);
    if (!listed && folders.length === 0) return overview(await originals.github.call(github, ctx));
    const own = { ...variables, ...(listed ? { after: null } : {}), ...Object.fromEntries(folders.map(([key, value]) => [key, value.replace(/\d+$/, '0')])) };
    const answer = await originals.github.call(github, { ...ctx, body: { query, variables: own }, rawBody: JSON.stringify({ query, variables: own }) });
    if (!answer.body.data?.repository) return answer;
    const filled = listed ? issues(answer.body, variables) : '';
    const texts = folders.map(([key, value], i) => {
      const text = records(Number(/\d+$/.exec(value)[0]), answer.body.data.repository[key]);
      answer.body.data.repository[key] = { entries: [`\u0002${i}`] };
      return text;
    });
    return { ...answer, body: JSON.stringify(answer.body).replace(/"\\u0002(issues|\d+)"/g, (_, what) => (what === 'issues' ? filled : texts[what])) };
  }

  function overview(answer) {
    const records = answer.body?.data?.repository?.ref?.target?.records?.object;
    if (records) records.entries = range(0, Math.floor(size / FOLDER) + 1).map((n) => ({ name: String(n), type: 'tree' })).sort((a, b) => (a.name < b.name ? -1 : 1));
    return answer;
  }

  function rows(ctx) {
    const { start_cursor: cursor, page_size: count, filter } = ctx.body;
    const answer = originals.notion.call(notion, { ...ctx, body: { page_size: 1 }, rawBody: '{"page_size":1}' });
    const [sample] = answer.body.results;
    const origin = Date.parse(sample.created_time) - size * MINUTE;
    const since = /"created_time":\{"on_or_after":"([^"]+)"/.exec(JSON.stringify(filter ?? {}))?.[1];
    const first = since ? Math.round((Date.parse(since) - origin) / MINUTE) : 0;
    const from = cursor ? Number.parseInt(cursor.slice(-12), 10) : first;
    const end = Math.min(size, first + WINDOW);
    const to = Math.min(end, from + count);
    const one = template('row', () => {
      const id = Object.keys(sample.properties).find((name) => name === 'GitHub ID');
      return JSON.stringify({ ...sample, created_time: '\u0003', properties: { ...sample.properties, [id]: { ...sample.properties[id], number: NUMBER } } })
        .replaceAll(/(github\.com\/[^"]*\/issues\/)1"/g, `$1${NUMBER}"`);
    });
    const more = to < end;
    const text = JSON.stringify({
      ...answer.body, results: ['\u0002'], has_more: more,
      next_cursor: more ? `00000000-0000-4000-8000-${pad(to)}` : null,
      request_status: { type: !more && end < size ? 'incomplete' : 'complete' },
    });
    const all = range(from, to).map((i) => one.fill(i + 1).replace('\\u0003', iso(origin + i * MINUTE))).join(',');
    return { ...answer, body: text.replace('"\\u0002"', () => all) };
  }

  const listsAll = (ctx) => ctx.method === 'POST' && ctx.path.endsWith('/query') && !/last_edited_time|is_archived/.test(ctx.rawBody);
  github.handle = (ctx) => (ctx.path === '/graphql' ? graphql(ctx) : originals.github.call(github, ctx));
  notion.handle = (ctx) => (listsAll(ctx) ? rows(ctx) : originals.notion.call(notion, ctx));
  return () => {
    delete github.handle;
    delete notion.handle;
  };
}
