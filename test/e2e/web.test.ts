import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser, type TestBrowser } from '../kit/browser.ts';
import { openAs } from '../kit/changes.ts';
import { startServer, type TestAccount, type TestServer } from '../kit/server.ts';

const WEB = path.resolve(import.meta.dirname, '../../web/dist');
const HOSTILE = '<img src=x onerror="document.title=1"> drop the table';

let server: TestServer;
let browser: TestBrowser;
let page: Page;
let ana: TestAccount;
let change: string;
/** What the browser complains of: scripts that failed, and what the content policy refused. */
const complaints: string[] = [];

beforeAll(async () => {
  if (!existsSync(WEB)) throw new Error('expected the built web in web/dist: `npm test` builds it');
  server = await startServer({ webRoot: WEB });
  ana = await server.account('ana');
  change = (await openAs(server, ana, { set: { title: HOSTILE } })).id;
  browser = await startBrowser();
  page = await browser.context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) complaints.push(message.text());
  });
});
afterAll(async () => {
  await browser.stop();
  await server.stop();
});

async function signIn(token: string): Promise<void> {
  await page.goto(server.url);
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

describe('the first page', () => {
  it('shows nothing to who is not signed in, and says why a token is not taken', async () => {
    await signIn('ilk_of-nobody');
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('Not signed in');
    expect(await page.content()).not.toContain('illumidesk.com');
  });

  it('answers for each environment and criticality, with the reason of a stop', async () => {
    await signIn(ana.token);
    await page.getByRole('heading', { name: 'May production change now?' }).waitFor();
    for (const environment of ['illumidesk.com', 'ops.illumidesk.net']) {
      const signals = page.getByRole('region', { name: environment }).getByRole('article');
      expect(await signals.count()).toBe(4);
      // No monitoring is configured here, and what is not proven never passes.
      for (const text of await signals.allTextContents())
        expect(text).toMatch(/C[1-4] stop.*metrics-available/s);
    }
    expect(await page.getByText('staging.illumidesk.com').textContent()).toContain('out of scope');
    expect(await page.getByRole('main').textContent()).toMatch(/\d\d:\d\d UTC/);
  });

  it('shows a change with every rule, those that refuse first, and a hostile title as text', async () => {
    await page.getByRole('link', { name: 'Changes' }).click();
    await page.getByRole('link', { name: change }).click();
    await page.getByRole('heading', { name: new RegExp(change) }).waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(`${change} ${HOSTILE}`);
    const verdicts = await page.locator('tbody .verdict').allTextContents();
    expect(verdicts[0]).toBe('deny');
    expect(verdicts.indexOf('pass')).toBeGreaterThan(verdicts.lastIndexOf('deny'));
    expect(await page.getByRole('row', { name: /eoc-plan-review/ }).textContent()).toContain('EOC');
    expect(await page.title()).toBe('Interlock');
  });

  it('is reached by its address, and by the keyboard', async () => {
    await page.goto(`${server.url}/changes/${change}`);
    await page.getByRole('heading', { name: new RegExp(change) }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'May production change now?' }).waitFor();
  });

  it('is left by signing out, and nothing of it stays', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.getByRole('main').count()).toBe(0);
    expect(await server.ask('GET', '/api/v1/now')).toMatchObject({ status: 401 });
  });

  it('broke no rule of its content policy', () => {
    expect(complaints).toEqual([]);
  });
});
