import type { Transaction } from '../../store/database.ts';
import type { LockText } from '../../store/locks.ts';
import { insertEffect } from '../../store/outbox.ts';

const DAY_MS = 86_400_000;

/** A lock as teams are told of it. */
export type ToldLock = Pick<LockText, 'kind' | 'environments' | 'reason' | 'start' | 'end' | 'recurrence'>;

interface Word {
  readonly id: string;
  readonly version: number;
  /** What became of it, before the person's name. */
  readonly what: string;
  readonly who: string;
  readonly text: ToldLock;
  /** Why it was done, where that is another reason than the lock's. */
  readonly why?: string;
}

/** Tells the teams in the production channel what became of a lock, once. */
export async function sayOfLock(tx: Transaction, { id, version, what, who, text, why }: Word): Promise<void> {
  const because = why === undefined ? '' : ` Why: ${why}.`;
  const body = `${title(id, text)}, ${what} ${who}: ${whenText(text)}.${because} ${concerned(text)} Reason: ${text.reason}`;
  await sayInChannel(tx, { key: `lock:${id}:${version}:${what}`, about: `lock/${id}`, body });
}

/** Tells them that it begins soon, once for each occurrence and each time ahead. */
export async function sayAhead(
  tx: Transaction,
  lock: { readonly id: string; readonly text: ToldLock & { readonly end: Date }; readonly aheadMs: number },
): Promise<void> {
  const { id, text, aheadMs } = lock;
  const body = `Ahead: ${title(id, text)}: ${whenText({ ...text, recurrence: null })}. ${concerned(text)} Reason: ${text.reason}`;
  const key = `lock-ahead:${id}:${text.kind}:${text.start.toISOString()}:${aheadMs}`;
  await sayInChannel(tx, { key, about: `lock/${id}`, body });
}

async function sayInChannel(
  tx: Transaction,
  { key, about, body }: { readonly key: string; readonly about: string; readonly body: string },
): Promise<void> {
  await insertEffect(tx, { key, topic: 'say', payload: { about, body } });
}

function title(id: string, { kind, environments }: ToldLock): string {
  return `${kind} lock ${id} of ${environments.join(', ')}`;
}

function whenText({ start, end, recurrence }: ToldLock): string {
  const until = end === null ? 'without an end' : `to ${minuteOf(end)} UTC`;
  if (recurrence === null) {
    const days = end === null ? 0 : Math.round((end.getTime() - start.getTime()) / DAY_MS);
    return `${minuteOf(start)} ${until}${days > 1 ? `, ${days} days` : ''}`;
  }
  const { rule, days } = recurrence;
  return `from ${minuteOf(start)} ${until}, again by ${rule}, ${days} ${days === 1 ? 'day' : 'days'} each`;
}

function minuteOf(instant: Date): string {
  return instant.toISOString().slice(0, 16).replace('T', ' ');
}

function concerned({ kind }: ToldLock): string {
  return kind === 'hard'
    ? 'No change starts in that time, deployments included.'
    : 'No C1 or C2 change starts in that time; a production deployment of C3 or C4 needs the word of the EOC.';
}
