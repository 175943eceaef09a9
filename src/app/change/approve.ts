import type { ChangeView, NewApproval } from '../../contract/changes.ts';
import type { ApproverRole, Door } from '../../kernel/policy/facts.ts';
import { changedParts } from '../../plan/digest.ts';
import { approvalsOf, insertApproval, withdrawApproval } from '../../store/approvals.ts';
import { revisionOfDigest, type ChangeRow, type RevisionRow } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import { insertMessage } from '../../store/messages.ts';
import { notePresence } from '../../store/presences.ts';
import { onDutyAt } from '../../store/rota.ts';
import type { Actor, Call } from '../actor.ts';
import { carryOut, type Result } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { isKnownLock } from '../lock/known.ts';
import { holdFor } from './standing.ts';
import { approvalView } from './view.ts';

type ApprovalView = ChangeView['approvals'][number];

/** What each capacity may say yes to. */
const SUBJECTS = {
  reviewer: ['plan'],
  management: ['plan'],
  director: ['plan'],
  eoc: ['plan', 'start', 'emergency', 'lock'],
  imoc: ['start', 'emergency', 'lock'],
  vpe: ['lock'],
} as const satisfies Record<ApproverRole, readonly string[]>;

/** A word given, with the door it came through and what was written with it. */
export interface GivenWord {
  readonly via: Door;
  readonly approval: NewApproval;
  /** The message that bears it, where it came through tracker or channel. */
  readonly message?: { readonly place: 'discussion' | 'channel'; readonly body: string };
}

/**
 * Records an approval of the plan that its giver has seen. Whether it counts is asked again at every decision; what can be said
 * now is refused now: another digest, a capacity that the giver does not hold, one's own change.
 */
export async function approveChange(
  context: AppContext,
  call: Call,
  id: string,
  word: GivenWord,
): Promise<Outcome<ApprovalView>> {
  const deed = { type: 'change.approved', action: 'approve', object: `change/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx): Promise<Outcome<Result<ApprovalView>>> => {
    const held = await holdFor(tx, call, id, 'approve');
    if (!held.ok) return held;
    const refused = await whyRefused(tx, context, call, { ...held, word });
    if (refused) return refused;
    return record(tx, call, held.row, word);
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

interface Considered {
  readonly row: ChangeRow;
  readonly revision: RevisionRow;
  readonly word: GivenWord;
}

async function whyRefused(
  tx: Transaction,
  context: AppContext,
  { actor }: Call,
  { row, revision, word: { approval, via } }: Considered,
): Promise<Refused | null> {
  if (actor.person === row.author || actor.person === row.author_bot_of) {
    return refuse(
      'not_permitted',
      'expected somebody other than the author, got the author or the human behind it',
    );
  }
  const subject = approval.for.startsWith('lock:') ? 'lock' : approval.for;
  if (!(SUBJECTS[approval.as] as readonly string[]).includes(subject)) {
    return refuse(
      'invalid',
      `expected \`${approval.as}\` to approve ${SUBJECTS[approval.as].join(' or ')}, got \`${subject}\``,
    );
  }
  if (subject === 'lock' && !(await isKnownLock(tx, context, approval.for.slice('lock:'.length)))) {
    return refuse('invalid', 'expected the id of a lock, got one that none has');
  }
  if (via === 'voice' && (approval.as !== 'eoc' || approval.for !== 'start')) {
    return refuse(
      'invalid',
      'expected an approval of the start by the engineer on call, got another by voice',
    );
  }
  return (await otherDigest(tx, row, revision, approval.digest)) ?? notInCapacity(tx, actor, row, approval);
}

/** An approval of another plan than the one in force: refused, saying what differs. */
async function otherDigest(
  tx: Transaction,
  row: ChangeRow,
  revision: RevisionRow,
  digest: string,
): Promise<Refused | null> {
  if (digest === row.digest) return null;
  const seen = await revisionOfDigest(tx, row.id, digest);
  const differs = seen
    ? changedParts(partsOf(seen), partsOf(revision)).join(', ')
    : 'no revision of it has that digest';
  return refuse(
    'stale',
    `expected the plan as it is now, \`${row.digest}\`, got another one; what differs: ${differs}`,
  );
}

/** POLICY section 4: standing roles by the directory; EOC for a plan by the rota at the slot's start; else by being on duty. */
async function notInCapacity(
  tx: Transaction,
  actor: Actor,
  row: ChangeRow,
  { as, for: subject }: NewApproval,
): Promise<Refused | null> {
  if (as === 'eoc' || as === 'imoc') {
    const ofPlan = as === 'eoc' && subject === 'plan' && row.slot_start !== null;
    const holder = ofPlan
      ? (await onDutyAt(tx, row.slot_start))[as]
      : actor.onDuty.includes(as)
        ? actor.person
        : undefined;
    if (holder === actor.person) return null;
    const when = ofPlan ? `at the start of the slot, ${row.slot_start.toISOString()}` : 'now';
    return refuse(
      'not_permitted',
      `expected whoever is ${as.toUpperCase()} ${when}, got \`${actor.person}\``,
    );
  }
  if (actor.standing.includes(as)) return null;
  return refuse('not_permitted', `expected somebody with the role \`${as}\`, got \`${actor.person}\``);
}

async function record(
  tx: Transaction,
  { actor }: Call,
  row: ChangeRow,
  { via, approval, message }: GivenWord,
): Promise<Outcome<Result<ApprovalView>>> {
  if (message) await insertMessage(tx, { ...message, change_id: row.id, person: actor.person });
  const id = await insertApproval(tx, row.id, {
    person: actor.person,
    capacity: approval.as,
    subject: approval.for,
    via,
    digest: approval.digest,
    expires_at: approval.expiresAt === undefined ? null : new Date(approval.expiresAt),
  });
  await notePresence(tx, row.id, actor.person);
  const given = (await approvalsOf(tx, row.id)).find((one) => one.id === id);
  if (!given) return refuse('internal', 'expected the approval that was just written, got none');
  return done({
    value: approvalView(given, row.digest),
    reason: `approved ${approval.for} as ${approval.as}, via ${via}`,
    digests: { plan: approval.digest },
    details: { as: approval.as, for: approval.for, via, approval: id.toString() },
  });
}

/** Takes one's own approval back. It stays in the record. */
export async function withdrawOwnApproval(
  context: AppContext,
  call: Call,
  id: string,
  approval: bigint,
): Promise<Outcome<null>> {
  const deed = { type: 'change.approval-withdrawn', action: 'withdraw', object: `change/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    if (await withdrawApproval(tx, id, approval, call.actor.person)) {
      return done({ value: null, reason: 'approval withdrawn', details: { approval: approval.toString() } });
    }
    return refuse('not_found', 'expected an approval of one’s own that stands, got none of that number');
  });
  return outcome.ok ? done(null) : outcome;
}

function partsOf({ digest, parts }: Pick<RevisionRow, 'digest' | 'parts'>) {
  // Both were written by `digestPlan`.
  return { digest, parts } as Parameters<typeof changedParts>[0];
}
