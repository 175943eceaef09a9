import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import {
  advanceAnswer,
  heartbeatAnswer,
  runnerCharter,
  type AdvanceAnswer,
  type AdvanceRun,
  type Heartbeat,
  type HeartbeatAnswer,
  type RunnerCharter,
  type StartRun,
  type TakeOverRun,
} from '../contract/runs.ts';
import type { JournalUpload } from '../contract/journal.ts';

/** One request to the server. The token and the bastion's key are the transport's to add. */
export interface RunnerRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body: unknown;
  readonly timeoutMs: number;
}

/** Sends a request; throws where no answer came. A `Buffer` as body goes as it is, anything else as JSON. */
export type Transport = (
  request: RunnerRequest,
) => Promise<{ readonly status: number; readonly body: unknown }>;

/** The server's answer that it does not do what was asked. */
export interface ServerRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Whatever else the answer says, such as the decision or the winner. */
  readonly details: Readonly<Record<string, unknown>>;
}

export type Answered<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: ServerRefusal };

/** No answer came in time, or none that can be read. */
export class ServerUnreachable extends Error {
  override readonly name = 'ServerUnreachable';
}

/** A key for one intention. */
export function newKey(): string {
  return randomUUID();
}

/** A body without the clock: that is read anew whenever it is sent. */
export type Timeless<T> = Omit<T, 'clock'>;

/** What the runner says to the server about one run. */
export interface Session {
  advance(run: string, body: Timeless<AdvanceRun>, untilMs: () => number): Promise<Answered<AdvanceAnswer>>;
  /** Once: the next beat comes anyway. */
  heartbeat(run: string, body: Timeless<Heartbeat>): Promise<Answered<HeartbeatAnswer>>;
  takeOver(run: string, body: Timeless<TakeOverRun>): Promise<Answered<RunnerCharter>>;
  leave(run: string, epoch: number, because: string): Promise<void>;
  uploadJournal(run: string, upload: JournalUpload): Promise<void>;
  /** What the terminal showed a moment ago, from a byte of its recording on. */
  showTerminal(run: string, part: { epoch: number; from: number; bytes: Buffer }): Promise<void>;
  uploadFile(run: string, file: { kind: 'output' | 'recording'; name: string; bytes: Buffer }): Promise<void>;
}

const REQUEST_MS = 10_000;
/** Of a request that nobody waits for, or that is tried again anyway. */
const SHORT_MS = 3_000;
const FILE_MS = 10_000;

/** The host's clock, epoch milliseconds: the server compares it with its own, and decides nothing else by it. */
export type HostClock = () => number;

/** The session over a transport. */
export function openSession(transport: Transport, hostClock?: HostClock): Session {
  const post = <T>(schema: z.ZodType<T>, path: string, body: object, untilMs?: () => number) =>
    ask(
      transport,
      schema,
      { method: 'POST', path, body, timeoutMs: waitAtMost(untilMs) },
      { untilMs: untilMs ?? (() => 0), hostClock },
    );
  return {
    advance: asOlderServersTake((run, body, untilMs) =>
      post(advanceAnswer, `/api/v1/runs/${run}/advance`, body, untilMs),
    ),
    heartbeat: (run, body) => post(heartbeatAnswer, `/api/v1/runs/${run}/heartbeat`, body),
    takeOver: (run, body) => post(runnerCharter, `/api/v1/runs/${run}/take-over`, body),
    leave: (run, epoch, because) =>
      tell(transport, {
        method: 'POST',
        path: `/api/v1/runs/${run}/leave`,
        body: { epoch, because },
        timeoutMs: SHORT_MS,
      }),
    uploadJournal: (run, upload) =>
      tell(transport, {
        method: 'POST',
        path: `/api/v1/runs/${run}/journal`,
        body: upload,
        timeoutMs: SHORT_MS,
      }),
    showTerminal: (run, { epoch, from, bytes }) =>
      tell(transport, {
        method: 'PUT',
        path: `/api/v1/runs/${run}/terminal/${epoch}/${from}`,
        body: bytes,
        timeoutMs: SHORT_MS,
      }),
    uploadFile: (run, { kind, name, bytes }) =>
      tell(transport, {
        method: 'PUT',
        path: `/api/v1/runs/${run}/files/${kind}/${encodeURIComponent(name)}`,
        body: bytes,
        timeoutMs: FILE_MS,
      }),
  };
}

