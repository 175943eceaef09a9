import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Row } from './row.ts';
import { lockTurns } from './web-lock.ts';
import { month } from './web-month.ts';
import { type Filling, startWebWorld, type WebWorld } from './web-world.ts';

const FILLING: Filling = { changes: 20_000, inMonth: 5_000 };
const VISITS = 7;
const HOME_GOAL_MS = 1_000;

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** The first page until it answers, the fullest month of the calendar, and the board as it turns: in Chromium, before a real server. */
export async function benchWeb(): Promise<Row[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-bench-web-'));
  try {
    return [...(await full(path.join(folder, 'full'))), await lockTurns(path.join(folder, 'lock'))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function full(folder: string): Promise<Row[]> {
  const world = await startWebWorld(folder, FILLING);
  try {
    return [await home(world), await month(world, FILLING.inMonth)];
  } finally {
    await world.stop();
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
