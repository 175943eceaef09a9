import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { carry, queuesOf } from '../../src/app/outside/carry.ts';
import { githubDeploymentSettings } from '../../src/contract/integrations/github-deployments.ts';
import { terraformSettings } from '../../src/contract/integrations/terraform.ts';
import { githubDeploymentConnection } from '../../src/integrations/github-deployments/connection.ts';
import { masking, Secret } from '../../src/integrations/peer/secret.ts';
import { terraformConnection } from '../../src/integrations/terraform/connection.ts';
import { startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { APP_KEY, protectionRuleDelivery, startGithub } from '../kit/github-deployments.ts';
import type { Peer } from '../kit/peer.ts';
import { runTaskRequest, startTerraform, TASK_TOKEN } from '../kit/terraform.ts';

const SECRET = 'a-secret-of-the-hook';
const asks = {
  environment: 'illumidesk.com',
  criticality: 'C3',
  severity: 'S4',
  deployment: 'production',
  estimateMinutes: 5,
  rollbackMinutes: 5,
};

let world: ChangeWorld;
let github: Peer;
let terraform: Peer;
beforeAll(async () => {
  [github, terraform] = [await startGithub(), await startTerraform()];
  const signing = [new Secret(SECRET)];
  const all = [
    githubDeploymentConnection(
      githubDeploymentSettings.parse({
        address: github.url,
        app: 'Iv1.app',
        installation: 678,
        key: { file: 'app.pem' },
        signing: [{ env: 'GITHUB_HOOK' }],
        rules: [{ repository: 'acme/shop', environment: 'production', asks }],
      }),
      { key: new Secret(APP_KEY.privateKey), signing },
    ),
    terraformConnection(
      terraformSettings.parse({
        address: terraform.url,
        signing: [{ env: 'TFC_HMAC' }],
        rules: [{ organization: 'acme', workspace: 'shop-production', asks }],
      }),
      signing,
    ),
  ];
  world = await startChangeWorld(undefined, { connections: { all, mask: masking(signing) } });
});
afterAll(async () => {
  await world.server.stop();
  await Promise.all([github.stop(), terraform.stop()]);
});
beforeEach(async () => {
  github.behave('well');
  terraform.behave('well');
  await world.asOwner(`update vetoes set lifted_at = now(), lifted_by = 'cora' where lifted_at is null`);
});

let nth = 0;
interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
/** One request of a peer, as bytes. */
async function tell(name: string, { headers, body }: Sent, delivery = `d-${(nth += 1)}`): Promise<number> {
  const response = await fetch(`${world.server.url}/api/v1/hooks/${name}`, {
    method: 'POST',
    headers: { ...headers, 'x-github-delivery': delivery },
    body,
  });
  return response.status;
}
const turn = async () => {
  for (const { connection, direction } of queuesOf(world.server.context))
    await carry(world.server.context, connection, direction);
};
const veto = () =>
  world.server.ask('POST', '/api/v1/vetoes', {
    token: world.cora.token,
    body: { change: '*', reason: 'stop' },
  });
const ofRun = (id: string, more = {}) =>
  runTaskRequest(terraform.url, SECRET, { task_result_id: id, ...more });

describe('a protection rule of GitHub', () => {
  it('is approved by a yes, which is recorded', async () => {
    const before = (await world.server.ledger()).length;
    expect(await tell('github-deployments', protectionRuleDelivery(SECRET))).toBe(200);
    await turn();
    expect(github.heard().at(-1)).toMatchObject({ environment_name: 'production', state: 'approved' });
    expect(await world.recorded(before)).toMatchObject([
      { type: 'decision', outcome: 'allow', actor: { subject: 'github-deployments' } },
    ]);
  });

  it('is rejected by a no, with its rule', async () => {
    await veto();
    await tell('github-deployments', protectionRuleDelivery(SECRET));
    await turn();
    expect(github.heard().at(-1)).toMatchObject({
      state: 'rejected',
      comment: expect.stringContaining('eoc-veto: '),
    });
  });

  it('is answered once, however often and at once it is told', async () => {
    const before = github.heard().length;
    const sent = protectionRuleDelivery(SECRET);
    const told = await Promise.all(Array.from({ length: 20 }, () => tell('github-deployments', sent)));
    expect(new Set(told)).toEqual(new Set([200]));
    await turn();
    expect(github.heard().length).toBe(before + 1);
  });

  it('is not heard without a signature, and nothing is asked', async () => {
    const before = (await world.server.ledger()).length;
    expect(await tell('github-deployments', protectionRuleDelivery('another-secret'))).toBe(401);
    await turn();
    expect(await world.recorded(before)).toEqual([]);
  });

  it('is asked anew where the answer could not be given, so that no old yes is kept', async () => {
    github.behave('busy');
    await tell('github-deployments', protectionRuleDelivery(SECRET));
    await turn();
    await veto();
    github.behave('well');
    await world.asOwner('update outbox set next_attempt_at = now() where delivered_at is null');
    await turn();
    expect(github.heard().at(-1)).toMatchObject({ state: 'rejected' });
  });

  it('is left to wait while the ledger cannot be believed', async () => {
    const before = github.heard().length;
    const { context } = world.server;
    Object.assign(context.ledger, { frozen: 'a leaf was changed' });
    await tell('github-deployments', protectionRuleDelivery(SECRET));
    await turn();
    Object.assign(context.ledger, { frozen: null });
    expect(github.heard().length).toBe(before);
  });
});

describe('a run task of Terraform', () => {
  it('passes by a yes, and fails by a no', async () => {
    expect(await tell('terraform', ofRun('taskrs-1'))).toBe(200);
    await turn();
    expect(terraform.heard().at(-1)).toMatchObject({
      type: 'task-results',
      attributes: { status: 'passed' },
    });
    await veto();
    await tell('terraform', ofRun('taskrs-2'));
    await turn();
    expect(terraform.heard().at(-1)).toMatchObject({
      attributes: { status: 'failed', message: expect.stringContaining('eoc-veto: ') },
    });
  });

  it('fails where no rule names it, and that is recorded', async () => {
    const before = (await world.server.ledger()).length;
    await tell('terraform', ofRun('taskrs-3', { workspace_name: 'other' }));
    await turn();
    expect(terraform.heard().at(-1)).toMatchObject({ attributes: { status: 'failed' } });
    expect(await world.recorded(before)).toMatchObject([
      { type: 'deployment.refused', outcome: 'deny', details: { what: 'acme/other, pre_apply' } },
    ]);
  });

  it('leaves its token nowhere in the database', async () => {
    await tell('terraform', ofRun('taskrs-4'));
    expect(await world.rows(`outbox where payload::text like '%${TASK_TOKEN}%'`)).toBe(0);
    expect(await world.rows(`outbox where payload::text like '%taskrs-4%' or key like '%taskrs-4%'`)).toBe(1);
    await turn();
  });
});
