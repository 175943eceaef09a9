import type { FactsDocument } from '../contract/facts.ts';
import type { Plan } from '../contract/plan.ts';
import { announcedAt } from '../store/announcements.ts';
import type { ChangeRow, RevisionRow } from '../store/changes.ts';
import { clock } from '../store/clock.ts';
import type { Transaction } from '../store/database.ts';
import { presencesOf, type PresenceRow } from '../store/presences.ts';
import { onDutyNow, peopleOnRota } from '../store/rota.ts';
import { runFacts } from '../store/run-facts.ts';
import { partsOfWord } from '../kernel/change/word-scope.ts';
import type { PlanHead } from './change/plan-head.ts';
import { updatesNow } from './change/updates-now.ts';
import {
  counts,
  wordOf,
  wordsOf,
  type Said,
  type StandingApproval,
  type StandingException,
} from './change/words.ts';
import type { MonitoringFacts, QuestionFacts } from './facts.ts';
import { procedureFact } from './procedure/record.ts';

/** A request with the revision that is in force, and the slot that is asked about. */
export interface LoadedChange {
  readonly row: ChangeRow;
  readonly revision: RevisionRow;
  /** The proposed slot at `schedule`; `undefined`: the accepted one, or none. */
  readonly slot?: Slot | undefined;
  /** What was said of it, where another than what is stored is asked about: of a plan that is only looked at. */
  readonly said?: Said | undefined;
}

type Slot = { readonly start: Date; readonly end: Date } | null;
type Change = NonNullable<FactsDocument['change']>;

const MINUTE_MS = 60_000;

/** What the facts say of a request: its plan, its words, its run, as this transaction sees them. */
export async function changeFacts(
  tx: Transaction,
  { row, revision, slot, said: instead }: LoadedChange,
  question: QuestionFacts,
): Promise<Change> {
  const run = await runFacts(tx, row.id);
  const asked = slot === undefined ? acceptedSlot(row) : slot;
  const said = instead ?? (await wordsOf(tx, row.id));
  const exceptions = said.exceptions.filter((one) => counts(one, row.digest) && isOfSlot(one, row, asked));
  const excepted = exceptions.length > 0 || revision.plan.exceptions.length > 0;
  return {
    id: row.id,
    ...ofPlan(revision.plan),
    bridge: revision.plan.bridge ?? question.policy.file.severities[revision.plan.severity].bridge,
    author: row.author,
    authorIsBotOf: row.author_bot_of,
    slot: slotText(asked),
    onCalendar: row.on_calendar,
    procedure: await procedureFact(tx, question.policy, { revision, excepted }),
    plan: { ...revision.summary },
    targets: targetsOf(revision.plan, question.monitoring),
    approvals: said.approvals.filter((one) => mayStand(one, row, asked)).map(approvalFact),
    ...takenBackFact(said, row, run.runningSince),
    exceptions: exceptions.flatMap(exceptionFact),
    announcedAt: (await announcedAt(tx, row))?.toISOString() ?? null,
    ...(await presenceFacts(tx, row.id)),
    blind: run.blind,
    acknowledges: [...run.acknowledges],
    preflights: [...run.preflights],
    watched: [...run.watched],
    postchecks: [...run.postchecks],
    updatesOverdue: await updatesOverdue(tx, row.id, {
      revision,
      runningSince: run.runningSince,
      policy: question.policy,
    }),
    dryRun: run.dryRun,
    dryRunTwin: run.dryRunTwin,
    handoff: run.handoff,
  };
}

/** What a plan says of its change. */
export function ofPlan(plan: PlanHead): Change {
  return {
    environment: plan.environment,
    services: plan.services,
    topics: plan.topics,
    team: plan.team,
    kind: plan.kind,
    deployment: plan.deployment,
    monthlyRelease: plan.monthlyRelease,
    criticality: plan.criticality,
    severity: plan.severity,
    downtimeMinutes: plan.downtime / MINUTE_MS,
    executor: plan.executor,
    emoc: plan.emoc,
    cmoc: plan.cmoc,
    bridge: plan.bridge,
    estimateMinutes: plan.estimate.steps / MINUTE_MS,
    rollbackMinutes: plan.estimate.rollback / MINUTE_MS,
    resolvesIncident: plan.resolvesIncident,
  };
}

/** A tentative slot is for reviewing; nothing starts in it. */
function acceptedSlot({ slot_accepted, slot_start, slot_end }: ChangeRow): Slot {
  return slot_accepted && slot_start !== null && slot_end !== null
    ? { start: slot_start, end: slot_end }
    : null;
}

function slotText(slot: { readonly start: Date; readonly end: Date } | null) {
  return slot && { start: slot.start.toISOString(), end: slot.end.toISOString() };
}

