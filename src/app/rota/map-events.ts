import type { PersonMapping, SourceOverride, UnmappedEvent } from '../../contract/rota-sources.ts';
import { agreed } from '../../kernel/calendar/agreed.ts';
import { formatInstant } from '../../kernel/calendar/instant.ts';
import type { Held } from '../../kernel/calendar/overlay.ts';
import type { ShiftEvent } from '../ports/shift-calendar.ts';

/** What a calendar says, in accounts of ours. */
export interface Mapped {
  readonly shifts: readonly Held[];
  /** What leaves a gap, and why. */
  readonly unmapped: readonly UnmappedEvent[];
  readonly overrides: readonly SourceOverride[];
}

/** Who may be on call, and which account each event stands for. */
export interface Mapping {
  readonly table: readonly PersonMapping[];
  readonly people: ReadonlySet<string>;
}

const MOST_UNMAPPED = 200;
const LONGEST_SUMMARY = 200;

/** Reads events as shifts. Whatever does not name exactly one account leaves a gap: nothing is guessed. */
export function mapEvents(events: readonly ShiftEvent[], mapping: Mapping): Mapped {
  const shifts: Held[] = [];
  const unclear: { readonly start: number; readonly end: number }[] = [];
  const unmapped: UnmappedEvent[] = [];
  const overrides: SourceOverride[] = [];
  for (const event of events) {
    const found = event.because === null ? personOf(event, mapping) : { because: event.because };
    if ('person' in found && event.span) {
      shifts.push({ person: found.person, ...event.span });
      if (event.override === true) overrides.push(overrideOf(found.person, event.span));
      continue;
    }
    if (event.span) unclear.push(event.span);
    unmapped.push(shown(event, 'because' in found ? found.because : 'its time cannot be told'));
  }
  const { shifts: held, contested } = agreed(shifts, unclear);
  const torn = contested.map((span) =>
    shown({ summary: '(several)', span }, 'more than one person is named for this time'),
  );
  return {
    shifts: held,
    unmapped: [...unmapped, ...torn].slice(0, MOST_UNMAPPED),
    overrides: overrides.slice(0, MOST_UNMAPPED),
  };
}

function overrideOf(person: string, { start, end }: NonNullable<ShiftEvent['span']>): SourceOverride {
  return { person, start: formatInstant(start), end: formatInstant(end) };
}

function personOf(
  { summary, emails, accounts = [] }: ShiftEvent,
  { table, people }: Mapping,
): { readonly person: string } | { readonly because: string } {
  const named = table.filter((row) => {
    if (row.account !== undefined) return accounts.includes(row.account);
    return row.email === undefined ? row.summary === summary : emails.includes(row.email.toLowerCase());
  });
  const persons = [...new Set(named.map(({ person }) => person))];
  const [person] = persons;
  if (person === undefined) return { because: 'it names nobody of the table' };
  if (persons.length > 1) return { because: `it names more than one: ${persons.join(', ')}` };
  return people.has(person) ? { person } : { because: `\`${person}\` has no account that can be on call` };
}

function shown({ summary, span }: Pick<ShiftEvent, 'summary' | 'span'>, because: string): UnmappedEvent {
  return {
    summary: summary.slice(0, LONGEST_SUMMARY).toWellFormed(),
    start: span && formatInstant(span.start),
    end: span && formatInstant(span.end),
    because,
  };
}
