import { decisionDocument, type DecisionDocument } from '../contract/decision.ts';
import { AppError } from '../contract/errors.ts';
import { parseFacts, type FactsDocument } from '../contract/facts.ts';
import type { LedgerDraft } from '../contract/ledger.ts';
import { canonicalJson } from '../kernel/ledger/canonical.ts';
import { decide } from '../kernel/policy/decide.ts';
import type { Decision } from '../kernel/policy/rule.ts';
import { andCommit, type Transaction } from '../store/database.ts';
import { appendDecisions } from '../store/decisions.ts';
import { keepAnswers } from '../store/peer-answers.ts';
import { keepProof } from '../store/monitoring.ts';
import type { Call } from './actor.ts';
import { entryBase, orNoEvidence } from './carry-out.ts';
import type { AppContext } from './context.ts';
import { countDecision } from './count-decision.ts';
import { digestOfBytes } from './digest.ts';
import type { NamedProof } from './monitoring/facts.ts';
import { itself, oncePer } from './once-per.ts';

/** An answer with its facts, on which nothing may be done yet. */
export interface JudgedUnrecorded {
  readonly decision: Decision;
  readonly document: DecisionDocument;
  readonly facts: FactsDocument;
  /** The facts' canonical JSON, over which their digest is taken. */
  readonly factsText: string;
}

/** An answer that was recorded: with its facts, and the index of its ledger entry. */
export interface Judged extends JudgedUnrecorded {
  readonly index: bigint;
}

/** Judges facts that we made ourselves. */
export function judge(context: AppContext, facts: FactsDocument): JudgedUnrecorded {
  const parsed = parseFacts(facts);
  if (!parsed.ok) {
    throw new AppError('internal', 'expected facts that can be judged, got facts that cannot be read', {
      cause: new Error(JSON.stringify(parsed.problems)),
    });
  }
  const factsText = canonicalJson(facts);
  const decision = decide(context.policy.policy, parsed.facts);
  const document = decisionDocument(decision, context.policy.digest, digestOfText(context, factsText));
  return { decision, document, facts, factsText };
}

/** What is to be recorded: an answer, who asked, and what about. */
export interface ToRecord {
  readonly judged: JudgedUnrecorded;
  readonly call: Call;
  /** As the ledger names it: `change/CHG-1`. */
  readonly object: string;
  /** The proof of monitoring that it rests on; `null` for none. */
  readonly proof: NamedProof | null;
}

/**
 * Records answers with their facts in the caller's transaction, in one go. Nothing stands unless that commits.
 *
 * @param last whether nothing comes after it: then it commits.
 */
export async function recordDecisions(
  tx: Transaction,
  context: AppContext,
  items: readonly ToRecord[],
  { last = false }: { readonly last?: boolean } = {},
): Promise<Judged[]> {
  const textOf = oncePer(itself<DecisionDocument>, (document) => {
    const text = canonicalJson(document);
    return { text, digest: digestOfText(context, text) };
  });
  const decided = items.map((item) => {
    const { judged, call } = item;
    const { document, facts, factsText } = judged;
    const { text, digest } = textOf(document);
    return {
      entry: draftOf(context, item, digest),
      // A claim that asks has an id too, and no request behind it.
      change_id: facts.action === 'ask' ? null : (facts.change?.id ?? null),
      action: facts.action,
      actor: call.actor.person,
      allowed: document.allowed,
      facts: factsText,
      answer: text,
    };
  });
  const write = async () => {
    const [indexes] = await Promise.all([
      orNoEvidence(() => appendDecisions(tx, decided)),
      ...keepEvidence(tx, items),
    ]);
    return indexes;
  };
  const indexes = await (last ? andCommit(tx, write) : write());
  const judged = items.map((item, place) => ({ ...item.judged, index: indexAt(indexes, place) }));
  for (const { facts, document } of judged) countDecision(context.metrics, facts.action, document);
  return judged;
}

/** Sent after the entries, whose lock lets one transaction at a time through: none waits here for another. */
function keepEvidence(tx: Transaction, items: readonly ToRecord[]): Promise<void>[] {
  const proofs = new Set(items.flatMap(({ proof }) => proof?.id ?? []));
  const answers = new Set(items.flatMap(({ judged: { facts } }) => answersOf(facts)));
  return [
    ...[...proofs].map((id) => keepProof(tx, id)),
    ...(answers.size > 0 ? [keepAnswers(tx, [...answers])] : []),
  ];
}

/** The answers of peers that a decision rests on: its facts name them. */
function answersOf({ sources }: FactsDocument): readonly string[] {
  return (sources ?? []).flatMap(({ answer }) => answer ?? []);
}

function indexAt(indexes: readonly bigint[], place: number): bigint {
  const index = indexes[place];
  if (index === undefined) throw new Error(`expected entry ${place} to be appended, got no index`);
  return index;
}

function draftOf(
  context: AppContext,
  { judged, call, object, proof }: ToRecord,
  answerDigest: string,
): LedgerDraft {
  const { document, facts } = judged;
  const plan = facts.change?.plan?.digest;
  return {
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
      answer: answerDigest,
      ...(plan !== undefined && { plan }),
      ...(proof !== null && { proof: proof.digest }),
    },
    ...(proof !== null && { details: { proof: proof.id.toString() } }),
  };
}

/** The rules that refuse, in one line. */
export function refusingRules({ verdicts }: DecisionDocument): string {
  const refusing = verdicts.filter(({ verdict }) => verdict === 'deny' || verdict === 'unknown');
  return `refused by ${refusing.map(({ rule, verdict }) => (verdict === 'deny' ? rule : `${rule} (unknown)`)).join(', ')}`;
}

function digestOfText(context: AppContext, text: string): string {
  return digestOfBytes(context, Buffer.from(text, 'utf8'));
}
