import type { Command } from 'commander';
import { policyAnswer, policyVersions, type PolicyAnswer, type PolicyVersion } from '../contract/policies.ts';
import { KINDS } from '../kernel/policy/facts.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { choice } from './choice.ts';
import type { CliContext } from './context.ts';
import { kindOf, withKindOptions, type KindOptions } from './kind-options.ts';
import { openingText } from './opening-text.ts';
import { table } from './table.ts';

/** What is asked of the server: `interlock policy at`, `interlock policy versions`. */
export function registerServed(policy: Command, context: CliContext): void {
  withKindOptions(
    policy
      .command('at')
      .argument('[instant]', 'an instant ahead with its offset; now if it is left out')
      .description('what the policy of the server says of a kind of change; nothing is recorded'),
  )
    .option('--kind <kind>', 'what it is declared to be: service or maintenance', choice('a kind', KINDS))
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (at: string | undefined, options: KindOptions & Showing & { kind?: string }) =>
        askAndTell(context, options, {
          method: 'GET',
          path: `/api/v1/policy/answer?${queryOf(at, options)}`,
          answer: policyAnswer,
          lines: answerLines,
          status: ({ timeAllows }) => (timeAllows ? 0 : 2),
        }),
      ),
    );
  policy
    .command('versions')
    .description('every policy that was in force on the server; `policy diff @1 @2` compares two')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: '/api/v1/policies',
          answer: policyVersions,
          lines: ({ versions }) => versionLines(versions),
        }),
      ),
    );
}

function queryOf(at: string | undefined, options: KindOptions & { kind?: string }): string {
  const { services: _services, ...kind } = kindOf(options);
  const asked = { ...kind, kind: options.kind, at };
  return new URLSearchParams(
    Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ).toString();
}

function answerLines(answer: PolicyAnswer): string[] {
  const { at, allowed, timeAllows, verdicts, onDuty } = answer;
  const rows = verdicts.map(({ rule, verdict, known, because }) => [
    rule,
    known ? verdict : 'asked then',
    known ? because : 'it rests on what is so at that instant',
  ]);
  const opening = timeAllows ? null : openingText(answer);
  const yes = allowed ? 'yes' : timeAllows ? 'time allows it' : 'no';
  const duty = Object.entries(onDuty).map(([rota, person]) => `${rota} ${person}`);
  return [
    `${yes}, at ${at}; on duty: ${duty.length === 0 ? 'nobody' : duty.join(', ')}`,
    ...table([['RULE', 'VERDICT', 'BECAUSE'], ...rows]),
    ...(opening === null ? [] : [opening]),
  ];
}

function versionLines(versions: readonly PolicyVersion[]): string[] {
  if (versions.length === 0) return ['no policy was put in force yet'];
  const rows = versions.map(({ number, name, digest, since, until, by, ledgerIndex, kept }) => [
    `@${number}`,
    since,
    until ?? 'in force',
    by ?? 'not noted',
    ledgerIndex ?? '-',
    digest.slice(0, 19),
    kept ? name : `${name} (text not kept)`,
  ]);
  return table([['NUMBER', 'SINCE', 'UNTIL', 'BY', 'ENTRY', 'DIGEST', 'NAME'], ...rows]);
}
