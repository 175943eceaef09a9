import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger, verifyWholeLedger } from '../src/app/ledger.ts';
import type { Ledger } from '../src/app/ledger.ts';
import { signLedger } from '../src/app/ledger-sign.ts';
import type { LedgerDraft } from '../src/contract/ledger.ts';
import { startEmbedded } from '../src/embedded/server.ts';
import { openDatabase, transact } from '../src/store/database.ts';
import type { Database } from '../src/store/database.ts';
import { appendEntries, appendEntry, readEntries } from '../src/store/ledger.ts';
import { migrate } from '../src/store/migrate.ts';
import type { Row } from './row.ts';

const ENTRIES = 100_000;
const BATCH = 500;
const APPENDS = 3_000;

/**
 * Verification of a ledger of 100,000 entries with 200 signed checkpoints beside plain SHA-256 of the same bytes, and
 * what one durable append costs beside a durable insert of the same bytes without a tree.
 */
export async function benchLedger(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'interlock-bench-ledger-'));
  const embedded = await startEmbedded({ dataDir: join(folder, 'data'), log: () => undefined });
  const db = openDatabase(embedded.url, { connections: 32 });
  try {
    await migrate(db);
    await db.destroy();
    return await measure(openDatabase(embedded.url, { connections: 32 }), folder);
  } finally {
    await embedded.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(db: Database, folder: string): Promise<Row[]> {
  try {
    const ledger = await openLedger(db, {
      keyFile: join(folder, 'log.key'),
      anchorFile: join(folder, 'checkpoint'),
      anchorRequired: true,
    });
    for (let done = 0; done < ENTRIES; done += BATCH) {
      await transact(db, (tx) =>
        appendEntries(
          tx,
          Array.from({ length: BATCH }, (_, i) => entryOf(done + i)),
        ),
      );
      await signLedger(ledger);
    }
    return [await verifying(ledger), ...(await appending(db))];
  } finally {
    await db.destroy();
  }
}

async function verifying(ledger: Ledger): Promise<Row> {
  const verdict = await verifyWholeLedger(ledger);
  if (!verdict.sound || Number(verdict.size) !== ENTRIES) {
    throw new Error(`expected a sound ledger of ${ENTRIES} entries, got ${JSON.stringify(verdict)}`);
  }
  const verifyMs = await best(async () => {
    await verifyWholeLedger(ledger);
  });
  const stored = await readEntries(ledger.db, 0n, ENTRIES);
  const bytes = stored.map(({ entry }) => Buffer.from(entry, 'utf8'));
  const hashMs = await best(async () => {
    for (const entry of bytes) createHash('sha256').update(entry).digest();
  });
  const megabytes = bytes.reduce((sum, entry) => sum + entry.length, 0) / 1e6;
  return {
    what: `verify a ledger of 100,000 entries, ${megabytes.toFixed(0)} MB`,
    goal: '2 s',
    measured: `${(verifyMs / 1_000).toFixed(2)} s`,
    reference: `SHA-256 of each entry, nothing read: ${(hashMs / 1_000).toFixed(2)} s`,
    ratio: (verifyMs / hashMs).toFixed(1),
  };
}

async function appending(db: Database): Promise<Row[]> {
  const rows: Row[] = [];
  for (const callers of [1, 32]) {
    const append = await perSecond(callers, (i) => transact(db, (tx) => appendEntry(tx, entryOf(i))));
    const insert = await perSecond(callers, (i) =>
      transact(db, (tx) =>
        tx
          .insertInto('ledger_checkpoints')
          .values({ size: BigInt(10_000_000 * callers + i), note: NOTE })
          .execute(),
      ),
    );
    rows.push({
      what: `append to the ledger, durable, ${callers} caller${callers === 1 ? '' : 's'}`,
      goal: '–',
      measured: `${append.toFixed(0)} a second`,
      reference: `one durable insert of as many bytes: ${insert.toFixed(0)} a second`,
      ratio: (append / insert).toFixed(2),
    });
  }
  return rows;
}

const NOTE = 'x'.repeat(600);

async function perSecond(callers: number, work: (i: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (next < APPENDS) await work(next++);
    }),
  );
  return (APPENDS / (performance.now() - started)) * 1_000;
}

async function best(work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return Math.min(...times);
}

function entryOf(i: number): LedgerDraft {
  const digest = (what: string) => `sha256:${createHash('sha256').update(`${what} ${i}`).digest('hex')}`;
  return {
    type: 'decision',
    actor: {
      issuer: 'https://id.example.com',
      subject: `person-${i % 40}`,
      capacity: 'reviewer',
      session: `ses-${i % 97}`,
    },
    source: 'api',
    object: `change/CHG-${i % 5_000}`,
    action: 'step',
    outcome: i % 9 === 0 ? 'deny' : 'allow',
    reason: i % 9 === 0 ? 'hours.night: C2 runs from 22:00 to 06:00, it is 14:12' : '31 rules say yes',
    before: digest('before'),
    after: digest('after'),
    policy: digest('policy'),
    request: `req-${i}`,
    digests: { facts: digest('facts') },
  };
}
