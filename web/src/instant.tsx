const UTC = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const LOCAL = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' });

/** An instant in UTC, with the local time as a second label. */
export function Instant({ at }: { readonly at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={LOCAL.format(date)}>
      {UTC.format(date)} UTC
    </time>
  );
}

/** How far away an instant is: `in 3 h 12 min`, `4 min ago`. */
export function distance(at: string, nowMs: number): string {
  const minutes = Math.round(Math.abs(Date.parse(at) - nowMs) / 60_000);
  const days = Math.floor(minutes / 1_440);
  const hours = Math.floor((minutes % 1_440) / 60);
  const parts = [days && `${days} d`, hours && `${hours} h`, !days && `${minutes % 60} min`].filter(Boolean);
  return Date.parse(at) >= nowMs ? `in ${parts.join(' ')}` : `${parts.join(' ')} ago`;
}
