import type { ImportedPlan, NewImport } from '../../contract/imports.ts';
import { importIssue, type ImportedIssue } from '../../plan/issue/import.ts';
import { readPlan } from '../../plan/read.ts';
import type { Call } from '../actor.ts';
import { carryOutValue } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { fileRequest } from './open.ts';

const FILE = 'plan.yaml';

/** Makes a plan of an issue, lists what of the issue is not in it, and files it as a draft where that is asked for. */
export async function importChange(
  context: AppContext,
  call: Call,
  { issue, title, scripts, open }: NewImport,
): Promise<Outcome<ImportedPlan>> {
  const { hash } = context;
  const read = (text: string) => {
    const found = readPlan({ file: FILE, text }, { texts: scripts, hash });
    return found.ok ? found.plan : null;
  };
  const made = importIssue(issue, { title, read, hash });
  if (made.from === 'neither') return refuse('invalid', made.because);
  if (!open) return done({ ...viewOf(made), change: null });
  // What stands beside the file of an exported plan would be overlooked by whoever reviews the draft.
  if (made.from === 'export' && made.unread.length > 0) {
    const problems = made.unread.map(({ line, because }) => `line ${line}: ${because}`);
    return refuse(
      'invalid',
      `expected a plan that is all in its file, got ${problems.length} places beside it`,
      {
        problems,
      },
    );
  }
  const sent = await context.readPlan({ file: FILE, plan: made.text, scripts });
  const deed = { type: 'change.opened', action: 'open', object: 'change/new' };
  return carryOutValue(context, call, deed, async (tx) => {
    if (!sent.ok) return sent;
    const reason = `opened as a draft from an issue, by ${made.from === 'export' ? 'its exported plan' : 'its template'}`;
    const filed = await fileRequest(tx, { context, call }, sent.value, { draft: true, reason });
    return done({ ...filed, value: { ...viewOf(made), change: filed.value } });
  });
}

function viewOf(made: Exclude<ImportedIssue, { from: 'neither' }>): Omit<ImportedPlan, 'change'> {
  return {
    from: made.from,
    plan: made.text,
    fileEdited: made.from === 'export' && made.fileEdited,
    unread: [...made.unread],
  };
}
