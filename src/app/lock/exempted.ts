import { approvalsOf } from '../../store/approvals.ts';
import type { ChangeRow } from '../../store/changes.ts';
import { clock } from '../../store/clock.ts';
import type { Transaction } from '../../store/database.ts';
import { isSameHuman } from '../../store/humans.ts';
import { holdersOf } from '../../store/standing-roles.ts';
import type { AppContext } from '../context.ts';
import { counts, wordsOf, type StandingApproval } from '../change/words.ts';
import { openTask } from '../task/open.ts';
import { kindOfLock } from './known.ts';
import { TELL_VPE } from './tell-vpe.ts';

const DAY_MS = 86_400_000;
const REVIEW_MS = 7 * DAY_MS;

/** When an exemption ends by itself, where its giver names no end: with the slot, else after a day. */
export function endOfExemption({ slot_end }: Pick<ChangeRow, 'slot_end'>, now: number): Date {
  return slot_end !== null && slot_end.getTime() > now ? slot_end : new Date(now + DAY_MS);
}

/** Opens what an exemption brings, once it is whole: its review, and the VPE's knowing where others gave one from a hard lock. */
export async function exempted(
  tx: Transaction,
  context: AppContext,
  row: ChangeRow,
  lock: string,
): Promise<void> {
  const now = await clock(tx);
  const words = (await wordsOf(tx, row.id)).approvals.filter((word) => exempts(word, { row, lock, now }));
  const ways = context.policy.policy.approvals.exemption.any;
  const whole = ways.filter((way) =>
    [...way].every((role) => words.some(({ capacity }) => capacity === role)),
  );
  if (whole.length === 0) return;
  const givers = words.map(({ person }) => person);
  const about = `${row.id}:${row.digest}:${lock}`;
  await openTask(tx, {
    key: reviewKey(about),
    kind: 'exemption-review',
    change: row.id,
    title: `review why ${givers.join(' and ')} exempted ${row.id} from ${lock}`,
    owner: await reviewerOf(tx, givers),
    dueAt: new Date(now + REVIEW_MS),
  });
  const byVpe = words.some(({ capacity }) => capacity === 'vpe');
  if (byVpe || (await kindOfLock(tx, context, lock)) !== 'hard') return;
  await openTask(tx, {
    key: `${TELL_VPE}:${about}`,
    kind: TELL_VPE,
    change: row.id,
    title: `tell the VPE: ${givers.join(' and ')} exempted ${row.id} from the hard lock ${lock}`,
    owner: givers.at(-1) ?? row.author,
    dueAt: new Date(now + DAY_MS),
  });
}

function exempts(
  word: StandingApproval,
  { row, lock, now }: { readonly row: ChangeRow; readonly lock: string; readonly now: number },
): boolean {
  const over = word.expires_at !== null && word.expires_at.getTime() <= now;
  return word.subject === `lock:${lock}` && counts(word, row.digest) && !over;
}

/** Who answers for production, the first first. */
export async function reviewersNow(tx: Transaction): Promise<readonly string[]> {
  return holdersOf(tx, ['management', 'director', 'vpe']);
}

/** Who gave the words for the exemption that a review is of, withdrawn ones too. */
export async function giversOf(tx: Transaction, changeId: string, key: string): Promise<string[]> {
  const words = await approvalsOf(tx, changeId);
  return words
    .filter(
      ({ subject, digest }) => key === reviewKey(`${changeId}:${digest}:${subject.replace('lock:', '')}`),
    )
    .map(({ person }) => person);
}

function reviewKey(about: string): string {
  return `exemption-review:${about}`;
}

/** Somebody who answers for production and gave no word for it; where there is nobody else, who gave it first. */
async function reviewerOf(tx: Transaction, givers: readonly string[]): Promise<string> {
  for (const person of await reviewersNow(tx)) if (!(await isSameHuman(tx, person, givers))) return person;
  return givers[0] ?? 'interlock';
}
