import type { Command } from 'commander';
import { AppError } from '../contract/errors.ts';
import { handOff, type HandOff } from '../contract/runs.ts';
import { action } from './action.ts';
import type { CliContext } from './context.ts';
import { readSource } from './input.ts';

interface NoteOptions {
  readonly state?: string;
  readonly silence: readonly string[];
  readonly graph: readonly string[];
  readonly from?: string;
}

/** `interlock complete CHG-12` */
export function register(program: Command, context: CliContext): void {
  program
    .command('complete <run>')
    .description('write the hand-off note that a maintenance change is closed with')
    .option('--state <text>', 'how it ended')
    .option('--silence <text>', 'an alert that is still silenced; may be given again', collect, [])
    .option('--graph <address>', 'a graph to watch; may be given again', collect, [])
    .option('--from <file>', 'the note as JSON: the draft of `interlock hand-off RUN --draft`, edited')
    .action(
      action(context, async (run: string, options: NoteOptions) => {
        const note = await noteOf(context, options);
        const { say } = await import('./live-run.ts');
        await say(context, run, 'hand-off', note);
        return 0;
      }),
    );
}

/** From the file, or from the options; not from both, as nobody could tell which one stands. */
async function noteOf(context: CliContext, { state, silence, graph, from }: NoteOptions): Promise<HandOff> {
  const given = state !== undefined || silence.length + graph.length > 0;
  if (from !== undefined && !given) return parsed(await readSource(context, from));
  if (from !== undefined || state === undefined)
    throw new AppError('invalid', 'expected either `--from`, or `--state` with what else there is');
  return { state, silences: [...silence], graphs: [...graph] };
}

function parsed({ file, text }: { readonly file: string; readonly text: string }): HandOff {
  try {
    return handOff.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError(
      'invalid',
      `expected \`${file}\` to be an edited draft of a hand-off, got another text`,
      {
        cause,
      },
    );
  }
}

function collect(value: string, sofar: readonly string[]): readonly string[] {
  return [...sofar, value];
}
