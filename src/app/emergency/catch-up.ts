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
import { capacitiesOf, IN_RETROSPECT, isSubject, retrospectKey, type Subject } from './retrospect.ts';
import { skippedByEmergency } from './skipped.ts';

const DAY_MS = 86_400_000;
/** Approvals and the hand-off are due within a day, the review within a week. */
const REVIEW_MS = 7 * DAY_MS;

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
  if (skipped.length === 0) return;
  const incident = facts.change?.resolvesIncident ?? 'an incident';
  const now = await clock(tx);
  const dueAt = new Date(now + DAY_MS);
  const subjects: readonly Subject[] = ['emergency', ...skipped.filter((rule) => isSubject(rule))];
  for (const subject of subjects) {
    const who = capacitiesOf(subject)
      .map((one) => one.toUpperCase())
      .join(' or ');
    const what =
      subject === 'emergency'
        ? `the emergency of ${incident}`
        : `\`${subject}\`, passed over for ${incident}`;
    const title = `approve in retrospect, as ${who}: ${what}, ${row.id}`;
    const owners = await ownersOf(tx, subject, row);
    for (let which = 0; which < wordsOn(context.policy, subject, row); which += 1) {
      const owner = owners[which % owners.length] ?? row.executor;
      const key = retrospectKey(subject, row.id, row.digest, which);
      await openTask(tx, { key, kind: IN_RETROSPECT, change: row.id, title, owner, dueAt });
    }
  }
  const { executor } = row;
  await openTask(tx, {
    key: `hand-off:${row.id}:${row.digest}`,
    kind: 'hand-off',
    change: row.id,
    title: `write the hand-off of ${row.id}, done in the emergency of ${incident}: state, silences, graphs`,
    owner: executor,
    dueAt,
  });
  await openTask(tx, {
    key: `emergency-review:${row.id}:${row.digest}`,
    kind: 'emergency-review',
    change: row.id,
    title: `review ${row.id}, done in the emergency of ${incident}; skipped: ${skipped.join(', ')}`,
    owner: (await onDutyNow(tx)).imoc ?? executor,
    dueAt: new Date(now + REVIEW_MS),
  });
}

/** How many words a rule asks for: a quorum asks for one of each reviewer. */
function wordsOn({ policy }: AppContext['policy'], subject: Subject, { severity }: ChangeRow): number {
  return subject === 'review-quorum' ? policy.severities[severity].reviewers : 1;
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
