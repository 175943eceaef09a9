import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CarriedOut, procedure } from '../kit/carry-out.ts';
import { testHosts, type TestHosts } from '../kit/hosts.ts';
import { freePort, type LoopbackProcess, startLoopbackProcess } from '../kit/loopback-process.ts';
import { scratchParent } from '../kit/scratch.ts';

const WEB = ['127.0.0.1', '127.0.0.2'];
const PROGRAM = path.join(import.meta.dirname, '../kit/drainable-program.ts');
const broken = path.join(scratchParent(), `interlock-broken-${process.pid}`);
const running = new Map<string, LoopbackProcess>();
let port: number;
let hosts: TestHosts;
let restart: CarriedOut;

const start = async (host: string) => {
  const argv = [process.execPath, PROGRAM, host, String(port), broken] as const;
  const isReady = async () => (await ask(host, '-/in-flight')) === '0';
  running.set(host, await startLoopbackProcess([...argv], { isReady, logFile: '/dev/null' }));
};

const ask = async (host: string, what: string) =>
  fetch(`http://${host}:${port}/${what}`)
    .then((response) => response.text())
    .catch(() => null);

const pids = () => Promise.all(WEB.map((host) => ask(host, '-/pid')));

beforeAll(async () => {
  port = await freePort();
  await Promise.all(WEB.map(start));
  const restarting = (host: string) => async () => {
    await running.get(host)?.stop();
    await start(host);
  };
  hosts = await testHosts(
    Object.fromEntries(WEB.map((host) => [host, { systemctl: { 'restart shop': restarting(host) } }])),
  );
  restart = procedure('service-restart', {
    with: { port, drainSeconds: 1 },
    targets: WEB.map((name) => ({ name, type: 'host' })),
    env: { PATH: hosts.PATH },
  });
});
afterAll(async () => {
  restart?.clear();
  await hosts?.stop();
  await Promise.all([...running.values()].map((one) => one.stop()));
  rmSync(broken, { force: true });
});

test('lints clean, and its dry run changes nothing', async () => {
  expect(await restart.lint()).toEqual([]);
  const before = await pids();
  const { ok, output } = await restart.dryRun();
  expect(ok, output).toBe(true);
  expect(output).toContain('would restart shop there');
  expect(await pids()).toEqual(before);
});

test('restarts one host after the other, each without anything in hand', async () => {
  const before = await pids();
  expect(await restart.preflight()).toEqual([]);
  const working: Promise<string | null>[] = [];
  const carried = await restart.forward(async (step) => {
    if (step === 'drain 127.0.0.1') working.push(ask('127.0.0.1', 'work'));
  });
  expect(carried.stopped).toBeNull();
  // What it had in hand when it was drained was answered.
  expect(await Promise.all(working)).toEqual(['']);
  expect(await restart.postchecks()).toEqual([]);
  const after = await pids();
  expect(after.filter((pid) => pid === null || before.includes(pid))).toEqual([]);
});

test('stops at a host that comes back broken, before the next one is touched, and restarts it again', async () => {
  const [, second] = await pids();
  writeFileSync(broken, '');
  const carried = await restart.forward();
  expect(carried.stopped).toContain('127.0.0.1 serves again: fail: a value equal to 200 wanted; got 500');
  expect(carried.done).toEqual(['drain 127.0.0.1', 'restart 127.0.0.1']);
  expect(await restart.preflight()).toHaveLength(1);
  rmSync(broken);
  const back = await restart.back(carried);
  expect(back).toEqual({
    done: ['restart 127.0.0.1 again', 'let 127.0.0.1 serve again'],
    stopped: null,
  });
  expect(await restart.preflight()).toEqual([]);
  expect((await pids())[1]).toBe(second);
});

test('lets a host serve on that does not get empty', async () => {
  const working = ask('127.0.0.1', 'work/long');
  const carried = await restart.forward();
  expect(carried.done).toEqual(['drain 127.0.0.1']);
  expect(carried.stopped).toContain('expected nothing in hand after 1 s');
  expect(await restart.preflight()).toEqual([]);
  expect((await restart.back(carried)).stopped).toBeNull();
  expect(await working).toBe('');
});
