import { flawsOfOptions, flawsOfView, type Part } from './slack-limits.ts';

/** A block of a form. */
export interface Block {
  readonly type: string;
  readonly text?: { readonly text: string };
  readonly block_id?: string;
  readonly hint?: { readonly text: string };
  readonly dispatch_action?: boolean;
  readonly element?: Part & { readonly type: string };
}

/** A form as Slack shows it. */
export interface SlackView {
  readonly id: string;
  readonly hash: string;
  readonly title: { readonly text: string };
  readonly blocks: readonly Block[];
  readonly private_metadata: string;
}

type Filled = Readonly<Record<string, string | readonly string[]>>;

/** The forms of Slack: it takes those that keep its limits, and puts none in the place of a later one. */
export function slackModals() {
  let shown: SlackView | null = null;
  let count = 0;
  const rejected: string[] = [];
  const show = (view: unknown, id: string) => {
    const flaws = flawsOfView(view);
    rejected.push(...flaws);
    if (flaws.length > 0) return { error: 'invalid_arguments' };
    count += 1;
    shown = { ...(view as SlackView), id, hash: `${count}.hash` };
    return { id, hash: shown.hash };
  };
  const view = () => {
    if (shown === null) throw new Error('expected a form to be shown, got none');
    return shown;
  };
  return {
    /** What it refused, of all that it was asked to show. */
    rejected,
    view,
    open: (wanted: unknown) => show(wanted, `V0FORM${count}`),
    update: (id: string, wanted: unknown, hash: unknown) =>
      hash !== undefined && hash !== view().hash ? { error: 'hash_conflict' } : show(wanted, id),
    /** What stands above the fields. */
    text: () => view().blocks[0]?.text?.text ?? '',
    field: (name: string) => view().blocks.find(({ block_id: id }) => nameOf(id) === name),
    ...filling(view),
    /** Takes the answer to a form that was handed in, as Slack does; gives what is said beside which field. */
    take: (answer: string): Readonly<Record<string, string>> => {
      const said = JSON.parse(answer) as Part;
      if (said['response_action'] === 'update') {
        show(said['view'], view().id);
        return {};
      }
      const errors = Object.entries(said['errors'] as Record<string, string>);
      const inputs = view().blocks.filter(({ type }) => type === 'input');
      const strange = errors.filter(([id]) => inputs.every(({ block_id: one }) => one !== id));
      if (said['response_action'] !== 'errors' || errors.length === 0 || strange.length > 0)
        throw new Error(`expected errors beside inputs of the form, got ${answer}`);
      return Object.fromEntries(errors.map(([id, because]) => [nameOf(id), because]));
    },
    /** Takes what can be chosen; gives the values. */
    options: (answer: string): readonly string[] => {
      const { options } = JSON.parse(answer) as { readonly options: readonly { readonly value: string }[] };
      rejected.push(...flawsOfOptions(options, 0));
      return options.map(({ value }) => value);
    },
  };
}
export type SlackModals = ReturnType<typeof slackModals>;

let triggers = 0;
const who = (user: string) => ({ user: { id: user, team_id: 'T0TEAM' }, team: { id: 'T0TEAM' } });

/** What a person does in a form that is shown: what it sends bears every input of the form, with what stands in it. */
function filling(view: () => SlackView) {
  const sent = (user: string, type: string, filled: Filled) => {
    triggers += 1;
    const { id, hash, title, private_metadata, blocks } = view();
    const inputs = blocks.filter((block) => block.type === 'input');
    const values = Object.fromEntries(
      inputs.map(({ block_id, element }) => [
        block_id,
        { value: stateOf(element!, filled[nameOf(block_id)]) },
      ]),
    );
    const state = { values: values as object };
    const form = { id, hash, title, private_metadata, callback_id: 'declare', blocks, state };
    return { type, ...who(user), trigger_id: `filled-${triggers}`, view: form };
  };
  return {
    submitted: (user: string, filled: Filled = {}) => sent(user, 'view_submission', filled),
    /** Somebody chooses something in an input that tells of it. */
    touched: (user: string, filled: Filled) => {
      const [name = ''] = Object.keys(filled);
      const block = view().blocks.find(({ block_id: id }) => nameOf(id) === name);
      if (block?.dispatch_action !== true) throw new Error(`expected \`${name}\` to tell of it, it does not`);
      return {
        ...sent(user, 'block_actions', filled),
        container: { type: 'view' },
        actions: [{ value: null }],
      };
    },
    /** Somebody types in a list that is asked for. */
    sought: (user: string, name: string, typed: string) => {
      const block = view().blocks.find(({ block_id: id }) => nameOf(id) === name);
      if (block?.element?.type.endsWith('external_select') !== true)
        throw new Error(`expected \`${name}\` to be a list that is asked for, it is none`);
      const { id, private_metadata } = view();
      const form = { id, private_metadata };
      return { type: 'block_suggestion', ...who(user), block_id: block.block_id, value: typed, view: form };
    },
  };
}

function nameOf(id: string | undefined): string {
  return id?.split('@')[0] ?? '';
}

/** The state of an input, as Slack sends it; what is filled in is of the form's own options where it has some. */
function stateOf(element: Part & { readonly type: string }, filled: Filled[string] | undefined): Part {
  const { type, options, initial_option: one, initial_options: several } = element;
  const optionOf = (value: string) => {
    const known = (options as Part[] | undefined)?.find((option) => option['value'] === value);
    if (options !== undefined && known === undefined)
      throw new Error(`expected \`${value}\` to be an option, it is none`);
    return known ?? { text: { type: 'plain_text', text: value }, value };
  };
  if (type.startsWith('multi_'))
    return { type, selected_options: filled === undefined ? (several ?? []) : [filled].flat().map(optionOf) };
  const word = typeof filled === 'string' ? filled : undefined;
  if (type.endsWith('_select'))
    return {
      type,
      selected_option: word === undefined ? (one ?? null) : word === '' ? null : optionOf(word),
    };
  if (type === 'datetimepicker')
    return {
      type,
      selected_date_time:
        word === undefined ? (element['initial_date_time'] ?? null) : Math.floor(Date.parse(word) / 1_000),
    };
  return { type, value: (word ?? element['initial_value'] ?? null) || null };
}
