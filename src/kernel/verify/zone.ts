import { counted } from './quantity.ts';
import { inconclusive, judgeValue, type MeasuredValue, type Ranges } from './measurement.ts';
import type { ResourceRecord } from './resource-record.ts';

/** How two zones are compared. */
export interface ZoneWanted extends Ranges {
  readonly ttl: boolean;
  readonly serial: 'same' | 'any';
  /** What may differ: `shop.example. NS`. */
  readonly except: readonly string[];
}

/** All records of one name and type, on one side or on both. */
export interface ZoneDifference {
  /** `www.shop.example. A` */
  readonly of: string;
  readonly kind: 'missing' | 'extra' | 'differing';
  readonly right: readonly string[];
  readonly other: readonly string[];
  /** Whether the plan says that it may differ. */
  readonly excepted: boolean;
}

export interface ZoneComparison extends MeasuredValue {
  readonly differences: readonly ZoneDifference[];
}

const SHOWN = 12;

/**
 * Compares every record of two zones, by name and type; the value is how many of these are not the same. What is only on the right
 * side is missing from the other, what is only on the other is extra, and nothing is left out of the account.
 */
export function compareZones(
  right: readonly ResourceRecord[],
  other: readonly ResourceRecord[],
  wanted: ZoneWanted,
): ZoneComparison {
  if (!hasContent(right) || !hasContent(other))
    return { ...inconclusive('two zones with records wanted; one of them is empty'), differences: [] };
  const [ours, theirs] = [grouped(right, wanted), grouped(other, wanted)];
  const except = new Set(wanted.except.map((text) => keyText(text)));
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])].toSorted();
  const differences = keys.flatMap((of): ZoneDifference[] => {
    const [here, there] = [ours.get(of) ?? [], theirs.get(of) ?? []];
    if (here.length === there.length && here.every((data, i) => data === there[i])) return [];
    const kind = there.length === 0 ? 'missing' : here.length === 0 ? 'extra' : 'differing';
    return [{ of, kind, right: here, other: there, excepted: except.has(of) }];
  });
  const counting = differences.filter(({ excepted }) => !excepted);
  const range = wanted.expect || wanted.failWhen ? wanted : NONE;
  const { verdict, because } = judgeValue(counting.length, range);
  const compared = `${counted(keys.length, 'name and type', 'names and types')} compared, ${right.length} and ${other.length} records`;
  const seen = differences.length === 0 ? '' : `; ${listed(differences)}`;
  return { verdict, value: counting.length, because: `${because} (${compared})${seen}`, differences };
}

const NONE: Ranges = { expect: { equals: 0 } };

/** A zone of nothing but its own head proves nothing. */
function hasContent(records: readonly ResourceRecord[]): boolean {
  return records.some(({ type }) => type !== 'SOA');
}

function grouped(
  records: readonly ResourceRecord[],
  { ttl, serial }: ZoneWanted,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, Set<string>>();
  for (const record of records) {
    const key = `${record.name} ${record.type}`;
    const data = record.type === 'SOA' && serial === 'any' ? withoutSerial(record.data) : record.data;
    const group = groups.get(key) ?? new Set();
    groups.set(key, group.add(ttl ? `${data} (TTL ${record.ttl})` : data));
  }
  return new Map([...groups].map(([key, group]) => [key, [...group].toSorted()]));
}

/** Of `mname rname serial refresh retry expire minimum` all but the third. */
function withoutSerial(data: string): string {
  return data
    .split(' ')
    .map((part, i) => (i === 2 ? '(any serial)' : part))
    .join(' ');
}

const keyText = (text: string): string => {
  const [name = '', type = ''] = text.split(' ');
  return `${name.toLowerCase()} ${type}`;
};

function listed(differences: readonly ZoneDifference[]): string {
  const shown = differences.slice(0, SHOWN).map(differenceText);
  const more = differences.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** `differing: www.shop.example. A (192.0.2.1 / 192.0.2.2)` */
export function differenceText({ of, kind, right, other, excepted }: ZoneDifference): string {
  const data = [right, other].filter((side) => side.length > 0).map((side) => side.join(', '));
  return `${kind}${excepted ? ', as it may' : ''}: ${of} (${data.join(' / ')})`;
}
