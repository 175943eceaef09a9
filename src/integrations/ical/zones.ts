const TIMED = /^(DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)((?:;[^:]*)?):(.*)$/i;
/** No zone of this name exists, so nothing that bears it is read as a time. */
const NO_ZONE = 'Interlock/None';

/**
 * The text of a calendar in which every time names its zone: those that float get the one that is given, or one that does not
 * exist. The library would take the zone of this process for them, or the first one that the file describes.
 */
export function withZones(text: string, zone: string | null): string {
  return unfolded(text)
    .map((line) => {
      const [, name, parameters = '', value = ''] = TIMED.exec(line) ?? [];
      if (name === undefined || /;(TZID|VALUE)=/i.test(parameters)) return line;
      if (value.split(',').every((one) => /Z$/i.test(one.trim()))) return line;
      if (/^\d{8}$/.test(value.trim())) return line;
      return `${name}${parameters};TZID=${zone ?? NO_ZONE}:${value}`;
    })
    .join('\r\n');
}

/** Whether a name is one of a time zone that this program knows. */
export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The instant at which a calendar day begins in a zone. */
export function dayBegins(day: { year: number; month: number; day: number }, zone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;
}

function unfolded(text: string): string[] {
  return text.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/);
}
