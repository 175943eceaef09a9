import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importRotas } from '../../src/app/rota/import.ts';
import { expectStatus, slotIn, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { startServer } from '../kit/server.ts';

const HOUR_MS = 3_600_000;

/** A calendar server of somebody else's: what it answers is set by each test. */
interface Elsewhere {
  events: readonly (readonly [summary: string, from: number, to: number])[];
  status: number;
  etag: string | null;
  asked: number;
  readonly conditions: (string | undefined)[];
}
const elsewhere: Elsewhere = { events: [], status: 200, etag: null, asked: 0, conditions: [] };
let calendars: Server;
let url: string;
let world: ChangeWorld;
let token: string;

beforeAll(async () => {
  world = await startChangeWorld();
  ({ token } = world.server.admin);
  calendars = createServer((request, response) => {
    elsewhere.asked += 1;
    elsewhere.conditions.push(request.headers['if-none-match']);
    if (elsewhere.etag !== null && request.headers['if-none-match'] === elsewhere.etag)
      return response.writeHead(304).end();
    if (elsewhere.status >= 300 && elsewhere.status < 400)
      return response.writeHead(elsewhere.status, { location: '/other' }).end();
    response.writeHead(elsewhere.status, { ...(elsewhere.etag !== null && { etag: elsewhere.etag }) });
    return response.end(calendarText());
  });
  await new Promise<void>((listening) => {
    calendars.listen(0, '127.0.0.1', listening);
  });
  url = `http://127.0.0.1:${(calendars.address() as AddressInfo).port}/secret-path/eoc.ics`;
});
afterAll(async () => {
  await new Promise((closed) => {
    calendars.close(closed);
  });
  await world.server.stop();
});
beforeEach(() => {
  Object.assign(elsewhere, { events: [['Cora', -1, 48]], status: 200, etag: null });
});

const stamp = (hours: number) =>
  `${new Date(Date.now() + hours * HOUR_MS).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

function calendarText(): string {
  const events = elsewhere.events.map(([summary, from, to], index) =>
    [
      'BEGIN:VEVENT',
      `UID:${index}`,
      `DTSTAMP:${stamp(0)}`,
      `DTSTART:${stamp(from)}`,
      `DTEND:${stamp(to)}`,
      `SUMMARY:${summary}`,
      'END:VEVENT',
    ].join('\r\n'),
  );
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', ...events, 'END:VCALENDAR', ''].join('\r\n');
}

const people = [
  { summary: 'Cora', person: 'cora' },
  { summary: 'Rolf', person: 'rolf' },
  { summary: 'Nobody', person: 'nobody-yet' },
];
const admin = (method: string, rest: string, body?: unknown) =>
  world.server.ask(method, `/api/v1/rota${rest}`, { token, ...(body !== undefined && { body }) });
const add = (wanted: Record<string, unknown> = {}) =>
  admin('PUT', '/sources/eoc', { url, people: people.slice(0, 2), ...wanted });
const importNow = async () => (await admin('POST', '/sources/eoc/import')).body;
const eocAt = async (hours: number) => {
  const instant = encodeURIComponent(new Date(Date.now() + hours * HOUR_MS).toISOString());
  return (await admin('GET', `/at?instant=${instant}`)).body.onDuty.eoc;
};
const age = (hours: number) =>
  world.asOwner(
    `update rota_sources set good_at = good_at - interval '${hours} h', good_until = good_until - interval '${hours} h'
     where removed_at is null`,
  );

describe('a rota from a calendar', () => {
  it('is laid by it at once and on every import, and shows no address', async () => {
    const { body } = expectStatus(await add(), 200);
    expect(body).toMatchObject({ rota: 'eoc', failure: null, lapsed: false, unmapped: [] });
    expect(JSON.stringify(body)).not.toContain('secret-path');
    expect(await Promise.all([0, 40, 50].map(eocAt))).toEqual(['cora', 'cora', undefined]);
    elsewhere.events = [
      ['Cora', -1, 10],
      ['Rolf', 10, 60],
    ];
    await importRotas(world.server.context);
    expect(await Promise.all([0, 20, 50].map(eocAt))).toEqual(['cora', 'rolf', 'rolf']);
    const ledger = JSON.stringify(await world.server.ledger());
    expect(ledger).toContain('rota.imported');
    expect(ledger).not.toContain('secret-path');
  });

  it('is not set by hand beside it, and keeps what covers it', async () => {
    expectStatus(await add(), 200);
    const by = { person: 'rhea', start: new Date().toISOString(), end: new Date(Date.now() + HOUR_MS) };
    expect(await admin('PUT', '', { eoc: [by] })).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const [start, end] = [4, 6].map((hours) => new Date(Date.now() + hours * HOUR_MS).toISOString());
    const { body } = expectStatus(
      await admin('POST', '/overrides', { rota: 'eoc', person: 'rhea', start, end }),
      201,
    );
    await importNow();
    expect(await Promise.all([3, 5, 7].map(eocAt))).toEqual(['cora', 'rhea', 'cora']);
    expectStatus(await admin('POST', `/overrides/${body.id}/end`), 200);
  });

  it('leaves a gap where an event names nobody we know, or two events name two, and lists them', async () => {
    expectStatus(await add(), 200);
    elsewhere.events = [
      ['Cora', -1, 20],
      ['Rolf', 10, 15],
      ['Team dinner', 16, 17],
    ];
    const { unmapped } = await importNow();
    expect(unmapped.map(({ because }: { because: string }) => because)).toEqual([
      'it names nobody of the table',
      'more than one person is named for this time',
    ]);
    expect(await Promise.all([9, 12, 15.5, 16.5, 18].map(eocAt))).toEqual([
      'cora',
      undefined,
      'cora',
      undefined,
      'cora',
    ]);
    const gaps = (await admin('GET', '?days=1')).body.gaps.filter(
      ({ rota }: { rota: string }) => rota === 'eoc',
    );
    expect(gaps).toHaveLength(3);
  });

  it.each([
    ['of an account that there is not', { people }, 'person with an account'],
    ['in a zone that there is not', { zone: 'Mars/Base' }, 'time zone'],
    ['by another protocol', { url: 'file:///etc/passwd' }, ''],
    ['with a password in its address', { url: 'https://ana:pw@example.com/' }, 'without a name'],
  ])('%s is refused', async (_what, wanted, text) => {
    const answer = await add(wanted);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid' } });
    expect(answer.body.message).toContain(text);
  });

  it('is spared where nothing changed, and stands as long again', async () => {
    elsewhere.etag = '"one"';
    expectStatus(await add(), 200);
    await age(10);
    const before = (await admin('GET', '/sources')).body.sources[0].goodUntil;
    const after = await importNow();
    expect(elsewhere.conditions.at(-1)).toBe('"one"');
    expect(Date.parse(after.goodUntil)).toBeGreaterThan(Date.parse(before));
    expect(await eocAt(1)).toBe('cora');
  });

  it('swaps the EOC of a slot: they are told what wants their review', async () => {
    expectStatus(await add(), 200);
    const change = await world.open();
    expectStatus(
      await change.say(world.ana, '/schedule', { slot: slotIn(20 * HOUR_MS), tentative: true }),
      200,
    );
    elsewhere.events = [['Rolf', -1, 48]];
    await importNow();
    const { notices } = (await world.server.ask('GET', '/api/v1/notices', { token: world.rolf.token })).body;
    expect(notices[0].body).toContain(change.id);
  });
});

describe('a calendar that fails', () => {
  const failures: readonly (readonly [string, Partial<Elsewhere>, string])[] = [
    ['an error', { status: 500 }, '500'],
    ['a redirect', { status: 302 }, '302'],
    ['nothing changed, unasked', { status: 304 }, '304'],
  ];
  it.each(failures)('with %s keeps what was imported, says so, and tells once', async (_what, how, text) => {
    expectStatus(await add(), 200);
    Object.assign(elsewhere, how);
    const { failure, goodAt } = await importNow();
    expect(failure).toContain(text);
    expect(goodAt).not.toBeNull();
    await importNow();
    expect(await eocAt(1)).toBe('cora');
    const path = '/api/v1/notices?limit=1';
    const [told] = (await world.server.ask('GET', path, { token })).body.notices;
    expect(told).toMatchObject({ kind: 'rota-source-fails' });
    const { findings } = (await world.server.ask('GET', '/api/v1/doctor', { token })).body;
    expect(findings.find(({ part }: { part: string }) => part === 'calendar of rota eoc').status).toBe(
      'warning',
    );
  });

  it('puts nobody on call once it is too stale, without any job, and in retrospect neither', async () => {
    expectStatus(await add(), 200);
    elsewhere.status = 500;
    await age(25);
    const stale = new Date().toISOString();
    expect(await eocAt(0)).toBeUndefined();
    const me = await world.server.ask('GET', '/api/v1/me', { token: world.cora.token });
    expect(me.body.onDuty).toEqual([]);
    expect((await admin('GET', '/sources')).body.sources[0].lapsed).toBe(true);
    const change = await world.open();
    expect(await change.approve(world.cora, 'eoc')).toMatchObject({ status: 409 });
    const { findings } = (await world.server.ask('GET', '/api/v1/doctor', { token })).body;
    expect(findings.find(({ part }: { part: string }) => part === 'calendar of rota eoc').status).toBe(
      'wrong',
    );

    elsewhere.status = 200;
    await importNow();
    expect(await eocAt(0)).toBe('cora');
    const then = (await admin('GET', `/at?instant=${encodeURIComponent(stale)}`)).body;
    expect(then.onDuty.eoc).toBeUndefined();
  });

  it('and is removed puts nobody on call', async () => {
    expectStatus(await add(), 200);
    expectStatus(await admin('DELETE', '/sources/eoc'), 200);
    expect(await eocAt(1)).toBeUndefined();
    expect(await admin('DELETE', '/sources/eoc')).toMatchObject({ status: 404 });
  });

  it('that was never read, when it is removed, leaves what was set by hand', async () => {
    const start = new Date().toISOString();
    const end = new Date(Date.now() + 10 * HOUR_MS).toISOString();
    expectStatus(await admin('PUT', '', { eoc: [{ person: 'rhea', start, end }] }), 200);
    elsewhere.status = 500;
    expectStatus(await add(), 200);
    expect(await eocAt(1)).toBe('rhea');
    expectStatus(await admin('DELETE', '/sources/eoc'), 200);
    expect(await eocAt(1)).toBe('rhea');
  });
});

describe('a calendar in a private network', () => {
  it.each(['http://127.0.0.1/', 'http://127.1/', 'http://[::ffff:127.0.0.1]/', 'http://localhost/'])(
    '%s is not asked where the configuration does not allow it',
    async (inside) => {
      const strict = await startServer({ allowPrivateAddresses: false });
      await strict.account('cora');
      const before = elsewhere.asked;
      const { port } = new URL(url);
      const answer = await strict.ask('PUT', '/api/v1/rota/sources/eoc', {
        token: strict.admin.token,
        body: { url: `${inside.slice(0, -1)}:${port}/`, people: people.slice(0, 1) },
      });
      // A name is looked up only when it is asked.
      if (inside.includes('localhost')) expect(answer.body.failure).toContain('public address');
      else expect(answer).toMatchObject({ status: 400, body: { code: 'invalid' } });
      expect(elsewhere.asked).toBe(before);
      await strict.stop();
    },
  );
});
