import type { Action, Heard, HeardCheck, HeardStep } from './heard.ts';
import { distinct } from './words.ts';

/** What stands where an issue does not say it and no placeholder could: the strictest that there is, until somebody chooses. */
const STRICTEST = { criticality: 'C1', severity: 'S1', kind: 'maintenance' } as const;
/** Longer than any window of the policy: with it nothing can be scheduled. */
const UNKNOWN_LENGTH = '24 h';

/**
 * The draft of a plan from what was understood. Nothing is invented: what the issue does not say is a placeholder, which lint refuses; where a plan
 * must have one of few values or a length, the strictest stands, and a placeholder in the description says so.
 */
export function draftOf(heard: Heard): Readonly<Record<string, unknown>> {
  const open = openChoices(heard);
  const [summary] = heard.objective;
  const title = heard.title ?? (heard.objective.length === 1 && summary !== undefined ? summary : null);
  return {
    interlock: 'plan/1',
    title: title !== null && title.length <= 200 ? title : '<what is changed in one line>',
    description: open.join('\n'),
    objective: orPlaceholder(heard.objective.join('\n'), '<what will be true afterwards>'),
    reason: '<why it has to be done>',
    author: null,
    reviewers: orFillMe(heard.reviewers),
    slot: null,
    environment: '<environment>',
    services: heard.services.length > 0 ? heard.services : ['<service>'],
    topics: ['<topic of the policy, or none>'],
    kind: STRICTEST.kind,
    criticality: heard.criticality ?? STRICTEST.criticality,
    severity: STRICTEST.severity,
    downtime: heard.downtime ?? UNKNOWN_LENGTH,
    impact: '<what users and services will notice>',
    testedBefore: orPlaceholder(heard.testedBefore ?? '', '<where it was tested and how that went>'),
    team: orFillMe(heard.team),
    executor: heard.executor ?? 'fill-me',
    estimate: { steps: wholeOf(heard) ?? UNKNOWN_LENGTH, rollback: heard.minutes.rollback ?? UNKNOWN_LENGTH },
    targets: [{ name: '<target>', type: 'host' }],
    assumptions: [],
    preflight: distinct(heard.preflight),
    steps: stepsOf(heard),
    postchecks: distinct(heard.postchecks),
    rollback: { steps: distinct(heard.rollback).map((step) => stepText(heard, step)), pointOfNoReturn: null },
    watch: distinct(heard.watch).map(({ name, graph, rollBack }) => ({
      name,
      graph: graph ?? '<where it is drawn>',
      prometheus: { query: 'FILL_ME' },
      expect: { equals: '<the value that is good>' },
      rollBackWhen: {
        equals:
          rollBack === null ? '<the value that means roll back>' : `<value for: ${plainPart(rollBack)}>`,
      },
    })),
    communication: [],
    exceptions: [],
  };
}

/** What somebody has to choose, each as a placeholder that lint finds. */
function openChoices(heard: Heard): readonly string[] {
  const length = 'is not said; 24 h stands, with which nothing is scheduled';
  return [
    ...(heard.criticality === null ? ['<criticality is not said: C1 stands, the highest>'] : []),
    '<severity is not said: S1 stands, the worst>',
    '<kind is not said: maintenance stands, the stricter>',
    ...(heard.downtime === null ? [`<downtime in minutes ${length.replace(';', ':')}>`] : []),
    ...(wholeOf(heard) === null ? [`<estimate of the steps ${length.replace(';', ':')}>`] : []),
    ...(heard.minutes.rollback === undefined
      ? [`<estimate of the rollback ${length.replace(';', ':')}>`]
      : []),
    '<estimate and timeout of each step: only a part with one step says its own>',
    '<type of each target is not said: host stands>',
  ];
}

/** The whole that an issue says, or the sum of what its parts say. */
function wholeOf({ minutes }: Heard): string | null {
  if (minutes.whole !== undefined) return minutes.whole;
  if (minutes.steps === undefined) return null;
  const parts = [minutes.pre, minutes.steps, minutes.post].map((part) => Number.parseInt(part ?? '0', 10));
  return `${parts.reduce((sum, part) => sum + part, 0)} min`;
}

function stepsOf(heard: Heard): readonly object[] {
  // What was to be done before the change stands before it, wherever in the issue it stood.
  const steps = distinct(heard.steps).map((step) => stepText(heard, step));
  if (steps.length > 0) return steps;
  const action = { manual: { instructions: '<what is done>', confirm: '<what the executor states>' } };
  return [{ name: '<a step>', ...action, estimate: UNKNOWN_LENGTH, timeout: UNKNOWN_LENGTH }];
}

function stepText(heard: Heard, { name, action, section, before, after }: HeardStep): object {
  const list = section === 'rollback' ? heard.rollback : heard.steps;
  const alone = list.filter((one) => one.section === section).length === 1;
  const estimate = (alone ? heard.minutes[section] : undefined) ?? UNKNOWN_LENGTH;
  return {
    name,
    ...(before.length > 0 && { before: distinct<HeardCheck>(before) }),
    ...(action ??
      ({
        manual: { instructions: '<what is done>', confirm: '<what the executor states>' },
      } satisfies Action)),
    ...(after.length > 0 && { after: distinct<HeardCheck>(after) }),
    estimate,
    timeout: estimate,
  };
}

const orPlaceholder = (text: string, placeholder: string) => (text.trim() === '' ? placeholder : text);
const orFillMe = (people: readonly string[]) => (people.length > 0 ? [...new Set(people)] : ['fill-me']);
/** As much of a text as a placeholder of the linter's may hold. */
const plainPart = (text: string) =>
  text
    .replace(/[^a-z0-9 ,.:'’_-]/gi, ' ')
    .slice(0, 60)
    .trim();
