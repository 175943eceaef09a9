import { AppError } from '../../contract/errors.ts';
import { parameters as declared, type Parameter } from '../../contract/plan-parameters.ts';
import { parseText } from '../../documents/parse.ts';
import { readTemplate } from '../../documents/template.ts';
import { CRITICALITIES } from '../../kernel/policy/facts.ts';
import type { SentPlan } from '../change/read-plan.ts';
import { SUMMARY } from '../change/template.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { Choice } from '../ports/connection.ts';
import { readProcedurePlan, readProcedureSources } from '../procedure/sources.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a request is begun from: a template, by its criticality, or a procedure, by its name. */
export interface Beginning {
  readonly name: string;
  readonly plan: SentPlan;
  /** As its text has them. */
  readonly fields: Fields;
  readonly parameters: ReadonlyMap<string, Parameter>;
}

/** One by its name. */
export async function readBeginning(context: AppContext, name: string): Promise<Outcome<Beginning>> {
  const plan = await planOf(context, name);
  if (plan === null)
    return refuse('invalid', `expected C1 to C4, or a procedure to begin from, got \`${name}\``);
  const parsed = parseText({ file: plan.file, text: plan.plan });
  const value = parsed.ok ? parsed.documents[0]?.value : undefined;
  if (!isFields(value))
    throw new AppError('internal', `expected \`${plan.file}\` to have fields, got something else`);
  const known = declared.safeParse(value['parameters'] ?? {});
  const parameters = new Map(known.success ? Object.entries(known.data) : []);
  return done({ name, plan, fields: value, parameters });
}

async function planOf(context: AppContext, name: string): Promise<SentPlan | null> {
  const criticality = CRITICALITIES.find((one) => one === name);
  if (criticality !== undefined) {
    const { file, text } = await readTemplate(criticality);
    return { file, plan: withoutSchema(text), scripts: {} };
  }
  try {
    const { file, plan, scripts } = await readProcedurePlan(context, name);
    return { file, plan, scripts };
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return null;
    throw error;
  }
}

/** The place of the schema is that of the library. */
function withoutSchema(text: string): string {
  return text.replace(/^# yaml-language-server: .*\n/, '');
}

/** Everything that one can begin from. */
export async function beginnings(context: AppContext): Promise<readonly Choice[]> {
  const { procedures } = await readProcedureSources(context);
  return [
    ...CRITICALITIES.map((name) => ({ value: name, says: `${name}: ${SUMMARY[name]}` })),
    ...procedures.map(({ name, says }) => ({ value: name, says: `${name}: ${says}` })),
  ];
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
