import { readFile, stat } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { signNow, verifyNow, watchLedger } from '../../src/app/ledger-watch.ts';
import { whyFrozen, type LedgerContext } from '../../src/app/ledger-freeze.ts';
import { liftWhatStood } from '../../src/app/ledger-thaw.ts';
import type { WatchedWitness } from '../../src/app/ledger-witness.ts';
import type { LedgerWatch } from '../../src/app/ledger-watch.ts';
import { Metrics } from '../../src/app/metrics.ts';
import { policyInForce } from '../../src/app/read-policy.ts';
import { sha256 } from '../../src/store/ledger-crypto.ts';
import { SHIPPED_POLICY } from '../kit/server.ts';
import { readEntries } from '../../src/store/ledger.ts';
import { standingFreezes } from '../../src/store/ledger-freezes.ts';
import { readLogKey } from '../../src/store/ledger-key.ts';
import { DISARM, REBUILD, testLedger } from '../kit/ledger.ts';
import type { TestLedger } from '../kit/ledger.ts';

let one: TestLedger;
let context: LedgerContext;
let logged: string[];
let watch: LedgerWatch | undefined;
beforeEach(async () => {
  one = await testLedger();
  logged = [];
  const say = (level: string) => (_fields: unknown, text: string) => void logged.push(`${level}: ${text}`);
  context = {
    policy: policyInForce(SHIPPED_POLICY, await readFile(SHIPPED_POLICY, 'utf8'), sha256),
    ledger: { book: one.ledger, frozen: null, paged: false, witnesses: [] },
    metrics: new Metrics(),
    log: { info: say('info'), warn: say('warn'), error: say('error') },
  };
});
afterEach(async () => {
  await watch?.stop();
  watch = undefined;
  await one.drop();
});

const anchoredSize = async () => (await readFile(one.ledger.anchorFile, 'utf8')).split('\n')[1];

describe('while the program runs', () => {
  test('what is appended is signed soon, and the whole ledger is verified', async () => {
    await one.append(300);
    watch = await watchLedger(context, { signEveryMs: 20 });
    await vi.waitFor(async () => expect(await anchoredSize()).toBe('300'), 10_000);
    await one.append(5);
    await vi.waitFor(async () => expect(await anchoredSize()).toBe('305'), 10_000);
    await vi.waitFor(
      () => expect(logged).toEqual(['info: the ledger verifies', 'info: the ledger verifies']),
      10_000,
    );
    expect(context.ledger.frozen).toBeNull();
    expect(context.metrics.text()).toContain('interlock_ledger_frozen 0');
    // Counted after it is signed.
    await vi.waitFor(() => expect(context.metrics.text()).toContain('interlock_ledger_size 305'), 10_000);
  });

  test('many signatures at once leave the newest checkpoint in the file', async () => {
    await Promise.all(
      Array.from({ length: 12 }, async () => {
        await one.append(3);
        await signNow(context);
      }),
    );
    expect(await anchoredSize()).toBe('36');
  });

  test('signatures are made in turn, and one that failed does not stop the next', async () => {
    const made: string[] = [];
    const first = one.ledger.inTurn(async () => {
      await new Promise((done) => setTimeout(done, 20));
      made.push('first');
      throw new Error('failed');
    });
    const second = one.ledger.inTurn(async () => made.push('second'));
    await expect(first).rejects.toThrow('failed');
    await second;
    expect(made).toEqual(['first', 'second']);
  });

  test('a database that is away is no proof of tampering: it is tried again', async () => {
    watch = await watchLedger(context, { signEveryMs: 20 });
    await vi.waitFor(async () => expect(await anchoredSize()).toBe('0'), 10_000);
    await one.superuser('alter table ledger_head rename to ledger_head_away');
    await vi.waitFor(() => expect(logged.join()).toContain('could not be read; trying again'), 10_000);
    await one.superuser('alter table ledger_head_away rename to ledger_head');
    await one.append(2);
    await vi.waitFor(async () => expect(await anchoredSize()).toBe('2'), 10_000);
    expect(context.ledger.frozen).toBeNull();
  });
});

const CUT = `${DISARM} delete from ledger_checkpoints; delete from ledger_entries where index >= 8; ${REBUILD}`;

