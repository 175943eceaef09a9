import type { QueryClient } from '@tanstack/react-query';
import { flushSync } from 'react-dom';
import { useSyncExternalStore } from 'react';

// Paper folds nothing out: while a page is printed everything of it is drawn.

const paper = window.matchMedia('print');
const listeners = new Set<() => void>();
let wanted = false;

function tell(): void {
  flushSync(() => {
    for (const listener of listeners) listener();
  });
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

const LOOK_EVERY_MS = 100;
const LONGEST_MS = 15_000;

/** Draws everything, waits until what it shows has come, and opens the browser's dialog of printing. */
export async function printWhole(queries: QueryClient): Promise<void> {
  if (wanted) return;
  wanted = true;
  tell();
  try {
    const until = Date.now() + LONGEST_MS;
    do await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    while (queries.isFetching() > 0 && Date.now() < until);
    window.print();
  } finally {
    wanted = false;
    tell();
  }
}
