import { notifyManager, type Query, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { flushSync } from 'react-dom';
import { useEffect, useSyncExternalStore } from 'react';

// Paper folds nothing out: while a page is printed everything of it is drawn.

const paper = window.matchMedia('print');
const listeners = new Set<() => void>();
let wanted = false;

function draw(): void {
  flushSync(() => {
    for (const listener of listeners) listener();
  });
}

/** The second drawing knows what the first one asked the server for. */
function tell(): void {
  draw();
  draw();
}

paper.addEventListener('change', tell);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the page is being printed, or made ready for it. */
export function usePrinting(): boolean {
  return useSyncExternalStore(subscribe, () => wanted || paper.matches);
}

/** Whether something that is shown has not come at all, or not to its end; what is only asked again is there already. */
function lacks(query: Query): boolean {
  const { data, fetchStatus, fetchMeta } = query.state;
  const goesOn = (fetchMeta as { fetchMore?: unknown } | null)?.fetchMore !== undefined;
  return query.isActive() && fetchStatus !== 'idle' && (data === undefined || goesOn);
}

function lacking(queries: QueryClient): number {
  return queries.getQueryCache().getAll().filter(lacks).length;
}

/** How many answers paper would lack if it were printed at this instant. */
export function useLacking(): number {
  const queries = useQueryClient();
  return useSyncExternalStore(
    (listener) => {
      const leave = subscribe(listener);
      const forget = queries.getQueryCache().subscribe(notifyManager.batchCalls(listener));
      return () => {
        leave();
        forget();
      };
    },
    () => lacking(queries),
  );
}

const LOOK_EVERY_MS = 100;
const LONGEST_MS = 15_000;

/** Draws everything, waits until what it shows has come, and opens the browser's dialog of printing. */
export async function printWhole(queries: QueryClient): Promise<void> {
  if (wanted) return;
  wanted = true;
  tell();
  try {
    const until = Date.now() + LONGEST_MS;
    // Twice in a row: what has just come may ask for more.
    for (let quiet = 0; quiet < 2 && Date.now() < until;) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      quiet = lacking(queries) === 0 ? quiet + 1 : 0;
    }
    window.print();
  } finally {
    wanted = false;
    tell();
  }
}

/** Whether it is the browser's key of printing: it would print at once, with what has come so far. */
function isPrintKey({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return key.toLowerCase() === 'p' && (ctrlKey || metaKey) && !altKey && !shiftKey;
}

/** Has Ctrl+P, or Cmd+P, print the whole, as the page's own button does. */
export function useWholeOnPrintKey(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!isPrintKey(event)) return;
      event.preventDefault();
      void printWhole(queries);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [queries]);
}
