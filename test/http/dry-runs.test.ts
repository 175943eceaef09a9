import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';
import type { TestAccount } from '../kit/server.ts';

let world: RunWorld & { readonly rolf: TestAccount };
beforeAll(async () => {
  const started = await startRunWorld();
  world = { ...started, rolf: await started.server.account('rolf', { roles: ['reviewer'] }) };
});
afterAll(() => world.server.stop());

const SCRIPT = '#!/bin/sh\necho 254\n';
const script = {
  path: 'count.sh',
  sha256: createHash('sha256').update(SCRIPT).digest('hex'),
  dryRun: ['-n'],
};

async function scripted(more: Record<string, unknown> = {}) {
  const change = await world.open(
    { ...more, steps: [stepOf('first', { command: undefined, script })] },
    { 'count.sh': SCRIPT },
  );
  const { body } = await world.asRunner('GET', `/api/v1/changes/${change}/dry-runs/plan`);
  return { change, digest: body.digest as string };
}

function dryRun(digest: string, more: Record<string, unknown> = {}) {
  return {
    idempotencyKey: randomUUID(),
    planDigest: digest,
    twin: false,
    ok: true,
    steps: [{ list: 'steps', name: 'first', executed: true, ok: true, because: 'its dry run succeeded' }],
    output: '254\n',
    ...more,
  };
}

/** What the script of a plan with declared differences prints. */
const printed = (at: string, rows: number, more = '') => ({
  output: `at 2026-11-28T${at}Z\nrows: ${rows}\n${more}`,
});

async function attach(change: string, body: unknown) {
  return world.asRunner('POST', `/api/v1/changes/${change}/dry-runs`, body);
}

async function denials(change: string): Promise<string[]> {
  const { body } = await world.asRunner('POST', `/api/v1/changes/${change}/runs`, await world.body());
  return (body.decision?.verdicts ?? [])
    .filter(({ verdict }: { verdict: string }) => verdict === 'deny' || verdict === 'unknown')
    .map(({ rule }: { rule: string }) => rule);
}

describe('a dry run', () => {
  it('is bound to the digest of the plan, and kept once', async () => {
    const { change, digest } = await scripted();
    const other = await attach(change, dryRun(`sha256:${'0'.repeat(64)}`));
    expect(other).toMatchObject({ status: 412, body: { code: 'stale' } });
    const body = dryRun(digest);
    const first = await attach(change, body);
    expect(first.body).toMatchObject({
      ok: true,
      twin: false,
      by: 'ben',
      host: 'bastion-1',
      planDigest: digest,
    });
    expect((await attach(change, body)).body.id).toBe(first.body.id);
    const output = await world.asRunner('GET', `/api/v1/changes/${change}/dry-runs/${first.body.id}/output`);
    expect(output.body).toBe('254\n');
    expect((await world.server.ledger()).at(-1)).toMatchObject({ type: 'change.dry-run', outcome: 'allow' });
  });

  it('is made on a bastion of the environment, by the people of the change', async () => {
    const { change, digest } = await scripted();
    const path = `/api/v1/changes/${change}/dry-runs`;
    const without = await world.server.ask('POST', path, { token: world.ben.token, body: dryRun(digest) });
    expect(without.status).toBe(403);
    const foreign = await world.server.bastion(`elsewhere-${change.toLowerCase()}`, 'ops.illumidesk.net');
    const elsewhere = await world.server.ask('POST', path, {
      token: world.ben.token,
      bastion: foreign,
      body: dryRun(digest),
    });
    expect(elsewhere.body.code).toBe('not_permitted');
    const deployer = await world.server.bastion(
      `deployer-${change.toLowerCase()}`,
      'illumidesk.com',
      'deployer',
    );
    const fromDeployer = await world.server.ask('POST', path, {
      token: world.ben.token,
      bastion: deployer,
      body: dryRun(digest),
    });
    expect(fromDeployer.body.message).toContain('expected a deployment');
    const stranger = await world.server.ask('POST', path, {
      token: world.ira.token,
      bastion: world.bastion,
      body: dryRun(digest),
    });
    expect(stranger.body.code).toBe('not_permitted');
  });
});

