import { itemsOf, isBlock, type Rollout } from './blocks.ts';
import { fill, type LayOutProblem } from './fill.ts';
import { BROUGHT, isNested, nest, type Nesting, type ProcedureFiles } from './nested.ts';
import { hasParameters, readParameters, strayTargets } from './parameters.ts';
import type { PlanPath } from './walk.ts';
import { isMapping, targetsOf, valueAt, withAt, type ForTarget, type Item, type Mapping } from './written.ts';

/** A plan of plain steps and checks, and where each of them was written. */
export type LaidOut =
  | {
      readonly ok: true;
      readonly value: unknown;
      readonly originOf: (path: PlanPath) => PlanPath;
      /** The target that an item of a list was laid out for, by the path of the item. */
      readonly targetOf: (path: PlanPath) => ForTarget | null;
      readonly rollouts: readonly Rollout[];
      /** The plan files that were nested, by the path that leads to each. */
      readonly procedures: readonly string[];
    }
  | {
      readonly ok: false;
      readonly problems: readonly LayOutProblem[];
      /** Plan files that were named and not given. */
      readonly missing: readonly string[];
    };

const SORTS = {
  steps: 'steps',
  'rollback.steps': 'undo',
  preflight: 'checks',
  postchecks: 'checks',
  watch: 'plain',
  assumptions: 'plain',
} as const;

/** What a list is for, and the most that it may come to: what a run can number, and a report can hold. */
const LISTS = BROUGHT.map((at) => ({
  at,
  sort: SORTS[at.join('.') as keyof typeof SORTS],
  most: at.at(-1) === 'steps' ? 9_999 : 1_000,
}));

/** What a plan is laid out within: by the values and the plan around it, where it is nested. */
interface Inside {
  readonly given?: unknown;
  readonly nesting: Nesting;
  readonly around?: Mapping;
}

/**
 * Lays a plan out as it was written: parameters become their values, what is said once for many targets a plain step or
 * check for each, a nested procedure its steps. The same texts give the same steps, everywhere; a text with none of this
 * stays as it is.
 */
export function layOut(written: unknown, files: ProcedureFiles | null = null): LaidOut {
  return layOutInside(written, { nesting: { files, above: [], missing: new Set(), used: new Set() } });
}

function layOutInside(written: unknown, inside: Inside): LaidOut {
  if (!isMapping(written) || !(inside.around || isSpecial(written))) return asWritten(written);
  const { nesting } = inside;
  const filled = withValues(written, inside);
  if ('problems' in filled) return refused(filled.problems, nesting);
  const { plan } = filled;
  const problems: LayOutProblem[] = [];
  const rollouts: Rollout[] = [];
  const expanded = LISTS.map(({ at, sort }) => {
    const items = valueAt(plan, at);
    const all: readonly unknown[] = Array.isArray(items) ? items : [];
    const on = { targets: targetsOf(plan), problems, rollouts, sort };
    return all.flatMap((item, i) => itemsOf(item, [...at, i], on));
  });
  const lists = problems.length > 0 ? expanded : withNested(expanded, { around: plan, nesting, problems });
  lists.forEach((items, i) => {
    const { at, most } = LISTS[i] as (typeof LISTS)[number];
    if (items.length > most)
      problems.push({ path: at, message: `expected at most ${most} of them, got ${items.length}` });
  });
  if (problems.length > 0) return refused(problems, nesting);
  return {
    ok: true,
    value: lists.reduce((laid, items, i) => withList(laid, LISTS[i]?.at ?? [], items), plan),
    originOf: (path) => originIn(path, lists),
    targetOf: (path) => itemAt(path, lists)?.forTarget ?? null,
    rollouts,
    procedures: [...nesting.used],
  };
}

const asWritten = (value: unknown): LaidOut => ({
  ok: true,
  value,
  originOf: (path) => path,
  targetOf: () => null,
  rollouts: [],
  procedures: [],
});

const refused = (problems: readonly LayOutProblem[], { missing }: Nesting): LaidOut => ({
  ok: false,
  problems,
  missing: [...missing],
});

const isSpecial = (written: Mapping) =>
  hasParameters(written) ||
  BROUGHT.some((at) => {
    const items = valueAt(written, at);
    return Array.isArray(items) && items.some((item) => isBlock(item) || isNested(item));
  });

/** The plan with its parameters' values, and without its parameters. */
function withValues(
  written: Mapping,
  { given, around }: Inside,
): { readonly plan: Mapping } | { readonly problems: readonly LayOutProblem[] } {
  const { parameters: _parameters, with: _with, ...rest } = written;
  const read = readParameters(written, given);
  if (!read.ok) return { problems: read.problems };
  const problems: LayOutProblem[] = [];
  const plan = fill(rest, read.values, { path: [], problems }) as Mapping;
  problems.push(...strayTargets(read, targetsOf(around ?? plan)));
  return problems.length > 0 ? { problems } : { plan };
}

/** Nested procedures in their places among the steps; what else they bring comes after what is there. */
function withNested(
  lists: readonly (readonly Item[])[],
  on: { readonly around: Mapping; readonly nesting: Nesting; readonly problems: LayOutProblem[] },
): readonly (readonly Item[])[] {
  const [steps = [], ...others] = lists;
  if (!steps.some(({ value }) => isNested(value))) return lists;
  const brought: Item[][] = others.map((items) => [...items]);
  const all = steps.flatMap((item) => {
    if (!isNested(item.value)) return [item];
    const nested = nest(item, { ...on, layOutInner: layOutInside });
    if (!nested.ok) {
      on.problems.push(...nested.problems);
      return [];
    }
    const [own = [], ...along] = nested.lists;
    along.forEach((items, i) => brought[i]?.push(...items));
    return own;
  });
  return [all, ...brought];
}

function withList(plan: Mapping, at: PlanPath, items: readonly Item[]): Mapping {
  // What is not written and not brought stays away: the reader says what it lacks.
  if (items.length === 0 && !Array.isArray(valueAt(plan, at))) return plan;
  return withAt(
    plan,
    at,
    items.map(({ value }) => value),
  );
}

function originIn(path: PlanPath, lists: readonly (readonly Item[])[]): PlanPath {
  const at = listOf(path)?.at;
  if (at === undefined) return path;
  const item = itemAt(path, lists);
  return item === undefined ? at : [...item.origin, ...path.slice(at.length + 1)];
}

function itemAt(path: PlanPath, lists: readonly (readonly Item[])[]): Item | undefined {
  const list = listOf(path);
  return list && lists[LISTS.indexOf(list)]?.[Number(path[list.at.length])];
}

/** The list that a path leads into. */
function listOf(path: PlanPath) {
  return LISTS.find(({ at }) => path.length > at.length && at.every((key, k) => path[k] === key));
}
