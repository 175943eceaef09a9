import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signLedger } from '../../src/app/ledger-sign.ts';
import { openCosignatures } from '../../src/kernel/ledger/cosignature.ts';
import { parseVerifierKey } from '../../src/kernel/ledger/key.ts';
import { formatSubmission } from '../../src/kernel/ledger/submission.ts';
import { proveConsistency } from '../../src/store/ledger-hashes.ts';
import { sha256, verifyEd25519 } from '../kernel/ledger/ed25519.ts';
import { runInterlock, startWitnessProcess, type InterlockProcess } from '../kit/interlock-process.ts';
import { testLedger, type TestLedger } from '../kit/ledger.ts';

// The witness as a process of its own, on its real folder, asked over HTTP.
let one: TestLedger;
let stranger: TestLedger;
let folder: string;
let data: string;
let witness: InterlockProcess;
const notes = new Map<number, string>();

beforeAll(async () => {
  one = await testLedger();
  stranger = await testLedger();
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-witness-'));
  data = path.join(folder, 'data');
  await writeFile(path.join(folder, 'log.vkey'), `${one.ledger.key.vkey}\n`);
  for (const size of [2, 5, 9, 300]) {
    await one.append(size - (Math.max(0, ...notes.keys()) || 0));
    const signed = await signLedger(one.ledger);
    if (!signed.ok) throw new Error('expected a ledger that can be signed');
    notes.set(size, signed.note);
  }
  witness = await startWitnessProcess(args('--name', 'witness.test/w1'));
});
afterAll(async () => {
  await witness.end('SIGTERM');
  await one.drop();
  await stranger.drop();
  await rm(folder, { recursive: true, force: true });
});

const args = (...more: string[]) => [
  '--data',
  data,
  '--log',
  path.join(folder, 'log.vkey'),
  '--port',
  '0',
  ...more,
];

async function post(body: string | Buffer, method = 'POST') {
  const response = await fetch(`${witness.url}/add-checkpoint`, {
    method,
    ...(method === 'POST' && { body }),
  });
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
}

async function submit(from: number, to: number, oldSize = from) {
  const proof = from === 0 ? [] : await proveConsistency(one.ledger.db, BigInt(from), BigInt(to));
  return post(formatSubmission({ oldSize: BigInt(oldSize), proof, checkpoint: notes.get(to) ?? '' }));
}

describe('a witness as a process of its own', () => {
  test('cosigns the first tree that it sees, and what continues it', async () => {
    const before = BigInt(Math.floor(Date.now() / 1_000));
    const first = await submit(0, 2);
    expect(first).toMatchObject({ status: 200 });
    const key = parseVerifierKey(
      sha256,
      (await readFile(path.join(data, 'witness.vkey'), 'utf8')).trim(),
      'cosignature',
    );
    if (!key.ok) throw new Error(key.because);
    const opened = openCosignatures(Buffer.from(`${notes.get(2)}${first.body}`), [key.key], verifyEd25519);
    expect(opened).toMatchObject({ ok: true, cosignatures: [{ key: key.key, line: first.body }] });
    if (opened.ok) expect(opened.cosignatures[0]?.timestamp).toBeGreaterThanOrEqual(before);
    expect((await submit(2, 5)).status).toBe(200);
    expect((await submit(5, 5)).status).toBe(200);
  });

  test('says which size it knows to whoever does not, by the type that the protocol has', async () => {
    expect(await submit(2, 5)).toEqual({ status: 409, type: 'text/x.tlog.size', body: '5\n' });
    expect(await submit(0, 300)).toEqual({ status: 409, type: 'text/x.tlog.size', body: '5\n' });
  });

  test('refuses what is no continuation, and remembers what it knew', async () => {
    expect((await submit(2, 9, 5)).status).toBe(422);
    expect(
      (await post(formatSubmission({ oldSize: 5n, proof: [], checkpoint: notes.get(2) ?? '' }))).status,
    ).toBe(400);
    expect((await post('old 5\nno checkpoint')).status).toBe(400);
    expect((await post('', 'GET')).status).toBe(405);
    expect((await post(Buffer.alloc(70_000, 0x61))).status).toBe(413);
    await stranger.append(1);
    const strange = await signLedger(stranger.ledger);
    if (!strange.ok) throw new Error('expected a ledger that can be signed');
    expect((await post(formatSubmission({ oldSize: 0n, proof: [], checkpoint: strange.note }))).status).toBe(
      404,
    );
    const forged = strange.note.replaceAll(stranger.ledger.key.verifier.name, one.ledger.key.verifier.name);
    expect((await post(formatSubmission({ oldSize: 5n, proof: [], checkpoint: forged }))).status).toBe(403);
    expect(await submit(0, 300)).toMatchObject({ status: 409, body: '5\n' });
  });

  test('cosigns one of two trees that are handed in at once, and neither sets it back', async () => {
    const both = await Promise.all([submit(5, 9), submit(5, 300), submit(5, 9), submit(5, 300)]);
    const sizes = both.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(sizes[0]).toBe(200);
    expect(sizes).toContain(409);
    const { body } = await submit(0, 300);
    expect(['9\n', '300\n']).toContain(body);
    // The larger one stands for good once it was cosigned.
    await submit(Number(body), 300);
    expect(await submit(0, 300)).toMatchObject({ status: 409, body: '300\n' });
  });

  test('is one process a folder', async () => {
    const second = await runInterlock(['witness', ...args()]);
    expect(second).toMatchObject({ status: 1, stdout: '' });
    expect(second.stderr).toMatch(/^interlock: expected a folder that no other witness uses .*\n$/);
  });

  test('killed, it knows the same after it stands again, and has the same key', async () => {
    const key = await readFile(path.join(data, 'witness.vkey'), 'utf8');
    await witness.end('SIGKILL');
    witness = await startWitnessProcess(args());
    expect(await submit(0, 300)).toMatchObject({ status: 409, body: '300\n' });
    expect((await submit(300, 300)).status).toBe(200);
    expect(await readFile(path.join(data, 'witness.vkey'), 'utf8')).toBe(key);
  });

  test('does not cosign where its memory cannot be read, instead of beginning anew', async () => {
    const [memory = ''] = await readdir(path.join(data, 'logs'));
    const file = path.join(data, 'logs', memory);
    const good = await readFile(file);
    await writeFile(file, good.subarray(0, -20));
    expect((await submit(0, 2)).status).toBe(500);
    await writeFile(file, good);
    expect((await submit(300, 300)).status).toBe(200);
  });

  test.each([
    [['--name', 'witness.test/other'], 1, 'expected the name `witness.test/w1` of the key'],
    [['--port', 'x'], 3, 'expected a port from 0 to 65535, got `x`'],
    [['--log', 'nowhere.vkey'], 3, 'expected the key of a log in a file'],
  ] as const)('is not started with %j', async (more, status, because) => {
    await witness.end('SIGTERM');
    const ended = await runInterlock(['witness', ...args(...more)]);
    expect(ended.stderr).toContain(because);
    expect(ended.status).toBe(status);
    witness = await startWitnessProcess(args());
  });
});
