#!/usr/bin/env node
// Replaces docker when a workflow calls it. What is "built" has the labels and names the version of its
// sources and the libraries of that day (LIBRARIES), and "running" it prints that.
import fs from 'node:fs';
import { effect } from './effects.mjs';
import { INDEX, readBlob, readManifest, writeImage, writeIndex, writeManifest } from './registry.mjs';

const args = process.argv.slice(2);
const after = (name) => args[args.indexOf(name) + 1];
const command = args.slice(0, 3).join(' ');

// The stage that lists the libraries, into a folder.
function exportLibraries() {
  if (after('--target') !== 'libraries' || after('--output') !== 'type=local,dest=.') throw new Error('nothing is exported');
  fs.writeFileSync('libraries', process.env.LIBRARIES);
}

async function build() {
  if (args.includes('--target')) return exportLibraries();
  const output = Object.fromEntries(after('--output').split(',').map((pair) => pair.split('=')));
  if (!process.env.SOURCE_DATE_EPOCH || output['push-by-digest'] !== 'true') throw new Error('not reproducible, or not by digest');
  const labels = Object.fromEntries(args.flatMap((arg, i) => (args[i - 1] === '--label' ? [arg.split('=')] : [])));
  labels.built = /^VERSION := (.*)$/m.exec(fs.readFileSync('Makefile', 'utf8'))[1];
  labels.libraries = process.env.LIBRARIES;
  await effect(async () => {
    const digest = await writeImage(`${output.name}:digest`, { labels, architecture: process.env.ARCHITECTURE });
    fs.writeFileSync(after('--metadata-file'), JSON.stringify({ 'containerimage.digest': digest }));
  });
}

async function tag() {
  const target = after('-t');
  const sources = args.slice(args.indexOf(target) + 1);
  if (sources.length === 1) await writeManifest(target, await readManifest(sources[0]));
  else await writeIndex(target, sources);
}

async function run() {
  const image = args.find((arg) => arg.includes('@sha256:'));
  const index = JSON.parse(await readManifest(image));
  if (index.mediaType !== INDEX) throw new Error('no index');
  const one = `${image.split('@')[0]}@${index.manifests.find(({ platform }) => platform.architecture === 'amd64').digest}`;
  const config = JSON.parse(await readBlob(one, JSON.parse(await readManifest(one)).config.digest));
  const labels = config.config.Labels;
  if (after('--entrypoint') === 'cat' && args.at(-1) === '/usr/share/notion-sync/libraries') process.stdout.write(labels.libraries);
  else console.log(`notion-sync ${labels.built}`);
}

// An image that no registry sees: "container" has its files.
function copyOut() {
  const [, from, to] = args;
  if (!from.startsWith('container:/usr/local/bin/notion-sync')) throw new Error(`docker ${args.join(' ')}`);
  fs.writeFileSync(`${to}${from.split('/').at(-1)}`, 'of the image');
}

if (args[0] === 'login') fs.readFileSync(0);
else if (command === 'buildx imagetools inspect') process.stdout.write(await readManifest(args.at(-1)));
else if (command === 'buildx imagetools create') await effect(tag);
else if (args[0] === 'buildx' && args[1] === 'build') await build();
else if (args[0] === 'pull') await readManifest(args[1]);
else if (args[0] === 'run') await run();
else if (args[0] === 'create') console.log('container');
else if (args[0] === 'cp') copyOut();
else if (['build', 'rm'].includes(args[0])) process.exitCode = 0;
else if (command !== 'buildx create --use') throw new Error(`docker ${args.join(' ')}`);
