import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { content } from '../kit/attacks.ts';
import { bastionOf, runThat, type Bastion } from '../kit/runner.ts';
import { startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';

// TRUST.md section 5, attacks 31 to 36 and 38: what a plan would have executed. 37, 39 and 40 are tried where scripts, bastions
// and outputs are (test/runner/run.test.ts, test/http/runs-lost.test.ts, test/runner/execute.test.ts).
let world: RunWorld;
let bastion: Bastion;
beforeAll(async () => {
  world = await startRunWorld({ rulesOff: ['plan-complete', 'awareness'] });
  bastion = bastionOf(world);
});
afterAll(async () => {
  await bastion.clear();
  await world.server.stop();
});

/** Asks for a start, and gives the rules that refuse it; it is recorded and nothing else is. */
async function refusedStart(plan: Record<string, unknown>): Promise<string[]> {
  const change = await world.open({ watch: [], ...plan });
  const before = await content(world.server);
  const { body } = await world.asRunner('POST', `/api/v1/changes/${change}/runs`, await world.body());
  expect(body.code).toBe('refused');
  expect((await world.server.ledger()).at(-1)).toMatchObject({ outcome: 'deny' });
  const [after, changed] = [await content(world.server), new Set<string>()];
  for (const [table, digest] of Object.entries(after)) if (before[table] !== digest) changed.add(table);
  // The proof of monitoring that the question rests on, and that the starter knows of the others: both are its evidence.
  expect([...changed].filter((table) => !/^(monitoring_|decisions|start_ack)/.test(table))).toEqual([]);
  return (body.decision.verdicts as { rule: string; verdict: string }[])
    .filter(({ verdict }) => verdict === 'deny' || verdict === 'unknown')
    .map(({ rule }) => rule);
}

const command = (...argv: string[]) => ({ steps: [stepOf('first', { command: argv })] });

/** What a shell would make another command of. */
const FOR_A_SHELL = [
  '; touch PWNED',
  '$(touch PWNED)',
  '`touch PWNED`',
  'a\ntouch PWNED',
  '| touch PWNED',
  '&& touch PWNED',
  "' ; touch PWNED #",
];

describe('31: what a shell would read in an argument', () => {
  it('is an argument and nothing else', async () => {
    const steps = FOR_A_SHELL.map((argument, index) =>
      stepOf(`step ${index + 1}`, { command: ['/usr/bin/printf', '%s', argument] }),
    );
    const change = await world.open({ watch: [], steps });
    const runner = bastion.run(change);
    expect(await runner.ended, runner.text()).toBe(0);
    const { body } = await world.asRunner('GET', `/api/v1/changes/${change}/runs`);
    const file = (step: number) => `/api/v1/runs/${body.runs[0].id}/files/output/steps-${step}-attempt-1.log`;
    for (const [index, argument] of FOR_A_SHELL.entries())
      expect((await world.asRunner('GET', file(index + 1))).body).toBe(argument);
    const everywhere = readdirSync(bastion.state, { recursive: true, encoding: 'utf8' });
    expect(everywhere.filter((name) => name.includes('PWNED'))).toEqual([]);
  });

  it('NUL is in no plan', async () => {
    const before = await content(world.server);
    await expect(world.open(command('/usr/bin/printf', 'a\0b'))).rejects.toThrow('`400`');
    expect(await content(world.server)).toEqual(before);
  });
});

describe('32, 33: a target that is an option or a pattern', () => {
  it.each(['-rf', '--all', '*', 'db-?', 'db-[12]', 'db-{1,2}', '~root', 'db-*.illumidesk.com'])(
    '%s starts nothing',
    async (name) => {
      const targets = [{ name, type: 'host' }];
      expect(await refusedStart({ targets, ...command('/bin/true') })).toContain('no-globs');
    },
  );
});

describe('33, 34: what hides in a program that another program runs', () => {
  it.each([
    ['rm', '/var/tmp/*'],
    ['sh', '-c', 'rm /var/tmp/*'],
    ['sudo', 'bash', '-c', 'rm /var/tmp/*'],
    ['env', '-S', 'rm /var/tmp/*'],
    ['python3', '-c', 'import glob, os; [os.remove(f) for f in glob.glob("/var/tmp/x")]'],
    ['python3', '-c', 'import os; os.system("rm /var/tmp/*")'],
    ['perl', '-e', 'unlink glob("/var/tmp/x")'],
    ['ruby', '-e', 'Dir.glob("/var/tmp/x") { |f| File.delete(f) }'],
    ['node', '-e', 'require("child_process").execSync("rm /var/tmp/*")'],
    ['node', '-e', 'require("node:child_process").exec("rm /var/tmp/*")'],
    ['python3', '-c', '__import__("os").system("rm /var/tmp/*")'],
    ['ssh', '-oProxyCommand=rm /var/tmp/*', 'db-1'],
    ['ssh', '-o', 'ProxyCommand rm /var/tmp/*', 'db-1'],
    ['ssh', '-vo', 'LocalCommand=rm /var/tmp/*', 'db-1'],
    ['ssh', '-o', 'proxycommand = rm /var/tmp/*', 'db-1'],
    ['ssh', 'db-1', 'rm /var/tmp/*'],
    ['xargs', '-I{}', 'sh', '-c', 'rm /var/tmp/*'],
  ])('%s %s %s', async (...argv) => {
    expect(await refusedStart(command(...argv.filter((word) => word !== undefined)))).toContain('no-globs');
  });
});

describe('35: a script that lies elsewhere', () => {
  const SCRIPT = '#!/bin/sh\necho hello\n';
  const sha256 = createHash('sha256').update(SCRIPT).digest('hex');
  const scripted = (at: string) => ({
    steps: [stepOf('first', { command: undefined, script: { path: at, sha256, dryRun: [] } })],
  });

  it.each(['../run.sh', '/etc/passwd', 'a/../../run.sh', '@run.sh', 'run.sh\n', '~/run.sh'])(
    '%j is filed by nobody, or starts nothing',
    async (at) => {
      const change = await world.open(scripted(at), { [at]: SCRIPT }).catch((error: Error) => {
        expect(error.message).toContain('`400`');
        return null;
      });
      if (change === null) return;
      const { body } = await world.asRunner('POST', `/api/v1/changes/${change}/runs`, await world.body());
      const rules = (body.decision.verdicts as { rule: string; verdict: string }[]).filter(
        ({ verdict }) => verdict === 'deny',
      );
      expect(rules.map(({ rule }) => rule)).toContain('no-globs');
    },
  );

  it('a link to another file is not the file that was reviewed', async () => {
    const folder = path.join(bastion.state, 'scripts');
    mkdirSync(folder);
    const elsewhere = path.join(bastion.state, 'elsewhere.sh');
    const wrote = path.join(bastion.state, 'wrote');
    writeFileSync(elsewhere, `#!/bin/sh\ntouch ${wrote}\n`, { mode: 0o755 });
    symlinkSync(elsewhere, path.join(folder, 'run.sh'));
    const change = await world.open({ watch: [], ...scripted('run.sh') }, { 'run.sh': SCRIPT });
    expect(await bastion.interlock(['dry-run', change]).ended).toBe(0);
    const runner = bastion.run(change, { args: ['--scripts', folder] });
    expect(await runner.ended).not.toBe(0);
    expect(runner.text()).toContain("expected a script inside the plan's folder, got `run.sh`");
    expect(existsSync(wrote)).toBe(false);
    expect(readFileSync(elsewhere, 'utf8')).toContain('touch');
  });
});

describe('38: a target outside the environment', () => {
  it('starts nothing', async () => {
    const targets = [{ name: 'db-1', type: 'host', environment: 'ops.illumidesk.net' }];
    expect(await refusedStart({ targets, ...command('/bin/true') })).toContain('targets-in-environment');
  });
});

describe('36: a variable that changes what a program is', () => {
  // Which names there are is test/runner/execute.test.ts.
  it.each(['LD_PRELOAD', 'PATH'])('%s executes nothing', async (name) => {
    const wrote = path.join(bastion.state, `wrote-${name}`);
    const step = stepOf('first', { command: ['/usr/bin/touch', wrote], env: { [name]: '/tmp/evil.so' } });
    const change = await world.open({ watch: [], steps: [step] });
    const runner = bastion.run(change);
    const held = await runThat(world, change, ({ state }) => state === 'held');
    expect(held.hold?.because).toContain(name);
    expect(existsSync(wrote)).toBe(false);
    runner.kill('SIGTERM');
    expect(await runner.ended).toBe(1);
  });
});
