import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import fs from 'node:fs';
import { test } from 'node:test';
import { play } from '../proof/histories-play.mjs';
import { tell, tryHistory } from '../proof/histories-run.mjs';

const RANDOM_MS = 6000;
const RANDOM_MAX = 25;

const past = JSON.parse(fs.readFileSync(new URL('../proof/seeds.json', import.meta.url), 'utf8'));

for (const { name, ...history } of past) {
  test(`a history that went wrong once: ${name}`, async () => {
    const { problems } = await play(history);
    assert.ok(problems.length === 0, tell({ history, problems }));
  });
}

test('random histories', async (t) => {
  const deadline = Date.now() + RANDOM_MS;
  const first = randomInt(2 ** 30);
  let played = 0;
  for (; played < RANDOM_MAX && (played === 0 || Date.now() < deadline); played += 1) {
    const { failure } = await tryHistory(first + played, { shrinkMs: 30000 });
    assert.ok(failure === null, failure && tell(failure));
  }
  t.diagnostic(`${played} histories, seeds from ${first}; many more by tests/proof/histories.mjs`);
});
