import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noteCalendar } from '../../src/app/calendar/keep-event.ts';
import { askForLook } from '../../src/app/calendar/look.ts';
import { carry, queuesOf } from '../../src/app/outside/carry.ts';
import { caldavConnection } from '../../src/integrations/caldav/caldav.ts';
import { masking, Secret } from '../../src/integrations/peer/secret.ts';
import { readByKhal, readByNodeIcal, readByPython } from '../kit/calendar-programs.ts';
import {
  confirmLock,
  expectStatus,
  slotIn,
  startChangeWorld,
  type ChangeWorld,
  type OpenedChange,
} from '../kit/changes.ts';
import { RADICALE_PASSWORD, RADICALE_USER, startRadicale, type TestRadicale } from '../kit/radicale.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LONG = `Zürich: 数据库の切り替え, „größer“; 🚀 ${'é🚀'.repeat(40)}`;

let world: ChangeWorld;
let radicale: TestRadicale;
let feeds: string;
beforeAll(async () => {
  radicale = await startRadicale();
  const secret = new Secret(RADICALE_PASSWORD);
  const settings = { url: radicale.url, user: RADICALE_USER, password: { env: 'NONE' } };
  const caldav = caldavConnection({ ...settings, site: 'https://interlock.example.com' }, secret);
  world = await startChangeWorld(undefined, { connections: { all: [caldav], mask: masking([secret]) } });
  const make = { token: world.ana.token, body: { label: 'programs' } };
  feeds = expectStatus(await world.server.ask('POST', '/api/v1/calendar/feeds', make), 201).body.path;
});
afterAll(async () => {
  await world.server.stop();
  await radicale.stop();
});

const quiet = { kind: 'hard', environments: ['illumidesk.com'], category: 'other', reason: 'quiet' };
/** Proposes a lock, or another text of one, and has it confirmed. */
const lock = async (when: object, edited = ''): Promise<string> => {
  const asked = { token: world.mona.token, body: { ...quiet, ...when } };
  const { id } = expectStatus(await world.server.ask('POST', `/api/v1/locks${edited}`, asked), 201).body;
  expectStatus(await confirmLock(world.server, world.vera, id), 200);
  return id;
};
const daily = (from: number) => ({ recurs: { starting: day(from), rule: 'FREQ=DAILY;COUNT=3', days: 1 } });
const day = (ahead: number) => new Date(Date.now() + ahead * DAY_MS).toISOString().slice(0, 10);
const pencil = async (change: OpenedChange, hours: number) =>
  expectStatus(
    await change.say(world.ana, '/schedule', { slot: slotIn(hours * HOUR_MS), tentative: true }),
    200,
  );

/** What the server's jobs do, until nothing is due. */
async function turn(): Promise<void> {
  const { context } = world.server;
  await noteCalendar(context);
  const carried = async () => {
    const counts = await Promise.all(
      queuesOf(context).map((queue) => carry(context, queue.connection, queue.direction)),
    );
    return counts.some((count) => count > 0);
  };
  while (await carried());
}
/** Time cannot be waited for here. */
const again = async () => {
  await world.asOwner(
    'update outbox set next_attempt_at = now() where delivered_at is null and given_up_at is null',
  );
  await turn();
};
const look = async () => {
  await askForLook(world.server.context);
  await turn();
};
/** What stands in the collection, by UID. */
async function standing(): Promise<Map<string, { name: string; text: string }>> {
  return new Map(
    [...(await radicale.objects())].map(([name, folded]) => {
      const text = folded.replaceAll(/\r?\n /g, '');
      return [/^UID:(.*?)\r?$/m.exec(text)?.[1] ?? '', { name, text }];
    }),
  );
}
const copyOf = async (change: OpenedChange) => (await standing()).get(`${change.id}@interlock`);
const sequenceIn = (text: string | undefined) => Number(/^SEQUENCE:(\d+)/m.exec(text ?? '')?.[1]);
const restored = async () =>
  (await world.server.ledger())
    .filter(({ type }) => type === 'calendar.event-restored')
    .map(({ object }) => object);
