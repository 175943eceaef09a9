import type { Plan } from '../contract/plan.ts';
import type { Hash } from '../kernel/ledger/hash.ts';
import { fromUtf8, toUtf8 } from '../kernel/ledger/utf8.ts';
import { hex } from './digest.ts';
import { hiddenCharacterIn } from './hidden-character.ts';
import { everyStep } from './walk.ts';

/** A script as it was found, or why it could not be read. `text` is `null` where the bytes are no UTF-8 text. */
export type ScriptSource =
  { readonly text: string | null; readonly sha256: string } | { readonly problem: string };

/** The scripts that a plan names, by the path that the plan gives. */
export type Scripts = ReadonlyMap<string, ScriptSource>;

const MAX_SCRIPT_BYTES = 1_000_000;

/** The paths of all scripts of a plan, each once. */
export function scriptPathsOf(plan: Plan): readonly string[] {
  return [...new Set(everyStep(plan).flatMap(({ step }) => (step.script ? [step.script.path] : [])))];
}

/** Why a path may not be followed, or `null`: a script lies beside its plan or below it. */
export function unsafePath(path: string): string | null {
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'is absolute';
  if (path.split('/').includes('..')) return 'leads out of the folder of the plan';
  if (/^[-~@]/.test(path)) return 'begins with a character that programs read as something else';
  if (/[\\*?[\]{}]/.test(path) || hiddenCharacterIn(path) !== null) {
    return 'holds a character that is no part of a plain name';
  }
  return null;
}

/**
 * Reads the scripts of a plan. `read` gives the bytes at a path relative to the plan file and throws if it cannot; it
 * is not asked for a path that leads elsewhere.
 */
export async function readScripts(
  plan: Plan,
  read: (path: string) => Promise<Uint8Array>,
  hash: Hash,
): Promise<Scripts> {
  const sources = scriptPathsOf(plan).map(
    async (path) => [path, await readScript(path, read, hash)] as const,
  );
  return new Map(await Promise.all(sources));
}

async function readScript(
  path: string,
  read: (path: string) => Promise<Uint8Array>,
  hash: Hash,
): Promise<ScriptSource> {
  const unsafe = unsafePath(path);
  if (unsafe !== null) return { problem: `its path ${unsafe}` };
  try {
    const bytes = await read(path);
    if (bytes.length > MAX_SCRIPT_BYTES)
      return { problem: 'it is larger than 1 MB, more than anybody reviews' };
    return { text: fromUtf8(bytes), sha256: hex(hash(bytes)) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Scripts whose texts came with the plan, as a server receives them: path to text. */
export function scriptsOfTexts(texts: Readonly<Record<string, string>>, hash: Hash): Scripts {
  const entries = Object.entries(texts);
  return new Map(entries.map(([path, text]) => [path, { text, sha256: hex(hash(toUtf8(text))) }]));
}
