import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { journalEntry, type JournalEntry } from '../contract/journal.ts';

/** The runner's journal: an append-only file of JSON lines. Writing is synchronous, so that nothing overtakes it. */
export interface Journal {
  /** Appends an entry; `synced`: it is on the disk when this returns. */
  write(entry: JournalEntry, synced: boolean): void;
  close(): void;
}

/** Opens a journal for appending. A line that a crash or a full disk has torn is ended first, so that it spoils no other. */
export function openJournal(file: string): Journal {
  const fd = openSync(file, 'a', 0o600);
  syncFolder(path.dirname(file));
  const sofar = readFileSync(file);
  let torn = sofar.length > 0 && sofar.at(-1) !== 0x0a;
  return {
    write(entry, synced) {
      const line = `${torn ? '\n' : ''}${JSON.stringify(entry)}\n`;
      torn = true;
      writeAll(fd, Buffer.from(line));
      torn = false;
      if (synced) fdatasyncSync(fd);
    },
    close: () => closeSync(fd),
  };
}

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

/** The file's name is on the disk too, not only its bytes. */
function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

function writeAll(fd: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(fd, bytes, written);
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
