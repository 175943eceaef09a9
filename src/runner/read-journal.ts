import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { journalEntry, type JournalEntry } from '../contract/journal.ts';

export interface JournalContents {
  readonly entries: readonly JournalEntry[];
  /** `sha256:<hex>` of the file's bytes. */
  readonly digest: string;
  /** Bytes of lines that cannot be read: a write that a crash has torn. */
  readonly tornBytes: number;
}

/** Reads a journal; a file that is not there is an empty one. */
export function readJournal(file: string): JournalContents {
  const bytes = readIfThere(file);
  const entries: JournalEntry[] = [];
  let tornBytes = 0;
  for (const line of bytes.toString('utf8').split('\n')) {
    if (line === '') continue;
    const entry = journalEntry.safeParse(parse(line));
    if (entry.success) entries.push(entry.data);
    else tornBytes += Buffer.byteLength(line);
  }
  return { entries, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, tornBytes };
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
