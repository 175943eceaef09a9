import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { answers, type Program, startProgram, until } from './program.ts';

/** What Prometheus scrapes: a name of the plan's targets, what it is, and where its metrics are. */
export interface ScrapeTarget {
  readonly target: string;
  readonly job: string;
  readonly port: number;
}

export interface MonitoringOptions {
  readonly folder: string;
  readonly environment: string;
  readonly prometheus: { readonly binary: string; readonly port: number };
  readonly alertmanager: { readonly binary: string; readonly port: number };
  readonly targets: readonly ScrapeTarget[];
}

const prometheusFile = ({ environment, prometheus, alertmanager, targets }: MonitoringOptions) => `\
global:
  scrape_interval: 1s
  scrape_timeout: 1s
  evaluation_interval: 1s
rule_files: [rules.yml]
alerting:
  alertmanagers:
    - static_configs: [{ targets: ['127.0.0.1:${alertmanager.port}'] }]
scrape_configs:
  - job_name: prometheus
    static_configs: [{ targets: ['127.0.0.1:${prometheus.port}'] }]
${targets
  .map(
    ({ target, job, port }) => `\
  - job_name: ${job}
    static_configs:
      - targets: ['127.0.0.1:${port}']
        labels: { target: ${target}, environment: ${environment} }`,
  )
  .join('\n')}
`;

const READY_MS = 20_000;

const RULES = `\
groups:
  - name: watchdog
    rules:
      - alert: Watchdog
        expr: vector(1)
        labels: { severity: none }
        annotations: { summary: This alert always fires; that it arrives proves the path from Prometheus to Alertmanager. }
`;

const ALERTMANAGER = `\
route: { receiver: nobody, group_wait: 1s, group_interval: 1s, repeat_interval: 5s }
receivers: [{ name: nobody }]
`;

/** The monitoring of the demo's production: a real Prometheus and a real Alertmanager, on loopback. */
export interface Monitoring {
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  startPrometheus(): Promise<void>;
  stopPrometheus(): Promise<void>;
  stop(): Promise<void>;
}

function launchAlertmanager({ folder, alertmanager }: MonitoringOptions): Program {
  return startProgram({
    name: 'Alertmanager',
    argv: [
      alertmanager.binary,
      `--config.file=${folder}/alertmanager.yml`,
      `--storage.path=${folder}/alertmanager`,
      `--web.listen-address=127.0.0.1:${alertmanager.port}`,
      '--cluster.listen-address=',
    ],
    logFile: path.join(folder, 'alertmanager.log'),
  });
}

function launchPrometheus({ folder, prometheus }: MonitoringOptions): Program {
  return startProgram({
    name: 'Prometheus',
    argv: [
      prometheus.binary,
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/prometheus`,
      `--web.listen-address=127.0.0.1:${prometheus.port}`,
      '--rules.alert.resend-delay=5s',
    ],
    logFile: path.join(folder, 'prometheus.log'),
  });
}

/** Writes the configuration, starts Alertmanager and Prometheus and waits until both say that they are ready. */
export async function startMonitoring(options: MonitoringOptions): Promise<Monitoring> {
  const { folder } = options;
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'prometheus.yml'), prometheusFile(options));
  await writeFile(path.join(folder, 'rules.yml'), RULES);
  await writeFile(path.join(folder, 'alertmanager.yml'), ALERTMANAGER);

  const prometheusUrl = `http://127.0.0.1:${options.prometheus.port}`;
  const alertmanagerUrl = `http://127.0.0.1:${options.alertmanager.port}`;
  const prometheusReady = () =>
    until('Prometheus to be ready', READY_MS, () => answers(`${prometheusUrl}/-/ready`));
  const alertmanager = launchAlertmanager(options);
  let prometheus = launchPrometheus(options);
  await prometheusReady();
  await until('Alertmanager to be ready', READY_MS, () => answers(`${alertmanagerUrl}/-/ready`));
  return {
    prometheusUrl,
    alertmanagerUrl,
    async startPrometheus() {
      prometheus = launchPrometheus(options);
      await prometheusReady();
    },
    stopPrometheus: () => prometheus.stop(),
    async stop() {
      await prometheus.stop();
      await alertmanager.stop();
    },
  };
}
