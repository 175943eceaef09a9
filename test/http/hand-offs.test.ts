import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Call } from '../../src/app/actor.ts';
import { refuseWriting } from '../../src/app/hand-off/may.ts';
import { passOnTasks } from '../../src/app/task/pass-on.ts';
import { remindOfTasks } from '../../src/app/task/remind.ts';
import { alertSource } from '../../src/integrations/alertmanager/alerts.ts';
import { alertmanagerConnection } from '../../src/integrations/alertmanager/connection.ts';
import { startAlertmanager, type TestAlertmanager } from '../kit/alertmanager.ts';
import { expectStatus } from '../kit/changes.ts';
import { typed } from '../kit/command-line.ts';
import { eventually } from '../kit/loopback-process.ts';
import {
  atFirstStep,
  POSTCHECKS,
  startRunWorld,
  stepOf,
  stepReport,
  type RunWorld,
} from '../kit/run-world.ts';
import type { TestAccount } from '../kit/server.ts';

const HOUR_MS = 3_600_000;
const at = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();

let alertmanager: TestAlertmanager;
let world: RunWorld;
beforeAll(async () => {
  alertmanager = await startAlertmanager();
  world = await startRunWorld({
    rulesOff: ['plan-complete', 'targets-in-environment', 'director-approval', 'review-quorum'],
    alerts: { source: alertSource(alertmanager.url), secrets: [] },
    connections: { all: [alertmanagerConnection(alertmanager.url)], mask: (text) => text },
  });
  // After cora, ben, who executes, then rhea.
  const eoc = [
    { person: 'cora', start: at(0), end: at(4) },
    { person: 'ben', start: at(4), end: at(8) },
    { person: 'rhea', start: at(8), end: at(24) },
  ];
  const { token } = world.server.admin;
  expectStatus(await world.server.ask('PUT', '/api/v1/rota', { token, body: { eoc } }), 200);
});
afterAll(async () => {
  await world.server.stop();
  await alertmanager.stop();
});

const interlock = (who: TestAccount, argv: readonly string[], stdin = '') =>
  typed(argv, { stdin, environment: { INTERLOCK_URL: world.server.url, INTERLOCK_TOKEN: who.token } });
const handOffOf = async (run: string) =>
  (await world.server.ask('GET', `/api/v1/runs/${run}/hand-off`, { token: world.rhea.token })).body;
const noticesOf = async (who: TestAccount, kind: string) =>
  (await world.server.ask('GET', '/api/v1/notices', { token: who.token })).body.notices.filter(
    (one: { kind: string }) => one.kind === kind,
  );
const tasksOf = async (change: string) =>
  (await world.server.ask('GET', `/api/v1/tasks?change=${change}&open=false`, { token: world.rhea.token }))
    .body.tasks;

const makeDue = async (change: string) => {
  const owner = new Client({ connectionString: world.server.context.db.url });
  await owner.connect();
  await owner.query('update tasks set due_at = now(), reminded_at = null where change_id = $1', [change]);
  await owner.end();
};

/** A maintenance run that waits for its hand-off. */
async function waiting(plan: Record<string, unknown> = {}) {
  const { run, runner, told } = await atFirstStep(world, {
    kind: 'maintenance',
    targets: [{ name: 'db-01', type: 'host' }],
    steps: [stepOf('first')],
    ...plan,
  });
  await runner.advance(stepReport(told, 'first'));
  await runner.advance(POSTCHECKS);
  return { run, runner };
}

