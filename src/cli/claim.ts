import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { claimGiven, type ClaimGiven } from '../contract/claims.ts';
import { AppError } from '../contract/errors.ts';
import { action } from './action.ts';
import { telling } from './ask-and-tell.ts';
import { choice } from './choice.ts';
import type { Client } from './client.ts';
import { startCommand, type CommandEnd, type CommandGroup } from './command-group.ts';
import type { CliContext } from './context.ts';
import { holdClaim, releaseHeld } from './hold-claim.ts';
import { kindOf, leftOut, withKindOptions, type KindOptions } from './kind-options.ts';
import { plainLine } from './plain-line.ts';
import { note } from './print.ts';

const ON_STOP = ['term', 'wait'] as const;

interface Options extends KindOptions {
  readonly onStop: (typeof ON_STOP)[number];
}

/** `interlock claim … -- COMMAND…`: asks, claims, runs the command under the claim, releases. */
export function register(program: Command, context: CliContext): void {
  const claim = program
    .command('claim <command...>')
    .description('run a command as a running change: asked first, renewed while it runs, released after it');
  withKindOptions(claim)
    .option(
      '--on-stop <how>',
      'on a veto, an incident, a lock, dead monitoring or a lost lease: term ends the command, wait lets it end by itself',
      choice('how to stop', ON_STOP),
      'term',
    )
    .addHelpText(
      'after',
      `
The command comes after \`--\` and is run by its arguments, without a shell.
Exit status: that of the command; 128 and the signal's number where a signal ended it; 2 refused, 1 the server did
not answer (the command was not run either time); 1 too where the command said 0 but was stopped, or its end could
not be recorded.`,
    )
    .action(action(context, (argv: string[], options: Options) => claimAndRun(context, argv, options)));
}

async function claimAndRun(context: CliContext, argv: readonly string[], options: Options): Promise<number> {
  // An empty variable in a script: nothing is claimed for what cannot be begun.
  if (argv[0] === '') throw new AppError('invalid', 'expected a command after `--`, got an empty text');
  const client = context.client();
  let given: ClaimGiven | undefined;
  // Standard output is the command's alone.
  const refused = await telling({ ...context, stdout: context.stderr }, {}, async () => {
    given = await makeClaim(client, kindOf(options));
    return 0;
  });
  if (given === undefined) {
    for (const line of refused === REFUSED ? leftOut(options) : []) note(context, line);
    return refused;
  }
  note(context, `${given.id}: claimed, by entry ${given.decision}`);
  for (const { id, severity, person } of given.beside) {
    note(context, plainLine(`  beside ${id} (${severity}) of ${person}, who was told`));
  }
  return runUnder(context, client, given, { argv, onStop: options.onStop });
}

const REFUSED = 2;
const ATTEMPTS = 3;

/** An answer that was lost is asked for again by its key; a server that cannot be reached is not waited for. */
async function makeClaim(client: Client, kind: ReturnType<typeof kindOf>): Promise<ClaimGiven> {
  const body = { ...kind, idempotencyKey: `cli-${randomUUID()}` };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await client.ask('POST', '/api/v1/claims', { body, answer: claimGiven });
    } catch (error) {
      const lost = error instanceof AppError && error.code === 'unavailable';
      if (!lost || attempt >= ATTEMPTS) throw error;
    }
  }
}

const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

async function runUnder(
  context: CliContext,
  client: Client,
  given: ClaimGiven,
  { argv, onStop }: { readonly argv: readonly string[]; readonly onStop: Options['onStop'] },
): Promise<number> {
  const say = (line: string) => note(context, plainLine(line));
  // INVARIANT: heard from before the command is begun: a signal that ended this program alone would leave it without a claim.
  const signals = hearSignals();
  const command = startCommand(argv, { ...context.env, INTERLOCK_CLAIM: given.id });
  signals.passOnTo(command);
  const held = holdClaim(client, given, say);
  let stopped = false;
  void held.stopped.then((why) => {
    stopped = true;
    say(`${given.id}: stop: ${why}${onStop === 'wait' ? ' The command is left to end by itself.' : ''}`);
    if (onStop === 'term') command.stop(given.killGraceMs / 2);
  });
  const end = await command.ended;
  signals.forget();
  held.end();
  const ended = stopped && onStop === 'term';
  const outcome = end.status === 0 && !ended ? 'succeeded' : 'failed';
  const unsaid = await releaseHeld(client, given, outcome);
  say(
    unsaid === null
      ? `${given.id}: ${outcome}`
      : `${given.id}: how it ended could not be recorded: ${unsaid}`,
  );
  return statusOf(context, end, ended || unsaid !== null);
}

/** A command that was stopped, or whose end nobody recorded, did not succeed, whatever it says itself. */
function statusOf(context: CliContext, { status, notBegun }: CommandEnd, notClean: boolean): number {
  if (notBegun !== null) note(context, `the command was not begun: ${notBegun}`);
  return status === 0 && notClean ? 1 : status;
}

/** Signals to this program, from now on. */
interface HeardSignals {
  /** Passes on to a command what was heard and what comes: whoever stops this program means the command. */
  passOnTo(command: CommandGroup): void;
  forget(): void;
}

function hearSignals(): HeardSignals {
  const early: NodeJS.Signals[] = [];
  let pass = (name: NodeJS.Signals): void => void early.push(name);
  const listeners = PASSED_ON.map((name) => {
    const hear = () => pass(name);
    process.on(name, hear);
    return () => process.off(name, hear);
  });
  return {
    passOnTo: (command) => {
      pass = (name) => command.signal(name);
      early.forEach(pass);
    },
    forget: () => listeners.forEach((off) => off()),
  };
}
