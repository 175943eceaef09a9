import type { RuleId } from '../../kernel/policy/rule.ts';
import type { ChangeRow } from '../../store/changes.ts';
import type { AppContext } from '../context.ts';
import { capacitiesOf, IN_RETROSPECT, isSubject, retrospectKey, type Subject } from './retrospect.ts';

const HOUR_MS = 3_600_000;
/** Approvals and the hand-off are due within a day, the review within a week. */
const DAY_MS = 24 * HOUR_MS;
const REVIEW_MS = 7 * DAY_MS;

/** Something that an emergency leaves to be done afterwards. */
export interface ToCatchUp {
  readonly kind: typeof IN_RETROSPECT | 'hand-off' | 'emergency-review';
  readonly key: string;
  readonly title: string;
  readonly withinMs: number;
  /** What a word in retrospect is on, and which of several it is. */
  readonly word: { readonly subject: Subject; readonly which: number } | null;
}

/** All that is to be caught up on where these rules were skipped; nothing where none was. */
export function toCatchUp(
  context: Pick<AppContext, 'policy'>,
  row: ChangeRow,
  { incident, skipped }: { readonly incident: string; readonly skipped: readonly RuleId[] },
): readonly ToCatchUp[] {
  if (skipped.length === 0) return [];
  const { id, digest } = row;
  const subjects: readonly Subject[] = ['emergency', ...skipped.filter((rule) => isSubject(rule))];
  return [
    ...subjects.flatMap((subject) => wordsOn(context, row, subject, incident)),
    {
      kind: 'hand-off',
      key: `hand-off:${id}:${digest}`,
      title: `write the hand-off of ${id}, done in the emergency of ${incident}: state, silences, graphs`,
      withinMs: DAY_MS,
      word: null,
    },
    {
      kind: 'emergency-review',
      key: `emergency-review:${id}:${digest}`,
      title: `review ${id}, done in the emergency of ${incident}; skipped: ${skipped.join(', ')}`,
      withinMs: REVIEW_MS,
      word: null,
    },
  ];
}

/** The words in retrospect that a rule asks for: a quorum asks for one of each reviewer. */
function wordsOn(
  { policy: { policy } }: Pick<AppContext, 'policy'>,
  { id, digest, severity }: ChangeRow,
  subject: Subject,
  incident: string,
): ToCatchUp[] {
  const who = capacitiesOf(subject)
    .map((one) => one.toUpperCase())
    .join(' or ');
  const what =
    subject === 'emergency' ? `the emergency of ${incident}` : `\`${subject}\`, passed over for ${incident}`;
  const count = subject === 'review-quorum' ? policy.severities[severity].reviewers : 1;
  return Array.from({ length: count }, (_, which) => ({
    kind: IN_RETROSPECT,
    key: retrospectKey(subject, id, digest, which),
    title: `approve in retrospect, as ${who}: ${what}, ${id}`,
    withinMs: DAY_MS,
    word: { subject, which },
  }));
}
