import { Client, type QueryArrayResult } from 'pg';
import type { PostgresMeasure } from '../contract/measure-host.ts';
import type { Value } from '../kernel/verify/expectation.ts';
import {
  errored,
  inconclusive,
  judgeValue,
  type MeasuredValue,
  type Ranges,
} from '../kernel/verify/measurement.ts';
import type { CheckContext } from './context.ts';
import { cut, type Measured } from './measured.ts';
import { judgeLag, LAG_QUERY, REPLICA_QUERY } from './replica.ts';

/**
 * Asks a database one statement in a read-only transaction; its one row with one column is the value. Whether it is a replica and how
 * far that lags is asked by statements of our own. The address comes from a variable of the bastion and is never repeated.
 */
export async function measurePostgres(
  spec: PostgresMeasure,
  ranges: Ranges,
  { env, signal }: CheckContext,
): Promise<Measured> {
  const url = env[spec.urlFrom];
  if (url === undefined || url === '') {
    return { ...errored(`the variable \`${spec.urlFrom}\` with an address wanted; it is not set`), raw: '' };
  }
  const answer = await inTime(spec, url, signal);
  if (!answer.ok) return { ...errored(`an answer of the database wanted; ${answer.because}`), raw: '' };
  return { ...judged(spec, answer.rows, ranges), raw: cut(JSON.stringify(answer.rows)) };
}

type Rows = readonly (readonly unknown[])[];
type Answer = { readonly ok: true; readonly rows: Rows } | { readonly ok: false; readonly because: string };

function judged({ reads }: PostgresMeasure, rows: Rows, ranges: Ranges): MeasuredValue {
  const [row, ...others] = rows;
  if (!row) return inconclusive('one row wanted; got no data');
  if (others.length > 0) return inconclusive(`one row wanted; got ${rows.length}`);
  if (reads === 'lagSeconds') return judgeLag(row, ranges);
  if (row.length !== 1) return inconclusive(`one column wanted; got ${row.length}`);
  return judgeValue(asValue(row[0]), ranges);
}

function asValue(cell: unknown): Value {
  if (cell === null || typeof cell === 'number' || typeof cell === 'string' || typeof cell === 'boolean') {
    return cell;
  }
  return cell instanceof Date ? cell.toISOString() : JSON.stringify(cell);
}

async function inTime(spec: PostgresMeasure, url: string, signal: AbortSignal): Promise<Answer> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(spec.timeout)]);
  let client: Client;
  try {
    client = new Client({ connectionString: url, application_name: 'interlock check' });
  } catch {
    return { ok: false, because: `\`${spec.urlFrom}\` holds no address of a database` };
  }
  // The connection may be lost at any moment; the pending query then says so.
  client.on('error', () => undefined);
  const over = new Promise<Answer>((resolve) => {
    const give = () => resolve({ ok: false, because: `none came within ${spec.timeout} ms` });
    limited.addEventListener('abort', give, { once: true });
    if (limited.aborted) give();
  });
  try {
    return await Promise.race([rowsOf(client, spec), over]);
  } finally {
    // A polite end waits for the server, which may be what hangs; without one the server notices when it next answers.
    await Promise.race([limited.aborted ? undefined : client.end().catch(() => undefined), over]);
    client.connection.stream.destroy();
  }
}

async function rowsOf(client: Client, { query, reads, timeout }: PostgresMeasure): Promise<Answer> {
  const statement = query ?? (reads === 'lagSeconds' ? LAG_QUERY : REPLICA_QUERY);
  try {
    await client.connect();
    await client.query('begin read only');
    await client.query(`set local statement_timeout = ${Math.ceil(timeout)}`);
    return { ok: true, rows: await oneStatement(client, statement) };
  } catch (error) {
    return { ok: false, because: reason(error) };
  }
}

/** The extended protocol takes exactly one statement, so that none can leave the read-only transaction for the next. */
function oneStatement(client: Client, text: string): Promise<Rows> {
  const query = { text, rowMode: 'array' as const, queryMode: 'extended' };
  return client.query<unknown[]>(query).then(({ rows }: QueryArrayResult<unknown[]>) => rows);
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'it failed';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  // PostgreSQL's own words name tables and roles, never a password; the driver's may repeat the address.
  if (code !== null && /^[0-9A-Z]{5}$/.test(code)) return `${code}: ${error.message}`;
  return code ?? 'the connection failed';
}
