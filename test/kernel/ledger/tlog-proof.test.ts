import { expect, test } from 'vitest';
import { signCheckpoint } from '../../../src/kernel/ledger/checkpoint.ts';
import { leafHash, nodeHash } from '../../../src/kernel/ledger/hash.ts';
import { formatTlogProof, parseTlogProof, verifyTlogProof } from '../../../src/kernel/ledger/tlog-proof.ts';
import { bytesOf, sha256, testKey, verifyEd25519 } from './ed25519.ts';

const log = testKey('example.com/log');
const trust = { key: log.key, hash: sha256, verify: verifyEd25519 };
const entry = bytesOf('the entry');
const sibling = leafHash(sha256, bytesOf('its neighbour'));
const root = nodeHash(sha256, sibling, leafHash(sha256, entry));
const checkpoint = signCheckpoint({ size: 2n, root }, log.key, log.sign);
const FILE = formatTlogProof({ index: 1n, extra: null, hashes: [sibling], checkpoint });

test('a proof is read and verified as it was written', () => {
  expect(FILE).toMatch(/^c2sp\.org\/tlog-proof@v1\nindex 1\n\S{44}\n\nexample\.com\/log\n2\n/);
  expect(parseTlogProof(bytesOf(FILE))).toMatchObject({ ok: true, proof: { index: 1n, checkpoint } });
  expect(verifyTlogProof(bytesOf(FILE), entry, trust)).toEqual({
    ok: true,
    index: 1n,
    checkpoint: { origin: 'example.com/log', size: 2n, root },
  });
});

test('extra data is carried, and nothing is believed for it', () => {
  const file = formatTlogProof({ index: 1n, extra: entry, hashes: [sibling], checkpoint });
  expect(file).toContain('@v1\nextra dGhlIGVudHJ5\nindex 1\n');
  expect(parseTlogProof(bytesOf(file))).toMatchObject({ ok: true, proof: { extra: entry } });
  expect(verifyTlogProof(bytesOf(file), bytesOf('another entry'), trust)).toMatchObject({ ok: false });
});

test('extra data is passed over, and a proof of no hashes is one for the only leaf', () => {
  const withExtra = FILE.replace('\nindex', '\nextra c29tZXRoaW5n\nindex');
  expect(verifyTlogProof(bytesOf(withExtra), entry, trust)).toMatchObject({ ok: true });
  const alone = signCheckpoint({ size: 1n, root: leafHash(sha256, entry) }, log.key, log.sign);
  const file = formatTlogProof({ index: 0n, extra: null, hashes: [], checkpoint: alone });
  expect(verifyTlogProof(bytesOf(file), entry, trust)).toMatchObject({ ok: true, index: 0n });
});

test.each([
  ['another entry', FILE, bytesOf('another entry'), 'another root'],
  ['another index', FILE.replace('index 1', 'index 0'), entry, 'another root'],
  ['an index past the end', FILE.replace('index 1', 'index 2'), entry, 'below the tree'],
  [
    'extra data that is no base64',
    FILE.replace('\nindex', '\nextra *\nindex'),
    entry,
    'extra data in base64',
  ],
  ['leading zeros', FILE.replace('index 1', 'index 01'), entry, 'index N'],
  ['a changed size', FILE.replace('\n2\n', '\n3\n'), entry, 'does not verify'],
  ['a missing hash', FILE.replace(/\n\S{44}\n\n/, '\n\n'), entry, 'another length'],
  ['half a hash', FILE.replace(/\n\S{4}(\S{40}\n\n)/, '\n$1'), entry, 'a hash in base64'],
  ['another version', FILE.replace('@v1', '@v2'), entry, 'first line'],
  ['CRLF', FILE.replaceAll('\n', '\r\n'), entry, 'empty line'],
  ['trailing bytes', `${FILE}x`, entry, 'newline'],
  ['no checkpoint', FILE.slice(0, FILE.indexOf('\n\n')), entry, 'empty line'],
])('%s is refused', (_name, file, what, because) => {
  expect(verifyTlogProof(bytesOf(file), what, trust)).toEqual({
    ok: false,
    because: expect.stringContaining(because),
  });
});
