import type { ResolvedTargets, TargetsFrom } from '../contract/plan-targets.ts';
import { resolvedTargets } from '../contract/plan-targets.ts';
import { query } from '../integrations/prometheus/proving.ts';
import { plainEnvironment } from './command.ts';
import type { CheckContext } from './context.ts';
import { runGroup } from './process-group.ts';

type Listed = { readonly name: string; readonly type: string };

const none = (because: string): ResolvedTargets => ({ because });

/** Asks what lists the targets of a plan. A list that is cut, empty, doubled or that cannot be read is none. */
export async function listTargets(from: TargetsFrom, context: CheckContext): Promise<ResolvedTargets> {
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(from.timeout)]);
  const listed = from.command
    ? await byCommand(from, from.command, { ...context, signal })
    : await byPrometheus(from, { ...context, signal });
  return typeof listed === 'string' ? none(listed) : judged(listed);
}

function judged(targets: readonly Listed[]): ResolvedTargets {
  if (targets.length === 0) return none('it names no target');
  const seen = new Set<string>();
  for (const { name } of targets) {
    if (seen.has(name)) return none(`it names \`${name}\` twice`);
    seen.add(name);
  }
  const read = resolvedTargets.safeParse({ targets });
  return read.success ? read.data : none('it names a target that is no name, or too many of them');
}

/** The most that is read of a program's output: a list of which a part is missing is not the list. */
const MOST_BYTES = 65_536;

async function byCommand(
  from: TargetsFrom,
  argv: readonly string[],
  { env, signal }: CheckContext,
): Promise<readonly Listed[] | string> {
  const program = `\`${argv[0] ?? ''}\``;
  const missing = from.passEnv.find((name) => env[name] === undefined);
  if (missing !== undefined) return `expected the variable \`${missing}\`, got none`;
  const passed = Object.fromEntries(from.passEnv.map((name) => [name, env[name]]));
  const ended = await runGroup(argv, { env: { ...plainEnvironment(env), ...passed }, signal });
  if (ended.notStarted !== null) return `${program} could not be started: ${ended.notStarted}`;
  if (ended.cutShort) return `${program} did not end within ${from.timeout} ms`;
  if (ended.status !== 0) return `${program} ended with \`${ended.status ?? ended.signal}\``;
  if (Buffer.byteLength(ended.stdout) >= MOST_BYTES) return `${program} prints more than 64 KiB`;
  return readLines(ended.stdout, from.type);
}

function readLines(text: string, type: string): readonly Listed[] | string {
  const targets: Listed[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [name, own, ...more] = line.trim().split(/\s+/);
    if (name === undefined || name === '') continue;
    if (more.length > 0)
      return `expected a name and its type on a line, got \`${line.trim().slice(0, 120)}\``;
    targets.push({ name, type: own ?? type });
  }
  return targets;
}

async function byPrometheus(
  { prometheus, type }: TargetsFrom,
  { prometheusUrl, signal, allowedWarnings = [] }: CheckContext,
): Promise<readonly Listed[] | string> {
  if (prometheus === undefined) return 'nothing is asked';
  if (prometheusUrl === null) return 'a Prometheus to ask is wanted, none is configured';
  const { outcome } = await query({ baseUrl: prometheusUrl, signal }, prometheus.query);
  if (!outcome.ok) return outcome.because;
  // A partial answer leaves targets out.
  const warning = outcome.value.warnings.find((one) => !allowedWarnings.includes(one));
  if (warning !== undefined) return `Prometheus warns: ${warning}`;
  const names = outcome.value.series.map(({ labels }) => labels[prometheus.label]);
  return names.some((name) => name === undefined)
    ? `a series without the label \`${prometheus.label}\``
    : names.map((name) => ({ name: name ?? '', type }));
}
