import { Option, type Command } from 'commander';
import { planJsonSchema } from '../contract/plan-schema.ts';
import { digestPlan } from '../plan/digest.ts';
import type { CliContext } from './context.ts';
import { guarded, InvalidInput } from './input.ts';
import { readPlanFile } from './plan-file.ts';
import { lintPlans } from './plan-lint.ts';
import { newPlan, type PlanSource } from './plan-new.ts';
import { showPlan } from './plan-show.ts';
import { sha256 } from './policy-source.ts';

/** `interlock plan …`: everything about a plan file that needs no server. */
export function register(program: Command, context: CliContext): void {
  const plan = program
    .command('plan')
    .description('lint, show, digest, resolve, begin, export and import plan files, offline');
  registerWriting(plan, context);
  registerIssues(plan, context);
  plan
    .command('lint')
    .description('say what plans lack, with the place of each finding and what to do')
    .argument('<file...>', 'plan files (YAML or JSON); `-` is standard input')
    .option('--policy <file>', 'the policy to judge by, instead of INTERLOCK_POLICY or the shipped one')
    .option('--json', 'one line of JSON for each file')
    .action((files: string[], options: { policy?: string; json?: true }) =>
      guarded(context, () => lintPlans(context, files, options)),
    );
  plan
    .command('show')
    .description('show a plan as it is laid out: every step and check that will be, in order')
    .argument('<file>', 'the plan file; `-` is standard input')
    .option('--json', 'the plan as it is read, as one line of JSON')
    .action((file: string, options: { json?: true }) =>
      guarded(context, () => showPlan(context, file, options)),
    );
  plan
    .command('digest')
    .description('print the digest of what a plan means: what approvals are bound to')
    .argument('<file>', 'the plan file; `-` is standard input')
    .option('--json', 'the digests of its parts as well, as one line of JSON')
    .action((file: string, options: { json?: true }) =>
      guarded(context, () => digest(context, file, options)),
    );
  plan
    .command('schema')
    .description('print the JSON Schema of the plan file, for editors')
    .action(() => context.stdout(`${JSON.stringify(planJsonSchema(), null, 2)}\n`));
}

/** The commands that write plan files. */
function registerWriting(plan: Command, context: CliContext): void {
  plan
    .command('new')
    .description('begin a plan from a ready one, with its scripts')
    .argument('<file>', 'the plan file to write')
    .addOption(
      new Option('--from <plan>', 'a plan file, or the name of one of the library of procedures').conflicts(
        'template',
      ),
    )
    .addOption(
      new Option('--template <criticality>', 'the empty plan of a criticality, to be filled in').choices([
        'c1',
        'c2',
        'c3',
        'c4',
      ]),
    )
    .option(
      '--set <name=value>',
      'a value for a parameter of the ready plan; may be given again',
      (one: string, before: string[]) => [...before, one],
      [],
    )
    .action((file: string, options: PlanSource) => guarded(context, () => newPlan(context, file, options)));
  plan
    .command('resolve')
    .description('ask what lists the targets: the list, its count and how it differs from the frozen one')
    .argument('<file>', 'the plan file')
    .option('--write', 'freeze the list: write it into the plan, with its count')
    .option('--json', 'one line of JSON')
    .action((file: string, options: { write?: true; json?: true }) =>
      guarded(context, async () => (await import('./plan-resolve.ts')).resolvePlan(context, file, options)),
    );
}

/** A plan as the text of an issue, and back. */
function registerIssues(plan: Command, context: CliContext): void {
  plan
    .command('export')
    .description('write a plan as the text of an issue: for people, with the file itself in it')
    .argument('<file>', 'the plan file; `-` is standard input')
    .option('--out <file>', 'the file to write, instead of standard output')
    .action((file: string, options: { out?: string }) =>
      guarded(context, async () => (await import('./plan-issue.ts')).exportPlanFile(context, file, options)),
    );
  plan
    .command('import')
    .description(
      'make a plan of the text of an issue: of an exported plan, or of a change template of GitLab',
    )
    .argument('<issue>', 'the text of the issue (Markdown); `-` is standard input')
    .option('--out <file>', 'the plan file to write, instead of standard output')
    .option('--title <title>', 'the title of the issue, which does not stand in its text')
    .action((file: string, options: { out?: string; title?: string }) =>
      guarded(context, async () => (await import('./plan-issue.ts')).importIssueFile(context, file, options)),
    );
}

async function digest(context: CliContext, file: string, { json }: { json?: true }): Promise<number> {
  const { read } = await readPlanFile(context, file);
  if (!read.ok) throw new InvalidInput(read.problems);
  const digests = digestPlan(read.plan, sha256);
  context.stdout(`${json ? JSON.stringify(digests) : digests.digest}\n`);
  return 0;
}
