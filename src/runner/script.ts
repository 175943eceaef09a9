import { createHash, randomUUID } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { mkdir, open, realpath, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Larger than any script that a person has reviewed. */
const MAX_BYTES = 16 * 1_024 * 1_024;

export type FrozenScript =
  { readonly ok: true; readonly path: string } | { readonly ok: false; readonly because: string };

/**
 * Reads a script below the plan's folder, compares its SHA-256 with the one that was approved, and writes those very bytes
 * into a private folder, from where they are executed: what is exchanged on disk in between is not what runs.
 */
export async function freezeScript(
  script: { readonly path: string; readonly sha256: string },
  planFolder: string,
  privateFolder: string,
): Promise<FrozenScript> {
  const bytes = await readInside(planFolder, script.path);
  if (typeof bytes === 'string') return { ok: false, because: bytes };
  const got = createHash('sha256').update(bytes).digest('hex');
  if (got !== script.sha256) {
    return {
      ok: false,
      because: `expected script \`${script.path}\` with SHA-256 \`${script.sha256}\` as approved, got \`${got}\``,
    };
  }
  await mkdir(privateFolder, { recursive: true, mode: 0o700 });
  const frozen = path.join(privateFolder, `${got.slice(0, 16)}-${path.basename(script.path)}`);
  // A file of its own, then its name: what was frozen before is read-only to its owner too, and may still be running.
  const fresh = `${frozen}.${randomUUID()}`;
  await writeFile(fresh, bytes, { mode: 0o500, flag: 'wx' });
  await rename(fresh, frozen);
  return { ok: true, path: frozen };
}

/** The bytes of a regular file inside a folder, or why they cannot be had. No link leads out of the folder. */
async function readInside(folder: string, name: string): Promise<Buffer | string> {
  if (name.includes('\0')) return 'expected the path of a script, got one with a NUL';
  if (path.isAbsolute(name)) return `expected a script's path relative to the plan, got \`${name}\``;
  try {
    const root = await realpath(folder);
    const whole = await realpath(path.join(root, name));
    if (!whole.startsWith(root + path.sep))
      return `expected a script inside the plan's folder, got \`${name}\``;
    const file = await open(whole, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const problem = unfit(await file.stat(), name);
      return problem ?? (await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return `expected to read script \`${name}\` below \`${folder}\`, got \`${code}\``;
  }
}

function unfit(stat: Stats, name: string): string | null {
  if (!stat.isFile()) return `expected script \`${name}\` to be a regular file`;
  return stat.size > MAX_BYTES
    ? `expected script \`${name}\` of at most ${MAX_BYTES} bytes, got ${stat.size}`
    : null;
}
