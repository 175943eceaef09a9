import { createHash } from 'node:crypto';
import type { WantedIssue } from '../../app/ports/connection.ts';

const BEGIN = '<!-- interlock:begin -->';
const END = '<!-- interlock:end -->';

/** What a tracker keeps of our part of an issue. */
export interface Kept {
  readonly text: string;
  readonly labels: readonly string[];
  readonly due: string | null;
  readonly open: boolean;
  /** Whether others read it who should not: it was to be confidential, and somebody made it public. */
  readonly exposed: boolean;
}

/** The text of an issue with our part as it is wanted: between our markers, or after what people wrote where there are none. */
export function withSection(text: string, section: string): string {
  const bounds = boundsOf(text);
  const ours = `${BEGIN}\n${section.trimEnd()}\n${END}`;
  if (bounds === null) return text.trim() === '' ? ours : `${text.trimEnd()}\n\n${ours}`;
  return `${text.slice(0, bounds.start)}${ours}${text.slice(bounds.end)}`;
}

/** From our first marker to our last: whatever our part itself holds ends nothing. */
function boundsOf(text: string): { readonly start: number; readonly end: number } | null {
  const start = text.indexOf(BEGIN);
  const end = text.lastIndexOf(END);
  return start === -1 || end < start ? null : { start, end: end + END.length };
}

/** Whether a label is one that we set and take away. */
export function isOurs(label: string): boolean {
  return /^change::[a-z-]+$|^C[1-4]$/.test(label);
}

/** What a receipt names of our part, so that what others write in it is seen, and what they write around it is not. */
export function keptDigest({ text, labels, due, open, exposed }: Kept): string {
  const bounds = boundsOf(text);
  const ours = bounds === null ? null : lines(text.slice(bounds.start, bounds.end));
  const kept = [ours, labels.filter(isOurs).toSorted(), due, open, ...(exposed ? ['exposed'] : [])];
  return createHash('sha256').update(JSON.stringify(kept)).digest('hex');
}

/**
 * What has to be written so that an issue is as wanted; `null` where it is. Nothing else is: between our looking and our writing people write
 * too, and what they do to a text, a label or a date that we leave alone stays.
 */
export function changesOf(kept: Kept, wanted: WantedIssue) {
  const whole = withSection(kept.text, wanted.section);
  const text = lines(whole) === lines(kept.text) ? null : whole;
  const add = wanted.labels.filter((label) => !kept.labels.includes(label));
  const remove = kept.labels.filter((label) => isOurs(label) && !wanted.labels.includes(label));
  const due = kept.due === wanted.due ? null : { day: wanted.due };
  const turns = kept.open === wanted.open ? null : wanted.open ? ('open' as const) : ('closed' as const);
  const same = text === null && add.length + remove.length === 0 && due === null && turns === null;
  return same && !kept.exposed ? null : { text, add, remove, due, turns, hide: kept.exposed };
}

const lines = (text: string) => text.replaceAll('\r\n', '\n');

/** By this an issue that was opened before is known again; no person sees it. */
export function markOf(id: string): string {
  return `<!-- interlock:id ${createHash('sha256').update(id).digest('hex').slice(0, 32)} -->`;
}

/** The word of a mark that a tracker searches for. */
export function wordOf(mark: string): string {
  return /[0-9a-f]{32}/.exec(mark)?.[0] ?? mark;
}
