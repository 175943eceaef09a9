import type { Taken } from '../ports/connection.ts';
import { ATTEMPT_MS } from './again.ts';

/**
 * Asks a peer, for as long as an attempt may last: one that hangs, and one whose client does not heed the signal, has said `later`.
 * Never throws; what it says is masked.
 */
export async function attempt(
  ask: (signal: AbortSignal) => Promise<Taken>,
  mask: (text: string) => string,
  withinMs: number = ATTEMPT_MS,
): Promise<Taken> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), withinMs);
  const silent = new Promise<Taken>((done) => {
    over.signal.addEventListener('abort', () => done(nothing(withinMs)), { once: true });
  });
  try {
    const said = await Promise.race([asked(ask, over.signal), silent]);
    return said.kind === 'taken' ? said : { ...said, because: mask(said.because) };
  } finally {
    clearTimeout(timer);
  }
}

async function asked(ask: (signal: AbortSignal) => Promise<Taken>, signal: AbortSignal): Promise<Taken> {
  try {
    return await ask(signal);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return { kind: 'later', because, retryAfterMs: null };
  }
}

function nothing(withinMs: number): Taken {
  return {
    kind: 'later',
    because: `expected an answer within ${withinMs / 1_000} s, got none`,
    retryAfterMs: null,
  };
}