it('is drafted from the facts, edited, sent to the next on call, and theirs once they accept it', async () => {
  const { run, runner } = await waiting();
  const { change } = run;
  await fetch(`${alertmanager.url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ labels: { alertname: 'Slow', instance: 'db-01:9100' }, startsAt: new Date() }]),
  });
  for (const alertname of ['Slow', 'Gone']) {
    const body = { matchers: { alertname, instance: 'db-01:9100' }, minutes: 5, reason: 'It restarts.' };
    const path = `/api/v1/changes/${change}/silences`;
    expectStatus(await world.server.ask('POST', path, { token: world.ben.token, body }), 201);
  }
  const { facts } = await eventually(
    () => handOffOf(run.id),
    (view) => view.facts.silences[0].hides === 1,
  );
  expect(facts).toMatchObject({
    steps: { succeeded: 1, of: 1 },
    skipped: [],
    postchecks: [{ name: 'all is well', verdict: 'pass' }],
    silences: [{ labels: 'alertname=Slow, instance=db-01:9100', hides: 1 }, { hides: 0 }],
  });
  const draft = JSON.parse((await interlock(world.ben, ['hand-off', run.id, '--draft'])).stdout);
  expect(draft.silences).toEqual([
    expect.stringContaining('matches 1 alerts now'),
    expect.stringContaining('matches 0 alerts now'),
  ]);
  const note = JSON.stringify({ ...draft, state: `${draft.state}\nThe replica lags.` });
  const both = await interlock(world.ben, ['complete', run.id, '--from', '-', '--state', 'x'], note);
  expect([both.status, (await handOffOf(run.id)).written]).toEqual([3, null]);
  expect((await interlock(world.ben, ['complete', run.id, '--from', '-'], note)).status).toBe(0);
  expect((await runner.advance()).body.run.state).toBe('succeeded');

  expect((await handOffOf(run.id)).written).toMatchObject({
    note: { state: expect.stringContaining('The replica lags.') },
    by: 'ben',
    facts: { state: 'held', silences: [{ hides: 1 }, { hides: 0 }] },
    sentTo: 'rhea',
    acceptedBy: null,
  });
  for (const who of [world.rhea, world.cora])
    expect(await noticesOf(who, 'hand-off')).toMatchObject([
      { about: `change/${change}`, body: expect.stringContaining('The replica lags.') },
    ]);
  const [task] = await tasksOf(change);
  expect(task).toMatchObject({ kind: 'accept-hand-off', owner: 'rhea', doneAt: null });
  expect(Date.parse(task.dueAt) - Date.now()).toBeGreaterThan(8 * HOUR_MS);
  // Only acceptance ends the task, and only whom it concerns accepts.
  const ended = await world.server.ask('POST', `/api/v1/tasks/${task.id}/done`, {
    token: world.rhea.token,
    body: {},
  });
  expect(ended.body.code).toBe('not_permitted');
  for (const who of [world.ben, world.ana, world.ira])
    expect((await world.say(run, 'hand-off/accept', {}, who)).body.code).toBe('not_permitted');
  expect((await interlock(world.rhea, ['hand-off', run.id])).status).toBe(1);
  const accepted = await interlock(world.rhea, ['hand-off', 'accept', run.id]);
  expect([accepted.status, accepted.stdout]).toEqual([0, expect.stringContaining('accepted by rhea')]);
  expect((await tasksOf(change))[0]).toMatchObject({ doneBy: 'rhea' });
  expect(await noticesOf(world.ben, 'hand-off-accepted')).toHaveLength(1);
  expect((await world.say(run, 'hand-off/accept', {}, world.cora)).body.code).toBe('conflict');
  expect(
    (await world.server.ledger()).filter(
      ({ type, outcome }) => type === 'hand-off.accepted' && outcome === 'allow',
    ),
  ).toMatchObject([{ object: `change/${change}`, details: { run: run.id } }]);
});

it('is reminded of until somebody on call accepts it, and says what is not known', async () => {
  const { run } = await waiting();
  const body = { matchers: { instance: 'db-01' }, minutes: 5, reason: 'It restarts.' };
  const path = `/api/v1/changes/${run.change}/silences`;
  expectStatus(await world.server.ask('POST', path, { token: world.ben.token, body }), 201);
  await alertmanager.kill();
  expect((await handOffOf(run.id)).draft.silences).toEqual([expect.stringContaining('unknown whether')]);
  const note = { state: 'as planned', silences: [], graphs: [] };
  expect((await world.say(run, 'hand-off/accept', {}, world.cora)).status).toBe(404);
  expectStatus(await world.say(run, 'hand-off', note), 200);
  const late = () => makeDue(run.change);
  await late();
  expect(await remindOfTasks(world.server.context)).toBe(1);
  expect(await noticesOf(world.rhea, 'task-due')).toHaveLength(1);
  expectStatus(await world.say(run, 'hand-off/accept', {}, world.cora), 200);
  expect((await handOffOf(run.id)).written).toMatchObject({ sentTo: 'rhea', acceptedBy: 'cora' });
  await late();
  expect(await remindOfTasks(world.server.context)).toBe(0);
});

it('is of no use from its writer to themself, and waits where nobody else is on call', async () => {
  const { run } = await waiting();
  const { token } = world.server.admin;
  const eoc = [{ person: 'ben', start: at(0), end: at(24) }];
  expectStatus(await world.server.ask('PUT', '/api/v1/rota', { token, body: { eoc } }), 200);
  expectStatus(await world.say(run, 'hand-off', { state: 'as planned', silences: [], graphs: [] }), 200);
  expect((await handOffOf(run.id)).written).toMatchObject({ sentTo: null });
  expect(await tasksOf(run.change)).toEqual([]);
  const accept = (who: TestAccount, key: string) =>
    world.server.ask('POST', `/api/v1/runs/${run.id}/hand-off/accept`, {
      token: who.token,
      headers: { 'idempotency-key': key },
    });
  expect((await accept(world.ben, 'accept-0001')).body.message).toMatch('other than its writer');
  const cora = [{ person: 'cora', start: at(0), end: at(24) }];
  expectStatus(await world.server.ask('PUT', '/api/v1/rota', { token, body: { eoc: cora } }), 200);
  for (const again of [accept, accept])
    expect(expectStatus(await again(world.cora, 'accept-0002'), 200).body.written).toMatchObject({
      acceptedBy: 'cora',
    });
});

it('is written after the end of its run too, for some hours, and changes nothing of it', async () => {
  const { run } = await waiting();
  expectStatus(await world.say(run, 'abort'), 200);
  const read = async () =>
    (await world.server.ask('GET', `/api/v1/runs/${run.id}`, { token: world.ana.token })).body;
  const ended = await read();
  expect(ended.state).toBe('failed');
  const note = { state: 'given up', silences: [], graphs: [] };
  expect((await world.say(run, 'hand-off', note, world.ana)).body.message).toContain('got `ana`');
  expect(expectStatus(await world.say(run, 'hand-off', note), 200).body).toEqual(ended);
  expect((await world.say(run, 'hand-off', note)).body.code).toBe('exists');
  expect(await read()).toEqual(ended);
  const list = async (who: TestAccount) =>
    (await world.server.ask('GET', '/api/v1/hand-offs', { token: who.token })).body.handOffs.find(
      (one: { run: string }) => one.run === run.id,
    );
  const { sentTo } = await list(world.ana);
  expect(await list(world.ben)).toMatchObject({
    by: 'ben',
    whyNotAccept: expect.stringContaining('got `ben`'),
  });
  expect(await list(sentTo === 'rhea' ? world.rhea : world.cora)).toMatchObject({ whyNotAccept: null });
  expectStatus(await world.say(run, 'hand-off/accept', {}, world.cora), 200);
  expect(await list(world.ana)).toBeUndefined();

  const call = { actor: { person: 'ben' } } as Call;
  const writing = { run: { id: run.id, endedAt: 0 }, written: false, standings: ['executor'] as const };
  expect(refuseWriting(call, { ...writing, now: 12 * HOUR_MS })).toBeNull();
  expect(refuseWriting(call, { ...writing, now: 12 * HOUR_MS + 1 })).toMatchObject({
    refusal: { code: 'conflict' },
  });
});

it('is for the engineer on call to accept once whoever it was sent to is shut out, who is told', async () => {
  const { run } = await waiting();
  const { token } = world.server.admin;
  const eoc = [
    { person: 'cora', start: at(0), end: at(4) },
    { person: 'rhea', start: at(4), end: at(24) },
  ];
  expectStatus(await world.server.ask('PUT', '/api/v1/rota', { token, body: { eoc } }), 200);
  const sent = { state: 'as planned', silences: [], graphs: [] };
  expectStatus(await world.say(run, 'hand-off', sent), 200);
  expect(await tasksOf(run.change)).toMatchObject([{ owner: 'rhea', doneAt: null }]);
  const { context } = world.server;
  expect((await handOffOf(run.id)).written.sentTo).toBe('rhea');
  await world.server.shutOut('rhea');
  await passOnTasks(context);
  const { token: asCora } = world.cora;
  const ask = async (path: string) =>
    expectStatus(await world.server.ask('GET', `/api/v1/${path}`, { token: asCora }), 200).body;
  expect((await ask(`runs/${run.id}/hand-off`)).written.sentTo).toBe('cora');
  expect((await ask('hand-offs')).handOffs).toContainEqual(
    expect.objectContaining({ run: run.id, sentTo: 'cora', whyNotAccept: null }),
  );
  expect((await noticesOf(world.cora, 'task-passed-on'))[0]).toMatchObject({
    body: expect.stringContaining(`interlock hand-off accept ${run.id}`),
  });
  expectStatus(await world.say(run, 'hand-off/accept', {}, world.cora), 200);
});
