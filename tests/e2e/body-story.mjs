// What the tests of bodies share: an issue and a page that are linked and say the same.

import { story } from './sync-story.mjs';

export const THREE = 'One.\n\nTwo.\n\nThree.';

// Besides what story() offers: body(number), content(number), write(number, text), edit(number, text or function); and
// all texts at once, by number: [body, content, id of the page].
export async function texts(t, options) {
  const at = await story(t, options);
  const lines = (text) => text.replace(/\r\n/g, '\n').replace(/\n*<!-- notion-sync page=[^\n]* -->\s*$/, '');
  return Object.assign(at, {
    body: (number) => lines(at.issue(number).body ?? ''),
    content: (number) => at.found().find((row) => !row.trashed && row.values['GitHub ID'] === number).body,
    all: () => {
      const rows = new Map(at.found().filter((row) => !row.trashed).map((row) => [row.values['GitHub ID'], row]));
      return new Map(at.issues().map(({ number, body }) => [number, [lines(body ?? ''), rows.get(number)?.body, rows.get(number)?.id]]));
    },
    write: (number, body, more = {}) => at.github.editIssue(at.repo, number, { body, ...more }),
    edit: (number, text) => at.notion.editContent(at.page(number), text),
    blocks: (number) => at.notion.pages.get(at.page(number)).blocks.map(({ id }) => id),
  });
}

// One issue with that text, its page, and a clock that has moved on.
export async function linked(t, { body = THREE, inputs, ...options } = {}) {
  const at = await texts(t, options);
  at.addIssue({ title: 'One', body });
  await at.pass(inputs);
  at.later();
  await at.pass(inputs);
  at.later();
  return at;
}

export const contentReads = (result) => result.requests.filter(({ method, path }) => method === 'GET' && path.endsWith('/markdown')).length;
