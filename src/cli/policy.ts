import { Argument, Option, type Command } from 'commander';
import { CRITICALITIES, KINDS, SEVERITIES, STAGES } from '../kernel/policy/facts.ts';
import { SCHEMAS } from '../contract/json-schema.ts';
import type { CliContext } from './context.ts';
import { guarded } from './input.ts';
import { diffPolicies } from './policy-diff.ts';
import { explainPolicy, FORMATS, type ExplainOptions } from './policy-explain.ts';
import { lintPolicies } from './policy-lint.ts';
import { registerServed } from './policy-served.ts';
import { replayPolicy } from './policy-replay.ts';
import { printSchema } from './policy-schema.ts';
import { testPolicy } from './policy-test.ts';

/** `interlock policy …`: everything about a policy; what needs the server is in `policy-served.ts`. */
export function register(program: Command, context: CliContext): void {
  const policy = program
    .command('policy')
    .description('check, test and explain a policy file offline; ask the one in force');
  registerChecks(policy, context);
  registerExplain(policy, context);
  registerComparisons(policy, context);
  registerServed(policy, context);
}

function registerChecks(policy: Command, context: CliContext): void {
  policy
    .command('lint')
    .description('say what is wrong in policy files')
    .argument('<file...>', 'policy files')
    .action((files: string[]) => guarded(context, () => lintPolicies(context, files)));
  policy
    .command('test')
    .description('ask the policy every case of a folder')
    .argument('<dir>', 'folder of case files with their `bases.yaml`')
    .option('--policy <file>', 'the policy to test, instead of the shipped one')
    .action((folder: string, options: { policy?: string }) =>
      guarded(context, () => testPolicy(context, folder, options)),
    );
  policy
    .command('schema')
    .description('print the JSON Schema of a format, for editors')
    .addArgument(new Argument('<format>').choices(Object.keys(SCHEMAS)))
    .action((name: keyof typeof SCHEMAS) =>
      guarded(context, () => Promise.resolve(printSchema(context, name))),
    );
}

function registerExplain(policy: Command, context: CliContext): void {
  policy
    .command('explain')
    .description('the ceremony of a kind of change as a checklist')
    .addOption(new Option('--criticality <level>', 'only this one').choices([...CRITICALITIES]))
    .addOption(
      new Option('--severity <level>', 'how bad a failure would be').choices([...SEVERITIES]).default('S3'),
    )
    .addOption(
      new Option('--kind <kind>', 'what it is declared to be').choices([...KINDS]).default('service'),
    )
    .addOption(new Option('--deployment <stage>', 'it ships code').choices([...STAGES]))
    .option('--graduated', 'made with a procedure that has graduated')
    .addOption(new Option('--format <format>', 'how to print it').choices([...FORMATS]).default('text'))
    .option('--policy <file>', 'the policy to explain, instead of the shipped one')
    .action((options: ExplainOptions) => guarded(context, () => explainPolicy(context, options)));
}

function registerComparisons(policy: Command, context: CliContext): void {
  policy
    .command('diff')
    .description('what changes for whom from one policy to another, in words')
    .argument('<before>', 'policy file, or `@3`: the third of `policy versions`')
    .argument('<after>', 'the same')
    .option('--lines', 'line by line instead')
    .action((before: string, after: string, options: { lines?: boolean }) =>
      guarded(context, () => diffPolicies(context, [before, after], options)),
    );
  policy
    .command('replay')
    .description('which decisions on stored facts would have been other')
    .argument('<facts...>', 'files of facts documents')
    .requiredOption('--policy <file>', 'the policy to try')
    .option('--from <file>', 'the policy to compare with, instead of the shipped one')
    .action((files: string[], options: { policy: string; from?: string }) =>
      guarded(context, () => replayPolicy(context, files, options)),
    );
}
