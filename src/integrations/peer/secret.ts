import { inspect } from 'node:util';

/** A secret of a connection. It shows itself nowhere by accident: not in a log, not in JSON, not in an error. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The secret itself, for the one who needs it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

/** Takes secrets out of a text, also as they stand in an address and in base64. */
export function masking(secrets: readonly Secret[]): (text: string) => string {
  const forms = secrets.flatMap((secret) => {
    const text = secret.reveal();
    return [text, encodeURIComponent(text), Buffer.from(text).toString('base64')];
  });
  // The longest first: one may be a part of another.
  const ordered = [...new Set(forms)].filter(Boolean).toSorted((a, b) => b.length - a.length);
  return (text) => ordered.reduce((masked, form) => masked.replaceAll(form, '[secret]'), text);
}
