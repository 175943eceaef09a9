import type { DelayedCheckView } from '../contract/watching.ts';

/** Delayed checks, a line each: how it went, or when it is due. */
export function delayedLines(checks: readonly DelayedCheckView[]): readonly string[] {
  return checks.map(({ name, verdict, dueAt, because, due, overdueAt }) => {
    const open = overdueAt !== null ? 'overdue' : due ? 'due' : 'open';
    return `${verdict ?? open} ${name}: ${because ?? `due ${dueAt}`}`;
  });
}
