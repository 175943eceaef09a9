import { closeSync, fdatasyncSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { JournalEntry } from '../contract/journal.ts';

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
