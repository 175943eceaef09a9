import { MINUTE_MS } from '../calendar/hours.ts';
import type { Facts } from './facts.ts';

/** The time that a question is about. What is not known of it is `undefined`. */
export type Interval = {
  readonly start: number | undefined;
  readonly end: number | undefined;
  /** As far as it is known to reach at least; the start itself if nothing more is known. */
  readonly sureEnd: number | undefined;
  /** It begins now, so that waiting moves it. */
  readonly movesWithTime: boolean;
};

/** Estimate and rollback estimate together in milliseconds; `undefined` if one of them is not known. */
export function lengthMs({ change }: Pick<Facts, 'change'>): number | undefined {
  const { estimateMinutes, rollbackMinutes } = change;
  if (estimateMinutes === undefined || rollbackMinutes === undefined) return undefined;
  return Math.ceil((estimateMinutes + rollbackMinutes) * MINUTE_MS);
}

/** The interval of a question: the slot, from now on for as long as it may take, or this instant. */
export function intervalOf(facts: Facts): Interval {
  const { action, at, change } = facts;
  if (action === 'step' || action === 'rollback' || action === 'complete') {
    return { start: at, end: at, sureEnd: at, movesWithTime: true };
  }
  if (action === 'schedule' && change.slot !== null) {
    const { start, end } = change.slot;
    return { start, end, sureEnd: end ?? start, movesWithTime: false };
  }
  const length = lengthMs(facts);
  const known = (change.estimateMinutes ?? 0) + (change.rollbackMinutes ?? 0);
  return {
    start: at,
    end: length === undefined ? undefined : at + length,
    sureEnd: at + Math.floor(known * MINUTE_MS),
    movesWithTime: true,
  };
}
