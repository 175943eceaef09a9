import type { SpawnOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { ServerAccount } from './server-account.ts';

export interface Command {
  readonly file: string;
  readonly args: string[];
  readonly options: SpawnOptions;
}

const SETPRIV = '/usr/bin/setpriv';

/**
 * A PostgreSQL program with the account's prefix and a bare environment: nothing of ours, such as a locale, a token or
 * `PGDATA`, reaches it. With `diesWithUs` the system itself sends it INT when this process dies, however it dies.
 */
export function command(
  account: ServerAccount,
  program: readonly [string, ...string[]],
  diesWithUs = false,
): Command {
  // After the namespace and just before the program: a change of user would clear the request.
  const leash = diesWithUs && existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig=INT', '--'] : [];
  const [file = program[0], ...args] = [...account.prefix, ...leash, ...program];
  return {
    file,
    args,
    options: {
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
      ...account.ids,
    },
  };
}
