const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Standard base64 with padding (RFC 4648 section 4). Own code, for the runtimes that have no `toBase64` yet. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = bytes.subarray(i, i + 3);
    const group = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += letter(group >> 18) + letter(group >> 12);
    text += b === undefined ? '=' : letter(group >> 6);
    text += c === undefined ? '=' : letter(group);
  }
  return text;
}

/**
 * The bytes of standard base64, or `null`. Strict: padding is required, the unused bits of the last group must be
 * zero, nothing else may stand in the text. So a text and its bytes determine each other.
 */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const char of text.slice(0, text.length - padding)) {
    const value = ALPHABET.indexOf(char);
    if (value < 0) return null;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = held >> bits;
  }
  return (held & ((1 << bits) - 1)) === 0 ? bytes : null;
}

function letter(bits: number): string {
  return ALPHABET.charAt(bits & 0x3f);
}
