import type { Command } from 'commander';
import type { CliContext } from './context.ts';
import { guarded } from './input.ts';
import { testPolicy } from './policy-test.ts';

/** `interlock policy …`: everything about a policy that needs no server. */
export function register(program: Command, context: CliContext): void {
  const policy = program.command('policy').description('check, test and explain a policy file, offline');
  policy
    .command('test')
    .description('ask the policy every case of a folder')
    .argument('<dir>', 'folder of case files with their `bases.yaml`')
    .option('--policy <file>', 'the policy to test, instead of the shipped one')
    .action((folder: string, options: { policy?: string }) =>
      guarded(context, () => testPolicy(context, folder, options)),
    );
}
