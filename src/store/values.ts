import { types } from 'pg';

const asText = (value: string): string => value;

/** `date` and `timestamp` name no instant, so they stay text; the driver would read them in the host's time zone. */
const PARSERS: ReadonlyMap<number, (value: string) => unknown> = new Map<number, (value: string) => unknown>([
  [20, BigInt],
  [1082, asText],
  [1114, asText],
  [1016, (value) => parseArray(value)],
]);

/** How a value of the given type (its OID) becomes one of ours; everything not named here is read as the driver does. */
export function parseValue(oid: number, format: 'text' | 'binary' = 'text'): (value: string) => unknown {
  const known = format === 'text' ? PARSERS.get(oid) : undefined;
  return known ?? parserOfDriver(oid, format);
}

/** Any OID may come, also that of a type made here; the driver's types list only the built-in ones. */
const parserOfDriver = types.getTypeParser as (oid: number, format: string) => (value: string) => unknown;

/** `int8[]`, which has no quoting; nested arrays of it are not used. */
function parseArray(value: string): (bigint | null)[] {
  const inside = value.slice(1, -1);
  return inside === '' ? [] : inside.split(',').map((item) => (item === 'NULL' ? null : BigInt(item)));
}
