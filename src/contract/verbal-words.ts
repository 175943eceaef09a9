import { z } from 'zod';
import { changePath } from './changes.ts';

const time = z.iso.datetime();

export const newVerbalWord = z.strictObject({});

export const verbalWordPath = changePath.extend({
  word: z.string().regex(/^[1-9]\d{0,17}$/, { error: 'expected a number such as `12`' }),
});

export const verbalWordView = z.strictObject({
  id: z.string(),
  change: z.string(),
  speaker: z.string().describe('Who was on call as it was claimed, and alone can confirm it.'),
  digest: z.string().describe('Digest of the plan that was spoken of.'),
  claimedBy: z.string(),
  claimedAt: time,
  approval: z
    .string()
    .nullable()
    .describe('The approval that confirms it; `null`: a claim, which counts for nothing.'),
  confirmedAt: time.nullable(),
});
export type VerbalWordView = z.infer<typeof verbalWordView>;

export const verbalWords = z.strictObject({ words: z.array(verbalWordView) });
