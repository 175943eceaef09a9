import { setTimeout as sleep } from 'node:timers/promises';
import { measureCheck } from '../checks/measure.ts';
import type { Plan } from '../contract/plan.ts';
import { delayedChecks, type DelayedCheckView } from '../contract/watching.ts';
import { secretsOf } from './environment.ts';
import { redactValue } from './redact.ts';
import type { RunnerSetting } from './run.ts';
import { ServerUnreachable } from './session.ts';
import { secretNames } from './world.ts';

/** What is watched, and whether to stay until all is measured. */
export interface Watching {
  readonly change: string;
  readonly plan: Plan;
  /** Measures what is due now, and goes. */
  readonly once: boolean;
}

const REQUEST_MS = 10_000;
const LONGEST_SLEEP_MS = 30_000;
/** Between two measurements of a check that could not tell. */
const AGAIN_MS = 30_000;

/** Measures the delayed checks of a complete change when their time has come; gives them as they stand then. */
export async function watchChange(
  setting: RunnerSetting,
  watching: Watching,
): Promise<readonly DelayedCheckView[]> {
  const tried = new Map<number, number>();
  for (;;) {
    const checks = await listed(setting, watching.change);
    const open = checks.filter(({ verdict }) => verdict === null);
    const now = performance.now();
    const next = open.find(
      ({ due, position }) => due && (tried.get(position) ?? -Infinity) <= now - AGAIN_MS,
    );
    if (next !== undefined) {
      tried.set(next.position, now);
      await measureOne(setting, watching, next);
    } else if (open.length === 0 || watching.once) {
      return checks;
    } else {
      const waits = open.map(({ dueAt }) => Date.parse(dueAt) - Date.now());
      // The server's clock decides: a little late is better than refused.
      await sleep(Math.min(Math.max(Math.min(...waits), 500), LONGEST_SLEEP_MS));
    }
  }
}

async function measureOne(
  setting: RunnerSetting,
  { change, plan }: Watching,
  { run, position, name }: DelayedCheckView,
): Promise<void> {
  const check = plan.watching?.checks[position];
  if (check === undefined || check.name !== name) {
    throw new Error(`expected check \`${name}\` in the plan of ${change}, got none`);
  }
  const secrets = [...setting.secrets, ...secretsOf(secretNames(plan), setting.bastion)];
  const measured = await measureCheck(check, {
    prometheusUrl: setting.prometheusUrl,
    alertmanagerUrl: setting.alertmanagerUrl,
    env: setting.bastion,
    now: () => Date.now(),
    signal: new AbortController().signal,
  });
  const result = redactValue(measured, secrets);
  setting.view.check('watching', result);
  await asked(setting, { method: 'POST', change, body: { run, position, result } });
}

async function listed(setting: RunnerSetting, change: string): Promise<readonly DelayedCheckView[]> {
  const body = await asked(setting, { method: 'GET', change, body: undefined });
  return delayedChecks.parse(body).checks;
}

async function asked(
  setting: RunnerSetting,
  {
    method,
    change,
    body,
  }: { readonly method: 'GET' | 'POST'; readonly change: string; readonly body: unknown },
): Promise<unknown> {
  const path = `/api/v1/changes/${encodeURIComponent(change)}/delayed-checks`;
  const answer = await setting.transport({ method, path, body, timeoutMs: REQUEST_MS });
  if (answer.status < 300) return answer.body;
  const said = (answer.body ?? {}) as { readonly message?: unknown };
  throw new ServerUnreachable(
    typeof said.message === 'string' ? said.message : `got status \`${answer.status}\``,
  );
}
