import { sql } from 'kysely';
import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAs } from '../kit/changes.ts';
import { startHostileSite, startTlsDoor } from '../kit/hostile-site.ts';
import { startServer, type TestAccount, type TestServer } from '../kit/server.ts';
import { builtWeb, openWeb, type TestWeb } from '../kit/web.ts';

const HOSTILE = '<img src=x onerror="document.title=1"> drop the table';

let server: TestServer;
let web: TestWeb;
let page: Page;
let ana: TestAccount;
let change: string;

beforeAll(async () => {
  server = await startServer({
    webRoot: builtWeb(),
    allowedHosts: ['interlock.example'],
    audiences: { routes: {}, status: { title: 'The shop & its status' } },
  });
  ana = await server.account('ana');
  change = (await openAs(server, ana, { set: { title: HOSTILE } })).id;
  web = await openWeb(server);
  ({ page } = web);
});
afterAll(async () => {
  await web.stop();
  await server.stop();
});

async function signInByHand(): Promise<void> {
  await page.getByLabel('Token').fill(ana.token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor({ state: 'attached' });
}

/** Goes to a page by its two keys. Where the machine stalls between them the second comes too late for the page: then once more. */
async function goBy(key: string, heading: string): Promise<void> {
  await expect
    .poll(async () => {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      return page.getByRole('heading', { name: heading }).waitFor({ timeout: 5_000 });
    })
    .toBeUndefined();
}

describe('the first page', () => {
  it('shows nothing to who is not signed in, and says why a token is not taken', async () => {
    await web.go('/');
    await page.getByLabel('Token').fill('ilk_of-nobody');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('Not signed in');
    expect(await page.content()).not.toContain('illumidesk.com');
    expect(await web.barriers()).toEqual([]);
    await web.picture('sign-in');
  });

  it('answers for each environment and criticality, with the reason of a stop', async () => {
    await signInByHand();
    await page.getByRole('heading', { name: 'May production change now?' }).waitFor();
    for (const environment of ['illumidesk.com', 'ops.illumidesk.net']) {
      const signals = page.getByRole('region', { name: environment }).getByRole('article');
      await expect.poll(() => signals.count()).toBe(6);
      // Who hears the page hears what each is and what it says.
      for (const name of ['C1', 'C2', 'C3', 'C4', 'canary', 'production'])
        await signals.and(page.getByRole('article', { name: `${name}: stop`, exact: true })).waitFor();
      // No monitoring is configured here, and what is not proven never passes.
      for (const text of await signals.allTextContents())
        expect(text).toMatch(/(?:C[1-4]|canary|production) stop.*metrics-available/s);
      const reasons = page.getByRole('list', { name: `Why, in ${environment}` });
      await expect
        .poll(() => reasons.textContent())
        .toMatch(/Proof of monitoring metrics-available.*No metrics, no changes.*all/s);
    }
    expect(await page.getByText('staging.illumidesk.com').textContent()).toContain('out of scope');
    expect(await page.getByRole('main').textContent()).toMatch(/\d\d:\d\d\sUTC/);
    expect(await web.barriers()).toEqual([]);
    await web.picture('now');
  });

  it.each([
    ['change', 'CHG-999', '/changes/CHG-999', 'Changes'],
    ['change', 'CHG-999', '/changes/CHG-999/room', 'Changes'],
    ['lock', 'release-day', '/locks/release-day', 'Locks'],
    ['run', 'RUN-999', '/runs/RUN-999', 'Runs'],
  ])('says that there is no %s %s, and where to look: %s', async (kind, id, address, where) => {
    // As a link does; the run's page is a document of its own.
    await page.evaluate(`history.pushState(null, '', ${JSON.stringify(address)})`);
    await page.getByRole('heading', { name: `No ${kind} ${id}` }).waitFor();
    const main = page.getByRole('main');
    await main.getByText(`There is no ${kind} ${id}.`).waitFor();
    await main.getByRole('link', { name: where, exact: true }).waitFor();
  });

  it('shows a change with every rule, those that refuse first, and a hostile title as text', async () => {
    expect(await web.barriers()).toEqual([]);
    await page.getByRole('link', { name: 'Changes' }).first().click();
    await page.getByRole('link', { name: change }).click();
    await page.getByRole('heading', { name: new RegExp(change) }).waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(`${change} ${HOSTILE}`);
    const panel = page.getByRole('region', { name: 'The interlock' });
    const rules = panel.getByRole('table', { name: 'What stands in the way or warns' }).getByRole('row');
    expect(await rules.nth(1).textContent()).toContain('deny');
    expect(await page.getByRole('row', { name: /eoc-plan-review/ }).textContent()).toContain('EOC');
    await expect.poll(() => page.title()).toBe(`${change} · Interlock`);
  });

  it('is reached by its address, and by the keyboard', async () => {
    await web.go(`/changes/${change}`);
    await page.getByRole('heading', { name: new RegExp(change) }).waitFor();
    await goBy('n', 'May production change now?');
    await page.keyboard.press('?');
    const help = await page.getByRole('dialog', { name: 'Keyboard' }).textContent();
    expect(help).toContain('Go to Changes');
    expect(help).toContain('gwGo to New change; among the changes n alone does it');
    expect(await web.barriers()).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await goBy('w', 'New change');
    const here = page.getByRole('navigation', { name: 'Pages' }).locator('[aria-current=page]');
    await expect.poll(() => here.allTextContents()).toEqual(['New change']);
  });

  it('says what an error means, at an address of its own', async () => {
    await web.go('/errors/no_evidence');
    await page.getByRole('heading', { name: 'no_evidence' }).waitFor();
    await page.getByRole('main').getByText('HTTP 503').first().waitFor();
    expect(await web.barriers()).toEqual([]);
  });

  it('says that it is offline and since when, and goes on by itself', async () => {
    await web.go('/');
    await page.getByRole('article').first().waitFor();
    await page.context().setOffline(true);
    await page.getByText(/Offline\. What you see is from \d\d:\d\d:\d\d\sUTC/).waitFor();
    await page.context().setOffline(false);
    await page.getByText(/Offline/).waitFor({ state: 'detached' });
  });

  it('hears of an incident without being asked', async () => {
    await server.ask('POST', '/api/v1/incidents', {
      token: ana.token,
      body: { title: 'The mail does not go out', severity: 'S2' },
    });
    await page
      .getByRole('status', { name: 'What stops production' })
      .getByText('The mail does not go out')
      .waitFor();
  });

  it('is left by signing out, and nothing of it stays', async () => {
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.getByRole('main').waitFor({ state: 'detached' });
    expect(await server.ask('GET', '/api/v1/now')).toMatchObject({ status: 401 });
  });

  it('broke no rule of its content policy', () => {
    expect(web.complaints).toEqual([]);
  });
});

describe('the page for end users', () => {
  it('is plain, in both schemes, with what is planned and what was told', async () => {
    await web.go('/status');
    await page.getByText('No maintenance is under way.').waitFor();
    await page.getByText('Nothing is planned.').waitFor();
    expect(await web.barriers()).toEqual([]);
    await sql`insert into change_updates (change_id, audience, body, what, occasion, slot, at)
      values (${change}, 'end-users', 'The shop is away for up to <10> minutes.', 'ahead', 'test',
        tstzrange(now() + interval '2 days', now() + interval '50 hours'), now())`.execute(server.context.db);
    await page.context().clearCookies();
    await page.reload();
    const planned = page.getByRole('region', { name: 'Planned' });
    expect(await planned.textContent()).toMatch(/away for up to <10> minutes.*Told .* UTC/);
    expect(await planned.textContent()).not.toContain('It has not begun yet.');
    for (const type of ['application/atom+xml', 'application/feed+json'])
      expect(await page.locator(`link[rel=alternate][type="${type}"]`).count()).toBe(1);
    expect(await planned.locator('.when').textContent()).toMatch(/\d\d:\d\d.* to .*\d\d:\d\d UTC/);
    expect(await page.getByText('The shop is away').count()).toBe(1);
    // The style is the page's own, and its policy takes it.
    expect(
      await page.locator('main').evaluate('getComputedStyle(document.querySelector("main")).maxWidth'),
    ).toBe('704px');
    expect(await web.barriers()).toEqual([]);
    await web.picture('status');
    expect(web.complaints).toEqual([]);
  });
});

describe('a session over TLS', () => {
  it('is kept where no neighbour and no plain line lays another, and leaves nothing behind', async () => {
    const [door, site] = [await startTlsDoor(server.url), await startHostileSite()];
    const mallory = await server.account('mallory');
    const { headers } = await server.ask('POST', '/api/v1/session', { body: { token: mallory.token } });
    const [value = ''] = headers.getSetCookie()[0]?.split('=').slice(1).join('=').split(';') ?? [];
    const at = `https://interlock.example:${door.port}`;
    await page.context().clearCookies();
    await page.goto(at);
    await signInByHand();
    const own = await page.context().cookies(at);
    expect(own).toMatchObject([
      { name: '__Host-interlock_session', path: '/', httpOnly: true, secure: true, sameSite: 'Strict' },
    ]);
    // Another host of the same name, and this one over a plain line, lay the session of somebody else there, by every name.
    for (const [host, more] of [
      ['interlock.example', ''],
      ['evil.interlock.example', '; Domain=interlock.example'],
    ] as const) {
      const laid = ['interlock_session', '__Host-interlock_session'].map(
        (name) => `${name}=${value}; Path=/api/v1${more}`,
      );
      const secure = `__Host-interlock_session=${value}; Path=/; Secure`;
      site.answer('/lay', '', { 'set-cookie': [...laid, secure] });
      await page.goto(`http://${host}:${site.port}/lay`);
    }
    expect((await page.context().cookies(at)).filter(({ name }) => name.startsWith('__Host-'))).toEqual(own);
    await page.goto(at);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
    expect((await page.context().cookies(at)).filter(({ name }) => name.startsWith('__Host-'))).toEqual([]);
    // What is left is a stranger's, and is nobody's word here.
    const said =
      await page.evaluate(`fetch('/api/v1/session', { method: 'DELETE', headers: { 'interlock-csrf': '1' } })
      .then(({ status }) => status)`);
    expect(said).toBe(401);
    await Promise.all([door.stop(), site.stop()]);
  });
});

describe('what a browser keeps', () => {
  it('is nothing of who has signed out: going back shows the way in', async () => {
    await page.context().clearCookies();
    await web.go(`/changes/${change}`);
    await signInByHand();
    await page.getByRole('heading', { name: new RegExp(change) }).waitFor();
    await page.goto(`${server.url}/locks`);
    await page.getByRole('heading', { level: 1, name: 'Locks' }).waitFor();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
    await page.goBack();
    await page.getByLabel('Token').waitFor();
    expect(await page.content()).not.toContain(change);
    expect(
      await page.evaluate(`(async () => [
        (await caches.keys()).length,
        (await navigator.serviceWorker.getRegistrations()).length,
        document.cookie,
      ])()`),
    ).toEqual([0, 0, '']);
  });
});

describe('the scripts of the first page', () => {
  it('weigh less than 250 KB, compressed', async () => {
    const loaded: Request[] = [];
    const count = (request: Request) => void (request.url().endsWith('.js') && loaded.push(request));
    page.on('requestfinished', count);
    // What it keeps from the pages before would weigh nothing.
    const session = await page.context().newCDPSession(page);
    await session.send('Network.clearBrowserCache');
    await web.go('/');
    await signInByHand();
    await page.getByRole('article').first().waitFor();
    page.off('requestfinished', count);
    const sizes = await Promise.all(loaded.map((request) => request.sizes()));
    const bytes = sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(250 * 1_024);
  });
});
