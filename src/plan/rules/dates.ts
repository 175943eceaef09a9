import type { Plan } from '../../contract/plan.ts';
import { datesIn, dayOf, type NamedDate, startOfDay } from '../dates.ts';
import type { Flaw, LintRule, LintSubject } from '../rule.ts';
import type { PlanPath } from '../walk.ts';

const DAY_MS = 86_400_000;

/** Dates: the year of the slot, and what people are told, against the slot and the calendar. */
export const dateRules: readonly LintRule[] = [
  {
    id: 'slot-in-the-past',
    level: 'error',
    counts: null,
    policy: 'in-slot',
    find: ({ plan, now }) => {
      if (plan.slot === null || now === undefined || plan.slot.start > now) return [];
      const { year } = dayOf(plan.slot.start);
      return [
        {
          path: ['slot', 'start'],
          message: `expected a slot that begins after \`${iso(now)}\`, got \`${iso(plan.slot.start)}\``,
          fix: `Propose a slot to come${year < dayOf(now).year ? `; is \`${year}\` the right year?` : '.'}`,
        },
      ];
    },
  },
  {
    id: 'date-in-the-past',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ plan, now }) =>
      now === undefined
        ? []
        : announcements(plan).flatMap(({ text, path }) =>
            datesIn(text)
              .filter((date) => date.year !== null && instantOf(date, date.year) < now - DAY_MS)
              .map((date) => ({
                path,
                message: `expected a date to come, got \`${date.text}\``,
                fix: 'Correct the date; a year that has just changed is easily written wrong.',
              })),
          ),
  },
  {
    id: 'date-differs-from-slot',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ plan }) =>
      [...announcements(plan), { text: plan.description, path: ['description'] }].flatMap(({ text, path }) =>
        datesIn(text).flatMap((date) => differs(date, plan.slot, path)),
      ),
  },
  {
    id: 'tested-in-the-future',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ plan, now }: LintSubject) =>
      now === undefined
        ? []
        : datesIn(plan.testedBefore)
            .filter((date) => date.year !== null && instantOf(date, date.year) > now)
            .map((date) => ({
              path: ['testedBefore'],
              message: `expected a test that has taken place, got \`${date.text}\``,
              fix: 'Test it first, or correct the date.',
            })),
  },
];

/** The texts that speak of what is to come. A reason or a description may well look back. */
function announcements(plan: Plan): readonly { readonly text: string; readonly path: PlanPath }[] {
  return [
    { text: plan.title, path: ['title'] },
    ...plan.communication.flatMap(({ start, end }, i) => [
      { text: start, path: ['communication', i, 'start'] },
      { text: end, path: ['communication', i, 'end'] },
    ]),
  ];
}

/** A slip of the pen keeps two of day, month and year: the same day in another month, or in another year. */
function differs(date: NamedDate, slot: Plan['slot'], path: PlanPath): readonly Flaw[] {
  if (slot === null) return [];
  const days = [dayOf(slot.start), dayOf(slot.end)];
  const fits = days.some((day) => sameDay(day, date) && (date.year === null || date.year === day.year));
  const slip = days.some(
    (day) => sameDay(day, date) || (day.day === date.day && (date.year ?? day.year) === day.year),
  );
  if (fits || !slip) return [];
  return [
    {
      path,
      message: `expected the text to agree with the slot that begins \`${iso(slot.start)}\`, got \`${date.text}\``,
      fix: 'Find out which of the two is meant, and correct the other.',
    },
  ];
}

const sameDay = (day: { month: number; day: number }, date: NamedDate) =>
  day.month === date.month && day.day === date.day;

const instantOf = ({ month, day }: NamedDate, year: number) => startOfDay({ year, month, day });

const iso = (instant: number) => new Date(instant).toISOString().replace('.000Z', 'Z');
