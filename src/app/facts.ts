import type { FactsDocument } from '../contract/facts.ts';
import type { Proof } from '../kernel/policy/facts.ts';
import type { Span } from '../kernel/calendar/span.ts';
import type { Action } from '../kernel/policy/rule.ts';
import { budgetFacts, type BudgetFact } from './budget/budget.ts';
import { changeFacts, type LoadedChange } from './change-facts.ts';
import type { PolicyInForce } from './context.ts';
import { linkedAccounts } from '../store/humans.ts';
import { hostIfItStands, hostKey, hostsThatStand } from './host-facts.ts';
import { inHumans } from './in-humans.ts';
import { sourceFacts } from './source-facts.ts';
import { locksInForce, type LockSpan } from './lock/occurrences.ts';
import { clock } from '../store/clock.ts';
import type { Transaction } from '../store/database.ts';
import { incidentsFor } from '../store/incidents.ts';
import { rolesOf } from '../store/people.ts';
import { shiftsBetween } from '../store/rota.ts';
import { runningChanges, type RunningChange } from '../store/run-facts.ts';
import { standingVetoes, vetoed } from '../store/vetoes.ts';

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

/** One question of many that no request stands behind, each asked by whoever asks it. */
export interface AskFacts extends Omit<QuestionFacts, 'action'> {
  readonly change: AskedChange;
}

/**
 * The facts of questions that no request stands behind. What they share is read once for all of them; each is then laid out by
 * itself, as if it had been asked alone at that instant.
 */
export async function factsOfAsks(tx: Transaction, asks: readonly AskFacts[]): Promise<FactsDocument[]> {
  const questions = asks.map((ask) => ({ action: 'ask' as const, ...ask }));
  const near = await clock(tx);
  const hostsAsked = asks.map(({ host }) => host);
  const [standing, locks, people, hosts, budgets] = await Promise.all([
    standingFacts(tx, {
      near,
      from: [],
      to: 0,
      on: asks.flatMap(({ claim }) => claim ?? []),
      incident: null,
      question: asks[0] ?? null,
    }),
    locksOfAsks(tx, asks, near),
    rolesOf(tx, [...new Set(asks.map(({ actor }) => actor))]),
    hostsThatStand(tx, hostsAsked),
    budgetFacts(tx, servicesOf(asks), asks[0]?.policy.file),
  ]);
  // INVARIANT: as below, the instant is read last.
  const at = await clock(tx);
  return questions.map((question) =>
    // A claim goes by its own id, as a request does: it is not beside itself, and a veto of it is one.
    layOut(
      question,
      question.claim === undefined ? question.change : { ...question.change, id: question.claim },
      {
        standing,
        locks: locks.get(lockKey(question)) ?? [],
        people: { [question.actor]: people[question.actor] ?? [] },
        host: question.host !== null && hosts.has(hostKey(question.host)) ? question.host : null,
        budgets,
        at,
      },
    ),
  );
}

function servicesOf(asks: readonly AskFacts[]): ReadonlySet<string> {
  return new Set(asks.flatMap(({ change }) => change.services ?? []));
}

/** Of each environment and length that is asked about: recurrences are laid out for as long as that question looks ahead. */
async function locksOfAsks(
  tx: Transaction,
  asks: readonly AskFacts[],
  near: number,
): Promise<ReadonlyMap<string, readonly LockSpan[]>> {
  const byKey = new Map(asks.map((ask) => [lockKey(ask), ask] as const));
  return new Map(
    await Promise.all(
      [...byKey].map(async ([key, { change }]) => {
        const within = lookedAt(near, { change, to: 0 });
        return [key, await locksInForce(tx, change.environment ?? '', within)] as const;
      }),
    ),
  );
}

function lockKey({ change }: AskFacts): string {
  return JSON.stringify([change.environment, change.estimateMinutes, change.rollbackMinutes]);
}

