import type { PolicyFile } from '../contract/policy.ts';
import type { PolicyLockEntry } from '../contract/policy-lock.ts';
import { DAY_MS } from '../kernel/calendar/hours.ts';
import { daysFromEpoch } from '../kernel/calendar/instant.ts';
import { spanList, type Span } from '../kernel/calendar/span.ts';
import type { Lock } from '../kernel/policy/facts.ts';
import type { PolicyLocks } from '../kernel/policy/policy.ts';
import type { ReportFlaw } from './policy-compile.ts';
import { layOut } from './recurrence.ts';

/** The time for which recurrences are laid out. Beyond it, whether a lock holds is unknown and nothing passes. */
export const LAID_OUT: Span = {
  start: daysFromEpoch(1970, 1, 1) * DAY_MS,
  end: daysFromEpoch(2150, 1, 1) * DAY_MS,
};

/** The policy's locks by environment, as spans, recurrences laid out. */
export function compileLocks(file: PolicyFile, report: ReportFlaw): ReadonlyMap<string, PolicyLocks> {
  reportNames(file, report);
  const byEnvironment = new Map<string, Lock[]>();
  file.locks.forEach((entry, index) => {
    const spans = spansOf(entry, file.lockDayBegins, (message) =>
      report(['locks', index, 'recurs', 'rule'], message),
    );
    const { id, kind, reason } = entry;
    const releaseDay = id === file.releaseDay;
    const locks = spans.map(({ start, end }): Lock => ({ id, kind, reason, releaseDay, start, end }));
    for (const environment of new Set(entry.environments ?? operational(file))) {
      byEnvironment.set(environment, [...(byEnvironment.get(environment) ?? []), ...locks]);
    }
  });
  return new Map([...byEnvironment].map(([name, locks]) => [name, sorted(locks)]));
}

function operational(file: PolicyFile): string[] {
  return Object.entries(file.environments).flatMap(([name, environment]) =>
    environment.operational ? [name] : [],
  );
}

function sorted(locks: readonly Lock[]): PolicyLocks {
  return {
    soft: spanList(locks.filter(({ kind }) => kind === 'soft')),
    hard: spanList(locks.filter(({ kind }) => kind === 'hard')),
    releaseDays: spanList(locks.filter((lock) => lock.releaseDay)),
  };
}

function spansOf(
  entry: PolicyLockEntry,
  dayBeginsMs: number,
  report: (message: string) => void,
): readonly Span[] {
  if (entry.recurs !== undefined) {
    const laidOut = layOut(entry.recurs, dayBeginsMs, LAID_OUT);
    if (laidOut.ok) return laidOut.spans;
    report(laidOut.message);
  }
  if (entry.first === undefined || entry.last === undefined) return [];
  return [{ start: entry.first * DAY_MS + dayBeginsMs, end: (entry.last + 1) * DAY_MS + dayBeginsMs }];
}

/** Ids are what exemptions name, so each has to mean one lock; and what is named has to be there. */
function reportNames(file: PolicyFile, report: ReportFlaw): void {
  const seen = new Set<string>();
  file.locks.forEach(({ id, environments }, index) => {
    if (seen.has(id))
      report(['locks', index, 'id'], `expected an id of its own, got \`${id}\` a second time`);
    seen.add(id);
    environments?.forEach((name, place) => {
      if (!Object.hasOwn(file.environments, name)) {
        report(
          ['locks', index, 'environments', place],
          `expected an environment of this policy, got \`${name}\``,
        );
      }
    });
  });
  if (file.releaseDay !== null && !seen.has(file.releaseDay)) {
    report(['releaseDay'], `expected the id of a lock of this policy, got \`${file.releaseDay}\``);
  }
}
