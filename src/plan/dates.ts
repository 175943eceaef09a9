const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const FORMS = [
  /\b(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})\b/g,
  new RegExp(
    `\\b(?<day>\\d{1,2})(?:st|nd|rd|th)?(?: of)? (?<month>${MONTH.slice(1, -1)})\\b(?:,? (?<year>\\d{4})\\b)?`,
    'gi',
  ),
  new RegExp(
    `\\b(?<month>${MONTH.slice(1, -1)}) (?<day>\\d{1,2})(?:st|nd|rd|th)?\\b(?:,? (?<year>\\d{4})\\b)?`,
    'gi',
  ),
];

/** A date as a text names it; `year` is `null` where the text leaves it out. Months count from 1. */
export interface NamedDate {
  readonly text: string;
  readonly year: number | null;
  readonly month: number;
  readonly day: number;
}

/** Every date that a text names: `2026-11-17`, `17 November 2026`, `Nov 17`. */
export function datesIn(text: string): readonly NamedDate[] {
  if (!/\d/.test(text)) return [];
  return FORMS.flatMap((form) => [...text.matchAll(form)]).flatMap(({ 0: found, groups }) => {
    const month = monthOf(groups?.['month'] ?? '');
    const day = Number(groups?.['day']);
    const year = groups?.['year'] === undefined ? null : Number(groups['year']);
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? [{ text: found, year, month, day }] : [];
  });
}

const monthOf = (written: string) =>
  /^\d+$/.test(written) ? Number(written) : MONTHS.indexOf(written.slice(0, 3).toLowerCase()) + 1;

/** The day in UTC on which an instant (epoch milliseconds) falls. */
export function dayOf(instant: number): {
  readonly year: number;
  readonly month: number;
  readonly day: number;
} {
  const date = new Date(instant);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** The first instant of a day in UTC, in epoch milliseconds. */
export const startOfDay = (date: {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}): number => Date.UTC(date.year, date.month - 1, date.day);
