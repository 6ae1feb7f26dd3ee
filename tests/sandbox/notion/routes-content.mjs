import { blockJson, readBlocks, rowJson } from './blocks.mjs';
import { checkChildren, childId, countBlocks, readMarkdown, renderPage, setContent, walk } from './content.mjs';
import { expectLength, expectOneOf, expectType, notFound, onlyKeys, show, trashed, validation } from './errors.mjs';
import { parseId } from './ids.mjs';
import { attribute } from './markdown.mjs';
import { markdownVersion } from './routes-pages.mjs';
import { pageSize } from './routes-data.mjs';

// --- Markdown ---

export function getMarkdown(world, { params, query }) {
  const page = world.page(parseId(params.page_id));
  return markdownJson(page, world, markdownVersion(query.get('markdown_version') ?? undefined, world));
}

function markdownJson(page, world, version) {
  const unknown = new Set(page.unknownBlocks);
  walk(page.blocks, (block) => {
    if (block.type === 'raw' && block.tag === 'unknown') unknown.add(childId(attribute(block.raw, 'url')) ?? block.id);
  });
  const truncated = page.truncated || countBlocks(page.blocks) > world.settings.maxContent;
  const markdown = renderPage(page, world, version);
  return { object: 'page_markdown', id: page.id, markdown, truncated, unknown_block_ids: [...unknown].slice(0, 100) };
}

const COMMANDS = {
  update_content: ['content_updates', 'allow_deleting_content'],
  replace_content: ['new_str', 'allow_deleting_content'],
  insert_content: ['content', 'after', 'position'],
  replace_content_range: ['content', 'content_range', 'allow_deleting_content'],
};

export function patchMarkdown(world, { params, body }) {
  const page = world.page(parseId(params.page_id));
  const { type } = body;
  if (!Object.hasOwn(COMMANDS, String(type))) throw validation(`body failed validation: body.type should be one of ${Object.keys(COMMANDS).join(', ')}, instead was \`${show(type)}\`.`);
  onlyKeys(body, ['type', type, 'allow_async', 'markdown_version'], 'body');
  const command = body[type];
  onlyKeys(command, COMMANDS[type], `body.${type}`);
  if (command.allow_deleting_content !== undefined) expectType(command.allow_deleting_content, 'boolean', `body.${type}.allow_deleting_content`);
  if (body.allow_async !== undefined) expectType(body.allow_async, 'boolean', 'body.allow_async');
  const version = markdownVersion(body.markdown_version, world);
  if (page.inTrash) throw trashed();
  if (page.tooLarge) throw validation('The page is too large to be updated through Markdown.', { limit_kind: 'page_record_count' });
  EDITORS[type](world, page, command, version);
  return world.maybeAsync(body, markdownJson(page, world, version));
}

function store(world, page, text, version, allowDeleting) {
  const blocks = readMarkdown(text, world, version);
  const drop = checkChildren(page, blocks, allowDeleting === true, world);
  drop();
  setContent(page, blocks, world, world.token.userId);
}

const EDITORS = {
  update_content(world, page, command, version) {
    const updates = expectLength(expectType(command.content_updates, 'array', 'body.update_content.content_updates'), 100, 'body.update_content.content_updates');
    updates.forEach((update, i) => checkUpdate(update, `body.update_content.content_updates[${i}]`));
    let text = renderPage(page, world, version);
    let done = 0;
    try {
      for (const update of updates) {
        text = applyUpdate(text, update);
        done += 1;
      }
    } catch (error) {
      if (world.settings.partialUpdates && done > 0) store(world, page, text, version, command.allow_deleting_content);
      throw error;
    }
    store(world, page, text, version, command.allow_deleting_content);
  },
  replace_content(world, page, command, version) {
    store(world, page, newContent(world, command.new_str, 'body.replace_content.new_str', version), version, command.allow_deleting_content);
  },
  insert_content(world, page, command, version) {
    const content = newContent(world, command.content, 'body.insert_content.content', version);
    if (command.after !== undefined && command.position !== undefined) throw validation('body failed validation: after and position exclude each other.');
    const text = renderPage(page, world, version);
    if (command.position !== undefined) {
      onlyKeys(command.position, ['type'], 'body.insert_content.position');
      expectOneOf(command.position.type, ['start', 'end'], 'body.insert_content.position.type');
    }
    if (command.after !== undefined) expectType(command.after, 'string', 'body.insert_content.after');
    if (command.position?.type === 'start') return store(world, page, `${content}\n\n${text}`, version);
    if (command.after === undefined) return store(world, page, `${text}\n\n${content}`, version);
    const at = rangeOf(text, command.after);
    return store(world, page, `${text.slice(0, at[1])}\n\n${content}\n\n${text.slice(at[1])}`, version);
  },
  replace_content_range(world, page, command, version) {
    const content = expectType(command.content, 'string', 'body.replace_content_range.content');
    const text = renderPage(page, world, version);
    const [from, to] = rangeOf(text, expectType(command.content_range, 'string', 'body.replace_content_range.content_range'));
    store(world, page, text.slice(0, from) + content + text.slice(to), version, command.allow_deleting_content);
  },
};

function newContent(world, text, where, version) {
  if (countBlocks(readMarkdown(expectType(text, 'string', where), world, version)) > 1000) {
    throw validation(`body failed validation: ${where} should be of at most 1000 blocks.`);
  }
  return text;
}

function checkUpdate(update, where) {
  onlyKeys(update, ['old_str', 'new_str', 'replace_all_matches'], where);
  expectLength(expectType(update.old_str, 'string', `${where}.old_str`), Infinity, `${where}.old_str`, 1);
  expectType(update.new_str, 'string', `${where}.new_str`);
  if (update.replace_all_matches !== undefined) expectType(update.replace_all_matches, 'boolean', `${where}.replace_all_matches`);
}

