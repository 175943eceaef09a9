import { setTimeout as sleep } from 'node:timers/promises';
import type { RunnerCharter } from '../contract/runs.ts';
import { layOutScripts, readApprovedPlan } from './approved-plan.ts';
import { handInJournal, stillWorking } from './come-back.ts';
import { driveRun, type Driven } from './drive.ts';
import { secretsOf } from './environment.ts';
import { startKeeper } from './keeper-process.ts';
import { startLease, sleepProofClock } from './lease.ts';
import { openSession, type HostClock, type Transport } from './session.ts';
import { runFolder } from './state-folder.ts';
import type { View } from './view.ts';
import { checkWorld, secretNames, type Prompt, type RunnerState, type RunnerWorld } from './world.ts';

/** What a runner is given before it is given a run. */
export interface RunnerSetting {
  readonly transport: Transport;
  /** The host's own where it is left out; the tests set it wrong. */
  readonly hostClock?: HostClock;
  readonly multiplexer: 'tmux' | 'screen' | null;
  /** Where journals, outputs and recordings are kept. */
  readonly state: string;
  /** Where the plan's scripts lie; `null` takes them from the server. */
  readonly planFolder: string | null;
  readonly bastion: Readonly<Record<string, string | undefined>>;
  readonly prometheusUrl: string | null;
  readonly alertmanagerUrl: string | null;
  /** Values that must appear nowhere, such as the token. */
  readonly secrets: readonly string[];
  readonly view: View;
  readonly prompt: Prompt;
}

/** A run that was started or taken over: its state, so that a signal can ask the runner to leave. */
export interface RunningRun {
  readonly state: RunnerState;
  readonly ended: Promise<Driven>;
}

/** The charter does not say what was approved, or this host cannot execute it: nothing was begun. */
export class NotRunnable extends Error {
  override readonly name = 'NotRunnable';
}

/**
 * Executes a run by its charter. `sentAt` is the lease clock's reading when it was asked for, so that the lease is never
 * counted longer here than on the server.
 *
 * @throws {NotRunnable} before anything is executed; the run is left, held.
 */
export async function executeRun(
  setting: RunnerSetting,
  charter: RunnerCharter,
  clock: { readonly now: () => number; readonly sentAt: number },
): Promise<RunningRun> {
  const session = openSession(setting.transport, setting.hostClock);
  const { run, terms } = charter;
  const lease = startLease(terms.leaseMs, clock.sentAt, clock.now);
  const state = stateOf(charter);
  try {
    const world = await worldOf(setting, charter, { session, lease });
    // What an earlier runner on this host wrote down helps people to settle what is unknown.
    if (run.epoch > 1) await handInJournal(world).catch(() => undefined);
    return { state, ended: drive(world, state) };
  } catch (error) {
    await session.leave(run.id, run.epoch, 'the runner could not begin').catch(() => undefined);
    throw error;
  }
}

/** The clock by which leases are measured; read it before a request, and hand both to `executeRun`. */
export function leaseClock(): () => number {
  return sleepProofClock();
}

async function drive(world: RunnerWorld, state: RunnerState): Promise<Driven> {
  try {
    return await driveRun(world, state);
  } finally {
    // A beat that crosses the end of the run hears that the lease is gone: the evidence is handed in all the same.
    await handInJournal(world).catch(() => undefined);
    if (state.lost) world.view.note(`the journal is kept in ${world.folder.journal}`);
    world.keeper.leave();
    world.view.close();
  }
}

function stateOf({ run }: RunnerCharter): RunnerState {
  return {
    epoch: run.epoch,
    working: null,
    stop: null,
    lost: false,
    leaving: null,
    uploads: [],
    version: run.version,
    heard: run.state,
    known: run,
  };
}

async function worldOf(
  setting: RunnerSetting,
  charter: RunnerCharter,
  { session, lease }: Pick<RunnerWorld, 'session' | 'lease'>,
): Promise<RunnerWorld> {
  const approved = readApprovedPlan(charter.plan);
  if (!approved.ok) throw new NotRunnable(approved.because);
  const { plan } = approved;
  const folder = runFolder(setting.state, charter.run.id);
  const planFolder = setting.planFolder ?? folder.plan;
  if (setting.planFolder === null) await layOutScripts(charter.plan.scripts, planFolder);
  const { bastion } = setting;
  const secrets = [...setting.secrets, ...secretsOf(secretNames(plan), bastion)].filter(
    (secret) => secret !== '',
  );
  const keeper = await startKeeper(folder.root);
  keeper.lease(lease.remainingMs());
  return {
    run: charter.run.id,
    plan,
    person: charter.person,
    terms: charter.terms,
    multiplexer: setting.multiplexer,
    session,
    keeper,
    lease,
    folder,
    planFolder,
    bastion,
    secrets: secrets.toSorted((a, b) => b.length - a.length),
    checks: checkWorld(plan, { ...setting, env: bastion }),
    view: setting.view,
    prompt: setting.prompt,
  };
}

/**
 * INVARIANT: two runners never work on one step. Before a run is taken over, what an earlier runner began on this host and
 * still works is waited for.
 */
export async function waitForLeftovers(state: string, runId: string, view: View): Promise<void> {
  const { journal } = runFolder(state, runId);
  let told = false;
  for (let left = stillWorking(journal); left !== null; left = stillWorking(journal)) {
    if (!told) view.note(`! ${left}: waiting for its end`);
    told = true;
    await sleep(500);
  }
}
