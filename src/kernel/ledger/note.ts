import { fromBase64, toBase64 } from './base64.ts';
import { isKeyName, isSameKey } from './key.ts';
import type { VerifierKey } from './key.ts';
import { refused } from './refusal.ts';
import type { Refused } from './refusal.ts';
import { fromUtf8, toUtf8 } from './utf8.ts';

/** Whether `signature` is the key's Ed25519 signature of `message`. */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** Signs with a key that stays where it is; gives the 64 bytes of an Ed25519 signature. */
export type SignMessage = (message: Uint8Array) => Uint8Array;

/** A note with at least one good signature by a known key. `text` ends with a newline. */
export interface OpenedNote {
  readonly ok: true;
  readonly text: string;
  readonly signedBy: readonly VerifierKey[];
}

/** A signature as it stands below a note, not looked at yet. */
export interface SignatureLine {
  readonly name: string;
  readonly id: Uint8Array;
  readonly signature: Uint8Array;
}

const DASH = '— ';
const ID_BYTES = 4;
/** The specification asks for at least 16; Go's implementation allows 100. */
const MAX_SIGNATURES = 100;

/** The signed note (c2sp.org/signed-note) of a text that ends with a newline, with one signature. */
export function signNote(text: string, key: VerifierKey, sign: SignMessage): string {
  if (!isNoteText(text)) {
    throw new RangeError('expected a note text without control characters that ends with a newline');
  }
  return `${text}\n${signatureLine(key, sign(toUtf8(text)))}`;
}

/** The line of a signature by this key, ended by a newline. */
export function signatureLine(key: VerifierKey, signature: Uint8Array): string {
  const bytes = new Uint8Array(ID_BYTES + signature.length);
  bytes.set(key.id);
  bytes.set(signature, ID_BYTES);
  return `${DASH}${key.name} ${toBase64(bytes)}\n`;
}

/**
 * Opens a signed note: its text may be looked at only if this gives it. Signatures by keys that are not known are
 * passed over; one that claims a known key and does not verify refuses the note whole.
 */
export function openNote(
  note: Uint8Array,
  known: readonly VerifierKey[],
  verify: VerifySignature,
): OpenedNote | Refused {
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const message = toUtf8(parsed.text);
  const signedBy: VerifierKey[] = [];
  for (const line of parsed.lines) {
    const key = known.find((one) => isSameKey(one, line.name, line.id));
    if (key === undefined || signedBy.includes(key)) continue;
    if (!verify(key.publicKey, message, line.signature)) {
      return refused(`expected a good signature by \`${key.name}\`, got one that does not verify`);
    }
    signedBy.push(key);
  }
  if (signedBy.length === 0) {
    return refused(`expected a signature by ${known.map((key) => `\`${key.name}\``).join(' or ')}, got none`);
  }
  return { ok: true, text: parsed.text, signedBy };
}

/** Text and signature lines of a note. Nothing of it is to be believed yet. */
export function parseNote(note: Uint8Array): { ok: true; text: string; lines: SignatureLine[] } | Refused {
  const whole = fromUtf8(note);
  if (whole === null) return refused('expected a note in UTF-8, got other bytes');
  if (!isNoteText(whole)) {
    return refused('expected a note of lines without control characters, each ended by a newline');
  }
  const blank = whole.lastIndexOf('\n\n');
  if (blank < 0) return refused('expected an empty line before the signatures, got none');
  const text = whole.slice(0, blank + 1);
  const rows = whole.slice(blank + 2, -1).split('\n');
  if (rows.length > MAX_SIGNATURES) {
    return refused(`expected at most ${MAX_SIGNATURES} signatures, got ${rows.length}`);
  }
  const lines: SignatureLine[] = [];
  for (const row of rows) {
    const line = parseSignatureLine(row);
    if (line === null) return refused(`expected a line \`${DASH}name signature\`, got \`${row}\``);
    lines.push(line);
  }
  return { ok: true, text, lines };
}

function parseSignatureLine(row: string): SignatureLine | null {
  const [dash, name, base64, ...rest] = row.split(' ');
  if (dash !== DASH.trimEnd() || name === undefined || base64 === undefined || rest.length > 0) return null;
  const bytes = fromBase64(base64);
  if (!isKeyName(name) || bytes === null || bytes.length <= ID_BYTES) return null;
  return { name, id: bytes.subarray(0, ID_BYTES), signature: bytes.subarray(ID_BYTES) };
}

function isNoteText(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.endsWith('\n') && text.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/.test(text);
}
