import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Row } from './row.ts';
import { type Filling, startWebWorld, type WebWorld } from './web-world.ts';

const FILLING: Filling = { changes: 20_000, inMonth: 5_000 };
const VISITS = 7;
const HOME_GOAL_MS = 1_000;
const FRAME_GOAL_MS = 50;

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** The first page until it answers, and the fullest month of the calendar: in Chromium, before a real server. */
export async function benchWeb(): Promise<Row[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-bench-web-'));
  try {
    const world = await startWebWorld(folder, FILLING);
    try {
      return [await home(world), await month(world)];
    } finally {
      await world.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * From the navigation until the board of every environment is drawn and a key is answered: `?` is pressed in every frame from
 * the first on, and the time is that of the first frame after its dialog is there. Each visit is the first: nothing is cached.
 */
async function home({ url, page }: WebWorld): Promise<Row> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const times: number[] = [];
  for (let visit = 0; visit < VISITS; visit += 1) {
    await session.send('Network.clearBrowserCache');
    await page.goto('about:blank');
    await page.addInitScript(`(${untilAnswered.toString()})()`);
    await page.goto(`${url}/`);
    const answered = await page.waitForFunction(() => (globalThis as never as Answering).answeredMs);
    times.push(Number(await answered.jsonValue()));
  }
  return {
    what: `home, from the navigation to its board and a key answered, nothing cached, ${FILLING.changes.toLocaleString('en')} changes (median of ${VISITS})`,
    goal: `at most ${HOME_GOAL_MS} ms`,
    measured: `${median(times).toFixed(0)} ms (most ${Math.max(...times).toFixed(0)} ms)`,
    reference: '–',
    ratio: '–',
  };
}

interface Answering {
  answeredMs?: number;
}

/** What the page has and Node has not. */
interface InPage {
  readonly location: { readonly protocol: string };
  readonly document: {
    querySelector(selector: string): object | null;
    readonly body: { dispatchEvent(event: object): void };
  };
  readonly KeyboardEvent: new (type: string, init: object) => object;
  readonly PerformanceObserver: new (
    seen: (list: { getEntries(): { readonly duration: number }[] }) => void,
  ) => {
    observe(what: { readonly type: string }): void;
  };
  readonly requestAnimationFrame: (draw: (at: number) => void) => void;
}

/** Runs in the page. */
function untilAnswered(): void {
  const { document, location, requestAnimationFrame, KeyboardEvent } = globalThis as never as InPage;
  if (location.protocol === 'about:') return;
  const look = () => {
    if (document.querySelector('dialog[open]')) {
      (globalThis as Answering).answeredMs = performance.now();
      return;
    }
    if (document.querySelector('main article'))
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true }));
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

const DONE = '[data-view=month]:not([aria-busy=true])';

/**
 * The longest time between two frames, while a month with all those events is opened from the day, paged to the next and back,
 * scrolled, and one slot of it is dragged over days; and the longest task of the main thread, which the browser itself reports
 * from 50 ms on.
 */
async function month({ url, page }: WebWorld): Promise<Row> {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${url}/calendar?view=day&day=2001-01-01`);
  await page.getByRole('button', { name: 'Today' }).click();
  await page.getByText(/CHG-/).first().waitFor();
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const entries = page.locator('[data-view=month]').getByText(/CHG-\d+/);
  const parts = {
    opened: await framesOf(page, async () => {
      await button('Month').click();
      await entries.first().waitFor();
      await page.locator(DONE).waitFor();
    }),
    paged: await framesOf(page, async () => {
      await button('Next').click();
      await page.locator(DONE).waitFor();
      await button('Back').click();
      await entries.first().waitFor();
    }),
    scrolled: await framesOf(page, async () => {
      await page.mouse.move(700, 500);
      for (let turn = 0; turn < 20; turn += 1) await page.mouse.wheel(0, turn < 10 ? 60 : -60);
    }),
    dragged: await framesOf(page, () => drag(page)),
  };
  const longest = Math.max(...Object.values(parts).map(({ frameMs }) => frameMs));
  const task = Math.max(...Object.values(parts).map(({ taskMs }) => taskMs));
  const each = Object.entries(parts).map(([part, { frameMs }]) => `${part} ${frameMs.toFixed(0)}`);
  return {
    what: `calendar, a month with ${FILLING.inMonth.toLocaleString('en')} slots opened, paged, scrolled, one dragged: longest frame`,
    goal: `at most ${FRAME_GOAL_MS} ms`,
    measured: `${longest.toFixed(0)} ms (${each.join(', ')}); longest task ${task === 0 ? 'under 50' : task.toFixed(0)} ms`,
    reference: '–',
    ratio: '–',
  };
}

async function drag(page: Page): Promise<void> {
  const box = await page.locator('[data-view=month] [data-movable]').first().boundingBox();
  if (!box) throw new Error('expected a slot that can be dragged');
  const [x, y] = [box.x + 20, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 1; step <= 40; step += 1) await page.mouse.move(x + step * 10, y + step * 2);
  await page.keyboard.press('Escape');
  await page.mouse.up();
}

interface Frames {
  readonly frameMs: number;
  readonly taskMs: number;
}

/** What the page measures of itself while something is done on it. */
async function framesOf(page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.waitForTimeout(500);
  await page.evaluate(() => {
    const { PerformanceObserver, requestAnimationFrame } = globalThis as never as InPage;
    const seen = { frameMs: 0, taskMs: 0, over: false };
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.taskMs = Math.max(seen.taskMs, duration);
    });
    observer.observe({ type: 'longtask' });
    let before = performance.now();
    const frame = (at: number) => {
      seen.frameMs = Math.max(seen.frameMs, at - before);
      before = at;
      if (!seen.over) requestAnimationFrame(frame);
    };
    requestAnimationFrame((at) => {
      before = at;
      requestAnimationFrame(frame);
    });
    Object.assign(globalThis, { seen });
  });
  await act();
  // What it set off is drawn too.
  await page.waitForTimeout(500);
  return page.evaluate(() => {
    const { seen } = globalThis as never as { readonly seen: Frames & { over: boolean } };
    seen.over = true;
    return { frameMs: seen.frameMs, taskMs: seen.taskMs };
  });
}
