import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { isForPage, pressShortcut } from '../parts/shortcut.ts';
import { PAGES } from './pages.ts';

/** When no `g` stands before a key; a page is young when its clock is near zero. */
const NEVER = Number.NEGATIVE_INFINITY;
/** How long after `g` the second key may come. */
const SECOND_KEY_MS = 1_500;

/** `g` and a letter lead to a page, `?` shows every key; all others belong to the page that is shown. */
export function useNavigationKeys(onHelp: () => void): void {
  const navigate = useNavigate();
  const latest = useRef(onHelp);
  useEffect(() => {
    latest.current = onHelp;
  });
  useEffect(() => {
    let first = NEVER;
    const pressed = (event: KeyboardEvent) => {
      if (!isForPage(event)) return;
      const second = event.timeStamp - first < SECOND_KEY_MS;
      first = NEVER;
      const page = second
        ? PAGES.flatMap(({ pages }) => pages).find(({ key }) => key === event.key)
        : undefined;
      if (page) void navigate({ to: page.to });
      else if (event.key === 'g') first = event.timeStamp;
      else if (event.key === '?') latest.current();
      else if (!pressShortcut(event.key)) return;
      event.preventDefault();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [navigate]);
}
