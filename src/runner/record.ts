import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';
import { ownProcess } from './own-process.ts';
import { redactor } from './redact.ts';
import { pipePane, paneSize } from './tmux.ts';

/**
 * Records everything that appears in a pane from now on, as an asciicast (version 2), with these secrets masked before a byte is
 * written. The recorder reads them from a file that is there once: an argument could be read by everybody.
 */
export async function recordPane(pane: string, file: string, secrets: readonly string[]): Promise<void> {
  const { width, height } = await paneSize(pane);
  writeFileSync(secretsFile(file), JSON.stringify(secrets), { mode: 0o600 });
  const boot = ownProcess(import.meta.url, 'bootRecorder', [file, String(width), String(height)]);
  await pipePane(pane, [process.execPath, ...boot]);
}

/** What runs inside the recorder's process. */
export async function bootRecorder([file, width, height]: readonly string[]): Promise<void> {
  if (file === undefined) throw new Error('expected the file of the recording, got none');
  const secrets = takeSecrets(secretsFile(file));
  await recordStream(process.stdin, file, { width: Number(width), height: Number(height), secrets });
}

const secretsFile = (file: string) => `${file}.secrets`;

function takeSecrets(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  rmSync(file);
  // Written by `recordPane` into a folder of this user alone.
  return JSON.parse(text) as readonly string[];
}

/** Writes a stream of terminal output as an asciicast: a header, then one line for what came at one moment. */
export async function recordStream(
  input: Readable,
  file: string,
  {
    secrets,
    ...size
  }: { readonly width: number; readonly height: number; readonly secrets: readonly string[] },
): Promise<void> {
  const fd = openSync(file, 'a', 0o600);
  const began = performance.now();
  const header = { version: 2, ...size, timestamp: Math.floor(Date.now() / 1_000) };
  writeSync(fd, `${JSON.stringify(header)}\n`);
  const decoder = new StringDecoder('utf8');
  const clean = redactor(secrets.toSorted((a, b) => b.length - a.length));
  const event = (text: string) => {
    if (text === '') return;
    const at = Math.round((performance.now() - began) * 1_000) / 1_000_000;
    writeSync(fd, `${JSON.stringify([at, 'o', text])}\n`);
  };
  for await (const chunk of input) event(decoder.write(clean.push(chunk as Buffer)));
  event(decoder.write(clean.end()) + decoder.end());
  closeSync(fd);
}
