import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostingWorld, THERE, type PostingWorld } from '../kit/posting-world.ts';
import type { TestServer } from '../kit/server.ts';
import { builtWeb, openWeb, type TestWeb } from '../kit/web.ts';

const PASSWORD = 'a long password of cora';

let on: PostingWorld;
let server: TestServer;
let web: TestWeb;
let page: Page;

beforeAll(async () => {
  on = await startPostingWorld({ webRoot: builtWeb() });
  ({ server } = on);
  // The page begins with none.
  await on.world.asOwner('delete from bastions');
  web = await openWeb(server);
  ({ page } = web);
});
afterAll(async () => {
  await web.stop();
  await on.stop();
});

describe('people', () => {
  it('are seen by everybody, with their roles, and changed by administrators alone', async () => {
    await web.signIn(on.world.ben, '/people');
    await page.getByRole('row', { name: /rhea/ }).getByText('reviewer').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('people');
    await page.getByRole('link', { name: 'rhea' }).click();
    await page.getByText('The tokens of an account are for itself').waitFor();
    const grant = page.getByRole('row', { name: /director/ }).getByRole('button', { name: 'Grant' });
    await expect.poll(() => grant.getAttribute('aria-disabled')).toBe('true');
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

describe('an account elsewhere', () => {
  it('is linked by the peer’s own page, and one press then posts there as its person', async () => {
    const { cora } = on.world;
    const change = await on.opened();
    const { token } = server.admin;
    const password = { token, body: { password: PASSWORD } };
    expect(await server.ask('PUT', '/api/v1/people/cora/password', password)).toMatchObject({ status: 204 });
    await page.route(`${on.gitlab.url}/oauth/authorize*`, (route) => {
      const back = on.gitlab.authority.agree(route.request().url(), THERE.gitlab.cora);
      const body = `<script>location.replace('${server.url}/accounts/return/gitlab?${back}')</script>`;
      return route.fulfill({ contentType: 'text/html', body });
    });
    await on.lend(cora, 'slack', THERE.slack.cora);
    await web.signIn(cora, '/people/cora');
    await page.getByRole('button', { name: 'Link gitlab' }).click();
    expect(await web.barriers()).toEqual([]);
    await web.picture('account-lend');
    const lend = page.getByRole('dialog').getByRole('button', { name: 'Link gitlab with the right to post' });
    await lend.click();
    await page.getByLabel('Your password').fill(PASSWORD);
    await lend.click();
    await page.getByText('speaks for you from now on').waitFor();
    expect(page.url()).not.toContain('code=');
    await page.getByRole('link', { name: 'Your accounts' }).click();
    await page
      .getByRole('row', { name: /gitlab/ })
      .getByText('yes')
      .waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('accounts');
    await web.go(`/changes/${change.id}`);
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('For').selectOption('start');
    await dialog.getByLabel(/^Post my approval/).check();
    await dialog.getByText(`approve start ${change.digest.slice(7, 19)}`).waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('approve-posted');
    on.gitlab.authority.revoke(THERE.gitlab.cora);
    await dialog.getByRole('button', { name: `Approve ${change.id}` }).click();
    const words = page.getByRole('list', { name: 'Approvals to be posted' });
    await words.getByText('on its way').first().waitFor();
    await on.turn();
    await words.getByText(/issue at gitlab.*link the account again/).waitFor();
    await expect.poll(() => words.getByRole('listitem').count()).toBe(1);
    expect(await web.barriers()).toEqual([]);
    await web.picture('approve-refused');
    const { approvals } = await change.show(cora);
    expect(approvals).toMatchObject([{ via: 'chat', for: 'start', person: 'cora' }]);
  });
});

describe('setting up', () => {
  it('tells the first administrator what is missing, by what is so, until they do not want it', async () => {
    await web.signIn(server.admin, '/');
    const told = page.getByRole('region', { name: 'Setting up' });
    await told.getByText(/^\d of 9 are set up\.$/).waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('now-setup');
    await told.getByRole('link', { name: 'What is left to set up' }).click();
    const row = (what: string) => page.getByRole('row').filter({ hasText: what });
    await row('Each environment has a bastion').getByText('missing').waitFor();
    await row('Environments and services are named').getByText('done').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('setup');
    await row('Each environment has a bastion').getByRole('link', { name: 'Bastions' }).click();
    await page.waitForURL(/\/bastions$/);
    // A page on which nothing is yet leads back.
    await web.go('/procedures');
    await page.getByRole('link', { name: 'What is left to set up' }).click();
    await server.bastion('bastion-2', 'illumidesk.com');
    await row('Each environment has a bastion').getByText('done').waitFor();
    await web.go('/');
    await told.getByRole('button', { name: 'Do not show this again' }).click();
    await told.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('heading', { name: 'May production change now?' }).waitFor();
    expect(await told.count()).toBe(0);
    await web.signIn(on.world.ben, '/');
    expect(await told.count()).toBe(0);
  });

  it('shows agents with their human, what they may do and until when, and a code with what to do', async () => {
    await server.account('hal', { agentOf: 'rhea' });
    await web.signIn(server.admin, '/people');
    const agent = page.getByRole('table', { name: 'Agents' }).getByRole('row').filter({ hasText: 'hal' });
    await agent.getByRole('link', { name: 'rhea' }).waitFor();
    await agent.getByText('until').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('agents');
    await web.go('/errors/reauthentication_required');
    await page.getByText('interlock login --again').waitFor();
    expect(web.complaints).toEqual([]);
  });
});
