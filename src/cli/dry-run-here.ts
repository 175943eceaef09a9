import { mkdtemp, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dryRunView, type DryRunView, type PlanToRun } from '../contract/dry-run.ts';
import { AppError, ERRORS, type ErrorCode } from '../contract/errors.ts';
import type { Plan } from '../contract/plan.ts';
import { layOutScripts } from '../runner/approved-plan.ts';
import { dryRun } from '../runner/dry-run.ts';
import { secretsOf } from '../runner/environment.ts';
import type { RunnerSetting } from '../runner/run.ts';
import { secretNames } from '../runner/world.ts';

const GRACE_MS = 5_000;
const ATTACH_MS = 30_000;

/** What a dry run needs of a runner's setting. */
export type DryRunHere = Pick<RunnerSetting, 'transport' | 'planFolder' | 'bastion' | 'secrets'> & {
  readonly view: Pick<RunnerSetting['view'], 'note'>;
};

/** Makes a dry run on this host and attaches it to its change. @throws {AppError} where the server does not take it. */
export async function makeDryRun(
  setting: DryRunHere,
  { sent, plan, twin }: { readonly sent: PlanToRun; readonly plan: Plan; readonly twin: boolean },
): Promise<DryRunView> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-dry-run-'));
  try {
    const planFolder = setting.planFolder ?? path.join(folder, 'plan');
    if (setting.planFolder === null) await layOutScripts(sent.scripts, planFolder);
    const made = await dryRun(plan, {
      planFolder,
      scripts: path.join(folder, 'scripts'),
      bastion: setting.bastion,
      cwd: folder,
      graceMs: GRACE_MS,
      secrets: [...setting.secrets, ...secretsOf(secretNames(plan), setting.bastion)],
      onLine: (line) => setting.view.note(`  ${line}`),
    });
    const { status, body } = await setting.transport({
      method: 'POST',
      path: `/api/v1/changes/${encodeURIComponent(sent.change)}/dry-runs`,
      body: { idempotencyKey: randomUUID(), planDigest: sent.digest, twin, ...made },
      timeoutMs: ATTACH_MS,
    });
    if (status >= 300) throw errorOf(body);
    return dryRunView.parse(body);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function errorOf(body: unknown): AppError {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const { code, message } = fields;
  const known = typeof code === 'string' && Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'internal';
  return new AppError(known, typeof message === 'string' ? message : undefined);
}
