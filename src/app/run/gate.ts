import type { Denial } from '../../kernel/run/hold.ts';
import type { Decision } from '../../kernel/policy/rule.ts';
import type { Transaction } from '../../store/database.ts';
import { findChange, findRevision } from '../../store/changes.ts';
import { findRunPlace, type RunPlace } from '../../store/runs.ts';
import type { Call } from '../actor.ts';
import { hostFacts } from '../change/host.ts';
import type { AppContext } from '../context.ts';
import { decideChange, previewChange } from '../decide.ts';
import { askPeers } from '../gate/ask-peers.ts';
import { ensureProof } from '../monitoring/monitoring.ts';
import type { Ask } from './proceeding.ts';

/** Between two steps a proof may be this old: steps follow each other quickly, and each proof asks a dozen questions. */
const FRESH_MS = 2_000;

/** Has monitoring proven, and peers asked, for the questions of a run, before the transaction that asks them. */
export async function proveFor(context: AppContext, runId: string): Promise<void> {
  const run = await findRunPlace(context.db, runId);
  if (run === null || run.endedAt !== null) return;
  await Promise.all([
    ensureProof(context, { environment: run.environment, targets: run.targets }, FRESH_MS),
    peersFor(context, run),
  ]);
}

/** What undoes a change needs nobody's word and no peer; a step needs the rota where the EOC has to be there, or by an emergency. */
async function peersFor(context: AppContext, run: RunPlace): Promise<void> {
  if (run.state === 'rolling-back') return;
  const rotas = async () => {
    const change = await findChange(context.db, run.changeId);
    const revision = change && (await findRevision(context.db, change.id, change.revision));
    const asks = change && context.policy.policy.criticalities[change.criticality].asks;
    return asks?.has('eoc-engaged') !== false || (revision?.plan.resolvesIncident ?? null) !== null;
  };
  await askPeers(context, { rotas, incidents: true });
}

/**
 * The policy, asked on behalf of a run in its transaction. An answer that something rests on, or that differs from the last
 * one recorded, is recorded with its facts; the same denial asked again and again is not.
 */
export function gateOf(
  tx: Transaction,
  context: AppContext,
  call: Call,
  multiplexer: 'tmux' | 'screen' | null,
): Ask {
  const host = hostFacts(call.actor, multiplexer);
  return async (action, file, use) => {
    const question = { action, changeId: file.run.changeId, host };
    const same = ({ decision }: { decision: Decision }) => sameRules(rulesOf(decision), file.run.denied);
    if (use === 'to-look') {
      const preview = await previewChange(tx, context, call, question);
      if (same(preview)) return { denials: denialsOf(preview.decision), recorded: file.run.denied };
    }
    const judged = await decideChange(tx, context, call, question);
    return { denials: denialsOf(judged.decision), recorded: rulesOf(judged.decision) };
  };
}

/** What stands against it, as the policy says it. */
export function denialsOf({ verdicts }: Decision): readonly Denial[] {
  return verdicts.flatMap(({ rule, verdict, because }) =>
    verdict === 'deny' || verdict === 'unknown' ? [{ rule, verdict, because: because.slice(0, 2_000) }] : [],
  );
}

function rulesOf(decision: Decision): readonly string[] {
  return denialsOf(decision).map(({ rule }) => rule);
}

function sameRules(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((rule) => b.includes(rule));
}
