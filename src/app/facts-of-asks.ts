import type { FactsDocument } from '../contract/facts.ts';
import type { Transaction } from '../store/database.ts';
import { budgetFacts } from './budget/budget.ts';
import { layOut, type MonitoringFacts, type QuestionFacts } from './facts.ts';
import { hostKey, hostsThatStand } from './host-facts.ts';
import { lockFacts, lookedAhead } from './lock/facts.ts';
import { oncePer } from './once-per.ts';
import { standingFacts } from './standing-facts.ts';

/** What a pipeline asks about; there is no request behind it. */
export type AskedChange = NonNullable<FactsDocument['change']>;

/** One question of many that no request stands behind, each asked by whoever asks it. */
export interface AskFacts extends Omit<QuestionFacts, 'action' | 'monitoring'> {
  readonly change: AskedChange;
}

/**
 * The facts of questions that no request stands behind. What they share is read once for all of them; each is then laid out by
 * itself, as if it had been asked alone at that instant. Equal questions have one document, so that it can be judged once.
 *
 * @param proven what is proven of monitoring, by environment; its statements were sent before.
 */
export async function factsOfAsks(
  tx: Transaction,
  asks: readonly AskFacts[],
  proven: Promise<ReadonlyMap<string, MonitoringFacts>>,
): Promise<FactsDocument[]> {
  const { monitoring, standing, hosts, budgets } = await readFor(tx, asks, proven);
  const locksOf = oncePer(
    ({ environment, estimateMinutes, rollbackMinutes }: AskedChange) =>
      JSON.stringify([environment, estimateMinutes, rollbackMinutes]),
    (change) =>
      lockFacts(
        standing.locks.filter(({ environments }) => environments.includes(change.environment ?? '')),
        lookedAhead(standing.at, change),
      ),
  );
  const laidOut = oncePer(
    ({ change, claim, actor, host }: AskFacts) => JSON.stringify([change, claim, actor, host]),
    (ask) => {
      const { change, claim, actor, host } = ask;
      const seen = monitoring.get(change.environment ?? '');
      if (!seen) throw new Error('expected what is proven of its environment, got nothing');
      return layOut(
        { action: 'ask', monitoring: seen, ...ask },
        // A claim goes by its own id, as a request does: it is not beside itself, and a veto of it is one.
        claim === undefined ? change : { ...change, id: claim },
        {
          standing,
          locks: locksOf(change),
          people: { [actor]: standing.people[actor] ?? [] },
          host: host !== null && hosts.has(hostKey(host)) ? host : null,
          budgets,
        },
      );
    },
  );
  return asks.map(laidOut);
}

async function readFor(
  tx: Transaction,
  asks: readonly AskFacts[],
  proven: Promise<ReadonlyMap<string, MonitoringFacts>>,
) {
  const [first] = asks;
  if (!first) throw new Error('expected a question, got none');
  const [monitoring, standing, hosts, budgets] = await Promise.all([
    proven,
    standingFacts(tx, {
      environments: [...new Set(asks.map(({ change }) => change.environment ?? ''))],
      people: [...new Set(asks.map(({ actor }) => actor))],
      on: asks.flatMap(({ claim }) => claim ?? []),
      incident: null,
      from: null,
      to: null,
      question: first,
    }),
    hostsThatStand(
      tx,
      asks.map(({ host }) => host),
    ),
    budgetFacts(tx, new Set(asks.flatMap(({ change }) => change.services ?? [])), first.policy.file),
  ]);
  return { monitoring, standing, hosts, budgets };
}
