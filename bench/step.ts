import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runnerTransport } from '../src/cli/runner-transport.ts';
import { privilegesHere } from '../src/runner/privileges.ts';
import { executeRun, leaseClock } from '../src/runner/run.ts';
import { startRun, type Transport } from '../src/runner/session.ts';
import type { View } from '../src/runner/view.ts';
import { type BenchServer, benchPlan, castOf, openChange, startServer } from './run-server.ts';
import type { Row } from './row.ts';

const STEPS = 40;
const NOTHING = Array.from({ length: STEPS }, (_, index) => ({
  name: `step ${index + 1}`,
  command: ['/bin/true'],
  estimate: '1 min',
  timeout: '1 min',
  undo: { nothing: 'it changes nothing' },
}));
/** Runs before the one that is measured: a server that has been up for a while has compiled what it runs. */
const WARM_UP_RUNS = 4;
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

/** Milliseconds from one step's begin to the next one's, in a run of many. */
async function runSteps(server: BenchServer, folder: string): Promise<number> {
  const { ana, ben, key } = await castOf(server);
  const transport = runnerTransport({ url: server.url, token: ben, bastionKey: key });
  const gaps: number[][] = [];
  for (let run = 0; run <= WARM_UP_RUNS; run += 1) {
    gaps.push(await runOnce(transport, await openChange(server, ana, benchPlan({ steps: NOTHING })), folder));
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

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
