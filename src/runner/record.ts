import { closeSync, openSync, writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';
import { pipePane, paneSize } from './tmux.ts';

/** Loads the recorder and nothing else of the program. */
const BOOT = `const { bootRecorder } = await import(process.argv[1]); await bootRecorder(process.argv.slice(2));`;

/** Records everything that appears in a pane from now on, as an asciicast (version 2). */
export async function recordPane(pane: string, file: string): Promise<void> {
  const { width, height } = await paneSize(pane);
  const boot = ['--input-type=module', '--eval', BOOT, import.meta.url];
  await pipePane(pane, [process.execPath, ...boot, file, String(width), String(height)]);
}

/** What runs inside the recorder's process. */
export async function bootRecorder([file, width, height]: readonly string[]): Promise<void> {
  if (file === undefined) throw new Error('expected the file of the recording, got none');
  await recordStream(process.stdin, file, { width: Number(width), height: Number(height) });
}

/** Writes a stream of terminal output as an asciicast: a header, then one line for what came at one moment. */
export async function recordStream(
  input: Readable,
  file: string,
  size: { readonly width: number; readonly height: number },
): Promise<void> {
  const fd = openSync(file, 'a', 0o600);
  const began = performance.now();
  const header = { version: 2, ...size, timestamp: Math.floor(Date.now() / 1_000) };
  writeSync(fd, `${JSON.stringify(header)}\n`);
  const decoder = new StringDecoder('utf8');
  const event = (text: string) => {
    if (text === '') return;
    const at = Math.round((performance.now() - began) * 1_000) / 1_000_000;
    writeSync(fd, `${JSON.stringify([at, 'o', text])}\n`);
  };
  for await (const chunk of input) event(decoder.write(chunk as Buffer));
  event(decoder.end());
  closeSync(fd);
}
