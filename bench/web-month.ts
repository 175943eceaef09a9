import type { Page } from 'playwright-core';
import type { Row } from './row.ts';
import type { WebWorld } from './web-world.ts';

const FRAME_GOAL_MS = 50;

/** What the page has and Node has not. */
interface InPage {
  readonly document: {
    querySelector(selector: string): { getAttribute(name: string): string | null } | null;
  };
  readonly PerformanceObserver: new (
    seen: (list: { getEntries(): { readonly duration: number }[] }) => void,
  ) => {
    observe(what: { readonly type: string }): void;
  };
  readonly requestAnimationFrame: (draw: (at: number) => void) => void;
}

/**
 * The longest time between two frames, while a month with all those events is opened from the day, paged to the next and back,
 * scrolled, and one slot of it is dragged over days; and the longest task of the main thread, which the browser itself reports
 * from 50 ms on.
 */
export async function month({ url, page }: WebWorld, inMonth: number): Promise<Row> {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${url}/calendar?view=day&day=2001-01-01`);
  await page.getByRole('button', { name: 'Today' }).click();
  await page.getByText(/CHG-/).first().waitFor();
  const [press, next, back] = [
    await presserOf(page, 'Month'),
    await presserOf(page, 'Next'),
    await presserOf(page, 'Back'),
  ];
  const parts = {
    opened: await framesOf(page, async () => turned(page, await press())),
    paged: await framesOf(page, async () => {
      await turned(page, await next());
      await turned(page, await back());
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
    what: `calendar, a month with ${inMonth.toLocaleString('en')} slots opened, paged, scrolled, one dragged: longest frame`,
    goal: `at most ${FRAME_GOAL_MS} ms`,
    measured: `${longest.toFixed(0)} ms (${each.join(', ')}); longest task ${task === 0 ? 'under 50' : task.toFixed(0)} ms`,
    reference: '–',
    ratio: '–',
  };
}

/**
 * Presses a button where it lies, and answers which day the month began with. Looking for what is on a page is work of that page's:
 * it is done before anything is measured.
 */
async function presserOf(page: Page, name: string): Promise<() => Promise<string | null>> {
  const box = await page.getByRole('button', { name, exact: true }).boundingBox();
  if (!box) throw new Error(`expected the button \`${name}\``);
  return async () => {
    const began = await page.evaluate(firstDay);
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    return began;
  };
}

/** Runs in the page. */
function firstDay(): string | null {
  const { document } = globalThis as never as InPage;
  return document.querySelector('[data-view=month] [data-day]')?.getAttribute('data-day') ?? null;
}

/** Waits until another month is drawn to its end, by the cheapest look there is in each frame. */
async function turned(page: Page, began: string | null): Promise<void> {
  await page.evaluate(
    async (before) =>
      new Promise<void>((done) => {
        const { document, requestAnimationFrame } = globalThis as never as InPage;
        const look = () => {
          const first = document.querySelector('[data-view=month]:not([aria-busy=true]) [data-day]');
          if (first !== null && first.getAttribute('data-day') !== before) done();
          else requestAnimationFrame(look);
        };
        look();
      }),
    began,
  );
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
