import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { examine } from '../../src/app/examine.ts';
import { watchLedger } from '../../src/app/ledger-watch.ts';
import { submitToWitnesses, type WatchedWitness } from '../../src/app/ledger-witness.ts';
import { witnessAt } from '../../src/integrations/witness/client.ts';
import { openCosignatures } from '../../src/kernel/ledger/cosignature.ts';
import { parseVerifierKey, type VerifierKey } from '../../src/kernel/ledger/key.ts';
import { sha256, verifyEd25519 } from '../kernel/ledger/ed25519.ts';
import { startWitness } from '../../src/witness-process.ts';
import { typed } from '../kit/command-line.ts';
import { DISARM, REBUILD, superuser } from '../kit/ledger.ts';
import { startServer, type TestServer } from '../kit/server.ts';

const ANOTHER_LOG = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n';

// A server with its database, and a witness with its own folder, over HTTP.
let server: TestServer;
let folder: string;
let witness: Awaited<ReturnType<typeof startWitness>>;
let key: VerifierKey;
let watched: WatchedWitness;

beforeEach(async () => {
  server = await startServer();
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-witnessed-'));
  await writeFile(path.join(folder, 'log.vkey'), `${server.context.ledger.book.key.vkey}\n`);
  witness = await standUp();
  const parsed = parseVerifierKey(sha256, witness.vkey, 'cosignature');
  if (!parsed.ok) throw new Error(parsed.because);
  ({ key } = parsed);
  watched = named(witness.url);
});
afterEach(async () => {
  await witness.stop();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const standUp = () =>
  startWitness(
    {
      data: path.join(folder, 'witness'),
      log: [path.join(folder, 'log.vkey')],
      name: 'witness.test/w1',
      host: '127.0.0.1',
      port: '0',
    },
    () => undefined,
  );

/** The one witness of the configuration, as after a start. */
function named(url: string): WatchedWitness {
  const one = { witness: witnessAt(url, key), heard: false, trouble: null };
  Object.assign(server.context.ledger, { witnesses: [one] });
  return one;
}

const sign = async (): Promise<string> => {
  const { status, body } = await server.ask('POST', '/api/v1/ledger/checkpoint', {
    token: server.admin.token,
  });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body;
};
const cosignaturesIn = (note: string) => {
  const opened = openCosignatures(Buffer.from(note), [key], verifyEd25519);
  return opened.ok ? opened.cosignatures.length : opened.because;
};
const findings = async () =>
  (await examine(server.context)).findings.filter(({ part }) => part === 'witness witness.test/w1');

const restore = async (entries: number) => {
  const { book } = server.context.ledger;
  await superuser(
    server.context.db.url,
    `${DISARM} delete from ledger_cosignatures;
     delete from ledger_checkpoints; delete from ledger_entries where index >= ${entries}; ${REBUILD}`,
  );
  await rm(book.anchorFile);
};
const filled = async () => {
  await server.account('cora');
  await server.account('rolf');
  await server.onCall({ eoc: 'cora', imoc: 'rolf' });
  await sign();
  return (await server.ledger()).length;
};
const inbox = async (person: string) => {
  const { rows } = await superuser(
    server.context.db.url,
    `select kind, body from notices where person = '${person}' and kind = 'ledger-frozen'`,
  );
  return rows as { body: string }[];
};

describe('what a witness cosigned', () => {
  test('stands in the checkpoint that goes out, in exports and in proofs', async () => {
    await sign();
    await server.account('ana');
    expect(cosignaturesIn(await sign())).toBe(1);
    const get = await server.ask('GET', '/api/v1/ledger/checkpoint', { token: server.admin.token });
    expect(cosignaturesIn(get.body)).toBe(1);
    expect(await findings()).toEqual([
      expect.objectContaining({ status: 'ok', text: expect.stringMatching(/^cosigned up to \d+ at 20/) }),
    ]);
    const environment = { INTERLOCK_URL: server.url, INTERLOCK_TOKEN: server.admin.token };
    const ran = (...argv: string[]) => typed(['ledger', ...argv], { environment, cwd: folder });
    expect(await ran('prove', '0')).toMatchObject({ status: 0 });
    await writeFile(path.join(folder, 'w.vkey'), witness.vkey);
    const given = ['check-proof', '0.tlog-proof', '--key', 'log.vkey', '--witness', 'w.vkey'];
    expect((await ran(...given)).stdout).toContain('cosigned by witness.test/w1 at 20');
    const proof = await readFile(path.join(folder, '0.tlog-proof'), 'utf8');
    await writeFile(path.join(folder, '0.tlog-proof'), proof.replace(/— witness\S+ \S+\n/, ''));
    expect(await ran(...given)).toMatchObject({
      status: 1,
      stdout: 'NOT proven: expected a cosignature by `witness.test/w1`, got none\n',
    });
  });

  test('is verified by the ledger and cannot be changed by the application', async () => {
    await sign();
    await expect(superuser(server.context.db.url, 'delete from ledger_cosignatures')).rejects.toThrow(
      'only grows',
    );
    const { body } = await server.ask('POST', '/api/v1/ledger/verify', { token: server.admin.token });
    expect(body).toMatchObject({ sound: true });
  });
});

describe('a witness that does not cosign', () => {
  test('because it is away is warned of, and catches up', async () => {
    await sign();
    await witness.stop();
    await server.account('ana');
    expect(cosignaturesIn(await sign())).toBe(0);
    expect(server.context.ledger.frozen).toBeNull();
    expect(await findings()).toEqual([
      expect.objectContaining({
        status: 'warning',
        text: expect.stringContaining('; now: expected an answer'),
      }),
    ]);
    witness = await standUp();
    watched = named(witness.url);
    await submitToWitnesses(server.context);
    expect(await findings()).toEqual([expect.objectContaining({ status: 'ok' })]);
  });

  test('because it does not know the log is warned of', async () => {
    await writeFile(path.join(folder, 'log.vkey'), ANOTHER_LOG);
    await witness.stop();
    witness = await standUp();
    watched = named(witness.url);
    await sign();
    expect(watched.trouble).toBe('expected a cosignature, got status `404`');
    expect(server.context.ledger.frozen).toBeNull();
  });

  test('because its memory was set back is warned of, and not used from there', async () => {
    await sign();
    await witness.stop();
    await rm(path.join(folder, 'witness/logs'), { recursive: true });
    witness = await standUp();
    watched = named(witness.url);
    await server.account('ana');
    expect(cosignaturesIn(await sign())).toBe(0);
    expect(watched.trouble).toMatch(/^expected it to know size \d+, which it cosigned, got `0`: its memory/);
  });
});

describe("attack 62: yesterday's backup restored, database, key and checkpoint file together", () => {
  test('is found by the witness at the next start: frozen, and the people on duty are told once', async () => {
    const size = await filled();
    await restore(size - 2);
    watched = named(witness.url);
    const watch = await watchLedger(server.context, { signEveryMs: 20, witnessEveryMs: 20 });
    try {
      await expect.poll(() => server.context.ledger.paged, { timeout: 20_000 }).toBe(true);
    } finally {
      await watch.stop();
    }
    const because = `witness-ahead: expected the ${size} entries that \`witness.test/w1\` cosigned, got ${size - 2}`;
    expect(server.context.ledger.frozen).toBe(because);
    for (const person of ['cora', 'rolf']) {
      const told = await inbox(person);
      expect(told).toHaveLength(1);
      expect(told[0]?.body).toContain(because);
    }
    const channel = await superuser(
      server.context.db.url,
      `select body from messages where place = 'channel'`,
    );
    expect(channel.rows).toHaveLength(1);
    expect(server.context.metrics.text()).toContain('interlock_ledger_frozen 1');
  });

  test('and worked on until it is longer again, is found as another tree', async () => {
    const size = await filled();
    await restore(size - 2);
    watched = named(witness.url);
    for (const name of ['ana', 'ben', 'dora']) await server.account(name);
    await server.ask('POST', '/api/v1/ledger/checkpoint', { token: server.admin.token });
    expect(server.context.ledger.frozen).toMatch(/^witness-fork: /);
  });
});
