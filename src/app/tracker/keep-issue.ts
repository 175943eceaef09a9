import { labelOf, TRANSITIONS, type ChangeState } from '../../kernel/change/state.ts';
import {
  changeOfIssue,
  issueOfChange,
  keepIssueRow,
  noteChangedIssues,
  restoreIssue,
} from '../../store/change-issues.ts';
import { findChange, findRevision, type ChangeRow, type RevisionRow } from '../../store/changes.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { insertEffect } from '../../store/outbox.ts';
import { systemCall } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import type { Connection, Handed, Taken, Tracker, WantedIssue } from '../ports/connection.ts';
import { closeFormer } from './close-moved.ts';
import { issueBody } from './issue-body.ts';

/** Most requests that one look notes. */
const AT_ONCE = 50;

/** The tracker that the policy names, as it is connected; `null` where the built-in discussion is it. */
export function trackerOf({
  policy,
  connections,
}: Pick<AppContext, 'policy' | 'connections'>): Connection | null {
  const { issue } = policy.file.connections;
  if (issue === 'builtin') return null;
  return connections.all.find(({ name, offers }) => name === issue && offers.tracker) ?? null;
}

/** Has the issues written of the requests that changed. Gives how many. */
export async function noteIssues(context: AppContext): Promise<number> {
  const tracker = trackerOf(context)?.name ?? null;
  return transact(context.db, async (tx) => {
    const due = await noteChangedIssues(tx, tracker, AT_ONCE);
    // Each where it is: another tracker in the policy is for new ones, until somebody moves the others.
    for (const { change_id: id, connection, generation } of due) await want(tx, connection, id, generation);
    return due.length;
  });
}

/** Has our part of an issue written anew, where somebody else changed it. */
export async function restore(
  context: AppContext,
  connection: string,
  { change, issue }: { readonly change: string; readonly issue: string },
): Promise<void> {
  await transact(context.db, async (tx) => {
    const generation = await restoreIssue(tx, change);
    if (generation === null) return;
    await want(tx, connection, change, generation);
    await record(tx, {
      ...entryBase(context, systemCall(connection)),
      type: 'change.issue-restored',
      action: 'restore-issue',
      object: `change/${change}`,
      outcome: 'allow',
      reason: 'somebody else changed our part of the issue: it is written anew',
      before: null,
      after: null,
      details: { issue },
    });
  });
}

export async function want(
  tx: Transaction,
  connection: string,
  change: string,
  generation: number,
): Promise<void> {
  const key = `issue:${change}:${generation}`;
  await insertEffect(tx, { key, topic: 'issue', payload: { change }, connection, about: `change/${change}` });
}

/** Opens the issue of a request, or brings our part of it to what the request is now. */
export async function keepIssue(
  context: AppContext,
  { connection, tracker }: { readonly connection: string; readonly tracker: Tracker },
  { handed, change }: { readonly handed: Handed; readonly change: string },
  signal: AbortSignal,
): Promise<Taken> {
  const row = await findChange(context.db, change);
  const revision = row && (await findRevision(context.db, change, row.revision));
  if (!row || !revision) return { kind: 'refused', because: `expected a change, got \`${change}\`` };
  // The same for every attempt at this request, so that two attempts open one issue.
  const wanted = { ...wantedOf(context, row, revision), id: `issue:${change}`, about: handed.about };
  const known = await issueOfChange(context.db, change);
  // It was moved since: what was wanted here is wanted there.
  if (known && known.connection !== connection) return { kind: 'taken', receipt: null };
  return known?.issue
    ? tracker.keep({ ...wanted, issue: known.issue }, signal)
    : tracker.open(wanted, signal);
}

/** Keeps where the tracker has the issue, by its receipt; from then on those that it was moved away from may be closed. */
export async function noteIssue(
  tx: Transaction,
  connection: string,
  change: string,
  receipt: string | null,
): Promise<void> {
  const [issue, kept] = (receipt ?? '').split(' ');
  if (!issue || !kept) return;
  await keepIssueRow(tx, change, { connection, issue, kept });
  await closeFormer(tx, change);
}

/** The request that an issue is of, and what of it the tracker was last known to keep. */
export const requestOf = changeOfIssue;

function wantedOf(
  context: AppContext,
  row: ChangeRow,
  revision: RevisionRow,
): Omit<WantedIssue, 'id' | 'about'> {
  return {
    title: `${row.id}: ${revision.plan.title}`.slice(0, 250).toWellFormed(),
    section: issueBody(context, row, revision),
    environment: row.environment,
    labels: [labelOf(row.state), row.criticality],
    due: row.slot_start?.toISOString().slice(0, 10) ?? null,
    open: !isEnd(row.state),
  };
}

const isEnd = (state: ChangeState) =>
  !Object.values(TRANSITIONS).some(({ from }) => (from as readonly ChangeState[]).includes(state));
