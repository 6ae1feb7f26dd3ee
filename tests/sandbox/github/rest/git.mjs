import { ApiError, checkBody, malformed, notFound, unprocessable } from '../errors.mjs';
import { nodeId } from '../model.mjs';
import { typeOfMode, validRefName } from '../git.mjs';
import { requireWritable } from '../issues.mjs';
import { created, noContent, paged } from './router.mjs';

const SHA = /^[0-9a-f]{40}$/;

function store(req) {
  const { git } = req.repo;
  if (git.empty) throw new ApiError(409, 'Git Repository is empty.');
  if (req.method !== 'GET') requireWritable(req.repo);
  return git;
}

const url = (req, tail) => `${req.present.repoUrl(req.repo)}/git/${tail}`;

const id = (req, kind, sha) => `${nodeId(kind, req.repo.id)}${Buffer.from(sha).toString('base64url')}`;

function checkSha(sha, name = 'sha') {
  if (!SHA.test(sha)) {
    throw unprocessable(`The ${name} parameter must be exactly 40 characters and contain only [0-9a-f].`);
  }
  return sha;
}

function base64Lines(content) {
  return content.toString('base64').replace(/.{1,60}/g, '$&\n');
}

/** Push protection, if the repository has it: `at` says which request meets it. */
function checkSecrets(req, at, texts) {
  const protection = req.repo.pushProtection;
  if (protection?.at !== at || !texts.some((text) => protection.pattern.test(text))) return;
  throw new ApiError(protection.status ?? 409, 'Repository rule violations found\n\nSecret detected in content\n\n');
}

/** The texts that come to a ref which another commit was at. */
function newTexts(git, before, after) {
  const known = new Set(before ? [...git.flatten(git.get(before, 'commit').tree).values()].map(({ sha }) => sha) : []);
  return [...git.flatten(git.get(after, 'commit').tree).values()].filter(({ sha }) => !known.has(sha)).map(({ sha }) => git.get(sha).content.toString('utf8'));
}

function createBlob(req) {
  const git = store(req);
  const { content, encoding = 'utf-8' } = checkBody(req.body, { content: '*string', encoding: 'string' });
  if (!['utf-8', 'base64'].includes(encoding)) throw unprocessable('encoding is not supported');
  const sha = git.blob(Buffer.from(content, encoding));
  return created({ url: url(req, `blobs/${sha}`), sha }, { location: url(req, `blobs/${sha}`) });
}

