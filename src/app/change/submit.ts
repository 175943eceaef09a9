import type { ChangeSummary } from '../../contract/changes.ts';
import { formatProblem } from '../../documents/problem.ts';
import { setState, type RevisionRow } from '../../store/changes.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { holdFor } from './standing.ts';
import { summaryOf } from './view.ts';

/** Makes a draft a request that others see work in, once its plan has no error left. */
export async function submitChange(
  context: AppContext,
  call: Call,
  id: string,
): Promise<Outcome<ChangeSummary>> {
  const deed = { type: 'change.submitted', action: 'submit', object: `change/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const held = await holdFor(tx, call, id, 'submit');
    if (!held.ok) return held;
    const refused = await errorsIn(context, held.revision);
    if (refused) return refused;
    await setState(tx, id, 'unscheduled');
    const { digest: plan, revision } = held.row;
    return done({
      value: await summaryOf(tx, id),
      reason: 'submitted',
      digests: { plan },
      details: { revision },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** What the linter says now: the policy may have changed since the draft was saved. */
async function errorsIn(context: AppContext, revision: RevisionRow): Promise<Refused | null> {
  const { plan_file: file, plan_text: plan, scripts } = revision;
  const read = await context.readPlan({ file, plan, scripts });
  if (!read.ok) return read;
  const errors = read.value.revision.findings.filter(({ level, excepted }) => level === 'error' && !excepted);
  if (errors.length === 0) return null;
  const problems = errors.map(({ file: of, line, column, rule, message }) =>
    formatProblem({ file: of, line, column, message: `${rule}: ${message}` }),
  );
  return refuse('invalid', `expected a plan without errors, got ${errors.length} in it`, { problems });
}
