/** Something that was asked of the outside and understood, or why it was not. Nothing that was not read is judged as if it were. */
export type Outcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false;
      /** What was wanted and what came instead. */
      readonly because: string;
    };

export const read = <Value>(value: Value): Outcome<Value> => ({ ok: true, value });
export const unread = (because: string): Outcome<never> => ({ ok: false, because });
