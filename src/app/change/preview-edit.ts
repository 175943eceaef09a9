import type { PreviewEdit } from '../../contract/change-preview.ts';
import { changedParts } from '../../plan/digest.ts';
import { partsOfWord } from '../../kernel/change/word-scope.ts';
import type { ChangeRow, RevisionRow } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import type { LoadedChange } from '../change-facts.ts';
import { whyNotLowered } from './lowering.ts';
import { partsOf } from './parts.ts';
import type { PlanRead } from './read-plan.ts';
import { fatesUnder, type WordUnder } from './settle-words.ts';
import { actsOn } from './standing.ts';
import { nameOf, wordOf, wordsOf, type Said } from './words.ts';

/** A request as it would be with another plan, and what that would do to it. */
export interface Edited {
  readonly loaded: LoadedChange;
  readonly edit: PreviewEdit;
}

/** Lays a plan over a request without storing it: by the functions that an edit is made with, so that it can say nothing else. */
export async function asEdited(
  tx: Transaction,
  call: Call,
  {
    row,
    before,
    read: { outline, revision },
  }: { readonly row: ChangeRow; readonly before: RevisionRow; readonly read: PlanRead },
): Promise<Edited> {
  const { person } = call.actor;
  const changed = changedParts(partsOf(before), partsOf(revision));
  const isMaterial = outline.digest !== row.digest;
  const touch = { changeId: row.id, from: row.digest, to: outline.digest, changed };
  const fates = isMaterial ? await fatesUnder(tx, touch, person) : [];
  const takenBack = isMaterial && row.state === 'scheduled';
  const { words: _found, services, ...rest } = outline;
  return {
    loaded: {
      row: {
        ...row,
        ...rest,
        services: [...services],
        ...(takenBack && { slot_accepted: false, on_calendar: false, state: 'unscheduled' as const }),
      },
      revision: { ...revision, revision: row.revision + 1, by: person, at: before.at },
      said: saidAfter(await wordsOf(tx, row.id), fates, outline.digest),
    },
    edit: {
      version: Number(row.version),
      changed: [...changed],
      words: fates.map(wordAfter),
      slotBack: takenBack && row.slot_accepted,
      refused: await whyRefused(tx, call, row, outline),
    },
  };
}

function wordAfter({ word, fate, parts }: WordUnder): PreviewEdit['words'][number] {
  const stands = fate === 'stands';
  return {
    person: 'rule' in word ? (word.approved_by ?? word.by) : word.person,
    what: nameOf(word),
    via: 'rule' in word ? null : word.via,
    stands,
    parts: [...(stands ? partsOfWord(wordOf(word)) : parts)],
  };
}

/** The words as the edit would leave them: what stands is carried to the new digest, what is voided counts for none. */
function saidAfter({ approvals, exceptions }: Said, fates: readonly WordUnder[], to: string): Said {
  const kept = new Set(fates.filter(({ fate }) => fate === 'stands').map(({ word }) => keyText(word)));
  const carried = <T extends WordUnder['word']>(word: T): T =>
    kept.has(keyText(word)) ? { ...word, standing: { ...word.standing, digest: to } } : word;
  return { approvals: approvals.map(carried), exceptions: exceptions.map(carried) };
}

const keyText = (word: WordUnder['word']) => `${'rule' in word} ${word.id}`;

async function whyRefused(
  tx: Transaction,
  call: Call,
  row: ChangeRow,
  outline: PlanRead['outline'],
): Promise<string | null> {
  const acts = await actsOn(tx, call, row.id);
  const why = acts.ok ? acts.value.acts.find(({ act }) => act === 'edit')?.whyNot : acts.refusal.because;
  return why ?? (await whyNotLowered(tx, row, outline))?.refusal.because ?? null;
}
