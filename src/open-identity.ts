import { readFile } from 'node:fs/promises';
import type { Identity } from './app/context.ts';
import type { IdentityConfig, ProviderConfig } from './config-identity.ts';
import { AppError } from './contract/errors.ts';
import { openIdProvider } from './integrations/oidc/provider.ts';

/** How people prove who they are here. Nothing is asked yet. @throws {AppError} `invalid` where the secret cannot be read. */
export async function openIdentity({
  freshMinutes,
  directoryFile,
  provider,
}: IdentityConfig): Promise<Identity> {
  return {
    freshMinutes,
    directory:
      directoryFile === null
        ? null
        : { path: directoryFile, read: () => readWhole(directoryFile, 'a directory file') },
    provider: provider && (await openProvider(provider)),
  };
}

async function openProvider({ clientSecretFile, ...agreed }: ProviderConfig) {
  const inFile =
    clientSecretFile === null ? null : await readWhole(clientSecretFile, 'a file with the secret');
  return openIdProvider({
    ...agreed,
    clientSecret: inFile === null ? agreed.clientSecret : inFile.trim(),
  });
}

async function readWhole(file: string, what: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('invalid', `expected ${what} that can be read, got \`${file}\``, { cause });
  });
}
