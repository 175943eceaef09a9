import type { CeremonyView } from '../../contract/ceremony.ts';
import { floorOf } from '../../kernel/policy/floor.ts';
import type { RuleId } from '../../kernel/policy/rule.ts';
import { linkedCall } from '../account-link/linked-call.ts';
import type { Call } from '../actor.ts';
import { ceremonyOfRead, readMarked, type Marked } from '../change/read-marked.ts';
import type { AppContext } from '../context.ts';
import type { Connection, FieldFlaw, FilledIn, FormValues } from '../ports/connection.ts';
import { durationMs } from '../../contract/duration.ts';
import { readBeginning, type Beginning } from './declare-beginning.ts';
import { besideFields, planWith, textOf } from './declare-plan.ts';
import { notLinked } from './heard.ts';

/** What a form is found to be. */
export type Look =
  | { readonly kind: 'sound' }
  /** Of an account that nobody linked. */
  | { readonly kind: 'nobody'; readonly because: string }
  | { readonly kind: 'wrong'; readonly flaws: readonly FieldFlaw[] };

/**
 * Looks at a form before it is kept: its plan is read and linted by the function that judges every plan while it is written. What is wrong
 * at a field of the form is said there; what else a draft lacks is written later, on its page. Nothing is recorded.
 */
export async function lookAtForm(
  context: AppContext,
  { name }: Pick<Connection, 'name'>,
  event: FilledIn,
): Promise<Look> {
  const call = await linkedCall(context.db, name, event.who, event.id);
  if (call === null) return { kind: 'nobody', because: notLinked(name) };
  const { about, fields } = event;
  const begun = await readBeginning(context, about);
  if (!begun.ok) return wrong([{ field: 'begin', because: begun.refusal.because }]);
  const chosen = textOf(fields['begin']);
  if (chosen !== about) {
    const because = `expected \`${about}\`, whose fields these are, got \`${chosen}\`: choose it again, and its own fields are shown`;
    return wrong([{ field: 'begin', because }]);
  }
  const sent = planWith(begun.value, fields);
  const marked = await readMarked(context, sent);
  if (!marked.ok) return wrong([{ field: null, because: marked.refusal.because }]);
  const flaws = [
    ...besideFields(begun.value, sent, marksOf(marked.value, fields)),
    ...(await lacking(context, call, { marked: marked.value, fields })),
  ];
  // What has no place in the form keeps nobody from filing it, unless it is no plan at all.
  const shown = flaws.filter(
    ({ field }) => marked.value.read === null || (field !== null && field in fields),
  );
  return shown.length === 0 ? { kind: 'sound' } : wrong(shown);
}

function wrong(flaws: readonly FieldFlaw[]): Look {
  return { kind: 'wrong', flaws };
}

/** What a request has to have that others see work in, and a draft gets later. */
const OF_REQUESTS: readonly string[] = ['no-reviewer'];

/** What the linter calls an error; and of a request what its criticality asks for. */
function marksOf({ problems, findings }: Marked, fields: FormValues) {
  const found = findings.filter(
    ({ level, excepted, rule }) =>
      (level === 'error' && !excepted) || (isRequest(fields) && OF_REQUESTS.includes(rule)),
  );
  return [...problems, ...found.map((one) => ({ ...one, message: `${one.message}. ${one.fix}` }))];
}

/** The fields that a need of the policy is met by. */
const MET_BY: Readonly<Partial<Record<RuleId, string>>> = {
  'emoc-assigned': 'emoc',
  'cmoc-assigned': 'cmoc',
  'bridge-open': 'bridge',
  'due-date': 'start',
};

async function lacking(
  context: AppContext,
  call: Call,
  { marked, fields }: { readonly marked: Marked; readonly fields: FormValues },
): Promise<readonly FieldFlaw[]> {
  if (marked.read === null || !isRequest(fields)) return [];
  const { needs } = await ceremonyOfRead(context, call, marked.read);
  return needs.flatMap(({ rule, met, because }) => {
    const field = MET_BY[rule];
    return met || field === undefined || textOf(fields[field]) !== '' ? [] : [{ field, because }];
  });
}

export function isRequest(fields: FormValues): boolean {
  return textOf(fields['filing']) === 'open';
}

/** What it would count as and need, as far as what is filled in so far says that. */
export async function countsAs(
  context: AppContext,
  call: Call,
  begun: Beginning,
  values: FormValues,
): Promise<string> {
  // What is not written yet is what the text that it is begun from has there.
  const written = Object.fromEntries(Object.entries(values).filter(([, value]) => textOf(value) !== ''));
  const marked = await readMarked(context, planWith(begun, written));
  if (marked.ok && marked.value.read !== null)
    return ceremonyText(await ceremonyOfRead(context, call, marked.value.read));
  const topics = [values['topics'] ?? []].flat();
  const downtimeMinutes = (durationMs(textOf(values['downtime'])) ?? 0) / 60_000;
  return floorText(floorOf(context.policy.policy, { topics, downtimeMinutes }));
}

function ceremonyText({ floor, effectiveKind, needs }: CeremonyView): string {
  const { kind, because } = effectiveKind;
  const asked = needs.filter(({ met }) => !met).map(({ what }) => `- ${what}`);
  return [
    floorText(floor),
    `It counts as ${kind === 'unknown' ? 'not known yet' : kind}: ${because}.`,
    ...(asked.length === 0 ? [] : ['What it needs before it is over:', ...new Set(asked)]),
  ].join('\n');
}

function floorText({
  criticality,
  madeBy,
}: Pick<CeremonyView['floor'], 'criticality'> & { readonly madeBy: readonly string[] }): string {
  return madeBy.length === 0
    ? 'It may have any criticality: nothing that is said of it asks for one.'
    : `Its criticality is ${criticality} or higher: ${madeBy.join(', ')} ${madeBy.length === 1 ? 'asks' : 'ask'} for that.`;
}
