import type { Plan } from '../../contract/plan.ts';
import { aheadWord, type ComingDowntime, type ToldAhead } from '../../kernel/change/ahead.ts';
import type { ChangeState } from '../../kernel/change/state.ts';
import { changesAhead, changesToldOf, type ChangeUpdateRow } from '../../store/change-updates.ts';
import { findChange, findRevision, lockChange, type ChangeRow } from '../../store/changes.ts';
import { clock } from '../../store/clock.ts';
import { transact, type Transaction } from '../../store/database.ts';
import type { StoredRun } from '../../store/runs.ts';
import { systemCall } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import { updatesNow, type Updates } from '../change/updates-now.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { eachByItself } from '../each-by-itself.ts';
import { isReached, tellAudience, type AudienceWord } from './tell.ts';
import { wordsOf } from './words.ts';

type Informing = Pick<AppContext, 'policy' | 'audiences' | 'connections' | 'hash'>;
type Audience = Plan['communication'][number];

/** Tells every audience what it has to know by itself: that a change with downtime comes, begins, has ended, or does not come. */
export async function informAudiences(context: AppContext): Promise<number> {
  const aheads = context.policy.file.limits.downtimeNotices;
  const ids = new Set([
    ...(await changesToldOf(context.db)),
    ...(await changesAhead(context.db, Math.max(0, ...aheads))),
  ]);
  return eachByItself(context, 'audiences', ids, async (id) => {
    // Most looks find nothing to say, and then nobody who acts on the request has to wait for this one.
    const waiting = await transact(context.db, async (tx) => {
      const row = await findChange(tx, id);
      return row ? (await wordsDue(tx, context, row)).length : 0;
    });
    return waiting > 0 ? transact(context.db, (tx) => informOf(tx, context, id)) : 0;
  });
}

/** The same for one request, in the transaction of whoever has changed it. Gives how many words were said. */
export async function informOf(tx: Transaction, context: Informing, id: string): Promise<number> {
  const row = await lockChange(tx, id);
  let told = 0;
  for (const word of row ? await wordsDue(tx, context, row) : []) {
    if (!(await tellAudience(tx, context, word))) continue;
    await recordWord(tx, context, word);
    told += 1;
  }
  return told;
}

async function wordsDue(tx: Transaction, context: Informing, row: ChangeRow): Promise<AudienceWord[]> {
  const plan = (await findRevision(tx, row.id, row.revision))?.plan;
  if (!plan) return [];
  const updates = await updatesNow(tx, row.id, plan, context.policy.file);
  const now = await clock(tx);
  return plan.communication
    .filter(({ audience }) => isReached(context, audience))
    .flatMap((audience) => {
      const asked = { row, plan, audience, updates };
      return ofRun(context, asked) ?? ahead(context, { ...asked, now }) ?? [];
    });
}

interface Asked {
  readonly row: ChangeRow;
  readonly plan: Plan;
  readonly audience: Audience;
  readonly updates: Updates;
}

/** The word for the start or the end of the run, if the audience waits for it and the server knows what to say. */
function ofRun(context: Informing, { row, plan, audience, updates }: Asked): AudienceWord | null {
  const { due, run } = updates;
  const waits = due.find((one) => one.audience === audience.audience);
  if (run === null || waits === undefined || waits.what === 'update') return null;
  const occasion = waits.what === 'start' ? 'start' : endOf(run);
  if (occasion === null) return null;
  const told = { change: row, plan, audience: audience.audience, slot: slotOf(row) };
  return {
    change: row,
    audience: audience.audience,
    what: waits.what,
    occasion: `${waits.what}:${run.id}`,
    ...wordsOf(context, occasion, told),
    by: null,
    slot: null,
  };
}

/** What a plan says for its end is for its success. Of a run that failed or was lost only people know what to say; they are reminded. */
function endOf({ state }: StoredRun): 'end' | 'undone' | null {
  if (state === 'succeeded') return 'end';
  return state === 'rolled-back' ? 'undone' : null;
}

function ahead(
  context: Informing,
  { row, plan, audience, updates, now }: Asked & { readonly now: number },
): AudienceWord | null {
  if (plan.downtime === 0 && !updates.sent.some(({ what }) => what === 'ahead')) return null;
  const slot = row.slot_accepted ? slotOf(row) : null;
  const coming: ComingDowntime = {
    fate: plan.downtime === 0 ? 'pending' : FATES[row.state],
    slot: slot && { start: slot.start.getTime(), end: slot.end.getTime() },
    edition: row.slot_edition,
  };
  const told = updates.sent.filter((one) => one.audience === audience.audience).flatMap(toldAhead);
  const word = aheadWord(coming, told, context.policy.file.limits.downtimeNotices, now);
  if (word === null) return null;
  const named = { start: new Date(word.slot.start), end: new Date(word.slot.end) };
  const { what, occasion } = word;
  const said = wordsOf(context, what, { change: row, plan, audience: audience.audience, slot: named });
  return { change: row, audience: audience.audience, what, occasion, ...said, by: null, slot: named };
}

const FATES: Readonly<Record<ChangeState, ComingDowntime['fate']>> = {
  draft: 'pending',
  unscheduled: 'pending',
  scheduled: 'scheduled',
  'in-progress': 'begun',
  complete: 'begun',
  aborted: 'begun',
  rejected: 'never',
  cancelled: 'never',
};

function toldAhead({ what, occasion, slot_start, slot_end }: ChangeUpdateRow): ToldAhead[] {
  if ((what !== 'ahead' && what !== 'off') || occasion === null) return [];
  const slot = slot_start && slot_end && { start: slot_start.getTime(), end: slot_end.getTime() };
  return [{ what, occasion, slot, edition: Number(occasion.split(':')[1]) }];
}

function slotOf({ slot_start, slot_end }: ChangeRow) {
  return slot_start && slot_end ? { start: slot_start, end: slot_end } : null;
}

async function recordWord(tx: Transaction, context: Informing, word: AudienceWord): Promise<void> {
  const { change, audience, what, body } = word;
  await record(tx, {
    ...entryBase(context, systemCall('audiences')),
    type: 'change.informed',
    action: 'inform',
    object: `change/${change.id}`,
    outcome: 'allow',
    reason: `told ${audience}`,
    before: null,
    after: null,
    digests: { body: digestOf(context, body) },
    details: { audience, what },
  });
}
