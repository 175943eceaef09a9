import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { createClient } from '../src/cli/client.ts';
import { readConfig } from '../src/config.ts';
import { changePage, type ChangePage } from '../src/contract/change-lists.ts';
import { startEmbedded } from '../src/embedded/server.ts';
import { serve } from '../src/serve.ts';
import type { Row } from './row.ts';

const CHANGES = 1_000_000;
const ROUNDS = 25;
const GOAL_MS = 50;

const quiet = () => undefined;

/**
 * What people ask of the list: nothing, one thing, several; words that nearly all, some, few and no requests hold. Words are
 * spread as in a language: `w0` is everywhere, `w19000` in a few hundred requests.
 */
const QUERIES = [
  '',
  'state=unscheduled',
  'state=scheduled',
  'service=svc-0',
  'service=svc-299',
  'service=svc-299&state=aborted&author=p7',
  'environment=ops.illumidesk.net&criticality=C1',
  'severity=S1&kind=maintenance',
  'before=CHG-500000&executor=p3',
  'slotFrom=2026-03-01T00:00:00Z&slotTo=2026-03-02T00:00:00Z',
  ...['raise', 'w0', 'w50', 'w500', 'w5000', 'w19000', 'w19000+w18000', 'raise+w19000', 'pool+db-77'].map(
    (words) => `text=${words}`,
  ),
  'text=nobody-wrote-this',
  'text=raise+nobody-wrote-this',
  'text=w0&state=aborted&criticality=C2',
  'text=w19000&author=p7',
];

/** Listing, filtering and searching over HTTP among a million requests. */
export async function benchList(): Promise<Row[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-bench-list-'));
  const embedded = await startEmbedded({ dataDir: path.join(folder, 'data'), log: () => undefined });
  try {
    return await measure(folder, embedded.url);
  } finally {
    await embedded.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ definition: string }>(
      `select indexdef as definition from pg_indexes where indexname = 'changes_by_text'`,
    );
    // An index that is made of rows that stand costs a tenth of one that grows with them.
    await client.query('drop index changes_by_text');
    await client.query(PEOPLE);
    await client.query(REQUESTS, [CHANGES]);
    for (const { definition } of rows) await client.query(definition);
    await client.query('vacuum analyze changes');
  } finally {
    await client.end();
  }
}

const PEOPLE = `
  insert into people (name, kind, issuer, subject, display_name)
  select 'p' || i, 'person', 'local', 'p' || i, 'p' || i from generate_series(0, 199) as i`;

const word = `'w' || floor(20000 * power(random(), 3))::int`;
const REQUESTS = `
  insert into changes (revision, author, title, environment, services, criticality, severity, kind, executor, digest, state,
    slot, words)
  select 1, 'p' || i % 200, 'Raise ' || (array['work_mem', 'shared buffers', 'pool size', 'timeout', 'replicas'])[1 + i % 5]
      || ' on db-' || i % 1000,
    case when random() < 0.1 then 'ops.illumidesk.net' else 'illumidesk.com' end,
    array['svc-' || floor(300 * power(random(), 3))::int], 'C' || ceil(4 * power(random(), 0.4))::int,
    'S' || ceil(4 * power(random(), 0.4))::int, case when random() < 0.3 then 'maintenance' else 'service' end,
    'p' || i % 187, 'sha256:' || md5(i::text) || md5(i::text),
    case i % 10 when 0 then 'aborted' when 1 then 'cancelled' when 2 then 'rejected' when 3 then 'unscheduled'
      else 'complete' end,
    tstzrange('2016-01-01Z'::timestamptz + i * interval '6 minutes', '2016-01-01Z'::timestamptz + (i + 10) * interval '6 minutes'),
    ${Array.from({ length: 10 }, () => word).join(` || ' ' || `)}
  from generate_series(1, $1::int) as i`;

async function measure(folder: string, url: string): Promise<Row[]> {
  const tokenFile = path.join(folder, 'token');
  const settings = {
    INTERLOCK_DATA: folder,
    DATABASE_URL: url,
    INTERLOCK_PORT: '0',
    INTERLOCK_ADMIN_TOKEN_FILE: tokenFile,
  };
  const log = { info: quiet, warn: quiet, error: quiet };
  const serving = await serve(readConfig(settings), { version: '0.0.0', log, tell: quiet });
  try {
    await fill(url);
    const token = (await readFile(tokenFile, 'utf8')).trim();
    const client = createClient({ url: serving.url, token, bastionKey: null });
    const ask = (query: string): Promise<ChangePage> =>
      client.ask('GET', `/api/v1/changes?${query}`, { answer: changePage });
    for (const query of QUERIES) await ask(query);
    return [await timesOf(ask)];
  } finally {
    await serving.stop();
  }
}

async function timesOf(ask: (query: string) => Promise<ChangePage>): Promise<Row> {
  const times: { readonly query: string; readonly ms: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const query of QUERIES) {
      const begun = performance.now();
      await ask(query);
      times.push({ query, ms: performance.now() - begun });
    }
  }
  const sorted = times.toSorted((a, b) => a.ms - b.ms);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? { query: '', ms: Number.NaN };
  const [median, p99, slowest] = [at(0.5), at(0.99), at(1 - Number.EPSILON)];
  return {
    what: `list, filter, search among ${CHANGES.toLocaleString('en')} changes over HTTP, ${QUERIES.length} kinds of question`,
    goal: `p99 ${GOAL_MS} ms`,
    measured: `p99 ${p99.ms.toFixed(0)} ms, p50 ${median.ms.toFixed(1)} ms, most ${slowest.ms.toFixed(0)} ms (\`${slowest.query}\`)`,
    reference: '–',
    ratio: '–',
  };
}
