// What changes something outside: the commands of a release do it here, so that a test can have the nth
// of them fail, before or after it did it (FAIL_AT: "3 before"; EFFECTS: the file that counts them).
import fs from 'node:fs';

export async function effect(act) {
  const { EFFECTS, FAIL_AT = '' } = process.env;
  fs.appendFileSync(EFFECTS, '.');
  const [n, phase] = FAIL_AT.split(' ');
  const fails = Number(n) === fs.statSync(EFFECTS).size;
  if (!fails || phase === 'after') await act();
  if (fails) throw new Error('broken off here');
}
