import { listTargets } from '../checks/inventory.ts';
import type { ResolvedTargets, TargetsFrom } from '../contract/plan-targets.ts';
import { redactText } from './redact.ts';
import { secretsOf } from './environment.ts';

/** Where the targets of a plan are asked for. */
export interface Asking {
  readonly prometheusUrl: string | null;
  readonly bastion: Readonly<Record<string, string | undefined>>;
  readonly secrets: readonly string[];
}

/** The targets of a plan as they are listed on this host now, or why not. Nothing is changed by asking. */
export async function resolveTargets(from: TargetsFrom, asking: Asking): Promise<ResolvedTargets> {
  const { prometheusUrl, bastion } = asking;
  const resolved = await listTargets(from, {
    prometheusUrl,
    alertmanagerUrl: null,
    env: bastion,
    signal: new AbortController().signal,
    now: () => Date.now(),
  });
  if ('targets' in resolved) return resolved;
  const secrets = [...asking.secrets, ...secretsOf(from.passEnv, bastion)];
  return { because: redactText(resolved.because, secrets).slice(0, 2_000) };
}
