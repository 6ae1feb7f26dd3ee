import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { board, parseCommands, parseOutputs, runSync } from '../harness.mjs';
import { Sandbox } from '../sandbox/core.mjs';

let sandbox;
let folder;
let setup;

before(async () => {
  sandbox = await Sandbox.start();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'harness-'));
  setup = board(sandbox, { properties: { Milestone: 'rich_text', Type: null } });
});

after(async () => {
  delete process.env.NOTION_SYNC_BIN;
  fs.rmSync(folder, { recursive: true });
  await sandbox.stop();
});

afterEach(() => sandbox.clearFaults());

// A program of a few lines replaces the binary.
function program(text) {
  const file = path.join(folder, `program-${fs.readdirSync(folder).length}.mjs`);
  fs.writeFileSync(file, `#!${process.execPath}\nimport fs from 'node:fs';\nconst env = process.env;
const me = () => fetch(env.INPUT_NOTION_API_URL + '/v1/users/me', { headers: { authorization: 'Bearer ' + env.INPUT_NOTION_TOKEN, 'notion-version': '2026-03-11' } });
${text}\n`, { mode: 0o755 });
  process.env.NOTION_SYNC_BIN = file;
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a run', () => {
  it('gets what the runner gives and hands back what the runner reads', async () => {
    program(`
      const report = env.RUNNER_TEMP + '/report.json';
      fs.writeFileSync(report, JSON.stringify({ status: (await me()).status }));
      fs.appendFileSync(env.GITHUB_OUTPUT, 'changed=false\\nreport=' + report + '\\n');
      fs.appendFileSync(env.GITHUB_STEP_SUMMARY, '# Summary\\n');
      console.log('::add-mask::' + env.INPUT_NOTION_TOKEN);
      console.log('::notice title=a%3Ab::50%25 done');
      console.log(JSON.stringify([env.GITHUB_REPOSITORY, env.INPUT_STATUS_MAP, JSON.parse(fs.readFileSync(env.GITHUB_EVENT_PATH)), process.argv.slice(2)]));
      process.exit(1);`);
    const run = await setup.sync({ status_map: ['A = open', 'B = closed'] }, { event: { name: 'issues', payload: { n: 1 } }, args: ['--x'] });
    assert.equal(run.code, 1);
    assert.deepEqual(run.report, { status: 200 });
    assert.equal(run.outputs.changed, 'false');
    assert.equal(run.summary, '# Summary\n');
    assert.deepEqual(run.commands[1], { name: 'notice', properties: { title: 'a:b' }, data: '50% done', line: '::notice title=a%3Ab::50%25 done', stream: 'stdout' });
    assert.deepEqual(JSON.parse(run.stdout.split('\n')[2]), ['acme/app', 'A = open\nB = closed', { n: 1 }, ['--x']]);
    assert.deepEqual(run.requests.map((request) => request.operation), ['GET /v1/users/me']);
  });

  it('is killed at the request that was named, before or after the service acted', async () => {
    program('for (let i = 0; i < 5; i += 1) await me();');
    const before = await setup.sync({}, { killAt: 3 });
    assert.equal(before.signal, 'SIGKILL');
    assert.deepEqual(before.requests.map((request) => request.status), [200, 200, null]);
    const late = await setup.sync({}, { killAt: { n: 2, phase: 'after' } });
    assert.deepEqual(late.requests.map((request) => request.status), [200, 200]);
  });

  it('leaves nothing of a dead program to the service', async () => {
    program('await Promise.all(Array.from({ length: 4 }, () => fetch(env.INPUT_NOTION_API_URL + "/v1/of/" + process.pid)));');
    const first = sandbox.requestCount + 1;
    let arrived;
    const all = new Promise((resolve) => { arrived = resolve; });
    const off = sandbox.on(async ({ phase, request }) => {
      if (phase !== 'before') return;
      if (request.n === first + 3) arrived();
      await all;
      while (request.n > first && isAlive(Number(request.path.split('/').at(-1)))) await new Promise(setImmediate);
    });
    const run = await setup.sync({}, { killAt: { n: 1, phase: 'before' } });
    off();
    assert.deepEqual(run.requests.map((request) => request.status), [null, null, null, null]);
  });

  it('continues after a signal that it handles', async () => {
    program(`let stop = false; process.on('SIGTERM', () => { stop = true; });
      while (!stop) await me();
      await me(); process.exit(143);`);
    const run = await setup.sync({}, { killAt: { n: 2, signal: 'SIGTERM' } });
    assert.equal(run.code, 143);
    assert.ok(run.requests.length >= 3);
  });

  const FAILURES = [
    ['a token on stdout', 'console.log("x" + env.INPUT_NOTION_TOKEN)', /token stands in stdout/],
    ['a token in base64', 'console.error(btoa(env.INPUT_GITHUB_TOKEN))', /token stands in stderr/],
    ['a token in the summary', 'fs.appendFileSync(env.GITHUB_STEP_SUMMARY, env.INPUT_NOTION_TOKEN)', /token stands in summary/],
    ['a token in an address', 'await fetch(env.INPUT_NOTION_API_URL + "/v1/x?t=" + env.INPUT_NOTION_TOKEN)', /token stands in the address/],
    ['a foreign command', 'console.log("::set-env name=A::b")', /command not meant/],
    ['a foreign mask', 'console.log("::add-mask::a")', /command not meant/],
    ['a legacy command', 'console.error("title ##[set-output name=a]b")', /command not meant/],
    ['a malformed output', 'fs.appendFileSync(env.GITHUB_OUTPUT, "changed\\n")', /invalid line/],
    ['an unfinished output', 'fs.appendFileSync(env.GITHUB_OUTPUT, "changed=true")', /newline/],
    ['a file left behind', 'fs.writeFileSync(env.RUNNER_TEMP + "/x", "")', /left behind/],
    ['a file in the working folder', 'fs.writeFileSync("core", "")', /left behind/],
    ['a large summary', 'fs.appendFileSync(env.GITHUB_STEP_SUMMARY, "x".repeat(1048577))', /too large/],
    ['a sanitizer report', 'console.error("==1==ERROR: AddressSanitizer: heap")', /exit 0/],
  ];
  for (const [name, text, pattern] of FAILURES) {
    it(`fails on ${name}`, async () => {
      program(text);
      await assert.rejects(setup.sync(), pattern);
    });
  }

  it('fails on a fault that no request reached', async () => {
    program('');
    sandbox.fault({ kind: 'cut-before' });
    await assert.rejects(setup.sync(), /no request reached/);
    await setup.sync({}, { allow: ['faults'] });
  });

  it('shares the clock', async () => {
    program(`const clock = Buffer.alloc(8); clock.writeBigInt64LE(BigInt(${Date.UTC(2030, 0, 1)})); fs.writeFileSync(env.NOTION_SYNC_CLOCK, clock);`);
    const start = sandbox.clock.now();
    await runSync(sandbox, setup.inputs);
    assert.equal(sandbox.clock.now(), Date.UTC(2030, 0, 1));
    sandbox.clock.set(start);
  });

  it('runs in an otherwise empty environment, which a test may change', async () => {
    program('console.log(Object.keys(env).filter((name) => !/^(GITHUB|INPUT|RUNNER|NOTION_SYNC)_/.test(name)).sort().join())');
    const run = await setup.sync({}, { env: { EXTRA: 1, LANG: null } });
    assert.equal(run.stdout.trim(), 'CI,EXTRA,HOME,PATH');
  });
});

