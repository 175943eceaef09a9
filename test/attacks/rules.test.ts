import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineLog } from '../../src/app/line-log.ts';
import { content } from '../kit/attacks.ts';
import { confirmLock, expectStatus, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { superuser } from '../kit/ledger.ts';

// TRUST.md section 5, attack 17: what the rules stand on is not deleted, renamed or back-dated, neither by whoever may do everything
// nor by the program itself; and 50, what is written for people to read forges no line.
let world: ChangeWorld;
let all: string;
let untouched: Record<string, string>;
beforeAll(async () => {
  world = await startChangeWorld();
  const { server } = world;
  all = (
    await server.account('wanda', {
      roles: ['admin', 'management', 'reviewer', 'vpe', 'director'],
      scopes: ['read', 'ask', 'act', 'admin'],
    })
  ).token;
  await server.onCall({ eoc: 'wanda', imoc: 'ira' });
  const change = await world.open();
  expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
  expectStatus(await ask('POST', '/api/v1/vetoes', { change: change.id, reason: 'Wait.' }), 201);
  expectStatus(await ask('POST', '/api/v1/incidents', { title: 'down', severity: 'S3' }), 201);
  const lock = { kind: 'soft', environments: ['illumidesk.com'], category: 'other', reason: 'A holiday.' };
  const made = await ask('POST', '/api/v1/locks', { ...lock, first: '2030-01-01', last: '2030-01-01' });
  expectStatus(await confirmLock(server, world.vera, expectStatus(made, 201).body.id), 200);
  await world.asOwner(
    `insert into error_budget_readings (service, query, remaining, because, raw) values ('shop', 'up', 0, 'burnt', '{}')`,
  );
  untouched = await content(world.server);
});
afterAll(() => world.server.stop());

const ask = (method: string, path: string, body?: unknown) =>
  world.server.ask(method, path, { token: all, ...(body !== undefined && { body }) });

describe('17: over the API, as whoever may do everything', () => {
  it('policy, rules, procedures, budgets and measures are only read', () => {
    const read = world.server.routes.filter(({ url }) =>
      /\/(policy|policies|rules|procedures|error-budgets|measures|decisions|ledger\/(tile|entries))\b/.test(
        url,
      ),
    );
    expect(read.length).toBeGreaterThan(5);
    expect(
      read.filter(({ method, url }) => !['GET', 'HEAD'].includes(method) && url !== '/api/v1/decisions'),
    ).toEqual([]);
  });

  it.each([
    'policy',
    'rules/eoc-veto',
    'procedures/raise-work-mem',
    'error-budgets/shop',
    'locks/LOCK-1',
    'locks/release-day',
    'vetoes/1',
    'incidents/INC-1',
    'changes/CHG-1',
    'decisions/0',
    'ledger/entries/0',
  ])('%s is neither deleted nor replaced nor renamed', async (path) => {
    for (const method of ['DELETE', 'PATCH', 'PUT']) {
      const { status } = await ask(
        method,
        `/api/v1/${path}`,
        method === 'DELETE' ? undefined : { name: 'x', id: 'x' },
      );
      // A change can be edited: not by such a body.
      expect([400, 404, 405]).toContain(status);
    }
  });

  it.each([
    ['locks', { kind: 'hard', first: '2020-01-01', last: '2020-01-02' }],
    ['locks', { kind: 'hard', start: '2020-01-01T00:00:00Z', end: '2030-01-01T00:00:00Z' }],
    ['locks/LOCK-1/edits', { kind: 'soft', version: 1, first: '2020-01-01', last: '2030-01-01' }],
    [
      'locks/LOCK-1/edits',
      { kind: 'soft', version: 1, first: '2030-01-01', last: '2030-01-01', at: '2020-01-01' },
    ],
    ['vetoes', { change: 'CHG-1', at: '2020-01-01T00:00:00Z' }],
    ['incidents', { title: 'x', severity: 'S4', openedAt: '2020-01-01T00:00:00Z' }],
    ['changes/CHG-1/approvals', { as: 'reviewer', for: 'plan', at: '2020-01-01T00:00:00Z' }],
  ])('%s is not back-dated: %j', async (path, body) => {
    const said = path.startsWith('locks')
      ? { environments: ['illumidesk.com'], category: 'other', reason: 'x' }
      : { reason: 'x' };
    const { status, body: answer } = await ask('POST', `/api/v1/${path}`, { ...said, ...body });
    expect([status, answer.code]).toEqual([400, 'invalid']);
  });
});

it.each([
  'delete from locks',
  'delete from lock_versions',
  `update locks set made_by = 'ana'`,
  `update lock_versions set reason = 'Another one.'`,
  `update lock_versions set during = tstzrange(null, null)`,
  'delete from vetoes',
  `update vetoes set at = '2020-01-01'`,
  'delete from approvals',
  `update approvals set at = '2020-01-01'`,
  'delete from incidents',
  `update incidents set opened_at = '2020-01-01'`,
  'delete from decisions',
  'update decisions set allowed = true',
  'update error_budget_readings set remaining = 1',
  'delete from changes',
  'delete from change_revisions',
  `update change_revisions set plan_text = ''`,
  'delete from runs',
  'delete from incident_causes',
  'truncate locks, vetoes, incidents cascade',
])('17: in the database the program itself may not `%s`', async (statement) => {
  await expect(
    superuser(world.server.context.db.url, `set role interlock_app; ${statement};`),
  ).rejects.toThrow(/permission denied|is not|are not|cannot/);
});

it('17: none of it changed anything', async () => {
  expect(await content(world.server)).toEqual(untouched);
});

describe('50: what is written for people to read', () => {
  const FORGED = 'down\n2026-11-28T10:00:00.000Z error all is well\r\u001b[2K\u009b2K\u2028\u202e\u{e0001}';

  it('is one line of printable characters in the log, and says all of it', () => {
    const lines: string[] = [];
    lineLog((line) => lines.push(line)).error({ title: FORGED, [FORGED]: 1 }, FORGED);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(lines[0]).toContain('\\u202e');
  });

  it('is one line in the ledger, and no record of its own', async () => {
    const from = (await world.server.ledger()).length;
    expectStatus(await ask('POST', '/api/v1/channel', { body: FORGED }), 201);
    await ask('POST', `/api/v1/incidents/${encodeURIComponent('INC-1\n{"type":"decision"}')}/resolve`, {
      reason: FORGED,
    });
    const rows = await world.server.context.db.selectFrom('ledger_entries').select('entry').execute();
    for (const { entry } of rows) expect(entry).not.toMatch(/\p{Cc}/u);
    for (const { type } of await world.recorded(from)) expect(type).not.toBe('decision');
  });
});
