import { hostname } from 'node:os';
import type { Command } from 'commander';
import {
  bastion as bastionAnswer,
  bastionRole,
  bastions,
  MAX_KEY_DAYS,
  registeredBastion,
  type Bastion,
} from '../contract/bastions.ts';
import { AppError } from '../contract/errors.ts';
import { choice, wholeNumber } from './choice.ts';
import type { CliContext } from './context.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { note, print } from './print.ts';
import { writeSecret } from './secret-file.ts';
import { table } from './table.ts';

interface RegisterOptions {
  readonly environment: string;
  readonly role: 'bastion' | 'deployer';
  readonly days?: number;
  readonly privileged?: boolean;
  readonly out?: string;
}

const HEAD = ['NAME', 'ENVIRONMENT', 'ROLE', 'STATE', 'EXPIRES'];

/** `interlock bastion register|list|revoke` */
export function register(program: Command, context: CliContext): void {
  const bastion = program.command('bastion').description('hosts that may execute, each proven by its key');
  bastion
    .command('register <name>')
    .description('register a host for one environment; its key is shown once')
    .requiredOption('--environment <name>', 'the one environment that it may change')
    .option('--role <role>', 'bastion or deployer', choice('a role', bastionRole.options), 'bastion')
    .option('--days <number>', 'how long its key lives (90)', wholeNumber('days', 1, MAX_KEY_DAYS))
    .option('--privileged', 'let its runners be root or become it by sudo; said at every start')
    .option('--out <file>', 'write the key there, readable by you alone, instead of the terminal')
    .action(action(context, (name: string, options: RegisterOptions) => enrol(context, name, options)));
  bastion
    .command('list')
    .description('list the registered hosts')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (showing: Showing) =>
        askAndTell(context, showing, {
          method: 'GET',
          path: '/api/v1/bastions',
          answer: bastions,
          lines: (list) => table([HEAD, ...list.bastions.map((one) => row(one))]),
        }),
      ),
    );
  bastion
    .command('revoke <name>')
    .description('revoke a host: its key opens nothing from that moment on')
    .action(
      action(context, async (name: string) => {
        const path = `/api/v1/bastions/${encodeURIComponent(name)}`;
        const revoked = await context.client().ask('DELETE', path, { answer: bastionAnswer });
        print(context, table([row(revoked)]));
        return 0;
      }),
    );
}

async function enrol(context: CliContext, name: string, options: RegisterOptions): Promise<0> {
  const { environment, role, days, privileged = false } = options;
  await probe(name, privileged);
  const made = await context.client().ask('POST', '/api/v1/bastions', {
    body: { name, environment, role, days, privileged },
    answer: registeredBastion,
  });
  const { out } = options;
  if (out !== undefined) await writeSecret(out, made.key);
  const where = out === undefined ? ', shown this once:' : ` is in ${out}`;
  note(
    context,
    `${made.role} ${made.name} for ${made.environment}, until ${made.expiresAt}; its key${where}`,
  );
  if (out === undefined) print(context, made.key);
  return 0;
}

/** On the host itself: what its user may do is known before anybody runs there. */
async function probe(name: string, privileged: boolean): Promise<void> {
  if (privileged || name !== hostname()) return;
  const { privilegesHere } = await import('../runner/privileges.ts');
  const here = await privilegesHere();
  if (here === 'none') return;
  const got = here === 'root' ? 'root' : 'a user for whom `sudo -n true` succeeds';
  throw new AppError(
    'not_permitted',
    `expected a plain user on this host, got ${got}; --privileged excepts it, which every start then says`,
  );
}

function row(one: Bastion): string[] {
  const over = one.expiresAt <= new Date().toISOString() ? 'expired' : 'in force';
  const role = one.privileged ? `${one.role}, privileged` : one.role;
  return [one.name, one.environment, role, one.revokedAt === null ? over : 'revoked', one.expiresAt];
}
