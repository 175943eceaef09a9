import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createClient } from '../../src/cli/client.ts';
import type { CliContext } from '../../src/cli/context.ts';
import { credentials, onBastion } from '../../src/cli/credentials.ts';
import { runHere } from '../../src/cli/run-here.ts';
import { runnerSetting } from '../../src/cli/runner-setting.ts';

// `interlock run` as it is, inside its session, on a host whose clock is off by what a file says.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'take-over': { type: 'boolean', default: false }, clock: { type: 'string', default: '' } },
});
const [change = ''] = positionals;
const who = onBastion(credentials({}, process.env));
const none = () => Promise.reject(new Error('expected a runner, which starts no other program'));
const context: CliContext = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  readStdin: async () => '',
  env: process.env,
  cwd: process.cwd(),
  interactive: false,
  exit: (status) => (process.exitCode = status),
  client: () => createClient(who),
  stopping: () => null,
  programs: { serve: none, demo: none, witness: none, inspect: none, openLedger: none },
};
const setting = runnerSetting(context, { who, env: process.env, scripts: null, log: null });
const hostClock = () => Date.now() + skewMs(values.clock);
const wish = { change, acknowledges: [], takeOver: values['take-over'], wait: false };
process.exitCode = (await runHere(context, { ...setting, hostClock }, wish)).status;

/** Read anew each time: a clock goes astray while a step works. */
function skewMs(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}