/** A word carried by edits counts for the plan as it is now; the fact bears the digest that it was carried to. */
function approvalFact({ person, capacity, subject, via, standing, at, expires_at }: StandingApproval) {
  return {
    person,
    as: capacity,
    for: subject,
    via,
    digest: standing.digest,
    at: at.toISOString(),
    expiresAt: expires_at?.toISOString() ?? null,
  };
}

/** How many audiences of the run that is live wait for a late word. */
async function updatesOverdue(
  tx: Transaction,
  changeId: string,
  {
    revision,
    runningSince,
    policy,
  }: Pick<LoadedChange, 'revision'> & Pick<QuestionFacts, 'policy'> & { readonly runningSince: Date | null },
): Promise<number> {
  if (runningSince === null) return 0;
  const { due } = await updatesNow(tx, changeId, revision.plan, policy.file);
  return due.filter(({ late }) => late).length;
}

/** Left out where there is none, so that the facts of a run that nobody went back on read as they always did. */
function takenBackFact(
  { approvals, exceptions }: Said,
  { digest }: ChangeRow,
  since: Date | null,
): Pick<Change, 'takenBack'> {
  if (since === null) return {};
  const isBack = ({ withdrawn_at }: StandingApproval | StandingException) =>
    withdrawn_at !== null && withdrawn_at >= since;
  // Nothing rested on an exception that nobody approved, nor on one of another plan.
  const rested = (one: StandingException) =>
    one.approved_by !== null && counts({ ...one, withdrawn_at: null }, digest);
  const takenBack = [
    ...approvals.filter(isBack).map(({ person, subject }) => ({ person, for: subject })),
    ...exceptions
      .filter((one) => isBack(one) && rested(one))
      .map(({ withdrawn_by, rule }) => ({
        ...(withdrawn_by && { person: withdrawn_by }),
        for: `exception:${rule}`,
      })),
  ];
  return takenBack.length === 0 ? {} : { takenBack };
}

/** Of the approvals that do not count, those of a former plan go along: the answer says of them why they do not. */
function mayStand(one: StandingApproval, row: ChangeRow, asked: Slot): boolean {
  if (one.withdrawn_at !== null) return false;
  if (one.standing.digest !== row.digest) return true;
  return one.standing.voided === null && isOfSlot(one, row, asked);
}

/** Whether a word that looks at the slot was given for the one that is asked about. */
function isOfSlot(one: StandingApproval | StandingException, row: ChangeRow, asked: Slot): boolean {
  if (!partsOfWord(wordOf(one)).includes('slot')) return true;
  // Where nothing is said of a slot, the words are of the moment.
  if (asked === null && row.slot_start === null) return true;
  return (
    asked?.start.getTime() === row.slot_start?.getTime() && asked?.end.getTime() === row.slot_end?.getTime()
  );
}

type ExceptionFact = NonNullable<Change['exceptions']>[number];

function exceptionFact({ rule, reason, by, approved_by, approved_at }: StandingException): ExceptionFact[] {
  if (approved_by === null || approved_at === null) return [];
  // The rule was compared with the list of rules when it was asked for.
  return [
    {
      rule: rule as NonNullable<ExceptionFact['rule']>,
      reason,
      by,
      approvedBy: approved_by,
      at: approved_at.toISOString(),
    },
  ];
}

/** Where monitoring sees each target: elsewhere only is outside; not at all is not proven. */
function targetsOf(plan: Plan, { places }: MonitoringFacts): Change['targets'] {
  const where = plan.targets.map(({ name, environment }) => {
    if (environment !== undefined && environment !== plan.environment) return 'outside';
    const seen = places?.[name] ?? [];
    if (seen.length === 0) return 'unproven';
    return seen.every((one) => one === plan.environment) ? 'inside' : 'outside';
  });
  return {
    count: where.length,
    outside: where.filter((one) => one === 'outside').length,
    unproven: where.filter((one) => one === 'unproven').length,
  };
}

/** A room joined longer ago may have been left: to say so again is one tap. */
const OLDEST_JOIN_MS = 60 * MINUTE_MS;

/** The presence that counts is that of whoever is on call now; else of whoever of the rota was seen last. */
async function presenceFacts(
  tx: Transaction,
  changeId: string,
): Promise<Pick<Change, 'eocSeen' | 'situationRoomJoinedAt'>> {
  const presences = await presencesOf(tx, changeId);
  if (presences.length === 0) return { eocSeen: null, situationRoomJoinedAt: null };
  const { eoc } = await onDutyNow(tx);
  const rota = new Set(await peopleOnRota(tx, 'eoc'));
  const ofRota = presences.filter(({ person }) => rota.has(person));
  const engaged: PresenceRow | undefined = ofRota.find(({ person }) => person === eoc) ?? ofRota[0];
  const joined = engaged?.joined_at;
  return {
    eocSeen: engaged ? { person: engaged.person, at: engaged.seen_at.toISOString() } : null,
    situationRoomJoinedAt:
      joined && (await clock(tx)) - joined.getTime() <= OLDEST_JOIN_MS ? joined.toISOString() : null,
  };
}
