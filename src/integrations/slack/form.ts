import type {
  Answer,
  ChatForm,
  Choice,
  FieldFlaw,
  FormAnswers,
  FormField,
} from '../../app/ports/connection.ts';
import { blocksOf, plain } from './blocks.ts';

/** Slack's limits of a view (docs.slack.dev, Block Kit). */
const MOST_BLOCKS = 100;
export const MOST_OPTIONS = 100;
const LONGEST_OPTION = 75;
const LONGEST_TEXT = 3_000;
const LONGEST_EXAMPLE = 150;
/** What is left out, and why, needs one. */
const ROOM_FOR_FIELDS = MOST_BLOCKS - 10;

/** Between the name of a field and what the form is about: another form's fields are other blocks, in which nothing of the former stays. */
const ABOUT = '@';

/** A form as a view of Slack. A field that cannot stand in it whole is left out: what is not there comes back as nothing. */
export function viewOf({ title, text, about, fields }: ChatForm) {
  const fit = fields.filter(fits).slice(0, ROOM_FOR_FIELDS);
  const left = fields.filter((field) => !fit.includes(field)).map(({ label }) => label);
  return {
    type: 'modal',
    callback_id: 'declare',
    private_metadata: about,
    title: plain(title),
    ...(fit.length > 0 && { submit: plain('File it') }),
    close: plain('Close'),
    blocks: [
      ...blocksOf(text),
      ...fit.map((field) => inputOf(field, about)),
      ...(left.length > 0 ? blocksOf(`Too long for a form, and left as it is: ${left.join(', ')}.`) : []),
    ],
  };
}

/** The name of a field whose block this is. */
export function fieldOfBlock(block: string): string {
  return block.split(ABOUT)[0] ?? block;
}

function fits({ value }: FormField): boolean {
  if (typeof value === 'string') return value.length <= LONGEST_TEXT;
  return value.length <= MOST_OPTIONS && value.every((one) => one.length <= LONGEST_OPTION);
}

function inputOf(field: FormField, about: string) {
  const { name, label, says, watched } = field;
  return {
    type: 'input',
    block_id: `${name}${ABOUT}${about}`,
    // What may not be empty is said by whoever reads every plan.
    optional: true,
    ...(watched === true && { dispatch_action: true }),
    label: plain(label),
    ...(says !== undefined && { hint: plain(says.slice(0, 2_000)) }),
    element: { action_id: 'value', ...elementOf(field) },
  };
}

function elementOf(field: FormField) {
  const { kind, value, example } = field;
  const text = typeof value === 'string' ? value : '';
  const placeholder = example !== undefined && { placeholder: plain(example.slice(0, LONGEST_EXAMPLE)) };
  switch (kind) {
    case 'choice':
    case 'choices':
      return { ...selectOf(field), ...placeholder };
    case 'instant':
      return {
        type: 'datetimepicker',
        ...(text !== '' && { initial_date_time: Math.floor(Date.parse(text) / 1_000) }),
      };
    case 'number':
      return {
        type: 'number_input',
        is_decimal_allowed: true,
        ...(text !== '' && { initial_value: text }),
        ...placeholder,
      };
    case 'line':
    case 'text':
      return {
        type: 'plain_text_input',
        multiline: kind === 'text',
        max_length: LONGEST_TEXT,
        ...(text !== '' && { initial_value: text }),
        ...placeholder,
      };
  }
}

/** A list that is longer than Slack shows is asked for while somebody types. What stands in the field is always one of it. */
function selectOf({ kind, choices = [], value }: FormField) {
  const several = kind === 'choices' ? 'multi_' : '';
  const chosen = [value].flat().filter((one) => one !== '');
  const listed = choices === 'searched' ? [] : choices;
  const others = chosen.filter((one) => !listed.some((choice) => choice.value === one));
  const known = [...listed, ...others.map((one) => ({ value: one }))];
  const initial = options(known.filter((choice) => chosen.includes(choice.value)));
  const first =
    initial.length > 0 &&
    (kind === 'choices' ? { initial_options: initial } : { initial_option: initial[0] });
  return choices === 'searched' || known.length === 0 || known.length > MOST_OPTIONS
    ? { type: `${several}external_select`, min_query_length: 0, ...first }
    : { type: `${several}static_select`, options: options(known), ...first };
}

function options(choices: readonly Choice[]) {
  return choices
    .filter(({ value }) => value.length <= LONGEST_OPTION)
    .slice(0, MOST_OPTIONS)
    .map(optionOf);
}

function optionOf({ value, says = value }: Choice) {
  const text = says.length <= LONGEST_OPTION ? says : `${says.slice(0, LONGEST_OPTION - 1).toWellFormed()}…`;
  return { text: plain(text), value };
}

/** Words in the place of the form. */
function saying(title: string, text: string) {
  return { type: 'modal', title: plain(title), close: plain('Close'), blocks: blocksOf(text) };
}

/** How Slack wants to be answered for a form that was handed in, whose blocks are named. */
export function formAnswers(title: string, blocks: readonly string[]): FormAnswers {
  const says = (text: string) => json({ response_action: 'update', view: saying(title, text) });
  return {
    kept: says('It is being filed.'),
    says,
    wrong: (flaws) => json({ response_action: 'errors', errors: errorsOf(flaws, blocks) }),
  };
}

/** Each error beside the block that it is about; what is about none of them beside the first. */
function errorsOf(flaws: readonly FieldFlaw[], blocks: readonly string[]): Record<string, string> {
  const errors = new Map<string, string>();
  for (const { field, because } of flaws) {
    const block = blocks.find((one) => fieldOfBlock(one) === field) ?? blocks[0];
    if (block === undefined) continue;
    const before = errors.get(block);
    errors.set(block, (before === undefined ? because : `${before}\n${because}`).slice(0, LONGEST_TEXT));
  }
  return Object.fromEntries(errors);
}

/** What can be chosen, for a list that is asked for while somebody types. */
export function choicesAnswer(choices: readonly Choice[]): Answer {
  return json({ options: options(choices) });
}

function json(body: unknown): Answer {
  return { contentType: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}