const sent = () => world.rows(`outbox where topic = 'calendar'`);
const answerLater = async (change: OpenedChange) =>
  expectStatus(await change.say(world.ana, '/schedule', { slot: null, tentative: true }), 200);

describe('the calendar in a collection elsewhere', () => {
  let change: OpenedChange;

  it('has every slot, lock and shift under the UID of the feed, and nothing is written twice', async () => {
    change = await world.open({ set: { title: LONG } });
    await pencil(change, 2);
    await lock({ recurs: { starting: day(2), rule: 'FREQ=MONTHLY;COUNT=3', days: 2 } });
    await turn();
    const there = await standing();
    const inFeed = readByNodeIcal(await texts(['all'])).get('all')!;
    expect([...there.keys()].toSorted()).toEqual(inFeed.map(({ uid }) => uid));
    expect(inFeed.length).toBeGreaterThanOrEqual(6);
    const { text = '' } = (await copyOf(change)) ?? {};
    expect(text).toContain('STATUS:TENTATIVE');
    expect(text).toContain(`URL;VALUE=URI:https://interlock.example.com/changes/${change.id}`);
    const before = await sent();
    expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
    await look();
    expect([await sent(), (await copyOf(change))?.text, await restored()]).toEqual([before, text, []]);
  });

  it('follows what changes with a sequence that rises, and a slot that is given up is cancelled', async () => {
    const sequences = [sequenceIn((await copyOf(change))?.text)];
    for (const act of [() => pencil(change, 7), () => answerLater(change)]) {
      await act();
      await turn();
      sequences.push(sequenceIn((await copyOf(change))?.text));
    }
    expect((await copyOf(change))?.text).toContain('STATUS:CANCELLED');
    expect(sequences).toEqual([...new Set(sequences)].toSorted((a, b) => a - b));
  });

  it('is put right again where somebody edits or takes out by hand, which is recorded; what is not ours stays', async () => {
    const mine =
      'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:dentist\r\nDTSTAMP:20261117T090000Z\r\nDTSTART:20261117T090000Z\r\nSUMMARY:Dentist\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n';
    const typed = { 'content-type': 'text/calendar' };
    await radicale.ask('PUT', 'dentist.ics', { body: mine, headers: typed });
    await pencil(change, 3);
    await turn();
    const before = await standing();
    const edited = before.get(`${change.id}@interlock`)!;
    const [goneUid, gone] = [...before].find(([uid]) => uid.startsWith('lock-'))!;
    const body = (await radicale.ask('GET', edited.name)).text
      .replace(/^SEQUENCE:\d+/m, 'SEQUENCE:900')
      .replace('TENTATIVE', 'CONFIRMED');
    await radicale.ask('PUT', edited.name, { body, headers: typed });
    await radicale.ask('DELETE', gone.name);
    await look();
    const after = await standing();
    expect([...after.keys()].toSorted()).toEqual([...before.keys()].toSorted());
    expect(after.get(`${change.id}@interlock`)?.text).toContain('STATUS:TENTATIVE');
    expect(sequenceIn(after.get(`${change.id}@interlock`)?.text)).toBe(901);
    expect(after.get('dentist')).toEqual(before.get('dentist'));
    expect(new Set(await restored())).toEqual(
      new Set([`calendar/${change.id}@interlock`, `calendar/${goneUid}`]),
    );
    await look();
    expect(await restored()).toHaveLength(2);
    // Also where our own next word is the first to see it.
    await radicale.ask('PUT', edited.name, { body, headers: typed });
    await pencil(change, 9);
    await turn();
    expect(sequenceIn((await copyOf(change))?.text)).toBe(902);
    expect(await restored()).toHaveLength(3);
  });

  it('takes out what leaves the calendar', async () => {
    const uid = `${change.id}@interlock`;
    expect((await standing()).has(uid)).toBe(true);
    await answerLater(change);
    await world.asOwner(
      `update changes set changed_at = now() - interval '31 days' where id = '${change.id}'`,
    );
    await turn();
    expect((await standing()).has(uid)).toBe(false);
    expect((await standing()).has('dentist')).toBe(true);
  });

  it('loses nothing while the other server is dead, and has what was given up once it answers', async () => {
    await radicale.kill();
    const [one, two] = [await world.open(), await world.open()];
    await pencil(one, 11);
    await turn();
    await pencil(two, 12);
    await turn();
    await world.asOwner(
      `update outbox set given_up_at = now() where topic = 'calendar' and about = 'calendar/${one.id}@interlock' and delivered_at is null`,
    );
    await radicale.restart();
    await world.asOwner(`update outbox_attempts set at = at - interval '1 hour'`);
    await world.asOwner(
      `update outbox set next_attempt_at = now() + interval '1 hour' where delivered_at is null and topic = 'calendar'`,
    );
    await look();
    for (const each of [one, two]) expect((await copyOf(each))?.text).toContain('STATUS:TENTATIVE');
    await again();
    const { rows } = await world.server.context.db.pool.query(
      'select count(*)::int as n from calendar_copies where written is distinct from wanted',
    );
    expect(rows[0].n).toBe(0);
  });
});

