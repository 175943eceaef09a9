import type { Check } from '../contract/check.ts';
import { exchange, type Reply } from '../integrations/prometheus/ask.ts';
import { errored, judgeValue, type Ranges } from '../kernel/verify/measurement.ts';
import type { CheckContext } from './context.ts';
import { cut, type Measured, RAW_LIMIT } from './measured.ts';

type HttpMeasure = NonNullable<Check['http']>;
type Answered = Extract<Reply, { answered: true }>;

const SUCCESS: Ranges = { expect: { atLeast: 200, below: 300 } };

/**
 * Measures one GET: its status (without a range 2xx is wanted), its body, or the milliseconds until it was read. A body and a latency
 * count only where the status is 2xx. Redirects are not followed: what lies behind one was not what the plan named.
 */
export async function measureHttp(
  spec: HttpMeasure,
  ranges: Ranges,
  { signal }: CheckContext,
): Promise<Measured> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(spec.timeout)]);
  const reply = await exchange(`GET ${spec.url}`, limited, () =>
    fetch(spec.url, { redirect: 'manual', signal: limited, headers: { 'cache-control': 'no-cache' } }),
  );
  if (!reply.answered) return { ...errored(`an answer wanted; ${reply.because}`), raw: '' };
  return { ...judged(spec, ranges, reply), raw: cut(`${reply.status}\n${reply.body}`) };
}

function judged({ measure }: HttpMeasure, ranges: Ranges, reply: Answered) {
  if (measure === 'status') {
    return judgeValue(reply.status, ranges.expect || ranges.failWhen ? ranges : SUCCESS);
  }
  if (reply.status < 200 || reply.status >= 300)
    return errored(`a status of 2xx wanted; got ${reply.status}`);
  if (measure === 'latencyMs') return judgeValue(Math.round(reply.endedMs - reply.startedMs), ranges);
  return reply.body.length > RAW_LIMIT
    ? errored(`a body of at most ${RAW_LIMIT} characters wanted; got ${reply.body.length}`)
    : judgeValue(reply.body, ranges);
}
