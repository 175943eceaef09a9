import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sweepLeases } from '../../src/app/run/sweep.ts';
import type { RunView } from '../../src/contract/runs.ts';
import type { RunWorld } from './run-world.ts';

const INTERLOCK = path.resolve(import.meta.dirname, '../../bin/interlock.js');

/** A real runner, started as a person would start it. */
export interface Runner {
  readonly pid: number;
  /** Everything it has printed. */
  text(): string;
  /** Waits until it has printed this. */
  said(text: string | RegExp): Promise<void>;
  /** Its exit status, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  kill(signal: NodeJS.Signals): void;
  /** Stops reading what it prints, as a program does that is piped into and ends. */
  stopReading(): void;
}

/** A folder for what a test's runners leave behind, and whatever they started ended with it. */
export interface Bastion {
  readonly state: string;
  run(change: string, options?: RunnerOptions): Runner;
  interlock(args: readonly string[], options?: RunnerOptions): Runner;
  clear(): Promise<void>;
}

export interface RunnerOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Another way to the server. */
  readonly url?: string;
  readonly token?: string;
}

/** The host that ben executes from. */
export function bastionOf(world: RunWorld): Bastion {
  const state = mkdtempSync(path.join(tmpdir(), 'interlock-bastion-'));
  const runners: Runner[] = [];
  const interlock: Bastion['interlock'] = (args, options = {}) => {
    const runner = begin(args, {
      PATH: process.env['PATH'] ?? '',
      HOME: state,
      INTERLOCK_STATE: state,
      INTERLOCK_URL: options.url ?? world.server.url,
      INTERLOCK_TOKEN: options.token ?? world.ben.token,
      INTERLOCK_BASTION_KEY: world.bastion,
      INTERLOCK_DEBUG: '1',
      TMUX: 'a test says that it is one',
      ...options.env,
    });
    runners.push(runner);
    return runner;
  };
  return {
    state,
    interlock,
    run: (change, options = {}) => interlock(['run', change, ...(options.args ?? [])], options),
    clear: async () => {
      for (const runner of runners) runner.kill('SIGKILL');
      await Promise.all(runners.map(({ ended }) => ended));
      rmSync(state, { recursive: true, force: true });
    },
  };
}

function begin(args: readonly string[], env: Record<string, string>): Runner {
  const child = spawn(process.execPath, [INTERLOCK, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const take = (chunk: Buffer) => {
    text += chunk.toString('utf8');
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  let over = false;
  const ended = new Promise<number | string>((resolve) => {
    child.on('exit', (code, signal) => {
      over = true;
      resolve(code ?? signal ?? 'gone');
    });
  });
  return {
    pid: child.pid ?? 0,
    text: () => text,
    ended,
    kill: (signal) => void child.kill(signal),
    stopReading: () => {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    said: async (wanted) => {
      const there = () => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text));
      for (let waited = 0; !there(); waited += 20) {
        if (over || waited > 50_000)
          throw new Error(`expected the runner to say \`${String(wanted)}\`, got:\n${text}`);
        await sleep(20);
      }
    },
  };
}

/** Sweeps leases as the server's own program does, until it is stopped. */
export function sweeping(world: RunWorld): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await sweepLeases(world.server.context);
      await sleep(200);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await loop;
    },
  };
}

/** The newest run of a change, as soon as it fits. */
export async function runThat(
  world: RunWorld,
  change: string,
  fits: (run: RunView) => boolean,
): Promise<RunView> {
  const until = performance.now() + 50_000;
  for (;;) {
    const { body } = await world.asRunner('GET', `/api/v1/changes/${change}/runs`);
    const run = (body.runs as RunView[])[0];
    if (run !== undefined && fits(run)) return run;
    if (performance.now() > until) {
      throw new Error(`expected a run of ${change} that fits, got \`${JSON.stringify(run)}\``);
    }
    await sleep(100);
  }
}
