import { z } from 'zod';
import type { Seen } from '../../app/ports/connection.ts';
import type { Looking, ScheduleQuestion } from '../../app/ports/on-call.ts';
import type { ShiftEvent } from '../../app/ports/shift-calendar.ts';
import { spanOf } from '../timeline/span.ts';
import { askAll, askPagerduty, oncall, override, type Api } from './api.ts';

const overridesShape = z.object({ overrides: z.array(override) });

/**
 * Who is on call by a schedule: `GET /oncalls`, which says what PagerDuty itself pages by, and `GET /schedules/{id}/overrides`, which
 * says what of it somebody put over the plan. A schedule stands in several escalation policies: what comes twice is one shift.
 */
export async function shiftsOf(
  api: Api,
  { schedule, from, to }: ScheduleQuestion,
  looking: Looking,
): Promise<Seen<readonly ShiftEvent[]>> {
  const span = `since=${instantText(from)}&until=${instantText(to)}`;
  const id = encodeURIComponent(schedule);
  const path = `/oncalls?schedule_ids[]=${id}&include[]=users&${span}`;
  const seen = await askAll(api, { list: 'oncalls', item: oncall, path }, looking);
  if (seen.kind !== 'seen') return seen;
  const over = await askPagerduty(api, overridesShape, `/schedules/${id}/overrides?${span}`, looking);
  if (over.kind !== 'seen') return over;
  const overrides = over.found.overrides.map(({ user, start, end }) => ({
    user: user.id,
    span: spanOf(start, end),
  }));
  const shifts = new Map<string, ShiftEvent>();
  for (const one of seen.found) {
    // What it was not asked for is not heard.
    if (one.schedule?.id !== schedule) continue;
    const read = spanOf(one.start, one.end);
    const isOverride =
      read !== null &&
      overrides.some(
        ({ user, span: put }) =>
          put !== null && user === one.user.id && put.start < read.end && read.start < put.end,
      );
    shifts.set(`${one.user.id} ${one.start ?? ''} ${one.end ?? ''}`, {
      summary: one.user.summary ?? one.user.id,
      emails: typeof one.user.email === 'string' ? [one.user.email.toLowerCase()] : [],
      accounts: [one.user.id],
      override: isOverride,
      span: read,
      because: read === null ? 'its time cannot be told' : null,
    });
  }
  return { kind: 'seen', found: [...shifts.values()] };
}

const instantText = (at: number) => encodeURIComponent(new Date(at).toISOString());
