import { durationText } from '../../contract/duration.ts';
import type { Plan } from '../../contract/plan.ts';
import { formatInstant } from '../../kernel/calendar/instant.ts';
import { fillIssueText, ISSUE_TEXTS, type IssuePlace } from '../../kernel/change/issue-text.ts';
import { requirementsOf } from '../../kernel/policy/requirement.ts';
import type { RuleId } from '../../kernel/policy/rule.ts';
import { aboutText, exportPlan } from '../../plan/issue/export.ts';
import { code, inline } from '../../plan/issue/markdown.ts';
import type { ChangeRow, RevisionRow } from '../../store/changes.ts';
import type { AppContext } from '../context.ts';
import { phraseFor } from './issue-word.ts';

/** Of the text of an issue, less than any tracker takes; a longer plan is read here. */
const LONGEST = 60_000;
/** Of a list above the plan; the plan has the rest. */
const MOST_LINES = 50;

/** The rules that ask somebody for a word, in the order in which they are wanted. */
const WORDS: readonly RuleId[] = [
  'director-approval',
  'management-approval',
  'review-quorum',
  'first-iteration-review',
  'eoc-plan-review',
  'release-coordination',
  'eoc-coordination',
  'announced',
  'eoc-written-issue',
  'eoc-written-chat',
  'eoc-verbal',
  'eoc-engaged',
];

/** Our part of the issue of a request: what it is, what its criticality calls for, and its plan. */
export function issueBody(
  context: Pick<AppContext, 'policy' | 'connections' | 'hash'>,
  row: ChangeRow,
  { plan_text: text, plan }: RevisionRow,
): string {
  const { criticality } = row;
  const first = [
    `**${row.id}** is \`${row.state}\`. This part of the text is written by Interlock; what stands around it is yours.`,
    ...(context.policy.policy.criticalities[criticality].asks.has('eoc-written-issue')
      ? [
          '',
          `The engineer on call approves the start with a comment that begins: \`${phraseFor(row.digest)}\``,
        ]
      : []),
  ].join('\n');
  const own = context.connections.issueTexts?.[criticality] ?? ISSUE_TEXTS[criticality];
  const about = `${first}\n\n${fillIssueText(own, valuesOf(context, row, plan))}\n`;
  const whole = `${aboutText(about, context.hash)}\n${exportPlan(text, plan, context.hash)}`;
  if (whole.length <= LONGEST) return whole;
  const rest = `${inline(plan.objective)}\n\nThe plan is too long for an issue; it is read in Interlock.`;
  const short = `${about}\n${rest}`;
  return short.length <= LONGEST ? short : `${first}\n\n${rest}`;
}

function valuesOf(
  { policy: { policy } }: Pick<AppContext, 'policy'>,
  row: ChangeRow,
  plan: Plan,
): Readonly<Record<IssuePlace, string>> {
  const { criticality } = row;
  const { severity, kind, deployment, rollback } = plan;
  // Whether its procedure has graduated changes with its record: the text names what a change asks that has not.
  const profile = { criticality, severity, kind, deployment, graduated: false } as const;
  const wanted = requirementsOf(policy, profile).filter(({ rule }) => WORDS.includes(rule));
  return {
    id: row.id,
    title: inline(plan.title),
    objective: inline(plan.objective),
    impact: inline(plan.impact),
    environment: code(plan.environment),
    slot: slotText(row),
    bridge: plan.bridge === null ? 'None is named.' : code(plan.bridge),
    people: list(peopleOf(row, plan)),
    words: list(
      wanted.map(({ rule, what }) => `${inline(what)} ${code(rule)}`),
      'None.',
    ),
    communication: list(
      plan.communication.map(
        ({ audience, every }) =>
          `${audience}: at the start, at the end${every === undefined ? '' : `, and every ${durationText(every)}`}`,
      ),
      'Nobody is named.',
    ),
    rollback: list([
      `Takes ${durationText(plan.estimate.rollback)}.`,
      rollback.pointOfNoReturn === null
        ? 'No point of no return.'
        : `Point of no return: after ${code(rollback.pointOfNoReturn.after)}. ${inline(rollback.pointOfNoReturn.reason)}`,
      ...rollback.steps.map(({ name, estimate }) => `${inline(name)}, ${durationText(estimate)}`),
    ]),
  };
}

function peopleOf({ author }: ChangeRow, { team, executor, reviewers, emoc, cmoc }: Plan): readonly string[] {
  return [
    `**Author**: ${named([author])}`,
    `**Team**: ${named(team)}`,
    `**Executor**: ${named([executor])}`,
    `**Reviewers**: ${named(reviewers)}`,
    `**EMOC**: ${named([emoc])}`,
    `**CMOC**: ${named([cmoc])}`,
  ];
}

function named(people: readonly (string | null)[]): string {
  const known = people.filter((one) => one !== null);
  return known.length === 0 ? 'not named' : known.map((one) => code(one)).join(', ');
}

function slotText({ slot_start: start, slot_end: end }: ChangeRow): string {
  if (start === null || end === null) return 'no slot yet';
  return `${formatInstant(start.getTime())} to ${formatInstant(end.getTime())}`;
}

function list(items: readonly string[], none = ''): string {
  if (items.length === 0) return none;
  const left = items.length - MOST_LINES;
  const shown = items.slice(0, MOST_LINES).map((item) => `- ${item}`);
  return [...shown, ...(left > 0 ? [`- and ${left} more`] : [])].join('\n');
}
