/** How the page stands to the server, as far as it knows. */
export interface Connection {
  /** `live`: told of everything as it is recorded. `asking`: it asks again and again instead. `offline`: nobody answers. */
  readonly state: 'connecting' | 'live' | 'asking' | 'offline';
  /** When the server last answered anything, epoch milliseconds of this machine's clock. */
  readonly answeredAt: number | null;
  /** How far the server's clock is ahead of this machine's, in milliseconds; HTTP says it to the second. */
  readonly aheadMs: number;
}

let connection: Connection = { state: 'connecting', answeredAt: null, aheadMs: 0 };
const listeners = new Set<() => void>();

export function connectionNow(): Connection {
  return connection;
}

/** Calls the listener at each change; answers how to stop. */
export function onConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function noteConnection(change: Partial<Connection>): void {
  connection = { ...connection, ...change };
  for (const listener of listeners) listener();
}

/** The server answered, whatever it said. */
export function noteAnswer(response: Response): void {
  const now = Date.now();
  const theirs = Date.parse(response.headers.get('date') ?? '');
  // The header is cut to the second: half of one is the best guess of what is lost.
  const aheadMs = Number.isNaN(theirs) ? connection.aheadMs : theirs + 500 - now;
  const steady = Math.abs(aheadMs - connection.aheadMs) < 1_500;
  noteConnection({
    answeredAt: now,
    aheadMs: steady ? connection.aheadMs : aheadMs,
    ...(connection.state === 'offline' && { state: 'asking' }),
  });
}

/** No answer came at all. */
export function noteSilence(): void {
  if (connection.state !== 'offline') noteConnection({ state: 'offline' });
}
