const MASK = Buffer.from('[masked]');

/** Masks secrets in a stream of bytes, also where one is split across chunks. */
export interface Redactor {
  /** The part of what came so far that can no longer be the begin of a secret. */
  push(chunk: Buffer): Buffer;
  /** The rest. */
  end(): Buffer;
}

/**
 * A redactor for these secrets. It holds back only what may be the begin of one, so that a line is shown as soon as it is
 * printed.
 */
export function redactor(secrets: readonly string[]): Redactor {
  const needles = secrets.filter((secret) => secret !== '').map((secret) => Buffer.from(secret));
  if (needles.length === 0) return { push: (chunk) => chunk, end: () => Buffer.alloc(0) };
  let held: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const { out, rest } = mask(bytes, needles, beginOfSecret(bytes, needles));
      held = rest;
      return out;
    },
    end() {
      const { out } = mask(held, needles, held.length);
      held = Buffer.alloc(0);
      return out;
    },
  };
}

/** The text with every secret masked. */
export function redactText(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (sofar, secret) => (secret === '' ? sofar : sofar.replaceAll(secret, '[masked]')),
    text,
  );
}

/** A copy of a JSON value with every secret masked in every text. */
export function redactValue<T>(value: T, secrets: readonly string[]): T {
  if (secrets.length === 0) return value;
  // The shape stays: only texts change, and only in place.
  return masked(value, secrets) as T;
}

function masked(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return redactText(value, secrets);
  if (Array.isArray(value)) return value.map((item) => masked(item, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, masked(item, secrets)]));
}

/** Where the longest end of these bytes begins that a secret begins with; their length where there is none. */
function beginOfSecret(bytes: Buffer, needles: readonly Buffer[]): number {
  const longest = Math.max(...needles.map((needle) => needle.length));
  for (let from = Math.max(0, bytes.length - longest + 1); from < bytes.length; from += 1) {
    const end = bytes.subarray(from);
    if (needles.some((needle) => needle.length > end.length && needle.subarray(0, end.length).equals(end)))
      return from;
  }
  return bytes.length;
}

/** Masks every secret that begins before `until`; what begins there is not decided yet. */
function mask(
  bytes: Buffer,
  needles: readonly Buffer[],
  until: number,
): { readonly out: Buffer; readonly rest: Buffer } {
  const parts: Buffer[] = [];
  let from = 0;
  const next = needles.map((needle) => bytes.indexOf(needle));
  for (;;) {
    const hit = firstHit(next);
    const at = hit === null ? until : (next[hit] ?? until);
    if (hit === null || at >= until) break;
    parts.push(bytes.subarray(from, at), MASK);
    from = at + (needles[hit]?.length ?? 0);
    needles.forEach((needle, index) => {
      const known = next[index] ?? -1;
      if (known >= 0 && known < from) next[index] = bytes.indexOf(needle, from);
    });
  }
  const cut = Math.max(from, until);
  parts.push(bytes.subarray(from, cut));
  // A copy: the chunk it came in may be large.
  return {
    out: parts.length === 1 ? (parts[0] ?? bytes) : Buffer.concat(parts),
    rest: Buffer.from(bytes.subarray(cut)),
  };
}

/** The needle that is found first; of several at one place the longest, as the needles are sorted. */
function firstHit(next: readonly number[]): number | null {
  let best: number | null = null;
  next.forEach((at, index) => {
    if (at >= 0 && (best === null || at < (next[best] ?? Infinity))) best = index;
  });
  return best;
}
