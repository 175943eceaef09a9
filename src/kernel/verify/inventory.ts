import { inconclusive, judgeValue, type MeasuredValue, type Ranges } from './measurement.ts';
import { counted, named } from './quantity.ts';

/** A host and the environment it belongs to. */
export interface Placed {
  readonly host: string;
  readonly environment: string;
}

export interface InventoryWanted extends Ranges {
  /** Where each host ought to be. */
  readonly hosts: readonly Placed[];
  /** Whether the inventory may know no other host of these environments. */
  readonly complete: boolean;
}

const NONE: Ranges = { expect: { equals: 0 } };
const PORT = /:\d+$/;

/**
 * Compares hosts with an inventory as sets: each must be in its environment, and in no other. The value is how many are missing,
 * elsewhere or, where the list has to be complete, too many. Nothing compared with nothing is inconclusive (ADR 0020).
 */
export function judgeInventory(
  inventory: readonly Placed[],
  { hosts, complete, ...ranges }: InventoryWanted,
): MeasuredValue {
  if (hosts.length === 0) return inconclusive('hosts to look for wanted; the plan names none');
  if (inventory.length === 0) return inconclusive('an inventory with hosts wanted; it is empty');
  const known = placesByHost(inventory);
  const missing = hosts.filter(({ host }) => !known.has(host)).map(({ host }) => host);
  const elsewhere = hosts.flatMap(({ host, environment }) => {
    const places = known.get(host) ?? [];
    return places.length === 0 || (places.length === 1 && places[0] === environment)
      ? []
      : [`${host} in ${places.join(' and ')} instead of ${environment}`];
  });
  const environments = new Set(hosts.map(({ environment }) => environment));
  const ours = new Set(hosts.map(({ host }) => host));
  const extra = complete
    ? [...known].flatMap(([host, places]) =>
        ours.has(host) || !places.some((place) => environments.has(place)) ? [] : [host],
      )
    : [];
  const { verdict, value, because } = judgeValue(
    missing.length + elsewhere.length + extra.length,
    ranges.expect || ranges.failWhen ? ranges : NONE,
  );
  const seen = [
    ...(missing.length > 0 ? [`missing: ${named(missing)}`] : []),
    ...(elsewhere.length > 0 ? [`elsewhere: ${named(elsewhere)}`] : []),
    ...(extra.length > 0 ? [`not of the plan: ${named(extra)}`] : []),
  ];
  const compared = `${counted(hosts.length, 'host')} looked for among ${known.size}`;
  return { verdict, value, because: [`${because} (${compared})`, ...seen].join('; ') };
}

function placesByHost(inventory: readonly Placed[]): ReadonlyMap<string, readonly string[]> {
  const known = new Map<string, Set<string>>();
  for (const { host, environment } of inventory)
    known.set(host, (known.get(host) ?? new Set()).add(environment));
  return new Map([...known].map(([host, places]) => [host, [...places].toSorted()]));
}

/** A host and its environment on each line; empty lines and those that begin with `#` say nothing. `null`: a line is neither. */
export function readInventory(text: string): readonly Placed[] | null {
  const lines = text.split('\n').map((line) => line.trim());
  const told = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(/\s+/));
  if (told.some((words) => words.length !== 2)) return null;
  return told.map(([host = '', environment = '']) => ({ host, environment }));
}

/** The hosts of series, by two of their labels; `null` where a series bears one of them not. */
export function placedBySeries(
  series: readonly { readonly labels: Readonly<Record<string, string>> }[],
  { host, environment }: { readonly host: string; readonly environment: string },
): readonly Placed[] | null {
  const placed = series.flatMap(({ labels }) => {
    const [name, place] = [labels[host], labels[environment]];
    return name === undefined || place === undefined
      ? []
      : [{ host: name.replace(PORT, ''), environment: place }];
  });
  return placed.length === series.length ? placed : null;
}
