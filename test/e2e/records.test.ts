import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carry, queuesOf } from '../../src/app/outside/carry.ts';
import { putPolicyInForce } from '../../src/app/policy-in-force.ts';
import type { Connection, Taken } from '../../src/app/ports/connection.ts';
import { policyInForce } from '../../src/app/read-policy.ts';
import { startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { builtWeb, openWeb, type TestWeb } from '../kit/web.ts';

const ATTEMPTS = 12;

/** A channel elsewhere; what it says is the test's. */
let said: Taken = { kind: 'taken', receipt: 'C1/17.1' };
const channel: Connection = {
  name: 'slack',
  peer: 'slack.example',
  offers: { chat: { post: async () => said } },
  hears: null,
  test: async () => said,
};

let world: ChangeWorld;
let web: TestWeb;

beforeAll(async () => {
  world = await startChangeWorld(
    (text) => text.replace('environments:', 'connections: { chat: slack }\nenvironments:'),
    { connections: { all: [channel], mask: (text) => text }, webRoot: builtWeb() },
  );
  web = await openWeb(world.server);
});
afterAll(async () => {
  await web.stop();
  await world.server.stop();
});

/** Time cannot be waited for here. */
async function turn(): Promise<void> {
  await world.asOwner('update outbox set next_attempt_at = now() where delivered_at is null');
  for (const { connection, direction } of queuesOf(world.server.context))
    await carry(world.server.context, connection, direction);
}

describe('the integrations', () => {
  it('show what was given up and why, test a peer, and send again', async () => {
    const { page } = web;
    said = { kind: 'later', because: 'busy with other things', retryAfterMs: null };
    const change = await world.open({ set: { criticality: 'C3' } });
    await change.say(world.ben, '/announce');
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) await turn();
    await web.signIn(world.server.admin, '/integrations');
    const peer = page.getByRole('table', { name: 'Peers' }).getByRole('row').last();
    await peer.getByText('failing').waitFor();
    await peer.getByRole('button', { name: 'Test slack' }).click();
    await peer.getByRole('status').getByText('busy with other things').waitFor();
    await peer.getByRole('link', { name: '1, kept' }).click();
    const message = page
      .getByRole('table', { name: /^Messages to slack/ })
      .getByRole('row')
      .last();
    await message.getByText(`about change/${change.id}`).waitFor();
    await message.getByText(`busy with other things, ${ATTEMPTS} times`).waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('integrations');
    said = { kind: 'taken', receipt: 'C1/17.9' };
    await message.getByRole('button', { name: 'Send again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send again' }).click();
    await page.getByText('No such message to slack.').waitFor();
    await turn();
    await page.getByLabel('State').selectOption('taken');
    await page.getByText('C1/17.9').waitFor();
    expect(web.complaints).toEqual([]);
  });

  it('keep messages from who is no administrator', async () => {
    const { page } = web;
    await web.signIn(world.ben, '/integrations');
    await page.getByText('Messages are for administrators.').waitFor();
    await page.getByText('An administrator does that.').waitFor();
  });
});

describe('the ledger', () => {
  it('proves in the browser what it shows, and finds what was altered on the way', async () => {
    const { page } = web;
    const change = await world.open({ set: { criticality: 'C3' } });
    await web.signIn(world.ben, '/ledger');
    await page.getByLabel('About').fill(`change/${change.id}`);
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(/object=/);
    const entry = page
      .getByRole('region', { name: /^Entries/ })
      .getByRole('listitem')
      .first();
    await entry.getByText(`change/${change.id} by ana`).click();
    await entry.getByRole('button', { name: /^Verify entry/ }).click();
    await entry.getByRole('status').getByText('stands in the log of').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('ledger');
    const saved = page.waitForEvent('download');
    await entry.getByRole('link', { name: 'Download its proof' }).click();
    expect((await saved).suggestedFilename()).toMatch(/^entry-\d+\.tlog-proof$/);
    // A server that shows another person than the one who acted.
    await page.route('**/api/v1/ledger/entries?*', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ body: (await answer.text()).replaceAll('"ana"', '"ira"') });
    });
    await page.reload();
    await entry.getByText(`change/${change.id} by ira`).click();
    await entry.getByRole('button', { name: /^Verify entry/ }).click();
    await entry.getByRole('alert').getByText('This does not hold.').waitFor();
    // The page may ask once more at any time; whoever is being answered is answered to the end.
    await page.unrouteAll({ behavior: 'wait' });
  });

  it('is narrowed by type, person, change, outcome and time, and each address shows the same again', async () => {
    const { page } = web;
    const since = new Date(Date.now() - 3_600_000).toISOString().slice(0, 16);
    const change = await world.open({ set: { criticality: 'C3' } });
    expect((await change.approve(world.ana, 'reviewer')).status).toBe(409);
    await web.signIn(world.ben, '/ledger');
    const narrow = page.getByRole('search', { name: 'Narrow the entries' });
    await narrow.getByLabel('Type').selectOption('change.approved');
    await narrow.getByLabel('Person').fill('ana');
    await narrow.getByLabel('Change, with its runs').fill(change.id);
    await narrow.getByLabel('Outcome').selectOption('refused');
    await narrow.getByLabel('Since, UTC').fill(since);
    await narrow.getByRole('button', { name: 'Show' }).click();
    const entries = page.getByRole('region', { name: /^Entries/ }).getByRole('listitem');
    await page.waitForURL(/outcome=deny/);
    await page.reload();
    await entries.getByText(`change/${change.id} by ana`).click();
    await expect.poll(() => entries.count()).toBe(1);
    await entries.getByRole('link', { name: /^Link to entry/ }).click();
    await page.waitForURL(/entry=/);
    // It stands open, and the list goes on behind it.
    await entries
      .first()
      .getByRole('button', { name: /^Verify entry/ })
      .waitFor();
    await page.goBack();
    await page.waitForURL(/outcome=deny/);
    await page.getByRole('link', { name: 'All entries' }).click();
    await entries.nth(5).waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('ledger-all');
    await world.open({ set: { criticality: 'C3' } });
    await page.getByRole('button', { name: 'Show them' }).click();
    await page.getByText('Newer entries were recorded').waitFor({ state: 'detached' });
    expect(web.complaints).toEqual([]);
  });

  it('continues what this browser verified before, or it is said', async () => {
    const { page } = web;
    const verify = () => page.getByRole('button', { name: 'Verify the log here' }).click();
    await web.go('/ledger');
    await verify();
    await page.getByText('This browser keeps that').waitFor();
    await world.open({ set: { criticality: 'C3' } });
    await verify();
    await page.getByText('are the very ones that this browser verified before').waitFor();
    await page.evaluate(() => {
      const kept = JSON.parse(localStorage.getItem('ledger:checkpoint') ?? '{}');
      localStorage.setItem('ledger:checkpoint', JSON.stringify({ ...kept, root: btoa('x'.repeat(32)) }));
    });
    await verify();
    await page.getByRole('alert').getByText('This does not hold.').waitFor();
    expect(web.complaints).toEqual([]);
  });
});

