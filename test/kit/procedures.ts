import type { RunView } from '../../src/contract/runs.ts';
import {
  executionOf,
  paperRunner,
  planOf,
  resultOf,
  stepOf,
  stepReport,
  type RunWorld,
} from './run-world.ts';

const { undo: _undo, ...BACK } = stepOf('undo first');

/** A plan of a procedure that can be undone, with what a test wants different. */
export function planOfProcedure(procedure: string, more: Record<string, unknown> = {}) {
  return planOf({
    procedure,
    steps: [stepOf('first', { undo: { step: 'undo first' } })],
    rollback: { steps: [BACK] },
    ...more,
  });
}

/** Files a request of a procedure; reviewed by rhea if that is wanted. */
export async function openOf(
  world: RunWorld,
  plan: Record<string, unknown>,
  { reviewed = false }: { readonly reviewed?: boolean } = {},
): Promise<string> {
  const change = await world.open(plan);
  if (reviewed) {
    const { server, rhea } = world;
    const { digest } = (await server.ask('GET', `/api/v1/changes/${change}`, { token: rhea.token })).body;
    const body = { as: 'reviewer', for: 'plan', digest };
    const answer = await server.ask('POST', `/api/v1/changes/${change}/approvals`, {
      token: rhea.token,
      body,
    });
    if (answer.status >= 300) throw new Error(`approve: got \`${answer.status}\` ${answer.body.message}`);
  }
  return change;
}

/** Runs a plan of one step to its good end. */
export async function runWell(world: RunWorld, change: string): Promise<RunView> {
  const { run, report, runner } = await atTheStep(world, change);
  await runner.advance(report());
  const ended = (await runner.advance({ kind: 'postchecks', results: [resultOf('all is well')] })).body.run;
  if (ended.state !== 'succeeded') throw new Error(`expected ${run.id} to succeed, got \`${ended.state}\``);
  return ended;
}

/** The step fails and the run is given up. */
export async function runBadly(world: RunWorld, change: string): Promise<RunView> {
  const { run, report, runner } = await atTheStep(world, change);
  await runner.advance(report({ execution: executionOf({ ok: false, exitCode: 3 }), after: [] }));
  const given = await world.say(run, 'abort');
  if (given.body.state !== 'failed') throw new Error(`abort: got \`${given.status}\` ${given.body.message}`);
  return given.body;
}

/** The step succeeds and is undone. */
export async function runBack(world: RunWorld, change: string): Promise<RunView> {
  const { run, report, runner } = await atTheStep(world, change);
  await runner.advance(report({ after: [resultOf('first done', 'fail')] }));
  const asked = await world.say(run, 'roll-back');
  if (asked.status !== 200) throw new Error(`roll back: got \`${asked.status}\` ${asked.body.message}`);
  const told = (await runner.advance()).body.instruction;
  const over = (await runner.advance(stepReport(told, 'undo first'))).body.run;
  if (over.state !== 'rolled-back') throw new Error(`expected it to be rolled back, got \`${over.state}\``);
  return over;
}

/** A run whose step is handed out, and the report that it went well. */
export async function atTheStep(world: RunWorld, change: string) {
  const run = await world.start(change);
  const runner = paperRunner(world, run);
  await runner.advance();
  const told = (await runner.advance({ kind: 'preflight', results: [resultOf('host answers')] })).body
    .instruction;
  return { run, runner, report: (more: Record<string, unknown> = {}) => stepReport(told, 'first', more) };
}
