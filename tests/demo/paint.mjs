// Text for a terminal: colors if there are any, tables of fixed width, Markdown made readable.

const WIDTH = 100;

const force = process.env.FORCE_COLOR;
export const colours = !process.env.NO_COLOR && (force !== undefined ? force !== '0' : process.stdout.isTTY && process.env.TERM !== 'dumb');
const paint = (code) => (text) => (colours && text !== '' ? `\x1b[${code}m${text}\x1b[0m` : text);

export const bold = paint('1');
export const dim = paint('2');
export const red = paint('31');
export const green = paint('32');
export const cyan = paint('36');
const changed = paint('1;33');

export const say = (text = '') => process.stdout.write(`${text}\n`);
export const title = (text) => say(`\n${bold(text)}`);

export const fit = (text, width) => (text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width));

/*
 * Rows of cells under headings, in columns of the given widths. A cell is a text, or {text, changed}:
 * what changed is colored, and marked by a star if there are no colors.
 */
export function table(columns, rows) {
  const line = (cells, style) => cells.map((cell, i) => columnText(columns[i], cell, style)).join(' ').trimEnd();
  say(line(columns.map(({ name }) => name), dim));
  for (const row of rows) say(line(row, (text) => text));
}

function columnText(column, cell, style) {
  if (column.width === 0) return dim('│');
  const { text, changed: isChanged = false } = typeof cell === 'string' ? { text: cell } : cell;
  const shown = fit(isChanged && !colours ? `*${text}` : text, column.width);
  return isChanged ? changed(shown) : style(shown);
}

// Folds a text into lines of at most WIDTH characters, all indented, later ones by two more.
export function fold(text, indent = 0) {
  const lines = [];
  let line = ' '.repeat(indent);
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ' '.repeat(indent + 2);
    }
    line += line.trim() === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}

const inline = (text) => text
  .replace(/<br>/g, '; ').replace(/<\/?sub>/g, '')
  .replace(/\[([^\]]*)\]\(([^)]*)\)/g, '$1')
  .replace(/(`+) ?(.+?) ?\1/g, '$2')
  .replace(/\\\|/g, '|').replace(/\*\*/g, '');

// A job summary as GitHub would show it, without its links; tables of two columns on one line.
export function summaryLines(markdown) {
  const lines = [];
  let pairs = [];
  const flush = () => {
    if (pairs.length > 0) lines.push(...fold(pairs.join(', ')));
    pairs = [];
  };
  // A picture is for the web; a value in a fence is on the line of its label.
  const text = markdown.replace(/```mermaid\n[\s\S]*?\n```/g, '').replace(/:\n\n```\w*\n(.*)\n```/g, ': $1');
  for (const line of text.split('\n')) {
    const cells = line.startsWith('|') ? line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => inline(cell.trim())) : null;
    if (cells?.length === 2 && /\d/.test(cells[1])) pairs.push(cells.join(' '));
    else flush();
    if (line.trim() === '' || line.startsWith('```') || cells?.length === 2) continue;
    if (cells) lines.push(...tableLine(cells));
    else if (line.startsWith('#')) lines.push(...fold(inline(line.replace(/^#+ /, ''))).map(bold));
    else lines.push(...fold(inline(line)));
  }
  return lines;
}

function tableLine(cells) {
  if (cells.every((cell) => /^[-:]*$/.test(cell)) || cells[0] === 'Issue') return [];
  return fold(cells.filter((cell) => cell !== 'page').join('  '));
}
