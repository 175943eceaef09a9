import { clock } from '../../store/clock.ts';
import type { Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import type { LoadedChange } from '../change-facts.ts';
import type { PlanRead } from './read-plan.ts';

/** No request bears this number: nothing was ever said of it. */
const NO_REQUEST = 'CHG-0';

/** A plan as the request that it would be, if it were filed now by whoever asks. */
export async function asNew(
  tx: Transaction,
  call: Call,
  { outline, revision }: PlanRead,
): Promise<LoadedChange> {
  const { person, botOf } = call.actor;
  const at = new Date(await clock(tx));
  const { words: _found, services, ...rest } = outline;
  return {
    row: {
      ...rest,
      services: [...services],
      id: NO_REQUEST,
      state: 'unscheduled',
      revision: 1,
      version: 1n,
      author: person,
      author_bot_of: botOf,
      slot_start: null,
      slot_end: null,
      slot_edition: 0,
      slot_accepted: false,
      on_calendar: false,
      retry_of: null,
      cloned_from: null,
      opened_at: at,
    },
    revision: { ...revision, revision: 1, by: person, at },
    said: { approvals: [], exceptions: [] },
  };
}
