import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isDebian } from '../../launch/debian.mjs';
import { type CarriedOut, procedure } from '../kit/carry-out.ts';
import { type DebianSystems, debianSystems } from '../kit/debian-system.ts';
import { testHosts, type TestHosts } from '../kit/hosts.ts';

const WEB = ['web-01', 'web-02'] as const;
const PACKAGES = [
  { name: 'libshop', version: '1' },
  { name: 'libshop', version: '2' },
  { name: 'shop-data', version: '5' },
  { name: 'shop-data', version: '6' },
  { name: 'shop-agent', version: '1.0', depends: 'libshop' },
  { name: 'shop-agent', version: '1.1', depends: 'libshop, shop-data (>= 6)' },
  { name: 'shop-agent', version: '1.2', depends: 'libshop (>= 2)' },
  { name: 'shop-agent', version: '1.3', depends: 'libshop', program: 'exit 1' },
];
let systems: DebianSystems;
let hosts: TestHosts;
const opened: CarriedOut[] = [];

const upgradeTo = (to: string) => {
  const one = procedure('package-upgrade', {
    with: { to, held: 'libc6,libshop' },
    targets: WEB.map((name) => ({ name, type: 'host' })),
    env: { PATH: hosts.PATH },
  });
  opened.push(one);
  return one;
};
const versions = (host: string) =>
  execFileSync('dpkg-query', ['--show'], {
    encoding: 'utf8',
    env: { ...process.env, ...systems.env(host) },
  })
    .replaceAll('\t', ' ')
    .trim()
    .split('\n');

const FIRST = ['libshop 1', 'shop-agent 1.0', 'shop-data 5'];

// What it works with are Debian's own programs: elsewhere there are none.
const there = isDebian();

beforeAll(async () => {
  if (!there) return;
  systems = debianSystems(WEB, PACKAGES, ['libshop=1', 'shop-data=5', 'shop-agent=1.0']);
  const isActive = (host: string) => () => {
    execFileSync(systems.file(host, 'usr/bin/shop-agent'));
    return 'active\n';
  };
  hosts = await testHosts(
    Object.fromEntries(
      WEB.map((host) => [
        host,
        { env: systems.env(host), systemctl: { 'is-active shop-agent': isActive(host) } },
      ]),
    ),
  );
});
afterAll(async () => {
  opened.forEach((one) => one.clear());
  await hosts?.stop();
  systems?.clear();
});

test.skipIf(!there)('upgrades the package on every host, with what has to come along, and back', async () => {
  const plan = upgradeTo('1.1');
  expect(await plan.lint()).toEqual([]);
  expect(await plan.preflight()).toEqual([]);
  const { ok, output } = await plan.dryRun();
  expect(ok, output).toBe(true);
  expect(output).toContain('Inst shop-data [5] (6 ');
  expect(WEB.map(versions)).toEqual([FIRST, FIRST]);
  const carried = await plan.forward();
  expect(carried.stopped).toBeNull();
  expect(await plan.postchecks()).toEqual([]);
  expect(WEB.map(versions)).toEqual([0, 1].map(() => ['libshop 1', 'shop-agent 1.1', 'shop-data 6']));
  expect((await plan.back(carried)).stopped).toBeNull();
  expect(WEB.map((host) => versions(host)[1])).toEqual(['shop-agent 1.0', 'shop-agent 1.0']);
});

test.skipIf(!there)('does nothing where a package that is held back would come along', async () => {
  const plan = upgradeTo('1.2');
  const before = WEB.map(versions);
  const { ok, output } = await plan.dryRun();
  expect(ok).toBe(false);
  expect(output).toContain('expected these to be held back, but they would change too: libshop');
  expect((await plan.forward()).stopped).toContain('expected these to be held back');
  expect(WEB.map(versions)).toEqual(before);
});

test.skipIf(!there)('stops at the first host where the unit does not run, and brings it back', async () => {
  const plan = upgradeTo('1.3');
  const carried = await plan.forward();
  expect(carried.done).toEqual(['upgrade web-01']);
  expect(carried.stopped).toContain('shop-agent runs on web-01');
  expect(WEB.map((host) => versions(host)[1])).toEqual(['shop-agent 1.3', 'shop-agent 1.0']);
  expect(await plan.back(carried)).toEqual({ done: ['bring web-01 back to 1.0'], stopped: null });
  expect(versions('web-01')[1]).toBe('shop-agent 1.0');
});

test.skipIf(!there)('does not begin where there is no way back to the version of now', async () => {
  const { ok, output } = await upgradeTo('9.9').dryRun();
  expect(ok).toBe(false);
  expect(output).toContain('expected shop-agent 9.9 in a repository of web-01, got none');
});
