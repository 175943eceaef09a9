import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from './row.ts';
import { type BenchServer, benchPlan, castOf, openChange, startServer } from './run-server.ts';

const INTERLOCK = path.resolve(import.meta.dirname, '../bin/interlock.js');
const TARGETS = Array.from({ length: 1_000 }, (_, index) => ({ name: `host-${index + 1}`, type: 'host' }));
const GOAL_MB = 200;
const TRUE = { command: { argv: ['/bin/true'], measure: 'status' }, expect: { equals: 0 } };
const STEP = { estimate: '1 s', timeout: '1 min', undo: { nothing: 'it changes nothing' } };

/** A thousand targets, as a plan may have them: in the arguments of one step, and laid out into a step and checks for each. */
const PLANS = {
  'in one step': {
    steps: [
      {
        name: 'all of them',
        command: ['/usr/bin/printf', '%s\\n', ...TARGETS.map(({ name }) => name)],
        ...STEP,
      },
    ],
  },
  'with a step each': {
    preflight: [{ forEach: 'targets', checks: [{ name: '{target} answers', ...TRUE }] }],
    steps: [
      {
        forEach: 'targets',
        stages: [1, 'rest'],
        between: { checks: [{ name: 'all is well', ...TRUE }] },
        steps: [{ name: 'touch {target}', command: ['/bin/echo', '{target}'], ...STEP }],
      },
    ],
  },
};

/** The most memory that a runner ever held, as the kernel says it: a real one, executing a real run of a real server. */
export async function benchMemory(): Promise<Row[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-bench-memory-'));
  const server = await startServer(folder);
  try {
    const cast = await castOf(server);
    const rows: Row[] = [];
    const plain = await mostHeld(server, cast, {
      folder,
      plan: { steps: [{ name: 'one', command: ['/bin/true'], ...STEP }] },
    });
    for (const [how, plan] of Object.entries(PLANS)) {
      const most = await mostHeld(server, cast, { folder, plan: { targets: TARGETS, ...plan } });
      rows.push({
        what: `a runner's memory, ${TARGETS.length} targets ${how}`,
        goal: `under ${GOAL_MB} MB`,
        measured: `${most.toFixed(0)} MB`,
        reference: `a run of one step ${plain.toFixed(0)} MB`,
        ratio: (most / plain).toFixed(2),
      });
    }
    return rows;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a change to its end and answers the most that its runner held, in megabytes. */
async function mostHeld(
  server: BenchServer,
  { ana, ben, key }: Awaited<ReturnType<typeof castOf>>,
  { folder, plan }: { readonly folder: string; readonly plan: Record<string, unknown> },
): Promise<number> {
  const change = await openChange(server, ana, benchPlan(plan));
  const child = spawn(process.execPath, [INTERLOCK, 'run', change, '--no-tmux'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      INTERLOCK_STATE: path.join(folder, 'state'),
      INTERLOCK_URL: server.url,
      INTERLOCK_TOKEN: ben,
      INTERLOCK_BASTION_KEY: key,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let end = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (end = (end + text).slice(-2_000)));
  let most = 0;
  while (child.exitCode === null && child.signalCode === null) {
    most = Math.max(most, await heldBy(child.pid ?? 0));
    await sleep(20);
  }
  const [status] = await ended;
  if (status !== 0)
    throw new Error(`expected ${change} to be complete, got exit status \`${status}\`:\n${end}`);
  return most;
}

/** The peak of a process's resident memory, in megabytes; 0 once it is gone. */
async function heldBy(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1_024;
}
