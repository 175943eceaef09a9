import type { Command } from 'commander';
import { action } from './action.ts';
import { addressOf } from './change-address.ts';
import type { CliContext } from './context.ts';
import { print } from './print.ts';

/** `interlock present ID` */
export function register(program: Command, context: CliContext): void {
  program
    .command('present <change>')
    .description('say that you are there')
    .option('--joined', 'and that you have joined the Situation Room')
    .action(
      action(context, async (id: string, { joined }: { joined?: boolean }) => {
        const place = joined === true ? '/situation-room' : '/presence';
        await context.client().ask('POST', addressOf(id, place));
        print(context, `${id}: ${joined === true ? 'present, in the Situation Room' : 'present'}`);
        return 0;
      }),
    );
}
