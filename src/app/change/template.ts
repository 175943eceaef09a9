import { AppError } from '../../contract/errors.ts';
import type { OpenedChange } from '../../contract/changes.ts';
import {
  TEMPLATES,
  type DraftFromTemplate,
  type PlanTemplate,
  type PlanTemplates,
  type TemplateName,
} from '../../contract/templates.ts';
import type { Source } from '../../documents/problem.ts';
import { readTemplate } from '../../documents/template.ts';
import type { Criticality } from '../../kernel/policy/facts.ts';
import type { Call } from '../actor.ts';
import { carryOutValue } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, type Outcome } from '../outcome.ts';
import { fileRequest } from './open.ts';

const CRITICALITY = { c1: 'C1', c2: 'C2', c3: 'C3', c4: 'C4' } as const satisfies Record<
  TemplateName,
  Criticality
>;

export const SUMMARY: Readonly<Record<Criticality, string>> = {
  C1: 'high impact or high risk, and always when there is downtime',
  C2: 'no downtime expected, some risk of impact',
  C3: 'very low risk, but complex or not fully automated',
  C4: 'exceedingly low risk, common, or fully automated; kept for the record',
};

/** Every template, with what its author has to write in it. */
export async function readTemplates(context: AppContext): Promise<PlanTemplates> {
  return { templates: await Promise.all(TEMPLATES.map((name) => readOneTemplate(context, name))) };
}

/** One template. */
export async function readOneTemplate(context: AppContext, name: TemplateName): Promise<PlanTemplate> {
  const criticality = CRITICALITY[name];
  const { file, text } = await readTemplate(criticality);
  const read = await context.readPlan({ file, plan: text, scripts: {} });
  if (!read.ok)
    throw new AppError('internal', `expected \`${file}\` to be a plan, got: ${read.refusal.because}`);
  const topics = [...context.policy.policy.topics]
    .filter(([, floor]) => floor === criticality)
    .map(([topic]) => topic);
  const placeholders = read.value.revision.findings
    .filter(({ rule }) => rule === 'placeholder')
    .map(({ line, column, message }) => ({ line, column, message }));
  return { name, criticality, summary: SUMMARY[criticality], topics, file, plan: text, placeholders };
}

/** Opens a draft whose plan is a template. It asks nothing of anybody: what its author has to write still stands in it. */
export async function openFromTemplate(
  context: AppContext,
  call: Call,
  name: TemplateName,
  { title }: DraftFromTemplate,
): Promise<Outcome<OpenedChange>> {
  const { file, text } = titled(await readTemplate(CRITICALITY[name]), title);
  const read = await context.readPlan({ file, plan: text, scripts: {} });
  const deed = { type: 'change.opened', action: 'open', object: 'change/new' };
  return carryOutValue(context, call, deed, async (tx) => {
    if (!read.ok) return read;
    const reason = `opened as a draft from the template of ${CRITICALITY[name]}`;
    return done(await fileRequest(tx, { context, call }, read.value, { draft: true, reason }));
  });
}

/** The text with another title: quoted as JSON, which is YAML too. */
function titled({ file, text }: Source, title: string | undefined): Source {
  if (title === undefined) return { file, text };
  // A function, because a title may hold what a replacement text would read as a pattern.
  return { file, text: text.replace(/^title: .*$/m, () => `title: ${JSON.stringify(title)}`) };
}
