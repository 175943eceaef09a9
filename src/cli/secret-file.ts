import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../contract/errors.ts';

/** Writes a secret into a file that only its owner can read, in the place of what is there. @throws {AppError} `invalid` */
export async function writeSecret(file: string, secret: string): Promise<void> {
  const whole = path.resolve(file);
  const draft = `${whole}.${process.pid}.new`;
  try {
    await mkdir(path.dirname(whole), { recursive: true, mode: 0o700 });
    await writeFile(draft, `${secret}\n`, { mode: 0o600, flag: 'wx' });
    await chmod(draft, 0o600);
    await rename(draft, whole);
  } catch (cause) {
    throw new AppError('invalid', `expected a file that can be written, got \`${file}\``, { cause });
  }
}
