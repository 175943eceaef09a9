import { z } from 'zod';

/** Effects that the outbox holds, by topic. What is read from there is parsed again: it may be older than the program. */
export const effect = z.discriminatedUnion('topic', [
  z.strictObject({
    topic: z.literal('announce'),
    payload: z.strictObject({
      announcement: z.string().regex(/^\d+$/),
      changeId: z.string(),
      digest: z.string(),
      body: z.string(),
    }),
  }),
  z.strictObject({
    topic: z.literal('say'),
    payload: z.strictObject({ about: z.string(), body: z.string() }),
  }),
  z.strictObject({
    topic: z.literal('tell'),
    payload: z.strictObject({
      run: z.string(),
      changeId: z.string(),
      to: z.array(z.enum(['eoc', 'emoc'])).min(1),
      because: z.string(),
    }),
  }),
]);
export type Effect = z.infer<typeof effect>;
export type EffectOf<T extends Effect['topic']> = Extract<Effect, { topic: T }>;
