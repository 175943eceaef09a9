import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunView } from '../../src/contract/runs.ts';
import {
  atFirstStep,
  executionOf,
  paperRunner,
  POSTCHECKS,
  PREFLIGHT,
  resultOf,
  startRunWorld,
  stepOf,
  stepReport,
  type RunWorld,
} from '../kit/run-world.ts';

/** Longer than any machine stalls: it is not waited for. */
const COOL_DOWN_MS = 600_000;

let world: RunWorld;
beforeAll(async () => {
  world = await startRunWorld({ timing: { coolDownMs: COOL_DOWN_MS, personAfterMs: 60_000 } });
});
afterAll(() => world.server.stop());

async function say(who: { token: string }, run: RunView, word: string, body: unknown = { because: 'said' }) {
  return world.server.ask('POST', `/api/v1/runs/${run.id}/${word}`, { token: who.token, body });
}

const UNDOABLE = {
  steps: [
    stepOf('first', { undo: { step: 'undo first' } }),
    stepOf('second', { undo: { step: 'undo second' } }),
    stepOf('third'),
  ],
  rollback: {
    steps: ['undo first', 'undo second'].map((name) => {
      const { undo: _undo, ...step } = stepOf(name);
      return step;
    }),
  },
};

describe('metrics that are gone', () => {
  it('hold before the next step; the run goes on after three passes in a row', async () => {
    const { runner, told } = await atFirstStep(world);
    await world.prove('unknown');
    const held = (await runner.advance(stepReport(told, 'first'))).body;
    expect(held).toMatchObject({ instruction: { kind: 'hold', askAgain: true } });
    expect(held.run.hold).toMatchObject({ cause: 'metrics', needsPerson: false, passes: 0 });
    const decisions = async () =>
      (await world.server.ledger()).filter((entry) => entry['type'] === 'decision').length;
    const recorded = await decisions();
    await runner.advance();
    await runner.advance();
    expect(await decisions()).toBe(recorded);
    await world.prove('pass');
    expect((await runner.advance()).body.run.hold.passes).toBe(1);
    await world.prove('fail');
    expect((await runner.advance()).body.run.hold.passes).toBe(0);
    await world.prove('pass');
    expect((await runner.advance()).body.instruction.kind).toBe('hold');
    expect((await runner.advance()).body.instruction.kind).toBe('hold');
    expect((await runner.advance()).body.instruction).toMatchObject({ kind: 'step', position: 1 });
  });

  it('do not stop the step under way', async () => {
    const { runner, told } = await atFirstStep(world);
    await world.prove('fail');
    const beat = (await runner.beat({ list: 'steps', position: 0, grant: told.grant.id })).body;
    await world.prove('pass');
    expect(beat.stop).toBeNull();
    expect(beat.denials.map(({ rule }: { rule: string }) => rule)).toEqual(['metrics-available']);
  });

  it('are handed to a person after the limit', async () => {
    Object.assign(world.server.context.runTiming ?? {}, { personAfterMs: 0 });
    const { run, runner, told } = await atFirstStep(world);
    await world.prove('fail');
    await runner.advance(stepReport(told, 'first'));
    expect((await runner.advance()).body.instruction.askAgain).toBe(false);
    await world.prove('pass');
    expect((await runner.advance()).body.instruction).toEqual({ kind: 'hold', askAgain: false });
    Object.assign(world.server.context.runTiming ?? {}, { personAfterMs: 60_000 });
    expect((await say(world.ben, run, 'go-on')).status).toBe(200);
    expect((await runner.advance()).body.instruction).toMatchObject({ kind: 'step', position: 1 });
  });
});

describe('inside a segment', () => {
  const TWO = { steps: [stepOf('first', { safeStop: false }), stepOf('second'), stepOf('third')] };

  it('a denial is shown, and takes hold at the end', async () => {
    const { runner, told } = await atFirstStep(world, TWO);
    await world.prove('fail');
    const second = (await runner.advance(stepReport(told, 'first'))).body;
    expect(second.instruction).toMatchObject({ kind: 'step', position: 1, grant: { id: told.grant.id } });
    expect(second.denials).toMatchObject([{ rule: 'metrics-available', verdict: 'deny' }]);
    const held = (await runner.advance(stepReport(second.instruction, 'second'))).body;
    await world.prove('pass');
    expect(held.run).toMatchObject({ state: 'held', hold: { cause: 'metrics' } });
  });

  it('a veto takes hold at once', async () => {
    const { run, runner, told } = await atFirstStep(world, TWO);
    const body = { change: run.change, reason: 'no' };
    await world.server.ask('POST', '/api/v1/vetoes', { token: world.cora.token, body });
    const held = (await runner.advance(stepReport(told, 'first'))).body;
    expect(held).toMatchObject({ instruction: { kind: 'hold' }, run: { hold: { cause: 'veto' } } });
    expect(held.run.steps[1].state).toBe('pending');
  });
});

