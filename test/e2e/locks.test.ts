import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, slotIn, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import type { TestAccount } from '../kit/server.ts';
import { builtWeb, openWeb, type TestWeb } from '../kit/web.ts';

const ENVIRONMENT = 'illumidesk.com';
const PASSWORD = 'a long password of dora';
const DAY_MS = 86_400_000;

/** What rests on everything is asked anew every few seconds. */
const SOON = { timeout: 20_000 };

let world: ChangeWorld;
let web: TestWeb;
let page: Page;
let dora: TestAccount;

beforeAll(async () => {
  world = await startChangeWorld(
    (text) =>
      [
        text,
        'locks:',
        '  - { id: month-end, kind: soft, reason: the end of the month, recurs: { starting: 1970-01-28, rule: FREQ=MONTHLY;BYMONTHDAY=28, days: 3 } }',
      ].join('\n'),
    { webRoot: builtWeb() },
  );
  const change = await world.open();
  expectStatus(await change.say(world.ana, '/schedule', { slot: slotIn(2 * DAY_MS), tentative: true }), 200);
  dora = await world.server.account('dora', { roles: ['director'], password: PASSWORD });
  web = await openWeb(world.server);
  ({ page } = web);
});
afterAll(async () => {
  await web.stop();
  await world.server.stop();
});

const day = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

describe('a lock', () => {
  it('is not for everybody, and says for whom', async () => {
    await web.signIn(world.ana, '/locks/new');
    const propose = page.getByRole('button', { name: 'Propose it' });
    await expect.poll(() => propose.getAttribute('aria-disabled')).toBe('true');
    await page.getByText('Locks are for management').waitFor();
  });

  it('shows what it would stop before it is proposed, and keeps what was written over a reload', async () => {
    await web.signIn(world.mona, '/locks/new');
    await page.getByLabel(ENVIRONMENT, { exact: true }).check();
    // The day of a lock begins at nine: only yesterday's has begun at any time.
    await page.getByLabel('First day').fill(day(-1));
    await page.getByLabel('Last day').fill(day(4));
    await page.getByLabel('Reason').fill('Summit of the customers');
    const impact = page.getByRole('region', { name: 'What it would do' });
    await impact.getByText(/It would hold \d d/).waitFor();
    await impact.getByRole('img', { name: /^CHG-1 / }).waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('lock-new');
    await page.reload();
    await expect.poll(() => page.getByLabel('Reason').inputValue()).toBe('Summit of the customers');
    await page.getByRole('button', { name: 'Propose it' }).click();
    await page.getByRole('heading', { level: 1, name: 'LOCK-1 Summit of the customers' }).waitFor();
    const confirm = page.getByRole('button', { name: 'Confirm' });
    await expect.poll(() => confirm.getAttribute('aria-disabled')).toBe('true');
    await page.getByText('You made it: somebody else is needed.').first().waitFor();
  });

  it('of one person turns the board of another page red when a second one confirms it', async () => {
    // Monitoring is proven where somebody asks for something.
    await world.server.ask('POST', '/api/v1/decisions', {
      token: world.ben.token,
      body: {
        environment: ENVIRONMENT,
        criticality: 'C4',
        severity: 'S4',
        estimateMinutes: 1,
        rollbackMinutes: 1,
      },
    });
    await web.signIn(dora, '/');
    const last = page.getByRole('region', { name: ENVIRONMENT, exact: true }).getByRole('article').last();
    await expect.poll(() => last.textContent(), SOON).toMatch(/ go/);
    const other = await page.context().newPage();
    await other.goto(`${world.server.url}/locks/LOCK-1`);
    await other.getByRole('button', { name: 'Confirm' }).click();
    await other.getByRole('dialog').getByRole('button', { name: 'Confirm LOCK-1' }).click();
    await expect.poll(() => last.textContent(), SOON).toMatch(/ stop.*hard-lock/s);
    await other.close();
  });

  it('stands in the list as a picture of the weeks, with those of the policy', async () => {
    await page.getByRole('link', { name: 'Locks' }).first().click();
    const weeks = page.getByRole('region', { name: 'The next six weeks' });
    await weeks.getByRole('img', { name: /^hard lock of illumidesk\.com from/ }).waitFor();
    await page
      .getByRole('region', { name: 'From the policy' })
      .getByText('the end of the month')
      .first()
      .waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('locks');
  });

  it('is released early by another person than its maker, for a reason that the teams read', async () => {
    await page.getByRole('link', { name: 'LOCK-1' }).first().click();
    expect(await web.barriers()).toEqual([]);
    await web.picture('lock');
    await page.getByRole('button', { name: 'Release early' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why').fill('The summit ended early');
    await dialog.getByLabel('Type LOCK-1 to confirm').fill('LOCK-1');
    await dialog.getByRole('button', { name: 'Release early LOCK-1' }).click();
    await dialog.getByLabel('Your password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Release early LOCK-1' }).click();
    await page.getByText('Released by dora').waitFor();
  });

  it('that acts at once waits for a second person, and is confirmed by one', async () => {
    await web.signIn(world.ira, '/locks');
    await page.getByRole('link', { name: 'Lock at once' }).click();
    await page.getByRole('heading', { name: 'Lock at once' }).waitFor();
    await page.getByLabel(ENVIRONMENT, { exact: true }).check();
    await page.getByLabel('Reason').fill('The storage is slow');
    await page.getByRole('button', { name: 'Lock now' }).click();
    await page.getByRole('heading', { level: 1, name: 'LOCK-2' }).waitFor();
    await page.getByText('emergency').first().waitFor();
    await web.signIn(world.mona, '/locks');
    const waits = page.getByRole('region', { name: 'Waits for a second person' });
    await waits.getByRole('link', { name: 'Look at it' }).click();
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Confirm LOCK-2' }).click();
    await page.getByText('confirmed', { exact: false }).first().waitFor();
    await page.getByRole('row', { name: /mona/ }).waitFor();
  });

  it('broke no rule of the content policy of its pages', () => {
    expect(web.complaints).toEqual([]);
  });
});
