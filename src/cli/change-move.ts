import type { Command } from 'commander';
import { changeSummary } from '../contract/changes.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import type { CliContext } from './context.ts';

const ACTS = {
  submit: 'submit a draft, once no error is left in its plan',
  cancel: 'give a request up before it begins',
  reject: 'reject a request, as the engineer on call, management or the Director of Reliability',
} as const;

/** `interlock change submit|cancel|reject ID` */
export function register(change: Command, context: CliContext): void {
  for (const [act, description] of Object.entries(ACTS)) {
    change
      .command(`${act} <change>`)
      .description(description)
      .option('--json', 'print the answer as JSON')
      .action(
        action(context, (id: string, options: Showing) =>
          askAndTell(context, options, {
            method: 'POST',
            path: addressOf(id, `/${act}`),
            answer: changeSummary,
            lines: ({ id: closed, state }) => [`${closed} is ${state}`],
          }),
        ),
      );
  }
}
