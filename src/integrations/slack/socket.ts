import { SocketModeClient } from '@slack/socket-mode';
import type { Listens } from '../../app/ports/connection.ts';
import type { Secret } from '../peer/secret.ts';
import { heardOf } from './payload.ts';
import { SILENT } from './web.ts';

/** What the client hands on of one envelope. */
interface Envelope {
  readonly ack: (answer?: Record<string, unknown>) => Promise<void>;
  readonly body: unknown;
}

const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** Whoever stops does not wait longer for the last words of a socket. */
const STOP_MS = 2_000;

/**
 * Hears Slack over a socket that this server opens: for a server that nobody outside reaches. Who sent it is known by the connection,
 * which is Slack's own over TLS. An envelope is acknowledged once it is kept; one that is not is sent again. The client's own way to
 * connect again ends the program where Slack cannot be reached, so it is done here.
 */
export function slackListens(api: string, app: Secret): Listens {
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
    const over = new AbortController();
    const running = (async () => {
      for (let failures = 0; !over.signal.aborted; failures += 1) {
        const connected = await session(clientOf(api, app, take), over.signal, onTrouble);
        if (connected) failures = 0;
        else await pause(Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** failures), over.signal);
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

function clientOf(api: string, app: Secret, take: (envelope: Envelope) => void): SocketModeClient {
  const client = new SocketModeClient({
    appToken: app.reveal(),
    logger: SILENT,
    autoReconnectEnabled: false,
    clientOptions: {
      slackApiUrl: api,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: 10_000,
    },
  });
  client.on('slash_commands', take);
  client.on('interactive', take);
  return client;
}

/** One connection, until it ends; false where there was none. Slack ends each after some hours, and another takes over. */
async function session(
  client: SocketModeClient,
  over: AbortSignal,
  onTrouble: (because: string) => void,
): Promise<boolean> {
  const ended = new Promise<void>((done) => client.once('disconnected', () => done()));
  const end = () => void client.disconnect();
  over.addEventListener('abort', end, { once: true });
  try {
    await client.start();
    if (over.aborted) end();
    await ended;
    return true;
  } catch (error) {
    if (!over.aborted) onTrouble(error instanceof Error ? error.message : 'the socket of Slack did not open');
    return false;
  } finally {
    over.removeEventListener('abort', end);
  }
}

function pause(ms: number, over?: AbortSignal): Promise<void> {
  return new Promise((done) => {
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
