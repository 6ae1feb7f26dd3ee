import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calm, edited, ended, finish, fresh, kindOf } from './faults-scene.mjs';
import { MINUTE } from './sync-story.mjs';

const READS = ['github POST /graphql', 'notion GET /data_sources/{}', 'notion POST /data_sources/{}/query'];
const STATE = ['github POST /git/commits', 'github POST /git/trees'];
const CREATES = ['github POST /issues', 'github POST /issues/{}/comments', 'notion POST /pages'];
const SCENES = {
  'in a pass over edits': {
    make: edited,
    kinds: [
      ...READS, 'notion GET /pages/{}', 'notion GET /users/{}', ...STATE, 'github PATCH /git/refs/{}', ...CREATES,
      'github POST /issues/{}/labels', 'github DELETE /issues/{}/labels/{}', 'github GET /collaborators/acme/permission', 'github PATCH /issues/{}', 'github PUT /pulls/{}/merge',
      'notion PATCH /pages/{}', 'notion GET /pages/{}/markdown', 'notion PATCH /pages/{}/markdown',
    ],
  },
  'in the first pass': {
    make: fresh,
    kinds: [
      ...READS, 'notion GET /databases/{}', ...STATE, 'github POST /git/refs', 'github PATCH /git/refs/{}', ...CREATES,
      'github PATCH /issues/{}', 'notion PATCH /data_sources/{}', 'notion PATCH /pages/{}', 'notion GET /pages/{}',
      'notion GET /pages/{}/markdown', 'notion GET /users/{}',
    ],
  },
};

const isRead = (kind) => /GET|graphql|query/.test(kind);
const ofGitHub = (kind) => kind.startsWith('github');
const wait = (value) => ({ 'retry-after': String(value) });

// What happens to one request of a kind; `of` leaves out kinds to which it does not happen.
const FAULTS = {
  // After the second of these nothing more is sent to GitHub: each run continues where the last one ended.
  '429 with seconds to wait': { ends: true, fault: () => ({ kind: 'status', status: 429, headers: wait(7) }) },
  '429 with a date to wait for': {
    ends: true,
    fault: (at) => ({ kind: 'status', status: 429, headers: wait(new Date(at.sandbox.clock.now() + 90000).toUTCString()) }),
  },
  'a secondary limit that only its text tells': {
    ends: true,
    of: ofGitHub,
    fault: () => ({
      kind: 'status', status: 403, body: { message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.' },
    }),
  },
  'an overloaded Notion': { of: (kind) => !ofGitHub(kind), fault: () => ({ kind: 'status', status: 529, headers: wait(3) }) },
  'a conflict of writes in Notion': { of: (kind) => !ofGitHub(kind), fault: () => ({ kind: 'status', status: 409 }) },
  'server error 500': { fault: () => ({ kind: 'status', status: 500 }), leaves: ['merge'] },
  'server error 502 in HTML': { fault: () => ({ kind: 'html', status: 502 }), leaves: ['merge'] },
  'server error 503': { fault: () => ({ kind: 'status', status: 503 }), leaves: ['merge'] },
  'server error 504 of what was done': { fault: () => ({ kind: 'status', status: 504, effect: true }) },
  'a change that was saved': { of: (kind) => !ofGitHub(kind) && !isRead(kind), fault: () => ({ kind: 'committed' }) },
  'half an answer': { fault: () => ({ kind: 'truncated' }) },
  'HTML instead of an answer': { fault: () => ({ kind: 'html', status: 200, effect: true }) },
  'no answer, nothing done': { fault: () => ({ kind: 'hang-before', advance: 61000 }), leaves: ['merge'] },
  'no answer, but it was done': { fault: () => ({ kind: 'hang-after', advance: 61000 }) },
  'a connection cut before': { fault: () => ({ kind: 'cut-before' }), leaves: ['merge'] },
  'a connection cut after': { fault: () => ({ kind: 'cut-after' }) },
  'a connection cut in an answer': { fault: () => ({ kind: 'cut-mid' }) },
};

for (const [scene, { make, kinds }] of Object.entries(SCENES)) {
  let undisturbed;
  test(`nothing goes wrong ${scene}`, async (t) => {
    const at = await make(t);
    const { requests } = await at.pass();
    assert.deepEqual([...new Set(requests.map(kindOf))].sort(), [...kinds].sort());
    await finish(at);
    undisturbed = ended(at);
  });

  for (const [name, { fault, of = () => true, leaves = [], ends = false }] of Object.entries(FAULTS)) {
    test(`each kind of request meets ${name} ${scene}`, async (t) => {
      const at = await make(t);
      const met = kinds.filter(of);
      for (const kind of met) at.sandbox.fault({ match: (request) => kindOf(request) === kind, ...fault(at) });
      for (let n = 1; ends && at.sandbox.unusedFaults().length > 0; n += 1) {
        assert.ok(n < 20, 'each kind is met');
        await at.pass({ max_runtime: 300 }, { allow: ['manners', 'faults'] });
        at.later(11 * MINUTE);
      }
      const result = await at.sync({ max_runtime: 300 }, { allow: ['manners'] });
      // A hang moves the clock under requests that are on their way: what is too close then is chance.
      if (/no answer/.test(name)) at.sandbox.github.violations.length = 0;
      assert.deepEqual(at.sandbox.github.violations, []);
      const failed = leaves.some((part) => met.some((kind) => kind.endsWith(part)));
      assert.equal(result.code, failed ? 1 : 0, `${result.stdout}\n${result.stderr}`);
      assert.ok(await finish(at) <= (failed ? 2 : 1));
      assert.deepEqual(ended(at), undisturbed);
    });
  }
}

const REPEATED = {
  'every answer to a create is lost': { kinds: CREATES, kind: 'cut-after' },
  'every create needs two tries': { kinds: CREATES, kind: 'cut-before', every: 2 },
  'every page that is written was saved, but cannot be loaded': { kinds: ['notion POST /pages', 'notion PATCH /pages/{}'], kind: 'committed' },
};

for (const [name, { kinds, kind, every = 1 }] of Object.entries(REPEATED)) {
  test(`${name}: nothing is made twice`, async (t) => {
    const at = await edited(t);
    for (const met of kinds) {
      let count = 0;
      at.sandbox.fault({ match: (request) => kindOf(request) === met && (count++ % every) === 0, kind, times: Infinity });
    }
    await at.pass({ max_runtime: 300 });
    await finish(at);
    assert.deepEqual(ended(at), await calm(t));
  });
}
