// Real texts through whole passes: each Markdown file that the tests and npm bring along becomes an issue; its page is
// edited in Notion, then the issue on GitHub, at places drawn by the file's own seed. A sample of the files, or all of
// them with TEXTS_SAMPLE=1.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { texts } from '../e2e/body-story.mjs';

const SAMPLE = Number(process.env.TEXTS_SAMPLE ?? 8);
const ROUNDS = SAMPLE === 1 ? 6 : 2;
const LONGEST = 30000;

const folders = [
  fileURLToPath(new URL('../node_modules', import.meta.url)),
  path.join(path.dirname(fs.realpathSync(process.execPath)), '../lib/node_modules'),
  '/usr/share/nodejs',
];

function* markdownIn(folder) {
  if (!fs.existsSync(folder)) return;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* markdownIn(file);
    else if (entry.isFile() && /\.(md|markdown)$/i.test(entry.name)) yield file;
  }
}

// No two of the same content.
const corpus = new Map();
for (const folder of folders) {
  for (const file of markdownIn(folder)) {
    const text = fs.readFileSync(file, 'utf8').replace(/\r\n/g, '\n').slice(0, LONGEST).trim();
    if (text.length > 40) corpus.set(text, file);
  }
}
const sample = [...corpus].filter((_, i) => i % SAMPLE === 0);

function* numbers(seed) {
  for (let x = seed; ; ) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    yield (x >>> 8) / 2 ** 24;
  }
}

// Without addresses, which become absolute, and breaks, which cells of a table need.
const words = (text) => text.replace(/<br\b[^>]*>/g, ' ').replace(/\]\(#[^)]*\)/g, '] ').replace(/(https?:\/\/|\.\.?\/)[^\s)>\]"]*/g, ' ').match(/[\p{L}\p{N}]+/gu) ?? [];

function tally(text) {
  const counts = new Map();
  for (const word of words(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

// A paragraph between two blocks outside of everything, or a plain word with something added.
function edit(text, draw, mark) {
  const at = () => draw.next().value;
  const gaps = [...text.matchAll(/\n\n(?=[A-Za-z*#])/g)].map(({ index }) => index).filter((index) => (text.slice(0, index).match(/^(```|~~~)/gm) ?? []).length % 2 === 0 && !/<\w[^>]*$/.test(text.slice(0, index)));
  if (at() < 0.4 && gaps.length > 0) {
    const index = gaps[Math.floor(at() * gaps.length)];
    return `${text.slice(0, index)}\n\nparagraph ${mark} added.${text.slice(index)}`;
  }
  const plain = [...text.matchAll(/(?<=[a-z] )[a-z]{4,}(?= [a-z])/g)];
  if (plain.length === 0) return `${text}\n\nparagraph ${mark} appended.`;
  const { index, 0: word } = plain[Math.floor(at() * plain.length)];
  return `${text.slice(0, index + word.length)}${mark}${text.slice(index + word.length)}`;
}

test('there are enough texts', { skip: SAMPLE !== 1 }, () => assert.ok(corpus.size >= 200, `${corpus.size} texts`));

test('real texts, edited on both sides in turn', async (t) => {
  const at = await texts(t);
  const seeds = sample.map(([text], i) => numbers(text.length + i));
  const settle = async () => {
    at.later();
    await at.pass({ link_comments: 'none' });
    at.later();
  };
  // Reading one text means reading all of them.
  const all = () => {
    const found = at.all();
    return sample.map((_, i) => found.get(i + 1));
  };
  for (const [i, [text]] of sample.entries()) at.addIssue({ title: `Text ${i}`, body: text });
  await at.pass({ link_comments: 'none' });
  await settle();
  const first = all().map(([body]) => body);
  assert.deepEqual(first, sample.map(([text]) => text), 'creating the pages changes no text');

  for (let round = 0; round < ROUNDS; round += 1) {
    const fromNotion = round % 2 === 0;
    const before = all();
    for (const [i] of sample.entries()) {
      const mark = `zq${round}x${i}`;
      const [body, content, page] = before[i];
      if (fromNotion) at.notion.editContent(page, edit(content, seeds[i], mark));
      else at.write(i + 1, edit(body, seeds[i], mark));
    }
    const edited = all();
    const result = await at.pass({ link_comments: 'none' });
    const after = all();
    const wrong = [];
    for (const [i, [, file]] of sample.entries()) {
      const [old, now] = [tally(before[i][fromNotion ? 0 : 1]), tally(after[i][fromNotion ? 0 : 1])];
      const source = [tally(before[i][fromNotion ? 1 : 0]), tally(edited[i][fromNotion ? 1 : 0])];
      const differs = new Set([...source[0].keys(), ...source[1].keys()].filter((word) => source[0].get(word) !== source[1].get(word)));
      // Markup counts as words too, and may go with what was written again; what both texts show may not.
      const lost = [...old].filter(([word, count]) => !differs.has(word) && (now.get(word) ?? 0) < Math.min(count, source[1].get(word) ?? 0)).map(([word]) => word);
      const doubled = [...now].filter(([word, count]) => !differs.has(word) && count > Math.max(old.get(word) ?? 0, source[1].get(word) ?? 0)).map(([word]) => word);
      const missing = [...differs].filter((word) => source[1].has(word) && !now.has(word));
      if (lost.length + doubled.length + missing.length > 0) wrong.push({ file, lost, doubled, missing });
    }
    assert.deepEqual(wrong, [], `round ${round}`);
    assert.equal(result.outputs.conflicts, '0');
    await settle();
    at.later();
    const quiet = all();
    await at.pass({ link_comments: 'none', mode: 'full' });
    assert.deepEqual(all(), quiet, 'and nothing comes after it');
    at.later();
  }
  t.diagnostic(`${sample.length} texts of ${corpus.size}`);
});
