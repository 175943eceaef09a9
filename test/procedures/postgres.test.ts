import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Carried, type CarriedOut, type Filling, procedure } from '../kit/carry-out.ts';
import { testHosts, type TestHosts } from '../kit/hosts.ts';
import { startPgBouncer, type TestPgBouncer } from '../kit/pgbouncer.ts';
import { pgServices, type PgServices } from '../kit/pg-service.ts';
import { type PostgresPair, postgresProgram, startPostgresPair } from '../kit/postgres-pair.ts';
import { programPath } from '../kit/programs.ts';

let pair: PostgresPair;
let bouncer: TestPgBouncer;
let services: PgServices;
let hosts: TestHosts;
let folder: string;
let env: Record<string, string>;
const opened: CarriedOut[] = [];

const filled = (name: string, filling: Omit<Filling, 'env'> = {}) => {
  const one = procedure(name, { ...filling, env });
  opened.push(one);
  return one;
};
const switchover = (seconds: number) => {
  const [from, to] = pair.servers;
  return filled('postgres-switchover', {
    with: {
      from: from.host,
      to: to.host,
      pooler: 'pooler',
      poolerFile: bouncer.file.slice(1),
      unit: 'postgresql',
      bin: folder.slice(1),
      data: 'srv/postgresql',
      port: from.port,
      seconds,
    },
    targets: [
      { name: from.host, type: 'postgres' },
      { name: to.host, type: 'postgres' },
      { name: 'pooler', type: 'pgbouncer' },
    ],
  });
};

const at = (address: string) => address.replace(/postgres$/, 'shop');
const rows = async (address: string, query: string) => {
  const client = new Client({ connectionString: address });
  await client.connect();
  try {
    return (await client.query<{ text: string }>(query)).rows.map(({ text }) => text);
  } finally {
    await client.end();
  }
};
const order = (name: string) => pair.on(bouncer.url, `insert into orders values ('${name}')`);
const orders = (address: string) => rows(at(address), 'select name as text from orders order by name');

const settings = async () =>
  (
    await Promise.all(
      [pair.primary, pair.replica].map((one) => rows(one, `select current_setting('work_mem') as text`)),
    )
  ).flat();

// On its host each of them is run by `sudo -u postgres`.
function writePrograms(): void {
  for (const name of ['pg_controldata', 'pg_rewind']) {
    const file = path.join(folder, name);
    const words = postgresProgram(name).map((word) => `'${word}'`);
    writeFileSync(file, `#!/bin/sh\nPGUSER=postgres exec ${words.join(' ')} "$@"\n`);
    chmodSync(file, 0o755);
  }
}

beforeAll(async () => {
  pair = await startPostgresPair();
  const [from, to] = pair.servers;
  await pair.on(pair.primary, 'create database shop');
  await pair.on(at(pair.primary), 'create table orders (name text)');
  const leads = `alter system set primary_conninfo = 'user=postgres host=${to.host} port=${to.port}'`;
  await pair.on(pair.primary, leads);
  await pair.on(pair.primary, 'select pg_reload_conf()');
  bouncer = await startPgBouncer('shop', from);
  services = pgServices({
    [from.host]: pair.primary,
    [to.host]: pair.replica,
    'shop-db-01': pair.primary,
    'shop-db-02': pair.replica,
    shop: bouncer.url,
    'shop-pooler': bouncer.console,
  });
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-switchover-'));
  await symlink(services.file, path.join(folder, '.pg_service.conf'));
  writePrograms();
  const init = (server: typeof from) => ({
    systemctl: { 'start postgresql': () => server.start(), 'stop postgresql': () => server.shutDown() },
    folders: { '/srv/postgresql': server.data },
  });
  hosts = await testHosts({ [from.host]: init(from), [to.host]: init(to), pooler: {} }, [
    programPath('postgresql'),
  ]);
  env = {
    PATH: hosts.PATH,
    HOME: folder,
    PGSERVICEFILE: services.file,
    OLD_PRIMARY_URL: at(pair.primary),
    CANDIDATE_URL: at(pair.replica),
    SHOP_DB_01_URL: pair.primary,
    SHOP_DB_02_URL: pair.replica,
  };
});
afterAll(async () => {
  opened.forEach((one) => one.clear());
  await hosts?.stop();
  await bouncer?.stop();
  await pair?.stop();
  services?.clear();
  if (folder) await rm(folder, { recursive: true, force: true });
});

