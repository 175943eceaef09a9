import { CRITICALITIES, KINDS, SEVERITIES } from '../../kernel/policy/facts.ts';
import type { Policy } from '../../kernel/policy/policy.ts';
import { placeholderIn } from '../../plan/rules/placeholder.ts';
import type { Parameter } from '../../contract/plan-parameters.ts';
import type { Choice, FormField, FormValue, FormValues } from '../ports/connection.ts';
import { isFields, type Beginning } from './declare-beginning.ts';

/** Where a field of the form stands in the plan. */
export type PlanPath = readonly [string, ...string[]];

/** A field of the form, and what it says in the plan; without a path it says nothing there. */
export interface DeclareField extends Omit<FormField, 'value' | 'choices' | 'example'> {
  readonly path?: PlanPath;
  readonly choices?: (policy: Policy, beginning: Beginning) => readonly Choice[] | 'searched';
  /** What an empty one means in the plan: nothing, or that the plan keeps what it has. */
  readonly empty?: 'null' | 'kept';
}

const SEARCHED = () => 'searched' as const;
const of = (values: readonly string[]) => () => values.map((value) => ({ value }));

/** What is asked before the parameters, if there are any. */
const FIRST: readonly DeclareField[] = [
  {
    name: 'begin',
    label: 'Begun from',
    kind: 'choice',
    choices: SEARCHED,
    watched: true,
    says: 'A template, C1 to C4, or a procedure: its steps, checks and way back. Another one asks for other values.',
  },
];

/** The fields of a request, as the page has them when a change is begun there. */
const ASKED: readonly DeclareField[] = [
  { name: 'title', label: 'Title', kind: 'line' },
  { name: 'criticality', label: 'Criticality', kind: 'choice', choices: of(CRITICALITIES), watched: true },
  {
    name: 'severity',
    label: 'Severity, if it failed',
    kind: 'choice',
    choices: of(SEVERITIES),
    watched: true,
  },
  { name: 'kind', label: 'Kind', kind: 'choice', choices: of(KINDS), watched: true },
  {
    name: 'environment',
    label: 'Environment',
    kind: 'choice',
    choices: ({ environments }) => [...environments.keys()].map((value) => ({ value })),
  },
  { name: 'services', label: 'Services', kind: 'choices', choices: SEARCHED },
  {
    name: 'topics',
    label: 'Topics',
    kind: 'choices',
    choices: ({ topics }) => [...topics].map(([value, floor]) => ({ value, says: `${value} (${floor})` })),
    watched: true,
    says: 'What is true of it; the highest sets the least criticality.',
  },
  { name: 'objective', label: 'Objective', kind: 'text', says: 'What will be true afterwards.' },
  { name: 'reason', label: 'Reason', kind: 'text' },
  {
    name: 'description',
    label: 'Description',
    kind: 'text',
    says: 'For people; no approval is bound to it.',
  },
  { name: 'impact', label: 'Impact', kind: 'text', says: 'What users and services will notice.' },
  { name: 'downtime', label: 'Downtime', kind: 'line', says: 'Such as 5 min; 0 min for none.' },
  { name: 'testedBefore', label: 'Tested before', kind: 'text', says: 'Where, and how that went.' },
  { name: 'executor', label: 'Executor', kind: 'choice', choices: SEARCHED },
  { name: 'team', label: 'Team', kind: 'choices', choices: SEARCHED },
  { name: 'reviewers', label: 'Reviewers', kind: 'choices', choices: SEARCHED },
  {
    name: 'emoc',
    label: 'Tactical lead (EMOC)',
    kind: 'choice',
    choices: SEARCHED,
    empty: 'null',
    says: 'For S1 and S2.',
  },
  {
    name: 'cmoc',
    label: 'Communications manager (CMOC)',
    kind: 'choice',
    choices: SEARCHED,
    empty: 'null',
    says: 'For S1 and S2.',
  },
  {
    name: 'bridge',
    label: 'Bridge',
    kind: 'line',
    empty: 'null',
    says: 'The link of the call, for S1 and S2.',
  },
  {
    name: 'steps',
    label: 'Estimate of the steps',
    kind: 'line',
    path: ['estimate', 'steps'],
    empty: 'kept',
    says: 'Such as 20 min.',
  },
  {
    name: 'rollback',
    label: 'Estimate of the rollback',
    kind: 'line',
    path: ['estimate', 'rollback'],
    empty: 'kept',
  },
  {
    name: 'start',
    label: 'Slot: start',
    kind: 'instant',
    path: ['slot', 'start'],
    says: 'In your own zone, as Slack has it. It is pencilled in when the request is opened.',
  },
  {
    name: 'end',
    label: 'Slot: end',
    kind: 'instant',
    path: ['slot', 'end'],
    says: 'Without one it lasts as long as both estimates.',
  },
];
const REST = ASKED.map((field): DeclareField => ({ path: [field.name], ...field }));

