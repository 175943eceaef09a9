import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { typed } from '../kit/command-line.ts';
import { emptyDatabase, type TestDatabase } from '../kit/database.ts';
import { pgServices, type PgServices } from '../kit/pg-service.ts';
import { programPath } from '../kit/programs.ts';
import { startPrometheus, type TestPrometheus } from '../kit/prometheus.ts';
import { bastionOf, type Bastion, runThat } from '../kit/runner.ts';
import { startRunWorld, type RunWorld } from '../kit/run-world.ts';
import type { TestAccount } from '../kit/server.ts';

// A procedure of the library from `plan new` to its end, each word of it typed by whoever has to: server, runner, database and
// Prometheus are the real ones.
let world: RunWorld;
let bastion: Bastion;
let database: TestDatabase;
let client: Client;
let services: PgServices;
let prometheus: TestPrometheus;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  [world, database, prometheus, folder] = await Promise.all([
    // Under the shipped policy, but for a target that is no host: the tests' own monitoring proves none.
    startRunWorld({ rulesOff: ['targets-in-environment'] }),
    emptyDatabase(),
    startPrometheus({ scraped: [], history: uploads() }),
    mkdtemp(path.join(tmpdir(), 'interlock-whole-run-')),
  ]);
  bastion = bastionOf(world);
  client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query('create table application_settings (key text primary key, value text not null)');
  services = pgServices({ application: database.url });
  env = {
    PGSERVICEFILE: services.file,
    APPLICATION_DATABASE_URL: database.url,
    PROMETHEUS_URL: prometheus.url,
  };
});
beforeEach(() =>
  client.query(
    `delete from application_settings; insert into application_settings values ('upload_limit_mb', '10')`,
  ),
);
afterAll(async () => {
  await bastion?.clear();
  await world?.server.stop();
  await client?.end();
  await database?.drop();
  services?.clear();
  await prometheus?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Uploads of the last minutes, of which none has failed. */
function uploads(): string {
  const now = Math.floor(Date.now() / 1_000);
  const at = [240, 180, 120, 60, 1];
  const samples = (result: string, each: number) =>
    at.map((ago) => `uploads_total{result="${result}"} ${(300 - ago) * each} ${now - ago}`);
  return ['# TYPE uploads counter', ...samples('ok', 5), ...samples('failed', 0), '# EOF', ''].join('\n');
}

const value = async () => (await client.query('select value from application_settings')).rows[0]?.value;

/** What somebody types, on the bastion. */
async function type(line: string, { token }: TestAccount): Promise<string> {
  const environment = {
    ...env,
    PATH: process.env['PATH'] ?? '',
    XDG_CONFIG_HOME: folder,
    INTERLOCK_STATE: bastion.state,
    INTERLOCK_URL: world.server.url,
    INTERLOCK_TOKEN: token,
    INTERLOCK_BASTION_KEY: world.bastion,
  };
  const { status, stdout, stderr } = await typed(line.split(' '), { environment, cwd: folder });
  expect(status, stdout + stderr).toBe(0);
  return stdout;
}

/** The procedure as its users make it theirs, filed, tried dry and reviewed. */
async function reviewed(name: string): Promise<string> {
  const file = path.join(folder, name, 'plan.yaml');
  await type(`plan new ${file} --from console-setting`, world.ana);
  // Where psql lies on a bastion is the bastion's; a step's own path is fixed.
  const found = `interpreter: [/usr/bin/env, 'PATH=${programPath('postgresql')}:/usr/bin:/bin', /bin/sh]`;
  const text = readFileSync(file, 'utf8').replaceAll(/^( +)(sha256: )/gm, `$1${found}\n$1$2`);
  writeFileSync(file, text);
  const change = /CHG-\d+/.exec(await type(`change open ${file}`, world.ana))?.[0] ?? '';
  await type(`dry-run ${change}`, world.ben);
  await type(`approve ${change} --as reviewer`, world.rhea);
  return change;
}

it('a procedure goes from the first line of its plan to a proven end', async () => {
  const change = await reviewed('well');
  const runner = bastion.run(change, { env });
  expect(await runner.ended, runner.text()).toBe(0);
  expect(await value()).toBe('20');
  expect(runner.text()).toContain('✓ post-check · upload_limit_mb is 20');
});

it('one whose value is not kept is held at its step, and rolled back by the word of a person', async () => {
  const change = await reviewed('badly');
  // At the end of a transaction, so that no dry run shows it.
  await client.query(`
    create function keep() returns trigger language plpgsql as
      $$ begin update application_settings set value = '16'; return null; end $$;
    create constraint trigger keep after update on application_settings deferrable initially deferred
      for each row when (new.value = '20') execute function keep()`);
  const runner = bastion.run(change, { env });
  await runner.said('⏸ held');
  expect(runner.text()).toContain(
    '✗ after · upload_limit_mb reads back 20: a value equal to `20` wanted; got `16`',
  );
  await client.query(
    `drop trigger keep on application_settings; update application_settings set value = '20'`,
  );
  await type(`rollback ${change} --because it-was-not-kept`, world.ben);
  expect(await runner.ended, runner.text()).toBe(1);
  expect(await value()).toBe('10');
  expect((await runThat(world, change, ({ endedAt }) => endedAt !== null)).state).toBe('rolled-back');
});
