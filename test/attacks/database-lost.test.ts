import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from '../../src/app/examine.ts';
import { signNow, watchLedger } from '../../src/app/ledger-watch.ts';
import { startEmbedded, type Embedded } from '../../src/embedded/server.ts';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openCommitDoor, type CommitDoor, type Fate } from '../kit/commit-door.ts';
import { superuser } from '../kit/ledger.ts';
import { startPostgresPair, type PostgresPair } from '../kit/postgres-pair.ts';
import { invariants } from '../kit/run-invariants.ts';
import { startBody, startRunWorld, type RunWorld } from '../kit/run-world.ts';
import { scratchParent } from '../kit/scratch.ts';
import type { Answer } from '../kit/server.ts';
import { severable } from '../kit/severable.ts';

// TRUST.md section 5, attack 59: the database dies during the commit of a start; a lagging replica is promoted.

/** A database at an address, migrated, that is not dropped: its server ends. */
async function databaseOf(url: string) {
  const db = openDatabase(url);
  await migrate(db);
  return { url, db, drop: () => db.destroy() };
}

/** Asks until a database answers. */
async function insist(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await ask();
    if (answer.body.code !== 'unavailable') return answer;
    await sleep(50);
  }
  throw new Error('expected a database to come back, got none');
}

describe('the database dies during the commit of a start', () => {
  let folder: string;
  let embedded: Embedded;
  let door: CommitDoor;
  let world: RunWorld;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(scratchParent(), 'interlock-commit-'));
    embedded = await startEmbedded({ dataDir: folder, log: () => undefined, diesWithUs: true });
    door = await openCommitDoor(embedded.url);
    world = await startRunWorld({ rulesOff: ['awareness'], database: await databaseOf(door.url) });
  });
  afterAll(async () => {
    await world.server.stop();
    await door.close();
    await embedded.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it.each<[Fate, string]>([
    ['answer lost', 'the start stands'],
    ['commit lost', 'it is made anew'],
    ['server dies', 'whichever it was'],
  ])(
    '%s: who starts is not told that it failed or stands; the same key gets the one run: %s',
    async (fate) => {
      const change = await world.open();
      const body = await world.body();
      const before = door.spoilt();
      const start = () => world.asRunner('POST', `/api/v1/changes/${change}/runs`, body);
      door.spoil('run.started', fate, () => process.kill(embedded.pid() ?? 0, 'SIGKILL'));
      const first = await start();
      expect(first).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect(door.spoilt()).toBe(before + 1);
      const second = await insist(start);
      expect(second.status, JSON.stringify(second.body)).toBe(200);
      const { runs } = (await world.asRunner('GET', `/api/v1/changes/${change}/runs`)).body;
      expect(runs).toMatchObject([{ id: second.body.run.id, epoch: 1 }]);
      const started = (await world.server.ledger()).filter(
        ({ type, object }) => type === 'run.started' && object === `change/${change}`,
      );
      expect(started).toHaveLength(1);
      await invariants(world);
    },
  );
});

/** The replica has everything that the primary has now. */
async function caughtUp(pair: PostgresPair): Promise<void> {
  const here = await valueOf(pair.primary, 'select pg_current_wal_lsn()::text as value');
  await expect
    .poll(() => valueOf(pair.replica, `select (pg_last_wal_replay_lsn() >= '${here}')::text as value`), {
      timeout: 20_000,
    })
    .toBe('true');
}

async function valueOf(url: string, statement: string): Promise<string> {
  const [row] = (await superuser(url, statement)).rows as { value: string }[];
  return row?.value ?? '';
}

describe('a lagging replica is promoted', () => {
  it('what it lacks of what was signed freezes every execution at the first request; doctor tells of it beforehand', async () => {
    const pair = await startPostgresPair();
    const way = await severable(pair.primary);
    const url = new URL(pair.primary);
    url.port = new URL(way.url).port;
    const world = await startRunWorld({ rulesOff: ['awareness'], database: await databaseOf(url.href) });
    // Looks so rarely that it is not what finds it.
    const watch = await watchLedger(world.server.context, { signEveryMs: 3_600_000 });
    try {
      const { findings } = await examine(world.server.context);
      expect(findings.find(({ part }) => part === 'replication')).toMatchObject({ status: 'warning' });
      const change = await world.open();
      await caughtUp(pair);
      // From here on the replica hears nothing.
      await pair.on(pair.replica, `alter system set primary_conninfo = ''`);
      await pair.on(pair.replica, 'select pg_reload_conf()');
      await world.open();
      await signNow(world.server.context);
      await pair.stopPrimary();
      await pair.on(pair.replica, 'select pg_promote()');
      way.leadTo(pair.replica);
      const body = startBody();
      const start = () => world.asRunner('POST', `/api/v1/changes/${change}/runs`, body);
      const first = await insist(start);
      expect(first).toMatchObject({ status: 503, body: { code: 'ledger_frozen' } });
      expect(await start()).toMatchObject({ status: 503, body: { code: 'ledger_frozen' } });
    } finally {
      await watch.stop();
      await world.server.stop();
      await way.stop();
      await pair.stop();
    }
  });
});
