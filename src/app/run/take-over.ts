import type { RunnerCharter, TakeOverRun } from '../../contract/runs.ts';
import { mayAct } from '../../kernel/run/acts.ts';
import { judgeSkew } from '../../kernel/run/lease.ts';
import { newHold, withoutRunner } from '../../kernel/run/hold.ts';
import { revisionOfDigest } from '../../store/changes.ts';
import { transact, type Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { whyTooPrivileged } from '../bastions/privileges.ts';
import { whyNoDeployer } from '../claim/deployer.ts';
import type { AppContext } from '../context.ts';
import { whyNothingIsDone } from '../policy-in-force.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { charterOf } from './charter.ts';
import { loseRunner } from './lose.ts';
import { recordEvents } from './record.ts';
import { asFound, held, openRunFile, saveRunFile, withRun, type RunEvent, type RunFile } from './run-file.ts';
import { notTheRunner } from './runner-of.ts';
import { standingsOf } from './standings.ts';
import { tellDuty } from './tell.ts';
import { timingOf } from './timing.ts';

/**
 * Puts a new runner in the place of one that was lost, with the next epoch, once nothing of the old one can still be working.
 * The run stays held: what is unknown is settled first, and a person says go on.
 */
export async function takeOverRun(
  context: AppContext,
  call: Call,
  runId: string,
  wish: TakeOverRun,
): Promise<Outcome<RunnerCharter>> {
  const stopped = await whyNothingIsDone(context, context.db);
  if (stopped !== null) return stopped;
  return transact(context.db, async (tx) => {
    const file = await openRunFile(tx, runId);
    if (file === null) return refuse('not_found', `expected a run, got \`${runId}\`, which there is none of`);
    const skew = judgeSkew(wish.clock - file.now);
    if (file.run.runner.key === wish.idempotencyKey && notTheRunner(file, call, file.run.epoch) === null) {
      return done(await charterOf(tx, context, { file, skew }));
    }
    const lost = await noticeLoss(tx, context, call, file);
    const because = whyTooPrivileged(call.actor.host, wish.privileges) ?? (await whyNot(tx, call, lost));
    if (because !== null) return because;
    const taken = withRunner(lost, call, wish, timingOf(context).leaseMs);
    const saved = await saveRunFile(tx, taken);
    await recordEvents(tx, context, call, { run: saved.run, events: [takenOver(lost, saved)] });
    return done(await charterOf(tx, context, { file: saved, skew }));
  });
}

/** A lease that has ended and was not swept yet counts as ended. */
async function noticeLoss(tx: Transaction, context: AppContext, call: Call, file: RunFile): Promise<RunFile> {
  const { leaseExpiresAt, endedAt } = file.run;
  if (endedAt !== null || leaseExpiresAt === null || leaseExpiresAt >= file.now) return file;
  const { file: lost, event } = loseRunner(file, timingOf(context));
  const saved = await saveRunFile(tx, lost);
  await tellDuty(tx, saved, 'runner-lost');
  await recordEvents(tx, context, call, { run: saved.run, events: [event] });
  return asFound(saved);
}

async function whyNot(tx: Transaction, call: Call, file: RunFile): Promise<Outcome<never> | null> {
  const { run } = file;
  if (run.endedAt !== null)
    return refuse('conflict', `expected a live run, got one that is \`${run.state}\``);
  if (!mayAct('take-over', await standingsOf(tx, call, run.changeId))) {
    return refuse('not_permitted', `expected the executor or the team, got \`${call.actor.person}\``);
  }
  // INVARIANT: what settles a step or ends a run is measured where the run is. Checks of a host say nothing of another one.
  const { host } = call.actor;
  const { hostEnvironment } = run.runner;
  if (host?.environment !== hostEnvironment) {
    const got = host?.environment ?? 'none';
    return refuse('not_permitted', `expected a bastion of \`${hostEnvironment}\`, got one of \`${got}\``);
  }
  const revision = await revisionOfDigest(tx, run.changeId, run.planDigest);
  const elsewhere = revision && whyNoDeployer(host, revision.plan);
  if (elsewhere) return elsewhere;
  return whyTooEarly(file);
}

/** INVARIANT: nobody takes a run over while a runner holds it, or while nothing rules out that the lost one still works. */
export function whyTooEarly({ run, now }: RunFile): Refused | null {
  if (run.leaseExpiresAt !== null) {
    return refuse('too_early', `expected a run without a runner, got one held by \`${run.runner.host}\``);
  }
  const waitMs = (run.takeOverFrom ?? 0) - now;
  return waitMs > 0
    ? refuse(
        'too_early',
        `the runner that was lost may still be working for ${Math.ceil(waitMs / 1_000)} s`,
        {
          takeOverFrom: new Date(run.takeOverFrom ?? 0).toISOString(),
        },
      )
    : null;
}

/** The run with whoever calls as its runner, under the next epoch, and held. */
export function withRunner(file: RunFile, call: Call, wish: TakeOverRun, leaseMs: number): RunFile {
  const { host, person } = call.actor;
  if (host === null) throw new Error('expected a proven bastion, got none');
  const next = withRun(file, {
    epoch: file.run.epoch + 1,
    lastRequest: null,
    leaseExpiresAt: file.now + leaseMs,
    takeOverFrom: null,
    runner: {
      key: wish.idempotencyKey,
      person,
      host: host.name,
      hostRole: host.role,
      hostEnvironment: host.environment,
      multiplexer: wish.multiplexer,
    },
  });
  return next.run.hold === null
    ? held(next, newHold('runner-lost', 'a new runner took over', file.now))
    : withRun(next, { hold: withoutRunner(next.run.hold) });
}

export function takenOver(before: RunFile, after: RunFile): RunEvent {
  const { runner, epoch } = after.run;
  return {
    type: 'run.taken-over',
    action: 'take-over',
    outcome: 'allow',
    reason: `by ${runner.person} on ${runner.host}, epoch ${epoch}`,
    details: { host: runner.host, 'epoch-before': before.run.epoch },
  };
}
