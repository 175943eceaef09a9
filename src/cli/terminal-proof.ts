import { hash, randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { AppError } from '../contract/errors.ts';
import { signInWays, type TerminalProof } from '../contract/sign-in.ts';
import type { Client } from './client.ts';
import type { CliContext } from './context.ts';
import { note } from './print.ts';

/**
 * Has a person sign in by the identity provider, in whichever browser: the page shows a code, which is good only with what this
 * terminal keeps.
 *
 * @throws {AppError} `invalid` where the server has no provider, or no code is typed
 */
export async function proveAtProvider(
  context: CliContext,
  client: Client,
  again: boolean,
): Promise<TerminalProof> {
  const { provider } = await client.ask('GET', '/api/v1/sign-in', { answer: signInWays });
  if (provider === null) {
    throw new AppError(
      'invalid',
      'expected an account, such as `interlock login ana`: this server has no identity provider',
    );
  }
  const verifier = randomBytes(32).toString('base64url');
  const page = new URL(provider.page);
  page.searchParams.set('terminal', hash('sha256', verifier, 'base64url'));
  if (again) page.searchParams.set('again', 'true');
  note(context, `Open this address, sign in, and type the code that the page shows:\n  ${page.href}`);
  return { code: await askCode(context), verifier };
}

async function askCode(context: CliContext): Promise<string> {
  const typed = context.interactive ? await asked() : (await context.readStdin()).split(/\r?\n/)[0];
  const code = typed?.trim() ?? '';
  if (code === '') throw new AppError('invalid', 'expected the code that the page shows, got nothing');
  return code;
}

async function asked(): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question('Code: ');
  } finally {
    lines.close();
  }
}
