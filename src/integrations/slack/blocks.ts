import type { ChatButton } from '../../app/ports/connection.ts';

/** The longest text of one block. */
const LONGEST = 3_000;
/** More than that is not read in a channel. */
const MOST = 5;

/** What stands in a notification: nobody is called by name, for what a message says came from people. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A message as blocks: plain text, in which Slack reads no mention and no link, and what can be pressed under it. */
export function blocksOf(body: string, buttons: readonly ChatButton[] = []): readonly unknown[] {
  return [
    ...parts(body).map((text) => ({ type: 'section', text: plain(text) })),
    ...(buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons.map(buttonOf) }]),
  ];
}

export function plain(text: string) {
  return { type: 'plain_text', text, emoji: false };
}

function buttonOf({ act, text, stops }: ChatButton, index: number) {
  return {
    type: 'button',
    action_id: `interlock-${index}`,
    value: act,
    text: plain(text),
    ...(stops && { style: 'danger' }),
  };
}

/** By whole characters: half of one is none. */
function parts(body: string): readonly string[] {
  const found: string[] = [];
  for (let from = 0; from < body.length && found.length < MOST; from += found.at(-1)?.length ?? LONGEST) {
    const piece = body.slice(from, from + LONGEST);
    found.push(/[\uD800-\uDBFF]$/.test(piece) && piece.length > 1 ? piece.slice(0, -1) : piece);
  }
  return found.length === 0 ? [' '] : found;
}
