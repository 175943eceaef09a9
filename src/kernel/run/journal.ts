/** An attempt as a journal names it. */
export interface JournalLine {
  readonly kind: 'intent' | 'begun' | 'result';
  readonly grant: string;
  readonly list: string;
  readonly position: number;
  readonly attempt: number;
}

/** Executions that were intended and have no result: what became of them nobody wrote down. */
export function openIntents<T extends JournalLine>(entries: readonly T[]): readonly T[] {
  const ended = new Set(entries.filter(({ kind }) => kind === 'result').map(attemptOf));
  return entries.filter((entry) => entry.kind === 'intent' && !ended.has(attemptOf(entry)));
}

/** One attempt at one step under one grant. */
export function attemptOf({ grant, list, position, attempt }: JournalLine): string {
  return `${grant} ${list} ${position} ${attempt}`;
}
