import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sentPlan, startChangeWorld, type ChangeWorld, type OpenedChange } from '../kit/changes.ts';
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
    await page.getByLabel('Select CHG-1').waitFor();
    await expect.poll(titles).toHaveLength(3);
    expect(await web.barriers()).toEqual([]);
    await web.picture('changes');
    await page.keyboard.press('/');
    await page.keyboard.type('mail');
    await expect.poll(async () => (await titles()).length).toBe(1);
    await page.waitForURL(/text=mail/);
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
    await expect.poll(() => panel.textContent()).toMatch(/first-iteration-review.*before it may/s);
    expect(await web.barriers()).toEqual([]);
    await web.picture('change');
  });

  it('are approved by a reviewer, for the plan that is shown', async () => {
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: `Approve ${change.id}` });
    await expect.poll(() => dialog.getByLabel('As').inputValue()).toBe('reviewer');
    await dialog.getByRole('button', { name: `Approve ${change.id}` }).click();
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    const { approvals } = await change.show(world.ana);
    expect(approvals).toMatchObject([{ person: 'rhea', as: 'reviewer', digest: change.digest, via: 'app' }]);
    await page.getByRole('link', { name: 'Approvals' }).click();
    await page.getByText('rhea as reviewer, for the plan').waitFor();
  });

  it('show their plan, and their history with a proof of each entry', async () => {
    await change.edit(world.ana, {
      set: { title: 'Rebuild the index of the orders', objective: 'Another objective.' },
    });
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
});

const editor = () => page.getByRole('textbox', { name: 'Plan', exact: true });
const beside = () => page.getByRole('group', { name: 'What the server says of it' });
const opened = async () => {
  await page.waitForURL(/\/changes\/CHG-\d+$/);
  const id = page.url().split('/').at(-1) ?? '';
  return (await world.server.ask('GET', `/api/v1/changes/${id}`, { token: world.ana.token })).body;
};

