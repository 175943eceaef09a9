import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runnerTransport } from '../src/cli/runner-transport.ts';
import { privilegesHere } from '../src/runner/privileges.ts';
import { executeRun, leaseClock } from '../src/runner/run.ts';
import { startRun, type Transport } from '../src/runner/session.ts';
import type { View } from '../src/runner/view.ts';
import type { Row } from './row.ts';

const root = path.resolve(import.meta.dirname, '..');
const STEPS = 40;
/** Runs before the one that is measured: a server that has been up for a while has compiled what it runs. */
const WARM_UP_RUNS = 4;
const ENVIRONMENT = 'bench.example';
const GOAL_MS = 25;
/** ansible-core 2.14 on the machine of the continuous integration, a task of `command: true` on localhost. */
const ANSIBLE_MS = 200;

/**
 * What a run adds to each step: one request that reports the last step, asks the verdict and grants the next, its entries in
 * the ledger, the journal synced before and after. Server, database and runner are the real ones, on this machine; the steps
 * do nothing, so that what is left after the fork is the run's own.
 */
export async function benchStep(): Promise<Row[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-bench-step-'));
  const server = await startServer(folder);
  try {
    const stepMs = await runSteps(server, folder);
    const forkMs = await forkAndWait();
    const own = stepMs - forkMs;
    const ansible = await ansibleTask(folder);
    const beside =
      ansible === null
        ? `ansible-playbook ${ANSIBLE_MS} ms (measured before)`
        : `ansible-playbook ${ansible.toFixed(0)} ms`;
    return [
      {
        what: "a run's own cost per step: gate, grant, journal, ledger",
        goal: `at most ${GOAL_MS} ms`,
        measured: `${own.toFixed(1)} ms`,
        reference: `fork and wait ${forkMs.toFixed(1)} ms; ${beside}`,
        ratio: `${(own / (ansible ?? ANSIBLE_MS)).toFixed(2)} of ansible`,
      },
    ];
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface BenchServer {
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

async function startServer(folder: string): Promise<BenchServer> {
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
      '\nrules:\n  plan-complete: { level: off }\n  metrics-available: { level: off }\n',
    );
}

/** Milliseconds from one step's begin to the next one's, in a run of many. */
async function runSteps({ url, token }: BenchServer, folder: string): Promise<number> {
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
  const transport = runnerTransport({ url, token: String(ben), bastionKey: String(key) });
  const gaps: number[][] = [];
  for (let run = 0; run <= WARM_UP_RUNS; run += 1) {
    const plan = { file: 'bench.yaml', plan: JSON.stringify(benchPlan()), scripts: {} };
    const { id } = await asker(url, String(ana))('POST', '/api/v1/changes', plan);
    gaps.push(await runOnce(transport, String(id), folder));
  }
  return median(gaps.at(-1) ?? []);
}

/** Runs a change, and gives the milliseconds between the begins of its steps. */
async function runOnce(transport: Transport, change: string, folder: string): Promise<number[]> {
  const now = leaseClock();
  const sentAt = now();
  const started = await startRun(transport, change, {
    idempotencyKey: randomUUID(),
    multiplexer: 'tmux',
    acknowledges: [],
    resolved: null,
    privileges: await privilegesHere(),
  });
  if (!started.ok) throw new Error(`expected a run, got \`${started.refusal.message}\``);
  const began: number[] = [];
  const view: View = { ...SILENT, stepBegins: () => began.push(performance.now()) };
  const running = await executeRun(
    {
      transport,
      multiplexer: 'tmux',
      state: path.join(folder, 'state'),
      planFolder: null,
      bastion: {},
      prometheusUrl: null,
      alertmanagerUrl: null,
      secrets: [],
      view,
      prompt: async () => null,
    },
    started.value,
    { now, sentAt },
  );
  const driven = await running.ended;
  if (driven.kind !== 'ended' || driven.run.state !== 'succeeded') {
    throw new Error(`expected a run that succeeds, got \`${JSON.stringify(driven)}\``);
  }
  return began.slice(1).map((at, index) => at - (began[index] ?? at));
}

const SILENT: View = {
  note: () => undefined,
  check: () => undefined,
  stepBegins: () => undefined,
  output: () => undefined,
  stepEnds: () => undefined,
  held: () => undefined,
  denied: () => undefined,
  run: () => undefined,
  watched: () => undefined,
  duty: () => undefined,
  question: () => undefined,
  aside: () => () => undefined,
  close: () => undefined,
};

function benchPlan(): Record<string, unknown> {
  const check = { name: 'well', command: { argv: ['/bin/true'], measure: 'status' }, expect: { equals: 0 } };
  return {
    interlock: 'plan/1',
    title: 'Do nothing, often',
    objective: 'Nothing has changed.',
    reason: 'The cost of a step is measured.',
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
    steps: Array.from({ length: STEPS }, (_, index) => ({
      name: `step ${index + 1}`,
      command: ['/bin/true'],
      estimate: '1 min',
      timeout: '1 min',
      undo: { nothing: 'it changes nothing' },
    })),
    postchecks: [check],
    rollback: { steps: [] },
    watch: [],
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

/** A program that does nothing, from the fork to its end, in milliseconds. */
async function forkAndWait(): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < STEPS; round += 1) {
    const began = performance.now();
    await once(spawn('/bin/true', { stdio: 'ignore' }), 'exit');
    times.push(performance.now() - began);
  }
  return median(times);
}

/** One task of ansible-playbook more or less, in milliseconds; `null` where it is not installed. */
async function ansibleTask(folder: string): Promise<number | null> {
  const timed = async (tasks: number): Promise<number | null> => {
    const playbook = path.join(folder, `tasks-${tasks}.yaml`);
    const task = '    - command: "true"\n';
    await writeFile(
      playbook,
      `- hosts: localhost\n  connection: local\n  gather_facts: false\n  tasks:\n${task.repeat(tasks)}`,
    );
    const began = performance.now();
    const child = spawn('ansible-playbook', ['-i', 'localhost,', playbook], { stdio: 'ignore' });
    const status = await new Promise((resolve) => {
      child.on('error', () => resolve('none'));
      child.on('exit', resolve);
    });
    return status === 0 ? performance.now() - began : null;
  };
  const few = await timed(2);
  const many = few === null ? null : await timed(12);
  return few === null || many === null ? null : (many - few) / 10;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