describe('a watched metric in its failure range', () => {
  it('holds before the next step, for a person', async () => {
    const { runner, told } = await atFirstStep(world);
    const watched = [resultOf('error ratio', 'fail')];
    const held = (await runner.advance(stepReport(told, 'first'), { watched })).body;
    expect(held.run.hold).toMatchObject({ cause: 'watched', needsPerson: true });
  });

  it('without a measurement is unknown, and holds', async () => {
    const { runner, told } = await atFirstStep(world);
    const held = (await runner.advance(stepReport(told, 'first'), { watched: [] })).body;
    expect(held.run.hold).toMatchObject({ cause: 'metrics' });
  });
});

describe('an incident', () => {
  it('holds; after it the run goes on only past the cool-down, by a person, with pre-flight again', async () => {
    const { run, runner, told } = await atFirstStep(world);
    const opened = await world.server.ask('POST', '/api/v1/incidents', {
      token: world.ira.token,
      body: { title: 'shop is down', severity: 'S3' },
    });
    expect(opened.status).toBe(201);
    const held = (await runner.advance(stepReport(told, 'first'))).body;
    expect(held.run.hold.cause).toBe('incident');
    expect((await say(world.ben, run, 'go-on')).body.message).toContain('incident is still active');
    const resolved = await world.server.ask('POST', `/api/v1/incidents/${opened.body.id}/resolve`, {
      token: world.ira.token,
      body: { reason: 'The shop is up again.' },
    });
    expect(resolved.status).toBe(200);
    expect((await runner.advance()).body.instruction.kind).toBe('hold');
    expect((await say(world.ben, run, 'go-on')).body.message).toContain('cool-down');
    Object.assign(world.server.context.runTiming ?? {}, { coolDownMs: 0 });
    expect((await say(world.ben, run, 'go-on')).status).toBe(200);
    Object.assign(world.server.context.runTiming ?? {}, { coolDownMs: COOL_DOWN_MS });
    const again = (await runner.advance()).body;
    expect(again).toMatchObject({ instruction: { kind: 'preflight' }, run: { state: 'preflight' } });
    expect((await runner.advance(PREFLIGHT)).body.instruction).toMatchObject({ kind: 'step', position: 1 });
  });
});

describe('a hold by a person', () => {
  it('waits for the next safe place, which inside a segment is its end', async () => {
    const steps = [stepOf('first', { safeStop: false }), stepOf('second'), stepOf('third')];
    const { run, runner, told } = await atFirstStep(world, { steps });
    const wanted = await say(world.ben, run, 'hold', { because: 'let me look' });
    expect(wanted.body).toMatchObject({ state: 'running', holdWanted: true });
    const second = (await runner.advance(stepReport(told, 'first'))).body.instruction;
    expect(second).toMatchObject({ kind: 'step', position: 1, grant: { id: told.grant.id } });
    const held = (await runner.advance(stepReport(second, 'second'))).body;
    expect(held.run).toMatchObject({ state: 'held', hold: { cause: 'person', by: 'ben' } });
    expect((await say(world.ben, run, 'go-on')).status).toBe(200);
    expect((await runner.advance()).body.instruction).toMatchObject({ kind: 'step', position: 2 });
  });

  it('at once stops the step under way', async () => {
    const { run, runner, told } = await atFirstStep(world);
    await say(world.ben, run, 'hold', { because: 'stop', now: true });
    const beat = (await runner.beat({ list: 'steps', position: 0, grant: told.grant.id })).body;
    expect(beat.stop).toEqual({ because: 'stop' });
  });

  it('on duty is released only on duty', async () => {
    const { run, runner, told } = await atFirstStep(world);
    await say(world.cora, run, 'hold', { because: 'wait' });
    await runner.advance(stepReport(told, 'first'));
    expect((await say(world.ben, run, 'go-on')).body.message).toContain('only the EOC or the IMOC');
    expect((await say(world.ira, run, 'go-on')).status).toBe(200);
  });

  it('is not for everybody', async () => {
    const { run } = await atFirstStep(world);
    expect(await say(world.ana, run, 'hold')).toMatchObject({ status: 409, body: { code: 'not_permitted' } });
  });
});

