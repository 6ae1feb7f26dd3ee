import { iso } from './model.mjs';
import { observeMergeability } from './pulls.mjs';
import { assignable } from './issues.mjs';
import { dependenciesSummary, valuesOf } from './columns.mjs';

const REPO_PATHS = {
  archive_url: '/{archive_format}{/ref}', assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}', collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}', compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors', deployments_url: '/deployments', downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks', git_commits_url: '/git/commits{/sha}', git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks', issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}', keys_url: '/keys{/key_id}', labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges', milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}', releases_url: '/releases{/id}', stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers', subscription_url: '/subscription', tags_url: '/tags',
  teams_url: '/teams', trees_url: '/git/trees{/sha}',
};

const USER_PATHS = {
  followers_url: '/followers', following_url: '/following{/other_user}',
  gists_url: '/gists{/gist_id}',
  starred_url: '/starred{/owner}{/repo}', subscriptions_url: '/subscriptions',
  organizations_url: '/orgs', repos_url: '/repos',
  events_url: '/events{/privacy}', received_events_url: '/received_events',
};

const GHOST = { login: 'ghost', id: 10137, nodeId: 'MDQ6VXNlcjEwMTM3', type: 'User', createdAt: 1211000000000 };

export function association(repo, user) {
  if (!user) return 'NONE';
  if (user === repo.owner) return 'OWNER';
  if (repo.collaborators.has(user)) {
    return repo.owner.type === 'Organization' ? 'MEMBER' : 'COLLABORATOR';
  }
  return user.type === 'Bot' ? 'CONTRIBUTOR' : 'NONE';
}

/** Model objects as REST answers, for one request: its base address, API version and actor. */
export class Presenter {
  constructor(world, { base, version, actor }) {
    this.world = world;
    this.base = base;
    this.actor = actor;
    this.old = version === '2022-11-28';
  }

  repoUrl(repo) {
    return `${this.base}/repos/${this.world.model.fullName(repo)}`;
  }

  html(repo) {
    return `${this.world.serverUrl}/${this.world.model.fullName(repo)}`;
  }

  user(user) {
    if (!user) return null;
    const { login, id, nodeId, type } = user.deleted ? GHOST : user;
    const url = `${this.base}/users/${encodeURIComponent(login)}`;
    const out = {
      login, id, node_id: nodeId, gravatar_id: '', url, type, user_view_type: 'public',
      site_admin: false,
      avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
      html_url: type === 'Bot' ? `${this.world.serverUrl}/apps/${login.replace('[bot]', '')}` : `${this.world.serverUrl}/${login}`,
    };
    for (const [key, tail] of Object.entries(USER_PATHS)) out[key] = url + tail;
    return out;
  }

  profile(user) {
    const at = iso(user.createdAt);
    return {
      ...this.user(user), name: user.name, company: null, blog: '', location: null, email: null,
      hireable: null, bio: null,
      twitter_username: null, public_repos: 0, public_gists: 0, followers: 0, following: 0,
      created_at: at, updated_at: at,
    };
  }

  label(label) {
    return {
      id: label.id, node_id: label.nodeId,
      url: `${this.repoUrl(label.repo)}/labels/${encodeURIComponent(label.name)}`,
      name: label.name, color: label.color, default: false, description: label.description,
    };
  }

  milestone(milestone) {
    if (!milestone) return null;
    const { repo, number } = milestone;
    const issues = [...repo.issues.values()].filter((i) => i.milestone === milestone);
    const url = `${this.repoUrl(repo)}/milestones/${number}`;
    return {
      url, html_url: `${this.html(repo)}/milestone/${number}`, labels_url: `${url}/labels`,
      id: milestone.id,
      node_id: milestone.nodeId, number, title: milestone.title, description: milestone.description,
      creator: this.user(milestone.creator),
      open_issues: issues.filter((i) => i.state === 'open').length,
      closed_issues: issues.filter((i) => i.state === 'closed').length, state: milestone.state,
      created_at: iso(milestone.createdAt), updated_at: iso(milestone.updatedAt),
      due_on: iso(milestone.dueOn), closed_at: iso(milestone.closedAt),
    };
  }

  issueType(type) {
    if (!type) return null;
    const at = iso(type.createdAt);
    return {
      id: type.id, node_id: type.nodeId, name: type.name, description: type.description,
      color: type.color, created_at: at,
      updated_at: at, is_enabled: type.enabled,
    };
  }

  reactions(url) {
    const none = { '+1': 0, '-1': 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 };
    return { url: `${url}/reactions`, total_count: 0, ...none };
  }

