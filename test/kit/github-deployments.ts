import { createHmac, createVerify, generateKeyPairSync } from 'node:crypto';
import { httpPeer, type Peer, type PeerAnswer, type PeerRequest } from './peer.ts';

/** The key of an app. */
export const APP_KEY = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
export const INSTALLATION_TOKEN = 'ghs_of-the-installation';

const PLACE = '/repos/acme/shop/actions/runs/30433642';

/** Each delivery is of another: the same bytes are one. */
let deployments = 0;

/** What GitHub says waits (docs.github.com, "Get pending deployments for a workflow run"). */
const PENDING = [
  {
    environment: {
      id: 161088068,
      node_id: 'MDExOk',
      name: 'production',
      html_url: 'https://github.com/acme/shop',
    },
    wait_timer: 0,
    wait_timer_started_at: null,
    current_user_can_approve: false,
    reviewers: [],
  },
];

/** The part of GitHub's API that a protection rule uses, as it is documented; `took` is each review that it took. */
export function startGithub(): Promise<Peer> {
  return httpPeer((request: PeerRequest): PeerAnswer => {
    const { method, path, headers, body } = request;
    if (method === 'POST' && path === '/app/installations/678/access_tokens') {
      if (!isOfApp(headers.authorization)) return { status: 401, json: { message: 'Bad credentials' } };
      const expires = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, '');
      return { status: 201, json: { token: INSTALLATION_TOKEN, expires_at: expires, permissions: {} } };
    }
    if (headers.authorization !== `Bearer ${INSTALLATION_TOKEN}`) return { status: 401 };
    if (path === '/installation/repositories?per_page=1')
      return { status: 200, json: { total_count: 1, repositories: [{ full_name: 'acme/shop' }] } };
    if (method === 'GET' && path === `${PLACE}/pending_deployments`) return { status: 200, json: PENDING };
    if (method === 'POST' && path === `${PLACE}/deployment_protection_rule`)
      return { status: 204, took: JSON.parse(body.toString()) };
    return { status: 404, json: { message: 'Not Found' } };
  });
}

function isOfApp(authorization = ''): boolean {
  const [head = '', claims = '', signature = ''] = authorization.replace('Bearer ', '').split('.');
  const { iss, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  const verified = createVerify('RSA-SHA256')
    .update(`${head}.${claims}`)
    .verify(APP_KEY.publicKey, signature, 'base64url');
  return verified && iss === 'Iv1.app' && exp - iat <= 600;
}

/** A delivery as GitHub sends it (docs.github.com, "deployment_protection_rule"). */
export function protectionRuleDelivery(secret: string, more: Record<string, unknown> = {}) {
  const body = JSON.stringify({
    action: 'requested',
    environment: 'production',
    event: 'push',
    deployment_callback_url: `https://api.github.com${PLACE}/deployment_protection_rule`,
    deployment: {
      id: (deployments += 1),
      sha: 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e',
      ref: 'main',
      environment: 'production',
    },
    pull_requests: [],
    repository: { id: 35129377, name: 'shop', full_name: 'acme/shop' },
    installation: { id: 678 },
    sender: { login: 'octocat', id: 1 },
    ...more,
  });
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'deployment_protection_rule',
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
  };
}
