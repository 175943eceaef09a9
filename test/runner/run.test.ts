import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJournal } from '../../src/runner/read-journal.ts';
import { bastionOf, runThat, type Bastion } from '../kit/runner.ts';
import { CHECK, startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
let bastion: Bastion;
beforeAll(async () => {
  // What a plan has to hold is the linter's test; a metric to watch needs a Prometheus.
  world = await startRunWorld({
    rulesOff: ['plan-complete'],
    timing: { heartbeatMs: 250, killGraceMs: 1_000 },
  });
  bastion = bastionOf(world);
});
afterAll(async () => {
  await bastion.clear();
  await world.server.stop();
});

const PLAIN = { watch: [] };

function printing(name: string, line: string, more: Record<string, unknown> = {}) {
  return stepOf(name, { command: ['/bin/echo', line], ...more });
}

describe('a run on the bastion', () => {
  it('goes through checks and steps to a proven end', async () => {
    const change = await world.open({
      ...PLAIN,
      steps: [printing('first', '; rm -rf $(HOME) `id`'), stepOf('second')],
    });
    const runner = bastion.run(change);
    expect(await runner.ended, runner.text()).toBe(0);
    const lines = runner.text().split('\n');
    const order = [
      '✓ pre-flight · host answers',
      '▶ step 1/2 first',
      '; rm -rf $(HOME) `id`',
      '✓ after · first done',
      '✓ step 1 first: succeeded',
      '▶ step 2/2 second',
      '✓ post-check · all is well',
      ': succeeded',
    ];
    let from = 0;
    for (const wanted of order) {
      const at = lines.findIndex((line, index) => index >= from && line.includes(wanted));
      expect(at, `${wanted} after line ${from} of\n${runner.text()}`).toBeGreaterThanOrEqual(0);
      from = at;
    }
    const run = await runThat(world, change, ({ state }) => state === 'succeeded');
    const { entries } = readJournal(path.join(bastion.state, 'runs', run.id, 'journal.jsonl'));
    expect(entries.map(({ kind, position }) => `${kind} ${position}`)).toEqual([
      'intent 0',
      'begun 0',
      'result 0',
      'intent 1',
      'begun 1',
      'result 1',
    ]);
    const { body } = await world.asRunner('GET', `/api/v1/runs/${run.id}/files`);
    expect(
      body.files.map(({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`).toSorted(),
    ).toEqual(['journal journal.json', 'output steps-1-attempt-1.log']);
    const output = await world.asRunner('GET', `/api/v1/runs/${run.id}/files/output/steps-1-attempt-1.log`);
    expect(output.body).toBe('; rm -rf $(HOME) `id`\n');
    const kept = body.files.find(({ name }: { name: string }) => name === 'steps-1-attempt-1.log');
    expect(kept.digest).toBe(`sha256:${createHash('sha256').update(output.body).digest('hex')}`);
  });

  it('refused by the policy says each rule with its reason, and exits 2', async () => {
    const change = await world.open(PLAIN);
    await world.prove('fail');
    const runner = bastion.run(change);
    expect(await runner.ended).toBe(2);
    await world.prove('pass');
    expect(runner.text()).toContain('✗ metrics-available:');
  });

  it('with a pre-flight check that fails exits 1 and has executed nothing', async () => {
    const preflight = [CHECK('host answers', { command: { argv: ['/bin/false'], measure: 'status' } })];
    const change = await world.open({ ...PLAIN, preflight, steps: [printing('first', 'must not appear')] });
    const runner = bastion.run(change);
    expect(await runner.ended).toBe(1);
    expect(runner.text()).not.toContain('must not appear');
    expect(runner.text()).toContain('✗ pre-flight · host answers');
  });

  it('whose step fails is held; rolled back by a person it exits 1, with everything undone', async () => {
    const mark = path.join(bastion.state, 'mark');
    const { undo: _undo, ...undo } = stepOf('remove it', { command: ['/bin/rm', mark] });
    const change = await world.open({
      ...PLAIN,
      steps: [
        stepOf('make it', { command: ['/usr/bin/touch', mark], undo: { step: 'remove it' } }),
        stepOf('break', { command: ['/bin/false'] }),
      ],
      rollback: { steps: [undo] },
    });
    const runner = bastion.run(change);
    await runner.said('⏸ held');
    expect(readFileSync(mark, 'utf8')).toBe('');
    const told = bastion.interlock(['rollback', change, '--because', 'it broke']);
    expect(await told.ended).toBe(0);
    expect(await runner.ended).toBe(1);
    expect(() => readFileSync(mark)).toThrow('ENOENT');
    expect(runner.text()).toContain(': rolled-back');
  });

  it('outside a multiplexer hands steps a clean environment, masks what they are passed, and keeps a long output cut', async () => {
    const steps = [
      stepOf('clean', { command: ['env'], env: { MODE: 'fast' } }),
      stepOf('masked', { shell: 'echo "key is $SHOP_KEY"', command: undefined, passEnv: ['SHOP_KEY'] }),
      stepOf('long', { shell: 'echo begin; head -c 3000000 /dev/zero; echo end', command: undefined }),
    ];
    const change = await world.open({ ...PLAIN, steps });
    const runner = bastion.run(change, {
      // It runs no script: it needs no multiplexer.
      args: ['--no-tmux'],
      env: {
        TMUX: '',
        SHOP_KEY: 'hunter2-hunter2',
        LD_LIBRARY_PATH: '/tmp/evil',
        NODE_OPTIONS: '--no-warnings',
      },
    });
    expect(await runner.ended, runner.text()).toBe(0);
    // In the output, in the terminal and in what is sent.
    expect(runner.text()).toContain('key is [masked]');
    expect(runner.text()).not.toContain('hunter2');
    const run = await runThat(world, change, () => true);
    const output = async (step: number) => {
      const file = `/api/v1/runs/${run.id}/files/output/steps-${step}-attempt-1.log`;
      return String((await world.asRunner('GET', file)).body);
    };
    const names = (await output(1))
      .trimEnd()
      .split('\n')
      .map((line) => line.split('=')[0]);
    expect(new Set(names)).toEqual(new Set(['PATH', 'HOME', 'LANG', 'MODE']));
    expect(await output(2)).toBe('key is [masked]\n');
    const long = await output(3);
    expect(long).toMatch(/^begin\n/);
    expect(long).toMatch(/end\n$/);
    expect(long).toContain('bytes left out');
  });
});

describe('a script', () => {
  const SCRIPT = '#!/bin/sh\necho "changed $1"\n';
  const sha256 = createHash('sha256').update(SCRIPT).digest('hex');
  const script = { path: 'change.sh', sha256, arguments: ['it'], dryRun: ['nothing'] };
  const steps = [stepOf('first', { command: undefined, script })];

  async function reviewed(): Promise<string> {
    const change = await world.open({ ...PLAIN, steps }, { 'change.sh': SCRIPT });
    const dry = bastion.interlock(['dry-run', change]);
    expect(await dry.ended, dry.text()).toBe(0);
    expect(dry.text()).toContain('changed nothing');
    return change;
  }

  it('is dry-run again before the start, and runs when nothing differs', async () => {
    const change = await reviewed();
    const runner = bastion.run(change);
    expect(await runner.ended, runner.text()).toBe(0);
    expect(runner.text()).toContain('ok, the same');
    expect(runner.text()).toContain('changed it');
  });

  it('outside a multiplexer is refused', async () => {
    const change = await reviewed();
    const runner = bastion.run(change, { env: { TMUX: '' }, args: ['--no-tmux'] });
    expect(await runner.ended).toBe(2);
    expect(runner.text()).toContain('✗ in-multiplexer:');
  });

  it('is refused without a dry run', async () => {
    const change = await world.open({ ...PLAIN, steps }, { 'change.sh': SCRIPT });
    const runner = bastion.run(change);
    expect(await runner.ended).toBe(2);
    expect(runner.text()).toContain('✗ dry-run-attached:');
  });

  it('attack 37: that was changed since the approval is not executed', async () => {
    const change = await reviewed();
    writeFileSync(path.join(bastion.state, 'change.sh'), SCRIPT.replace('changed', 'ruined'));
    const runner = bastion.run(change, { args: ['--scripts', bastion.state] });
    expect(await runner.ended).not.toBe(0);
    expect(runner.text()).not.toContain('ruined it');
    expect(runner.text()).toContain(`expected script \`change.sh\` with SHA-256 \`${sha256}\` as approved`);
  });

  it('whose repeated dry run differs waits until a reviewer and the EOC accept that', async () => {
    const counter = path.join(bastion.state, 'counter');
    writeFileSync(counter, '254\n');
    const text = `#!/bin/sh\ncat ${counter}\n`;
    const digest = createHash('sha256').update(text).digest('hex');
    const counting = { path: 'count.sh', sha256: digest, dryRun: [] };
    const change = await world.open(
      { ...PLAIN, steps: [stepOf('first', { command: undefined, script: counting })] },
      { 'count.sh': text },
    );
    expect(await bastion.interlock(['dry-run', change]).ended).toBe(0);
    writeFileSync(counter, '255\n');
    const refused = bastion.run(change);
    expect(await refused.ended).toBe(2);
    expect(refused.text()).toContain('✗ dry-run-unchanged:');
    expect(refused.text()).toMatch(/ 3 {2}254 +\| 255$/m);
    const own = bastion.interlock(['accept-difference', change, '--because', 'fine']);
    expect(await own.ended).toBe(2);
    const accepted = bastion.interlock(['accept-difference', change, '--because', 'one more'], {
      token: world.rhea.token,
    });
    expect(await accepted.ended, accepted.text()).toBe(0);
    expect(accepted.text()).toContain('accepted by rhea (reviewer); the EOC is still wanted');
    const shown = bastion.interlock(['difference', change]);
    expect(await shown.ended, shown.text()).toBe(0);
    expect(shown.text()).toMatch(/as reviewed +\| as repeated\n +3 {2}254 +\| 255\n/);
    expect(shown.text()).toContain('accepted by rhea as reviewer');
  });

  it('a command with a dry form is executed in it by the dry run, and its difference holds the start', async () => {
    const counter = path.join(bastion.state, 'rows');
    writeFileSync(counter, 'rows: 100\n');
    const step = stepOf('first', {
      command: ['/usr/bin/touch', `${counter}.done`],
      dryRun: ['/bin/cat', counter],
    });
    const change = await world.open({ ...PLAIN, steps: [step] });
    const dry = bastion.interlock(['dry-run', change]);
    expect(await dry.ended, dry.text()).toBe(0);
    expect(dry.text()).toContain('rows: 100');
    expect(existsSync(`${counter}.done`)).toBe(false);
    writeFileSync(counter, 'rows: 900\n');
    const refused = bastion.run(change);
    expect(await refused.ended).toBe(2);
    expect(refused.text()).toMatch(/rows: 100 +\| rows: 900$/m);
    writeFileSync(counter, 'rows: 100\n');
    const ran = bastion.run(change);
    expect(await ran.ended, ran.text()).toBe(0);
    expect(existsSync(`${counter}.done`)).toBe(true);
  });
});
