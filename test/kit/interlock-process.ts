import { spawn } from 'node:child_process';
import path from 'node:path';

const BIN = path.resolve(import.meta.dirname, '../../bin/interlock.js');

export interface Ended {
  /** `null` where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `interlock serve` as a process of its own. */
export interface InterlockProcess {
  readonly url: string;
  /** What it has written so far, both streams. */
  output(): string;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended>;
}

type Environment = Readonly<Record<string, string>>;

/** Runs `interlock` with these arguments to its end. */
export function runInterlock(
  args: readonly string[],
  environment: Environment = {},
  stdin = '',
): Promise<Ended> {
  return launch(args, environment, stdin).ended;
}

/** Starts a server on a free port and waits until it says where; an error with what it said where it ends before. */
export async function startInterlock(
  dataDir: string,
  environment: Environment = {},
): Promise<InterlockProcess> {
  return answering(launch(['serve'], { INTERLOCK_DATA: dataDir, INTERLOCK_PORT: '0', ...environment }));
}

/** Starts `interlock witness` with these arguments and waits until it says where; an error where it ends before. */
export function startWitnessProcess(args: readonly string[]): Promise<InterlockProcess> {
  return answering(launch(['witness', ...args], {}));
}

async function answering({ child, ended, output }: ReturnType<typeof launch>): Promise<InterlockProcess> {
  const url = await Promise.race([
    ended.then(({ stderr }) => {
      throw new Error(`expected a server, got:\n${stderr}`);
    }),
    new Promise<string>((resolve) => {
      child.stdout.on('data', () => {
        const said = /serves on (http\S+?)\.?\s/.exec(output())?.[1];
        if (said !== undefined) resolve(said);
      });
    }),
  ]);
  return {
    url,
    output,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

function launch(args: readonly string[], environment: Environment, stdin = '') {
  const { INTERLOCK_TOKEN: _token, INTERLOCK_URL: _url, DATABASE_URL: _database, ...inherited } = process.env;
  const child = spawn(process.execPath, [BIN, ...args], { env: { ...inherited, ...environment } });
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(stdin);
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (status) => {
      process.off('exit', onExit);
      resolve({ status, stdout, stderr });
    });
  });
  return { child, ended, output: () => stdout + stderr };
}
