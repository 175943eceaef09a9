import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunView } from '../../src/contract/runs.ts';
import {
  atFirstStep,
  executionOf,
  POSTCHECKS,
  startRunWorld,
  stepOf,
  stepReport,
  type RunWorld,
} from '../kit/run-world.ts';

let world: RunWorld;
beforeAll(async () => {
  world = await startRunWorld({ rulesOff: ['kind-honest', 'awareness'] });
});
afterAll(() => world.server.stop());

const WORD = {
  name: 'ask the EOC',
  approval: { role: 'eoc', confirm: 'The first host looks well.' },
  estimate: '5 min',
  timeout: '1 h',
};

const yes = (run: RunView, who = world.cora) =>
  world.say(run, 'approve-step', { because: 'it looks well' }, who);

/** A run that has done its first step and waits for a word. */
async function waiting() {
  const { run, runner, told } = await atFirstStep(world, { steps: [stepOf('first'), WORD, stepOf('last')] });
  const { body } = await runner.advance(stepReport(told, 'first'));
  return { run, runner, body };
}

it('waits at the step for the word of its role, and goes on by that word alone', async () => {
  const { run, runner, body } = await waiting();
  expect(body.instruction).toEqual({ kind: 'hold', askAgain: false });
  expect(body.run.hold).toMatchObject({
    cause: 'approval',
    needsPerson: true,
    because: 'step `ask the EOC` waits for the word of eoc: The first host looks well.',
  });
  const resumed = await world.say(run, 'go-on', { because: 'go' }, world.cora);
  expect([resumed.status, resumed.body.message]).toEqual([409, expect.stringContaining('only that word')]);
  for (const [who, code] of [
    [world.ben, 'not_permitted'],
    [world.rhea, 'not_permitted'],
    [world.ira, 'not_permitted'],
  ] as const) {
    expect((await yes(run, who)).body.code).toBe(code);
  }
  expect((await runner.advance()).body.instruction.kind).toBe('hold');
  expect((await yes(run)).status).toBe(200);
  const { instruction } = (await runner.advance()).body;
  expect(instruction).toMatchObject({ kind: 'step', position: 2 });
  await runner.advance(stepReport(instruction, 'last'));
  const { run: ended } = (await runner.advance(POSTCHECKS)).body;
  expect([ended.state, ended.steps[1].because]).toEqual(['succeeded', 'yes by cora (eoc): it looks well']);
  const entries = (await world.server.ledger()).filter(({ type }) => type === 'run.approve-step');
  expect(entries.map(({ outcome }) => outcome)).toEqual(['deny', 'deny', 'deny', 'allow']);
  expect(entries.at(-1)).toMatchObject({ reason: 'step `ask the EOC`: yes by cora (eoc): it looks well' });
});

it('asks those who hold its role, each in their own inbox, and once', async () => {
  const asked = async (who: typeof world.cora) => {
    const { body } = await world.server.ask('GET', '/api/v1/notices?limit=200', { token: who.token });
    return (body.notices as { kind: string; about: string; body: string }[]).filter(
      ({ kind, about }) => kind === 'step-word' && about === `change/${change}`,
    );
  };
  const step = { ...WORD, approval: { role: 'reviewer', confirm: 'The rows are the right ones.' } };
  const { run, runner } = await atFirstStep(world, { steps: [step, stepOf('last')] });
  const change = run.change;
  await runner.advance();
  expect(await asked(world.rhea)).toEqual([
    expect.objectContaining({ body: expect.stringContaining('The rows are the right ones.') }),
  ]);
  expect((await asked(world.rhea))[0]?.body).toContain(`\`interlock approve-step ${change}\``);
  for (const other of [world.ana, world.ben, world.cora]) expect(await asked(other)).toEqual([]);
  expect((await yes(run, world.rhea)).status).toBe(200);
  const { run: another, body } = await waiting();
  expect(body.run.hold.cause).toBe('approval');
  const { body: told } = await world.server.ask('GET', '/api/v1/notices?limit=1', {
    token: world.cora.token,
  });
  expect(told.notices).toMatchObject([{ kind: 'step-word', about: `change/${another.change}` }]);
});

it('takes no word of a human who executes it, not even one on duty', async () => {
  const { run } = await waiting();
  await world.server.onCall({ eoc: 'ben', imoc: 'ira' });
  const own = await yes(run, world.ben);
  expect([own.status, own.body.message]).toEqual([
    409,
    'expected somebody who neither executes nor wrote it, got `ben`',
  ]);
  await world.server.onCall({ eoc: 'ana', imoc: 'ira' });
  expect((await yes(run, world.ana)).body.message).toContain('got `ana`');
  await world.server.onCall({ eoc: 'cora', imoc: 'ira' });
  expect((await yes(run)).status).toBe(200);
});

it('takes a word only where one is waited for, and once', async () => {
  const { run } = await atFirstStep(world);
  expect((await yes(run)).body.code).toBe('conflict');
  const { run: other, runner } = await waiting();
  const both = await Promise.all([yes(other), yes(other)]);
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  expect((await runner.advance()).body.instruction).toMatchObject({ kind: 'step', position: 2 });
});

it('can be rolled back while it waits', async () => {
  const { run, runner } = await waiting();
  expect((await world.say(run, 'roll-back')).status).toBe(200);
  expect((await runner.advance()).body.run.state).toBe('rolled-back');
});

it('believes no work by hand without the evidence that its plan asks for', async () => {
  const step = stepOf('click', {
    command: undefined,
    manual: {
      instructions: 'Click.',
      confirm: 'Clicked.',
      evidence: { kind: 'text', what: 'The new value' },
    },
  });
  const { runner, told } = await atFirstStep(world, { steps: [step] });
  const { run } = (await runner.advance(stepReport(told, 'click'))).body;
  expect([run.steps[0].state, run.steps[0].because]).toEqual([
    'failed',
    'expected evidence of what was done, got none',
  ]);
  const again = await atFirstStep(world, { steps: [step] });
  const output = {
    bytes: 3,
    keptBytes: 3,
    truncated: false,
    invalidUtf8: false,
    digest: `sha256:${'1'.repeat(64)}`,
  };
  const shown = stepReport(again.told, 'click', { execution: executionOf({ output }) });
  expect((await again.runner.advance(shown)).body.run.steps[0].state).toBe('succeeded');
});
