import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunView } from '../../src/contract/runs.ts';
import {
  atFirstStep,
  CHECK,
  resultOf,
  startRunWorld,
  stepOf,
  stepReport,
  type RunWorld,
} from '../kit/run-world.ts';
import { builtWeb, openWeb, type TestWeb } from '../kit/web.ts';

let world: RunWorld;
let web: TestWeb;
let page: Page;
let run: RunView;
let runner: Awaited<ReturnType<typeof atFirstStep>>['runner'];
let told: Awaited<ReturnType<typeof atFirstStep>>['told'];

beforeAll(async () => {
  // Nothing here proves where a target is; and no runner is lost, however long a page takes.
  const timing = { leaseMs: 600_000 };
  world = await startRunWorld({ webRoot: builtWeb(), rulesOff: ['targets-in-environment'], timing });
  ({ run, runner, told } = await atFirstStep(world, {
    title: 'Give the shop a longer time-out',
    steps: [stepOf('drain the first host'), stepOf('set the time-out'), stepOf('let it serve again')],
  }));
  web = await openWeb(world.server);
  ({ page } = web);
});
afterAll(async () => {
  await web.stop();
  await world.server.stop();
});

/** What is measured between two stages of a rollout. */
const BETWEEN = { wait: '1 min', checks: [CHECK('errors are few')] };

/** As the server writes an instant into a reason. */
const AT = '2026-11-28T09:30:00.123Z';
/** What the server says of the run. */
const now = async () =>
  (await world.server.ask('GET', `/api/v1/runs/${run.id}`, { token: world.ana.token })).body;

/** The watched metric as a bastion measures it. */
function measured(value: number) {
  const because = `${value} is below 0.01`;
  const one = { verdict: 'pass', value, because, raw: '', measuredAt: new Date().toISOString() } as const;
  return { ...resultOf('error ratio'), measurements: [one] };
}

/** Hands in what a terminal showed, as a bastion does: as a file of the run, or as what came a moment ago. */
async function handIn(place: string, lines: readonly unknown[]): Promise<number> {
  const body = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
  const answer = await fetch(`${world.server.url}${runner.path}/${place}`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${world.ben.token}`,
      'interlock-bastion': world.bastion,
      'content-type': 'application/octet-stream',
    },
    body,
  });
  if (!answer.ok) throw new Error(`hand in: got \`${answer.status}\` ${await answer.text()}`);
  return Buffer.byteLength(body);
}

/** A recording of two seconds; answers its length. */
function record(text: string): Promise<number> {
  return handIn('files/recording/terminal-1-00000.cast', [
    { version: 2, width: 80, height: 12, timestamp: Math.floor(Date.now() / 1_000) },
    [0.1, 'o', `$ interlock run ${run.change}\r\n`],
    [2, 'o', `${text}\r\n`],
  ]);
}

