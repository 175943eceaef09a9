import type { RawAnswer } from '../../contract/monitoring.ts';
import { SEVERITIES } from '../../kernel/policy/facts.ts';
import { clock } from '../../store/clock.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { setSeverity } from '../../store/incident-events.ts';
import { newestOfSource } from '../../store/incidents.ts';
import { insertAnswer, newestAnswers } from '../../store/peer-answers.ts';
import { writeStanding } from '../../store/standing.ts';
import type { AppContext } from '../context.ts';
import type { Connection, Seen, Taken } from '../ports/connection.ts';
import type { Incidents, Looking, OpenIncident } from '../ports/on-call.ts';
import { noteIncident, openFromPeer, resolveFromPeer } from './from-peer.ts';
import { tellOnCall } from './tell.ts';

/** What a peer has as open, and which of ours it says are over. */
interface Told {
  readonly open: readonly OpenIncident[];
  /** By the peer's id. */
  readonly over: ReadonlySet<string>;
}

/**
 * Asks a peer which incidents are open there, keeps its raw answer, and opens, raises and resolves ours so. One of ours is over where the peer
 * says of it that it is resolved; one that only left the list stays. A peer that does not answer whole opens and resolves nothing.
 */
export async function heedPeerIncidents(
  context: AppContext,
  connection: Connection,
  signal: AbortSignal,
): Promise<Exclude<Taken, { kind: 'taken' }> | null> {
  const { incidents } = connection.offers;
  if (!incidents) return null;
  const askedAtMs = await clock(context.db);
  const raw: RawAnswer[] = [];
  const ours = await activeKeys(context, connection.name);
  const said = await toldBy(incidents, ours, { signal, note: (answer) => raw.push(answer) });
  const heard = said.kind === 'seen';
  const { mask } = context.connections;
  const because = heard ? `${said.found.open.length} incidents are open` : mask(said.because).slice(0, 500);
  await transact(context.db, async (tx) => {
    const { heard: newer } = await newestAnswers(tx, connection.name, 'incidents');
    await insertAnswer(tx, {
      connection: connection.name,
      about: 'incidents',
      heard,
      because,
      askedAtMs,
      raw: raw.map((one) => ({ ...one, body: mask(one.body) })),
    });
    // An answer never takes the place of one that was asked for later.
    if (!heard || (newer !== null && newer.asked_at.getTime() > askedAtMs)) return;
    await follow(tx, context, connection.name, said.found);
  });
  return said.kind === 'seen' ? null : { ...said, because };
}

async function toldBy(incidents: Incidents, ours: readonly string[], looking: Looking): Promise<Seen<Told>> {
  try {
    const seen = await incidents.open(looking);
    if (seen.kind !== 'seen') return seen;
    const open = new Set(seen.found.map(({ key }) => key));
    const over = new Set<string>();
    for (const key of ours.filter((one) => !open.has(one))) {
      const said = await incidents.isOver(key, looking);
      if (said.kind === 'seen' && said.found) over.add(key);
      // One that the peer no longer knows is for a person to close.
      if (said.kind === 'later') return said;
    }
    return { kind: 'seen', found: { open: seen.found, over } };
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return { kind: 'later', because, retryAfterMs: null };
  }
}

async function activeKeys({ db }: AppContext, source: string): Promise<readonly string[]> {
  const newest = await newestOfSource(db, source);
  return newest.filter(({ resolved_at: at }) => at === null).map(({ key }) => key);
}

async function follow(
  tx: Transaction,
  context: AppContext,
  source: string,
  { open, over }: Told,
): Promise<void> {
  const newest = await newestOfSource(tx, source);
  const active = newest.filter(({ resolved_at: at }) => at === null);
  const known = new Map(active.map((row) => [row.key, row]));
  const opened = open.filter(({ key }) => !known.has(key));
  const worse = open.flatMap(({ key, severity }) => {
    const row = known.get(key);
    return row && SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(row.severity) ? [{ row, severity }] : [];
  });
  const resolved = active.filter(({ key }) => over.has(key));
  // Most looks find nothing new, and then no decision has to wait for this one.
  if (opened.length + worse.length + resolved.length === 0) return;
  await writeStanding(tx);
  for (const { key, shownAs, title, severity } of opened)
    await openFromPeer(tx, context, source, { key, shownAs, title, severity });
  for (const { row, severity } of worse) {
    const text = `${row.severity} to ${severity}: as ${source} has it`;
    if (!(await setSeverity(tx, row.id, { severity, by: source, text }))) continue;
    const reason = `severity raised from ${row.severity}`;
    await noteIncident(tx, context, source, { id: row.id, type: 'severity', reason });
    await tellOnCall(tx, row.id, {
      key: severity,
      kind: 'incident-severity',
      body: `${row.id}: ${reason} to ${severity}`,
    });
  }
  for (const { id } of resolved)
    await resolveFromPeer(tx, context, source, { id, reason: `${source} has it as resolved` });
}
