import type { VerifierKey } from './key.ts';
import { isSameKey } from './key.ts';
import { parseNote, signatureLine } from './note.ts';
import type { SignMessage, VerifySignature } from './note.ts';
import { refused } from './refusal.ts';
import type { Refused } from './refusal.ts';
import { toUtf8 } from './utf8.ts';

/** That a witness saw a checkpoint follow on every one it saw before (c2sp.org/tlog-cosignature, `cosignature/v1`). */
export interface Cosignature {
  readonly key: VerifierKey;
  /** When it says it saw it, in POSIX seconds. */
  readonly timestamp: bigint;
  /** The signature line, ended by a newline. */
  readonly line: string;
}

const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;
const MAX_TIME = 2n ** 63n - 1n;

/** The signature line by which a witness cosigns the text of a checkpoint at a time (POSIX seconds). */
export function cosign(text: string, timestamp: bigint, key: VerifierKey, sign: SignMessage): string {
  const bytes = new Uint8Array(TIME_BYTES + SIGNATURE_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, timestamp);
  bytes.set(sign(signedMessage(text, timestamp)), TIME_BYTES);
  return signatureLine(key, bytes);
}

/**
 * The cosignatures of known witnesses on a signed checkpoint, one a witness. Lines by others are passed over; one that claims a
 * known witness and does not verify refuses the note whole.
 */
export function openCosignatures(
  note: Uint8Array,
  known: readonly VerifierKey[],
  verify: VerifySignature,
): { ok: true; text: string; cosignatures: Cosignature[] } | Refused {
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const { text, lines } = parsed;
  const cosignatures: Cosignature[] = [];
  for (const { name, id, signature } of lines) {
    const key = known.find((one) => isSameKey(one, name, id));
    if (key === undefined || cosignatures.some((one) => one.key === key)) continue;
    const timestamp = timeOf(signature);
    if (
      timestamp === null ||
      !verify(key.publicKey, signedMessage(text, timestamp), signature.subarray(TIME_BYTES))
    ) {
      return refused(`expected a good cosignature by \`${name}\`, got one that does not verify`);
    }
    cosignatures.push({ key, timestamp, line: signatureLine(key, signature) });
  }
  return { ok: true, text, cosignatures };
}

function timeOf(signature: Uint8Array): bigint | null {
  if (signature.length !== TIME_BYTES + SIGNATURE_BYTES) return null;
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  return time <= MAX_TIME ? time : null;
}

function signedMessage(text: string, timestamp: bigint): Uint8Array {
  return toUtf8(`cosignature/v1\ntime ${timestamp}\n${text}`);
}
