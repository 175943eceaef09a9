import { Section } from '../parts/page.tsx';
import { WrittenInput } from './written-input.tsx';
import classes from './plan-editor.module.css';

interface ParametersProps {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly flaws: Readonly<Record<string, string>>;
  /** The text is broken at this moment. */
  readonly frozen: boolean;
  readonly onWrite: (name: string, value: string | number) => void;
}

/** As far as a form looks at it: what is wrong with one the marks say. */
interface Parameter {
  readonly type?: unknown;
  readonly say?: unknown;
  readonly of?: unknown;
  readonly default?: unknown;
}

/** The parameters of a plan that is made from a procedure, each by its type. */
export function Parameters({ fields, flaws, frozen, onWrite }: ParametersProps) {
  const parameters = Object.entries(mapping(fields['parameters'])) as [string, Parameter][];
  if (parameters.length === 0) return null;
  const values = mapping(fields['with']) as Readonly<Record<string, string | number>>;
  const targets = Array.isArray(fields['targets']) ? fields['targets'].map((one) => mapping(one)) : [];
  const write = (name: string, { type }: Parameter, text: string) => {
    const isNumber = type === 'number' && /^-?\d+(\.\d+)?$/.test(text);
    onWrite(name, isNumber ? Number(text) : text);
  };
  return (
    <Section title="Parameters">
      <fieldset disabled={frozen} className={classes['fields']}>
        {parameters.map(([name, parameter]) => (
          <div key={name}>
            <WrittenInput
              label={name}
              value={word(values[name] ?? parameter.default)}
              says={typeof parameter.say === 'string' ? parameter.say : undefined}
              flaws={flaws[name] === undefined ? [] : [flaws[name]]}
              type={parameter.type === 'number' ? 'number' : 'text'}
              choices={
                parameter.type === 'choice' && Array.isArray(parameter.of)
                  ? parameter.of.map(word)
                  : undefined
              }
              known={parameter.type === 'target' ? targets.map((target) => word(target['name'])) : undefined}
              onWrite={(text) => write(name, parameter, text)}
            />
          </div>
        ))}
      </fieldset>
    </Section>
  );
}

function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
