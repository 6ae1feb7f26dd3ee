// What tests do as people: the same rules and the same times as for a program, without HTTP.

import { randomBytes } from 'node:crypto';
import { checkChildren, readMarkdown, renderPage, setContent } from './content.mjs';
import { parseId } from './ids.mjs';
import { plainText, textItems } from './richtext.mjs';
import { DataSourceSchema, newOption, statusConfig } from './schema.mjs';
import { plainValue, planValue, rawValue, valueOf } from './values.mjs';
import { CAPABILITIES, World } from './world.mjs';

export class People extends World {
  constructor(context) {
    super(context);
    this.person = this.addUser({ name: 'Paula Person', email: 'paula@example.com' });
    this.integration = this.addToken('ntn_sandbox0000000000000000000000000000000000000000', { name: 'Sandbox' });
  }

  addUser({ name, email = null, guest = false, type = 'person' }) {
    const user = { id: this.ids.uuid(), name, email, guest, type };
    this.users.set(user.id, user);
    return user;
  }

  // Who leaves the workspace stays on pages, and cannot be put on any; `back` takes them in again.
  removeUser(ref) {
    const user = this.userRef(ref.id ?? ref);
    this.users.delete(user.id);
    return { back: () => this.users.set(user.id, user) };
  }

  // `shared`: ids of databases, data sources and pages; null for the whole workspace.
  addToken(text, { name = 'Integration', capabilities = CAPABILITIES, shared = null } = {}) {
    const value = text ?? `ntn_${randomBytes(23).toString('hex')}`;
    const user = this.addUser({ name, type: 'bot' });
    const token = { value, name, userId: user.id, capabilities: new Set(capabilities), shared: shared && new Set(shared), window: null };
    this.tokens.set(value, token);
    return token;
  }

  // --- databases ---

  addDatabase({ title, dataSources, by }) {
    const now = this.clock.now();
    const user = this.#user(by);
    const database = { id: this.ids.uuid(), title, parent: null, inTrash: false, dataSources: [], created: now, edited: now };
    this.databases.set(database.id, database);
    const sources = dataSources.map(({ name = title, properties }) => {
      const source = {
        id: this.ids.uuid(), databaseId: database.id, name, schema: new DataSourceSchema(this.ids), pages: new Set(), inTrash: false,
        version: 0, cache: null, numbers: 0, created: now, edited: now, createdBy: user, editedBy: user,
      };
      for (const [key, config] of Object.entries(properties)) this.addProperty(source, key, config);
      if (!source.schema.title()) throw new Error(`the data source ${name} has no title property`);
      this.dataSources.set(source.id, source);
      database.dataSources.push(source.id);
      return { id: source.id, name };
    });
    return { id: database.id, url: this.databaseJson(database).url, dataSources: sources, dataSource: sources[0].id };
  }

  // `config`: the name of a type, or {type: its configuration}; options may be plain names, and
  // those of a status property a group each: {status: {'To-do': [...], ...}}.
  addProperty(dataSource, name, config) {
    const source = this.#source(dataSource);
    const [type, value] = typeof config === 'string' ? [config, {}] : Object.entries(config)[0];
    const property = source.schema.add(name, type, this.#config(type, value));
    source.version += 1;
    return property.id;
  }

  #config(type, value) {
    switch (type) {
      case 'select': case 'multi_select': {
        const names = Array.isArray(value) ? value : value.options ?? [];
        return { options: names.map((name) => newOption(this.ids, name)) };
      }
      case 'status': return statusConfig(this.ids, Object.keys(value).length > 0 ? value
        : { 'To-do': ['Not started'], 'In progress': ['In progress'], Complete: ['Done'] });
      case 'number': return { format: 'number', ...value };
      case 'unique_id': return { prefix: value.prefix ?? null };
      case 'relation': {
        const target = this.#source(value.data_source_id ?? value);
        return { database_id: target.databaseId, data_source_id: target.id, type: 'single_property', single_property: {} };
      }
      case 'formula': return { expression: '', ...value };
      case 'rollup': return { function: 'count', rollup_property_name: '', relation_property_name: '', rollup_property_id: '', relation_property_id: '' };
      default: return {};
    }
  }

  renameProperty(dataSource, from, to) {
    this.#property(dataSource, from).name = to;
    this.#source(dataSource).version += 1;
  }

