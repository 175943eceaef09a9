import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChangeWorld, type ChangeWorld, type OpenedChange } from '../kit/changes.ts';
import { builtWeb, openWeb, type TestWeb } from '../kit/web.ts';

let world: ChangeWorld;
let web: TestWeb;
let page: Page;
let change: OpenedChange;

beforeAll(async () => {
  world = await startChangeWorld(undefined, { webRoot: builtWeb() });
  await world.open({ set: { title: 'Raise the memory of the reports' } });
  await world.open({ set: { title: 'Move the mail to another host' } });
  change = await world.open({ set: { title: 'Rebuild the index of the orders' } });
  web = await openWeb(world.server);
  ({ page } = web);
});
afterAll(async () => {
  await web.stop();
  await world.server.stop();
});

const titles = () => page.getByRole('list', { name: 'Changes' }).getByRole('listitem').allTextContents();

describe('changes in the browser', () => {
  it('are narrowed by words and by state, and the address says so', async () => {
    await web.signIn(world.rhea, '/changes');
    await expect.poll(async () => (await titles()).length).toBe(3);
    expect(await web.barriers()).toEqual([]);
    await web.picture('changes');
    await page.keyboard.press('/');
    await page.keyboard.type('mail');
    await expect.poll(async () => (await titles()).length).toBe(1);
    expect(page.url()).toContain('text=mail');
    await page.reload();
    await expect.poll(async () => (await titles())[0]).toContain('Move the mail');
    await page.getByLabel('State').selectOption('complete');
    await page.getByText('No change is like that.').waitFor();
    await web.go('/changes?show=board');
    await page.getByRole('region', { name: 'unscheduled' }).getByText('Move the mail').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('changes-board');
  });

  it('show what the interlock wants and whose word is missing', async () => {
    await web.go(`/changes/${change.id}`);
    const panel = page.getByRole('region', { name: 'The interlock' });
    await panel.getByText(/To \w+: refused/).waitFor();
    expect(await panel.textContent()).toMatch(/first-iteration-review.*before it may/s);
    expect(await web.barriers()).toEqual([]);
    await web.picture('change');
  });

  it('are approved by a reviewer, for the plan that is shown', async () => {
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: `Approve ${change.id}` });
    expect(await dialog.getByLabel('As').inputValue()).toBe('reviewer');
    await dialog.getByRole('button', { name: `Approve ${change.id}` }).click();
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    const { approvals } = await change.show(world.ana);
    expect(approvals).toMatchObject([{ person: 'rhea', as: 'reviewer', digest: change.digest, via: 'app' }]);
    await page.getByRole('link', { name: 'Approvals' }).click();
    await page.getByText('rhea as reviewer, for plan').waitFor();
  });

  it('show to an approver what differs since', async () => {
    await change.edit(world.ana, {
      set: { title: 'Rebuild the index of the orders', objective: 'Another objective.' },
    });
    await page.getByText('What differs since').click();
    await page.getByRole('cell', { name: 'objective', exact: true }).waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('change-approvals');
  });

  it('show their plan, and their history with a proof of each entry', async () => {
    await page.getByRole('link', { name: 'Plan', exact: true }).click();
    await page.getByText('Another objective.').first().waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('change-plan');
    await page.getByRole('link', { name: 'History' }).click();
    const row = page.getByRole('row', { name: /rhea as reviewer/ }).first();
    await row.waitFor();
    expect(await web.barriers()).toEqual([]);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      row.getByRole('link', { name: /its proof/ }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^CHG-\d+-\d+\.tlog-proof$/);
    await web.picture('change-history');
  });

  it('have a room, where the engineer on call says by one press that they are here', async () => {
    await web.signIn(world.cora, `/changes/${change.id}/room`);
    const eoc = page.getByRole('region', { name: 'The engineer on call' });
    await eoc.getByText('no sign of them').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await eoc.getByRole('button', { name: 'I am here' }).click();
    await eoc.getByText(/Seen \d+ s ago\. Asked in 2 min/).waitFor();
    await page.setViewportSize({ width: 1440, height: 900 });
    expect(await web.barriers()).toEqual([]);
    await web.picture('room');
    const { body } = await world.server.ask('GET', `/api/v1/changes/${change.id}/presence`, {
      token: world.ana.token,
    });
    expect(body.present).toContainEqual(expect.objectContaining({ person: 'cora' }));
  });

  it('broke no rule of their content policy', () => {
    expect(web.complaints).toEqual([]);
  });
});
