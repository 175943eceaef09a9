import type { CheckContext } from '../checks/context.ts';
import type { Plan } from '../contract/plan.ts';
import type { LeaseTerms, RunView } from '../contract/runs.ts';
import type { Keeper } from './keeper-process.ts';
import type { Lease } from './lease.ts';
import type { Session } from './session.ts';
import type { RunFolder } from './state-folder.ts';
import type { View } from './view.ts';

/** Asks the person at the terminal; `null` when nobody answers before the signal ends it, or there is no terminal. */
export type Prompt = (question: string, signal: AbortSignal) => Promise<string | null>;

/** Everything a runner works with during one run. Made once, when the run was started or taken over. */
export interface RunnerWorld {
  readonly run: string;
  readonly plan: Plan;
  readonly person: string;
  readonly terms: LeaseTerms;
  readonly multiplexer: 'tmux' | 'screen' | null;
  readonly session: Session;
  readonly keeper: Keeper;
  readonly lease: Lease;
  readonly folder: RunFolder;
  /** Where the plan's scripts lie. */
  readonly planFolder: string;
  readonly bastion: Readonly<Record<string, string | undefined>>;
  /** Masked in everything that is shown, kept or sent. */
  readonly secrets: readonly string[];
  readonly checks: Omit<CheckContext, 'signal'>;
  readonly view: View;
  readonly prompt: Prompt;
}

/** What changes in the course of a run; one object, so that heartbeat and loop see the same. */
export interface RunnerState {
  epoch: number;
  /** The step under way, and how to stop it. */
  working: { readonly list: 'steps' | 'rollback'; readonly position: number; readonly grant: string } | null;
  stop: ((because: string) => void) | null;
  /** The server says that the lease is over, or it ran out here. */
  lost: boolean;
  /** A person asked the runner to go away. */
  leaving: string | null;
  /** Outputs on their way to the server. */
  readonly uploads: Promise<void>[];
  /** Of the run, as last heard. */
  version: number;
  heard: RunView['state'];
  /** The run with all its steps, as it was last told. */
  known: RunView;
}

/** What a plan's checks are measured with on this host. */
export function checkWorld(
  { targets, environment }: Pick<Plan, 'targets' | 'environment'>,
  { prometheusUrl, alertmanagerUrl, env }: Pick<CheckContext, 'prometheusUrl' | 'alertmanagerUrl' | 'env'>,
): Omit<CheckContext, 'signal'> {
  return {
    prometheusUrl,
    alertmanagerUrl,
    targets: targets.map((target) => ({ host: target.name, environment: target.environment ?? environment })),
    env,
    now: () => Date.now(),
  };
}

/** All variables of the bastion whose values must not be seen: those that steps are passed, and addresses that checks use. */
export function secretNames(plan: Plan): readonly string[] {
  const steps = [...plan.steps, ...plan.rollback.steps];
  const checks = [
    ...plan.preflight,
    ...plan.postchecks,
    ...steps.flatMap(({ before, after, probe }) => [
      ...before,
      ...after,
      ...(probe === undefined ? [] : [probe]),
    ]),
  ];
  const addresses = checks.flatMap(({ postgres }) => (postgres === undefined ? [] : [postgres.urlFrom]));
  return [...new Set([...steps.flatMap(({ passEnv }) => passEnv), ...addresses])];
}
