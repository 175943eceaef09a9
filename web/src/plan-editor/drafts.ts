/** A plan that somebody writes in this browser. Nothing of it is at the server yet. */
export interface PlanDraft {
  readonly id: string;
  /** The draft that it was before it went apart from another tab's: whoever writes goes on in the same page. */
  readonly root: string;
  /** The change that it edits, as that was when it was begun; `null`: a new one. */
  readonly edits: { readonly change: string; readonly version: number; readonly tag: string } | null;
  /** What it was begun from, in words. */
  readonly begunFrom: string;
  readonly file: string;
  readonly text: string;
  readonly scripts: Readonly<Record<string, string>>;
  /** What it was begun with: as long as it is that, nothing is lost with it. */
  readonly begunText: string;
  readonly slot: { readonly start: string; readonly end: string } | null;
  readonly clonedFrom: string | null;
  readonly retryOf: string | null;
  /** One intention, one change: a second press and a press after a reload are the same one. */
  readonly key: string;
  /** RFC 3339. */
  readonly savedAt: string;
  /** The tab that wrote it last. */
  readonly writer: string;
}

const PREFIX = 'interlock:plan:';
const placeOf = (person: string, id: string) => `${PREFIX}${person}:${id}`;

/** This tab, as long as it lives. */
export const TAB = randomWord();

/** A word that nobody else has; also where there is no `crypto.randomUUID`, over plain HTTP. */
export function randomWord(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

/** A draft that is begun now. */
export function newDraft(
  begun: Pick<PlanDraft, 'begunFrom' | 'file' | 'text'> & Partial<PlanDraft>,
): PlanDraft {
  const id = randomWord();
  return {
    id,
    root: id,
    edits: null,
    scripts: {},
    slot: null,
    clonedFrom: null,
    retryOf: null,
    begunText: begun.text,
    key: randomWord(),
    savedAt: new Date().toISOString(),
    writer: TAB,
    ...begun,
  };
}

/** Whether something would be lost with it. */
export function isWritten({ text, begunText }: PlanDraft): boolean {
  return text !== begunText;
}

export function keptDraft(person: string, id: string): PlanDraft | null {
  return parsed(localStorage.getItem(placeOf(person, id)));
}

/** What a person began to write in this browser, the newest first. */
export function keptDrafts(person: string): readonly PlanDraft[] {
  const mine = placeOf(person, '');
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(mine));
  return keys
    .flatMap((key) => parsed(localStorage.getItem(key)) ?? [])
    .toSorted((a, b) => (a.savedAt < b.savedAt ? 1 : -1));
}

/** Whether the browser kept it: it has no room without end. */
export function keepDraft(person: string, draft: PlanDraft): boolean {
  try {
    localStorage.setItem(placeOf(person, draft.id), JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function dropDraft(person: string, id: string): void {
  localStorage.removeItem(placeOf(person, id));
}

/** Calls the listener where another tab writes a draft, or takes it away. Answers how to stop. */
export function onDraftElsewhere(person: string, id: string, listener: (draft: PlanDraft | null) => void) {
  const heard = ({ key, newValue }: StorageEvent) => {
    if (key === placeOf(person, id)) listener(parsed(newValue));
  };
  addEventListener('storage', heard);
  return () => removeEventListener('storage', heard);
}

function parsed(text: string | null): PlanDraft | null {
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as PlanDraft;
    return typeof value.text === 'string' && typeof value.id === 'string' ? value : null;
  } catch {
    // Something else wrote there.
    return null;
  }
}
