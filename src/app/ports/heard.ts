import type { AskedDeployment } from './deployments.ts';
import type { Choice, ChoicesWanted, FieldFlaw, FilledForm } from './form.ts';

/** A request as it came, before anybody parsed it. */
export interface RawRequest {
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /** The database's clock, in epoch milliseconds. */
  readonly receivedAtMs: number;
}

/** Who asked for something in a channel, by what the channel signed: never by a name that people choose. */
interface FromChat {
  /** The same each time that the same is heard. */
  readonly id: string;
  /** The account, as its link names it. */
  readonly who: string;
  /** When it was heard, in epoch milliseconds. */
  readonly at: number;
}

/** What a peer says happened there. It is a hint: whoever acts on it asks the peer, or acts as whom it names. */
export type HeardEvent =
  /** Something about an issue changed: its words, its links, its state. */
  | { readonly kind: 'issue-touched'; readonly issue: string }
  /** Something about its incidents changed; which does not matter. */
  | { readonly kind: 'incidents-touched' }
  /** Somebody typed a command; where does not matter. */
  | ({
      readonly kind: 'chat-command';
      /** The name that people see there; it opens nothing. */
      readonly shownAs: string;
      readonly text: string;
      readonly reply: string;
      readonly trigger: string;
    } & FromChat)
  /** Somebody pressed something under a message, which is known by its receipt. */
  | ({
      readonly kind: 'chat-press';
      readonly message: string;
      /** Whether the message is as it was sent. */
      readonly asSent: boolean;
      readonly act: string;
      readonly reply: string;
    } & FromChat)
  /** Somebody filled a form in. */
  | FilledIn
  /** Somebody changed a field that is watched, and goes on filling it in. */
  | ({ readonly kind: 'chat-form-touched' } & FilledForm & FromChat)
  /** A deployment waits for a yes or a no of ours. */
  | ({ readonly kind: 'deployment-asked' } & AskedDeployment);

/** A form that is handed in. */
export type FilledIn = { readonly kind: 'chat-form' } & FilledForm & FromChat;

/** Words that the protocol wants at once. */
export interface Answer {
  readonly contentType: string;
  readonly body: string;
}

/** How whoever handed a form in is answered. */
export interface FormAnswers {
  /** It is kept, and taken up. */
  readonly kept: Answer;
  readonly says: (text: string) => Answer;
  /** Each beside its field; what was written stays. */
  readonly wrong: (flaws: readonly FieldFlaw[]) => Answer;
}

/** What a request of a peer came to. */
export type Received =
  /** Not from the peer, or not said now: 401, and no more. */
  | { readonly kind: 'unverified' }
  /** A handshake of the protocol: answered, and nothing happens. */
  | ({ readonly kind: 'answered' } & Answer)
  /** From the peer. The same delivery is heard once, however often it comes; without events nothing follows from it. */
  | {
      readonly kind: 'heard';
      readonly delivery: string;
      readonly events: readonly HeardEvent[];
      /** Where the protocol wants words of its own. */
      readonly answer?: Answer;
    }
  /** A form that is handed in: looked at first, for what is wrong with it is said in the answer; kept if it is sound. */
  | {
      readonly kind: 'form';
      readonly delivery: string;
      readonly event: FilledIn;
      readonly answers: FormAnswers;
    }
  /** Somebody looks for something to choose: answered, and nothing happens. */
  | {
      readonly kind: 'choices';
      readonly wanted: ChoicesWanted;
      readonly answer: (choices: readonly Choice[]) => Answer;
    };

/** Hears the peer, by the bytes that it sent. Verification is here, over bytes; what to do about it is not. */
export type Hears = (request: RawRequest) => Received;

/** What a peer told, whichever way it came. */
export type Told = Extract<Received, { kind: 'heard' | 'form' | 'choices' }>;

/**
 * Hears the peer over a connection that this server opens, until it is stopped. `hear` keeps what was told before it answers; what it is
 * given is read at an instant of the database's clock. Trouble is told without secrets, and tried again.
 */
export type Listens = (
  hear: (read: (receivedAtMs: number) => Told) => Promise<{ readonly answer?: Answer }>,
  onTrouble: (because: string) => void,
) => { stop(): Promise<void> };
