import { describe, expect, test } from 'vitest';
import { toBase64 } from '../../../src/kernel/ledger/base64.ts';
import {
  formatSignerKey,
  formatVerifierKey,
  parseSignerKey,
  parseVerifierKey,
} from '../../../src/kernel/ledger/key.ts';
import type { VerifierKey } from '../../../src/kernel/ledger/key.ts';
import { openNote, signNote } from '../../../src/kernel/ledger/note.ts';
import { bytesOf, sha256, testKey, verifyEd25519 } from './ed25519.ts';

const ana = testKey('example.com/ana');
const ben = testKey('example.com/ben');
const TEXT = 'one line\n\nanother, after an empty one: ünïcode\n';
const NOTE = signNote(TEXT, ana.key, ana.sign);

function open(note: string, keys: readonly VerifierKey[] = [ana.key]) {
  return openNote(bytesOf(note), keys, verifyEd25519);
}

/** The last line of a note. */
function lineOf(note: string): string {
  return `${note.trimEnd().split('\n').at(-1)}\n`;
}

function refuses(because: string) {
  return { ok: false, because: expect.stringContaining(because) };
}

describe('a signed note', () => {
  test('the example of the specification opens with its key', () => {
    const vkey = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
    const parsed = parseVerifierKey(sha256, vkey);
    if (!parsed.ok) throw new Error(parsed.because);
    expect(formatVerifierKey(parsed.key)).toBe(vkey);
    const signature =
      'Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=';
    const note = `This is an example message.\n\n— example.com/foo ${signature}\n`;
    expect(open(note, [parsed.key])).toMatchObject({ ok: true, text: 'This is an example message.\n' });
  });

  test('opens with the key that signed it, whole and with its empty line', () => {
    expect(open(NOTE)).toEqual({ ok: true, text: TEXT, signedBy: [ana.key] });
  });

  test('passes over signatures by unknown keys, and over a second one by the same key', () => {
    const note = NOTE + lineOf(signNote(TEXT, ben.key, ben.sign)) + lineOf(NOTE);
    expect(open(note)).toMatchObject({ ok: true, signedBy: [ana.key] });
    expect(open(note, [ben.key, ana.key])).toMatchObject({ ok: true, signedBy: [ana.key, ben.key] });
    expect(open(note, [testKey('example.com/cleo').key])).toEqual(
      refuses('expected a signature by `example.com/cleo`, got none'),
    );
  });

  test('a key of the same name and another id is another key', () => {
    const other = { ...ben.key, name: ana.key.name };
    expect(open(NOTE, [other])).toEqual(refuses('got none'));
  });

  test('at most a hundred signatures are looked at', () => {
    const line = lineOf(signNote(TEXT, ben.key, ben.sign));
    expect(open(NOTE + line.repeat(99))).toMatchObject({ ok: true });
    expect(open(NOTE + line.repeat(100))).toEqual(refuses('at most 100 signatures, got 101'));
  });
});

