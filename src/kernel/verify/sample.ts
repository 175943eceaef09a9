const DECIMAL = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * The number a sample's text stands for, or `null` if it stands for none. The only place where text becomes a number here:
 * `Number` reads Prometheus's `+Inf` as NaN, and `''`, `' '` and `null` as 0.
 *
 * `NaN` and the infinities are read as such, because Prometheus writes them; they are never a measured value (`isMeasured`).
 */
export function parseSample(text: unknown): number | null {
  if (typeof text !== 'string') return null;
  switch (text) {
    case 'NaN':
      return Number.NaN;
    case '+Inf':
    case 'Inf':
      return Number.POSITIVE_INFINITY;
    case '-Inf':
      return Number.NEGATIVE_INFINITY;
    default:
      return DECIMAL.test(text) ? Number(text) : null;
  }
}

/** Whether a number can be compared with a limit at all: every comparison with NaN is false, and `!(x > limit)` then passes. */
export function isMeasured(value: number): boolean {
  return Number.isFinite(value);
}

/** A sample as Prometheus writes it. */
export function sampleText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