describe('the policy', () => {
  it('is a checklist of what is asked of whom, at which level, with what it says at this instant', async () => {
    const { page } = web;
    await web.signIn(world.ben, '/policy');
    const rule = (moment: string, id: string) =>
      page.getByRole('table', { name: moment }).getByRole('row').filter({ hasText: id });
    const incident = rule('To start', 'no-active-incident');
    await incident.getByText('No incident is active.').waitFor();
    await incident.getByText('nothing against it').waitFor();
    await incident.getByText('stops').waitFor();
    await rule('To take a slot', 'criticality-floor').getByText('a reviewer approves an exception').waitFor();
    await rule('To start', 'planner-not-executor').getByText('warns').waitFor();
    expect(await rule('To take a slot', 'management-approval').getByText(/^C\d/).textContent()).not.toContain(
      'C4',
    );
    await world.server.ask('POST', '/api/v1/incidents', {
      token: world.cora.token,
      body: { title: 'the shop is down', severity: 'S1' },
    });
    await page.reload();
    await incident.getByText('deny').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('policy');
    await page.getByLabel('Kind', { exact: true }).selectOption('service');
    await page.getByRole('region', { name: 'Not asked' }).getByText('director-approval').waitFor();
    expect(web.complaints).toEqual([]);
  });

  it('says what it would say at another instant, and how one version differs from another', async () => {
    const { page } = web;
    const { context } = world.server;
    await putPolicyInForce(context, 'rolf on alpha');
    const text = context.policy.text.replace('S3: { reviewers: 1', 'S3: { reviewers: 2');
    await putPolicyInForce(
      { ...context, policy: policyInForce('other.yaml', text, context.hash) },
      'ben on beta',
    );
    await putPolicyInForce(context, 'rolf on alpha');
    await web.signIn(world.ben, '/policy');
    const asked = page.getByRole('region', { name: 'What would it say?' });
    await asked.getByLabel('Criticality').selectOption('C1');
    const noon = new Date(Date.now() + 3 * 86_400_000).toISOString().replace(/T.*/, 'T12:00');
    await asked.getByLabel('At, UTC').fill(noon);
    const rule = (id: string) => asked.getByRole('row').filter({ hasText: id });
    await rule('no-active-incident').getByText('asked then').waitFor();
    await rule('allowed-hours').getByText('C1 may run').waitFor();
    await asked.getByRole('status').getByText('12:00 UTC').waitFor();
    await page.getByLabel('From', { exact: true }).selectOption('1');
    await page.getByLabel('To', { exact: true }).selectOption('2');
    const changed = page.getByRole('table', { name: 'What changes, for whom' });
    await changed.getByRole('row').filter({ hasText: '2 different persons' }).first().waitFor();
    await page.getByText('The files, line by line').click();
    await page.getByText('+  S3: { reviewers: 2').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('policy-versions');
    // The address says it all.
    await page.reload();
    await rule('allowed-hours').getByText('C1 may run').waitFor();
    await asked.getByRole('status').getByText('12:00 UTC').waitFor();
    await changed.waitFor();
    expect(web.complaints).toEqual([]);
  });
});
