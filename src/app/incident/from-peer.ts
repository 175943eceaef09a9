import type { Severity } from '../../kernel/policy/facts.ts';
import type { Transaction } from '../../store/database.ts';
import { insertIncident, resolveIncident } from '../../store/incidents.ts';
import { systemCall } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { tellOnCall } from './tell.ts';

const LONGEST_TITLE = 200;

/** An incident that a peer has as open, as it becomes one of ours. */
export interface FromPeer {
  /** The peer's own id of it. */
  readonly key: string;
  /** As people name it there. */
  readonly shownAs: string;
  readonly title: string;
  readonly severity: Severity;
}

/** Opens an incident that a peer has as open, with its record, and tells who is on call. */
export async function openFromPeer(
  tx: Transaction,
  context: AppContext,
  source: string,
  { key, shownAs, title, severity }: FromPeer,
): Promise<void> {
  const shown = title.slice(0, LONGEST_TITLE).toWellFormed() || shownAs;
  const incident = { title: shown, severity, source, sourceKey: key, by: source };
  const id = await insertIncident(tx, incident);
  if (id === null) return;
  const reason = `severity ${severity}, open as ${shownAs}`;
  await noteIncident(tx, context, source, { id, type: 'opened', reason, title });
  await tellOnCall(tx, id, { key: severity, kind: 'incident-opened', body: `${id}: open as ${shownAs}` });
}

/** Resolves one that its peer has as over, with its record. */
export async function resolveFromPeer(
  tx: Transaction,
  context: AppContext,
  source: string,
  { id, reason }: { readonly id: string; readonly reason: string },
): Promise<void> {
  if (!(await resolveIncident(tx, id, { by: source, reason }))) return;
  await noteIncident(tx, context, source, { id, type: 'resolved', reason });
  await tellOnCall(tx, id, { key: 'close', kind: 'incident-resolved', body: `${id}: ${reason}` });
}

const ACTIONS = { opened: 'open', resolved: 'close', severity: 'worsen' } as const;

interface Noted {
  readonly id: string;
  readonly type: keyof typeof ACTIONS;
  readonly reason: string;
  readonly title?: string;
}

/** Records what a peer made of an incident of ours. */
export async function noteIncident(
  tx: Transaction,
  context: AppContext,
  source: string,
  { id, type, reason, title }: Noted,
): Promise<void> {
  await record(tx, {
    ...entryBase(context, systemCall(source)),
    type: `incident.${type}`,
    action: ACTIONS[type],
    object: `incident/${id}`,
    outcome: 'allow',
    reason,
    before: null,
    after: null,
    ...(title !== undefined && { digests: { title: digestOf(context, title) } }),
  });
}