describe('a run in the browser', () => {
  it('is seen from the first page, and shows its steps as they go', async () => {
    await web.signIn(world.cora);
    await page.getByRole('list', { name: 'At a glance' }).getByText('1 change runs').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('now-running');
    await page.getByRole('link', { name: run.id }).click();
    await page.getByRole('heading', { name: `${run.id} of ${run.change}` }).waitFor();
    const steps = page.getByRole('region', { name: 'Steps' }).getByRole('listitem');
    await expect.poll(() => steps.first().textContent()).toContain('granted');
    if (told.kind !== 'step') throw new Error(`expected a step, got \`${told.kind}\``);
    await runner.advance(stepReport(told, 'drain the first host'), { watched: [measured(0.002)] });
    await expect.poll(() => steps.first().textContent()).toContain('succeeded');
    await page
      .getByRole('region', { name: 'The interlock, asked last' })
      .getByText(/To step, .*allowed/)
      .waitFor();
    await page.getByRole('img', { name: 'error ratio since the run began' }).waitFor();
    await expect
      .poll(() => page.getByRole('region', { name: 'Watched metrics' }).textContent())
      .toMatch(/error ratio.*right when below 0\.01; rolled back when at least 0\.05/s);
  });

  it('shows the terminal as it goes on, until the reader looks back', async () => {
    const recorded = await record('the shop serves again');
    await page.getByText('the shop serves again').waitFor();
    const shows = page.getByRole('status', { name: 'What the terminal shows' });
    await expect.poll(() => shows.textContent()).toContain('live');
    const more = await handIn(`terminal/1/${recorded}`, [[3, 'o', 'one host of three\r\n']]);
    await page.getByText('one host of three').waitFor();
    await page.getByRole('button', { name: 'Look back' }).click();
    await expect.poll(() => shows.textContent()).toMatch(/looking back.*behind/);
    await handIn(`terminal/1/${recorded + more}`, [[4, 'o', 'two hosts of three\r\n']]);
    expect(await page.getByText('two hosts of three').count()).toBe(0);
    await page.getByRole('button', { name: 'Follow' }).click();
    await page.getByText('two hosts of three').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('run');
  });

  it('says why somebody may not go on with it, and does nothing then', async () => {
    const goOn = page.getByRole('button', { name: 'Go on' });
    await expect.poll(() => goOn.getAttribute('aria-disabled')).toBe('true');
    const why = page.locator(`[id="${await goOn.getAttribute('aria-describedby')}"]`);
    await expect.poll(() => why.textContent()).toContain('Expected a held run');
    await goOn.press('Enter');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('shows the instants within a reason as the page shows all of them', async () => {
    await page.route(new RegExp(`/api/v1/runs/${run.id}(/since/\\d+)?$`), async (route) => {
      const response = await route.fetch();
      const view = await response.json();
      const [first] = view.steps;
      if (first) view.steps[0] = { ...first, state: 'failed', because: `it ended at ${AT}` };
      const hold = { cause: 'metrics', because: `shut until ${AT}`, rules: [], since: AT, by: null };
      await route.fulfill({
        response,
        json: { ...view, hold: { ...hold, needsPerson: false, passes: 0 } },
      });
    });
    await web.go(`/runs/${run.id}`);
    for (const words of ['shut until', 'it ended at'])
      await page
        .getByText(new RegExp(`${words} [^Z]*28 Nov[^Z]*09:30`))
        .first()
        .waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    await web.go(`/runs/${run.id}`);
  });

  it('is held by the engineer on call, with a reason', async () => {
    await page.getByRole('button', { name: 'Hold', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: `Hold ${run.id}` });
    await dialog.getByLabel('Why').fill('The queue grows.');
    expect(await web.barriers()).toEqual([]);
    await web.picture('run-hold');
    await dialog.getByRole('button', { name: `Hold ${run.id}` }).click();
    await expect.poll(async () => (await now()).holdWanted).toBe(true);
    await page.getByText('at the next safe place').waitFor();
  });

  it('is vetoed by typing its name, and not by a slip', async () => {
    await page.getByRole('button', { name: 'Veto', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: `Veto ${run.change}` });
    await dialog.getByLabel('Why').fill('Not tonight.');
    await dialog.getByRole('button', { name: `Veto ${run.change}` }).press('Enter');
    await expect
      .poll(() => dialog.getByRole('status').textContent())
      .toContain(`\`${run.change}\` is to be typed`);
    await dialog.getByLabel(`Type ${run.change} to confirm`).fill(run.change);
    await dialog.getByRole('button', { name: `Veto ${run.change}` }).click();
    await page.getByRole('status', { name: 'What stops production' }).getByText('Not tonight.').waitFor();
    const { body } = await world.server.ask('GET', '/api/v1/vetoes', { token: world.ana.token });
    expect(body.vetoes).toContainEqual(expect.objectContaining({ change: run.change, by: 'cora' }));
  });

  it('stands on the pages that show what runs, beneath what stops it', async () => {
    await web.go('/runs');
    await page.getByRole('link', { name: run.id }).waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.go('/');
    await page.getByRole('progressbar', { name: `Steps of ${run.id}` }).waitFor();
    await page.getByRole('region', { name: 'On duty' }).getByText('cora').waitFor();
    await page
      .getByRole('region', { name: 'Proof of monitoring' })
      .getByText(/proven/)
      .first()
      .waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('now-busy');
  });

  it('has its veto lifted by whoever is on duty, who proves once more who they are', async () => {
    const password = 'a long and honest password';
    await world.server.ask('PUT', '/api/v1/people/cora/password', {
      token: world.server.admin.token,
      body: { password },
    });
    await web.signIn(world.cora);
    await page.getByRole('button', { name: 'Lift', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: /^Lift/ }).click();
    await dialog.getByLabel('Your password').fill(password);
    await dialog.getByRole('button', { name: /^Lift/ }).click();
    await page.getByText('Not tonight.').waitFor({ state: 'detached' });
    const { body } = await world.server.ask('GET', '/api/v1/vetoes', { token: world.ana.token });
    expect(body.vetoes).toEqual([]);
  });

  it('is handed off by its executor, and accepted by whoever is on call', async () => {
    await web.signIn(world.ben, `/runs/${run.id}`);
    await page.getByRole('link', { name: 'its hand-off' }).click();
    await page.getByRole('heading', { name: `Hand-off of ${run.id}` }).waitFor();
    const ended = page.getByLabel('How it ended');
    await expect.poll(() => ended.inputValue()).toContain('1 of 3 steps succeeded');
    await ended.fill('One host is drained; the others follow tomorrow.');
    expect(await web.barriers()).toEqual([]);
    await web.picture('hand-off');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: /^Send/ }).click();
    await page.getByText(/sent to cora/).waitFor();
    await web.signIn(world.cora);
    await page
      .getByRole('region', { name: 'Hand-offs that wait for you' })
      .getByRole('link', { name: 'Read and accept it' })
      .click();
    await page.getByText('the others follow tomorrow').waitFor();
    await web.picture('hand-off-written');
    await page.getByRole('button', { name: 'Accept', exact: true }).click();
    await dialog.getByRole('button', { name: /^Accept/ }).click();
    await page.getByText(/accepted by cora/).waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.go('/rotas');
    await page.getByText('No hand-off waits.').waitFor();
  });

  it('shows on the page of its change what each check came to and how far each target is', async () => {
    const touched = stepOf('touch {target}', { command: ['/bin/true', '{target}'] });
    const other = await atFirstStep(world, {
      title: 'Touch each of the hosts',
      targets: Array.from({ length: 90 }, (_, index) => ({ name: `web-${index + 1}`, type: 'host' })),
      steps: [{ forEach: 'targets', stages: [1, 'rest'], between: BETWEEN, steps: [touched] }],
      postchecks: [{ forEach: 'targets', checks: [CHECK('{target} is well', { targets: ['{target}'] })] }],
      estimate: { steps: '3 h', rollback: '5 min' },
    });
    if (other.told.kind !== 'step') throw new Error(`expected a step, got \`${other.told.kind}\``);
    const one = { ...measured(0.004).measurements[0], raw: 'HTTP/1.1 <b>200</b>' };
    const after = [{ ...resultOf('touch web-1 done'), measurements: [one] }];
    await other.runner.advance(stepReport(other.told, 'touch web-1', { after }));
    await web.go(`/changes/${other.run.change}?part=targets`);
    await page.getByText('90 targets in 2 stages: 1, then 89, measured between them').waitFor();
    const targets = page.getByRole('list', { name: 'Targets' }).getByRole('listitem');
    await expect.poll(() => targets.first().textContent()).toMatch(/web-1.*stage 1 of 2.*done/);
    // Of so many only those in sight are drawn.
    await expect.poll(() => targets.count()).toBeLessThan(60);
    await expect.poll(() => targets.last().getAttribute('aria-setsize')).toBe('90');
    expect(await web.barriers()).toEqual([]);
    await web.picture('change-targets-run');
    await page.getByLabel('State of the target').selectOption('done');
    await expect.poll(() => targets.count()).toBe(1);
    await page.getByRole('link', { name: 'Checks' }).click();
    await page.getByLabel('Which checks').selectOption('measured');
    const checks = page.getByRole('list', { name: 'Checks' });
    const check = checks.getByRole('listitem').filter({ hasText: 'touch web-1 done' });
    await check.getByText('passed').waitFor();
    await expect.poll(() => check.textContent()).toMatch(/0\.004.*by RUN-\d+/);
    await check.getByText('Its raw answer').click();
    await check.getByText('HTTP/1.1 <b>200</b>').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('change-checks-run');
  });

  it('broke no rule of its content policy', () => {
    expect(web.complaints).toEqual([]);
  });
});
