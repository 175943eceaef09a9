import { labelKey } from '../../kernel/verify/series.ts';
import type { Told } from './answer.ts';
import { ask } from './ask.ts';
import type { Heard, Proving } from './proving.ts';
import { type ActiveTarget, readResendDelay, readStart, readTargets } from './status.ts';

/** Scrape intervals in milliseconds, `null` where unknown. */
export interface Intervals {
  /** Of Prometheus itself; the shortest where it scrapes itself more than once. */
  readonly selfMs: number | null;
  readonly of: (labels: Readonly<Record<string, string>>) => number | null;
}

/** A parameter of the proof, with what it was read from; the settings may give it instead. */
export interface Parameter<T> {
  readonly value: T;
  readonly heard: readonly Heard<unknown>[];
}

/** The parameters that only Prometheus knows. Each is asked once, and used by more than one probe. */
export interface Parameters {
  readonly intervals: Promise<Parameter<Intervals>>;
  /** Age of this Prometheus; `null` where it does not say. */
  readonly ageMs: Promise<Parameter<number | null>>;
  readonly resendDelayMs: Promise<Parameter<number | null>>;
}

/** Begins to ask for the parameters. None of the promises rejects. */
export function askParameters(proving: Proving): Parameters {
  return {
    intervals: askIntervals(proving),
    ageMs: askAge(proving),
    resendDelayMs: askResendDelay(proving),
  };
}

async function askIntervals({ source, settings }: Proving): Promise<Parameter<Intervals>> {
  const reply = await ask(source, '/api/v1/targets', { state: 'active' });
  const outcome = readTargets(reply);
  const targets = outcome.ok ? outcome.value.data : [];
  const own = targets.filter(({ labels }) => labels['job'] === settings.job);
  const selfMs =
    settings.scrapeInterval ??
    (own.length > 0 ? Math.min(...own.map(({ scrapeIntervalMs }) => scrapeIntervalMs)) : null);
  const byLabels = new Map(
    targets.map(({ labels, scrapeIntervalMs }) => [labelKey(labels), scrapeIntervalMs]),
  );
  return {
    // A series that no active target explains was scraped in an earlier life of its target.
    value: { selfMs, of: (labels) => byLabels.get(labelKey(labels)) ?? selfMs },
    heard: [{ outcome, reply } satisfies Heard<Told<readonly ActiveTarget[]>>],
  };
}

async function askAge({ source, clock }: Proving): Promise<Parameter<number | null>> {
  const reply = await ask(source, '/api/v1/status/runtimeinfo');
  const outcome = readStart(reply);
  const [, toMs] = clock.asked(reply);
  return { value: outcome.ok ? toMs - outcome.value.data : null, heard: [{ outcome, reply }] };
}

async function askResendDelay({ source, settings }: Proving): Promise<Parameter<number | null>> {
  if (settings.resendDelay !== null) return { value: settings.resendDelay, heard: [] };
  const reply = await ask(source, '/api/v1/status/flags');
  const outcome = readResendDelay(reply);
  return { value: outcome.ok ? outcome.value.data : null, heard: [{ outcome, reply }] };
}
