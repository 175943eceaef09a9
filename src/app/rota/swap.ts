import { randomUUID } from 'node:crypto';
import type { RotaName } from '../../contract/people.ts';
import { formatInstant } from '../../kernel/calendar/instant.ts';
import type { Swap } from '../../kernel/calendar/overlay.ts';
import { clock } from '../../store/clock.ts';
import { findChange, findRevision } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import { isSameHuman } from '../../store/humans.ts';
import { slotsStartingIn, type PlannedStart } from '../../store/planned-starts.ts';
import { ceremonyOfFiled } from '../change/ceremony.ts';
import { counts, wordsOf } from '../change/words.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';

/** What changed in a rota, and by whom. */
export interface Swapped {
  readonly by: string;
  readonly swaps: readonly Swap[];
}

/** A request whose plan whoever is EOC at its start has not reviewed. */
interface Wanting {
  readonly review: PlannedStart;
  readonly eoc: string | null;
}

/**
 * Where another engineer is on call now: tells them which plans want their review, and the people of each of those that it has
 * to be reviewed again. The review of whoever was to be on call counts no more.
 */
export async function tellOfSwaps(
  tx: Transaction,
  context: AppContext,
  rota: RotaName,
  { by, swaps }: Swapped,
): Promise<void> {
  if (rota !== 'eoc') return;
  const wanting: Wanting[] = [];
  for (const { start, end, after } of swaps) {
    for (const review of await slotsStartingIn(tx, new Date(start), new Date(end)))
      if (await wantsReview(tx, context, review, after)) wanting.push({ review, eoc: after });
  }
  if (wanting.length === 0) return;
  const key = `eoc-swap:${randomUUID()}`;
  for (const eoc of new Set(wanting.map((one) => one.eoc))) {
    if (eoc !== null) await tellEngineer(tx, { key, eoc, by, wanting });
  }
  for (const one of wanting) await tellOwners(tx, key, one);
}

/** Whether its plan is one that an engineer on call has to review, and this one has not, in a word that counts. */
async function wantsReview(
  tx: Transaction,
  context: AppContext,
  { id }: PlannedStart,
  eoc: string | null,
): Promise<boolean> {
  const row = await findChange(tx, id);
  const revision = row && (await findRevision(tx, id, row.revision));
  if (!revision) throw new Error(`expected the plan of \`${id}\`, got none`);
  const { needs } = await ceremonyOfFiled(tx, context, row, revision);
  if (!needs.some(({ rule }) => rule === 'eoc-plan-review')) return false;
  if (eoc === null) return true;
  const now = await clock(tx);
  const reviews = (await wordsOf(tx, id)).approvals.filter(
    (one) =>
      one.capacity === 'eoc' &&
      one.subject === 'plan' &&
      counts(one, row.digest) &&
      (one.expires_at === null || one.expires_at.getTime() > now),
  );
  return !(await isSameHuman(
    tx,
    eoc,
    reviews.map(({ person }) => person),
  ));
}

interface Telling {
  readonly key: string;
  readonly eoc: string;
  readonly by: string;
  readonly wanting: readonly Wanting[];
}

async function tellEngineer(tx: Transaction, { key, eoc, by, wanting }: Telling): Promise<void> {
  const own = wanting.filter((one) => one.eoc === eoc);
  const plans = own.map(
    ({ review: { id, title, start } }) => `${id} \`${title}\` (starts ${formatInstant(start.getTime())})`,
  );
  await tellPeople(tx, {
    to: [eoc],
    key,
    kind: 'eoc-swapped',
    about: 'rota/eoc',
    body: `${by === 'system' ? 'A calendar' : `\`${by}\``} changed the EOC rota: you are on call when ${plans.length === 1 ? 'this starts, and its plan wants' : 'these start, and their plans want'} your review: ${plans.join(', ')}.`,
  });
}

async function tellOwners(tx: Transaction, key: string, { review, eoc }: Wanting): Promise<void> {
  const { id, start, owners } = review;
  const who = eoc === null ? 'nobody is EOC' : `\`${eoc}\` is EOC`;
  const then = eoc === null ? 'It cannot start until somebody is.' : 'Its plan wants their review.';
  await tellPeople(tx, {
    to: owners,
    key: `${key}:${id}`,
    kind: 'eoc-swapped',
    about: `change/${id}`,
    body: `The EOC rota changed: ${who} when ${id} starts at ${formatInstant(start.getTime())}. ${then}`,
  });
}
