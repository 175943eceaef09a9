import { z } from 'zod';
import { RUN_PHASES, RUN_STATES, STEP_STATES } from '../kernel/run/state.ts';
import { handOff, runId } from './runs.ts';

const time = z.iso.datetime();
const whyNot = z.string().nullable();

/** What a hand-off is drafted from, out of the records at one instant. */
export const handOffFacts = z
  .strictObject({
    run: runId,
    change: z.string(),
    at: time.describe('When the records were read.'),
    state: z.enum(RUN_STATES),
    phase: z.enum(RUN_PHASES),
    steps: z
      .strictObject({ succeeded: z.int().min(0), of: z.int().min(0) })
      .describe("The plan's own steps, and how many of them succeeded."),
    skipped: z
      .array(
        z.strictObject({
          step: z.string(),
          state: z.enum(STEP_STATES),
          because: z.string().nullable(),
          settledBy: z.string().nullable().describe('Who stated what it did; `null`: it was measured.'),
        }),
      )
      .describe('Steps of the plan that did not succeed, or did so by a statement alone.'),
    undone: z.int().min(0).describe('Steps of the rollback that succeeded.'),
    postchecks: z.array(z.strictObject({ name: z.string(), verdict: z.enum(['pass', 'fail', 'unknown']) })),
    silences: z
      .array(
        z.strictObject({
          labels: z.string(),
          endsAt: time,
          handedTo: z.string().nullable().describe('Who has it after the run; `null`: it ends with that.'),
          hides: z
            .int()
            .min(0)
            .nullable()
            .describe('How many alerts that fire now it matches; `null`: that is not known.'),
        }),
      )
      .describe('Silences of the change that have not ended.'),
    watch: z
      .array(
        z.strictObject({
          name: z.string(),
          graph: z.string(),
          verdict: z.enum(['pass', 'fail', 'unknown']).describe('As it was measured last.'),
        }),
      )
      .describe('Metrics that the plan watches, and where they are drawn.'),
    later: z
      .array(z.strictObject({ name: z.string(), afterMs: z.number() }))
      .describe('Checks that follow the end of the run.'),
    tasks: z
      .array(z.strictObject({ task: z.string(), title: z.string(), owner: z.string() }))
      .describe('What is open to catch up on.'),
  })
  .meta({ id: 'HandOffFacts' });
export type HandOffFacts = z.infer<typeof handOffFacts>;

/** The hand-off of a run: as the facts draft it now, and as it was written. */
export const handOffView = z
  .strictObject({
    facts: handOffFacts,
    draft: handOff.describe('A note as the facts have it, to be edited by whoever writes it.'),
    written: z
      .strictObject({
        note: handOff,
        by: z.string(),
        at: time,
        facts: handOffFacts.nullable().describe('The facts when it was written; `null` of an old one.'),
        sentTo: z
          .string()
          .nullable()
          .describe('The engineer on call whom it was sent to, or passed on to since.'),
        acceptedBy: z.string().nullable(),
        acceptedAt: time.nullable(),
      })
      .nullable()
      .describe('`null`: no note was written yet.'),
    whyNotWrite: whyNot.describe('Why whoever calls may not write the note now; `null`: they may.'),
    whyNotAccept: whyNot.describe('Why whoever calls may not accept it now; `null`: they may.'),
  })
  .meta({ id: 'HandOff' });
export type HandOffView = z.infer<typeof handOffView>;

/** Hand-offs that nobody has accepted yet. */
export const handOffList = z
  .strictObject({
    handOffs: z
      .array(
        z.strictObject({
          run: runId,
          change: z.string(),
          by: z.string().describe('Who wrote it.'),
          at: time,
          sentTo: z
            .string()
            .nullable()
            .describe('The engineer on call whom it was sent to, or passed on to since.'),
          whyNotAccept: whyNot.describe(
            'Why whoever calls may not accept it now; `null`: it waits for them.',
          ),
        }),
      )
      .describe('The oldest first, a hundred at most.'),
  })
  .meta({ id: 'HandOffList' });
export type HandOffList = z.infer<typeof handOffList>;
