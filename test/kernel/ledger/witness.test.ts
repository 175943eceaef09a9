import { describe, expect, test } from 'vitest';
import { signCheckpoint } from '../../../src/kernel/ledger/checkpoint.ts';
import { cosign, openCosignatures } from '../../../src/kernel/ledger/cosignature.ts';
import { emptyRoot, leafHash, nodeHash } from '../../../src/kernel/ledger/hash.ts';
import { formatVerifierKey, parseVerifierKey, verifierKey } from '../../../src/kernel/ledger/key.ts';
import { formatSubmission, parseSubmission } from '../../../src/kernel/ledger/submission.ts';
import { judgeSubmission } from '../../../src/kernel/ledger/witness.ts';
import { base64, bytesOf, sha256, testKey, verifyEd25519 } from './ed25519.ts';

const log = testKey('example.com/log');
const other = testKey('example.com/other');
const impostor = testKey('impostor');
const leaves = ['one', 'two', 'three'].map((text) => leafHash(sha256, bytesOf(text)));
const [one, two, three] = leaves as [Uint8Array, Uint8Array, Uint8Array];
const root2 = nodeHash(sha256, one, two);
const root3 = nodeHash(sha256, root2, three);
const at = (size: bigint, root: Uint8Array, by = log) => signCheckpoint({ size, root }, by.key, by.sign);

interface Asked {
  readonly oldSize: bigint;
  readonly proof: readonly Uint8Array[];
  readonly checkpoint: string;
  readonly last: readonly [bigint, Uint8Array] | null;
}

const judged = ({ last, ...submission }: Asked) =>
  judgeSubmission(submission, {
    logs: [log.key],
    last: last === null ? null : { size: last[0], root: last[1] },
    hash: sha256,
    verify: verifyEd25519,
  });

describe('a witness', () => {
  test.each([
    ['the first tree that it sees', { oldSize: 0n, proof: [], checkpoint: at(2n, root2), last: null }],
    ['the empty tree', { oldSize: 0n, proof: [], checkpoint: at(0n, emptyRoot(sha256)), last: null }],
    [
      'what continues the last',
      { oldSize: 2n, proof: [three], checkpoint: at(3n, root3), last: [2n, root2] },
    ],
    ['the same once more', { oldSize: 2n, proof: [], checkpoint: at(2n, root2), last: [2n, root2] }],
  ] as const)('cosigns %s', (_name, asked) => {
    expect(judged(asked)).toMatchObject({ verdict: 'cosign' });
  });

  const forged = signCheckpoint({ size: 3n, root: root3 }, { ...log.key }, impostor.sign);
  test.each([
    [
      'unknown-log',
      'of a log that it does not watch',
      { oldSize: 0n, proof: [], checkpoint: at(2n, root2, other), last: null },
    ],
    [
      'not-signed',
      'signed by another under that name',
      { oldSize: 2n, proof: [three], checkpoint: forged, last: [2n, root2] },
    ],
    [
      'malformed',
      'with leading zeros',
      { oldSize: 0n, proof: [], checkpoint: at(2n, root2).replace('\n2\n', '\n02\n'), last: null },
    ],
    [
      'malformed',
      'with CRLF',
      { oldSize: 0n, proof: [], checkpoint: at(2n, root2).replaceAll('\n', '\r\n'), last: null },
    ],
    [
      'malformed',
      'with trailing bytes',
      { oldSize: 0n, proof: [], checkpoint: `${at(2n, root2)}x`, last: null },
    ],
    [
      'malformed',
      'older than its old size',
      { oldSize: 3n, proof: [], checkpoint: at(2n, root2), last: [3n, root3] },
    ],
    [
      'conflict',
      'from a size that is not the last',
      { oldSize: 0n, proof: [], checkpoint: at(3n, root3), last: [2n, root2] },
    ],
    ['conflict', 'that rolls back', { oldSize: 2n, proof: [], checkpoint: at(2n, root2), last: [3n, root3] }],
    [
      'conflict',
      'with a second root of one size',
      { oldSize: 2n, proof: [], checkpoint: at(2n, root3), last: [2n, root2] },
    ],
    [
      'conflict',
      'of an empty tree that is not empty',
      { oldSize: 0n, proof: [], checkpoint: at(0n, root2), last: null },
    ],
    [
      'inconsistent',
      'that does not continue the last',
      { oldSize: 2n, proof: [three], checkpoint: at(3n, three), last: [2n, root2] },
    ],
    [
      'inconsistent',
      'without its proof',
      { oldSize: 2n, proof: [], checkpoint: at(3n, root3), last: [2n, root2] },
    ],
    [
      'inconsistent',
      'with a proof from nothing',
      { oldSize: 0n, proof: [three], checkpoint: at(3n, root3), last: null },
    ],
  ] as const)('answers `%s` to a tree %s', (verdict, _name, asked) => {
    expect(judged(asked)).toMatchObject({ verdict });
  });

  test('tells in a conflict which size it cosigned', () => {
    expect(judged({ oldSize: 0n, proof: [], checkpoint: at(3n, root3), last: [2n, root2] })).toMatchObject({
      size: 2n,
    });
    expect(judged({ oldSize: 1n, proof: [two], checkpoint: at(2n, root2), last: null })).toMatchObject({
      size: 0n,
    });
  });
});

