import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemCall } from '../../src/app/actor.ts';
import { settleHandOver } from '../../src/app/rota/hand-over.ts';
import { startServer, type TestServer } from '../kit/server.ts';

const HOUR_MS = 3_600_000;

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  ({ token } = server.admin);
  for (const name of ['cora', 'carl', 'ira']) await server.account(name);
  await server.account('robot', { kind: 'service' });
});
afterAll(() => server.stop());

const at = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();
const shift = (person: string, from: number, to: number) => ({ person, start: at(from), end: at(to) });
const set = (body: unknown) => server.ask('PUT', '/api/v1/rota', { token, body });
const show = async () => (await server.ask('GET', '/api/v1/rota?days=2', { token })).body;

describe('a rota', () => {
  it('says who is on duty now, and where nobody is', async () => {
    const answer = await set({
      eoc: [shift('cora', -1, 1), shift('carl', 1, 8)],
      imoc: [shift('ira', 2, 48)],
    });
    expect(answer.status).toBe(200);
    const { onDuty, shifts, gaps } = await show();
    expect(onDuty).toEqual({ eoc: 'cora' });
    expect(shifts.map(({ rota, person }: Record<string, string>) => `${rota} ${person}`)).toEqual([
      'eoc cora',
      'eoc carl',
      'imoc ira',
    ]);
    // A CMOC rota that nobody uses has no gaps.
    expect(new Set(gaps.map(({ rota }: { rota: string }) => rota))).toEqual(new Set(['eoc', 'imoc']));
  });

  it('never says that somebody was on call in retrospect', async () => {
    await set({ eoc: [shift('cora', -1, 8)] });
    const before = (await show()).shifts[0];
    await set({ eoc: [shift('carl', -5, 8)] });
    const rows = await server.context.db
      .selectFrom('rota_shifts')
      .select(['person', 'during'])
      .where('rota', '=', 'eoc')
      .where('retired_at', 'is', null)
      .orderBy('during')
      .execute();
    // What cora did until then stands, carl begins at that moment.
    expect(rows.map(({ person }) => person).at(-1)).toBe('carl');
    expect(rows.some(({ person }) => person === 'cora')).toBe(true);
    const { onDuty, shifts } = await show();
    expect(onDuty.eoc).toBe('carl');
    expect(Date.parse(shifts[0].start)).toBeGreaterThanOrEqual(Date.parse(before.start));
  });

  it('that is not named stays', async () => {
    await set({ imoc: [shift('ira', 0, 10)] });
    await set({ eoc: [shift('carl', 0, 10)] });
    expect((await show()).onDuty).toEqual({ eoc: 'carl', imoc: 'ira' });
  });

  it('is half open: at the end of a shift the next one is on duty, to the millisecond', async () => {
    const boundary = Date.now() + 5 * HOUR_MS;
    const edge = new Date(boundary).toISOString();
    const answer = await set({
      eoc: [
        { person: 'cora', start: at(-1), end: edge },
        { person: 'carl', start: edge, end: at(9) },
      ],
    });
    expect(answer.status).toBe(200);
    expect(answer.body.gaps[0].start).toBe(
      answer.body.shifts.find((one: { person: string }) => one.person === 'carl').end,
    );
  });

  it.each([
    [
      'two shifts that overlap by a millisecond',
      {
        eoc: [
          { person: 'cora', start: '2031-01-01T00:00:00Z', end: '2031-01-02T00:00:00.001Z' },
          { person: 'carl', start: '2031-01-02T00:00:00Z', end: '2031-01-03T00:00:00Z' },
        ],
      },
      'overlap',
    ],
    [
      'one person twice at once',
      {
        eoc: [
          { person: 'cora', start: '2031-01-01T00:00:00Z', end: '2031-01-03T00:00:00Z' },
          { person: 'cora', start: '2031-01-02T00:00:00Z', end: '2031-01-04T00:00:00Z' },
        ],
      },
      'overlap',
    ],
    [
      'somebody without an account',
      { eoc: [{ person: 'nobody', start: '2031-01-01T00:00:00Z', end: '2031-01-02T00:00:00Z' }] },
      'invalid',
    ],
    [
      'a service',
      { eoc: [{ person: 'robot', start: '2031-01-01T00:00:00Z', end: '2031-01-02T00:00:00Z' }] },
      'invalid',
    ],
    [
      'an end before its start',
      { eoc: [{ person: 'cora', start: '2031-01-02T00:00:00Z', end: '2031-01-01T00:00:00Z' }] },
      'invalid',
    ],
    [
      'an instant without an offset',
      { eoc: [{ person: 'cora', start: '2031-01-01T00:00:00', end: '2031-01-02T00:00:00Z' }] },
      'invalid',
    ],
    ['no rota at all', {}, 'invalid'],
    ['a rota that is none', { vpe: [] }, 'invalid'],
  ])('refuses %s, and stays as it was', async (_name, body, code) => {
    const { shifts } = await show();
    expect((await set(body)).body.code).toBe(code);
    expect((await show()).shifts).toEqual(shifts);
  });

  it('is recorded, refusals too', async () => {
    const entries = (await server.ledger()).filter(({ type }) => type === 'rota.set');
    expect(entries.some(({ outcome }) => outcome === 'allow')).toBe(true);
    expect(entries.filter(({ outcome }) => outcome === 'deny').length).toBeGreaterThanOrEqual(3);
    expect(entries.at(-1)).toMatchObject({ object: 'rota/all', actor: { subject: 'admin' } });
  });

  it('set by many at once is one of theirs, whole', async () => {
    await Promise.all(
      ['cora', 'carl', 'cora', 'carl'].map((person) => set({ eoc: [shift(person, -1, 20)] })),
    );
    const { shifts } = await show();
    expect(shifts.filter(({ rota }: { rota: string }) => rota === 'eoc')).toHaveLength(1);
  });
});

