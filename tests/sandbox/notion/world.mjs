import { NotionError, notFound, restricted } from './errors.mjs';
import { Ids, isoMinute, slugUrl } from './ids.mjs';
import { plainText, textItems, writeRichText } from './richtext.mjs';
import { valueOf, writeValue } from './values.mjs';

export const CAPABILITIES = [
  'read_content', 'update_content', 'insert_content', 'read_comments', 'insert_comments', 'user_info', 'user_email',
];

// What a test may set. The defaults are the service's documented or observed behavior; if
// that is not known, the less convenient one.
export const SETTINGS = {
  perMinute: 600,             // requests a token may make in a window of 60 s; null: no limit
  encodedFilterIds: true,     // false: filters find no property by an id that holds escapes
  onlyByIds: true,            // false: filter_properties takes names only
  onlyOnWrites: true,         // false: creating and changing a page answers all properties, whatever is asked for
  markdownV2: true,           // false: the preview of the dialect is over, or not there yet
  queryLag: 0,                // ms in which a query still shows a changed row as it was
  searchLag: 30000,           // the same for POST /v1/search
  queryCap: 10000,            // rows that one query reaches at most
  pageSizeCap: 100,           // rows that one answer holds at most, whatever was asked for
  requestStatus: 'always',    // or 'incomplete': only if the cap was hit
  statusOptionsWritable: true,
  statusGroups: true,         // new status options take the name of a group; false: the key is refused; 'ignored'
  partialUpdates: true,       // a failing update_content batch keeps what came before the failure
  contentBumpsPage: true,     // content edits move the page's last_edited_time
  softBreaks: 'space',        // or 'hard': what a single newline inside a paragraph becomes
  asyncTasks: false,          // allow_async is taken up: 202 and a task
  maxContent: 20000,          // blocks that the Markdown of a page shows
};

export class World {
  constructor({ clock, sandbox }) {
    this.clock = clock;
    this.sandbox = sandbox;
    this.ids = new Ids();
    this.settings = { ...SETTINGS };
    this.users = new Map();
    this.tokens = new Map();
    this.databases = new Map();
    this.dataSources = new Map();
    this.pages = new Map();
    this.blockPages = new Map();
    this.comments = new Map();
    this.tasks = new Map();
    this.cursors = new Map();
    this.workspaceId = this.ids.uuid();
    this.signature = 0;
    this.token = null;
  }

  // --- users ---

  userById(id) {
    const user = this.users.get(id);
    if (!user) throw notFound('user', id, this.token?.name ?? 'Sandbox');
    return user;
  }

  userRef(ref) {
    if (this.users.has(ref)) return this.users.get(ref);
    for (const user of this.users.values()) if (user.name === ref || user.email === ref) return user;
    throw new Error(`no such user: ${ref}`);
  }

  partialUser(id) {
    return { object: 'user', id };
  }

  userJson(id) {
    const user = this.users.get(id);
    if (!user || !this.token?.capabilities.has('user_info')) return this.partialUser(id);
    const head = { object: 'user', id, name: user.name, avatar_url: null, type: user.type };
    if (user.type === 'bot') return { ...head, bot: this.botInfo() };
    return { ...head, person: this.token.capabilities.has('user_email') && user.email !== null ? { email: user.email } : {} };
  }

  botInfo() {
    return {
      // A personal access token names its person.
      owner: this.token.person ? { type: 'user', user: this.partialUser(this.token.person) } : { type: 'workspace', workspace: true },
      workspace_id: this.workspaceId,
      workspace_limits: { max_file_upload_size_in_bytes: 5242880 },
      workspace_name: 'Sandbox',
    };
  }

  // --- access ---

  need(...capabilities) {
    for (const capability of capabilities) if (!this.token.capabilities.has(capability)) throw restricted();
  }

