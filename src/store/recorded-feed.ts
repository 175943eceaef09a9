import { Client } from 'pg';

/** Something was recorded: the ledger's index, and what it is about (`change/CHG-12`). */
export interface RecordedEvent {
  readonly index: string;
  readonly object: string;
}

type Listener = (event: RecordedEvent | 'missed') => void;

/** What was recorded by whichever server, as it is committed. */
export interface RecordedFeed {
  /** Calls the listener for each event; `missed` says that some may have been lost. Answers how to stop. */
  subscribe(listener: Listener): () => void;
  stop(): Promise<void>;
}

const CHANNEL = 'interlock_recorded';
const RETRY_MS = 500;

/** Listens on a connection of its own, from the first subscriber on; where it breaks it is made again. */
export function openRecordedFeed(url: string): RecordedFeed {
  const listeners = new Set<Listener>();
  let client: Client | null = null;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  const tell = (event: RecordedEvent | 'missed') => {
    for (const listener of listeners) listener(event);
  };
  const lost = () => {
    client = null;
    if (!stopped) retry = setTimeout(connect, RETRY_MS);
  };
  const connect = () => {
    const fresh = new Client({ connectionString: url, application_name: 'interlock feed' });
    client = fresh;
    fresh.on('error', () => undefined);
    fresh.once('end', lost);
    fresh.on('notification', ({ payload }) => tell(JSON.parse(payload ?? '{}') as RecordedEvent));
    // What was committed before we listened may have been missed.
    fresh
      .connect()
      .then(() => fresh.query(`listen ${CHANNEL}`))
      .then(() => tell('missed'))
      .catch(() => fresh.end().catch(() => undefined));
  };
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      if (!client && !stopped) connect();
      return () => listeners.delete(listener);
    },
    stop: async () => {
      stopped = true;
      clearTimeout(retry);
      listeners.clear();
      await client?.end().catch(() => undefined);
    },
  };
}
