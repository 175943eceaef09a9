import type { MessageView } from '../contract/channel.ts';

/** A message as a person reads it: when, who, about what; its text below. */
export function messageLines({ at, person, change, body }: MessageView): string[] {
  const about = change === null ? '' : ` (${change})`;
  return [`${at} ${person}${about}`, ...body.split('\n').map((line) => `  ${line}`)];
}
