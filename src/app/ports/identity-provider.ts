/** One way to the provider and back. Each value is known to the browser's cookie alone, and used once. */
export interface SignInFlow {
  readonly state: string;
  readonly nonce: string;
  /** PKCE's code verifier. */
  readonly verifier: string;
  /** Whether the person has to sign in anew, however long they have been signed in there. */
  readonly again: boolean;
}

/** Whom the provider vouches for, after everything it said was checked. */
export interface Vouched {
  readonly issuer: string;
  readonly subject: string;
  /** What an account name may be made of, and the name that people read; `null` where nothing is said. */
  readonly accountHint: string | null;
  readonly displayName: string | null;
  readonly groups: readonly string[];
  /** When the person showed the provider who they are, in epoch milliseconds; `null` where it does not say. */
  readonly authenticatedAt: number | null;
}

/** What came back: a person, or why it is believed to be nobody, in one line without secrets. */
export type Returned =
  | { readonly kind: 'vouched'; readonly vouched: Vouched }
  | { readonly kind: 'refused'; readonly because: string }
  | { readonly kind: 'away'; readonly because: string };

/** An OpenID Connect provider that says who people are. */
export interface IdentityProvider {
  readonly issuer: string;
  /** As its button says it. */
  readonly title: string;
  /** Address of our page at which one signs in by it. */
  readonly page: string;
  /** Where to send the browser; `null` where the provider does not answer. */
  begin(flow: SignInFlow): Promise<string | null>;
  /** Reads what the provider sent the browser back with, the part of the address after `?`, and has the provider confirm it. */
  complete(parameters: string, flow: SignInFlow): Promise<Returned>;
}
