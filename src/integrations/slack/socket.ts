import type { SocketModeClient } from '@slack/socket-mode';
import type { Listens } from '../../app/ports/connection.ts';
import type { Secret } from '../peer/secret.ts';
import { heardOf } from './payload.ts';
import { clientOf, SocketTrouble } from './socket-client.ts';
import { whyNotTaken } from './web.ts';

/** What the client hands on of one envelope. */
interface Envelope {
  readonly ack: (answer?: Record<string, unknown>) => Promise<void>;
  readonly body: unknown;
}

/** How long things may take; milliseconds. */
export interface SocketTimes {
  /** From the question for an address to the first word of the connection. */
  readonly open: number;
  /** One that lasted no longer was none: Slack ends each after some hours. */
  readonly brief: number;
}
const TIMES: SocketTimes = { open: 20_000, brief: 30_000 };
const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** What a peer says it wants to rest is heard, within an hour. */
const LONGEST_REST_MS = 3_600_000;
/** Whoever stops does not wait longer for the last words of a socket. */
const STOP_MS = 2_000;

/**
 * Hears Slack over a socket that this server opens: for a server that nobody outside reaches. Who sent it is known by the connection,
 * which is Slack's own over TLS. An envelope is acknowledged once it is kept; one that is not is sent again. The client's own way to
 * connect again ends the program where Slack cannot be reached, so it is done here.
 */
export function slackListens(api: string, app: Secret, times: SocketTimes = TIMES): Listens {
  return (hear, onTrouble) => {
    const take = ({ ack, body }: Envelope) => {
      const bytes = JSON.stringify(body) ?? '';
      hear((at) => heardOf(bytes, body, at))
        .then(async ({ answer }) =>
          ack(
            answer && answer.body !== '' ? (JSON.parse(answer.body) as Record<string, unknown>) : undefined,
          ),
        )
        .catch((error: unknown) => onTrouble(String(error)));
    };
    const [{ host }, over] = [new URL(api), new AbortController()];
    const running = (async () => {
      for (let failures = 0; !over.signal.aborted;) {
        const client = clientOf(api, app, over.signal);
        client.on('slash_commands', take);
        client.on('interactive', take);
        const { opened, lastedMs, restMs } = await session(client, {
          host,
          over: over.signal,
          times,
          onTrouble,
        });
        failures = opened && lastedMs >= times.brief ? 0 : failures + 1;
        // Where Slack ends one another takes over at once; where it ends each at once it is left alone.
        const waitMs = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** Math.max(0, failures - 1));
        if (!opened || failures > 1) await pause(Math.max(waitMs, restMs), over.signal);
      }
    })();
    return {
      stop: async () => {
        over.abort();
        await Promise.race([running, pause(STOP_MS)]);
      },
    };
  };
}

interface Session {
  readonly host: string;
  readonly over: AbortSignal;
  readonly times: SocketTimes;
  readonly onTrouble: (because: string) => void;
}

/** One connection, until it ends. Whatever becomes of it, nothing of it is left. */
async function session(client: SocketModeClient, { host, over, times, onTrouble }: Session) {
  const ended = new Promise<void>((done) => client.once('disconnected', () => done()));
  const end = () => void client.disconnect();
  over.addEventListener('abort', end, { once: true });
  const late = new AbortController();
  const [beganMs, passed] = [performance.now(), { opened: false, restMs: 0 }];
  try {
    await Promise.race([
      client.start(),
      pause(times.open, late.signal).then(() =>
        Promise.reject(
          new SocketTrouble(`expected the socket of Slack to open within ${times.open / 1_000} s, got none`),
        ),
      ),
    ]);
    passed.opened = true;
    if (!over.aborted) await ended;
  } catch (error) {
    const said = whyNotTaken(error, host, over);
    if (!over.aborted) onTrouble(error instanceof SocketTrouble ? error.message : said.because);
    passed.restMs = said.kind === 'later' ? Math.min(LONGEST_REST_MS, said.retryAfterMs ?? 0) : 0;
  } finally {
    late.abort();
    over.removeEventListener('abort', end);
    end();
  }
  return { ...passed, lastedMs: performance.now() - beganMs };
}

function pause(ms: number, over?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (over?.aborted === true) return done();
    const timer = setTimeout(done, ms);
    over?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        done();
      },
      { once: true },
    );
  });
}
