import type { ChangeView } from '../../../src/contract/changes.ts';
import type { ProcedurePlan } from '../../../src/contract/plan-sources.ts';
import type { PlanTemplate } from '../../../src/contract/templates.ts';
import { fieldEdit } from '../../../src/documents/edit.ts';
import { newDraft, type PlanDraft } from '../plan-editor/drafts.ts';
import { api } from '../server/api.ts';
import type { NewChangeSearch } from './search.ts';

const BLANK = 'interlock: plan/1\n';

export function begunBlank(): PlanDraft {
  return newDraft({ begunFrom: 'nothing', file: 'plan.yaml', text: BLANK });
}

/** A draft of what an address names, or `null` where it names nothing. */
export function begunFrom({ procedure, template, from }: NewChangeSearch): Promise<PlanDraft> | null {
  if (procedure !== undefined) return fromProcedure(procedure);
  if (template !== undefined) return fromTemplate(template);
  return from === undefined ? null : fromChange(from);
}

async function fromProcedure(name: string): Promise<PlanDraft> {
  const { file, plan, scripts } = await api<ProcedurePlan>(`/procedure-plans/${encodeURIComponent(name)}`);
  return newDraft({ begunFrom: `the procedure ${name}`, file, text: undated(plan), scripts });
}

async function fromTemplate(name: string): Promise<PlanDraft> {
  const found = await api<PlanTemplate>(`/templates/${encodeURIComponent(name.toLowerCase())}`);
  return newDraft({
    begunFrom: `the template of ${found.criticality}`,
    file: found.file,
    text: withoutSchema(found.plan),
  });
}

/** The place of the schema is that of the library. */
function withoutSchema(text: string): string {
  return text.replace(/^# yaml-language-server: .*\n/, '');
}

/** The plan and its scripts alone: no word, no result and no date goes along. */
async function fromChange(id: string): Promise<PlanDraft> {
  const view = await api<ChangeView>(`/changes/${encodeURIComponent(id)}`);
  const { planFile, planText, scripts, state } = view;
  return newDraft({
    begunFrom: state === 'aborted' ? `${id}, which was aborted` : id,
    file: planFile,
    text: undated(planText),
    scripts,
    clonedFrom: id,
    retryOf: state === 'aborted' ? id : null,
  });
}

/** The text without the slot that it proposes: another time is another date. */
function undated(text: string): string {
  if (!/^slot:/m.test(text)) return text;
  const edit = fieldEdit(text, 'slot', null);
  return edit === null ? text : text.slice(0, edit.from) + edit.insert + text.slice(edit.to);
}

/** What was chosen or dropped: the plan, and beside it what it may name. */
export async function begunFromFiles(files: readonly File[]): Promise<PlanDraft> {
  const plans = files.filter(({ name }) => /\.(ya?ml|json)$/i.test(name));
  const [plan] = plans;
  if (plan === undefined || plans.length > 1) {
    throw new Error(`Expected one plan file, .yaml, .yml or .json, got ${plans.length}.`);
  }
  const others = files.filter((file) => file !== plan);
  const text = await plan.text();
  const scripts = await Promise.all(
    others.map(async (file) => [pathIn(text, file), await file.text()] as const),
  );
  return newDraft({
    begunFrom: `the file ${plan.name}`,
    file: plan.name,
    text,
    // It is nowhere but in this browser.
    begunText: '',
    scripts: Object.fromEntries(scripts),
  });
}

/** A file that is dropped bears no folder: the plan says where it wants it. */
function pathIn(text: string, { name }: File): string {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const folder = new RegExp(`path:\\s*['"]?([^'"\\s,}]*/)${escaped}(?=['"\\s,}]|$)`, 'm').exec(text)?.[1];
  return `${folder ?? ''}${name}`;
}
