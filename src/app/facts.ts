import type { FactsDocument } from '../contract/facts.ts';
import type { PolicyFile } from '../contract/policy.ts';
import type { Proof } from '../kernel/policy/facts.ts';
import type { Action } from '../kernel/policy/rule.ts';
import { changeFacts, type LoadedChange } from './change-facts.ts';
import { bastionStands } from '../store/bastions.ts';
import { linkedAccounts } from '../store/humans.ts';
import { inHumans } from './in-humans.ts';
import { locksInForce } from './lock/occurrences.ts';
import { clock } from '../store/clock.ts';
import type { Transaction } from '../store/database.ts';
import { incidentsFor } from '../store/incidents.ts';
import { rolesOf } from '../store/people.ts';
import { shiftsBetween } from '../store/rota.ts';
import { runningChanges } from '../store/run-facts.ts';
import { standingVetoes } from '../store/vetoes.ts';

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

/** What a question is asked with, beside what the database knows. */
export interface QuestionFacts {
  readonly action: Action;
  readonly actor: string;
  readonly host: HostFacts | null;
  /** The claim that asks, which is not beside itself. */
  readonly claim?: string;
  readonly monitoring: MonitoringFacts;
  /** The services for which the policy names an error budget. */
  readonly errorBudgets: PolicyFile['errorBudgets'];
}

/** What a pipeline asks about; there is no request behind it. */
export type AskedChange = NonNullable<FactsDocument['change']>;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** The longest time in which a next opening is looked for, and a day. */
const OPENINGS_MS = 401 * DAY_MS;

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
  const slotEnd = change.slot?.end === undefined ? 0 : Date.parse(change.slot.end);
  return complete(tx, question, { change, people: named, from: instants, to: slotEnd });
}

/** The facts of a question that no request stands behind. */
export async function factsOfAsk(
  tx: Transaction,
  change: AskedChange,
  question: QuestionFacts,
): Promise<FactsDocument> {
  return complete(tx, question, { change, people: [question.actor], from: [], to: 0 });
}

interface About {
  readonly change: NonNullable<FactsDocument['change']>;
  readonly people: readonly string[];
  /** Instants that the rota has to reach back to and on to. */
  readonly from: readonly number[];
  readonly to: number;
}

async function complete(tx: Transaction, question: QuestionFacts, about: About): Promise<FactsDocument> {
  const { change } = about;
  const near = await clock(tx);
  const from = new Date(Math.min(near, ...about.from) - DAY_MS);
  const to = new Date(Math.max(near, about.to) + DAY_MS);
  const shifts = await shiftsBetween(tx, from, to);
  const incidents = await incidentsFor(tx, change.resolvesIncident ?? null);
  const lengthMs = ((change.estimateMinutes ?? 0) + (change.rollbackMinutes ?? 0)) * MINUTE_MS;
  // Recurrences are laid out for as long as a decision looks ahead.
  const ahead = Math.max(near + OPENINGS_MS, about.to) + lengthMs;
  const locks = await locksInForce(tx, change.environment ?? '', { start: near, end: ahead });
  const vetoes = await standingVetoes(tx, change.id ?? '');
  const links = await linkedAccounts(tx);
  const facts: FactsDocument = {
    action: question.action,
    actor: question.actor,
    people: await rolesOf(tx, [...new Set(about.people)]),
    rota: { eoc: rotaOf(shifts, 'eoc'), imoc: rotaOf(shifts, 'imoc'), cmoc: rotaOf(shifts, 'cmoc') },
    change,
    running: (await runningChanges(tx)).filter(({ id }) => id !== change.id && id !== question.claim),
    incidents: incidents.map(({ id, severity, resolved_at }) => ({
      id,
      severity,
      status: resolved_at === null ? 'active' : 'resolved',
    })),
    monitoring: {
      prometheus: question.monitoring.prometheus,
      thanos: question.monitoring.thanos,
      alertmanager: question.monitoring.alertmanager,
    },
    locks: locks.map(({ id, kind, environments, reason, start, end }) => ({
      id,
      kind,
      environments,
      reason,
      ...spanText({ start, end }),
    })),
    vetoes: vetoes.map((veto) => ({
      by: veto.by,
      change: veto.change_id ?? '*',
      at: veto.at.toISOString(),
      liftedAt: null,
      stopsRollback: veto.stops_rollback,
    })),
    errorBudgets: unreadBudgets(change.services ?? [], question.errorBudgets),
    // The key was proven when the call came; monitoring may have been asked for seconds since.
    host: question.host !== null && (await bastionStands(tx, question.host)) ? question.host : null,
    // INVARIANT: the instant is read last. What another transaction committed before we read it lies before this instant, so
    // that a veto of the same millisecond is never "not yet".
    at: new Date(await clock(tx)).toISOString(),
  };
  return inHumans(facts, links);
}

function rotaOf(shifts: Awaited<ReturnType<typeof shiftsBetween>>, rota: string) {
  return shifts
    .filter((shift) => shift.rota === rota)
    .map(({ person, start, end }) => ({ person, ...spanText({ start, end }) }));
}

/** Nothing reads an error budget yet: one that the policy names is unknown, and so counts as burnt. */
function unreadBudgets(services: readonly string[], budgets: QuestionFacts['errorBudgets']) {
  return services.flatMap((service) => {
    const budget = Object.hasOwn(budgets, service) ? budgets[service] : undefined;
    return budget === undefined ? [] : [{ service, remaining: null, threshold: budget.threshold }];
  });
}

function spanText({ start, end }: { readonly start: Date; readonly end: Date }) {
  return { start: start.toISOString(), end: end.toISOString() };
}
