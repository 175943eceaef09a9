import type { OwnWay } from '../../contract/integrations/audiences.ts';
import type { KubernetesSettings } from '../../contract/integrations/kubernetes.ts';
import type { IssueTexts } from '../../kernel/change/issue-text.ts';
import type { AudienceName } from '../../contract/updates.ts';
import type { CalendarCollection } from './calendar-collection.ts';
import type { Deployments } from './deployments.ts';
import type { ChatForm } from './form.ts';
import type { Hears, Listens } from './heard.ts';
import type { Lending } from './lending.ts';
import type { Handed, Seen, Taken } from './taken.ts';
import type { Incidents, OnCall } from './on-call.ts';

export type {
  ChatForm,
  Choice,
  ChoicesWanted,
  FieldFlaw,
  FilledForm,
  FormField,
  FormValue,
  FormValues,
} from './form.ts';
export type {
  Answer,
  FilledIn,
  FormAnswers,
  HeardEvent,
  Hears,
  Listens,
  RawRequest,
  Received,
  Told,
} from './heard.ts';
export type { Handed, Seen, Taken } from './taken.ts';

/** Something that people can press under a message. */
export interface ChatButton {
  /** What is asked for, as it comes back with the press. At most 200 characters. */
  readonly act: string;
  readonly text: string;
  /** Whether it stops something. */
  readonly stops: boolean;
}

/** A message to a channel where people talk. */
export interface ChatMessage extends Handed {
  /** Markdown, without what would call people by name unless it is meant. */
  readonly body: string;
  /** Receipt of the first message about the same thing: where there are threads this one belongs to that. */
  readonly thread: string | null;
  /** Where there are none it is the message alone. */
  readonly buttons?: readonly ChatButton[];
}

/** A channel where people talk. The receipt is proof that the channel has the message. */
export interface Chat {
  post(message: ChatMessage, signal: AbortSignal): Promise<Taken>;
}

/** Talks with one person who asked for something in a channel. Handles are the channel's own, good for a short while. */
export interface Talk {
  /** The account is a person's: `taken`. A bot's, or nobody's: `refused`, with why. */
  isPerson(account: string, signal: AbortSignal): Promise<Taken>;
  /** Tells one person something, alone. */
  tell(account: string, message: Handed & { readonly body: string }, signal: AbortSignal): Promise<Taken>;
  /** Answers the one who asked, alone. */
  answer(reply: string, text: string, signal: AbortSignal): Promise<Taken>;
  /** Opens a form for the one who asked. */
  openForm(trigger: string, form: ChatForm, signal: AbortSignal): Promise<Taken>;
  /** Shows another form in the place of one, unless that is another by now. */
  showForm(view: string, form: ChatForm, signal: AbortSignal): Promise<Taken>;
}

/** A word in an issue. */
export interface TrackerComment extends Handed {
  /** As the tracker names it: `group/project#12`. */
  readonly issue: string;
  readonly body: string;
}

/** What the issue of a request has to be. Everything else in the issue is people's own. */
export interface WantedIssue extends Handed {
  /** Only of a new issue: from then on the title is people's. */
  readonly title: string;
  /** Our part of its text, Markdown; the tracker's markers go around it. */
  readonly section: string;
  /** Of the request: some trackers have places of their own for some. */
  readonly environment: string;
  /** The labels of ours, and nobody else's: `change::scheduled`, `C2`. */
  readonly labels: readonly string[];
  /** A day in UTC, `2026-11-17`, where the tracker has due dates. */
  readonly due: string | null;
  readonly open: boolean;
}

/** What somebody wrote in an issue, as the tracker says now. Instants in epoch milliseconds. */
export interface SeenComment {
  readonly id: string;
  /** The tracker's own id of the account. */
  readonly author: string;
  /** Its name, for people. */
  readonly authorName: string;
  /** Written by a program, by the tracker itself, or by us. */
  readonly bot: boolean;
  readonly body: string;
  readonly writtenAt: number;
  readonly edited: boolean;
}

export interface SeenIssue {
  /** Of our part, by what a receipt names it. */
  readonly kept: string;
  /** In their order. */
  readonly comments: readonly SeenComment[];
}

