import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CarriedOut, procedure } from '../kit/carry-out.ts';
import { testHosts, type TestHosts } from '../kit/hosts.ts';
import { eventually } from '../kit/loopback-process.ts';
import { programPath } from '../kit/programs.ts';
import { startPrometheus, type TestPrometheus } from '../kit/prometheus.ts';
import { scratchParent } from '../kit/scratch.ts';

const HOST = '127.0.0.1';
const rule = (name: string, expression: string) => `      - record: ${name}\n        expr: ${expression}\n`;
const rulesOf = (...rules: readonly string[]) => `groups:\n  - name: shop\n    rules:\n${rules.join('')}`;
const OLD = rulesOf(rule('shop:up', 'min(up)'));
const NEW = rulesOf(rule('shop:up', 'min(up)'), rule('shop:down', '1 - min(up)'));
/** What promtool itself is asked to expect of the new rules. */
const TESTS = `
rule_files: [new.yml]
tests:
  - interval: 1m
    input_series: [{ series: 'up{job="shop"}', values: '0 1' }]
    promql_expr_test:
      - { expr: 'shop:down', eval_time: 0m, exp_samples: [{ labels: 'shop:down', value: 1 }] }
      - { expr: 'shop:down', eval_time: 1m, exp_samples: [{ labels: 'shop:down', value: 0 }] }
`;

let folder: string;
let destination: string;
let prometheus: TestPrometheus;
let hosts: TestHosts;
const opened: CarriedOut[] = [];

/** The procedure for this text of the new rules. */
function changeTo(text: string): CarriedOut {
  const file = path.join(folder, 'new.yml');
  writeFileSync(file, text);
  writeFileSync(path.join(folder, 'tests.yml'), TESTS);
  const one = procedure('prometheus-rule', {
    with: {
      file,
      tests: path.join(folder, 'tests.yml'),
      digest: createHash('sha256').update(text).digest('hex'),
      destination: destination.slice(1),
      rulesBefore: 1,
      rules: 2,
      port: prometheus.port,
      settle: '2 s',
    },
    targets: [{ name: HOST, type: 'prometheus' }],
    env: { PATH: hosts.PATH },
    prometheusUrl: prometheus.url,
  });
  opened.push(one);
  return one;
}

const groups = async () => {
  const answer = await fetch(`${prometheus.url}/api/v1/rules`);
  const { data } = (await answer.json()) as { data: { groups: { name: string; rules: unknown[] }[] } };
  return data.groups.find(({ name }) => name === 'shop')?.rules.length;
};

beforeAll(async () => {
  folder = mkdtempSync(path.join(scratchParent(), 'interlock-rules-'));
  destination = path.join(folder, 'shop.yml');
  writeFileSync(destination, OLD);
  prometheus = await startPrometheus({ scraped: [], ruleFiles: [destination] });
  hosts = await testHosts({ [HOST]: { systemctl: { 'reload prometheus': () => prometheus.reload() } } }, [
    path.dirname(programPath('promtool')),
  ]);
  await eventually(
    async () => (await changeTo(NEW).preflight()).length,
    (wrong) => wrong === 0,
  );
});
afterAll(async () => {
  opened.forEach((one) => one.clear());
  await hosts?.stop();
  await prometheus?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('has Prometheus evaluate the new rules, and the old ones again', async () => {
  const plan = changeTo(NEW);
  expect(await plan.lint()).toEqual([]);
  const { ok, output } = await plan.dryRun();
  expect(ok, output).toBe(true);
  expect(readFileSync(destination, 'utf8')).toBe(OLD);
  const carried = await plan.forward();
  expect(carried.stopped).toBeNull();
  expect(await plan.postchecks()).toEqual([]);
  expect(await groups()).toBe(2);
  expect((await plan.back(carried)).stopped).toBeNull();
  expect(await groups()).toBe(1);
  expect([readFileSync(destination, 'utf8'), existsSync(`${destination}.before`)]).toEqual([OLD, false]);
});

const failing = async (text: string) => (await changeTo(text).preflight()).map((one) => one.split(':')[0]);

test('does not begin with rules that promtool refuses, or whose tests fail', async () => {
  expect(await failing(NEW.replace('1 - min(up)', '1 - max('))).toEqual([
    'promtool takes the rules',
    'the tests of the rules pass',
  ]);
  expect(await failing(NEW.replace('1 - min(up)', 'min(up)'))).toEqual(['the tests of the rules pass']);
});

test('sees that Prometheus does not take a file, and puts the old one back', async () => {
  const plan = changeTo(NEW.replace('1 - min(up)', '1 - max('));
  const carried = await plan.forward();
  expect(carried.done).toEqual([`put the rules on ${HOST}`, `reload ${HOST}`]);
  expect(carried.stopped).toContain(`${HOST} has loaded it: fail`);
  expect(await plan.back(carried)).toEqual({
    done: [`put the old rules back on ${HOST}`],
    stopped: null,
  });
  expect(readFileSync(destination, 'utf8')).toBe(OLD);
});

test('puts nothing but the reviewed file', async () => {
  const plan = changeTo(NEW);
  writeFileSync(path.join(folder, 'new.yml'), `${NEW}# one more line\n`);
  expect((await plan.forward()).stopped).toContain('as it was reviewed, got');
  expect(readFileSync(destination, 'utf8')).toBe(OLD);
});
