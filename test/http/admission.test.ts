import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readIntegrations } from '../../src/documents/integrations.ts';
import { startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import type { TestAccount } from '../kit/server.ts';

const DOCS = path.resolve(import.meta.dirname, '../../docs/pipelines');

let world: ChangeWorld;
let cluster: TestAccount;
let robot: TestAccount;
beforeAll(async () => {
  world = await startChangeWorld();
  cluster = await world.server.account('cluster', { kind: 'service', scopes: ['ask'] });
  robot = await world.server.account('robot', { kind: 'service' });
  const file = 'integrations-kubernetes.yaml';
  const read = readIntegrations({ file, text: await readFile(path.join(DOCS, file), 'utf8') });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const { kubernetes } = read.file;
  Object.assign(world.server.context, { connections: { ...world.server.context.connections, kubernetes } });
});
afterAll(() => world.server.stop());

/**
 * The request of the documentation, as the API server sends it, with what is different
 * (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#request).
 */
function review(request: Record<string, unknown> = {}, more: Record<string, unknown> = {}) {
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      kind: { group: '', version: 'v1', kind: 'ConfigMap' },
      resource: { group: '', version: 'v1', resource: 'configmaps' },
      requestKind: { group: '', version: 'v1', kind: 'ConfigMap' },
      requestResource: { group: '', version: 'v1', resource: 'configmaps' },
      name: 'settings',
      namespace: 'shop',
      operation: 'UPDATE',
      userInfo: {
        username: 'admin',
        uid: '014fbff9a07c',
        groups: ['system:authenticated', 'my-admin-group'],
        extra: { 'some-key': ['some-value1', 'some-value2'] },
      },
      object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { size: '8' } },
      oldObject: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { size: '4' } },
      options: { apiVersion: 'meta.k8s.io/v1', kind: 'UpdateOptions' },
      dryRun: false,
      ...request,
    },
    ...more,
  };
}

const deployment = (image: string, annotations: Record<string, string> = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'shop', annotations },
  spec: { template: { spec: { containers: [{ name: 'shop', image }] } } },
  status: { replicas: 3 },
});
const DEPLOYER = { username: 'system:serviceaccount:ci:deployer' };

/** A roll-out by the pipeline's user. */
const rollOut = (annotations: Record<string, string>, more: Record<string, unknown> = {}) =>
  review({
    resource: { group: 'apps', version: 'v1', resource: 'deployments' },
    userInfo: DEPLOYER,
    object: deployment('shop:2', annotations),
    oldObject: deployment('shop:1'),
    ...more,
  });

const send = (body: unknown, token = cluster.token) =>
  world.server.ask('POST', '/api/v1/admission/kubernetes', { token, body });
const count = async () => (await world.server.ledger()).length;

let nth = 0;
async function claimed(more: Record<string, unknown> = {}, who = robot) {
  const body = {
    environment: 'illumidesk.com',
    criticality: 'C3',
    severity: 'S4',
    estimateMinutes: 5,
    rollbackMinutes: 5,
    idempotencyKey: `admission-${(nth += 1)}`,
    ...more,
  };
  const { status, body: given } = await world.server.ask('POST', '/api/v1/claims', {
    token: who.token,
    body,
  });
  expect(status).toBe(201);
  return given.id as string;
}
beforeEach(async () => {
  await world.asOwner(`update claims set state = 'failed', ended_at = now(), lease_expires_at = null, settle_from = null
    where ended_at is null`);
  await world.asOwner(`update vetoes set lifted_at = now(), lifted_by = 'cora' where lifted_at is null`);
});

describe('a cluster that asks', () => {
  it('hears yes under the uid that it gave, and the question is recorded', async () => {
    const before = await count();
    const { status, body } = await send(review());
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: { uid: '705ab4f5-6393-11e8-b7cc-42010a800002', allowed: true },
      },
    });
    expect(await world.recorded(before)).toMatchObject([
      { type: 'decision', outcome: 'allow', actor: { subject: 'cluster' } },
    ]);
  });

  it('hears no with the rule and its reason', async () => {
    await world.server.ask('POST', '/api/v1/vetoes', {
      token: world.cora.token,
      body: { change: '*', reason: 'stop' },
    });
    const { status, body } = await send(review());
    expect({ status, response: body.response }).toMatchObject({
      status: 200,
      response: { allowed: false, status: { code: 403, message: expect.stringContaining('eoc-veto: ') } },
    });
  });

  it.each([
    ['another namespace', { namespace: 'elsewhere' }],
    ['no namespace', { namespace: undefined }],
    ['another resource', { resource: { group: '', version: 'v1', resource: 'secrets' } }],
    ['another group', { resource: { group: 'apps.example', version: 'v1', resource: 'configmaps' } }],
    ['a part of it', { subResource: 'status' }],
    ['another operation', { operation: 'CONNECT' }],
  ])('hears no where no rule fits: %s', async (_, request) => {
    const before = await count();
    const { body } = await send(review(request));
    expect(body.response).toMatchObject({
      allowed: false,
      status: { message: expect.stringContaining('expected a rule') },
    });
    expect(await world.recorded(before)).toMatchObject([{ type: 'admission.refused', outcome: 'deny' }]);
  });

  it('leaves nothing by a dry run', async () => {
    const before = await count();
    expect((await send(review({ dryRun: true }))).body.response).toMatchObject({ allowed: true });
    expect((await send(review({ dryRun: true, namespace: 'elsewhere' }))).body.response).toMatchObject({
      allowed: false,
    });
    expect(await count()).toBe(before);
  });

  it('has what changes nothing but metadata passed where its rule says so, and only there', async () => {
    const same = { object: deployment('shop:1', { 'deployment.kubernetes.io/revision': '2' }) };
    expect((await send(rollOut({}, same))).body.response).toMatchObject({ allowed: true });
    for (const more of [{}, { ...same, operation: 'CREATE' }, { ...same, oldObject: null }])
      expect((await send(rollOut({}, more))).body.response).toMatchObject({ allowed: false });
  });
});

