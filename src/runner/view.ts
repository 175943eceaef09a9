import type { CheckResult } from '../contract/check.ts';
import type { Plan } from '../contract/plan.ts';
import type { DenialView, HoldView, RunView, StepView } from '../contract/runs.ts';
import { openLiveBlock, type LiveBlock } from './live-block.ts';
import { panelLines, STEP_MARK, type PanelState } from './panel.ts';
import { safeLine } from './safe-text.ts';
import { SPARK_WIDTH } from './sparkline.ts';

/** Where lines go. */
export interface Screen {
  readonly isTerminal: boolean;
  /** As it is now: people change the size of their terminals. */
  size(): { readonly columns: number; readonly rows: number };
  write(text: string): void;
}

/**
 * What the people at the terminal see: one line for each check and step, with its state and time; and on a terminal, below
 * them, the state of the run as it is now.
 */
export interface View {
  note(text: string): void;
  check(list: string, result: CheckResult): void;
  stepBegins(
    place: { readonly list: string; readonly position: number; readonly of: number },
    name: string,
  ): void;
  output(lines: readonly string[]): void;
  stepEnds(step: Pick<StepView, 'list' | 'position' | 'name' | 'state' | 'because'>): void;
  /** `offer` is what a person could do about it now, in words. */
  held(hold: HoldView, denials: readonly DenialView[], offer: string | null): void;
  denied(denials: readonly DenialView[]): void;
  /** The run as the server last said it, and what stands against its going on. */
  run(plan: Plan, run: RunView, denials: readonly DenialView[]): void;
  /** The watched metrics, measured just now. */
  watched(results: readonly CheckResult[]): void;
  /** Who is on duty, in words. */
  duty(text: string): void;
  /** A question that a key has raised; `null` takes it away. */
  question(text: string | null): void;
  /** Takes away what is drawn in place until it is undone, so that somebody else may ask at the terminal. */
  aside(): () => void;
  /** Ends what is drawn in place. */
  close(): void;
}

const MARK = { pass: '✓', fail: '✗', unknown: '?' } as const;
const LIST: Readonly<Record<string, string>> = { steps: 'step', rollback: 'undo' };

/** A view on a screen. On a terminal the state of the run is drawn in place, once a second; elsewhere there are only lines. */
export function openView(screen: Screen, now: () => Date = () => new Date()): View {
  const panel = openPanel(screen, now);
  const line = (text: string) => {
    const lines = text.split('\n').map((one) => `${clockTime(now())} ${safeLine(one)}\n`);
    panel.above(() => lines.forEach((one) => screen.write(one)));
  };
  let shownHold = '';
  let began = performance.now();
  return {
    ...panel.view,
    note: line,
    check: (list, { name, verdict, because }) => line(`${MARK[verdict]} ${list} · ${name}: ${because}`),
    stepBegins: ({ list, position, of }, name) => {
      began = performance.now();
      shownHold = '';
      panel.working(list === 'steps' || list === 'rollback' ? { list, position } : null);
      line(`▶ ${LIST[list] ?? list} ${position + 1}/${of} ${name}`);
    },
    output: (lines) => lines.forEach((one) => line(`  │ ${one}`)),
    stepEnds: ({ list, position, name, state, because }) => {
      const time = seconds(performance.now() - began);
      panel.working(null);
      line(
        `${STEP_MARK[state]} ${LIST[list] ?? list} ${position + 1} ${name}: ${state}, ${time} (${because ?? ''})`,
      );
    },
    held: (hold, denials, offer) => {
      const text = holdText(hold, denials) + (offer === null ? '' : `\n  ${offer}`);
      if (text === shownHold) return;
      shownHold = text;
      line(text);
    },
    denied: (denials) =>
      denials.forEach(({ rule, verdict, because }) =>
        line(`! ${rule} says ${verdict}: ${because} (takes hold after this segment)`),
      ),
  };
}

interface Panel {
  readonly view: Pick<View, 'run' | 'watched' | 'duty' | 'question' | 'aside' | 'close'>;
  working(place: Pick<StepView, 'list' | 'position'> | null): void;
  above: LiveBlock['above'];
}

/** The part of a view that is drawn in place: from the first time that the run is known until the view is closed. */
function openPanel(screen: Screen, now: () => Date): Panel {
  const watched = new Map<string, readonly CheckResult[]>();
  let state: PanelState | null = null;
  let working: PanelState['working'] = null;
  let duty: string | null = null;
  let question: string | null = null;
  const block = openLiveBlock(screen, () =>
    state === null ? [] : panelLines({ ...state, working, duty, question }, now().getTime(), screen.size()),
  );
  return {
    above: block.above,
    working: (place) => {
      working = place === null ? null : { ...place, sinceMs: now().getTime() };
    },
    view: {
      run: (plan, run, denials) => {
        state = { plan, run, denials, watched, working, duty, question };
        block.draw();
      },
      watched: (results) => {
        for (const result of results) {
          watched.set(result.name, [...(watched.get(result.name) ?? []), result].slice(-SPARK_WIDTH));
        }
      },
      duty: (text) => {
        duty = text;
      },
      question: (text) => {
        question = text;
        block.draw();
      },
      aside: block.aside,
      close: block.close,
    },
  };
}

function holdText(hold: HoldView, denials: readonly DenialView[]): string {
  const who = hold.by === null ? '' : ` by ${hold.by}`;
  const what = hold.needsPerson ? 'waits for a person' : 'asks again by itself';
  const reasons = denials
    .map(({ rule, verdict, because }) => `\n  ${rule} says ${verdict}: ${because}`)
    .join('');
  return `⏸ held${who}, ${what} (${hold.cause}): ${hold.because}${reasons}`;
}

function clockTime(date: Date): string {
  return date.toISOString().slice(11, 19);
}

function seconds(ms: number): string {
  return ms < 60_000
    ? `${(ms / 1_000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1_000)} s`;
}
