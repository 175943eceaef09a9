import type {
  RevisionDifference,
  RevisionPage,
  RevisionQuery,
  RevisionView,
} from '../../contract/change-history.ts';
import { AppError } from '../../contract/errors.ts';
import { differencesOf } from '../../plan/difference.ts';
import { changedParts } from '../../plan/digest.ts';
import { lineDifference } from '../../plan/line-difference.ts';
import { revisionsOf } from '../../store/change-history.ts';
import { findChange, findRevision, type RevisionRow } from '../../store/changes.ts';
import type { AppContext } from '../context.ts';
import { written } from './difference.ts';
import { partsOf } from './parts.ts';
import { noChange } from './show.ts';

/** More than any revision's number. */
const ABOVE_ALL = 2_147_483_647;

/** A page of the revisions of a request, the newest first. @throws {AppError} `not_found` */
export async function pageOfRevisions(
  { db }: AppContext,
  id: string,
  { before = ABOVE_ALL, limit }: RevisionQuery,
): Promise<RevisionPage> {
  if (!(await findChange(db, id))) throw noChange(id);
  const rows = await revisionsOf(db, id, { before, limit: limit + 1 });
  const revisions = rows.slice(0, limit).map((row, index) => {
    const former = rows[index + 1];
    const { revision, digest, by, at } = row;
    const changed = former ? [...changedParts(partsOf(former), partsOf(row))] : null;
    return { revision, by, at: at.toISOString(), digest, changed };
  });
  return { revisions, next: rows.length > limit ? (revisions.at(-1)?.revision ?? null) : null };
}

/** One revision as it was sent. @throws {AppError} `not_found` */
export async function showRevision(context: AppContext, id: string, revision: number): Promise<RevisionView> {
  const row = await revisionOf(context, id, revision);
  return {
    revision,
    by: row.by,
    at: row.at.toISOString(),
    digest: row.digest,
    planFile: row.plan_file,
    planText: row.plan_text,
    scripts: { ...row.scripts },
    findings: [...row.findings],
  };
}

/** What differs between two revisions of a request, by field and by line. @throws {AppError} `not_found` */
export async function differenceBetween(
  context: AppContext,
  id: string,
  [from, to]: readonly [number, number],
): Promise<RevisionDifference> {
  const [before, after] = [await revisionOf(context, id, from), await revisionOf(context, id, to)];
  const parts = changedParts(partsOf(before), partsOf(after));
  return {
    from,
    to,
    parts: [...parts],
    differences: [...differencesOf(written(before), written(after), parts)],
    files: filesThatDiffer(before, after),
  };
}

async function revisionOf({ db }: AppContext, id: string, revision: number): Promise<RevisionRow> {
  const row = await findRevision(db, id, revision);
  if (row) return row;
  if (!(await findChange(db, id))) throw noChange(id);
  throw new AppError(
    'not_found',
    `expected a revision of \`${id}\`, got \`${revision}\`, which it has none of`,
  );
}

function filesThatDiffer(before: RevisionRow, after: RevisionRow): RevisionDifference['files'] {
  const scripts = new Set([...Object.keys(before.scripts), ...Object.keys(after.scripts)]);
  const files = [
    { path: after.plan_file, was: before.plan_text, is: after.plan_text },
    ...[...scripts].map((path) => ({ path, was: before.scripts[path], is: after.scripts[path] })),
  ];
  return files
    .filter(({ was, is }) => was !== is)
    .map(({ path, was = '', is = '' }) => ({ path, ...lineDifference(was, is) }));
}
