import type { RunView } from '../../contract/runs.ts';
import type { HoldByLogin, VetoByLogin } from '../../contract/stops.ts';
import type { VetoView } from '../../contract/channel.ts';
import { bastionStands } from '../../store/bastions.ts';
import { findChange, findRevision } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import { findRunPlace, latestRunOf } from '../../store/runs.ts';
import type { Call } from '../actor.ts';
import type { Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { refuse, type Outcome, type Refused } from '../outcome.ts';
import { takeWord } from '../run/word.ts';
import { takeHold } from '../run/words.ts';
import { layVeto } from '../veto/veto.ts';

/** Vetoes a change of the bastion's environment, as the person who is logged in there; who may is asked as ever. */
export function vetoByLogin(context: AppContext, call: Call, veto: VetoByLogin): Promise<Outcome<VetoView>> {
  return layVeto(context, atItsBastion(call, environmentOfChange(veto.change)), veto);
}

/** Holds a live run of the bastion's environment, as the person who is logged in there; who may is asked as ever. */
export async function holdByLogin(
  context: AppContext,
  call: Call,
  { run, ...word }: HoldByLogin,
): Promise<Outcome<Recorded<RunView>>> {
  // Where the change has none, its own name is looked for among the runs, and that is refused and recorded.
  const runId = run.startsWith('RUN-') ? run : ((await latestRunOf(context.db, run))?.id ?? run);
  return takeWord(context, atItsBastion(call, environmentOfRun(runId)), {
    runId,
    act: 'hold',
    take: takeHold(word),
  });
}

type EnvironmentOf = (tx: Transaction) => Promise<string | undefined>;

const environmentOfRun =
  (id: string): EnvironmentOf =>
  async (tx) =>
    (await findRunPlace(tx, id))?.environment;

const environmentOfChange =
  (id: string): EnvironmentOf =>
  async (tx) => {
    const row = await findChange(tx, id);
    return row && (await findRevision(tx, id, row.revision))?.plan.environment;
  };

/** The same call, which the transaction of what is done asks first whether its bastion still stands, for that environment. */
function atItsBastion(call: Call, environmentOf: EnvironmentOf): Call {
  return {
    ...call,
    condition: async (tx) => (await call.condition?.(tx)) ?? (await whyElsewhere(tx, call, environmentOf)),
  };
}

async function whyElsewhere(
  tx: Transaction,
  { actor: { host } }: Call,
  environmentOf: EnvironmentOf,
): Promise<Refused | null> {
  if (host?.role !== 'bastion' || !(await bastionStands(tx, host)))
    return refuse('not_permitted', 'expected a bastion whose registration stands, got none');
  const environment = await environmentOf(tx);
  // Of what there is none the act itself says so.
  if (environment === undefined || environment === host.environment) return null;
  return refuse(
    'not_permitted',
    `expected something of \`${host.environment}\`, which \`${host.name}\` is registered for, got one of \`${environment}\``,
  );
}
