import { issueOfChange, takeMovedIssues } from '../../store/change-issues.ts';
import type { Transaction } from '../../store/database.ts';
import { insertEffect } from '../../store/outbox.ts';
import type { AppContext } from '../context.ts';
import type { Handed, Taken, Tracker } from '../ports/connection.ts';

/** Has the issues closed that a request was moved away from, once its own stands elsewhere. */
export async function closeFormer(tx: Transaction, change: string): Promise<void> {
  const about = `change/${change}`;
  for (const { id, connection, issue } of await takeMovedIssues(tx, change))
    await insertEffect(tx, {
      key: `moved-issue:${id}`,
      topic: 'close-issue',
      payload: { change, issue },
      connection,
      about,
    });
}

/** Closes an issue that a request was moved away from, with a word that leads to the one where it goes on. */
export async function closeMoved(
  { db, connections }: Pick<AppContext, 'db' | 'connections'>,
  { connection, tracker }: { readonly connection: string; readonly tracker: Tracker },
  { handed, change, issue }: { readonly handed: Handed; readonly change: string; readonly issue: string },
  signal: AbortSignal,
): Promise<Taken> {
  const now = await issueOfChange(db, change);
  if (!now?.issue) return { kind: 'later', because: MOVING, retryAfterMs: null };
  // It came back: this very issue is its own again.
  if (now.connection === connection && now.issue === issue) return { kind: 'taken', receipt: null };
  const there = connections.all.find(({ name }) => name === now.connection)?.offers.tracker;
  const address = there?.addressOf(now.issue) ?? null;
  const name = address === null ? `\`${now.issue}\` at ${now.connection}` : `[${now.issue}](${address})`;
  const body = `${change} goes on in ${name}. This issue is closed; what is written here counts for nothing from now on.`;
  return tracker.close({ ...handed, issue, body }, signal);
}

const MOVING = 'expected the issue in which the request goes on, got none that is open yet';
