import type { DecisionDocument } from '../contract/decision.ts';
import type { FactsRead } from '../documents/facts.ts';
import type { PolicyRead } from '../documents/policy.ts';
import type { CliContext } from './context.ts';
import { answerOf, readAllFacts } from './decide.ts';
import { loadPolicy } from './policy-source.ts';

/** `interlock policy replay FACTS… --policy B`: which decisions on stored facts would have been other. */
export async function replayPolicy(
  context: CliContext,
  files: readonly string[],
  options: { readonly policy: string; readonly from?: string },
): Promise<number> {
  const [before, after] = [
    await loadPolicy(context, options.from),
    await loadPolicy(context, options.policy),
  ];
  const documents = await readAllFacts(context, files);
  const other = documents.filter((facts) => reportOther(context, facts, [before, after])).length;
  context.stdout(
    `${documents.length} ${documents.length === 1 ? 'decision' : 'decisions'} replayed, ${other === 0 ? 'none' : other} would have been other\n`,
  );
  return 0;
}

function reportOther(
  context: CliContext,
  facts: FactsRead,
  [before, after]: readonly [PolicyRead, PolicyRead],
): boolean {
  const [old, now] = [answerOf(before, facts), answerOf(after, facts)];
  const lines = differences(old, now);
  if (lines.length === 0) return false;
  const { written } = facts;
  const subject = `${written.action} ${written.change?.id ?? 'without a change'} at ${written.at}`;
  context.stdout(
    `${subject}: ${answer(old)}, would be ${answer(now)}\n${lines.map((line) => `    ${line}\n`).join('')}`,
  );
  return true;
}

function answer({ allowed }: DecisionDocument): string {
  return allowed ? 'allowed' : 'refused';
}

function differences(old: DecisionDocument, now: DecisionDocument): string[] {
  const rules = new Set([...old.verdicts, ...now.verdicts].map(({ rule }) => rule));
  const changed = [...rules].filter((rule) => verdictIn(old, rule) !== verdictIn(now, rule));
  return [
    ...changed.map(
      (rule) => `${rule}: ${verdictIn(old, rule)}, would be ${verdictIn(now, rule)}${because(now, rule)}`,
    ),
    ...(old.nextOpening === now.nextOpening
      ? []
      : [`next opening: ${old.nextOpening ?? 'none'}, would be ${now.nextOpening ?? 'none'}`]),
  ];
}

function verdictIn({ verdicts }: DecisionDocument, rule: string): string {
  return verdicts.find((one) => one.rule === rule)?.verdict ?? 'not asked';
}

function because(document: DecisionDocument, rule: string): string {
  const found = document.verdicts.find((one) => one.rule === rule);
  return found === undefined || found.verdict === 'pass' ? '' : `: ${found.because}`;
}
