import type { StandingRole } from '../../contract/people.ts';
import { approvalsOf } from '../../store/approvals.ts';
import { findChange } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import { isSameHuman } from '../../store/humans.ts';
import { siblingsDoneBy, type TaskRow } from '../../store/tasks.ts';
import type { Actor } from '../actor.ts';
import { refuse, type Refused } from '../outcome.ts';

export const IN_RETROSPECT = 'approval-in-retrospect';

/** Who gives the word that a rule asks for; `emergency` is the emergency itself. */
const CAPACITIES = {
  emergency: ['management', 'director', 'vpe'],
  'director-approval': ['director'],
  'management-approval': ['management'],
  'review-quorum': ['reviewer'],
  'first-iteration-review': ['reviewer'],
  'eoc-plan-review': ['eoc'],
  'eoc-coordination': ['eoc'],
  'eoc-written-issue': ['eoc'],
  'eoc-written-chat': ['eoc'],
  'eoc-verbal': ['eoc'],
  'release-coordination': ['eoc', 'imoc'],
} as const;
export type Subject = keyof typeof CAPACITIES;

/** Whether a word was skipped where this rule was. */
export function isSubject(rule: string): rule is Subject {
  return Object.hasOwn(CAPACITIES, rule);
}

export function capacitiesOf(subject: Subject): readonly (StandingRole | 'eoc' | 'imoc')[] {
  return CAPACITIES[subject];
}

export function retrospectKey(subject: Subject, change: string, digest: string, which: number): string {
  return `retrospect:${subject}:${change}:${digest}:${which}`;
}

/** What a task of this kind is a word on. */
export function subjectOf({ key }: Pick<TaskRow, 'key'>): Subject | null {
  const subject = key.split(':')[1] ?? '';
  return isSubject(subject) ? subject : null;
}

/**
 * Why somebody may not approve in retrospect: it takes the capacity that was passed over, and another human than those who acted:
 * the author, the executor, who approved the emergency, and who gave another such word on the same.
 */
export async function whyNotInRetrospect(
  tx: Transaction,
  actor: Actor,
  task: TaskRow,
): Promise<Refused | null> {
  const subject = subjectOf(task);
  const change = task.change_id === null ? undefined : await findChange(tx, task.change_id);
  if (subject === null || !change) return refuse('internal', 'expected a task of a request, got another');
  const wanted = capacitiesOf(subject);
  const held: readonly string[] = [...actor.standing, ...actor.onDuty];
  if (actor.kind !== 'person' || !wanted.some((one) => held.includes(one)))
    return refuse(
      'not_permitted',
      `expected somebody who is ${wanted.join(' or ')} now, got \`${actor.person}\``,
    );
  const emergency = (await approvalsOf(tx, change.id)).filter((one) => one.subject === 'emergency');
  const acted = [
    change.author,
    change.author_bot_of,
    change.executor,
    ...(subject === 'emergency' ? emergency.map(({ person }) => person) : []),
    ...(await siblingsDoneBy(tx, task)),
  ];
  return (await isSameHuman(tx, actor.person, acted))
    ? refuse('not_permitted', 'expected another person than those who acted, got one of them')
    : null;
}
