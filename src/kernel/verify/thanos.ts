import type { Outcome } from './outcome.ts';
import { counted, named } from './quantity.ts';
import { combineVerdicts, fail, type Judgement, pass, unknown } from './verdict.ts';

/** A store that Thanos Query asks; `lastError` is `null` where the last contact went well. */
export interface Store {
  readonly name: string;
  readonly lastError: string | null;
}

/** An answer to a question whose `partial_response` is no truth value, as its HTTP status and body. */
export interface Refusal {
  readonly status: number;
  readonly body: string;
}

/**
 * M12: no store of Thanos Query has an error, and the word that forbids partial answers reaches it. The proof of that is a word
 * that it has to refuse: who answers a question that bears it never got it.
 */
export function judgeThanos(stores: Outcome<readonly Store[]>, refusal: Outcome<Refusal>): Judgement {
  const [ofStores, ofWord] = [judgeStores(stores), judgeWord(refusal)];
  return {
    verdict: combineVerdicts([ofStores.verdict, ofWord.verdict]),
    because: `${ofStores.because}; ${ofWord.because}`,
  };
}

function judgeStores(stores: Outcome<readonly Store[]>): Judgement {
  const wanted = 'stores without errors wanted';
  if (!stores.ok) return unknown(`${wanted}; ${stores.because}`);
  const bad = stores.value.filter(({ lastError }) => lastError !== null).map(({ name }) => name);
  if (bad.length > 0) return fail(`${wanted}; ${named(bad)} had one`);
  if (stores.value.length === 0) return fail(`${wanted}; it has no store at all`);
  return pass(`${wanted}; ${counted(stores.value.length, 'store')} had none`);
}

function judgeWord(refusal: Outcome<Refusal>): Judgement {
  const wanted = '`partial_response` heard wanted';
  if (!refusal.ok) return unknown(`${wanted}; ${refusal.because}`);
  const { status, body } = refusal.value;
  if (status === 400 && body.includes('partial_response'))
    return pass(`${wanted}; a senseless one was refused`);
  if (status === 200) return fail(`${wanted}; a senseless one was answered: it does not arrive`);
  return unknown(`${wanted}; a senseless one got ${status}`);
}