/** A tracker, where requests are discussed and reviewed. */
export interface Tracker {
  comment(comment: TrackerComment, signal: AbortSignal): Promise<Taken>;
  /** Says a last word in an issue, and closes it; one that somebody closed already is left so. */
  close(word: TrackerComment, signal: AbortSignal): Promise<Taken>;
  /** Where people find an issue; `null` of a name that is none of its own. */
  addressOf(issue: string): string | null;
  /** Opens an issue; one that was opened under the same id is that one. The receipt is its name, a space, and what is kept of our part. */
  open(issue: WantedIssue, signal: AbortSignal): Promise<Taken>;
  /** Brings our part of an issue to what is wanted; writes nothing where it is so. The receipt as above. */
  keep(issue: WantedIssue & { readonly issue: string }, signal: AbortSignal): Promise<Taken>;
  /** How the names of issues begin that are opened now: of environments that have a place of their own, and of all others. */
  readonly opensAt: {
    readonly usual: string;
    readonly environments: Readonly<Record<string, string>>;
  };
  /** What an issue says now, with the comments from an instant on. */
  look(issue: string, sinceMs: number, signal: AbortSignal): Promise<Seen<SeenIssue>>;
}

export interface MailMessage extends Handed {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

export interface Mail {
  send(message: MailMessage, signal: AbortSignal): Promise<Taken>;
}

/** A word to the public: nothing internal is in it. */
export interface PublicWord extends Handed {
  readonly body: string;
}

export interface PublicPosts {
  post(word: PublicWord, signal: AbortSignal): Promise<Taken>;
}

/** A place of audiences' own: a room, or a webhook, which gets JSON. Those that share one are told there once. */
export interface AudiencePlace {
  readonly way: OwnWay;
  readonly audiences: readonly AudienceName[];
  tell(word: PublicWord, signal: AbortSignal): Promise<Taken>;
}

/** A mark in what people look at while a change runs. Instants in epoch milliseconds. */
export interface Annotation extends Handed {
  readonly text: string;
  readonly at: number;
  readonly tags: readonly string[];
}

export interface Annotations {
  annotate(annotation: Annotation, signal: AbortSignal): Promise<Taken>;
}

/** Alerts with these labels notify nobody for a while. Instants in epoch milliseconds. */
export interface SilenceWanted extends Handed {
  /** Each label with its one value; an alert has to bear them all. */
  readonly matchers: Readonly<Record<string, string>>;
  readonly from: number;
  readonly to: number;
  readonly by: string;
  readonly comment: string;
  /** What the peer knows it by, where it is there already and gets another end. */
  readonly known: string | null;
}

export interface Silences {
  /** The receipt is what the peer knows it by from then on. */
  silence(wanted: SilenceWanted, signal: AbortSignal): Promise<Taken>;
  expire(silence: string, signal: AbortSignal): Promise<Taken>;
}

/** A peer that `integrations.yaml` names, and what it can do for us. */
export interface Connection {
  /** Its key in the file; of an audience's own place the kind and the audience: `slack-support`. */
  readonly name: string;
  /** Where it is, for people; no secret. */
  readonly peer: string;
  readonly offers: {
    readonly chat?: Chat;
    readonly tracker?: Tracker;
    readonly mail?: Mail;
    readonly posts?: PublicPosts;
    readonly audience?: AudiencePlace;
    readonly annotations?: Annotations;
    readonly deployments?: Deployments;
    readonly silences?: Silences;
    readonly calendar?: CalendarCollection;
    readonly lending?: Lending;
    readonly onCall?: OnCall;
    readonly incidents?: Incidents;
  };
  /** `null` where it tells us nothing. */
  readonly hears: Hears | null;
  /** Where it tells us over a connection of ours. */
  readonly listens?: Listens;
  /** Where people talk to us there. */
  readonly talk?: Talk;
  /** Asks the peer whether it would take something of us, and leaves nothing there. The receipt says what it is. */
  test(signal: AbortSignal): Promise<Taken>;
}

/** The connections of this server. */
export interface Connections {
  readonly all: readonly Connection[];
  /** What clusters ask, where any do. */
  readonly kubernetes?: KubernetesSettings | undefined;
  /** What a team has its issues say above the plan, where it has a text of its own. */
  readonly issueTexts?: IssueTexts | undefined;
  /** The text without any secret of theirs. */
  readonly mask: (text: string) => string;
}
