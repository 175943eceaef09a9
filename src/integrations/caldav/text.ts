import { createHash } from 'node:crypto';
import type { PublishedEvent } from '../../app/ports/calendar-text.ts';
import { eventText } from '../ical/publish.ts';

/** What stands in an object of a collection. */
export interface StandingEvent {
  /** Which log's calendar it is of, by its own word; `null` where it says none. */
  readonly by: string | null;
  readonly sequence: number;
  /** Of all that it says. */
  readonly digest: string;
  /** Whether it says what was written: nobody else changed it. */
  readonly untouched: boolean;
}

const MARK = 'X-INTERLOCK';
/** What a server may set or write otherwise without changing what the event says. */
const NOT_SAID = /^(?:DTSTAMP|CREATED|LAST-MODIFIED|X-[A-Z0-9-]+)$/;

/** An event as an object of its own, marked as ours and with the digest of what it says. */
export function markedText(
  event: PublishedEvent,
  by: string,
): { readonly text: string; readonly digest: string } {
  const plain = eventText(event);
  const digest = digestOf(saidIn(linesOf(plain)));
  const mark = `${MARK}:${markOf(by)}.${digest}\r\n`;
  return { text: plain.replace('\r\nEND:VEVENT', () => `\r\n${mark}END:VEVENT`), digest };
}

/** What an object says; `null` where it is no single event. */
export function readStanding(text: string): StandingEvent | null {
  const lines = linesOf(text);
  const said = saidIn(lines);
  if (lines.filter((line) => /^BEGIN:VEVENT$/i.test(line)).length !== 1) return null;
  const [, by, written] =
    lines.map((line) => /^X-INTERLOCK:([0-9a-f]{8})\.([0-9a-f]{32})$/.exec(line)).find(Boolean) ?? [];
  const digest = digestOf(said);
  const sequence = Number(/^SEQUENCE=(\d{1,9})$/m.exec(said.join('\n'))?.[1] ?? 0);
  return { by: by ?? null, sequence, digest, untouched: written === digest };
}

/** As it stands in an event. */
export function markOf(by: string): string {
  return createHash('sha256').update(by).digest('hex').slice(0, 8);
}

/** Lines unfolded (RFC 5545, section 3.1). */
function linesOf(text: string): string[] {
  return text.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/);
}

/** Every line of the event, parameters left out, whatever their order. */
function saidIn(lines: readonly string[]): string[] {
  const from = lines.findIndex((line) => /^BEGIN:VEVENT$/i.test(line));
  const to = lines.findLastIndex((line) => /^END:VEVENT$/i.test(line));
  return lines
    .slice(from + 1, Math.max(to, from + 1))
    .map((line) => /^([A-Za-z0-9-]+)(?:;[^:]*)?:(.*)$/.exec(line))
    .flatMap((line) =>
      line && !NOT_SAID.test(line[1]!.toUpperCase()) ? [`${line[1]!.toUpperCase()}=${line[2]}`] : [],
    )
    .toSorted();
}

function digestOf(said: readonly string[]): string {
  return createHash('sha256').update(said.join('\n')).digest('hex').slice(0, 32);
}
