import { nestedProcedure } from '../contract/plan-parameters.ts';
import { durationMs } from '../contract/duration.ts';
import { problemsOf } from '../contract/problem.ts';
import { parseText } from '../documents/parse.ts';
import type { Hash } from '../kernel/ledger/hash.ts';
import { toUtf8 } from '../kernel/ledger/utf8.ts';
import { hex } from './digest.ts';
import type { LayOutProblem } from './fill.ts';
import { unsafePath } from './scripts.ts';
import type { PlanPath } from './walk.ts';
import { isMapping, targetsOf, valueAt, type ForTarget, type Item, type Mapping } from './written.ts';

/** The plan files that a plan may nest, by the path that it names them with, and how their digest is made. */
export interface ProcedureFiles {
  readonly texts: Readonly<Record<string, string>>;
  readonly hash: Hash;
}

/** Where one is: which files are open above this one, and which were asked for and not given. */
export interface Nesting {
  readonly files: ProcedureFiles | null;
  readonly above: readonly string[];
  readonly missing: Set<string>;
  readonly used: Set<string>;
}

/** A procedure within a procedure within a procedure is as deep as anybody can review. */
const DEEPEST = 3;

/** The lists that a nested procedure brings along, besides its steps. */
export const BROUGHT = [
  ['steps'],
  ['rollback', 'steps'],
  ['preflight'],
  ['postchecks'],
  ['watch'],
  ['assumptions'],
] as const satisfies readonly PlanPath[];

export const isNested = (item: unknown): item is Mapping => isMapping(item) && isMapping(item['procedure']);

/** Lays the nested plan out by the values given to it. */
type LayOutInner = (
  written: unknown,
  inside: { readonly given: unknown; readonly nesting: Nesting; readonly around: Mapping },
) =>
  | {
      readonly ok: true;
      readonly value: unknown;
      readonly targetOf: (path: PlanPath) => ForTarget | null;
    }
  | { readonly ok: false; readonly problems: readonly LayOutProblem[] };

/** What a nested procedure comes to, list by list as in `BROUGHT`; or why it cannot be nested. */
export type Nested =
  | { readonly ok: true; readonly lists: readonly (readonly Item[])[] }
  | { readonly ok: false; readonly problems: readonly LayOutProblem[] };

interface Outside {
  /** The plan that nests it. */
  readonly around: Mapping;
  readonly nesting: Nesting;
  readonly layOutInner: LayOutInner;
}

const refuse = (problems: readonly LayOutProblem[]): Nested => ({ ok: false, problems });

/** Nests a procedure: its steps and whatever checks, undoes and watches them. */
export function nest({ value, origin }: Item, outside: Outside): Nested {
  const read = nestedProcedure.safeParse(value, { reportInput: true });
  if (!read.success) {
    return refuse(
      problemsOf(read.error, nestedProcedure).map(({ path, message }) => ({
        path: [...origin, ...(path as PlanPath)],
        message,
      })),
    );
  }
  const { name, procedure } = read.data;
  const { around, nesting, layOutInner } = outside;
  const path = beside(nesting.above.at(-1) ?? '', procedure.path);
  const at = [...origin, 'procedure'];
  const fail = (message: string) => refuse([{ path: at, message }]);
  const opened = open(path, procedure.sha256, nesting);
  if (typeof opened === 'string') return fail(opened);
  const inner = layOutInner(opened.value, {
    given: procedure.with,
    nesting: { ...nesting, above: [...nesting.above, path] },
    around,
  });
  if (!inner.ok) {
    return refuse(inner.problems.map(({ message }) => ({ path: at, message: `in \`${path}\`: ${message}` })));
  }
  const flaw = isMapping(inner.value) ? unfit(inner.value, around) : 'expected a plan';
  if (flaw !== null) return fail(`in \`${path}\`: ${flaw}`);
  const lists = BROUGHT.map((list) => {
    const items = valueAt(inner.value, list);
    const all: readonly unknown[] = Array.isArray(items) ? items : [];
    return all.map((item, i) => ({
      value: prefixed(item, name, path),
      origin: at,
      forTarget: inner.targetOf([...list, i]) ?? undefined,
    }));
  });
  return { ok: true, lists };
}

