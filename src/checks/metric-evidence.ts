import type { PrometheusMeasure } from '../contract/measure-monitoring.ts';
import type { QueryReading } from './promql.ts';

/** The answers that a measurement of a metric rests on: of one instant, or of a span of time. */
export interface Gathered<Answer> {
  readonly answer: Answer;
  readonly ages: readonly { readonly selector: string; readonly seconds: Answer }[];
  readonly windows: readonly { readonly window: string; readonly resets: Answer; readonly samples: Answer }[];
  readonly traffic: { readonly outcome: Answer; readonly atLeast: number } | null;
}

/**
 * Asks the query, and beside it, at the same time, what shows whether its answer means anything: the age of its samples, resets and
 * gaps in its windows, the traffic.
 */
export async function gather<Answer>(
  asked: (promql: string) => Promise<Answer>,
  spec: PrometheusMeasure,
  { selectors, windows }: QueryReading,
): Promise<Gathered<Answer>> {
  const [answer, ages, ofWindows, traffic] = await Promise.all([
    asked(spec.query),
    Promise.all(
      selectors.map(async (selector) => ({
        selector,
        seconds: await asked(`time() - min(timestamp(${selector}))`),
      })),
    ),
    Promise.all(windows.map((window) => inWindow(window, asked))),
    spec.traffic ? asked(spec.traffic.query) : null,
  ]);
  return {
    answer,
    ages,
    windows: ofWindows,
    traffic: traffic && spec.traffic ? { outcome: traffic, atLeast: spec.traffic.atLeast } : null,
  };
}

async function inWindow<Answer>(
  window: string,
  asked: (promql: string) => Promise<Answer>,
): Promise<Gathered<Answer>['windows'][number]> {
  const [resets, samples] = await Promise.all([
    asked(`max(resets(${window}))`),
    asked(`min(count_over_time(${window}))`),
  ]);
  return { window, resets, samples };
}

/** The same of other answers: of a span of time, those of one instant. */
export function mapGathered<From, To>(
  { answer, ages, windows, traffic }: Gathered<From>,
  turn: (answer: From) => To,
): Gathered<To> {
  return {
    answer: turn(answer),
    ages: ages.map(({ selector, seconds }) => ({ selector, seconds: turn(seconds) })),
    windows: windows.map(({ window, resets, samples }) => ({
      window,
      resets: turn(resets),
      samples: turn(samples),
    })),
    traffic: traffic && { ...traffic, outcome: turn(traffic.outcome) },
  };
}
