import { execFile } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { createRequire } from 'node:module';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ledgerFiles, proveEntry } from '../../src/app/ledger-files.ts';
import { signLedger } from '../../src/app/ledger-sign.ts';
import { fromBase64 } from '../../src/kernel/ledger/base64.ts';
import { readEntries } from '../../src/store/ledger.ts';
import { findGo, findOpenssl } from '../kit/other-verifiers.ts';
import type { Found } from '../kit/other-verifiers.ts';
import { testLedger } from '../kit/ledger.ts';
import type { TestLedger } from '../kit/ledger.ts';

// What we write is verified here by programs that we did not write: Go's own log library, and OpenSSL.
const run = promisify(execFile);
const go = findGo();
const openssl = findOpenssl();
const SIZES = [1, 255, 1, 2, 400];

let one: TestLedger;
let folder: string;
beforeAll(async () => {
  one = await testLedger();
  folder = join(one.folder, 'export');
  for (const count of SIZES) {
    await one.append(count);
    await exportTo(folder);
    await writeFile(
      join(folder, `checkpoint.${await sizeNow()}`),
      await readFile(join(folder, 'checkpoint')),
    );
  }
  for (const index of [0n, 255n, 256n, 658n]) {
    await writeFile(join(folder, `${index}.tlog-proof`), (await proveEntry(one.ledger, index)) ?? '');
  }
});
afterAll(() => one.drop());

async function exportTo(target: string): Promise<void> {
  for await (const { path, bytes } of ledgerFiles(one.ledger, await signLedger(one.ledger))) {
    await mkdir(dirname(join(target, path)), { recursive: true });
    await writeFile(join(target, path), bytes);
  }
}

async function sizeNow(): Promise<string> {
  return (await readFile(join(folder, 'checkpoint'), 'utf8')).split('\n')[1] ?? '';
}

describe.skipIf('missing' in go)(`Go's note and tlog${needing(go)}`, () => {
  let verifier: string;
  beforeAll(async () => {
    if ('missing' in go) return;
    verifier = at('verify');
    const folders = { HOME: one.folder, GOCACHE: at('go-cache'), PATH: process.env['PATH'] };
    await run(go.found.go, ['build', '-o', verifier, fixture('verify.go')], {
      env: { ...folders, ...go.found.env },
    });
  });

  const verify = async () => (await run(verifier, [folder])).stdout.trim();
  const spoilt = async (path: string, spoil: (bytes: Buffer) => Buffer) => {
    const good = await readFile(join(folder, path));
    await writeFile(join(folder, path), spoil(good));
    try {
      await expect(verify()).rejects.toThrow('verify:');
    } finally {
      await writeFile(join(folder, path), good);
    }
  };

  test('opens every checkpoint, proves each from the one before, and finds every entry in the tiles', async () => {
    expect(await verify()).toBe('659 entries, 5 checkpoints, 4 proofs: good');
  });

  test('attack 66: an export with one entry left out, or one byte changed anywhere, is refused', async () => {
    await spoilt('tile/entries/002.p/147', (bytes) => bytes.subarray(2 + bytes.readUInt16BE(0)));
    await spoilt('tile/entries/000', (bytes) => bytes.subarray(0, -1));
    await spoilt('tile/entries/001', flip);
    await spoilt('tile/0/001', flip);
    await spoilt('tile/1/000.p/2', flip);
    await spoilt('checkpoint', flip);
    await spoilt('checkpoint.256', flip);
    await spoilt('256.tlog-proof', flip);
    expect(await verify()).toContain('good');
  });

  test('attack 66: a shorter export under its own good checkpoint is refused by whoever saw a longer one', async () => {
    const newest = await readFile(join(folder, 'checkpoint'));
    const older = await readFile(join(folder, 'checkpoint.259'));
    await writeFile(join(folder, 'checkpoint'), older);
    try {
      await expect(verify()).rejects.toThrow('checkpoint.659 is ahead of the export');
    } finally {
      await writeFile(join(folder, 'checkpoint'), newest);
    }
  });
});

