import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from 'pg';
import { carry, queuesOf } from '../../src/app/outside/carry.ts';
import { endSilencesOfRuns } from '../../src/app/silence/end.ts';
import { alertmanagerConnection } from '../../src/integrations/alertmanager/connection.ts';
import { startAlertmanager, type TestAlertmanager } from '../kit/alertmanager.ts';
import { expectStatus } from '../kit/changes.ts';
import { typed } from '../kit/command-line.ts';
import type { TestAccount } from '../kit/server.ts';
import { atFirstStep, startRunWorld, type RunWorld } from '../kit/run-world.ts';

let alertmanager: TestAlertmanager;
let world: RunWorld;
beforeAll(async () => {
  alertmanager = await startAlertmanager();
  world = await startRunWorld({
    rulesOff: ['plan-complete', 'targets-in-environment'],
    connections: { all: [alertmanagerConnection(alertmanager.url)], mask: (text) => text },
  });
});
afterAll(async () => {
  await world.server.stop();
  await alertmanager.stop();
});

interface Asked {
  readonly body?: unknown;
  readonly who?: TestAccount;
}

const PLAN = { targets: [{ name: 'db-01', type: 'host' }] };
const BODY = { matchers: { alertname: 'Slow', instance: 'db-01:9100' }, minutes: 5, reason: 'It restarts.' };
const turn = async () => {
  const { context } = world.server;
  await endSilencesOfRuns(context);
  for (const { connection, direction } of queuesOf(context))
    while ((await carry(context, connection, direction)) > 0);
};
const silences = (change: string, method = 'GET', rest = '', { body, who = world.ben }: Asked = {}) =>
  world.server.ask(method, `/api/v1/changes/${change}/silences${rest}`, { token: who.token, body });
/** The states of the silences in Alertmanager that a change made. */
const there = async (change: string) =>
  (
    (await (await fetch(`${alertmanager.url}/api/v2/silences`)).json()) as {
      comment: string;
      endsAt: string;
      status: { state: string };
    }[]
  ).filter(({ comment }) => comment.startsWith(`${change},`));
const statesOf = async (change: string) => (await there(change)).map(({ status }) => status.state);
const asOwner = async (statement: string) => {
  const owner = new Client({ connectionString: world.server.context.db.url });
  await owner.connect();
  await owner.query(statement);
  await owner.end();
};
const endRun = (change: string, ago = '0 s') =>
  asOwner(
    `update runs set state = 'succeeded', ended_at = now() - interval '${ago}', lease_expires_at = null, hold = null where change_id = '${change}'`,
  );
const noticesOf = async (who: TestAccount, kind: string) =>
  (await world.server.ask('GET', '/api/v1/notices', { token: who.token })).body.notices.filter(
    (one: { kind: string }) => one.kind === kind,
  );

it('stands in Alertmanager once, and ends with its run', async () => {
  const { run } = await atFirstStep(world, PLAN);
  const { change } = run;
  expect(expectStatus(await silences(change, 'POST', '', { body: BODY }), 201).body.silences).toMatchObject([
    { state: 'waiting', by: 'ben' },
  ]);
  await turn();
  await asOwner(`update outbox set delivered_at = null, next_attempt_at = now() where topic = 'silence'`);
  await turn();
  expect(await statesOf(change)).toEqual(['active']);
  expect((await silences(change)).body.silences).toMatchObject([
    { state: 'active', silence: expect.any(String) },
  ]);
  expect((await world.server.ledger()).find(({ type }) => type === 'silence.made')).toMatchObject({
    object: `change/${change}`,
    outcome: 'allow',
  });
  await endRun(change);
  await turn();
  await turn();
  expect(await statesOf(change)).toEqual(['expired']);
  expect((await silences(change)).body.silences).toMatchObject([{ state: 'ended' }]);
});

