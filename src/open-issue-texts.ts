import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { BadSetting } from './bad-setting.ts';
import type { IntegrationsFile } from './contract/integrations/file.ts';
import type { NamedText } from './documents/integrations.ts';
import { formatProblem } from './documents/problem.ts';
import { whyNoIssueText, type IssueTexts } from './kernel/change/issue-text.ts';

/** The texts of issues that `integrations.yaml` has or names, each checked. @throws {BadSetting} with `file:line:column` a problem */
export async function openIssueTexts(
  { file: { issue = {} }, texts }: { readonly file: IntegrationsFile; readonly texts: readonly NamedText[] },
  folder: string,
): Promise<IssueTexts> {
  const inline = Object.entries(issue).flatMap(([criticality, source]) =>
    typeof source === 'object' ? [[criticality, source.text]] : [],
  );
  const read = await Promise.all(
    texts.map(async ({ criticality, path: name, problem }) => {
      const text = await readFile(path.resolve(folder, name), 'utf8').catch(() => null);
      // Not by its name: somebody may have written a secret there.
      const because =
        text === null ? 'expected a file that can be read to be named here, got none' : whyNoIssueText(text);
      return { criticality, text, problem: because === null ? null : problem(because) };
    }),
  );
  const problems = read.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) throw new BadSetting(problems.map(formatProblem).join('\n'));
  return Object.fromEntries([...inline, ...read.map(({ criticality, text }) => [criticality, text])]);
}
