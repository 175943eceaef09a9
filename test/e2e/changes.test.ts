import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectStatus,
  sentPlan,
  startChangeWorld,
  type ChangeWorld,
  type OpenedChange,
} from '../kit/changes.ts';
import { builtWeb, openWeb, type TestWeb } from '../kit/web.ts';

let world: ChangeWorld;
let web: TestWeb;
let page: Page;
let change: OpenedChange;

/** What somebody may try in a text that is shown as Markdown (TRUST section 5). */
const HOSTILE = `The index is **too large**, see [the note](https://notes.example/index).

<script>globalThis.taken = 'script'</script><img src=x onerror="globalThis.taken = 'onerror'">
[press](javascript:globalThis.taken='link') [data](data:text/html,<script>taken=1</script>) [own](/api/v1/me)
![picture](https://elsewhere.example/seen.png) <a href="javascript:taken=1" onclick="taken=1">html</a>
<svg onload="globalThis.taken = 'svg'"></svg> [file](file:///etc/passwd) https://plain.example/path.

- first
- \`code\`
`;

/** A plan with such a description, and with a step that the linter has something to say of. */
const written = (more: Record<string, unknown> = {}) => ({
  set: {
    title: 'Rebuild the index of the orders',
    description: HOSTILE,
    'steps.0.command': ['pg-set', '--host', 'db-*', 'work_mem', '8MB'],
    ...more,
  },
});

beforeAll(async () => {
  world = await startChangeWorld(undefined, { webRoot: builtWeb() });
  await world.open({ set: { title: 'Raise the memory of the reports' } });
  await world.open({ set: { title: 'Move the mail to another host' } });
  change = await world.open(written());
  web = await openWeb(world.server);
  ({ page } = web);
});
afterAll(async () => {
  await web.stop();
  await world.server.stop();
});

