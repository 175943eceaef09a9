import { userInfo } from 'node:os';
import { AppError } from '../contract/errors.ts';
import type { Client, ClientOptions } from './client.ts';
import type { CliContext } from './context.ts';
import { note } from './print.ts';

/**
 * The same server by the key of this bastion and the operating system's name of whoever runs this; `null` where there is no key, or the
 * system has no name for them. No variable says who that is.
 */
export function loginOptions({ url, bastionKey }: Omit<ClientOptions, 'token'>): ClientOptions | null {
  const login = loginHere();
  return bastionKey === null || login === null ? null : { url, token: null, bastionKey, login };
}

function loginHere(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}

/** Stops something as whoever the token proves; where there is none or it is refused, by the bastion's key and the login there. */
export async function orByLogin<T>(
  context: CliContext,
  byToken: () => Promise<T>,
  byLogin: (client: Client) => Promise<T>,
): Promise<T> {
  const refused = await whyNoToken(context, byToken);
  if ('value' in refused) return refused.value;
  const client = context.stopping();
  if (client === null) throw refused.error;
  note(context, 'no token that stands: asked by the login here and the key of this bastion');
  try {
    return await byLogin(client);
  } catch (error) {
    if (!(error instanceof AppError) || !['unauthenticated', 'forbidden'].includes(error.code)) throw error;
    throw new AppError(
      error.code,
      'expected a bastion whose key stands (not of a deployer), and a login there that is the name of an account of a person; got none',
      { cause: error },
    );
  }
}

async function whyNoToken<T>(
  context: CliContext,
  byToken: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly error: AppError }> {
  try {
    // A file that was named and is gone is no token either; whatever else is wrong is met again without it.
    context.client();
  } catch (error) {
    if (error instanceof AppError) return { error };
    throw error;
  }
  try {
    return { value: await byToken() };
  } catch (error) {
    if (error instanceof AppError && error.code === 'unauthenticated') return { error };
    throw error;
  }
}
