import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { sweepWaits } from '../../src/app/run/wait-sweep.ts';
import { RUN_TIMING } from '../../src/app/run/timing.ts';
import { buildServer } from '../../src/http/server.ts';
import { expectStatus } from '../kit/changes.ts';
import { startBody, startRunWorld, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
beforeAll(async () => {
  world = await startRunWorld({ rulesOff: ['awareness'] });
});
afterAll(() => world.server.stop());
afterEach(async () => {
  const { db } = world.server.context;
  await sql`update runs set state = 'failed', hold = null, ended_at = now() where ended_at is null`.execute(
    db,
  );
  await sql`update start_waits set ended_at = now(), outcome = 'left' where ended_at is null`.execute(db);
  timing({});
});

/** The next turn is free at once, unless a test wants a pace: then one that no test outlasts. */
function timing(wanted: Partial<typeof RUN_TIMING>): void {
  Object.assign(world.server.context, { runTiming: { ...RUN_TIMING, startPaceMs: 1, ...wanted } });
}

async function lock(): Promise<{ readonly release: () => Promise<void> }> {
  const body = {
    kind: 'hard',
    environments: ['illumidesk.com'],
    category: 'other',
    reason: 'fire',
    timeToLive: '1 h',
  };
  const made = expectStatus(
    await world.server.ask('POST', '/api/v1/locks/emergency', { token: world.cora.token, body }),
    201,
  );
  const path = `/api/v1/locks/${made.body.id}/release`;
  return {
    release: async () =>
      void expectStatus(
        await world.server.ask('POST', path, { token: world.ira.token, body: { reason: 'over' } }),
        200,
      ),
  };
}

/** An executor at the bastion who waits, and beats when told to. */
async function waiter(at = world.server.url) {
  const change = await world.open();
  const say = async (rest: string, body: unknown) => {
    const response = await fetch(`${at}/api/v1/changes/${change}/${rest}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${world.ben.token}`,
        'interlock-bastion': world.bastion,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : JSON.parse(text),
    };
  };
  const key = startBody();
  const begin = () => say('waits', { ...key, clock: Date.now() });
  const begun = await begin();
  const speak = (what: string, more: object) =>
    say(`waits/${begun.body.wait}/${what}`, { clock: Date.now(), ...more });
  return {
    change,
    begun,
    begin,
    beat: () => speak('heartbeat', { multiplexer: 'tmux' }),
    end: () => speak('end', { outcome: 'refused' }),
    start: () => say('runs', startBody()),
  };
}
type Waiter = Awaited<ReturnType<typeof waiter>>;

const turns = async (waiters: readonly Waiter[]) => {
  const heard: boolean[] = [];
  // The last first: who waits longest is served first all the same.
  for (const one of waiters.toReversed()) heard.unshift((await one.beat()).body.turn);
  return heard;
};
const several = async (count: number) => {
  const waiters: Waiter[] = [];
  for (let n = 0; n < count; n += 1) waiters.push(await waiter());
  return waiters;
};
/** Everything the ledger has of the waiting for a change, in order. */
const recorded = async ({ change }: Waiter) =>
  (await world.server.ledger())
    .filter(({ object, type }) => object === `change/${change}` && /wait|turn/.test(String(type)))
    .map(({ type, outcome }) => `${String(type)} ${String(outcome)}`);
/** Makes who was not heard for long enough of somebody. */
const vanish = ({ change }: Waiter) =>
  sql`update start_waits set lease_expires_at = clock_timestamp() - interval '1 s' where change_id = ${change}`.execute(
    world.server.context.db,
  );

describe('those who wait for one lock', () => {
  it('start one by one, in the order in which they began to wait', async () => {
    timing({});
    const { release } = await lock();
    const five = await several(5);
    expect(five.map(({ begun }) => begun.body)).toMatchObject(
      five.map(() => ({ turn: false, because: [{ rule: 'hard-lock', verdict: 'deny' }] })),
    );
    expect(await turns(five)).toEqual([false, false, false, false, false]);
    await release();
    const order: string[] = [];
    for (let round = 0; round < 12 && order.length < 5; round += 1) {
      for (const one of five.filter(({ change }) => !order.includes(change)).toReversed()) {
        if (!(await one.beat()).body.turn) continue;
        expectStatus(await one.start(), 200);
        order.push(one.change);
      }
    }
    expect(order).toEqual(five.map(({ change }) => change));
    expect(await recorded(five[0]!)).toEqual([
      'run.wait-began allow',
      'run.turn-given allow',
      'run.wait-ended allow',
    ]);
  });

  it('leave the pace between two starts, whichever server they ask', async () => {
    timing({ startPaceMs: 3_600_000 });
    const other = await buildServer(world.server.context, {
      allowedHosts: [],
      metricsOpen: false,
      requestsPerMinute: null,
      webRoot: null,
      version: '0.0.0',
    });
    try {
      const { release } = await lock();
      const first = await waiter();
      const second = await waiter(await other.listen({ host: '127.0.0.1', port: 0 }));
      await release();
      await turns([first, second]);
      const heard = await Promise.all([first, second, first, second].map((one) => one.beat()));
      expect(heard.map(({ body }) => body.turn)).toEqual([true, false, true, false]);
      expectStatus(await first.start(), 200);
      expect((await second.beat()).body).toMatchObject({ turn: false, because: [] });
      const { db } = world.server.context;
      const twice = sql`insert into start_turns (wait, during) values (${second.begun.body.wait}, tstzrange(now(), now() + interval '1 s'))`;
      await expect(twice.execute(db)).rejects.toThrow('start_turns_paced');
    } finally {
      await other.close();
      await sql`update start_turns set during = tstzrange(lower(during), lower(during) + interval '1 us')`.execute(
        world.server.context.db,
      );
    }
  });

  it('are one a minute, where nobody says otherwise', () => {
    expect(RUN_TIMING.startPaceMs).toBe(60_000);
  });

  it('do not wait for one that is gone, and nothing starts without its executor', async () => {
    timing({});
    const { release } = await lock();
    const [gone, there] = await several(2);
    if (!gone || !there) throw new Error('expected two');
    await vanish(gone);
    await release();
    expect((await there.beat()).body.turn).toBe(true);
    expect(await sweepWaits(world.server.context)).toBe(1);
    expect(await gone.beat()).toMatchObject({ status: 409, body: { code: 'lease_lost' } });
    expect(await recorded(gone)).toEqual(['run.wait-began allow', 'run.wait-ended allow']);
    const { runs } = (await world.asRunner('GET', `/api/v1/changes/${gone.change}/runs`)).body;
    expect(runs).toEqual([]);
  });

  it('are asked anew at their turn: a veto in between refuses', async () => {
    timing({});
    const { release } = await lock();
    const one = await waiter();
    const body = { change: one.change, reason: 'not tonight' };
    expectStatus(await world.server.ask('POST', '/api/v1/vetoes', { token: world.cora.token, body }), 201);
    expect((await one.beat()).body).toMatchObject({ turn: false });
    await release();
    expect((await one.beat()).body.turn).toBe(true);
    const refused = await one.start();
    expect(refused).toMatchObject({ status: 409, body: { code: 'refused' } });
    expect(refused.body.message).toContain('eoc-veto');
    expect((await one.end()).status).toBe(204);
    expect(await recorded(one)).toEqual([
      'run.wait-began allow',
      'run.turn-given allow',
      'run.wait-ended deny',
    ]);
  });
});

describe('a wait', () => {
  it('is one of a change, and the same for the same key', async () => {
    timing({});
    const { release } = await lock();
    const one = await waiter();
    expect((await one.begin()).body.wait).toBe(one.begun.body.wait);
    const another = await world.asRunner('POST', `/api/v1/changes/${one.change}/waits`, startBody());
    expect(another).toMatchObject({ status: 409, body: { code: 'conflict' } });
    await release();
  });

  it('is refused where time does not clear what refuses, and ends when the change is cancelled', async () => {
    timing({});
    await world.prove('fail');
    const refused = await waiter();
    expect(refused.begun).toMatchObject({ status: 409, body: { code: 'refused' } });
    expect(await recorded(refused)).toEqual(['run.wait-refused deny']);
    await world.prove('pass');
    const { release } = await lock();
    const one = await waiter();
    expectStatus(
      await world.server.ask('POST', `/api/v1/changes/${one.change}/cancel`, {
        token: world.ana.token,
        body: { reason: 'not needed' },
      }),
      200,
    );
    expect(await one.beat()).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
    expect(await recorded(one)).toEqual(['run.wait-began allow', 'run.wait-ended deny']);
    await release();
  });
});