describe('attack 65, on a note', () => {
  const signature = Buffer.from(lineOf(NOTE).split(' ')[2] ?? '', 'base64');
  const withSignature = (bytes: Uint8Array) =>
    `${TEXT}\n— ${ana.key.name} ${Buffer.from(bytes).toString('base64')}\n`;

  test('the signature used in these cases is the good one', () => {
    expect(withSignature(signature)).toBe(NOTE);
  });

  test.each([
    ['another text', NOTE.replace('one', 'two'), 'does not verify'],
    [
      'a flipped bit of the signature',
      withSignature(signature.with(10, signature[10]! ^ 1)),
      'does not verify',
    ],
    ['a cut signature', withSignature(signature.subarray(0, -1)), 'does not verify'],
    [
      'a byte behind the signature',
      withSignature(Buffer.concat([signature, Buffer.of(0)])),
      'does not verify',
    ],
    ['an empty signature', withSignature(signature.subarray(0, 4)), 'expected a line'],
    [
      'a forged line under the name and id of the key',
      NOTE.replace(/— \S+ \S+\n$/, () => forged()),
      'does not verify',
    ],
    [
      'a good line after a forged one',
      NOTE.replace(/(— \S+ \S+\n)$/, (line) => forged() + line),
      'does not verify',
    ],
    ['a line of another key under this name', NOTE.replace(/— \S+/, '— example.com/eve'), 'got none'],
    ['CRLF', NOTE.replaceAll('\n', '\r\n'), 'without control characters'],
    ['a tab', NOTE.replace('one line', 'one\tline'), 'without control characters'],
    ['NUL', `${NOTE}\0\n`, 'without control characters'],
    ['trailing bytes', `${NOTE}x`, 'ended by a newline'],
    ['a trailing line', `${NOTE}x\n`, 'expected a line'],
    ['a trailing empty line', `${NOTE}\n`, 'expected a line'],
    ['no final newline', NOTE.trimEnd(), 'ended by a newline'],
    ['no signature', `${TEXT}\n`, 'expected a line'],
    ['no empty line', TEXT.replace('\n\n', '\n'), 'expected an empty line'],
    ['a hyphen for the dash', NOTE.replace('—', '-'), 'expected a line'],
    ['two spaces', NOTE.replace('— ', '—  '), 'expected a line'],
    ['base64 without padding', NOTE.replace(/=*\n$/, '\n').replace(/.\n$/, '\n'), 'expected a line'],
    ['base64 with loose bits', withLooseBits(), 'expected a line'],
    ['nothing', '', 'ended by a newline'],
  ])('%s is refused', (_name, note, because) => {
    expect(open(note)).toEqual(refuses(because));
  });

  test('bytes that are not UTF-8 are refused', () => {
    const note = Buffer.concat([Buffer.of(0xff), bytesOf(NOTE)]);
    expect(openNote(note, [ana.key], verifyEd25519)).toEqual(refuses('expected a note in UTF-8'));
  });

  function forged(): string {
    const bytes = Buffer.concat([ana.key.id, ben.sign(bytesOf(TEXT))]);
    return `— ${ana.key.name} ${bytes.toString('base64')}\n`;
  }

  /** 68 bytes end in a group of two: its last letter has two bits that say nothing. */
  function withLooseBits(): string {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    return NOTE.replace(/(.)=\n$/, (_, last: string) => `${letters[letters.indexOf(last) + 1]}=\n`);
  }
});

test('what is no note text is not signed', () => {
  for (const text of ['', 'no newline', 'a\r\n', '\ud800\n']) {
    expect(() => signNote(text, ana.key, ana.sign)).toThrow('expected a note text');
  }
});

describe('keys as text', () => {
  const vkey = formatVerifierKey(ana.key);

  test('a verifier key is read as it was written', () => {
    expect(parseVerifierKey(sha256, vkey)).toEqual({ ok: true, key: ana.key });
  });

  const [name = '', id = ''] = vkey.split('+');
  const encoded = vkey.slice(name.length + id.length + 2);
  test.each([
    ['a name that the id was not made for', vkey.replace('ana', 'eve'), 'expected the key id'],
    ['another id', `${name}+00000000+${encoded}`, 'expected the key id'],
    ['an id in capitals', `${name}+${id.toUpperCase()}+${encoded}`, 'expected a verifier key'],
    ['no name', `+${id}+${encoded}`, 'expected a verifier key'],
    ['a name with a space', `a b+${id}+${encoded}`, 'expected a verifier key'],
    [
      'another type',
      `${name}+${id}+${toBase64(Buffer.concat([Buffer.of(4), ana.key.publicKey]))}`,
      'Ed25519',
    ],
    [
      'a short key',
      `${name}+${id}+${toBase64(Buffer.concat([Buffer.of(1), ana.key.publicKey.subarray(1)]))}`,
      'Ed25519',
    ],
    ['a trailing newline', `${vkey}\n`, 'expected a verifier key'],
  ])('%s is refused', (_name, text, because) => {
    expect(parseVerifierKey(sha256, text)).toEqual(refuses(because));
  });

  test('a signing key is read as it was written, and no refusal repeats any of it', () => {
    const seed = sha256(bytesOf('seed'));
    const text = formatSignerKey({ name: ana.key.name, id: ana.key.id, seed });
    expect(parseSignerKey(text)).toEqual({ ok: true, key: { name: ana.key.name, id: ana.key.id, seed } });
    for (const broken of [text.slice(8), text.slice(0, -4), `${text}x`, text.replace('+A', '+B')]) {
      const result = parseSignerKey(broken);
      expect(result).toMatchObject({ ok: false });
      expect(JSON.stringify(result)).not.toContain(toBase64(seed).slice(4, 12));
    }
  });
});
