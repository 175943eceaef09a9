import type { ZoneMeasure } from '../contract/measure-network.ts';
import { errored, type Ranges } from '../kernel/verify/measurement.ts';
import { readRecords, type ResourceRecord } from '../kernel/verify/resource-record.ts';
import { compareZones, differenceText } from '../kernel/verify/zone.ts';
import type { CheckContext } from './context.ts';
import { dig } from './dig.ts';
import { cut, type Measured } from './measured.ts';

type Transferred =
  | { readonly ok: true; readonly records: readonly ResourceRecord[] }
  | { readonly ok: false; readonly because: string; readonly text: string };

/** Transfers a zone from two servers and accounts for every record. The raw answer is the account: each difference, then each record. */
export async function measureZone(
  spec: ZoneMeasure,
  ranges: Ranges,
  context: CheckContext,
): Promise<Measured> {
  const [right, other] = await Promise.all([
    transfer(spec, { server: spec.server, port: spec.port }, context),
    transfer(spec, { server: spec.against, port: spec.againstPort }, context),
  ]);
  for (const side of [right, other])
    if (!side.ok) return { ...errored(`both zones wanted; ${side.because}`), raw: cut(side.text) };
  if (!right.ok || !other.ok) return { ...errored('both zones wanted; one is not there'), raw: '' };
  const { differences, ...measured } = compareZones(right.records, other.records, { ...spec, ...ranges });
  const account = [
    ...differences.map(differenceText),
    `${spec.server}:`,
    ...right.records.map(line),
    `${spec.against}:`,
    ...other.records.map(line),
  ];
  return { ...measured, raw: cut(account.join('\n')) };
}

async function transfer(
  { zone, keyFile, timeout }: ZoneMeasure,
  { server, port }: { readonly server: string; readonly port: number },
  context: CheckContext,
): Promise<Transferred> {
  const answer = await dig({ name: zone, type: 'AXFR', server, port, keyFile, timeoutMs: timeout }, context);
  if (!answer.ok) return answer;
  const records = readRecords(answer.text);
  const because = `the whole zone of \`${server}\` wanted; got ${records === null ? 'a line that cannot be read' : 'a part'}`;
  // A transfer begins and ends with the SOA (RFC 5936); one that does not was broken off.
  const [first, last] = [records?.at(0), records?.at(-1)];
  const whole = records && records.length > 1 && first?.type === 'SOA' && last?.type === 'SOA';
  return whole ? { ok: true, records: records.slice(0, -1) } : { ok: false, because, text: answer.text };
}

const line = ({ name, ttl, type, data }: ResourceRecord) => `${name} ${ttl} ${type} ${data}`;
