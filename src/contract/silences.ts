import { z } from 'zod';
import { changeId } from './changes.ts';
import { words } from './plain-text.ts';

const time = z.iso.datetime();
const label = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/, { error: 'expected a name of a label' });
const minutes = z.int().min(1).max(1_440);

export const newSilence = z.strictObject({
  matchers: z
    .record(label, z.string().min(1).max(500))
    .refine((all) => Object.keys(all).length >= 1 && Object.keys(all).length <= 10, {
      error: 'expected one to ten labels',
    })
    .describe('Labels that an alert has to bear, each with its one value; one names a target of the plan.'),
  minutes: minutes.describe('For how long at most, from now; it ends with the run if that ends earlier.'),
  reason: words.max(1_000),
});
export type NewSilence = z.infer<typeof newSilence>;

export const handedSilence = z.strictObject({
  minutes: minutes.describe('For how long from now.'),
  because: words.max(1_000),
});
export type HandedSilence = z.infer<typeof handedSilence>;

const silence = z.strictObject({
  id: z.string(),
  run: z.string(),
  matchers: z.record(z.string(), z.string()),
  reason: z.string(),
  by: z.string(),
  at: time,
  endsAt: time,
  silence: z.string().nullable().describe('What Alertmanager knows it by; `null`: it was not taken yet.'),
  handedTo: z.string().nullable().describe('Who has it after the run; `null`: it ends with that.'),
  endedAt: time.nullable().describe('When Alertmanager had taken its end.'),
  state: z
    .enum(['waiting', 'active', 'outlives', 'handed', 'ended'])
    .describe('`outlives`: its run has ended and it still hides alerts, which nobody wanted.'),
});

/** The silences that were made for a change. */
export const silenceList = z.strictObject({ silences: z.array(silence) }).meta({ id: 'Silences' });
export type SilenceList = z.infer<typeof silenceList>;

export const silencesQuery = z.strictObject({
  change: changeId
    .optional()
    .describe('Every silence of this change; without it those of all that stand or ended within a week.'),
});

/** Silences with what each hides now. */
export const hidingSilences = z
  .strictObject({
    silences: z.array(
      silence.extend({
        change: changeId,
        hides: z
          .array(z.string())
          .nullable()
          .describe('Names of the alerts that fire now and that it matches; `null`: that is not known.'),
      }),
    ),
  })
  .meta({ id: 'HidingSilences' });
export type HidingSilence = z.infer<typeof hidingSilences>['silences'][number];

export const silencePath = z.strictObject({ id: changeId, silence: z.string().regex(/^\d{1,18}$/) });
