import { useLayoutEffect, useRef } from 'react';
import { flushSync } from 'react-dom';

/** A key that does something on the page that is shown. */
export interface Shortcut {
  readonly key: string;
  readonly says: string;
}

const shortcuts = new Map<string, Shortcut & { readonly press: () => void }>();

/** The keys of the page that is shown. */
export function pageShortcuts(): readonly Shortcut[] {
  return [...shortcuts.values()];
}

/** Has a key do something while the component is shown, from the moment on at which it can be seen. */
export function useShortcut(key: string, says: string, press: () => void): void {
  const latest = useRef(press);
  useLayoutEffect(() => {
    latest.current = press;
  });
  useLayoutEffect(() => {
    shortcuts.set(key, { key, says, press: () => latest.current() });
    return () => void shortcuts.delete(key);
  }, [key, says]);
}

/** Whether a key was pressed for the page rather than for a field, a dialog or the browser. */
export function isForPage(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  const { target } = event;
  if (document.querySelector('dialog[open]')) return false;
  return !(
    target instanceof Element && target.closest('input, textarea, select, [contenteditable], [role=menu]')
  );
}

/** Does what the key does on this page; answers whether it does anything. */
export function pressShortcut(key: string): boolean {
  const shortcut = shortcuts.get(key);
  // What one key did is there for the next, however fast they come.
  if (shortcut) flushSync(() => shortcut.press());
  return shortcut !== undefined;
}
