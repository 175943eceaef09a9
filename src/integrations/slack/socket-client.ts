import { SocketModeClient } from '@slack/socket-mode';
import { boundedFetch } from '../outbound/bounded-fetch.ts';
import { jsonOf } from '../peer/ask.ts';
import type { Secret } from '../peer/secret.ts';
import { SILENT } from './web.ts';

/** It says an address, and little beside. */
const MAX_BYTES = 65_536;
/** No envelope is longer: a form holds a quarter of it at most. */
const LONGEST_MESSAGE = 1_048_576;

/** What is told there, and what is said of the connection itself. */
const KINDS: ReadonlySet<unknown> = new Set(['hello', 'disconnect', 'slash_commands', 'interactive']);

/** What is wrong with a connection, in words of ours. */
export class SocketTrouble extends Error {
  override readonly name = 'SocketTrouble';
}

/** Slack's own client of its socket, which believes whatever it is told, within what may be told. */
export function clientOf(api: string, app: Secret, signal: AbortSignal): SocketModeClient {
  const client = new SocketModeClient({
    appToken: app.reveal(),
    logger: SILENT,
    autoReconnectEnabled: false,
    clientOptions: {
      slackApiUrl: api,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: 10_000,
      fetch: boundedFetch(signal, MAX_BYTES),
    },
  });
  client.on('authenticated', ({ url }: { readonly url?: unknown }) => {
    if (!isSocketOf(api, url))
      throw new SocketTrouble(
        'expected the address of a web socket, over TLS where Slack is asked so, got another',
      );
  });
  hearOnly(client);
  return client;
}

/** Whether an address is one of a socket that is as private as the way that it was asked for. */
export function isSocketOf(api: string, url: unknown): boolean {
  const protocol = typeof url === 'string' ? URL.parse(url)?.protocol : undefined;
  return protocol === 'wss:' || (protocol === 'ws:' && new URL(api).protocol === 'http:');
}

/**
 * The client makes an event of whatever kind a message names, those by which it speaks to itself too, and a message that is no object
 * ends the program: what is no envelope does not come to it.
 */
function hearOnly(client: SocketModeClient): void {
  const heard = client.listeners('ws_message') as ((data: unknown, isBinary: boolean) => Promise<void>)[];
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: unknown, isBinary: boolean) => {
    if (isBinary || !isEnvelope(data)) return;
    for (const one of heard) one(data, isBinary).catch(() => undefined);
  });
}

function isEnvelope(data: unknown): boolean {
  if (typeof data !== 'string' || data.length > LONGEST_MESSAGE) return false;
  const message = jsonOf(Buffer.from(data));
  if (typeof message !== 'object' || message === null) return false;
  const { type, envelope_id: id } = message as Readonly<Record<string, unknown>>;
  return KINDS.has(type) && (id === undefined || (typeof id === 'string' && id.length <= 200));
}
