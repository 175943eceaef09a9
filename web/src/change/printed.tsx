import { Button } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import type { ChangeView } from '../../../src/contract/changes.ts';
import { Instant } from '../parts/instant.tsx';
import { printWhole } from '../parts/printing.ts';
import { useShortcut } from '../parts/shortcut.ts';
import { serverNow } from '../server/clock.ts';
import { askHistory } from './history-words.ts';
import classes from './change-page.module.css';

/** Prints the whole of a request, every part of it, once all of it has come. */
export function PrintAct() {
  const queries = useQueryClient();
  useShortcut('p', 'Print all of it', () => void printWhole(queries));
  return (
    <Button variant="default" onClick={() => void printWhole(queries)}>
      Print
    </Button>
  );
}

/** What paper says of itself: of when and where it is, which plan it shows, and the ledger's newest word about it. */
export function PrintedOf({ view }: { readonly view: ChangeView }) {
  const history = useInfiniteQuery(askHistory(view.id));
  const newest = history.data?.pages.at(-1)?.entries.at(-1);
  return (
    <dl className={`rows ${classes['printed']}`}>
      <div>
        <dt>Printed</dt>
        <dd>
          <Instant at={new Date(serverNow()).toISOString()} show="moment" />, from {window.location.origin}
          /changes/{view.id}
        </dd>
      </div>
      <div>
        <dt>Plan</dt>
        <dd>
          revision {view.revision}, <code>{view.digest}</code>
        </dd>
      </div>
      <div>
        <dt>Ledger</dt>
        <dd>
          {newest ? (
            <>
              entry {newest.index} is the newest about it, recorded <Instant at={newest.at} show="moment" />
            </>
          ) : (
            'its entries had not come when this was printed'
          )}
        </dd>
      </div>
    </dl>
  );
}
