import { SEVERITIES, type Severity } from '../../kernel/policy/facts.ts';
import { transact } from '../../store/database.ts';
import { newestOfSource } from '../../store/incidents.ts';
import { writeStanding } from '../../store/standing.ts';
import type { AppContext } from '../context.ts';
import { openFromPeer, resolveFromPeer } from '../incident/from-peer.ts';
import { ATTEMPT_MS } from '../outside/again.ts';
import type { Connection, Taken } from '../ports/connection.ts';

/**
 * Reads which incidents the tracker has as open, by their label, and opens and resolves ours so. What a webhook says of one is never looked at; a
 * tracker that does not answer resolves nothing. `null` where all went well.
 */
export async function heedIncidents(
  context: AppContext,
  connection: Connection,
  signal: AbortSignal,
): Promise<Exclude<Taken, { kind: 'taken' }> | null> {
  const ask = connection.offers.tracker?.incidents;
  if (!ask) return null;
  const seen = await ask(signal);
  if (seen.kind !== 'seen') return seen;
  const source = connection.name;
  const active = (await newestOfSource(context.db, source)).filter(({ resolved_at: at }) => at === null);
  const open = new Set(seen.found.map(({ issue }) => issue));
  const known = new Set(active.map(({ key }) => key));
  const opened = seen.found.filter(({ issue }) => !known.has(issue));
  const over = active.filter(({ key }) => !open.has(key));
  if (opened.length + over.length === 0) return null;
  await transact(context.db, async (tx) => {
    await writeStanding(tx);
    for (const { issue, title, labels } of opened) {
      const found = { key: issue, shownAs: issue, title, severity: severityOf(labels) };
      await openFromPeer(tx, context, source, found);
    }
    for (const { id } of over)
      await resolveFromPeer(tx, context, source, { id, reason: 'the tracker has it as open no more' });
  });
  return null;
}

/** The same by the clock, where no webhook came: of every tracker that has incidents for us. */
export async function readTrackerIncidents(context: AppContext): Promise<void> {
  for (const connection of context.connections.all) {
    const failed = await heedIncidents(context, connection, AbortSignal.timeout(ATTEMPT_MS));
    if (failed) context.log.warn({ connection: connection.name }, `incidents not read: ${failed.because}`);
  }
}

/** The worst that its labels say, S1 where they say nothing. */
export function severityOf(labels: readonly string[]): Severity {
  const said = labels.map((label) => /^(?:severity::|S|severity::S)([1-4])$/i.exec(label)?.[1]);
  return SEVERITIES.find((severity) => said.includes(severity.slice(1))) ?? 'S1';
}
