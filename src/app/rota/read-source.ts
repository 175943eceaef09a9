import type { RawAnswer } from '../../contract/monitoring.ts';
import { insertAnswer } from '../../store/peer-answers.ts';
import type { SourceRow } from '../../store/rota-sources.ts';
import type { AppContext } from '../context.ts';
import type { OnCall, ScheduleQuestion } from '../ports/on-call.ts';
import type { ShiftCalendarAnswer } from '../ports/shift-calendar.ts';

const DAY_MS = 86_400_000;
/** How far ahead what recurs is laid out. */
const AHEAD_MS = 180 * DAY_MS;
/** What recurs reaches further each day, so at least so often the whole is read. */
const WHOLE_EVERY_MS = DAY_MS;
/** Somebody waits for it at a gate. */
export const LOOK_MS = 3_000;

/** It could not be had. What it says names no secret. */
export class SourceUnread extends Error {
  override readonly name = 'SourceUnread';
  /** How long the peer wants to be left alone; `null` where it says nothing. */
  readonly restMs: number | null;
  /** Whether what it said before counts no more. */
  readonly lapses: boolean;

  constructor(message: string, restMs: number | null, lapses: boolean) {
    super(message);
    this.restMs = restMs;
    this.lapses = lapses;
  }
}

/**
 * What a source says of a rota from `now` on; `null` where nothing changed. What a peer answered is kept as evidence, a failure too.
 *
 * @throws {Error} where it cannot be had, or not be read; its message names no secret.
 */
export async function readSource(
  context: AppContext,
  source: SourceRow,
  now: number,
): Promise<ShiftCalendarAnswer | null> {
  const { connection, schedule, url } = source;
  if (connection !== null && schedule !== null) return readSchedule(context, source, { schedule, now });
  if (url === null) throw new Error('expected a source with an address or a schedule, got neither');
  const spared = source.read_at !== null && now - source.read_at.getTime() < WHOLE_EVERY_MS;
  return context.shiftCalendar.read({
    url,
    format: source.format,
    etag: spared ? source.etag : null,
    modified: spared ? source.modified : null,
    zone: source.zone,
    from: now,
    to: now + AHEAD_MS,
  });
}

/** What can tell of the schedules of a peer; `null` where `integrations.yaml` names none such. */
export function schedulesOf({ connections }: AppContext, name: string): OnCall | null {
  return connections.all.find((one) => one.name === name)?.offers.onCall ?? null;
}

async function readSchedule(
  context: AppContext,
  { rota, connection }: SourceRow,
  { schedule, now }: { readonly schedule: string; readonly now: number },
): Promise<ShiftCalendarAnswer> {
  const name = connection ?? '';
  const raw: RawAnswer[] = [];
  const kept = (heard: boolean, because: string) =>
    insertAnswer(context.db, {
      connection: name,
      about: rota,
      heard,
      because: because.slice(0, 500),
      askedAtMs: now,
      raw: raw.map((one) => ({ ...one, body: context.connections.mask(one.body) })),
    });
  const said = await asked(context, name, {
    question: {
      schedule,
      from: now,
      to: Math.floor(now / DAY_MS) * DAY_MS,
      writtenSince: now - context.policy.file.limits.rotaSourceAge,
    },
    note: (answer) => raw.push(answer),
  });
  if (said.kind !== 'seen') {
    const because = context.connections.mask(said.because);
    await kept(false, because);
    const lapses = schedulesOf(context, name)?.isHere === true;
    throw new SourceUnread(because, said.kind === 'later' ? said.retryAfterMs : null, lapses);
  }
  await kept(true, `${said.found.length} shifts of schedule ${schedule}`);
  return { events: said.found, etag: null, modified: null };
}

type Asking = {
  readonly question: ScheduleQuestion;
  readonly note: (raw: RawAnswer) => void;
};

async function asked(
  context: AppContext,
  name: string,
  { question, note }: Asking,
): ReturnType<OnCall['shifts']> {
  const onCall = schedulesOf(context, name);
  if (onCall === null)
    return {
      kind: 'refused',
      because: `expected \`${name}\`, with schedules, in integrations.yaml, got none`,
    };
  // The end moves once a day: what lies across it would else be another shift at every look.
  const to = question.to + onCall.aheadMs;
  try {
    return await onCall.shifts({ ...question, to }, { signal: AbortSignal.timeout(LOOK_MS), note });
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return { kind: 'later', because, retryAfterMs: null };
  }
}
