import type { Command } from 'commander';
import { consistencyProof, ledgerEntry } from '../contract/ledger.ts';
import { AppError } from '../contract/errors.ts';
import { fromBase64, toBase64 } from '../kernel/ledger/base64.ts';
import { openCheckpoint, type Checkpoint } from '../kernel/ledger/checkpoint.ts';
import { verifyConsistency } from '../kernel/ledger/consistency.ts';
import { openCosignatures } from '../kernel/ledger/cosignature.ts';
import type { VerifierKey } from '../kernel/ledger/key.ts';
import { refused, type Refused } from '../kernel/ledger/refusal.ts';
import { parseTlogProof, verifyTlogProof } from '../kernel/ledger/tlog-proof.ts';
import { fromUtf8, toUtf8 } from '../kernel/ledger/utf8.ts';
import { action } from './action.ts';
import type { CliContext } from './context.ts';
import { readGivenFile, readKeyFile, sha256, verifyEd25519 } from './ledger-trust.ts';
import { print } from './print.ts';

/** `interlock ledger check-proof` and `interlock ledger check-consistency`: neither asks anybody. */
export function registerChecking(ledger: Command, context: CliContext): void {
  ledger
    .command('check-proof')
    .argument('<file>', 'a .tlog-proof')
    .requiredOption('--key <file>', 'the key of the log (log.vkey)')
    .option('--witness <file...>', 'keys of witnesses that must have cosigned it')
    .description('check, without asking anybody, that an entry stands in the log; and show it')
    .action(
      action(context, async (file: string, { key, witness = [] }: { key: string; witness?: string[] }) => {
        const witnesses = await Promise.all(witness.map((one) => readKeyFile(context, one, 'cosignature')));
        const found = checkProof(
          await readGivenFile(context, file),
          await readKeyFile(context, key),
          witnesses,
        );
        print(context, found.ok ? found.lines : `NOT proven: ${found.because}`);
        return found.ok ? 0 : 1;
      }),
    );
  ledger
    .command('check-consistency')
    .argument('<file>', 'what `ledger consistency` printed')
    .requiredOption('--key <file>', 'the key of the log (log.vkey)')
    .requiredOption('--old <checkpoint>', 'the older signed checkpoint')
    .requiredOption('--new <checkpoint>', 'the newer signed checkpoint')
    .description('check, without asking anybody, that one signed checkpoint continues another')
    .action(
      action(context, async (file: string, given: { key: string; old: string; new: string }) => {
        const key = await readKeyFile(context, given.key);
        const [older, newer] = await Promise.all(
          [given.old, given.new].map(async (one) =>
            checkpointIn(await readGivenFile(context, one), key, one),
          ),
        );
        const checked = checkConsistency(await readGivenFile(context, file), older, newer);
        print(
          context,
          checked.ok
            ? `The log of ${newer?.size} entries begins with the log of ${older?.size}.`
            : `NOT proven: ${checked.because}`,
        );
        return checked.ok ? 0 : 1;
      }),
    );
}

function checkProof(
  file: Uint8Array,
  key: VerifierKey,
  witnesses: readonly VerifierKey[],
): { ok: true; lines: string[] } | Refused {
  const parsed = parseTlogProof(file);
  if (!parsed.ok) return parsed;
  const { extra } = parsed.proof;
  if (extra === null) return refused('expected the entry itself in the line `extra`, got none');
  const proven = verifyTlogProof(file, extra, { key, hash: sha256, verify: verifyEd25519 });
  if (!proven.ok) return proven;
  const cosigned = openCosignatures(toUtf8(parsed.proof.checkpoint), witnesses, verifyEd25519);
  if (!cosigned.ok) return cosigned;
  const absent = witnesses.find((one) => !cosigned.cosignatures.some((line) => line.key === one));
  if (absent !== undefined) return refused(`expected a cosignature by \`${absent.name}\`, got none`);
  const entry = ledgerEntry.safeParse(JSON.parse(fromUtf8(extra) ?? 'null'));
  if (!entry.success) return refused('expected an entry of this version, got something else under the proof');
  const { time, type, object, action: done, outcome, reason, actor } = entry.data;
  return {
    ok: true,
    lines: [
      `Entry ${proven.index} stands in the log ${proven.checkpoint.origin} of ${proven.checkpoint.size} entries:`,
      `  ${time} ${type} ${object} ${done} ${outcome} by ${actor.issuer}/${actor.subject}: ${reason}`,
      ...cosigned.cosignatures.map(
        ({ key: { name }, timestamp }) => `  cosigned by ${name} at ${timeText(timestamp)}`,
      ),
    ],
  };
}

function checkpointIn(bytes: Uint8Array, key: VerifierKey, file: string): Checkpoint {
  const opened = openCheckpoint(bytes, key, verifyEd25519);
  if (!opened.ok) throw new AppError('invalid', `${opened.because} in \`${file}\``);
  return opened.checkpoint;
}

function checkConsistency(
  file: Uint8Array,
  older: Checkpoint | undefined,
  newer: Checkpoint | undefined,
): { ok: true } | Refused {
  const proof = consistencyProof.safeParse(jsonIn(file));
  if (!proof.success || !older || !newer)
    return refused('expected what `ledger consistency` prints, got other text');
  const { from, to, fromRoot, toRoot, hashes } = proof.data;
  if (BigInt(from) !== older.size || BigInt(to) !== newer.size)
    return refused(`expected a proof from ${older.size} to ${newer.size}, got one from ${from} to ${to}`);
  if (fromRoot !== toBase64(older.root) || toRoot !== toBase64(newer.root))
    return refused('expected the roots of the two checkpoints, got others');
  const claim = { oldSize: older.size, newSize: newer.size, oldRoot: older.root, newRoot: newer.root };
  return verifyConsistency(
    sha256,
    claim,
    hashes.map((one) => fromBase64(one) ?? new Uint8Array()),
  );
}

function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(bytes) ?? '');
  } catch {
    return null;
  }
}

/** A time may lie beyond what a date can say. */
function timeText(seconds: bigint): string {
  return seconds < 8_640_000_000_000n ? new Date(Number(seconds) * 1_000).toISOString() : `${seconds} s`;
}