function open(
  path: string,
  sha256: string,
  { files, above, missing, used }: Nesting,
): { value: unknown } | string {
  const unsafe = unsafePath(path);
  if (unsafe !== null)
    return `expected a procedure beside the plan or below it, got \`${path}\`: it ${unsafe}`;
  if (above.includes(path)) return `expected no procedure inside itself, got \`${path}\` again`;
  if (above.length >= DEEPEST)
    return `expected procedures nested at most ${DEEPEST} deep, got \`${path}\` deeper`;
  const text = files !== null && Object.hasOwn(files.texts, path) ? files.texts[path] : undefined;
  if (files === null || text === undefined) {
    missing.add(path);
    return `expected a procedure that can be read, got \`${path}\`: it is not there or was not given`;
  }
  used.add(path);
  const got = hex(files.hash(toUtf8(text)));
  if (got !== sha256) {
    return `expected the SHA-256 of \`${path}\` to be \`${sha256}\`, got \`${got}\`: review it as it is now`;
  }
  const parsed = parseText({ file: path, text });
  if (!parsed.ok) return parsed.problems[0]?.message ?? 'expected a plan';
  const [document, second] = parsed.documents;
  return document === undefined || second !== undefined
    ? 'expected one plan in it'
    : { value: document.value };
}

/** A procedure is nested only where everything holds that it was reviewed for. */
function unfit(inner: Mapping, around: Mapping): string | null {
  if (inner['interlock'] !== 'plan/1') return 'expected a plan, `interlock: plan/1`';
  if (inner['environment'] !== around['environment']) {
    return `expected the environment \`${String(around['environment'])}\`, got \`${String(inner['environment'])}\``;
  }
  for (const field of ['criticality', 'severity']) {
    const [own, its] = [around[field], inner[field]].map(String);
    if (own !== undefined && its !== undefined && its < own) {
      return `expected a \`${field}\` of \`${its}\` or higher around it, got \`${own}\``;
    }
  }
  if (inner['kind'] === 'maintenance' && around['kind'] !== 'maintenance') {
    return 'expected `kind: maintenance` around it';
  }
  const touched = new Set(targetsOf(around).map((one) => one.name));
  const stray = targetsOf(inner).find((one) => !touched.has(one.name));
  if (stray !== undefined) return `expected only targets of the plan around it, got \`${stray.name}\``;
  const topics = listOf(around['topics']);
  const topic = listOf(inner['topics']).find((one) => !topics.includes(one));
  if (topic !== undefined) return `expected its topic \`${topic}\` in the plan around it too`;
  const [own, its] = [around['downtime'], inner['downtime']].map((text) => durationMs(String(text)) ?? 0);
  if ((its ?? 0) > (own ?? 0)) return 'expected a `downtime` around it that is no shorter than its own';
  const point = valueAt(inner, ['rollback', 'pointOfNoReturn']);
  if (point !== undefined && point !== null)
    return 'expected no point of no return: say it in the plan around it';
  return null;
}

const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** Names, and what leads to them, with the name of the step before them; scripts from the folder of the plan around it. */
function prefixed(item: unknown, prefix: string, path: string): unknown {
  if (!isMapping(item)) return item;
  const said = (value: unknown) => (typeof value === 'string' ? `${prefix}: ${value}` : value);
  const { name, undo, script, check } = item;
  return {
    ...item,
    ...(name !== undefined && { name: said(name) }),
    ...(typeof check === 'string' && { check: said(check) }),
    ...(isMapping(undo) && 'step' in undo && { undo: { ...undo, step: said(undo['step']) } }),
    ...(isMapping(script) &&
      typeof script['path'] === 'string' && { script: { ...script, path: beside(path, script['path']) } }),
  };
}

/** A path that is relative to a file, from the folder that the file's own path begins in. */
function beside(file: string, path: string): string {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  return path.startsWith('/') ? path : `${folder}${path}`;
}
