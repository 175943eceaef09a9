import { z } from 'zod';
import type { ShiftEvent } from '../../app/ports/shift-calendar.ts';
import { spanOf } from './span.ts';

// The timeline of a schedule as Opsgenie (docs.opsgenie.com/docs/schedule-api, Get Schedule Timeline) and operations of Jira Service
// Management (developer.atlassian.com/cloud/jira/service-desk-ops/rest/v2/api-group-schedule-timelines) answer it: the second
// without `data`, with `responder` for `recipient`. A file of the same form is one too.

const somebody = z.object({
  type: z.string().max(40).nullish(),
  id: z.string().max(200).nullish(),
  name: z.string().max(320).nullish(),
});
const period = z.object({
  startDate: z.string(),
  endDate: z.string(),
  type: z.string().max(40).nullish(),
  recipient: somebody.nullish(),
  responder: somebody.nullish(),
});
const timeline = z.object({
  finalTimeline: z.object({
    rotations: z
      .array(z.object({ name: z.string().nullish(), periods: z.array(period).max(5_000).nullish() }))
      .max(100),
  }),
});

/** The shifts of a timeline; `null` where it is none. */
export function shiftsOfTimeline(document: unknown): readonly ShiftEvent[] | null {
  const bare = timeline.safeParse(document);
  const read = bare.success ? bare : z.object({ data: timeline }).safeParse(document);
  if (!read.success) return null;
  const { finalTimeline } = 'data' in read.data ? read.data.data : read.data;
  return finalTimeline.rotations.flatMap(({ periods }) => (periods ?? []).flatMap((one) => shiftOf(one)));
}

function shiftOf(one: z.infer<typeof period>): readonly ShiftEvent[] {
  const who = one.recipient ?? one.responder ?? null;
  // Nobody, said by the schedule itself: a gap, as every time that it says nothing of.
  if (who === null || who.type === 'noone') return [];
  const span = spanOf(one.startDate, one.endDate);
  const isUser = who.type === 'user';
  return [
    {
      summary: who.name ?? who.id ?? '',
      emails: isUser && who.name?.includes('@') === true ? [who.name.toLowerCase()] : [],
      accounts: isUser && who.id ? [who.id] : [],
      override: one.type === 'override',
      span,
      because: whyNot(span !== null, who.type ?? null),
    },
  ];
}

function whyNot(told: boolean, type: string | null): string | null {
  if (!told) return 'its time cannot be told';
  return type === 'user' ? null : `expected a person on call, got a \`${type ?? 'thing without a type'}\``;
}
