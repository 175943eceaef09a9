import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import path from 'node:path';
import { Client } from 'pg';
import { startEmbedded } from '../../src/embedded/server.ts';
import { type Monitoring, startMonitoring } from './monitoring.ts';
import { answers, freePort, type Program, startProgram, until } from './program.ts';

/** Requests a second that the demo's users make. */
const TRAFFIC_PER_SECOND = 20;

/** The small production that the demo changes: a shop, its database, and what watches them. */
export interface Production {
  readonly databaseUrl: string;
  readonly shopUrl: string;
  readonly monitoring: Monitoring;
  stop(): Promise<void>;
}

/** Paths of the programs that npm does not bring. */
export interface Binaries {
  readonly prometheus: string;
  readonly alertmanager: string;
}

async function fillDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('create table if not exists products (name text primary key, price numeric not null)');
    await client.query(
      "insert into products select 'product ' || n, n from generate_series(1, 50) n on conflict do nothing",
    );
    // An earlier demo that was cut short may have left the setting changed.
    await client.query('alter system reset work_mem');
    await client.query('select pg_reload_conf()');
  } finally {
    await client.end();
  }
}

/** Asks the shop for its products, again and again, as cheaply as it can; what fails is the shop's to count. */
function startTraffic(url: string): () => void {
  const agent = new Agent({ keepAlive: true, timeout: 1_000 });
  const timer = setInterval(() => {
    const request = get(url, { agent }, (response) => response.resume().on('error', () => undefined));
    request.on('timeout', () => request.destroy()).on('error', () => undefined);
  }, 1000 / TRAFFIC_PER_SECOND);
  return () => {
    clearInterval(timer);
    agent.destroy();
  };
}

function startShop(
  folder: string,
  databaseUrl: string,
  ports: { shop: number; exporter: number },
): Program[] {
  const node = (name: string, file: string, env: Record<string, string>) =>
    startProgram({
      name,
      argv: [process.execPath, path.join(import.meta.dirname, file)],
      env: { SHOP_DATABASE_URL: databaseUrl, ...env },
      logFile: path.join(folder, `${file}.log`),
    });
  return [
    node('the shop', 'shop.ts', { SHOP_PORT: String(ports.shop) }),
    node('the exporter', 'postgres-exporter.ts', { EXPORTER_PORT: String(ports.exporter) }),
  ];
}

/** Starts the whole production below `folder`, on free loopback ports. Resolves when the shop sells and Prometheus is ready. */
export async function startProduction(
  folder: string,
  environment: string,
  binaries: Binaries,
): Promise<Production> {
  await mkdir(folder, { recursive: true });
  const database = await startEmbedded({
    dataDir: path.join(folder, 'postgres'),
    log: () => undefined,
    diesWithUs: true,
  });
  await fillDatabase(database.url);
  const [shop, exporter, prometheus, alertmanager] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const programs = startShop(folder, database.url, { shop, exporter });
  const shopUrl = `http://127.0.0.1:${shop}/`;
  const monitoring = await startMonitoring({
    // A new folder each time: yesterday's samples would say that today's targets were down in between.
    folder: path.join(folder, `monitoring-${randomBytes(4).toString('hex')}`),
    environment,
    prometheus: { binary: binaries.prometheus, port: prometheus },
    alertmanager: { binary: binaries.alertmanager, port: alertmanager },
    targets: [
      { target: 'shop', job: 'shop', port: shop },
      { target: 'shop-db', job: 'postgres', port: exporter },
    ],
  });
  await until('the shop to answer', 10_000, () => answers(shopUrl));
  const stopTraffic = startTraffic(shopUrl);
  return {
    databaseUrl: database.url,
    shopUrl,
    monitoring,
    async stop() {
      stopTraffic();
      await monitoring.stop();
      for (const program of programs) await program.stop();
      await database.stop();
    },
  };
}
