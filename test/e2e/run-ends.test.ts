import { sql } from 'kysely';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepLeases } from '../../src/app/run/sweep.ts';
import {
  atFirstStep,
  POSTCHECKS,
  startRunWorld,
  stepOf,
  stepReport,
  type RunWorld,
} from '../kit/run-world.ts';
import { builtWeb, openWeb, type TestWeb } from '../kit/web.ts';

let world: RunWorld;
let web: TestWeb;
let page: Page;

beforeAll(async () => {
  // However long a page takes, no runner here is lost but where a test says so.
  const timing = { leaseMs: 600_000 };
  world = await startRunWorld({ webRoot: builtWeb(), rulesOff: ['targets-in-environment'], timing });
  web = await openWeb(world.server);
  ({ page } = web);
});
afterAll(async () => {
  await web.stop();
  await world.server.stop();
});

type Begun = Awaited<ReturnType<typeof atFirstStep>>;

/** Carries steps out on paper, one after the other, until so many succeeded. */
async function carryOut({ runner, told }: Begun, names: readonly string[]): Promise<Begun['told']> {
  let next = told;
  for (const name of names) {
    if (next.kind !== 'step') throw new Error(`expected a step, got \`${next.kind}\``);
    next = (await runner.advance(stepReport(next, name))).body.instruction;
  }
  return next;
}

const focused = (what: string) =>
  page.evaluate(`(() => { const one = document.activeElement; return ${what}; })()`);
const badge = (place: Locator, says: string) => place.locator('[data-tone]', { hasText: says });
describe('a run of very many steps', () => {
  const names = Array.from({ length: 120 }, (_, index) => `touch host ${index + 1}`);
  let begun: Begun;

  it('has a window of its own, which goes along with it while the page stays', async () => {
    begun = await atFirstStep(world, {
      steps: names.map((name) => stepOf(name)),
      estimate: { steps: '3 h', rollback: '5 min' },
    });
    await web.signIn(world.cora, `/runs/${begun.run.id}`);
    const list = page.getByRole('list', { name: 'Steps in their order' });
    const shown = (step: number) =>
      page.evaluate(`(() => {
        const list = document.querySelector('[aria-label="Steps in their order"][data-long]');
        const [own, row] = [list, list.children[${step}]].map((one) => one.getBoundingClientRect());
        return own.top <= row.top + 2 && row.bottom <= own.bottom + 2;
      })()`);
    await list.waitFor();
    await expect.poll(() => list.getByRole('listitem').count()).toBe(120);
    await expect.poll(() => shown(0)).toBe(true);
    await expect.poll(() => shown(20)).toBe(false);
    await page.getByRole('progressbar', { name: 'Steps in their order' }).waitFor();
    begun = { ...begun, told: await carryOut(begun, names.slice(0, 20)) };
    // Once all of it has come nothing scrolls by itself any more.
    await badge(list.getByRole('listitem').nth(20), 'granted').waitFor();
    await expect.poll(() => shown(20)).toBe(true);
    expect(await page.evaluate('scrollY')).toBe(0);
    // It is read without a pointer too.
    await list.focus();
    await page.keyboard.press('End');
    await expect.poll(() => shown(119)).toBe(true);
    expect(await page.evaluate('scrollY')).toBe(0);
    expect(await web.barriers()).toEqual([]);
    await web.picture('run-long');
  });

  it('has dialogs that take the focus, keep it, and give it back', async () => {
    const hold = page.getByRole('button', { name: 'Hold', exact: true });
    const back = 'one.textContent.slice(0, 40)';
    for (const leave of ['Escape', 'Leave it', 'act'] as const) {
      await hold.focus();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog', { name: `Hold ${begun.run.id}` });
      await dialog.waitFor();
      for (let presses = 0; presses < 8; presses += 1) {
        // Beyond its last place is the browser's own bar, never the page beneath.
        await expect
          .poll(() => focused(`one.closest('dialog') !== null || one === document.body`))
          .toBe(true);
        await page.keyboard.press('Tab');
      }
      if (leave === 'Escape') await page.keyboard.press('Escape');
      if (leave === 'Leave it') await dialog.getByRole('button', { name: leave }).press('Enter');
      if (leave === 'act') {
        await dialog.getByLabel('Why').fill('The queue grows.');
        await dialog.getByRole('button', { name: /^Hold/ }).press('Enter');
      }
      await dialog.waitFor({ state: 'detached' });
      await expect.poll(() => focused(back), { message: leave }).toBe('Hold');
    }
  });
});

const blocked = (name: string) =>
  page.getByRole('button', { name, exact: true }).getAttribute('aria-disabled');

