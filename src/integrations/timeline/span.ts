/** RFC 3339 with an offset: a time without one is nobody knows when. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;
/** Nobody is on call for longer at a stretch: what says so is about something else. */
const LONGEST_MS = 366 * 86_400_000;

/** The span between two instants as people write them; `null` where it cannot be told. Epoch milliseconds, half open. */
export function spanOf(
  startText: string | null | undefined,
  endText: string | null | undefined,
): { readonly start: number; readonly end: number } | null {
  const [start, end] = [instantOf(startText), instantOf(endText)];
  if (start === null || end === null || end <= start || end - start > LONGEST_MS) return null;
  return { start, end };
}

/** Epoch milliseconds; `null` where it is no instant. */
export function instantOf(text: string | null | undefined): number | null {
  if (typeof text !== 'string' || !INSTANT.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}
