import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readCases, type ReadyCase } from '../documents/cases.ts';
import type { Source } from '../documents/problem.ts';
import { caseDifferences } from '../kernel/policy/case-difference.ts';
import { decide } from '../kernel/policy/decide.ts';
import type { Policy } from '../kernel/policy/policy.ts';
import type { CliContext } from './context.ts';
import { InvalidInput, readSource, whyNot } from './input.ts';
import { loadPolicy } from './policy-source.ts';

/** `interlock policy test DIR`: asks the policy every case of a folder. Status 1 if an answer is not the one demanded. */
export async function testPolicy(
  context: CliContext,
  folder: string,
  options: { readonly policy?: string },
): Promise<number> {
  const { policy } = await loadPolicy(context, options.policy);
  const read = readCases(await sourcesIn(context, folder));
  if (!read.ok) throw new InvalidInput(read.problems);
  // Nothing asked is nothing proven: a folder that lost its cases must not pass.
  if (read.cases.length === 0) {
    const message = 'expected at least one case beside `bases.yaml`, got none';
    throw new InvalidInput([{ file: folder, line: 1, column: 1, message }]);
  }
  const different = read.cases.filter((one) => !reportCase(context, policy, one)).length;
  const total = `${read.cases.length} ${read.cases.length === 1 ? 'case' : 'cases'}`;
  context.stdout(
    different === 0 ? `${total}, every answer as demanded\n` : `${total}, ${different} answered otherwise\n`,
  );
  return different === 0 ? 0 : 1;
}

/** Says in what the answer differs, if it does. */
function reportCase(
  context: CliContext,
  policy: Policy,
  { demanded, facts, file, line }: ReadyCase,
): boolean {
  const differences = caseDifferences(demanded, decide(policy, facts));
  if (differences.length === 0) return true;
  context.stdout(`${file}:${line}: ${demanded.name}\n${differences.map((text) => `    ${text}\n`).join('')}`);
  return false;
}

async function sourcesIn(context: CliContext, folder: string): Promise<Source[]> {
  const names = await namesIn(context, folder);
  const files = names.filter((name) => /\.(ya?ml|json)$/.test(name)).toSorted();
  return Promise.all(files.map((name) => readSource(context, join(folder, name))));
}

async function namesIn(context: CliContext, folder: string): Promise<string[]> {
  try {
    return await readdir(resolve(context.cwd, folder));
  } catch (cause) {
    const message = `expected a folder that can be read, got ${whyNot(cause)}`;
    throw new InvalidInput([{ file: folder, line: 1, column: 1, message }]);
  }
}
