import type { SlotWarning } from '../../contract/calendar.ts';
import { formatInstant } from '../../kernel/calendar/instant.ts';
import { overlapping } from '../../kernel/calendar/span.ts';
import type { Policy } from '../../kernel/policy/policy.ts';
import type { LockSpan } from '../lock/occurrences.ts';
import type { ShiftRow } from '../../store/rota.ts';
import type { SlotRow } from '../../store/slots.ts';

const DAY_MS = 86_400_000;

/** What is known around a slot. Instants in epoch milliseconds. */
export interface Around {
  readonly start: number;
  readonly end: number;
  readonly environment: string;
  /** Shifts of the EOC rota that touch the slot. */
  readonly eoc: readonly ShiftRow[];
  /** Other requests near it, of any service. */
  readonly near: readonly SlotRow[];
  readonly nearMs: number;
  readonly locks: readonly LockSpan[];
}

/** What is worth knowing before a slot is taken, and stops nobody. */
export function slotWarnings(policy: Policy, around: Around): SlotWarning[] {
  return [...rotaWarnings(around), ...nearChanges(around), ...nearLocks(policy, around)];
}

function rotaWarnings({ start, end, eoc }: Around): SlotWarning[] {
  const found: SlotWarning[] = [];
  let covered = start;
  for (const shift of eoc) {
    const begins = shift.start.getTime();
    if (begins > covered) found.push(gap(covered, Math.min(begins, end)));
    else if (begins > start)
      found.push({
        kind: 'shift-change',
        text: `\`${shift.person}\` takes over as EOC at ${formatInstant(begins)}, inside the slot`,
      });
    covered = Math.max(covered, shift.end.getTime());
  }
  if (covered < end) found.push(gap(covered, end));
  return found;
}

function gap(start: number, end: number): SlotWarning {
  return {
    kind: 'rota-gap',
    text: `nobody is EOC from ${formatInstant(start)} to ${formatInstant(end)}`,
  };
}

function nearChanges({ start, end, near, nearMs }: Around): SlotWarning[] {
  return near
    .filter(({ criticality }) => criticality === 'C1' || criticality === 'C2')
    .filter((other) => other.start.getTime() < end + nearMs && other.end.getTime() > start - nearMs)
    .map((other) => ({
      kind: 'near-change',
      text: `${other.id} (${other.criticality}) ${other.accepted ? 'runs' : 'is pencilled in'} from ${other.start.toISOString()} to ${other.end.toISOString()}`,
    }));
}

function nearLocks(policy: Policy, { start, end, environment, locks }: Around): SlotWarning[] {
  const there = policy.locks.get(environment);
  const standing = there
    ? [
        ...overlapping(there.soft, start - DAY_MS, end + DAY_MS),
        ...overlapping(there.hard, start - DAY_MS, end + DAY_MS),
      ]
    : [];
  const ours = locks.map((lock) => ({
    id: lock.id,
    kind: lock.kind,
    releaseDay: false,
    start: lock.start.getTime(),
    end: lock.end.getTime(),
  }));
  return [...standing, ...ours]
    .filter((lock) => lock.start < end + DAY_MS && lock.end > start - DAY_MS)
    .map((lock) => {
      const inside = lock.start < end && lock.end > start;
      const when = `${formatInstant(lock.start)} to ${formatInstant(lock.end)}`;
      return lock.releaseDay
        ? { kind: 'release-day', text: `${inside ? 'inside' : 'within a day of'} the release day, ${when}` }
        : {
            kind: 'lock-near',
            text: `${inside ? 'inside' : 'within a day of'} the ${lock.kind} lock ${lock.id}, ${when}`,
          };
    });
}
