import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { guardedReport, type GuardedReport } from '../../contract/guarded-commands.ts';

/** What this bastion wrote down of commands that the server has not heard of to their end. */
export interface Notebook {
  /** Writes a command down, on the disk when this returns; again with its end. */
  write(key: string, report: GuardedReport): void;
  /** What is still to be sent, the oldest first. */
  unsent(): readonly { readonly key: string; readonly report: GuardedReport }[];
  /** The server has it. */
  sent(key: string): void;
}

/** The notebook in the state folder of the person who works here. */
export function openNotebook(state: string): Notebook {
  const folder = path.join(state, 'guarded');
  const fileOf = (key: string) => path.join(folder, `${key}.json`);
  return {
    write: (key, report) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const next = path.join(folder, `.${key}`);
      const fd = openSync(next, 'w', 0o600);
      try {
        writeSync(fd, `${JSON.stringify(report)}\n`);
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      renameSync(next, fileOf(key));
    },
    unsent: () =>
      keysIn(folder)
        .flatMap((key) => read(key, fileOf(key)))
        .toSorted((a, b) => a.report.startedAt.localeCompare(b.report.startedAt)),
    sent: (key) => rmSync(fileOf(key), { force: true }),
  };
}

function keysIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^[0-9a-f-]{36}\.json$/.test(name))
      .map((name) => name.slice(0, -'.json'.length));
  } catch {
    return [];
  }
}

/** What cannot be read stays where it is, for a person to look at. */
function read(key: string, file: string): { key: string; report: GuardedReport }[] {
  try {
    const report = guardedReport.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return report.success ? [{ key, report: report.data }] : [];
  } catch {
    return [];
  }
}
