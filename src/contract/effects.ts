import { z } from 'zod';

const about = z.string();
const fromChat = { id: z.string(), who: z.string(), at: z.number() };
const filledForm = {
  view: z.string(),
  about: z.string(),
  fields: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
};

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
  z.strictObject({
    // What a channel elsewhere hears, and ours does not keep.
    topic: z.literal('chat'),
    payload: z.strictObject({
      about,
      body: z.string(),
      review: z
        .strictObject({ changeId: z.string(), digest: z.string() })
        .optional()
        .describe('The plan that it asks for a word on.'),
    }),
  }),
  z.strictObject({
    // What one person is told at the account that they linked.
    topic: z.literal('direct'),
    payload: z.strictObject({ account: z.string(), body: z.string(), about }),
  }),
  z.strictObject({
    topic: z.literal('mail'),
    payload: z.strictObject({ to: z.array(z.string()).min(1), subject: z.string(), text: z.string(), about }),
  }),
  // To a room, or as JSON to a webhook, of an audience's own.
  z.strictObject({ topic: z.literal('audience'), payload: z.strictObject({ body: z.string(), about }) }),
  z.strictObject({ topic: z.literal('publish'), payload: z.strictObject({ body: z.string(), about }) }),
  z.strictObject({
    topic: z.literal('annotate'),
    payload: z.strictObject({ text: z.string(), at: z.number(), tags: z.array(z.string()), about }),
  }),
  z.strictObject({ topic: z.literal('issue'), payload: z.strictObject({ change: z.string() }) }),
  z.strictObject({
    // An event of the Production calendar, as it is wanted when this is carried.
    topic: z.literal('calendar'),
    payload: z.strictObject({ place: z.string(), uid: z.string() }),
  }),
  z.strictObject({
    // Whether what stands in a collection is what was written there.
    topic: z.literal('calendar-look'),
    payload: z.strictObject({ place: z.string() }),
  }),
  z.strictObject({
    topic: z.literal('silence'),
    payload: z.strictObject({
      silence: z.string().regex(/^\d+$/),
      matchers: z.record(z.string(), z.string()),
      from: z.number(),
      to: z.number(),
      by: z.string(),
      comment: z.string(),
      known: z.string().nullable(),
      about,
    }),
  }),
  z.strictObject({
    topic: z.literal('unsilence'),
    payload: z.strictObject({ silence: z.string().regex(/^\d+$/), known: z.string(), about }),
  }),
  z.strictObject({
    topic: z.literal('comment'),
    payload: z.strictObject({ issue: z.string(), body: z.string(), about }),
  }),
  // The issue of a request that goes on in another one.
  z.strictObject({
    topic: z.literal('close-issue'),
    payload: z.strictObject({ change: z.string(), issue: z.string() }),
  }),
  // A person's own word, posted as that person.
  z.strictObject({ topic: z.literal('own-word'), payload: z.strictObject({ word: z.string() }) }),
  // The right to post, given back to the peer that gave it.
  z.strictObject({ topic: z.literal('give-back'), payload: z.strictObject({ link: z.string() }) }),
  z.strictObject({
    // What a peer told us, taken up after it was answered.
    topic: z.literal('heard'),
    payload: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('issue-touched'), issue: z.string() }),
      z.strictObject({ kind: z.literal('incidents-touched') }),
      z.strictObject({
        kind: z.literal('chat-command'),
        ...fromChat,
        shownAs: z.string(),
        text: z.string(),
        reply: z.string(),
        trigger: z.string(),
      }),
      z.strictObject({
        kind: z.literal('chat-press'),
        ...fromChat,
        message: z.string(),
        asSent: z.boolean(),
        act: z.string(),
        reply: z.string(),
      }),
      z.strictObject({
        kind: z.literal('chat-form'),
        ...fromChat,
        ...filledForm,
        // One that was filled in for a program that knew forms of one kind.
        about: filledForm.about.default(''),
      }),
      z.strictObject({ kind: z.literal('chat-form-touched'), ...fromChat, ...filledForm }),
      z.strictObject({
        kind: z.literal('deployment-asked'),
        place: z.string(),
        environment: z.string(),
        answerTo: z.string(),
      }),
    ]),
  }),
]);
export type Effect = z.infer<typeof effect>;
export type EffectOf<T extends Effect['topic']> = Extract<Effect, { topic: T }>;
