import type { Command } from 'commander';
import { procedure, procedures, type Procedure } from '../contract/procedures.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import type { CliContext } from './context.ts';
import { table } from './table.ts';

/** Digits of a version that are shown in lists. */
const SHOWN_DIGITS = 12;

/** `interlock procedures [name]` */
export function register(program: Command, context: CliContext): void {
  program
    .command('procedures [name]')
    .description('procedures that ran, how often in a row they succeeded, and what they lack to graduate')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (name: string | undefined, options: Showing) =>
        name === undefined
          ? askAndTell(context, options, {
              method: 'GET',
              path: '/api/v1/procedures',
              answer: procedures,
              lines: (all) => listLines(all.procedures),
            })
          : askAndTell(context, options, {
              method: 'GET',
              path: `/api/v1/procedures/${encodeURIComponent(name)}`,
              answer: procedure,
              lines: procedureLines,
            }),
      ),
    );
}

function listLines(all: readonly Procedure[]): string[] {
  if (all.length === 0) return ['no procedure ran yet; a plan names its own with `procedure:`'];
  const rows = all.flatMap(({ name, versions }) =>
    versions.map(({ version, runs, successfulRuns, graduated, lacks, lastFailed }) => [
      name,
      shortVersion(version),
      String(runs),
      String(successfulRuns),
      graduated ? 'graduated' : `lacks ${lacks.length}`,
      lastFailed ?? 'never',
    ]),
  );
  return table([['PROCEDURE', 'VERSION', 'RUNS', 'IN A ROW', 'STATE', 'LAST FAILED'], ...rows]);
}

function procedureLines({ name, versions }: Procedure): string[] {
  return versions.flatMap(({ version, runs, successfulRuns, graduated, lacks, firstRun, lastFailed }) => [
    `${name} ${shortVersion(version)}: ${graduated ? 'graduated' : 'not graduated'}, ${runs} run${runs === 1 ? '' : 's'} since ${firstRun}, ` +
      `${successfulRuns} good in a row, last failed ${lastFailed ?? 'never'}`,
    ...lacks.map((lack) => `  ${lack}`),
  ]);
}

function shortVersion(version: string): string {
  return version.replace('sha256:', '').slice(0, SHOWN_DIGITS);
}
