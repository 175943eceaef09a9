import { guardedCommand, type GuardedReport } from '../contract/guarded-commands.ts';
import type { Notebook } from '../runner/guard/notebook.ts';
import type { CliContext } from './context.ts';

/** Nobody who resolves an incident waits longer than this for a server. */
const SEND_MS = 2_000;

/** Sends what a bastion wrote down; what the server has to its end is forgotten here. Gives how many are left. */
export async function sendNotebook(context: CliContext, notebook: Notebook): Promise<number> {
  const unsent = notebook.unsent();
  for (const [index, { key, report }] of unsent.entries()) {
    // Where one does not get through, those behind it would only be waited for.
    if (!(await sendGuarded(context, key, report))) return unsent.length - index;
    if (report.ended !== null) notebook.sent(key);
  }
  return notebook.unsent().length;
}

/** Tells the server of one command; whether it has it. */
export async function sendGuarded(context: CliContext, key: string, report: GuardedReport): Promise<boolean> {
  try {
    await context.client().ask('PUT', `/api/v1/guarded-commands/by-key/${key}`, {
      body: report,
      answer: guardedCommand,
      signal: AbortSignal.timeout(SEND_MS),
    });
    return true;
  } catch {
    return false;
  }
}
