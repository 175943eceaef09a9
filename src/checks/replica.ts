import { inconclusive, judgeValue, type MeasuredValue, type Ranges } from '../kernel/verify/measurement.ts';
import { span } from '../kernel/verify/quantity.ts';

/** Longest silence of a primary: half of its `wal_sender_timeout` is when it speaks even if it has nothing to say. */
const SILENCE_SECONDS = 60;

/** Whether it is a replica: true or false. */
export const REPLICA_QUERY = 'select pg_is_in_recovery()';

/** What tells a replica's lag, in one row. Where the receiver does not run, or may not be seen, its columns are null. */
export const LAG_QUERY = `
select pg_is_in_recovery(),
       receiver.status,
       extract(epoch from clock_timestamp() - receiver.last_msg_receipt_time)::float8,
       pg_last_wal_replay_lsn() >= receiver.latest_end_lsn,
       extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8
from (select) as one left join pg_stat_wal_receiver as receiver on true`;

/**
 * Judges by how many seconds a replica lags. A replica that receives nothing has replayed all that it has, and would seem to lag by
 * nothing: so it has to stream, and its primary to have spoken a moment ago. One that has replayed to the primary's end lags by 0,
 * however long ago the last transaction was.
 */
export function judgeLag(row: readonly unknown[], ranges: Ranges): MeasuredValue {
  const [replica, status, silent, caughtUp, sinceReplay] = row;
  if (replica !== true) return inconclusive('a replica wanted; it is a primary');
  if (status !== 'streaming')
    return inconclusive(
      `a replica that streams wanted; its receiver ${typeof status === 'string' ? `says \`${status}\`` : 'does not run, or may not be seen by this role (pg_read_all_stats)'}`,
    );
  if (typeof silent !== 'number' || !(silent <= SILENCE_SECONDS))
    return inconclusive(
      `a primary that spoke within ${span(SILENCE_SECONDS * 1_000)} wanted; ${typeof silent === 'number' ? `it is silent for ${span(silent * 1_000)}` : 'it never spoke'}`,
    );
  if (caughtUp === true) return judgeValue(0, ranges);
  if (caughtUp !== false) return inconclusive('the end of the primary wanted; it did not tell it yet');
  return typeof sinceReplay === 'number'
    ? judgeValue(Math.max(0, sinceReplay), ranges)
    : inconclusive('the age of the last replayed transaction wanted; it replayed none yet');
}
