import type { Part } from '../../kernel/change/part.ts';
import { partsOfWord, touchedParts } from '../../kernel/change/word-scope.ts';
import type { Transaction } from '../../store/database.ts';
import { isSameHuman } from '../../store/humans.ts';
import { insertFate } from '../../store/word-fates.ts';
import type { Call } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';
import { linesSince } from './difference.ts';
import {
  counts,
  keyOf,
  nameOf,
  partsText,
  peopleOf,
  wordOf,
  wordsOf,
  type StandingApproval,
  type StandingException,
} from './words.ts';

/** A change of something that words about a request may depend on. */
export interface Touch {
  readonly changeId: string;
  /** The revision that is in force after it. */
  readonly revision: number;
  /** Digest of the plan before and after; the same where the slot or the dry run changed. */
  readonly from: string;
  readonly to: string;
  readonly changed: readonly Part[];
  /** What differs between before and after, in lines for a person; shown to whoever's word is voided. */
  readonly differences: readonly string[];
}

type StandingWord = StandingApproval | StandingException;

/**
 * Decides of each word that stands whether a change leaves it standing. One that looks at a changed part is voided, and its
 * people told what differs since they gave it. Another is carried to the new digest, by a ledger entry that names it. Who makes
 * the change does not keep an approval of their own: nobody reviews their own words.
 */
export async function settleWords(
  tx: Transaction,
  context: AppContext,
  call: Call,
  touch: Touch,
): Promise<void> {
  for (const { word, fate, parts } of await fatesUnder(tx, touch, call.actor.person)) {
    if (fate === 'voided') await voidWord(tx, call, { touch, word, parts });
    else if (touch.from !== touch.to) await carryWord(tx, context, call, { touch, word });
  }
}

/** What becomes of a word that stands: voided for the parts named, or left standing. */
export interface WordUnder {
  readonly word: StandingWord;
  readonly fate: 'voided' | 'stands';
  readonly parts: readonly Part[];
}

/** The fate of each word that stands, under a change that may not have been made yet. */
export async function fatesUnder(
  tx: Transaction,
  { changeId, from, to, changed }: Pick<Touch, 'changeId' | 'from' | 'to' | 'changed'>,
  editor: string,
): Promise<WordUnder[]> {
  if (changed.length === 0) return [];
  const { approvals, exceptions } = await wordsOf(tx, changeId);
  const standing = [...approvals, ...exceptions].filter((one) => counts(one, from));
  const fates: WordUnder[] = [];
  for (const word of standing) {
    const touched = touchedParts(wordOf(word), changed);
    const own = from !== to && (await editsOwn(tx, word, editor));
    const voided = touched.length > 0 || own;
    fates.push({ word, fate: voided ? 'voided' : 'stands', parts: touched.length > 0 ? touched : changed });
  }
  return fates;
}

function editsOwn(tx: Transaction, word: StandingWord, editor: string): Promise<boolean> {
  return isSameHuman(tx, editor, ['rule' in word ? word.approved_by : word.person]);
}

interface Settling {
  readonly touch: Touch;
  readonly word: StandingWord;
}

async function voidWord(
  tx: Transaction,
  call: Call,
  { touch, word, parts }: Settling & { readonly parts: readonly Part[] },
): Promise<void> {
  const { changeId, revision, from, to } = touch;
  const by = call.actor.person;
  const fate = { changeId, word: keyOf(word), fate: 'voided', revision, from, to, parts, by } as const;
  await insertFate(tx, { ...fate, ledgerIndex: null });
  const id = Object.values(keyOf(word)).join();
  await tellPeople(tx, {
    to: peopleOf(word).filter((person) => person !== call.actor.person),
    key: `word-voided:${'rule' in word ? 'exception' : 'approval'}:${id}`,
    kind: 'word-voided',
    about: `change/${changeId}`,
    body: [
      `Your ${nameOf(word)} of ${changeId} does not count any more: ${call.actor.person} changed ${partsText(parts)}.`,
      ...(await differencesSince(tx, touch, word.digest)),
    ].join('\n'),
  });
}

/** What differs since a word was given: an edit that left it standing is a part of that. */
async function differencesSince(tx: Transaction, touch: Touch, digest: string): Promise<readonly string[]> {
  const { changeId, revision, from, to, differences } = touch;
  if (digest === from) return differences;
  const since = await linesSince(tx, changeId, { digest, revision });
  return from === to ? [...since, ...differences] : since;
}

async function carryWord(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { touch, word }: Settling,
): Promise<void> {
  const { changeId, revision, from, to, changed } = touch;
  const parts = partsOfWord(wordOf(word));
  const id = Object.values(keyOf(word)).join();
  const { index } = await record(tx, {
    ...entryBase(context, call),
    type: 'change.word-carried',
    action: 'carry',
    object: `change/${changeId}`,
    outcome: 'allow',
    reason: `${nameOf(word)} stands: the edit touched ${changed.join(', ')}, it looks at ${parts.join(', ')}`,
    before: from,
    after: to,
    details: { ['rule' in word ? 'exception' : 'approval']: id, unchanged: parts.join(' ') },
  });
  const by = call.actor.person;
  const fate = { changeId, word: keyOf(word), fate: 'carried', revision, from, to, parts, by } as const;
  await insertFate(tx, { ...fate, ledgerIndex: index });
}
