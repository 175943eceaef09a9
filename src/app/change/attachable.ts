import { MEDIA_TYPES, mediaTypeOfName, type MediaType } from '../../contract/attachments.ts';
import { hiddenCharacterIn } from '../../plan/hidden-character.ts';

/** A file that somebody wants to attach, with what they say of it. */
export interface Sent {
  readonly name: string;
  /** The header `content-type` as it came. */
  readonly declared: string;
  readonly bytes: Uint8Array;
}

/**
 * The type of a file, on which its bytes, its name and its declaration agree; else why it is not taken, in one line without the
 * texts that were sent.
 */
export function attachable({ name, declared, bytes }: Sent): { readonly type: MediaType } | string {
  const wrong = wrongName(name);
  if (wrong !== null) return `expected a plain file name, got one ${wrong}`;
  const named = mediaTypeOfName(name);
  if (named === null) {
    return `expected a name that ends in one of ${Object.values(MEDIA_TYPES).flat().join(', ')}, got another`;
  }
  const [type, ...parameters] = declared.toLowerCase().split(';');
  if (type?.trim() !== named || parameters.some((one) => !/^\s*charset="?utf-8"?\s*$/.test(one)))
    return `expected the content type \`${named}\`, as the name says, got another`;
  if (bytes.length === 0) return 'expected a file with something in it, got an empty one';
  const why = BINARY[named] ? startsWith(bytes, BINARY[named]) : wrongText(named, bytes);
  return why === null ? { type: named } : why;
}

const LONGEST_NAME = 150;

function wrongName(name: string): string | null {
  if (name.length > LONGEST_NAME) return `longer than ${LONGEST_NAME} characters`;
  if (hiddenCharacterIn(name) !== null || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name))
    return 'with a character that cannot be seen';
  // Folders, drives and streams of every system; and what is markup where a name is shown.
  if (/[/\\<>:"|?*]/.test(name)) return 'with one of / \\ < > : " | ? *';
  if (/^[.\s~-]|[.\s]$/.test(name)) return 'that begins with a dot, a dash, a tilde or a space, or ends so';
  return null;
}

/** How a file of this type begins: one of these. */
const BINARY: { readonly [T in MediaType]?: readonly string[] } = {
  'image/png': ['\x89PNG\r\n\x1a\n'],
  'image/jpeg': ['\xff\xd8\xff'],
  'image/gif': ['GIF87a', 'GIF89a'],
  'application/pdf': ['%PDF-'],
};

function startsWith(bytes: Uint8Array, beginnings: readonly string[]): string | null {
  const head = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  return beginnings.some((one) => head.startsWith(one))
    ? null
    : 'expected the bytes of the type that its name says, got others';
}

/** What a browser or a shell would take for something to run, or a program for no text. */
const NO_TEXT = /^\s*(?:<[a-z!?]|#!|%pdf-|gif8[79]a)/i;

function wrongText(type: MediaType, bytes: Uint8Array): string | null {
  const text = textOf(bytes);
  if (text === null) return 'expected text in UTF-8 without NUL, got other bytes';
  if (NO_TEXT.test(text)) return 'expected plain text, got what begins as markup, a script or another type';
  if (type === 'application/json' && !isJson(text)) return 'expected JSON, as the name says, got other text';
  return null;
}

function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
