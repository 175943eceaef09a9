import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tellPeople } from '../../src/app/notice/tell.ts';
import { openTask } from '../../src/app/task/open.ts';
import { transact } from '../../src/store/database.ts';
import { expectStatus, openAs, slotIn, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { builtWeb, openWeb, type TestWeb } from '../kit/web.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const minute = (ms: number) => new Date(Date.now() + ms).toISOString().slice(0, 16);

let world: ChangeWorld;
let web: TestWeb;
let page: Page;

beforeAll(async () => {
  world = await startChangeWorld(undefined, { webRoot: builtWeb() });
  const change = await world.open();
  expectStatus(await change.say(world.ana, '/schedule', { slot: slotIn(3 * HOUR_MS), tentative: true }), 200);
  web = await openWeb(world.server);
  ({ page } = web);
});
afterAll(async () => {
  await web.stop();
  await world.server.stop();
});

describe('an incident', () => {
  it('is declared by anybody, and stands above every page at once', async () => {
    await web.signIn(world.ben, '/incidents');
    await page.getByText('Nothing burns.').waitFor();
    await page.getByRole('button', { name: 'Declare an incident' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What burns').fill('Orders are lost');
    await dialog.getByLabel('How bad').selectOption('S2');
    expect(await web.barriers()).toEqual([]);
    await dialog.getByRole('button', { name: 'Declare an incident' }).click();
    await page.getByRole('heading', { level: 1, name: 'INC-1 Orders are lost' }).waitFor();
    await page.getByRole('status', { name: 'What stops production' }).getByText('Orders are lost').waitFor();
  });

  it('shows what it stops and keeps a record that anybody may write into', async () => {
    await page.getByLabel('A note for the record').fill('The queue is full since 14:00');
    await page.getByRole('button', { name: 'Write it down' }).click();
    await page
      .getByRole('list', { name: /What was said/ })
      .getByText('The queue is full')
      .waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('incident');
    await page.getByRole('link', { name: 'Incidents' }).first().click();
    await page.getByRole('region', { name: 'What they stop' }).getByText('CHG-1').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('incidents');
  });

  it('is resolved by who is on duty, and by nobody else', async () => {
    await page.getByRole('link', { name: 'Open its record' }).click();
    const resolve = page.getByRole('button', { name: 'Resolve' });
    await expect.poll(() => resolve.getAttribute('aria-disabled')).toBe('true');
    await web.signIn(world.cora, '/incidents/INC-1');
    await resolve.click();
    await page.getByRole('dialog').getByLabel('Why').fill('The queue was emptied');
    await page.getByRole('dialog').getByRole('button', { name: 'Resolve INC-1' }).click();
    await page.getByText(/by cora: The queue was emptied/).waitFor();
    await page.getByText(/resolved, S2/).waitFor();
  });

  it('is found again behind all that were resolved since, page by page', async () => {
    await world.asOwner(`
      insert into incidents (title, severity, source, opened_by, opened_at, resolved_at, resolved_by, resolution)
      select 'Slow again', 'S3', 'app', 'ben', now(), now(), 'cora', 'It is fast' from generate_series(1, 100)`);
    await web.signIn(world.cora, '/incidents');
    const oldest = page.getByRole('link', { name: 'INC-1', exact: true });
    const more = page.getByRole('button', { name: 'More', exact: true });
    await more.waitFor();
    expect(await oldest.count()).toBe(0);
    await more.click();
    await oldest.waitFor();
    await more.waitFor({ state: 'detached' });
  });
});

describe('what concerns one person', () => {
  it('is counted on every page, and read, marked and done on one', async () => {
    const dueAt = new Date(Date.now() - HOUR_MS);
    await transact(world.server.context.db, async (tx) => {
      const about = 'change/CHG-1';
      await tellPeople(tx, {
        to: ['cora'],
        key: 'told',
        kind: 'test',
        about,
        body: 'Your review is wanted.',
      });
      await openTask(tx, {
        key: 'late',
        kind: 'emergency-review',
        title: 'Review it now',
        owner: 'cora',
        dueAt,
      });
    });
    await web.signIn(world.cora, '/incidents');
    await page.getByRole('link', { name: /^For you: [1-9]/ }).click();
    const tasks = page.getByRole('region', { name: 'To catch up on' });
    await tasks.getByText('overdue').waitFor();
    const notices = page.getByRole('list', { name: 'Notices' });
    await expect.poll(() => notices.textContent()).toMatch(/Your review is wanted\..*CHG-1/);
    expect(await web.barriers()).toEqual([]);
    await web.picture('yours');
    await page.getByRole('button', { name: 'Mark all as read' }).click();
    await page.getByRole('link', { name: 'For you: nothing new' }).waitFor();
    await tasks.getByRole('button', { name: 'Done' }).click();
    const dialog = page.getByRole('dialog', { name: 'Done TASK-1' });
    await dialog.getByLabel('How it ended').fill('It is reviewed.');
    await dialog.getByRole('button', { name: 'Done TASK-1' }).click();
    await tasks.getByText('Nothing is left to catch up on.').waitFor();
  });
});

describe('a rota', () => {
  it('shows who is on duty, and where nobody will be', async () => {
    await page.getByRole('link', { name: 'Rotas' }).first().click();
    const eoc = page.getByRole('article', { name: /^EOC/ });
    await eoc.getByText('cora').waitFor();
    await page.getByRole('list', { name: 'Gaps' }).getByText('EOC').waitFor();
    await page.getByRole('img', { name: /^Nobody as IMOC/ }).waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('rotas');
  });

  it('passes on by an offer that the other one accepts', async () => {
    await page.getByRole('button', { name: 'Hand over' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('To whom').selectOption('ben');
    await dialog.getByRole('button', { name: 'Hand over EOC' }).click();
    await page.getByRole('button', { name: 'Withdraw' }).waitFor();
    await page.getByRole('article', { name: /^EOC/ }).getByText('cora').waitFor();
    await web.signIn(world.ben, '/rotas');
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Accept HAND-1' }).click();
    await page.getByRole('article', { name: /^EOC/ }).getByText('ben', { exact: true }).waitFor();
    await page
      .getByRole('table', { name: /^Hand-overs/ })
      .getByText('accepted')
      .waitFor();
  });

  it('is overridden by an administrator alone', async () => {
    const override = page.getByRole('button', { name: 'Override' });
    await expect.poll(() => override.getAttribute('aria-disabled')).toBe('true');
    await web.signIn(world.server.admin, '/rotas');
    await override.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Rota').selectOption('cmoc');
    await dialog.getByLabel('Who covers').selectOption('rolf');
    await dialog.getByLabel('From, UTC').fill(minute(-60_000));
    await dialog.getByLabel('To, UTC').fill(minute(2 * HOUR_MS));
    await dialog.getByRole('button', { name: 'Override a rota' }).click();
    await page.getByRole('article', { name: /^CMOC/ }).getByText('rolf').waitFor();
    expect(await web.barriers()).toEqual([]);
  });

  it('broke no rule of the content policy of its pages', () => {
    expect(web.complaints).toEqual([]);
  });
});

describe('changes that are selected', () => {
  it('are moved together, each looked at first; those that somebody may not move say why', async () => {
    const [first, second] = [await world.open(), await world.open()];
    const foreign = await openAs(world.server, world.rolf, { set: { team: ['rolf'], executor: 'rolf' } });
    const slot = slotIn(2 * DAY_MS);
    for (const [one, by] of [
      [first, world.ana],
      [second, world.ana],
      [foreign, world.rolf],
    ] as const)
      expectStatus(await one.say(by, '/schedule', { slot, tentative: true }), 200);
    await web.signIn(world.ana, '/changes');
    await page.getByLabel(`Select ${foreign.id}`).waitFor();
    for (const key of ['j', 'x', 'j', 'x', 'j', 'x']) await page.keyboard.press(key);
    await page.getByText('3 selected').waitFor();
    await page.keyboard.press('m');
    const dialog = page.getByRole('dialog', { name: 'Move 3 changes' });
    await dialog.getByLabel('Later by').fill('2');
    await dialog.getByLabel('Of what').selectOption('d');
    await dialog.getByText('Each moves 2 d later').waitFor();
    await dialog.getByRole('button', { name: 'Look at each first' }).click();
    const rows = dialog.getByRole('list', { name: 'What would become of each' }).locator('> li');
    await rows
      .filter({ hasText: 'you may not move it' })
      .getByText(/expected its author/)
      .waitFor();
    const own = rows.filter({ hasNotText: 'you may not move it' });
    await expect.poll(() => own.count()).toBe(2);
    // Each lies in the other's way, once both are there.
    await own.getByLabel(new RegExp(`^${first.id} `)).waitFor();
    await own.getByLabel(new RegExp(`^${second.id} `)).waitFor();
    for (const box of await own.getByRole('checkbox').all()) await box.check();
    expect(await web.barriers()).toEqual([]);
    await web.picture('changes-move');
    await dialog.getByRole('button', { name: 'Move 2 of 3' }).click();
    await expect.poll(() => rows.getByText(/^●moved$/).count()).toBe(2);
    const later = new Date(Date.parse(slot.start) + 2 * DAY_MS).toISOString();
    expect((await first.show(world.ana)).slot).toMatchObject({ start: later, accepted: false });
    expect((await second.show(world.ana)).slot).toMatchObject({ start: later });
    expect((await foreign.show(world.ana)).slot).toMatchObject({ start: slot.start });
    await dialog.getByRole('button', { name: 'Close' }).click();
  });

  it('are not moved where they have changed since they were looked at', async () => {
    const one = await world.open();
    expectStatus(await one.say(world.ana, '/schedule', { slot: slotIn(90 * HOUR_MS), tentative: true }), 200);
    await web.go('/changes');
    await page.getByLabel(`Select ${one.id}`).check();
    await page.getByRole('button', { name: 'Move them' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Later by').fill('1');
    await dialog.getByRole('button', { name: 'Look at each first' }).click();
    await dialog.getByText('can be pencilled in').waitFor();
    const elsewhere = slotIn(200 * HOUR_MS);
    expectStatus(await one.say(world.ben, '/schedule', { slot: elsewhere, tentative: true }), 200);
    await dialog.getByRole('button', { name: 'Move 1 of 1' }).click();
    await dialog.getByText('not moved').waitFor();
    expect((await one.show(world.ana)).slot).toMatchObject({ start: elsewhere.start });
  });
});

describe('a slot', () => {
  it('is shown whole, with its day here and in UTC where they differ', async () => {
    const change = await world.open();
    const { id } = change;
    const [day, next] = [5, 6].map((days) => minute(days * DAY_MS).slice(0, 10));
    const slot = { start: `${day}T23:10:00Z`, end: `${next}T02:10:00Z` };
    expectStatus(await change.say(world.ana, '/schedule', { slot, tentative: true }), 200);
    await web.signIn(world.ana, '/changes');
    const row = page.getByRole('listitem').filter({ has: page.getByLabel(`Select ${id}`) });
    const at = row.getByRole('time');
    await expect
      .poll(() => at.textContent())
      .toMatch(/^\w{3} \d+ \w+ 23:10\sUTC \w{3} \d+ \w+ 0[01]:10 \S+$/);
    // Nothing of it lies beyond its cell.
    await expect
      .poll(() => at.locator('xpath=..').evaluate((cell) => cell.scrollWidth - cell.clientWidth))
      .toBe(0);
    await web.picture('changes-late');
    await row.getByRole('link', { name: id }).click();
    await page.getByText(/23:10\sUTC .* to \w{3} \d+ \w+ 02:10\sUTC/).waitFor();
  });
});
