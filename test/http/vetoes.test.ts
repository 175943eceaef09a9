import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transact } from '../../src/store/database.ts';
import { holdStanding } from '../../src/store/standing.ts';
import { expectStatus, startChangeWorld, type ChangeWorld, type OpenedChange } from '../kit/changes.ts';
import type { TestAccount } from '../kit/server.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

const veto = (who: TestAccount, change: string, more: Record<string, unknown> = {}) =>
  world.server.ask('POST', '/api/v1/vetoes', {
    token: who.token,
    body: { change, reason: 'Not now.', ...more },
  });
const lift = (who: TestAccount, id: string) =>
  world.server.ask('POST', `/api/v1/vetoes/${id}/lift`, { token: who.token });

/** What the gate says to a start of a change. */
async function asked(change: OpenedChange): Promise<string | undefined> {
  const body = { change: change.id, action: 'start' };
  const answer = await world.server.ask('POST', '/api/v1/decisions', { token: world.ben.token, body });
  return answer.body.verdicts.find((one: { rule: string }) => one.rule === 'eoc-veto')?.verdict;
}

describe('a veto', () => {
  it('is the engineer on call’s alone', async () => {
    const change = await world.open();
    for (const who of [world.ana, world.ira, world.mona, world.rhea]) {
      const entries = (await world.recorded(0)).length;
      expect(await veto(who, change.id)).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
      expect(await veto(who, '*')).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
      expect(await world.recorded(entries)).toMatchObject([{ outcome: 'deny' }, { outcome: 'deny' }]);
    }
    const service = await world.server.account('guard', { kind: 'service' });
    expect((await veto(service, change.id)).status).toBe(403);
    expect(await world.rows('vetoes')).toBe(0);
    expect(await asked(change)).toBe('pass');
  });

  it('stops its change and no other, until an EOC or IMOC lifts it', async () => {
    const [change, other] = [await world.open(), await world.open()];
    const { id } = expectStatus(await veto(world.cora, change.id), 201).body;
    expect(await asked(change)).toBe('deny');
    expect(await asked(other)).toBe('pass');
    expect(await lift(world.rhea, id)).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    expect(expectStatus(await lift(world.ira, id), 200).body).toMatchObject({ liftedBy: 'ira' });
    expect(await asked(change)).toBe('pass');
    expect(await lift(world.cora, id)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('on `*` stops every change', async () => {
    const change = await world.open();
    const { id } = expectStatus(await veto(world.cora, '*'), 201).body;
    expect(await asked(change)).toBe('deny');
    const standing = await world.server.ask('GET', '/api/v1/vetoes', { token: world.ana.token });
    expect(standing.body.vetoes).toMatchObject([{ id, change: '*', by: 'cora' }]);
    expectStatus(await lift(world.ira, id), 200);
    expect(await asked(change)).toBe('pass');
  });

  it('is not lifted by whoever it stops, though they be on call (18)', async () => {
    const change = await world.open();
    const { id } = expectStatus(await veto(world.cora, change.id), 201).body;
    const all = expectStatus(await veto(world.cora, '*'), 201).body;
    await world.asOwner(`update changes set state = 'in-progress' where id = '${change.id}'`);
    for (const who of ['ben', 'ana']) {
      await world.server.onCall({ eoc: who, imoc: 'ira' });
      const person = who === 'ben' ? world.ben : world.ana;
      for (const standing of [id, all.id])
        expect(await lift(person, standing)).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    }
    await world.server.onCall({ eoc: 'cora', imoc: 'ira' });
    for (const standing of [id, all.id]) expectStatus(await lift(world.cora, standing), 200);
  });

  it('of a change that has come to its end, or of none, is refused', async () => {
    const change = await world.open();
    expectStatus(await change.say(world.ana, '/cancel', { reason: 'not needed' }), 200);
    expect(await veto(world.cora, change.id)).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    expect((await veto(world.cora, 'CHG-999999')).status).toBe(404);
    expect((await veto(world.cora, 'everything')).status).toBe(400);
    expect((await veto(world.cora, '*', { reason: ' ' })).status).toBe(400);
    expect((await veto(world.cora, '*', { at: '2020-01-01T00:00:00Z' })).status).toBe(400);
  });
});

describe('a veto and a decision at once (57)', () => {
  it('the veto waits for what is being decided, and comes after it', async () => {
    const change = await world.open();
    const order: string[] = [];
    let laid: Promise<unknown> = Promise.resolve();
    await transact(world.server.context.db, async (tx) => {
      // As a grant does: what stands is held from before its facts are read until it is committed.
      await holdStanding(tx);
      laid = veto(world.cora, change.id).then(() => order.push('veto'));
      await blockedBehindUs();
      order.push('decided');
    });
    await laid;
    expect(order).toEqual(['decided', 'veto']);
    expect(await asked(change)).toBe('deny');
  });

  it('who asks while a veto is written waits for it, and sees it', async () => {
    const change = await world.open();
    let answer: Promise<string | undefined> = Promise.resolve(undefined);
    await transact(world.server.context.db, async (tx) => {
      const { insertVeto } = await import('../../src/store/vetoes.ts');
      await insertVeto(tx, {
        change_id: change.id,
        claim_id: null,
        by: 'cora',
        reason: 'no',
        stops_rollback: false,
      });
      answer = asked(change);
      await blockedBehindUs();
    });
    expect(await answer).toBe('deny');
  });

  it('of a hundred asked while it is laid, none that follows it passes', async () => {
    const change = await world.open();
    const decided: { index: bigint; verdict: string | undefined }[] = [];
    const ask = async () => {
      const body = { change: change.id, action: 'start' };
      const { body: answer } = await world.server.ask('POST', '/api/v1/decisions', {
        token: world.ben.token,
        body,
      });
      const found = answer.verdicts.find((one: { rule: string }) => one.rule === 'eoc-veto');
      decided.push({ index: BigInt(answer.ledgerIndex), verdict: found?.verdict });
    };
    const asking = Array.from({ length: 100 }, ask);
    const laid = expectStatus(await veto(world.cora, change.id), 201).body;
    await Promise.all(asking);
    const entries = await world.server.ledger();
    const at = entries.findIndex(
      (entry) =>
        entry['type'] === 'veto.laid' &&
        (entry['details'] as { veto?: string } | undefined)?.veto === laid.id,
    );
    // The ledger's order is that of the commits: before the veto they pass, after it they are denied, without exception.
    for (const { index, verdict } of decided)
      expect([index, verdict]).toEqual([index, index < at ? 'pass' : 'deny']);
    expect(decided).toHaveLength(100);
  });
});

/** Until another connection waits for an advisory lock of ours. */
async function blockedBehindUs(): Promise<void> {
  const waits = `pg_locks where locktype = 'advisory' and not granted
    and database = (select oid from pg_database where datname = current_database())`;
  while ((await world.rows(waits)) === 0) await new Promise((again) => setTimeout(again, 10));
}
