import { useSyncExternalStore } from 'react';
import { connectionNow, onConnection } from '../server/connection.ts';
import { Instant } from '../parts/instant.tsx';

/** Says when what is shown may be old; nothing while all is well. */
export function ConnectionStrip() {
  const { state, answeredAt } = useSyncExternalStore(onConnection, connectionNow);
  return (
    <div role="status" aria-live="polite" data-print="hide">
      {state === 'asking' && (
        <div className="notice warn">Live updates are interrupted; the page asks every few seconds.</div>
      )}
      {state === 'offline' && (
        <div className="notice stop">
          Offline. What you see is{' '}
          {answeredAt === null ? (
            'nothing of the server'
          ) : (
            <>
              from <Instant at={new Date(answeredAt).toISOString()} show="exact" />
            </>
          )}
          ; the page asks again by itself.
        </div>
      )}
    </div>
  );
}
