import type { CheckResult, Expectation } from '../contract/check.ts';
import type { Plan } from '../contract/plan.ts';
import type { DenialView, RunView, StepView } from '../contract/runs.ts';
import { safeLine } from './safe-text.ts';
import { SPARK_WIDTH, sparkline } from './sparkline.ts';

type StepPlace = Pick<StepView, 'list' | 'position'>;

/** What the panel shows of a run: everything as last heard. */
export interface PanelState {
  readonly plan: Plan;
  readonly run: RunView;
  readonly denials: readonly DenialView[];
  /** The newest measurements of each watched metric, by its name, the oldest first. */
  readonly watched: ReadonlyMap<string, readonly CheckResult[]>;
  /** The step under way here, and since when in epoch milliseconds; the server hears of it later. */
  readonly working: (StepPlace & { readonly sinceMs: number }) | null;
  /** Who is on duty, in words; `null` where it is not known. */
  readonly duty: string | null;
  /** A question that a key has raised. */
  readonly question: string | null;
}

/** The terminal that it is drawn on, in characters. */
export interface PanelSize {
  readonly columns: number;
  readonly rows: number;
}

export const STEP_MARK: Readonly<Record<StepView['state'], string>> = {
  pending: '·',
  granted: '▶',
  running: '▶',
  succeeded: '✓',
  failed: '✗',
  cancelled: '✗',
  skipped: '-',
  unknown: '?',
};

/** Lines of a terminal that are left to what scrolls by above the panel. */
const ROWS_ABOVE = 12;
const LEAST_STEPS = 3;

/**
 * The state of a run in a few lines that fit the terminal: what is done with its time, what is left, what stands against
 * going on, the watched metrics, who is on duty, and the keys that do something now.
 */
export function panelLines(state: PanelState, nowMs: number, size: PanelSize): string[] {
  const watched = [...state.watched].map(([name, results]) => watchedLine(state.plan, name, results));
  const around = [...verdictLines(state), ...watched];
  const steps = stepLines(state, nowMs, size.rows - ROWS_ABOVE - around.length);
  const duty = state.duty === null ? [] : [`  on duty: ${state.duty}`];
  const lines = [headLine(state, nowMs), ...steps, ...around, ...duty, keyLine(state)];
  const wide = Math.max(20, size.columns - 1);
  return ['─'.repeat(wide), ...lines.map((line) => fitted(safeLine(line), wide))];
}

function headLine(state: PanelState, nowMs: number): string {
  const { run } = state;
  const gone = nowMs - Date.parse(run.startedAt);
  const wanted = run.holdWanted && run.hold === null ? ', to be held at the next safe place' : '';
  return `${run.change} ${run.id}: ${run.state}${wanted}, ${span(gone)} gone, ${leftText(state, nowMs)}`;
}

/** What the steps that are not over are estimated to take; what a step has used of its own estimate is gone. */
function leftText({ plan, run, working }: PanelState, nowMs: number): string {
  const undoing = run.steps.some(({ list, state }) => list === 'rollback' && state !== 'pending');
  const list = undoing ? 'rollback' : 'steps';
  const planned = undoing ? plan.rollback.steps : plan.steps;
  const open = run.steps.filter((step) => step.list === list && !OVER.has(step.state));
  const leftMs = open.reduce((sum, step) => {
    const used = working !== null && isAt(step, working) ? nowMs - working.sinceMs : 0;
    return sum + Math.max(0, (planned[step.position]?.estimate ?? 0) - used);
  }, 0);
  return open.length === 0 ? 'no step left' : `about ${span(leftMs)} of ${list} left`;
}

const OVER: ReadonlySet<StepView['state']> = new Set(['succeeded', 'failed', 'cancelled', 'skipped']);

function isAt(step: StepPlace, { list, position }: StepPlace): boolean {
  return step.list === list && step.position === position;
}