function getBlob(req) {
  const git = store(req);
  const blob = git.get(checkSha(req.params.sha), 'blob');
  if (!blob) throw notFound();
  if (/\braw\b/.test(req.headers.accept ?? '')) {
    return { status: 200, headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' }, body: blob.content.toString('utf8') };
  }
  const { sha, size, content } = blob;
  return { sha, node_id: id(req, 'B', sha), size, url: url(req, `blobs/${sha}`), content: base64Lines(content), encoding: 'base64' };
}

const pathIsBad = (path) =>
  path === '' || path.split('/').some((part) => ['', '.', '..'].includes(part) || part.toLowerCase() === '.git');

/** One entry of the request as a change for `editTree`. */
function treeChange(git, entry) {
  checkBody(entry, { path: '*string', mode: 'string', type: 'string', sha: 'string|null', content: 'string' });
  if (pathIsBad(entry.path)) throw unprocessable('tree.path contains a malformed path component');
  if (entry.sha === null && entry.content === undefined) {
    return { path: entry.path, mode: entry.mode, sha: null };
  }
  if ((entry.sha === undefined) === (entry.content === undefined)) {
    throw unprocessable('Must supply either tree.sha or tree.content');
  }
  const type = typeOfMode(entry.mode);
  if (!type) throw unprocessable('Must supply a valid tree.mode');
  if (entry.type !== undefined && entry.type !== type) {
    throw unprocessable('Must supply a valid tree.type');
  }
  if (entry.content !== undefined) {
    if (type !== 'blob') throw unprocessable('tree.content is only valid for blobs');
    return { path: entry.path, mode: entry.mode, sha: git.blob(entry.content) };
  }
  checkSha(entry.sha, 'tree.sha');
  if (type !== 'commit' && !git.get(entry.sha, type)) {
    throw unprocessable(`tree.sha ${entry.sha} is not a valid ${type}`);
  }
  return { path: entry.path, mode: entry.mode, sha: entry.sha };
}

function createTree(req) {
  const git = store(req);
  const body = checkBody(req.body, { tree: '*array', base_tree: 'string|null' });
  if (body.tree.length === 0) throw unprocessable('Invalid tree info');
  const base = body.base_tree ?? null;
  if (base !== null && !git.get(base, 'tree')) {
    throw unprocessable('base_tree is not a valid tree oid');
  }
  checkSecrets(req, 'trees', body.tree.map(({ content }) => content ?? ''));
  const sha = git.editTree(base, body.tree.map((entry) => treeChange(git, entry)));
  return created({ ...presentTree(req, git, sha, git.get(sha).entries.map((e) => [e.name, e])), truncated: false },
    { location: url(req, `trees/${sha}`) });
}

function presentTree(req, git, sha, entries) {
  const tree = entries.map(([path, { mode, sha: oid }]) => {
    const type = typeOfMode(mode);
    const out = { path, mode, type, sha: oid };
    if (type === 'blob') out.size = git.get(oid).size;
    if (type !== 'commit') out.url = url(req, `${type}s/${oid}`);
    return out;
  });
  return { sha, url: url(req, `trees/${sha}`), tree };
}

function getTree(req) {
  const git = store(req);
  const object = git.resolve(req.params.sha, `refs/heads/${req.repo.defaultBranch}`);
  const sha = object?.tree ?? object?.sha;
  if (!git.get(sha, 'tree')) throw notFound();
  const limit = req.world.quirks.treeEntries;
  const all = req.query.has('recursive')
    ? [...git.flatten(sha, { trees: true })]
    : git.get(sha).entries.map((e) => [e.name, e]);
  return { ...presentTree(req, git, sha, all.slice(0, limit)), truncated: all.length > limit };
}

function personOf(req, given, fallback) {
  if (given === undefined) return fallback;
  checkBody(given, { name: '*string', email: '*string', date: 'string' });
  const date = given.date === undefined ? req.world.model.now() : Date.parse(given.date);
  if (Number.isNaN(date)) {
    throw malformed(`For 'properties/date', "${given.date}" is not a valid date-time.`);
  }
  return { name: given.name, email: given.email, date };
}

function createCommit(req) {
  const git = store(req);
  const body = checkBody(req.body, { message: '*string', tree: '*string', parents: 'array', author: 'object', committer: 'object' });
  if (!git.get(checkSha(body.tree, 'tree'), 'tree')) throw unprocessable('Tree SHA does not exist');
  const parents = body.parents ?? [];
  for (const parent of parents) {
    if (!git.get(checkSha(String(parent), 'parents'), 'commit')) {
      throw unprocessable('Parent SHA does not exist or is not a commit object');
    }
  }
  const author = personOf(req, body.author, req.world.signature(req.actor.user));
  const committer = personOf(req, body.committer, author);
  const sha = git.commit({ tree: body.tree, parents, author, committer, message: body.message });
  return created(presentCommit(req, git.get(sha)), { location: url(req, `commits/${sha}`) });
}

function presentCommit(req, commit) {
  const person = ({ name, email, date }) => ({ name, email, date: new Date(date).toISOString().replace(/\.\d+Z/, 'Z') });
  const html = (sha) => `${req.present.html(req.repo)}/commit/${sha}`;
  return {
    sha: commit.sha, node_id: id(req, 'C', commit.sha), url: url(req, `commits/${commit.sha}`),
    html_url: html(commit.sha),
    author: person(commit.author), committer: person(commit.committer),
    tree: { sha: commit.tree, url: url(req, `trees/${commit.tree}`) }, message: commit.message,
    parents: commit.parents.map((sha) => ({ sha, url: url(req, `commits/${sha}`), html_url: html(sha) })),
    verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
  };
}

function getCommit(req) {
  const commit = store(req).get(checkSha(req.params.sha), 'commit');
  if (!commit) throw notFound();
  return presentCommit(req, commit);
}

function presentRef(req, ref, git) {
  const sha = git.refs.get(ref);
  const { type } = git.get(sha);
  return { ref, node_id: id(req, 'REF', ref), url: url(req, ref), object: { sha, type, url: url(req, `${type}s/${sha}`) } };
}

function getRef(req) {
  const git = store(req);
  const ref = `refs/${req.params.ref}`;
  if (!git.refs.has(ref)) throw notFound();
  return presentRef(req, ref, git);
}

function matchingRefs(req) {
  const git = store(req);
  const prefix = `refs/${req.params.ref ?? ''}`;
  return paged(req, [...git.refs.keys()].filter((r) => r.startsWith(prefix)).sort(), (r) => presentRef(req, r, git));
}

/** Namespaces that this repository keeps to itself. */
function checkAllowed(req, ref) {
  const refused = req.repo.refusedRefs.find(({ match }) => (match instanceof RegExp ? match.test(ref) : ref.startsWith(match)));
  if (refused) {
    throw new ApiError(refused.status ?? 422, refused.message ?? 'Reference update failed');
  }
  if (ref.startsWith('refs/pull/')) throw unprocessable('Reference update failed');
}

const clashes = (git, ref) =>
  [...git.refs.keys()].some((other) => other.startsWith(`${ref}/`) || ref.startsWith(`${other}/`));

function checkTarget(git, ref, sha) {
  const object = git.get(checkSha(sha));
  if (!object) throw unprocessable('Object does not exist');
  if (ref.startsWith('refs/heads/') && object.type !== 'commit') {
    throw unprocessable('Object is not a commit');
  }
}

function createRef(req) {
  const git = store(req);
  const { ref, sha } = checkBody(req.body, { ref: '*string', sha: '*string' });
  if (!ref.startsWith('refs/') || ref.split('/').length < 3) {
    throw unprocessable('Reference name must start with "refs/" and contain at least three slash-separated components.');
  }
  if (!validRefName(ref)) throw unprocessable(`${ref} is not a valid ref name.`);
  checkTarget(git, ref, sha);
  if (git.refs.has(ref)) throw unprocessable('Reference already exists');
  checkAllowed(req, ref);
  if (clashes(git, ref)) throw unprocessable('Reference update failed');
  checkSecrets(req, 'refs', newTexts(git, null, sha));
  req.world.moveRef(req.repo, ref, sha, req.actor);
  return created(presentRef(req, ref, git), { location: url(req, ref) });
}

function updateRef(req) {
  const git = store(req);
  const ref = `refs/${req.params.ref}`;
  const { sha, force = false } = checkBody(req.body, { sha: '*string', force: 'boolean' });
  if (!git.refs.has(ref)) throw unprocessable('Reference does not exist');
  checkTarget(git, ref, sha);
  checkAllowed(req, ref);
  if (!force && !git.isAncestor(git.refs.get(ref), sha)) {
    throw unprocessable('Update is not a fast forward');
  }
  checkSecrets(req, 'refs', newTexts(git, git.refs.get(ref), sha));
  if (req.repo.refusesForce && !git.isAncestor(git.refs.get(ref), sha)) throw new ApiError(422, 'Repository rule violations found\n\nCannot force-push to this branch\n\n');
  req.world.moveRef(req.repo, ref, sha, req.actor);
  return presentRef(req, ref, git);
}

function deleteRef(req) {
  const git = store(req);
  const ref = `refs/${req.params.ref}`;
  if (!git.refs.has(ref)) throw unprocessable('Reference does not exist');
  if (ref === `refs/heads/${req.repo.defaultBranch}`) {
    throw unprocessable('Cannot delete the default branch');
  }
  checkAllowed(req, ref);
  req.world.moveRef(req.repo, ref, null, req.actor);
  return noContent();
}

/** The git database: blobs, trees, commits, refs. */
export function gitRoutes(router) {
  const read = (path, handler) => router.add('GET', `~/git${path}`, 'contents:read', handler);
  const write = (method, path, handler) => router.add(method, `~/git${path}`, 'contents:write', handler, { git: true });
  write('POST', '/blobs', createBlob);
  read('/blobs/:sha', getBlob);
  write('POST', '/trees', createTree);
  read('/trees/*sha', getTree);
  write('POST', '/commits', createCommit);
  read('/commits/:sha', getCommit);
  read('/ref/*ref', getRef);
  read('/matching-refs/*ref', matchingRefs);
  write('POST', '/refs', createRef);
  write('PATCH', '/refs/*ref', updateRef);
  write('DELETE', '/refs/*ref', deleteRef);
}
