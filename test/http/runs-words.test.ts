import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunView } from '../../src/contract/runs.ts';
import { expectStatus } from '../kit/changes.ts';
import type { TestAccount } from '../kit/server.ts';
import {
  paperRunner,
  PREFLIGHT,
  startRunWorld,
  stepReport,
  stepOf,
  type RunWorld,
} from '../kit/run-world.ts';

// A review is what this is about; a date and the EOC's own are tried elsewhere.
const OFF = ['due-date', 'eoc-plan-review'];

let world: RunWorld;
let rolf: TestAccount;
beforeAll(async () => {
  world = await startRunWorld({ rulesOff: OFF });
  rolf = await world.server.account('rolf', { roles: ['reviewer'] });
});
afterAll(() => world.server.stop());

async function approve(who: TestAccount, change: string): Promise<string> {
  const { digest } = (await world.server.ask('GET', `/api/v1/changes/${change}`, { token: who.token })).body;
  const body = { as: 'reviewer', for: 'plan', digest };
  const path = `/api/v1/changes/${change}/approvals`;
  return expectStatus(await world.server.ask('POST', path, { token: who.token, body }), 201).body.id;
}

const takeBack = async (who: TestAccount, change: string, approval: string) =>
  world.server.ask('DELETE', `/api/v1/changes/${change}/approvals/${approval}`, { token: who.token });

async function toFirstStep(run: RunView) {
  const runner = paperRunner(world, run);
  await runner.advance();
  return { runner, told: (await runner.advance(PREFLIGHT)).body.instruction };
}

const opened = () =>
  world.open({ criticality: 'C3', steps: [stepOf('first'), stepOf('second'), stepOf('third')] });

it('a word taken back after the start holds the run before its next step, until somebody else gives one', async () => {
  const change = await opened();
  const given = await approve(world.rhea, change);
  const run = await world.start(change);
  const { runner, told } = await toFirstStep(run);
  expect((await takeBack(world.rhea, change, given)).status).toBeLessThan(300);
  const held = (await runner.advance(stepReport(told, 'first'))).body;
  expect(held).toMatchObject({
    instruction: { kind: 'hold' },
    run: { hold: { cause: 'policy', rules: ['first-iteration-review'] } },
  });
  const decision = (await world.server.ledger()).findLast(({ type }) => type === 'decision');
  expect(decision).toMatchObject({
    action: 'step',
    outcome: 'deny',
    reason: 'refused by first-iteration-review',
  });
  await approve(rolf, change);
  expectStatus(await world.say(run, 'go-on'), 200);
  expect((await runner.advance()).body.instruction).toMatchObject({ kind: 'step', position: 1 });
});

it('a word of two that is taken back leaves enough', async () => {
  const change = await opened();
  const given = await approve(world.rhea, change);
  await approve(rolf, change);
  const { runner, told } = await toFirstStep(await world.start(change));
  await takeBack(world.rhea, change, given);
  expect((await runner.advance(stepReport(told, 'first'))).body.instruction).toMatchObject({ position: 1 });
});

it('an exception taken back lets its rule hold again: before a start, and before the next step of a run', async () => {
  const change = await world.open({
    criticality: 'C3',
    steps: [stepOf('first', { command: ['/bin/rm', '/tmp/*.part'] }), stepOf('second'), stepOf('third')],
  });
  await approve(world.rhea, change);
  const { digest } = (await world.server.ask('GET', `/api/v1/changes/${change}`, { token: rolf.token })).body;
  const say = async (who: TestAccount, rest: string, body: unknown, status = 200) =>
    expectStatus(
      await world.server.ask('POST', `/api/v1/changes/${change}/exceptions${rest}`, {
        token: who.token,
        body,
      }),
      status,
    ).body;
  const ask = async () =>
    (await say(world.ana, '', { rule: 'no-globs', reason: 'There is one.' }, 201)).id as string;
  const agree = (exception: string) => say(rolf, '/approve', { exception, digest });
  const takeBackBy = (who: TestAccount, exception: string) =>
    say(who, `/${exception}/withdraw`, { reason: 'There are two.' });
  const [former, given, spare] = [await ask(), await ask(), await ask()];
  await agree(former);
  await takeBackBy(world.ana, former);
  const refused = await world.asRunner('POST', `/api/v1/changes/${change}/runs`, await world.body());
  expect(refused.body).toMatchObject({ code: 'refused', message: 'refused by no-globs' });
  await agree(given);
  const run = await world.start(change);
  const { runner, told } = await toFirstStep(run);
  await takeBackBy(rolf, given);
  expect((await runner.advance(stepReport(told, 'first'))).body).toMatchObject({
    instruction: { kind: 'hold' },
    run: { hold: { cause: 'policy', rules: ['no-globs'] } },
  });
  // Nobody asks for one while it runs; another reviewer's word on one that was asked for before is enough.
  await agree(spare);
  expectStatus(await world.say(run, 'go-on'), 200);
  expect((await runner.advance()).body.instruction).toMatchObject({ kind: 'step', position: 1 });
});
