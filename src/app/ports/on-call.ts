import type { RawAnswer } from '../../contract/monitoring.ts';
import type { Severity } from '../../kernel/policy/facts.ts';
import type { Seen } from './connection.ts';
import type { ShiftEvent } from './shift-calendar.ts';

/** One look at a peer: until when, and where every raw answer of it is kept as evidence. */
export interface Looking {
  readonly signal: AbortSignal;
  readonly note: (raw: RawAnswer) => void;
}

/** A stretch of one schedule, as its peer names it. Instants in epoch milliseconds. */
export interface ScheduleQuestion {
  readonly schedule: string;
  readonly from: number;
  readonly to: number;
  /** What is written down somewhere and is older counts for nothing; a peer that is asked says what is so now. */
  readonly writtenSince: number;
}

/** Who is on call by the schedules of a peer. */
export interface OnCall {
  /** How far ahead it is asked, at most. */
  readonly aheadMs: number;
  /** Of this host: where it cannot be had, nobody is on call by what it said before. */
  readonly isHere?: true;
  /** Everybody who is on call in the stretch; a part of the answer is none. */
  shifts(question: ScheduleQuestion, looking: Looking): Promise<Seen<readonly ShiftEvent[]>>;
}

/** An incident that a peer has as open. */
export interface OpenIncident {
  /** The peer's own id of it. */
  readonly key: string;
  /** As people name it there. */
  readonly shownAs: string;
  readonly title: string;
  readonly severity: Severity;
}

/** The incidents of a peer. */
export interface Incidents {
  /** All that are open; a part of the list is none, for what is not in it may be over. */
  open(looking: Looking): Promise<Seen<readonly OpenIncident[]>>;
  /** Whether one that is not in the list is over. */
  isOver(key: string, looking: Looking): Promise<Seen<boolean>>;
}
