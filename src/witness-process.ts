import { readFile } from 'node:fs/promises';
import type { WitnessOptions } from './cli/programs.ts';
import { AppError } from './contract/errors.ts';
import { parseVerifierKey, type VerifierKey } from './kernel/ledger/key.ts';
import { sha256 } from './store/ledger-crypto.ts';
import { serveWitness, type WitnessServer } from './witness/server.ts';
import { openWitness } from './witness/witness.ts';

/** Opens the witness of a folder and lets it answer. @throws {WitnessError} {LogKeyError} {AppError} `invalid` */
export async function startWitness(
  { data, name, log, host, port }: WitnessOptions,
  tell: (line: string) => void,
): Promise<WitnessServer & { readonly vkey: string }> {
  const logs = await Promise.all(log.map(readLog));
  const number = Number(port);
  if (!/^\d{1,5}$/.test(port) || number > 65_535)
    throw new AppError('invalid', `expected a port from 0 to 65535, got \`${port}\``);
  const witness = await openWitness({ folder: data, name: name ?? null, logs, now: () => Date.now() });
  const onError = (error: unknown) =>
    tell(`interlock: ${error instanceof Error ? error.message : String(error)}`);
  try {
    const serving = await serveWitness(witness, { host, port: number, onError });
    return { ...serving, vkey: witness.vkey };
  } catch (cause) {
    await witness.close();
    throw new AppError('unavailable', `expected to listen on \`${host}:${port}\`, got an error`, { cause });
  }
}

async function readLog(file: string): Promise<VerifierKey> {
  const line = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('invalid', `expected the key of a log in a file, got \`${file}\``, { cause });
  });
  const parsed = parseVerifierKey(sha256, line.trim());
  if (!parsed.ok) throw new AppError('invalid', `${parsed.because} in \`${file}\``);
  return parsed.key;
}
