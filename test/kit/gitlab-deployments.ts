import { createHmac } from 'node:crypto';
import { httpPeer, type Peer, type PeerAnswer } from './peer.ts';

const PROJECT = '/api/v4/projects/acme%2Fshop';
export const SHA = 'da1560886d4f094c3e6c9ef40349f7d38b5d27d7';

/** The part of GitLab's API that answers are given by, as it is documented; `took` is each answer that it took. */
export function startGitlab(): Promise<Peer> {
  return httpPeer(({ method, path, headers, body }): PeerAnswer => {
    if (headers['private-token'] === undefined) return { status: 401, json: { message: '401 Unauthorized' } };
    const took = () => ({ path: path.replace(PROJECT, ''), ...JSON.parse(body.toString()) });
    if (path === '/api/v4/user') return { status: 200, json: { id: 1, username: 'interlock-bot' } };
    if (path.startsWith(`${PROJECT}/deployments?`)) {
      const query = new URLSearchParams(path.split('?')[1]);
      const environment = { id: 9, name: query.get('environment'), external_url: 'https://shop.example.com' };
      return {
        status: 200,
        json: [{ id: 42, iid: 2, ref: 'main', sha: SHA, status: query.get('status'), environment }],
      };
    }
    if (method === 'POST' && path === `${PROJECT}/deployments/42/approval`) {
      const { status, comment } = JSON.parse(body.toString());
      return {
        status: 201,
        json: { user: { id: 1 }, status, created_at: '2026-11-28T14:00:00Z', comment },
        took: took(),
      };
    }
    if (path === `${PROJECT}/merge_requests/7`)
      return { status: 200, json: { iid: 7, state: 'opened', sha: SHA } };
    if (method === 'POST' && path === `${PROJECT}/merge_requests/7/status_check_responses`)
      return { status: 201, json: { id: 12, merge_request: {}, external_status_check: {} }, took: took() };
    return { status: 404, json: { message: '404 Not Found' } };
  });
}

const project = { id: 30, name: 'shop', path_with_namespace: 'acme/shop' };

/** A deployment event (docs.gitlab.com, "Deployment events"). */
export function deploymentEvent(token: string, more: Record<string, unknown> = {}) {
  const body = JSON.stringify({
    object_kind: 'deployment',
    status: 'blocked',
    status_changed_at: '2026-11-28 14:00:00 +0000',
    deployment_id: 42,
    deployable_id: 796,
    environment: 'production',
    environment_tier: 'production',
    project,
    ref: 'main',
    short_sha: SHA.slice(0, 8),
    ...more,
  });
  return {
    body,
    headers: { 'x-gitlab-event': 'Deployment Hook', 'x-gitlab-token': token, 'idempotency-key': 'd-1' },
  };
}

/** What a status check is sent (docs.gitlab.com, "Example payload sent to external service"), signed as GitLab's `DispatchService` does. */
export function statusCheckRequest(secret: string, more: Record<string, unknown> = {}) {
  const body = JSON.stringify({
    object_kind: 'merge_request',
    event_type: 'merge_request',
    user: { id: 1, username: 'ben' },
    project,
    object_attributes: { id: 99, iid: 7, target_branch: 'main', last_commit: { id: SHA }, state: 'opened' },
    labels: [],
    changes: {},
    external_approval_rule: { id: 3, name: 'Interlock', external_url: 'https://interlock.example.com/' },
    ...more,
  });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return { body, headers: { 'content-type': 'application/json', 'x-gitlab-signature': signature } };
}
