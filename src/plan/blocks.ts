import { readBlock, type Block, type ForEach } from '../contract/plan-rollout.ts';
import { durationMs } from '../contract/duration.ts';
import { fill, PLAIN, type LayOutProblem } from './fill.ts';
import { stagesOf } from './stages.ts';
import type { PlanPath } from './walk.ts';
import { isMapping, type Item, type Mapping, type Named } from './written.ts';

/** A block of steps that was laid out over targets, for the linter to look at. */
export interface Rollout {
  readonly path: PlanPath;
  readonly targets: number;
  readonly stages: readonly number[];
  /** Whether something is measured between two stages. */
  readonly measured: boolean;
}

/** What a list may hold: steps in stages, steps of the rollback, checks, or nothing for many targets. */
export type Sort = 'steps' | 'undo' | 'checks' | 'plain';

/** What blocks are laid out over, and where what is wrong with them is told. */
export interface On {
  readonly targets: readonly Named[];
  readonly problems: LayOutProblem[];
  readonly rollouts: Rollout[];
  readonly sort: Sort;
}

/** Whether something is written once for many targets. */
export const isBlock = (value: unknown): value is Mapping => isMapping(value) && 'forEach' in value;

/** The plain items that one written item comes to. */
export function itemsOf(item: unknown, path: PlanPath, on: On): readonly Item[] {
  if (!isBlock(item) || on.sort === 'plain') return [{ value: item, origin: path }];
  const read = readChosen(on.sort, item, path, on);
  if (read === null) return [];
  if (on.sort === 'steps') return stagedSteps(item, read, { path, on });
  const field = on.sort === 'checks' ? 'checks' : 'steps';
  return read.targets.flatMap((target) => each(item, field, { target, stage: 1, stages: 1 }, { path, on }));
}

/** Steps for targets, stage by stage, with what is waited for and measured between two of them. */
function stagedSteps(
  item: Mapping,
  { block, targets: forTargets }: Chosen,
  { path, on }: { readonly path: PlanPath; readonly on: On },
): readonly Item[] {
  const stages = stagesOf(forTargets.length, block.stages ?? ['rest']);
  on.rollouts.push({ path, targets: forTargets.length, stages, measured: block.between !== undefined });
  let from = 0;
  return stages.flatMap((size, stage) => {
    const targets = forTargets.slice(from, from + size);
    from += size;
    const steps = targets.flatMap((target) =>
      each(item, 'steps', { target, stage: stage + 1, stages: stages.length }, { path, on }),
    );
    const last = stage === stages.length - 1;
    if (last || !isMapping(item['between'])) return steps;
    const place = `stage ${stage + 1} of ${stages.length}, ${from} of ${forTargets.length} targets`;
    return [...steps, { value: gate(item['between'], place), origin: [...path, 'between'] }];
  });
}

/** A plain step that waits and measures: where what it measures does not pass, the run is held there. */
function gate(between: Mapping, place: string): Mapping {
  const wait = typeof between['wait'] === 'string' ? between['wait'] : '0 s';
  const name = typeof between['name'] === 'string' ? between['name'] : 'look';
  return {
    name: `${name} after ${place}`,
    wait,
    after: between['checks'],
    estimate: between['estimate'] ?? wait,
    timeout: between['timeout'] ?? `${(durationMs(wait) ?? 0) + 60_000} ms`,
    interruptible: true,
    undo: { nothing: 'It waits and measures, and changes nothing.' },
  };
}

function each(
  block: Mapping,
  field: 'steps' | 'checks',
  { target, ...place }: { readonly target: Named; readonly stage: number; readonly stages: number },
  { path, on }: { readonly path: PlanPath; readonly on: On },
): readonly Item[] {
  const templates = block[field];
  // One target's mistakes are every target's.
  if (on.problems.length > 0 || !Array.isArray(templates)) return [];
  const values = new Map([
    ['target', target.name],
    ['type', target.type],
  ]);
  return templates.map((template: unknown, i) => {
    const at = [...path, field, i];
    if (!isMapping(template) || !String(template['name']).includes('{target}')) {
      on.problems.push({
        path: at,
        message: 'expected `{target}` in the name, so that each has a name of its own',
      });
    }
    return {
      value: fill(template, values, { path: at, problems: on.problems }),
      origin: at,
      forTarget: { target: target.name, ...place },
    };
  });
}

/** What a block says, and which targets it is for. */
interface Chosen {
  readonly block: Block;
  readonly targets: readonly Named[];
}

function readChosen(sort: Exclude<Sort, 'plain'>, item: Mapping, path: PlanPath, on: On): Chosen | null {
  const read = readBlock(sort, item);
  if (!read.ok) {
    on.problems.push(
      ...read.problems.map((one) => ({ path: [...path, ...(one.path as PlanPath)], message: one.message })),
    );
    return null;
  }
  const targets = chosen(read.block.forEach, path, on);
  return targets === null ? null : { block: read.block, targets };
}

/** The targets of a block in the order of the plan's list; `null` where one is none, or is no plain name. */
function chosen(wanted: ForEach, path: PlanPath, { targets, problems }: On): readonly Named[] | null {
  const fail = (message: string, at: PlanPath = [...path, 'forEach']) => {
    // What is wrong with a target is wrong in every block.
    if (!problems.some((problem) => problem.message === message)) problems.push({ path: at, message });
    return null;
  };
  const names = Array.isArray(wanted) ? new Set(wanted) : null;
  const unknown = names && [...names].find((name) => !targets.some((target) => target.name === name));
  if (unknown !== null && unknown !== undefined)
    return fail(`expected a target of this plan, got \`${unknown}\``);
  const some = targets.filter(({ name, type }) =>
    names === null ? wanted === 'targets' || (wanted as { type: string }).type === type : names.has(name),
  );
  if (some.length === 0) return fail('expected at least one target, got none');
  const odd = some.find(({ name }) => !PLAIN.test(name));
  if (odd === undefined) return some;
  const at = ['targets', targets.indexOf(odd), 'name'];
  return fail(`expected targets with plain names, got \`${odd.name}\``, at);
}
