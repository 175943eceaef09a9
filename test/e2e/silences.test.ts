import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunView } from '../../src/contract/runs.ts';
import { carry, queuesOf } from '../../src/app/outside/carry.ts';
import { alertSource } from '../../src/integrations/alertmanager/alerts.ts';
import { alertmanagerConnection } from '../../src/integrations/alertmanager/connection.ts';
import { startAlertmanager, type TestAlertmanager } from '../kit/alertmanager.ts';
import { atFirstStep, startRunWorld, type RunWorld } from '../kit/run-world.ts';
import { builtWeb, openWeb, type TestWeb } from '../kit/web.ts';

let alertmanager: TestAlertmanager;
let world: RunWorld;
let web: TestWeb;
let run: RunView;

beforeAll(async () => {
  alertmanager = await startAlertmanager();
  world = await startRunWorld({
    webRoot: builtWeb(),
    rulesOff: ['plan-complete', 'targets-in-environment'],
    // However long a page takes, no runner is lost here.
    timing: { leaseMs: 600_000 },
    alerts: { source: alertSource(alertmanager.url), secrets: [] },
    connections: { all: [alertmanagerConnection(alertmanager.url)], mask: (text) => text },
  });
  web = await openWeb(world.server);
});
afterAll(async () => {
  await web.stop();
  await world.server.stop();
  await alertmanager.stop();
});

/** Lets what waits for the outside go. */
async function turn(): Promise<void> {
  const { context } = world.server;
  for (const { connection, direction } of queuesOf(context))
    while ((await carry(context, connection, direction)) > 0);
}

/** The states of what Alertmanager has. */
async function there(): Promise<string[]> {
  const answer = await fetch(`${alertmanager.url}/api/v2/silences`);
  return ((await answer.json()) as { status: { state: string } }[]).map(({ status }) => status.state);
}

async function fire(alertname: string): Promise<void> {
  const alert = { labels: { alertname, instance: 'db-01:9100' }, annotations: {} };
  await fetch(`${alertmanager.url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([alert]),
  });
}

describe('the silences', () => {
  it('say what to do where there is none', async () => {
    const { page } = web;
    await web.signIn(world.ben, '/silences');
    await page.getByText('Nothing is silenced.').waitFor();
    await page.getByText('interlock silence make').waitFor();
  });

  it('are made on the page of a change that runs, by its people, and show what each hides', async () => {
    const { page } = web;
    ({ run } = await atFirstStep(world, { targets: [{ name: 'db-01', type: 'host' }] }));
    await fire('DiskSlow');
    await web.go(`/changes/${run.change}?part=runs`);
    await page.getByText('No alert was silenced for it.').waitFor();
    await page.getByRole('button', { name: 'Silence alerts' }).click();
    const dialog = page.getByRole('dialog');
    const labels = dialog.getByLabel('Labels');
    await expect.poll(() => labels.inputValue()).toBe('instance=db-01');
    await labels.fill('instance');
    await dialog.getByLabel('Why').fill('The host restarts');
    await dialog.getByRole('button', { name: 'Silence alerts' }).click();
    await dialog.getByRole('alert').getByText('label=value').waitFor();
    await labels.fill('instance=db-02:9100');
    await dialog.getByRole('button', { name: 'Silence alerts' }).click();
    await dialog.getByRole('alert').getByText('names a target of the plan').waitFor();
    await labels.fill('instance=db-01:9100');
    await dialog.getByRole('button', { name: 'Silence alerts' }).click();
    const row = page.getByRole('list', { name: 'Silences of the change' }).getByRole('listitem');
    await row.getByText('asked for').waitFor();
    await turn();
    await expect.poll(there).toEqual(['active']);
    await row.getByText('ends with its run').waitFor();
    await row.getByText('hides DiskSlow now').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('silences-of-change');
  });

  it('are handed to the engineer on call, who ends them from the page of all', async () => {
    const { page } = web;
    await web.go('/silences');
    const standing = page.getByRole('list', { name: 'Silences that stand' }).getByRole('listitem');
    await standing.getByRole('button', { name: 'Hand it over' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('cora has it beyond the run').waitFor();
    await dialog.getByLabel('Why').fill('The replica is behind');
    await dialog.getByRole('button', { name: 'Hand it over' }).click();
    await standing.getByText('handed on').waitFor();
    await standing.getByText('cora has it').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('silences');
    // Whose it is not reads why.
    await web.signIn(world.ira, '/silences');
    const end = standing.getByRole('button', { name: 'End it' });
    await end.focus();
    await page
      .getByText(/its author, its executor and its team/)
      .first()
      .waitFor();
    await web.signIn(world.cora, '/silences');
    await end.click();
    await dialog.getByText('DiskSlow fires now and is told from then on.').waitFor();
    await dialog.getByRole('button', { name: 'End it' }).click();
    await dialog.waitFor({ state: 'detached' });
    await turn();
    await turn();
    await page.getByRole('list', { name: 'Silences that ended' }).getByText('ended').first().waitFor();
    await expect.poll(there).not.toContain('active');
    expect(web.complaints).toEqual([]);
  });
});
