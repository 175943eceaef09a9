import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putPolicyInForce } from '../../src/app/policy-in-force.ts';
import { typed } from '../kit/command-line.ts';
import { startServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-cli-'));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const admin = (line: string) =>
  typed(line.split(' '), {
    environment: { INTERLOCK_URL: server.url, INTERLOCK_TOKEN: server.admin.token, XDG_CONFIG_HOME: folder },
  });

describe('what is left to set up', () => {
  it('is computed from what is so, and done when it is', async () => {
    type Step = { step: string; done: boolean; text: string };
    const steps = async (): Promise<Record<string, Step>> => {
      const { body } = await server.ask('GET', '/api/v1/setup', { token: server.admin.token });
      return Object.fromEntries(body.steps.map((one: Step) => [one.step, one]));
    };
    const before = await steps();
    expect(
      Object.values(before)
        .filter(({ done }) => done)
        .map(({ step }) => step),
    ).toEqual(['policy', 'environments', 'integrations']);
    expect(before['error-budgets']?.text).toMatch(
      /got none for haproxy, .*, web: .* counts as maintenance.* under `errorBudgets`, as `haproxy: \{ threshold: 0, query: /,
    );
    expect(before['people']?.text).toContain('nobody can give a review (a reviewer)');
    expect(before['bastions']?.text).toBe('illumidesk.com has none; ops.illumidesk.net has none');
    for (const place of ['illumidesk.com', 'ops.illumidesk.net']) await server.bastion(`of.${place}`, place);
    for (const name of ['rhea', 'rolf']) await server.account(name, { roles: ['reviewer'] });
    await server.account('mona', { roles: ['management', 'director', 'vpe'] });
    await server.onCall({ eoc: 'rolf', imoc: 'mona' });
    const later = await steps();
    expect(later['bastions']).toMatchObject({ done: true });
    expect(later['people']).toMatchObject({
      done: false,
      text: 'up to 3 reviewers are wanted (S1, S2), 2 there',
    });
    expect(later['rota']?.text).toMatch(/^rota eoc: nobody from /);
    await server.account('ira', { roles: ['reviewer'] });
    expect(await steps()).toMatchObject({ people: { done: true }, 'first-change': { done: false } });
    const { status, stdout } = await admin('setup');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^done +People hold the roles that approve +/m);
    expect(stdout).toContain('A first change is filed: interlock change open plan.yaml\n');
  });
});

describe('the policy of the server on the command line', () => {
  it('says what it would say, which versions there were, and what a file of ours would change', async () => {
    await putPolicyInForce(server.context, 'rolf on alpha');
    expect((await admin('policy versions')).stdout).toMatch(/^@1 .* in force +rolf on alpha /m);
    const draft = path.join(folder, 'draft.yaml');
    await writeFile(
      draft,
      server.context.policy.text.replace('eocSeenWithin: 5 min', 'eocSeenWithin: 9 min'),
    );
    expect((await admin(`policy diff @1 ${draft}`)).stdout).toContain(
      'For the setting limits.eocSeenWithin, otherwise:\n  - 5 min\n  + 9 min\n',
    );
    expect((await admin(`policy diff --lines @1 ${draft}`)).stdout).toContain('+  eocSeenWithin: 9 min');
    expect(await admin('policy diff @7 @1')).toMatchObject({ status: 1 });
    const noon = `${new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)}T12:00:00Z`;
    const kind = '--environment illumidesk.com --severity S3 --criticality';
    const refused = await admin(`policy at ${noon} ${kind} C1`);
    expect(refused).toMatchObject({
      status: 2,
      stdout: expect.stringMatching(/^no, at .*; on duty: nobody$/m),
    });
    expect(refused.stdout).toMatch(/^eoc-veto +asked then/m);
    expect(refused.stdout).toContain('Next opening, as far as time goes: ');
    expect((await admin(`policy at ${noon} ${kind} C4`)).stdout).toMatch(/^time allows it, at /);
  });
});
