import type { EffectOf } from '../../contract/effects.ts';
import { insertEffect } from '../../store/outbox.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { holdFor } from './standing.ts';

/** Asks in the channel for words on the plan of a request as it is now; what is pressed under it counts for that plan alone. */
export async function askForReview(context: AppContext, call: Call, id: string): Promise<Outcome<null>> {
  const deed = { type: 'change.review-asked', action: 'ask-review', object: `change/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const held = await holdFor(tx, call, id, 'schedule');
    if (!held.ok) return held;
    const { row, revision } = held;
    const { chat } = context.policy.file.connections;
    if (!context.connections.all.some(({ name, offers }) => name === chat && offers.chat))
      return refuse('conflict', `expected a channel that is connected, got \`${chat}\``);
    const { plan } = revision;
    const about = `change/${id}`;
    const payload: EffectOf<'chat'>['payload'] = {
      about,
      body: `${id} (${plan.criticality}, ${plan.environment}) asks for words on its plan: ${plan.title}. Objective: ${plan.objective} Impact: ${plan.impact}`
        .slice(0, 2_000)
        .toWellFormed(),
      review: { changeId: id, digest: row.digest },
    };
    const key = `review:${id}:${row.digest}:${call.requestId}`;
    await insertEffect(tx, { key, topic: 'chat', payload, connection: chat, about });
    return done({ value: null, reason: 'asked for words on the plan', digests: { plan: row.digest } });
  });
  return outcome.ok ? done(null) : outcome;
}
