import { transact } from '../../store/database.ts';
import { unseenEoc } from '../../store/presences.ts';
import { onDutyNow } from '../../store/rota.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';

/**
 * Asks the engineer on call of a running C1 for a sign of presence, before the rule about it holds the run. Each lapse is asked
 * about once. Gives how many were asked for now.
 */
export async function askForEoc({ db, policy }: Pick<AppContext, 'db' | 'policy'>): Promise<number> {
  return transact(db, async (tx) => {
    const { eoc } = await onDutyNow(tx);
    if (eoc === undefined) return 0;
    let asked = 0;
    for (const { id, title, since } of await unseenEoc(tx, eoc, policy.file.limits.eocAskedAfter)) {
      const told = await tellPeople(tx, {
        to: [eoc],
        key: `eoc-asked:${id}:${since.toISOString()}`,
        kind: 'eoc-asked',
        about: `change/${id}`,
        body: `${id} (${title}) is running and there was no sign of you since ${since.toISOString()}. Show that you are there, or it will be held: \`interlock present ${id}\`.`,
      });
      asked += told.length;
    }
    return asked;
  });
}
