import { AppError } from '../contract/errors.ts';
import type {
  PolicyDifferenceAnswer,
  PolicyText,
  PolicyVersion,
  PolicyVersions,
} from '../contract/policies.ts';
import { policyFileDifferences } from '../documents/policy-difference.ts';
import { lineDifference } from '../plan/line-difference.ts';
import { policiesInForce, type PolicyInForceRow } from '../store/policies-in-force.ts';
import type { AppContext } from './context.ts';
import { BadPolicy, policyInForce } from './read-policy.ts';

/** Every policy that was in force on this database, the newest first. */
export async function listPolicies({ db }: AppContext): Promise<PolicyVersions> {
  return { versions: (await policiesInForce(db)).map(versionView) };
}

/** What one of them says. @throws {AppError} `not_found` */
export async function showPolicy(context: AppContext, number: number): Promise<PolicyText> {
  const { row, text } = await keptPolicy(context, number);
  return { ...versionView(row), text };
}

/**
 * How one differs from another: in words, by what each asks of every kind of change, and line by line. @throws {AppError}
 * `not_found`
 */
export async function comparePolicies(
  context: AppContext,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<PolicyDifferenceAnswer> {
  const [before, after] = [await keptPolicy(context, from), await keptPolicy(context, to)];
  const { text: lines, cut } = lineDifference(before.text, after.text);
  return {
    from: versionView(before.row),
    to: versionView(after.row),
    ...inWords(context, before, after),
    lines,
    cut,
  };
}

function inWords(
  { hash }: AppContext,
  before: Kept,
  after: Kept,
): Pick<PolicyDifferenceAnswer, 'words' | 'unreadable'> {
  try {
    const [old, now] = [before, after].map(({ row, text }) =>
      policyInForce(`policy ${row.number}`, text, hash),
    ) as [ReturnType<typeof policyInForce>, ReturnType<typeof policyInForce>];
    return { words: [...policyFileDifferences(old, now)], unreadable: null };
  } catch (error) {
    // A text of long ago may be in a form that is not read any more.
    if (!(error instanceof BadPolicy)) throw error;
    return { words: null, unreadable: error.problems[0] ?? 'it cannot be read' };
  }
}

interface Kept {
  readonly row: PolicyInForceRow;
  readonly text: string;
}

async function keptPolicy({ db }: AppContext, number: number): Promise<Kept> {
  const row = (await policiesInForce(db)).find((one) => one.number === BigInt(number));
  if (!row)
    throw new AppError('not_found', `expected the number of a policy that was in force, got \`${number}\``);
  const { text } = row;
  if (text === null) {
    throw new AppError(
      'not_found',
      `expected a policy of which the text was kept, got ${number}: it was put in force before texts were`,
    );
  }
  return { row, text };
}

function versionView(row: PolicyInForceRow): PolicyVersion {
  return {
    number: Number(row.number),
    digest: row.digest,
    name: row.name,
    since: row.since.toISOString(),
    until: row.until?.toISOString() ?? null,
    by: row.started_by,
    ledgerIndex: row.ledger_index?.toString() ?? null,
    kept: row.text !== null,
  };
}
