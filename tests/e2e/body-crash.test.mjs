// The program is killed at each request by which it writes a text, before and after the service acted;
// the passes after that leave what an undisturbed one leaves, with no text doubled and none lost.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linked, texts, THREE } from './body-story.mjs';
import { changes, isRead, isState } from './sync-story.mjs';

const BOTH = 'One, from GitHub.\n\nTwo.\n\nThree, from Notion.';

const SCENES = {
  'an issue made from a page': {
    make: async (t) => {
      const at = await texts(t);
      at.addPage({ Name: 'One' }, { markdown: THREE });
      return at;
    },
    ends: [THREE, THREE],
  },
  'a page made from an issue': {
    make: async (t) => {
      const at = await texts(t);
      at.addIssue({ title: 'One', body: THREE });
      return at;
    },
    ends: [THREE, THREE],
  },
  'a text edited on GitHub': {
    make: async (t) => {
      const at = await linked(t);
      at.write(1, THREE.replace('One.', 'One, from GitHub.\n\nOne more.'));
      return at;
    },
    ends: Array(2).fill(THREE.replace('One.', 'One, from GitHub.\n\nOne more.')),
  },
  'a text edited in Notion': {
    make: async (t) => {
      const at = await linked(t);
      at.edit(1, (text) => `${text}\n\nFour.`);
      return at;
    },
    ends: [`${THREE}\n\nFour.`, `${THREE}\n\nFour.`],
  },
  'texts edited on both sides': {
    make: async (t) => {
      const at = await linked(t);
      at.write(1, THREE.replace('One.', 'One, from GitHub.'));
      at.edit(1, (text) => text.replace('Three.', 'Three, from Notion.'));
      return at;
    },
    ends: [BOTH, BOTH],
  },
  'the same place edited on both sides': {
    make: async (t) => {
      const at = await linked(t);
      at.write(1, THREE.replace('Two.', 'Two, from GitHub.'));
      at.edit(1, (text) => text.replace('Two.', 'Two, from Notion.'));
      return at;
    },
    ends: Array(2).fill(THREE.replace('Two.', 'Two, from GitHub.')),
    quoted: /Two, from Notion\./,
  },
};

async function passes(at) {
  for (let n = 0; n < 5; n += 1) {
    at.later(11 * 60000);
    if (changes(at, await at.pass()).length === 0) return;
  }
  assert.fail('still at work after five passes');
}

function check(at, { ends, quoted }) {
  assert.equal(at.issues().length, 1);
  assert.equal(at.rows().length, 1);
  assert.deepEqual([at.body(1), at.content(1)], ends);
  const told = at.comments(1).filter((text) => /conflict page=/.test(text));
  assert.equal(told.length, quoted ? 1 : 0);
  if (quoted) assert.match(told[0], quoted);
}

for (const [name, scene] of Object.entries(SCENES)) {
  test(`killed at each write: ${name}`, async (t) => {
    const whole = await scene.make(t);
    const { requests } = await whole.pass();
    const start = whole.sandbox.requestCount - requests.length;
    const writes = requests.filter((request) => !isRead(request) && !isState(request)).map(({ n }) => n - start);
    await passes(whole);
    check(whole, scene);
    for (const n of writes) {
      for (const phase of ['before', 'after']) {
        const at = await scene.make(t);
        const result = await at.sync({}, { killAt: { n, phase } });
        assert.equal(result.signal, 'SIGKILL', `${n} ${phase}`);
        await passes(at);
        check(at, scene);
      }
    }
  });
}