describe('a submission', () => {
  const submission = { oldSize: 2n, proof: [three], checkpoint: at(3n, root3) };
  const BODY = formatSubmission(submission);

  test('is read as it was written', () => {
    expect(BODY).toMatch(/^old 2\n\S{44}\n\nexample\.com\/log\n3\n/);
    expect(parseSubmission(bytesOf(BODY))).toEqual({ ok: true, submission });
    expect(parseSubmission(bytesOf(formatSubmission({ ...submission, proof: [] })))).toMatchObject({
      ok: true,
    });
  });

  test.each([
    ['leading zeros', BODY.replace('old 2', 'old 02')],
    ['no old size', BODY.replace('old 2\n', '')],
    ['half a hash', BODY.replace(/\n\S{4}(\S{40}\n\n)/, '\n$1')],
    ['CRLF', BODY.replaceAll('\n', '\r\n')],
    ['no empty line', BODY.replaceAll('\n\n', '\n')],
    [
      'more hashes than a tree has levels',
      formatSubmission({ ...submission, proof: Array.from({ length: 64 }, () => three) }),
    ],
  ])('with %s is refused', (_name, body) => {
    expect(parseSubmission(bytesOf(body))).toMatchObject({ ok: false });
  });
});

describe('a cosignature', () => {
  const pair = testKey('witness.example.com/w1');
  const key = verifierKey(sha256, 'witness.example.com/w1', pair.key.publicKey, 'cosignature');
  const note = at(3n, root3);
  const text = note.slice(0, note.indexOf('\n\n') + 1);
  const line = cosign(text, 1_679_315_147n, key, pair.sign);

  test('signs the time and the whole text, as the specification spells them', () => {
    const bytes = base64(line.trimEnd().split(' ').at(-1) ?? '');
    expect(bytes).toHaveLength(4 + 8 + 64);
    expect(Buffer.from(bytes.subarray(4, 12)).toString('hex')).toBe('00000000641850cb');
    const message = bytesOf(`cosignature/v1\ntime 1679315147\n${text}`);
    expect(verifyEd25519(key.publicKey, message, bytes.subarray(12))).toBe(true);
    expect(Buffer.from(bytes.subarray(0, 4))).toEqual(
      Buffer.from(
        sha256(Buffer.concat([bytesOf('witness.example.com/w1\n\u0004'), key.publicKey])).subarray(0, 4),
      ),
    );
  });

  test('is found below the signature of the log, and those of others are passed over', () => {
    const stranger = verifierKey(sha256, 'elsewhere', pair.key.publicKey, 'cosignature');
    const whole = bytesOf(note + cosign(text, 1n, stranger, pair.sign) + line);
    expect(openCosignatures(whole, [key], verifyEd25519)).toEqual({
      ok: true,
      text,
      cosignatures: [{ key, timestamp: 1_679_315_147n, line }],
    });
    expect(openCosignatures(bytesOf(note), [key], verifyEd25519)).toMatchObject({
      ok: true,
      cosignatures: [],
    });
  });

  test.each([
    ['of another time', line.replace(/ \S+\n$/, (old) => ` ${moved(old.trim())}\n`), note],
    ['of another tree', line, at(2n, root2)],
    ['cut short', line.replace(/ \S+\n$/, (old) => ` ${old.trim().slice(0, 16)}\n`), note],
    ['of a year beyond all', cosign(text, 2n ** 63n, key, pair.sign), note],
  ])('%s refuses the note whole', (_name, forged, below) => {
    expect(openCosignatures(bytesOf(below + forged), [key], verifyEd25519)).toMatchObject({ ok: false });
  });

  test('has a key of its own type', () => {
    const vkey = formatVerifierKey(key, 'cosignature');
    expect(parseVerifierKey(sha256, vkey, 'cosignature')).toEqual({ ok: true, key });
    expect(parseVerifierKey(sha256, vkey)).toMatchObject({ ok: false });
    expect(parseVerifierKey(sha256, formatVerifierKey(pair.key), 'cosignature')).toMatchObject({ ok: false });
  });
});

/** A cosignature with another time in it. */
function moved(encoded: string): string {
  const bytes = Buffer.from(encoded, 'base64');
  bytes[11] = (bytes[11] ?? 0) ^ 1;
  return bytes.toString('base64');
}
