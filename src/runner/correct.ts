import path from 'node:path';
import type { ExecutionResult } from '../contract/execution.ts';
import type { InlineOutput, Instruction, RunReport } from '../contract/runs.ts';
import { canonicalJson } from '../kernel/ledger/canonical.ts';
import { CORRECTIVE_TIMEOUT_MS } from '../kernel/run/lease.ts';
import { sha256 } from './action.ts';
import { cleanEnvironment } from './environment.ts';
import { mayBegin } from './lease.ts';
import { outputOf } from './output.ts';
import type { RunnerState, RunnerWorld } from './world.ts';

/** Measures and corrects nothing but what was named: the corrective commands of pre-flight checks, each once. */
export async function performCorrections(
  world: RunnerWorld,
  state: RunnerState,
  told: Extract<Instruction, { kind: 'correct' }>,
): Promise<RunReport> {
  const executions: { check: string; execution: ExecutionResult; output: InlineOutput }[] = [];
  const environment = cleanEnvironment({ env: {}, passEnv: [] }, world.bastion);
  const deadline = world.lease.now() + told.grant.expiresInMs;
  for (const [position, check] of told.checks.entries()) {
    // What is not begun is not reported; whoever has the run then measures again.
    if (!mayBegin(world, deadline)) break;
    const { corrective } = world.plan.preflight.find(({ name }) => name === check) ?? {};
    if (corrective === undefined || !environment.ok) continue;
    world.view.note(`▶ corrective command of ${check}`);
    const name = `preflight-${position + 1}-attempt-${told.grant.attempt}.log`;
    const file = path.join(world.folder.outputs, name);
    const kept = world.keeper.execute(
      {
        command: {
          argv: corrective,
          env: environment.env,
          cwd: world.folder.work,
          timeoutMs: CORRECTIVE_TIMEOUT_MS,
          graceMs: world.terms.killGraceMs,
          secrets: world.secrets,
        },
        interruptible: false,
        onCancel: null,
        outputFile: file,
        intent: {
          kind: 'intent',
          run: world.run,
          epoch: told.grant.epoch,
          grant: told.grant.id,
          list: 'preflight',
          position,
          attempt: told.grant.attempt,
          at: new Date().toISOString(),
          step: check,
          digest: sha256(canonicalJson(corrective)),
          interruptible: false,
        },
      },
      (lines) => world.view.output(lines),
    );
    const execution = await kept.ended;
    executions.push({ check, execution, output: await outputOf(world, state, { execution, name, file }) });
  }
  return { kind: 'corrective', grant: told.grant.id, executions };
}
