import type { Plan } from '../../contract/plan.ts';
import type { NewUpdate, UpdatesView } from '../../contract/updates.ts';
import type { DueUpdate } from '../../kernel/run/updates.ts';
import { findChange, findRevision } from '../../store/changes.ts';
import { transact } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import { tellAudience } from '../audience/tell.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { noChange } from './show.ts';
import { holdFor } from './standing.ts';
import { everyMs, updatesNow, type Updates } from './updates-now.ts';

/** Who is kept informed of a request, what they were told and what they wait for. @throws {AppError} `not_found` */
export async function readUpdates(
  { db, policy }: Pick<AppContext, 'db' | 'policy'>,
  id: string,
): Promise<UpdatesView> {
  return transact(db, async (tx) => {
    const row = await findChange(tx, id);
    const revision = row && (await findRevision(tx, id, row.revision));
    if (!revision) throw noChange(id);
    return viewOf(revision.plan, policy, await updatesNow(tx, id, revision.plan, policy.file));
  });
}

/**
 * Tells an audience on every way that leads to it, and writes down that it was told. One that none leads to is told by whoever calls, by
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
    const { policy } = context;
    const { due } = await updatesNow(tx, id, plan, policy.file);
    const text = body ?? textOf(named, due.find((one) => one.audience === audience)?.what ?? 'start');
    if (text === null)
      return refuse('invalid', 'expected what they are told, got no text: a plan has one for start and end');
    const what = { what: 'word', occasion: null, slot: null } as const;
    await tellAudience(tx, context, { change: held.row, audience, body: text, by: person, ...what });
    return done({
      value: viewOf(plan, policy, await updatesNow(tx, id, plan, policy.file)),
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

function viewOf(plan: Plan, { file }: AppContext['policy'], { sent, due }: Updates): UpdatesView {
  return {
    audiences: plan.communication.map(({ audience, every }) => {
      const next = due.find((one) => one.audience === audience);
      const interval = everyMs(plan, every, file);
      return {
        audience,
        everyMinutes: interval === null ? null : interval / 60_000,
        sent: sent
          .filter((one) => one.audience === audience)
          .map(({ by, at, body }) => ({ by: by ?? 'interlock', at: at.toISOString(), body })),
        next: next ? { what: next.what, dueAt: new Date(next.dueAt).toISOString(), late: next.late } : null,
      };
    }),
  };
}
