import type { Effect, EffectOf } from '../../contract/effects.ts';

/** Effects that are words in the production channel, wherever that is. */
export const CHAT_TOPICS = ['announce', 'say', 'tell'] as const;
type ChatEffect = EffectOf<(typeof CHAT_TOPICS)[number]>;

export function isChat(what: Effect): what is ChatEffect {
  return (CHAT_TOPICS as readonly string[]).includes(what.topic);
}

/** What the channel reads. */
export function bodyOf(what: ChatEffect): string {
  if (what.topic !== 'tell') return what.payload.body;
  const { run, changeId, to, because } = what.payload;
  const whom = to.map((one) => one.toUpperCase()).join(' and ');
  return `For ${whom}: ${run} of ${changeId} is held. ${because}`;
}

/** The request that it is about, if it is about one. */
export function changeOf(what: ChatEffect): string | null {
  return what.topic === 'say' ? null : what.payload.changeId;
}

/** What it is about, `kind/id`. */
export function aboutOf(what: ChatEffect): string {
  return what.topic === 'say' ? what.payload.about : `change/${what.payload.changeId}`;
}