function applyUpdate(text, { old_str: from, new_str: to, replace_all_matches: all }) {
  const pieces = text.split(from);
  if (pieces.length === 1) throw validation(`Could not find the old_str in the page content: ${show(from)}`);
  if (pieces.length > 2 && !all) throw validation(`old_str matches ${pieces.length - 1} places of the page content. Set replace_all_matches, or make it unique.`);
  return pieces.join(to);
}

// "start text...end text", as the legacy commands name a range.
function rangeOf(text, range) {
  const [first, last = first] = range.split('...');
  const from = text.indexOf(first);
  const to = from < 0 ? -1 : text.indexOf(last, from);
  if (to < 0 || first === '') throw validation(`Could not find the range in the page content: ${show(range)}`);
  return [from, to + last.length];
}

// --- blocks ---

// Finds a block by its id; a page is the block of its own content.
function locate(world, text) {
  const id = parseId(text);
  if (world.pages.has(id)) return { page: world.page(id), id };
  const page = world.pages.get(world.blockPages.get(id));
  if (!page || !world.sharedPage(page)) throw notFound('block', id, world.token.name);
  let found = null;
  walk(page.blocks, (block, parent) => {
    if (block.id === id) found = { page, id, block, parent };
    const row = block.rowIds?.indexOf(id) ?? -1;
    if (row >= 0) found = { page, id, block, parent, row };
  });
  return found;
}

const parentJson = ({ page, parent }) => (parent ? { type: 'block_id', block_id: parent.id } : { type: 'page_id', page_id: page.id });

function pageAsBlock(page, world) {
  const title = world.pageTitle(page);
  return { ...blockJson({ ...page, type: 'child_page', title }, world.pageParent(page), world), in_trash: page.inTrash, has_children: page.blocks.length > 0 };
}

export function getBlock(world, { params }) {
  const found = locate(world, params.block_id);
  if (!found.block) return pageAsBlock(found.page, world);
  if (found.row !== undefined) return rowJson(found.block, found.row, world);
  return blockJson(found.block, parentJson(found), world);
}

function childrenOf({ page, block, row }) {
  if (!block) return page.blocks;
  return row === undefined ? block.children ?? [] : [];
}

export function getChildren(world, { params, query }) {
  const found = locate(world, params.block_id);
  const size = query.has('page_size') ? pageSize(Number(query.get('page_size')), 'query.page_size') : 100;
  const list = found.block?.type === 'table' && found.row === undefined
    ? found.block.rows.map((_, i) => rowJson(found.block, i, world))
    : childrenOf(found).map((block) => blockJson(block, parentJson({ page: found.page, parent: found.block }), world));
  return world.paginate(list, { cursor: query.get('start_cursor') ?? undefined, size, type: 'block' });
}

export function appendChildren(world, { params, body }) {
  onlyKeys(body, ['children', 'position'], 'body');
  const found = locate(world, params.block_id);
  if (found.page.inTrash) throw trashed();
  const fresh = readBlocks(body.children, 'body.children', world);
  if (countBlocks(fresh) > 1000) throw validation('body failed validation: body.children should be of at most 1000 blocks.');
  const list = childrenOf(found);
  if (found.block && !found.block.children) throw validation('Block does not support children.');
  list.splice(placeOf(list, body.position), 0, ...fresh);
  setContent(found.page, found.page.blocks.map((block) => structuredClone(block)), world, world.token.userId);
  const added = childrenOf(locate(world, params.block_id)).filter((_, i) => fresh.includes(list[i]));
  const results = added.map((block) => blockJson(block, parentJson({ page: found.page, parent: found.block }), world));
  return { object: 'list', results, next_cursor: null, has_more: false, type: 'block', block: {} };
}

function placeOf(list, position) {
  if (position === undefined) return list.length;
  onlyKeys(position, ['type', 'after_block'], 'body.position');
  if (position.type === 'end') return list.length;
  if (position.type === 'start') return 0;
  const id = position.type === 'after_block' ? parseId(position.after_block?.id, 'body') : null;
  const at = list.findIndex((block) => block.id === id);
  if (at < 0) throw validation(`body failed validation: body.position should name a child block, instead was \`${show(position)}\`.`);
  return at + 1;
}

export function patchBlock(world, { params, body }) {
  const found = locate(world, params.block_id);
  if (found.page.inTrash) throw trashed();
  if (!found.block || found.row !== undefined) throw validation('This block cannot be updated.');
  const { in_trash: inTrash, type, ...content } = body;
  if (inTrash === true) return removeBlock(world, found);
  const [fresh] = readBlocks([content], 'body', world);
  if (fresh.type !== found.block.type) throw validation(`body failed validation: the type of a block cannot be changed.`);
  const { children, ...change } = fresh;
  Object.assign(found.block, change, { edited: world.clock.now(), editedBy: world.token.userId });
  setContent(found.page, found.page.blocks, world, world.token.userId);
  return blockJson(found.block, parentJson(found), world);
}

function removeBlock(world, found) {
  const answer = { ...blockJson(found.block, parentJson(found), world), in_trash: true };
  const list = found.parent ? found.parent.children : found.page.blocks;
  setContent(found.page, found.page.blocks, world, world.token.userId);
  world.blockPages.delete(found.id);
  list.splice(list.indexOf(found.block), 1);
  const child = world.pages.get(found.id);
  if (child) child.inTrash = true;
  return answer;
}

export function deleteBlock(world, { params }) {
  const found = locate(world, params.block_id);
  if (found.page.inTrash) throw trashed();
  if (found.block) return removeBlock(world, found);
  world.change(found.page, world.token.userId, () => { found.page.inTrash = true; });
  return pageAsBlock(found.page, world);
}
