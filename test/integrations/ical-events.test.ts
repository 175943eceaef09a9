import { describe, expect, it } from 'vitest';
import { eventsIn } from '../../src/integrations/ical/events.ts';
import { readAside } from '../../src/integrations/ical/read-aside.ts';

const FROM = Date.parse('2026-10-01T00:00:00Z');
const TO = Date.parse('2027-01-01T00:00:00Z');

const calendar = (...lines: readonly string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (uid: string, ...lines: readonly string[]) => [
  'BEGIN:VEVENT',
  `UID:${uid}`,
  'DTSTAMP:20261001T000000Z',
  ...lines,
  'END:VEVENT',
];
const read = (lines: readonly string[], zone: string | null = null) =>
  eventsIn({ text: calendar(...lines), zone, from: FROM, to: TO }).map(({ summary, span, because }) =>
    span
      ? `${summary} ${new Date(span.start).toISOString().slice(0, 16)} ${new Date(span.end).toISOString().slice(0, 16)}`
      : `${summary}: ${because}`,
  );

describe('events of a calendar', () => {
  it('recur in their zone across the change of its clock, with exceptions, moved and cancelled ones', () => {
    const text = [
      ...event(
        'a',
        'DTSTART;TZID=Europe/Berlin:20261023T090000',
        'DTEND;TZID=Europe/Berlin:20261023T210000',
        'RRULE:FREQ=DAILY;COUNT=6',
        'EXDATE;TZID=Europe/Berlin:20261024T090000',
        'SUMMARY:cora',
      ),
      ...event(
        'a',
        'RECURRENCE-ID;TZID=Europe/Berlin:20261026T090000',
        'DTSTART;TZID=Europe/Berlin:20261026T120000',
        'DTEND;TZID=Europe/Berlin:20261026T210000',
        'SUMMARY:rolf',
      ),
      ...event(
        'a',
        'RECURRENCE-ID;TZID=Europe/Berlin:20261027T090000',
        'DTSTART;TZID=Europe/Berlin:20261027T090000',
        'DTEND;TZID=Europe/Berlin:20261027T210000',
        'STATUS:CANCELLED',
        'SUMMARY:cora',
      ),
    ];
    // The clock is set back on the 25th: nine o'clock is 07:00 UTC before, 08:00 after.
    expect(read(text)).toEqual([
      'cora 2026-10-23T07:00 2026-10-23T19:00',
      'cora 2026-10-25T08:00 2026-10-25T20:00',
      'rolf 2026-10-26T11:00 2026-10-26T20:00',
      'cora 2026-10-28T08:00 2026-10-28T20:00',
    ]);
  });

  it('of whole days are days of UTC, or of the zone that is given', () => {
    const text = event(
      'd',
      'DTSTART;VALUE=DATE:20261130',
      'DTEND;VALUE=DATE:20261207',
      'RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2',
      'SUMMARY:cora',
    );
    expect(read(text)).toEqual([
      'cora 2026-11-30T00:00 2026-12-07T00:00',
      'cora 2026-12-14T00:00 2026-12-21T00:00',
    ]);
    expect(read(text, 'Europe/Berlin')[0]).toBe('cora 2026-11-29T23:00 2026-12-06T23:00');
  });

  it.each([
    ['no zone', 'DTSTART:20261202T060000', 'DTEND:20261202T180000'],
    [
      'a zone that there is not',
      'DTSTART;TZID=No/Where:20261202T060000',
      'DTEND;TZID=No/Where:20261202T180000',
    ],
  ])('whose time names %s are not read, whatever zone the file describes', (_what, start, end) => {
    const described = [
      'BEGIN:VTIMEZONE',
      'TZID:No/Where',
      'BEGIN:STANDARD',
      'DTSTART:19700101T000000',
      'TZOFFSETFROM:+0300',
      'TZOFFSETTO:+0300',
      'END:STANDARD',
      'END:VTIMEZONE',
    ];
    expect(read([...described, ...event('f', start, end, 'SUMMARY:cora')])).toEqual([
      'cora: its time names no zone that is known',
    ]);
  });

  it('are read in a zone by its name of Windows, as Outlook writes it', () => {
    const text = event(
      'o',
      'DTSTART;TZID=W. Europe Standard Time:20261202T060000',
      'DTEND;TZID=W. Europe Standard Time:20261202T180000',
      'SUMMARY:cora',
    );
    expect(read(text)).toEqual(['cora 2026-12-02T05:00 2026-12-02T17:00']);
  });

  it('without a zone are read in the one that is given', () => {
    const text = event('f', 'DTSTART:20261202T060000', 'DTEND:20261202T180000', 'SUMMARY:cora');
    expect(read(text, 'Europe/Berlin')).toEqual(['cora 2026-12-02T05:00 2026-12-02T17:00']);
  });

  it('name their attendees, and what has no length says so', () => {
    const text = calendar(
      ...event(
        'p',
        'DTSTART:20261202T060000Z',
        'DTEND:20261202T180000Z',
        'SUMMARY;LANGUAGE=en:On cal',
        ' l: cora',
        'ATTENDEE;CN=Cora:MAILTO:Cora@Example.com',
        'ATTENDEE:mailto:rolf@example.com',
      ),
      ...event('n', 'DTSTART:20261203T060000Z', 'SUMMARY:reminder'),
    );
    expect(eventsIn({ text, zone: null, from: FROM, to: TO })).toMatchObject([
      { summary: 'On call: cora', emails: ['cora@example.com', 'rolf@example.com'] },
      { summary: 'reminder', span: null, because: 'it has no length' },
    ]);
  });

  it('that ended before, or begin after, are left out; one that lasts is in', () => {
    const text = [
      ...event('1', 'DTSTART:20260901T000000Z', 'DTEND:20261001T000000Z', 'SUMMARY:before'),
      ...event('2', 'DTSTART:20260901T000000Z', 'DTEND:20261001T000001Z', 'SUMMARY:lasts'),
      ...event('3', 'DTSTART:20270101T000000Z', 'DTEND:20270102T000000Z', 'SUMMARY:after'),
    ];
    expect(read(text).map((line) => line.split(' ')[0])).toEqual(['lasts']);
  });

  it.each(['', '<html>sign in</html>', 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT'])(
    'are not read from what is no whole calendar: %j',
    (text) => {
      expect(() => eventsIn({ text, zone: null, from: FROM, to: TO })).toThrow('expected an iCalendar file');
    },
  );
});

describe('a calendar that is read aside', () => {
  it('gives its events', async () => {
    const text = calendar(
      ...event('1', 'DTSTART:20261101T000000Z', 'DTEND:20261102T000000Z', 'SUMMARY:cora'),
    );
    const events = await readAside({ text, zone: null, from: FROM, to: TO }, 10_000);
    expect(events).toMatchObject([{ summary: 'cora', because: null }]);
  });

  it('that recurs every second for ever is given up, and harms nobody', async () => {
    const text = calendar(
      ...event('1', 'DTSTART:20000101T000000Z', 'DTEND:20000101T000001Z', 'RRULE:FREQ=SECONDLY', 'SUMMARY:x'),
    );
    await expect(readAside({ text, zone: null, from: FROM, to: TO }, 1_000)).rejects.toThrow();
  });
});
