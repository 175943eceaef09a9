/** Three outcomes; `unknown` is never a pass. */
export const VERDICTS = ['pass', 'fail', 'unknown'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A verdict with the numbers it rests on: what was wanted and what was seen. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly because: string;
}

/**
 * One verdict of many: any fail is a fail; else anything that is not a pass is unknown; else pass.
 * INVARIANT: nothing at all is unknown, never a pass.
 */
export function combineVerdicts(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail';
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'pass') ? 'pass' : 'unknown';
}

export const pass = (because: string): Judgement => ({ verdict: 'pass', because });
export const fail = (because: string): Judgement => ({ verdict: 'fail', because });
export const unknown = (because: string): Judgement => ({ verdict: 'unknown', because });
