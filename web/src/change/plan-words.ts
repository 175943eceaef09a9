import { MEASURES, type Check, type Expectation } from '../../../src/contract/check.ts';
import { durationText } from '../../../src/contract/duration.ts';
import type { RollbackStep, Step } from '../../../src/contract/plan.ts';

// What a plan says, in the words of a page.

const RANGE: Readonly<Record<keyof Expectation, string>> = {
  equals: 'is',
  notEquals: 'is not',
  below: 'is below',
  atMost: 'is at most',
  above: 'is above',
  atLeast: 'is at least',
};

/** What a check wants: `is below 0.01 and is above 0`. */
export function rangeWords(range: Expectation): string {
  return (Object.keys(RANGE) as (keyof Expectation)[])
    .flatMap((word) => (range[word] === undefined ? [] : [`${RANGE[word]} ${String(range[word])}`]))
    .join(' and ');
}

/** What a check wants to see, and what it fails at. */
export function wantedWords({ expect, failWhen }: Pick<Check, 'expect' | 'failWhen'>): string {
  const wanted = expect && `right when it ${rangeWords(expect)}`;
  const failed = failWhen && `failed when it ${rangeWords(failWhen)}`;
  return [wanted, failed].filter((one) => one !== undefined).join('; ') || 'any answer will do';
}

/** What a check measures: its kind, and what of it. */
export function measureOf(check: Check): { readonly kind: string; readonly of: string } {
  const kind = MEASURES.find((one) => check[one] !== undefined);
  if (kind === undefined) return { kind: 'nothing', of: '' };
  const fields = Object.entries(check[kind] as object).filter(
    ([name, value]) => value !== undefined && !HOW_LONG.has(name),
  );
  return { kind, of: fields.map(([name, value]) => `${name} ${valueText(name, value)}`).join(', ') };
}

/** What a measure says of its own patience; nobody reads a check for that. */
const HOW_LONG: ReadonlySet<string> = new Set(['timeout', 'interval', 'maxSampleAge']);

function valueText(name: string, value: unknown): string {
  if (name === 'initialDelay' && typeof value === 'number') return durationText(value);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return argvText(value.map(String));
  return JSON.stringify(value);
}

/** Arguments, each that holds a blank or nothing in quotes, so that none can be mistaken for two. */
export function argvText(argv: readonly string[]): string {
  return argv.map((word) => (/^[^\s"'\\]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}

/** What a step does: in a word, and the text of it. */
export function doing(step: Step | RollbackStep): { readonly how: string; readonly text: string } {
  const { command, script, shell, wait, manual } = step;
  if (command !== undefined) return { how: 'runs', text: argvText(command) };
  if (script !== undefined)
    return {
      how: 'runs the script',
      text: argvText([...(script.interpreter ?? []), script.path, ...script.arguments]),
    };
  if (shell !== undefined) return { how: 'runs in a shell', text: shell };
  if (wait !== undefined) return { how: 'waits', text: durationText(wait) };
  if (manual !== undefined) return { how: 'by hand', text: manual.instructions };
  const word = 'approval' in step ? step.approval : undefined;
  return word
    ? { how: `waits for the word of ${word.role.toUpperCase()}`, text: word.confirm }
    : { how: 'does nothing', text: '' };
}

/** What there is to know of a step beside what it does. */
export function traitsOf(step: Step | RollbackStep): readonly string[] {
  const blind = 'blind' in step ? step.blind : undefined;
  return [
    `takes about ${durationText(step.estimate)}, at most ${durationText(step.timeout)}`,
    ...(step.safeStop ? [] : ['the change may not rest after it']),
    ...(step.idempotent ? ['may be done again'] : []),
    ...(step.interruptible ? ['may be interrupted'] : []),
    ...(blind ? [`takes ${blind.parts.join(' and ')} away for ${durationText(blind.lasts)}`] : []),
    ...undoOf(step),
  ];
}

function undoOf(step: Step | RollbackStep): readonly string[] {
  const undo = 'undo' in step ? step.undo : undefined;
  if (undo === undefined) return [];
  return ['step' in undo ? `undone by “${undo.step}”` : `nothing to undo: ${undo.nothing}`];
}

const PLACES: Readonly<Record<string, string>> = {
  steps: 'step',
  preflight: 'pre-flight check',
  postchecks: 'post-verification check',
  targets: 'target',
  assumptions: 'assumption',
  watch: 'watched metric',
  before: 'check before',
  after: 'check after',
  command: 'argument',
  arguments: 'argument',
};

/** A place in a plan as people say it: `step 3, argument 5` for `steps.2.command.4`. */
export function placeWords(path: string): string {
  if (path.startsWith('scripts.')) return `script ${path.slice('scripts.'.length)}`;
  const words: string[] = [];
  for (const key of path.split('.')) {
    const before = words.at(-1);
    if (!/^\d+$/.test(key) || before === undefined) words.push(key);
    else words[words.length - 1] = `${PLACES[before] ?? before} ${Number(key) + 1}`;
  }
  return words.join(', ').replace(/^rollback, step /, 'rollback step ');
}
