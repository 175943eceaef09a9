import type { ChangeView } from '../../../src/contract/changes.ts';
import { formatProblem } from '../../../src/documents/problem.ts';
import { readPlan } from '../../../src/plan/read.ts';
import { inBrowser } from '../ledger/in-browser.ts';
import type { LaidPlan } from './laid-plan.ts';

/** Only a plan that nests procedures needs hashes, and those the browser computes only where it came over HTTPS. */
class HashWanted extends Error {}

/** Lays the text of a plan out. @throws where this page's code does not read it. */
export async function readText({
  planFile: file,
  planText: text,
  scripts: texts,
}: Pick<ChangeView, 'planFile' | 'planText' | 'scripts'>): Promise<LaidPlan> {
  const read = await withoutHashes(() =>
    readPlan(
      { file, text },
      {
        texts,
        hash: () => {
          throw new HashWanted();
        },
      },
    ),
  ).catch((error: unknown) => {
    if (!(error instanceof HashWanted)) throw error;
    return inBrowser(({ hash }) => readPlan({ file, text }, { texts, hash }));
  });
  if (read.ok) return read;
  throw new Error(read.problems.map(formatProblem).join('; '));
}

async function withoutHashes<T>(work: () => T): Promise<T> {
  return work();
}
