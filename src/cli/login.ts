import type { Command } from 'commander';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { issuedToken } from '../contract/people.ts';
import { AppError } from '../contract/errors.ts';
import { me, provenAgain } from '../contract/sessions.ts';
import { createClient } from './client.ts';
import type { CliContext } from './context.ts';
import { action } from './action.ts';
import { note, print } from './print.ts';
import { loginFile } from './credentials.ts';
import { askPassword } from './password.ts';
import { writeSecret } from './secret-file.ts';
import { proveAtProvider } from './terminal-proof.ts';

const DAYS = 30;

/** `interlock login|logout|whoami` */
export function register(program: Command, context: CliContext): void {
  program
    .command('login [account]')
    .description(
      'sign in and keep a token of your own for the next commands: by password, or without an account by the identity provider',
    )
    .option(
      '--again',
      'prove again who you are, by your password or the identity provider, for what is of high stakes; counts for the token in use',
    )
    .action(
      action(context, (account: string | undefined, options: { readonly again?: boolean }) => {
        if (options.again === true) return loginAgain(context);
        return account === undefined ? loginByProvider(context) : login(context, account);
      }),
    );
  program
    .command('logout')
    .description('forget the token that `login` keeps')
    .action(
      action(context, async () => {
        await rm(loginFile(context.env), { force: true });
        return 0;
      }),
    );
  program
    .command('whoami')
    .description('who you are to the server, and what you may do now')
    .action(
      action(context, async () => {
        const answer = await context.client().ask('GET', '/api/v1/me', { answer: me });
        const duties = answer.onDuty.map((name) => `${name} on duty`);
        const may = [...answer.roles, ...duties].join(', ') || 'no role';
        const from = answer.host === null ? '' : `; from ${answer.host.role} ${answer.host.name}`;
        print(context, `${answer.name} (${answer.kind}): ${may}; scopes ${answer.scopes.join(' ')}${from}`);
        return 0;
      }),
    );
}

async function login(context: CliContext, account: string): Promise<0> {
  const { url } = context.client();
  const password = await askPassword(context, `Password of ${account}: `);
  const client = createClient({ url, token: null, bastionKey: null });
  // A session is a browser's, so this one speaks like a page of the server; it issues the token and ends.
  const headers = {
    cookie: await signIn(url, account, password),
    origin: new URL(url).origin,
    'interlock-csrf': '1',
  };
  const issued = await client.ask('POST', `/api/v1/people/${encodeURIComponent(account)}/tokens`, {
    headers,
    body: { label: `interlock login on ${hostname()}`, days: DAYS },
    answer: issuedToken,
  });
  await client.ask('DELETE', '/api/v1/session', { headers });
  await writeSecret(loginFile(context.env), issued.secret);
  note(context, `signed in as ${account} until ${issued.expiresAt}`);
  return 0;
}

async function loginByProvider(context: CliContext): Promise<0> {
  const client = createClient({ url: context.client().url, token: null, bastionKey: null });
  const proof = await proveAtProvider(context, client, false);
  const issued = await client.ask('POST', '/api/v1/sign-in/terminal', {
    body: { ...proof, label: `interlock login on ${hostname()}` },
    answer: issuedToken,
  });
  await writeSecret(loginFile(context.env), issued.secret);
  note(context, `signed in as ${issued.person} until ${issued.expiresAt}`);
  return 0;
}

/** Proves again who calls: for the very token that the next command uses. */
async function loginAgain(context: CliContext): Promise<0> {
  const client = context.client();
  const { name, issuer } = await client.ask('GET', '/api/v1/me', { answer: me });
  const body =
    issuer === 'local'
      ? { password: await askPassword(context, `Password of ${name}: `) }
      : await proveAtProvider(context, client, true);
  const { until } = await client.ask('POST', '/api/v1/authentications', {
    body,
    answer: provenAgain,
  });
  note(context, `proved again to be ${name}; it counts until ${until}`);
  return 0;
}

/** The cookie of a new session. @throws {AppError} `unauthenticated` */
async function signIn(url: string, account: string, password: string): Promise<string> {
  const client = createClient({ url, token: null, bastionKey: null });
  let cookie: string | undefined;
  await client.ask('POST', '/api/v1/session', {
    body: { account, password },
    onHeaders: (headers) => {
      cookie = headers.getSetCookie()[0]?.split(';')[0];
    },
  });
  if (cookie === undefined) throw new AppError('internal', 'expected a session from the server, got none');
  return cookie;
}
