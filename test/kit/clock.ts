import { Client } from 'pg';
import type { TestServer } from './server.ts';

/** The clock of one test's database, as the program reads it. Tokens, sessions and rows keep the real one. */
export interface TestClock {
  /** From now on it stands at this instant. Later ones only: what was proven before stays before. */
  set(instant: string): Promise<void>;
}

/**
 * Puts a clock of the test's own before PostgreSQL's. The statements of the program stay as they are: a name without a schema is
 * looked up along the path of the session, on which ours comes first.
 */
export async function clockOf({ context }: TestServer): Promise<TestClock> {
  const asOwner = async (statement: string) => {
    const owner = new Client({ connectionString: context.db.url });
    await owner.connect();
    await owner.query(statement);
    await owner.end();
  };
  const name = new URL(context.db.url).pathname.slice(1);
  await asOwner(`
    create schema clock;
    create table clock.stands (at timestamptz);
    create function clock.clock_timestamp() returns timestamptz language sql volatile security definer
      as 'select coalesce((select at from clock.stands), pg_catalog.clock_timestamp())';
    grant usage on schema clock to public;
    alter database "${name}" set search_path = clock, pg_catalog, public;`);
  // Sessions that are open keep their path.
  await context.feed.stop();
  await asOwner(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and pid <> pg_backend_pid()`,
  );
  return {
    set: (instant) => asOwner(`delete from clock.stands; insert into clock.stands values ('${instant}')`),
  };
}
