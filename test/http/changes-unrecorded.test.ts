import { afterAll, beforeAll, expect, it } from 'vitest';
import { sentPlan, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';

const quiet = () => undefined;

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
  // The server tells its log what it cannot tell its callers; here that is what the test brings about.
  Object.assign(world.server.context, { log: { info: quiet, warn: quiet, error: quiet } });
});
afterAll(() => world.server.stop());

it('is not done where it cannot be recorded', async () => {
  const change = await world.open();
  const tables = [
    'changes',
    'change_revisions',
    'approvals',
    'vetoes',
    'incidents',
    'locks',
    'messages',
    'announcements',
    'outbox',
    'decisions',
    'presences',
    'exceptions',
  ];
  const counts = () => Promise.all(tables.map((table) => world.rows(table)));
  const before = await counts();
  await world.asOwner(`
    create function no_room() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$;
    create trigger no_room before insert on ledger_entries for each row execute function no_room();`);
  try {
    const lock = {
      kind: 'hard',
      environments: ['illumidesk.com'],
      category: 'other',
      reason: 'r',
      timeToLive: '1 h',
    };
    const attempts = [
      world.server.ask('POST', '/api/v1/changes', { token: world.ana.token, body: sentPlan() }),
      change.edit(world.ana, { set: { impact: 'Another.' } }),
      change.approve(world.rhea, 'reviewer'),
      change.say(world.ana, '/exceptions', { rule: 'in-slot', reason: 'r' }),
      change.say(world.ana, '/schedule', { slot: null }),
      change.say(world.ana, '/announce'),
      change.say(world.ana, '/cancel', { reason: 'not needed' }),
      change.say(world.cora, '/discussion', { body: 'hello' }),
      change.say(world.cora, '/presence'),
      world.server.ask('POST', '/api/v1/vetoes', {
        token: world.cora.token,
        body: { change: '*', reason: 'r' },
      }),
      world.server.ask('POST', '/api/v1/incidents', {
        token: world.cora.token,
        body: { title: 't', severity: 'S1' },
      }),
      world.server.ask('POST', '/api/v1/locks/emergency', { token: world.cora.token, body: lock }),
    ];
    for (const answer of await Promise.all(attempts)) expect(answer.status).toBeGreaterThanOrEqual(500);
  } finally {
    await world.asOwner('drop trigger no_room on ledger_entries; drop function no_room()');
  }
  expect(await counts()).toEqual(before);
  expect((await change.show(world.ana)).state).toBe('unscheduled');
});
