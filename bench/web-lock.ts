import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Row } from './row.ts';
import { enter, personIn, startBareWorld } from './web-world.ts';

const root = path.resolve(import.meta.dirname, '..');
/** Each is locked once: what has stopped stays so. */
const ENVIRONMENTS = Array.from({ length: 7 }, (_, index) => `bench-${index + 1}.example`);
const GOAL_MS = 1_000;

/**
 * From the server's answer to who locks production at once, until the page of another person, in a browser of their own, says stop
 * where it said go. Both browsers read the clock of the one machine.
 */
export async function lockTurns(folder: string): Promise<Row> {
  await mkdir(folder);
  const policy = path.join(folder, 'policy.yaml');
  await writeFile(policy, await openPolicy());
  const world = await startBareWorld(folder, { INTERLOCK_POLICY: policy });
  try {
    const locker = await personIn(world, 'mona');
    await world.admin.ask('PUT', '/api/v1/people/mona/roles/management', {});
    const [locks, looks] = [await enter(world, locker), await enter(world, await personIn(world, 'ana'))];
    const times: number[] = [];
    for (const environment of ENVIRONMENTS) {
      const stops = await watched(looks, environment);
      const answeredAt = await locked(locks, `${world.url}/locks/new?atOnce=true`, environment);
      times.push((await stops()) - answeredAt);
    }
    return {
      what: `a lock at once turns the open board of another person, in a browser of its own, from go to stop: after the server’s answer (worst of ${times.length})`,
      goal: `at most ${GOAL_MS.toLocaleString('en')} ms`,
      measured: `${Math.max(...times).toFixed(0)} ms (least ${Math.min(...times).toFixed(0)} ms)`,
      reference: '–',
      ratio: '–',
    };
  } finally {
    await world.stop();
  }
}

/** The shipped policy with environments in which nothing has to be proven, so that their boards say go without a Prometheus. */
async function openPolicy(): Promise<string> {
  const shipped = await readFile(path.join(root, 'policies/illumidesk.yaml'), 'utf8');
  const absent = '{ prometheus: absent, thanos: absent, alertmanager: absent }';
  const there = ENVIRONMENTS.map((name) => `  ${name}:\n    operational: true\n    monitoring: ${absent}\n`);
  return shipped
    .replace('\nenvironments:\n', `\nenvironments:\n${there.join('')}`)
    .replace('\nrules:\n', '\nrules:\n  metrics-available: { level: off }\n');
}

/** Fills the form of a lock that acts at once, and sends it; when its answer was there, epoch milliseconds. */
async function locked(page: Page, form: string, environment: string): Promise<number> {
  await page.goto(form);
  await page.getByLabel(environment, { exact: true }).check();
  await page.getByLabel('Reason').fill('The storage is slow');
  await page.getByRole('button', { name: 'Lock now' }).click();
  await page.getByRole('heading', { level: 1, name: /^LOCK-/ }).waitFor();
  return page.evaluate(() => {
    const sent = performance
      .getEntriesByType('resource')
      .find(({ name }) => name.endsWith('/locks/emergency'));
    if (sent === undefined) throw new Error('expected the answer to the lock');
    return performance.timeOrigin + (sent as never as { readonly responseEnd: number }).responseEnd;
  });
}

/** What the page has and Node has not. */
interface InPage {
  readonly document: { querySelector(selector: string): object | null };
  readonly MutationObserver: new (seen: () => void) => {
    observe(node: unknown, what: object): void;
    disconnect(): void;
  };
}

/** Looks at a board that says go; answers how to learn when it said stop, epoch milliseconds. */
async function watched(page: Page, environment: string): Promise<() => Promise<number>> {
  const go = `section[aria-label="${environment}"] article[data-word=go]`;
  await page.locator(go).first().waitFor();
  await page.evaluate((selector) => {
    const { document, MutationObserver } = globalThis as never as InPage;
    const stoppedAt = new Promise<number>((stopped) => {
      const observer = new MutationObserver(() => {
        if (document.querySelector(selector) !== null) return;
        observer.disconnect();
        stopped(performance.timeOrigin + performance.now());
      });
      observer.observe(document, { subtree: true, childList: true, attributes: true });
    });
    Object.assign(globalThis, { stoppedAt });
  }, go);
  return async () =>
    page.evaluate(async () => (globalThis as never as { readonly stoppedAt: Promise<number> }).stoppedAt);
}