/** As many steps as there is room for, those around the one under way; how many are left out is said. */
function stepLines(state: PanelState, nowMs: number, room: number): string[] {
  const { run } = state;
  const shown = run.steps.filter(
    (step) => step.list === 'steps' || step.state !== 'pending' || run.phase === 'rollback',
  );
  const rows = Math.max(LEAST_STEPS, Math.min(shown.length, room));
  const current = shown.findIndex((step) => !OVER.has(step.state));
  const wanted = (current < 0 ? shown.length : current) - Math.floor(rows / 2);
  const from = Math.max(0, Math.min(wanted, shown.length - rows));
  const lines = shown.slice(from, from + rows).map((step) => stepLine(state, step, nowMs));
  const before = from === 0 ? [] : [`   … ${from} before`];
  const after = shown.length - from - lines.length;
  return [...before, ...lines, ...(after <= 0 ? [] : [`   … ${after} more`])];
}

function stepLine({ plan, working }: PanelState, step: StepView, nowMs: number): string {
  const kind = step.list === 'rollback' ? 'undo ' : '';
  const name = `${kind}${step.position + 1} ${step.name}`;
  const planned = (step.list === 'steps' ? plan.steps : plan.rollback.steps)[step.position];
  const estimate = span(planned?.estimate ?? 0);
  if (working !== null && isAt(step, working)) {
    const time = `${span(nowMs - working.sinceMs)} of about ${estimate}, cut off at ${span(planned?.timeout ?? 0)}`;
    return ` ▶ ${name}  ${time}`;
  }
  if (step.state === 'pending') return ` ${STEP_MARK.pending} ${name}  about ${estimate}`;
  const { startedAt, endedAt } = step;
  const ended = startedAt === null || endedAt === null ? null : Date.parse(endedAt) - Date.parse(startedAt);
  return ` ${STEP_MARK[step.state]} ${name}  ${step.state}${ended === null ? '' : `, ${span(ended)}`}`;
}

function verdictLines({ run, denials }: PanelState): string[] {
  const against = denials.map(({ rule, verdict, because }) => ` ! ${rule} says ${verdict}: ${because}`);
  if (run.hold !== null) {
    const waits = run.hold.needsPerson ? 'waits for a person' : 'asks again by itself';
    return [` ⏸ held (${run.hold.cause}), ${waits}: ${run.hold.because}`, ...against];
  }
  return against.length > 0 ? against : [' ✓ no rule stands against going on'];
}

const WATCH_MARK = { pass: '✓', fail: '✗', unknown: '?' } as const;

function watchedLine(plan: Plan, name: string, results: readonly CheckResult[]): string {
  const newest = results.at(-1);
  const metric = plan.watch.find((one) => one.name === name);
  const limit = metric === undefined ? '' : `, roll back at ${rangeText(metric.rollBackWhen)}`;
  const values = results.map(numberOf);
  const value = values.at(-1) ?? null;
  const mark = newest === undefined ? '·' : WATCH_MARK[newest.verdict];
  const line = sparkline(values).padStart(SPARK_WIDTH);
  return ` ${mark} ${line} ${value === null ? 'not measured' : short(value)}  ${name}${limit}`;
}

function numberOf(result: CheckResult): number | null {
  const value = result.measurements.at(-1)?.value;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

const OPERATORS = {
  equals: '=',
  notEquals: 'not',
  below: '<',
  atMost: '≤',
  above: '>',
  atLeast: '≥',
} as const satisfies Record<keyof Expectation, string>;

function rangeText(range: Expectation): string {
  const parts = Object.entries(range).map(
    ([operator, value]) => `${OPERATORS[operator as keyof Expectation]} ${String(value)}`,
  );
  return parts.join(' and ');
}

function short(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

/** The keys that do something in this state; a question of a key stands instead until it is answered. */
function keyLine({ run, question }: PanelState): string {
  if (question !== null) return ` ${question}`;
  if (run.endedAt !== null) return '';
  if (run.state === 'held') return ' g go on   r roll back   a abort   (each is asked once more)';
  return ' h hold at the next safe place   h again: at once';
}

/** `3 s`, `2 min`, `2 min 05 s`, `1 h 04 min` */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${two(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function fitted(line: string, wide: number): string {
  return line.length <= wide ? line : `${line.slice(0, wide - 1)}…`;
}
