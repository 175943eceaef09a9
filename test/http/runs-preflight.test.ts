import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/contract/runs.ts';
import { CHECK, executionOf, paperRunner, resultOf, startRunWorld, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
beforeAll(async () => {
  world = await startRunWorld();
});
afterAll(() => world.server.stop());

describe('pre-flight checks', () => {
  it('that fail end the change before anything is executed', async () => {
    const change = await world.open();
    const run = await world.start(change);
    const runner = paperRunner(world, run);
    await runner.advance();
    const results = [resultOf('host answers', 'fail')];
    const answer = (await runner.advance({ kind: 'preflight', results })).body;
    expect(answer).toMatchObject({ instruction: { kind: 'end' }, run: { state: 'failed' } });
    expect(answer.run.steps.map((step: { state: string }) => step.state)).toEqual(['skipped', 'skipped']);
    const shown = await world.server.ask('GET', `/api/v1/changes/${change}`, { token: world.ana.token });
    expect(shown.body.state).toBe('aborted');
  });

  it('take their corrective command once, under a grant, and are measured again', async () => {
    const check = CHECK('host answers', { corrective: ['/bin/true'] });
    const run = await world.start(await world.open({ preflight: [check] }));
    const runner = paperRunner(world, run);
    await runner.advance();
    const bad: RunReport = { kind: 'preflight', results: [resultOf('host answers', 'fail')] };
    const told = (await runner.advance(bad)).body.instruction;
    expect(told).toMatchObject({ kind: 'correct', checks: ['host answers'] });
    const executions = [{ check: 'host answers', execution: executionOf() }];
    const again = await runner.advance({ kind: 'corrective', grant: told.grant.id, executions } as never);
    expect(again.body.instruction).toEqual({ kind: 'preflight' });
    expect((await runner.advance(bad)).body.run.state).toBe('failed');
  });

  it('that were reported before are not reported again by the same request, however late', async () => {
    const check = CHECK('host answers', { corrective: ['/bin/true'] });
    const run = await world.start(await world.open({ preflight: [check] }));
    const runner = paperRunner(world, run);
    await runner.advance();
    const bad: RunReport = { kind: 'preflight', results: [resultOf('host answers', 'fail')] };
    const request = 'the-first-measurement';
    const told = (await runner.advance(bad, { request })).body.instruction;
    const executions = [{ check: 'host answers', execution: executionOf() }];
    await runner.advance({ kind: 'corrective', grant: told.grant.id, executions } as never);
    // It waits for a measurement after the correction; what comes is the one before it.
    const late = await runner.advance(bad, { request });
    expect(late.body).toMatchObject({ instruction: { kind: 'preflight' }, run: { state: 'preflight' } });
    expect((await world.server.ledger()).at(-1)).toMatchObject({ type: 'run.late-report', outcome: 'deny' });
    const good: RunReport = { kind: 'preflight', results: [resultOf('host answers')] };
    expect((await runner.advance(good)).body.run.state).toBe('running');
  });

  it('without a result do not pass', async () => {
    const run = await world.start(await world.open());
    const runner = paperRunner(world, run);
    await runner.advance();
    expect((await runner.advance({ kind: 'preflight', results: [] })).body.run.state).toBe('failed');
  });
});
