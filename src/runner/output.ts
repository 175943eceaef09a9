import { readFile } from 'node:fs/promises';
import type { ExecutionResult } from '../contract/execution.ts';
import { INLINE_OUTPUT_BYTES, type InlineOutput } from '../contract/runs.ts';
import type { RunnerState, RunnerWorld } from './world.ts';

/**
 * A short output goes along with the report, a long one by itself while the run goes on. Its record is not worth failing a
 * step for: the digest is in the report, the file stays here.
 */
export async function outputOf(
  world: RunnerWorld,
  state: Pick<RunnerState, 'uploads'>,
  {
    execution,
    name,
    file,
  }: { readonly execution: ExecutionResult; readonly name: string; readonly file: string },
): Promise<InlineOutput> {
  const { keptBytes } = execution.output;
  if (keptBytes === 0) return null;
  const bytes = await readFile(file).catch(() => null);
  if (bytes !== null && bytes.length <= INLINE_OUTPUT_BYTES) return { name, bytes: bytes.toString('base64') };
  const sending =
    bytes === null
      ? Promise.reject(new Error('gone'))
      : world.session.uploadFile(world.run, { kind: 'output', name, bytes });
  state.uploads.push(
    sending.catch(() => world.view.note(`the output of this step could not be sent; it is kept in ${file}`)),
  );
  return null;
}
