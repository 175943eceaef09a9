import { Button } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ChangeView } from '../../../src/contract/changes.ts';
import { Instant } from '../parts/instant.tsx';
import { Named } from '../parts/named.tsx';
import { printWhole, useLacking, useWholeOnPrintKey } from '../parts/printing.ts';
import { useShortcut } from '../parts/shortcut.ts';
import { serverNow } from '../server/clock.ts';
import { askHistory } from './history-words.ts';
import classes from './change-page.module.css';

/** Prints the whole of a request, every part of it, once all of it has come. */
export function PrintAct() {
  const queries = useQueryClient();
  useWholeOnPrintKey();
  useShortcut('p', 'Print all of it', () => void printWhole(queries));
  return (
    <Button variant="default" onClick={() => void printWhole(queries)}>
      Print
    </Button>
  );
}

/** What paper says of itself: when and where it is from, whether it is whole, its plan, the ledger's newest word about it. */
export function PrintedOf({ view }: { readonly view: ChangeView }) {
  const history = useInfiniteQuery(askHistory(view.id));
  const newest = history.data?.pages.at(-1)?.entries.at(-1);
  const lacks = useLacking();
  const rows: readonly (readonly [string, ReactNode])[] = [
    [
      'Printed',
      <span key="printed">
        <Instant at={new Date(serverNow()).toISOString()} show="moment" />, from {window.location.origin}
        /changes/{view.id}
      </span>,
    ],
    [
      'Plan',
      <span key="plan">
        revision {view.revision}, <code>{view.digest}</code>
      </span>,
    ],
    [
      'Ledger',
      newest ? (
        <span key="ledger">
          entry {newest.index} is the newest about it, recorded <Instant at={newest.at} show="moment" />
        </span>
      ) : (
        'its entries had not come when this was printed'
      ),
    ],
  ];
  return (
    <>
      {lacks > 0 && <p className="notice warn">This paper is not whole: {lacksText(lacks)}</p>}
      <Named rows={rows} boxed={false} className={classes['printed']} />
    </>
  );
}

function lacksText(count: number): string {
  return `${count === 1 ? 'one answer' : `${count} answers`} of the server had not come when it was printed. The page's button Print waits for them.`;
}
