import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirmLock, expectStatus, slotIn, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { builtWeb, openWeb, type TestWeb } from '../kit/web.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let world: ChangeWorld;
let web: TestWeb;
let page: Page;
let moved: string;
/** The day of the slots: tomorrow, at hours that lie within it whatever the time is now. */
const tomorrow = Math.floor(Date.now() / DAY_MS + 1) * DAY_MS;
const day = new Date(tomorrow).toISOString().slice(0, 10);
const aheadOf = (hour: number) => tomorrow + hour * HOUR_MS - Date.now();

beforeAll(async () => {
  world = await startChangeWorld(
    // The hours of C1, the first in the file.
    (text) => text.replace("hours: ['00:00-24:00']", "hours: ['08:00-20:00']"),
    { webRoot: builtWeb() },
  );
  const first = await world.open();
  expectStatus(await first.say(world.ana, '/schedule', { slot: slotIn(aheadOf(9)), tentative: true }), 200);
  const second = await world.open({ set: { title: 'Move the mail to the new hosts' } });
  moved = second.id;
  expectStatus(await second.say(world.ana, '/schedule', { slot: slotIn(aheadOf(12)), tentative: true }), 200);
  const lock = await world.server.ask('POST', '/api/v1/locks', {
    token: world.mona.token,
    body: {
      kind: 'hard',
      environments: ['illumidesk.com'],
      category: 'other',
      reason: 'stocktaking',
      start: new Date(tomorrow + 18 * HOUR_MS).toISOString(),
      end: new Date(tomorrow + 21 * HOUR_MS).toISOString(),
    },
  });
  expectStatus(await confirmLock(world.server, world.vera, lock.body.id), 200);
  web = await openWeb(world.server);
  ({ page } = web);
});
afterAll(async () => {
  await web.stop();
  await world.server.stop();
});

const slotOf = async (id: string) =>
  (await world.server.ask('GET', `/api/v1/changes/${id}`, { token: world.ana.token })).body.slot;

describe('the calendar', () => {
  it('shows slots, locks and changes of shift of a week, a month and a day', async () => {
    await web.signIn(world.ana, `/calendar?day=${day}`);
    await page.getByText(`${moved} Move the mail`).waitFor();
    await page.getByText('hard lock: stocktaking').waitFor();
    await page.getByText('EOC: cora').first().waitFor();
    const closed = page.locator('[data-view=week] [class*=closed]');
    expect(await closed.count()).toBe(0);
    await page.getByLabel('Hours of').selectOption('C1');
    // Before eight and after eight, each day.
    await expect.poll(() => closed.count()).toBeGreaterThanOrEqual(14);
    expect(await web.barriers()).toEqual([]);
    await web.picture('calendar-week');
    await page.getByRole('button', { name: 'Month', exact: true }).click();
    await page.getByText(`${moved} Move the mail`).waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('calendar-month');
    await page.getByRole('button', { name: 'Day', exact: true }).click();
    await page.getByText(`${moved} Move the mail`).waitFor();
    await web.picture('calendar-day');
  });

  it('has a slot moved by dragging it, only when the server has said yes', async () => {
    const before = await slotOf(moved);
    const event = page.getByText(`${moved} Move the mail`);
    const box = await event.boundingBox();
    const other = await page.getByText('CHG-1 ', { exact: false }).first().boundingBox();
    if (!box || !other) throw new Error('expected both slots to be drawn');
    await page.mouse.move(box.x + box.width / 2, box.y + 5);
    await page.mouse.down();
    // Onto the other one, on the same service.
    await page.mouse.move(box.x + box.width / 2, (box.y + other.y) / 2, { steps: 5 });
    await page.mouse.move(box.x + box.width / 2, other.y + 5, { steps: 5 });
    await page.mouse.up();
    const dialog = page.getByRole('dialog', { name: `Move ${moved}` });
    await dialog.getByText('Conflicts that you know of').waitFor();
    expect(await slotOf(moved)).toEqual(before);
    expect(await web.barriers()).toEqual([]);
    await web.picture('calendar-move');
    await dialog.getByRole('button', { name: 'Only pencil it in' }).click();
    await dialog.waitFor({ state: 'detached' });
    const after = await slotOf(moved);
    expect(Date.parse(after.start)).toBeLessThan(Date.parse(before.start));
    await page.getByText(`▲ ${moved} Move the mail`).waitFor();
  });

  it('says by which rules a slot is refused', async () => {
    await page.getByRole('button', { name: 'Plan a slot' }).click();
    const dialog = page.getByRole('dialog', { name: 'Plan a slot' });
    await dialog.getByLabel('Change').selectOption('CHG-1');
    await dialog.getByLabel('From, UTC').fill(`${day}T18:30`);
    await dialog.getByLabel('To, UTC').fill(`${day}T19:30`);
    await dialog.getByRole('button', { name: 'Ask for it' }).click();
    await dialog.getByLabel(/^CHG-2 /).waitFor({ state: 'detached' });
    await dialog.getByRole('alert').getByText('The interlock refuses this slot.').waitFor();
    await dialog.getByText('hard-lock').first().waitFor();
    await page.keyboard.press('Escape');
  });

  it('gives an address for calendar programs, once', async () => {
    await page.getByLabel('What it is for').fill('my phone');
    await page.getByRole('button', { name: 'Make an address' }).click();
    const address = await page
      .getByText(/\/all\.ics$/)
      .first()
      .textContent();
    const answer = await fetch(address ?? '');
    expect(await answer.text()).toContain('BEGIN:VCALENDAR');
    await page.getByRole('table', { name: 'Your addresses' }).getByText('my phone').waitFor();
  });

  it('broke no rule of the content policy', () => {
    expect(web.complaints).toEqual([]);
  });
});
