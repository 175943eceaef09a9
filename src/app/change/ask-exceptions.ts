import { RULES, type RuleId } from '../../kernel/policy/rule.ts';
import type { ChangeRow } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import { insertException } from '../../store/exceptions.ts';
import type { PlanRead } from './read-plan.ts';
import { counts, wordsOf } from './words.ts';

/** Asks for the exceptions that a plan names, but for those that stand already, with the same reason. */
export async function askExceptions(
  tx: Transaction,
  { id, slot_edition }: Pick<ChangeRow, 'id' | 'slot_edition'>,
  by: string,
  { head: plan, outline: { digest } }: PlanRead,
): Promise<void> {
  if (plan.exceptions.length === 0) return;
  const known = new Set<string>(RULES satisfies readonly RuleId[]);
  const standing = (await wordsOf(tx, id)).exceptions.filter((one) => counts(one, digest));
  for (const { rule, reason } of plan.exceptions) {
    if (!known.has(rule)) continue;
    if (standing.some((one) => one.rule === rule && one.reason === reason)) continue;
    await insertException(tx, id, { rule, reason, digest, slot_edition, by });
  }
}
