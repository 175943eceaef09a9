import type { Command } from 'commander';
import { changeRecord, changeView, type ChangeRecord, type ChangeView } from '../contract/changes.ts';
import { action } from './action.ts';
import { telling, type Showing } from './ask-and-tell.ts';
import { nextLines } from './change-text.ts';
import type { CliContext } from './context.ts';
import { plainLine } from './plain-line.ts';
import { print } from './print.ts';
import { readSentPlan } from './sent-plan.ts';

interface OpenOptions extends Showing {
  readonly retryOf?: string;
  readonly draft?: true;
}

/** `interlock change open FILE` */
export function register(change: Command, context: CliContext): void {
  change
    .command('open <file>')
    .description('file a request from a plan, with the scripts beside it')
    .option('--retry-of <change>', 'the aborted change that this one tries again')
    .option('--draft', 'file it as a draft, which asks nothing of anybody until `change submit`')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, async (file: string, { retryOf, draft, json }: OpenOptions) => {
        const body = { ...(await readSentPlan(context, file)), retryOf, draft };
        const client = context.client();
        return telling(context, { json: json === true }, async () => {
          const opened = await client.ask('POST', '/api/v1/changes', { body, answer: changeRecord });
          if (json === true) {
            print(context, JSON.stringify(opened));
            return 0;
          }
          const shown = await client.ask('GET', `/api/v1/changes/${opened.id}`, { answer: changeView });
          print(context, filedLines('opened', shown).map(plainLine));
          return 0;
        });
      }),
    );
}

/** What somebody who has just filed a plan wants to know: its id, its floor, what it still needs. */
export function filedLines(how: string, change: ChangeView): string[] {
  const { verdict } = change;
  const floor = verdict?.decision.verdicts.find(({ rule }) => rule === 'criticality-floor');
  return [
    `${change.id} ${how}: ${change.title}`,
    `  ${change.criticality} ${change.severity} ${change.kind} in ${change.environment}, plan ${change.digest}`,
    ...(floor ? [`  ${floor.because}`] : []),
    ...findingLines(change),
    ...(verdict?.decision.allowed === false ? ['What it still needs:'] : []),
    ...nextLines(change),
  ];
}

function findingLines({ findings }: ChangeRecord): string[] {
  return findings.map(
    ({ file, line, column, level, rule, message }) =>
      `  ${file}:${line}:${column} ${level} ${rule} ${message}`,
  );
}
