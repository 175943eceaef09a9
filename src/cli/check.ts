import { Option, type Command } from 'commander';
import { readPlan } from '../plan/read.ts';
import {
  AROUND_STEPS,
  CHECK_LISTS,
  type CheckedAlone,
  type CheckList,
  checkPlan,
} from '../runner/check-plan.ts';
import { action } from './action.ts';
import type { CliContext } from './context.ts';
import { InvalidInput, readSource } from './input.ts';
import { plainLine } from './plain-line.ts';
import { print } from './print.ts';

interface Options {
  readonly only?: CheckList;
  readonly json?: true;
}

/** `interlock check`: measures a plan's checks by themselves, without a server. */
export function register(program: Command, context: CliContext): void {
  program
    .command('check')
    .description("measure a plan's checks from here, by themselves: nothing is changed, no server is asked")
    .argument('<file>', 'the plan file; `-` is standard input')
    .addOption(
      new Option('--only <list>', 'one list; those around the steps are measured only so').choices([
        ...CHECK_LISTS,
        ...AROUND_STEPS,
      ]),
    )
    .option('--json', 'one line of JSON for each check, with the raw answers')
    .action(action(context, (file: string, options: Options) => checkFile(context, file, options)));
}

/** Answers 0 if every check passes, and 1 if one does not or there is none. */
async function checkFile(context: CliContext, file: string, { only, json }: Options): Promise<number> {
  const read = readPlan(await readSource(context, file));
  if (!read.ok) throw new InvalidInput(read.problems);
  const { env } = context;
  const checked: CheckedAlone[] = [];
  const leaving = new AbortController();
  // What a check started ends with it, also when somebody at the terminal has seen enough.
  const leave = () => leaving.abort();
  process.once('SIGINT', leave);
  const asking = {
    prometheusUrl: env['PROMETHEUS_URL'] ?? null,
    alertmanagerUrl: env['ALERTMANAGER_URL'] ?? null,
    env,
    signal: leaving.signal,
  };
  for await (const one of checkPlan(read.plan, only === undefined ? CHECK_LISTS : [only], asking)) {
    checked.push(one);
    print(
      context,
      json ? JSON.stringify({ list: one.list, ...one.around, ...one.result }) : plainLine(lineOf(one)),
    );
  }
  process.off('SIGINT', leave);
  const passed = checked.filter(({ result }) => result.verdict === 'pass').length;
  if (!json)
    print(context, checked.length === 0 ? 'no check to measure' : `${passed} of ${checked.length} pass`);
  return checked.length > 0 && passed === checked.length ? 0 : 1;
}

const LIST = {
  preflight: 'pre-flight',
  postchecks: 'post-check',
  watch: 'watched',
  steps: 'step',
  rollback: 'rollback',
} as const;

/** What was wanted and what was got is in the reason. */
function lineOf({ list, around, result: { verdict, name, because } }: CheckedAlone): string {
  const where = around === null ? LIST[list] : `${LIST[list]} ${around.step}, ${around.at}`;
  return `${verdict.padEnd(7)}  ${where} · ${name}: ${because}`;
}
