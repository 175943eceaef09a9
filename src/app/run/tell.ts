import type { EffectOf } from '../../contract/effects.ts';
import type { Transaction } from '../../store/database.ts';
import { insertEffect } from '../../store/outbox.ts';
import type { RunFile } from './run-file.ts';

/** Tells the EOC and the event manager, by the outbox: once for every epoch and cause. */
export async function tellDuty(tx: Transaction, file: RunFile, what: string): Promise<void> {
  const { id, changeId, epoch, version, hold } = file.run;
  const { topic, payload }: EffectOf<'tell'> = {
    topic: 'tell',
    payload: { run: id, changeId, to: ['eoc', 'emoc'], because: hold?.because ?? what },
  };
  await insertEffect(tx, { key: `run.${what}:${id}:${epoch}:${version}`, topic, payload });
}
