import type { ErrorBudgets } from '../../contract/error-budgets.ts';
import type { PolicyFile } from '../../contract/policy.ts';
import { readQuery } from '../../plan/promql.ts';
import type { Queries } from '../../store/database.ts';
import { insertReading, newestReading, thinReadings } from '../../store/error-budgets.ts';
import { databaseClockMs } from '../../store/monitoring.ts';
import type { AppContext } from '../context.ts';

/** Reads every error budget for which the policy has a query. What cannot be read is kept too, with why. */
export async function readBudgets(context: AppContext): Promise<void> {
  const { budgets, db } = context;
  if (budgets === null) return;
  for (const [service, { query }] of Object.entries(context.policy.file.errorBudgets)) {
    if (query === null) continue;
    const { selectors } = readQuery(query);
    const reading = await budgets.read({ query, selectors, nowMs: await databaseClockMs(db) });
    await insertReading(db, { service, query, ...reading });
  }
  await thinReadings(db);
}

/** A budget as a decision sees it. */
export interface BudgetFact {
  readonly service: string;
  /** `null`: unknown, which counts as burnt. */
  readonly remaining: number | null;
  readonly threshold: number;
}

/**
 * The budgets of these services that the policy names. The newest reading counts as long as it is young enough: an older number
 * never stands in for one that could not be read.
 */
export async function budgetFacts(
  db: Queries,
  services: ReadonlySet<string>,
  policy: Pick<PolicyFile, 'errorBudgets' | 'limits'> | undefined,
): Promise<BudgetFact[]> {
  const facts: BudgetFact[] = [];
  if (policy === undefined) return facts;
  const { errorBudgets, limits } = policy;
  for (const service of services) {
    const budget = Object.hasOwn(errorBudgets, service) ? errorBudgets[service] : undefined;
    if (budget === undefined) continue;
    const { query, threshold } = budget;
    const reading = query === null ? undefined : await newestReading(db, service, query);
    const young = reading !== undefined && reading.age_ms <= limits.errorBudgetAge;
    facts.push({ service, remaining: young ? reading.remaining : null, threshold });
  }
  return facts;
}

/** Every error budget of the policy, as it was read last. */
export async function showBudgets({ db, policy }: AppContext): Promise<ErrorBudgets> {
  const shown: ErrorBudgets['budgets'] = [];
  for (const [service, { query, threshold }] of Object.entries(policy.file.errorBudgets)) {
    const reading = query === null ? undefined : await newestReading(db, service, query);
    const young = reading !== undefined && reading.age_ms <= policy.file.limits.errorBudgetAge;
    const remaining = young ? reading.remaining : null;
    shown.push({
      service,
      threshold,
      query,
      remaining,
      burnt: remaining === null || remaining <= threshold,
      because: whyOf(query, reading?.because, young),
      readAt: reading?.read_at.toISOString() ?? null,
    });
  }
  return { budgets: shown };
}

function whyOf(query: string | null, because: string | undefined, young: boolean): string {
  if (query === null) return 'the policy has no query for it';
  if (because === undefined) return 'it was never read';
  return young ? because : `the last reading is too old: ${because}`;
}
