// Content of pages: the tree of blocks, the identity of blocks over edits, Markdown.

import { validation } from './errors.mjs';
import { attribute, parseMarkdown, printBlock, printBlocks } from './markdown.mjs';
import { dashed } from './ids.mjs';

const HOST = 'https://prod-files-secure.s3.us-west-2.amazonaws.com';

export function renderPage(page, world, version = 'v2') {
  return printBlocks(page.blocks, { v1: version === 'v1', urlOf: (block) => fileUrl(block, world) });
}

// Links to the service's own storage are signed: they differ in every answer and expire.
export function fileUrl(block, world) {
  if (!block.hosted) return block.url;
  world.signature += 1;
  const signed = String(world.signature).padStart(12, '0');
  return `${HOST}/${world.workspaceId}/${block.hosted}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=3600&X-Amz-Signature=${signed}`;
}

export function readMarkdown(text, world, version = 'v2') {
  const blocks = version === 'v1' ? text.split('\n').flatMap((line) => (line === '' ? [] : parseMarkdown(line)))
    : parseMarkdown(text, { softBreaks: world.settings.softBreaks });
  walk(blocks, (block) => {
    if (block.type === 'image' && block.url.startsWith(`${HOST}/${world.workspaceId}/`)) {
      block.hosted = block.url.slice(HOST.length + world.workspaceId.length + 2).split('?')[0];
    }
  });
  return blocks;
}

export function walk(blocks, visit, parent = null) {
  for (const block of blocks) {
    visit(block, parent);
    if (block.children) walk(block.children, visit, block);
  }
}

const signature = (block) => JSON.stringify([block.type, printBlock(block, 1)]);

// Blocks that stayed keep their ids (comments hang on them); of the rest, those of one kind in
// the same place count as edited.
function keepIds(before, after, world, now, by) {
  const pairs = pairBlocks(before, after);
  after.forEach((block, i) => {
    const old = pairs[i]?.id === undefined ? undefined : pairs[i];
    const same = old && signature(old) === signature(block);
    block.id = old?.id ?? blockId(block, world);
    block.created = old?.created ?? now;
    block.createdBy = old?.createdBy ?? by;
    block.edited = same ? old.edited : now;
    block.editedBy = same ? old.editedBy : by;
    if (old?.hosted && block.hosted === old.hosted) block.expiry = old.expiry;
    if (block.type === 'table') block.rowIds = block.rows.map((_, row) => old?.rowIds?.[row] ?? world.ids.uuid());
    if (block.children) keepIds(old?.children ?? [], block.children, world, now, by);
  });
}

function blockId(block, world) {
  if (block.type === 'child_page' || block.type === 'child_database') return childId(block.url) ?? world.ids.uuid();
  const url = block.type === 'raw' && block.tag === 'unknown' ? attribute(block.raw, 'url') : null;
  return childId(url) ?? world.ids.uuid();
}

export function childId(url) {
  const found = /([0-9a-f]{32})(?:[?#].*)?$/i.exec((url ?? '').replace(/-/g, ''));
  return found ? dashed(found[1].toLowerCase()) : null;
}

function pairBlocks(before, after) {
  const pairs = new Array(after.length);
  const keys = [before.map(signature), after.map(signature)];
  let start = 0;
  while (start < Math.min(before.length, after.length) && keys[0][start] === keys[1][start]) {
    pairs[start] = before[start];
    start += 1;
  }
  let tail = 0;
  while (tail < Math.min(before.length, after.length) - start && keys[0].at(-1 - tail) === keys[1].at(-1 - tail)) {
    pairs[after.length - 1 - tail] = before[before.length - 1 - tail];
    tail += 1;
  }
  const free = new Set(before.slice(start, before.length - tail));
  const open = after.slice(start, after.length - tail).map((_, i) => start + i);
  pairBy(pairs, open, free, (i, old) => keys[1][i] === signature(old));
  pairBy(pairs, open, free, (i, old) => after[i].type === old.type && !old.type.startsWith('child_'));
  return pairs;
}

function pairBy(pairs, open, free, match) {
  for (const i of open) {
    if (pairs[i]) continue;
    for (const old of free) {
      if (!match(i, old)) continue;
      pairs[i] = old;
      free.delete(old);
      break;
    }
  }
}

function childBlocks(blocks) {
  const found = new Map();
  walk(blocks, (block) => {
    const id = block.type.startsWith('child_') ? block.id ?? childId(block.url) : null;
    if (block.type.startsWith('child_')) found.set(id, block);
  });
  return found;
}

// Leaving a child page out of new content would delete it.
export function checkChildren(page, after, allowDeleting, world) {
  const before = childBlocks(page.blocks);
  const kept = childBlocks(after);
  for (const id of kept.keys()) {
    if (!before.has(id)) throw validation('Pages and databases cannot be created through Markdown content.');
  }
  const lost = [...before.keys()].filter((id) => !kept.has(id));
  if (lost.length > 0 && !allowDeleting) {
    throw validation(`This operation would delete ${lost.length} child page(s) or database(s). Set allow_deleting_content to true to allow it.`);
  }
  return () => lost.forEach((id) => {
    const child = world.pages.get(id) ?? world.databases.get(id);
    if (child) child.inTrash = true;
  });
}

export function setContent(page, blocks, world, by) {
  const now = world.clock.now();
  keepIds(page.blocks, blocks, world, now, by);
  walk(page.blocks, (block) => world.blockPages.delete(block.id));
  page.blocks = blocks;
  walk(blocks, (block) => {
    world.blockPages.set(block.id, page.id);
    for (const id of block.rowIds ?? []) world.blockPages.set(id, page.id);
  });
  if (world.settings.contentBumpsPage) {
    world.remember(page);
    world.touch(page, by);
  }
}

export function countBlocks(blocks) {
  let count = 0;
  walk(blocks, () => { count += 1; });
  return count;
}
