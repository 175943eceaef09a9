const UNIT_MS = {
  y: 365 * 86_400_000,
  w: 7 * 86_400_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
} as const;
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|[ywdhms]))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|[ywdhms])/g;

/** Milliseconds of a duration as Prometheus writes it (`15s`, `1m`, `1m30s`), or `null` if it is none. */
export function prometheusDurationMs(text: string): number | null {
  if (text === '0') return 0;
  if (!DURATION.test(text)) return null;
  return [...text.matchAll(PART)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS],
    0,
  );
}

/** A window as PromQL writes it; never shorter than a second. */
export function promqlWindow(ms: number): string {
  return `${Math.max(1, Math.ceil(ms / 1_000))}s`;
}
