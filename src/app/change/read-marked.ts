import type { ChangePreview } from '../../contract/change-preview.ts';
import type { CeremonyView } from '../../contract/ceremony.ts';
import { placeOfProblem } from '../../documents/problem.ts';
import { clock } from '../../store/clock.ts';
import { transact } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { done, type Outcome } from '../outcome.ts';
import { asNew } from './as-new.ts';
import { ceremonyOfFiled } from './ceremony.ts';
import type { PlanRead, SentPlan } from './read-plan.ts';

/** What is wrong with a plan that is being written. `null`: it is none yet. */
export interface Marked extends Pick<ChangePreview, 'problems' | 'findings'> {
  readonly read: PlanRead | null;
}

/** Reads a plan that is being written as one that is sent is read, and lints it by the clock of this moment too: for every door it is written at. */
export async function readMarked(context: AppContext, sent: SentPlan): Promise<Outcome<Marked>> {
  const read = await context.readPlan({ ...sent, now: await clock(context.db) });
  if (read.ok) return done({ problems: [], findings: [...read.value.revision.findings], read: read.value });
  const { problems } = (read.refusal.details ?? {}) as { readonly problems?: readonly string[] };
  // A plan that takes too long to be read has no mistakes to show.
  if (problems === undefined) return read;
  return done({
    problems: problems.map((text) => placeOfProblem(text, sent.file)),
    findings: [],
    read: null,
  });
}

/** What such a plan would count as and need, by what it says alone. */
export function ceremonyOfRead(context: AppContext, call: Call, read: PlanRead): Promise<CeremonyView> {
  return transact(
    context.db,
    async (tx) => {
      const { row, revision } = await asNew(tx, call, read);
      return ceremonyOfFiled(tx, context, row, revision);
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}
