import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../src/cli/program.ts';
import { digestPlan } from '../../src/plan/digest.ts';
import { type Edit, planOf, planText, SCRIPT, sha256 } from './sound-plan.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-plan-'));
  await mkdir(path.join(folder, 'plans'));
  await writeFile(path.join(folder, 'plans', 'set-work-mem.sh'), SCRIPT);
});
afterAll(() => rm(folder, { recursive: true }));

const unused = () => Promise.reject(new Error('not here'));

async function interlock(argv: readonly string[], { stdin = '', env = {} } = {}) {
  let stdout = '';
  let stderr = '';
  const status = await runCommand(['plan', ...argv], {
    stdout: (text) => void (stdout += text),
    stderr: (text) => void (stderr += text),
    readStdin: () => Promise.resolve(stdin),
    env,
    cwd: folder,
    interactive: false,
    version: '0',
    programs: { demo: unused, serve: unused, witness: unused, inspect: unused, openLedger: unused },
  });
  return { status, stdout, stderr };
}

/** Dates lie in the year after next, so that the plan is sound whenever this runs. */
const year = new Date().getUTCFullYear() + 2;
const LATER: Edit = {
  set: {
    slot: { start: `${year}-11-17T22:00:00Z`, end: `${year}-11-17T23:30:00Z` },
    testedBefore: 'On staging, with the same script.',
  },
};

async function file(name: string, edit: Edit = {}): Promise<string> {
  const text = planText({ set: { ...LATER.set, ...edit.set }, remove: edit.remove ?? [] });
  await writeFile(path.join(folder, 'plans', name), text);
  return `plans/${name}`;
}

describe('plan lint', () => {
  test('a sound plan is clean: 0, with its digest', async () => {
    const sound = await file('sound.yaml');
    const { digest } = digestPlan(planOf(await readFile(path.join(folder, sound), 'utf8')).plan, sha256);
    expect(await interlock(['lint', sound])).toEqual({
      status: 0,
      stdout: `plans/sound.yaml: clean; ${digest}\n`,
      stderr: '',
    });
  });

  test('warnings alone: 0', async () => {
    const { status, stdout } = await interlock([
      'lint',
      await file('warn.yaml', { set: { executor: 'rolf' } }),
    ]);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^plans\/warn\.yaml:\d+:\d+ warning executor-not-in-team expected one of the team, got `rolf`\n {4}Name .+\nplans\/warn\.yaml: 0 errors, 1 warning; sha256:/,
    );
  });

  test('an error: 1, its place, its rule and what to do', async () => {
    const { status, stdout, stderr } = await interlock([
      'lint',
      await file('glob.yaml', { set: { 'steps.0.command.2': 'db-*' } }),
    ]);
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(
      /^plans\/glob\.yaml:\d+:\d+ error wildcard expected exact names, got `db-\*`: .+\n {4}Resolve it beforehand/,
    );
  });

  test('a plan that cannot be read: 3, and the others are linted all the same', async () => {
    const bad = await file('bad.yaml', { set: { downtime: 5, colour: 'blue' } });
    const { status, stdout, stderr } = await interlock(['lint', bad, await file('sound.yaml')]);
    expect(status).toBe(3);
    expect(stderr).toMatch(
      /^plans\/bad\.yaml:\d+:\d+: expected a duration .+, got `5`\nplans\/bad\.yaml:\d+:\d+: expected no field `colour` here\n$/,
    );
    expect(stdout).toMatch(/^plans\/sound\.yaml: clean/);
  });

  test('a file that is not there: 3, without a stack', async () => {
    const { status, stderr } = await interlock(['lint', 'plans/none.yaml']);
    expect([status, stderr]).toEqual([
      3,
      'plans/none.yaml:1:1: expected a file that can be read, got none\n',
    ]);
  });

  test('a finding in a script names the script from where one stands', async () => {
    await writeFile(path.join(folder, 'plans', 'wild.sh'), '#!/bin/sh\nrm /var/*\n');
    const { status, stdout } = await interlock([
      'lint',
      await file('wild.yaml', { set: { 'steps.2.script.path': 'wild.sh' } }),
    ]);
    expect(status).toBe(1);
    expect(stdout).toContain('plans/wild.sh:2:4 error wildcard-in-script expected exact names, got `/var/*`');
    expect(stdout).toContain('error script-digest expected the SHA-256 of `wild.sh`');
  });

  test('a link that leads out of the folder of the plan is not followed', async () => {
    await writeFile(path.join(folder, 'outside.sh'), SCRIPT);
    await symlink('../outside.sh', path.join(folder, 'plans', 'link.sh'));
    const { status, stdout } = await interlock([
      'lint',
      await file('link.yaml', { set: { 'steps.2.script.path': 'link.sh' } }),
    ]);
    expect(status).toBe(1);
    expect(stdout).toContain('script-missing expected a readable script, got `link.sh`: a link leads out');
  });

  test('one line of JSON for each file', async () => {
    const names = [
      await file('sound.yaml'),
      await file('glob.yaml', { set: { 'steps.0.command.2': 'db-*' } }),
      await file('bad.yaml', { set: { downtime: 5 } }),
    ];
    const { status, stdout, stderr } = await interlock(['lint', '--json', ...names]);
    const [sound, glob, bad, ...more] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect([status, stderr, more]).toEqual([3, '', []]);
    expect(sound).toMatchObject({
      file: 'plans/sound.yaml',
      findings: [],
      summary: { complete: true, wildcards: 0 },
    });
    expect(glob).toMatchObject({
      findings: [{ rule: 'wildcard', level: 'error', file: 'plans/glob.yaml' }],
      summary: { wildcards: 1 },
    });
    expect(bad).toMatchObject({ file: 'plans/bad.yaml', problems: [{ file: 'plans/bad.yaml' }] });
  });

  test('topics are judged by the shipped policy, environments only by one that is named', async () => {
    const low = await file('low.yaml', { set: { topics: ['database-topology'] } });
    const elsewhere = await file('elsewhere.yaml', {
      set: {
        environment: 'shop.example',
        targets: [
          { name: 'db-01', type: 'host' },
          { name: 'db-02', type: 'host' },
        ],
      },
    });
    const policy = path.resolve('policies/illumidesk.yaml');
    expect((await interlock(['lint', low])).stdout).toContain(
      'criticality-below-topics expected `C1` or higher',
    );
    expect((await interlock(['lint', elsewhere])).status).toBe(0);
    expect((await interlock(['lint', elsewhere, '--policy', policy])).stdout).toContain(
      'environment-unknown',
    );
    expect((await interlock(['lint', elsewhere], { env: { INTERLOCK_POLICY: policy } })).status).toBe(1);
  });

  test('a plan from standard input', async () => {
    const { status, stdout } = await interlock(['lint', '-'], { stdin: planText(LATER) });
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^<stdin>:\d+:\d+ error script-missing expected a readable script, got `set-work-mem\.sh`: there is no such file\n/,
    );
  });
});

