import { durationMs } from '../../contract/duration.ts';
import { withSettings, type Setting } from '../../documents/edit.ts';
import { parseText } from '../../documents/parse.ts';
import type { SentPlan } from '../change/read-plan.ts';
import type { FieldFlaw, FormValue, FormValues } from '../ports/connection.ts';
import { isFields, type Beginning } from './declare-beginning.ts';
import { fieldsOf, writtenIn, type DeclareField } from './declare-fields.ts';

const MINUTE_MS = 60_000;

/** The plan that is begun from, with what a form says. What it says wrong is said by whoever reads every plan. */
export function planWith(beginning: Beginning, values: FormValues): SentPlan {
  const { plan } = beginning;
  const settings = fieldsOf(beginning).flatMap((field): Setting[] => {
    const value = values[field.name];
    const { path } = field;
    if (path === undefined || path[0] === 'slot' || value === undefined) return [];
    return isSame(value, writtenIn(beginning, field)) ? [] : settingOf(path, field, trimmed(value));
  });
  const slot = { path: ['slot'], value: slotOf(beginning, values) };
  return { ...plan, plan: withSettings(plan.plan, [...settings, slot]) };
}

function settingOf(path: readonly string[], field: DeclareField, value: FormValue): Setting[] {
  if (value !== '') return [{ path, value: field.kind === 'number' ? numberOf(value) : value }];
  if (field.empty === 'kept') return [];
  return [{ path, value: field.empty === 'null' ? null : '' }];
}

function numberOf(value: FormValue): FormValue | number {
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

/** The slot that the form says; an end that it leaves out is as far away as both estimates take. */
export function slotOf(beginning: Beginning, values: FormValues) {
  const [start, end] = [textOf(values['start']), textOf(values['end'])];
  if (start === '' && end === '') return null;
  const from = Date.parse(start === '' ? end : start);
  const until = end === '' ? new Date(from + lengthMs(beginning, values)).toISOString() : end;
  return { start: new Date(from).toISOString(), end: until };
}

function lengthMs(beginning: Beginning, values: FormValues): number {
  const estimates = fieldsOf(beginning).filter(({ path }) => path?.[0] === 'estimate');
  const lengths = estimates.map((field) => {
    const said = textOf(values[field.name]);
    return durationMs(said === '' ? textOf(writtenIn(beginning, field)) : said) ?? 0;
  });
  return Math.max(
    MINUTE_MS,
    lengths.reduce((sum, one) => sum + one, 0),
  );
}

function trimmed(value: FormValue): FormValue {
  return typeof value === 'string' ? value.trim() : value.map((one) => one.trim());
}

function isSame(one: FormValue, other: FormValue): boolean {
  return JSON.stringify(trimmed(one)) === JSON.stringify(other);
}

export function textOf(value: FormValue | undefined): string {
  return typeof value === 'string' ? value.trim() : (value ?? []).join(', ');
}

/** Something wrong at a place of the text. */
interface Mark {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Each mark with the field of the form at whose place in the text it stands; `null`: at none of those. */
export function besideFields(
  beginning: Beginning,
  { file, plan: text }: SentPlan,
  marks: readonly Mark[],
): readonly FieldFlaw[] {
  const parsed = parseText({ file, text });
  const document = parsed.ok ? parsed.documents[0] : undefined;
  const at = new Map<string, string>();
  const note = (path: readonly (string | number)[], name: string) => {
    const place = document?.problemAt(path, '');
    const key = place && `${place.line}:${place.column}`;
    if (key !== undefined && !at.has(key)) at.set(key, name);
  };
  for (const { name, path } of fieldsOf(beginning)) {
    const held = path === undefined ? undefined : heldAt(document?.value, path);
    // What is not there would have the place of what is around it.
    if (path === undefined || held === undefined) continue;
    note(path, name);
    if (Array.isArray(held)) held.forEach((_, index) => note([...path, index], name));
  }
  return marks.map(({ line, column, message }) => {
    const field = at.get(`${line}:${column}`) ?? null;
    return { field, because: field === null ? `${file}:${line}:${column}: ${message}` : message };
  });
}

/** What a document holds there; a slot that is none holds both of its ends. */
function heldAt(value: unknown, [first, ...rest]: readonly string[]): unknown {
  const held = isFields(value) && first !== undefined ? value[first] : undefined;
  return rest.length === 0 || held === null ? held : heldAt(held, rest);
}
