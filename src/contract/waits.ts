import { z } from 'zod';
import { ruleVerdictDocument } from './decision.ts';
import { startRun } from './runs.ts';

export const waitId = z
  .string()
  .regex(/^WAIT-[1-9]\d{0,17}$/, { error: 'expected a wait such as `WAIT-7`' })
  .describe('A wait for a start.');

/** What an executor sends to wait at the bastion for a start: what they would send to start. */
export const newWait = startRun;

/** What the one that waits says again and again. */
export const waitHeartbeat = startRun.pick({ multiplexer: true, clock: true });
export type WaitHeartbeat = z.infer<typeof waitHeartbeat>;

/** What it hears: whether it is its turn, and what it waits for. */
export const waitAnswer = z.strictObject({
  wait: waitId,
  turn: z.boolean().describe('Start now, by the ordinary start, which asks everything anew.'),
  until: z.iso.datetime().describe('When time alone no longer stops it, as far as can be told.'),
  because: z
    .array(ruleVerdictDocument)
    .describe('What refuses now; empty where only its turn is waited for.'),
  beatMs: z.number().int().min(1).describe('After how long to say again that it waits.'),
});
export type WaitAnswer = z.infer<typeof waitAnswer>;

/** Why the waiting ends without a start. */
export const endOfWait = z.strictObject({
  clock: startRun.shape.clock,
  outcome: z
    .enum(['refused', 'left'])
    .describe('`refused`: the start was refused at its turn. `left`: nobody waits any longer.'),
});
export type EndOfWait = z.infer<typeof endOfWait>;