const feed = async (name: string) =>
  expectStatus(await world.server.ask('GET', `${feeds}${name}.ics`), 200).body;
async function texts(names: readonly string[]): Promise<Map<string, string>> {
  return new Map(await Promise.all(names.map(async (name) => [name, await feed(name)] as const)));
}

describe('the calendars that others read', () => {
  it('have what an edit of a lock took away as cancelled, until another brings it back', async () => {
    const [first, later] = [daily(30), daily(31)];
    const id = await lock(first);
    const elsewhere = { environments: ['staging.illumidesk.com'] };
    const seen = async (name: string) =>
      (readByNodeIcal(await texts([name])).get(name) ?? [])
        .filter(({ uid }) => uid.startsWith(`lock-${id}-`))
        .map(({ status, sequence }) => `${status} ${sequence}`);
    const ours = () => seen('environment-illumidesk.com');
    expect(await seen('locks')).toEqual(Array(3).fill('CONFIRMED 2'));
    expect(await ours()).toEqual(Array(3).fill('CONFIRMED 2'));
    await lock({ ...later, ...elsewhere, version: 1 }, `/${id}/edits`);
    expect(await seen('locks')).toEqual(['CANCELLED 3', ...Array(3).fill('CONFIRMED 4')]);
    expect(await ours()).toEqual(Array(3).fill('CANCELLED 3'));
    await lock({ ...first, ...elsewhere, version: 2 }, `/${id}/edits`);
    expect(await seen('locks')).toEqual([...Array(3).fill('CONFIRMED 6'), 'CANCELLED 5']);
    expect(await ours()).toEqual(Array(3).fill('CANCELLED 3'));
  });

  it('are understood alike by three programs of other people', async () => {
    const [plain, cancelled] = [await world.open({ set: { title: LONG } }), await world.open()];
    await pencil(plain, 3);
    await pencil(cancelled, 4);
    await answerLater(cancelled);
    const days = await lock({ kind: 'soft', first: day(20), last: day(21) });
    const all = await texts(['all', 'environment-illumidesk.com', 'locks', 'eoc']);
    const folder = await mkdtemp(path.join(tmpdir(), 'interlock-calendars-'));
    const [ours, python, khal] = [
      readByNodeIcal(all),
      await readByPython(all, folder),
      await readByKhal(all, folder),
    ];
    await rm(folder, { recursive: true });
    expect(python).toEqual(ours);
    expect(khal).toEqual(ours);
    const in_ = (name: string, id: string) => ours.get(name)?.filter(({ uid }) => uid.startsWith(id)) ?? [];
    expect(in_('all', plain.id)).toMatchObject([{ status: 'TENTATIVE', title: `${plain.id} (C2) ${LONG}` }]);
    expect(in_('all', cancelled.id)).toMatchObject([{ status: 'CANCELLED' }]);
    expect(in_('locks', 'lock-').length).toBeGreaterThanOrEqual(4);
    expect(in_('locks', 'lock-').map(({ status }) => status)).toContain('CANCELLED');
    expect(in_('locks', `lock-${days}`)).toMatchObject([
      { start: expect.stringContaining('T'), status: 'CONFIRMED' },
    ]);
    expect([in_('eoc', 'shift-eoc').length, in_('all', 'shift-imoc').length]).toEqual([1, 1]);
  });
});
