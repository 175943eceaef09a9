import { z } from 'zod';
import type { Connection, Seen } from '../../app/ports/connection.ts';
import type { Looking, ScheduleQuestion } from '../../app/ports/on-call.ts';
import type { ShiftEvent } from '../../app/ports/shift-calendar.ts';
import type { OpsgenieSettings } from '../../contract/integrations/opsgenie.ts';
import { askPeer, jsonOf, lied } from '../peer/ask.ts';
import type { Secret } from '../peer/secret.ts';
import { shiftsOfTimeline } from '../timeline/timeline.ts';

const WEEKS = 6;
const DAY_MS = 86_400_000;
const AHEAD_MS = WEEKS * 7 * DAY_MS;

// docs.opsgenie.com/docs/who-is-on-call-api, and api-group-schedule-on-calls of Jira Service Management.
const flat = z.object({ onCallRecipients: z.array(z.string().max(320)) });
const listed = z.object({ onCallUsers: z.array(z.string().max(320)) });
const onCalls = z.union([z.object({ data: flat }), flat, listed]);

interface Api {
  readonly base: string;
  readonly host: string;
  readonly headers: () => Readonly<Record<string, string>>;
}

/** Who is on call by the schedules of Opsgenie, or of what answers as it does. */
export function opsgenieConnection({ api: address, user }: OpsgenieSettings, token: Secret): Connection {
  const base = address.replace(/\/+$/, '');
  const { host } = new URL(address);
  const authorization = () =>
    user === undefined
      ? `GenieKey ${token.reveal()}`
      : `Basic ${Buffer.from(`${user}:${token.reveal()}`).toString('base64')}`;
  const api: Api = {
    base,
    host,
    headers: () => ({ authorization: authorization(), accept: 'application/json' }),
  };
  return {
    name: 'opsgenie',
    peer: host,
    offers: {
      onCall: { aheadMs: AHEAD_MS, shifts: (question, looking) => shiftsOf(api, question, looking) },
    },
    hears: null,
    test: async (signal) => {
      const seen = await ask(api, '/schedules', { signal });
      if (seen.kind !== 'seen') return seen;
      const read = z
        .union([z.object({ data: z.array(z.unknown()) }), z.object({ values: z.array(z.unknown()) })])
        .safeParse(seen.found);
      return read.success ? { kind: 'taken', receipt: `${host}: schedules can be read` } : notIt(host);
    },
  };
}

/**
 * The timeline, and who it says is on call now: where the two do not agree on this instant neither is believed, for one of them is not
 * what people are paged by.
 */
async function shiftsOf(
  api: Api,
  { schedule, from }: ScheduleQuestion,
  looking: Looking,
): Promise<Seen<readonly ShiftEvent[]>> {
  const id = encodeURIComponent(schedule);
  // A timeline is cut where it begins and ends: from the day's beginning on both stand still for a day.
  const day = instantText(Math.floor(from / DAY_MS) * DAY_MS);
  const path = `/schedules/${id}/timeline?date=${day}&interval=${WEEKS}&intervalUnit=weeks`;
  const seen = await ask(api, path, looking);
  if (seen.kind !== 'seen') return seen;
  const shifts = shiftsOfTimeline(seen.found);
  if (shifts === null) return notIt(api.host);
  const now = await ask(api, `/schedules/${id}/on-calls?flat=true&date=${instantText(from)}`, looking);
  if (now.kind !== 'seen') return now;
  const read = onCalls.safeParse(now.found);
  if (!read.success) return notIt(api.host);
  return agrees(shifts, from, namesOf(read.data)) ? { kind: 'seen', found: shifts } : torn(api.host);
}

const instantText = (at: number) => encodeURIComponent(new Date(at).toISOString());

function namesOf(read: z.infer<typeof onCalls>): readonly string[] {
  if ('data' in read) return read.data.onCallRecipients;
  return 'onCallRecipients' in read ? read.onCallRecipients : read.onCallUsers;
}

function agrees(shifts: readonly ShiftEvent[], at: number, said: readonly string[]): boolean {
  const now = shifts.filter(({ span }) => span !== null && span.start <= at && at < span.end);
  const names = new Set(said.map((name) => name.toLowerCase()));
  const known = now.map(({ summary, emails, accounts = [] }) =>
    [summary, ...emails, ...accounts].map((name) => name.toLowerCase()),
  );
  return (
    known.every((shift) => shift.some((name) => names.has(name))) &&
    [...names].every((name) => known.some((shift) => shift.includes(name)))
  );
}

async function ask(
  { base, host, headers }: Api,
  path: string,
  { signal, note }: Partial<Pick<Looking, 'note'>> & Pick<Looking, 'signal'>,
): Promise<Seen<object>> {
  const answer = await askPeer({ url: `${base}${path}`, method: 'GET', headers: headers(), signal, note });
  if (!answer.ok) return answer.taken;
  const document = jsonOf(answer.body);
  return typeof document === 'object' && document !== null ? { kind: 'seen', found: document } : notIt(host);
}

function torn(host: string) {
  const because = `expected the timeline and the on-calls of \`${host}\` to name the same persons now, got others`;
  return { kind: 'later' as const, because, retryAfterMs: null };
}

function notIt(host: string) {
  return lied(host, 'what its API says');
}
