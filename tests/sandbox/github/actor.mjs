const LEVELS = { none: 0, read: 1, write: 2 };

const WORKFLOW = { contents: 'write', issues: 'write', pull_requests: 'write', checks: 'read', statuses: 'read', metadata: 'read' };

/**
 * Who a request acts as. `kind`: actions (the workflow token), app (another installation token),
 * pat (a user's token), person (a user on the web site; tests act through it), none (no token).
 */
export class Actor {
  constructor({ user, kind, token = null, name = null, permissions, pushAccess, repos = null }) {
    this.user = user;
    this.kind = kind;
    this.token = token;
    this.name = name;
    this.permissions = { metadata: 'read', ...(permissions ?? WORKFLOW) };
    this.pushAccess = pushAccess;
    this.repos = repos && new Set(repos.map((r) => r.toLowerCase()));
  }

  get isInstallation() {
    return this.kind === 'actions' || this.kind === 'app';
  }

  #covers(repo) {
    if (this.kind === 'none') return false;
    return !this.repos || this.repos.has(`${repo.owner.login}/${repo.name}`.toLowerCase());
  }

  sees(repo) {
    return !repo.private || this.#covers(repo);
  }

  /** What a token needs the permission for, be the repository public. */
  reads(repo, permission) {
    return this.kind === 'person' || !this.isInstallation || LEVELS[this.permissions[permission] ?? 'none'] >= LEVELS.read;
  }

  may(repo, permission, level) {
    if (this.kind === 'person') return true;
    if (level === 'read' && !repo.private) return true;
    if (!this.#covers(repo)) return false;
    if (level === 'write' && permission === 'contents' && this.pushAccess === false) return false;
    return LEVELS[this.permissions[permission] ?? 'none'] >= LEVELS[level];
  }

  /** Push access: what lets labels, assignees and milestones through. */
  pushes(repo) {
    if (this.kind === 'person') return true;
    if (!this.#covers(repo)) return false;
    if (this.pushAccess !== undefined) return this.pushAccess;
    return this.may(repo, 'issues', 'write') || this.may(repo, 'pull_requests', 'write');
  }
}
