/** What was looked at does not hold. `because` says in one line what was expected and what was got. */
export interface Refused {
  readonly ok: false;
  readonly because: string;
}

/** It holds. */
export interface Holds {
  readonly ok: true;
}

export const HOLDS: Holds = { ok: true };

export function refused(because: string): Refused {
  return { ok: false, because };
}
