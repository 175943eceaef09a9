import type { Transaction } from '../../store/database.ts';
import { insertNotices, type NewNotice } from '../../store/notices.ts';

/** The longest body, in characters: an inbox is read in passing, what it is about holds the rest. */
const LONGEST = 4_000;

/**
 * Tells people something, each in their own inbox, in the transaction of what they are told of: nobody hears of what was
 * undone. The same key tells the same person once. Gives who was told now.
 */
export async function tellPeople(tx: Transaction, notice: NewNotice): Promise<string[]> {
  const to = [...new Set(notice.to)];
  if (to.length === 0) return [];
  const { body } = notice;
  const short = body.length > LONGEST ? `${body.slice(0, LONGEST - 1).toWellFormed()}…` : body;
  return insertNotices(tx, { ...notice, to, body: short });
}