it('hides a target of the plan and nothing more, while it runs, for no longer than it may last', async () => {
  const { run } = await atFirstStep(world, PLAN);
  const { change } = run;
  for (const matchers of [{ alertname: 'Slow' }, { instance: 'db-02' }, { severity: 'critical' }])
    expect(await silences(change, 'POST', '', { body: { ...BODY, matchers } })).toMatchObject({
      status: 400,
    });
  expect(await silences(change, 'POST', '', { body: BODY, who: world.cora })).toMatchObject({
    body: { code: 'not_permitted' },
  });
  const [made] = expectStatus(await silences(change, 'POST', '', { body: { ...BODY, minutes: 600 } }), 201)
    .body.silences;
  expect(Date.parse(made.endsAt) - Date.parse(made.at)).toBeLessThan(10 * 60_000 + 1_000);
  const draft = await world.open(PLAN);
  expect(await silences(draft, 'POST', '', { body: BODY })).toMatchObject({ status: 409 });
  await turn();
  const { stdout, status } = await typed(['silence', 'end', change, made.id], {
    environment: { INTERLOCK_URL: world.server.url, INTERLOCK_TOKEN: world.ben.token },
  });
  expect([status, stdout]).toEqual([0, expect.stringContaining('instance=db-01:9100')]);
  await turn();
  expect(await statesOf(change)).toEqual(['expired']);
});

it('whose end fails keeps no other from its own: it is counted, and tried again', async () => {
  const { run } = await atFirstStep(world, PLAN);
  const { change } = run;
  for (const minutes of [5, 6])
    expectStatus(await silences(change, 'POST', '', { body: { ...BODY, minutes } }), 201);
  await turn();
  const ids = (await silences(change)).body.silences.map(({ id }: { id: string }) => id).toSorted();
  await asOwner(`
    create function no_first_end() returns trigger language plpgsql as $$ begin raise 'no first end'; end $$;
    create trigger no_first_end before insert on outbox for each row when (
      new.topic = 'unsilence' and new.payload ->> 'silence' = '${ids[0]}'
    ) execute function no_first_end()`);
  await endRun(change);
  await turn();
  expect((await statesOf(change)).toSorted()).toEqual(['active', 'expired']);
  expect(world.server.context.metrics.text()).toContain('interlock_job_failures_total{job="silences"} 1');
  await asOwner('drop function no_first_end() cascade');
  await turn();
  expect(await statesOf(change)).toEqual(['expired', 'expired']);
});

it('is handed to the engineer on call, who has it beyond the run until its own end', async () => {
  const { run } = await atFirstStep(world, PLAN);
  const { change } = run;
  const [{ id }] = expectStatus(await silences(change, 'POST', '', { body: BODY }), 201).body.silences;
  await turn();
  const handed = await silences(change, 'POST', `/${id}/hand-over`, {
    body: { minutes: 60, because: 'The replica is behind.' },
  });
  expect(expectStatus(handed, 200).body.silences).toMatchObject([{ handedTo: 'cora', state: 'handed' }]);
  expect(await noticesOf(world.cora, 'silence-handed')).toMatchObject([{ about: `change/${change}` }]);
  await endRun(change);
  await turn();
  await turn();
  const active = (await there(change)).filter(({ status }) => status.state === 'active');
  expect(active).toHaveLength(1);
  expect(Date.parse(active[0]!.endsAt)).toBeGreaterThan(Date.now() + 50 * 60_000);
  expectStatus(await silences(change, 'DELETE', `/${id}`, { who: world.cora }), 200);
  await turn();
  expect(await statesOf(change)).not.toContain('active');
});

it('that is ended while it is on its way to somebody else is ended under its next name too', async () => {
  const { run } = await atFirstStep(world, PLAN);
  const { change } = run;
  const [{ id }] = expectStatus(await silences(change, 'POST', '', { body: BODY }), 201).body.silences;
  await turn();
  const handing = { body: { minutes: 60, because: 'The replica is behind.' } };
  expectStatus(await silences(change, 'POST', `/${id}/hand-over`, handing), 200);
  expectStatus(await silences(change, 'DELETE', `/${id}`, { who: world.cora }), 200);
  await turn();
  await turn();
  expect(await statesOf(change)).not.toContain('active');
  expect((await silences(change)).body.silences).toMatchObject([{ state: 'ended' }]);
});

it('that outlives its run is shown, and warned about once', async () => {
  const { run } = await atFirstStep(world, PLAN);
  const { change } = run;
  expectStatus(await silences(change, 'POST', '', { body: BODY }), 201);
  await turn();
  await alertmanager.kill();
  await endRun(change, '61 s');
  await turn();
  await turn();
  expect((await silences(change)).body.silences).toMatchObject([{ state: 'outlives' }]);
  for (const who of [world.ben, world.cora])
    expect(await noticesOf(who, 'silence-outlives')).toMatchObject([{ about: `change/${change}` }]);
  await alertmanager.restart();
  await asOwner(`update outbox set next_attempt_at = now() where delivered_at is null`);
  await turn();
  expect((await silences(change)).body.silences).toMatchObject([{ state: 'ended' }]);
});
