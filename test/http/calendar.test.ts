import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  confirmLock,
  expectStatus,
  slotIn,
  startChangeWorld,
  type ChangeWorld,
  type OpenedChange,
} from '../kit/changes.ts';

const HOUR_MS = 3_600_000;
/** One slot for all who say no other: words are of the very slot. */
const USUAL = slotIn(2 * HOUR_MS);

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

/** Each on its own service, so that only those that are meant to meet do. */
let services = 0;
const openOn = (service = `service-${(services += 1)}`) => world.open({ set: { services: [service] } });
async function reviewedOn(service?: string): Promise<OpenedChange> {
  const change = await openOn(service);
  expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
  return change;
}
const pencil = async (change: OpenedChange, slot = USUAL) =>
  expectStatus(await change.say(world.ana, '/schedule', { slot, tentative: true }), 200).body;
/** The engineer on call reviews a plan for a slot. */
async function reviewFor(change: OpenedChange, slot = USUAL) {
  const { report } = await pencil(change, slot);
  expectStatus(await change.approve(world.cora, 'eoc'), 201);
  return report;
}
const accept = (change: OpenedChange, slot = USUAL, acknowledgesConflicts: string[] = []) =>
  change.say(world.ana, '/schedule', { slot, acknowledgesConflicts });
describe('the Production calendar', () => {
  it('has a C2 once its slot is accepted, a C3 with its due date, and a C4 without a date not at all', async () => {
    const asC = async (criticality: string) => {
      const change = await world.open({
        set: { criticality, topics: [], services: [`service-${(services += 1)}`] },
      });
      expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
      return change;
    };
    const [second, third, fourth] = [await reviewedOn(), await asC('C3'), await asC('C4')];
    for (const change of [second, third]) {
      await reviewFor(change);
      expect(await change.show(world.ana)).toMatchObject({ onCalendar: false });
      expect(expectStatus(await accept(change), 200).body.change.onCalendar).toBe(true);
    }
    const dateless = await fourth.say(world.ana, '/schedule', { slot: null });
    expect(expectStatus(dateless, 200).body).toMatchObject({
      change: { state: 'scheduled', onCalendar: false },
      report: null,
    });
  });
});

describe('a slot in which others work on the same service', () => {
  it('is taken only by whoever names each of them', async () => {
    const [first, second, mine] = [await reviewedOn('db'), await openOn('db'), await reviewedOn('db')];
    await reviewFor(first);
    expectStatus(await accept(first), 200);
    await pencil(second);
    await reviewFor(mine);
    const refused = await accept(mine);
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const named = refused.body.conflicts.map(({ change }: { change: string }) => change);
    expect(named).toEqual([first.id, second.id]);
    expect((await accept(mine, USUAL, [first.id])).body.message).toContain(second.id);
    expect(await mine.show(world.ana)).toMatchObject({ state: 'unscheduled', slot: { accepted: false } });
    expectStatus(await accept(mine, USUAL, named), 200);
    const entries = (await world.server.ledger()).filter(
      ({ type, object }) => type === 'change.scheduled' && object === `change/${mine.id}`,
    );
    expect(entries.map(({ outcome }) => outcome)).toEqual(['deny', 'deny', 'allow']);
    expect(entries.at(-1)).toMatchObject({ details: { conflicts: `${first.id} ${second.id}` } });
  });

  it('is no conflict where they end as it begins, are elsewhere, or gave it up', async () => {
    const start = Date.now() + 20 * HOUR_MS;
    const span = (from: number, to: number) => ({
      start: new Date(start + from * HOUR_MS).toISOString(),
      end: new Date(start + to * HOUR_MS).toISOString(),
    });
    const [before, other, gone, mine] = [
      await openOn('cache'),
      await openOn(),
      await openOn('cache'),
      await reviewedOn('cache'),
    ];
    await pencil(before, span(-1, 0));
    await pencil(other, span(0, 1));
    await pencil(gone, span(0, 1));
    expectStatus(await gone.say(world.ana, '/cancel', { reason: 'not needed' }), 200);
    expect((await reviewFor(mine, span(0, 1))).conflicts).toEqual([]);
    expectStatus(await accept(mine, span(0, 1)), 200);
  });

  it('is never taken by two at once without either knowing of the other', async () => {
    // Of C4, which nobody has to review: each comes with its slot.
    const open = () => world.open({ set: { criticality: 'C4', topics: [], services: ['queue'] } });
    const pair = [await open(), await open()];
    const slot = slotIn(6 * HOUR_MS);
    const database = new Client({ connectionString: world.server.context.db.url });
    await database.connect();
    // Both are held where they have looked at the calendar, or wait to: then they go on.
    await database.query(`begin; select pg_advisory_xact_lock(hashtext('interlock standing'))`);
    const asked = pair.map((change) => accept(change, slot));
    await expect
      .poll(
        async () => {
          const { rows } = await database.query<{ waiting: number }>(
            `select count(*)::int as waiting from pg_locks where not granted and locktype = 'advisory'
             and database = (select oid from pg_database where datname = current_database())`,
          );
          return rows[0]?.waiting;
        },
        { timeout: 20_000 },
      )
      .toBe(2);
    await database.query('commit');
    await database.end();
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });
});

