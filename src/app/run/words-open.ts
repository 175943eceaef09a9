import type { WordsView } from '../../contract/acts.ts';
import { mayAct, RUN_WORDS, WHO_MAY, type RunWord } from '../../kernel/run/acts.ts';
import { transact, type Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { takeApproval } from './await-word.ts';
import { openRunFile, type RunFile } from './run-file.ts';
import { standingsOf } from './standings.ts';
import { speakingOf, type Speaking, type Take } from './word.ts';
import { takeAbort, takeGoOn, takeHold, takeRollback, takeSuspension } from './words.ts';

const TRIED = 'tried';

/** How each word would be taken; the same functions take it. `settle` names a step, so it is asked apart. */
const TAKES: Readonly<Record<Exclude<RunWord, 'settle'>, Take>> = {
  hold: takeHold({ because: TRIED, now: false }),
  'go-on': takeGoOn,
  'roll-back': takeRollback,
  abort: takeAbort,
  suspend: takeSuspension,
  'approve-step': takeApproval({ because: TRIED }),
};

/** What whoever calls may say about a run now, and of the rest why not. Each word is taken as it would be, and nothing is written. */
export async function wordsOn(context: AppContext, call: Call, runId: string): Promise<Outcome<WordsView>> {
  return transact(context.db, async (tx) => {
    const file = await openRunFile(tx, runId);
    if (file === null) return refuse('not_found', `expected a run, got \`${runId}\`, which there is none of`);
    const standings = await standingsOf(tx, call, file.run.changeId);
    const speaking = await speakingOf(tx, context, call, { file, standings });
    const words: WordsView['words'] = [];
    for (const word of RUN_WORDS) words.push({ word, whyNot: await whyNot(tx, file, speaking, word) });
    return done({ words });
  });
}

async function whyNot(
  tx: Transaction,
  file: RunFile,
  speaking: Speaking,
  word: RunWord,
): Promise<string | null> {
  if (file.run.endedAt !== null) return `expected a live run, got one that is \`${file.run.state}\``;
  if (!mayAct(word, speaking.standings)) {
    return `expected one of ${WHO_MAY[word].join(', ')}, got \`${speaking.person}\``;
  }
  if (word === 'settle') {
    return file.steps.some(({ state }) => state === 'unknown') ? null : 'expected an unknown step, got none';
  }
  const taken = await TAKES[word](file, speaking, tx);
  return 'ok' in taken ? taken.refusal.because : null;
}