describe('who is shut out', () => {
  it('is on call no more', async () => {
    const ira = await server.account('ivan');
    await server.onCall({ imoc: 'ivan' });
    expect((await server.ask('GET', '/api/v1/me', { token: ira.token })).body.onDuty).toEqual(['imoc']);
    await server.ask('PATCH', '/api/v1/people/ivan', { token, body: { disabled: true } });
    expect((await show()).onDuty.imoc).toBeUndefined();
  });

  it('accepts no hand-over, though they asked to before', async () => {
    const clara = await server.account('clara');
    await server.account('late');
    await server.onCall({ imoc: 'clara' });
    const offer = { rota: 'imoc', to: 'late' };
    const { body } = await server.ask('POST', '/api/v1/rota/hand-overs', { token: clara.token, body: offer });
    await server.shutOut('late');
    const call = systemCall('test');
    const asked = { ...call, actor: { ...call.actor, person: 'late' } };
    expect(await settleHandOver(server.context, asked, body.id, 'accepted')).toMatchObject({
      ok: false,
      refusal: { code: 'conflict' },
    });
    expect((await show()).onDuty.imoc).toBe('clara');
  });

  it('is set for what was read, where its caller says so', async () => {
    await set({ eoc: [shift('cora', -1, 8)] });
    const read = () => server.ask('GET', '/api/v1/rota?days=3', { token });
    const tag = (await read()).headers.get('etag') ?? '';
    const setFor = (ifMatch: string) =>
      server.ask('PUT', '/api/v1/rota', {
        token,
        headers: { 'if-match': ifMatch },
        body: { eoc: [shift('carl', 0, 8)] },
      });
    // How far ahead somebody looks is no part of what was written.
    const other = await server.ask('GET', '/api/v1/rota?days=9', { token });
    expect(other.headers.get('etag')?.split('.')[0]).toBe(tag.split('.')[0]);
    expect((await setFor(tag)).status).toBe(200);
    expect(await setFor(tag)).toMatchObject({ status: 412, body: { code: 'stale' } });
    expect((await read()).body.onDuty.eoc).toBe('carl');
    expect((await setFor((await read()).headers.get('etag') ?? '')).status).toBe(200);
  });
});
