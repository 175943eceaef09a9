/** A record of the DNS as a zone file writes it. */
export interface ResourceRecord {
  /** The whole name, with the dot at its end. */
  readonly name: string;
  readonly ttl: number;
  readonly type: string;
  readonly data: string;
}

const LINE = /^(\S+)\s+(\d+)\s+(?:IN|CH|HS)\s+(\S+)\s*(.*)$/;

/** The records in lines of a zone file, one to a line, comments left out; `null` where a line is none. */
export function readRecords(text: string): readonly ResourceRecord[] | null {
  const records: ResourceRecord[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith(';')) continue;
    const [, name, ttl, type, data] = LINE.exec(line) ?? [];
    if (name === undefined || type === undefined || data === undefined) return null;
    records.push({ name: name.toLowerCase(), ttl: Number(ttl), type, data: sameData(type, data) });
  }
  return records;
}

/** Types whose data are names, numbers and addresses: their case means nothing. */
const WITHOUT_CASE = new Set(['A', 'AAAA', 'CNAME', 'DNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV']);

/** Data as they are compared: without what means nothing. */
export function sameData(type: string, data: string): string {
  const plain = data.trim();
  return WITHOUT_CASE.has(type) ? plain.replaceAll(/\s+/g, ' ').toLowerCase() : plain;
}
