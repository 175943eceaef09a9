const WITHIN_YEAR = { weekday: 'short', day: 'numeric', month: 'short' } as const;
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

const utcDay = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...WITHIN_YEAR });
const utcYear = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...WITHIN_YEAR, year: 'numeric' });
const utcClock = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...CLOCK });
const utcExact = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...CLOCK, second: '2-digit' });
const localClock = new Intl.DateTimeFormat('en-GB', { ...CLOCK, timeZoneName: 'short' });
const localDay = new Intl.DateTimeFormat('en-GB', { ...WITHIN_YEAR, ...CLOCK, timeZoneName: 'short' });

// A clock never ends a line without its zone.
const UTC = '\u00A0UTC';

/** `Sat 28 Nov 14:05 UTC`; the year where it is another one than `nowMs` is in. */
export function utcText(at: number, nowMs: number): string {
  const sameYear = new Date(at).getUTCFullYear() === new Date(nowMs).getUTCFullYear();
  return `${(sameYear ? utcDay : utcYear).format(at).replace(',', '')} ${utcClock.format(at)}${UTC}`;
}

/** `Sat 28 Nov 14:05:09 UTC`. */
export function utcMomentText(at: number, nowMs: number): string {
  return utcText(at, nowMs).replace(utcClockText(at), utcExactText(at));
}

/** `14:05 UTC`. */
export function utcClockText(at: number): string {
  return `${utcClock.format(at)}${UTC}`;
}

/** `14:05:09 UTC`, for moments of a run. */
export function utcExactText(at: number): string {
  return `${utcExact.format(at)}${UTC}`;
}

/** `15:05 CET`, with the day where it is another one there; `null` where here is UTC. */
export function localText(at: number): string | null {
  const date = new Date(at);
  if (date.getTimezoneOffset() === 0) return null;
  const sameDay = date.getDate() === date.getUTCDate();
  return (sameDay ? localClock : localDay).format(at).replaceAll(',', '');
}

/** A length of time in its two largest parts: `3 h 12 min`, `42 s`. */
export function spanText(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / 1_000);
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first === -1) return '0 s';
  const shown = parts.slice(first, first + (first === 3 ? 1 : 2)).filter(([amount]) => amount > 0);
  return shown.map(([amount, unit]) => `${amount} ${unit}`).join(' ');
}

/** How far away an instant is: `in 3 h 12 min`, `4 min ago`. */
export function distanceText(at: number, nowMs: number): string {
  if (Math.abs(at - nowMs) < 1_000) return 'now';
  return at > nowMs ? `in ${spanText(at - nowMs)}` : `${spanText(nowMs - at)} ago`;
}