const preview = async (change: OpenedChange, slot: unknown) =>
  expectStatus(await change.say(world.ana, '/slot-preview', { slot }), 200).body;
const kinds = (report: { warnings: { kind: string }[] }) => report.warnings.map(({ kind }) => kind);
const lockOf = ({ decision }: { decision: { verdicts: { rule: string; verdict: string }[] } }) =>
  decision.verdicts.find(({ rule }) => rule === 'soft-lock')?.verdict;

describe('a preview of a slot', () => {
  it('warns of a shift change and a gap inside, and changes nothing', async () => {
    const change = await openOn();
    const now = Date.now();
    const at = (hours: number) => new Date(now + hours * HOUR_MS).toISOString();
    const shift = (person: string, from: number, to: number) => ({ person, start: at(from), end: at(to) });
    const set = (eoc: unknown) =>
      world.server.ask('PUT', '/api/v1/rota', { token: world.server.admin.token, body: { eoc } });
    await set([shift('cora', -1, 30), shift('rolf', 30, 31), shift('cora', 32, 60)]);
    const entries = (await world.server.ledger()).length;
    const report = await preview(change, { start: at(29.5), end: at(33) });
    expect(kinds(report)).toEqual(['shift-change', 'rota-gap']);
    expect(report.warnings[0].text).toContain('`rolf` takes over');
    expect(kinds(await preview(change, { start: at(28), end: at(30) }))).toEqual([]);
    expect((await change.show(world.ana)).slot).toBeNull();
    expect(await world.server.ledger()).toHaveLength(entries);
    await set([shift('cora', -1, 60)]);
  });

  it('warns of another C2 near it, a lock within a day, and the executor’s own day', async () => {
    const [near, change] = [await openOn(), await openOn()];
    await pencil(near, slotIn(40 * HOUR_MS));
    expect(kinds(await preview(change, slotIn(44 * HOUR_MS)))).toEqual(['near-change']);
    expect(kinds(await preview(change, slotIn(45.5 * HOUR_MS)))).toEqual([]);

    const zone = 'Asia/Kolkata';
    const workday = { zone, begins: '01:00', ends: '02:00' };
    expectStatus(
      await world.server.ask('PUT', '/api/v1/me/workday', { token: world.ben.token, body: workday }),
      200,
    );
    // 19:30 to 20:30 UTC is one to two o'clock in Kolkata.
    const date = new Date(Date.now() + 10 * 24 * HOUR_MS).toISOString().slice(0, 10);
    const slot = (from: string, to: string) => ({ start: `${date}T${from}:00Z`, end: `${date}T${to}:00Z` });
    const text = async (from: string, to: string) =>
      (await preview(change, slot(from, to))).warnings.find(
        ({ kind }: { kind: string }) => kind === 'workday',
      ).text;
    expect(await text('19:30', '20:00')).toContain('0.5 h are left');
    expect(await text('19:30', '21:30')).toContain('ends 1 h after');
    expect(await text('19:29', '20:00')).toContain('begins outside');
    for (const wrong of [
      { ...workday, zone: 'Mars/Base' },
      { ...workday, ends: '00:30' },
    ])
      expect(
        (await world.server.ask('PUT', '/api/v1/me/workday', { token: world.ben.token, body: wrong })).status,
      ).toBe(400);

    const lock = { kind: 'soft', environments: ['illumidesk.com'], category: 'other', reason: 'fair' };
    const span = { start: `${date}T12:00:00Z`, end: `${date}T13:00:00Z` };
    const { id } = expectStatus(
      await world.server.ask('POST', '/api/v1/locks', {
        token: world.mona.token,
        body: { ...lock, ...span },
      }),
      201,
    ).body;
    expectStatus(await confirmLock(world.server, world.vera, id), 200);
    const beside = await preview(change, slot('19:30', '20:00'));
    expect(kinds(beside)).toContain('lock-near');
    expect(lockOf(beside)).toBe('pass');
    expect(lockOf(await preview(change, slot('12:30', '12:45')))).toBe('deny');
  });

  it('offers several openings that leave out what stops it and what is taken', async () => {
    const [taken, change] = [await openOn('mail'), await openOn('mail')];
    const slot = slotIn(HOUR_MS);
    await pencil(taken, slot);
    const { openings } = await preview(change, slotIn(3 * HOUR_MS));
    expect(openings.length).toBeGreaterThanOrEqual(2);
    const length = HOUR_MS;
    for (const { first, last } of openings) {
      expect(
        Date.parse(first) >= Date.parse(slot.end) || Date.parse(last) + length <= Date.parse(slot.start),
      ).toBe(true);
    }
  });
});

