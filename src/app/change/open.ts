import type { OpenChange, OpenedChange } from '../../contract/changes.ts';
import { findChange, type ChangeRow } from '../../store/changes.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { insertChanges, type NewRequest } from '../../store/opened-changes.ts';
import { agentOf, type Call } from '../actor.ts';
import { carryOutValue, recordDone, type Result } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { inBatchesOf } from '../in-batches.ts';
import { tellPeople } from '../notice/tell.ts';
import { areNew } from '../once.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { askExceptions } from './ask-exceptions.ts';
import { ceremonyOfFiled } from './ceremony.ts';
import type { PlanRead } from './read-plan.ts';
import { changeRecord, resultOf } from './view.ts';
import { wordsOf } from './words.ts';

const DEED = { type: 'change.opened', action: 'open', object: 'change/new' };

/** Files a request from a plan. Its author is whoever calls; what the file says of that does not count. */
export async function openChange(
  context: AppContext,
  call: Call,
  sent: OpenChange,
): Promise<Outcome<OpenedChange>> {
  // Before the transaction: reading takes as long as all the rest, and nobody needs a connection for it.
  const read = await context.readPlan(sent);
  const { retryOf = null, clonedFrom = null, draft = false } = sent;
  const filing = { retryOf, clonedFrom, draft, reason: draft ? 'opened as a draft' : 'opened' };
  const asksForMore = retryOf !== null || clonedFrom !== null || call.condition !== undefined;
  if (read.ok && !asksForMore) {
    const opened = await openTogether(context)({ call, read: read.value, ...filing });
    if (opened !== null) return done(opened);
  }
  return carryOutValue(context, call, DEED, async (tx) => {
    if (!read.ok) return read;
    const refused = (await cannotRetry(tx, retryOf)) ?? (await cannotClone(tx, clonedFrom));
    return refused ?? done(await fileRequest(tx, { context, call }, read.value, filing));
  });
}

/** How a request comes to be filed. */
interface Filing {
  readonly retryOf?: string | null;
  readonly clonedFrom?: string | null;
  readonly draft: boolean;
  readonly reason: string;
}

type ToFile = Filing & { readonly call: Call; readonly read: PlanRead };

/**
 * Requests that come while others are written are written together: one transaction holds all of them, each with its own entry in the
 * ledger, and nobody has an answer before it is committed. Only what nothing can refuse any more is opened so: a refusal undoes
 * what its work wrote, and here that is not of one request alone. What bears a key that is not new is `null`: it goes alone.
 */
const openTogether = inBatchesOf(
  (context: AppContext, requests: readonly ToFile[]): Promise<(OpenedChange | null)[]> =>
    transact(context.db, async (tx) => {
      const fresh = await areNew(
        tx,
        requests.map(({ call }) => call),
      );
      if (!fresh.includes(true)) return fresh.map(() => null);
      const filed = await fileTogether(
        tx,
        context,
        requests.filter((_, place) => fresh[place]),
      );
      await recordDone(
        tx,
        context,
        filed.map(({ call, result }) => ({ call, deed: DEED, result })),
      );
      const opened = filed.values();
      return fresh.map((isNew) => (isNew ? (opened.next().value?.result.value ?? null) : null));
    }),
  // Each brings a plan with its scripts, which may be long.
  { most: 20, besideFrom: 8 },
);

/** Files a plan that was read, in the name of whoever calls; where an agent does, in that of its human, who is told. */
export async function fileRequest(
  tx: Transaction,
  { context, call }: { readonly context: AppContext; readonly call: Call },
  read: PlanRead,
  filing: Filing,
): Promise<Result<OpenedChange>> {
  const [filed] = await fileTogether(tx, context, [{ call, read, ...filing }]);
  if (!filed) throw new Error('expected the new change, got none');
  return filed.result;
}

interface Filed {
  readonly call: Call;
  readonly result: Result<OpenedChange>;
}

async function fileTogether(
  tx: Transaction,
  context: AppContext,
  requests: readonly ToFile[],
): Promise<Filed[]> {
  const rows = await insertChanges(tx, requests.map(newRequest));
  const filed: Filed[] = [];
  for (const [place, row] of rows.entries()) {
    const request = requests[place];
    if (request) filed.push({ call: request.call, result: await resultOfFiled(tx, context, row, request) });
  }
  return filed;
}

function newRequest({ call, read, retryOf = null, clonedFrom = null, draft }: ToFile): NewRequest {
  const { person, botOf } = call.actor;
  const human = agentOf(call.actor);
  const by = human === null ? { author: person, authorBotOf: botOf } : { author: human, authorBotOf: null };
  const state = draft ? 'draft' : 'unscheduled';
  return {
    change: { ...read.outline, ...by, retryOf, clonedFrom, state },
    first: read.revision,
    planJson: read.planJson,
    by: person,
  };
}

async function resultOfFiled(
  tx: Transaction,
  context: AppContext,
  row: ChangeRow,
  { call, read, draft, reason }: ToFile,
): Promise<Result<OpenedChange>> {
  const { person } = call.actor;
  const human = agentOf(call.actor);
  const { head, revision } = read;
  await askExceptions(tx, row, person, read);
  if (human !== null) await tellItsHuman(tx, { id: row.id, agent: person, human, draft });
  const none = { approvals: [], exceptions: [] };
  const said = head.exceptions.length === 0 ? none : await wordsOf(tx, row.id);
  const value = {
    ...changeRecord(row, revision, said),
    ...(await ceremonyOfFiled(tx, context, row, {
      plan: head,
      parts: revision.parts,
      summary: revision.summary,
    })),
  };
  const how = human === null ? reason : `${reason} by the agent ${person} of ${human}`;
  return resultOf(row, value, { before: null, reason: how });
}

interface OpenedByAgent {
  readonly id: string;
  readonly agent: string;
  readonly human: string;
  readonly draft: boolean;
}

/** Nobody is the author of something without hearing of it. */
async function tellItsHuman(tx: Transaction, { id, agent, human, draft }: OpenedByAgent): Promise<void> {
  await tellPeople(tx, {
    to: [human],
    key: `opened-by-agent:${id}`,
    kind: 'opened-by-agent',
    about: `change/${id}`,
    body: `${id} was opened${draft ? ' as a draft' : ''} by your agent ${agent}: you are its author`,
  });
}

/** An aborted request is not reopened: a retry is a new one that names it. */
async function cannotRetry(tx: Transaction, retryOf: string | null) {
  if (retryOf === null) return null;
  const former = await findChange(tx, retryOf);
  if (former?.state === 'aborted') return null;
  const got = former ? `\`${retryOf}\`, which is ${former.state}` : `\`${retryOf}\`, which there is none of`;
  return refuse('conflict', `expected a change that was aborted, got ${got}`);
}

async function cannotClone(tx: Transaction, clonedFrom: string | null) {
  if (clonedFrom === null || (await findChange(tx, clonedFrom))) return null;
  return refuse('conflict', `expected a change to begin from, got \`${clonedFrom}\`, which there is none of`);
}