  #people(issue) {
    const out = { assignees: issue.assignees.map((u) => this.user(u)) };
    if (this.old) out.assignee = out.assignees[0] ?? null;
    return out;
  }

  issue(issue) {
    const { repo, number } = issue;
    const url = `${this.repoUrl(repo)}/issues/${number}`;
    const out = {
      url, repository_url: this.repoUrl(repo), labels_url: `${url}/labels{/name}`,
      comments_url: `${url}/comments`,
      events_url: `${url}/events`, timeline_url: `${url}/timeline`, html_url: this.issueHtml(issue),
      id: issue.id,
      node_id: issue.nodeId, number, title: issue.title, user: this.user(issue.author),
      labels: issue.labels.map((l) => this.label(l)),
      state: issue.state, locked: issue.locked, ...this.#people(issue),
      milestone: this.milestone(issue.milestone),
      comments: issue.comments.length, created_at: iso(issue.createdAt),
      updated_at: iso(issue.updatedAt), closed_at: iso(issue.closedAt),
      author_association: association(repo, issue.author), active_lock_reason: issue.lockReason,
      body: issue.body,
      closed_by: this.user(issue.closedBy), reactions: this.reactions(url),
      performed_via_github_app: null, state_reason: issue.stateReason,
    };
    if (issue.isPull) {
      return { ...out, draft: issue.pull.draft, pull_request: this.#pullLinks(issue) };
    }
    out.type = this.issueType(issue.type);
    out.sub_issues_summary = this.subIssues(issue);
    if (this.world.quirks.dependencies) out.issue_dependencies_summary = dependenciesSummary(issue);
    if (this.world.quirks.issueFields) out.issue_field_values = this.fieldValues(issue);
    if (issue.parent) {
      out.parent_issue_url = `${this.repoUrl(issue.parent.repo)}/issues/${issue.parent.number}`;
    }
    return out;
  }

  fieldValues(issue) {
    return valuesOf(this.world, issue).map(([field, value]) => {
      const out = { issue_field_id: field.id, issue_field_name: field.name, node_id: field.nodeId, data_type: field.type, value };
      const option = ({ id, name, color }) => ({ id, name, color });
      if (field.type === 'single_select') return { ...out, value: value.id, single_select_option: option(value) };
      if (field.type !== 'multi_select') return out;
      return { ...out, value: value.map(({ name }) => name).join(','), multi_select_options: value.map(option) };
    });
  }

  issueField(field) {
    const out = { id: field.id, node_id: field.nodeId, name: field.name, description: null, data_type: field.type, visibility: field.visibility };
    if (!field.type.endsWith('select')) return out;
    return { ...out, options: field.options.map(({ id, name, color }, i) => ({ id, name, description: null, color, priority: i + 1 })) };
  }

  issueHtml(issue) {
    return `${this.html(issue.repo)}/${issue.isPull ? 'pull' : 'issues'}/${issue.number}`;
  }

  subIssues({ subIssues }) {
    const completed = subIssues.filter((s) => s.state === 'closed').length;
    const total = subIssues.length;
    return { total, completed, percent_completed: total ? Math.floor((completed * 100) / total) : 0 };
  }

  #pullLinks(issue) {
    const html = this.issueHtml(issue);
    return {
      url: `${this.repoUrl(issue.repo)}/pulls/${issue.number}`, html_url: html,
      diff_url: `${html}.diff`, patch_url: `${html}.patch`,
      merged_at: iso(issue.pull.mergedAt),
    };
  }

  comment(comment) {
    const { issue } = comment;
    const url = `${this.repoUrl(issue.repo)}/issues/comments/${comment.id}`;
    return {
      url, html_url: this.commentHtml(comment),
      issue_url: `${this.repoUrl(issue.repo)}/issues/${issue.number}`, id: comment.id,
      node_id: comment.nodeId, user: this.user(comment.author), created_at: iso(comment.createdAt),
      updated_at: iso(comment.updatedAt),
      author_association: association(issue.repo, comment.author), body: comment.body,
      reactions: this.reactions(url),
      performed_via_github_app: null,
    };
  }

  commentHtml(comment) {
    return `${this.issueHtml(comment.issue)}#issuecomment-${comment.id}`;
  }

  #branch(issue, side) {
    const { pull, repo } = issue;
    const source = side === 'head' ? pull.headRepo : repo;
    const ref = side === 'head' ? pull.headRef : pull.baseRef;
    const sha = side === 'head' ? pull.headSha : (repo.git.refs.get(`refs/heads/${ref}`) ?? pull.baseSha);
    const label = side === 'head' ? pull.headLabel : `${repo.owner.login}:${ref}`;
    return { label, ref, sha, user: this.user(source?.owner), repo: source ? this.repo(source) : null };
  }

  pull(issue, { full = false } = {}) {
    const { repo, number, pull } = issue;
    const url = `${this.repoUrl(repo)}/pulls/${number}`;
    const issueUrl = `${this.repoUrl(repo)}/issues/${number}`;
    const statuses = `${this.repoUrl(repo)}/statuses/${pull.headSha}`;
    const links = {
      self: url, html: this.issueHtml(issue), issue: issueUrl, comments: `${issueUrl}/comments`,
      review_comments: `${url}/comments`,
      review_comment: `${this.repoUrl(repo)}/pulls/comments{/number}`, commits: `${url}/commits`,
      statuses,
    };
    const { merged_at: mergedAt, ...addresses } = this.#pullLinks(issue);
    const out = {
      ...addresses, id: issue.pullId, node_id: issue.nodeId, issue_url: issueUrl, number,
      state: issue.state, locked: issue.locked,
      title: issue.title, user: this.user(issue.author), body: issue.body,
      created_at: iso(issue.createdAt), updated_at: iso(issue.updatedAt),
      closed_at: iso(issue.closedAt), merged_at: mergedAt, ...this.#people(issue),
      requested_reviewers: [], requested_teams: [],
      labels: issue.labels.map((l) => this.label(l)), milestone: this.milestone(issue.milestone),
      draft: pull.draft,
      commits_url: links.commits, review_comments_url: links.review_comments,
      review_comment_url: links.review_comment,
      comments_url: links.comments, statuses_url: statuses, head: this.#branch(issue, 'head'),
      base: this.#branch(issue, 'base'),
      _links: Object.fromEntries(Object.entries(links).map(([k, href]) => [k, { href }])),
      author_association: association(repo, issue.author), auto_merge: this.#autoMerge(pull),
      active_lock_reason: issue.lockReason,
    };
    if (this.old) out.merge_commit_sha = pull.mergeSha;
    return full ? { ...out, ...this.#pullDetails(issue) } : out;
  }

  #autoMerge({ autoMerge }) {
    return autoMerge && {
      enabled_by: this.user(autoMerge.by.user), merge_method: autoMerge.method, commit_title: null,
      commit_message: null,
    };
  }

  #pullDetails(issue) {
    const { pull } = issue;
    const { mergeable, status } = observeMergeability(issue);
    return {
      merged: pull.merged, mergeable: { MERGEABLE: true, CONFLICTING: false }[mergeable] ?? null,
      rebaseable: null,
      mergeable_state: status.toLowerCase(), merged_by: this.user(pull.mergedBy),
      comments: issue.comments.length, review_comments: 0,
      maintainer_can_modify: false, commits: 1, additions: 0, deletions: 0,
      changed_files: pull.changedFiles,
    };
  }

  repo(repo, { full = false } = {}) {
    const { model, serverUrl } = this.world;
    const fullName = model.fullName(repo);
    const url = this.repoUrl(repo);
    const open = [...repo.issues.values()].filter((i) => i.state === 'open').length;
    const out = {
      id: repo.id, node_id: repo.nodeId, name: repo.name, full_name: fullName,
      private: repo.private, owner: this.user(repo.owner),
      html_url: this.html(repo), description: repo.description, fork: false, url,
      created_at: iso(repo.createdAt),
      updated_at: iso(repo.updatedAt), pushed_at: iso(repo.pushedAt),
      git_url: `git://github.com/${fullName}.git`,
      ssh_url: `git@github.com:${fullName}.git`, clone_url: `${serverUrl}/${fullName}.git`,
      svn_url: `${serverUrl}/${fullName}`,
      homepage: null, size: repo.git.objects.size, stargazers_count: 0, watchers_count: 0,
      language: null, has_issues: repo.hasIssues, has_pull_requests: repo.hasPulls,
      has_projects: true, has_downloads: true, has_wiki: true, has_pages: false,
      has_discussions: false, forks_count: 0, mirror_url: null,
      archived: repo.archived, disabled: false, open_issues_count: open, license: null,
      allow_forking: true, is_template: false,
      web_commit_signoff_required: false, topics: [],
      visibility: repo.private ? 'private' : 'public', forks: 0, open_issues: open,
      watchers: 0, default_branch: repo.defaultBranch,
    };
    for (const [key, tail] of Object.entries(REPO_PATHS)) out[key] = url + tail;
    return full ? { ...out, ...this.#repoDetails(repo) } : out;
  }

  #repoDetails(repo) {
    const { actor } = this;
    const pushes = actor.may(repo, 'contents', 'write');
    const out = { temp_clone_token: null, network_count: 0, subscribers_count: 0 };
    if (actor.kind !== 'none') {
      out.permissions = { admin: false, maintain: false, push: pushes, triage: pushes, pull: true };
    }
    if (!pushes) return out;
    return {
      ...out, allow_squash_merge: repo.mergeMethods.squash,
      allow_merge_commit: repo.mergeMethods.merge,
      allow_rebase_merge: repo.mergeMethods.rebase, allow_auto_merge: repo.autoMergeAllowed,
      delete_branch_on_merge: repo.deleteBranchOnMerge,
      allow_update_branch: false,
    };
  }

  assignees(repo) {
    return [...this.world.model.users.values()].filter((u) => assignable(repo, u)).map((u) => this.user(u));
  }
}
