import { ApiError, checkBody, invalid, notFound } from '../errors.mjs';
import { editIssue, isShown } from '../issues.mjs';
import { mergePull, requirePullWrite } from '../pulls.mjs';
import { created, noContent, oneOf, paged } from './router.mjs';
import { findIssue } from './issues.mjs';

function findPull(req) {
  const issue = findIssue(req);
  if (!issue.isPull) throw notFound();
  return issue;
}

function listPulls(req) {
  if (!req.repo.hasPulls) throw notFound();
  const state = oneOf(req, 'state', ['open', 'closed', 'all'], 'open');
  const sort = oneOf(req, 'sort', ['created', 'updated', 'popularity', 'long-running'], 'created');
  const sign = oneOf(req, 'direction', ['asc', 'desc'], sort === 'created' ? 'desc' : 'asc') === 'asc' ? 1 : -1;
  const [base, head] = [req.query.get('base'), req.query.get('head')];
  const list = [...req.repo.issues.values()].filter((issue) => issue.isPull && isShown(issue) &&
    (state === 'all' || issue.state === state) &&
    (!base || issue.pull.baseRef === base) && (!head || issue.pull.headLabel === head));
  const key = { updated: (i) => i.updatedAt, popularity: (i) => i.comments.length }[sort] ?? ((i) => i.createdAt);
  list.sort((a, b) => sign * (key(a) - key(b) || a.number - b.number));
  return paged(req, list, (issue) => req.present.pull(issue));
}

function createPull(req) {
  const body = checkBody(req.body, { title: '*string', head: '*string', base: '*string', body: 'string|null', draft: 'boolean' });
  requirePullWrite(req.actor, { repo: req.repo });
  const { git } = req.repo;
  const head = body.head.replace(`${req.repo.owner.login}:`, '');
  if (!git.refs.has(`refs/heads/${head}`)) throw invalid('PullRequest', 'head', 'invalid');
  if (!git.refs.has(`refs/heads/${body.base}`)) throw invalid('PullRequest', 'base', 'invalid');
  if (git.refs.get(`refs/heads/${head}`) === git.refs.get(`refs/heads/${body.base}`)) {
    throw invalid('PullRequest', 'base', 'custom', { message: `No commits between ${body.base} and ${head}` });
  }
  const issue = req.world.openPull(req.actor, req.repo, { ...body, head });
  const out = req.present.pull(issue, { full: true });
  return created(out, { location: out.url });
}

function patchPull(req) {
  const issue = findPull(req);
  requirePullWrite(req.actor, issue);
  const body = checkBody(req.body, { title: 'string', body: 'string|null', state: 'string', base: 'string' });
  const fields = {};
  for (const key of ['title', 'body', 'state']) if (body[key] !== undefined) fields[key] = body[key];
  if (body.base !== undefined) {
    if (!req.repo.git.refs.has(`refs/heads/${body.base}`)) {
      throw invalid('PullRequest', 'base', 'invalid');
    }
    issue.pull.baseRef = body.base;
    issue.pull.pending = req.world.quirks.mergeabilityReads;
  }
  editIssue(req.world, req.actor, issue, fields);
  return req.present.pull(issue, { full: true });
}

function merge(req) {
  const issue = findPull(req);
  const body = checkBody(req.body ?? {}, {
    commit_title: 'string', commit_message: 'string', sha: 'string', merge_method: 'string',
  });
  const sha = mergePull(req.world, req.actor, issue, {
    sha: body.sha, method: body.merge_method, title: body.commit_title,
    message: body.commit_message,
  });
  return { sha, merged: true, message: 'Pull Request successfully merged' };
}

function dispatch(req) {
  const body = checkBody(req.body, { event_type: '*string', client_payload: 'object' });
  const payload = body.client_payload ?? {};
  if (body.event_type === '' || body.event_type.length > 100) {
    throw invalid('Dispatch', 'event_type', 'invalid');
  }
  if (Object.keys(payload).length > 10) {
    throw new ApiError(422, 'Invalid request.\n\nNo more than 10 properties are allowed; 11 were supplied.');
  }
  if (Buffer.byteLength(JSON.stringify(payload)) >= 65536) {
    throw new ApiError(422, 'client_payload is too large.');
  }
  req.repo.dispatches.push({ type: body.event_type, payload, by: req.actor.user.login, at: req.world.clock.now() });
  return noContent();
}

function dispatchWorkflow(req) {
  const body = checkBody(req.body, { ref: '*string', inputs: 'object', return_run_details: 'boolean' });
  if (Object.keys(body.inputs ?? {}).length > 25) {
    throw new ApiError(422, 'you may only define up to 25 `inputs` for a `workflow_dispatch` event');
  }
  const id = req.world.model.next('misc');
  req.repo.dispatches.push({ workflow: req.params.workflow, ref: body.ref, inputs: body.inputs ?? {}, at: req.world.clock.now() });
  if (req.old && !body.return_run_details) return noContent();
  const path = `actions/runs/${id}`;
  return {
    workflow_run_id: id, run_url: `${req.present.repoUrl(req.repo)}/${path}`,
    html_url: `${req.present.html(req.repo)}/${path}`,
  };
}

/** Pull requests, merging, dispatches. */
export function pullRoutes(router) {
  router.add('GET', '~/pulls', 'pull_requests:read', listPulls);
  router.add('POST', '~/pulls', 'pull_requests:write', createPull, { checked: true, content: true });
  router.add('GET', '~/pulls/:number', 'pull_requests:read|contents:read', (req) => req.present.pull(findPull(req), { full: true }));
  router.add('PATCH', '~/pulls/:number', 'pull_requests:write', patchPull, { checked: true });
  router.add('GET', '~/pulls/:number/merge', 'contents:read', (req) => {
    if (!findPull(req).pull.merged) throw notFound();
    return noContent();
  });
  router.add('PUT', '~/pulls/:number/merge', 'contents:write', merge, { checked: true, content: true });
  router.add('POST', '~/dispatches', 'contents:write', dispatch);
  router.add('POST', '~/actions/workflows/:workflow/dispatches', 'actions:write', dispatchWorkflow);
}
