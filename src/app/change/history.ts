import type { History, HistoryEntry, HistoryQuery } from '../../contract/change-history.ts';
import { ledgerEntry } from '../../contract/ledger.ts';
import { historyOf } from '../../store/change-history.ts';
import { endingOf, type ChangeEnding } from '../../store/change-endings.ts';
import { findChange } from '../../store/changes.ts';
import type { AppContext } from '../context.ts';
import { noChange } from './show.ts';

/** Every entry about a request and what belongs to it, refusals included. @throws {AppError} `not_found` */
export async function readHistory({ db }: AppContext, id: string, query: HistoryQuery): Promise<History> {
  const { from = 0n, limit } = query;
  if (!(await findChange(db, id))) throw noChange(id);
  const rows = await historyOf(db, id, { from, limit: limit + 1 });
  const ending = await endingOf(db, id);
  return {
    entries: rows.slice(0, limit).map(({ index, entry }) => entryView(index, entry, ending)),
    next: rows[limit]?.index.toString() ?? null,
  };
}

function entryView(index: bigint, text: string, ending: ChangeEnding | undefined): HistoryEntry {
  const { time, actor, type, object, action, outcome, reason, source } = ledgerEntry.parse(JSON.parse(text));
  const { subject, capacity } = actor;
  const recorded = { type, object, action, outcome, reason, source };
  const ended = outcome === 'allow' && type === `change.${ending?.state}`;
  const wrote = ended && ending !== undefined ? ending.reason : null;
  return { index: index.toString(), at: time, actor: subject, capacity, ...recorded, said: wrote };
}
