import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../kit/server.ts';
import { builtWeb, openWeb, type TestWeb } from '../kit/web.ts';

let server: TestServer;
let web: TestWeb;
let page: Page;

beforeAll(async () => {
  server = await startServer({ webRoot: builtWeb() });
  await server.account('rhea', { roles: ['reviewer'] });
  web = await openWeb(server);
  ({ page } = web);
});
afterAll(async () => {
  await web.stop();
  await server.stop();
});

describe('people', () => {
  it('are seen by everybody, with their roles, and changed by administrators alone', async () => {
    const ben = await server.account('ben');
    await web.signIn(ben, '/people');
    await page.getByRole('row', { name: /rhea/ }).getByText('reviewer').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('people');
    await page.getByRole('link', { name: 'rhea' }).click();
    await page.getByText('The tokens of an account are for itself').waitFor();
    const grant = page.getByRole('row', { name: /director/ }).getByRole('button', { name: 'Grant' });
    expect(await grant.getAttribute('aria-disabled')).toBe('true');
  });

  it('get a role that counts at once', async () => {
    await web.signIn(server.admin, '/people/rhea');
    const director = page.getByRole('row', { name: /director/ });
    await director.getByRole('button', { name: 'Grant' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Grant director of rhea' }).click();
    await director.getByRole('button', { name: 'Take away' }).waitFor();
    const { body } = await server.ask('GET', '/api/v1/people/rhea', { token: server.admin.token });
    expect(body.roles.toSorted()).toEqual(['director', 'reviewer']);
  });

  it('get a token that works until it is revoked', async () => {
    await page.getByLabel('What it is for').fill('a script of rhea');
    await page.getByRole('button', { name: 'Issue a token' }).click();
    const token = (await page.getByText(/^ilk_/).textContent()) ?? '';
    expect(await server.ask('GET', '/api/v1/me', { token })).toMatchObject({ body: { name: 'rhea' } });
    expect(await web.barriers()).toEqual([]);
    await web.picture('person');
    const row = page.getByRole('row', { name: /a script of rhea/ });
    await row.getByRole('button', { name: 'Revoke' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Revoke/ })
      .click();
    await row.waitFor({ state: 'detached' });
    expect(await server.ask('GET', '/api/v1/me', { token })).toMatchObject({ status: 401 });
  });
});

describe('a bastion', () => {
  it('is registered with a key that is shown once, and revoked', async () => {
    await page.getByRole('link', { name: 'Bastions' }).first().click();
    await page.getByText('None: nothing can be executed.').waitFor();
    await page.getByRole('textbox', { name: 'Host' }).fill('bastion-7');
    await page.getByLabel('Environment').selectOption('illumidesk.com');
    await page.getByRole('button', { name: 'Register it' }).click();
    const row = page.getByRole('row', { name: /bastion-7/ });
    await row.getByText('valid').waitFor();
    const said = await page.getByText(/The key of bastion-7, shown this once/).textContent();
    const key = said?.split(': ').at(1) ?? '';
    const asked = await server.ask('GET', '/api/v1/me', { token: server.admin.token, bastion: key });
    expect(asked.body.host).toMatchObject({ name: 'bastion-7', environment: 'illumidesk.com' });
    expect(await web.barriers()).toEqual([]);
    await web.picture('bastions');
    await row.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke bastion-7' }).click();
    await row.getByText('revoked').waitFor();
  });

  it('has pages that broke no rule of the content policy, as those of people', () => {
    expect(web.complaints).toEqual([]);
  });
});
