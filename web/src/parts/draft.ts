import { useCallback, useState } from 'react';

/** What somebody has begun to write: it outlives a reload of the page, and ends with the tab or when it is sent. */
export function useDraft<T extends object>(
  name: string,
  initial: T,
): readonly [T, (part: Partial<T>) => void, () => void] {
  const key = `draft:${name}`;
  const [draft, setDraft] = useState<T>(() => ({ ...initial, ...kept(key) }));
  const change = useCallback(
    (part: Partial<T>) =>
      setDraft((before) => {
        const after = { ...before, ...part };
        sessionStorage.setItem(key, JSON.stringify(after));
        return after;
      }),
    [key],
  );
  const forget = useCallback(() => sessionStorage.removeItem(key), [key]);
  return [draft, change, forget];
}

function kept(key: string): object {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(key) ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // Something else wrote there: the form begins anew.
    return {};
  }
}
