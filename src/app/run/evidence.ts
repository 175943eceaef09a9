import { openIntents } from '../../kernel/run/journal.ts';
import type { JournalUpload } from '../../contract/journal.ts';
import { transact, type Queries } from '../../store/database.ts';
import { grantsOfRun } from '../../store/grants.ts';
import { filesOfRun, keepRunFile, runFile } from '../../store/run-files.ts';
import { dropTerminalParts } from '../../store/run-terminals.ts';
import { findRun, type StoredRun } from '../../store/runs.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { digestOfBytes } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { recordEvents } from './record.ts';

/** A file that a runner hands in. */
export interface HandedIn {
  readonly kind: 'output' | 'recording';
  readonly name: string;
  readonly bytes: Buffer;
}

/** Keeps an output or a recording, its digest in the ledger. Handed in again it changes nothing. */
export async function keepEvidence(
  context: AppContext,
  call: Call,
  runId: string,
  file: HandedIn,
): Promise<Outcome<{ digest: string }>> {
  const digest = digestOfBytes(context, file.bytes);
  return keep(context, call, runId, { ...file, digest, reason: `${file.kind} \`${file.name}\``, good: true });
}

/**
 * Keeps a runner's journal as evidence; it changes nothing of the run. What it tells that no grant covers is said in the
 * ledger: the journal has to be a subset of the grants.
 */
export async function keepJournal(
  context: AppContext,
  call: Call,
  runId: string,
  upload: JournalUpload,
): Promise<Outcome<{ digest: string }>> {
  const granted = new Set((await grantsOfRun(context.db, runId)).map(({ id }) => id));
  const foreign = upload.entries.filter(({ grant }) => !granted.has(grant)).length;
  const open = openIntents(upload.entries).length;
  const bytes = Buffer.from(JSON.stringify(upload.entries));
  return keep(context, call, runId, {
    kind: 'journal',
    name: 'journal.json',
    bytes,
    digest: digestOfBytes(context, bytes),
    reason: `journal of ${upload.entries.length} entries, ${open} without a result, ${foreign} without a grant`,
    good: foreign === 0,
  });
}

/** What was handed in of a run. */
export async function listEvidence(
  db: Queries,
  runId: string,
): Promise<{ kind: string; name: string; digest: string }[]> {
  return (await filesOfRun(db, runId)).map(({ kind, name, digest }) => ({ kind, name, digest }));
}

/** The bytes of one. `terminal.cast` is the recording of the newest epoch, its chunks one behind the other. */
export async function readEvidence(
  db: Queries,
  file: { readonly runId: string; readonly kind: 'output' | 'recording' | 'journal'; readonly name: string },
): Promise<Buffer | null> {
  if (file.kind !== 'recording' || file.name !== 'terminal.cast') return runFile(db, file);
  const names = (await filesOfRun(db, file.runId))
    .filter(({ kind }) => kind === 'recording')
    .map(({ name }) => ({ name, epoch: Number(CHUNK.exec(name)?.[1] ?? 0) }));
  const newest = Math.max(0, ...names.map(({ epoch }) => epoch));
  const chunks = new Set(names.filter(({ epoch }) => epoch === newest && newest > 0).map(({ name }) => name));
  const parts = await Promise.all([...chunks].toSorted().map((name) => runFile(db, { ...file, name })));
  return parts.length === 0 ? null : Buffer.concat(parts.filter((part) => part !== null));
}

/** How a runner names the chunks of a recording: the epoch, and the place in it. */
const CHUNK = /^terminal-(\d{1,9})-\d{5}\.cast$/;

interface Keeping {
  readonly kind: 'output' | 'recording' | 'journal';
  readonly name: string;
  readonly bytes: Buffer;
  readonly digest: string;
  readonly reason: string;
  readonly good: boolean;
}

async function keep(
  context: AppContext,
  call: Call,
  runId: string,
  file: Keeping,
): Promise<Outcome<{ digest: string }>> {
  const { kind, name, bytes, digest } = file;
  return transact(context.db, async (tx) => {
    const run = await findRun(tx, runId);
    if (run === null) return refuse('not_found', `expected a run, got \`${runId}\`, which there is none of`);
    if (!handsIn(run, call)) return refuse('not_permitted', `expected a runner of ${runId}, got another`);
    if (!(await keepRunFile(tx, { runId, kind, name, digest, bytes }))) return done({ digest });
    const epoch = kind === 'recording' ? Number(CHUNK.exec(name)?.[1] ?? 0) : 0;
    if (epoch > 0) await dropTerminalParts(tx, { runId, epoch });
    const outcome = file.good ? 'allow' : 'error';
    const event = {
      type: 'run.evidence',
      action: 'keep',
      outcome,
      reason: file.reason,
      digests: { file: digest },
    } as const;
    await recordEvents(tx, context, call, { run, events: [event] });
    return done({ digest });
  });
}

/** Whoever started it or holds it now: a runner that lost the run still hands in what it has. */
export function handsIn(run: StoredRun, { actor }: Call): boolean {
  return actor.host !== null && (actor.person === run.runner.person || actor.person === run.executor);
}
