import type { Command } from 'commander';
import { issuedToken, MAX_TOKEN_DAYS, scope, tokens, type Scope, type Token } from '../contract/people.ts';
import { choice, wholeNumber } from './choice.ts';
import type { CliContext } from './context.ts';
import { action } from './action.ts';
import { askAndTell, type Showing } from './ask-and-tell.ts';
import { note, print } from './print.ts';
import { writeSecret } from './secret-file.ts';
import { table } from './table.ts';

interface CreateOptions {
  readonly label: string;
  readonly scope: readonly Scope[];
  readonly days?: number;
  readonly out?: string;
}

const HEAD = ['ID', 'STATE', 'SCOPES', 'EXPIRES', 'LAST USED', 'LABEL'];
const oneScope = choice('a scope', scope.options);
const scopesSoFar = (text: string, scopes: readonly Scope[] = []) => [...scopes, oneScope(text)];

/** `interlock token create|list|revoke` */
export function register(program: Command, context: CliContext): void {
  const token = program.command('token').description('API tokens, shown once');
  token
    .command('create <account>')
    .description('issue a token for an account')
    .option('--label <text>', 'what it is for', 'command line')
    .option(
      '--scope <scope>',
      'read, ask, act or admin; may be given again (read, ask, act)',
      scopesSoFar,
      [],
    )
    .option('--days <number>', 'how long it lives (90)', wholeNumber('days', 1, MAX_TOKEN_DAYS))
    .option('--out <file>', 'write it there, readable by you alone, instead of the terminal')
    .action(action(context, (account: string, options: CreateOptions) => create(context, account, options)));
  token
    .command('list <account>')
    .description('list the tokens of an account')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (account: string, showing: Showing) =>
        askAndTell(context, showing, {
          method: 'GET',
          path: `/api/v1/people/${encodeURIComponent(account)}/tokens`,
          answer: tokens,
          lines: (list) => table([HEAD, ...list.tokens.map((one) => row(one))]),
        }),
      ),
    );
  token
    .command('revoke <id>')
    .description('revoke a token; what it opened ends at once')
    .action(
      action(context, async (id: string) => {
        await context.client().ask('DELETE', `/api/v1/tokens/${encodeURIComponent(id)}`);
        print(context, `${id} revoked`);
        return 0;
      }),
    );
}

async function create(context: CliContext, account: string, options: CreateOptions): Promise<0> {
  const { label, days } = options;
  const issued = await context.client().ask('POST', `/api/v1/people/${encodeURIComponent(account)}/tokens`, {
    body: { label, days, ...(options.scope.length > 0 && { scopes: options.scope }) },
    answer: issuedToken,
  });
  const { out } = options;
  if (out !== undefined) await writeSecret(out, issued.secret);
  const where = out === undefined ? 'shown this once' : `written to ${out}`;
  note(context, `${issued.id} for ${issued.person}, until ${issued.expiresAt}, ${where}`);
  if (out === undefined) print(context, issued.secret);
  return 0;
}

function row(one: Token): string[] {
  const over = one.expiresAt <= new Date().toISOString() ? 'expired' : 'in force';
  return [
    one.id,
    one.revokedAt === null ? over : 'revoked',
    one.scopes.join(' '),
    one.expiresAt,
    one.lastUsedAt ?? 'never',
    one.label,
  ];
}
