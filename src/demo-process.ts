import { spawn } from 'node:child_process';
import type { ExitStatus } from './contract/errors.ts';
import { packagePath } from './package-path.ts';

/** What the demo needs that npm does not bring; the launcher finds or brings it. */
const PROGRAMS = 'prometheus,promtool,alertmanager,tmux';

/** Runs the demo as `npm run demo` does, in a process of its own that signals of the terminal reach too. */
export async function runDemo(once: boolean): Promise<ExitStatus> {
  const args = [
    packagePath('launch/run.mjs'),
    '--programs',
    PROGRAMS,
    'demo/main.ts',
    ...(once ? ['--once'] : []),
  ];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  // At a terminal the demo gets it as well; this process waits for its end.
  process.on('SIGINT', () => undefined);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => resolve(status === 0 ? 0 : 1));
  });
}