const LAST: readonly DeclareField[] = [
  {
    name: 'filing',
    label: 'File it as',
    kind: 'choice',
    choices: () => [
      { value: 'draft', says: 'a draft, which asks nothing of anybody yet' },
      { value: 'open', says: 'a request, which others see work in' },
    ],
  },
];

/** Each field of the form of what a request is begun from. */
export function fieldsOf({ parameters }: Beginning): readonly DeclareField[] {
  const own = [...parameters].map(([name, one]): DeclareField => fieldOf(name, one));
  return [...FIRST, ...own, ...REST, ...LAST];
}

function fieldOf(name: string, parameter: Parameter): DeclareField {
  const field = { name: `with.${name}`, label: name, says: parameter.say, path: ['with', name] as const };
  switch (parameter.type) {
    case 'text':
    case 'duration':
      return { ...field, kind: 'line' };
    case 'number':
      return { ...field, kind: 'number' };
    case 'choice':
      return { ...field, kind: 'choice', choices: of(parameter.of) };
    case 'target':
      return { ...field, kind: 'choice', choices: (_, beginning) => targetsOf(beginning, parameter.of) };
  }
}

function targetsOf({ fields }: Beginning, type: string | undefined): readonly Choice[] {
  const targets = Array.isArray(fields['targets']) ? fields['targets'].filter(isFields) : [];
  return targets
    .filter((one) => type === undefined || one['type'] === type)
    .map((one) => ({ value: wordOf(one['name']), says: `${wordOf(one['name'])} (${wordOf(one['type'])})` }));
}

/** What a field holds in the text that is begun from. */
export function writtenIn({ name, fields, parameters }: Beginning, field: DeclareField): FormValue {
  const [first, second] = field.path ?? [];
  if (first === undefined) return field.name === 'begin' ? name : 'draft';
  // A slot of another time is another date.
  if (first === 'slot') return '';
  const held = fields[first];
  if (second === undefined) return field.kind === 'choices' ? namesOf(held) : wordOf(held);
  const own = isFields(held) ? wordOf(held[second]) : '';
  return first === 'with' && own === '' ? wordOf(parameters.get(second)?.default) : own;
}

/** A field as it is shown: with what was filled in, or with what the text has. What waits there to be written is an example. */
export function shownField(
  policy: Policy,
  beginning: Beginning,
  field: DeclareField,
  values: FormValues,
): FormField {
  const { path: _path, empty: _empty, choices, ...shown } = field;
  const written = writtenIn(beginning, field);
  const value = values[field.name] ?? withoutPlaceholder(written);
  const example = typeof written === 'string' ? placeholderIn(written, 'prose') : null;
  return {
    ...shown,
    value,
    ...(choices && { choices: choices(policy, beginning) }),
    ...(example !== null && { example }),
  };
}

function withoutPlaceholder(value: FormValue): FormValue {
  if (typeof value !== 'string') return value.filter((one) => placeholderIn(one, 'prose') === null);
  return placeholderIn(value, 'prose') === null ? value : '';
}

function namesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(wordOf).filter((one) => one !== '') : [];
}

function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
