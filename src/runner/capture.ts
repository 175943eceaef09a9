import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import type { OutputSummary } from '../contract/execution.ts';

/** How much of an output is kept of its begin, and as much of its end. */
export const KEEP_BYTES = 256 * 1_024;

/** Collects an output of any length in a bounded space. */
export interface Capture {
  push(chunk: Buffer): void;
  finish(): { readonly summary: OutputSummary; readonly kept: Buffer };
}

/** A capture that keeps the first and the last `keep` bytes. */
export function capture(keep: number = KEEP_BYTES): Capture {
  const head: Buffer[] = [];
  let headBytes = 0;
  let tail: Buffer[] = [];
  let tailBytes = 0;
  let bytes = 0;
  return {
    push(chunk) {
      bytes += chunk.length;
      const toHead = chunk.subarray(0, Math.max(0, keep - headBytes));
      if (toHead.length > 0) {
        head.push(Buffer.from(toHead));
        headBytes += toHead.length;
      }
      const rest = chunk.subarray(toHead.length);
      if (rest.length === 0) return;
      tail.push(Buffer.from(rest));
      tailBytes += rest.length;
      if (tailBytes > 4 * keep) {
        tail = [Buffer.concat(tail).subarray(-keep)];
        tailBytes = keep;
      }
    },
    finish: () => finished(Buffer.concat(head), Buffer.concat(tail).subarray(-keep), bytes),
  };
}

function finished(
  head: Buffer,
  tail: Buffer,
  bytes: number,
): { readonly summary: OutputSummary; readonly kept: Buffer } {
  const left = bytes - head.length - tail.length;
  const note = left > 0 ? Buffer.from(`\n[… ${left} bytes left out …]\n`) : Buffer.alloc(0);
  const kept = Buffer.concat([head, note, tail]);
  const whole = left > 0 ? [trimEnd(head), trimBegin(tail)] : [Buffer.concat([head, tail])];
  return {
    kept,
    summary: {
      bytes,
      keptBytes: kept.length,
      truncated: left > 0,
      invalidUtf8: !whole.every((part) => isUtf8(part)),
      digest: `sha256:${createHash('sha256').update(kept).digest('hex')}`,
    },
  };
}

/** Without a character that the cut has torn at the end: at most three bytes of it are there. */
function trimEnd(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return bytes.subarray(0, bytes.length - back);
    if (byte < 0x80) return bytes;
  }
  return bytes;
}

function trimBegin(bytes: Buffer): Buffer {
  let from = 0;
  while (from < 3 && ((bytes[from] ?? 0) & 0xc0) === 0x80) from += 1;
  return bytes.subarray(from);
}
