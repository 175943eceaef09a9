import type { Feed, MadeFeed, NewFeed } from '../../contract/calendar-feeds.ts';
import { feedsOf, insertFeed, revokeFeed, type FeedRow } from '../../store/calendar-feeds.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { newId, newSecret } from '../secrets.ts';
import { done, refuse, type Outcome } from '../outcome.ts';

/** Makes a secret address at which the calendars can be read, and shows it this once. */
export async function makeFeed(
  context: AppContext,
  call: Call,
  { label }: NewFeed,
): Promise<Outcome<MadeFeed>> {
  const { person } = call.actor;
  const id = newId('cal');
  const deed = { type: 'calendar.feed-made', action: 'make-feed', object: `calendar-feed/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const secret = newSecret('calendar');
    const row = await insertFeed(tx, {
      id,
      person,
      label,
      secretHash: secret.hash,
    });
    return done({
      value: { ...feedView(row), path: `/calendar/${secret.text}/` },
      reason: 'address of calendars made',
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** The caller's own feeds. */
export async function ownFeeds(context: AppContext, { actor }: Call): Promise<Feed[]> {
  return (await feedsOf(context.db, actor.person)).map(feedView);
}

/** Revokes one's own feed: nothing can be read there any more. */
export async function endFeed(context: AppContext, call: Call, id: string): Promise<Outcome<Recorded<null>>> {
  const deed = { type: 'calendar.feed-revoked', action: 'revoke-feed', object: `calendar-feed/${id}` };
  return carryOut(context, call, deed, async (tx) => {
    if (!(await revokeFeed(tx, id, call.actor.person)))
      return refuse('not_found', `expected a feed of one's own that stands, got \`${id}\``);
    return done({ value: null, reason: 'address of calendars revoked' });
  });
}

function feedView({ id, label, created_at, revoked_at }: FeedRow): Feed {
  return {
    id,
    label,
    createdAt: created_at.toISOString(),
    revokedAt: revoked_at?.toISOString() ?? null,
  };
}
