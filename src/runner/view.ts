import type { CheckResult } from '../contract/check.ts';
import type { DenialView, HoldView, StepView } from '../contract/runs.ts';
import { safeLine } from './safe-text.ts';

/** Where lines go. */
export interface Screen {
  readonly isTerminal: boolean;
  readonly columns: number;
  write(text: string): void;
}

/** What the people at the terminal see: one line for each check and step, with its state and time. */
export interface View {
  note(text: string): void;
  check(list: string, result: CheckResult): void;
  stepBegins(
    place: { readonly list: string; readonly position: number; readonly of: number },
    name: string,
  ): void;
  output(lines: readonly string[]): void;
  stepEnds(step: Pick<StepView, 'list' | 'position' | 'name' | 'state' | 'because'>): void;
  held(hold: HoldView, denials: readonly DenialView[]): void;
  denied(denials: readonly DenialView[]): void;
  /** Ends what is drawn in place. */
  close(): void;
}

const MARK = { pass: '✓', fail: '✗', unknown: '?' } as const;
const STEP_MARK: Readonly<Record<StepView['state'], string>> = {
  pending: '·',
  granted: '·',
  running: '·',
  succeeded: '✓',
  failed: '✗',
  cancelled: '✗',
  skipped: '-',
  unknown: '?',
};
const LIST: Readonly<Record<string, string>> = { steps: 'step', rollback: 'undo' };

/** A view on a screen. On a terminal the step under way shows its running time in place; elsewhere there are only lines. */
export function openView(screen: Screen, now: () => Date = () => new Date()): View {
  const live = liveLine(screen);
  const line = (text: string) => {
    live.clear();
    for (const one of text.split('\n')) screen.write(`${clockTime(now())} ${safeLine(one)}\n`);
  };
  let shownHold = '';
  let began = performance.now();
  return {
    note: line,
    check: (list, { name, verdict, because }) => line(`${MARK[verdict]} ${list} · ${name}: ${because}`),
    stepBegins: ({ list, position, of }, name) => {
      began = performance.now();
      shownHold = '';
      line(`▶ ${LIST[list] ?? list} ${position + 1}/${of} ${name}`);
      live.show(() => `  ${name} … ${seconds(performance.now() - began)}`);
    },
    output: (lines) => lines.forEach((one) => line(`  │ ${one}`)),
    stepEnds: ({ list, position, name, state, because }) => {
      const time = seconds(performance.now() - began);
      line(
        `${STEP_MARK[state]} ${LIST[list] ?? list} ${position + 1} ${name}: ${state}, ${time} (${because ?? ''})`,
      );
    },
    held: (hold, denials) => {
      const text = holdText(hold, denials);
      if (text === shownHold) return;
      shownHold = text;
      line(text);
    },
    denied: (denials) =>
      denials.forEach(({ rule, verdict, because }) =>
        line(`! ${rule} says ${verdict}: ${because} (takes hold after this segment)`),
      ),
    close: live.clear,
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

/** One line at the end of the screen that is drawn anew each second. */
function liveLine(screen: Screen) {
  let timer: NodeJS.Timeout | undefined;
  let drawn = false;
  const erase = () => {
    if (drawn) screen.write('\r\x1b[2K');
    drawn = false;
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    erase();
  };
  return {
    clear: erase,
    show: (text: () => string) => {
      stop();
      if (!screen.isTerminal) return;
      timer = setInterval(() => {
        erase();
        screen.write(safeLine(text()).slice(0, Math.max(10, screen.columns - 1)));
        drawn = true;
      }, 1_000);
      timer.unref();
    },
  };
}

function clockTime(date: Date): string {
  return date.toISOString().slice(11, 19);
}

function seconds(ms: number): string {
  return ms < 60_000
    ? `${(ms / 1_000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1_000)} s`;
}