describe('parsers', () => {
  it('reads outputs as the runner does', () => {
    assert.deepEqual(parseOutputs(Buffer.from('a=b=c\n\nm<<END\nx=1\n\ny<<z\nEND\ne=\nu=a<<b\n')), { a: 'b=c', m: 'x=1\n\ny<<z', e: '', u: 'a<<b' });
    for (const bad of ['a\n', '=b\n', 'a<<\n', 'm<<END\nx\n', 'a=b', '<<X\nX\n']) assert.throws(() => parseOutputs(Buffer.from(bad)), bad);
    assert.throws(() => parseOutputs(Buffer.from([0x61, 0x3d, 0xff, 0x0a])));
  });

  it('finds commands as the runner does', () => {
    const names = (text) => parseCommands(text, 'stdout').map((command) => command.name);
    assert.deepEqual(names('  ::error file=a.c,line=1::x\ntext ::error::x\n::endgroup::\n::nonsense::\nx ##[warning]y\r::set-output name=a::b'), ['error', 'endgroup', 'warning', 'set-output']);
    assert.deepEqual(parseCommands('::error file=a.c,title=b%2Cc::x%0Ay%2525', 's')[0].properties, { file: 'a.c', title: 'b,c' });
    assert.equal(parseCommands('::error::x%0Ay%2525', 's')[0].data, 'x\ny%25');
  });
});

describe('a board', () => {
  it('has the default columns, changed as asked', async () => {
    const { properties } = sandbox.notion.dataSourceJson(sandbox.notion.dataSources.get(setup.dataSource));
    assert.deepEqual(Object.keys(properties), ['Name', 'Status', 'Labels', 'GitHub ID', 'GitHub URL', 'GitHub State', 'Milestone']);
    setup.addPage({ Name: 'x', Status: 'Review' });
    setup.addIssue({ title: 'y' });
    const { notion, github } = setup.snapshot();
    assert.equal(notion.Tasks[0].values.Status, 'Review');
    assert.equal(github.issues[0].title, 'y');
  });
});
