import type { PlanPath } from './walk.ts';

/** What a placeholder such as `{target}` stands for. */
export type Values = ReadonlyMap<string, string | number>;

/** Something in a plan that keeps it from being laid out. */
export interface LayOutProblem {
  readonly path: PlanPath;
  readonly message: string;
}

/** A name or a value that no shell, query or address reads as anything but itself. */
export const PLAIN = /^[A-Za-z0-9][\w.:@/+=-]*$/;

const PLACEHOLDER = /\{([a-z][A-Za-z0-9]*)\}/g;

/** Where a placeholder would choose what is executed, rather than what it is executed on. */
const NEVER: ReadonlySet<string> = new Set(['shell', 'interpreter', 'sha256', 'urlFrom', 'passEnv', 'path']);
const ARGUMENTS: ReadonlySet<string> = new Set([
  'command',
  'arguments',
  'dryRun',
  'argv',
  'onCancel',
  'corrective',
]);
const CODE: ReadonlySet<string> = new Set(['query', 'url', 'host']);
const INTERPRETERS = /^(ba|da|k|z|a)?sh$|^(python[\d.]*|perl|ruby|node|php|psql|mysql)$/;

/**
 * A copy of what was written with every placeholder filled in.
 *
 * INVARIANT: no value becomes a part of a shell line or of a program's text. An argument is a value or is none; in queries
 * and addresses only plain values stand.
 */
export function fill(
  written: unknown,
  values: Values,
  { path, problems }: { readonly path: PlanPath; readonly problems: LayOutProblem[] },
): unknown {
  if (typeof written === 'string') return fillText(written, values, { path, problems });
  if (Array.isArray(written)) {
    problems.push(...argumentFlaws(written, values, path));
    return written.map((item, i) => fill(item, values, { path: [...path, i], problems }));
  }
  if (typeof written !== 'object' || written === null) return written;
  return Object.fromEntries(
    Object.entries(written).map(([key, item]) => [
      key,
      fill(item, values, { path: [...path, key], problems }),
    ]),
  );
}

type Use = 'never' | 'argument' | 'code' | 'words';

function fillText(
  text: string,
  values: Values,
  { path, problems }: { readonly path: PlanPath; readonly problems: LayOutProblem[] },
): unknown {
  const used = usedIn(text, values);
  const [first] = used;
  const use = useAt(path);
  if (first === undefined) {
    const stray = use === 'argument' ? strayIn(text, values) : null;
    if (stray !== null)
      problems.push({ path, message: `expected a parameter of the plan, got \`{${stray}}\`` });
    return text;
  }
  const whole = text === `{${first}}`;
  const flaw = flawOf(text, used, { use, whole, values });
  if (flaw !== null) problems.push({ path, message: flaw });
  const value = values.get(first);
  if (whole && use !== 'argument') return value;
  return text.replaceAll(PLACEHOLDER, (written, name: string) => String(values.get(name) ?? written));
}

/** An argument that is a placeholder for nothing: what a block for many targets fills in later is not. */
function strayIn(text: string, values: Values): string | null {
  const name = /^\{([a-z][A-Za-z0-9]*)\}$/.exec(text)?.[1];
  const later = !values.has('target') && (name === 'target' || name === 'type');
  return name === undefined || later ? null : name;
}

function usedIn(text: string, values: Values): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].flatMap(([, name]) =>
    name !== undefined && values.has(name) ? [name] : [],
  );
}

function useAt(path: PlanPath): Use {
  const [above, last] = [path.at(-2), path.at(-1)];
  if (typeof last === 'number' && typeof above === 'string' && ARGUMENTS.has(above)) {
    // What a list of arguments begins with is the program itself; those of a script begin after it.
    const ofScript = above === 'arguments' || (above === 'dryRun' && path.at(-3) === 'script');
    return last === 0 && !ofScript ? 'never' : 'argument';
  }
  if (path.some((key) => typeof key === 'string' && NEVER.has(key))) return 'never';
  if (above === 'env') return 'argument';
  return above === 'labels' || (typeof last === 'string' && CODE.has(last)) ? 'code' : 'words';
}

function flawOf(
  text: string,
  used: readonly string[],
  { use, whole, values }: { readonly use: Use; readonly whole: boolean; readonly values: Values },
): string | null {
  const [first = ''] = used;
  switch (use) {
    case 'words':
      return null;
    case 'never':
      return `expected no placeholder in what is executed, got \`{${first}}\`; hand it over as an argument of its own or in \`env\``;
    case 'argument':
      return whole ? null : `expected \`{${first}}\` as an argument of its own, got \`${text}\``;
    case 'code': {
      const odd = used.find((name) => !PLAIN.test(String(values.get(name))));
      return odd === undefined
        ? null
        : `expected a plain value for \`{${odd}}\` in a query or an address, got \`${String(values.get(odd))}\``;
    }
  }
}

/** An argument that its program reads as a program of its own. */
function argumentFlaws(
  written: readonly unknown[],
  values: Values,
  path: PlanPath,
): readonly LayOutProblem[] {
  const key = path.at(-1);
  if (typeof key !== 'string' || !ARGUMENTS.has(key)) return [];
  const texts = written.map((item) => (typeof item === 'string' ? item : ''));
  const bases = texts.map((text) => text.slice(text.lastIndexOf('/') + 1));
  return texts.flatMap((text, i) => {
    const used = usedIn(text, values);
    const [first] = used;
    if (first === undefined) return [];
    const interprets = bases.slice(0, i).some((base) => INTERPRETERS.test(base));
    const remote =
      bases.slice(0, i).includes('ssh') && used.some((name) => !PLAIN.test(String(values.get(name))));
    const code = interprets && /^-\w*[ce]$|^--(eval|execute|command)$/.test(texts[i - 1] ?? '');
    if (!code && !remote) return [];
    return [
      {
        path: [...path, i],
        message: `expected no placeholder in the text of a program, got \`{${first}}\`; hand it over as an argument after it`,
      },
    ];
  });
}