describe('a new change in the browser', () => {
  it('begins from a procedure: its parameters by their types, its topics set the criticality as one ticks', async () => {
    await web.signIn(world.ana, '/changes/new');
    await page.getByRole('link', { name: 'console-setting', exact: true }).waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('new-change');
    await page.getByRole('link', { name: 'console-setting', exact: true }).click();
    await page.getByLabel('key').fill('Not A Key');
    await page
      .getByText(/for parameter key, got/)
      .first()
      .waitFor();
    await beside()
      .getByText(/It cannot be read as a plan/)
      .waitFor();
    await page.getByLabel('key').fill('session_minutes');
    await beside().getByText('C4, at least C4').waitFor();
    await expect.poll(() => editor().textContent()).toContain('with: { key: session_minutes }');
    await page.getByLabel('database-topology').check();
    await beside().getByText('C4, at least C1').waitFor();
    await beside().getByText('for database-topology').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('new-change-procedure');
  });

  it('completes what is typed, lets Tab out, and goes to each mark', async () => {
    await page.getByRole('button', { name: 'Throw away' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Throw away this draft' }).click();
    await page.getByRole('button', { name: 'Begin with a blank plan' }).click();
    await page.getByLabel('Title').waitFor();
    await editor().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('critic');
    const offers = page.getByRole('listbox', { name: 'Completions' });
    await offers.getByRole('option', { name: 'criticality' }).waitFor();
    await page.getByText('How much ceremony; C1 is the highest.').waitFor();
    // Where the text is broken between two keys nothing jumps: its fields stay where they are.
    await expect.poll(() => page.getByLabel('Title').isDisabled(), { timeout: 20_000 }).toBe(true);
    await offers.getByRole('option', { name: 'criticality' }).click();
    await page.keyboard.press('Control+Space');
    await offers.getByRole('option', { name: 'C3' }).click();
    await expect.poll(() => editor().textContent()).toContain('criticality: C3');
    await page
      .getByRole('button', { name: /^line \d+:\d+$/ })
      .first()
      .click();
    const focused = () => page.locator(':focus').getAttribute('aria-label');
    await expect.poll(focused).toBe('Plan');
    await page.keyboard.press('Tab');
    await expect.poll(focused).not.toBe('Plan');
    await page.getByRole('link', { name: 'Changes', exact: true }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Throw it away and leave' }).click();
    await page.waitForURL(/\/changes$/);
  });

  it('is dropped as a file, outlives a reload, and is opened once however often it is pressed', async () => {
    await web.go('/changes/new');
    const { plan } = sentPlan({ set: { title: 'Dropped from the desk' } });
    const files = await page.evaluateHandle(
      `(() => { const files = new DataTransfer(); files.items.add(new File([${JSON.stringify(plan)}], 'desk.yaml')); return files; })()`,
    );
    await page.getByText('Drop a plan here').dispatchEvent('drop', { dataTransfer: files });
    await page.getByLabel('Title').fill('Written on');
    await beside().getByRole('radio').first().check();
    const start = page.getByLabel('Or begin at, UTC');
    const wanted = new Date(Date.now() + 86_400_000).toISOString().slice(0, 16);
    await start.fill(wanted);
    await page.reload();
    await expect.poll(() => page.getByLabel('Title').inputValue()).toBe('Written on');
    await expect.poll(() => start.inputValue()).toBe(wanted);
    const before = await world.rows('changes');
    await page.getByRole('button', { name: 'Open it' }).dblclick();
    expect(await opened()).toMatchObject({
      title: 'Written on',
      slot: { accepted: false },
      planFile: 'desk.yaml',
    });
    expect(await world.rows('changes')).toBe(before + 1);
  });

  it('begins from an older one, of which no word and no date goes along', async () => {
    await web.go(`/changes/${change.id}`);
    await page.getByRole('link', { name: 'Clone' }).click();
    await beside().getByText('For the text as it stands.').waitFor();
    await expect.poll(() => editor().textContent()).toContain('slot: null');
    await page.getByRole('button', { name: 'Open it' }).click();
    expect(await opened()).toMatchObject({ clonedFrom: change.id, approvals: [], slot: null });
  });

  it('is one draft in two tabs, and two where both write at once', async () => {
    await web.go('/changes/new?template=C3');
    await page.getByLabel('Title').fill('Here');
    await page.getByText('Begun from the template of C3').waitFor();
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByLabel('Title').fill('There');
    await expect.poll(() => page.getByLabel('Title').inputValue(), { timeout: 20_000 }).toBe('There');
    await other.close();
    // As if the other tab had written a moment ago, and this one had not heard of it yet.
    await page.evaluate(`for (const key of Object.keys(localStorage).filter((one) => one.includes(':ana:'))) {
      const draft = { ...JSON.parse(localStorage[key]), writer: 'other', savedAt: '2026-01-01T00:00:00Z' };
      localStorage[key] = JSON.stringify(draft);
    }`);
    await page.getByLabel('Title').fill('Here again');
    await page.getByText('Neither text is lost').waitFor();
    await web.go('/changes/new');
    await page.getByText('There', { exact: true }).waitFor();
    await page.getByText('Here again', { exact: true }).waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'Take up' }).count()).toBe(2);
  });

  it('is edited knowing whose word that voids, and not over what somebody else wrote meanwhile', async () => {
    const edited = await world.open({ set: { title: 'Move the reports' } });
    await edited.approve(world.rhea, 'reviewer');
    await web.go(`/changes/${edited.id}`);
    await page.getByRole('link', { name: 'Edit the plan' }).click();
    await page.getByLabel('Objective').fill('The reports are on another host.');
    await beside().getByText('rhea, approval of plan as reviewer').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('change-plan-edit');
    await edited.edit(world.ben, { set: { title: 'Move all reports' } });
    await page.getByText('Somebody changed the plan meanwhile').waitFor();
    await page.getByRole('region', { name: 'What they changed' }).getByText('Move all reports').waitFor();
    expect(await web.barriers()).toEqual([]);
    await page.getByRole('button', { name: 'Go on with my text, over theirs' }).click();
    // Once more, while it is on its way: it is refused (412), and neither text is lost.
    let theirs = 0;
    await page.route(`**/api/v1/changes/${edited.id}`, async (route) => {
      if (route.request().method() === 'PUT' && theirs === 0)
        theirs = (await edited.edit(world.ben, { set: { title: 'Move every report' } })).status;
      await route.continue();
    });
    await Promise.all([
      page.waitForResponse((answer) => answer.status() === 412),
      page.getByRole('button', { name: 'Save it, and void 1 word' }).click(),
    ]);
    await page.unrouteAll({ behavior: 'wait' });
    expect(theirs).toBe(200);
    await page.getByRole('region', { name: 'What they changed' }).getByText('Move every report').waitFor();
    await expect
      .poll(() => page.getByLabel('Objective').inputValue())
      .toBe('The reports are on another host.');
    await page.getByRole('button', { name: 'Go on with my text, over theirs' }).click();
    await page.getByRole('button', { name: 'Save it, and void 1 word' }).click();
    await page.waitForURL(/part=approvals/);
    const { approvals, planText } = await edited.show(world.ana);
    expect(planText).toContain('The reports are on another host.');
    expect(approvals).toMatchObject([{ person: 'rhea', current: false, voided: { by: 'ana' } }]);
  });

  it('broke no rule of their content policy', () => {
    expect(web.complaints).toEqual([]);
  });
});
