import type { Action } from '../kernel/policy/rule.ts';
import { decisionDocument, type DecisionDocument } from '../contract/decision.ts';
import { parseFacts, type FactsDocument } from '../contract/facts.ts';
import { AppError } from '../contract/errors.ts';
import type { Plan } from '../contract/plan.ts';
import { canonicalJson } from '../kernel/ledger/canonical.ts';
import { decide } from '../kernel/policy/decide.ts';
import type { Decision } from '../kernel/policy/rule.ts';
import { lockChange, findChange, findRevision } from '../store/changes.ts';
import type { Transaction } from '../store/database.ts';
import { insertDecision } from '../store/decisions.ts';
import { holdStanding } from '../store/standing.ts';
import type { Call } from './actor.ts';
import { entryBase, record } from './carry-out.ts';
import type { LoadedChange } from './change-facts.ts';
import type { AppContext } from './context.ts';
import { countDecision } from './count-decision.ts';
import { digestOf } from './digest.ts';
import { factsOfAsk, factsOfChange, type AskedChange, type HostFacts, type QuestionFacts } from './facts.ts';
import { monitoringFacts } from './monitoring/facts.ts';
import { refuse, type Refused } from './outcome.ts';

/** A question to the interlock about a request. */
export interface ChangeQuestion {
  readonly action: Exclude<Action, 'ask'>;
  readonly changeId: string;
  readonly host: HostFacts | null;
  /** The proposed slot at `schedule`; `undefined` asks about the accepted one. */
  readonly slot?: { readonly start: Date; readonly end: Date } | null | undefined;
}

/** A question about something of a kind, without a request behind it. */
export interface AskQuestion {
  readonly change: AskedChange;
  readonly host: HostFacts | null;
  /** The claim that asks: it is not beside itself, and the record is about it. */
  readonly claim?: string;
}

/** An answer that was recorded: with its facts, and the index of its ledger entry. */
export interface Judged {
  readonly decision: Decision;
  readonly document: DecisionDocument;
  readonly facts: FactsDocument;
  readonly index: bigint;
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
  refuseWhileFrozen(context);
  const row = await lockChange(tx, question.changeId);
  await holdStanding(tx);
  const loaded = await withRevision(tx, row, question.slot);
  const facts = await factsOfChange(
    tx,
    loaded,
    await withMonitoring(tx, context, call, { ...question, loaded }),
  );
  return recordDecision(tx, context, call, { facts, object: `change/${loaded.row.id}` });
}

/** Asks the interlock whether something of a kind may happen now, without a request behind it. */
export async function decideAsk(
  tx: Transaction,
  context: AppContext,
  call: Call,
  asked: AskQuestion,
): Promise<Judged> {
  refuseWhileFrozen(context);
  await holdStanding(tx);
  return recordDecision(tx, context, call, {
    facts: await factsOfAsking(tx, context, call, asked),
    object:
      asked.claim === undefined
        ? `environment/${asked.change.environment ?? 'unknown'}`
        : `claim/${asked.claim}`,
  });
}

/** The answer as it stands, for showing: nothing is recorded, and nothing may be done on it. */
export async function previewChange(
  tx: Transaction,
  context: AppContext,
  call: Call,
  question: ChangeQuestion,
): Promise<Omit<Judged, 'index'>> {
  const loaded = await withRevision(tx, await findChange(tx, question.changeId), question.slot);
  return judge(
    context,
    await factsOfChange(tx, loaded, await withMonitoring(tx, context, call, { ...question, loaded })),
  );
}

/** The same for a kind of change without a request. */
export async function previewAsk(
  tx: Transaction,
  context: AppContext,
  call: Call,
  asked: AskQuestion,
): Promise<Omit<Judged, 'index'>> {
  return judge(context, await factsOfAsking(tx, context, call, asked));
}

