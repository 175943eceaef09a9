import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { ClientOptions } from './client.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What was said on the command line. */
export interface CredentialOptions {
  readonly url?: string;
  readonly tokenFile?: string;
}

const DEFAULT_URL = 'http://127.0.0.1:8420';

/**
 * Where the server is and what proves who asks: the command line, then the environment (INTERLOCK_URL, INTERLOCK_TOKEN,
 * INTERLOCK_TOKEN_FILE, INTERLOCK_BASTION_KEY, INTERLOCK_BASTION_KEY_FILE), then what `interlock login` left.
 *
 * @throws {AppError} `invalid` where a file that was named cannot be read, or the address is none.
 */
export function credentials(options: CredentialOptions, environment: Environment): ClientOptions {
  const named = options.tokenFile ?? said(environment['INTERLOCK_TOKEN_FILE']);
  const left = loginFile(environment);
  return {
    ...withoutToken(options, environment),
    token:
      (options.tokenFile === undefined ? secret(environment['INTERLOCK_TOKEN']) : null) ??
      fromFile(named) ??
      (existsSync(left) ? fromFile(left) : null),
  };
}

/** The same without what proves a person, whether or not it can be read. @throws {AppError} `invalid` as above. */
export function withoutToken(
  options: CredentialOptions,
  environment: Environment,
): Omit<ClientOptions, 'token'> {
  return {
    url: serverUrl(options.url ?? said(environment['INTERLOCK_URL']) ?? ownServer(environment)),
    bastionKey:
      secret(environment['INTERLOCK_BASTION_KEY']) ??
      fromFile(said(environment['INTERLOCK_BASTION_KEY_FILE'])),
  };
}

/** A server that was started here with the same settings. */
function ownServer(environment: Environment): string {
  const port = said(environment['INTERLOCK_PORT']);
  return port === undefined ? DEFAULT_URL : `http://127.0.0.1:${port}`;
}

/**
 * The same credentials, for what only a bastion may do: before anything is executed it is known that its key is there.
 *
 * @throws {AppError} `forbidden` where it is not.
 */
export function onBastion(who: ClientOptions): ClientOptions {
  if (who.bastionKey !== null) return who;
  throw new AppError(
    'forbidden',
    'expected the key of this bastion by INTERLOCK_BASTION_KEY_FILE, got none: an administrator makes it by `interlock bastion register`',
  );
}

/** Where `interlock login` keeps its token: `$XDG_CONFIG_HOME/interlock/token`. */
export function loginFile(environment: Environment): string {
  const base = environment['XDG_CONFIG_HOME'] ?? path.join(os.homedir(), '.config');
  return path.join(base, 'interlock', 'token');
}

function serverUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new AppError(
      'invalid',
      `expected the address of a server such as \`${DEFAULT_URL}\`, got \`${text}\``,
    );
  }
  return url.href;
}

/** A variable that is there and empty says nothing. */
function said(text: string | undefined): string | undefined {
  return text?.trim() || undefined;
}

function secret(text: string | undefined): string | null {
  return text?.trim() || null;
}

function fromFile(file: string | undefined): string | null {
  if (file === undefined) return null;
  try {
    return secret(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new AppError('invalid', `expected a readable file with a secret, got \`${file}\``, { cause });
  }
}
