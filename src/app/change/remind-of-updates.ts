import { changesToldOf } from '../../store/change-updates.ts';
import { findChange, findRevision } from '../../store/changes.ts';
import { transact } from '../../store/database.ts';
import type { AppContext } from '../context.ts';
import { eachByItself } from '../each-by-itself.ts';
import { tellPeople } from '../notice/tell.ts';
import { updatesNow } from './updates-now.ts';

/** Reminds whoever communicates of each update that is late, once for each. Gives how many were late. */
export async function remindOfUpdates(context: AppContext): Promise<number> {
  const { db, policy } = context;
  return eachByItself(context, 'remind-of-updates', await changesToldOf(db), (id) =>
    transact(db, async (tx) => {
      const row = await findChange(tx, id);
      const revision = row && (await findRevision(tx, id, row.revision));
      if (!revision) return 0;
      const { plan } = revision;
      const late = (await updatesNow(tx, id, plan, policy.file)).due.filter((one) => one.late);
      for (const { audience, what, dueAt } of late) {
        const at = new Date(dueAt).toISOString();
        await tellPeople(tx, {
          // Where there is no communications manager the tactical lead communicates; of a small change, whoever executes it.
          to: [plan.cmoc ?? plan.emoc ?? plan.executor],
          key: `update-late:${id}:${audience}:${what}:${dueAt}`,
          kind: 'update-late',
          about: `change/${id}`,
          body: `${id}: ${audience} waits for the ${what} since ${at}. interlock inform ${id} ${audience}`,
        });
      }
      return late.length;
    }),
  );
}
