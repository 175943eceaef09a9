import { MEASURES, type Check } from '../../contract/check.ts';
import { durationText } from '../../contract/duration.ts';
import type { Plan, RollbackStep, Step } from '../../contract/plan.ts';
import { formatInstant } from '../../kernel/calendar/instant.ts';
import { code, inline } from './markdown.ts';

/** A plan for people, as Markdown: what it is, and in order what is checked, done, verified and undone. The same plan gives the same lines. */
export function renderPlan(plan: Plan): readonly string[] {
  return [
    `## ${inline(plan.title)}`,
    '',
    ...facts(plan),
    ...section('Targets', plan.targets, ({ name, type, environment }) => [
      `${code(name)}, ${inline(type)}${environment === undefined ? '' : ` of ${code(environment)}`}`,
    ]),
    ...section('Assumptions', plan.assumptions, (one) => [
      'check' in one
        ? `${inline(one.text)} Proven by: ${inline(one.check)}`
        : `${inline(one.text)} No check: ${inline(one.exception)}`,
    ]),
    ...section('Pre-flight checks', plan.preflight, (one) => [
      checkText(one),
      ...(one.corrective ? [`where it fails: ${argv(one.corrective)}`] : []),
    ]),
    ...section(`Steps, ${durationText(plan.estimate.steps)}`, plan.steps, stepLines),
    ...section('Post-verification checks', plan.postchecks, (one) => [checkText(one)]),
    ...section(`Rollback, ${durationText(plan.estimate.rollback)}`, plan.rollback.steps, stepLines),
    ...noReturn(plan),
    ...section('Rolled back when', plan.rollback.triggers ?? [], ({ say, ...sign }) => [
      `${inline(say)} ${code(JSON.stringify(sign))}`,
    ]),
    ...section('Metrics to watch', plan.watch, (one) => [
      `${inline(one.name)}, drawn at ${code(one.graph)}`,
      `measured by ${code(JSON.stringify(one.prometheus))}`,
      `good: ${code(JSON.stringify(one.expect))}; roll back: ${code(JSON.stringify(one.rollBackWhen))}`,
    ]),
    ...section('Watched afterwards', plan.watching?.checks ?? [], (one) => [checkText(one)]),
    ...section('Information', plan.communication, ({ audience, every, start, end }) => [
      `${audience}${every === undefined ? '' : `, every ${durationText(every)}`}`,
      `at the start: ${inline(start)}`,
      `at the end: ${inline(end)}`,
    ]),
    ...section('Exceptions asked for', plan.exceptions, ({ rule, reason }) => [
      `${code(rule)}: ${inline(reason)}`,
    ]),
    '',
  ];
}

function facts(plan: Plan): readonly string[] {
  const { slot } = plan;
  const rows: readonly (readonly [string, string | null])[] = [
    ['Objective', inline(plan.objective)],
    ['Reason', inline(plan.reason)],
    ['Description', plan.description.trim() === '' ? null : inline(plan.description)],
    ['Change', `${plan.criticality}, ${plan.severity}, ${plan.kind}, in ${code(plan.environment)}`],
    ['Services', codes(plan.services)],
    ['Topics', codes(plan.topics)],
    ['Deployment', plan.deployment],
    ['Monthly release', plan.monthlyRelease ? 'yes' : null],
    ['Slot', slot && `${formatInstant(slot.start)} to ${formatInstant(slot.end)}`],
    ['Downtime', durationText(plan.downtime)],
    ['Impact', inline(plan.impact)],
    ['Tested before', inline(plan.testedBefore)],
    ['Team', `${codes(plan.team)}, executed by ${code(plan.executor)}`],
    ['Author', plan.author && code(plan.author)],
    ['Reviewers', codes(plan.reviewers)],
    ['EMOC', plan.emoc && code(plan.emoc)],
    ['CMOC', plan.cmoc && code(plan.cmoc)],
    ['Bridge', plan.bridge && code(plan.bridge)],
    ['Resolves', plan.resolvesIncident && code(plan.resolvesIncident)],
    ['Procedure', plan.procedure === undefined ? null : code(plan.procedure)],
  ];
  return rows.flatMap(([name, value]) => (value === null || value === '' ? [] : [`- **${name}**: ${value}`]));
}

function section<T>(title: string, items: readonly T[], linesOf: (item: T) => readonly string[]): string[] {
  if (items.length === 0) return [];
  const lines = items.flatMap((item, index) => {
    const [first, ...rest] = linesOf(item);
    return [`${index + 1}. ${first}`, ...rest.map((line) => `   - ${line}`)];
  });
  return ['', `### ${title}`, '', ...lines];
}

function noReturn({ rollback: { pointOfNoReturn } }: Plan): readonly string[] {
  if (pointOfNoReturn === null) return [];
  const { after, reason } = pointOfNoReturn;
  return ['', `**Point of no return** after ${code(after)}: ${inline(reason)}`];
}

function stepLines(step: Step | RollbackStep): readonly string[] {
  const undo = 'undo' in step ? step.undo : undefined;
  return [
    `**${inline(step.name)}**, ${durationText(step.estimate)}, at most ${durationText(step.timeout)}`,
    ...step.before.map((check) => `before: ${checkText(check)}`),
    doing(step),
    ...step.after.map((check) => `after: ${checkText(check)}`),
    ...(step.dryRun ? [`in a dry run: ${argv(step.dryRun)}`] : []),
    ...(step.onCancel ? [`when it is cancelled: ${argv(step.onCancel)}`] : []),
    ...(undo === undefined
      ? []
      : ['step' in undo ? `undone by ${code(undo.step)}` : `nothing to undo: ${inline(undo.nothing)}`]),
  ];
}

function doing(step: Step | RollbackStep): string {
  const { command, script, shell, wait, manual } = step;
  if (command !== undefined) return argv(command);
  if (script !== undefined)
    return `script ${argv([...(script.interpreter ?? []), script.path, ...script.arguments])}, ${code(`sha256:${script.sha256}`)}`;
  if (shell !== undefined) return `in \`/bin/sh\`: ${code(shell)}`;
  if (wait !== undefined) return `wait ${durationText(wait)}`;
  if (manual !== undefined)
    return `by hand: ${inline(manual.instructions)} Confirmed with: ${inline(manual.confirm)}`;
  const word = 'approval' in step ? step.approval : undefined;
  return word ? `wait for the word of ${inline(word.role)}: ${inline(word.confirm)}` : '';
}

function checkText(check: Check): string {
  const kind = MEASURES.find((one) => check[one] !== undefined);
  const measured = kind === undefined ? '' : ` ${kind} ${code(JSON.stringify(check[kind]))}`;
  const on = check.targets.length === 0 ? '' : `, on ${codes(check.targets)}`;
  const wanted = check.expect === undefined ? '' : `, wanted ${code(JSON.stringify(check.expect))}`;
  const failed = check.failWhen === undefined ? '' : `, failed at ${code(JSON.stringify(check.failWhen))}`;
  return `${inline(check.name)}:${measured}${on}${wanted}${failed}`;
}

/** Each argument in quotes, so that none can be mistaken for two. */
const argv = (words: readonly string[]) => code(words.map((word) => JSON.stringify(word)).join(' '));

const codes = (words: readonly string[]) => words.map((word) => code(word)).join(', ');
