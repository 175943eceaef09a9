import { decisionDocument, type DecisionDocument } from '../contract/decision.ts';
import { AppError } from '../contract/errors.ts';
import { parseFacts, type FactsDocument } from '../contract/facts.ts';
import type { LedgerDraft } from '../contract/ledger.ts';
import { canonicalJson } from '../kernel/ledger/canonical.ts';
import { decide } from '../kernel/policy/decide.ts';
import type { Decision } from '../kernel/policy/rule.ts';
import type { Transaction } from '../store/database.ts';
import { insertDecisions } from '../store/decisions.ts';
import { keepAnswers } from '../store/peer-answers.ts';
import { keepProof } from '../store/monitoring.ts';
import type { Call } from './actor.ts';
import { entryBase, recordAll } from './carry-out.ts';
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
interface ToRecord {
  readonly judged: JudgedUnrecorded;
  readonly call: Call;
  /** As the ledger names it: `change/CHG-1`. */
  readonly object: string;
  /** The proof of monitoring that it rests on; `null` for none. */
  readonly proof: NamedProof | null;
}

/** Records answers with their facts in the caller's transaction, in one go. Nothing stands unless that commits. */
export async function recordDecisions(
  tx: Transaction,
  context: AppContext,
  items: readonly ToRecord[],
): Promise<Judged[]> {
  const textOf = oncePer(itself<DecisionDocument>, (document) => {
    const text = canonicalJson(document);
    return { text, digest: digestOfText(context, text) };
  });
  const appended = await recordAll(
    tx,
    items.map((item) => draftOf(context, item, textOf(item.judged.document).digest)),
  );
  // After the entries, whose lock lets one transaction at a time through: none waits here for another.
  for (const id of new Set(items.map(({ proof }) => proof?.id)))
    if (id !== undefined) await keepProof(tx, id);
  const rested = items.flatMap(({ judged: { facts } }) => answersOf(facts));
  if (rested.length > 0) await keepAnswers(tx, [...new Set(rested)]);
  const judged = items.map((item, place) => ({
    ...item.judged,
    call: item.call,
    index: indexAt(appended, place),
  }));
  await insertDecisions(
    tx,
    judged.map(({ index, facts, factsText, document, call }) => ({
      ledger_index: index,
      // A claim that asks has an id too, and no request behind it.
      change_id: facts.action === 'ask' ? null : (facts.change?.id ?? null),
      action: facts.action,
      actor: call.actor.person,
      allowed: document.allowed,
      facts: factsText,
      answer: textOf(document).text,
    })),
  );
  for (const { facts, document } of judged) countDecision(context.metrics, facts.action, document);
  return judged;
}

/** The answers of peers that a decision rests on: its facts name them. */
function answersOf({ sources }: FactsDocument): readonly string[] {
  return (sources ?? []).flatMap(({ answer }) => answer ?? []);
}

function indexAt(appended: readonly { readonly index: bigint }[], place: number): bigint {
  const index = appended[place]?.index;
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
