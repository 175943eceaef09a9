import { publicWords, type ChangeUpdateRow } from '../../store/change-updates.ts';
import { clock } from '../../store/clock.ts';
import { liveRuns } from '../../store/runs.ts';
import type { AppContext } from '../context.ts';

/** One word to the public. */
export interface PublicEntry {
  /** The same for as long as it is the same word; it says nothing of the request. */
  readonly id: string;
  readonly at: string;
  readonly title: string;
  readonly text: string;
  /** Of planned maintenance. */
  readonly from: string | null;
  readonly to: string | null;
  /** Where the clock says other than what was told: it goes on past its end, or has not begun at its start. */
  readonly late: 'goes-on' | 'not-begun' | null;
}

/** What the public may know: words that were told to end users, and whether something is under way. */
export interface PublicStatus {
  readonly title: string;
  readonly underWay: readonly PublicEntry[];
  /** The next one first. */
  readonly planned: readonly PublicEntry[];
  /** Everything that was told lately, the newest first. */
  readonly told: readonly PublicEntry[];
}

const DAYS = 45;
const DAY_MS = 86_400_000;
const MOST = 200;

/** The public page's content; `null` where the configuration has none. */
export async function readPublicStatus(context: AppContext): Promise<PublicStatus | null> {
  const { status } = context.audiences;
  if (status === null) return null;
  const now = await clock(context.db);
  const rows = await publicWords(context.db, new Date(now - DAYS * DAY_MS), MOST);
  const live = new Set((await liveRuns(context.db)).map(({ changeId }) => changeId));
  // The newest word about each: of a maintenance that was taken back or has begun nothing is planned.
  const newest = rows.filter(
    (row, index) => rows.findIndex(({ change_id }) => change_id === row.change_id) === index,
  );
  const entry = (row: Row) => entryOf(context, row);
  // The time that was told of it last: a word about its start bears none.
  const toldEnd = (row: Row) =>
    ends(
      rows.find(({ change_id, slot_end }) => change_id === row.change_id && slot_end !== null)?.slot_end ??
        null,
    );
  return {
    title: status.title,
    underWay: newest
      .filter(({ change_id }) => live.has(change_id))
      .map((row) => ({
        ...entry(row),
        late: toldEnd(row) > 0 && toldEnd(row) <= now ? ('goes-on' as const) : null,
      })),
    planned: newest
      .filter(
        ({ what, slot_end, change_id }) => what === 'ahead' && !live.has(change_id) && ends(slot_end) > now,
      )
      .toSorted((a, b) => ends(a.slot_start) - ends(b.slot_start))
      .map((row) => ({ ...entry(row), late: ends(row.slot_start) <= now ? ('not-begun' as const) : null })),
    told: rows.map(entry),
  };
}

type Row = Awaited<ReturnType<typeof publicWords>>[number];

const TITLES: Readonly<Record<ChangeUpdateRow['what'], string>> = {
  ahead: 'planned maintenance',
  off: 'planned maintenance does not take place',
  start: 'maintenance has begun',
  word: 'maintenance: news',
  end: 'maintenance has ended',
};

function entryOf({ ledger }: AppContext, row: Row): PublicEntry {
  return {
    id: opaque(ledger.book.key.derive(`public word ${row.id}`)),
    at: row.at.toISOString(),
    title: `${row.environment}: ${TITLES[row.what]}`,
    text: row.body,
    from: row.slot_start?.toISOString() ?? null,
    to: row.slot_end?.toISOString() ?? null,
    late: null,
  };
}

/** As a UUID of one's own making (RFC 9562, version 8). */
function opaque(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.slice(0, 16)).toString('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

function ends(instant: Date | null): number {
  return instant?.getTime() ?? 0;
}
