import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startChangeWorld, type ChangeWorld, type OpenedChange } from '../kit/changes.ts';
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
  change = await world.open(written());
  expectStatus(await change.approve(world.rhea, 'reviewer'), 201);
  web = await openWeb(world.server);
  ({ page } = web);
  await web.signIn(world.rhea);
});
afterAll(async () => {
  await web.stop();
  await world.server.stop();
});

/** Nothing that was written ran, is loaded, or leads anywhere but to the web. */
async function expectHarmless(): Promise<void> {
  const main = page.locator('main');
  await main.getByText("<script>globalThis.taken = 'script'</script>").first().waitFor();
  await main.locator('a[href="https://notes.example/index"]').first().waitFor();
  expect(await page.evaluate(() => Reflect.get(globalThis, 'taken'))).toBeUndefined();
  expect(await main.locator('script, svg, img, iframe, [onclick], [onerror], [onload]').count()).toBe(0);
  const links = await main
    .locator('a[target=_blank]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  expect(new Set(links)).toContain('https://notes.example/index');
  expect(links.filter((href) => !href?.startsWith('https://'))).toEqual([]);
}

const hasLabel = async (name: string) => (await page.getByRole('table', { name }).count()) > 0;

describe('the page of a change', () => {
  it('shows to an approver what differs since', async () => {
    await change.edit(world.ana, written({ objective: 'Another objective.' }));
    await web.go(`/changes/${change.id}?part=approvals`);
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

  it('lets whoever approved an exception take it back, with a reason', async () => {
    const asked = { rule: 'criticality-floor', reason: 'One host is touched.' };
    const { id } = expectStatus(await change.say(world.ana, '/exceptions', asked), 201).body;
    const { digest } = await change.show(world.ana);
    expectStatus(await change.say(world.rhea, '/exceptions/approve', { exception: id, digest }), 200);
    await web.go(`/changes/${change.id}?part=approvals`);
    const exceptions = page.getByRole('region', { name: 'Exceptions' });
    await exceptions.getByRole('button', { name: 'Withdraw the exception' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why').fill('There are two.');
    await web.picture('change-exception-withdraw');
    await dialog.getByRole('button', { name: 'Withdraw the exception' }).click();
    await exceptions.getByText('withdrawn by rhea').waitFor();
    await exceptions.getByRole('button', { name: 'Withdraw the exception' }).waitFor({ state: 'detached' });
    expect(await web.barriers()).toEqual([]);
    await web.picture('change-exception-withdrawn');
  });

  it('shows its plan step by step, with the marks of the linter, and nothing of a text runs or is loaded', async () => {
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

  it('is shown whatever its address asks for, and takes nothing over from it (43)', async () => {
    await web.go(`/changes/${change.id}?part=toString&__proto__[taken]=1&constructor[prototype][taken]=1`);
    await page.getByRole('region', { name: 'The interlock' }).waitFor();
    expect(await page.evaluate('[globalThis.taken, ({}).taken]')).toEqual([undefined, undefined]);
  });

  it('gives what is attached as a file and never as a page, whatever it holds and whoever asks for it (42, 45)', async () => {
    const files = {
      'rows.csv': "=cmd|' /C calc'!A0,1\n",
      'notes.txt': 'taken = 1; <script>taken = 1</script>\n',
    };
    for (const [name, body] of Object.entries(files)) {
      const headers = {
        authorization: `Bearer ${world.ana.token}`,
        'content-type': name.endsWith('.csv') ? 'text/csv' : 'text/plain',
      };
      const url = `${world.server.url}/api/v1/changes/${change.id}/attachments?name=${name}`;
      expect(await fetch(url, { method: 'POST', headers, body })).toMatchObject({ status: 201 });
    }
    await web.go(`/changes/${change.id}?part=discussion`);
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'rows.csv' }).click(),
    ]);
    expect(saved.suggestedFilename()).toBe('rows.csv');
    expect(await readFile(await saved.path(), 'utf8')).toBe(files['rows.csv']);
    const notes = `/api/v1/changes/${change.id}/attachments/2`;
    const [opened] = await Promise.all([
      page.waitForEvent('download'),
      page.evaluate(`location.assign('${notes}')`),
    ]);
    expect(opened.suggestedFilename()).toBe('notes.txt');
    // Not even a script that got into the page makes one of it.
    const made = await page.evaluate(`Promise.all([
      new Promise((done) => document.body.append(Object.assign(document.createElement('script'), {
        src: '${notes}', onload: () => done('ran'), onerror: () => done('refused') }))),
      navigator.serviceWorker.register('${notes}').then(() => 'works', () => 'refused'),
    ])`);
    expect(made).toEqual(['refused', 'refused']);
    expect(await page.evaluate('[globalThis.taken, ({}).taken]')).toEqual([undefined, undefined]);
  });

  it('shows its checks as not measured and its targets as not begun before any run', async () => {
    await page.getByRole('link', { name: 'Checks' }).click();
    const checks = page.getByRole('list', { name: 'Checks' });
    await checks.getByText('the replica reads 8 MB').waitFor();
    await expect.poll(() => checks.getByText('not measured yet').count()).toBeGreaterThan(3);
    await page.getByRole('link', { name: 'Targets' }).click();
    await page.getByLabel('Name, type or environment').fill('db-02');
    const targets = page.getByRole('list', { name: 'Targets' }).getByRole('listitem');
    await expect.poll(() => targets.allTextContents()).toEqual([expect.stringMatching(/db-02.*not begun/)]);
    await web.picture('change-targets');
  });

  it('shows a repeated dry run beside the reviewed one, step by step', async () => {
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

  it('is printed whole by the key of the browser too', async () => {
    await web.go(`/changes/${change.id}`);
    await page.getByRole('region', { name: 'The interlock' }).waitFor();
    // As texts: these are the page's own names. The dialog of printing would stay open.
    await page.evaluate(`window.print = () => { window.paper = document.querySelector('main').innerText; }`);
    await page.keyboard.press('Control+p');
    const paper = () => page.evaluate<string>(`window.paper ?? ''`);
    await expect.poll(paper, { timeout: 20_000 }).toContain('would set 9MB');
    expect(await paper()).toContain('change approved');
    expect(await paper()).not.toContain('This paper is not whole');
  });

  it('is printed whole, black on white, with digest and ledger index', async () => {
    const answered = Promise.withResolvers<void>();
    await page.route('**/dry-runs*', async (route) => {
      await answered.promise;
      await route.continue();
    });
    await web.go(`/changes/${change.id}`);
    await page.getByRole('region', { name: 'The interlock' }).waitFor();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const lacks = page.getByText(/This paper is not whole: one answer/);
    await lacks.waitFor();
    await page.getByText('This had not come when it was printed.').first().waitFor();
    answered.resolve();
    await lacks.waitFor({ state: 'detached' });
    await page.unrouteAll({ behavior: 'wait' });
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

  it('broke no rule of its content policy', () => {
    expect(web.complaints).toEqual([]);
  });
});
