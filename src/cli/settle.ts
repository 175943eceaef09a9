import type { Command } from 'commander';
import { AppError } from '../contract/errors.ts';
import { SETTLEMENTS, type Settlement } from '../kernel/run/snapshot.ts';
import { action } from './action.ts';
import { choice } from './choice.ts';
import type { CliContext } from './context.ts';

/** `interlock settle CHG-12 happened` */
export function register(program: Command, context: CliContext): void {
  program
    .command('settle <run> <settlement>')
    .description(`state what the unknown step of a held run did: ${SETTLEMENTS.join(', ')}`)
    .requiredOption('--statement <text>', 'how you know')
    .action(
      action(context, async (name: string, said: string, { statement }: { statement: string }) => {
        const { liveRun, say } = await import('./live-run.ts');
        const settlement: Settlement = choice('a settlement', SETTLEMENTS)(said);
        const run = await liveRun(context, name);
        const step = run.steps.find(({ state }) => state === 'unknown');
        if (step === undefined)
          throw new AppError('conflict', `expected an unknown step of ${run.id}, got none`);
        const { list, position } = step;
        await say(context, run.id, 'settle', { list, position, settlement, statement });
        return 0;
      }),
    );
}
