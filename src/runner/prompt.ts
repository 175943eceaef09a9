import { createInterface } from 'node:readline/promises';
import type { Prompt } from './world.ts';

/** Asks at the terminal of this process; nobody answers where there is none. */
export function terminalPrompt(): Prompt {
  return async (question, signal) => {
    if (!process.stdin.isTTY) return null;
    const lines = createInterface({ input: process.stdin, output: process.stdout });
    try {
      return await lines.question(question, { signal });
    } catch {
      // The signal ended it, or the terminal went away.
      return null;
    } finally {
      lines.close();
    }
  };
}
