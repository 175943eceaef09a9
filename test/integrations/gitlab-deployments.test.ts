import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/app/ports/connection.ts';
import type { AskedDeployment } from '../../src/app/ports/deployments.ts';
import { gitlabDeploymentSettings } from '../../src/contract/integrations/gitlab-deployments.ts';
import { gitlabDeploymentConnection } from '../../src/integrations/gitlab-deployments/connection.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { deploymentEvent, SHA, startGitlab, statusCheckRequest } from '../kit/gitlab-deployments.ts';
import { integrationContract } from '../kit/integration-contract.ts';
import { httpPeer, type Peer } from '../kit/peer.ts';

const HOOK = 'a-secret-of-the-hook';
const asks = {
  environment: 'illumidesk.com',
  criticality: 'C3',
  severity: 'S4',
  estimateMinutes: 5,
  rollbackMinutes: 5,
};
const open = (address: string, token: string) =>
  gitlabDeploymentConnection(
    gitlabDeploymentSettings.parse({
      address,
      token: { env: 'GITLAB_TOKEN' },
      signing: [{ env: 'GITLAB_HOOK' }],
      deployments: [{ project: 'acme/shop', environment: 'production', asks }],
      statusChecks: [{ project: 'acme/shop', check: 3, asks }],
    }),
    { token: new Secret(token), signing: [new Secret(HOOK)] },
  );
const DEPLOYMENT = { place: 'acme/shop', environment: 'production', answerTo: 'deployments' };

/** Has what waits answered, each alike. */
async function answerAll(connection: Connection, asked: AskedDeployment, allowed: boolean) {
  const signal = AbortSignal.timeout(5_000);
  const found = await connection.offers.deployments!.waiting(asked, signal);
  if (found.kind !== 'waiting') return found;
  const answered = found.deployments.map((one) =>
    one.answer({ allowed, because: 'as the rules say' }, signal),
  );
  return Promise.all(answered);
}

integrationContract({
  name: 'gitlab-deployments',
  peer: startGitlab,
  open: (peer, secret) => open(peer.url, secret),
  offers: {
    deployments: async (connection, _id, signal) => {
      const found = await connection.offers.deployments!.waiting(DEPLOYMENT, signal);
      if (found.kind !== 'waiting') return found;
      return found.deployments[0]!.answer({ allowed: true, because: 'no rule says no' }, signal);
    },
  },
  // A deployment is known by its number: GitLab has nothing else for that.
  idOf: null,
});

const heardBy = ({ headers, body }: { headers: Record<string, string>; body: string }) =>
  open('https://gitlab.com', 'a-token-of-ours').hears!({ headers, body: Buffer.from(body), receivedAtMs: 0 });

describe('what GitLab tells', () => {
  it('is heard by its token, of what a rule names', () => {
    expect(heardBy(deploymentEvent(HOOK))).toEqual({
      kind: 'heard',
      delivery: expect.stringMatching(/^[0-9a-f]{64}$/),
      events: [{ kind: 'deployment-asked', ...DEPLOYMENT }],
    });
    const job = {
      object_kind: 'build',
      build_status: 'manual',
      environment: { name: 'production', action: 'start' },
    };
    expect(heardBy(deploymentEvent(HOOK, job))).toMatchObject({ events: [DEPLOYMENT] });
    for (const more of [
      { environment: 'staging' },
      { project: { path_with_namespace: 'acme/other' } },
      { object_kind: 'push' },
    ])
      expect(heardBy(deploymentEvent(HOOK, more))).toMatchObject({ kind: 'heard', events: [] });
    for (const bad of ['', HOOK.toUpperCase(), HOOK.slice(1)])
      expect(heardBy(deploymentEvent(bad))).toEqual({ kind: 'unverified' });
  });

  it('of a status check is heard by its signature alone', () => {
    const { body, headers } = statusCheckRequest(HOOK);
    expect(heardBy({ body, headers })).toMatchObject({
      kind: 'heard',
      events: [{ place: 'acme/shop', environment: '!7' }],
    });
    const signature = headers['x-gitlab-signature'];
    for (const bad of [signature.toUpperCase(), signature.slice(1), '', `sha256=${signature}`])
      expect(heardBy({ body, headers: { ...headers, 'x-gitlab-signature': bad } })).toEqual({
        kind: 'unverified',
      });
    expect(heardBy({ body: `${body} `, headers })).toEqual({ kind: 'unverified' });
    // A token says nothing of the bytes.
    expect(heardBy({ body, headers: { ...deploymentEvent(HOOK).headers } })).toEqual({ kind: 'unverified' });
  });
});

const checkOf = (more: object) => ({
  place: 'acme/shop',
  environment: '!7',
  answerTo: JSON.stringify({ iid: 7, sha: SHA, check: 3, ...more }),
});

describe('what waits at GitLab', () => {
  let peer: Peer;
  let connection: Connection;
  beforeAll(async () => {
    peer = await startGitlab();
    connection = open(peer.url, 'a-token-of-ours');
  });
  afterAll(() => peer.stop());

  it.each([
    [true, 'approved'],
    [false, 'rejected'],
  ])('is a deployment that is blocked: %s is %s', async (allowed, status) => {
    await answerAll(connection, DEPLOYMENT, allowed);
    expect(peer.heard().at(-1)).toEqual({
      path: '/deployments/42/approval',
      status,
      comment: 'Interlock: as the rules say',
    });
  });

  it.each([
    [true, 'passed'],
    [false, 'failed'],
  ])('is a merge request at its commit: %s is %s', async (allowed, status) => {
    const asked = {
      place: 'acme/shop',
      environment: '!7',
      answerTo: JSON.stringify({ iid: 7, sha: SHA, check: 3 }),
    };
    await answerAll(connection, asked, allowed);
    expect(peer.heard().at(-1)).toEqual({
      path: '/merge_requests/7/status_check_responses',
      sha: SHA,
      external_status_check_id: 3,
      status,
    });
  });

  it('is no deployment that is done by now, or of another environment, whatever was told', async () => {
    const environment = { id: 9, name: 'production', external_url: null };
    const one = { id: 42, iid: 2, ref: 'main', sha: SHA, status: 'success', environment };
    const other = { ...one, status: 'blocked', environment: { ...environment, name: 'staging' } };
    const says = await httpPeer(() => ({ status: 200, json: [one, other] }));
    const { deployments } = open(says.url, 'a-token-of-ours').offers;
    expect(await deployments!.waiting(DEPLOYMENT, AbortSignal.timeout(5_000))).toEqual({
      kind: 'waiting',
      deployments: [],
    });
    await says.stop();
  });

  it('is no merge request that has another commit, and has no question by another check', async () => {
    const { deployments } = connection.offers;
    const during = AbortSignal.timeout(5_000);
    expect(await deployments!.waiting(checkOf({ sha: SHA.replaceAll('d', 'e') }), during)).toEqual({
      kind: 'waiting',
      deployments: [],
    });
    expect(await deployments!.waiting(checkOf({ check: 4 }), during)).toMatchObject({
      deployments: [{ question: null }],
    });
  });
});