  // Names stay names; other values are gone. The rows count as unchanged.
  retypeProperty(dataSource, name, config) {
    const source = this.#source(dataSource);
    const property = this.#property(dataSource, name);
    const [type, value] = typeof config === 'string' ? [config, {}] : Object.entries(config)[0];
    const NAMED = ['select', 'multi_select', 'rich_text'];
    const keeps = NAMED.includes(type) && NAMED.includes(property.type);
    const held = [...source.pages].map((id) => this.#page(id)).map((page) => [page, plainValue(page, property, this)]);
    Object.assign(property, { type, config: this.#config(type, value) });
    source.version += 1;
    for (const [page, before] of held) {
      const names = [before ?? []].flat().filter((one) => one !== '');
      page.values.delete(property.id);
      if (keeps && names.length > 0) this.#write(page, source, { [name]: type === 'multi_select' ? names : names.join(', ') });
    }
  }

  removeProperty(dataSource, name) {
    this.#source(dataSource).schema.properties.delete(this.#property(dataSource, name).id);
    this.#source(dataSource).version += 1;
  }

  renameOption(dataSource, name, from, to) {
    this.#property(dataSource, name).config.options.find((option) => option.name === from).name = to;
    this.#source(dataSource).version += 1;
  }

  trashDatabase(id, { restore = false } = {}) {
    this.databases.get(id).inTrash = !restore;
  }

  touchSource(source, by) {
    source.edited = this.clock.now();
    source.editedBy = by;
    source.version += 1;
  }

  // --- pages ---

  addPage(dataSource, props = {}, { by, markdown, parentPage } = {}) {
    const source = dataSource === null ? null : this.#source(dataSource);
    const user = this.#user(by);
    const page = this.newPage({ source, parentPageId: parentPage ?? null, by: user });
    this.#write(page, source, props);
    this.publish(page);
    if (markdown) setContent(page, readMarkdown(markdown, this), this, user);
    if (parentPage) this.#addChildBlock(this.pages.get(parentPage), page, user);
    return page.id;
  }

  #addChildBlock(parent, page, by) {
    const block = { type: 'child_page', id: page.id, url: this.pageUrl(page), title: this.pageTitle(page) };
    setContent(parent, [...parent.blocks, block], this, by);
  }

  editPage(id, props, { by } = {}) {
    const page = this.#page(id);
    if (page.inTrash) throw new Error('the page is in the trash');
    this.change(page, this.#user(by), () => this.#write(page, this.dataSources.get(page.dataSourceId), props));
  }

  // Replaces the content, or what `edit` makes of its Markdown.
  editContent(id, edit, { by } = {}) {
    const page = this.#page(id);
    const text = typeof edit === 'function' ? edit(renderPage(page, this)) : edit;
    const blocks = readMarkdown(text, this);
    checkChildren(page, blocks, false, this);
    setContent(page, blocks, this, this.#user(by));
  }

  addHostedImage(id, name = 'image.png', { by } = {}) {
    const page = this.#page(id);
    const block = { type: 'image', url: '', hosted: `${this.ids.uuid()}/${name}`, caption: name };
    setContent(page, [...page.blocks, block], this, this.#user(by));
  }

  trashPage(id, { by } = {}) {
    this.change(this.#page(id), this.#user(by), (page) => { page.inTrash = true; });
  }

  restorePage(id, { by } = {}) {
    this.change(this.#page(id), this.#user(by), (page) => { page.inTrash = false; });
  }

  archivePage(id, { by, archived = true } = {}) {
    this.change(this.#page(id), this.#user(by), (page) => { page.isArchived = archived; });
  }

  movePage(id, target, { by } = {}) {
    const place = this.dataSources.has(target) ? { source: this.dataSources.get(target) } : { pageId: parseId(target) };
    this.move(this.#page(id), place, this.#user(by));
  }

  // As the menu of a row does it: every value is copied, also those that name other things.
  duplicatePage(id, { by } = {}) {
    const old = this.#page(id);
    const source = this.dataSources.get(old.dataSourceId);
    const page = this.newPage({ source, parentPageId: old.parentPageId, by: this.#user(by) });
    page.values = new Map(old.values);
    const title = valueOf(old, { id: 'title', type: 'title' });
    page.values.set('title', textItems(`${plainText(title, this)} (1)`));
    this.publish(page);
    setContent(page, readMarkdown(renderPage(old, this), this), this, this.#user(by));
    return page.id;
  }

  setTruncated(id, unknown = []) {
    Object.assign(this.#page(id), { truncated: true, unknownBlocks: unknown });
  }

  markdown(id) {
    return renderPage(this.#page(id), this);
  }

  values(id) {
    const page = this.#page(id);
    const list = this.dataSources.get(page.dataSourceId).schema.list();
    return Object.fromEntries(list.map((property) => [property.name, plainValue(page, property, this)]));
  }

  // --- comments ---

  // `block`: the comment hangs on a block of the page. `answers`: it is in the discussion of that comment.
  addComment(id, text, { by, block, answers } = {}) {
    const page = this.#page(id);
    const parent = block ? { type: 'block_id', block_id: block } : { type: 'page_id', page_id: page.id };
    const target = { page, parent, discussion: answers ? this.comments.get(answers).discussion : this.ids.uuid() };
    return this.addCommentTo(target, textItems(text), this.#user(by)).id;
  }

  editComment(id, text) {
    Object.assign(this.comments.get(id), { items: textItems(text), edited: this.clock.now() });
  }

  commentsOf(id) {
    const page = this.#page(id);
    return [...this.comments.values()].filter((comment) => comment.pageId === page.id)
      .map((comment) => ({ by: this.users.get(comment.by).name, text: plainText(comment.items, this) }));
  }

  // --- the end state, for comparing: no times, and ids only if asked for ---

  snapshot({ ids = false } = {}) {
    const out = {};
    for (const source of this.dataSources.values()) {
      const rows = [...source.pages].map((id) => this.pages.get(id)).filter((page) => page.dataSourceId === source.id)
        .map((page) => this.#row(page, source, ids));
      out[source.name] = rows.map((row) => [JSON.stringify(row), row]).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
    }
    return out;
  }

  #row(page, source, ids) {
    const stable = source.schema.list().filter(({ type }) => !/_time$|_by$|^unique_id$/.test(type));
    return {
      ...(ids ? { id: page.id } : {}),
      values: Object.fromEntries(stable.map((property) => [property.name, plainValue(page, property, this)])),
      body: renderPage(page, this).replace(/\?X-Amz-[^)\s]*/g, ''),
      trashed: page.inTrash,
      archived: page.isArchived,
      comments: this.commentsOf(page.id),
    };
  }

  // --- shared with the endpoints ---

  newPage({ source, parentPageId = null, by }) {
    const now = this.clock.now();
    if (source) source.numbers += 1;
    return {
      id: this.ids.uuid(), dataSourceId: source?.id ?? null, parentPageId, values: new Map(), blocks: [], history: [], born: false,
      created: now, edited: now, createdBy: by, editedBy: by, inTrash: false, isArchived: false, isLocked: false, icon: null, cover: null,
      number: source?.numbers ?? null, truncated: false, tooLarge: false, unknownBlocks: [],
    };
  }

  publish(page) {
    this.remember(page);
    page.born = true;
    this.pages.set(page.id, page);
    if (page.dataSourceId) this.dataSources.get(page.dataSourceId).pages.add(page.id);
    this.touch(page, page.createdBy);
  }

  change(page, by, act) {
    this.remember(page);
    act(page);
    this.touch(page, by);
  }

  // Values follow if the target has a property of the same name and type.
  move(page, { source = null, pageId = null }, by) {
    this.change(page, by, () => {
      const old = this.dataSources.get(page.dataSourceId);
      const values = new Map();
      for (const property of old?.schema.list() ?? []) {
        const twin = property.type === 'title' ? { id: 'title' }
          : source?.schema.list().find((it) => it.name === property.name && it.type === property.type && !it.config.options);
        if (twin && page.values.has(property.id)) values.set(twin.id, page.values.get(property.id));
      }
      if (old) old.version += 1;
      Object.assign(page, { dataSourceId: source?.id ?? null, parentPageId: pageId, values });
      source?.pages.add(page.id);
    });
  }

  addCommentTo({ page, parent, discussion }, items, by, displayName) {
    const now = this.clock.now();
    const comment = { id: this.ids.uuid(), pageId: page.id, parent, discussion, items, by, displayName, created: now, edited: now, resolved: false };
    this.comments.set(comment.id, comment);
    return comment;
  }

  maybeAsync(body, answer) {
    if (!this.settings.asyncTasks || body.allow_async !== true) return answer;
    const id = this.ids.uuid();
    this.tasks.set(id, { polls: 0, result: answer });
    return { status: 202, body: { object: 'async_task', id, status: 'queued', poll_after_seconds: 1 } };
  }

  // --- references of tests ---

  #write(page, source, props) {
    for (const [name, value] of Object.entries(props)) {
      const property = source ? this.#property(source.id, name) : { id: 'title', name: 'title', type: 'title' };
      page.values.set(property.id, planValue(property, rawValue(property, value, this), name, this)());
    }
  }

  #user(ref) {
    return ref === undefined || ref === null ? this.person.id : this.userRef(ref.id ?? ref).id;
  }

  #source(ref) {
    const id = ref?.dataSource ?? ref?.id ?? ref;
    const source = ref?.schema ? ref : this.dataSources.get(id);
    if (!source) throw new Error(`no such data source: ${id}`);
    return source;
  }

  #page(id) {
    const page = this.pages.get(id?.id ?? id);
    if (!page) throw new Error(`no such page: ${id}`);
    return page;
  }

  #property(dataSource, name) {
    const property = this.#source(dataSource).schema.find(name);
    if (!property) throw new Error(`no such property: ${name}`);
    return property;
  }
}
