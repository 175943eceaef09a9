import type { Command } from 'commander';
import { action } from './action.ts';
import type { CliContext } from './context.ts';

interface NoteOptions {
  readonly state: string;
  readonly silence: readonly string[];
  readonly graph: readonly string[];
}

/** `interlock complete CHG-12` */
export function register(program: Command, context: CliContext): void {
  program
    .command('complete <run>')
    .description('write the hand-off note that a maintenance change is closed with')
    .requiredOption('--state <text>', 'how it ended')
    .option('--silence <text>', 'an alert that is still silenced; may be given again', collect, [])
    .option('--graph <address>', 'a graph to watch; may be given again', collect, [])
    .action(
      action(context, async (run: string, { state, silence, graph }: NoteOptions) => {
        const { say } = await import('./live-run.ts');
        await say(context, run, 'hand-off', { state, silences: silence, graphs: graph });
        return 0;
      }),
    );
}

function collect(value: string, sofar: readonly string[]): readonly string[] {
  return [...sofar, value];
}
