import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, type LoopbackProcess, startLoopbackProcess } from './loopback-process.ts';
import { programPath } from './programs.ts';

/** Something that Prometheus scrapes every second. */
export interface Scraped {
  readonly job: string;
  readonly port: number;
  /** The plan's name for it, as the label `target`. */
  readonly target?: string;
}

export interface PrometheusOptions {
  readonly scraped: readonly Scraped[];
  readonly alertmanagerPort?: number;
  /** Files of rules besides its own, whole paths. */
  readonly ruleFiles?: readonly string[];
  /** What it remembers from before its start, as OpenMetrics text with times. */
  readonly history?: string;
  /** Further top-level configuration, as YAML. */
  readonly configuration?: string;
}

/** A real Prometheus on a free loopback port, with a data folder of its own. */
export interface TestPrometheus {
  readonly url: string;
  readonly port: number;
  /** HUP: it reads its configuration and its rules again, in its own time. */
  reload(): void;
  /** KILL. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(options?: Partial<PrometheusOptions>): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export const RESEND_DELAY_MS = 2_000;

/** Starts a Prometheus that scrapes itself and what it is given every second. Its targets come up five to six seconds later. */
export async function startPrometheus(options: PrometheusOptions): Promise<TestPrometheus> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-prometheus-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let now = options;
  const launch = async (): Promise<LoopbackProcess> => {
    await writeFile(path.join(folder, 'prometheus.yml'), configuration(port, now));
    await writeFile(path.join(folder, 'rules.yml'), RULES);
    return startLoopbackProcess(
      [
        programPath('prometheus'),
        `--config.file=${folder}/prometheus.yml`,
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=127.0.0.1:${port}`,
        `--rules.alert.resend-delay=${RESEND_DELAY_MS}ms`,
      ],
      { readyUrl: `${url}/-/ready`, logFile: path.join(folder, 'log') },
    );
  };
  if (options.history !== undefined) await remember(folder, options.history);
  let running = await launch();
  return {
    url,
    port,
    reload: () => void process.kill(running.pid, 'SIGHUP'),
    kill: () => running.kill(),
    async restart(changed = {}) {
      await running.stop();
      now = { ...now, ...changed };
      running = await launch();
    },
    async stop() {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function remember(folder: string, history: string): Promise<void> {
  const file = path.join(folder, 'history');
  await writeFile(file, history);
  const blocks = ['tsdb', 'create-blocks-from', 'openmetrics', file, path.join(folder, 'data')];
  execFileSync(programPath('promtool'), blocks, { stdio: 'pipe' });
}

const RULES = `
groups:
  - name: watchdog
    rules:
      - alert: Watchdog
        expr: vector(1)
        labels: { severity: none }
`;

function configuration(
  own: number,
  { scraped, alertmanagerPort, ruleFiles = [], configuration: more }: PrometheusOptions,
): string {
  const jobs = [{ job: 'prometheus', port: own }, ...scraped];
  const alerting =
    alertmanagerPort === undefined
      ? ''
      : `alerting: { alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:${alertmanagerPort}'] }] }] }`;
  // With further configuration a test may say that nothing is scraped at all.
  return `
global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
rule_files: ${JSON.stringify(['rules.yml', ...ruleFiles])}
${alerting}
${more ?? ''}
${scraped.length === 0 && more?.includes('scrape_configs') ? '' : `scrape_configs:\n${jobs.map(job).join('\n')}`}
`;
}

function job({ job: name, port, target }: Scraped): string {
  const labels = target === undefined ? '' : `, labels: { target: '${target}' }`;
  return `  - { job_name: '${name}', static_configs: [{ targets: ['127.0.0.1:${port}']${labels} }] }`;
}
