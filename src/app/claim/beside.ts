import type { Transaction } from '../../store/database.ts';
import { onStage, type OnStage } from '../../store/stage.ts';
import { tellPeople } from '../notice/tell.ts';

/** Who has just started, and as what. */
export interface Starting {
  /** `RUN-1` or `CLAIM-1`. */
  readonly holder: string;
  /** What people call it: `CHG-1` or `CLAIM-1`. */
  readonly name: string;
  readonly severity: string;
  readonly person: string;
}

/** Tells those who work that somebody started beside them, in the transaction of that start. Gives who they are. */
export async function tellThoseBeside(tx: Transaction, starting: Starting): Promise<OnStage[]> {
  const { holder, name, severity, person } = starting;
  const others = (await onStage(tx)).filter((one) => one.holder !== holder);
  for (const other of others) {
    if (other.person === person) continue;
    await tellPeople(tx, {
      to: [other.person],
      key: `started-beside:${holder}:${other.holder}`,
      kind: 'started-beside',
      about: aboutOf(name),
      body: `${name} (${severity}) was started by ${person}, while your ${nameOf(other)} runs`,
    });
  }
  return others;
}

/** What people call it. */
export function nameOf({ holder, change }: OnStage): string {
  return change ?? holder;
}

/** Who is in the way, for whoever was refused by it. */
export function holdersText(others: readonly OnStage[]): string {
  return others
    .map(
      ({ holder, change, person }) =>
        `${holder}${change === null ? '' : ` of ${change}`}, started by ${person}`,
    )
    .join('; ');
}

function aboutOf(name: string): string {
  return `${name.startsWith('CLAIM-') ? 'claim' : 'change'}/${name}`;
}
