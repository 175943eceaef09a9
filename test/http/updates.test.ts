import { afterAll, beforeAll, expect, it } from 'vitest';
import { deliverDue } from '../../src/app/deliver.ts';
import { remindOfUpdates } from '../../src/app/change/remind-of-updates.ts';
import { expectStatus } from '../kit/changes.ts';
import { typed } from '../kit/command-line.ts';
import { atFirstStep, startRunWorld, stepOf, stepReport, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
beforeAll(async () => {
  world = await startRunWorld();
});
afterAll(() => world.server.stop());

const PLAN = {
  cmoc: 'rhea',
  communication: [
    { audience: 'support', every: '30 min', start: 'It starts.', end: 'It ended.' },
    { audience: 'change-channel', start: 'We begin.', end: 'We are done.' },
  ],
  steps: [stepOf('first'), stepOf('second'), stepOf('third')],
};
const interlock = (who: { token: string }, ...argv: string[]) =>
  typed(['inform', ...argv], {
    environment: { INTERLOCK_URL: world.server.url, INTERLOCK_TOKEN: who.token },
  });
const updatesRule = async (change: string) => {
  const shown = await world.server.ask('GET', `/api/v1/changes/${change}`, { token: world.ana.token });
  return shown.body.verdict.decision.verdicts.find(({ rule }: { rule: string }) => rule === 'updates-due');
};
const reminders = async () =>
  (await world.server.ask('GET', '/api/v1/notices', { token: world.rhea.token })).body.notices
    .filter(({ kind }: { kind: string }) => kind === 'update-late')
    .map(({ body }: { body: string }) => body.replace(/since .*Z/, 'since then'));

it('counts what is late from what was sent: it warns, reminds once, and is quiet when they were told', async () => {
  const { run, runner, told } = await atFirstStep(world, PLAN);
  const { change } = run;
  expect(await updatesRule(change)).toMatchObject({
    verdict: 'warn',
    because: expect.stringContaining('1 wait for a late update') as string,
  });
  await remindOfUpdates(world.server.context);
  await remindOfUpdates(world.server.context);
  expect(await reminders()).toEqual([
    `${change}: support waits for the start since then. interlock inform ${change} support`,
  ]);
  expect(await interlock(world.ana, change, 'end-users')).toMatchObject({ status: 3 });
  expect((await interlock(world.server.admin, change, 'support')).status).not.toBe(0);
  expect(await interlock(world.rhea, change, 'support')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(
      /support +every 30 min +1 +\S+Z +update, by [^]*change-channel +start and end +1 +\S+Z +nothing/,
    ) as string,
  });
  expect(await updatesRule(change)).toMatchObject({ verdict: 'pass' });
  await deliverDue(world.server.context);
  const { messages } = (await world.server.ask('GET', '/api/v1/channel', { token: world.ana.token })).body;
  expect(messages[0]).toMatchObject({ change, person: 'interlock', body: `${change}: We begin.` });
  expect((await runner.advance(stepReport(told, 'first'))).body.instruction).toMatchObject({ position: 1 });
});

it('between start and end an audience is told something of its own, which stays', async () => {
  const { run } = await atFirstStep(world, PLAN);
  const path = `/api/v1/changes/${run.change}/updates`;
  const tell = (body: unknown) => world.server.ask('POST', path, { token: world.ben.token, body });
  expectStatus(await tell({ audience: 'support' }), 201);
  expect(await tell({ audience: 'support' })).toMatchObject({ body: { code: 'invalid' } });
  const { audiences } = expectStatus(
    await tell({ audience: 'support', body: 'Half of it is done.' }),
    201,
  ).body;
  expect(audiences[0]).toMatchObject({
    sent: [{ body: 'It starts.' }, { by: 'ben', body: 'Half of it is done.' }],
    next: { what: 'update', late: false },
  });
  const [entry] = (await world.server.ledger()).slice(-1);
  expect(entry).toMatchObject({
    type: 'change.informed',
    outcome: 'allow',
    details: { audience: 'support' },
  });
});
