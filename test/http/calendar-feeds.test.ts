import { sync, type VEvent } from 'node-ical';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirmLock, expectStatus, slotIn, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import type { TestAccount } from '../kit/server.ts';

const HOUR_MS = 3_600_000;

let world: ChangeWorld;
let address: string;
beforeAll(async () => {
  world = await startChangeWorld();
  address = (await make(world.ana)).body.path;
});
afterAll(() => world.server.stop());

const make = (who: TestAccount) =>
  world.server.ask('POST', '/api/v1/calendar/feeds', { token: who.token, body: { label: 'phone' } });
const get = (file: string, headers: Record<string, string> = {}, where = address) =>
  world.server.ask('GET', `${where}${file}`, { headers });
const text = async (file: string): Promise<string> => expectStatus(await get(file), 200).body;
async function events(file: string): Promise<Map<string, VEvent>> {
  const parsed = Object.values(sync.parseICS(await text(file)));
  return new Map(parsed.flatMap((one) => (one?.type === 'VEVENT' ? [[one.uid, one]] : [])));
}
const eventOf = async (id: string, file = 'all.ics') => (await events(file)).get(`${id}@interlock`);

/** iCalendar knows no parts of a second. */
const wholeSecond = (instant: string) => Math.floor(Date.parse(instant) / 1_000) * 1_000;

describe('a request in a calendar', () => {
  it('keeps its UID through every change, with a sequence that grows, until it is cancelled', async () => {
    const change = await world.open();
    expect(await eventOf(change.id)).toBeUndefined();
    const [first, second] = [slotIn(2 * HOUR_MS), slotIn(5 * HOUR_MS)];
    const sequences: number[] = [];
    const seen = async () => {
      const event = await eventOf(change.id);
      sequences.push(Number(event?.sequence));
      return event;
    };
    await change.say(world.ana, '/schedule', { slot: first, tentative: true });
    const tentative = await seen();
    expect(tentative?.status).toBe('TENTATIVE');
    expect(tentative?.start.getTime()).toBe(wholeSecond(first.start));
    await change.say(world.ana, '/schedule', { slot: second, tentative: true });
    expect((await seen())?.start.getTime()).toBe(wholeSecond(second.start));
    expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
    expectStatus(await change.approve(world.cora, 'eoc'), 201);
    expectStatus(await change.say(world.ana, '/schedule', { slot: second }), 200);
    expect((await seen())?.status).toBe('CONFIRMED');
    await change.say(world.ana, '/schedule', { slot: null, tentative: true });
    const gone = await seen();
    expect(gone).toMatchObject({ status: 'CANCELLED' });
    expect(gone?.end?.getTime()).toBe(wholeSecond(second.end));
    await change.say(world.ana, '/schedule', { slot: first, tentative: true });
    expect((await seen())?.status).toBe('TENTATIVE');
    expectStatus(await change.say(world.ana, '/cancel', { reason: 'not needed' }), 200);
    expect((await seen())?.status).toBe('CANCELLED');
    expect(sequences).toEqual([...new Set(sequences)].toSorted((a, b) => a - b));
  });

  it('says no more than id, title, place, time and link, and is of its environment', async () => {
    const change = await world.open({ set: { title: 'Plain title' } });
    await change.say(world.ana, '/schedule', { slot: slotIn(3 * HOUR_MS), tentative: true });
    const event = await eventOf(change.id, 'environment-illumidesk.com.ics');
    expect(event).toMatchObject({
      summary: `${change.id} (C2) Plain title`,
      location: 'illumidesk.com',
      url: { val: `${world.server.url}/changes/${change.id}` },
    });
    expect(event?.description).toBeUndefined();
    expect(await eventOf(change.id, 'environment-staging.illumidesk.com.ics')).toBeUndefined();
    expect(await eventOf(change.id, 'locks.ics')).toBeUndefined();
  });

  it.each([
    ['a line break', 'a\\nBEGIN:VALARM\\nTRIGGER:-PT1M\\nEND:VALARM'],
    ['a carriage return', 'a\\r\\nATTENDEE:mailto:x@example.com'],
    ['another line separator', 'a\\u2028BEGIN:VALARM'],
    ['a semicolon, a comma and a backslash', 'a; b, c\\\\ d'],
    ['a quote and a colon', 'x":END:VEVENT'],
    ['letters of four bytes, long', '🚀é'.repeat(40)],
  ])('with %s in its title stays one event of one title', async (_what, escaped) => {
    const change = await world.open();
    await change.say(world.ana, '/schedule', { slot: slotIn(3 * HOUR_MS), tentative: true });
    const title = JSON.parse(`"${escaped.replaceAll('"', String.raw`\"`)}"`) as string;
    await world.asOwner(
      `update changes set title = '${title.replaceAll("'", "''")}', version = version + 1 where id = '${change.id}'`,
    );
    const raw = await text('all.ics');
    const event = await eventOf(change.id);
    const plain = title.replaceAll(/[\r\n\u2028]+/g, ' ');
    expect(event?.summary).toBe(`${change.id} (C2) ${plain}`);
    expect(event?.alarms ?? []).toEqual([]);
    expect(event?.attendee).toBeUndefined();
    expect(raw).not.toMatch(/^BEGIN:VALARM/m);
    expect(raw.match(/^BEGIN:VEVENT/gm)).toHaveLength(raw.match(/^END:VEVENT/gm)?.length ?? 0);
  });
});

