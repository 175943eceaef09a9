import type { ChangeView, NewApproval } from '../../contract/changes.ts';
import type { Door } from '../../kernel/policy/facts.ts';
import { changedParts } from '../../plan/digest.ts';
import { insertApproval } from '../../store/approvals.ts';
import { revisionOfDigest, writersOf, type ChangeRow, type RevisionRow } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import { isSameHuman } from '../../store/humans.ts';
import { insertMessage } from '../../store/messages.ts';
import { notePresence } from '../../store/presences.ts';
import { onDutyAt } from '../../store/rota.ts';
import type { Actor, Call } from '../actor.ts';
import { carryOut, type Result } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { clock } from '../../store/clock.ts';
import { whyAuthenticateAgain } from '../identity/fresh.ts';
import { endOfExemption, exempted } from '../lock/exempted.ts';
import { kindOfLock } from '../lock/known.ts';
import { standsElsewhere } from './connections.ts';
import { holdFor } from './standing.ts';
import { tellOfWaiver } from './tell-of-waiver.ts';
import { approvalView } from './view.ts';
import { wordsOf } from './words.ts';
import { capacitiesFor } from './words-asked.ts';
import { partsOf } from './parts.ts';

type ApprovalView = ChangeView['approvals'][number];

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
  const outcome = await carryOut(context, call, deed, (tx) => giveWord(tx, { context, call }, id, word));
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** Gives a word in the transaction of the act that gives it. */
export async function giveWord(
  tx: Transaction,
  { context, call }: { readonly context: AppContext; readonly call: Call },
  id: string,
  word: GivenWord,
): Promise<Outcome<Result<ApprovalView>>> {
  const held = await holdFor(tx, call, id, 'approve');
  if (!held.ok) return held;
  const refused =
    (word.message && standsElsewhere(context, word.message.place)) ??
    (await whyNoWord(tx, context, call, { ...held, word }));
  if (refused) return refused;
  return record(tx, context, call, { row: held.row, word });
}

interface Considered {
  readonly row: ChangeRow;
  readonly revision: RevisionRow;
  readonly word: GivenWord;
}

/** Why a word of whoever calls would be refused; `null` where it would be taken. */
export async function whyNoWord(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { row, revision, word: { approval, via } }: Considered,
): Promise<Refused | null> {
  const { actor } = call;
  // Whoever edited a plan would review their own words.
  const editors = approval.for === 'plan' ? await writersOf(tx, row.id, row.digest) : [];
  if (await isSameHuman(tx, actor.person, [row.author, row.author_bot_of, ...editors])) {
    return refuse('not_permitted', 'expected somebody who did not write it, got its author or its editor');
  }
  const capacities = capacitiesFor(approval.for, context.policy.policy);
  if (!capacities.includes(approval.as)) {
    return refuse('invalid', `expected a word of ${capacities.join(' or ')} here, got one of ${approval.as}`);
  }
  if (via === 'voice' && (approval.as !== 'eoc' || approval.for !== 'start')) {
    return refuse(
      'invalid',
      'expected an approval of the start by the engineer on call, got another by voice',
    );
  }
  if (approval.expiresAt !== undefined && approval.expiresAt <= (await clock(tx))) {
    return refuse('invalid', 'expected an end that lies ahead, got one that has passed');
  }
  const lock = lockOf(approval);
  if (lock !== undefined && approval.reason === undefined)
    return refuse('invalid', 'expected a reason for the exemption from a lock, got none');
  if (lock !== undefined && (await kindOfLock(tx, context, lock)) === null) {
    return refuse('invalid', 'expected the id of a lock, got one that none has');
  }
  const refused =
    (await otherDigest(tx, row, revision, approval.digest)) ??
    (await notInCapacity(tx, actor, row, approval));
  if (refused !== null || approval.for !== 'emergency') return refused;
  return whyAuthenticateAgain(tx, context, call, 'an emergency is approved');
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
  context: AppContext,
  { actor }: Call,
  { row, word: { via, approval, message } }: Pick<Considered, 'row' | 'word'>,
): Promise<Outcome<Result<ApprovalView>>> {
  if (message) await insertMessage(tx, { ...message, change_id: row.id, person: actor.person });
  const lock = lockOf(approval);
  const end = lock === undefined ? null : endOfExemption(row, await clock(tx));
  const expiresAt = approval.expiresAt === undefined ? end : new Date(approval.expiresAt);
  const id = await insertApproval(tx, row.id, {
    person: actor.person,
    capacity: approval.as,
    subject: approval.for,
    via,
    digest: approval.digest,
    expires_at: expiresAt,
    reason: approval.reason ?? null,
  });
  const waived =
    lock === undefined
      ? approval.for === 'emergency' && `approved the emergency of ${row.id}`
      : `exempted ${row.id} from the lock ${lock}`;
  if (waived !== false)
    await tellOfWaiver(tx, row, {
      key: `approval:${id}`,
      by: actor.person,
      what: `${waived}, as ${approval.as.toUpperCase()}`,
      reason: approval.reason ?? null,
      expiresAt,
    });
  if (lock !== undefined) await exempted(tx, context, row, lock);
  await notePresence(tx, row.id, actor.person);
  const given = (await wordsOf(tx, row.id)).approvals.find((one) => one.id === id);
  if (!given) return refuse('internal', 'expected the approval that was just written, got none');
  return done({
    value: approvalView(given, row.digest),
    reason: `approved ${approval.for} as ${approval.as}, via ${via}`,
    digests: { plan: approval.digest },
    details: { as: approval.as, for: approval.for, via, approval: id.toString() },
  });
}

/** The lock that a word exempts from. */
function lockOf({ for: subject }: NewApproval): string | undefined {
  return /^lock:(.+)$/.exec(subject)?.[1];
}
