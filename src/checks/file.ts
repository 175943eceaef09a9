import { createHash } from 'node:crypto';
import { constants, type FileHandle, open } from 'node:fs/promises';
import type { FileMeasure } from '../contract/measure-host.ts';
import {
  errored,
  inconclusive,
  judgeValue,
  type MeasuredValue,
  type Ranges,
} from '../kernel/verify/measurement.ts';
import type { CheckContext } from './context.ts';
import { type Measured, RAW_LIMIT } from './measured.ts';

const THERE: Ranges = { expect: { equals: true } };

/**
 * Looks at a file of the bastion: whether it is there, its text, the SHA-256 of its bytes in hexadecimal, or how many there are. Only a
 * regular file is one. Its text is not kept beyond what is compared: it may hold more than the plan speaks of.
 */
export async function measureFile(
  spec: FileMeasure,
  ranges: Ranges,
  { signal }: CheckContext,
): Promise<Measured> {
  const opened = await openFile(spec.path);
  if (typeof opened === 'string') return { ...judgedMissing(spec, ranges, opened), raw: opened };
  try {
    const stat = await opened.stat();
    if (!stat.isFile())
      return { ...errored(`\`${spec.path}\`, a file, wanted; got something else`), raw: '' };
    const facts = `${stat.size} bytes, changed ${stat.mtime.toISOString()}`;
    return { ...(await judged(opened, { spec, ranges, size: stat.size, signal })), raw: facts };
  } catch (error) {
    return { ...errored(`\`${spec.path}\` wanted; it cannot be read: ${codeOf(error)}`), raw: '' };
  } finally {
    await opened.close();
  }
}

/** The file, or the code of why it cannot be opened. A pipe is opened without waiting for its other end. */
async function openFile(path: string): Promise<FileHandle | string> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return codeOf(error);
  }
}

function judgedMissing({ path, measure }: FileMeasure, ranges: Ranges, code: string): MeasuredValue {
  if (code !== 'ENOENT') return errored(`\`${path}\` wanted; it cannot be read: ${code}`);
  return measure === 'exists'
    ? judgeValue(false, orThere(ranges))
    : inconclusive(`\`${path}\` wanted; there is no such file`);
}

async function judged(
  file: FileHandle,
  options: {
    readonly spec: FileMeasure;
    readonly ranges: Ranges;
    readonly size: number;
    readonly signal: AbortSignal;
  },
): Promise<MeasuredValue> {
  const { spec, ranges, size, signal } = options;
  switch (spec.measure) {
    case 'exists':
      return judgeValue(true, orThere(ranges));
    case 'bytes':
      return judgeValue(size, ranges);
    case 'sha256':
      return judgeValue(await digestOf(file, signal), ranges);
    case 'content':
      return judgedContent(await file.read({ buffer: Buffer.alloc(RAW_LIMIT + 1), position: 0 }), ranges);
  }
}

const orThere = (ranges: Ranges) => (ranges.expect || ranges.failWhen ? ranges : THERE);

async function digestOf(file: FileHandle, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of file.createReadStream({ autoClose: false, signal })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function judgedContent(
  { buffer, bytesRead }: { readonly buffer: Buffer; readonly bytesRead: number },
  ranges: Ranges,
): MeasuredValue {
  if (bytesRead > RAW_LIMIT) return errored(`a text of at most ${RAW_LIMIT} bytes wanted; got a longer one`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead));
    return judgeValue(text.replace(/[\r\n]+$/, ''), ranges);
  } catch {
    return errored('a text in UTF-8 wanted; got other bytes');
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'an error';
}
