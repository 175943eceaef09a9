import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bastionOf, runThat, type Bastion } from '../kit/runner.ts';
import { startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';

const SOCKET = `interlock-manual-${process.pid}`;
const INSIDE = { TMUX: '', INTERLOCK_TMUX_SOCKET: SOCKET, SHOP_KEY: 'hunter2-hunter2' };

let world: RunWorld;
let bastion: Bastion;
beforeAll(async () => {
  world = await startRunWorld({
    rulesOff: ['plan-complete', 'kind-honest', 'awareness'],
    timing: { heartbeatMs: 250, killGraceMs: 1_000 },
  });
  bastion = bastionOf(world);
});
afterAll(async () => {
  await bastion.clear();
  await world.server.stop();
  try {
    tmux('kill-server');
  } catch {
    // Its last session has ended it.
  }
});

const tmux = (...args: readonly string[]) =>
  execFileSync('tmux', ['-L', SOCKET, ...args], { encoding: 'utf8', stdio: 'pipe' });

function onScreen(): string {
  try {
    return tmux('capture-pane', '-p', '-J');
  } catch {
    // Its session is not there yet.
    return '';
  }
}

/** Types an answer once the question is on the screen. */
async function answer(question: string, text: string): Promise<void> {
  for (let waited = 0; ; waited += 100) {
    const screen = onScreen();
    if (screen.includes(question)) break;
    if (waited > 20_000) throw new Error(`expected the question \`${question}\`, got:\n${screen}`);
    await sleep(100);
  }
  tmux('send-keys', '-l', text);
  tmux('send-keys', 'Enter');
}

const byHand = (evidence: Record<string, string>) => ({
  watch: [],
  steps: [
    stepOf('click', {
      command: undefined,
      passEnv: ['SHOP_KEY'],
      manual: { instructions: 'Set it on the page.', confirm: 'It is set.', evidence },
    }),
  ],
});

it('keeps a line that shows what was done by hand, masked, before it takes the statement', async () => {
  const change = await world.open(byHand({ kind: 'text', what: 'The value on the page' }));
  const runner = bastion.run(change, { env: INSIDE });
  await answer('The value on the page:', '8 MB, key hunter2-hunter2');
  await answer('type yes to state: It is set.', 'yes');
  expect(await runner.ended, runner.text()).toBe(0);
  const run = await runThat(world, change, ({ state }) => state === 'succeeded');
  const kept = await world.asRunner('GET', `/api/v1/runs/${run.id}/files/output/steps-1-attempt-1.evidence`);
  expect(kept.body).toBe('8 MB, key [masked]\n');
});

it('takes a file as evidence, and no statement without one', async () => {
  const change = await world.open(byHand({ kind: 'file', what: 'A picture of the page' }));
  const runner = bastion.run(change, { env: INSIDE });
  await answer('A picture of the page, path of the file:', '/nowhere/page.png');
  await runner.said('⏸ held');
  expect(runner.text()).toContain('expected a file that can be read as evidence, got `ENOENT`');
  const run = await runThat(world, change, ({ state }) => state === 'held');
  writeFileSync(path.join(bastion.state, 'page.png'), 'a picture');
  // The question stands on the screen already, and is to be seen asked again.
  tmux('send-keys', '-R');
  expect((await world.say(run, 'go-on')).status).toBe(200);
  await answer('A picture of the page, path of the file:', path.join(bastion.state, 'page.png'));
  await answer('type yes to state: It is set.', 'yes');
  expect(await runner.ended, runner.text()).toBe(0);
  const kept = await world.asRunner('GET', `/api/v1/runs/${run.id}/files/output/steps-1-attempt-2.evidence`);
  expect(kept.body).toBe('a picture');
});