/** A refusal of the policy as an answer: the rules that refuse, and the whole decision beside them. */
export function refusedBy({ document }: Pick<Judged, 'document'>): Refused {
  return refuse('refused', refusingRules(document), { decision: document });
}

function judge(context: AppContext, facts: FactsDocument): Omit<Judged, 'index'> {
  const parsed = parseFacts(facts);
  if (!parsed.ok) {
    throw new AppError('internal', 'expected facts that can be judged, got facts that cannot be read', {
      cause: new Error(JSON.stringify(parsed.problems)),
    });
  }
  const decision = decide(context.policy.policy, parsed.facts);
  const document = decisionDocument(decision, context.policy.digest, digestOf(context, facts));
  return { decision, document, facts };
}

/** A ledger that does not verify records nothing that anybody could believe: nothing is decided on it, a rollback neither. */
function refuseWhileFrozen({ ledger }: AppContext): void {
  if (ledger.frozen !== null)
    throw new AppError('ledger_frozen', undefined, { cause: new Error(ledger.frozen) });
}

async function recordDecision(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { facts, object }: { readonly facts: FactsDocument; readonly object: string },
): Promise<Judged> {
  const judged = judge(context, facts);
  const { document } = judged;
  const { id, plan } = facts.change ?? {};
  const answer = canonicalJson(document);
  const { index } = await record(tx, {
    ...entryBase(context, call),
    type: 'decision',
    action: facts.action,
    object,
    outcome: document.allowed ? 'allow' : 'deny',
    reason: document.allowed ? 'no rule says no' : refusingRules(document),
    before: null,
    after: null,
    digests: {
      facts: document.facts,
      answer: digestOf(context, document),
      ...(plan?.digest !== undefined && { plan: plan.digest }),
    },
  });
  await insertDecision(tx, {
    ledger_index: index,
    change_id: id ?? null,
    action: facts.action,
    actor: call.actor.person,
    allowed: document.allowed,
    facts: canonicalJson(facts),
    answer,
  });
  countDecision(context.metrics, facts.action, document);
  return { ...judged, index };
}

function refusingRules({ verdicts }: DecisionDocument): string {
  const refusing = verdicts.filter(({ verdict }) => verdict === 'deny' || verdict === 'unknown');
  return `refused by ${refusing.map(({ rule, verdict }) => (verdict === 'deny' ? rule : `${rule} (unknown)`)).join(', ')}`;
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
  }: { readonly action: Action; readonly host: HostFacts | null; readonly loaded: LoadedChange },
): Promise<QuestionFacts> {
  const { environment } = loaded.revision.plan;
  const { monitoring } = await monitoringFacts(tx, context, {
    environment,
    targets: targetNames(loaded.revision.plan),
  });
  const { errorBudgets } = context.policy.file;
  return { action, host, actor: call.actor.person, monitoring, errorBudgets };
}

async function factsOfAsking(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { change, host, claim }: AskQuestion,
) {
  const { monitoring } = await monitoringFacts(tx, context, {
    environment: change.environment ?? '',
    targets: null,
  });
  const { errorBudgets } = context.policy.file;
  const question = { host, actor: call.actor.person, monitoring, errorBudgets };
  return factsOfAsk(tx, change, { action: 'ask', ...question, ...(claim !== undefined && { claim }) });
}

/** What monitoring has to see; `null` where the plan names nothing. */
export function targetNames(plan: Plan): readonly string[] | null {
  return plan.targets.length === 0 ? null : plan.targets.map(({ name }) => name);
}

async function withRevision(
  tx: Transaction,
  row: LoadedChange['row'] | undefined,
  slot: LoadedChange['slot'],
): Promise<LoadedChange> {
  if (!row) throw new AppError('not_found', 'expected a change, got an id that none has');
  const revision = await findRevision(tx, row.id, row.revision);
  if (!revision) throw new AppError('internal', `expected revision ${row.revision} of ${row.id}, got none`);
  return { row, revision, slot };
}