describe('a dry run repeated before the start', () => {
  it('is compared byte for byte, on one kind of line end', async () => {
    const { change, digest } = await scripted();
    await attach(change, dryRun(digest, { output: 'a\nb\n' }));
    const same = await attach(change, dryRun(digest, { twin: true, output: 'a\r\nb\r\n' }));
    expect(same.body.same).toBe(true);
    const space = await attach(change, dryRun(digest, { twin: true, output: 'a\nb \n' }));
    expect(space.body.same).toBe(false);
    expect(await denials(change)).toEqual(['dry-run-unchanged']);
    await attach(change, dryRun(digest, { twin: true, output: 'a\nb\n' }));
    expect(await denials(change)).toEqual([]);
  });

  it('is unknown where it was not repeated, or what was reviewed is not what it was compared with', async () => {
    const { change, digest } = await scripted();
    await attach(change, dryRun(digest));
    expect(await denials(change)).toEqual(['dry-run-unchanged']);
    await attach(change, dryRun(digest, { twin: true }));
    await attach(change, dryRun(digest, { output: 'another one was reviewed\n' }));
    expect(await denials(change)).toEqual(['dry-run-unchanged']);
  });

  it('is compared with what was there when the plan was approved, not with what was attached since', async () => {
    const { change, digest } = await scripted();
    await attach(change, dryRun(digest, { output: 'as reviewed\n' }));
    const approval = { as: 'reviewer', for: 'plan', digest };
    const approved = await world.server.ask('POST', `/api/v1/changes/${change}/approvals`, {
      token: world.rhea.token,
      body: approval,
    });
    expect(approved.status).toBe(201);
    const word = async () =>
      (await world.server.ask('GET', `/api/v1/changes/${change}`, { token: world.rhea.token })).body
        .approvals[0];
    // The same output once more is what was reviewed; another one is not.
    await attach(change, dryRun(digest, { output: 'as reviewed\n' }));
    expect(await word()).toMatchObject({ current: true, voided: null });
    await attach(change, dryRun(digest, { output: 'another one\n' }));
    expect(await word()).toMatchObject({ current: false, voided: { parts: ['dry-run'], by: 'ben' } });
    const told = await world.server.ask('GET', '/api/v1/notices?limit=1', { token: world.rhea.token });
    expect(told.body.notices[0].body).toMatch(
      /ben changed dry-run\.\ndry run: dry run \d+ → another output$/,
    );
    const twin = await attach(change, dryRun(digest, { twin: true, output: 'another one\n' }));
    expect(twin.body.same).toBe(false);
    expect(await denials(change)).toEqual(['dry-run-unchanged']);
    await attach(change, dryRun(digest, { twin: true, output: 'as reviewed\n' }));
    expect(await denials(change)).toEqual([]);
  });

  it('that differs is accepted by the EOC and a reviewer, two people, and by nobody of the change', async () => {
    const { change, digest } = await scripted();
    await attach(change, dryRun(digest));
    const twin = await attach(change, dryRun(digest, { twin: true, output: '255\n' }));
    const path = `/api/v1/changes/${change}/dry-runs/${twin.body.id}/acceptance`;
    const accept = (who: { token: string }) =>
      world.server.ask('POST', path, { token: who.token, body: { because: 'one more came in' } });
    expect((await accept(world.ben)).body.code).toBe('not_permitted');
    expect((await accept(world.ana)).body.code).toBe('not_permitted');
    expect((await accept(world.ira)).body.code).toBe('not_permitted');
    expect((await accept(world.rhea)).body.acceptances).toMatchObject([{ by: 'rhea', as: 'reviewer' }]);
    expect(await denials(change)).toEqual(['dry-run-unchanged']);
    expect((await accept(world.rhea)).body).toMatchObject({
      code: 'conflict',
      message: 'expected another person than `rhea`, who has accepted it',
    });
    expect((await accept(world.cora)).body.acceptances).toMatchObject([
      { by: 'rhea', as: 'reviewer', because: 'one more came in' },
      { by: 'cora', as: 'eoc' },
    ]);
    expect(await denials(change)).toEqual([]);
    expect((await accept(world.rolf)).body.code).toBe('conflict');
  });

  it('that differs is shown line beside line, against what was reviewed', async () => {
    const { change, digest } = await scripted();
    const first = await attach(change, dryRun(digest, { output: 'a\n254\n' }));
    const twin = await attach(change, dryRun(digest, { twin: true, output: 'a\n255\n' }));
    const path = `/api/v1/changes/${change}/dry-runs`;
    const shown = await world.asRunner('GET', `${path}/${twin.body.id}/difference`);
    expect(shown.body).toEqual({
      dryRun: twin.body.id,
      comparedWith: first.body.id,
      differences: [{ line: 2, reviewed: '254', repeated: '255' }],
      more: false,
    });
    expect((await world.asRunner('GET', `${path}/${first.body.id}/difference`)).status).toBe(404);
  });

  it('may differ where the plan says so, and nowhere else', async () => {
    const { change, digest } = await scripted({
      dryRunMayDiffer: [
        { instants: true, because: 'it prints when it ran' },
        { numberAfter: 'rows: ', within: '5 %', because: 'orders come in' },
      ],
    });
    const first = await attach(change, dryRun(digest, printed('01:00:00', 1_000)));
    const again = async (output: object) =>
      (await attach(change, dryRun(digest, { twin: true, ...output }))).body;
    const alike = await again(printed('02:00:00', 1_050));
    expect(alike).toMatchObject({ same: true, fingerprint: first.body.fingerprint });
    expect(alike.outputDigest).not.toBe(first.body.outputDigest);
    expect((await again(printed('02:00:00', 1_051))).same).toBe(false);
    expect((await again(printed('02:00:00', 1_000, 'one line more\n'))).same).toBe(false);
    expect(await denials(change)).toEqual(['dry-run-unchanged']);
    await again(printed('03:00:00', 950));
    expect(await denials(change)).toEqual([]);
  });

  it('that failed cannot be accepted', async () => {
    const { change, digest } = await scripted();
    await attach(change, dryRun(digest));
    const twin = await attach(change, dryRun(digest, { twin: true, ok: false, output: 'boom\n' }));
    const path = `/api/v1/changes/${change}/dry-runs/${twin.body.id}/acceptance`;
    const body = { because: 'who cares' };
    expect((await world.server.ask('POST', path, { token: world.cora.token, body })).body.code).toBe(
      'conflict',
    );
    expect(await denials(change)).toEqual(['dry-run-unchanged']);
  });
});
