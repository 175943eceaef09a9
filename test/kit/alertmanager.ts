import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, type LoopbackProcess, startLoopbackProcess } from './loopback-process.ts';
import { programPath } from './programs.ts';

/** A real Alertmanager on a free loopback port. */
export interface TestAlertmanager {
  readonly url: string;
  readonly port: number;
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const ROUTE = 'route: { receiver: own, group_wait: 1s, group_interval: 1s, repeat_interval: 5s }';
// Of a rack without power nobody needs to hear each host.
const INHIBITS = `inhibit_rules:
  - { source_matchers: ['alertname="RackDown"'], target_matchers: ['alertname="HostDown"'], equal: [rack] }
`;

/** Whom an Alertmanager notifies, by which secret. */
export interface Notified {
  readonly url: string;
  readonly secret: string;
}

function configuration(notified: Notified | null): string {
  if (notified === null) return `${ROUTE}\n${INHIBITS}receivers: [{ name: own }]\n`;
  const { url, secret } = notified;
  const http = `http_config: { authorization: { credentials: '${secret}' } }`;
  return `${ROUTE}\n${INHIBITS}receivers: [{ name: own, webhook_configs: [{ url: '${url}', ${http} }] }]\n`;
}

/**
 * Starts an Alertmanager that notifies nobody, unless it is told whom.
 * @param clusterPort makes it part of a cluster that it waits for; without it, it is alone
 */
export async function startAlertmanager(
  clusterPort?: number,
  notified: Notified | null = null,
): Promise<TestAlertmanager> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-alertmanager-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await writeFile(path.join(folder, 'alertmanager.yml'), configuration(notified));
  const cluster = clusterPort === undefined ? '' : `127.0.0.1:${clusterPort}`;
  const launch = (): Promise<LoopbackProcess> =>
    startLoopbackProcess(
      [
        programPath('alertmanager'),
        `--config.file=${folder}/alertmanager.yml`,
        `--storage.path=${folder}/data`,
        `--web.listen-address=127.0.0.1:${port}`,
        `--cluster.listen-address=${cluster}`,
      ],
      { readyUrl: `${url}/-/ready`, logFile: path.join(folder, 'log') },
    );
  let running = await launch();
  return {
    url,
    port,
    kill: () => running.kill(),
    async restart() {
      await running.stop();
      running = await launch();
    },
    async stop() {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