describe('a veto', () => {
  let begun: Begun;

  it('of somebody else stops a run on a page that stands open', async () => {
    begun = await atFirstStep(world);
    await web.signIn(world.ira, `/runs/${begun.run.id}`);
    await page.getByRole('group', { name: `What to do with ${begun.run.id}` }).waitFor();
    const body = { change: begun.run.change, reason: 'The queue grows.', stopsRollback: false };
    const laid = await world.server.ask('POST', '/api/v1/vetoes', { token: world.cora.token, body });
    expect(laid.body).toMatchObject({ change: begun.run.change, by: 'cora' });
    const stops = page.getByRole('status', { name: 'What stops production' });
    await expect.poll(() => stops.textContent()).toContain(`${begun.run.change}, by cora: The queue grows.`);
  });

  it('is not lifted while the server does not answer, and what stops may be tried all the same', async () => {
    await expect.poll(() => blocked('Lift')).toBeNull();
    await page.getByRole('button', { name: 'Lift', exact: true }).click();
    const lift = page.getByRole('dialog').getByRole('button', { name: /^Lift/ });
    await page.context().setOffline(true);
    await page.getByText(/Offline\. What you see is from \d\d:\d\d:\d\d\sUTC/).waitFor({ state: 'attached' });
    await expect.poll(() => lift.getAttribute('aria-disabled')).toBe('true');
    await lift.press('Enter');
    await page.keyboard.press('Escape');
    await expect.poll(() => blocked('Lift')).toBe('true');
    await page.getByText('The server does not answer: what is shown may be old.').first().waitFor();
    await expect.poll(() => blocked('Hold')).toBeNull();
    await page.context().setOffline(false);
    await page.getByText(/Offline/).waitFor({ state: 'detached' });
    await expect.poll(() => blocked('Lift')).toBeNull();
    const { body } = await world.server.ask('GET', '/api/v1/vetoes', { token: world.ana.token });
    expect(body.vetoes).toHaveLength(1);
  });

  it('ends with its run aborted, and another is tried from its plan', async () => {
    await carryOut(begun, ['first']);
    await badge(page.locator('main'), 'held').waitFor();
    expect((await world.say(begun.run, 'abort')).body).toMatchObject({ id: begun.run.id });
    await web.signIn(world.ana, `/changes/${begun.run.change}`);
    await page.getByRole('link', { name: 'Try again' }).click();
    await page.getByText('For the text as it stands.').waitFor();
    await page.getByRole('button', { name: 'Open it' }).click();
    await page.waitForURL(/\/changes\/CHG-\d+$/);
    const id = page.url().split('/').at(-1) ?? '';
    const { body } = await world.server.ask('GET', `/api/v1/changes/${id}`, { token: world.ana.token });
    expect(body).toMatchObject({ clonedFrom: begun.run.change, approvals: [], slot: null });
  });
});

describe('a run whose runner was lost', () => {
  it('has the step of which nobody heard settled by who looked', async () => {
    const { run } = await atFirstStep(world);
    await sql`update runs set lease_expires_at = now() - interval '1 ms', take_over_from = now() where id = ${run.id}`.execute(
      world.server.context.db,
    );
    await sweepLeases(world.server.context);
    await web.signIn(world.ben, `/runs/${run.id}`);
    const step = page.getByRole('region', { name: 'Steps' }).getByRole('listitem').first();
    await badge(step, 'unknown').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('run-unknown');
    await step.getByRole('button', { name: 'Settle' }).click();
    const dialog = page.getByRole('dialog', { name: 'Settle first' });
    await dialog.getByLabel('Why').fill('The host has the new setting: I read it there.');
    await dialog.getByRole('button', { name: 'Settle first' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('What it did').selectOption('happened');
    const entries = (await world.server.ledger()).length;
    await dialog.getByRole('button', { name: 'Settle first' }).click();
    await badge(step, 'unknown').waitFor({ state: 'detached' });
    const { body } = await world.asRunner('GET', `/api/v1/runs/${run.id}`);
    expect(body.steps[0].state).toBe('succeeded');
    const recorded = (await world.server.ledger()).slice(entries);
    expect(recorded).toContainEqual(
      expect.objectContaining({ outcome: 'allow', actor: expect.objectContaining({ subject: 'ben' }) }),
    );
  });
});

describe('the end of a run', () => {
  it('is seen on a page that stands open, and its recording is there for who comes afterwards', async () => {
    const begun = await atFirstStep(world);
    const recording = [
      { version: 2, width: 80, height: 12, timestamp: Math.floor(Date.now() / 1_000) },
      [0.1, 'o', 'the shop serves again\r\n'],
    ];
    await fetch(`${world.server.url}${begun.runner.path}/files/recording/terminal-1-00000.cast`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${world.ben.token}`,
        'interlock-bastion': world.bastion,
        'content-type': 'application/octet-stream',
      },
      body: recording.map((line) => `${JSON.stringify(line)}\n`).join(''),
    });
    await web.signIn(world.cora, `/runs/${begun.run.id}`);
    await page.getByText('the shop serves again').waitFor();
    await carryOut(begun, ['first', 'second']);
    await begun.runner.advance(POSTCHECKS);
    await badge(page.locator('main'), 'succeeded').first().waitFor();
    await page.getByRole('group', { name: `What to do with ${begun.run.id}` }).waitFor({ state: 'detached' });
    await page.reload();
    const shows = page.getByRole('status', { name: 'What the terminal shows' });
    await expect.poll(() => shows.textContent()).toMatch(/recording.*UTC to/);
    await page
      .getByRole('group', { name: 'Steps in the recording' })
      .getByRole('button', { name: 'second' })
      .waitFor();
    await page.getByText('the shop serves again').waitFor();
    await page.getByRole('button', { name: 'Follow' }).waitFor({ state: 'detached' });
    expect(await web.barriers()).toEqual([]);
    await web.picture('run-ended');
  });

  it('and all before it broke no rule of the content policy', () => {
    expect(web.complaints).toEqual([]);
  });
});
