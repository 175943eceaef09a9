import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Target } from '../contract/plan-targets.ts';
import { withSettings } from '../documents/edit.ts';
import { differenceOfTargets } from '../plan/target-difference.ts';
import { resolveTargets } from '../runner/resolve-targets.ts';
import type { CliContext } from './context.ts';
import { InvalidInput, STDIN } from './input.ts';
import { readPlanFile } from './plan-file.ts';
import { plainLine } from './plain-line.ts';

interface Options {
  readonly write?: true;
  readonly json?: true;
}

/**
 * Asks what lists the targets of a plan, and shows the list, its count and how it differs from the frozen one. Answers 1
 * where it differs, or was never frozen, and is not written.
 */
export async function resolvePlan(context: CliContext, file: string, options: Options): Promise<number> {
  const { source, read } = await readPlanFile(context, file);
  if (!read.ok) throw new InvalidInput(read.problems);
  const { targetsFrom: from, targets: frozen } = read.plan;
  const fail = (path: readonly string[], message: string) =>
    new InvalidInput([{ file: source.file, ...read.placeOf(path), message }]);
  if (from === undefined)
    throw fail([], 'expected `targetsFrom`, which says what lists the targets, got none');
  const { env } = context;
  const resolved = await resolveTargets(from, {
    prometheusUrl: env['PROMETHEUS_URL'] ?? null,
    bastion: env,
    secrets: [],
  });
  if ('because' in resolved) {
    throw fail(['targetsFrom'], `expected the targets of this plan, got none: ${resolved.because}`);
  }
  const difference = differenceOfTargets(frozen, resolved.targets);
  const listed = { targets: resolved.targets, count: resolved.targets.length, ...difference };
  const lines = options.json ? [JSON.stringify(listed)] : linesOf(listed);
  context.stdout(lines.map((line) => `${plainLine(line)}\n`).join(''));
  const same = difference.added.length + difference.gone.length === 0 && from.count === listed.count;
  if (same) return 0;
  if (!options.write || file === STDIN) return 1;
  const text = withSettings(source.text, [
    { path: ['targets'], value: inOrder(frozen, resolved.targets) },
    { path: ['targetsFrom', 'count'], value: listed.count },
  ]);
  await writeFile(resolve(context.cwd, file), text);
  context.stderr(`${file}: ${listed.count} targets frozen; the list is reviewed with the plan\n`);
  return 0;
}

/** What stays keeps its place and what was written beside its name; what is new comes after it. */
function inOrder(frozen: readonly Target[], now: readonly Target[]): readonly Target[] {
  const { added, gone } = differenceOfTargets(frozen, now);
  const left = new Set(gone.map(({ name }) => name));
  return [...frozen.filter(({ name }) => !left.has(name)), ...added];
}

type Named = Pick<Target, 'name' | 'type'>;

function linesOf(listed: {
  readonly targets: readonly Named[];
  readonly added: readonly Named[];
  readonly gone: readonly Named[];
}): string[] {
  const { targets, added, gone } = listed;
  const fresh = new Set(added.map(({ name }) => name));
  return [
    ...targets.map(({ name, type }) => `${fresh.has(name) ? '+' : ' '} ${name} ${type}`),
    ...gone.map(({ name, type }) => `- ${name} ${type}`),
    `${targets.length} targets, ${added.length} added, ${gone.length} gone`,
  ];
}
