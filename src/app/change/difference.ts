import { AppError } from '../../contract/errors.ts';
import type { WordDifference } from '../../contract/word-fates.ts';
import { differenceLines, differencesOf, type Written } from '../../plan/difference.ts';
import { changedParts } from '../../plan/digest.ts';
import { findChange, findRevision, revisionOfDigest, type RevisionRow } from '../../store/changes.ts';
import { transact, type Queries } from '../../store/database.ts';
import type { AppContext } from '../context.ts';
import { partsOf } from './parts.ts';
import { noChange } from './show.ts';
import { wordsOf } from './words.ts';

/** What differs between the plan that somebody approved and the one in force. @throws {AppError} `not_found` */
export async function differenceSince(
  context: AppContext,
  id: string,
  approval: bigint,
): Promise<WordDifference> {
  return transact(
    context.db,
    async (tx) => {
      const row = await findChange(tx, id);
      const now = row && (await findRevision(tx, id, row.revision));
      if (!now) throw noChange(id);
      const given = (await wordsOf(tx, id)).approvals.find((one) => one.id === approval);
      const seen = given && (await revisionOfDigest(tx, id, given.digest));
      if (!seen)
        throw new AppError('not_found', `expected an approval of \`${id}\`, got a number that none has`);
      const parts = changedParts(partsOf(seen), partsOf(now));
      const differences = differencesOf(written(seen), written(now), parts);
      return { since: seen.digest, now: now.digest, parts: [...parts], differences: [...differences] };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

/** What differs between the plan of a digest that somebody signed and a revision since, in lines for a person. */
export async function linesSince(
  db: Queries,
  id: string,
  { digest, revision }: { readonly digest: string; readonly revision: number },
): Promise<readonly string[]> {
  const seen = await revisionOfDigest(db, id, digest);
  const now = await findRevision(db, id, revision);
  if (!seen || !now) throw new Error(`expected the revisions of \`${id}\` that words are about, got none`);
  const parts = changedParts(partsOf(seen), partsOf(now));
  return differenceLines(differencesOf(written(seen), written(now), parts));
}

/** A revision as a person wrote it. */
export function written({ plan_text, scripts }: Pick<RevisionRow, 'plan_text' | 'scripts'>): Written {
  return { text: plan_text, scripts };
}
