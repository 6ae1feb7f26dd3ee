import { expectLength, expectOneOf, expectType, isObject, notFound, onlyKeys, restricted, show, trashed, validation } from './errors.mjs';
import { isoMinute, parseId } from './ids.mjs';
import { markdownItems, readRichText, writeRichText } from './richtext.mjs';
import { pageSize } from './routes-data.mjs';

// --- users ---

export function getSelf(world) {
  const user = world.users.get(world.token.userId);
  return { object: 'user', id: user.id, name: user.name, avatar_url: null, type: 'bot', bot: world.botInfo() };
}

export function listUsers(world, { query }) {
  const size = query.has('page_size') ? pageSize(Number(query.get('page_size')), 'query.page_size') : 100;
  const users = [...world.users.values()].filter((user) => !user.guest);
  const answer = world.paginate(users, { cursor: query.get('start_cursor') ?? undefined, size, type: 'user' });
  answer.results = answer.results.map((user) => world.userJson(user.id));
  return answer;
}

export function getUser(world, { params }) {
  const id = parseId(params.user_id);
  if (id !== world.token.userId) world.need('user_info');
  return id === world.token.userId ? getSelf(world) : world.userJson(world.userById(id).id);
}

// --- comments ---

function readBody(world, body) {
  if (body.attachments !== undefined) throw validation('body failed validation: body.attachments should name file uploads.');
  const given = ['rich_text', 'markdown'].filter((key) => body[key] !== undefined);
  if (given.length !== 1) throw validation('body failed validation: exactly one of rich_text, markdown should be present.');
  if (body.markdown_version !== undefined && given[0] !== 'markdown') throw validation('body failed validation: body.markdown_version should be not present.');
  const items = given[0] === 'rich_text' ? readRichText(body.rich_text, 'body.rich_text', world)
    : markdownItems(expectType(body.markdown, 'string', 'body.markdown'));
  if (items.length === 0) throw validation('body failed validation: the comment should not be empty.');
  return expectLength(items, 100, 'body.rich_text');
}

function readTarget(world, body) {
  if ((body.parent === undefined) === (body.discussion_id === undefined)) {
    throw validation('body failed validation: exactly one of body.parent, body.discussion_id should be present.');
  }
  if (body.discussion_id !== undefined) return openDiscussion(world, parseId(body.discussion_id, 'body'));
  const { type, ...parent } = isObject(body.parent) ? body.parent : {};
  const [key] = Object.keys(parent);
  if (Object.keys(parent).length !== 1 || !['page_id', 'block_id'].includes(key) || (type !== undefined && type !== key)) {
    throw validation(`body failed validation: body.parent should name a page or a block, instead was \`${show(body.parent)}\`.`);
  }
  const id = parseId(parent[key], 'body');
  const page = world.pages.has(id) ? world.page(id) : world.page(world.blockPages.get(id) ?? id);
  if (page.inTrash) throw trashed();
  return { page, parent: page.id === id ? { type: 'page_id', page_id: id } : { type: 'block_id', block_id: id }, discussion: world.ids.uuid() };
}

function openDiscussion(world, id) {
  for (const comment of world.comments.values()) {
    if (comment.discussion === id) return { page: world.page(comment.pageId), parent: comment.parent, discussion: id };
  }
  throw notFound('discussion', id, world.token.name);
}

const CREATE_KEYS = ['parent', 'discussion_id', 'rich_text', 'markdown', 'markdown_version', 'attachments', 'display_name'];

export function createComment(world, { body }) {
  onlyKeys(body, CREATE_KEYS, 'body');
  const items = readBody(world, body);
  checkDisplayName(body.display_name);
  const target = readTarget(world, body);
  const comment = world.addCommentTo(target, items, world.token.person ?? world.token.userId, body.display_name);
  return world.token.capabilities.has('read_comments') ? commentJson(world, comment) : { object: 'comment', id: comment.id };
}

function checkDisplayName(value) {
  if (value === undefined) return;
  onlyKeys(value, ['type', 'custom'], 'body.display_name');
  expectOneOf(value.type, ['integration', 'user', 'custom'], 'body.display_name.type');
  if (value.type !== 'custom') return;
  onlyKeys(value.custom, ['name'], 'body.display_name.custom');
  expectLength(expectType(value.custom.name, 'string', 'body.display_name.custom.name'), 100, 'body.display_name.custom.name', 1);
}

function commentJson(world, comment) {
  const custom = comment.displayName?.type === 'custom' ? comment.displayName.custom?.name : null;
  const author = world.users.get(comment.by);
  return {
    object: 'comment',
    id: comment.id,
    parent: comment.parent,
    discussion_id: comment.discussion,
    created_time: isoMinute(comment.created),
    last_edited_time: isoMinute(comment.edited),
    created_by: world.partialUser(comment.by),
    rich_text: writeRichText(comment.items, world),
    display_name: {
      type: custom ? 'custom' : author?.type === 'bot' ? 'integration' : 'user',
      resolved_name: custom ?? author?.name ?? null,
    },
  };
}

export function listComments(world, { query }) {
  const id = parseId(query.get('block_id') ?? '', 'query');
  const page = world.pages.has(id) ? world.page(id) : world.page(world.blockPages.get(id) ?? id);
  const size = query.has('page_size') ? pageSize(Number(query.get('page_size')), 'query.page_size') : 100;
  const list = [...world.comments.values()].filter((comment) => comment.pageId === page.id && !comment.resolved &&
    // A page's list may hold what hangs on its blocks.
    (page.id === id || comment.parent.block_id === id));
  const answer = world.paginate(list, { cursor: query.get('start_cursor') ?? undefined, size, type: 'comment' });
  answer.results = answer.results.map((comment) => commentJson(world, comment));
  return answer;
}

function comment(world, params) {
  const id = parseId(params.comment_id);
  const found = world.comments.get(id);
  if (!found) throw notFound('comment', id, world.token.name);
  world.page(found.pageId);
  return found;
}

export function getComment(world, { params }) {
  return commentJson(world, comment(world, params));
}

function own(world, found) {
  if (found.by !== (world.token.person ?? world.token.userId)) throw restricted();
  return found;
}

export function patchComment(world, { params, body }) {
  onlyKeys(body, ['rich_text', 'markdown', 'markdown_version'], 'body');
  const found = own(world, comment(world, params));
  found.items = readBody(world, body);
  found.edited = world.clock.now();
  return commentJson(world, found);
}

export function deleteComment(world, { params }) {
  const found = own(world, comment(world, params));
  world.comments.delete(found.id);
  return commentJson(world, found);
}

// --- tasks ---

export function getTask(world, { params }) {
  const id = parseId(params.task_id);
  const task = world.tasks.get(id);
  if (!task) throw notFound('async task', id, world.token.name);
  task.polls += 1;
  if (task.polls < 2) return { object: 'async_task', id, status: 'running', poll_after_seconds: 1 };
  return { object: 'async_task', id, status: 'succeeded', result: task.result };
}
