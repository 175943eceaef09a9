import { readFileSync } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import { buffer } from 'node:stream/consumers';
import { lineLog } from './app/line-log.ts';
import type { Programs, ServeOptions, WitnessOptions } from './cli/programs.ts';
import { runCommand } from './cli/program.ts';
import { readConfig, type Config } from './config.ts';
import { AppError, type ExitStatus } from './contract/errors.ts';

const STOP_WITHIN_MS = 10_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const stdout = (line: string) => void process.stdout.write(line);
const stderr = (line: string) => void process.stderr.write(line);
const tell = (line: string) => stderr(`${line}\n`);

/** Whoever reads along may go away; what was begun is brought to its end all the same. */
function unread(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  // INVARIANT: an answer that was cut short is never taken for one: a full disk ends this at once, and not with 0 or 2.
  stderr(`interlock: expected output that can be written, got \`${error.code ?? error.message}\`\n`);
  process.exit(1);
}

/** Runs the command line `argv` (without the program's own name). Answers the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', unread);
  return runCommand(argv, {
    stdout,
    stderr,
    readStdin,
    env: process.env,
    cwd: process.cwd(),
    interactive: process.stdin.isTTY && process.stderr.isTTY,
    programs,
    version: packageVersion(),
  });
}

/** What stands on standard input. @throws {AppError} `invalid` where it is no text: it would be read as something that nobody wrote */
async function readStdin(): Promise<string> {
  const bytes = await buffer(process.stdin);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw new AppError('invalid', 'expected text in UTF-8 on standard input, got other bytes');
}

/** Each loads what it needs when it is run: a command that only asks the server starts without the server's parts. */
const programs: Programs = {
  serve: (options) => explained(() => serveUntilToldToStop(options)),
  witness: (options) => explained(() => witnessUntilToldToStop(options)),
  demo: async (once) => (await import('./demo-process.ts')).runDemo(once),
  inspect: async () => {
    const { inspectFolder } = await import('./inspect.ts');
    return inspectFolder(configuration({}), lineLog(tell, 'warn'));
  },
  openLedger: async () => {
    const { openFolderLedger } = await import('./inspect.ts');
    return spoken(() => openFolderLedger(configuration({}), lineLog(tell, 'warn')));
  },
};

async function serveUntilToldToStop(options: ServeOptions): Promise<ExitStatus> {
  const config = configuration(options);
  const { serve } = await import('./serve.ts');
  const told = stopSignal();
  const serving = await serve(config, { version: packageVersion(), log: lineLog(tell), tell });
  stdout(`Interlock serves on ${serving.url}\n`);
  return stopWhenTold(serving, told);
}

async function witnessUntilToldToStop(options: WitnessOptions): Promise<ExitStatus> {
  const { startWitness } = await import('./witness-process.ts');
  const told = stopSignal();
  const serving = await startWitness(options, tell);
  stdout(`The witness serves on ${serving.url}. For INTERLOCK_WITNESSES of the logs that it watches:\n`);
  stdout(`  ${serving.url}#${serving.vkey}\n`);
  return stopWhenTold(serving, told);
}

async function stopWhenTold(serving: { stop(): Promise<void> }, told: Promise<string>): Promise<ExitStatus> {
  const signal = await told;
  tell(`Stopping (${signal}).`);
  setTimeout(() => {
    tell(`interlock: expected to stop within ${STOP_WITHIN_MS / 1_000} s, got no end: leaving now`);
    process.exit(1);
  }, STOP_WITHIN_MS).unref();
  await serving.stop();
  return 0;
}

/** Resolves at the first signal to stop; a second one ends the process at once. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        resolve(signal);
      });
    }
  });
}

function configuration(options: ServeOptions): Config {
  const { host, port, data, policy, adminTokenFile } = options;
  return readConfig({
    ...process.env,
    ...(host !== undefined && { INTERLOCK_HOST: host }),
    ...(port !== undefined && { INTERLOCK_PORT: port }),
    ...(data !== undefined && { INTERLOCK_DATA: data }),
    ...(policy !== undefined && { INTERLOCK_POLICY: policy }),
    ...(adminTokenFile !== undefined && { INTERLOCK_ADMIN_TOKEN_FILE: adminTokenFile }),
  });
}

/** Errors that are meant for the operator as they stand, by their name: one line, no stack. */
const SPOKEN: Readonly<Record<string, ExitStatus>> = {
  BadPolicy: 3,
  BadSetting: 3,
  EmbeddedError: 1,
  MigrationError: 1,
  LogKeyError: 1,
  WitnessError: 1,
};

async function explained(run: () => Promise<ExitStatus>): Promise<ExitStatus> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AppError || !(error instanceof Error)) throw error;
    const status = SPOKEN[error.name];
    if (status === undefined) throw error;
    for (const line of error.message.split('\n')) tell(status === 3 ? line : `interlock: ${line}`);
    return status;
  }
}

/** The same errors where a command goes on with what it got: it tells them as any other. */
async function spoken<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const status = error instanceof Error ? SPOKEN[error.name] : undefined;
    if (!(error instanceof Error) || status === undefined) throw error;
    throw new AppError(status === 3 ? 'invalid' : 'unavailable', error.message, { cause: error });
  }
}

function packageVersion(): string {
  try {
    return versionIn(new URL('../package.json', import.meta.url));
  } catch {
    // A published build lies one folder deeper.
    return versionIn(new URL('../../package.json', import.meta.url));
  }
}

function versionIn(file: URL): string {
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
