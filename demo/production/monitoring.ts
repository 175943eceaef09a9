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

/** Writes the configuration, starts Alertmanager and Prometheus and waits until both say that they are ready. */
export async function startMonitoring(options: MonitoringOptions): Promise<Monitoring> {
  const { folder } = options;
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'prometheus.yml'), prometheusFile(options));
  await writeFile(path.join(folder, 'rules.yml'), RULES);
  await writeFile(path.join(folder, 'alertmanager.yml'), ALERTMANAGER);

  const prometheusUrl = `http://127.0.0.1:${options.prometheus.port}`;
  const alertmanagerUrl = `http://127.0.0.1:${options.alertmanager.port}`;
  const alertmanager = startProgram({
    name: 'Alertmanager',
    argv: [
      options.alertmanager.binary,
      `--config.file=${folder}/alertmanager.yml`,
      `--storage.path=${folder}/alertmanager`,
      `--web.listen-address=127.0.0.1:${options.alertmanager.port}`,
      '--cluster.listen-address=',
    ],
    logFile: path.join(folder, 'alertmanager.log'),
  });
  let prometheus: Program | null = null;

  const startPrometheus = async () => {
    prometheus = startProgram({
      name: 'Prometheus',
      argv: [
        options.prometheus.binary,
        `--config.file=${folder}/prometheus.yml`,
        `--storage.tsdb.path=${folder}/prometheus`,
        `--web.listen-address=127.0.0.1:${options.prometheus.port}`,
        '--rules.alert.resend-delay=5s',
      ],
      logFile: path.join(folder, 'prometheus.log'),
    });
    await until('Prometheus to be ready', 20_000, () => answers(`${prometheusUrl}/-/ready`));
  };
  const stopPrometheus = async () => {
    await prometheus?.stop();
    prometheus = null;
  };

  await startPrometheus();
  await until('Alertmanager to be ready', 20_000, () => answers(`${alertmanagerUrl}/-/ready`));
  return {
    prometheusUrl,
    alertmanagerUrl,
    startPrometheus,
    stopPrometheus,
    async stop() {
      await stopPrometheus();
      await alertmanager.stop();
    },
  };
}
