import { setTimeout as sleep } from 'node:timers/promises';
import type { StartRun } from '../contract/runs.ts';
import { waitAnswer, type WaitAnswer } from '../contract/waits.ts';
import { ask, ServerUnreachable, type Answered, type HostClock, type Timeless } from './session.ts';
import type { Transport } from './session.ts';
import type { View } from './view.ts';

const REQUEST_MS = 5_000;

export interface Waiting {
  readonly transport: Transport;
  readonly view: View;
  readonly change: string;
  readonly body: Timeless<StartRun>;
  readonly hostClock?: HostClock | undefined;
}

/**
 * Waits until the server gives the turn, then starts by `start`, saying all the while that somebody is there. What time does
 * not clear ends the waiting, with the server's reason.
 */
export async function startInTurn<T extends { readonly answer: Answered<unknown> }>(
  waiting: Waiting,
  { start, refused }: { readonly start: () => Promise<T>; readonly refused: (answer: Answered<never>) => T },
): Promise<T> {
  const { multiplexer } = waiting.body;
  const begun = await say(waiting, '', waiting.body);
  if (!begun.ok) return refused(begun);
  const { wait, beatMs } = begun.value;
  const beatNow = () => say(waiting, `/${wait}/heartbeat`, { multiplexer });
  const turn = await untilTurn(waiting, begun.value, beatNow);
  if (!turn.ok) return refused(turn);
  waiting.view.note(`${waiting.change}: its turn`);
  const beating = setInterval(() => void beatNow().catch(() => undefined), beatMs);
  let started: T | null = null;
  try {
    started = await start();
    return started;
  } finally {
    clearInterval(beating);
    if (started?.answer.ok !== true) await end(waiting, wait);
  }
}

async function untilTurn(
  { view, change }: Waiting,
  begun: WaitAnswer,
  beatNow: () => Promise<Answered<WaitAnswer>>,
): Promise<Answered<WaitAnswer>> {
  let shown = '';
  for (let heard = begun; ;) {
    if (heard.turn) return { ok: true, value: heard };
    const text = textOf(change, heard);
    if (text !== shown) view.note(text);
    shown = text;
    await sleep(heard.beatMs);
    try {
      const answer = await beatNow();
      if (!answer.ok) return answer;
      heard = answer.value;
    } catch (error) {
      // The lease is the server's to count: it says when the place is lost.
      if (!(error instanceof ServerUnreachable)) throw error;
    }
  }
}

function textOf(change: string, { wait, until, because }: WaitAnswer): string {
  if (because.length === 0) return `${change} waits (${wait}) for its turn to start`;
  const rules = because.map(({ rule, because: why }) => `\n  ${rule}: ${why}`);
  return `${change} waits (${wait}) until ${until}; it starts only while this stays open${rules.join('')}`;
}

function say(
  { transport, change, hostClock }: Waiting,
  rest: string,
  body: object,
): Promise<Answered<WaitAnswer>> {
  const path = `/api/v1/changes/${encodeURIComponent(change)}/waits${rest}`;
  return ask(
    transport,
    waitAnswer,
    { method: 'POST', path, body, timeoutMs: REQUEST_MS },
    { untilMs: () => 0, hostClock },
  );
}

/** It was not started: its place is free at once. Where that is not heard, the lease ends it. */
async function end({ transport, change, hostClock = Date.now }: Waiting, wait: string): Promise<void> {
  const path = `/api/v1/changes/${encodeURIComponent(change)}/waits/${wait}/end`;
  const body = { outcome: 'refused', clock: hostClock() };
  await transport({ method: 'POST', path, body, timeoutMs: REQUEST_MS }).catch(() => undefined);
}
