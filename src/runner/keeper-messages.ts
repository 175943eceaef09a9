import type { ExecutionResult } from '../contract/execution.ts';
import type { JournalEntry } from '../contract/journal.ts';
import type { Command } from './execute.ts';

/** What is executed and journaled for one attempt at one step. */
export interface Assignment {
  readonly id: number;
  readonly command: Command;
  /** Told to stop, or left alone by the runner or by its lease, it is ended; otherwise it works on to its end. */
  readonly interruptible: boolean;
  /** Run after it was stopped. */
  readonly onCancel: readonly string[] | null;
  readonly intent: Extract<JournalEntry, { kind: 'intent' }>;
  readonly outputFile: string;
}

/** What the runner tells its keeper. */
export type ToKeeper =
  | { readonly type: 'lease'; readonly remainingMs: number }
  | { readonly type: 'execute'; readonly assignment: Assignment }
  | { readonly type: 'stop'; readonly id: number; readonly because: string }
  | { readonly type: 'leave' };

/** What the keeper tells its runner. */
export type FromKeeper =
  | { readonly type: 'ready' }
  | { readonly type: 'begun'; readonly id: number; readonly group: number }
  | { readonly type: 'lines'; readonly id: number; readonly lines: readonly string[] }
  | { readonly type: 'ended'; readonly id: number; readonly result: ExecutionResult };
