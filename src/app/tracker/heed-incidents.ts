import { SEVERITIES, type Severity } from '../../kernel/policy/facts.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { insertIncident, newestOfSource, resolveIncident } from '../../store/incidents.ts';
import { writeStanding } from '../../store/standing.ts';
import { systemCall } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { tellOnCall } from '../incident/tell.ts';
import { ATTEMPT_MS } from '../outside/again.ts';
import type { Connection, SeenIncident, Taken } from '../ports/connection.ts';

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
    for (const incident of opened) await openOne(tx, context, source, incident);
    for (const { id } of over) await resolveOne(tx, context, source, id);
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

async function openOne(
  tx: Transaction,
  context: AppContext,
  source: string,
  { issue, title, labels }: SeenIncident,
): Promise<void> {
  const severity = severityOf(labels);
  const incident = {
    title: title.slice(0, 200).toWellFormed() || issue,
    severity,
    source,
    sourceKey: issue,
    by: source,
  };
  const id = await insertIncident(tx, incident);
  if (id === null) return;
  await note(
    tx,
    context,
    source,
    { id, type: 'opened', reason: `severity ${severity}, open as ${issue}` },
    title,
  );
  await tellOnCall(tx, id, { key: severity, kind: 'incident-opened', body: `${id}: open as ${issue}` });
}

async function resolveOne(tx: Transaction, context: AppContext, source: string, id: string): Promise<void> {
  const reason = 'the tracker has it as open no more';
  if (!(await resolveIncident(tx, id, { by: source, reason }))) return;
  await note(tx, context, source, { id, type: 'resolved', reason }, null);
  await tellOnCall(tx, id, { key: 'close', kind: 'incident-resolved', body: `${id}: ${reason}` });
}

// oxlint-disable-next-line max-params -- one entry of the record, said where it is made
async function note(
  tx: Transaction,
  context: AppContext,
  source: string,
  {
    id,
    type,
    reason,
  }: { readonly id: string; readonly type: 'opened' | 'resolved'; readonly reason: string },
  title: string | null,
): Promise<void> {
  await record(tx, {
    ...entryBase(context, systemCall(source)),
    type: `incident.${type}`,
    action: type === 'opened' ? 'open' : 'close',
    object: `incident/${id}`,
    outcome: 'allow',
    reason,
    before: null,
    after: null,
    ...(title !== null && { digests: { title: digestOf(context, title) } }),
  });
}
