import type { Seen, Taken } from './taken.ts';

/** The right to post that a person lent, as the peer gave it. */
export interface Lent {
  /** The peer's own id of the account, as its link names it. */
  readonly account: string;
  readonly shownAs: string;
  readonly scopes: readonly string[];
  /** What proves the right, sealed: nobody but the connection reads it. */
  readonly sealed: string;
  /** When it has to be renewed, in epoch milliseconds; `null` where it does not end by itself. */
  readonly until: number | null;
}

/** A right that was lent, and whose it has to be: what was sealed for another account opens nothing. */
export interface LentRight {
  readonly sealed: string;
  readonly account: string;
}

/** A person's own word, to be posted as that person. */
export interface OwnWord {
  /** The same in every attempt. */
  readonly id: string;
  /** An issue, as the tracker names it; the receipt of the message that it answers, or `null`. */
  readonly at: string | null;
  readonly body: string;
}

/**
 * Posts as people who lent the right to (OAuth 2, authorization code). `state` is a secret of the one way there and back; what proves
 * that the code was asked for here (PKCE) is made of it and of the client's secret.
 */
export interface Lending {
  /** What it is lent for, as the peer names it. */
  readonly scopes: readonly string[];
  /** The peer's page where a person says yes. */
  page(state: string): string;
  take(given: { readonly state: string; readonly code: string }, signal: AbortSignal): Promise<Seen<Lent>>;
  renew(right: LentRight, signal: AbortSignal): Promise<Seen<Lent>>;
  giveBack(right: LentRight, signal: AbortSignal): Promise<Taken>;
  /** Posts it, or finds it there. The receipt says where it stands; `taken` means that it stands there by that account, by the peer's own word. */
  post(right: LentRight, word: OwnWord, signal: AbortSignal): Promise<Taken>;
}
