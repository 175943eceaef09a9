import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { bastionOf, type Bastion, type Runner } from '../kit/runner.ts';
import { CHECK, planOf, startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';
import { builtWeb, openWeb, type TestWeb } from '../kit/web.ts';

/** Waits for what events tell a page, on a machine that does other things besides. */
const SOON = { timeout: 60_000 };
const HOUR_MS = 3_600_000;

let world: RunWorld;
let bastion: Bastion;
/** Two people at browsers of their own: who plans it, and who is on call. */
let desk: TestWeb;
let phone: TestWeb;
let runner: Runner;
const change = 'CHG-1';

beforeAll(async () => {
  // A metric to watch needs a Prometheus, and a plan without one is the linter's test.
  world = await startRunWorld({ webRoot: builtWeb(), rulesOff: ['plan-complete'] });
  bastion = bastionOf(world);
  [desk, phone] = [await openWeb(world.server), await openWeb(world.server)];
  await phone.page.setViewportSize({ width: 390, height: 844 });
});
afterAll(async () => {
  await bastion.clear();
  await Promise.all([desk.stop(), phone.stop()]);
  await world.server.stop();
});

const wait = (name: string, seconds: number) => stepOf(name, { command: ['/bin/sleep', `${seconds}`] });

/** A change that needs a reviewer, the engineer on call and a slot. */
const PLAN = JSON.stringify(
  planOf({
    title: 'Give the shop a longer time-out',
    criticality: 'C3',
    severity: 'S3',
    team: ['ana', 'ben'],
    watch: [],
    steps: [wait('drain the first host', 1), wait('set the time-out', 0), wait('let it serve again', 0)],
    postchecks: [CHECK('the shop answers')],
  }),
);

/** The hour until the slot begins has passed: nobody waits for it here, and clocks stay as they are. */
async function anHourPasses(): Promise<void> {
  const owner = new Client({ connectionString: world.server.context.db.url });
  await owner.connect();
  await owner.query('update changes set slot = tstzrange(clock_timestamp(), upper(slot)) where id = $1', [
    change,
  ]);
  await owner.end();
}

const acts = (page: Page) => page.getByRole('group', { name: `What to do with ${change}` });
/** What has the focus and does not show it to who looks, or nothing. */
const UNSEEN = `(() => {
  const one = document.activeElement;
  // An editor is marked as a whole.
  const marks = one.closest('.cm-editor') ?? one;
  const { outlineStyle, outlineWidth } = getComputedStyle(marks);
  const { width, height, top, bottom } = one.getBoundingClientRect();
  const within = width > 1 && height > 1 && bottom > 0 && top < innerHeight;
  const marked = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
  return one === document.body || (within && marked) ? '' : one.outerHTML.slice(0, 200);
})()`;

/** Goes there by Tab alone, as who has no pointer: nothing on the way keeps the focus, or hides that it has it. */
async function reach(page: Page, place: Locator): Promise<Locator> {
  await place.waitFor(SOON);
  const isThere = async () => (await place.and(page.locator(':focus')).count()) > 0;
  for (let presses = 0; presses < 150 && !(await isThere()); presses += 1) {
    await page.keyboard.press('Tab');
    await expect.poll(() => page.evaluate(UNSEEN)).toBe('');
  }
  expect(await isThere()).toBe(true);
  return place;
}

/** Presses it by the keyboard. */
async function press(page: Page, place: Locator): Promise<void> {
  await reach(page, place);
  await page.keyboard.press('Enter');
}

/** The badge of its state, at the head of its page. */
const stateOf = (page: Page, state: string) => page.locator('[data-tone]', { hasText: state }).first();
const minute = (ms: number) => new Date(ms).toISOString().slice(0, 16);

describe('a change from its plan to its proven end, by the keyboard alone', { timeout: 240_000 }, () => {
  it('is opened from a file', async () => {
    await desk.signIn(world.ana, '/changes/new');
    const { page } = desk;
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      press(page, page.getByRole('button', { name: 'Choose files' })),
    ]);
    await chooser.setFiles({ name: 'plan.yaml', mimeType: 'application/yaml', buffer: Buffer.from(PLAN) });
    // The editor comes after the page, and is on the way.
    await page.locator('.cm-content').waitFor(SOON);
    await press(page, page.getByRole('button', { name: 'Open it' }));
    await desk.page.getByRole('heading', { name: `${change} Give the shop a longer time-out` }).waitFor(SOON);
  });

  it('is pencilled in, so that the engineer on call of that hour can review it', async () => {
    const { page } = desk;
    await press(page, acts(page).getByRole('button', { name: 'Schedule', exact: true }));
    const dialog = page.getByRole('dialog', { name: `Schedule ${change}` });
    const start = Date.now() + HOUR_MS;
    await (await reach(page, dialog.getByLabel('From, UTC'))).fill(minute(start));
    await (await reach(page, dialog.getByLabel('To, UTC'))).fill(minute(start + HOUR_MS));
    await dialog.getByText(/eoc-plan-review/).waitFor(SOON);
    await press(page, dialog.getByRole('button', { name: 'Only pencil it in' }));
    await page
      .getByText(/tentative/)
      .first()
      .waitFor(SOON);
  });

  it('is approved by a reviewer, and by the engineer on call on a phone', async () => {
    const digest = (await world.server.ask('GET', `/api/v1/changes/${change}`, { token: world.rhea.token }))
      .body.digest as string;
    for (const [who, as] of [
      [world.rhea, 'reviewer'],
      [world.cora, 'eoc'],
    ] as const) {
      await phone.signIn(who, `/changes/${change}`);
      await press(phone.page, acts(phone.page).getByRole('button', { name: 'Approve', exact: true }));
      const dialog = phone.page.getByRole('dialog', { name: `Approve ${change}` });
      await (await reach(phone.page, dialog.getByLabel('As'))).selectOption(as);
      await dialog.getByText(digest.slice(0, 19)).waitFor();
      await press(phone.page, dialog.getByRole('button', { name: `Approve ${change}` }));
      await expect.poll(() => phone.page.getByRole('dialog').count(), SOON).toBe(0);
    }
  });

  it('gets its slot when all have said yes', async () => {
    const { page } = desk;
    await press(page, acts(page).getByRole('button', { name: 'Move', exact: true }));
    const dialog = page.getByRole('dialog', { name: `Move ${change}` });
    await press(page, dialog.getByRole('button', { name: 'Ask for it' }));
    await page
      .getByText(/accepted/)
      .first()
      .waitFor(SOON);
    expect(desk.complaints).toEqual([]);
  });

  it('runs at the bastion, seen from both browsers while it does', async () => {
    await anHourPasses();
    await phone.signIn(world.cora, '/runs');
    runner = bastion.run(change);
    await press(phone.page, phone.page.getByRole('link', { name: /^RUN-|^run-/i }).first());
    await phone.page.getByRole('heading', { name: new RegExp(`of ${change}`) }).waitFor(SOON);
    await stateOf(desk.page, 'in-progress').waitFor(SOON);
    expect(await runner.ended, runner.text()).toBe(0);
    const steps = phone.page.getByRole('region', { name: 'Steps' }).getByRole('listitem');
    await expect
      .poll(() => steps.allTextContents(), SOON)
      .toEqual(Array.from({ length: 3 }, () => expect.stringContaining('succeeded')));
  });

  it('is complete on both, with every entry of its life in its history', async () => {
    await stateOf(desk.page, 'complete').waitFor(SOON);
    await press(desk.page, desk.page.getByRole('link', { name: 'History' }));
    const entries = desk.page.getByRole('region', { name: 'History' });
    await entries
      .getByRole('link', { name: /its proof/ })
      .first()
      .waitFor(SOON);
    for (const person of ['ana', 'rhea', 'cora', 'ben'])
      await expect.poll(() => entries.textContent(), SOON).toContain(person);
    await desk.page.getByRole('link', { name: 'Checks' }).click();
    await desk.page.getByText('the shop answers').first().waitFor(SOON);
    await desk.page.getByRole('link', { name: 'Approvals' }).click();
    await desk.page.getByRole('region', { name: 'By voice' }).waitFor();
    expect(await desk.barriers()).toEqual([]);
    await desk.picture('story-approvals');
    await desk.page.getByRole('link', { name: 'Discussion' }).click();
    await desk.page.setInputFiles('input[type=file]', {
      name: 'answers.log',
      mimeType: 'text/plain',
      buffer: Buffer.from('200 OK\n'),
    });
    await desk.page.getByRole('link', { name: 'answers.log' }).waitFor(SOON);
    expect(await desk.barriers()).toEqual([]);
    await desk.picture('story-discussion');
    expect([...desk.complaints, ...phone.complaints]).toEqual([]);
  });
});
