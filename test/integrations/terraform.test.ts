import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { terraformSettings } from '../../src/contract/integrations/terraform.ts';
import { Secret } from '../../src/integrations/peer/secret.ts';
import { terraformConnection } from '../../src/integrations/terraform/connection.ts';
import { integrationContract } from '../kit/integration-contract.ts';
import { runTaskRequest, startTerraform, TASK_TOKEN } from '../kit/terraform.ts';

const asks = {
  environment: 'illumidesk.com',
  criticality: 'C3',
  severity: 'S4',
  estimateMinutes: 5,
  rollbackMinutes: 5,
};
const open = (address: string, ...secrets: string[]) =>
  terraformConnection(
    terraformSettings.parse({
      address,
      signing: [{ env: 'TFC_HMAC' }],
      rules: [{ organization: 'acme', workspace: 'shop-production', asks }],
    }),
    secrets.map((secret) => new Secret(secret)),
  );
const SECRET = 'a-secret-of-the-run-task';
const heardBy = (connection: ReturnType<typeof open>, { headers, body }: ReturnType<typeof runTaskRequest>) =>
  connection.hears!({ headers, body: Buffer.from(body), receivedAtMs: 0 });
const eventOf = (connection: ReturnType<typeof open>, request: ReturnType<typeof runTaskRequest>) => {
  const heard = heardBy(connection, request);
  const event = heard.kind === 'heard' ? heard.events[0] : undefined;
  if (event?.kind !== 'deployment-asked') throw new Error(`expected an event, got ${JSON.stringify(heard)}`);
  return event;
};

integrationContract({
  name: 'terraform',
  peer: startTerraform,
  open: (peer, secret) =>
    Object.assign(open(peer.url, secret), {
      asked: () => eventOf(open(peer.url, secret), runTaskRequest(peer.url, secret)),
    }),
  offers: {
    deployments: async (connection, _id, signal) => {
      const { asked } = connection as unknown as { asked: () => ReturnType<typeof eventOf> };
      const found = await connection.offers.deployments!.waiting(asked(), signal);
      if (found.kind !== 'waiting') return found;
      return found.deployments[0]!.answer({ allowed: true, because: 'no rule says no' }, signal);
    },
  },
  // A result is known by its address: Terraform has nothing else for that.
  idOf: null,
});

describe('what Terraform tells', () => {
  const address = 'https://app.terraform.io';

  it('is heard by its signature, and once by its result', () => {
    expect(heardBy(open(address, SECRET), runTaskRequest(address, SECRET))).toMatchObject({
      kind: 'heard',
      delivery: 'taskrs-2NX3Ro5bWBqGWQLW',
      events: [{ place: 'acme/shop-production', environment: 'pre_apply' }],
    });
    const { body, headers } = runTaskRequest(address, SECRET);
    const signature = headers['x-tfc-task-signature'];
    for (const bad of [signature.toUpperCase(), signature.slice(1), '', `sha512=${signature}`])
      expect(
        heardBy(open(address, SECRET), { body, headers: { ...headers, 'x-tfc-task-signature': bad } }),
      ).toEqual({ kind: 'unverified' });
    expect(heardBy(open(address, SECRET), { body: `${body}\n`, headers })).toEqual({ kind: 'unverified' });
  });

  it('has its token sealed, so that it is nowhere to be read, and opened by either live secret', async () => {
    const event = eventOf(open(address, SECRET), runTaskRequest(address, SECRET));
    expect(inspect(event, { depth: 9 })).not.toContain(TASK_TOKEN);
    const signal = AbortSignal.timeout(5_000);
    expect(
      await open(address, 'the-next-secret', SECRET).offers.deployments!.waiting(event, signal),
    ).toMatchObject({
      kind: 'waiting',
    });
    expect(await open(address, 'another-secret').offers.deployments!.waiting(event, signal)).toMatchObject({
      kind: 'refused',
    });
    const cut = { ...event, answerTo: event.answerTo.slice(0, -8) };
    expect(await open(address, SECRET).offers.deployments!.waiting(cut, signal)).toMatchObject({
      kind: 'refused',
    });
  });

  it('lends its token to no other address', () => {
    for (const url of [
      'https://evil.example/api/v2/task-results/x/callback',
      'https://app.terraform.io@evil.example/api/v2/task-results/x/callback',
      'https://app.terraform.io/elsewhere',
      'nothing',
    ])
      expect(
        heardBy(open(address, SECRET), runTaskRequest(address, SECRET, { task_result_callback_url: url })),
      ).toMatchObject({
        events: [],
      });
  });

  it('asks for nothing by the request that tries a run task, and has no question where no rule names it', async () => {
    const tried = runTaskRequest(address, SECRET, { stage: 'test' });
    expect(heardBy(open(address, SECRET), tried)).toMatchObject({ kind: 'heard', events: [] });
    for (const more of [
      { workspace_name: 'other' },
      { stage: 'post_plan' },
      { organization_name: 'other' },
    ]) {
      const connection = open(address, SECRET);
      const event = eventOf(connection, runTaskRequest(address, SECRET, more));
      expect(await connection.offers.deployments!.waiting(event, AbortSignal.timeout(5_000))).toMatchObject({
        deployments: [{ question: null }],
      });
    }
  });
});
