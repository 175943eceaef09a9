import type { DnsMeasure } from '../contract/measure-network.ts';
import {
  errored,
  inconclusive,
  judgeValue,
  type MeasuredValue,
  type Ranges,
} from '../kernel/verify/measurement.ts';
import { named } from '../kernel/verify/quantity.ts';
import { readRecords, type ResourceRecord, sameData } from '../kernel/verify/resource-record.ts';
import type { CheckContext } from './context.ts';
import { dig, type DnsAnswer } from './dig.ts';
import { cut, type Measured } from './measured.ts';

/** Asks one server for the records of one name and type: their data, or their TTL. Where the plan lists them, these and no others. */
export async function measureDns(spec: DnsMeasure, ranges: Ranges, context: CheckContext): Promise<Measured> {
  const answer = await dig({ ...spec, timeoutMs: spec.timeout }, context);
  return { ...judged(spec, ranges, answer), raw: cut(answer.text) };
}

function judged(spec: DnsMeasure, ranges: Ranges, answer: DnsAnswer): MeasuredValue {
  const what = `\`${spec.name}\` ${spec.type} of \`${spec.server}\``;
  if (!answer.ok) return errored(`${what} wanted; ${answer.because}`);
  if (answer.status !== 'NOERROR' && answer.status !== 'NXDOMAIN')
    return errored(`${what} wanted; it says ${answer.status ?? 'nothing that can be read'}`);
  const all = readRecords(answer.text);
  if (all === null) return errored(`${what} wanted; a line of the answer cannot be read`);
  // An answer may lead over other names; what counts is what was asked for.
  const found = all.filter(({ type }) => type === spec.type);
  const value = data(found).join(', ');
  // A server that only knows others to ask says NOERROR and no record too.
  if (found.length === 0 && !answer.flags.some((flag) => flag === 'aa' || flag === 'ra'))
    return inconclusive(`${what} wanted; it only names other servers`);
  if (spec.records !== undefined) {
    const differing = compared(spec, spec.records, found);
    if (differing !== null) return { verdict: 'fail', value, because: `${what}: ${differing}` };
    if (!ranges.expect && !ranges.failWhen)
      return { verdict: 'pass', value, because: `${what}: ${listed(spec.records)} wanted; got just that` };
  }
  if (found.length === 0) return inconclusive(`${what} wanted; there is none (${answer.status})`);
  return judgeValue(spec.measure === 'ttl' ? Math.max(...found.map(({ ttl }) => ttl)) : value, ranges);
}

/** What is missing and what is there too many, or `null` where both are the same. */
function compared(
  { type }: DnsMeasure,
  wanted: readonly string[],
  found: readonly ResourceRecord[],
): string | null {
  const [ours, theirs] = [wanted.map((text) => sameData(type, text)), data(found)];
  const missing = ours.filter((text) => !theirs.includes(text));
  const extra = theirs.filter((text) => !ours.includes(text));
  if (missing.length === 0 && extra.length === 0) return null;
  const seen = [
    ...(missing.length > 0 ? [`missing: ${named(missing)}`] : []),
    ...(extra.length > 0 ? [`extra: ${named(extra)}`] : []),
  ];
  return `${listed(wanted)} wanted; ${seen.join('; ')}`;
}

const data = (records: readonly ResourceRecord[]) => records.map((record) => record.data).toSorted();
const listed = (texts: readonly string[]) => (texts.length === 0 ? 'no record' : named(texts));