const under = async (claim: string, more: Record<string, unknown> = {}) =>
  (await send(rollOut({ 'interlock/claim': claim }, more))).body.response;

describe('what works under a claim', () => {
  it('is taken while the claim runs, also one that runs alone, and not after it', async () => {
    const claim = await claimed({ severity: 'S1', criticality: 'C3' });
    const before = await count();
    expect(await under(claim)).toMatchObject({ allowed: true });
    expect(await world.recorded(before)).toMatchObject([
      { type: 'admission.allowed', reason: `under ${claim} of robot` },
    ]);
    await world.server.ask('POST', `/api/v1/claims/${claim}/release`, {
      token: robot.token,
      body: { outcome: 'succeeded' },
    });
    expect(await under(claim)).toMatchObject({
      allowed: false,
      status: { message: expect.stringContaining('succeeded') },
    });
  });

  it('is refused at a veto, and after its lease', async () => {
    const claim = await claimed();
    await world.server.ask('POST', '/api/v1/vetoes', {
      token: world.cora.token,
      body: { change: claim, reason: 'stop' },
    });
    expect(await under(claim)).toMatchObject({
      allowed: false,
      status: { message: expect.stringContaining('eoc-veto') },
    });
    const other = await claimed();
    await world.asOwner(`update claims set lease_expires_at = now() - interval '1 ms' where id = '${other}'`);
    expect(await under(other)).toMatchObject({
      allowed: false,
      status: { message: expect.stringContaining('not renewed') },
    });
  });

  it('is its own user’s, account’s and environment’s', async () => {
    const claim = await claimed();
    expect(await under(claim, { userInfo: { username: 'mallory' } })).toMatchObject({ allowed: false });
    expect(await under(claim, { userInfo: {} })).toMatchObject({ allowed: false });
    await world.asOwner(`update claims set environment = 'elsewhere' where id = '${claim}'`);
    expect(await under(claim)).toMatchObject({
      allowed: false,
      status: { message: expect.stringContaining('elsewhere') },
    });
    const others = await claimed({}, await world.server.account('other-robot', { kind: 'service' }));
    expect(await under(others)).toMatchObject({ allowed: false });
    for (const none of ['CLAIM-999', 'CHG-1', '', '__proto__'])
      expect(await under(none)).toMatchObject({ allowed: false });
    expect((await send(rollOut({}))).body.response).toMatchObject({ allowed: false });
  });
});

describe('who is no cluster, or not well', () => {
  it('has no answer: the cluster then refuses by itself', async () => {
    expect((await send(review(), 'ilk_none')).status).toBe(401);
    expect(
      (await send(review(), (await world.server.account('reads', { scopes: ['read'] })).token)).status,
    ).toBe(403);
    for (const body of [
      review({}, { apiVersion: 'admission.k8s.io/v1beta1' }),
      review({}, { kind: 'ConversionReview' }),
      review({ uid: 7 }),
      review({ operation: 'PATCH' }),
      { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' },
      [],
    ])
      expect((await send(body)).status).toBe(400);
    const { context } = world.server;
    Object.assign(context.ledger, { frozen: 'a leaf was changed' });
    const frozen = await send(review());
    Object.assign(context.ledger, { frozen: null });
    expect(frozen.status).toBe(503);
  });

  it('is refused by the manifest where there is none', async () => {
    const manifest = parse(await readFile(path.join(DOCS, 'kubernetes-webhook.yaml'), 'utf8'));
    const [webhook] = manifest.webhooks;
    expect(webhook).toMatchObject({
      failurePolicy: 'Fail',
      sideEffects: 'NoneOnDryRun',
      admissionReviewVersions: ['v1'],
      matchPolicy: 'Equivalent',
      clientConfig: { service: { path: '/api/v1/admission/kubernetes' } },
    });
    expect(webhook.timeoutSeconds).toBeLessThanOrEqual(30);
  });
});