describe('a rollback', () => {
  it('undoes what was done, the last first, also with dead metrics and a veto', async () => {
    const { run, runner, told } = await atFirstStep(world, UNDOABLE);
    const second = (await runner.advance(stepReport(told, 'first'))).body.instruction;
    const failed = { execution: executionOf({ ok: false, exitCode: 1 }), after: [] };
    await runner.advance(stepReport(second, 'second', failed));
    await world.prove('fail');
    const veto = { change: run.change, reason: 'no' };
    await world.server.ask('POST', '/api/v1/vetoes', { token: world.cora.token, body: veto });
    expect((await say(world.ben, run, 'roll-back')).body.state).toBe('rolling-back');
    const one = (await runner.advance()).body.instruction;
    expect(one).toMatchObject({ kind: 'step', list: 'rollback', position: 1 });
    const two = (await runner.advance(stepReport(one, 'undo second'))).body.instruction;
    expect(two).toMatchObject({ kind: 'step', list: 'rollback', position: 0 });
    const end = (await runner.advance(stepReport(two, 'undo first'))).body;
    await world.prove('pass');
    expect(end).toMatchObject({ instruction: { kind: 'end' }, run: { state: 'rolled-back' } });
    const shown = await world.server.ask('GET', `/api/v1/changes/${run.change}`, { token: world.ana.token });
    expect(shown.body.state).toBe('aborted');
  });

  it('is stopped by a veto that says so', async () => {
    const { run, runner, told } = await atFirstStep(world, UNDOABLE);
    await runner.advance(
      stepReport(told, 'first', { execution: executionOf({ ok: false, exitCode: 1 }), after: [] }),
    );
    await say(world.ben, run, 'roll-back');
    const veto = { change: run.change, reason: 'no', stopsRollback: true };
    await world.server.ask('POST', '/api/v1/vetoes', { token: world.cora.token, body: veto });
    expect((await runner.advance()).body.run).toMatchObject({ state: 'held', hold: { cause: 'veto' } });
  });

  it('is not possible past the point of no return', async () => {
    const pointOfNoReturn = { after: 'first', reason: 'the old data is gone' };
    const { run, runner, told } = await atFirstStep(world, {
      ...UNDOABLE,
      rollback: { ...UNDOABLE.rollback, pointOfNoReturn },
    });
    const second = (await runner.advance(stepReport(told, 'first'))).body.instruction;
    await runner.advance(stepReport(second, 'second', { after: [resultOf('second done', 'fail')] }));
    expect((await say(world.ben, run, 'roll-back')).body.message).toContain('the old data is gone');
    expect((await say(world.ben, run, 'abort')).body.state).toBe('failed');
  });
});

describe('the end', () => {
  it('is not reached while a post-verification check is unknown; measured again it is', async () => {
    const { run, runner, told } = await atFirstStep(world, { steps: [stepOf('first')] });
    await runner.advance(stepReport(told, 'first'));
    const results = [resultOf('all is well', 'unknown')];
    const held = (await runner.advance({ kind: 'postchecks', results })).body;
    expect(held.run).toMatchObject({ state: 'held', hold: { cause: 'check' } });
    await say(world.ben, run, 'go-on');
    expect((await runner.advance()).body.instruction).toEqual({ kind: 'postchecks' });
    expect((await runner.advance(POSTCHECKS)).body.run.state).toBe('succeeded');
  });

  it('of a run that has ended is not changed by anybody', async () => {
    const run = await world.start(await world.open());
    const runner = paperRunner(world, run);
    await runner.advance();
    await runner.advance({ kind: 'preflight', results: [resultOf('host answers', 'fail')] });
    expect((await say(world.ben, run, 'go-on')).status).toBe(409);
    expect((await runner.advance()).body.code).toBe('lease_lost');
  });
});