describe.skipIf('missing' in openssl)(`OpenSSL${needing(openssl)}`, () => {
  test('verifies the signature of a checkpoint, and refuses another text', async () => {
    const note = await readFile(join(folder, 'checkpoint'), 'utf8');
    const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
    const signature = fromBase64(note.trimEnd().split(' ').at(-1) ?? '')?.subarray(4) ?? new Uint8Array();
    const vkey = (await readFile(join(folder, 'log.vkey'), 'utf8')).trim();
    const publicKey =
      fromBase64(/^[^+]+\+[^+]+\+(.*)$/.exec(vkey)?.[1] ?? '')?.subarray(1) ?? new Uint8Array();
    // The fixed beginning of an Ed25519 public key in DER (RFC 8410 section 4).
    await writeFile(
      at('key.der'),
      Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]),
    );
    await writeFile(at('signature'), signature);
    const verify = async (content: string) => {
      await writeFile(at('text'), content);
      const args = ['pkeyutl', '-verify', '-rawin', '-pubin', '-keyform', 'DER'];
      const files = ['-inkey', at('key.der'), '-in', at('text'), '-sigfile', at('signature')];
      return run('found' in openssl ? openssl.found : '', args.concat(files));
    };
    expect((await verify(text)).stdout).toContain('Signature Verified Successfully');
    await expect(verify(text.replace('659', '658'))).rejects.toThrow('openssl');
  });
});

describe('@sigstore/verify', () => {
  // Its part for logs, taken by its file: the package itself only verifies whole bundles of signed artefacts.
  const dist = dirname(createRequire(import.meta.url).resolve('@sigstore/verify'));
  const { verifyTLogInclusion } = createRequire(import.meta.url)(join(dist, 'tlog/index.js')) as {
    verifyTLogInclusion: (entry: unknown, logs: readonly unknown[]) => void;
  };

  const includes = async (spoil: (text: string) => string, change: (bytes: Buffer) => Buffer = (b) => b) => {
    const key = one.ledger.key.verifier;
    const publicKey = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key.publicKey).toString('base64url') };
    const log = {
      logID: Buffer.from(key.id),
      baseURL: `https://${key.name}`,
      publicKey: createPublicKey({ key: publicKey, format: 'jwk' }),
    };
    const [head = '', ...checkpoint] = spoil(await readFile(join(folder, '256.tlog-proof'), 'utf8')).split(
      '\n\n',
    );
    const lines = head.split('\n');
    const inclusionProof = {
      logIndex: lines.find((line) => line.startsWith('index '))?.slice('index '.length),
      hashes: lines.slice(3).map((line) => Buffer.from(line, 'base64')),
      checkpoint: { envelope: checkpoint.join('\n\n') },
    };
    const [stored] = await readEntries(one.ledger.db, 256n, 1);
    const canonicalizedBody = change(Buffer.from(stored?.entry ?? ''));
    verifyTLogInclusion({ inclusionProof, canonicalizedBody }, [log]);
  };

  test('finds an entry of ours under our signed checkpoint by our proof, and no other', async () => {
    await includes((text) => text);
    await expect(includes((text) => text.replace('index 256', 'index 255'))).rejects.toThrow(
      'does not match',
    );
    await expect(includes((text) => text.replace('\n659\n', '\n660\n'))).rejects.toThrow('signature');
    await expect(includes((text) => text, flip)).rejects.toThrow('does not match');
  });
});

test('the entries of the export are the entries of the ledger, byte for byte', async () => {
  const stored = await readEntries(one.ledger.db, 0n, 1_000);
  const bundles = await Promise.all(
    ['000', '001', '002.p/147'].map((name) => readFile(join(folder, 'tile/entries', name))),
  );
  const expected = stored.map(({ entry }) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(Buffer.byteLength(entry));
    return Buffer.concat([length, Buffer.from(entry)]);
  });
  expect(Buffer.concat(bundles).equals(Buffer.concat(expected))).toBe(true);
});

test('an export of a ledger that contradicts its last checkpoint is not made', async () => {
  const other = await testLedger();
  try {
    await other.append(3);
    await signLedger(other.ledger);
    await writeFile(other.ledger.anchorFile, await readFile(join(folder, 'checkpoint')));
    const files = ledgerFiles(other.ledger, await signLedger(other.ledger));
    await expect(files.next()).rejects.toThrow('expected a ledger that verifies');
  } finally {
    await other.drop();
    await rm(other.folder, { recursive: true, force: true });
  }
});

/** Why a test cannot run here, for its name. */
function needing(program: Found<unknown>): string {
  return 'missing' in program ? `, which needs ${program.missing}` : '';
}

function fixture(name: string): string {
  return new URL(`../fixtures/ledger/${name}`, import.meta.url).pathname;
}

function flip(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[40] = (copy[40] ?? 0) ^ 1;
  return copy;
}

/** A path beside the export. */
function at(name: string): string {
  return join(one.folder, name);
}
