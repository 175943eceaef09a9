import { useCallback, useEffect, useRef, useState } from 'react';
import {
  dropDraft,
  isWritten,
  keepDraft,
  keptDraft,
  onDraftElsewhere,
  randomWord,
  TAB,
  type PlanDraft,
} from './drafts.ts';

/** After the last key; what a reload would lose is kept at once. */
const REST_MS = 250;

/** What happened to a draft beside its being written. */
export type Kept =
  | { readonly state: 'kept' }
  /** The browser has no room for it. */
  | { readonly state: 'unkept' }
  /** Another tab wrote it too: what is written here is a draft of its own now. */
  | { readonly state: 'apart' }
  /** Another tab filed it, or threw it away. */
  | { readonly state: 'gone' };

export interface DraftInHand {
  readonly draft: PlanDraft;
  readonly change: (part: Partial<PlanDraft>) => void;
  readonly kept: Kept;
  /** How often it was read along from another tab: what was typed into a field before is old then. */
  readonly adopted: number;
  /** Ends it: it was filed, or is thrown away. */
  readonly end: () => void;
}

/**
 * A draft in this tab's hands. Each tab writes only what it read or wrote last: where another one wrote in between, neither
 * text is lost, this one goes on as a draft of its own.
 */
export function usePlanDraft(person: string, first: PlanDraft): DraftInHand {
  const [draft, setDraft] = useState(first);
  const [kept, setKept] = useState<Kept>({ state: 'kept' });
  const [adopted, setAdopted] = useState(0);
  const latest = useRef(first);
  /** When what the store holds was written, as far as this tab knows. */
  const seen = useRef(first.savedAt);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const ended = useRef(false);

  const keep = useCallback(() => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
    if (ended.current) return;
    const stored = keptDraft(person, latest.current.id);
    const elsewhere = stored !== null && stored.writer !== TAB && stored.savedAt !== seen.current;
    // Another key too: they are two intentions from here on.
    const own = elsewhere ? { id: randomWord(), key: randomWord() } : {};
    const next = { ...latest.current, ...own, savedAt: new Date().toISOString(), writer: TAB };
    latest.current = next;
    seen.current = next.savedAt;
    setDraft(next);
    if (!keepDraft(person, next)) setKept({ state: 'unkept' });
    else if (elsewhere) setKept({ state: 'apart' });
    else setKept((before) => (before.state === 'apart' ? before : { state: 'kept' }));
  }, [person]);

  const change = useCallback(
    (part: Partial<PlanDraft>) => {
      latest.current = { ...latest.current, ...part };
      setDraft(latest.current);
      if (timer.current === null) timer.current = setTimeout(keep, REST_MS);
    },
    [keep],
  );

  const end = useCallback(() => {
    ended.current = true;
    if (timer.current !== null) clearTimeout(timer.current);
    dropDraft(person, latest.current.id);
  }, [person]);

  useEffect(() => {
    const leave = () => {
      if (timer.current !== null) keep();
    };
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      leave();
      // What nobody wrote in is begun again in one press.
      if (!isWritten(latest.current)) dropDraft(person, latest.current.id);
    };
  }, [person, keep]);

  useEffect(
    () =>
      onDraftElsewhere(person, draft.id, (other) => {
        if (other === null) setKept({ state: 'gone' });
        // Where nothing was written here since, there is nothing to keep apart: this tab reads along.
        else if (timer.current === null && other.writer !== TAB) {
          latest.current = other;
          seen.current = other.savedAt;
          setDraft(other);
          setAdopted((before) => before + 1);
        }
      }),
    [person, draft.id],
  );
  return { draft, change, kept, adopted, end };
}