describe('postgres-setting', () => {
  test('sets it on both, the replica first, and back', async () => {
    const plan = filled('postgres-setting');
    expect(await plan.lint()).toEqual([]);
    expect(await plan.preflight()).toEqual([]);
    const { ok, output } = await plan.dryRun();
    expect(ok, output).toBe(true);
    expect(await settings()).toEqual(['4MB', '4MB']);
    let between: readonly string[] = [];
    const carried = await plan.forward(async (step) => {
      if (step === 'set it on the primary') between = await settings();
    });
    expect(carried.stopped).toBeNull();
    expect(between).toEqual(['4MB', '8MB']);
    expect(await plan.postchecks()).toEqual([]);
    expect((await plan.back(carried)).stopped).toBeNull();
    expect(await settings()).toEqual(['4MB', '4MB']);
  });

  test('sees a database that keeps a value of its own, and sets both back', async () => {
    const plan = filled('postgres-setting', { with: { to: '16MB' } });
    const carried = await plan.forward(async (step) => {
      if (step === 'set it on the primary')
        await pair.on(pair.primary, `alter database postgres set work_mem = '4MB'`);
    });
    expect(carried.stopped).toContain('the primary reads back 16MB: fail: a value equal to `16MB` wanted');
    await pair.on(pair.primary, 'alter database postgres reset work_mem');
    expect((await plan.back(carried)).stopped).toBeNull();
    expect(await settings()).toEqual(['4MB', '4MB']);
  });
});

describe('postgres-switchover', () => {
  test('lints clean, and its dry run changes nothing', async () => {
    const plan = switchover(20);
    expect(await plan.lint()).toEqual([]);
    expect(await plan.preflight()).toEqual([]);
    const { ok, output } = await plan.dryRun();
    expect(ok, output).toBe(true);
    expect(output).toContain('would tell PgBouncer: pause shop;');
    expect(await plan.preflight()).toEqual([]);
  });

  test('moves the primary while clients wait, loses nothing, and moves it back', async () => {
    const plan = switchover(20);
    await order('before');
    const waiting: Promise<void>[] = [];
    const carried = await plan.forward((step) => {
      if (step.startsWith('stop ')) waiting.push(order('meanwhile'));
    });
    expect(carried.stopped).toBeNull();
    await Promise.all(waiting);
    expect(await plan.postchecks()).toEqual([]);
    expect(await orders(pair.replica)).toEqual(['before', 'meanwhile']);
    await order('on the new one');
    expect((await plan.back(carried)).stopped).toBeNull();
    expect(await plan.preflight()).toEqual([]);
    expect(await orders(pair.primary)).toEqual(['before', 'meanwhile', 'on the new one']);
  });

  test('makes an old primary that is not let follow the primary again, and rewinds the candidate', async () => {
    const plan = switchover(1);
    const carried = await promotedInVain(plan);
    expect(carried.done.at(-1)).toBe('let 127.0.0.1 follow 127.0.0.2');
    expect(await plan.back(carried)).toEqual({
      done: [
        'make 127.0.0.1 the primary again',
        'start 127.0.0.1 as it was',
        'let the clients go on to 127.0.0.1',
      ],
      stopped: null,
    });
    expect(await plan.preflight()).toEqual([]);
  });

  test('does not take back what somebody wrote past PgBouncer', async () => {
    const plan = switchover(1);
    const carried = await promotedInVain(plan);
    await pair.on(at(pair.replica), `insert into orders values ('past it')`);
    expect((await plan.back(carried)).stopped).toContain('expected no transaction on 127.0.0.2 that');
    expect(await orders(pair.replica)).toContain('past it');
  });
});

/** The candidate lets nobody follow it, which shows only once it is the primary. */
async function promotedInVain(plan: CarriedOut): Promise<Carried> {
  letNobodyFollow(pair.servers[1].data);
  await pair.on(pair.replica, 'select pg_reload_conf()');
  const carried = await plan.forward();
  expect(carried.stopped).toContain('expected 127.0.0.1 follows 127.0.0.2 within 1 s');
  return carried;
}

function letNobodyFollow(data: string): void {
  const file = path.join(data, 'pg_hba.conf');
  const kept = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => !/\sreplication\s/.test(line));
  writeFileSync(file, kept.join('\n'));
}
