import { z } from 'zod';
import { type Outcome, read, unread } from '../../kernel/verify/outcome.ts';
import { parseSample } from '../../kernel/verify/sample.ts';
import type { QueryAnswer } from '../../kernel/verify/series.ts';
import type { Reply } from './ask.ts';

const SHOWN = 80;

// Fields beyond these may come with a newer version; these have to be there, and of these types.
const envelope = z.union([
  z.object({ status: z.literal('success'), data: z.unknown(), warnings: z.array(z.string()).optional() }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);

const stamp = z.number().transform((seconds) => seconds * 1_000);
const sample = z.string().transform((text, context) => {
  const value = parseSample(text);
  if (value === null) context.addIssue(`expected a sample, got \`${text}\``);
  return value ?? Number.NaN;
});
const labels = z.record(z.string(), z.string());
const queryData = z.discriminatedUnion('resultType', [
  z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: labels, value: z.tuple([stamp, sample]) })),
  }),
  z.object({ resultType: z.literal('scalar'), result: z.tuple([stamp, sample]) }),
]);

const rangeData = z.object({
  resultType: z.literal('matrix'),
  result: z.array(z.object({ metric: labels, values: z.array(z.tuple([stamp, sample])) })),
});

/** The JSON of an answer of 200, checked against a schema. */
export function readJson<T>(reply: Reply, schema: z.ZodType<T>): Outcome<T> {
  if (!reply.answered) return unread(reply.because);
  if (reply.status !== 200) return unread(`200 wanted, got ${reply.status}: \`${shown(reply.body)}\``);
  const json = parseJson(reply.body);
  if (!json.ok) return json;
  return fit(json.value, schema);
}

/** The `data` of an answer of Prometheus's API, and the warnings beside it. */
export interface Told<T> {
  readonly data: T;
  readonly warnings: readonly string[];
}

/** Reads an answer of Prometheus's API; an error that it reports is no answer, whatever its HTTP status. */
export function readData<T>(reply: Reply, schema: z.ZodType<T>): Outcome<Told<T>> {
  if (!reply.answered) return unread(reply.because);
  const json = parseJson(reply.body);
  if (!json.ok) {
    return reply.status === 200 ? json : unread(`200 wanted, got ${reply.status}: \`${shown(reply.body)}\``);
  }
  const answer = fit(json.value, envelope);
  if (!answer.ok) return answer;
  if (answer.value.status === 'error') {
    return unread(
      `an answer wanted, got ${reply.status} and the error \`${answer.value.errorType}: ${shown(answer.value.error)}\``,
    );
  }
  if (reply.status !== 200) return unread(`200 wanted, got ${reply.status}`);
  const data = fit(answer.value.data, schema);
  return data.ok ? read({ data: data.value, warnings: answer.value.warnings ?? [] }) : data;
}

/** The answer to an instant query: a vector, or a scalar as one series without labels. Anything else is no answer. */
export function readQuery(reply: Reply): Outcome<QueryAnswer> {
  const answer = readData(reply, queryData);
  if (!answer.ok) return answer;
  const { data, warnings } = answer.value;
  const points = data.resultType === 'scalar' ? [{ metric: {}, value: data.result }] : data.result;
  return read({
    series: points.map(({ metric, value }) => ({ labels: metric, value: value[1] })),
    evaluatedAtMs: points[0]?.value[0] ?? null,
    warnings,
  });
}

/** An answer over a span of time: the values of each series by the instant, in epoch milliseconds, that they were evaluated for. */
export interface RangeAnswer {
  readonly series: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly points: ReadonlyMap<number, number>;
  }[];
  readonly warnings: readonly string[];
}

/** The answer to a range query. */
export function readRange(reply: Reply): Outcome<RangeAnswer> {
  const answer = readData(reply, rangeData);
  if (!answer.ok) return answer;
  const { data, warnings } = answer.value;
  const series = data.result.map(({ metric, values }) => ({
    labels: metric,
    points: new Map(values.map(([at, value]) => [Math.round(at), value] as const)),
  }));
  return read({ series, warnings });
}

function parseJson(body: string): Outcome<unknown> {
  try {
    return read(JSON.parse(body));
  } catch {
    // The parser's own text repeats the body and says nothing more.
    return unread(`JSON wanted, got ${body.length} characters that are none: \`${shown(body)}\``);
  }
}

function fit<T>(value: unknown, schema: z.ZodType<T>): Outcome<T> {
  const result = schema.safeParse(value);
  if (result.success) return read(result.data);
  const [issue] = result.error.issues;
  return unread(`another form of answer wanted: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

function shown(body: string): string {
  const line = body.trim().replaceAll(/\s+/g, ' ').replaceAll('`', "'");
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}
