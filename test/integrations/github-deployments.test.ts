import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { githubDeploymentSettings } from '../../src/contract/integrations/github-deployments.ts';
import { readIntegrations } from '../../src/documents/integrations.ts';
import { githubDeploymentConnection } from '../../src/integrations/github-deployments/connection.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { APP_KEY, protectionRuleDelivery, startGithub } from '../kit/github-deployments.ts';
import { integrationContract } from '../kit/integration-contract.ts';

const asks = {
  environment: 'illumidesk.com',
  criticality: 'C3',
  severity: 'S4',
  deployment: 'production',
  estimateMinutes: 5,
  rollbackMinutes: 5,
};
const settings = (address: string) =>
  githubDeploymentSettings.parse({
    address,
    app: 'Iv1.app',
    installation: 678,
    key: { file: 'app.pem' },
    signing: [{ env: 'GITHUB_HOOK' }],
    rules: [{ repository: 'acme/shop', environment: 'production', asks }],
  });
const open = (address: string, secret: string) =>
  githubDeploymentConnection(settings(address), {
    key: new Secret(APP_KEY.privateKey),
    signing: [new Secret(secret)],
  });
const asked = { place: 'acme/shop', environment: 'production', answerTo: '30433642' };

integrationContract({
  name: 'github-deployments',
  peer: startGithub,
  open: (peer, secret) => open(peer.url, secret),
  offers: {
    deployments: async (connection, _id, signal) => {
      const found = await connection.offers.deployments!.waiting(asked, signal);
      if (found.kind !== 'waiting') return found;
      return found.deployments[0]!.answer({ allowed: false, because: 'hard-lock: it is locked' }, signal);
    },
  },
  // What is answered is known by its run and environment: GitHub has nothing else for that.
  idOf: null,
});

const delivery = (more = {}) => protectionRuleDelivery('a-secret-of-the-hook', more);

const BYTES = expect.stringMatching(/^[0-9a-f]{64}$/);

describe('what GitHub tells', () => {
  const { hears } = open('https://api.github.com', 'a-secret-of-the-hook');
  const hear = (
    { headers, body }: ReturnType<typeof protectionRuleDelivery>,
    more: Record<string, string> = {},
  ) =>
    hears!({
      headers: { ...headers, 'x-github-delivery': 'd-1', ...more },
      body: Buffer.from(body),
      receivedAtMs: 0,
    });

  it('is heard by its signature over the bytes', () => {
    expect(hear(delivery())).toEqual({
      kind: 'heard',
      delivery: BYTES,
      events: [{ kind: 'deployment-asked', ...asked }],
    });
    const { body, headers } = delivery();
    const signature = headers['x-hub-signature-256'];
    for (const bad of [
      { headers, body: `${body} ` },
      { headers: { ...headers, 'x-hub-signature-256': signature.toUpperCase() }, body },
      { headers: { ...headers, 'x-hub-signature-256': signature.slice(0, -1) }, body },
      { headers: { ...headers, 'x-hub-signature-256': signature.replace('sha256', 'sha1') }, body },
      { headers: { ...headers, 'x-hub-signature-256': '' }, body },
      protectionRuleDelivery('another-secret'),
    ])
      expect(hear(bad)).toEqual({ kind: 'unverified' });
  });

  it.each([
    ['another action', { action: 'completed' }],
    ['a callback of another repository', { repository: { full_name: 'acme/other' } }],
    [
      'a callback that is none',
      { deployment_callback_url: 'https://api.github.com/repos/acme/shop/../../other' },
    ],
    ['no environment', { environment: '' }],
  ])('asks for nothing by %s', (_, more) => {
    expect(hear(delivery(more))).toEqual({ kind: 'heard', delivery: BYTES, events: [] });
  });

  it('asks for nothing by another event, and is known by its bytes, whatever name comes with them', () => {
    const sent = delivery();
    expect(hear(sent, { 'x-github-event': 'push' })).toMatchObject({ events: [] });
    expect(hear(sent, { 'x-github-delivery': 'another' })).toEqual(hear(sent));
  });

  it('is answered nowhere but at the address of the configuration', () => {
    const lured = delivery({
      deployment_callback_url:
        'https://evil.example/repos/acme/shop/actions/runs/30433642/deployment_protection_rule',
    });
    // The host is not looked at: only repository, run and environment are taken of it.
    expect(hear(lured)).toMatchObject({ events: [{ ...asked }] });
  });
});

describe('what waits', () => {
  it('is looked up, and has the question of its rule or none', async () => {
    const peer = await startGithub();
    const { deployments } = open(peer.url, 'a-secret-of-the-hook').offers;
    const signal = AbortSignal.timeout(5_000);
    expect(await deployments!.waiting(asked, signal)).toMatchObject({
      deployments: [
        { what: 'acme/shop, production', question: { environment: 'illumidesk.com', severity: 'S4' } },
      ],
    });
    expect(await deployments!.waiting({ ...asked, environment: 'staging' }, signal)).toEqual({
      kind: 'waiting',
      deployments: [],
    });
    const other = githubDeploymentConnection(
      { ...settings(peer.url), rules: [{ ...settings(peer.url).rules[0]!, repository: 'acme/other' }] },
      { key: new Secret(APP_KEY.privateKey), signing: [] },
    );
    expect(await other.offers.deployments!.waiting(asked, signal)).toMatchObject({
      deployments: [{ question: null }],
    });
    await peer.stop();
  });

  it('cannot be configured to run alone', () => {
    const alone = {
      ...settings('https://api.github.com'),
      rules: [{ repository: 'acme/shop', environment: 'production', asks: { ...asks, severity: 'S1' } }],
    };
    expect(githubDeploymentSettings.safeParse(alone).error?.message).toContain('what runs alone is claimed');
  });
});

it('is configured as the documents show', async () => {
  const folder = path.resolve(import.meta.dirname, '../../docs/pipelines');
  const files = (await readdir(folder)).filter((file) => file.startsWith('integrations-'));
  expect(files.length).toBeGreaterThan(1);
  for (const file of files) {
    const read = readIntegrations({ file, text: await readFile(path.join(folder, file), 'utf8') });
    expect(read).toMatchObject({ ok: true });
  }
});