  #shared(ids) {
    return this.token === null || this.token.shared === null || ids.some((id) => this.token.shared.has(id));
  }

  sharedDatabase(database) {
    return this.#shared([database.id, database.parent?.page_id, ...database.dataSources]);
  }

  sharedPage(page) {
    const ids = [page.id];
    if (page.dataSourceId) ids.push(page.dataSourceId, this.dataSources.get(page.dataSourceId)?.databaseId);
    if (this.#shared(ids)) return true;
    const parent = page.parentPageId && this.pages.get(page.parentPageId);
    return Boolean(parent) && this.sharedPage(parent);
  }

  database(id) {
    const database = this.databases.get(id);
    if (!database || !this.sharedDatabase(database)) throw notFound('database', id, this.token.name);
    return database;
  }

  dataSource(id) {
    const found = this.dataSources.get(id);
    if (!found || !this.sharedDatabase(this.databases.get(found.databaseId))) throw notFound('data source', id, this.token.name);
    return found;
  }

  page(id) {
    const page = this.pages.get(id);
    if (!page || !this.sharedPage(page)) throw notFound('page', id, this.token.name);
    return page;
  }

  // --- changes ---

  // Called before a page changes: queries and search lag behind.
  remember(page) {
    const now = this.clock.now();
    const lag = Math.max(this.settings.queryLag, this.settings.searchLag);
    if (lag <= 0) return;
    page.history = page.history.filter((old) => old.until + lag > now);
    page.history.push({ until: now, state: page.born ? { ...page, values: new Map(page.values), history: null } : null });
  }

  touch(page, by) {
    page.edited = this.clock.now();
    page.editedBy = by;
    if (page.dataSourceId) this.dataSources.get(page.dataSourceId).version += 1;
  }

  // The page as a reader that lags sees it, or null if it did not exist yet.
  view(page, lag) {
    if (lag <= 0) return page;
    const now = this.clock.now();
    const old = page.history.find((entry) => entry.until + lag > now);
    return old ? old.state : page;
  }

  // --- answers ---

  titleOf(id) {
    const page = this.pages.get(id);
    return page ? this.pageTitle(page) || 'Untitled' : 'Untitled';
  }

  pageTitle(page) {
    const title = this.dataSources.get(page.dataSourceId)?.schema.title();
    return plainText(title ? valueOf(page, title) : page.values.get('title') ?? [], this);
  }

  pageUrl(page) {
    return slugUrl(this.pageTitle(page), page.id);
  }

  pageParent(page) {
    if (page.dataSourceId) {
      return { type: 'data_source_id', data_source_id: page.dataSourceId, database_id: this.dataSources.get(page.dataSourceId).databaseId };
    }
    return page.parentPageId ? { type: 'page_id', page_id: page.parentPageId } : { type: 'workspace', workspace: true };
  }

  pageJson(page, only = null) {
    return {
      object: 'page',
      id: page.id,
      created_time: isoMinute(page.created),
      last_edited_time: isoMinute(page.edited),
      created_by: this.partialUser(page.createdBy),
      last_edited_by: this.partialUser(page.editedBy),
      cover: page.cover,
      icon: page.icon,
      parent: this.pageParent(page),
      in_trash: page.inTrash,
      is_archived: page.isArchived,
      is_locked: page.isLocked,
      properties: this.propertiesJson(page, only),
      url: this.pageUrl(page),
      public_url: null,
    };
  }

  propertiesJson(page, only) {
    const schema = this.dataSources.get(page.dataSourceId)?.schema;
    if (!schema) {
      const title = writeRichText(page.values.get('title') ?? [], this);
      return { title: { id: 'title', type: 'title', title } };
    }
    const list = schema.list().filter((property) => only === null || only.has(property.id));
    return Object.fromEntries(list.map((property) => [property.name, writeValue(page, property, this)]));
  }

  databaseParent(database) {
    return database.parent ?? { type: 'workspace', workspace: true };
  }

  databaseJson(database) {
    return {
      object: 'database',
      id: database.id,
      title: writeRichText(textItems(database.title), this),
      description: [],
      parent: this.databaseParent(database),
      is_inline: false,
      in_trash: database.inTrash,
      is_locked: false,
      created_time: isoMinute(database.created),
      last_edited_time: isoMinute(database.edited),
      data_sources: database.dataSources.map((id) => ({ id, name: this.dataSources.get(id).name })),
      icon: null,
      cover: null,
      url: slugUrl(database.title, database.id),
      public_url: null,
    };
  }

  dataSourceJson(source) {
    const database = this.databases.get(source.databaseId);
    return {
      object: 'data_source',
      id: source.id,
      title: writeRichText(textItems(source.name), this),
      description: [],
      parent: { type: 'database_id', database_id: database.id },
      database_parent: this.databaseParent(database),
      is_inline: false,
      in_trash: source.inTrash || database.inTrash,
      created_time: isoMinute(source.created),
      last_edited_time: isoMinute(source.edited),
      created_by: this.partialUser(source.createdBy),
      last_edited_by: this.partialUser(source.editedBy),
      properties: source.schema.toJson(),
      icon: null,
      cover: null,
      url: slugUrl(source.name, database.id),
      public_url: null,
    };
  }

  // --- paging ---

  // `list` is the whole list at the time of this request. A cursor names the row that comes
  // next; if it has gone meanwhile, its old place in the list. It is good for the question that
  // it was given for, `scope`, and for no other.
  paginate(list, { cursor, size, type, scope = type, extra = {}, idOf = (it) => it.id }) {
    let start = 0;
    if (cursor !== undefined && cursor !== null) {
      const known = this.cursors.get(cursor);
      if (!known || known.scope !== scope) throw new NotionError(400, 'validation_error', `The start_cursor provided is invalid: ${cursor}`);
      const at = list.findIndex((it) => idOf(it) === known.next);
      start = at >= 0 ? at : Math.min(known.offset, list.length);
    }
    const end = start + Math.min(size ?? 100, this.settings.pageSizeCap);
    const more = end < list.length;
    return {
      object: 'list',
      results: list.slice(start, end),
      next_cursor: more ? this.#cursor({ scope, next: idOf(list[end]), offset: end }) : null,
      has_more: more,
      type,
      [type]: {},
      ...extra,
    };
  }

  #cursor(place) {
    if (this.cursors.size > 10000) this.cursors.clear();
    const cursor = this.ids.uuid();
    this.cursors.set(cursor, place);
    return cursor;
  }
}
