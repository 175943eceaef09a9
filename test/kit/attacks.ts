import { Client } from 'pg';
import { expect } from 'vitest';
import type { Answer, TestServer } from './server.ts';

/** What an attempt may leave behind: its record, the count of attempts, and a way to the provider that came to nothing. */
const TRACES = [/^ledger_/, /^sign_in_/, /^outbox$/, /^webhook_/];

/** Every other table with a digest of all its rows. */
export async function content(server: TestServer): Promise<Record<string, string>> {
  return digestsOf(server, (name) => !TRACES.some((trace) => trace.test(name)));
}

/** Every table without exception, for what may not even leave a trace. */
export async function everything(server: TestServer): Promise<Record<string, string>> {
  return digestsOf(server, () => true);
}

async function digestsOf(
  { context }: TestServer,
  counts: (table: string) => boolean,
): Promise<Record<string, string>> {
  const client = new Client({ connectionString: context.db.url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  );
  const each = rows
    .filter((row) => counts(row.name))
    .map(
      ({ name }) =>
        `select '${name}' as name, coalesce(md5(string_agg(t::text, '' order by t::text)), '') as digest from "${name}" t`,
    );
  const { rows: all } = await client.query<{ name: string; digest: string }>(each.join(' union all '));
  await client.end();
  return Object.fromEntries(all.map(({ name, digest }) => [name, digest]));
}

/** Refused with this code, recorded, and nothing changed. */
export async function refusedBy(
  server: TestServer,
  code: string,
  attempt: () => Promise<Answer>,
): Promise<void> {
  const before = await content(server);
  const entries = (await server.ledger()).length;
  const answer = await attempt();
  expect(answer.body).toMatchObject({ code });
  const recorded = (await server.ledger()).slice(entries);
  expect(recorded.length).toBeGreaterThan(0);
  for (const entry of recorded) expect(entry).toMatchObject({ outcome: 'deny' });
  expect(await content(server)).toEqual(before);
}
