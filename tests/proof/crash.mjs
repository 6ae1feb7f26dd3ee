// Plays the crash matrix by hand:
//   node tests/proof/crash.mjs                          every cell of every script
//   node tests/proof/crash.mjs NAME                     every cell of the scripts whose name holds NAME
//   node tests/proof/crash.mjs NAME TROUBLE             one trouble at every request
//   node tests/proof/crash.mjs NAME TROUBLE AT NEXT     one cell, with all that was asked

import { disturbed } from './crash-cell.mjs';
import { allCells, baseline, playCells, told } from './crash-plan.mjs';
import { SCRIPTS } from './script.mjs';

const [part = '', trouble, at, next = 'later'] = process.argv.slice(2);
const names = Object.keys(SCRIPTS).filter((name) => name === part).concat(Object.keys(SCRIPTS).filter((name) => name !== part && name.includes(part)));

function showRequest({ n, service, method, path, status, fault, body }) {
  const text = body?.query ?? JSON.stringify(body) ?? '';
  console.log(`${n} ${service} ${method} ${path} ${status ?? 'no answer'}${fault ? ` (${fault.kind})` : ''} ${text.slice(0, 160)}`);
}

async function one(name) {
  const spot = { trouble, at: Number(at), next };
  const { state } = await baseline(name);
  const log = ({ code, signal, requests, stdout, stderr }) => {
    requests.forEach(showRequest);
    console.log(`exit ${code ?? signal}\n${stdout}${stderr}`);
  };
  const problems = await disturbed(SCRIPTS[name], state, spot, { deep: true, log });
  console.log(`${told(name, spot)}: ${problems.length === 0 ? 'as if nothing had happened' : ''}`);
  for (const line of problems) console.log(`    ${line}`);
  return problems.length > 0 ? 1 : 0;
}

async function many() {
  const results = await playCells(names, (requests) => allCells(requests, trouble ? [trouble] : undefined), { deep: true });
  let failed = 0;
  for (const [name, { played, failures }] of results) {
    const texts = [...(await baseline(name)).problems, ...failures];
    for (const text of texts) console.log(text);
    console.log(`${name}: ${played} cells, ${texts.length} failed`);
    failed += texts.length;
  }
  return failed;
}

const failed = await (at ? one(names[0]) : many());
process.exitCode = failed > 0 ? 1 : 0;
