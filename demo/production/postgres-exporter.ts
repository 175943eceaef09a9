/**
 * Tells Prometheus about the shop's PostgreSQL: whether it answers, and the setting that the demo's change is about.
 * Started as a program of its own: `node demo/production/postgres-exporter.ts`, with `EXPORTER_PORT` and `SHOP_DATABASE_URL`.
 */
import { createServer } from 'node:http';
import { Pool } from 'pg';

const QUERY = `
  select (select setting::bigint * 1024 from pg_settings where name = 'work_mem') as work_mem_bytes,
         (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
         (select sum(xact_commit) from pg_stat_database) as commits`;

const database = new Pool({ connectionString: process.env['SHOP_DATABASE_URL'], max: 1 });
database.on('error', () => undefined);

async function metrics(): Promise<string> {
  const { rows } = await database.query<{ work_mem_bytes: string; connections: string; commits: string }>(
    QUERY,
  );
  const [row] = rows;
  if (!row) throw new Error('expected one row of settings, got none');
  return [
    'pg_up 1',
    `pg_settings_work_mem_bytes ${row.work_mem_bytes}`,
    `pg_stat_activity_count ${row.connections}`,
    `pg_stat_database_xact_commit ${row.commits}`,
    '',
  ].join('\n');
}

const server = createServer((_request, response) => {
  metrics().then(
    (text) => response.end(text),
    () => response.writeHead(503).end('pg_up 0\n'),
  );
});
server.listen(Number(process.env['EXPORTER_PORT']), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
