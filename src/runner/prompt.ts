import { createInterface } from 'node:readline/promises';
import type { Keys } from './keys.ts';
import type { View } from './view.ts';
import type { Prompt } from './world.ts';

/** Asks at the terminal of this process, in the place of what is drawn there; nobody answers where there is none. */
export function terminalPrompt(keys: Keys, view: Pick<View, 'aside'>): Prompt {
  return async (question, signal) => {
    if (!process.stdin.isTTY) return null;
    const back = view.aside();
    try {
      return await keys.aside(() => answerTo(question, signal));
    } finally {
      back();
    }
  };
}

async function answerTo(question: string, signal: AbortSignal): Promise<string | null> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await lines.question(question, { signal });
  } catch {
    // The signal ended it, or the terminal went away.
    return null;
  } finally {
    lines.close();
  }
}
