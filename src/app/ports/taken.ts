/** Something to be done outside, with what lets a peer know it again. */
export interface Handed {
  /** The same in every attempt: a peer that is told twice can tell. At most 200 characters, no spaces. */
  readonly id: string;
  /** What it is about, `kind/id`: `change/CHG-1`. */
  readonly about: string;
}

/**
 * What a peer made of it. `later` is worth another attempt, `refused` never: nobody tries again. What is said names no secret.
 * A connection that throws, or does not answer in time, has said `later`.
 */
export type Taken =
  | { readonly kind: 'taken'; readonly receipt: string | null }
  | {
      readonly kind: 'later';
      readonly because: string;
      readonly retryAfterMs: number | null;
      /** The peer takes the credential no more, by its own words: where a person lent it, only that person can lend another. */
      readonly credential?: 'refused';
    }
  | { readonly kind: 'refused'; readonly because: string };

/** What a peer answered to a question. */
export type Seen<T> = { readonly kind: 'seen'; readonly found: T } | Exclude<Taken, { kind: 'taken' }>;
