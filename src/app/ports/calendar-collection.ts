import type { PublishedEvent } from './calendar-text.ts';
import type { Handed, Seen, Taken } from './taken.ts';

/** An event that has to stand in a collection. */
export interface WantedEvent extends Handed {
  /** Which log's calendar it is of: two servers that write into one collection never take each other's events for their own. */
  readonly by: string;
  /** With the least sequence that it may have. */
  readonly event: PublishedEvent;
  /** The tag of what was last known to stand there; `null` where we know of nothing. */
  readonly known: string | null;
}

export interface GoneEvent extends Handed {
  readonly by: string;
  readonly uid: string;
  readonly known: string | null;
}

/** A collection of events at a server where people keep calendars. Other events in it are never touched. */
export interface CalendarCollection {
  /** Where it is; what was written to another place is not looked for here. No secret. */
  readonly place: string;
  /** Where people find this server, for the links; `null` where nobody said. */
  readonly site: string | null;
  /**
   * Brings an event to what is wanted; writes nothing where it is so. The receipt: its sequence, a space, its tag there, and ` restored` where
   * somebody else had changed it.
   */
  keep(wanted: WantedEvent, signal: AbortSignal): Promise<Taken>;
  /** Takes an event of ours out. The receipt is `gone`. */
  remove(gone: GoneEvent, signal: AbortSignal): Promise<Taken>;
  /** The tags of those of these events that are there. */
  look(uids: readonly string[], signal: AbortSignal): Promise<Seen<ReadonlyMap<string, string>>>;
}
