import type { MonitoringSettings, ProbeResult } from '../../contract/monitoring.ts';
import type { Asked } from '../../kernel/verify/clock.ts';
import type { Outcome } from '../../kernel/verify/outcome.ts';
import type { Part, ProbeId } from '../../kernel/verify/probe.ts';
import type { QueryOutcome } from '../../kernel/verify/series.ts';
import type { Judgement } from '../../kernel/verify/verdict.ts';
import { readQuery } from './answer.ts';
import { ask, type Reply, type Source } from './ask.ts';

/** One proof under way: where to ask, by which settings, and what the time is. */
export interface Proving {
  readonly source: Source;
  readonly settings: MonitoringSettings;
  /** Names of the plan's targets; `null` where no plan is in question. */
  readonly targets: readonly string[] | null;
  readonly clock: ProofClock;
}

/** The database's clock, carried on by the monotonic clock of this process. */
export interface ProofClock {
  /** When a reply was under way, by the database's clock. */
  asked(reply: Reply): Asked;
}

/** @param nowMs the database's clock at this instant, in epoch milliseconds */
export function proofClock(nowMs: number): ProofClock {
  const zero = nowMs - performance.now();
  return { asked: ({ startedMs, endedMs }) => [zero + startedMs, zero + endedMs] };
}

/** A probe's result, and the warnings of every answer that could be read for it. */
export interface Probed {
  readonly result: ProbeResult;
  readonly answers: readonly (readonly string[])[];
  /** Environments in which each of the plan's targets was seen. */
  readonly places?: Readonly<Record<string, readonly string[]>>;
}

/** Something read, with the reply it was read from. */
export interface Heard<T> {
  readonly outcome: Outcome<T>;
  readonly reply: Reply;
}

/** Asks an instant query. */
export async function query(source: Source, promql: string): Promise<Heard<QueryValue>> {
  const reply = await ask(source, '/api/v1/query', { query: promql });
  return { outcome: readQuery(reply), reply };
}
type QueryValue = Extract<QueryOutcome, { ok: true }>['value'];

/** Puts a judgement together with the replies it rests on. */
export function probed(
  probe: ProbeId,
  part: Part,
  judgement: Judgement,
  heard: readonly Heard<unknown>[],
): Probed {
  const replies = heard.map(({ reply }) => reply);
  const started = replies.map(({ startedMs }) => startedMs);
  const ended = replies.map(({ endedMs }) => endedMs);
  return {
    result: {
      probe,
      part,
      ...judgement,
      tookMs: replies.length === 0 ? 0 : Math.max(...ended) - Math.min(...started),
      raw: replies.map(({ raw }) => raw),
    },
    answers: heard.flatMap(({ outcome }) => (outcome.ok ? warningsOf(outcome.value) : [])),
  };
}

function warningsOf(value: unknown): readonly (readonly string[])[] {
  const bears = typeof value === 'object' && value !== null && 'warnings' in value;
  return bears && Array.isArray(value.warnings) ? [value.warnings] : [];
}
