import { z } from 'zod';
import { RUN_STATES } from '../kernel/run/state.ts';
import { changeId } from './changes.ts';
import { newVeto } from './channel.ts';
import { holdRun, runId } from './runs.ts';

/** What the login of a bastion may veto: one change, never all of them. */
export const vetoByLogin = newVeto
  .extend({ change: changeId.describe('A change of the environment that the bastion is registered for.') })
  .meta({ id: 'VetoByLogin' });
export type VetoByLogin = z.infer<typeof vetoByLogin>;

/** What the login of a bastion may hold. Whoever has no token cannot look the run up, so its change names it too. */
export const holdByLogin = holdRun
  .extend({
    run: z
      .union([runId, changeId])
      .describe(
        'A run of the environment that the bastion is registered for, or the change whose live run it is.',
      ),
  })
  .meta({ id: 'HoldByLogin' });
export type HoldByLogin = z.infer<typeof holdByLogin>;

/** What became of the run, and no more of it than who holds it has to know. */
export const heldByLogin = z
  .strictObject({
    run: runId,
    change: changeId,
    state: z.enum(RUN_STATES),
    holdWanted: z.boolean().describe('Whether it is to be held at the next safe place to stop.'),
  })
  .meta({ id: 'HeldByLogin' });
export type HeldByLogin = z.infer<typeof heldByLogin>;
