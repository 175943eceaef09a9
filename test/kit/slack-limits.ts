/** Something of Block Kit, as it came. */
export type Part = Readonly<Record<string, unknown>>;

/** What Slack documents of a view in a modal (docs.slack.dev, reference: views, blocks, block elements, composition objects). */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  modal: ['type', 'title', 'submit', 'close', 'blocks', 'private_metadata', 'callback_id'],
  section: ['type', 'block_id', 'text'],
  input: ['type', 'block_id', 'label', 'element', 'hint', 'optional', 'dispatch_action'],
  plain_text_input: [
    'type',
    'action_id',
    'multiline',
    'min_length',
    'max_length',
    'initial_value',
    'placeholder',
  ],
  number_input: [
    'type',
    'action_id',
    'is_decimal_allowed',
    'min_value',
    'max_value',
    'initial_value',
    'placeholder',
  ],
  datetimepicker: ['type', 'action_id', 'initial_date_time'],
  static_select: ['type', 'action_id', 'options', 'initial_option', 'placeholder'],
  multi_static_select: ['type', 'action_id', 'options', 'initial_options', 'placeholder'],
  external_select: ['type', 'action_id', 'min_query_length', 'initial_option', 'placeholder'],
  multi_external_select: ['type', 'action_id', 'min_query_length', 'initial_options', 'placeholder'],
};

/** What Slack would refuse of a view, in its place. */
export function flawsOfView(view: unknown): readonly string[] {
  const flaws: string[] = [];
  const expect = (holds: boolean, what: string) => void (holds || flaws.push(what));
  const { title, submit, close, blocks, private_metadata: metadata, callback_id: callback } = view as Part;
  const all = Array.isArray(blocks) ? (blocks as Part[]) : [];
  keysOf(view as Part, 'view', expect);
  plain(title, 24, 'title', expect);
  for (const [name, text] of Object.entries({ submit, close })) if (text) plain(text, 24, name, expect);
  expect(all.length >= 1 && all.length <= 100, `blocks: ${all.length} of them`);
  expect(submit !== undefined || all.every(({ type }) => type !== 'input'), 'submit: there are inputs');
  expect(
    short(metadata ?? '', 3_000) && short(callback ?? '', 255),
    'private_metadata or callback_id: too long',
  );
  expect(JSON.stringify(view).length <= 250_000, 'view: too large');
  const ids = all.map(({ block_id: id }) => id).filter((id) => id !== undefined);
  expect(new Set(ids).size === ids.length, 'block_id: one stands twice');
  all.forEach((block, index) => ofBlock(block, `blocks/${index}`, expect));
  return flaws;
}

type Expect = (holds: boolean, what: string) => void;

function keysOf(part: Part, at: string, expect: Expect): void {
  const known = KEYS[String(part['type'])];
  expect(known !== undefined, `${at}: no type ${String(part['type'])}`);
  for (const key of Object.keys(part)) expect(known?.includes(key) ?? true, `${at}: no ${key}`);
}

const short = (text: unknown, most: number) => typeof text === 'string' && text.length <= most;

function plain(part: unknown, most: number, at: string, expect: Expect): void {
  const { type, text } = (part ?? {}) as Part;
  expect(type === 'plain_text' && short(text, most) && text !== '', `${at}: no text of 1 to ${most}`);
}

function ofBlock(block: Part, at: string, expect: Expect): void {
  keysOf(block, at, expect);
  expect(short(block['block_id'] ?? '', 255), `${at}: block_id`);
  if (block['type'] === 'section') return plain(block['text'], 3_000, `${at}/text`, expect);
  plain(block['label'], 2_000, `${at}/label`, expect);
  if (block['hint'] !== undefined) plain(block['hint'], 2_000, `${at}/hint`, expect);
  ofElement((block['element'] ?? {}) as Part, `${at}/element`, expect);
}

function ofElement(element: Part, at: string, expect: Expect): void {
  keysOf(element, at, expect);
  expect(short(element['action_id'], 255), `${at}: action_id`);
  if (element['placeholder'] !== undefined) plain(element['placeholder'], 150, `${at}/placeholder`, expect);
  const { type, initial_value: text, max_length: most = 3_000, initial_date_time: when } = element;
  if (type === 'plain_text_input')
    expect(Number(most) <= 3_000 && short(text ?? '', Number(most)) && text !== '', `${at}: initial_value`);
  if (type === 'number_input' && text !== undefined)
    expect(typeof text === 'string' && /^-?\d+(\.\d+)?$/.test(text), `${at}: initial_value`);
  if (type === 'datetimepicker' && when !== undefined)
    expect(/^\d{10}$/.test(JSON.stringify(when)), `${at}: a time`);
  if (String(type).includes('select')) ofSelect(element, at, expect);
}

function ofSelect(element: Part, at: string, expect: Expect): void {
  const { options, initial_option: one, initial_options: several } = element;
  const initial = [several ?? one ?? []].flat() as Part[];
  if (String(element['type']).endsWith('static_select')) {
    expect(flawsOfOptions(options).length === 0, `${at}/options: ${flawsOfOptions(options).join(', ')}`);
    const all = new Set(((options ?? []) as unknown[]).map((option) => JSON.stringify(option)));
    expect(
      initial.every((option) => all.has(JSON.stringify(option))),
      `${at}: initial, and no option`,
    );
  }
  expect(several === undefined || initial.length > 0, `${at}: initial_options, and none`);
  if (initial.length > 0)
    expect(flawsOfOptions(initial).length === 0, `${at}: ${flawsOfOptions(initial).join(', ')}`);
}

/** What Slack would refuse of options. */
export function flawsOfOptions(options: unknown, least = 1): readonly string[] {
  const flaws: string[] = [];
  const expect: Expect = (holds, what) => void (holds || flaws.push(what));
  const all = Array.isArray(options) ? (options as Part[]) : [];
  expect(all.length >= least && all.length <= 100, `${all.length} options`);
  const values = all.map(({ value }) => value);
  expect(new Set(values).size === values.length, 'a value that stands twice');
  all.forEach(({ text, value }, index) => {
    plain(text, 75, `option ${index}`, expect);
    expect(short(value, 75) && value !== '', `option ${index}: its value`);
  });
  return flaws;
}
