import type { Plan } from '../../contract/plan.ts';
import type { NewUpdate, UpdatesView } from '../../contract/updates.ts';
import type { DueUpdate } from '../../kernel/run/updates.ts';
import { insertUpdate } from '../../store/change-updates.ts';
import { findChange, findRevision } from '../../store/changes.ts';
import { transact } from '../../store/database.ts';
import { insertMessage } from '../../store/messages.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { standsElsewhere } from './connections.ts';
import { noChange } from './show.ts';
import { holdFor } from './standing.ts';
import { updatesNow, type Updates } from './updates-now.ts';

/** Who is kept informed of a request, what they were told and what they wait for. @throws {AppError} `not_found` */
export async function readUpdates({ db }: Pick<AppContext, 'db'>, id: string): Promise<UpdatesView> {
  return transact(db, async (tx) => {
    const row = await findChange(tx, id);
    const revision = row && (await findRevision(tx, id, row.revision));
    if (!revision) throw noChange(id);
    return viewOf(revision.plan, await updatesNow(tx, id, revision.plan));
  });
}

/**
 * Tells an audience, and writes down that it was told. The production channel hears it at once; the others are told by whoever calls, by
 * whatever means the company has, and what counts is that they say so.
 */
export async function informAudience(
  context: AppContext,
  call: Call,
  id: string,
  { audience, body }: NewUpdate,
): Promise<Outcome<UpdatesView>> {
  const deed = { type: 'change.informed', action: 'inform', object: `change/${id}` };
  const { person } = call.actor;
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const held = await holdFor(tx, call, id, 'inform');
    if (!held.ok) return held;
    const { plan } = held.revision;
    const named = plan.communication.find((one) => one.audience === audience);
    if (!named) return refuse('invalid', `expected an audience of the plan, got \`${audience}\``);
    const { due } = await updatesNow(tx, id, plan);
    const text = body ?? textOf(named, due.find((one) => one.audience === audience)?.what ?? 'start');
    if (text === null)
      return refuse('invalid', 'expected what they are told, got no text: a plan has one for start and end');
    if (audience === 'change-channel') {
      const elsewhere = standsElsewhere(context, 'channel');
      if (elsewhere) return elsewhere;
      await insertMessage(tx, { place: 'channel', change_id: id, person, body: `${id}: ${text}` });
    }
    await insertUpdate(tx, id, { audience, body: text, by: person });
    return done({
      value: viewOf(plan, await updatesNow(tx, id, plan)),
      reason: `told ${audience}`,
      digests: { body: digestOf(context, text) },
      details: { audience },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

function textOf({ start, end }: Plan['communication'][number], what: DueUpdate['what']): string | null {
  switch (what) {
    case 'start':
      return start;
    case 'end':
      return end;
    case 'update':
      return null;
  }
}

function viewOf({ communication }: Plan, { sent, due }: Updates): UpdatesView {
  return {
    audiences: communication.map(({ audience, every }) => {
      const next = due.find((one) => one.audience === audience);
      return {
        audience,
        everyMinutes: every === undefined ? null : every / 60_000,
        sent: sent
          .filter((one) => one.audience === audience)
          .map(({ by, at, body }) => ({ by, at: at.toISOString(), body })),
        next: next ? { what: next.what, dueAt: new Date(next.dueAt).toISOString(), late: next.late } : null,
      };
    }),
  };
}
