import type { EffectOf } from '../../contract/effects.ts';
import { transact } from '../../store/database.ts';
import { insertEffect } from '../../store/outbox.ts';
import { unmarkedRuns } from '../../store/run-marks.ts';
import type { AppContext } from '../context.ts';

/** Has the start and the end of every run marked in the graphs that people look at, once each, however it ended. Gives how many. */
export async function markRuns({ db, connections }: Pick<AppContext, 'db' | 'connections'>): Promise<number> {
  let marks = 0;
  for (const { name } of connections.all.filter(({ offers }) => offers.annotations)) {
    marks += await transact(db, async (tx) => {
      const due = await unmarkedRuns(tx, name);
      for (const { key, what, run, change_id, state, at } of due) {
        const about = `change/${change_id}`;
        const payload: EffectOf<'annotate'>['payload'] = {
          text:
            what === 'start' ? `${change_id} begins (${run})` : `${change_id} has ended, ${state} (${run})`,
          at: at.getTime(),
          tags: [change_id, what],
          about,
        };
        await insertEffect(tx, { key, topic: 'annotate', payload, connection: name, about });
      }
      return due.length;
    });
  }
  return marks;
}
