import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aheadOf, DAY_MS, day, dayAfter, startCalendarWorld, tomorrow } from '../kit/calendar-world.ts';
import { expectStatus, slotIn, type ChangeWorld } from '../kit/changes.ts';
import { holdDown, lift, swipe, tap } from '../kit/finger.ts';
import { manyChanges } from '../kit/many-changes.ts';
import { builtWeb, openWeb, type TestWeb } from '../kit/web.ts';

let world: ChangeWorld;
let web: TestWeb;
let page: Page;
let moved: string;

beforeAll(async () => {
  const calendar = await startCalendarWorld(builtWeb());
  ({ moved } = calendar);
  world = calendar;
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
    await page.getByText(`${moved} Move the mail`).first().waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('calendar-day');
  });

  it('opens a month at the week of its day, at its end too', async () => {
    // On a Monday, which begins the sixth week.
    await web.go('/calendar?view=month&day=2026-08-31');
    const last = page.locator(`[data-day="${Date.parse('2026-08-31')}"]`);
    // All of it is on the screen, whose height is 900.
    await expect.poll(async () => (await last.boundingBox())?.y ?? Number.NaN).toBeLessThan(760);
  });

  it('has a slot drawn on a month by a finger that stays, by none that taps or scrolls', async () => {
    await web.go(`/calendar?view=month&day=${day}&criticality=C1`);
    await page.getByText(`${moved} Move the mail`).waitFor();
    const cdp = await page.context().newCDPSession(page);
    await page.locator(`[data-day="${tomorrow}"]`).scrollIntoViewIfNeeded();
    const corner = (dayMs: number) => page.locator(`[data-day="${dayMs}"]`).boundingBox();
    const dialog = page.getByRole('dialog', { name: 'Plan a slot' });
    for (const brief of [tap, swipe]) {
      await brief(cdp, await corner(tomorrow + DAY_MS));
      await holdDown(cdp, await corner(tomorrow));
      // Had another been taken for one that stays, its day would stand here: it came before.
      expect(await dialog.getByLabel('From, UTC').inputValue()).toBe(`${day}T08:00`);
      await lift(cdp);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
  });

  it('has a slot drawn on a month: by a press on a day, by pulling over days, by a key', async () => {
    await web.go(`/calendar?view=month&day=${day}&criticality=C1`);
    const next = tomorrow + DAY_MS;
    // Week by week: what is measured before the last one is drawn lies elsewhere afterwards.
    await page.locator('[data-view=month][aria-busy=false]').waitFor();
    const corner = async (dayMs: number) => {
      const box = await page.locator(`[data-day="${dayMs}"]`).boundingBox();
      if (!box) throw new Error('expected the day to be drawn');
      return [box.x + box.width - 6, box.y + box.height - 6] as const;
    };
    const dialog = page.getByRole('dialog', { name: 'Plan a slot' });
    const fields = async () => {
      const texts = [await dialog.getByLabel('From, UTC').inputValue()];
      texts.push(await dialog.getByLabel('To, UTC').inputValue());
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      return texts;
    };
    await page.getByText(`${moved} Move the mail`).waitFor();
    await page.locator(`[data-day="${next}"]`).scrollIntoViewIfNeeded();
    // The first hour that C1 has on a day.
    await page.mouse.click(...(await corner(tomorrow)));
    expect(await fields()).toEqual([`${day}T08:00`, `${day}T09:00`]);
    await page.mouse.move(...(await corner(tomorrow)));
    await page.mouse.down();
    await page.mouse.move(...(await corner(next)), { steps: 4 });
    const held = page.getByRole('status', { name: 'Where the slot is held' });
    await held.getByText('A new slot').waitFor();
    await held.getByText('outside the hours of C1').waitFor();
    await held.getByText('hard lock: stocktaking').waitFor();
    await web.picture('calendar-month-drawn');
    await page.mouse.up();
    expect(await fields()).toEqual([`${day}T08:00`, `${dayAfter}T20:00`]);
    await expect.poll(() => held.textContent()).toBe('');
    await page.locator(`[data-day="${next}"]`).getByRole('link').first().focus();
    await page.keyboard.press('p');
    expect(await fields()).toEqual([`${dayAfter}T08:00`, `${dayAfter}T09:00`]);
  });

  it('has a slot moved on a month from day to day, at its hour; Escape lets it be', async () => {
    await web.go(`/calendar?view=month&day=${day}`);
    await page.locator('[data-view=month][aria-busy=false]').waitFor();
    const held = page.getByRole('status', { name: 'Where the slot is held' });
    const pull = async () => {
      await page.getByText(`${moved} Move the mail`).hover();
      await page.mouse.down();
      await page.locator(`[data-day="${tomorrow + DAY_MS}"]`).hover({ position: { x: 9, y: 90 } });
      await held.getByText(moved).waitFor();
    };
    await pull();
    await page.keyboard.press('Escape');
    await expect.poll(() => held.textContent()).toBe('');
    await page.mouse.up();
    await pull();
    await page.mouse.up();
    // Had Escape let it go, a dialog would have stood before the second pull.
    const dialog = page.getByRole('dialog', { name: `Move ${moved}` });
    await expect.poll(() => dialog.getByLabel('From, UTC').inputValue()).toBe(`${dayAfter}T12:00`);
    await expect.poll(() => dialog.getByLabel('To, UTC').inputValue()).toBe(`${dayAfter}T13:00`);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Day', exact: true }).click();
    await page.getByText(`${moved} Move the mail`).first().waitFor();
  });

  it('shows where an override begins and ends', async () => {
    const grid = page.locator('[data-view=day]');
    const top = async (text: string) => (await grid.getByText(text).boundingBox())?.y ?? Number.NaN;
    const apart = async (one: string, other: string) => (await top(one)) - (await top(other));
    // Until the hours are as high as they will be, nothing lies where it belongs.
    await expect
      .poll(async () => (await apart('EOC: cora', 'EOC: rolf')) - (await apart('10:00 UTC', '06:00 UTC')))
      .toBeCloseTo(0, 0);
    const rows = page.getByRole('table', { name: 'All of this day' }).getByRole('row');
    const of = (text: string) => rows.filter({ hasText: text }).allTextContents();
    await expect.poll(() => of('EOC: rolf')).toEqual([expect.stringMatching(/02:00\sUTC.*06:00\sUTC/)]);
    expect((await of('EOC: cora')).at(-1)).toMatch(/06:00\sUTC/);
  });

  it('is read, planned and moved without a pointer', async () => {
    await page.getByRole('button', { name: `Look at or move ${moved}` }).press('Enter');
    const card = page.getByRole('dialog', { name: `${moved} Move the mail` });
    await card.getByText('only pencilled in').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('calendar-card');
    await card.getByRole('button', { name: 'Move it' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: `Move ${moved}` });
    await dialog.getByLabel('From, UTC').fill(`${day}T18:30`);
    await dialog.getByLabel('To, UTC').fill(`${day}T19:30`);
    const verdict = dialog.getByRole('group', { name: 'Verdict' });
    await verdict.getByText('the interlock would refuse it').waitFor();
    await verdict.getByText('hard-lock').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('p');
    await page.getByRole('dialog', { name: 'Plan a slot' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Week', exact: true }).click();
  });

  it('has a slot moved by dragging it, only when the server has said yes', async () => {
    const before = await slotOf(moved);
    const event = page.getByText(`${moved} Move the mail`);
    // It waits until the slot lies still: the hours are drawn before they are as high as they will be.
    await event.hover({ position: { x: 20, y: 5 } });
    const box = await event.boundingBox();
    const other = await page.getByText('CHG-1 ', { exact: false }).first().boundingBox();
    if (!box || !other) throw new Error('expected both slots to be drawn');
    await page.mouse.down();
    // Onto the other one, on the same service.
    await page.mouse.move(box.x + 20, (box.y + other.y) / 2, { steps: 5 });
    await page.mouse.move(box.x + 20, other.y + 5, { steps: 5 });
    const held = page.getByRole('status', { name: 'Where the slot is held' });
    await held.getByText('CHG-1 Raise work_mem', { exact: false }).waitFor();
    await held.getByText(/the interlock would (?:accept|refuse) it/).waitFor();
    await web.picture('calendar-held');
    // What somebody else does meanwhile lets nothing go.
    const heard = page.waitForResponse(
      async (answer) =>
        answer.url().includes('/calendar?') && (await answer.text()).includes('Mend the printer'),
    );
    const third = await world.open({ set: { title: 'Mend the printer' } });
    expectStatus(
      await third.say(world.ana, '/schedule', { slot: slotIn(aheadOf(15)), tentative: true }),
      200,
    );
    await heard;
    await page.mouse.up();
    // The calendar lets go in its own time.
    await expect.poll(() => held.textContent()).toBe('');
    await page.getByText('Mend the printer').waitFor();
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
    await dialog.waitFor({ state: 'detached' });
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

  it('shows a thousand changes: some of each day, and all of it on its day', async () => {
    const crowded = tomorrow + 70 * DAY_MS;
    await world.asOwner(manyChanges(crowded));
    const name = new Date(crowded).toISOString().slice(0, 10);
    await web.go(`/calendar?view=month&day=${name}`);
    const month = page.getByRole('table', { name: 'Month' });
    const whole = month.getByRole('link', { name: /, all 404 of / });
    await whole.getByText('+400 more').waitFor();
    expect(await month.getByRole('button').count()).toBeLessThanOrEqual(42 * 4);
    // Each is beside two others on its service.
    await whole.getByText('404 in conflict').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('calendar-thousand-month');
    await web.go(`/calendar?view=week&day=${name}`);
    const week = page.locator('[data-view=week]');
    await week.getByText('CHG-').first().waitFor();
    expect(await week.getByText('CHG-').count()).toBeLessThanOrEqual(7 * 24);
    await web.picture('calendar-thousand-week');
    await page.getByRole('link', { name: /^\+380 more on / }).click();
    const rows = page.getByRole('table', { name: 'All of this day' }).getByRole('row');
    for (const more of ['Show 100 more of', 'Show 100 more of', 'Show 100 more of', 'Show'])
      await page.getByRole('button', { name: more }).click();
    // Those who are on call, and the row of names.
    await expect.poll(() => rows.filter({ hasText: 'CHG-' }).count()).toBe(404);
    await page.getByRole('button', { name: /^Show/ }).waitFor({ state: 'detached' });
  });

  it('broke no rule of the content policy', () => {
    expect(web.complaints).toEqual([]);
  });
});
