import { useState } from 'react';

/** The last that there was: what is drawn does not come and go while a text is broken between two keys. */
export function useLast<T>(now: T | null): T | null {
  const [last, setLast] = useState(now);
  if (now !== null && now !== last) setLast(now);
  return now ?? last;
}
