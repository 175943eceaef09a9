import type { Argument, Command, Option } from 'commander';
import { EXAMPLES } from './help-examples.ts';
import { wrongUsage } from './wrong-usage.ts';

/** What an argument stands for wherever it stands, so that no command has to say it. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  change: 'a request, such as CHG-12',
  run: 'a run, such as RUN-3',
  incident: 'an incident, such as INC-2',
  lock: 'a lock, such as LOCK-4',
  claim: 'a claim of a pipeline, such as CLAIM-5',
  rota: 'eoc, imoc or cmoc',
  account: 'the name of an account',
  'hand-over': 'its number, as `rota hand-overs` lists it',
};

/** What says itself how it ends. */
const OWN_STATUS: ReadonlySet<string> = new Set(['run', 'claim', 'guard']);

const STATUS = 'Exit status: 0 done or allowed, 1 failed, 2 refused by policy, 3 invalid input.';

/** How help and complaints look, for the whole program: before its commands are added, which take it over. */
export function withHelpOfTheHouse(program: Command, writeErr: (text: string) => void): Command {
  return program
    .configureHelp({
      // Long names leave their descriptions a narrow column, and it is wrapped all the same.
      minWidthToWrap: 20,
      optionDescription,
      // Its choices are its description.
      argumentDescription: ({ description }: Argument) => description,
    })
    .configureOutput({ outputError: (text) => writeErr(wrongUsage(text)) });
}

function optionDescription({ description, argChoices, defaultValue, mandatory }: Option): string {
  const more = [
    ...(mandatory ? ['required'] : []),
    ...(argChoices ? [`choices: ${argChoices.join(', ')}`] : []),
    // That a list is empty, and a switch off, unless something is said goes without saying.
    ...(typeof defaultValue !== 'string' && typeof defaultValue !== 'number'
      ? []
      : [`default: ${String(defaultValue)}`]),
  ];
  return more.length === 0 ? description : `${description} (${more.join('; ')})`;
}

/** Adds to every command what its help ends with, and to what is wrong where to look: after all commands were added. */
export function finishHelp(program: Command): void {
  for (const command of program.commands) finish(command, [command.name()]);
  program.addHelpText('after', `\n${STATUS}\nThe commands have more of it: interlock COMMAND --help`);
  program.showHelpAfterError('(more: interlock --help)');
}

function finish(command: Command, path: readonly string[]): void {
  const name = path.join(' ');
  command.showHelpAfterError(`usage: interlock ${name} ${command.usage()} (more: interlock ${name} --help)`);
  for (const sub of command.commands) finish(sub, [...path, sub.name()]);
  if (command.commands.length > 0) return;
  describeArguments(command);
  const examples = EXAMPLES[name] ?? [];
  if (examples.length > 0)
    command.addHelpText('after', ['', 'Examples:', ...examples.map((line) => `  ${line}`)].join('\n'));
  if (!OWN_STATUS.has(name)) command.addHelpText('after', `\n${STATUS}`);
}

/** All of them or none: a list with gaps says less than the line of usage. */
function describeArguments({ registeredArguments }: Command): void {
  const words = registeredArguments.map((argument: Argument) => argument.description || wordsFor(argument));
  if (words.every((text) => text === '') || words.includes('')) return;
  for (const [index, argument] of registeredArguments.entries()) argument.description = words[index] ?? '';
}

function wordsFor(argument: Argument): string {
  if (argument.argChoices !== undefined) return argument.argChoices.join(', ');
  return ARGUMENTS[argument.name()] ?? '';
}
