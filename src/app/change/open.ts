import type { OpenChange, OpenedChange } from '../../contract/changes.ts';
import { findChange, insertChange } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import { agentOf, type Call } from '../actor.ts';
import { carryOutValue, type Result } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';
import { refuse, type Outcome } from '../outcome.ts';
import { askExceptions } from './ask-exceptions.ts';
import { ceremonyOfFiled } from './ceremony.ts';
import type { PlanRead } from './read-plan.ts';
import { changeRecord, recordOf } from './view.ts';
import { wordsOf } from './words.ts';

/** Files a request from a plan. Its author is whoever calls; what the file says of that does not count. */
export async function openChange(
  context: AppContext,
  call: Call,
  sent: OpenChange,
): Promise<Outcome<OpenedChange>> {
  const deed = { type: 'change.opened', action: 'open', object: 'change/new' };
  // Before the transaction: reading takes as long as all the rest, and nobody needs a connection for it.
  const read = await context.readPlan(sent);
  return carryOutValue(context, call, deed, async (tx) => {
    if (!read.ok) return read;
    const { retryOf = null, clonedFrom = null, draft = false } = sent;
    const refused = (await cannotRetry(tx, retryOf)) ?? (await cannotClone(tx, clonedFrom));
    if (refused) return refused;
    const reason = draft ? 'opened as a draft' : 'opened';
    return fileRequest(tx, { context, call }, read.value, { retryOf, clonedFrom, draft, reason });
  });
}

/** How a request comes to be filed. */
interface Filing {
  readonly retryOf?: string | null;
  readonly clonedFrom?: string | null;
  readonly draft: boolean;
  readonly reason: string;
}

/** Files a plan that was read, in the name of whoever calls; where an agent does, in that of its human, who is told. */
export async function fileRequest(
  tx: Transaction,
  { context, call }: { readonly context: AppContext; readonly call: Call },
  read: PlanRead,
  { retryOf = null, clonedFrom = null, draft, reason }: Filing,
): Promise<Outcome<Result<OpenedChange>>> {
  const { person, botOf } = call.actor;
  const human = agentOf(call.actor);
  const by = human === null ? { author: person, authorBotOf: botOf } : { author: human, authorBotOf: null };
  const first = { ...read.revision, revision: 1, by: person };
  const state = draft ? 'draft' : 'unscheduled';
  const row = await insertChange(tx, { ...read.outline, ...by, retryOf, clonedFrom, state }, first);
  await askExceptions(tx, row, person, read);
  if (human !== null) await tellItsHuman(tx, { id: row.id, agent: person, human, draft });
  const none = { approvals: [], exceptions: [] };
  const said = read.plan.exceptions.length === 0 ? none : await wordsOf(tx, row.id);
  const value = { ...changeRecord(row, first, said), ...(await ceremonyOfFiled(tx, context, row, first)) };
  const how = human === null ? reason : `${reason} by the agent ${person} of ${human}`;
  return recordOf(row, value, { before: null, reason: how });
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
