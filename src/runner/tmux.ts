import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** The server of our own sessions, apart from the user's; tests use one of their own. */
export function tmuxSocket(env: Readonly<Record<string, string | undefined>>): string {
  return env['INTERLOCK_TMUX_SOCKET'] ?? 'interlock';
}

/** Which multiplexer a program runs in, as the variables that it sets say. */
export function multiplexerOf(env: Readonly<Record<string, string | undefined>>): 'tmux' | 'screen' | null {
  if ((env['TMUX'] ?? '') !== '') return 'tmux';
  return (env['STY'] ?? '') === '' ? null : 'screen';
}

/** Whether tmux is on the path. */
export async function tmuxInstalled(): Promise<boolean> {
  try {
    await exec('tmux', ['-V']);
    return true;
  } catch {
    return false;
  }
}

/** A session of ours by its name. */
export interface TmuxSession {
  readonly socket: string;
  readonly name: string;
}

/** The name as tmux keeps it: `.` and `:` mean something else to it. */
export function sessionName(change: string): string {
  return change.replaceAll(/[.:]/g, '_');
}

/** Starts a session that runs a program by its arguments, detached. A running server ignores our environment: pass it. */
export async function startSession(
  { socket, name }: TmuxSession,
  argv: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<void> {
  const variables = Object.entries(options.env).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
  const size = ['-x', '120', '-y', '40'];
  const start = ['new-session', '-d', '-s', name, ...size, '-c', options.cwd, ...variables, '--', ...argv];
  await exec('tmux', ['-L', socket, '-f', '/dev/null', ...start]);
}

export async function sessionExists({ socket, name }: TmuxSession): Promise<boolean> {
  try {
    await exec('tmux', ['-L', socket, 'has-session', '-t', `=${name}`]);
    return true;
  } catch {
    return false;
  }
}

/** A variable that a session was started with; `null` where it was started without. */
export async function sessionVariable(
  { socket, name }: TmuxSession,
  variable: string,
): Promise<string | null> {
  try {
    const asked = ['-L', socket, 'show-environment', '-t', `=${name}`, variable];
    const { stdout } = await exec('tmux', asked);
    return stdout.startsWith(`${variable}=`) ? stdout.slice(variable.length + 1).trimEnd() : null;
  } catch {
    return null;
  }
}

/** Shows a session on this terminal until it ends or is detached from. */
export function attachSession({ socket, name }: TmuxSession): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('tmux', ['-L', socket, 'attach-session', '-t', `=${name}`], { stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', () => resolve());
  });
}

/** Ends a session and what runs in it. */
export async function endSession({ socket, name }: TmuxSession): Promise<void> {
  await exec('tmux', ['-L', socket, 'kill-session', '-t', `=${name}`]).catch(() => undefined);
}

/** The size of the window of a pane, for the header of its recording. */
export async function paneSize(pane: string): Promise<{ readonly width: number; readonly height: number }> {
  const { stdout } = await exec('tmux', [
    'display-message',
    '-p',
    '-t',
    pane,
    '#{pane_width} #{pane_height}',
  ]);
  const [width, height] = stdout.trim().split(' ').map(Number);
  return { width: width ?? 120, height: height ?? 40 };
}

/** Pipes everything that appears in a pane into a program, from now on. Runs inside the pane: TMUX says which server. */
export async function pipePane(pane: string, argv: readonly string[]): Promise<void> {
  await exec('tmux', ['pipe-pane', '-t', pane, `exec ${argv.map(quoted).join(' ')}`]);
}

/** tmux hands the command of a pipe to a shell. */
function quoted(argument: string): string {
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}
