import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { sync } from 'node-ical';
import { programPath } from './programs.ts';

/** What a program understood of one event; instants as `YYYY-MM-DDTHH:MM:SSZ`. */
export interface UnderstoodEvent {
  readonly uid: string;
  readonly start: string;
  readonly end: string;
  readonly status: string;
  readonly sequence: number;
  readonly title: string;
}

/** What each of these programs understood of the same texts, by the name of a text; events by their UID. */
export type Understood = ReadonlyMap<string, readonly UnderstoodEvent[]>;
const run = promisify(execFile);
const MOST = { maxBuffer: 64 * 1024 * 1024 };
const byUid = (events: UnderstoodEvent[]) => events.toSorted((a, b) => (a.uid < b.uid ? -1 : 1));
const second = (at: Date) => at.toISOString().replace('.000Z', 'Z');

export function readByNodeIcal(texts: ReadonlyMap<string, string>): Understood {
  return new Map(
    [...texts].map(([name, text]) => {
      const events = Object.values(sync.parseICS(text)).flatMap((one): UnderstoodEvent[] => {
        if (one?.type !== 'VEVENT') return [];
        const { uid, start, end, status, sequence, summary } = one;
        const title = typeof summary === 'string' ? summary : summary.val;
        return [
          {
            uid,
            start: second(start),
            end: second(end!),
            status: status!,
            sequence: Number(sequence),
            title,
          },
        ];
      });
      return [name, byUid(events)];
    }),
  );
}

const PYTHON = `
import json, sys
from icalendar import Calendar
for name in sys.argv[1:]:
    with open(name, 'rb') as file:
        calendar = Calendar.from_ical(file.read())
    at = lambda event, what: event.decoded(what).strftime('%Y-%m-%dT%H:%M:%S') + {'UTC': 'Z'}.get(event.decoded(what).tzname(), '?')
    print(json.dumps([{'uid': str(event['UID']), 'start': at(event, 'DTSTART'), 'end': at(event, 'DTEND'),
        'status': str(event['STATUS']), 'sequence': int(event['SEQUENCE']), 'title': str(event['SUMMARY'])}
        for event in calendar.walk('VEVENT')]))
`;

/** By Debian's `python3-icalendar`, all texts at once. */
export async function readByPython(texts: ReadonlyMap<string, string>, folder: string): Promise<Understood> {
  const names = [...texts.keys()];
  for (const [name, text] of texts) await writeFile(path.join(folder, `${name}.ics`), text);
  const { stdout } = await run(
    programPath('python3'),
    ['-c', PYTHON, ...names.map((name) => path.join(folder, `${name}.ics`))],
    { ...MOST, env: { ...process.env, PYTHONPATH: path.dirname(programPath('python3-icalendar')) } },
  );
  const lines = stdout.trim().split('\n');
  return new Map(names.map((name, at) => [name, byUid(JSON.parse(lines[at] ?? '[]') as UnderstoodEvent[])]));
}

/** Every text imported into a calendar of its own of khal, and listed from there. */
export async function readByKhal(texts: ReadonlyMap<string, string>, folder: string): Promise<Understood> {
  const all = await Promise.all(
    [...texts].map(async ([name, text]) => [name, await listByKhal(name, text, folder)] as const),
  );
  return new Map(all);
}

async function listByKhal(name: string, text: string, folder: string): Promise<UnderstoodEvent[]> {
  const own = path.join(folder, `khal-${name}`);
  const kept = path.join(own, 'kept');
  await mkdir(kept, { recursive: true });
  await writeFile(path.join(own, 'feed.ics'), text);
  const formats = ['date', 'longdate'].map((what) => `${what}format = %Y-%m-%d`);
  const times = ['datetime', 'longdatetime'].map((what) => `${what}format = %Y-%m-%dT%H:%M:%SZ`);
  const locale = [
    ...formats,
    ...times,
    'timeformat = %H:%M:%S',
    'local_timezone = UTC',
    'default_timezone = UTC',
  ];
  const config = `[calendars]\n[[feed]]\npath = ${kept}\n[sqlite]\npath = ${path.join(own, 'db')}\n[locale]\n${locale.join('\n')}\n`;
  await writeFile(path.join(own, 'config'), config);
  const env = { ...process.env, HOME: own, LC_ALL: 'C.UTF-8' };
  const khal = (...args: string[]) =>
    run(programPath('khal'), ['-c', path.join(own, 'config'), ...args], { ...MOST, env });
  await khal('import', '--batch', '-a', 'feed', path.join(own, 'feed.ics'));
  const sequences = new Map(
    await Promise.all(
      (await readdir(kept)).map(async (file) => {
        const object = (await readFile(path.join(kept, file), 'utf8')).replaceAll(/\r?\n /g, '');
        const said = (what: RegExp) => what.exec(object)?.[1] ?? '';
        return [said(/^UID:(.*?)\r?$/m), Number(said(/^SEQUENCE:(\d+)\r?$/m) || Number.NaN)] as const;
      }),
    ),
  );
  const format = ['uid', 'start-long', 'end-long', 'status', 'title'].map((what) => `{${what}}`).join('\t');
  // khal shows what it understood within a span of days, each event once.
  const [from, to] = [-40, 440].map((days) => new Date(Date.now() + days * 86_400_000).toISOString());
  const listed = await khal(
    'list',
    '--once',
    '--day-format',
    '',
    '--format',
    format,
    `${from?.slice(0, 19)}Z`,
    `${to?.slice(0, 19)}Z`,
  );
  const lines = listed.stdout.split('\n').filter((line) => line.includes('\t'));
  return byUid(
    lines.map((line) => {
      const [uid = '', start = '', end = '', status = '', ...title] = line.split('\t');
      return {
        uid,
        start,
        end,
        status: status.trim(),
        sequence: sequences.get(uid) ?? Number.NaN,
        title: title.join('\t'),
      };
    }),
  );
}
