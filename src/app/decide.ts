import type { Action } from '../kernel/policy/rule.ts';
import { AppError } from '../contract/errors.ts';
import type { Plan } from '../contract/plan.ts';
import { lockChange, findChange } from '../store/changes.ts';
import type { Transaction } from '../store/database.ts';
import { holdStanding } from '../store/standing.ts';
import type { Call } from './actor.ts';
import { knownRevision } from './change/known-revision.ts';
import type { LoadedChange } from './change-facts.ts';
import type { AppContext } from './context.ts';
import { factsOfChange, type HostFacts, type IncidentPeer, type QuestionFacts } from './facts.ts';
import { monitoringFacts, type MonitoringFacts, type NamedProof } from './monitoring/facts.ts';
import { catchUpOn } from './emergency/catch-up.ts';
import { refuse, type Refused } from './outcome.ts';
import { whyNothingIsDone } from './policy-in-force.ts';
import {
  judge,
  recordDecisions,
  refusingRules,
  type Judged,
  type JudgedUnrecorded,
} from './record-decision.ts';

/** A question to the interlock about a request. */
export interface ChangeQuestion {
  readonly action: Exclude<Action, 'ask'>;
  readonly changeId: string;
  readonly host: HostFacts | null;
  /** The proposed slot at `schedule`; `undefined` asks about the accepted one. */
  readonly slot?: { readonly start: Date; readonly end: Date } | null | undefined;
}

/** A question that only looks: it may bring what was proven without being stored. */
export interface Preview extends ChangeQuestion {
  readonly proven?: MonitoringFacts | undefined;
}

/**
 * Asks the interlock about a request inside the caller's transaction, and records question, facts and answer with it, refusals
 * included. The request is held until the transaction ends: what the answer rests on cannot change before it is acted on.
 */
export async function decideChange(
  tx: Transaction,
  context: AppContext,
  call: Call,
  question: ChangeQuestion,
): Promise<Judged> {
  const [row] = await Promise.all([lockChange(tx, question.changeId), refuseWhereNothingIsDone(tx, context)]);
  await holdStanding(tx);
  const loaded = await withRevision(tx, context, row, question.slot);
  const { asked, proof } = await withMonitoring(tx, context, call, { ...question, loaded });
  const answer = judge(context, await factsOfChange(tx, loaded, asked));
  const object = `change/${loaded.row.id}`;
  const [judged] = await recordDecisions(tx, context, [{ judged: answer, call, object, proof }]);
  if (!judged) throw new Error('expected an answer, got none');
  const { action } = question;
  if (judged.decision.allowed && (action === 'start' || action === 'step'))
    await catchUpOn(tx, context, { row: loaded.row, facts: judged.facts, decision: judged.decision });
  return judged;
}

/** The answer as it stands, for showing: nothing is recorded, and nothing may be done on it. */
export async function previewChange(
  tx: Transaction,
  context: AppContext,
  call: Call,
  question: Preview,
): Promise<JudgedUnrecorded> {
  const row = await findChange(tx, question.changeId);
  const loaded = await withRevision(tx, context, row, question.slot);
  return previewLoaded(tx, context, call, { ...question, loaded });
}

/** The same for what may not be stored: a plan that is being written. */
export async function previewLoaded(
  tx: Transaction,
  context: AppContext,
  call: Call,
  question: Omit<Preview, 'changeId' | 'slot'> & { readonly loaded: LoadedChange },
): Promise<JudgedUnrecorded> {
  const { asked } = await withMonitoring(tx, context, call, question);
  return judge(context, await factsOfChange(tx, question.loaded, asked));
}

/** A refusal of the policy as an answer: the rules that refuse, and the whole decision beside them. */
export function refusedBy({ document }: Pick<Judged, 'document'>): Refused {
  return refuse('refused', refusingRules(document), { decision: document });
}

/** A ledger that does not verify records nothing that anybody could believe: nothing is decided on it, a rollback neither. */
export async function refuseWhereNothingIsDone(tx: Transaction, context: AppContext): Promise<void> {
  const refused = await whyNothingIsDone(context, tx);
  if (refused === null) return;
  const { code, because } = refused.refusal;
  throw new AppError(code, undefined, { cause: new Error(because) });
}

/** The newest stored proof counts, if it is young enough; whoever asks has had it made before the transaction. */
async function withMonitoring(
  tx: Transaction,
  context: AppContext,
  call: Call,
  {
    action,
    host,
    loaded,
    proven,
  }: Pick<Preview, 'action' | 'host' | 'proven'> & { readonly loaded: LoadedChange },
): Promise<{ readonly asked: QuestionFacts; readonly proof: NamedProof | null }> {
  const { environment } = loaded.revision.plan;
  const targets = targetNames(loaded.revision.plan);
  const { monitoring, proof } = proven ?? (await monitoringFacts(tx, context, { environment, targets }));
  const { policy } = context;
  const incidentPeers = incidentPeersOf(context);
  return { asked: { action, host, actor: call.actor.person, monitoring, incidentPeers, policy }, proof };
}

/** The peers that are asked what burns. */
export function incidentPeersOf({ connections }: AppContext): readonly IncidentPeer[] {
  return connections.all.flatMap(({ name, offers }) =>
    offers.incidents ? [{ name, isTracker: offers.tracker !== undefined }] : [],
  );
}

/** What monitoring has to see; `null` where the plan names nothing. */
export function targetNames(plan: Plan): readonly string[] | null {
  return plan.targets.length === 0 ? null : plan.targets.map(({ name }) => name);
}

async function withRevision(
  tx: Transaction,
  context: AppContext,
  row: LoadedChange['row'] | undefined,
  slot: LoadedChange['slot'],
): Promise<LoadedChange> {
  if (!row) throw new AppError('not_found', 'expected a change, got an id that none has');
  const revision = await knownRevision(tx, context, row);
  if (!revision) throw new AppError('internal', `expected revision ${row.revision} of ${row.id}, got none`);
  return { row, revision, slot };
}
