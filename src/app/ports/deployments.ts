import type { KindOfChange } from '../../contract/gate.ts';
import type { Taken } from './taken.ts';

/** What a peer told of a deployment that waits for us. */
export interface AskedDeployment {
  /** Where, as the peer names it: a repository, a workspace. */
  readonly place: string;
  /** Which of its environments or stages. */
  readonly environment: string;
  /** What the peer wants the answer to be about; the island's own, secrets in it are sealed. */
  readonly answerTo: string;
}

/** A deployment that waits at a peer for a yes or a no. A yes reserves nothing: the peer does not say when it is over. */
export interface WaitingDeployment {
  readonly what: string;
  /** What the configuration says it is, or `null` where it names no such thing: then the answer is no. */
  readonly question: KindOfChange | null;
  answer(
    verdict: { readonly allowed: boolean; readonly because: string },
    signal: AbortSignal,
  ): Promise<Taken>;
}

/** Holds deployments back until we say yes. */
export interface Deployments {
  /** What waits of that now: the peer is asked, where it can be. */
  waiting(
    asked: AskedDeployment,
    signal: AbortSignal,
  ): Promise<
    | { readonly kind: 'waiting'; readonly deployments: readonly WaitingDeployment[] }
    | Exclude<Taken, { kind: 'taken' }>
  >;
}
