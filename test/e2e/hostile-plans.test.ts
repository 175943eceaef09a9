import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sentPlan, startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { builtWeb, openWeb, type TestWeb } from '../kit/web.ts';

// TRUST.md section 5, attacks 43 and 44, in a browser: it reads a plan by itself before the server does.

let world: ChangeWorld;
let web: TestWeb;
let page: Page;

beforeAll(async () => {
  world = await startChangeWorld(undefined, { webRoot: builtWeb() });
  web = await openWeb(world.server);
  ({ page } = web);
  await web.signIn(world.ana, '/changes/new');
});
afterAll(async () => {
  await web.stop();
  await world.server.stop();
});

const beside = () => page.getByRole('group', { name: 'What the server says of it' });

async function dropped(text: string): Promise<void> {
  await web.go('/changes/new');
  const files = await page.evaluateHandle(
    `(() => { const files = new DataTransfer(); files.items.add(new File([${JSON.stringify(text)}], 'plan.yaml')); return files; })()`,
  );
  await page.getByText('Drop a plan here').dispatchEvent('drop', { dataTransfer: files });
}

describe('a plan that means harm, in the editor', () => {
  it.each([
    ['open brackets', { 'steps.0.command': ['sh', '-c', '$('.repeat(20_000)] }],
    ['wildcards', { 'steps.0.command': ['sh', '-c', ' ~'.repeat(5_000)] }],
    ['half tokens', { reason: `a${'eyJ-'.repeat(10_000)}` }],
  ])('44: of %s leaves the page at hand, and the server answers', async (_, set) => {
    await dropped(sentPlan({ set }).plan);
    await page.getByLabel('Title').fill('Still at hand');
    await beside().getByText('For the text as it stands.').waitFor();
    await expect.poll(() => page.getByLabel('Title').inputValue()).toBe('Still at hand');
  });

  it.each([
    ['a key that is every object’s', '__proto__:\n  taken: 1\n', 'expected another key than'],
    ['a key twice', 'title: Once more\n', 'expected every key once'],
  ])('43: with %s takes nothing over, and says where it is', async (_, line, mark) => {
    await dropped(`${sentPlan({}).plan.trimEnd()}\n${line}`);
    await page.getByText(mark).first().waitFor();
    expect(await page.evaluate('[globalThis.taken, ({}).taken]')).toEqual([undefined, undefined]);
  });

  it('broke no rule of the content policy', () => {
    expect(web.complaints).toEqual([]);
  });
});
