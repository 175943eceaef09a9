import type { QueryClient } from '@tanstack/react-query';
import { connectionNow, noteConnection, noteSilence } from './connection.ts';
import { restsOnAll, touchedBy } from './touched.ts';

/** Events that come together are answered together; the first after a quiet while almost at once, for it may be what stops production. */
const NEAR: Pace = { firstMs: 20, nextMs: 250 };
/** What rests on everything is asked anew less often: during a run something is recorded all the time. */
const FAR: Pace = { firstMs: 2_000, nextMs: 2_000 };
const RETRY_LEAST_MS = 1_000;
const RETRY_MOST_MS = 30_000;
/** How often a page asks anew by itself: rarely where it is told, often where it is not. */
const ASK_LIVE_MS = 30_000;
const ASK_ALONE_MS = 4_000;

/** How long a query may stand before it is asked anew. */
export function askAgainMs(): number {
  return connectionNow().state === 'live' ? ASK_LIVE_MS : ASK_ALONE_MS;
}

/**
 * Opens the one stream of events of this page and has each event ask anew what it touches. While the page is hidden it holds
 * none: a browser opens only six connections to a server, and whoever comes back reads everything anew. Answers how to stop.
 */
export function followStream(queries: QueryClient): () => void {
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let wait = RETRY_LEAST_MS;
  const near = gatherer(queries, NEAR, touchedBy);
  const far = gatherer(queries, FAR, (_object, key) => restsOnAll(key));
  const all = () => near.all();

  const open = () => {
    clearTimeout(retry);
    if (source !== null || document.hidden) return;
    source = new EventSource('/api/v1/stream');
    source.addEventListener('open', () => {
      wait = RETRY_LEAST_MS;
      noteConnection({ state: 'live', answeredAt: Date.now() });
    });
    source.addEventListener('reload', all);
    source.addEventListener('recorded', (event: MessageEvent<string>) => {
      near.one(objectOf(event.data));
      far.one(objectOf(event.data));
    });
    source.addEventListener('error', lost);
  };
  const lost = () => {
    close();
    if (connectionNow().state !== 'offline') noteConnection({ state: 'asking' });
    retry = setTimeout(open, wait);
    wait = Math.min(wait * 2, RETRY_MOST_MS);
    all();
  };
  const close = () => {
    clearTimeout(retry);
    source?.close();
    source = null;
  };
  const seen = () => (document.hidden ? close() : open());
  document.addEventListener('visibilitychange', seen);
  const away = () => {
    noteSilence();
    lost();
  };
  addEventListener('online', open);
  addEventListener('offline', away);
  open();
  return () => {
    document.removeEventListener('visibilitychange', seen);
    removeEventListener('online', open);
    removeEventListener('offline', away);
    near.stop();
    far.stop();
    close();
  };
}

function objectOf(data: string): string {
  const event = JSON.parse(data) as { readonly object?: unknown };
  return typeof event.object === 'string' ? event.object : '';
}

type Concerns = (object: string, key: readonly unknown[]) => boolean;

/** How long what is heard waits for more of it. */
interface Pace {
  readonly firstMs: number;
  /** After what was heard last. */
  readonly nextMs: number;
}

function gatherer(queries: QueryClient, { firstMs, nextMs }: Pace, concerns: Concerns) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let quietFrom = 0;
  let everything = false;
  const objects = new Set<string>();
  const flush = () => {
    timer = undefined;
    quietFrom = performance.now() + nextMs;
    if (everything) void queries.invalidateQueries();
    else
      void queries.invalidateQueries({
        predicate: ({ queryKey }) => [...objects].some((object) => concerns(object, queryKey)),
      });
    everything = false;
    objects.clear();
  };
  const soon = () => {
    timer ??= setTimeout(flush, performance.now() < quietFrom ? nextMs : firstMs);
  };
  return {
    one(object: string) {
      objects.add(object);
      soon();
    },
    all() {
      everything = true;
      soon();
    },
    stop: () => clearTimeout(timer),
  };
}