describe('what is found wrong freezes', () => {
  test('before anything runs, when the tail was cut while it stood still', async () => {
    await one.append(10);
    await signNow(context);
    await one.superuser(CUT);
    watch = await watchLedger(context);
    expect(context.ledger.frozen).toBe(
      'anchor-ahead: expected the 10 entries that the checkpoint outside the database was signed for, got 8',
    );
    expect(context.metrics.text()).toContain('interlock_ledger_frozen 1');
    expect(logged.filter((line) => line.startsWith('error'))).toHaveLength(1);
  });

  test('while it runs, at the next signature', async () => {
    await one.append(10);
    watch = await watchLedger(context, { signEveryMs: 20 });
    await vi.waitFor(async () => expect(await anchoredSize()).toBe('10'), 10_000);
    await one.superuser(CUT);
    // The first verification of the whole may still be reading, and meet a checkpoint of what was cut.
    const ahead = /^(?:anchor|checkpoint)-ahead: /;
    await vi.waitFor(() => expect(context.ledger.frozen).toMatch(ahead), 10_000);
    expect(await anchoredSize()).toBe('10');
  });

  test('an old entry, when the whole is verified behind the running program', async () => {
    await one.append(600);
    await signNow(context);
    await one.superuser(
      `${DISARM} update ledger_entries set entry = replace(entry, 'entry 5', 'entry X') where index = 5;`,
    );
    watch = await watchLedger(context);
    await vi.waitFor(
      () =>
        expect(context.ledger.frozen).toBe(
          'entry-altered: expected the entry 5 to give its leaf hash, got other bytes',
        ),
      10_000,
    );
  });

  test('and stays frozen, also when it looks sound again', async () => {
    await one.append(3);
    await one.superuser(`${DISARM} update ledger_head set peaks[1] = sha256('x');`);
    expect((await verifyNow(context)).sound).toBe(false);
    await one.superuser(`${DISARM} ${REBUILD}`);
    expect((await verifyNow(context)).sound).toBe(true);
    expect(context.ledger.frozen).toContain('head-root');
  });
});

/** Another server of the database, with a folder and memory of its own. */
const another = (): LedgerContext => ({
  ...context,
  ledger: {
    book: { ...one.ledger, anchorFile: `${one.folder}/other/checkpoint`, anchorRequired: false },
    frozen: null,
    paged: false,
    witnesses: [],
  },
  metrics: new Metrics(),
});
const frozenFor = (server: LedgerContext) => whyFrozen(server, one.ledger.db);
const lifted = () => logged.some((line) => line.endsWith('what had frozen it is lifted'));

describe('what one server found stops every other', () => {
  const BREAK = `${DISARM} update ledger_head set peaks[1] = sha256('x');`;
  const MEND = `${DISARM} ${REBUILD}`;
  test('and is lifted by one that starts later and finds every entry right, except for who found it', async () => {
    await one.append(3);
    const running = another();
    await one.superuser(BREAK);
    await verifyNow(context);
    expect(await frozenFor(running)).toContain('head-root');
    await one.superuser(MEND);
    expect((await verifyNow(running)).sound).toBe(true);
    expect(await frozenFor(running)).toContain('head-root');
    watch = await watchLedger(another(), { signEveryMs: 20 });
    await vi.waitFor(() => expect(lifted()).toBe(true), 10_000);
    expect(await frozenFor(running)).toBeNull();
    expect(await frozenFor(context)).toContain('head-root');
    // What is recorded of it names what had been found.
    const recorded = (await readEntries(one.ledger.db, 0n, 10)).map(
      ({ entry }) => JSON.parse(entry) as unknown,
    );
    expect(recorded.slice(3)).toMatchObject([
      { type: 'ledger.thawed', outcome: 'allow', details: { found: expect.stringContaining('head-root') } },
    ]);
  });

  test('and is not lifted on a ledger that does not continue what its finder has seen signed', async () => {
    await one.append(10);
    await signNow(context);
    await one.superuser(CUT);
    await signNow(context);
    expect(context.ledger.frozen).toContain('anchor-ahead');
    const later = another();
    watch = await watchLedger(later, { signEveryMs: 20 });
    await vi.waitFor(
      () => expect(logged.join()).toContain('stays frozen: expected it to continue the 10'),
      10_000,
    );
    expect(later.ledger.frozen).toBeNull();
    expect(await frozenFor(later)).toContain('anchor-ahead');
    expect(later.metrics.text()).toContain('interlock_ledger_frozen 1');
  });

  test('and is not lifted before every witness was asked', async () => {
    await one.superuser(`insert into ledger_freezes (because) values ('witness-fork: another tree')`);
    const stood = await standingFreezes(one.ledger.db);
    expect(await liftWhatStood(context, stood)).toEqual([]);
    expect(await frozenFor(context)).toContain('witness-fork');
    const away = { heard: false } as WatchedWitness;
    const asked = { ...context, ledger: { ...context.ledger, witnesses: [away] } };
    expect(await liftWhatStood(asked, stood)).toEqual(stood);
    away.heard = true;
    expect(await liftWhatStood(asked, stood)).toEqual([]);
    expect(await frozenFor(context)).toBeNull();
  });
});

describe('the files outside the database', () => {
  test('are for their owner alone', async () => {
    await signNow(context);
    const keyFile = `${one.folder}/ledger/log.key`;
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    expect((await stat(one.ledger.anchorFile)).mode & 0o777).toBe(0o600);
    expect((await stat(`${one.folder}/ledger`)).mode & 0o777).toBe(0o700);
    expect(await readFile(keyFile, 'utf8')).toMatch(
      /^PRIVATE\+KEY\+interlock\.local\/ledger\/[0-9a-f]{12}\+[0-9a-f]{8}\+\S{44}\n$/,
    );
    expect((await readLogKey(keyFile))?.vkey).toBe(one.ledger.key.vkey);
  });
});
