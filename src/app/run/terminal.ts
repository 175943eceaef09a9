import type { TerminalPage, TerminalQuery } from '../../contract/terminal.ts';
import { transact, type Queries } from '../../store/database.ts';
import { findRun } from '../../store/runs.ts';
import {
  keepTerminalPart,
  newestTerminal,
  recordedAt,
  recordedEnd,
  recordedFrom,
  terminalParts,
  type TerminalOf,
  type TerminalPart,
} from '../../store/run-terminals.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { handsIn } from './evidence.ts';

const PAGE_BYTES = 1_048_576;
/** A header is a line of some dozen. */
const HEADER_BYTES = 4_096;
const LINE_FEED = 0x0a;

/**
 * Keeps what the terminal of a live run showed a moment ago, for those who look on. It is no evidence, so that it stands in no
 * ledger: the recording is, which holds the same bytes some seconds later. `kept` is false where too much waits for that.
 */
export async function keepTerminal(
  context: AppContext,
  call: Call,
  { runId, epoch }: TerminalOf,
  part: TerminalPart,
): Promise<Outcome<{ kept: boolean }>> {
  if (part.bytes.at(-1) !== LINE_FEED) return refuse('invalid', 'expected whole lines, got a part of one');
  return transact(context.db, async (tx) => {
    const run = await findRun(tx, runId);
    if (run === null) return refuse('not_found', `expected a run, got \`${runId}\`, which there is none of`);
    if (!handsIn(run, call)) return refuse('not_permitted', `expected a runner of ${runId}, got another`);
    if (run.epoch !== epoch) return refuse('old_epoch', `expected epoch ${run.epoch}, got \`${epoch}\``);
    if (run.endedAt !== null) return refuse('conflict', `expected a live run, got ${run.state}`);
    return done({ kept: await keepTerminalPart(tx, { runId, epoch }, part) });
  });
}

/** A page of what a run's terminal showed: what is recorded, and behind that what is not yet. */
export async function readTerminal(
  db: Queries,
  runId: string,
  query: TerminalQuery,
): Promise<Outcome<TerminalPage>> {
  const run = await findRun(db, runId);
  if (run === null) return refuse('not_found', `expected a run, got \`${runId}\`, which there is none of`);
  const newest = await newestTerminal(db, runId);
  if (newest === null) return refuse('not_found', `expected a terminal of ${runId}, got none yet`);
  const epoch = query.epoch ?? newest;
  const terminal = { runId, epoch };
  const from =
    query.at === undefined ? (query.from ?? 0) : await recordedAt(db, terminal, Date.parse(query.at));
  // The end is read first: what comes meanwhile is of the next page, and none falls between the two.
  const recorded = await recordedEnd(db, terminal);
  const chunks = from < recorded.bytes ? await recordedFrom(db, terminal, { from, most: PAGE_BYTES }) : [];
  const waiting = await terminalParts(db, terminal, from);
  const bytes = pageOf([...chunks, ...waiting], from);
  const begins = query.epoch === undefined && from > 0;
  const [first] = begins ? await recordedFrom(db, terminal, { from: 0, most: HEADER_BYTES }) : [];
  const last = waiting.at(-1);
  const endAt = last?.at ?? recorded.at;
  return done({
    epoch,
    newest,
    from,
    next: from + bytes.length,
    end: Math.max(recorded.bytes, last === undefined ? 0 : last.from + last.bytes.length),
    endAt: endAt === null ? null : new Date(endAt).toISOString(),
    ended: run.endedAt !== null,
    header: first?.bytes.toString('utf8').split('\n')[0] ?? null,
    text: bytes.toString('utf8'),
  });
}

/** The bytes that follow one another without a gap from there, as far as a page goes: whole lines, at least one. */
function pageOf(parts: readonly TerminalPart[], from: number): Buffer {
  const taken: Buffer[] = [];
  let at = from;
  for (const part of parts) {
    if (part.from > at || at - from >= PAGE_BYTES) break;
    const fresh = part.bytes.subarray(at - part.from);
    taken.push(fresh);
    at += fresh.length;
  }
  const bytes = Buffer.concat(taken);
  const cut = bytes.length <= PAGE_BYTES ? bytes.length : bytes.lastIndexOf(LINE_FEED, PAGE_BYTES - 1) + 1;
  return bytes.subarray(0, cut > 0 ? cut : bytes.indexOf(LINE_FEED, PAGE_BYTES) + 1);
}
