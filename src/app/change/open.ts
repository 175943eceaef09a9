import type { ChangeRecord, EditChange, OpenChange } from '../../contract/changes.ts';
import type { RuleId } from '../../kernel/policy/rule.ts';
import { RULES } from '../../kernel/policy/rule.ts';
import { changedParts } from '../../plan/digest.ts';
import { addRevision, findChange, insertChange, setSlot, type ChangeRow } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import { exceptionsOf, insertException } from '../../store/exceptions.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Result } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { once } from '../once.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { readSentPlan, type PlanRead } from './read-plan.ts';
import { holdFor } from './standing.ts';
import { changeRecord, changeView } from './view.ts';

/** Files a request from a plan. Its author is whoever calls; what the file says of that does not count. */
export async function openChange(
  context: AppContext,
  call: Call,
  sent: OpenChange,
): Promise<Outcome<ChangeRecord>> {
  const { idempotencyKey: key, ...body } = sent;
  const deed = { type: 'change.opened', action: 'open', object: 'change/new' };
  // Before the transaction: reading takes as long as all the rest, and nobody needs a connection for it.
  const read = readSentPlan(context, sent);
  return once(context, call, { key, route: 'changes', body, deed }, async (tx) => {
    if (!read.ok) return read;
    const refused = await cannotRetry(tx, sent.retryOf);
    if (refused) return refused;
    const { outline, revision } = read.value;
    const { person, botOf } = call.actor;
    const first = { ...revision, revision: 1, by: person };
    const row = await insertChange(
      tx,
      { ...outline, author: person, authorBotOf: botOf, retryOf: sent.retryOf ?? null },
      first,
    );
    await askExceptions(tx, row, person, read.value);
    const exceptions = read.value.plan.exceptions.length === 0 ? [] : await exceptionsOf(tx, row.id);
    const value = changeRecord(row, first, { approvals: [], exceptions });
    return resultOf(row, value, { before: null, reason: 'opened' });
  });
}

/** An aborted request is not reopened: a retry is a new one that names it. */
async function cannotRetry(tx: Transaction, retryOf: string | undefined) {
  if (retryOf === undefined) return null;
  const former = await findChange(tx, retryOf);
  if (former?.state === 'aborted') return null;
  const got = former ? `\`${retryOf}\`, which is ${former.state}` : `\`${retryOf}\`, which there is none of`;
  return refuse('conflict', `expected a change that was aborted, got ${got}`);
}

/**
 * Adds a revision. An edit of anything material makes another digest, for which no approval, exception or dry run was given, and
 * takes the acceptance of the slot back; a cosmetic one leaves them all standing.
 */
export async function editChange(
  context: AppContext,
  call: Call,
  id: string,
  sent: EditChange,
): Promise<Outcome<ChangeRecord>> {
  const deed = { type: 'change.edited', action: 'edit', object: `change/${id}` };
  const read = readSentPlan(context, sent);
  const outcome = await carryOut(context, call, deed, async (tx): Promise<Outcome<Result<ChangeRecord>>> => {
    const held = await holdFor(tx, call, id, 'edit');
    if (!held.ok) return held;
    const { row, revision: before } = held;
    if (row.version !== BigInt(sent.version)) {
      return refuse('stale', `expected version ${row.version} of \`${id}\`, got an edit of ${sent.version}`);
    }
    if (!read.ok) return read;
    const { outline, revision } = read.value;
    await addRevision(tx, id, outline, { ...revision, revision: row.revision + 1, by: call.actor.person });
    if (outline.digest !== row.digest) {
      await askExceptions(tx, row, call.actor.person, read.value);
      if (row.state === 'scheduled') await takeAcceptanceBack(tx, row);
    }
    const changed = changedParts(partsOf(before), partsOf(revision));
    const after = await findChange(tx, id);
    if (!after) throw new Error(`expected the change \`${id}\` that is held, got none`);
    const reason = `edited: ${changed.join(', ') || 'nothing material'}`;
    return resultOf(after, await changeView(tx, after), { before: row.digest, reason });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

async function takeAcceptanceBack(tx: Transaction, row: ChangeRow): Promise<void> {
  const slot = row.slot_start && row.slot_end ? { start: row.slot_start, end: row.slot_end } : null;
  await setSlot(tx, row.id, { slot, accepted: false, onCalendar: false, state: 'unscheduled' });
}

async function askExceptions(
  tx: Transaction,
  { id, slot_edition }: Pick<ChangeRow, 'id' | 'slot_edition'>,
  by: string,
  { plan, outline: { digest } }: PlanRead,
): Promise<void> {
  const known = new Set<string>(RULES satisfies readonly RuleId[]);
  for (const { rule, reason } of plan.exceptions) {
    if (known.has(rule)) await insertException(tx, id, { rule, reason, digest, slot_edition, by });
  }
}

function resultOf(
  row: ChangeRow,
  value: ChangeRecord,
  { before, reason }: { readonly before: string | null; readonly reason: string },
): Outcome<Result<ChangeRecord>> {
  return done({
    value,
    object: `change/${row.id}`,
    reason,
    before,
    after: row.digest,
    digests: { plan: row.digest },
    details: { revision: row.revision, state: row.state, criticality: row.criticality },
  });
}

function partsOf({
  digest,
  parts,
}: {
  readonly digest: string;
  readonly parts: Readonly<Record<string, string>>;
}) {
  // Both were written by `digestPlan`.
  return { digest, parts } as Parameters<typeof changedParts>[0];
}
