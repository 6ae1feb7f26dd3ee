// Both sides of a board as one list of rows, a linked page beside its issue.

// What the column GitHub State says, of an issue's state as shown here.
const STATES = { open: 'Open', draft: 'Draft', closed: 'Closed', 'not planned': 'Closed', merged: 'Merged' };

export function readSides({ notion, github }, at) {
  const issues = github.snapshot(at.repo).issues;
  const rows = issues.map((issue) => ({ issue: issueCells(issue), pages: [] }));
  const alone = [];
  for (const { values, trashed } of notion.snapshot()[at.title]) {
    if (trashed) continue;
    const row = rows.find(({ issue }) => issue.number === values['GitHub ID']);
    const page = pageCells(values);
    if (row === undefined) alone.push({ issue: null, page, pages: [page] });
    else row.pages.push(page);
  }
  for (const row of rows) row.page = row.pages[0] ?? null;
  return [...alone, ...rows];
}

function shownState({ state, stateReason, draft, merged }) {
  if (state === 'open') return draft ? 'draft' : 'open';
  if (merged) return 'merged';
  return stateReason === 'not_planned' ? 'not planned' : 'closed';
}

function issueCells(issue) {
  const own = issue.comments.filter(({ author }) => author === 'github-actions[bot]');
  return {
    number: issue.number, pull: issue.kind === 'pull', title: issue.title, state: shownState(issue),
    labels: issue.labels.join(','), comments: own.map(({ body }) => body),
  };
}

function pageCells(values) {
  return {
    number: values['GitHub ID'] ?? null, title: values.Name, status: values.Status ?? '',
    labels: [...values.Labels].sort().join(','), state: values['GitHub State'] ?? '',
  };
}

const CLOSED = new Set(['Done', 'Canceled']);

// What is wrong with a row, once both sides should be in sync.
export function misfits({ issue, page, pages }) {
  const name = issue ? `#${issue.number}` : `the page "${page.title}"`;
  if (issue === null) return [`${name} has no issue`];
  if (pages.length !== 1) return [`${name} has ${pages.length} pages`];
  const closed = !['open', 'draft'].includes(issue.state);
  return [
    issue.title !== page.title && 'title',
    issue.labels !== page.labels && 'labels',
    closed !== CLOSED.has(page.status) && 'status',
    page.state !== STATES[issue.state] && 'GitHub State',
  ].filter(Boolean).map((field) => `${name}: ${field} differs`);
}

export const COLUMNS = [
  { name: 'ID', width: 3 }, { name: 'NOTION  title', width: 20 }, { name: 'status', width: 12 }, { name: 'labels', width: 12 },
  { name: '', width: 0 },
  { name: '#', width: 5 }, { name: 'GITHUB  title', width: 20 }, { name: 'state', width: 7 }, { name: 'labels', width: 12 },
];

function cells({ issue, page }) {
  const left = page ? [page.number === null ? '' : String(page.number), page.title, page.status, page.labels] : ['', '', '', ''];
  const right = issue ? [`${issue.number}${issue.pull ? ' PR' : ''}`, issue.title, issue.state, issue.labels] : ['', '', '', ''];
  return [...left, '', ...right];
}

// The row as it was: by its number, or by its title while it was a page without one.
const earlier = (row, before) => before.find(({ issue }) => issue && issue.number === row.issue?.number)
  ?? before.find(({ issue, page }) => issue === null && page.title === row.page?.title);

// Rows of cells, each with whether it changed since.
export function markedRows(rows, before) {
  return rows.map((row) => {
    const old = earlier(row, before);
    const was = old ? cells(old) : [];
    return cells(row).map((text, i) => ({ text, changed: text !== (was[i] ?? '') }));
  });
}

// Rows for table(); with `before`, only those that changed since, and what changed in them marked.
export function tableRows(rows, before) {
  if (before === undefined) return rows.map(cells);
  return markedRows(rows, before).filter((row) => row.some(({ changed }) => changed));
}
