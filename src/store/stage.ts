import { sql } from 'kysely';
import type { Severity } from '../kernel/policy/facts.ts';
import { violatedConstraint, type Queries, type Transaction } from './database.ts';

/** Another run or claim stands in the way, by the constraint that says so. */
export class RunInTheWay extends Error {
  override readonly name = 'RunInTheWay';
  readonly kind: 'same-change' | 'stage';

  constructor(kind: 'same-change' | 'stage', cause: unknown) {
    super(`expected a free ${kind === 'stage' ? 'stage' : 'change'}, got a live run`, { cause });
    this.kind = kind;
  }
}

const IN_THE_WAY: Readonly<Record<string, 'same-change' | 'stage'>> = {
  runs_one_live_of_change: 'same-change',
  runs_change_id_idempotency_key_key: 'same-change',
  stage_alone: 'stage',
};

/**
 * Runs a write that takes a place on the stage. The transaction is lost when it is in the way of another; a start that
 * waits for another start to commit or not waits here.
 *
 * @throws {RunInTheWay}
 */
export async function takingTheStage<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const kind = IN_THE_WAY[violatedConstraint(error) ?? ''];
    throw kind === undefined ? error : new RunInTheWay(kind, error);
  }
}

/** "stage" in ASCII: starts queue here instead of waiting for each other in a circle. The constraints decide. */
const STAGE_QUEUE = '495622907749';

/** Waits for whoever starts just now. */
export async function queueForStage(tx: Transaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(${STAGE_QUEUE}::bigint)`.execute(tx);
}

/** Who works now: a run or a claim, with who answers for it. */
export interface OnStage {
  /** `RUN-1` or `CLAIM-1`. */
  readonly holder: string;
  /** The change of a run; `null` of a claim. */
  readonly change: string | null;
  readonly severity: Severity;
  readonly person: string;
}

/** Everything that has a place on the stage, the oldest first. */
export async function onStage(db: Queries): Promise<OnStage[]> {
  const { rows } = await sql<OnStage>`
    select p.holder, r.change_id as change, p.severity, coalesce(r.executor, c.person) as person
    from stage_places p left join runs r on r.id = p.holder left join claims c on c.id = p.holder
    order by p.number`.execute(db);
  return rows;
}
