import { ApiError } from '../errors.mjs';
import { permissionOf } from '../issues.mjs';
import * as views from './views.mjs';
import { BlobView, CommitView, RefView, RepositoryView, TreeView } from './repository.mjs';

const VIEWS = {
  User: views.UserView, Bot: views.UserView, Organization: views.UserView, Label: views.LabelView,
  Milestone: views.MilestoneView,
  IssueType: views.IssueTypeView, Issue: views.IssueView, PullRequest: views.PullView,
  IssueComment: views.CommentView,
  MergeQueueEntry: views.QueueEntryView, Repository: RepositoryView,
};

const OBJECTS = { blob: BlobView, tree: TreeView, commit: CommitView };

const MAX_IDS = 100;

/** One GraphQL request: who asks, and how model objects become views. */
export class Context {
  constructor(world, actor, { cutTimeline }) {
    this.world = world;
    this.actor = actor;
    this.cutTimeline = cutTimeline;
    this.observed = new Map();
  }

  view(it) {
    const Kind = VIEWS[it.kind] ?? views.EventView;
    return new Kind(this, it);
  }

  viewOrNull(it) {
    return it ? this.view(it) : null;
  }

  person(user) {
    return user && !user.deleted ? this.view(user) : null;
  }

  get me() {
    return this.person(this.actor.user);
  }

  ref(repo, name) {
    return name && repo?.git.refs.has(name) ? new RefView(this, repo, name) : null;
  }

  object(repo, sha, path = '') {
    const object = sha && repo.git.get(sha);
    return object ? new OBJECTS[object.type](this, repo, object, path) : null;
  }

  /** What a global id names, if the actor may see it. */
  visible(id) {
    const it = this.world.model.nodes.get(id);
    if (!it) return undefined;
    const repo = it.kind === 'Repository' ? it : (it.repo ?? it.issue?.repo);
    if (repo && !this.actor.sees(repo)) return undefined;
    const thread = it.issue ?? (it.kind === 'Issue' || it.kind === 'PullRequest' ? it : null);
    return thread && !this.actor.may(thread.repo, permissionOf(thread), 'read') ? undefined : it;
  }
}

function node(ctx, id) {
  const it = ctx.visible(id);
  if (!it || it.deleted === true) {
    throw new ApiError(404, `Could not resolve to a node with the global id of '${id}'`);
  }
  return ctx.view(it);
}

function repository(ctx, { owner, name, followRenames }) {
  const key = `${owner}/${name}`.toLowerCase();
  const { model } = ctx.world;
  const repo = model.repo(key) ?? (followRenames === false ? undefined : model.moved.get(key));
  if (!repo || !ctx.actor.sees(repo)) {
    throw new ApiError(404, `Could not resolve to a Repository with the name '${owner}/${name}'.`);
  }
  return ctx.view(repo);
}

function account(ctx, login, type) {
  const user = ctx.world.model.users.get(login.toLowerCase());
  if (!user || user.deleted || (type && user.type !== type)) {
    throw new ApiError(404, `Could not resolve to a ${type ?? 'RepositoryOwner'} with the login of '${login}'.`);
  }
  return ctx.view(user);
}

/** The fields of the query type. */
export const QUERIES = {
  viewer: (args, ctx) => new views.ViewerView(ctx, ctx.actor.user),
  repository: (args, ctx) => repository(ctx, args),
  user: ({ login }, ctx) => account(ctx, login, 'User'),
  organization: ({ login }, ctx) => account(ctx, login, 'Organization'),
  repositoryOwner: ({ login }, ctx) => account(ctx, login),
  node: ({ id }, ctx) => node(ctx, id),
  rateLimit: (args, ctx) => ctx.rateLimit,
  nodes({ ids }, ctx) {
    if (ids.length > MAX_IDS) {
      throw new ApiError(422, `You may not provide more than ${MAX_IDS} node ids; you provided ${ids.length}.`, { type: 'ARGUMENT_LIMIT' });
    }
    return ids.map((id) => {
      try {
        return node(ctx, id);
      } catch (error) {
        return error;
      }
    });
  },
};
