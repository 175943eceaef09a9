import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import type { HttpMeasure } from '../contract/measure-network.ts';
import { exchange, type Reply } from '../integrations/prometheus/ask.ts';
import type { Value } from '../kernel/verify/expectation.ts';
import { atJsonPath, parseJsonPath } from '../kernel/verify/json-path.ts';
import {
  errored,
  inconclusive,
  judgeValue,
  type MeasuredValue,
  type Ranges,
} from '../kernel/verify/measurement.ts';
import type { CheckContext } from './context.ts';
import { cut, type Measured, RAW_LIMIT } from './measured.ts';
import { type Address, pinned, reach } from './reach.ts';

type Answered = Extract<Reply, { answered: true }>;

const SUCCESS: Ranges = { expect: { atLeast: 200, below: 300 } };
const WITHOUT_BODY = [204, 205, 304];

/**
 * Measures one GET: its status (without a range 2xx is wanted), its body, one value of its JSON, or the milliseconds from connecting
 * until it was read. All but the status count only where it is 2xx. Redirects are not followed: what lies behind one was not what
 * the plan named.
 */
export async function measureHttp(
  spec: HttpMeasure,
  ranges: Ranges,
  { signal }: CheckContext,
): Promise<Measured> {
  const url = new URL(spec.url);
  if (url.username !== '' || url.password !== '')
    return { ...errored('an address without a name and a password wanted; got one with them'), raw: '' };
  const limited = AbortSignal.any([signal, AbortSignal.timeout(spec.timeout)]);
  const reached = await reach(url.hostname, limited);
  if (!reached.ok) return { ...errored(`an answer wanted; no answer: ${reached.because}`), raw: '' };
  const reply = await exchange(`GET ${spec.url}`, limited, () => send(url, reached.addresses, limited));
  if (!reply.answered) return { ...errored(`an answer wanted; ${reply.because}`), raw: '' };
  return { ...judged(spec, ranges, reply), raw: cut(`${reply.status}\n${reply.body}`) };
}

/** One GET on a connection of its own, to these addresses and no others. */
function send(url: URL, addresses: readonly Address[], signal: AbortSignal): Promise<Response> {
  const options = {
    headers: { 'user-agent': 'interlock', 'accept-encoding': 'identity', 'cache-control': 'no-cache' },
    signal,
    agent: false,
    lookup: pinned(addresses),
  } as const;
  return new Promise((done, failed) => {
    const answered = (answer: IncomingMessage) => {
      try {
        done(responseOf(answer));
      } catch (error) {
        answer.destroy();
        failed(error);
      }
    };
    const sent = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, answered);
    sent.on('error', failed);
    sent.end();
  });
}

function responseOf(answer: IncomingMessage): Response {
  const status = answer.statusCode ?? 0;
  const headers = Object.entries(answer.headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as [string, string]] : [],
  );
  if (!WITHOUT_BODY.includes(status))
    return new Response(Readable.toWeb(answer) as ReadableStream<Uint8Array>, { status, headers });
  answer.resume();
  return new Response(null, { status, headers });
}

function judged({ measure, path }: HttpMeasure, ranges: Ranges, reply: Answered): MeasuredValue {
  if (measure === 'status') {
    return judgeValue(reply.status, ranges.expect || ranges.failWhen ? ranges : SUCCESS);
  }
  if (reply.status < 200 || reply.status >= 300)
    return errored(`a status of 2xx wanted; got ${reply.status}`);
  if (measure === 'latencyMs') return judgeValue(Math.round(reply.endedMs - reply.startedMs), ranges);
  if (measure === 'json') return judgedJson(path ?? '', ranges, reply.body);
  return reply.body.length > RAW_LIMIT
    ? errored(`a body of at most ${RAW_LIMIT} characters wanted; got ${reply.body.length}`)
    : judgeValue(reply.body, ranges);
}

function judgedJson(path: string, ranges: Ranges, body: string): MeasuredValue {
  const steps = parseJsonPath(path);
  if (steps === null) return errored(`a path to one value wanted; got \`${path}\``);
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    return errored(`JSON wanted; got ${body.length} characters that are none`);
  }
  const value = atJsonPath(document, steps);
  if (value === undefined) return inconclusive(`a value at \`${path}\` wanted; there is none`);
  return isValue(value)
    ? judgeValue(value, ranges)
    : inconclusive(`one value at \`${path}\` wanted; got ${Array.isArray(value) ? 'a list' : 'an object'}`);
}

function isValue(value: unknown): value is Value {
  return value === null || ['number', 'string', 'boolean'].includes(typeof value);
}