describe('the text of a calendar', () => {
  it('escapes a backslash before an n, which is no line break', async () => {
    const change = await world.open({ set: { title: String.raw`a;b,c\n d` } });
    await change.say(world.ana, '/schedule', { slot: slotIn(3 * HOUR_MS), tentative: true });
    expect(await text('all.ics')).toContain(String.raw`SUMMARY:${change.id} (C2) a\;b\,c\\n d`);
  });

  it('is what calendar programs want: lines of at most 75 octets, CRLF, UTC, how often to read', async () => {
    const raw = await text('all.ics');
    expect(raw).toMatch(/^BEGIN:VCALENDAR\r\nVERSION:2\.0\r\n/);
    for (const line of raw.split('\r\n')) {
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
      expect(line).not.toMatch(/[\r\n]/);
    }
    for (const wanted of [
      /^METHOD:PUBLISH\r$/m,
      /^X-WR-CALNAME:Production\r$/m,
      /^REFRESH-INTERVAL;VALUE=DURATION:PT15M\r$/m,
      /^X-PUBLISHED-TTL:PT15M\r$/m,
      /^PRODID:/m,
    ])
      expect(raw).toMatch(wanted);
    const times = raw.match(/^(DTSTART|DTEND|DTSTAMP|LAST-MODIFIED)[:;].*$/gm) ?? [];
    expect(times.length).toBeGreaterThan(10);
    expect(times.filter((line) => !/^[A-Z-]+:\d{8}T\d{6}Z\r?$/.test(line))).toEqual([]);
    const uids = raw.match(/^UID:.*$/gm) ?? [];
    expect(new Set(uids).size).toBe(uids.length);
  });

  it('is the same while nothing changes, and then not sent again', async () => {
    const first = await get('all.ics');
    expect(first.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    expect(first.headers.get('last-modified')).toMatch(/GMT$/);
    const etag = first.headers.get('etag') ?? '';
    expect((await get('all.ics', { 'if-none-match': etag })).status).toBe(304);
    const change = await world.open();
    await change.say(world.ana, '/schedule', { slot: slotIn(3 * HOUR_MS), tentative: true });
    const next = await get('all.ics', { 'if-none-match': etag });
    expect([next.status, next.headers.get('etag') === etag]).toEqual([200, false]);
  });

  it('has locks of both origins, one that is released as cancelled', async () => {
    const now = Date.now();
    const at = (hours: number) => new Date(now + hours * HOUR_MS).toISOString();
    const lock = { kind: 'hard', environments: ['illumidesk.com'], category: 'other', reason: 'not for all' };
    const path = '/api/v1/locks';
    const { id } = expectStatus(
      await world.server.ask('POST', path, {
        token: world.mona.token,
        body: { ...lock, start: at(100), end: at(110) },
      }),
      201,
    ).body;
    const uid = `lock-${id}`;
    expect(await eventOf(uid, 'locks.ics')).toBeUndefined();
    expectStatus(await confirmLock(world.server, world.vera, id), 200);
    const confirmed = await eventOf(uid, 'locks.ics');
    expect(confirmed).toMatchObject({ status: 'CONFIRMED', summary: `hard lock ${id}` });
    expect(await text('locks.ics')).not.toContain('not for all');
    expectStatus(
      await world.server.ask('POST', `${path}/${id}/release`, {
        token: world.vera.token,
        body: { reason: 'over' },
      }),
      200,
    );
    const released = await eventOf(uid, 'locks.ics');
    expect(released?.status).toBe('CANCELLED');
    expect(Number(released?.sequence)).toBeGreaterThan(Number(confirmed?.sequence));
  });

  it('has the shifts of one rota, whoever has them under one UID, and those that are gone as cancelled', async () => {
    const base = Date.now();
    const at = (hours: number) => new Date(base + hours * HOUR_MS).toISOString();
    const set = (...eoc: readonly (readonly [string, number, number])[]) =>
      world.server.ask('PUT', '/api/v1/rota', {
        token: world.server.admin.token,
        body: { eoc: eoc.map(([person, from, to]) => ({ person, start: at(from), end: at(to) })) },
      });
    const uid = `shift-eoc-${base + 10 * HOUR_MS}@interlock`;
    await set(['cora', -1, 10], ['rolf', 10, 20]);
    const before = (await events('eoc.ics')).get(uid);
    expect(before).toMatchObject({ summary: 'EOC: rolf', status: 'CONFIRMED' });
    await set(['cora', -1, 10], ['rhea', 10, 20]);
    const swapped = (await events('eoc.ics')).get(uid);
    expect(swapped).toMatchObject({ summary: 'EOC: rhea', status: 'CONFIRMED' });
    await set(['cora', -1, 20]);
    const gone = (await events('eoc.ics')).get(uid);
    expect(gone?.status).toBe('CANCELLED');
    const sequences = [before, swapped, gone].map((event) => Number(event?.sequence));
    expect(sequences).toEqual([...new Set(sequences)].toSorted((a, b) => a - b));
    expect((await events('imoc.ics')).has(uid)).toBe(false);
  });
});

describe('the address of calendars', () => {
  it('is shown once, and its secret is not kept, recorded or listed', async () => {
    const { body } = expectStatus(await make(world.rhea), 201);
    const secret = body.path.split('/')[2];
    expect((await get('all.ics', {}, body.path)).status).toBe(200);
    const list = await world.server.ask('GET', '/api/v1/calendar/feeds', { token: world.rhea.token });
    expect(list.body.feeds).toHaveLength(1);
    expect(JSON.stringify([list.body, await world.server.ledger()])).not.toContain(secret);
    expect(await world.rows(`calendar_feeds t where t::text like '%${secret}%'`)).toBe(0);
  });

  it('opens nothing once it is revoked by its owner, or they are shut out', async () => {
    const mine = expectStatus(await make(world.rolf), 201).body;
    const revoke = (who: TestAccount) =>
      world.server.ask('DELETE', `/api/v1/calendar/feeds/${mine.id}`, { token: who.token });
    expect((await revoke(world.rhea)).status).toBe(404);
    expect((await get('all.ics', {}, mine.path)).status).toBe(200);
    expect((await revoke(world.rolf)).status).toBe(204);
    expect((await get('all.ics', {}, mine.path)).status).toBe(404);
    const leaver = await world.server.account('leaver');
    const theirs = expectStatus(await make(leaver), 201).body;
    await world.server.ask('PATCH', '/api/v1/people/leaver', {
      token: world.server.admin.token,
      body: { disabled: true },
    });
    expect((await get('all.ics', {}, theirs.path)).status).toBe(404);
  });

  it('is not guessed, and what is no calendar looks the same', async () => {
    const wrong = [`/calendar/ilc_${'A'.repeat(43)}/`, '/calendar/x/', address.replace('ilc_', 'ilk_')];
    const answers = await Promise.all(wrong.map((where) => get('all.ics', {}, where)));
    answers.push(await get('environment-no-such.ics'), await get('all.txt'));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.message}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(404);
  });

  it('is made by people alone', async () => {
    const robot = await world.server.account('robot', { kind: 'service' });
    expect((await make(robot)).status).toBe(403);
  });

  it('read too often is answered 429, and others are not', async () => {
    const busy = expectStatus(await make(world.mona), 201).body;
    const statuses: number[] = [];
    for (let turn = 0; turn < 61; turn += 1) statuses.push((await get('nothing.ics', {}, busy.path)).status);
    expect(statuses.slice(0, 60).every((status) => status === 404)).toBe(true);
    expect(statuses[60]).toBe(429);
    expect((await get('all.ics')).status).toBe(200);
  });
});
