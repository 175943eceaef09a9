import type { Effect, EffectOf } from '../../contract/effects.ts';

/** Effects that are words in the production channel, wherever that is. */
const CHANNEL_TOPICS = ['announce', 'say', 'tell'] as const;
/** The same, and what a channel elsewhere alone hears. */
export const CHAT_TOPICS = [...CHANNEL_TOPICS, 'chat'] as const;
export type ChannelEffect = EffectOf<(typeof CHANNEL_TOPICS)[number]>;
export type ChatEffect = EffectOf<(typeof CHAT_TOPICS)[number]>;

export function isChat(what: Effect): what is ChatEffect {
  return (CHAT_TOPICS as readonly string[]).includes(what.topic);
}

export function isOfChannel(what: Effect): what is ChannelEffect {
  return (CHANNEL_TOPICS as readonly string[]).includes(what.topic);
}

/** What the channel reads. */
export function bodyOf(what: ChatEffect): string {
  if (what.topic !== 'tell') return what.payload.body;
  const { run, changeId, to, because } = what.payload;
  const whom = to.map((one) => one.toUpperCase()).join(' and ');
  return `For ${whom}: ${run} of ${changeId} is held. ${because}`;
}

/** The request that it is about, if it is about one. */
export function changeOf(what: ChannelEffect): string | null {
  if (what.topic !== 'say') return what.payload.changeId;
  const [kind, id = null] = what.payload.about.split('/');
  return kind === 'change' ? id : null;
}

/** What it is about, `kind/id`. */
export function aboutOf(what: ChatEffect): string {
  return 'about' in what.payload ? what.payload.about : `change/${what.payload.changeId}`;
}
