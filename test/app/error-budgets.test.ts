import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { readBudgets } from '../../src/app/budget/budget.ts';
import { strictMonitoring } from '../../src/contract/monitoring.ts';
import { budgetReader } from '../../src/integrations/prometheus/budget.ts';
import { readPolicyWithQueries } from '../../src/plan/policy.ts';
import { sha256 } from '../../src/store/ledger-crypto.ts';
import { eventually } from '../kit/loopback-process.ts';
import { startMisbehavingProxy, type MisbehavingProxy, type Misbehaviour } from '../kit/misbehaving-proxy.ts';
import { startPrometheus, type TestPrometheus } from '../kit/prometheus.ts';
import { SHIPPED_POLICY, startServer, type TestServer } from '../kit/server.ts';

// Budgets read from a real Prometheus: `up` of Prometheus itself is 1.

const QUERIES: Readonly<Record<string, string>> = {
  web: 'min(up{job="prometheus"}) * 0.25',
  rails: 'min(up{job="prometheus"}) * -2',
  haproxy: 'min(up{job="prometheus"}) / 0',
  postgres: 'up{job="nothing"}',
  registry: 'label_replace(up, "n", "1", "", "") or label_replace(up, "n", "2", "", "")',
  sidekiq: 'min(up{job="prometheus"}) * 3',
};
const withQueries = (text: string) =>
  Object.entries(QUERIES).reduce(
    (policy, [service, query]) =>
      policy.replace(`  ${service}: { threshold: 0 }`, `  ${service}: { threshold: 0, query: '${query}' }`),
    text,
  );

let prometheus: TestPrometheus;
let proxy: MisbehavingProxy;
let server: TestServer;
beforeAll(async () => {
  prometheus = await startPrometheus({ scraped: [] });
  proxy = await startMisbehavingProxy(prometheus.url);
  server = await startServer({ editPolicy: withQueries });
  Object.assign(server.context, { budgets: budgetReader(proxy.url, strictMonitoring()) });
  await eventually(
    async () => {
      await readBudgets(server.context);
      return left('web');
    },
    (remaining) => remaining === 0.25,
  );
});
afterAll(async () => {
  await server.stop();
  await proxy.stop();
  await prometheus.stop();
});
beforeEach(() => proxy.behave('well'));

async function budgets(): Promise<
  Record<string, { remaining: number | null; burnt: boolean; because: string }>
> {
  const answer = await server.ask('GET', '/api/v1/error-budgets', { token: server.admin.token });
  const list: { service: string }[] = answer.body.budgets;
  return Object.fromEntries(list.map((one) => [one.service, one])) as never;
}
const left = async (service: string) => (await budgets())[service]?.remaining;

it('are numbers where Prometheus says one, and unknown where it says anything else', async () => {
  await readBudgets(server.context);
  expect(await budgets()).toMatchObject({
    web: { remaining: 0.25, burnt: false },
    rails: { remaining: -2, burnt: true },
    haproxy: { remaining: null, burnt: true },
    postgres: { remaining: null, burnt: true },
    registry: { remaining: null, burnt: true },
    sidekiq: { remaining: null, burnt: true },
  });
  const { body } = await server.ask('GET', '/api/v1/setup', { token: server.admin.token });
  expect(body.steps).toContainEqual(expect.objectContaining({ step: 'error-budgets', done: true }));
});

it.each<Misbehaviour>([
  'unavailable',
  'log-in page',
  'truncated JSON',
  'status: error',
  'reset the connection',
])('are unknown, not what they were, where Prometheus answers with: %s', async (how) => {
  await readBudgets(server.context);
  expect(await left('web')).toBe(0.25);
  proxy.behave(how);
  await readBudgets(server.context);
  expect(await left('web')).toBeNull();
});

it('make a service change maintenance once burnt or unknown, and only then', async () => {
  const ana = await server.account('ana');
  const ask = async (service: string) => {
    const body = {
      environment: 'illumidesk.com',
      services: [service],
      criticality: 'C4',
      severity: 'S4',
      estimateMinutes: 1,
      rollbackMinutes: 1,
    };
    const answer = await server.ask('POST', '/api/v1/decisions', { token: ana.token, body });
    expect(answer.status).toBe(200);
    const rows = await server.context.db.selectFrom('decisions').select('facts').execute();
    return (JSON.parse(String(rows.at(-1)?.facts)) as { errorBudgets: unknown }).errorBudgets;
  };
  await readBudgets(server.context);
  expect(await ask('web')).toEqual([{ service: 'web', remaining: 0.25, threshold: 0 }]);
  expect(await ask('haproxy')).toEqual([{ service: 'haproxy', remaining: null, threshold: 0 }]);
});

it('whose query makes data up, or is none, are refused when the policy is read', () => {
  const text = readFileSync(SHIPPED_POLICY, 'utf8');
  for (const [query, message] of [
    ['sum(up) or vector(0)', 'or vector(0)'],
    ['sum(up', 'expected PromQL'],
    ['vector(1)', 'a constant'],
  ]) {
    const edited = text.replace('  web: { threshold: 0 }', `  web: { threshold: 0, query: '${query}' }`);
    const line = edited.split('\n').findIndex((one) => one.includes('query:')) + 1;
    const read = readPolicyWithQueries({ file: 'p.yaml', text: edited }, sha256);
    expect(read).toMatchObject({ ok: false, problems: [{ file: 'p.yaml', line }] });
    expect(JSON.stringify(read)).toContain(message);
  }
});
