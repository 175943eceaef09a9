/** The columns beside an entry, by which entries are found. Each repeats what the entry says. */
const COLUMNS = ['object', 'type', 'subject', 'outcome'] as const;

/** What stands beside an entry. */
export type Beside = { readonly [column in (typeof COLUMNS)[number]]: string | null };

/**
 * What differs beside an entry from what it says itself, in words; nothing where they agree. No hash covers these columns, and whoever
 * changed one would hide the entry from all that is found by it.
 */
export function differencesBeside(entry: string, beside: Beside): string[] {
  const said = cutFrom(entry) ?? parsedFrom(entry);
  return COLUMNS.filter((column) => said[column] !== beside[column]).map(
    (column) =>
      `expected the column \`${column}\` to say ${shown(said[column])}, as the entry does, got ${shown(beside[column])}`,
  );
}

/**
 * Cut out of the text, for parsing a hundred thousand entries costs as much as hashing them; `null` where it has to be parsed.
 *
 * INVARIANT: an entry is canonical JSON. Its members are sorted and no text in it has a quote without a backslash, so the first
 * `subject` is the actor's, and the last `object`, with `outcome` behind it, and the last `type` are the entry's own: `details` stand between.
 */
function cutFrom(entry: string): Beside | null {
  const subject = textBehind(entry, ',"subject":"', entry.indexOf(',"subject":"'));
  const object = textBehind(entry, ',"object":"', entry.lastIndexOf(',"object":"'));
  if (subject === null || object === null) return null;
  const outcome = textBehind(entry, '","outcome":"', object.end);
  const type = textBehind(entry, ',"type":"', entry.lastIndexOf(',"type":"'));
  if (outcome === null || type === null || !entry.startsWith('","version":1}', type.end)) return null;
  return { object: object.text, type: type.text, subject: subject.text, outcome: outcome.text };
}

/** The text that begins behind `before`, which is expected at an index, and where it ends; `null` where there is none or it has escapes. */
function textBehind(entry: string, before: string, at: number): { text: string; end: number } | null {
  if (at < 0 || !entry.startsWith(before, at)) return null;
  const start = at + before.length;
  const end = entry.indexOf('"', start);
  const text = entry.slice(start, end);
  return end < 0 || text.includes('\\') ? null : { text, end };
}

function parsedFrom(entry: string): Beside {
  const { object, type, actor, outcome } = membersOf(entry);
  return {
    object: textOf(object),
    type: textOf(type),
    subject: textOf(actor?.subject),
    outcome: textOf(outcome),
  };
}

interface Members {
  readonly object?: unknown;
  readonly type?: unknown;
  readonly actor?: { readonly subject?: unknown } | null;
  readonly outcome?: unknown;
}

/** Whoever writes past the program may write what is no JSON: it says nothing, and what stands beside it is without ground. */
function membersOf(entry: string): Members {
  try {
    return (JSON.parse(entry) as Members | null) ?? {};
  } catch {
    return {};
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function shown(text: string | null): string {
  return text === null ? 'nothing' : `\`${text}\``;
}
