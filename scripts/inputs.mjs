#!/usr/bin/env node
// Writes what follows from the table of inputs in src/config/inputs.c: the inputs of action.yml, the
// tables of docs/inputs.md, and .github/workflows/sync.yml.
// Usage: scripts/inputs.mjs           writes them
//        scripts/inputs.mjs --check   writes nothing; fails if one is out of date
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const read = (name) => readFileSync(new URL(name, root), 'utf8');
const source = read('src/config/inputs.c');

const unquoted = (text) => JSON.parse(`"${text}"`);
// Literals that are side by side are one text.
const literal = (row, member) => {
  const found = new RegExp(`\\.${member} = ((?:"(?:[^"\\\\]|\\\\.)*"\\s*)+)`).exec(row)?.[1];
  return found && [...found.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => unquoted(text)).join('');
};
const word = (row, member) => new RegExp(`\\.${member} = (\\w+)`).exec(row)?.[1];

function values(row, help) {
  const names = literal(row, 'choices')?.split(' ') ?? { parse_boolean: ['true', 'false'] }[word(row, 'parse')]
    ?? (word(row, 'choices') === 'LOG_LEVELS' ? ['error', 'warning', 'info', 'debug'] : null);
  if (names) return names.map((name) => `\`${name}\``).join(', ');
  const kinds = { parse_secret: 'token', parse_number: `${word(row, 'min')} to ${word(row, 'max')}`, parse_filter: 'JSON' };
  return kinds[word(row, 'parse')] ?? (help.startsWith('List of ') ? 'list' : 'text');
}

const table = /const struct input input_table\[\] = \{\n(.*?)^\};/ms.exec(source)[1];
// A row without a group belongs to the last one; flags of the command line are no inputs of the action.
let group;
const inputs = table.split(/^ {4}\{(?=\.(?:group|name))/m).slice(1).filter((row) => !/\.command_line = true/.test(row)).map((row) => {
  const help = literal(row, 'help');
  group = literal(row, 'group') ?? group;
  return {
    name: literal(row, 'name'), group, help, fallback: literal(row, 'fallback'), shown: literal(row, 'shown'), values: values(row, help),
  };
});

// --- action.yml: what the program finds out by itself has no default there ---

function folded(text) {
  const lines = [];
  let line = '     ';
  for (const part of text.split(' ')) {
    if (line.length + 1 + part.length > 100) {
      lines.push(line);
      line = '     ';
    }
    line += ` ${part}`;
  }
  return [...lines, line].join('\n');
}

function declared({ name, help, fallback, shown }) {
  const value = shown?.startsWith('$') ? shown : fallback;
  const required = shown === undefined && fallback === undefined;
  const text = /^(?:\d+|true|false)$/.test(value) ? `'${value}'` : value;
  return [`  ${name}:`, '    description: >-', folded(help), ...(required ? ['    required: true'] : []), ...(value ? [`    default: ${text}`] : [])].join('\n');
}

const action = read('action.yml').replace(/^inputs:\n.*?(?=\noutputs:)/ms, `inputs:\n${inputs.map(declared).join('\n')}\n`);

// --- docs/inputs.md: a table for each group at its marker, and the outputs of action.yml ---

const code = (text) => `\`${text}\``;
const names = new RegExp(`\\b(?:${inputs.map(({ name }) => name).filter((name) => name.includes('_')).join('|')})\\b`, 'g');
function meaning({ help, values: allowed }) {
  const own = [...allowed.matchAll(/`(\w+)`/g)].map(([, value]) => value).join('|');
  const text = own ? help.replace(new RegExp(`\\b(?:${own})(?=: )`, 'g'), code) : help;
  return text.replace(names, code).replace(/<id>/g, code).replace(/\|/g, '\\|');
}
function row(input) {
  const required = input.shown === undefined && input.fallback === undefined;
  const value = input.shown ?? input.fallback;
  return `| \`${input.name}\` | ${input.values} | ${required ? 'required' : value ? code(value) : ''} | ${meaning(input)} |`;
}

const groups = [...new Set(inputs.map(({ group }) => group))];
const tables = new Map(groups.map((group) => [group, [
  '| input | values | default | meaning |', '|-|-|-|-|', ...inputs.filter((input) => input.group === group).map(row),
]]));
const outputs = [...action.slice(action.indexOf('\noutputs:')).matchAll(/^ {2}(\w+):\n {4}description: (?:>-\n)?((?:.+\n?)(?: {6}.+\n)*)/gm)];
tables.set('outputs', ['| output | meaning |', '|-|-|', ...outputs.map(([, name, text]) => `| \`${name}\` | ${text.trim().replace(/\s+/g, ' ')} |`)]);

const used = new Set();
const page = read('docs/inputs.md').replace(/^<!-- table: (.+?) -->\n(?:.*?\n)??<!-- end -->$/gms, (_, name) => {
  used.add(name);
  return [`<!-- table: ${name} -->`, ...(tables.get(name) ?? [`no such group: ${name}`]), '<!-- end -->'].join('\n');
});

// --- all of it ---

const wrong = [];
for (const { name, group, help } of inputs) if (!group || !help) wrong.push(`src/config/inputs.c: ${name} has no group or no help`);
for (const name of tables.keys()) if (!used.has(name)) wrong.push(`docs/inputs.md: no place for the table of "${name}"`);
for (const name of used) if (!tables.has(name)) wrong.push(`docs/inputs.md: no input has the group "${name}"`);
const isCheck = process.argv[2] === '--check';
function put(name, text) {
  if (read(name) === text) return;
  if (isCheck) wrong.push(`${name} is out of date: run scripts/inputs.mjs`);
  else writeFileSync(new URL(name, root), text);
}
put('action.yml', action);
put('docs/inputs.md', page);
put('.github/workflows/sync.yml', execFileSync(process.execPath, [fileURLToPath(new URL('sync-workflow.mjs', import.meta.url))], { encoding: 'utf8' }));
for (const text of wrong) console.error(text);
process.exitCode = wrong.length > 0 ? 1 : 0;
