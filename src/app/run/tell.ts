import type { Transaction } from '../../store/database.ts';
import { insertEffect } from '../../store/outbox.ts';
import type { RunFile } from './run-file.ts';

/** Tells the EOC and the event manager, by the outbox: once for every epoch and cause. */
export async function tellDuty(tx: Transaction, file: RunFile, what: string): Promise<void> {
  const { id, changeId, epoch, version } = file.run;
  await insertEffect(tx, {
    key: `run.${what}:${id}:${epoch}:${version}`,
    topic: `run.${what}`,
    payload: { run: id, change: changeId, to: ['eoc', 'emoc'], because: file.run.hold?.because ?? '' },
  });
}
