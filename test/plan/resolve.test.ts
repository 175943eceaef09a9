import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../src/cli/program.ts';
import { type Edit, planOf, planText, SCRIPT } from './sound-plan.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-resolve-'));
});
afterAll(() => rm(folder, { recursive: true }));

const unused = () => Promise.reject(new Error('not here'));

async function interlock(argv: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const status = await runCommand(['plan', ...argv], {
    stdout: (text) => void (stdout += text),
    stderr: (text) => void (stderr += text),
    readStdin: () => Promise.resolve(''),
    env: {},
    cwd: folder,
    interactive: false,
    version: '0',
    programs: { demo: unused, serve: unused, witness: unused, inspect: unused, openLedger: unused },
  });
  return { status, stdout, stderr };
}

async function file(name: string, edit: Edit = {}): Promise<string> {
  await writeFile(path.join(folder, name), planText(edit));
  return name;
}

describe('plan new --set', () => {
  const SIZE = { type: 'number', say: 'Megabytes.', from: 1, to: 64 };
  const ready = () =>
    file('ready.yaml', {
      set: { parameters: { size: SIZE }, 'steps.0.command': ['pg-set', 'db-02', '{size}'] },
    });

  test('fills in the parameters of a ready plan', async () => {
    const from = await ready();
    await writeFile(path.join(folder, 'set-work-mem.sh'), SCRIPT);
    const made = await interlock(['new', 'filled/plan.yaml', '--from', `./${from}`, '--set', 'size=16']);
    expect([made.status, made.stdout]).toEqual([0, 'filled/plan.yaml\nfilled/set-work-mem.sh\n']);
    const { plan } = planOf(await readFile(path.join(folder, 'filled/plan.yaml'), 'utf8'));
    expect([plan.steps[0]?.command, plan.procedure]).toEqual([['pg-set', 'db-02', '16'], 'ready']);
    expect((await interlock(['show', 'filled/plan.yaml'])).stdout).toContain(
      '1. set work_mem on the replica: "pg-set" "db-02" "16"; then the replica reads 8 MB',
    );
  });

  test.each([
    [[], 'expected a whole number from `1` to `64` for parameter `size`, got nothing'],
    [['--set', 'size=65'], 'for parameter `size`, got `65`'],
    [['--set', 'size=big'], 'for parameter `size`, got `big`'],
    [['--set', 'sice=8', '--set', 'size=8'], 'expected a parameter of the plan, got `sice`'],
    [['--set', 'size'], 'expected a value as `name=value`, got `size`'],
  ])('with %j: 3', async (options, message) => {
    const { status, stderr } = await interlock([
      'new',
      'bad/plan.yaml',
      '--from',
      `./${await ready()}`,
      ...options,
    ]);
    expect([status, stderr]).toEqual([3, expect.stringContaining(message)]);
  });
});

describe('plan resolve', () => {
  const from = { command: ['/bin/cat', '/dev/null'], type: 'host' };
  const listing = async (name: string, lines: string, edit: Edit = {}) => {
    const list = path.join(folder, `${name}.list`);
    await writeFile(list, lines);
    return file(name, {
      set: { targetsFrom: { ...from, command: ['/bin/cat', list] }, ...edit.set },
    });
  };

  test('shows the list, its count and the difference, and is 1 until it is frozen', async () => {
    const plan = await listing('list.yaml', 'db-01\ndb-02 replica\n\ndb-03\n');
    const shown = await interlock(['resolve', plan]);
    expect(shown).toEqual({
      status: 1,
      stdout: '  db-01 host\n+ db-02 replica\n+ db-03 host\n- db-02 host\n3 targets, 2 added, 1 gone\n',
      stderr: '',
    });
    const before = await readFile(path.join(folder, plan), 'utf8');
    expect((await interlock(['resolve', plan, '--write'])).status).toBe(0);
    const after = await readFile(path.join(folder, plan), 'utf8');
    expect(planOf(after).plan.targets).toEqual([
      { name: 'db-01', type: 'host' },
      { name: 'db-02', type: 'replica' },
      { name: 'db-03', type: 'host' },
    ]);
    expect(planOf(after).plan.targetsFrom?.count).toBe(3);
    expect(after.split('\n')[0]).toBe(before.split('\n')[0]);
    expect(await interlock(['resolve', plan])).toMatchObject({ status: 0, stderr: '' });
  });

  test.each([
    ['nothing', '', 'it names no target'],
    ['one twice', 'db-01\ndb-01\n', 'it names `db-01` twice'],
    ['a line that is no target', 'db-01 is fine today\n', 'expected a name and its type on a line'],
    ['more than can be read whole', 'x\n'.repeat(40_000), 'prints more than 64 KiB'],
  ])('refuses a list of %s', async (name, lines, because) => {
    const { status, stderr } = await interlock(['resolve', await listing('bad.yaml', lines)]);
    expect([name, status]).toEqual([name, 3]);
    expect(stderr).toMatch(/^bad\.yaml:\d+:\d+: expected the targets of this plan, got none: /);
    expect(stderr).toContain(because);
  });

  test('says what is wrong with a program that fails, or a plan without one', async () => {
    const failing = await file('fails.yaml', { set: { targetsFrom: { ...from, command: ['/bin/false'] } } });
    expect((await interlock(['resolve', failing])).stderr).toContain('`/bin/false` ended with `1`');
    expect((await interlock(['resolve', await file('sound.yaml')])).stderr).toContain(
      'expected `targetsFrom`',
    );
  });
});
