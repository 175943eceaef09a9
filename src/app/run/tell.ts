import type { EffectOf } from '../../contract/effects.ts';
import type { ApprovalRole } from '../../kernel/run/acts.ts';
import { nextWant } from '../../kernel/run/next.ts';
import { stepAt } from '../../kernel/run/outline.ts';
import type { Queries, Transaction } from '../../store/database.ts';
import { insertEffect } from '../../store/outbox.ts';
import { onDutyNow } from '../../store/rota.ts';
import { holdersOf } from '../../store/standing-roles.ts';
import { tellPeople } from '../notice/tell.ts';
import { snapshotOf, type RunFile } from './run-file.ts';

/** Tells the EOC and the event manager, by the outbox: once for every epoch and cause. */
export async function tellDuty(tx: Transaction, file: RunFile, what: string): Promise<void> {
  const { id, changeId, epoch, version, hold } = file.run;
  const { topic, payload }: EffectOf<'tell'> = {
    topic: 'tell',
    payload: { run: id, changeId, to: ['eoc', 'emoc'], because: hold?.because ?? what },
  };
  await insertEffect(tx, { key: `run.${what}:${id}:${epoch}:${version}`, topic, payload });
}

/** Tells whoever could say the word that a step waits for, each in their own inbox; once for every time that it is waited for. */
export async function tellAsked(tx: Transaction, file: RunFile): Promise<void> {
  const { id, changeId, executor, outline, hold } = file.run;
  const want = nextWant(outline, snapshotOf(file));
  if (hold?.cause !== 'approval' || want.kind !== 'approval') return;
  const { approval } = stepAt(outline, 'steps', want.position);
  if (approval === undefined) return;
  const able = await holdersNow(tx, approval.role);
  await tellPeople(tx, {
    // Who executes it cannot say it.
    to: able.filter((person) => person !== executor),
    key: `step-word:${id}:${want.position}:${hold.since}`,
    kind: 'step-word',
    about: `change/${changeId}`,
    body: `${id} of ${changeId}: ${hold.because} Say yes to it: \`interlock approve-step ${changeId}\`; or hold, roll back or abort it.`,
  });
}

async function holdersNow(db: Queries, role: ApprovalRole): Promise<readonly string[]> {
  if (role !== 'eoc' && role !== 'imoc') return holdersOf(db, [role]);
  const { [role]: onDuty } = await onDutyNow(db);
  return onDuty === undefined ? [] : [onDuty];
}
