import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openCheckpoint } from '../kernel/ledger/checkpoint.ts';
import { cosign } from '../kernel/ledger/cosignature.ts';
import type { VerifierKey } from '../kernel/ledger/key.ts';
import { parseSubmission } from '../kernel/ledger/submission.ts';
import { judgeSubmission, originOf } from '../kernel/ledger/witness.ts';
import type { WitnessedTree, WitnessVerdict } from '../kernel/ledger/witness.ts';
import { readIfThere, replaceFile } from '../store/durable-file.ts';
import { ed25519Verifier, sha256 } from '../store/ledger-crypto.ts';
import { createLogKey, readLogKey, type LogKey } from '../store/ledger-key.ts';
import { lockFolder, WitnessError } from './folder-lock.ts';

/** An answer of the protocol (c2sp.org/tlog-witness). */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly type: 'text/plain; charset=utf-8' | 'text/x.tlog.size';
  readonly body: string;
}

/** A witness with its key and its memory: the newest checkpoint of each log that it cosigned. */
export interface Witness {
  readonly vkey: string;
  /** Answers to `add-checkpoint`. What it cosigns is on the disk before it answers. */
  addCheckpoint(body: Uint8Array): Promise<WitnessAnswer>;
  /** Ends it, once what it is doing is done. */
  close(): Promise<void>;
}

export interface WitnessOptions {
  readonly folder: string;
  /** What it is called, a URL without its scheme; `null` where the folder has its key already. */
  readonly name: string | null;
  /** The keys of the logs that it watches. */
  readonly logs: readonly VerifierKey[];
  /** POSIX milliseconds. */
  readonly now: () => number;
}

const verify = ed25519Verifier();
const STATUS = {
  malformed: 400,
  'not-signed': 403,
  'unknown-log': 404,
  conflict: 409,
  inconsistent: 422,
} as const satisfies Record<Exclude<WitnessVerdict['verdict'], 'cosign'>, WitnessAnswer['status']>;

/** Opens a witness; its key is made at the first start. @throws {WitnessError} {LogKeyError} */
export async function openWitness(options: WitnessOptions): Promise<Witness> {
  const { folder } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = lockFolder(folder);
  try {
    const key = await witnessKey(options);
    await replaceFile(join(folder, 'witness.vkey'), `${key.vkey}\n`);
    // INVARIANT: one at a time, so that what was compared is what is replaced.
    let last: Promise<unknown> = Promise.resolve();
    return {
      vkey: key.vkey,
      addCheckpoint: (body) => {
        const turn = last.then(() => answer(options, key, body));
        last = turn.catch(() => undefined);
        return turn;
      },
      close: async () => {
        await last;
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function witnessKey({ folder, name }: WitnessOptions): Promise<LogKey> {
  const file = join(folder, 'witness.key');
  const there = await readLogKey(file, 'cosignature');
  if (there === null) {
    if (name === null)
      throw new WitnessError('expected a name for the new witness, got none: give it by --name');
    return createLogKey(file, name, 'cosignature');
  }
  if (name !== null && name !== there.verifier.name)
    throw new WitnessError(
      `expected the name \`${there.verifier.name}\` of the key in \`${folder}\`, got \`${name}\``,
    );
  return there;
}

async function answer(options: WitnessOptions, key: LogKey, body: Uint8Array): Promise<WitnessAnswer> {
  const parsed = parseSubmission(body);
  if (!parsed.ok) return text(400, parsed.because);
  const { submission } = parsed;
  const last = await remembered(options, originOf(submission));
  const verdict = judgeSubmission(submission, { logs: options.logs, last, hash: sha256, verify });
  if (verdict.verdict === 'conflict')
    return { status: 409, type: 'text/x.tlog.size', body: `${verdict.size}\n` };
  if (verdict.verdict !== 'cosign') return text(STATUS[verdict.verdict], verdict.because);
  const { checkpoint } = verdict;
  if (last === null || last.size !== checkpoint.size)
    await replaceFile(memoryOf(options.folder, checkpoint.origin), submission.checkpoint);
  const seconds = BigInt(Math.floor(options.now() / 1_000));
  const line = cosign(verdict.text, seconds, key.verifier, key.signMessage);
  return { status: 200, type: 'text/plain; charset=utf-8', body: line };
}

/**
 * What was cosigned last of a log; `null` for one that was never seen.
 *
 * @throws {WitnessError} where there is something and it cannot be read as that: then nothing of this log is cosigned.
 */
async function remembered(
  { folder, logs }: WitnessOptions,
  origin: string | null,
): Promise<WitnessedTree | null> {
  const log = logs.find((one) => one.name === origin);
  if (log === undefined) return null;
  const note = await readIfThere(memoryOf(folder, log.name));
  if (note === null) return null;
  const opened = openCheckpoint(note, log, verify);
  if (!opened.ok) throw new WitnessError(`${opened.because} in \`${memoryOf(folder, log.name)}\``);
  return opened.checkpoint;
}

/** An origin may hold what no file may be called. */
function memoryOf(folder: string, origin: string): string {
  return join(folder, 'logs', Buffer.from(sha256(Buffer.from(origin, 'utf8'))).toString('hex'));
}

function text(status: WitnessAnswer['status'], because: string): WitnessAnswer {
  return { status, type: 'text/plain; charset=utf-8', body: `${because}\n` };
}
