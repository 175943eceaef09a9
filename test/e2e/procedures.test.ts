import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOf, planOfProcedure, runBack, runWell } from '../kit/procedures.ts';
import { startRunWorld, type RunWorld } from '../kit/run-world.ts';
import { builtWeb, openWeb, type TestWeb } from '../kit/web.ts';

const NAME = 'rotate-the-logs';

let world: RunWorld;
let web: TestWeb;

beforeAll(async () => {
  world = await startRunWorld({ webRoot: builtWeb() });
  web = await openWeb(world.server);
});
afterAll(async () => {
  await web.stop();
  await world.server.stop();
});

describe('the procedures', () => {
  it('show what each version lacks, counted anew when one more run has ended', async () => {
    const { page } = web;
    await web.signIn(world.ana, '/procedures');
    await page.getByText('No procedure has run yet.').waitFor();
    const plan = planOfProcedure(NAME);
    await runBack(world, await openOf(world, plan, { reviewed: true }));
    const row = page.getByRole('region', { name: NAME }).getByRole('row').last();
    await row.getByText('0, of 1 in all').waitFor();
    await row.getByText('not yet').waitFor();
    const lacks = row.getByRole('listitem');
    await expect.poll(() => lacks.count()).toBeGreaterThan(0);
    await runWell(world, await world.open(plan));
    await row.getByText('1, of 2 in all').waitFor();
    expect(await web.barriers()).toEqual([]);
    await web.picture('procedures');
    expect(web.complaints).toEqual([]);
  });
});
