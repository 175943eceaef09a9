import { expect, test } from 'vitest';
import { toBase64 } from '../../../src/kernel/ledger/base64.ts';
import {
  isFork,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from '../../../src/kernel/ledger/checkpoint.ts';
import { signNote } from '../../../src/kernel/ledger/note.ts';
import { bytesOf, sha256, testKey, verifyEd25519 } from './ed25519.ts';

const log = testKey('example.com/log');
const root = sha256(bytesOf('root'));
const ROOT = toBase64(root);

test('a checkpoint opens as what was signed, past 2^53 too', () => {
  const size = 2n ** 53n + 1n;
  const note = signCheckpoint({ size, root }, log.key, log.sign);
  expect(note).toMatch(/^example\.com\/log\n9007199254740993\n\S{44}\n\n— example\.com\/log \S+\n$/);
  expect(openCheckpoint(bytesOf(note), log.key, verifyEd25519)).toEqual({
    ok: true,
    checkpoint: { origin: 'example.com/log', size, root },
  });
});

test('a checkpoint that the log signed for another origin is refused', () => {
  const note = signNote(`example.com/other\n1\n${ROOT}\n`, log.key, log.sign);
  expect(openCheckpoint(bytesOf(note), log.key, verifyEd25519)).toEqual({
    ok: false,
    because: 'expected the origin `example.com/log`, got `example.com/other`',
  });
});

test('a note without a good signature is not read as a checkpoint', () => {
  const note = signCheckpoint({ size: 1n, root }, log.key, testKey('example.com/eve').sign);
  expect(openCheckpoint(bytesOf(note), log.key, verifyEd25519)).toMatchObject({ ok: false });
});

test('extension lines are passed over', () => {
  expect(parseCheckpoint(`o\n1\n${ROOT}\nmore\n`)).toMatchObject({ ok: true, checkpoint: { size: 1n } });
});

test.each([
  ['leading zeros', `o\n01\n${ROOT}\n`],
  ['two zeros', `o\n00\n${ROOT}\n`],
  ['a plus', `o\n+1\n${ROOT}\n`],
  ['a minus', `o\n-1\n${ROOT}\n`],
  ['a space', `o\n 1\n${ROOT}\n`],
  ['hexadecimal', `o\n0x1\n${ROOT}\n`],
  ['an exponent', `o\n1e3\n${ROOT}\n`],
  ['digits that are not ASCII', `o\n١\n${ROOT}\n`],
  ['no size', `o\n\n${ROOT}\n`],
  ['a short root', `o\n1\n${ROOT.slice(4)}\n`],
  ['a root in base64url', `o\n1\n${ROOT.slice(0, -2)}_=\n`],
  ['no root', 'o\n1\n'],
  ['no origin', `\n1\n${ROOT}\n`],
  ['an empty extension line', `o\n1\n${ROOT}\n\n`],
  ['no final newline', `o\n1\n${ROOT}`],
])('attack 65: %s is refused', (_name, text) => {
  expect(parseCheckpoint(text)).toMatchObject({ ok: false });
});

test('attack 64: two checkpoints of one size are a fork if their roots differ', () => {
  const one = { origin: 'o', size: 5n, root };
  expect(isFork(one, { ...one })).toBe(false);
  expect(isFork(one, { ...one, root: sha256(root) })).toBe(true);
  expect(isFork(one, { ...one, size: 6n, root: sha256(root) })).toBe(false);
});
