import { durationMs, durationText } from '../contract/duration.ts';
import {
  parameters as declared,
  parameterValues,
  type Parameter,
  type ParameterValues,
} from '../contract/plan-parameters.ts';
import { problemsOf } from '../contract/problem.ts';
import { PLAIN, type LayOutProblem, type Values } from './fill.ts';
import { isMapping, type Mapping, type Named } from './written.ts';

type Given = ParameterValues[string];

/** What the parameters of a plan stand for, or what is wrong with them. */
export type ParameterReading =
  | { readonly ok: true; readonly values: Values; readonly named: ReadonlyMap<string, Parameter> }
  | { readonly ok: false; readonly problems: readonly LayOutProblem[] };

/** Reads the parameters of a plan and the values given for them: in the plan itself as `with`, or by whoever nests it. */
export function readParameters(written: Mapping, given: unknown = written['with'] ?? {}): ParameterReading {
  const [wanted, values] = [
    declared.safeParse(written['parameters'] ?? {}, { reportInput: true }),
    parameterValues.safeParse(given, { reportInput: true }),
  ];
  const problems: LayOutProblem[] = [
    ...(wanted.success ? [] : under('parameters', problemsOf(wanted.error, declared))),
    ...(values.success ? [] : under('with', problemsOf(values.error, parameterValues))),
  ];
  if (!wanted.success || !values.success) return { ok: false, problems };
  const named = new Map(Object.entries(wanted.data));
  const all = new Map<string, Given>();
  for (const [name, parameter] of named) {
    const value = values.data[name] ?? parameter.default;
    const flaw = value === undefined ? 'nothing' : flawOf(value, parameter);
    if (value !== undefined) all.set(name, value);
    if (flaw !== null) {
      const message = `expected ${wantedBy(parameter)} for parameter \`${name}\`, got ${flaw}`;
      problems.push({ path: ['with', name], message });
    }
  }
  for (const name of Object.keys(values.data)) {
    if (!named.has(name)) problems.push({ path: ['with', name], message: unknown(name, named) });
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, values: all, named };
}

/** Parameters that are targets, and are none of those that the plan touches. */
export function strayTargets(
  { values, named }: Extract<ParameterReading, { ok: true }>,
  targets: readonly Named[],
): readonly LayOutProblem[] {
  return [...named].flatMap(([name, parameter]) => {
    const value = values.get(name);
    if (parameter.type !== 'target' || value === undefined) return [];
    const target = targets.find((one) => one.name === value);
    if (target !== undefined && (parameter.of === undefined || parameter.of === target.type)) return [];
    const message = `expected ${wantedBy(parameter)} of this plan for parameter \`${name}\`, got \`${value}\``;
    return [{ path: ['with', name], message }];
  });
}

function unknown(name: string, named: ReadonlyMap<string, Parameter>): string {
  const known = [...named.keys()].map((one) => `\`${one}\``).join(', ');
  return `expected a parameter of the plan, got \`${name}\`; ${known === '' ? 'there is none' : `there are ${known}`}`;
}

const under = (field: string, problems: readonly { path: readonly PropertyKey[]; message: string }[]) =>
  problems.map(({ path, message }) => ({
    path: [field, ...(path as readonly (string | number)[])],
    message,
  }));

/** What is wrong with a value, as it is shown; `null` if nothing is. */
function flawOf(value: Given, parameter: Parameter): string | null {
  return fits(value, parameter) ? null : `\`${String(value)}\``;
}

function fits(value: Given, parameter: Parameter): boolean {
  if (parameter.type === 'number') {
    const { from = -Infinity, to = Infinity, whole } = parameter;
    return (
      typeof value === 'number' && value >= from && value <= to && (!whole || Number.isSafeInteger(value))
    );
  }
  if (typeof value !== 'string' || /[\p{Cc}\p{Cf}]/u.test(value)) return false;
  switch (parameter.type) {
    case 'text':
      return parameter.pattern === undefined
        ? PLAIN.test(value)
        : new RegExp(`^(?:${parameter.pattern})$`, 'u').test(value);
    case 'choice':
      return parameter.of.includes(value);
    case 'duration': {
      const ms = durationMs(value);
      return ms !== null && ms >= (parameter.from ?? 0) && ms <= (parameter.to ?? Infinity);
    }
    case 'target':
      return PLAIN.test(value);
  }
}

function wantedBy(parameter: Parameter): string {
  switch (parameter.type) {
    case 'text':
      return parameter.pattern === undefined ? 'a plain text' : `a text like \`${parameter.pattern}\``;
    case 'number':
      return `a ${parameter.whole ? 'whole ' : ''}number${range(parameter.from, parameter.to, String)}`;
    case 'choice':
      return `one of ${parameter.of.map((one) => `\`${one}\``).join(', ')}`;
    case 'duration':
      return `a duration${range(parameter.from, parameter.to, durationText)}`;
    case 'target':
      return parameter.of === undefined ? 'a target' : `a target of type \`${parameter.of}\``;
  }
}

function range(from: number | undefined, to: number | undefined, text: (value: number) => string): string {
  const begins = from === undefined ? '' : ` from \`${text(from)}\``;
  return `${begins}${to === undefined ? '' : ` to \`${text(to)}\``}`;
}

/** Whether a plan has anything to do with parameters. */
export const hasParameters = (written: Mapping): boolean =>
  isMapping(written['parameters']) || 'parameters' in written || 'with' in written;
