import type { FactsDocument } from '../../contract/facts.ts';
import type { StandingRole } from '../../contract/people.ts';
import type { Decision } from '../../kernel/policy/rule.ts';
import type { ChangeRow } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import { isSameHuman } from '../../store/humans.ts';
import { onDutyNow } from '../../store/rota.ts';
import { clock } from '../../store/clock.ts';
import { holdersOf } from '../../store/standing-roles.ts';
import type { AppContext } from '../context.ts';
import { openTask } from '../task/open.ts';
import { capacitiesOf, type Subject } from './retrospect.ts';
import { skippedByEmergency } from './skipped.ts';
import { toCatchUp, type ToCatchUp } from './to-catch-up.ts';

interface Passed {
  readonly row: ChangeRow;
  readonly facts: FactsDocument;
  readonly decision: Decision;
}

/**
 * Opens what is to be caught up on, in the transaction of the start or step that an emergency let through: each word that was
 * passed over, a word on the emergency itself by somebody else, the hand-off, the review. Once for each plan.
 */
export async function catchUpOn(
  tx: Transaction,
  context: AppContext,
  { row, facts, decision }: Passed,
): Promise<void> {
  const skipped = skippedByEmergency(context.policy.policy, facts, decision);
  const incident = facts.change?.resolvesIncident ?? 'an incident';
  const now = await clock(tx);
  for (const { kind, key, title, withinMs, word } of toCatchUp(context, row, { incident, skipped })) {
    const owner = await ownerOf(tx, row, kind, word);
    await openTask(tx, { key, kind, change: row.id, title, owner, dueAt: new Date(now + withinMs) });
  }
}

async function ownerOf(
  tx: Transaction,
  row: ChangeRow,
  kind: ToCatchUp['kind'],
  word: ToCatchUp['word'],
): Promise<string> {
  if (word !== null) {
    const owners = await ownersOf(tx, word.subject, row);
    return owners[word.which % owners.length] ?? row.executor;
  }
  return kind === 'hand-off' ? row.executor : ((await onDutyNow(tx)).imoc ?? row.executor);
}

/** Who is asked, the first first: those of the capacity, not those who acted; where there is none, the incident manager. */
async function ownersOf(tx: Transaction, subject: Subject, row: ChangeRow): Promise<string[]> {
  const { eoc, imoc } = await onDutyNow(tx);
  const wanted = capacitiesOf(subject);
  const standing = wanted.filter((one): one is StandingRole => one !== 'eoc' && one !== 'imoc');
  const able = [
    ...(wanted.includes('eoc') ? [eoc] : []),
    ...(wanted.includes('imoc') ? [imoc] : []),
    ...(standing.length === 0 ? [] : await holdersOf(tx, standing)),
  ];
  const owners: string[] = [];
  for (const person of able) {
    if (person === undefined) continue;
    if (!(await isSameHuman(tx, person, [row.author, row.author_bot_of, row.executor]))) owners.push(person);
  }
  return owners.length > 0 ? owners : [imoc ?? row.executor];
}
