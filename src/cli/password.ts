import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { AppError } from '../contract/errors.ts';
import type { CliContext } from './context.ts';

/** A password typed unseen at the terminal, or the first line of standard input. Never an argument: others see those. */
export async function askPassword(context: CliContext, prompt: string): Promise<string> {
  const typed = context.interactive
    ? await unseen(prompt)
    : ((await context.readStdin()).split(/\r?\n/)[0] ?? '');
  if (typed === '') throw new AppError('invalid', 'expected a password, got nothing');
  return typed;
}

async function unseen(prompt: string): Promise<string> {
  process.stderr.write(prompt);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await new Promise<string>((resolve) => {
      lines.once('line', resolve);
      lines.once('close', () => resolve(''));
    });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
