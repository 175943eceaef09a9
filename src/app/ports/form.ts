/** Something to choose. */
export interface Choice {
  readonly value: string;
  /** What is shown of it; without that its value is. */
  readonly says?: string;
}

/** What stands in a field: several where more than one can be chosen; an instant as RFC 3339 in UTC. */
export type FormValue = string | readonly string[];
export type FormValues = Readonly<Record<string, FormValue>>;

/** One field of a form. What is chosen from a list that is `searched` is asked for while somebody types. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly kind: 'line' | 'text' | 'number' | 'choice' | 'choices' | 'instant';
  readonly choices?: readonly Choice[] | 'searched';
  readonly value: FormValue;
  /** Beneath it. */
  readonly says?: string;
  /** What is shown in it while nothing stands there. */
  readonly example?: string;
  /** Whether the form is to be shown anew when it changes. */
  readonly watched?: boolean;
}

/** Something to be filled in; without fields it only says something. */
export interface ChatForm {
  readonly title: string;
  /** What there is to know, what is wrong with it, or what came of it. */
  readonly text: string;
  /** What it is about, which comes back with it. What people wrote into a form stays as long as this does. */
  readonly about: string;
  readonly fields: readonly FormField[];
}

/** A form as it came back. */
export interface FilledForm {
  /** The channel's own handle of it. */
  readonly view: string;
  readonly about: string;
  /** Of the fields that were shown, all of them. */
  readonly fields: FormValues;
}

/** What is wrong with a field; `null`: with none of those that were shown. */
export interface FieldFlaw {
  readonly field: string | null;
  readonly because: string;
}

/** Somebody looks for something to choose. */
export interface ChoicesWanted {
  /** The account, as its link names it. */
  readonly who: string;
  readonly about: string;
  readonly field: string;
  /** What was typed so far. */
  readonly typed: string;
}
