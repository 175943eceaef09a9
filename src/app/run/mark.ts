import type { EffectOf } from '../../contract/effects.ts';
import { transact } from '../../store/database.ts';
import { insertEffect } from '../../store/outbox.ts';
import { unmarkedChanges, type UnmarkedChange } from '../../store/run-marks.ts';
import type { AppContext } from '../context.ts';

/** Has the start and the end of every run and every claim marked in the graphs that people look at, once each, however it ended. Gives how many. */
export async function markChanges({
  db,
  connections,
}: Pick<AppContext, 'db' | 'connections'>): Promise<number> {
  let marks = 0;
  for (const { name } of connections.all.filter(({ offers }) => offers.annotations)) {
    marks += await transact(db, async (tx) => {
      const due = await unmarkedChanges(tx, name);
      for (const one of due) {
        const payload = markOf(one);
        const { about } = payload;
        await insertEffect(tx, { key: one.key, topic: 'annotate', payload, connection: name, about });
      }
      return due.length;
    });
  }
  return marks;
}

function markOf({
  what,
  of,
  id,
  whose,
  state,
  environment,
  at,
}: UnmarkedChange): EffectOf<'annotate'>['payload'] {
  const [subject, where] = of === 'run' ? [whose, ` (${id})`] : [id, ` (by ${whose}, in ${environment})`];
  const text = what === 'start' ? `${subject} begins${where}` : `${subject} has ended, ${state}${where}`;
  return {
    text,
    at: at.getTime(),
    tags: [subject, what],
    about: of === 'run' ? `change/${whose}` : `claim/${id}`,
  };
}