describe('plan digest', () => {
  test('of the meaning: a comment leaves it, an argument does not', async () => {
    const sound = await interlock(['digest', '-'], { stdin: planText() });
    const commented = await interlock(['digest', '-'], { stdin: `# as discussed\n${planText()}` });
    const other = await interlock(['digest', '-'], {
      stdin: planText({ set: { 'steps.0.command.4': '16MB' } }),
    });
    expect(sound).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^sha256:[0-9a-f]{64}\n$/) as string,
    });
    expect([commented.stdout === sound.stdout, other.stdout === sound.stdout]).toEqual([true, false]);
  });

  test('of the parts', async () => {
    const { stdout } = await interlock(['digest', '-', '--json'], { stdin: planText() });
    expect(JSON.parse(stdout)).toMatchObject({
      parts: { steps: expect.stringMatching(/^sha256:/) as string },
    });
  });

  test('of what is no plan: 3', async () => {
    const { status, stderr } = await interlock(['digest', '-'], { stdin: 'title: x\n' });
    expect(status).toBe(3);
    expect(stderr).toMatch(/^<stdin>:1:1: expected/);
  });
});

describe('plan new', () => {
  test('writes a ready plan with its scripts, and overwrites nothing', async () => {
    const sound = await file('sound.yaml');
    const first = await interlock(['new', 'mine/plan.yaml', '--from', sound]);
    expect([first.status, first.stdout]).toEqual([0, 'mine/plan.yaml\nmine/set-work-mem.sh\n']);
    expect((await interlock(['lint', 'mine/plan.yaml'])).status).toBe(0);
    expect(await readFile(path.join(folder, 'mine/plan.yaml'), 'utf8')).toContain('\nprocedure: sound\n');
    await interlock(['new', 'its/plan.yaml', '--from', 'mine/plan.yaml']);
    const copied = await readFile(path.join(folder, 'its/plan.yaml'), 'utf8');
    expect(copied.match(/^procedure: .*$/gm)).toEqual(['procedure: sound']);
    const again = await interlock(['new', 'mine/plan.yaml', '--from', sound]);
    expect([again.status, again.stderr]).toEqual([
      3,
      'mine/plan.yaml:1:1: expected a file that is not there yet\n',
    ]);
  });

  test('writes the template of a criticality, which is no procedure and not yet a plan', async () => {
    expect((await interlock(['new', 'c1.yaml', '--template', 'c1'])).status).toBe(0);
    const written = await readFile(path.join(folder, 'c1.yaml'), 'utf8');
    // But for the line that says where its schema lies, seen from there.
    const [, ...template] = (await readFile('procedures/templates/c1.yaml', 'utf8')).split('\n');
    expect(written).toBe(template.join('\n'));
    const { status, stdout } = await interlock(['lint', 'c1.yaml']);
    expect([status, stdout.includes('placeholder')]).toEqual([1, true]);
  });

  test('of a name that the library does not have: 3, and which it has', async () => {
    const { status, stderr } = await interlock(['new', 'unknown.yaml', '--from', 'nothing-of-it']);
    expect([status, stderr]).toEqual([
      3,
      expect.stringMatching(/one of the library \(.*console-setting, .*\), got `nothing-of-it`\n$/),
    ]);
  });

  test('of neither a ready plan nor a template: 3', async () => {
    const { status, stderr } = await interlock(['new', 'neither.yaml']);
    expect([status, stderr]).toEqual([
      3,
      '<command line>:1:1: expected `--from` with a ready plan or `--template` with c1 to c4, got neither\n',
    ]);
  });

  test('of nothing: 3', async () => {
    expect((await interlock(['new', 'x.yaml', '--from', 'no-such-procedure'])).status).toBe(3);
  });
});

test('plan schema is what is published', async () => {
  const { status, stdout } = await interlock(['schema']);
  expect([status, stdout]).toEqual([0, await readFile('plan.schema.json', 'utf8')]);
});

test('the program itself ends with these statuses', async () => {
  const bin = path.resolve('bin/interlock.js');
  const ran = promisify(execFile)(
    process.execPath,
    [bin, 'plan', 'lint', await file('bad.yaml', { set: { downtime: 5 } })],
    { cwd: folder },
  );
  await expect(ran).rejects.toMatchObject({
    code: 3,
    stdout: '',
    stderr: expect.stringMatching(/^plans\/bad\.yaml:\d+:\d+: expected a duration/) as string,
  });
});
