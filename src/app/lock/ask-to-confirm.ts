import type { Transaction } from '../../store/database.ts';
import { isSameHuman } from '../../store/humans.ts';
import type { LockRow } from '../../store/locks.ts';
import { onDutyNow } from '../../store/rota.ts';
import { holdersOf } from '../../store/standing-roles.ts';
import { finishTaskOf } from '../../store/tasks.ts';
import { openTask } from '../task/open.ts';

/** Gives somebody other than its maker the task of confirming an emergency lock: on call, else management, else the VPE. */
export async function askToConfirm(
  tx: Transaction,
  { id, maker, until }: { readonly id: string; readonly maker: string; readonly until: Date },
): Promise<void> {
  for (const owner of await confirmersNow(tx)) {
    if (await isSameHuman(tx, owner, [maker])) continue;
    const title = `confirm the emergency lock ${id} that ${maker} made, or release it`;
    await openTask(tx, { key: taskKey(id), kind: 'confirm-lock', title, owner, dueAt: until });
    return;
  }
}

/** Who confirms, the first first. */
export async function confirmersNow(tx: Transaction): Promise<readonly string[]> {
  const { imoc, eoc } = await onDutyNow(tx);
  const onDuty = [imoc, eoc].filter((person) => person !== undefined);
  return [...onDuty, ...(await holdersOf(tx, ['management', 'director', 'vpe']))];
}

/** The emergency lock that a task is about. */
export function lockOf(key: string): string {
  return key.slice(taskKey('').length);
}

/** It was confirmed, by whomever: nothing is left to do. */
export async function confirmed(tx: Transaction, { id, version }: LockRow, by: string): Promise<void> {
  if (version === 1) await finishTaskOf(tx, taskKey(id), by);
}

function taskKey(id: string): string {
  return `confirm-lock:${id}`;
}