/**
 * A server of before `since` refuses what it does not know before it looks at anything, and answers with all steps to who does not say it: so it is
 * asked once more without, under the same key, and from then on without. `since` spares words; no answer means another thing by it.
 */
function asOlderServersTake(advance: Session['advance']): Session['advance'] {
  let knowsSince = true;
  return async (run, { since, ...body }, untilMs) => {
    if (!knowsSince || since === undefined) return advance(run, body, untilMs);
    const answer = await advance(run, { ...body, since }, untilMs);
    if (answer.ok || answer.refusal.code !== 'invalid') return answer;
    knowsSince = false;
    return advance(run, body, untilMs);
  };
}

/** Starts a run: the answer is the charter, or why not. */
export function startRun(
  transport: Transport,
  change: string,
  body: Timeless<StartRun>,
  hostClock?: HostClock,
): Promise<Answered<RunnerCharter>> {
  const path = `/api/v1/changes/${encodeURIComponent(change)}/runs`;
  const until = performance.now() + 3 * REQUEST_MS;
  return ask(
    transport,
    runnerCharter,
    { method: 'POST', path, body, timeoutMs: REQUEST_MS },
    { untilMs: () => until - performance.now(), hostClock },
  );
}

/** No longer than the answer is of use. */
function waitAtMost(untilMs: (() => number) | undefined): number {
  return untilMs === undefined ? SHORT_MS : Math.min(REQUEST_MS, Math.max(SHORT_MS, Math.floor(untilMs())));
}

/** How long it is worth asking, and by which clock the request says when it was sent. */
export interface Asking {
  readonly untilMs: () => number;
  readonly hostClock?: HostClock | undefined;
}

/** The one place that retries: while time is left, where the server did not answer or says that it cannot now. */
export async function ask<T>(
  transport: Transport,
  schema: z.ZodType<T>,
  request: RunnerRequest & { readonly body: object },
  { untilMs, hostClock = Date.now }: Asking,
): Promise<Answered<T>> {
  for (let pauseMs = 50; ; pauseMs = Math.min(2 * pauseMs, 1_000)) {
    const body = { ...request.body, clock: hostClock() };
    const answer = await transport({ ...request, body }).catch(
      (cause: unknown) => new ServerUnreachable(NO_ANSWER, { cause }),
    );
    if (answer instanceof ServerUnreachable) {
      if (untilMs() <= pauseMs) throw answer;
    } else if (answer.status < 300) {
      return { ok: true, value: schema.parse(answer.body) };
    } else if (!RETRYABLE.has(answer.status) || untilMs() <= pauseMs) {
      return { ok: false, refusal: refusalOf(answer.status, answer.body) };
    }
    await sleep(pauseMs);
  }
}

const NO_ANSWER = 'expected an answer of the server, got none';

/** Requests whose answer says nothing but that it was taken. */
async function tell(transport: Transport, request: RunnerRequest): Promise<void> {
  let answer: Awaited<ReturnType<Transport>>;
  try {
    answer = await transport(request);
  } catch (cause) {
    throw new ServerUnreachable(NO_ANSWER, { cause });
  }
  if (answer.status >= 300) throw new ServerUnreachable(refusalOf(answer.status, answer.body).message);
}

const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

function refusalOf(status: number, body: unknown): ServerRefusal {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const { code, message, ...details } = fields;
  return {
    status,
    code: typeof code === 'string' ? code : 'internal',
    message: typeof message === 'string' ? message : `expected an answer, got status \`${status}\``,
    details,
  };
}
