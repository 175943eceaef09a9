import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = path.resolve(import.meta.dirname, '..');
const ENVIRONMENT = 'bench.example';

/** A real server, whose runs are measured. */
export interface BenchServer {
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

/** Starts it with a data folder of its own. */
export async function startServer(folder: string): Promise<BenchServer> {
  const port = await freePort();
  const policy = path.join(folder, 'policy.yaml');
  const tokenFile = path.join(folder, 'admin-token');
  await writeFile(policy, await benchPolicy());
  const child = spawn(process.execPath, [path.join(root, 'bin/interlock.js'), 'serve'], {
    env: {
      ...process.env,
      INTERLOCK_DATA: path.join(folder, 'data'),
      INTERLOCK_PORT: String(port),
      INTERLOCK_POLICY: policy,
      INTERLOCK_ADMIN_TOKEN_FILE: tokenFile,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  for (let waited = 0; ; waited += 50) {
    const ready = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) break;
    if (waited > 60_000 || child.exitCode !== null)
      throw new Error('expected the server of the benchmark to start');
    await sleep(50);
  }
  const stop = async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  };
  return { url, token: (await readFile(tokenFile, 'utf8')).trim(), stop };
}

/** The shipped policy for an environment without monitoring, so that what is measured is the run alone. */
async function benchPolicy(): Promise<string> {
  const shipped = await readFile(path.join(root, 'policies/illumidesk.yaml'), 'utf8');
  const environment = `  ${ENVIRONMENT}:\n    operational: true\n    monitoring: { prometheus: absent, thanos: absent, alertmanager: absent }\n`;
  return shipped
    .replace('\nenvironments:\n', `\nenvironments:\n${environment}`)
    .replace(
      '\nrules:\n',
      '\nrules:\n  plan-complete: { level: off }\n  targets-in-environment: { level: off }\n  metrics-available: { level: off }\n',
    );
}

/** Who opens, who executes, and the key of the host where that happens. */
export async function castOf({
  url,
  token,
}: BenchServer): Promise<{ readonly ana: string; readonly ben: string; readonly key: string }> {
  const ask = asker(url, token);
  await ask('POST', '/api/v1/people', { name: 'ana', kind: 'person', displayName: 'Ana' });
  await ask('POST', '/api/v1/people', { name: 'ben', kind: 'person', displayName: 'Ben' });
  const { secret: ana } = await ask('POST', '/api/v1/people/ana/tokens', { label: 'bench' });
  const { secret: ben } = await ask('POST', '/api/v1/people/ben/tokens', { label: 'bench' });
  const { key } = await ask('POST', '/api/v1/bastions', {
    name: 'bench',
    environment: ENVIRONMENT,
    role: 'bastion',
    privileged: process.getuid?.() === 0,
  });
  return { ana: String(ana), ben: String(ben), key: String(key) };
}

/** Files a change and answers its id. */
export async function openChange(
  { url }: BenchServer,
  token: string,
  plan: Record<string, unknown>,
): Promise<string> {
  const body = { file: 'bench.yaml', plan: JSON.stringify(plan), scripts: {} };
  const { id } = await asker(url, token)('POST', '/api/v1/changes', body);
  return String(id);
}

/** A plan that changes nothing, with what a benchmark wants different. */
export function benchPlan(more: Record<string, unknown>): Record<string, unknown> {
  const check = { name: 'well', command: { argv: ['/bin/true'], measure: 'status' }, expect: { equals: 0 } };
  return {
    interlock: 'plan/1',
    title: 'Do nothing, often',
    objective: 'Nothing has changed.',
    reason: 'The cost of a run is measured.',
    environment: ENVIRONMENT,
    services: ['bench'],
    kind: 'service',
    criticality: 'C4',
    severity: 'S4',
    downtime: '0 min',
    impact: 'None.',
    testedBefore: 'In every benchmark.',
    team: ['ben'],
    executor: 'ben',
    estimate: { steps: '100 min', rollback: '1 min' },
    targets: [],
    assumptions: [],
    preflight: [check],
    postchecks: [check],
    rollback: { steps: [] },
    watch: [],
    ...more,
  };
}

function asker(url: string, token: string) {
  return async (method: string, where: string, body: unknown): Promise<Record<string, unknown>> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(url + where, { method, headers, body: JSON.stringify(body) });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok)
      throw new Error(`${method} ${where}: got \`${response.status}\` ${JSON.stringify(answer)}`);
    return answer;
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
