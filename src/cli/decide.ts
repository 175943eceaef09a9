import type { Command } from 'commander';
import { decisionDocument, type DecisionDocument } from '../contract/decision.ts';
import { documentDigest } from '../documents/digest.ts';
import { readFacts, type FactsRead } from '../documents/facts.ts';
import type { PolicyRead } from '../documents/policy.ts';
import { decide } from '../kernel/policy/decide.ts';
import type { CliContext } from './context.ts';
import { decisionText } from './decision-text.ts';
import { guarded, InvalidInput, readSource } from './input.ts';
import { loadPolicy, sha256 } from './policy-source.ts';

type Options = { readonly policy?: string; readonly json?: boolean };

/** `interlock decide FILE…`: asks a policy offline. */
export function register(program: Command, context: CliContext): void {
  program
    .command('decide')
    .description('ask the policy offline: may this happen? Reads facts documents (JSON or YAML)')
    .argument('<file...>', 'files of facts documents; `-` is standard input')
    .option('--policy <file>', 'the policy to ask, instead of the shipped one')
    .option('--json', 'one line of JSON for each document')
    .action((files: string[], options: Options) => guarded(context, () => run(context, files, options)));
}

async function run(context: CliContext, files: readonly string[], options: Options): Promise<number> {
  const policy = await loadPolicy(context, options.policy);
  const documents = await readAllFacts(context, files);
  let allowed = true;
  for (const facts of documents) {
    const answer = answerOf(policy, facts);
    allowed &&= answer.allowed;
    context.stdout(
      options.json === true ? `${JSON.stringify(answer)}\n` : `${decisionText(answer, facts.written)}\n`,
    );
  }
  return allowed ? 0 : 2;
}

/** What a policy says to one facts document, with the digests of both. */
export function answerOf({ policy, digest }: PolicyRead, { facts, written }: FactsRead): DecisionDocument {
  return decisionDocument(decide(policy, facts), digest, documentDigest(written, sha256));
}

/** Reads every facts document of all files. Nothing is judged as long as one of them is wrong. */
export async function readAllFacts(
  context: CliContext,
  files: readonly string[],
): Promise<readonly FactsRead[]> {
  const documents: FactsRead[] = [];
  const problems = [];
  for (const file of files) {
    const read = readFacts(await readSource(context, file));
    if (read.ok) documents.push(...read.documents);
    else problems.push(...read.problems);
  }
  if (problems.length > 0) throw new InvalidInput(problems);
  return documents;
}
