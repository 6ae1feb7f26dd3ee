// A registry of our own (the package docker-registry), and the little of its interface that images need.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

export const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const INDEX = 'application/vnd.oci.image.index.v1+json';

// { host, stop }, with its images in folder.
export async function start(folder) {
  const port = await new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address();
      server.close(() => resolve(free));
    });
  });
  const config = path.join(folder, 'registry.yml');
  fs.writeFileSync(config, `version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: ${folder}/registry } }\nhttp: { addr: '127.0.0.1:${port}' }\n`);
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  const host = `127.0.0.1:${port}`;
  const stop = async () => {
    child.kill();
    await ended;
  };
  for (;;) {
    if (await fetch(`http://${host}/v2/`).then(() => true, () => false)) return { host, stop };
    if (await Promise.race([ended.then(() => true), new Promise((resolve) => { setTimeout(resolve, 50, false); })])) throw new Error('docker-registry does not start');
  }
}

// HOST/NAME:TAG or HOST/NAME@DIGEST
function parse(reference) {
  const [, host, name, , tag] = /^([^/]+)\/([^@:]+)([:@])(.+)$/.exec(reference);
  return { repository: `http://${host}/v2/${name}`, tag };
}

async function get(url) {
  const response = await fetch(url, { headers: { accept: [MANIFEST, INDEX].join(', ') } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

export const readManifest = (reference) => get(`${parse(reference).repository}/manifests/${parse(reference).tag}`);
export const readBlob = (reference, digest) => get(`${parse(reference).repository}/blobs/${digest}`);

async function put(url, type, body) {
  const response = await fetch(url, { method: 'PUT', headers: { 'content-type': type }, body });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
}

export async function writeManifest(reference, value) {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
  const { repository, tag } = parse(reference);
  await put(`${repository}/manifests/${tag === 'digest' ? digestOf(bytes) : tag}`, JSON.parse(bytes).mediaType, bytes);
  return digestOf(bytes);
}

async function writeBlob(reference, bytes) {
  const { repository } = parse(reference);
  const begun = await fetch(`${repository}/blobs/uploads/`, { method: 'POST' });
  const place = new URL(begun.headers.get('location'), repository);
  place.searchParams.set('digest', digestOf(bytes));
  await put(place, 'application/octet-stream', bytes);
  return { digest: digestOf(bytes), size: bytes.length };
}

// An image of nothing but a configuration; what it is called by is its digest if the tag is "digest".
export async function writeImage(reference, { architecture, labels }) {
  const config = Buffer.from(JSON.stringify({ architecture, os: 'linux', config: { Labels: labels }, rootfs: { type: 'layers', diff_ids: [] } }));
  return writeManifest(reference, {
    schemaVersion: 2, mediaType: MANIFEST, layers: [],
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...await writeBlob(reference, config) },
  });
}

// An index of images in the same repository.
export async function writeIndex(reference, images) {
  const manifests = await Promise.all(images.map(async (image) => {
    const bytes = await readManifest(image);
    const { architecture } = JSON.parse(await readBlob(image, JSON.parse(bytes).config.digest));
    return { mediaType: MANIFEST, digest: digestOf(bytes), size: bytes.length, platform: { os: 'linux', architecture } };
  }));
  return writeManifest(reference, { schemaVersion: 2, mediaType: INDEX, manifests });
}
