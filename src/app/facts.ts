import type { FactsDocument } from '../contract/facts.ts';
import type { Proof } from '../kernel/policy/facts.ts';
import type { Action } from '../kernel/policy/rule.ts';
import type { Transaction } from '../store/database.ts';
import { budgetFacts, type BudgetFact } from './budget/budget.ts';
import { changeFacts, type LoadedChange } from './change-facts.ts';
import type { PolicyInForce } from './context.ts';
import { hostIfItStands } from './host-facts.ts';
import { inHumans } from './in-humans.ts';
import { lockFacts, lookedAhead } from './lock/facts.ts';
import { standingFacts, type Standing } from './standing-facts.ts';

/** What the proof of monitoring says, part by part, and where it found each target. */
export interface MonitoringFacts {
  readonly prometheus: Proof;
  readonly thanos: Proof;
  readonly alertmanager: Proof;
  /** Environments in which monitoring sees a target, by the target's name; absent: it was not looked for. */
  readonly places?: Readonly<Record<string, readonly string[]>>;
}

/** Where a question is asked from, proven by the bastion's key; its multiplexer as the authenticated runner says. */
export interface HostFacts {
  readonly name: string;
  readonly role: 'bastion' | 'deployer';
  readonly environment: string;
  readonly multiplexer: 'tmux' | 'screen' | null;
}

/** A peer that has incidents for us. */
export interface IncidentPeer {
  readonly name: string;
  /** An emergency needs no tracker. */
  readonly isTracker: boolean;
}

/** What a question is asked with, beside what the database knows. */
export interface QuestionFacts {
  readonly action: Action;
  readonly actor: string;
  readonly host: HostFacts | null;
  /** The claim that asks, which is not beside itself. */
  readonly claim?: string;
  readonly monitoring: MonitoringFacts;
  /** The peers that have incidents for us: one that was not heard makes them unknown. */
  readonly incidentPeers: readonly IncidentPeer[];
  /** Which error budgets it names, how long a reading counts, what a procedure needs to graduate. */
  readonly policy: PolicyInForce;
}

/** The facts of a question about a request. `slot` is the proposed one, where another than its own is asked about. */
export async function factsOfChange(
  tx: Transaction,
  loaded: LoadedChange,
  question: QuestionFacts,
): Promise<FactsDocument> {
  const change = await changeFacts(tx, loaded, question);
  const named = [
    question.actor,
    ...(change.approvals ?? []).map(({ person }) => person),
    ...(change.exceptions ?? []).flatMap(({ by, approvedBy }) => [by, approvedBy]),
  ].filter((person) => person !== null && person !== undefined);
  const instants = (change.approvals ?? []).map(({ at }) => Date.parse(at ?? ''));
  const slotEnd = change.slot?.end === undefined ? null : new Date(change.slot.end);
  const [standing, host, budgets] = await Promise.all([
    standingFacts(tx, {
      environments: [change.environment ?? ''],
      people: [...new Set(named)],
      on: change.id === undefined ? [] : [change.id],
      incident: change.resolvesIncident ?? null,
      from: instants.length === 0 ? null : new Date(Math.min(...instants)),
      to: slotEnd,
      question,
    }),
    hostIfItStands(tx, question.host),
    budgetFacts(tx, new Set(change.services), question.policy.file),
  ]);
  const locks = lockFacts(standing.locks, lookedAhead(standing.at, change, slotEnd?.getTime()));
  return layOut(question, change, { standing, locks, people: standing.people, host, budgets });
}

/** What was read for a question, and what of it counts for that one. */
export interface Read {
  readonly standing: Standing;
  readonly locks: NonNullable<FactsDocument['locks']>;
  readonly people: NonNullable<FactsDocument['people']>;
  readonly host: HostFacts | null;
  readonly budgets: readonly BudgetFact[];
}

/** The facts document of a question. */
export function layOut(
  question: QuestionFacts,
  change: NonNullable<FactsDocument['change']>,
  { standing, locks, people, host, budgets }: Read,
): FactsDocument {
  const facts: FactsDocument = {
    action: question.action,
    actor: question.actor,
    people,
    rota: standing.rota,
    change,
    running: standing.running.filter(({ id }) => id !== change.id),
    incidents: standing.incidents,
    ...(standing.sources.length > 0 && { sources: standing.sources }),
    monitoring: {
      prometheus: question.monitoring.prometheus,
      thanos: question.monitoring.thanos,
      alertmanager: question.monitoring.alertmanager,
    },
    locks,
    // Those of others who were asked about together are none of this one's facts.
    vetoes: standing.vetoes.filter((veto) => veto.change === '*' || veto.change === change.id),
    errorBudgets: (change.services ?? []).flatMap((service) =>
      budgets.filter((budget) => budget.service === service),
    ),
    host,
    at: new Date(standing.at).toISOString(),
  };
  return inHumans(facts, standing.links);
}