/** The stretch in which a decision looks for locks: for the next opening of a change of that length. */
function lookedAt(near: number, { change, to }: Pick<About, 'change' | 'to'>): Span {
  const lengthMs = ((change.estimateMinutes ?? 0) + (change.rollbackMinutes ?? 0)) * MINUTE_MS;
  return { start: near, end: Math.max(near + OPENINGS_MS, to) + lengthMs };
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
  const [standing, locks, people, host, budgets] = await Promise.all([
    standingFacts(tx, {
      near,
      from: about.from,
      to: about.to,
      on: change.id === undefined ? [] : [change.id],
      incident: change.resolvesIncident ?? null,
      question,
    }),
    locksInForce(tx, change.environment ?? '', lookedAt(near, about)),
    rolesOf(tx, [...new Set(about.people)]),
    hostIfItStands(tx, question.host),
    budgetFacts(tx, new Set(change.services), question.policy.file),
  ]);
  // INVARIANT: the instant is read last. What another transaction committed before we read it lies before this instant, so
  // that a veto of the same millisecond is never "not yet".
  const at = await clock(tx);
  return layOut(question, change, { standing, locks, people, host, budgets, at });
}

/** What stands whoever asks: rota, incidents, vetoes, what runs, whose accounts are one person's. */
interface Standing {
  readonly links: Awaited<ReturnType<typeof linkedAccounts>>;
  readonly rota: NonNullable<FactsDocument['rota']>;
  readonly incidents: NonNullable<FactsDocument['incidents']>;
  readonly vetoes: NonNullable<FactsDocument['vetoes']>;
  readonly running: readonly RunningChange[];
  readonly sources: NonNullable<FactsDocument['sources']>;
}

interface Reach extends Pick<About, 'from' | 'to'> {
  readonly near: number;
  /** The requests and claims that are asked about. */
  readonly on: readonly string[];
  readonly incident: string | null;
  /** By which it is known whom to have heard. */
  readonly question: Pick<QuestionFacts, 'incidentPeers' | 'policy'> | null;
}

async function standingFacts(tx: Transaction, reach: Reach): Promise<Standing> {
  const from = new Date(Math.min(reach.near, ...reach.from) - DAY_MS);
  const to = new Date(Math.max(reach.near, reach.to) + DAY_MS);
  const [shifts, incidents, vetoes, running, links, sources] = await Promise.all([
    shiftsBetween(tx, from, to),
    incidentsFor(tx, reach.incident),
    standingVetoes(tx, reach.on),
    runningChanges(tx),
    linkedAccounts(tx),
    sourceFacts(tx, reach.question),
  ]);
  return {
    sources,
    links,
    rota: { eoc: rotaOf(shifts, 'eoc'), imoc: rotaOf(shifts, 'imoc'), cmoc: rotaOf(shifts, 'cmoc') },
    incidents: incidents.map(({ id, severity, resolved_at }) => ({
      id,
      severity,
      status: resolved_at === null ? 'active' : 'resolved',
    })),
    vetoes: vetoes.map((veto) => ({
      by: veto.by,
      change: vetoed(veto),
      at: veto.at.toISOString(),
      liftedAt: null,
      stopsRollback: veto.stops_rollback,
    })),
    running,
  };
}

interface Read {
  readonly standing: Standing;
  readonly locks: readonly LockSpan[];
  readonly people: NonNullable<FactsDocument['people']>;
  readonly host: HostFacts | null;
  readonly budgets: readonly BudgetFact[];
  readonly at: number;
}

function layOut(
  question: QuestionFacts,
  change: NonNullable<FactsDocument['change']>,
  { standing, locks, people, host, budgets, at }: Read,
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
    locks: locks.map(({ id, kind, environments, reason, start, end }) => ({
      id,
      kind,
      environments,
      reason,
      ...spanText({ start, end }),
    })),
    // Those of others who were asked about together are none of this one's facts.
    vetoes: standing.vetoes.filter((veto) => veto.change === '*' || veto.change === change.id),
    errorBudgets: (change.services ?? []).flatMap((service) =>
      budgets.filter((budget) => budget.service === service),
    ),
    host,
    at: new Date(at).toISOString(),
  };
  return inHumans(facts, standing.links);
}

/** The shifts of one rota as facts. */
export function rotaOf(shifts: Awaited<ReturnType<typeof shiftsBetween>>, rota: string) {
  return shifts
    .filter((shift) => shift.rota === rota)
    .map(({ person, start, end }) => ({ person, ...spanText({ start, end }) }));
}

export function spanText({ start, end }: { readonly start: Date; readonly end: Date }) {
  return { start: start.toISOString(), end: end.toISOString() };
}
