import { open } from 'node:fs/promises';
import type { InventoryMeasure } from '../contract/measure-monitoring.ts';
import type { Source } from '../integrations/prometheus/ask.ts';
import { query } from '../integrations/prometheus/proving.ts';
import { judgeInventory, type Placed, placedBySeries, readInventory } from '../kernel/verify/inventory.ts';
import { errored, inconclusive, type MeasuredValue, type Ranges } from '../kernel/verify/measurement.ts';
import { named } from '../kernel/verify/quantity.ts';
import { plainEnvironment } from './command.ts';
import type { CheckContext } from './context.ts';
import { cut, type Measured } from './measured.ts';
import { runGroup } from './process-group.ts';
import { readQueryText } from './promql.ts';

const LIMIT = 4 * 1_048_576;

/** An inventory as it was read, or why it was not; with the raw answer either way. */
type Told =
  | { readonly ok: true; readonly placed: readonly Placed[]; readonly raw: string }
  | { readonly ok: false; readonly measured: MeasuredValue; readonly raw: string };

/** Compares targets of the plan with an inventory: those that the check names, or all. */
export async function measureInventory(
  spec: InventoryMeasure,
  wanted: Ranges & { readonly targets: readonly string[] },
  context: CheckContext,
): Promise<Measured> {
  const limited = AbortSignal.any([context.signal, AbortSignal.timeout(spec.timeout)]);
  const told = await ask(spec, { ...context, signal: limited });
  if (!told.ok) return { ...told.measured, raw: cut(told.raw) };
  const { targets, expect, failWhen } = wanted;
  const all = context.targets ?? [];
  const unknown = targets.filter((target) => !all.some(({ host }) => host === target));
  if (unknown.length > 0)
    return { ...inconclusive(`targets of the plan wanted; got ${named(unknown)}`), raw: cut(told.raw) };
  const hosts = targets.length === 0 ? all : all.filter(({ host }) => targets.includes(host));
  const judged = judgeInventory(told.placed, { hosts, complete: spec.complete, expect, failWhen });
  return { ...judged, raw: cut(told.raw) };
}

function ask(spec: InventoryMeasure, context: CheckContext): Promise<Told> {
  if (spec.prometheus) return askPrometheus(spec.prometheus, context);
  return spec.file === undefined ? run(spec.command ?? [], context) : readLines(spec.file);
}

const lost = (measured: MeasuredValue, raw = ''): Told => ({ ok: false, measured, raw });

async function askPrometheus(
  spec: NonNullable<InventoryMeasure['prometheus']>,
  { prometheusUrl, signal, allowedWarnings = [] }: CheckContext,
): Promise<Told> {
  if (prometheusUrl === null) return lost(errored('a Prometheus to ask wanted; none is configured'));
  const { refusal } = readQueryText(spec.query);
  if (refusal !== null) return lost(inconclusive(refusal));
  const source: Source = { baseUrl: prometheusUrl, signal };
  const { outcome, reply } = await query(source, spec.query);
  const raw = `${reply.raw.request}\n${reply.raw.status ?? 'no answer'}\n${reply.raw.body}`;
  if (!outcome.ok) return lost(errored(`the inventory of Prometheus wanted; ${outcome.because}`), raw);
  const warnings = outcome.value.warnings.filter((warning) => !allowedWarnings.includes(warning));
  if (warnings.length > 0)
    return lost(inconclusive(`an answer without warnings wanted; got ${named(warnings)}`), raw);
  const placed = placedBySeries(outcome.value.series, spec);
  return placed === null
    ? lost(
        inconclusive(`the labels \`${spec.host}\` and \`${spec.environment}\` on every series wanted`),
        raw,
      )
    : { ok: true, placed, raw };
}

async function readLines(path: string): Promise<Told> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(LIMIT + 1), position: 0 });
      return bytesRead > LIMIT
        ? lost(errored(`an inventory of at most ${LIMIT} bytes wanted; \`${path}\` is longer`))
        : asLines(buffer.toString('utf8', 0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error';
    return lost(errored(`the inventory \`${path}\` wanted; it cannot be read: ${code}`));
  }
}

async function run(argv: readonly string[], { env, signal }: CheckContext): Promise<Told> {
  const ended = await runGroup(argv, { env: plainEnvironment(env), signal, outputLimit: LIMIT });
  const raw = `${ended.stdout}${ended.stderr}`;
  const how = ended.notStarted ?? (ended.cutShort ? 'it did not end in time' : null);
  if (how !== null || ended.status !== 0)
    return lost(
      errored(
        `an inventory by \`${argv[0] ?? ''}\` wanted; ${how ?? `it ended with ${ended.status ?? ended.signal}`}`,
      ),
      raw,
    );
  return ended.stdout.length >= LIMIT
    ? lost(errored(`an inventory of at most ${LIMIT} bytes wanted; got a longer one`), raw)
    : asLines(ended.stdout);
}

function asLines(text: string): Told {
  const placed = readInventory(text);
  return placed === null
    ? lost(errored('a host and its environment on each line wanted; got another line'), text)
    : { ok: true, placed, raw: text };
}