/** Nothing that was written ran, is loaded, or leads anywhere but to the web. */
async function expectHarmless(): Promise<void> {
  const main = page.locator('main');
  expect(await page.evaluate(() => Reflect.get(globalThis, 'taken'))).toBeUndefined();
  expect(await main.locator('script, svg, img, iframe, [onclick], [onerror], [onload]').count()).toBe(0);
  const links = await main
    .locator('a[target=_blank]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  expect(new Set(links)).toContain('https://notes.example/index');
  expect(links.filter((href) => !href?.startsWith('https://'))).toEqual([]);
  await main.getByText("<script>globalThis.taken = 'script'</script>").first().waitFor();
}

const hasLabel = async (name: string) => (await page.getByRole('table', { name }).count()) > 0;

const titles = () => page.getByRole('list', { name: 'Changes' }).getByRole('listitem').allTextContents();

describe('changes in the browser', () => {
  it('are narrowed by words and by state, and the address says so', async () => {
    await web.signIn(world.rhea, '/changes');
    await page.getByLabel('Select CHG-1').waitFor();
    expect(await titles()).toHaveLength(3);
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
    await page.getByText('rhea as reviewer, for the plan').waitFor();
  });

  it('show to an approver what differs since', async () => {
    await change.edit(world.ana, written({ objective: 'Another objective.' }));
    await page.getByText('What differs since').click();
    const approvals = page.getByRole('region', { name: 'Approvals' });
    await approvals.getByText('objective', { exact: true }).waitFor();
    await approvals.getByText('purpose').first().waitFor();
    await expect
      .poll(() => approvals.getByRole('listitem').allTextContents())
      .toContainEqual(expect.stringContaining('now: Another objective.'));
    expect(await web.barriers()).toEqual([]);
    await web.picture('change-approvals');
  });

  it('show their plan step by step, with the marks of the linter, and nothing of a text runs or is loaded', async () => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.getByRole('link', { name: 'Plan', exact: true }).click();
    const first = page.getByRole('list', { name: 'Steps of the plan' }).getByRole('listitem').first();
    await first.getByText('runs pg-set --host db-* work_mem 8MB').waitFor();
    await first.getByRole('list', { name: 'What the linter says of it' }).waitFor();
    await page.getByText('Another objective.').first().waitFor();
    await expectHarmless();
    expect(await web.barriers()).toEqual([]);
    await web.picture('change-plan');
    await page.getByRole('link', { name: 'Discussion' }).click();
    await page.getByLabel('A message').fill(HOSTILE);
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await page.getByRole('list', { name: 'Messages' }).getByText('too large').waitFor();
    await expectHarmless();
    expect(asked.filter((url) => !url.startsWith(world.server.url))).toEqual([]);
    await web.picture('change-discussion');
  });

  it('show their checks as not measured and their targets as not begun before any run', async () => {
    await page.getByRole('link', { name: 'Checks' }).click();
    const checks = page.getByRole('list', { name: 'Checks' });
    await checks.getByText('the replica reads 8 MB').waitFor();
    expect(await checks.getByText('not measured yet').count()).toBeGreaterThan(3);
    await page.getByRole('link', { name: 'Targets' }).click();
    await page.getByLabel('Name, type or environment').fill('db-02');
    const targets = page.getByRole('list', { name: 'Targets' }).getByRole('listitem');
    await expect.poll(() => targets.allTextContents()).toEqual([expect.stringMatching(/db-02.*not begun/)]);
    await web.picture('change-targets');
  });

  it('show a repeated dry run beside the reviewed one, step by step', async () => {
    const { digest } = await change.show(world.ana);
    const attach = async (twin: boolean, printed: string) =>
      expectStatus(
        await world.server.ask('POST', `/api/v1/changes/${change.id}/dry-runs`, {
          token: world.ben.token,
          bastion: world.bastion,
          body: {
            idempotencyKey: `dry-run-${twin}`,
            planDigest: digest,
            twin,
            ok: true,
            steps: [
              { list: 'steps', name: 'set work_mem', executed: true, ok: true, because: 'it succeeded' },
            ],
            output: `## step 1: set work_mem on the replica\nwould set ${printed}\n## step 2: wait\nwould wait: 1 ms\n`,
          },
        }),
        200,
      );
    await attach(false, '8MB');
    await attach(true, '9MB');
    await page.getByRole('link', { name: 'Runs and dry runs' }).click();
    await page.getByText('Side by side with the reviewed one').click();
    const step = page.getByRole('region', { name: 'step 1: set work_mem on the replica' });
    await step.getByRole('row', { name: /differs would set 8MB would set 9MB/ }).waitFor();
    await page.locator('summary', { hasText: 'step 2: wait' }).getByText('the same').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('change-twin');
  });

  it('show their history with a proof of each entry', async () => {
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

  it('are printed whole, black on white, with digest and ledger index', async () => {
    await web.go(`/changes/${change.id}`);
    await page.getByRole('region', { name: 'The interlock' }).waitFor();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.getByText(/entry \d+ is the newest about it/).waitFor();
    await page.getByText('would set 9MB').waitFor();
    await page.getByRole('cell', { name: 'change approved' }).waitFor();
    const { digest } = await change.show(world.ana);
    const printed = await page.locator('main').innerText();
    for (const part of [
      digest,
      'set work_mem on the primary',
      'db-02',
      'both databases answer',
      'What passes',
      'https://notes.example/index',
      'rhea as reviewer',
    ])
      expect.soft(printed.includes(part) || (await hasLabel(part)), part).toBe(true);
    expect(await page.getByRole('navigation').filter({ visible: true }).count()).toBe(0);
    expect(await page.getByRole('button').filter({ visible: true }).count()).toBe(0);
    // As a text: these are the page's own names.
    const colours = await page.evaluate(
      `[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('main h1')).color]`,
    );
    expect(colours).toEqual(['rgb(255, 255, 255)', 'rgb(26, 33, 30)']);
    await web.paper('change');
    await page.emulateMedia({ media: null, colorScheme: 'light' });
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
      .getByText(/for parameter `key`, got/)
      .first()
      .waitFor();
    await beside().getByText('It cannot be read as a plan yet.').waitFor();
    await page.getByLabel('key').fill('session_minutes');
    await beside().getByText('C4, at least C4').waitFor();
    expect(await editor().textContent()).toContain('with: { key: session_minutes }');
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
    await editor().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('critic');
    const offers = page.getByRole('listbox', { name: 'Completions' });
    await offers.getByRole('option', { name: 'criticality' }).waitFor();
    await page.getByText('How much ceremony; C1 is the highest.').waitFor();
    await offers.getByRole('option', { name: 'criticality' }).click();
    await page.keyboard.press('Control+Space');
    await offers.getByRole('option', { name: 'C3' }).click();
    expect(await editor().textContent()).toContain('criticality: C3');
    await page
      .getByRole('button', { name: /^line \d+:\d+$/ })
      .first()
      .click();
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Plan');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').getAttribute('aria-label')).not.toBe('Plan');
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
    expect(await page.getByLabel('Title').inputValue()).toBe('Written on');
    expect(await start.inputValue()).toBe(wanted);
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
    expect(await editor().textContent()).toContain('slot: null');
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
    expect(await page.getByRole('link', { name: 'Take up' }).count()).toBe(2);
  });

  it('is edited knowing whose word that voids, and not over what somebody else wrote meanwhile', async () => {
    const edited = await world.open({ set: { title: 'Move the reports' } });
    await edited.approve(world.rhea, 'reviewer');
    await web.go(`/changes/${edited.id}`);
    await page.getByRole('link', { name: 'Edit the plan' }).click();
    await page.getByLabel('Objective').fill('The reports are on another host.');
    await beside().getByText('rhea, approval of plan as reviewer').waitFor();
    await page.getByRole('button', { name: 'Save it, and void 1 word' }).waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('change-plan-edit');
    await edited.edit(world.ben, { set: { title: 'Move all reports' } });
    await page.getByText('Somebody changed the plan meanwhile').waitFor();
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
