import type { Seen, Tracker } from '../../app/ports/connection.ts';
import type { ByEnvironment } from '../../contract/integrations/by-environment.ts';

/** Where a tracker has the issues of requests: one place, or one for each environment that has its own. */
export interface Places {
  /** Each once. */
  readonly all: readonly string[];
  readonly opensAt: Tracker['opensAt'];
  of(environment: string): string;
  /** The place of an issue by its name; of one that stands nowhere here the usual place, which will not know it. */
  ofIssue(issue: string): string;
}

export function placesOf(setting: ByEnvironment): Places {
  const { default: usual, environments } =
    typeof setting === 'string' ? { default: setting, environments: {} } : setting;
  const own = new Map(Object.entries(environments));
  const all = [...new Set([usual, ...own.values()])];
  return {
    all,
    opensAt: {
      usual: begins(usual),
      environments: Object.fromEntries([...own].map(([name, place]) => [name, begins(place)])),
    },
    of: (environment) => own.get(environment) ?? usual,
    ofIssue: (issue) => all.find((place) => issue.startsWith(begins(place))) ?? usual,
  };
}

const begins = (place: string) => `${place}#`;

/** What every place says, asked at once; a part of it is worth nothing, for what is not in it counts as gone. */
export async function fromEvery<T>(
  { all }: Places,
  ask: (place: string) => Promise<Seen<readonly T[]>>,
): Promise<Seen<readonly T[]>> {
  const found: T[] = [];
  for (const seen of await Promise.all(all.map((place) => ask(place)))) {
    if (seen.kind !== 'seen') return seen;
    found.push(...seen.found);
  }
  return { kind: 'seen', found };
}
