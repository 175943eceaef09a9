import { z } from 'zod';
import { judgeClock } from '../../kernel/verify/clock.ts';
import { read, unread, type Outcome } from '../../kernel/verify/outcome.ts';
import { judgeReadiness } from '../../kernel/verify/readiness.ts';
import { judgeSelfAge } from '../../kernel/verify/self-age.ts';
import { judgeThanos, type Refusal, type Store } from '../../kernel/verify/thanos.ts';
import { judgeWarnings } from '../../kernel/verify/warnings.ts';
import { readData, readQuery } from '../prometheus/answer.ts';
import { ask, type Reply, type Source } from '../prometheus/ask.ts';
import type { Intervals, Parameter } from '../prometheus/parameters.ts';
import { type Probed, probed, type Proving } from '../prometheus/proving.ts';
import { upOfJob } from '../prometheus/selector.ts';

/** By kind of store (`sidecar`, `store`, `rule`, …). */
const stores = z.record(
  z.string(),
  z.array(z.object({ name: z.string(), lastError: z.string().nullable() })).nullable(),
);

/** Asks everything that Thanos Query has to answer: M1, M2 and M3 through it, M12, and M13 of its answers. */
export async function proveThanos(
  proving: Proving,
  intervals: Promise<Parameter<Intervals>>,
): Promise<readonly Probed[]> {
  const probes = await Promise.all([
    probeReadiness(proving),
    probeClock(proving),
    probeSelfAge(proving, intervals),
    probeStores(proving),
  ]);
  const answers = probes.flatMap((one) => one.answers);
  const allowed = proving.settings.allowedWarnings;
  return [...probes, probed('M13', 'thanos', judgeWarnings(answers, { allowed }), [])];
}

/** An instant query that no partial answer may be given to. */
async function query(source: Source, promql: string) {
  const reply = await ask(source, '/api/v1/query', { query: promql, partial_response: 'false' });
  return { outcome: readQuery(reply), reply };
}

async function probeReadiness({ source }: Proving): Promise<Probed> {
  const reply = await ask(source, '/-/ready');
  const heard = { outcome: { ok: true, value: null } as const, reply };
  return probed('M1', 'thanos', judgeReadiness('Thanos Query', reply), [heard]);
}

async function probeClock({ source, clock, settings }: Proving): Promise<Probed> {
  const [one, time] = await Promise.all([query(source, 'vector(1)'), query(source, 'time()')]);
  const asked = clock.asked(time.reply);
  const judgement = judgeClock(one.outcome, time.outcome, { asked, toleranceMs: settings.clockTolerance });
  return probed('M2', 'thanos', judgement, [one, time]);
}

async function probeSelfAge(
  { source, settings }: Proving,
  intervals: Promise<Parameter<Intervals>>,
): Promise<Probed> {
  const { job, sampleAgeIntervals } = settings;
  const [age, { value }] = await Promise.all([
    query(source, `time() - max(timestamp(${upOfJob(job)}))`),
    intervals,
  ]);
  const wanted = { job, scrapeIntervalMs: value.selfMs, intervals: sampleAgeIntervals };
  return probed('M3', 'thanos', judgeSelfAge(age.outcome, wanted), [age]);
}

async function probeStores({ source }: Proving): Promise<Probed> {
  const [reply, senseless] = await Promise.all([
    ask(source, '/api/v1/stores'),
    ask(source, '/api/v1/query', { query: 'vector(1)', partial_response: 'never' }),
  ]);
  const list = readData(reply, stores);
  const listed: Outcome<readonly Store[]> = list.ok
    ? read(Object.values(list.value.data).flatMap((ofKind) => ofKind ?? []))
    : list;
  const refusal = refusalOf(senseless);
  return probed('M12', 'thanos', judgeThanos(listed, refusal), [
    { outcome: list, reply },
    { outcome: refusal, reply: senseless },
  ]);
}

function refusalOf(reply: Reply): Outcome<Refusal> {
  return reply.answered ? read({ status: reply.status, body: reply.body }) : unread(reply.because);
}
