import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Row } from './row.ts';

const root = path.resolve(import.meta.dirname, '..');
const RUNS = 5;
const LIMIT_MS = 60_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

async function waitForAnswer(url: string): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (performance.now() < deadline) {
    const answered = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`no answer of ${url} within ${LIMIT_MS / 1000} s`);
}

/** Milliseconds from the command to the first ready answer, and a clean stop after it. */
async function startOnce(dataDir: string, port: number): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [path.join(root, 'bin/interlock.js'), 'serve'], {
    cwd: root,
    env: { ...process.env, INTERLOCK_DATA: dataDir, INTERLOCK_PORT: String(port) },
    stdio: 'ignore',
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  try {
    await waitForAnswer(`http://127.0.0.1:${port}/readyz`);
    return performance.now() - started;
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}

async function bareNode(): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
  return performance.now() - started;
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** The server, warm, from the command to the first ready answer, beside a bare start of Node. */
export async function benchStart(): Promise<Row[]> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'interlock-bench-'));
  try {
    const port = await freePort();
    const cold = await startOnce(dataDir, port);
    const warm: number[] = [];
    const node: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      warm.push(await startOnce(dataDir, port));
      node.push(await bareNode());
    }
    return [
      {
        what: `serve to the first ready answer, warm (median of ${RUNS})`,
        goal: '1500 ms',
        measured: `${median(warm).toFixed(0)} ms (first start, with a new database: ${cold.toFixed(0)} ms)`,
        reference: `bare Node: ${median(node).toFixed(0)} ms`,
        ratio: `${(median(warm) / median(node)).toFixed(1)} ×`,
      },
    ];
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
