import { CRITICALITIES, KINDS, SEVERITIES, type Criticality } from '../../kernel/policy/facts.ts';
import { withSettings, type Setting } from '../../documents/edit.ts';
import { readTemplate } from '../../documents/template.ts';
import type { Call } from '../actor.ts';
import { openChange } from '../change/open.ts';
import type { AppContext } from '../context.ts';
import { refuse, type Outcome } from '../outcome.ts';
import type { OpenedChange } from '../../contract/changes.ts';
import type { ChatForm, FormField, Taken } from '../ports/connection.ts';
import { recordDenied } from '../record-denied.ts';
import { answered, callOfPeer, talkOf, toldOr, whoCalls, wordsOf, type ChatHeard } from './heard.ts';

type Fields = Readonly<Record<string, string>>;

/** Opens the form for whoever asked; it has to be quick, for the channel waits for seconds only. */
export function openDeclaration(
  context: AppContext,
  { event, signal, ...command }: ChatHeard<'chat-command'>,
  { actor }: Call,
): Promise<Taken> {
  const first: Fields = {
    executor: actor.person,
    team: actor.person,
    criticality: 'C3',
    severity: 'S4',
    kind: 'service',
    downtime: '0 min',
  };
  return talkOf(command).openForm(event.trigger, formOf(context, first, HINT), signal);
}

const HINT =
  'What a request says of itself. Steps, checks and the way back come from the template of its criticality: it is filed as a draft, and asks nothing of anybody until they are written and it is submitted.';

/** Takes a form up that was filled in: files the request by the way that every request is filed, and shows what came of it. */
export async function heedForm(context: AppContext, filled: ChatHeard<'chat-form'>): Promise<Taken> {
  const { event } = filled;
  const who = await whoCalls(context, filled);
  if (!who.ok) {
    const peer = callOfPeer(filled);
    await recordDenied(context, peer, `chat/${peer.source}`, who.refusal.because);
    return show(filled, { title: TITLE, text: wordsOf(who.refusal), fields: [] });
  }
  const call = who.value;
  const filed = await answered(() => file(context, call, event.fields));
  if (!filed.ok) return show(filled, formOf(context, event.fields, wordsOf(filed.refusal)));
  const { id, findings } = filed.value;
  const left = findings.filter(({ level, excepted }) => level === 'error' && !excepted).length;
  const text = `${id} is filed as a draft. ${left} ${left === 1 ? 'thing' : 'things'} of its plan to be written: \`interlock change show ${id}\`.`;
  return show(filled, { title: TITLE, text, fields: [] });
}

const TITLE = 'Declare a change';

async function show(filled: ChatHeard<'chat-form'>, form: ChatForm): Promise<Taken> {
  return toldOr(await talkOf(filled).showForm(filled.event.view, form, filled.signal));
}

/** What a request says of itself, as the plan file names it. */
function formOf({ policy }: AppContext, values: Fields, text: string): ChatForm {
  const field = (
    name: string,
    label: string,
    kind: FormField['kind'],
    choices?: readonly string[],
  ): FormField => ({
    name,
    label,
    kind,
    ...(choices && { choices }),
    value: values[name] ?? '',
  });
  return {
    title: TITLE,
    text,
    fields: [
      field('title', 'Title', 'line'),
      field('criticality', 'Criticality', 'choice', CRITICALITIES),
      field('severity', 'Severity, if it failed', 'choice', SEVERITIES),
      field('kind', 'Kind', 'choice', KINDS),
      field('environment', 'Environment', 'choice', [...policy.policy.environments.keys()]),
      field('services', 'Services, with commas between', 'line'),
      field('topics', 'Topics of the policy, with commas between', 'line'),
      field('objective', 'Objective: what will be true afterwards', 'text'),
      field('reason', 'Reason', 'text'),
      field('impact', 'Impact: what users and services will notice', 'text'),
      field('downtime', 'Downtime', 'line'),
      field('testedBefore', 'Where it was tested before, and how that went', 'text'),
      field('team', 'Change team, with commas between', 'line'),
      field('executor', 'Executor', 'line'),
      field('steps', 'Estimate of the steps', 'line'),
      field('rollback', 'Estimate of the rollback', 'line'),
    ],
  };
}

const LISTS: readonly string[] = ['services', 'topics', 'team'];
const ESTIMATES: readonly string[] = ['steps', 'rollback'];
const FIELDS = [
  'title',
  'criticality',
  'severity',
  'kind',
  'environment',
  'services',
  'topics',
  'objective',
  'reason',
  'impact',
  'downtime',
  'testedBefore',
  'team',
  'executor',
  ...ESTIMATES,
] as const;

async function file(context: AppContext, call: Call, fields: Fields): Promise<Outcome<OpenedChange>> {
  const criticality = CRITICALITIES.find((one) => one === fields['criticality']);
  if (criticality === undefined)
    return refuse('invalid', `expected a criticality, C1 to C4, got \`${fields['criticality'] ?? ''}\``);
  return openChange(context, call, { ...(await planOf(criticality, fields)), scripts: {}, draft: true });
}

/** The template of the criticality with what the form says, its estimates where that says none; what it says wrong is said by whoever reads every plan. */
async function planOf(criticality: Criticality, fields: Fields) {
  const { file: name, text } = await readTemplate(criticality);
  const settings = FIELDS.flatMap((field): Setting[] => {
    const value = (fields[field] ?? '').trim();
    if (value === '' && ESTIMATES.includes(field)) return [];
    const path = ESTIMATES.includes(field) ? ['estimate', field] : [field];
    const list = value
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
    return [{ path, value: LISTS.includes(field) ? list : value }];
  });
  return { file: name, plan: withSettings(text, settings) };
}
