/** What this browser verified last of the log: its key, how many entries, their root. */
export interface KeptCheckpoint {
  readonly vkey: string;
  readonly size: string;
  readonly root: string;
}

const PLACE = 'ledger:checkpoint';

/** It is kept where the server cannot reach: a log that was rewritten since does not continue it. */
export function keep(checkpoint: KeptCheckpoint): void {
  localStorage.setItem(PLACE, JSON.stringify(checkpoint));
}

export function kept(): KeptCheckpoint | null {
  try {
    const value = JSON.parse(localStorage.getItem(PLACE) ?? 'null') as Partial<KeptCheckpoint> | null;
    return value !== null &&
      typeof value.vkey === 'string' &&
      /^[1-9]\d*$/.test(value.size ?? '') &&
      typeof value.root === 'string'
      ? (value as KeptCheckpoint)
      : null;
  } catch {
    // Something else wrote there: nothing is kept.
    return null;
  }
}
