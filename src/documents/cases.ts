import { baseFile, caseFile, type PolicyCase } from '../contract/case.ts';
import { parseFacts } from '../contract/facts.ts';
import type { Facts } from '../kernel/policy/facts.ts';
import { mergePatch } from './merge-patch.ts';
import type { Problem, Source } from './problem.ts';
import { readDocument } from './read.ts';

/** One case, ready to be asked: what it demands, the facts that it makes, and where it stands. */
export type ReadyCase = {
  readonly demanded: PolicyCase;
  readonly facts: Facts;
  readonly file: string;
  readonly line: number;
};

export type CasesRead =
  | { readonly ok: true; readonly cases: readonly ReadyCase[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export const BASES = 'bases.yaml';

/** Reads files of cases with the bases that they patch. One of the sources is named `bases.yaml`. */
export function readCases(sources: readonly Source[]): CasesRead {
  const bases = sources.find(({ file }) => isBases(file));
  if (bases === undefined) {
    const file = sources[0]?.file ?? BASES;
    return {
      ok: false,
      problems: [{ file, line: 1, column: 1, message: `expected \`${BASES}\` beside it, got none` }],
    };
  }
  const read = readDocument(baseFile, bases);
  if (!read.ok) return read;
  const cases: ReadyCase[] = [];
  const problems: Problem[] = [];
  for (const source of sources) {
    if (source === bases) continue;
    const found = readCaseFile(source, read.value);
    if (found.ok) cases.push(...found.cases);
    else problems.push(...found.problems);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, cases };
}

function isBases(file: string): boolean {
  return file === BASES || file.endsWith(`/${BASES}`);
}

function readCaseFile(source: Source, bases: Readonly<Record<string, unknown>>): CasesRead {
  const read = readDocument(caseFile, source);
  if (!read.ok) return read;
  const cases: ReadyCase[] = [];
  const problems: Problem[] = [];
  read.value.forEach((demanded, index) => {
    const base = Object.hasOwn(bases, demanded.base) ? bases[demanded.base] : undefined;
    if (base === undefined) {
      problems.push(
        read.problemAt([index, 'base'], `expected a base of \`${BASES}\`, got \`${demanded.base}\``),
      );
      return;
    }
    const facts = parseFacts(mergePatch(base, demanded.patch));
    if (facts.ok) {
      const { line } = read.problemAt([index], '');
      cases.push({ demanded, facts: facts.facts, file: source.file, line });
    } else {
      problems.push(
        ...facts.problems.map(({ path, message }) =>
          read.problemAt(
            [index, 'patch', ...path],
            `${message} (in \`${path.map(String).join('.')}\` of the case's facts)`,
          ),
        ),
      );
    }
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, cases };
}
