import type { Command } from 'commander';
import { heldByLogin } from '../contract/stops.ts';
import { action } from './action.ts';
import { orByLogin } from './by-login.ts';
import type { CliContext } from './context.ts';
import { print } from './print.ts';

/** `interlock hold CHG-12` */
export function register(program: Command, context: CliContext): void {
  program
    .command('hold <run>')
    .description(
      'hold the live run of a change at the next safe place to stop; on a bastion whose key is there also without token, by the login',
    )
    .option('--now', 'at once: an interruptible step is stopped')
    .option('--because <text>', 'why', 'held by a person')
    .action(
      action(context, async (run: string, options: { now?: boolean; because: string }) => {
        const { say } = await import('./live-run.ts');
        const word = { because: options.because, now: options.now === true };
        await orByLogin(
          context,
          async () => void (await say(context, run, 'hold', word)),
          async (client) => {
            const body = { ...word, run };
            const held = await client.ask('POST', '/api/v1/stops/hold', { body, answer: heldByLogin });
            const wanted = held.holdWanted ? ', to be held at the next safe place' : '';
            print(context, `${held.run} of ${held.change}: ${held.state}${wanted}`);
          },
        );
        return 0;
      }),
    );
}
