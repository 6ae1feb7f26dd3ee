import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linked } from './body-story.mjs';
import { changes } from './sync-story.mjs';

// An edit on one side reaches the other, and nothing else does: neither text loses or doubles a word that nobody touched.

const FENCE = '```';

// Edits in Notion, one pass each: what the page's text becomes, then what GitHub's must be.
const CARRIED = [
  ['text around images in the line',
    'A ![](https://x.example/1) B\n\nC ![](https://x.example/2) D',
    [[(text) => text.replace('A', 'A edited'), 'A edited ![](https://x.example/1) B\n\nC ![](https://x.example/2) D']]],
  ['images in the line, a paragraph appended',
    '**Before:** ![](https://x.example/1)\n\n**After:** ![](https://x.example/2)',
    [[(text) => `${text}\n\nNew.`, '**Before:** ![](https://x.example/1)\n\n**After:** ![](https://x.example/2)\n\nNew.']]],
  ['badges, of which Notion keeps no link: their captions are edited, a block comes between them, one goes',
    '[![one](https://x.example/1)](https://x.example/a) [![two](https://x.example/2)](https://x.example/b)\n[![three](https://x.example/3)](https://x.example/c)',
    [[(text) => text.replace('two', 'two more'), '[![one](https://x.example/1)](https://x.example/a) [![two more](https://x.example/2)](https://x.example/b)\n[![three](https://x.example/3)](https://x.example/c)'],
      [(text) => text.replace('![two', '- New.\n\n![two'), '[![one](https://x.example/1)](https://x.example/a)\n\n- New.\n\n[![two more](https://x.example/2)](https://x.example/b)\n[![three](https://x.example/3)](https://x.example/c)'],
      [(text) => text.replace('![two more](https://x.example/2)\n\n', ''), '[![one](https://x.example/1)](https://x.example/a)\n\n- New.\n\n[![three](https://x.example/3)](https://x.example/c)']]],
  ['badges: a caption is edited and a block comes in beside it at once',
    '[![one](https://x.example/1)](https://x.example/a) [![two](https://x.example/2)](https://x.example/b)',
    [[(text) => text.replace('![two', 'New.\n\n![two more'), '[![one](https://x.example/1)](https://x.example/a)\n\nNew.\n\n[![two more](https://x.example/2)](https://x.example/b)']]],
  ['badges in the items of a list: a caption is edited, one item goes',
    '- [![one](https://x.example/1)](https://x.example/a)\n- [![two](https://x.example/2)](https://x.example/b)\n- [![three](https://x.example/3)](https://x.example/c)',
    [[(text) => text.replace('two', 'two more'), '- [![one](https://x.example/1)](https://x.example/a)\n- [![two more](https://x.example/2)](https://x.example/b)\n- [![three](https://x.example/3)](https://x.example/c)'],
      [(text) => text.replace(/- !\[one.*\n/, '').replace('three', 'the third'), '- [![two more](https://x.example/2)](https://x.example/b)\n- [![the third](https://x.example/3)](https://x.example/c)']]],
  ['comments within a quote, an item and a cell, and titles, beside what is edited',
    '> One <!-- hint -->\n> more.\n\n- Two <!-- hint -->\n\n| Three <!-- hint --> | A |\n|--|--|\n| [four](https://x.example/4 "Four") | B |\n\n![five][5] Five.\n\n[5]: https://x.example/5 "The fifth"',
    [[(text) => text.replace('more.', 'much more.').replace('Two', 'Two and').replace('| B |', '| C |').replace('Five.', 'Five it is.'), '> One <!-- hint -->\n> much more.\n\n- Two <!-- hint --> and\n\n| Three <!-- hint --> | A |\n|--|--|\n| [four](https://x.example/4 "Four") | C |\n\n![five][5] Five it is.\n\n[5]: https://x.example/5 "The fifth"'],
      [(text) => text.replace('Five it is.', 'New.\n\nFive it is.'), /\n\n!\[five\]\[5\]\n\nNew\.\n\nFive it is\.\n\n\[5\]: https:\/\/x\.example\/5 "The fifth"$/]]],
  ['a paragraph with what Notion does not show is moved',
    'One <!-- hint --> more.\n\nTwo.\n\n* Three.',
    [[(text) => text.replace('One more.\n\nTwo.', 'Two.\n\nOne more.'), 'Two.\n\nOne <!-- hint --> more.\n\n* Three.']]],
  ['a paragraph in the place of code with which it shares words',
    `One.\n\n${FENCE}js\nrun(now);\nbuild(1);\n${FENCE}\n\nTwo.`,
    [[(text) => text.replace(/```[^]*```/, 'You run it by hand.'), 'One.\n\nYou run it by hand.\n\nTwo.']]],
  ['a toggle that begins an item',
    '- <details><summary>Log</summary>\n\n  The log.\n\n  - one\n\n  </details>\n- two',
    [[(text) => text.replace('The log', 'The whole log'), '- <details><summary>Log</summary>\n\n  The whole log.\n\n  - one\n\n  </details>\n- two']]],
  ['text directly above tables, a cell changed',
    'Run one:\n| A | B |\n|--|--|\n| 1 | 2 |\n\nRun two:\n| A | B |\n|--|--|\n| 3 | 4 |',
    [[(text) => text.replace('| 3 |', '| 5 |'), /^Run one:\n\| A \| B \|\n\|--\|--\|\n\| 1 \| 2 \|\n\nRun two:\n+\| A \| B \|\n\|[ -]+\|[ -]+\|\n\| 5 \| 4 \|$/]]],
  ['a footnote that holds code',
    'See this[^1] now.\n\n[^1]: Note\n\n        code\n\nEnd [rel](../L.md).',
    [[(text) => `${text}\n\nNew.`, 'See this[^1] now.\n\n[^1]: Note\n\n        code\n\nEnd [rel](../L.md).\n\nNew.']]],
  ['a footnote that holds a list, at the end',
    'See this[^1] now.\n\nEnd [rel](../L.md).\n\n[^1]: Note\n\n    - one\n    - two',
    [[(text) => `${text}\n\nNew.`, 'See this[^1] now.\n\nEnd [rel](../L.md).\n\nNew.\n\n[^1]: Note\n\n    - one\n    - two']]],
  ['a definition behind a list whose last item is deleted',
    'See [the repo][core].\n\n- one\n- two\n\n[core]: https://x.example',
    [[(text) => text.replace('\n- two', ''), 'See [the repo][core].\n\n- one\n\n[core]: https://x.example'],
      [(text) => text.replace('See', 'Do see'), 'Do see [the repo][core].\n\n- one\n\n[core]: https://x.example']]],
  ['a definition goes with its last reference, be its label the text of a link of its own',
    'See [it][core].\n\nThe [core](https://y.example).\n\n[core]: https://x.example',
    [[(text) => text.replace(/^See.*\n\n/, ''), 'The [core](https://y.example).']]],
  ['a paragraph between list items',
    '- Start\n- Ref: [octo/demo#26](https://github.com/octo/demo/pull/26)',
    [[(text) => text.replace('\n- Ref', '\n\nBetween.\n\n- Ref'), '- Start\n\nBetween.\n\n- Ref: [octo/demo#26](https://github.com/octo/demo/pull/26)']]],
  ['an HTML comment between paragraphs, three edits beside it',
    'Start.\n\n<!-- hint -->\n\nIt broke.\n\nEnd.',
    [[(text) => text.replace('It broke.', 'It broke again.'), 'Start.\n\n<!-- hint -->\n\nIt broke again.\n\nEnd.'],
      [(text) => text.replace('Start.', 'Begin.'), 'Begin.\n\n<!-- hint -->\n\nIt broke again.\n\nEnd.'],
      [(text) => text.replace('It broke again.\n\n', ''), 'Begin.\n\n<!-- hint -->\n\nEnd.']]],
  ['definitions directly above a paragraph',
    '[core]: https://x.example\n[^n]: A note.\n\nSee [it][core][^n].\n\nEnd.',
    [[(text) => text.replace('End.', 'The end.'), '[core]: https://x.example\n[^n]: A note.\n\nSee [it][core][^n].\n\nThe end.'],
      [(text) => text.replace('See', 'Do see'), '[core]: https://x.example\n[^n]: A note.\n\nDo see [it][core][^n].\n\nThe end.']]],
  ['a definition that touches its paragraph',
    '[core]: https://x.example\nSee [it][core].',
    [[(text) => text.replace('See', 'Do see'), '[core]: https://x.example\nDo see [it][core].']]],
  ['text of a paragraph between ones with images',
    'Press ![a](https://x.example/u) once.\n\nOne.\n\nPress ![b](https://x.example/v) twice.',
    [[(text) => text.replace('One.', 'Two.'), 'Press ![a](https://x.example/u) once.\n\nTwo.\n\nPress ![b](https://x.example/v) twice.']]],
  ['a comment and images, a paragraph added',
    'One.\n\n<!-- hint -->\n\nPress ![a](https://x.example/u) once.\n\nTwo.',
    [[(text) => text.replace('Two.', 'New.\n\nTwo.'), 'One.\n\n<!-- hint -->\n\nPress ![a](https://x.example/u) once.\n\nNew.\n\nTwo.']]],
  ['paragraphs with images within links: one is deleted and both beside it are edited',
    'See [the ![first](https://x.example/1) plan](https://x.example/a).\n\nRead [the ![second](https://x.example/2) list](https://x.example/b).\n\nOpen [the ![third](https://x.example/3) board](https://x.example/c).',
    [[(text) => text.replace(/\n\nRead.*/, '').replace('See', 'Do see').replace('Open', 'Now open'), 'Do see [the ![first](https://x.example/1) plan](https://x.example/a).\n\nNow open [the ![third](https://x.example/3) board](https://x.example/c).'],
      [(text) => text.replace(/^.*\n\n/, '').replace('Now open', 'At last open'), 'At last open [the ![third](https://x.example/3) board](https://x.example/c).']]],
  ['a tag around blocks',
    'One.\n\nTwo.\n\n<div align="center">\n\ncentered\n\n</div>\n\nEnd.',
    [[(text) => text.replace('Two.', 'Two!'), /^One\.\n\nTwo!\n\n<div align="center">\n\ncentered\n\n<\/div>\n\nEnd\.$/],
      [(text) => text.replace('centered', 'in the middle'), /^One\.\n\nTwo!\n\n<div align="center">\n\nin the middle\n\n<\/div>\n\nEnd\.$/],
      [(text) => text.replace('in the middle', 'Above.\n\nin the middle'), /^One\.\n\nTwo!\n\nAbove\.\n\n<div align="center">\n\nin the middle\n\n<\/div>\n\nEnd\.$/],
      [(text) => text.replace('End.', 'Below.\n\nEnd.'), /<div align="center">\n\nin the middle\n\n<\/div>\n\nBelow\.\n\nEnd\.$/]]],
  ['HTML paragraphs in one block',
    '<div>\n<p>First</p>\n<p>Second</p>\n</div>\n\n<p><img src="https://x.example/1"><br>caption</p>',
    [[(text) => text.replace('First', 'The first'), '<div>\n<p>The first</p>\n<p>Second</p>\n</div>\n\n<p><img src="https://x.example/1"><br>caption</p>'],
      [(text) => text.replace('caption', 'a caption'), '<div>\n<p>The first</p>\n<p>Second</p>\n</div>\n\n<p><img src="https://x.example/1"><br>a caption</p>']]],
  ['lines of GitHub\'s web editor stay as they are',
    'One.\r\nStill one.\r\n\r\n* a\r\n* b\r\n\r\nEnd.',
    [[(text) => text.replace('End.', 'The end.'), 'One.\nStill one.\n\n* a\n* b\n\nThe end.']]],
];

for (const [name, body, edits] of CARRIED) {
  test(`carried: ${name}`, async (t) => {
    const at = await linked(t, { body });
    for (const [edit, wanted] of edits) {
      at.edit(1, edit);
      const result = await at.pass();
      assert.equal(result.outputs.conflicts, '0');
      if (wanted instanceof RegExp) assert.match(at.body(1), wanted);
      else assert.equal(at.body(1), wanted);
      at.later();
    }
    await at.settle();
  });
}

test('what Notion does not show and nothing identifies any more is quoted', async (t) => {
  const body = 'Read [this ![chart](https://x.example/1.svg)](https://x.example/a) now.\n\nEnd.';
  const at = await linked(t, { body });
  at.edit(1, (text) => text.replace(/Read.*now\./, 'Read [that figure](https://x.example/b) now.'));
  assert.equal((await at.pass()).outputs.conflicts, '1');
  assert.equal(at.body(1), 'Read [that figure](https://x.example/b) now.\n\nEnd.');
  assert.ok(at.comments(1).some((comment) => comment.includes('https://x.example/1.svg')));
  await at.settle();
});

test('both sides edited beside an image in the line: both edits are on both sides', async (t) => {
  const at = await linked(t, { body: 'A ![](https://x.example/1) B\n\nC ![](https://x.example/2) D' });
  at.edit(1, (text) => text.replace('A', 'A edited'));
  at.write(1, at.body(1).replace('D', 'D changed'));
  assert.equal((await at.pass()).outputs.conflicts, '0');
  assert.equal(at.body(1), 'A edited ![](https://x.example/1) B\n\nC ![](https://x.example/2) D changed');
  assert.equal(at.content(1), 'A edited\n\n![](https://x.example/1)\n\nB\n\nC\n\n![](https://x.example/2)\n\nD changed');
  await at.settle();
});

test('a fence that nobody closed: what is appended on either side comes after the code', async (t) => {
  const at = await linked(t, { body: `Text.\n\n${FENCE}\ncode` });
  at.edit(1, (text) => `${text}\n\nNew.`);
  assert.equal((await at.pass()).outputs.conflicts, '0');
  assert.equal(at.body(1), `Text.\n\n${FENCE}\ncode\n${FENCE}\n\nNew.`);
  await at.settle();
  at.later();
  at.write(1, `${at.body(1)}\n\nMore.`);
  await at.pass();
  assert.equal(at.content(1), `Text.\n\n${FENCE}\ncode\n${FENCE}\n\nNew.\n\nMore.`);
  await at.settle();
});

test('two indented blocks of code stay two when the paragraph between them is deleted', async (t) => {
  const at = await linked(t, { body: 'Text.\n\n    one\n\nBetween.\n\n    two\n\nEnd.' });
  at.edit(1, (text) => text.replace('Between.\n\n', ''));
  const page = at.content(1);
  assert.equal((await at.pass()).outputs.conflicts, '0');
  assert.match(at.body(1), /^Text\.\n\n[^]*one[^]*```[^]*two[^]*\n\nEnd\.$/);
  await at.settle();
  at.later();
  await at.pass({ mode: 'full' });
  assert.equal(at.content(1), page);
});

for (const [name, block, mark] of [
  ['a table of contents', '<table-of-contents />', '<table-of-contents'],
  ['columns', '<columns>\n<column>\nLeft.\n</column>\n<column>\nRight.\n</column>\n</columns>', '<columns>'],
  ['a synced block', '<synced-block url="https://app.notion.com/p/x">Shared</synced-block>', '<synced-block'],
  ['an unknown block', '<unknown url="https://app.notion.com/p/0123456789abcdef0123456789abcdef" />', '<unknown'],
]) {
  for (const [where, page] of [['above', `${block}\n\nOne.\n\nTwo.`], ['below', `One.\n\n${block}\n\nTwo.`], ['directly above', `${block}\nOne.\n\nTwo.`]]) {
    test(`${name} ${where} a paragraph: the paragraph is edited, added and deleted on GitHub`, async (t) => {
      const at = await linked(t);
      at.edit(1, page);
      await at.pass();
      at.later();
      await at.pass();
      at.later();
      for (const [from, to] of [['One.', 'One, edited.'], ['One, edited.', 'One, edited.\n\nAdded.'], ['One, edited.\n\n', ''], ['Added.', 'Before.\n\nAdded.']]) {
        const before = at.blocks(1);
        const [old, ours] = [at.content(1), at.body(1)];
        assert.ok(ours.includes(from), ours);
        at.write(1, ours.replace(from, to));
        const result = await at.pass();
        assert.equal(result.outputs.conflicts, '0', at.comments(1).at(-1));
        assert.equal(at.content(1), old.replace(from, to));
        assert.ok(at.content(1).includes(mark));
        assert.ok(before.filter((id) => at.blocks(1).includes(id)).length >= before.length - 1, 'other blocks keep their ids');
        at.later();
      }
      await at.settle();
    });
  }
}

test('an edit of a block that Markdown cannot carry is refused with its reason, and told once', async (t) => {
  const at = await linked(t);
  at.edit(1, 'One.\n\n<unknown url="https://app.notion.com/p/0123456789abcdef0123456789abcdef" />\n\nTwo.');
  await at.pass();
  at.later();
  await at.pass();
  at.later();
  const [old, ours] = [at.content(1), at.body(1)];
  at.write(1, ours.replace(/\[a part that only Notion shows\]\([^)]*\)/, 'Text instead.'));
  const result = await at.pass();
  assert.equal(result.outputs.conflicts, '1');
  assert.equal(at.content(1), old);
  const told = at.comments(1).at(-1);
  assert.doesNotMatch(told, /were both changed/);
  assert.match(told, /what Markdown cannot carry/);
  at.later();
  assert.deepEqual(changes(at, await at.pass({ mode: 'full' })), []);
});

test('a table without a header is moved, edited and deleted on GitHub', async (t) => {
  const table = '<table><tr><td>one</td><td>two</td></tr></table>';
  const at = await linked(t, { body: `Start.\n\n${table}\n\nEnd.` });
  for (const body of [`${table}\n\nStart.\n\nEnd.`, `${table.replace('two', 'three')}\n\nStart.\n\nEnd.`, 'Start.\n\nEnd.']) {
    at.write(1, body);
    assert.equal((await at.pass()).outputs.conflicts, '0');
    for (const word of ['one', 'three']) assert.equal(at.content(1).includes(word), body.includes(word));
    at.later();
  }
  await at.settle();
});

test('text in a details block folds in Notion and comes back', async (t) => {
  const body = 'One.\n\n<details>\nSome text\n</details>\n\n<details><summary>Log</summary>\nThe log.\n</details>';
  const at = await linked(t, { body });
  assert.equal(at.content(1), 'One.\n\n<toggle>\n<p />\n\nSome text\n</toggle>\n\n<toggle>\nLog\n\nThe log.\n</toggle>');
  at.edit(1, (text) => text.replace('The log.', 'The whole log.'));
  await at.pass();
  assert.equal(at.body(1), body.replace('The log.', 'The whole log.'));
  await at.settle();
});
