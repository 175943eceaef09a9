import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { testDatabase, type TestDatabase } from '../kit/database.ts';
import { startInterlock, type InterlockProcess } from '../kit/interlock-process.ts';
import { startMailServer, type MailServer } from '../kit/mail-server.ts';
import { programPath } from '../kit/programs.ts';
import { startPrometheus, type TestPrometheus } from '../kit/prometheus.ts';

// The rules and the dashboard that are shipped, on a real Prometheus that scrapes a real server.
const FOLDER = path.resolve(import.meta.dirname, '../../monitoring');
const RULES = path.join(FOLDER, 'interlock.rules.yaml');

let folder: string;
let database: TestDatabase;
let mail: MailServer;
let server: InterlockProcess;
let prometheus: TestPrometheus;
let rules: { readonly alert: string; readonly expr: string }[];
let panels: { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-monitoring-'));
  [database, mail] = [await testDatabase(), await startMailServer()];
  const file = path.join(folder, 'integrations.yaml');
  const smtp = `{ host: 127.0.0.1, port: ${mail.port}, security: none, from: changes@example.com }`;
  await writeFile(file, `interlock: integrations/1\nmail: ${smtp}\n`);
  server = await startInterlock(folder, { DATABASE_URL: database.url, INTERLOCK_INTEGRATIONS: file });
  const port = Number(new URL(server.url).port);
  prometheus = await startPrometheus({ scraped: [{ job: 'interlock', port }], ruleFiles: [RULES] });
  rules = parse(await readFile(RULES, 'utf8')).groups[0].rules;
  panels = JSON.parse(await readFile(path.join(FOLDER, 'grafana-dashboard.json'), 'utf8')).panels;
  await fetch(`${server.url}/api/v1/me`);
  await seen('interlock_outside_waiting');
});
afterAll(async () => {
  await prometheus.stop();
  await server.end('SIGTERM');
  await mail.stop();
  await database.drop();
  await rm(folder, { recursive: true });
});

const query = async (text: string) => {
  const answer = await fetch(
    `${prometheus.url}/api/v1/query?${new URLSearchParams({ query: text }).toString()}`,
  );
  return (await answer.json()) as {
    readonly status: string;
    readonly error?: string;
    readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
  };
};

/** Waits until Prometheus has scraped a metric twice, so that a rate of it is one. */
async function seen(metric: string): Promise<void> {
  for (let tries = 0; tries < 60; tries += 1) {
    const { data } = await query(`count_over_time(${metric}[1m])`);
    if (Number(data?.result[0]?.value[1] ?? 0) >= 2) return;
    await new Promise((done) => {
      setTimeout(done, 500);
    });
  }
  throw new Error(`expected Prometheus to scrape \`${metric}\`, got none`);
}

const failures = (job: string, values: string) => ({
  series: `interlock_job_failures_total{job="interlock", instance="a:8420", exported_job="${job}"}`,
  values,
});

describe('what is shipped for monitoring', () => {
  it('is read by promtool, without a finding', () => {
    const said = execFileSync(
      programPath('promtool'),
      ['check', 'rules', '--lint=all', '--lint-fatal', RULES],
      { encoding: 'utf8' },
    );
    expect(said).toContain(`SUCCESS: ${rules.length} rules found`);
  });

  it('says which job fails again and again, and nothing of one that failed once', async () => {
    const alertname = 'InterlockJobFails';
    const file = path.join(folder, 'cases.json');
    const cases = {
      rule_files: [RULES],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: [failures('silences', '1+1x30'), failures('audiences', '0 0 1x28')],
          promql_expr_test: [
            {
              expr: `ALERTS{alertname="${alertname}"}`,
              eval_time: '20m',
              exp_samples: [
                {
                  labels: `ALERTS{alertname="${alertname}", alertstate="firing", exported_job="silences", severity="warning"}`,
                  value: 1,
                },
              ],
            },
          ],
        },
      ],
    };
    await writeFile(file, JSON.stringify(cases));
    expect(execFileSync(programPath('promtool'), ['test', 'rules', file], { encoding: 'utf8' })).toContain(
      'SUCCESS',
    );
  });

  it('asks for metrics that a server has, in queries that Prometheus answers', async () => {
    const queries = [...rules, ...panels.flatMap(({ targets }) => targets)].map(({ expr }) => expr);
    const declared = new Set(
      [...(await (await fetch(`${server.url}/metrics`)).text()).matchAll(/^# TYPE (\S+)/gm)].map(
        ([, name]) => name,
      ),
    );
    for (const text of queries) {
      expect(await query(text), text).toMatchObject({ status: 'success' });
      for (const [name] of text.matchAll(/interlock_\w+/g))
        expect(declared, text).toContain(name.replace(/_(bucket|sum|count)$/, ''));
    }
    expect(queries.length).toBeGreaterThan(20);
  });

  it('shows something of a server that nobody has used yet', async () => {
    const shown = new Map<string, number>();
    for (const { title, targets } of panels)
      shown.set(title, (await query(targets[0]!.expr)).data.result.length);
    for (const title of [
      'Servers that answer',
      'Ledger frozen',
      'Changes that run',
      'Requests',
      'Time of requests',
    ])
      expect(shown.get(title), title).toBeGreaterThan(0);
    for (const title of [
      'Messages that wait for a peer',
      'Messages that were given up',
      'Entries of the ledger',
    ])
      expect(shown.get(title), title).toBeGreaterThan(0);
  });

  it('has no alert that fires where all is well', async () => {
    const quiet = rules.filter(({ alert }) => alert !== 'InterlockMonitoringNotProven');
    for (const { alert, expr } of quiet) expect((await query(expr)).data.result, alert).toEqual([]);
    const { data } = (await (await fetch(`${prometheus.url}/api/v1/rules`)).json()) as {
      data: { groups: { name: string; rules: { name: string; health: string }[] }[] };
    };
    const own = data.groups.find(({ name }) => name === 'interlock')!.rules;
    expect(own.map(({ name }) => name)).toEqual(rules.map(({ alert }) => alert));
    expect(own.filter(({ health }) => health === 'err')).toEqual([]);
  });
});