describe('the calendar of a span', () => {
  it('has slots, locks of both origins, hours and shifts, and of one environment alone', async () => {
    const change = await openOn();
    const slot = slotIn(50 * HOUR_MS);
    await pencil(change, slot);
    const to = new Date(Date.now() + 40 * 24 * HOUR_MS).toISOString();
    const ask = (rest = '') =>
      world.server.ask(
        'GET',
        `/api/v1/calendar?from=${encodeURIComponent(new Date().toISOString())}&to=${encodeURIComponent(to)}${rest}`,
        { token: world.ana.token },
      );
    const { body } = expectStatus(await ask(), 200);
    expect(body.slots).toContainEqual(
      expect.objectContaining({ change: change.id, start: slot.start, accepted: false }),
    );
    expect(new Set(body.locks.map(({ origin }: { origin: string }) => origin))).toContain('server');
    expect(body.hours.C4).toEqual([{ start: '00:00', end: '00:00' }]);
    expect(body.shifts.some(({ person }: { person: string }) => person === 'cora')).toBe(true);
    expect((await ask('&environment=ops.illumidesk.net')).body.slots).toEqual([]);
  });

  it.each([
    ['backwards', '', '2026-12-02T00:00:00Z', '2026-12-01T00:00:00Z'],
    ['longer than any plan', '', '2026-12-02T00:00:00Z', '2028-12-01T00:00:00Z'],
    ['of days that are not whole', '/days', '2026-12-01T01:00:00Z', '2026-12-02T01:00:00Z'],
    ['of more days than are looked over', '/days', '2026-12-01T00:00:00Z', '2027-03-01T00:00:00Z'],
  ])('%s is refused', async (_what, view, from, to) => {
    const path = `/api/v1/calendar${view}?from=${from}&to=${to}`;
    expect((await world.server.ask('GET', path, { token: world.ana.token })).status).toBe(400);
  });
});
